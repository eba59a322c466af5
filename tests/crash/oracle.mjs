// SPDX-License-Identifier: GPL-3.0-or-later
// Load whose outcome is known: every event that was sent, and every one that was answered 202, which
// is then owed.
import { setTimeout as pause } from 'node:timers/promises';
import { uuidv7 } from '../http/harness.mjs';

export class Oracle {
    sent = new Set();
    owed = new Set();
    unanswered = 0;

    constructor(server, { batch = 20, makeEvent = pageView, pauseMs = 0 } = {}) {
        this.server = server;
        this.pauseMs = pauseMs;
        this.batch = batch;
        this.makeEvent = makeEvent;
    }

    /* Sends batches on 'lanes' connections until isOver(). What got no answer is sent once more. */
    async run(lanes, isOver) {
        const lane = async () => {
            for (let turn = 0; !isOver(); turn += 1) {
                const events = Array.from({ length: this.batch }, (_, i) => this.makeEvent(turn + i));
                if (!(await this.#send(events))) await this.#send(events);
                if (this.pauseMs) await pause(this.pauseMs);
            }
        };
        await Promise.all(Array.from({ length: lanes }, lane));
    }

    /* True when the server answered. 503 is an answer: nothing is owed. */
    async #send(events) {
        for (const event of events) this.sent.add(event.event_id);
        const reply = await this.server.events({ events }, { isOnce: true }).catch(() => undefined);
        if (!reply) {
            this.unanswered += 1;
            return false;
        }
        if (reply.status !== 202 && reply.status !== 503) {
            throw new Error(`events: ${reply.status} ${reply.text}`);
        }
        if (reply.status === 202) this.#owe(events, reply.body);
        return true;
    }

    #owe(events, { accepted, duplicate, rejected }) {
        if (rejected.length > 0 || accepted + duplicate !== events.length) {
            throw new Error(`not all of ${events.length} taken: ${JSON.stringify(rejected)}`);
        }
        for (const event of events) this.owed.add(event.event_id);
    }

    /* {missing, duplicates, unknown}: ids owed and not stored, stored twice, stored and never sent. */
    verdict() {
        const stored = this.server.psql('select event_id from visitor_event').split('\n').filter(Boolean);
        const ids = new Set(stored);
        return {
            missing: [...this.owed].filter((id) => !ids.has(id)),
            duplicates: stored.length - ids.size,
            unknown: stored.filter((id) => !this.sent.has(id)),
        };
    }
}

export function pageView(i) {
    return { event_id: uuidv7(), visitor_id: `visitor-${i % 97}`, name: 'page_view', properties: {} };
}
