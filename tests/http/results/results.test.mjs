// SPDX-License-Identifier: GPL-3.0-or-later
// From events sent over HTTP to the results document: numbers worked out by hand, phases apart,
// breakdown, looks, metrics of one's own, and what a wrong question is answered with.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { noonZone, startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
before(async () => {
    server = await startServer();
    await expect(200, server.api('PATCH', '/environments/production', { time_zone: noonZone().name }));
});
after(() => server?.stop());

const near = (actual, expected, what) =>
    assert.ok(Math.abs(actual - expected) < 1e-9, `${what}: ${actual} is not ${expected}`);

const NOW = Date.now();
const at = (minutes) => ({ event_id: uuidv7(NOW - 3_600_000 + minutes * 60_000) });
const seen = (visitor, variant, more = {}) => ({
    visitor_id: visitor,
    name: 'exposure',
    ...at(0),
    properties: { campaign: 'shop', variant, phase: 1, ...more },
});
const did = (visitor, name, minutes, properties = {}) => ({ visitor_id: visitor, name, ...at(minutes), properties });
const order = (visitor, minutes, value, id, quantity = 1) =>
    did(visitor, 'purchase', minutes, {
        value,
        currency: 'EUR',
        transaction_id: id,
        items: [{ item_id: 'x', quantity }],
    });

const METRICS = [
    { key: 'big_orders', kind: 'count', event: 'purchase', filter: { value: { $gte: 50 } } },
    { key: 'quick_revenue', kind: 'sum', event: 'purchase', value: 'value', window_hours: 1 },
    { key: 'capped_revenue', kind: 'sum', event: 'purchase', value: 'value', cap: 25 },
    { key: 'pages_per_cart', kind: 'ratio', numerator: { event: 'page_view' }, denominator: { event: 'add_to_cart' } },
];
const BUILT_IN = [
    'conversion_rate',
    'add_to_basket_rate',
    'average_order_value',
    'revenue_per_visitor',
    'items_per_order',
];

async function expect(status, promise) {
    const reply = await promise;
    assert.equal(reply.status, status, reply.text);
    return reply.body;
}

const results = (query = '') => expect(200, server.api('GET', `/campaigns/shop/results${query}`));

/* The results when everything sent so far is in them. */
async function settled(query = '', units = undefined) {
    return until(
        async () => {
            const document = await results(query);
            const isWhole = document.health.fold.lag_events === 0 && document.metrics.every((m) => m.status === 'ok');
            const count = document.variants.reduce((sum, v) => sum + v.units, 0);
            return isWhole && (units === undefined || count === units) && document;
        },
        20_000,
        'the fold to be done',
    );
}

async function send(events) {
    const body = await expect(202, server.events({ events }, { key: server.secretKey }));
    assert.deepEqual(body.rejected, []);
    return body;
}

const metric = (document, key) => document.metrics.find((m) => m.key === key);
const arm = (document, key, variant) => metric(document, key).variants.find((v) => v.key === variant);

test('a campaign with built-in metrics and metrics of its own runs', async () => {
    for (const definition of METRICS)
        await expect(201, server.api('POST', '/metrics', { name: definition.key, ...definition }));
    const campaign = {
        key: 'shop',
        name: 'Shop',
        kind: 'experiment',
        variants: [
            { key: 'a', weight: 0.5, is_control: true },
            { key: 'b', weight: 0.5 },
        ],
        metrics: [...BUILT_IN, ...METRICS.map((m) => m.key)].map((key) => ({ key })),
    };
    await expect(201, server.api('POST', '/campaigns', campaign));
    await expect(200, server.api('POST', '/campaigns/shop/start', {}));
    const empty = await settled();
    assert.equal(empty.control, 'a');
    for (const time of [empty.as_of, empty.started_at, empty.phases[0].started_at]) assert.match(time, /^2\d{3}-.*Z$/);
    assert.equal(arm(empty, 'conversion_rate', 'b').effect.frequentist.status, 'no_data');
    assert.equal(arm(empty, 'conversion_rate', 'b').effect.frequentist.p, null);
});

