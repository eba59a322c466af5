// SPDX-License-Identifier: GPL-3.0-or-later
// What was refused or left out, as the API says it, and whether somebody has looked at it in this browser.
import { hasMessage, t, type Values } from './i18n';

export interface Sample {
    received_at: string;
    visitor_id: string;
    detail: string;
    event: string;
}

export interface Refusal {
    reason: string;
    name: string;
    is_stored: boolean;
    event_count: number;
    day_counts: number[];
    last_at: string;
    samples: Sample[];
}

export interface Refusals {
    days: string[];
    items: Refusal[];
}

const DAY_MS = 86_400_000;
const ON_PURPOSE = ['bot', 'staff', 'forced'];
const CHANGED = 'mete.refusals';

const textOf = (prefix: string, reason: string, values: Values): string => {
    const key = `${prefix}.${reason}`;
    return hasMessage(key) ? t(key, values) : reason;
};

export const reasonText = (reason: string): string => textOf('refusals.reason', reason, {});
export const whyText = (reason: string, currency: string): string => textOf('refusals.why', reason, { currency });

export const isOnPurpose = ({ reason }: Refusal): boolean => ON_PURPOSE.includes(reason);

const seenName = (environment: string): string => `mete.refusals.${environment}`;

/* Until when refusals of the environment have been looked at here: the newest one shown then. */
export const seenUntil = (environment: string): number => Number(localStorage.getItem(seenName(environment)) ?? 0);

export function setSeen(environment: string, { items }: Refusals): void {
    const newest = Math.max(0, ...items.map((item) => Date.parse(item.last_at)));
    if (newest <= seenUntil(environment)) return;
    localStorage.setItem(seenName(environment), String(newest));
    dispatchEvent(new Event(CHANGED));
}

export function onSeen(fn: () => void): () => void {
    addEventListener(CHANGED, fn);
    return () => removeEventListener(CHANGED, fn);
}

/* How many kinds of refusals of the last 24 hours nobody has looked at. */
export function unseenCount({ items }: Refusals, seen: number, now = Date.now()): number {
    return items.filter((item) => !isOnPurpose(item) && Date.parse(item.last_at) > Math.max(seen, now - DAY_MS)).length;
}
