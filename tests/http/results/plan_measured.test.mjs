// SPDX-License-Identifier: GPL-3.0-or-later
// Plans over HTTP: the baseline of the environment's own visitors, worked out by hand, the same plan
// as on the command line, and what a wrong wish is answered with.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { startServer, uuidv7 } from '../lib/harness.mjs';
import { metePath } from '../lib/paths.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const DAY = 86_400_000;
const NOW = Date.now();
const plan = (body) => server.api('POST', '/plan', body);
const near = (actual, expected, tolerance = 1e-9) =>
    assert.ok(
        Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
        `${actual} is not ${expected}`,
    );

async function planned(body) {
    const reply = await plan(body);
    assert.equal(reply.status, 200, reply.text);
    return reply.body;
}

test('nothing measured yet: said so, and no plan made of it', async () => {
    const { measured, plan: made } = await planned({ metric: 'conversion_rate', uplift: 0.1 });
    assert.equal(measured.visitors, 0);
    assert.equal(measured.rate, null);
    assert.equal(measured.daily, null);
    assert.equal(made, null);
});

test('the same plan as on the command line', async () => {
    const { measured, plan: made } = await planned({ rate: 0.05, uplift: 0.1, daily: 4000 });
    const printed = execFileSync(
        metePath(),
        ['plan', '--rate', '0.05', '--uplift', '0.1', '--daily', '4000', '--json'],
        { encoding: 'utf8' },
    );
    assert.equal(measured, null);
    assert.deepEqual(made, JSON.parse(printed));
    assert.equal(made.visitors_per_variant, 31_234);
    assert.equal(made.weeks, 3);
    assert.equal(made.curve.length, 40);
});

test('the smallest effect by weeks is what is said to those who ask by days', async () => {
    const asked = [
        { rate: 0.05, uplift: 0.1 },
        { rate: 0.05, uplift: -0.1, test: 'always-valid', coverage: 0.5, variants: 3 },
        { mean: 10, sd: 4, difference: 1, test: 'group-sequential' },
    ];
    for (const wish of asked) {
        const { effects } = (await planned({ ...wish, daily: 400 })).plan;
        assert.deepEqual(
            effects.map(({ weeks }) => weeks),
            [1, 2, 3, 4, 5, 6, 8, 10, 12],
        );
        const { uplift, difference, ...where } = wish;
        for (const effect of effects) {
            const { plan: made } = await planned({ ...where, daily: 400, days: 7 * effect.weeks });
            assert.equal(effect.uplift, made.uplift);
            assert.equal(effect.difference, made.difference);
        }
        assert.deepEqual((await planned(wish)).plan.effects, [], `${uplift ?? difference}: no traffic is known`);
    }
});

test('an always-valid test ends the sooner the larger the true effect is', async () => {
    const wish = { rate: 0.05, uplift: 0.05, test: 'always-valid', daily: 4000 };
    const { stops, visitors } = (await planned(wish)).plan;
    assert.deepEqual(
        stops.map(({ times }) => times),
        [0.5, 1, 2, 4, 6, 10],
    );
    for (const [i, stop] of stops.entries()) {
        near(stop.uplift, 0.05 * stop.times);
        assert.equal(stop.days, Math.ceil(stop.visitors / 4000));
        assert.ok(i === 0 || stop.visitors < stops[i - 1].visitors);
    }
    assert.ok(stops[4].visitors < visitors / 25, 'a true +30 % is called soon');
    assert.deepEqual((await planned({ ...wish, test: 'fixed' })).plan.stops, []);
});

test('weeks with too few visitors for any effect are left out', async () => {
    const { effects } = (await planned({ rate: 0.9, uplift: 0.05, daily: 1 })).plan;
    assert.deepEqual(
        effects.find(({ weeks }) => weeks === 1),
        undefined,
    );
});

test('the baseline is what the visitors of the last days did', async () => {
    const events = [];
    const add = (visitor, name, days, properties = {}) =>
        events.push({
            visitor_id: visitor,
            name,
            event_id: uuidv7(NOW - days * DAY),
            ts: new Date(NOW - days * DAY).toISOString(),
            properties,
        });
    for (let i = 0; i < 40; i++) add(`v${i}`, 'page_view', 4);
    for (let i = 0; i < 10; i++)
        add(`v${i}`, 'purchase', 3, {
            value: 10 + i,
            currency: 'EUR',
            transaction_id: `t${i}`,
            items: [{ item_id: 'x', quantity: 2 }],
        });
    add('v0', 'purchase', 2, { value: 30, currency: 'EUR', transaction_id: 'more', items: [{ item_id: 'y' }] });
    const sent = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual(sent.body.rejected, []);

    const rate = (await planned({ metric: 'conversion_rate' })).measured;
    assert.equal(rate.visitors, 40);
    assert.equal(rate.sampled, 40);
    near(rate.rate, 0.25);
    /* Wilson's of 10 in 40. */
    near(rate.lower, 0.14187118639096302);
    near(rate.upper, 0.40193961420768026);
    near(rate.days, 4, 0.01);
    near(rate.daily, 10, 0.01);

    const spent = Array.from({ length: 40 }, (_, i) => (i === 0 ? 40 : i < 10 ? 10 + i : 0));
    const mean = spent.reduce((a, b) => a + b) / 40;
    const sd = Math.sqrt(spent.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 39);
    const revenue = (await planned({ metric: 'revenue_per_visitor' })).measured;
    near(revenue.mean, mean);
    near(revenue.sd, sd);
    /* Student's of 39 degrees of freedom. */
    near(revenue.lower, mean - (2.0226909200367604 * sd) / Math.sqrt(40));
    near(revenue.upper, mean + (2.0226909200367604 * sd) / Math.sqrt(40));

    // 175 over 11 orders; the spread of n - R d by visitor, over the orders of a visitor.
    const value = (await planned({ metric: 'average_order_value' })).measured;
    const ratio = 175 / 11;
    const rest = spent.map((x, i) => x - ratio * (i === 0 ? 2 : i < 10 ? 1 : 0));
    near(value.mean, ratio);
    near(value.sd, Math.sqrt(rest.reduce((sum, x) => sum + x * x, 0) / 39) / (11 / 40));
    near((await planned({ metric: 'items_per_order' })).measured.mean, 21 / 11);
});

