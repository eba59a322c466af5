// SPDX-License-Identifier: MIT
// Events on their way: kept until the edge has acknowledged them, over reloads and without a network.
// All tabs share one list; what two of them send is stored once, since ids stay the same.

import type { Store } from './store';
import { listen, now, tried } from './tool';
import type { VisitorEvent } from './types';

const BATCH = 10;
const WAIT_MS = 2000;
const KEPT_EVENTS = 500;
const KEPT_BYTES = 200_000;
/* What browsers let a request carry that outlives its page. */
const REQUEST_BYTES = 60_000;
const PAUSE_MS = 1000;
const PAUSE_MOST_MS = 300_000;

/* A key of its own tells an event from others: an exposure has no id, the edge derives it. */
type Entry = [key: string, event: VisitorEvent];

export interface Queue {
    add(key: string, event: VisitorEvent): void;
    flush(): void;
    stop(): void;
}

export function createQueue(url: string, store: Store): Queue {
    let most = 50;
    let failures = 0;
    let isSending = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pausedUntil = 0;
    const load = (): Entry[] => store.get<Entry[]>('q') || [];

    function save(entries: Entry[]): void {
        let bytes = JSON.stringify(entries).length;
        while (entries.length > KEPT_EVENTS || (bytes > KEPT_BYTES && entries.length > 1))
            bytes -= JSON.stringify(entries.shift()).length;
        if (entries.length) store.set('q', entries);
        else store.remove('q');
    }

    const wait = (ms: number): void => {
        clearTimeout(timer);
        timer = setTimeout(send, ms);
    };

    function take(entries: Entry[]): Entry[] {
        let bytes = 0;
        return entries.slice(0, most).filter((entry, i) => {
            bytes += JSON.stringify(entry).length;
            return i === 0 || bytes < REQUEST_BYTES;
        });
    }

    const bodyOf = (entries: Entry[]): string =>
        JSON.stringify({ sent_at: new Date().toISOString(), events: entries.map((entry) => entry[1]) });

    /* 202: committed. 400: will never be right. */
    function settle(sent: Entry[], status: number, retryAfter: string | null): void {
        const isTooLarge = status === 413;
        if (status === 202 || status === 400 || (isTooLarge && sent.length === 1)) {
            failures = 0;
            const keys = new Set(sent.map((entry) => entry[0]));
            save(load().filter((entry) => !keys.has(entry[0])));
        } else if (isTooLarge) {
            most = sent.length >> 1;
        } else {
            const pause = Math.min(PAUSE_MS * 2 ** failures++, PAUSE_MOST_MS) * (0.5 + Math.random() / 2);
            const asked = (Number(retryAfter) || 0) * 1000;
            pausedUntil = now() + Math.max(pause, asked);
            wait(pausedUntil - now());
            return;
        }
        if (load().length) send();
    }

    function send(): void {
        clearTimeout(timer);
        timer = undefined;
        const entries = take(load());
        if (isSending || !entries.length) return;
        if (pausedUntil > now()) return wait(pausedUntil - now());
        isSending = true;
        fetch(url, { method: 'POST', body: bodyOf(entries), keepalive: true, credentials: 'omit' })
            .then((response) => [response.status, response.headers.get('retry-after')] as const)
            .catch(() => [0, null] as const)
            .then(([status, retryAfter]) => {
                isSending = false;
                settle(entries, status, retryAfter);
            });
    }

    /* The page goes: what waits is sent along. It stays in the list, since nobody hears the answer. */
    function leave(): void {
        const entries = take(load());
        if (entries.length) tried(() => navigator.sendBeacon(url, bodyOf(entries)), false);
    }

    const ends = [
        listen(window, 'pagehide', leave),
        listen(window, 'online', () => {
            pausedUntil = 0;
            send();
        }),
    ];
    return {
        add(key, event) {
            const entries = load();
            if (entries.some((entry) => entry[0] === key)) return;
            entries.push([key, event]);
            save(entries);
            if (entries.length >= BATCH) send();
            else if (timer === undefined) wait(WAIT_MS);
        },
        flush: send,
        stop() {
            clearTimeout(timer);
            ends.forEach((end) => end());
        },
    };
}
