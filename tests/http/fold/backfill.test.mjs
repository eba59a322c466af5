// SPDX-License-Identifier: GPL-3.0-or-later
// Events of the past: only with the scope for it, and however many days they lie on.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const DAY_MS = 86_400_000;
const DAYS = 100;

let server;
const keys = {};
before(async () => {
    server = await startServer();
    for (const [i, scope] of ['events', 'backfill'].entries()) {
        const made = await server.api('POST', '/keys', { kind: 'secret', scopes: [scope] });
        keys[i] = made.body.token;
    }
    const isKnown = async () => (await server.decide({ visitor_id: 'v' }, '', { key: keys[1] })).status === 200;
    await until(isKnown, 10_000, 'the edge to know the keys');
});
after(() => server?.stop());

const newest = Date.UTC(2019, 5, 30);
const events = Array.from({ length: DAYS }, (_, i) => {
    const ms = newest - i * DAY_MS;
    return { event_id: uuidv7(ms), visitor_id: `v${i}`, name: 'visit', ts: new Date(ms).toISOString() };
});

test('without the scope each old event is refused', async () => {
    const { status, body } = await server.events(events, { key: keys[0] });
    assert.equal(status, 202);
    assert.equal(body.accepted, 0);
    assert.equal(body.rejected.length, DAYS);
    assert.equal(body.rejected[DAYS - 1].pointer, `/${DAYS - 1}/event_id`);
});

test('one request with events of a hundred days is stored whole, and once', async () => {
    const first = await server.events(events, { key: keys[1] });
    assert.deepEqual(first.body, { accepted: DAYS, duplicate: 0, rejected: [] });
    const again = await server.events(events, { key: keys[1] });
    assert.deepEqual(again.body, { accepted: 0, duplicate: DAYS, rejected: [] });
    const days = server.rows('select count(distinct day)::int as days from visitor_event');
    assert.deepEqual(days, [{ days: DAYS }]);
});
