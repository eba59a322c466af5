// SPDX-License-Identifier: MIT
// Where and when a campaign begins on a page.

import type { LoadLate } from './module';
import { tried } from './tool';
import type { PageTrigger, Triggers } from './types';

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
    /** The part that knows the moments of a visitor. */
    late: LoadLate;
}

export function createOccasions(late: LoadLate): Occasions {
    const waiting = new Set<(fired: string) => void>();
    return {
        late,
        on(name, fn) {
            const hear = (fired: string): void => {
                if (fired === name) fn();
            };
            waiting.add(hear);
            return () => waiting.delete(hear);
        },
        fire: (name) => waiting.forEach((hear) => hear(name)),
    };
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
    moments.forEach((moment) => {
        if (moment.on === 'time') {
            const timer = setTimeout(once, (moment.amount || 0) * 1000);
            ends.push(() => clearTimeout(timer));
        } else if (moment.name) ends.push(occasions.on(`${moment.on}:${moment.name}`, once));
        else
            occasions.late((late) => {
                if (isOver) return;
                ends.push(late.onMoment(moment, once));
                if (isOver) end();
            });
    });
    return end;
}
