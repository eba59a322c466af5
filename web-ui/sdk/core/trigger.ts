// SPDX-License-Identifier: MIT
// Where and when a campaign begins on a page.

import { findAll, listen, tried } from './tool';
import type { MomentTrigger, PageTrigger, Triggers } from './types';

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/* The address as the pattern speaks of it: whole, or from the path on. */
function subject(pattern: string, isWhole: boolean): string {
    const { host, protocol, pathname, search, hash } = location;
    const path = pathname + (isWhole ? search + hash : '');
    if (pattern[0] === '/') return path;
    return (/^https?:/.test(pattern) ? `${protocol}//` : '') + host + path;
}

const bare = (text: string): string => text.replace(/[?#].*$/, '').replace(/(.)\/$/, '$1');

function matches(page: PageTrigger): boolean {
    const { match, value } = page;
    switch (match) {
        case 'regex': {
            const pattern = tried(() => new RegExp(value), null);
            return !!pattern && (pattern.test(location.href) || pattern.test(subject('/', true)));
        }
        case 'wildcard': {
            const pattern = new RegExp('^' + value.split('*').map(escaped).join('.*') + '$');
            return pattern.test(subject(value, true)) || pattern.test(subject(value, false));
        }
        case 'exact':
            return value === subject(value, true);
        default:
            return bare(value) === bare(subject(value, false));
    }
}

export function isOnPage(triggers: Triggers | undefined): boolean {
    const pages = (triggers && triggers.pages) || [];
    const wanted = pages.filter((page) => !page.is_excluded);
    return !pages.some((page) => page.is_excluded && matches(page)) && (!wanted.length || wanted.some(matches));
}

/** Named occasions that triggers wait for: "event:NAME", "data_layer:NAME". */
export interface Occasions {
    on(name: string, fn: () => void): () => void;
    fire(name: string): void;
}

export function createOccasions(): Occasions {
    const waiting = new Set<[string, () => void]>();
    return {
        on(name, fn) {
            const row: [string, () => void] = [name, fn];
            waiting.add(row);
            return () => waiting.delete(row);
        },
        fire(name) {
            waiting.forEach((row) => row[0] === name && row[1]());
        },
    };
}

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

function onTime(seconds: number, fn: () => void): () => void {
    const timer = setTimeout(fn, seconds * 1000);
    return () => clearTimeout(timer);
}

const onExit = (fn: () => void): (() => void) =>
    listen(document, 'mouseout', (event: MouseEvent) => event.clientY <= 0 && !event.relatedTarget && fn());

function onMoment(moment: MomentTrigger, occasions: Occasions, fn: () => void): () => void {
    switch (moment.on) {
        case 'scroll': return onScroll(moment.amount || 0, fn);
        case 'time': return onTime(moment.amount || 0, fn);
        case 'visible': return onVisible(moment.selector || '', fn);
        case 'exit_intent': return onExit(fn);
        default: return occasions.on(`${moment.on}:${moment.name}`, fn);
    }
}

/** Calls fn once, at the first of the moments, or now when there are none. Returns what ends it. */
export function atMoment(triggers: Triggers | undefined, occasions: Occasions, fn: () => void): () => void {
    const moments = (triggers && triggers.moments) || [];
    let isOver = false;
    const ends: (() => void)[] = [];
    const end = (): void => {
        isOver = true;
        ends.splice(0).forEach((stop) => stop());
    };
    const once = (): void => {
        if (isOver) return;
        end();
        fn();
    };
    if (!moments.length) once();
    for (const moment of moments) {
        if (isOver) break;
        ends.push(onMoment(moment, occasions, once));
    }
    if (isOver) end();
    return end;
}
