// SPDX-License-Identifier: GPL-3.0-or-later
// What results leave out is said: visitors with more events than a person, events whose numbers are out of bounds.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const NOISY = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
const NOW = Date.now() - 3_600_000;
const variants = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];
const event = (visitor_id, name, properties = {}) => ({
    event_id: uuidv7(NOW),
    visitor_id,
    name,
    ts: new Date(NOW).toISOString(),
    properties,
});
const seen = (visitor) => event(visitor, 'exposure', { campaign: 'c', phase: 1, variant: 'a' });
const bought = (visitor, ...quantities) =>
    event(visitor, 'purchase', {
        value: 5,
        currency: 'EUR',
        transaction_id: visitor,
        items: quantities.map((quantity) => ({ item_id: 'x', quantity })),
    });

let server;
async function make(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
}

/* Times stand behind the campaign's start: the secret key may send them. */
async function send(events) {
    const { status, body, text } = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual([status, body.accepted], [202, events.length], text);
}

const results = async (units) =>
    until(
        async () => {
            const { body } = await server.api('GET', '/campaigns/c/results');
            const count = body.variants[0].units + body.health.overflow.units;
            return body.health.fold.lag_events === 0 && count === units && body;
        },
        20_000,
        `${units} visitors in the results`,
    );

before(async () => {
    server = await startServer();
    await make('PATCH', '/environments/production', { unit_events_per_day: 20 });
    await make('POST', '/metrics', {
        key: 'units_sold',
        name: 'Units sold',
        kind: 'sum',
        event: 'purchase',
        value: 'items.quantity',
    });
    await make('POST', '/campaigns', {
        key: 'c',
        name: 'C',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'add_to_basket_rate' }, { key: 'units_sold' }],
    });
    await make('POST', '/campaigns/c/start');
});
after(() => server?.stop());

test('nothing is left out', async () => {
    await send([seen('calm'), event('calm', 'add_to_cart', { value: 1, currency: 'EUR' }), bought('calm', 2)]);
    const { health } = await results(1);
    assert.deepEqual([health.overflow, health.invalid], [{ units: 0, examples: [] }, []]);
    assert.doesNotMatch(await server.mete(['results', 'c']), /left out/);
});

test('visitors that overflow are counted, and at most five are named', async () => {
    for (const visitor of NOISY) {
        await send([
            seen(visitor),
            ...Array.from({ length: 21 }, () => event(visitor, 'add_to_cart', { value: 1, currency: 'EUR' })),
        ]);
    }
    const {
        health,
        variants: [a],
    } = await results(1 + NOISY.length);
    assert.deepEqual([a.units, health.overflow], [1, { units: NOISY.length, examples: NOISY.slice(0, 5) }]);
    assert.match(
        await server.mete(['results', 'c']),
        /^6 visitors are left out, since they have more events than a person: n1, n2, n3, n4, n5, …$/m,
    );
    const flags = async (visitor) =>
        (await server.api('GET', `/visitors/${visitor}`)).body.exposures.map((x) => x.is_overflowing);
    assert.deepEqual([await flags('n6'), await flags('calm')], [[true], [false]]);
});

test('events whose numbers are out of bounds are counted by metric', async () => {
    await send([seen('huge'), bought('huge', 9e14, 9e14)]);
    const { health, metrics } = await results(2 + NOISY.length);
    assert.deepEqual(health.invalid, [{ metric: 'units_sold', events: 1 }]);
    assert.equal(metrics.find(({ key }) => key === 'units_sold').variants[0].sum, 2);
    assert.match(
        await server.mete(['results', 'c']),
        /^1 events are left out of units_sold: their numbers are out of bounds$/m,
    );
});

test('another limit is applied to those who were counted before', async () => {
    const health = async () => (await server.api('GET', '/campaigns/c/results')).body.health;
    for (const [limit, units] of [
        [100, 0],
        [20, NOISY.length],
        [1, NOISY.length + 1],
    ]) {
        await make('PATCH', '/environments/production', { unit_events_per_day: limit });
        await until(async () => (await health()).overflow.units === units, 20_000, `the limit ${limit}`);
        await until(() => server.psql('select count(*) from sweep_due') === '0', 20_000, 'the fold to go over all');
    }
    await make('PATCH', '/environments/production', { unit_events: 1, unit_events_per_day: 1000 });
    await until(() => server.psql('select count(*) from sweep_due') === '0', 20_000, 'the fold to go over all');
    assert.equal((await health()).overflow.units, NOISY.length + 1, 'calm has two events');
    for (const [path, value] of [
        ['unit_events', 0],
        ['unit_events_per_day', 'many'],
        ['early_exposures', -1],
    ]) {
        const { status, body } = await server.api('PATCH', '/environments/production', { [path]: value });
        assert.deepEqual([status, body.errors?.[0]?.pointer ?? body.pointer], [400, `/${path}`]);
    }
});
