// SPDX-License-Identifier: MIT
// Events on their way: kept until the edge has acknowledged them, over reloads and without a network.
// Each page has a list of its own, in memory, with a copy in the store; a page that begins takes over
// the copies that were left. What two pages send is stored once, since ids stay the same.

import type { Say } from './say';
import type { Store } from './store';
import { listen, now, post, tried, uuid7 } from './tool';
import type { VisitorEvent } from './types';

const BATCH = 10;
const WAIT_MS = 2000;
const KEPT_EVENTS = 500;
const KEPT_BYTES = 200_000;
/* What browsers let a request carry that outlives its page. */
const REQUEST_BYTES = 60_000;
const PAUSE_MS = 1000;
const PAUSE_MOST_MS = 300_000;

/* A copy that its page has not touched for so long was left behind. */
const LEFT_MS = 10_000;

/* A key of its own tells an event from others: an exposure has no id, the edge derives it. */
type Entry = [key: string, event: VisitorEvent];

/* A store may hold what others wrote. */
const isEntry = (entry: unknown): boolean => Array.isArray(entry) && !!entry[1];

interface Copy {
    at: number;
    entries: Entry[];
}

export interface Queue {
    add(key: string, event: VisitorEvent): void;
    flush(): void;
    stop(): void;
}

export function createQueue(url: string, store: Store, say: Say): Queue {
    let most = 50;
    let failures = 0;
    let isSending = false;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pausedUntil = 0;
    let entries: Entry[] = [];
    const name = 'q.' + uuid7();

    function save(isLeft = false): void {
        let bytes = JSON.stringify(entries).length;
        while (entries.length > KEPT_EVENTS || (bytes > KEPT_BYTES && entries.length > 1))
            bytes -= JSON.stringify(entries.shift()).length;
        if (entries.length) store.set(name, { at: isLeft ? 0 : now(), entries });
        else store.remove(name);
    }

    function takeOver(): void {
        store.namesOf('q.').forEach((other) => {
            const copy = store.get<Copy>(other);
            if (other === name || (copy && now() - copy.at < LEFT_MS)) return;
            tried(() => (entries = entries.concat(copy!.entries.filter(isEntry))));
            save();
            store.remove(other);
        });
    }

    const wait = (ms: number): void => {
        clearTimeout(timer);
        timer = setTimeout(send, ms);
    };

    function take(): Entry[] {
        let bytes = 0;
        return entries.slice(0, most).filter((entry, i) => {
            bytes += JSON.stringify(entry).length;
            return i === 0 || bytes < REQUEST_BYTES;
        });
    }

    const bodyOf = (batch: Entry[]): string =>
        JSON.stringify({ sent_at: new Date().toISOString(), events: batch.map((entry) => entry[1]) });

    /* 202: committed. 400: will never be right. */
    function settle(sent: Entry[], status: number, retryAfter: string | null): void {
        if (isOver) return;
        const isTooLarge = status === 413;
        if (status === 202 || status === 400 || (isTooLarge && sent.length === 1)) {
            failures = 0;
            const keys = new Set(sent.map((entry) => entry[0]));
            entries = entries.filter((entry) => !keys.has(entry[0]));
            save();
        } else if (isTooLarge) {
            most = sent.length >> 1;
        } else {
            const pause = Math.min(PAUSE_MS * 2 ** failures++, PAUSE_MOST_MS) * (0.5 + Math.random() / 2);
            const asked = (+retryAfter! || 0) * 1000;
            pausedUntil = now() + Math.max(pause, asked);
            wait(pausedUntil - now());
            return;
        }
        if (entries.length) send();
    }

    function send(): void {
        clearTimeout(timer);
        timer = undefined;
        const batch = take();
        if (isSending || !batch.length) return;
        if (pausedUntil > now()) return wait(pausedUntil - now());
        isSending = true;
        const body = bodyOf(batch);
        /* All that outlives its page may have used that room up: next time without it. */
        const keepalive = !failures && new Blob([body]).size < REQUEST_BYTES;
        post(url, { method: 'POST', body, keepalive })
            .then((response) => {
                const retryAfter = response.headers.get('retry-after');
                return response
                    .json()
                    .catch(() => {})
                    .then((reply): [number, any?, any?] => [response.status, retryAfter, reply]);
            })
            .catch((): [number, any?, any?] => [0])
            .then(([status, retryAfter, reply]) => {
                isSending = false;
                const isRefused = status === 202 ? tried(() => reply.rejected.length || reply.warnings) : status;
                say(isRefused!, 'reply', status, reply, batch);
                settle(batch, status, retryAfter);
            });
    }

    /* The page goes: what waits is sent along. It stays in the list, since nobody hears the answer. */
    function leave(): void {
        const batch = take();
        save(true);
        if (!batch.length) return;
        const body = bodyOf(batch);
        if (!tried(() => navigator.sendBeacon(url, body)))
            post(url, { method: 'POST', body, keepalive: true }).catch(() => {});
    }

    const ends = [
        listen(window, 'pagehide', leave),
        listen(document, 'visibilitychange', () => document.hidden && send()),
        listen(window, 'online', () => {
            pausedUntil = 0;
            send();
        }),
    ];
    takeOver();
    return {
        add(key, event) {
            if (entries.some((entry) => entry[0] === key)) return;
            if (JSON.stringify(event).length > REQUEST_BYTES) return say(1, 'long', event.name);
            entries.push([key, event]);
            save();
            if (entries.length >= BATCH) send();
            else if (timer === undefined) wait(WAIT_MS);
        },
        flush: send,
        stop() {
            isOver = true;
            clearTimeout(timer);
            ends.forEach((end) => end());
        },
    };
}
