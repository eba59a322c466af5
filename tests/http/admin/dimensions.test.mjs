// SPDX-License-Identifier: GPL-3.0-or-later
// Dimensions: what results are broken down by is configuration, and a campaign keeps what it began with.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const PLAN = { key: 'plan', name: 'Plan', source: 'customer.plan', values: ['free', 'pro'] };

async function ok(status, method, path, body) {
    const reply = await server.api(method, path, body);
    assert.equal(reply.status, status, reply.text);
    return reply.body;
}

test('an environment begins with three, of which only the name can change', async () => {
    const { items } = await ok(200, 'GET', '/dimensions');
    assert.deepEqual(
        items.map(({ key, is_builtin: is }) => [key, is]),
        [
            ['country', true],
            ['device', true],
            ['visitor_type', true],
        ],
    );
    assert.equal((await ok(200, 'PATCH', '/dimensions/device', { name: 'Gerät' })).name, 'Gerät');
    for (const [change, pointer] of [
        [{ values: ['mobile'] }, '/values'],
        [{ source: 'screen' }, '/source'],
        [{ rest: 'x' }, '/rest'],
    ]) {
        const refused = await server.api('PATCH', '/dimensions/device', change);
        assert.deepEqual([refused.status, refused.body.pointer], [409, pointer]);
    }
    assert.equal((await server.api('DELETE', '/dimensions/device')).status, 409);
    await ok(201, 'POST', '/environments', { key: 'other' });
    assert.equal((await ok(200, 'GET', '/dimensions?environment=other')).items.length, 3);
});

const BAD = [
    [{ ...PLAN, key: 'all' }, '/key'],
    [{ ...PLAN, key: 'No key' }, '/key'],
    [{ ...PLAN, source: '.plan' }, '/source'],
    [{ key: 'plan', values: ['free'] }, '/source'],
    [{ ...PLAN, values: [] }, '/values'],
    [{ ...PLAN, values: ['free', 'free'] }, '/values'],
    [{ ...PLAN, values: Array.from({ length: 51 }, (_, i) => `v${i}`) }, '/values'],
    [{ ...PLAN, values: ['x'.repeat(101)] }, '/values/0'],
    [{ ...PLAN, values: ['free', ''] }, '/values/1'],
    [{ ...PLAN, kind: 'country' }, '/values'],
    [{ ...PLAN, kind: 'regex' }, '/kind'],
    [{ ...PLAN, rest: '' }, '/rest'],
    [{ ...PLAN, is_builtin: true }, '/is_builtin'],
];

for (const [body, pointer] of BAD) {
    test(`refused at ${pointer}: ${JSON.stringify(body).slice(0, 80)}`, async () => {
        const reply = await server.api('POST', '/dimensions', body);
        assert.deepEqual([reply.status, reply.body.pointer], [400, pointer], reply.text);
    });
}

test('one is made, changed, archived and brought back; a change is for the version it was made for', async () => {
    const made = await server.api('POST', '/dimensions', PLAN);
    assert.deepEqual([made.status, made.headers.location, made.body.rest], [201, '/api/v1/dimensions/plan', 'other']);
    assert.equal((await server.api('POST', '/dimensions', PLAN)).status, 409);
    const changed = await ok(200, 'PATCH', '/dimensions/plan', { values: ['free', 'pro', 'team'] });
    assert.deepEqual([changed.version, changed.values.length], [2, 3]);
    const stale = await server.api('PATCH', '/dimensions/plan', { name: 'x' }, { headers: { 'if-match': '"1"' } });
    assert.equal(stale.status, 412);
    await ok(204, 'DELETE', '/dimensions/plan');
    assert.equal((await server.api('GET', '/dimensions/plan')).status, 404);
    assert.deepEqual((await ok(201, 'POST', '/dimensions', PLAN)).values, ['free', 'pro']);
    const { items } = await ok(200, 'GET', '/audit?limit=4');
    assert.deepEqual(
        items.map((line) => line.action),
        ['dimension.create', 'dimension.delete', 'dimension.patch', 'dimension.create'],
    );
    assert.deepEqual([items[1].after, items[1].before.key], [null, 'plan']);
});

test('there are at most twenty of an environment', async () => {
    for (let i = 3; i < 20; i += 1) await ok(201, 'POST', '/dimensions?environment=other', { ...PLAN, key: `d${i}` });
    assert.equal((await server.api('POST', '/dimensions?environment=other', { ...PLAN, key: 'one-more' })).status, 409);
});

test('a campaign counts by those of its start, whatever becomes of them', async () => {
    const variants = [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5 },
    ];
    await ok(201, 'POST', '/campaigns', {
        key: 'shop',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'conversion_rate' }],
    });
    await ok(200, 'POST', '/campaigns/shop/start', {});
    await ok(204, 'DELETE', '/dimensions/plan');
    await ok(201, 'POST', '/dimensions', { ...PLAN, key: 'late' });
    await ok(200, 'PATCH', '/campaigns/shop', { audience: { country: { $exists: true } } });
    const { phases } = await ok(200, 'GET', '/campaigns/shop');
    const frozen = ['device', 'country', 'visitor_type', 'plan'];
    assert.deepEqual(
        phases.map((p) => p.dimensions),
        phases.map(() => frozen),
    );
    const plans = ['free', 'pro', 'pro', 'gold', 7, { a: 1 }, null, undefined];
    const events = plans.map((plan, i) => ({
        event_id: uuidv7(),
        visitor_id: `v${i}`,
        name: 'exposure',
        properties: {
            campaign: 'shop',
            phase: phases.length,
            variant: 'a',
            country: i ? 'de' : '1',
            customer: { plan },
        },
    }));
    assert.equal((await server.events(events, { key: server.secretKey })).body.accepted, events.length);
    const breakdown = async (key) => {
        const { metrics } = await ok(200, 'GET', `/campaigns/shop/results?dimension=${key}`);
        const cells = metrics.find((m) => m.key === 'conversion_rate').breakdown[key] ?? [];
        return Object.fromEntries(
            cells.map(({ value, variants: arms }) => [value, arms.find((arm) => arm.key === 'a').units]),
        );
    };
    const isCounted = async () =>
        Object.values(await breakdown('plan')).reduce((sum, n) => sum + n, 0) === plans.length;
    await until(isCounted, 20_000, 'all to be counted');
    assert.deepEqual(await breakdown('plan'), { free: 1, pro: 2, other: 3, unknown: 2 });
    assert.deepEqual(await breakdown('country'), { DE: 7, unknown: 1 });
    for (const key of ['late', 'nothing', 'all', 'No%20key']) {
        assert.equal((await server.api('GET', `/campaigns/shop/results?dimension=${key}`)).status, 400, key);
    }
});
