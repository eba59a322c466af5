// SPDX-License-Identifier: MIT
// Who this is: an id in a first-party cookie and in localStorage, for 13 months since the last visit; and
// what audiences may ask of its visits. A visit ends with half an hour without a page.

import { isJunk } from './junk';
import type { LoadLate } from './module';
import type { Store } from './store';
import { now, tried, uuid7 } from './tool';
import type { Attributes, Options } from './types';

export const COOKIE = 'mete_id';
const LIFE_S = 395 * 86400;
const VISIT_MS = 1_800_000;
const DAY_MS = 86_400_000;

/** What audiences may ask of its visits. */
type Told = Attributes & { visit_count: number; basket_value: number };

/** What is kept of a visitor. */
export interface Known {
    id: string;
    /** The last page, the first one. */
    at: number;
    first: number;
    told: Told;
}

/* The cookie of a frame without an origin throws, and so does one that is not ours. */
const readCookie = (): string | undefined =>
    tried(() => decodeURIComponent(/(?:^|; )mete_id=([^;]+)/.exec(document.cookie)![1]!));

/** What the edge takes for an id: up to 256 bytes of text; what is absent reads like junk. */
export const isId = (given: unknown): boolean =>
    tried(() => {
        const id = String(given);
        const bytes = encodeURIComponent(id).replace(/%../g, '.').length;
        return bytes < 257 && !/[\0-\x1f\x7f]/.test(id) && !isJunk(id);
    }, false);

function writeCookie(options: Options, value: string, life: number): void {
    tried(
        () =>
            (document.cookie =
                `${COOKIE}=${encodeURIComponent(value)};path=/;max-age=${life};samesite=lax` +
                (options.cookieDomain ? `;domain=${options.cookieDomain}` : '') +
                (location.protocol === 'https:' ? ';secure' : '')),
    );
}

/** Of each page, and of each address that a page goes on to; 'page': its attributes, to tell where a first visit
 * comes from. */
export function noteVisit(local: Store, id: string, page: Attributes): void {
    const at = now();
    const kept = local.get<Known>('v');
    const { at: last = 0, first = at, told: before }: Partial<Known> = (kept && kept.id === id && kept) || {};
    const told: Told = before || {
        visit_count: 0,
        first_source: page.utm_source || tried(() => new URL(page.referrer as string).host, 'direct'),
        basket_value: 0,
    };
    if (at - last > VISIT_MS) told.visit_count++;
    told.visitor_type = told.visit_count > 1 ? 'returning' : 'new';
    told.days_since_first_visit = ((at - first) / DAY_MS) | 0;
    local.set('v', { id, at, first, told });
}

export function findVisitor(options: Options, local: Store, late: LoadLate, page: Attributes): string {
    const kept = local.get<Known>('v');
    const isFresh = kept && now() - kept.at < LIFE_S * 1000;
    const id = String([options.visitorId, readCookie(), isFresh && kept!.id].find(isId) || uuid7());
    noteVisit(local, id, page);
    if (options.cookie === 'server') late((part) => part.askForCookie(options, id));
    else if (options.cookie !== 'none') writeCookie(options, id, LIFE_S);
    return id;
}

export const forgetVisitor = (options: Options): void => writeCookie(options, '', 0);
