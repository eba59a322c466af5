// SPDX-License-Identifier: MIT
// Events of a shop, in the words of GA4. What they hold is mostly as it is counted; the part that reads
// the rest is loaded then.

import { tried } from './tool';
import type { Attributes } from './types';

/** What is reported of a data layer. */
export const COMMERCE = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'];

/* Listened to anew, after a consent was withdrawn and given, nothing counts twice. */
const taken = new WeakSet<object>();

/* In "ecommerce" or beside it. */
function fieldsOf(entry: any): Attributes {
    const found: Attributes = {};
    ['currency', 'transaction_id', 'items', 'coupon', 'value'].forEach((name) =>
        [entry, entry[2], entry.ecommerce].forEach((source) => {
            if (source && source[name] != null) found[name] = source[name];
        }),
    );
    return found;
}

/** Calls fn with what an entry of the data layer says, once: dataLayer.push({event, ecommerce}) and
 * gtag('event', name, parameters) say the same. */
export const take = (entry: any, fn: (name: string, fields: Attributes) => void): void =>
    tried(() => {
        const name = entry.event || (entry[0] === 'event' && entry[1]);
        if (typeof name !== 'string' || taken.has(entry)) return;
        taken.add(entry);
        fn(
            name,
            tried(() => fieldsOf(entry), {}),
        );
    });

/** What needs no other part to be read: "1.299" may be more than a thousand. */
export const readValue = (value: any): number | undefined =>
    (!/^"(?!\d+(\.\d\d?)?")/.test(JSON.stringify(value)) && +value) || undefined;

/** Amounts as texts, currencies that are not three capitals. */
export const isOdd = (properties: Attributes): boolean =>
    /"(value|price|quantity)":"|"currency":"(?![A-Z]{3}")/.test(JSON.stringify(properties));
