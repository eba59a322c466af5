// SPDX-License-Identifier: GPL-3.0-or-later
// Load whose outcome is known: every event that was sent, and every one that was answered 202, which
// is then owed.
import { setTimeout as pause } from 'node:timers/promises';
import { uuidv7 } from '../http/lib/harness.mjs';

/* A server that is not there must not be asked in a hot loop. */
const PAUSE_AFTER_FAILURE_MS = 20;

const withSortedKeys = (key, value) =>
    value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value;
const textOf = ({ visitor_id, name, properties }) => JSON.stringify([visitor_id, name, properties], withSortedKeys);

export class Oracle {
    sent = new Map();
    owed = new Set();
    unanswered = 0;
    refused = 0;

    constructor(server, { batch = 20, makeEvent = pageView, pauseMs = 0 } = {}) {
        this.server = server;
        this.pauseMs = pauseMs;
        this.batch = batch;
        this.makeEvent = makeEvent;
    }

    makeBatch(turn = 0) {
        return Array.from({ length: this.batch }, (_, i) => this.makeEvent(turn + i));
    }

    /* Sends batches on 'lanes' connections until isOver(). What got no answer is sent once more. */
    async run(lanes, isOver) {
        const lane = async () => {
            for (let turn = 0; !isOver(); turn += 1) {
                const events = this.makeBatch(turn);
                if (!(await this.send(events))) {
                    await pause(PAUSE_AFTER_FAILURE_MS);
                    await this.send(events);
                }
                if (this.pauseMs) await pause(this.pauseMs);
            }
        };
        await Promise.all(Array.from({ length: lanes }, lane));
    }

    /* As a server sends: refunds, and exposures to any arm.
     * True when the server answered. 503 is an answer: nothing is owed. */
    async send(events, client = this.server.edge) {
        for (const event of events) this.sent.set(event.event_id, textOf(event));
        const reply = await client
            .request('POST', '/v1/events', { events }, { isOnce: true, key: this.server.secretKey })
            .catch(() => undefined);
        if (!reply) {
            this.unanswered += 1;
            return false;
        }
        if (reply.status === 202) this.#owe(events, reply.body);
        else if (reply.status === 503 && reply.headers['retry-after']) this.refused += 1;
        else throw new Error(`events: ${reply.status} ${reply.text}`);
        return true;
    }

    #owe(events, { accepted, duplicate, rejected }) {
        if (rejected.length > 0 || accepted + duplicate !== events.length) {
            throw new Error(`not all of ${events.length} taken: ${JSON.stringify(rejected)}`);
        }
        for (const event of events) this.owed.add(event.event_id);
    }

    /* What is wrong with what is stored, by ids: owed and not there, there twice, never sent, other than
     * what was sent. */
    verdict() {
        const stored = this.server
            .psql('select event_id, visitor_id, name, properties from visitor_event')
            .split('\n')
            .filter(Boolean)
            .map((line) => line.split('|'));
        const ids = new Set(stored.map(([id]) => id));
        const isOther = ([id, visitor_id, name, ...rest]) =>
            this.sent.has(id) &&
            this.sent.get(id) !== textOf({ visitor_id, name, properties: JSON.parse(rest.join('|')) });
        return {
            missing: [...this.owed].filter((id) => !ids.has(id)),
            duplicates: stored.length - ids.size,
            unknown: [...ids].filter((id) => !this.sent.has(id)),
            changed: stored.filter(isOther).map(([id]) => id),
        };
    }
}

export const ALL_IS_WELL = { missing: [], duplicates: 0, unknown: [], changed: [] };

export function pageView(i) {
    return {
        event_id: uuidv7(),
        visitor_id: `visitor-${i % 97}`,
        name: 'page_view',
        properties: { n: i, text: 'é"|' },
    };
}
