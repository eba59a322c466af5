// SPDX-License-Identifier: GPL-3.0-or-later
// Words, numbers and dates in the user's language. Every string stands in messages/.
import type { MessageKey, Messages } from '../messages/message';

export type { MessageKey };
export type Language = 'en' | 'de';
export type Values = Record<string, string | number>;

export const LANGUAGES: Language[] = ['en', 'de'];
const STORED = 'mete.language';

let messages: Messages;
let language: Language = 'en';
let locale = 'en';
let plural: Intl.PluralRules;

function preferred(): Language {
    const wanted = [localStorage.getItem(STORED), ...navigator.languages].map((tag) => tag?.slice(0, 2));
    return wanted.find((tag): tag is Language => LANGUAGES.includes(tag as Language)) ?? 'en';
}

/* Loads the language's messages; before this nothing can be said. */
export async function startLanguage(next: Language = preferred()): Promise<void> {
    const loaded = next === 'de' ? await import('../messages/de') : await import('../messages/en');
    messages = loaded.default;
    language = next;
    locale = navigator.languages.find((tag) => tag.startsWith(next)) ?? next;
    plural = new Intl.PluralRules(locale);
    document.documentElement.lang = language;
}

export function chooseLanguage(next: Language): void {
    localStorage.setItem(STORED, next);
    location.reload();
}

export const currentLanguage = (): Language => language;
export const currentLocale = (): string => locale;

/* The message with {name}s filled in; {count} also chooses between one and other. */
export function t(key: MessageKey, values: Values = {}): string {
    const message = messages[key];
    const text =
        typeof message === 'string'
            ? message
            : message[plural.select(Number(values['count'])) === 'one' ? 'one' : 'other'];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        if (value === undefined) return whole;
        return typeof value === 'number' ? formatNumber(value) : value;
    });
}

/* Is there a message of this name? For words that come from the API, such as reasons. */
export const hasMessage = (key: string): key is MessageKey => key in messages;

export function formatNumber(value: number, digits = 0): string {
    return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/* 0.0123 as "1.23 %". */
export function formatPercent(value: number, digits = 1): string {
    const options = { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
    return new Intl.NumberFormat(locale, options).format(value);
}

/* The same with its sign: "+1.2 %". */
export function formatUplift(value: number, digits = 1): string {
    const options = {
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: 'exceptZero',
    } as const;
    return new Intl.NumberFormat(locale, options).format(value);
}

/* Minor units ("1234" cents) as money. */
export function formatMoney(minor: number, currency: string): string {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function formatDate(time: string | Date, style: 'date' | 'time' = 'date'): string {
    const options: Intl.DateTimeFormatOptions =
        style === 'date' ? { dateStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' };
    return new Intl.DateTimeFormat(locale, options).format(new Date(time));
}

/* A day of the calendar ("2026-05-03", or its midnight in UTC), whatever zone the reader is in. */
export const formatDay = (day: string | Date): string =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));

/* To the second, of a moment that was just now. */
export const formatClock = (time: string): string =>
    new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(new Date(time));

/* "3 days ago". */
export function formatAgo(time: string | Date, now = Date.now()): string {
    const seconds = Math.round((new Date(time).getTime() - now) / 1000);
    const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    const units: [Intl.RelativeTimeFormatUnit, number][] = [
        ['day', 86400],
        ['hour', 3600],
        ['minute', 60],
    ];
    for (const [unit, length] of units) {
        if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
    }
    return format.format(0, 'second');
}
