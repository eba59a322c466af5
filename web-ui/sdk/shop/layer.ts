// SPDX-License-Identifier: MIT
// What the page's data layer says in the words of GA4.

import { COMMERCE } from '../core/commerce';
import { listen, own, tried } from '../core/tool';
import type { Attributes, Value } from '../core/types';

type Track = (name: string, properties: Attributes) => void;

const FIELDS = ['currency', 'transaction_id', 'items', 'coupon', 'value'];

/* In "ecommerce" or beside it. */
function commerceOf(sources: any[]): Attributes {
    const found: Attributes = {};
    FIELDS.forEach((name) => {
        const source = sources.find((one) => own(one, name) && one[name] != null);
        if (source) found[name] = source[name] as Value;
    });
    return found;
}

/* dataLayer.push({event, ecommerce}) and gtag('event', name, parameters) say the same. */
function read(entry: any): { name: string; sources: any[] } | null {
    if (entry && typeof entry.event === 'string') return { name: entry.event, sources: [entry.ecommerce, entry] };
    if (entry && entry[0] === 'event' && typeof entry[1] === 'string') return { name: entry[1], sources: [entry[2]] };
    return null;
}

const LOOK_MS = 500;

/* Listened to anew, after a consent was withdrawn and given, nothing counts twice. */
const taken = new WeakSet<object>();

export function watchDataLayer(name: string, track: Track, fire: (event: string) => void): () => void {
    const root = window as any;
    const take = (entry: any): unknown =>
        tried(() => {
            const found = read(entry);
            if (!found || taken.has(entry)) return;
            taken.add(entry);
            if (COMMERCE.includes(found.name)) tried(() => track(found.name, commerceOf(found.sources)));
            fire(found.name);
        });
    let known: any;
    let isOver = false;
    const hook = (layer: any): void => {
        known = layer;
        const push = layer.push;
        layer.push = function (...entries: any[]): number {
            const length = push.apply(layer, entries);
            if (!isOver) entries.forEach(take);
            return length;
        };
    };
    /* A page may put another in its place, or another push, or freeze it. */
    const look = (): unknown =>
        tried(() => {
            const layer = root[name] || (root[name] = []);
            if (!Array.isArray(layer)) return;
            if (layer !== known) tried(() => hook(layer));
            layer.slice().forEach(take);
        });
    look();
    const timer = setInterval(look, LOOK_MS);
    const end = listen(window, 'pagehide', look, true);
    return () => {
        isOver = true;
        clearInterval(timer);
        end();
    };
}
