// SPDX-License-Identifier: GPL-3.0-or-later
// Rates of currencies, as the API says them.

export interface Rate {
    day: string;
    currency: string;
    base: string;
    rate: string;
    own_rate: string;
}

export interface RatedCurrency {
    currency: string;
    first_day: string | null;
    last_day: string | null;
    rate_count: number;
    visitor_count: number;
}

export interface Rates {
    currency: string;
    days: number;
    is_converting: boolean;
    currencies: RatedCurrency[];
    items: Rate[];
}

export interface PutReply {
    rate_count: number;
    changed_count: number;
    unknown_count: number;
    unused_count: number;
}

const DAY_MS = 86_400_000;

/* Orders of today have no rate: there is none, or the newest is too old. */
export function isWithoutRate({ last_day: last }: RatedCurrency, days: number, now = Date.now()): boolean {
    return last === null || now - Date.parse(last) >= (days + 1) * DAY_MS;
}

/* Those that somebody named lately, and that cannot be converted. */
export const missing = ({ currencies, days }: Rates): RatedCurrency[] =>
    currencies.filter((one) => one.visitor_count > 0 && isWithoutRate(one, days));

export const newestRate = ({ items }: Rates, currency: string): Rate | undefined =>
    items.find((item) => item.currency === currency);
