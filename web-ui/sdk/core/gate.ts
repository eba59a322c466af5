// SPDX-License-Identifier: MIT
// The gate: the page is not painted until the first decision has come, or its time is over. The
// snippet may have closed it already, before the SDK itself was there.

export interface Gate {
    at: number;
    open(): void;
}

const style = (): CSSStyleDeclaration => document.documentElement.style;
const given = (): Gate | undefined => (window as any).mete_gate;

export function closeGate(): Gate {
    const before = style().opacity;
    style().setProperty('opacity', '0', 'important');
    return {
        at: performance.now(),
        open() {
            style().opacity = before;
            this.open = () => {};
        },
    };
}

/** The snippet's gate, or one that is open and stays so. */
export const findGate = (): Gate => given() || { at: performance.now(), open() {} };

/** The snippet's gate has opened by itself. */
export const hasOpened = (): boolean => !!given() && style().opacity !== '0';
