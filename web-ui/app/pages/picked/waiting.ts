// SPDX-License-Identifier: GPL-3.0-or-later
// A form waits for what is pointed at on the site, in another tab and perhaps of another browser's window. The site
// hands it over by an address; it is believed only with the state that the link held, once, and within an hour.
const WAITING = 'mete.pick';
const PICKED = 'mete.picked';
const HOUR_MS = 3_600_000;
const LETTERS_MAX = 500;
const SORTS = ['page', 'click', 'form'] as const;

export interface Picked {
    sort: (typeof SORTS)[number];
    what: string; // path or selector
}

interface Waiting {
    state: string;
    address: string; // of the form
    until: number;
}

const here = (): string => location.pathname + location.search;

export const isHere = ({ address }: Waiting): boolean => address === here();

function read<T>(name: string): T | null {
    try {
        return JSON.parse(localStorage.getItem(name) ?? 'null') as T | null;
    } catch {
        return null;
    }
}

function findWaiting(state: string | null): Waiting | null {
    const waiting = read<Waiting>(WAITING);
    return waiting && waiting.state === state && Date.now() < waiting.until ? waiting : null;
}

/* From now on this form waits, and no other: the state for its link. */
export function startWaiting(): string {
    const state = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, '0')).join('');
    localStorage.removeItem(PICKED);
    localStorage.setItem(WAITING, JSON.stringify({ state, address: here(), until: Date.now() + HOUR_MS }));
    return state;
}

/* What the site handed over in the address, for whoever waits: where that is; null when nobody does. */
export function handOver(hash: string): (Picked & { address: string }) | null {
    const said = new URLSearchParams(hash.slice(1));
    const waiting = findWaiting(said.get('state'));
    const sort = SORTS.find((one) => one === said.get('sort'));
    const what = said.get('what')?.trim() ?? '';
    if (!waiting || !sort || what === '' || what.length > LETTERS_MAX) return null;
    localStorage.setItem(PICKED, JSON.stringify({ state: waiting.state, sort, what }));
    return { sort, what, address: waiting.address };
}

/* What came for the form here, once. */
export function takePicked(isMine: (waiting: Waiting) => boolean): Picked | null {
    const picked = read<Picked & { state: string }>(PICKED);
    const waiting = picked && findWaiting(picked.state);
    if (!picked || !waiting || !isMine(waiting)) return null;
    localStorage.removeItem(PICKED);
    localStorage.removeItem(WAITING);
    return { sort: picked.sort, what: picked.what };
}

/* Calls fn when another tab handed something over, or took it. */
export function watchPicked(fn: () => void): () => void {
    const hear = ({ key }: StorageEvent) => (key === PICKED || key === WAITING) && fn();
    window.addEventListener('storage', hear);
    return () => window.removeEventListener('storage', hear);
}

export const isTaken = (): boolean => localStorage.getItem(WAITING) === null;
