// SPDX-License-Identifier: MIT
// What a shop may write otherwise than it is counted: money as "1,299.00", "1.299,00 €", "1 299,00",
// "1'299.00" or "12,50", currencies in small letters, an order twice; and what its basket is worth.

import type { Say } from '../core/say';
import type { Store } from '../core/store';
import { own, tried } from '../core/tool';
import type { Known } from '../core/visitor';

/* Currencies of a thousand parts. */
const MILS = /^(BHD|IQD|JOD|KWD|LYD|OMR|TND)$/;

/** Digits with one mark that may be of thousands or of decimals: "1.299". */
const isOpen = (digits: string, currency: unknown): boolean =>
    /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits) && !MILS.test(String(currency));

/** NaN: no amount. Of two kinds of marks the last one is of decimals, one that comes again is of thousands;
 * three digits behind the only one are thousands, in most currencies: doubt() hears of it. */
export function readAmount(given: string, currency?: unknown, doubt?: (taken: number) => void): number {
    const text = given.replace(/[\s'’]/g, '').replace(/^(?=\.)/, '0');
    const found = /^(?:[^\d.,−-]*[a-z]\.)?[^\d.,−-]*([−-]?)[^\d.,−-]*(\d[\d.,]*?)[.,]?[−–—-]*[^\d,]{0,6}$/i.exec(text);
    if (!found) return NaN;
    const digits = found[2]!;
    const many = /^(\d{1,3}([.,])(?:\d{2,3}\2)*\d{3})(?:(?!\2)[.,](\d+))?$/.exec(digits);
    const one = /^(\d+)(?:[.,](\d+))?$/.exec(digits);
    const parts = one && !isOpen(digits, currency) ? [one[1], one[2]] : many ? [many[1], many[3]] : null;
    const amount = parts ? Number(`${found[1] && '-'}${parts[0]!.replace(/\D/g, '')}.${parts[1] || 0}`) : NaN;
    if (one && parts && one[1] !== parts[0] && doubt) doubt(amount);
    return amount;
}

/** What is sent of such an event: amounts are numbers, currencies are in capitals. */
export function readCommerce(name: string, properties: any, say: Say): void {
    const read = (from: any, field: string): void => {
        const given = from[field];
        if (typeof given !== 'string') return;
        const value = readAmount(given, properties.currency, (taken) => say(1, 'doubt', name, field, given, taken));
        if (isFinite(value)) from[field] = value;
        else {
            delete from[field];
            say(1, 'amount', name, field, given);
        }
    };
    tried(() => (properties.currency = properties.currency.trim().toUpperCase()));
    read(properties, 'value');
    tried(() => properties.items.forEach((item: any) => ['price', 'quantity'].forEach((field) => read(item, field))));
}

const ORDERS_KEPT = 50;

/* Says when an order was sent before: its page was opened again, or two parts of it report. */
function watchOrder(id: unknown, store: Store, say: Say): void {
    const kept = store.get<unknown[]>('t');
    const orders = Array.isArray(kept) ? kept : [];
    if (!id) return;
    if (orders.includes(id)) say(1, 'repeated', id);
    else store.set('t', [...orders, id].slice(-ORDERS_KEPT));
}

/* NaN: of neither a value nor items. */
function worthOf({ value, items, currency }: any): number {
    const read = (given: any): number => (typeof given === 'string' ? readAmount(given, currency) : (given ?? NaN));
    const said = read(value);
    const sumOf = (sum: number, { price, quantity }: any): number => sum + read(price) * read(quantity ?? 1);
    return isFinite(said) ? +said : tried(() => items.reduce(sumOf, 0), NaN);
}

/* What the basket is worth after such an event, from what it was worth before. */
const BASKET: { [event: string]: (worth: number, before: number) => number } = {
    add_to_cart: (worth, before) => before + worth,
    remove_from_cart: (worth, before) => Math.max(0, before - worth),
    view_cart: (worth) => worth,
    begin_checkout: (worth) => worth,
    purchase: () => 0,
};

/** Keeps the basket's worth with the visitor, for audiences; calls fn when it has changed. */
export function watchShop(name: string, properties: any, store: Store, say: Say, fn: () => void): void {
    if (name === 'purchase') watchOrder(properties.transaction_id, store, say);
    const kept = store.get<Known>('v');
    if (!kept || !own(BASKET, name)) return;
    const worth = tried(() => BASKET[name]!(worthOf(properties), kept.told.basket_value), NaN);
    if (!isFinite(worth)) return;
    kept.told.basket_value = Math.round(worth * 100) / 100;
    store.set('v', kept);
    fn();
}
