// SPDX-License-Identifier: MIT
// Small things that everything else needs.

export const now = (): number => Date.now();

export const own = (object: object | null | undefined, key: string): boolean =>
    object != null && {}.hasOwnProperty.call(object, key);

/** Runs what a foreign value may break; the page must not notice. */
export function tried<T>(fn: () => T): T | undefined;
export function tried<T>(fn: () => T, otherwise: T): T;
export function tried<T>(fn: () => T, otherwise?: T): T | undefined {
    try {
        return fn();
    } catch (_) {
        return otherwise;
    }
}

/** As it is sent. Shops have numbers of 20 digits for their orders. */
export const plainOf = (value: unknown): any =>
    tried(() => JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))));

/** The elements of a selector; a broken selector has none. */
export const findAll = (selector: string): Element[] => tried(() => [...document.querySelectorAll(selector)], []);

/** A UUID of version 7: the time in milliseconds, then chance. */
export function uuid7(): string {
    const bytes = Uint8Array.from({ length: 10 }, () => Math.random() * 256);
    tried(() => crypto.getRandomValues(bytes));
    bytes[0] = (bytes[0]! & 0x0f) | 0x70;
    bytes[2] = (bytes[2]! & 0x3f) | 0x80;
    let hex = now().toString(16).padStart(12, '0');
    bytes.forEach((byte) => (hex += byte.toString(16).padStart(2, '0')));
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A page may have put anything in place of fetch: what it throws is a refusal. */
export const post = (url: string, init?: RequestInit): Promise<Response> =>
    new Promise((resolve) => resolve(fetch(url, init)));

export function listen(target: EventTarget, type: string, fn: (event: any) => void, isCapture = false): () => void {
    const options = { capture: isCapture, passive: true };
    target.addEventListener(type, fn, options);
    return () => target.removeEventListener(type, fn, options);
}

let policy: any;

/** Under trusted types, markup, scripts and their addresses pass a policy that a site allows by its name. */
export function trusted(kind: 'createHTML' | 'createScript' | 'createScriptURL', value: string): string {
    const types = (window as any).trustedTypes;
    const same = (s: string): string => s;
    const rules = { createHTML: same, createScript: same, createScriptURL: same };
    if (types && !policy) policy = tried(() => types.createPolicy('mete', rules), null);
    return policy ? policy[kind](value) : value;
}
