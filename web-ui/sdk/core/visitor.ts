// SPDX-License-Identifier: MIT
// Who this is: an id in a first-party cookie and in localStorage, for 13 months since the last visit.

import type { Store } from './store';
import { now, uuid7 } from './tool';
import type { Options } from './types';

export const COOKIE = 'mete_id';
const LIFE_S = 395 * 86400;

function readCookie(): string | null {
    const found = /(?:^|; )mete_id=([^;]+)/.exec(document.cookie);
    return found && decodeURIComponent(found[1]!);
}

function writeCookie(options: Options, value: string, life: number): void {
    document.cookie =
        `${COOKIE}=${encodeURIComponent(value)};path=/;max-age=${life};samesite=lax` +
        (options.cookieDomain ? `;domain=${options.cookieDomain}` : '') +
        (location.protocol === 'https:' ? ';secure' : '');
}

/* By the edge: a cookie of a reply lives on where browsers cut those of scripts to a week. */
function askForCookie(options: Options, id: string): void {
    const body = JSON.stringify({ visitor_id: id, domain: options.cookieDomain });
    const url = `${options.edge}/v1/visitor?key=${options.key}`;
    fetch(url, { method: 'POST', body, mode: 'no-cors', credentials: 'include', keepalive: true }).catch(() => {});
}

export function findVisitor(options: Options, local: Store): string {
    const kept = local.get<{ id: string; at: number }>('v');
    const isFresh = kept && now() - kept.at < LIFE_S * 1000;
    const id = options.visitorId || readCookie() || (isFresh && kept!.id) || uuid7();
    local.set('v', { id, at: now() });
    if (options.cookie === 'server') askForCookie(options, id);
    else if (options.cookie !== 'none') writeCookie(options, id, LIFE_S);
    return id;
}

export function forgetVisitor(options: Options, local: Store): void {
    writeCookie(options, '', 0);
    local.remove('v');
}
