// SPDX-License-Identifier: GPL-3.0-or-later
// More events than PostgreSQL takes: as many are stored as without the crowd, the others are refused at
// once and told when to come again, and decisions do not notice.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { Client } from '../http/lib/client.mjs';
import { startServer, uuidv7 } from '../http/lib/harness.mjs';
import { askFor, edgeRssKb, RSS_MOST_KB, tellRatio } from './strain.mjs';
import { times } from './world.mjs';

const EVENTS = 50;
/* A statement of 200 rows takes 100 ms more than it would: what is measured is then the queue before it, not the
 * machine that runs the test. */
const SLOW_INSERT = `
    create function hold_up() returns trigger language plpgsql as $$ begin perform pg_sleep(0.1); return null; end $$;
    create trigger hold_up before insert on visitor_event for each statement execute function hold_up();`;

let server;
before(async () => {
    server = await startServer({ edges: 1, batch_rows: 200, queue_rows: 2_000 });
    server.psql(SLOW_INSERT);
});
after(() => server?.stop());

const makeBody = () =>
    JSON.stringify({
        events: Array.from({ length: EVENTS }, (_, i) => ({
            event_id: uuidv7(),
            visitor_id: `visitor-${i}`,
            name: 'page_view',
        })),
    });

/* Every client sends again as soon as it was answered, whatever the answer. Offered, stored and refused per second. */
async function load(lanes, ms) {
    const client = new Client(server.edgeUrl, server.clientKey);
    client.agent = new http.Agent({ keepAlive: true, maxSockets: lanes });
    const bodies = Array.from({ length: 64 }, makeBody);
    const seen = { stored: 0, refused: 0, refusals: [] };
    const end = Date.now() + ms;
    const lane = async (number) => {
        for (let i = number; Date.now() < end; i += 1) {
            /* Ids of one's own, at the price of one replacement: a fresh body costs more than the answer. */
            const body = bodies[i % bodies.length].replace(
                /"event_id":"[0-9a-f-]{36}"/g,
                () => `"event_id":"${uuidv7()}"`,
            );
            const begin = performance.now();
            const reply = await client.request('POST', '/v1/events', body);
            if (reply.status === 202) {
                assert.deepEqual(reply.body, { accepted: EVENTS, duplicate: 0, rejected: [] });
                seen.stored += EVENTS;
            } else {
                assert.deepEqual([reply.status, reply.headers['retry-after']], [503, '1'], reply.text);
                seen.refused += EVENTS;
                seen.refusals.push(performance.now() - begin);
            }
        }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
    client.close();
    return seen;
}

test('three times what PostgreSQL takes', async (t) => {
    const ms = times(3_000, 20_000);
    const quiet = await askFor(server, 300);
    const alone = await load(12, ms);
    assert.equal(alone.refused, 0, 'few senders find room');
    const [crowd, strained] = await Promise.all([load(120, ms), askFor(server, ms)]);
    const stored = alone.stored + crowd.stored;
    const per = (count) => Math.round((count * 1000) / ms);
    const middle = crowd.refusals.sort((a, b) => a - b)[crowd.refusals.length >> 1];
    t.diagnostic(
        `alone ${per(alone.stored)} events/s; in the crowd ${per(crowd.stored + crowd.refused)} offered, ` +
            `${per(crowd.stored)} stored: x${(crowd.stored / alone.stored).toFixed(2)}; ` +
            `refused after ${middle.toFixed(1)} ms`,
    );
    tellRatio(t, 'meanwhile', quiet, strained);
    /* What the crowd has on its way at once is three times what waits and is stored at most. */
    assert.ok(crowd.refused > 0, 'more came than could be taken');
    assert.deepEqual(strained.failed, []);
    assert.equal(
        Number(server.psql('select count(*) from visitor_event')),
        stored,
        'what was answered 202, and no more',
    );
    assert.ok(edgeRssKb(server) < RSS_MOST_KB || process.env.METE_PATIENCE !== undefined || process.env.METE_WRAP);
    const [reply] = await Promise.all([
        server.events({ events: [{ event_id: uuidv7(), visitor_id: 'v', name: 'page_view' }] }),
    ]);
    assert.equal(reply.status, 202, 'room again');
});