test('sums, rates and ratios are those worked out by hand', async () => {
    await send([
        ...['a1', 'a2', 'a3', 'a4'].map((v, i) =>
            seen(v, 'a', { device: i < 2 ? 'mobile' : 'desktop', country: 'de', visitor_type: 'new' }),
        ),
        ...['b1', 'b2', 'b3'].map((v) => seen(v, 'b', { device: 'mobile', country: 'AT', visitor_type: 'returning' })),
        order('a1', 10, 20, 'o1', 2),
        order('a1', 11, 30.5, 'o2'),
        order('a1', 12, 30.5, 'o2'),
        order('a2', 10, 60, 'o3', 3),
        did('a2', 'refund', 20, { transaction_id: 'o3', value: 10.25 }),
        order('b1', 10, 100, 'o4'),
        order('b2', 10, 40, 'o5'),
        did('b2', 'refund', 11, { transaction_id: 'o5' }),
        order('b3', -10, 70, 'o6'),
        did('a1', 'page_view', 1),
        did('a1', 'page_view', 2),
        did('a1', 'add_to_cart', 3),
        did('b1', 'page_view', 1),
        did('b1', 'add_to_cart', 3),
        did('b1', 'add_to_cart', 4),
        order('b1', 59, 50, 'o7'),
    ]);
    const document = await settled('', 7);
    const value = (key, variant) => arm(document, key, variant).value;
    near(value('conversion_rate', 'a'), 2 / 4, 'conversion a');
    near(value('conversion_rate', 'b'), 2 / 3, 'conversion b');
    near(value('add_to_basket_rate', 'a'), 1 / 4, 'basket a');
    near(arm(document, 'revenue_per_visitor', 'a').sum, 20 + 30.5 + 49.75, 'revenue a');
    near(arm(document, 'revenue_per_visitor', 'b').sum, 150, 'revenue b');
    near(value('revenue_per_visitor', 'b'), 150 / 3, 'revenue per visitor b');
    near(value('average_order_value', 'a'), 100.25 / 3, 'AOV a');
    near(value('average_order_value', 'b'), 150 / 3, 'AOV b: a refunded order stays an order');
    near(value('items_per_order', 'a'), (2 + 1 + 3) / 3, 'items a');
    near(arm(document, 'big_orders', 'a').sum, 1, 'big orders a');
    near(arm(document, 'big_orders', 'b').sum, 2, 'big orders b');
    near(arm(document, 'capped_revenue', 'a').sum, 25 + 25, 'capped a');
    near(value('pages_per_cart', 'a'), 2, 'pages per cart a');
    near(value('pages_per_cart', 'b'), 1 / 2, 'pages per cart b');
    /* no cohort day has ended an hour ago */
    assert.equal(arm(document, 'quick_revenue', 'a').units, 0);
    assert.equal(document.health.srm.status, 'ok');
});

test('everything can be recomputed from the raw sums', async () => {
    const document = await settled();
    const { raw, value, se } = arm(document, 'revenue_per_visitor', 'a');
    const n = raw.n;
    const mean = Number(raw.sum_n) / n / raw.scale;
    const variance = (Number(raw.sum_nn) / raw.scale ** 2 - n * mean * mean) / (n - 1);
    near(value, mean, 'mean');
    near(se, Math.sqrt(variance / n), 'standard error');
});

