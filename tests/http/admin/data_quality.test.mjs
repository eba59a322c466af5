// SPDX-License-Identifier: GPL-3.0-or-later
// What sites sent, by name and day, as the desk says it: against counts that the test makes of what it sent.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { noonZone, startServer, until, uuidv7 } from '../lib/harness.mjs';

const DAY = 86_400_000;
const NAMES_KEPT = 200;
const variants = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];

let server;
let now;
const { name: zone, dayOf } = noonZone();
const event = (visitor_id, name, ms, properties = {}) => ({
    event_id: uuidv7(ms),
    visitor_id,
    name,
    ts: new Date(ms).toISOString(),
    properties,
});

async function send(events) {
    const reply = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual([reply.status, reply.body.accepted], [202, events.length], reply.text);
}

async function read(query = '', total = null) {
    const ask = async () => (await server.api('GET', `/data-quality${query}`)).body;
    if (total !== null)
        await until(async () => (await ask()).total.event_count === total, 20_000, `${total} events to be counted`);
    return ask();
}

before(async () => {
    server = await startServer();
    const placed = await server.api('PATCH', '/environments/production', { time_zone: zone });
    assert.equal(placed.status, 200, placed.text);
    const made = await server.api('POST', '/campaigns', {
        key: 'c',
        name: 'C',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'conversion_rate' }],
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/c/start')).status, 200);
    await server.api('POST', '/environments', { key: 'staging' });
    now = Date.now();
});
after(() => server?.stop());

test('nothing was sent', async () => {
    const { days, ...rest } = await read('?days=3');
    assert.equal(days.length, 3);
    assert.equal(days[2], dayOf(Date.now()));
    const nothing = {
        event_count: 0,
        value_share: null,
        currency_share: null,
        unassigned_count: 0,
        last_seen_at: null,
        day_counts: [0, 0, 0],
    };
    assert.deepEqual(rest, { names: [], other: null, total: nothing });
});

test('events a day, with value, with currency, exposures to what there never was', async () => {
    const shown = (campaign) => ({ campaign, phase: 1, variant: 'a' });
    await send([
        event('v1', 'purchase', now - DAY, { value: 5, currency: 'EUR' }),
        event('v2', 'purchase', now, { value: 5 }),
        event('v3', 'purchase', now, { currency: 'EUR' }),
        event('v4', 'purchase', now, {}),
        event('v1', 'exposure', now, shown('c')),
        event('v2', 'exposure', now, shown('gone')),
        event('v3', 'exposure', now - DAY, shown('gone')),
    ]);
    const { days, names, other, total } = await read('?days=2', 7);
    assert.deepEqual(days, [dayOf(Date.now() - DAY), dayOf(Date.now())]);
    const purchase = names.find(({ name }) => name === 'purchase');
    assert.deepEqual(
        [purchase.event_count, purchase.value_share, purchase.currency_share, purchase.unassigned_count],
        [4, 0.5, 0.5, 0],
    );
    const exposure = names.find(({ name }) => name === 'exposure');
    assert.deepEqual([exposure.event_count, exposure.value_share, exposure.unassigned_count], [3, 0, 2]);
    assert.deepEqual(
        [purchase.day_counts, exposure.day_counts, total.day_counts],
        [
            [1, 3],
            [1, 2],
            [2, 5],
        ],
    );
    assert.equal(Date.parse(purchase.last_seen_at), now);
    assert.deepEqual(
        [other, names.map(({ name }) => name), total.unassigned_count],
        [null, ['purchase', 'exposure'], 2],
    );
    assert.equal((await read('?days=1')).total.event_count, 5);
    assert.equal((await read('?environment=staging')).total.event_count, 0, 'environments are apart');
    assert.equal((await read()).days.length, 14);
});

test('names beyond the bound are other', async () => {
    for (const visitor of ['many', 'others']) {
        await send(Array.from({ length: 150 }, (_, i) => event(visitor, `${visitor} ${i}`, now)));
        await send(Array.from({ length: 100 }, (_, i) => event(visitor, `${visitor} ${150 + i}`, now)));
    }
    const { names, other, total } = await read('?days=90', 507);
    assert.equal(names.length, NAMES_KEPT);
    assert.deepEqual(
        names.slice(0, 2).map(({ name }) => name),
        ['purchase', 'exposure'],
    );
    assert.equal(other.event_count, 507 - 7 - (NAMES_KEPT - 2));
    assert.equal(total.day_counts.length, 90);
});

test('wrong numbers of days are refused', async () => {
    for (const days of ['0', '91', '-1', 'x', '', '1.5', '99999999999999999999']) {
        const reply = await server.api('GET', `/data-quality?days=${days}`);
        assert.deepEqual([reply.status, reply.body.detail], [400, 'days must be a number from 1 to 90'], days);
    }
    assert.equal((await server.api('GET', '/data-quality', undefined, { key: null })).status, 401);
});
