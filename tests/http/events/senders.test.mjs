// SPDX-License-Identifier: GPL-3.0-or-later
// Events as servers send them: without ids or with those of another version, visitors by number, times in many forms.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startServer, until, withinOneDay } from '../lib/harness.mjs';

let server;
before(async () => {
    server = await startServer();
    const made = await server.api('POST', '/campaigns', {
        key: 'seen',
        name: 'Seen',
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate' }],
        variants: ['1', '2'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0 })),
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/seen/start', {})).status, 200);
    await until(async () => (await decided('v')) !== undefined, 10_000, 'the campaign');
});
after(() => server?.stop());

async function decided(visitor_id) {
    const { status, body, text } = await server.decide({ visitor_id });
    assert.equal(status, 200, text);
    return body.decisions[0];
}

async function send(body, key = server.secretKey) {
    const { status, body: reply, text } = await server.events(body, { key });
    assert.equal(status, 202, text);
    return reply;
}

const stored = (visitor_id) =>
    server.rows(`select event_id, day, name, properties, extract(epoch from ts)::float8 as s
        from visitor_event where visitor_id = '${visitor_id}' order by ts, event_id`);

test('without an id what says the same is stored once, from whatever key', async () => {
    const ts = new Date(Date.now() - 60_000).toISOString();
    const purchase = { visitor_id: 'd-1', name: 'purchase', ts, properties: { value: 20, transaction_id: 'o-1' } };
    const reordered = { ...purchase, properties: { transaction_id: 'o-1', value: 20 } };
    assert.deepEqual(await send(purchase), { accepted: 1, duplicate: 0, rejected: [] });
    assert.deepEqual(await send([purchase, reordered]), { accepted: 0, duplicate: 2, rejected: [] });
    assert.deepEqual(await send(purchase, server.clientKey), { accepted: 0, duplicate: 1, rejected: [] });
    const others = [
        { ...purchase, ts: new Date(Date.parse(ts) + 1).toISOString() },
        { ...purchase, name: 'add_to_cart' },
        { ...purchase, properties: { value: 21, transaction_id: 'o-1' } },
    ];
    assert.deepEqual(await send(others), { accepted: 3, duplicate: 0, rejected: [] });
    assert.equal(stored('d-1').length, 4);
});

test('its sender may correct the clock: the id stays', async () => {
    const event = { visitor_id: 'd-2', name: 'login', ts: new Date(Date.now() - 7_200_000).toISOString() };
    const at = (ms) => ({ sent_at: new Date(Date.now() - ms).toISOString(), events: [event] });
    assert.equal((await send(at(7_200_000))).accepted, 1);
    assert.equal((await send(at(0))).duplicate, 1);
});

async function checkVersions() {
    const visitor_id = `u-${randomUUID()}`;
    const today = new Date().toISOString().slice(0, 10);
    const ids = [1, 2, 3, 4, 5, 6, 7].map((version) => {
        const ms = version === 7 ? Date.now().toString(16).padStart(12, '0') : '9f1c2d3e0000';
        return `${ms.slice(0, 8)}-${ms.slice(8)}-${version}000-8000-${randomUUID().slice(24)}`;
    });
    ids.push(randomUUID().replaceAll('-', ''), randomUUID().toUpperCase());
    const events = ids.map((event_id) => ({ event_id, visitor_id, name: 'view' }));
    assert.deepEqual(await send(events), { accepted: ids.length, duplicate: 0, rejected: [] });
    assert.deepEqual(await send(events), { accepted: 0, duplicate: ids.length, rejected: [] });
    const { rejected, duplicate } = await send(events, server.clientKey);
    assert.deepEqual([duplicate, rejected.map(({ index }) => index)], [4, [0, 1, 2, 4, 5]]);
    for (const row of stored(visitor_id)) assert.ok(row.day >= today, 'it is of the day it came');
}

test('ids of other versions: of servers all of them, of anybody what cannot be guessed', () =>
    withinOneDay(checkVersions));

test('a visitor by number is the one of its digits, in decisions too', async () => {
    for (const [number, text] of [
        ['4711', '4711'],
        ['9007199254740993', '9007199254740993'],
        ['9223372036854775807', '9223372036854775807'],
        ['4712.0', '4712'],
    ]) {
        const variants = [];
        for (const id of [number, `"${text}"`]) {
            const { status, body } = await server.edge.request('POST', '/v1/decide', `{"visitor_id":${id}}`);
            assert.deepEqual([status, body.visitor_id], [200, text]);
            variants.push(body.decisions[0].variant);
        }
        assert.equal(variants[0], variants[1]);
        const properties = `{"campaign":"seen","variant":${variants[0]}}`;
        const exposed = `{"visitor_id":${number},"name":"exposure","properties":${properties}}`;
        const { body } = await server.events(exposed);
        assert.equal(body.accepted, 1, JSON.stringify(body));
        assert.deepEqual(
            stored(text).map(({ properties }) => properties),
            [{ campaign: 'seen', variant: variants[0], phase: 1 }],
        );
    }
    for (const id of ['1.5', '18446744073709551617', '9007199254740993.0', 'true', '0']) {
        const { body } = await server.events(`{"visitor_id":${id},"name":"view"}`);
        assert.equal(body.rejected[0]?.pointer, '/visitor_id', id);
        if (id === '0') continue;
        const { status } = await server.edge.request('POST', '/v1/decide', `{"visitor_id":${id}}`);
        assert.equal(status, 400, id);
    }
});

test('times as senders write them', async () => {
    const s = Math.floor(Date.now() / 1000) - 3600;
    const [date, time] = new Date(s * 1000).toISOString().slice(0, 19).split('T');
    const written = [
        s,
        String(s),
        s * 1000,
        String(s * 1000),
        s * 1e6,
        s + 0.0,
        `${date}T${time}Z`,
        `${date} ${time}+0000`,
        `${date} ${time}.000000 +00:00`,
        `${date} ${time} UTC`,
        `${date}T${time},000Z`,
        `${date}T${time}+00`,
    ];
    for (const [i, ts] of written.entries()) {
        const reply = await send({ sent_at: Date.now(), events: [{ visitor_id: `t-${i}`, name: 'view', ts }] });
        assert.equal(reply.accepted, 1, `${ts}: ${JSON.stringify(reply)}`);
        assert.deepEqual(
            stored(`t-${i}`).map((row) => row.s),
            [s],
            `${ts}`,
        );
    }
    for (const ts of [`${date}T${time}`, 'today', 17, -s, true, `${date} ${time} PST`]) {
        const { rejected } = await send({ visitor_id: 't', name: 'view', ts });
        assert.match(`${rejected[0]?.pointer} ${rejected[0]?.detail}`, /^\/ts must be a time with its offset/, `${ts}`);
        assert.equal((await server.events({ sent_at: ts, events: [] })).status, 400, `${ts}`);
    }
});

test('the description tells of it', async () => {
    const { body } = await server.edge.request('GET', '/v1/openapi.json');
    const schema = body.paths['/v1/events'].post.requestBody.content['application/json'].schema;
    const event = schema.properties.events.items.properties;
    assert.match(event.event_id.description, /derived from what the event says/);
    assert.match(event.ts.description, /milliseconds/);
    assert.match(event.visitor_id.description, /whole number/);
});
