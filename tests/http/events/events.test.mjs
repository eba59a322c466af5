// SPDX-License-Identifier: GPL-3.0-or-later
// Events over HTTP: the forms they come in, their times, duplicates, exposures, imports of old days.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clientOfEach } from '../lib/edges.mjs';
import { startServer, until, uuidv7, withinOneDay } from '../lib/harness.mjs';

const DAY_MS = 86_400_000;

let server;
before(async () => {
    server = await startServer({ edges: 2 });
    await server.api('POST', '/campaigns', {
        key: 'seen',
        name: 'Seen',
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate' }],
        forced: { qa: 'b' },
        variants: [
            { key: 'a', weight: 0.5, is_control: true },
            { key: 'b', weight: 0.5, is_control: false },
        ],
    });
    assert.equal((await server.api('POST', '/campaigns/seen/start', {})).status, 200);
    const isKnown = async (edge) =>
        (await edge.request('POST', '/v1/decide', { visitor_id: 'v' })).body.decisions.length === 1;
    for (const edge of await clientOfEach(server)) {
        await until(() => isKnown(edge), 5_000, 'the campaign');
        edge.close();
    }
});
after(() => server?.stop());

let count = 0;
const visitor = () => `visitor-${(count += 1)}`;
const dayOfId = (id) => new Date(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toISOString().slice(0, 10);
const view = (more = {}) => ({ event_id: uuidv7(), visitor_id: visitor(), name: 'page_view', ...more });
const stored = (visitor_id) =>
    server.rows(`select event_id, day, name, properties, marks, writer, seq, environment_id,
    (extract(epoch from ts) * 1000)::bigint as ts_ms
    from visitor_event where visitor_id = '${visitor_id}' order by event_id`);

async function send(body, options) {
    const reply = await server.events(body, options);
    assert.equal(reply.status, 202, reply.text);
    return reply.body;
}

const ACCEPTED = { accepted: 1, duplicate: 0, rejected: [] };

test('one, a list, a list in an envelope, and nothing', async () => {
    assert.deepEqual(await send(view()), ACCEPTED);
    assert.deepEqual(await send([view(), view()]), { ...ACCEPTED, accepted: 2 });
    assert.deepEqual(await send({ events: [view(), view(), view()] }), { ...ACCEPTED, accepted: 3 });
    for (const none of [[], { events: [] }]) assert.deepEqual(await send(none), { ...ACCEPTED, accepted: 0 });
});

test('an event keeps what it said; other fields are ignored', async () => {
    const event = view({
        name: 'näme',
        ts: new Date(Date.now() - 5000).toISOString(),
        other: 1,
        properties: { text: 'a"\\/\u2028😀', n: 0.1, big: 1e15, list: [1, null, true, {}], events: 'here' },
    });
    assert.deepEqual(await send(event), ACCEPTED);
    const [row] = stored(event.visitor_id);
    assert.equal(row.event_id, event.event_id);
    assert.equal(row.name, 'näme');
    assert.equal(row.ts_ms, Date.parse(event.ts));
    assert.deepEqual(row.properties, event.properties);
    assert.equal(row.day, dayOfId(event.event_id));
});

test('properties may hold what looks like an envelope', async () => {
    const event = view({ properties: { events: [view()], sent_at: 'x' } });
    assert.deepEqual(await send(event), ACCEPTED);
    assert.equal(stored(event.visitor_id).length, 1);
});

test('without ts an event happened when its id was made', async () => {
    const ms = Date.now() - 3_600_000;
    const event = view({ event_id: uuidv7(ms) });
    await send(event);
    assert.equal(stored(event.visitor_id)[0].ts_ms, ms);
});

test('a beacon: text/plain, the key in the URL', async () => {
    const event = view();
    const reply = await server.edge.request(
        'POST',
        `/v1/events?key=${server.clientKey}`,
        JSON.stringify({ events: [event] }),
        { key: null, type: 'text/plain;charset=UTF-8' },
    );
    assert.deepEqual([reply.status, reply.body], [202, ACCEPTED]);
    assert.equal(stored(event.visitor_id).length, 1);
});

test('keys: a header of its own, a secret one', async () => {
    const headers = { 'x-mete-key': server.clientKey };
    assert.deepEqual(await send(view(), { key: null, headers }), ACCEPTED);
    assert.deepEqual(await send(view(), { key: server.secretKey }), ACCEPTED);
});

test("the sender's clock is set right by sent_at", async () => {
    for (const skewMs of [-7_200_000, 7_200_000]) {
        const now = Date.now();
        const event = view({ ts: new Date(now + skewMs - 60_000).toISOString() });
        await send({ sent_at: new Date(now + skewMs).toISOString(), events: [event] });
        const off = stored(event.visitor_id)[0].ts_ms - (now - 60_000);
        assert.ok(off >= 0 && off <= Date.now() - now, `${off} ms`);
    }
    const ts = new Date(Date.now() - 60_000).toISOString();
    const event = view({ ts });
    /* Where it took longer than is tolerated, it is tried again. */
    for (let tookMs = Infinity; tookMs > 1_500;) {
        const begin = Date.now();
        event.visitor_id = visitor();
        await send({ sent_at: new Date(begin - 500).toISOString(), events: [event] });
        tookMs = Date.now() - begin;
    }
    assert.equal(stored(event.visitor_id)[0].ts_ms, Date.parse(ts), 'the time on the way is no skew');
    const alone = view({ ts, sent_at: new Date(Date.now() - 3_600_000).toISOString() });
    await send(alone);
    assert.ok(stored(alone.visitor_id)[0].ts_ms > Date.parse(ts) + 3_590_000);
});

test('duplicates: in one request, over requests, over edges', async () => {
    const event = view({ properties: { n: 1 } });
    const events = [event, { ...event, properties: { n: 2 } }, view(), { ...event, properties: { n: 3 } }];
    assert.deepEqual(await send({ events }), { accepted: 2, duplicate: 2, rejected: [] });
    assert.deepEqual(await send({ events }), { accepted: 0, duplicate: 4, rejected: [] });
    for (const edge of await clientOfEach(server)) {
        const reply = await edge.request('POST', '/v1/events', event);
        assert.deepEqual(reply.body, { accepted: 0, duplicate: 1, rejected: [] });
        edge.close();
    }
    const rows = stored(event.visitor_id);
    assert.deepEqual(
        rows.map((row) => row.properties),
        [{ n: 1 }],
        'the first one counts',
    );
});

test('the same id of another visitor is another event', async () => {
    const event = view();
    assert.deepEqual(await send([event, { ...event, visitor_id: visitor() }]), { ...ACCEPTED, accepted: 2 });
});

test('good and bad ones together: each bad one is named', async () => {
    const events = [view(), view({ name: '' }), view(), view({ event_id: 'x' }), view({ visitor_id: '' })];
    const reply = await send(events);
    assert.equal(reply.accepted, 2);
    assert.deepEqual(
        reply.rejected.map(({ index, pointer }) => [index, pointer]),
        [
            [1, '/1/name'],
            [3, '/3/event_id'],
            [4, '/4/visitor_id'],
        ],
    );
});

const exposure = (visitor_id, more = {}) => ({
    visitor_id,
    name: 'exposure',
    properties: { campaign: 'seen', variant: 'a' },
    ...more,
});

test('an exposure needs no id: twice on one day is once', async () => {
    const who = visitor();
    const asServer = { key: server.secretKey }; // it may speak of any arm
    const ts = `${new Date().toISOString().slice(0, 10)}T00:00:01Z`;
    const later = `${ts.slice(0, 10)}T00:00:02Z`;
    assert.deepEqual(await send(exposure(who, { ts }), asServer), ACCEPTED);
    assert.deepEqual(await send(exposure(who, { ts: later }), asServer), { accepted: 0, duplicate: 1, rejected: [] });
    const yesterday = new Date(Date.parse(ts) - DAY_MS).toISOString();
    assert.deepEqual(await send(exposure(who, { ts: yesterday }), asServer), ACCEPTED);
    assert.deepEqual(await send(exposure(visitor(), { ts }), asServer), ACCEPTED);
    const other = exposure(who, { ts, properties: { campaign: 'seen', variant: 'b' } });
    assert.deepEqual(await send(other, asServer), ACCEPTED, 'a unit that saw both arms keeps both');
    const rows = stored(who);
    assert.equal(rows.length, 3);
    for (const row of rows) {
        assert.equal(row.event_id[14], '8');
        assert.equal(row.properties.phase, 1, 'the running phase is written in');
        assert.equal(row.marks, 0);
    }
});

test('the exposure of a forced visitor is marked', async () => {
    await send(exposure('qa', { properties: { campaign: 'seen', variant: 'b', device: 'mobile', country: 'DE' } }));
    assert.deepEqual(
        stored('qa').map(({ marks, properties }) => [marks, properties]),
        [[4, { campaign: 'seen', variant: 'b', device: 'mobile', country: 'DE', phase: 1 }]],
    );
});

test('commerce events with all their fields', async () => {
    const event = view({
        name: 'purchase',
        properties: {
            value: 19.99,
            currency: 'EUR',
            transaction_id: 4711,
            items: [{ item_id: 'a', price: 19.99, quantity: 1, anything: {} }],
        },
    });
    assert.deepEqual(await send(event), ACCEPTED);
    const refund = view({ name: 'refund', properties: { transaction_id: '4711' } });
    assert.deepEqual(await send(refund, { key: server.secretKey }), ACCEPTED);
    assert.deepEqual(stored(event.visitor_id)[0].properties, event.properties);
});

test('ids of the last seven days and of tomorrow are taken', async () => {
    await withinOneDay(async () => {
        const today = Date.parse(new Date().toISOString().slice(0, 10));
        const at = (ms) => view({ event_id: uuidv7(ms) });
        const events = [today - 7 * DAY_MS, today + 2 * DAY_MS - 1].map(at);
        assert.deepEqual(await send(events), { ...ACCEPTED, accepted: 2 });
        const beyond = [today - 7 * DAY_MS - 1, today + 2 * DAY_MS].map(at);
        assert.deepEqual(
            (await send(beyond)).rejected.map(({ pointer }) => pointer),
            ['/0/event_id', '/1/event_id'],
        );
    });
});

test('500 events in one request', async () => {
    const events = Array.from({ length: 500 }, () => view());
    assert.deepEqual(await send(events), { ...ACCEPTED, accepted: 500 });
});

test('a key with the scope backfill writes any day; its partitions are made', async () => {
    const made = await server.api('POST', '/keys', {
        name: 'import',
        kind: 'secret',
        role: 'viewer',
        scopes: ['backfill'],
    });
    assert.equal(made.status, 201, made.text);
    const key = made.body.token;
    const days = ['1970-01-01', '1999-12-31', '2008-03-20', '2024-02-29'];
    const who = visitor();
    const events = days.map((day) => {
        const ms = Date.parse(`${day}T12:00:00Z`);
        return {
            event_id: uuidv7(ms).replace(/^(.{14})7/, '$18'),
            visitor_id: who,
            name: 'page_view',
            ts: new Date(ms).toISOString(),
        };
    });
    await until(async () => (await server.events([], { key })).status === 202, 5_000, 'the key');
    const sent_at = '2001-01-01T00:00:00Z';
    let reply;
    await until(
        async () => (reply = await server.events({ sent_at, events }, { key })).status === 202,
        5_000,
        'the key',
    );
    assert.deepEqual(reply.body, { ...ACCEPTED, accepted: 4 });
    assert.deepEqual(await send({ events }, { key }), { accepted: 0, duplicate: 4, rejected: [] });
    const rows = server.rows(`select day, to_char(ts at time zone 'UTC', 'YYYY-MM-DD HH24') as ts,
            tableoid::regclass::text as place
        from visitor_event where visitor_id = '${who}' order by day`);
    assert.deepEqual(
        rows,
        days.map((day) => ({ day, ts: `${day} 12`, place: `visitor_event_${day.replaceAll('-', '')}` })),
    );
    const refused = await send({ events }, { key: server.clientKey });
    assert.equal(refused.rejected.length, 4, 'without the scope old days are refused');
});
