// SPDX-License-Identifier: MIT
// What can begin a little later than the page: moments of its visitor, clicks and forms that count, the
// cookie that the edge sets.

import { scrub } from '../core/address';
import { findAll, listen, post, tried } from '../core/tool';
import type { Attributes, MomentTrigger, Options, Tracking } from '../core/types';

function onScroll(amount: number, fn: () => void): () => void {
    const check = (): void => {
        const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
        const room = scrollHeight - clientHeight;
        if (room <= 0 || (scrollTop / room) * 100 >= amount) fn();
    };
    if (document.readyState === 'complete') check();
    return listen(window, 'scroll', check);
}

function onVisible(selector: string, fn: () => void): () => void {
    const seen = new Set<Element>();
    const watcher = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && fn());
    const look = (): void =>
        findAll(selector).forEach((element) => {
            if (seen.has(element)) return;
            seen.add(element);
            watcher.observe(element);
        });
    const changes = new MutationObserver(look);
    changes.observe(document, { childList: true, subtree: true });
    look();
    return () => {
        watcher.disconnect();
        changes.disconnect();
    };
}

const onExit = (fn: () => void): (() => void) =>
    listen(document, 'mouseout', (event: MouseEvent) => event.clientY <= 0 && !event.relatedTarget && fn());

export { kinds } from './kinds';

/** Calls fn at the moment, perhaps more than once; returns what ends it. */
export function onMoment(moment: MomentTrigger, fn: () => void): () => void {
    if (moment.on === 'scroll') return onScroll(moment.amount || 0, fn);
    if (moment.on === 'visible') return onVisible(moment.selector || '', fn);
    return moment.on === 'exit_intent' ? onExit(fn) : () => {};
}

export function watchSelectors(
    rows: () => Tracking[],
    track: (name: string, properties: Attributes) => void,
): () => void {
    const on =
        (kind: string) =>
        (event: Event): void => {
            const target = event.target;
            if (!(target instanceof Element)) return;
            const isHit = (row: Tracking): boolean => row.on === kind && !!tried(() => target.closest(row.selector));
            rows()
                .filter(isHit)
                .forEach((row) => track(row.name, { path: scrub(location.pathname), selector: row.selector }));
        };
    const ends = [listen(document, 'click', on('click'), true), listen(document, 'submit', on('submit'), true)];
    return () => ends.forEach((end) => end());
}

/* Of advertising; a site names others. */
const KNOWN = /^(utm_\w+|\w*clk?id|\wbraid)$/i;

/** An address without what only its visitor should know: tokens, names, passwords. */
export const reported = (address: string, options: Options): string | undefined =>
    tried(() => {
        const url = new URL(address);
        const query = url.searchParams;
        const more = String(options.urlParameters).split(/[\s,]+/);
        [...query.keys()].forEach((name) => KNOWN.test(name) || more.includes(name) || query.delete(name));
        url.username = url.password = '';
        if (!/^#[\w/-]*$/.test(url.hash)) url.hash = '';
        return url.href;
    });

/** By the edge: a cookie of a reply lives on where browsers cut those of scripts to a week. */
export function askForCookie(options: Options, id: string): void {
    const body = JSON.stringify({ visitor_id: id, domain: options.cookieDomain });
    const url = `${options.edge}/v1/visitor?key=${options.key}`;
    post(url, { method: 'POST', body, mode: 'no-cors', credentials: 'include', keepalive: true }).catch(() => {});
}
