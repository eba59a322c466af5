// SPDX-License-Identifier: MIT
// What counts by itself: clicks and forms by the selectors of the environment, and what the page's
// data layer says in the words of GA4.

import { listen, own, tried } from './tool';
import type { Attributes, Tracking, Value } from './types';

type Track = (name: string, properties: Attributes) => void;

export function watchSelectors(rows: () => Tracking[], track: Track): () => void {
    const on = (kind: string) => (event: Event): void => {
        const target = event.target;
        if (!(target instanceof Element)) return;
        const isHit = (row: Tracking): boolean =>
            row.on === kind && !!tried(() => target.closest(row.selector));
        rows().filter(isHit).forEach((row) => track(row.name, { path: location.pathname, selector: row.selector }));
    };
    const ends = [listen(document, 'click', on('click'), true), listen(document, 'submit', on('submit'), true)];
    return () => ends.forEach((end) => end());
}

const COMMERCE = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase', 'refund'];
const FIELDS = ['currency', 'transaction_id', 'items', 'coupon'];

/* GA4 takes "49.90" for a number. */
function commerceOf(source: any): Attributes {
    const found: Attributes = {};
    FIELDS.forEach((name) => own(source, name) && (found[name] = source[name] as Value));
    const value = own(source, 'value') ? parseFloat(source.value) : NaN;
    if (isFinite(value)) found.value = value;
    return found;
}

/* dataLayer.push({event, ecommerce}) and gtag('event', name, parameters) say the same. */
function read(entry: any): { name: string; parameters: any } | null {
    if (entry && typeof entry.event === 'string') return { name: entry.event, parameters: entry.ecommerce || entry };
    if (entry && entry[0] === 'event' && typeof entry[1] === 'string') return { name: entry[1], parameters: entry[2] };
    return null;
}

/* Listened to anew, after a consent was withdrawn and given, nothing counts twice. */
const taken = new WeakSet<object>();

export function watchDataLayer(name: string, track: Track, fire: (event: string) => void): () => void {
    const root = window as any;
    const layer = (root[name] = Array.isArray(root[name]) ? root[name] : []);
    const take = (entry: any): void => {
        const found = tried(() => read(entry));
        if (!found || taken.has(entry)) return;
        taken.add(entry);
        if (COMMERCE.includes(found.name)) tried(() => track(found.name, commerceOf(found.parameters)));
        fire(found.name);
    };
    const push = layer.push;
    let isOver = false;
    layer.push = function (...entries: any[]): number {
        const length = push.apply(layer, entries);
        if (!isOver) entries.forEach(take);
        return length;
    };
    layer.slice().forEach(take);
    return () => (isOver = true);
}

/** Calls fn after each change of the address, also by the page's own scripts. */
export function watchAddress(fn: () => void): () => void {
    let last = location.href;
    let isOver = false;
    const check = (): void => {
        if (isOver || location.href === last) return;
        last = location.href;
        fn();
    };
    (['pushState', 'replaceState'] as const).forEach((name) => {
        const before = history[name];
        history[name] = function (this: History, ...rest: any[]) {
            (before as any).apply(this, rest);
            check();
        };
    });
    const ends = [listen(window, 'popstate', check), listen(window, 'hashchange', check)];
    return () => {
        isOver = true;
        ends.forEach((end) => end());
    };
}
