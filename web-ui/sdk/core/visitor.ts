// SPDX-License-Identifier: MIT
// Who this is: an id in a first-party cookie and in localStorage, for 13 months since the last visit.

import { isJunk } from './junk';
import type { LoadLate } from './module';
import type { Store } from './store';
import { now, tried, uuid7 } from './tool';
import type { Options } from './types';

export const COOKIE = 'mete_id';
const LIFE_S = 395 * 86400;

/* The cookie of a frame without an origin throws, and so does one that is not ours. */
const readCookie = (): string | undefined =>
    tried(() => decodeURIComponent(/(?:^|; )mete_id=([^;]+)/.exec(document.cookie)![1]!));

/** What the edge takes for an id: up to 256 bytes of text. */
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

export function findVisitor(options: Options, local: Store, late: LoadLate): string {
    const kept = local.get<{ id: string; at: number }>('v');
    const isFresh = kept && now() - kept.at < LIFE_S * 1000;
    const known = [options.visitorId, readCookie(), isFresh && kept!.id].find((id) => id && isId(id));
    const id = known ? String(known) : uuid7();
    local.set('v', { id, at: now() });
    if (options.cookie === 'server') late((part) => part.askForCookie(options, id));
    else if (options.cookie !== 'none') writeCookie(options, id, LIFE_S);
    return id;
}

export function forgetVisitor(options: Options, local: Store): void {
    writeCookie(options, '', 0);
    local.remove('v');
}
