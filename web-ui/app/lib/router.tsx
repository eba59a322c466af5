// SPDX-License-Identifier: GPL-3.0-or-later
// Where we are: the path of the page, changed by links without loading it anew.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

type Guard = () => boolean;

const ENVIRONMENT = 'environment';

const watchers = new Set<() => void>();
let guard: Guard | null = null;

const here = (): string => location.pathname + location.search;

let environment: string | null = null;

/* Which environment all addresses name from now on, so that a link means the same for whoever opens it; null: there is
   but one, and none is named. */
export function setAddressEnvironment(key: string | null): void {
    environment = key;
}

/* An address of a page, with the environment unless it names one already. */
export function addressOf(to: string): string {
    const [path = '', search = ''] = to.split('?');
    const query = new URLSearchParams(search);
    if (!environment || query.has(ENVIRONMENT)) return to;
    query.set(ENVIRONMENT, environment);
    return `${path || location.pathname}?${query}`;
}

/* The same page of another environment. */
export function addressIn(key: string): string {
    const query = new URLSearchParams(location.search);
    query.set(ENVIRONMENT, key);
    return `${location.pathname}?${query}`;
}

/* The environment that the address names. */
export const environmentOf = (search: URLSearchParams): string | null => search.get(ENVIRONMENT);

/** What a page is given: the parts of its address. */
export type PageProps = { params: Record<string, string> };

export function navigate(wanted: string, options: { replace?: boolean } = {}): void {
    const to = addressOf(wanted);
    if (to === here()) return;
    if (guard && !guard()) return;
    if (options.replace) history.replaceState(null, '', to);
    else history.pushState(null, '', to);
    watchers.forEach((watcher) => watcher());
    if (!options.replace) window.scrollTo(0, 0);
}

/* Asks before the page is left; null takes the question away. */
export function setLeaveGuard(next: Guard | null): void {
    guard = next;
}

window.addEventListener('popstate', () => watchers.forEach((watcher) => watcher()));

export function usePath(): { path: string; search: URLSearchParams } {
    const [place, setPlace] = useState(here);
    useEffect(() => {
        const watcher = () => setPlace(here());
        watchers.add(watcher);
        return () => void watchers.delete(watcher);
    }, []);
    const [path = '/', search = ''] = place.split('?');
    return { path, search: new URLSearchParams(search) };
}

/* {key: …} when the path fits a pattern like "/app/campaigns/:key", else null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
    const wanted = pattern.split('/');
    const found = path.replace(/(.)\/$/, '$1').split('/');
    if (wanted.length !== found.length) return null;
    const params: Record<string, string> = {};
    for (const [i, part] of wanted.entries()) {
        const value = found[i] ?? '';
        if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
        else if (part !== value) return null;
    }
    return params;
}

interface LinkProps {
    to: string;
    class?: string | undefined;
    title?: string | undefined;
    'aria-current'?: 'page' | undefined;
    children?: ComponentChildren;
}

export function Link({ to, children, ...rest }: LinkProps) {
    const onClick = (event: MouseEvent) => {
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        navigate(to);
    };
    return (
        <a href={addressOf(to)} onClick={onClick} {...rest}>
            {children}
        </a>
    );
}