test('the breakdown adds up to the whole', async () => {
    const document = await settled('?dimension=device');
    const { device } = metric(document, 'revenue_per_visitor').breakdown;
    assert.deepEqual(
        device.map((d) => d.value),
        ['desktop', 'mobile'],
    );
    const [desktop, mobile] = device.map((d) => d.variants.find((v) => v.key === 'a'));
    assert.equal(desktop.units, 2);
    near(desktop.sum, 0, 'desktop a');
    near(mobile.sum, 100.25, 'mobile a');
    const countries = metric(await settled('?dimension=country'), 'conversion_rate').breakdown.country;
    assert.deepEqual(
        countries.map((d) => d.value),
        ['AT', 'DE'],
    );
    const types = metric(await settled('?dimension=visitor_type'), 'conversion_rate').breakdown.visitor_type;
    assert.deepEqual(
        types.map((d) => [d.value, d.variants[0].units]),
        [
            ['new', 4],
            ['returning', 0],
        ],
    );
});

test('a look is stored when a day closes, and later arrivals do not rewrite it', async () => {
    await settled();
    const close = () => server.psql("select look_close(now() + interval '1 day', 10)").trim() === '1';
    await until(close, 10_000, 'a moment in which the worker does not fold');
    await send([did('a3', 'add_to_cart', 30)]);
    const document = await until(
        async () => {
            const d = await settled();
            return arm(d, 'add_to_basket_rate', 'a').sum === 2 && d;
        },
        10_000,
        'the late event in the results',
    );
    assert.equal(document.looks.length, 1);
    const look = document.looks[0].metrics.find((m) => m.key === 'add_to_basket_rate').variants;
    near(look.find((v) => v.key === 'a').value, 1 / 4, 'the look of then');
    assert.ok('p' in look.find((v) => v.key === 'b'));
    assert.deepEqual(look.find((v) => v.key === 'b').sequential, {
        status: 'insufficient_data',
        p: null,
        uplift_interval: null,
    });
});

test('a change of weights opens a phase that results keep apart', async () => {
    const changed = await expect(
        200,
        server.api('PATCH', '/campaigns/shop', {
            variants: [
                { key: 'a', weight: 0.2, is_control: true },
                { key: 'b', weight: 0.8 },
            ],
        }),
    );
    assert.equal(changed.phase, 2);
    await send([{ ...seen('n1', 'b'), event_id: uuidv7(), properties: { campaign: 'shop', variant: 'b', phase: 2 } }]);
    const second = await settled('', 1);
    assert.equal(second.phase, 2);
    assert.deepEqual(
        second.variants.map((v) => [v.units, v.weight]),
        [
            [0, 0.2],
            [1, 0.8],
        ],
    );
    const first = await settled('?phase=1', 7);
    near(arm(first, 'revenue_per_visitor', 'b').sum, 150, 'phase 1 stands');
});

test('two variants seen: a crossover, counted where it was first', async () => {
    await send([
        { ...seen('x1', 'a'), event_id: uuidv7(NOW), properties: { campaign: 'shop', variant: 'a', phase: 2 } },
        { ...seen('x1', 'b'), event_id: uuidv7(NOW + 1000), properties: { campaign: 'shop', variant: 'b', phase: 2 } },
    ]);
    const document = await settled('', 2);
    assert.deepEqual(
        document.variants.map((v) => [v.units, v.crossovers]),
        [
            [1, 1],
            [1, 0],
        ],
    );
    assert.ok(document.health.warnings.includes('crossovers'));
});

test('what cannot be asked is refused with a sentence', async () => {
    for (const [status, path] of [
        [404, '/campaigns/none/results'],
        [404, '/campaigns/shop/results?phase=9'],
        [400, '/campaigns/shop/results?phase=0'],
        [400, '/campaigns/shop/results?phase=x'],
        [400, '/campaigns/shop/results?phase=%2B1'],
        [400, '/campaigns/shop/results?phase=1000001'],
        [400, '/campaigns/shop/exposures?phase=%2B1'],
        [400, '/campaigns/shop/exposures?phase=1000001'],
        [400, '/campaigns/shop/results?dimension=shoe_size'],
        [400, '/campaigns/shop/results?dimension=%zz'],
    ]) {
        const body = await expect(status, server.api('GET', path));
        assert.ok(body.detail.length > 10, path);
    }
});