test('a plan stands on the measured baseline and traffic, unless others are said', async () => {
    const own = (await planned({ metric: 'conversion_rate', uplift: 0.2, coverage: 0.5 })).plan;
    near(own.baseline, 0.25);
    assert.equal(
        own.days,
        Math.ceil(own.visitors / ((await planned({ metric: 'conversion_rate' })).measured.daily * 0.5)),
    );
    const said = (await planned({ metric: 'conversion_rate', uplift: 0.2, rate: 0.05, daily: 4000 })).plan;
    near(said.baseline, 0.05);
    assert.equal(said.days, Math.ceil(said.visitors / 4000));
    const seen = (await planned({ metric: 'conversion_rate', days: 28 })).plan;
    assert.ok(seen.difference > 0);
});

test('where there are too many events to read, a sample says the same', async () => {
    const events = Array.from({ length: 500 }, (_, i) => ({
        visitor_id: `many${i % 250}`,
        name: i < 250 ? 'page_view' : 'purchase',
        event_id: uuidv7(NOW - 1000),
        properties: { transaction_id: `m${i}`, value: 5, currency: 'EUR', filling: 'x'.repeat(600) },
    })).filter((event, i) => i < 250 || i % 5 === 0);
    await server.events({ events }, { key: server.secretKey });
    const whole = server.psql(`select round(sum(weight)), count(*) from recent_visitors(1, 28, 1000)`);
    const sample = server.psql(`select avg(s), min(c), max(c) from (select sum(weight) as s, count(*) as c
        from generate_series(1, 1000) g, lateral recent_visitors(1, 28, 3, g) group by g) x`);
    const [visitors, all] = whole.trim().split('|').map(Number);
    const [mean, , most] = sample.trim().split('|').map(Number);
    assert.equal(visitors, 290);
    assert.equal(all, 290);
    assert.ok(most < 290, `a sample of ${most}`);
    /* A mean of a thousand seeds: its standard deviation is 6. */
    near(mean, 290, 0.2);
});

test('who asks twice is told the same, also of a sample', async () => {
    const sample = (seed) =>
        server.psql(`select string_agg(visitor_id || weight, ',' order by visitor_id)
            from recent_visitors(1, 28, 3, ${seed})`);
    const samples = Array.from({ length: 20 }, (_, seed) => sample(seed));
    for (const [seed, first] of samples.entries()) assert.equal(sample(seed), first);
    assert.ok(new Set(samples).size > 1, 'another seed is another sample');
    const wish = { metric: 'conversion_rate', uplift: 0.1 };
    const first = await planned(wish);
    for (let i = 0; i < 10; i += 1) assert.deepEqual((await planned(wish)).measured.rate, first.measured.rate);
});

test('simulations, imports and bots are no visitors to plan with', async () => {
    const before = (await planned({ metric: 'conversion_rate' })).measured;
    const strangers = [
        ...['sim-demo-1-7-1', 'sim-demo-1-7-2', 'sim-an_other-12-3-99', 'sim-a-b-1-2-3'],
        ...['filed1', 'filed2', 'filed3', 'bot1', 'bot2', 'bot3'],
    ];
    const events = strangers.map((visitor_id) => ({ visitor_id, name: 'page_view', event_id: uuidv7(NOW - 5000) }));
    const sent = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual(sent.body.rejected, []);
    server.psql(`update visitor_event set marks = 1 where visitor_id like 'bot%';
        update visitor_event set visitor_id = 'import/7/' || visitor_id where visitor_id like 'filed%'`);
    const known = server.psql(`select count(*) from recent_visitors(1, 28, 1000) v
        where is_simulated(visitor_id) or is_imported(visitor_id) or visitor_id like 'bot%'`);
    assert.equal(known.trim(), '0');
    assert.equal((await planned({ metric: 'conversion_rate' })).measured.visitors, before.visitors);
});

test('a wrong wish is refused at its field', async () => {
    const wrong = [
        [{}, '/rate'],
        [{ rate: 2 }, '/rate'],
        [{ rate: 0.5, uplift: 2 }, '/uplift'],
        [{ rate: 0.5, days: 3 }, '/daily'],
        [{ mean: 1, uplift: 0.1 }, '/sd'],
        [{ metric: 'nothing' }, '/metric'],
        [{ rate: 0.5, uplift: 0.1, test: 'hopeful' }, '/test'],
        [{ rate: 0.5, uplift: 0.1, speed: 1 }, '/speed'],
        [{ rate: 0.5, uplift: 0.1, variants: 1 }, '/variants'],
    ];
    for (const [body, pointer] of wrong) {
        const reply = await plan(body);
        assert.equal(reply.status, 400, `${JSON.stringify(body)}: ${reply.text}`);
        assert.equal(reply.body.pointer, pointer);
    }
});
