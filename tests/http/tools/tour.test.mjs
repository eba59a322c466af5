// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way once, as the README walks it: a flag, a campaign, a decision, events, results.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const VISITORS = 40;

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const CAMPAIGN = {
    key: 'checkout',
    name: 'Checkout button',
    kind: 'experiment',
    variants: [
        { key: 'old', weight: 0.5, is_control: true, flags: { cta: 'Buy' } },
        { key: 'new', weight: 0.5, is_control: false, flags: { cta: 'Buy now' } },
    ],
    metrics: [
        { key: 'conversion_rate', role: 'primary' },
        { key: 'revenue_per_visitor', role: 'secondary' },
    ],
};

test('without a campaign there is nothing to decide', async () => {
    const { status, body } = await server.decide({ visitor_id: 'visitor-1' });
    assert.equal(status, 200);
    assert.deepEqual(body.decisions, []);
});

test('a campaign is defined and started', async () => {
    const flag = await server.api('POST', '/flags', { key: 'cta', type: 'string', default: 'Order' });
    assert.equal(flag.status, 201, flag.text);
    const made = await server.api('POST', '/campaigns', CAMPAIGN);
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.status, 'draft');
    const started = await server.api('POST', '/campaigns/checkout/start', {});
    assert.equal(started.status, 200, started.text);
    assert.equal(started.body.status, 'running');
    assert.equal(started.body.phase, 1);
});

const decisionFor = async (visitor) => (await server.decide({ visitor_id: visitor })).body;

test('visitors are allotted, each always to the same variant', async () => {
    await until(
        async () => (await decisionFor('visitor-1')).decisions.length === 1,
        10_000,
        'the campaign on the edge',
    );
    const first = [];
    for (let i = 0; i < VISITORS; i += 1) first.push(await decisionFor(`visitor-${i}`));
    for (const {
        decisions: [{ campaign, variant, reason, is_control }],
        flags,
    } of first) {
        assert.equal(campaign, 'checkout');
        assert.equal(reason, 'bucket');
        assert.equal(is_control, variant === 'old');
        assert.equal(flags.cta, variant === 'old' ? 'Buy' : 'Buy now');
    }
    assert.equal(new Set(first.map(({ decisions: [d] }) => d.variant)).size, 2);
    const again = await decisionFor('visitor-7');
    assert.equal(again.decisions[0].variant, first[7].decisions[0].variant);
});

test('explain tells each step', async () => {
    const { body } = await server.decide({ visitor_id: 'visitor-1' }, '?explain=1');
    const { trace } = body.decisions[0];
    const { bucket, ...last } = trace.at(-1);
    assert.deepEqual(last, { step: 'bucket', coverage: 1, passed: true });
    assert.ok(trace.length > 1 && Number.isInteger(bucket));
});

/* Each visitor sees the campaign; every second one buys for 10. */
async function eventsOf(i) {
    const {
        decisions: [{ phase, variant }],
    } = await decisionFor(`visitor-${i}`);
    const now = Date.now();
    const seen = {
        event_id: uuidv7(now - 2000),
        visitor_id: `visitor-${i}`,
        name: 'exposure',
        properties: { campaign: 'checkout', variant, phase },
    };
    const bought = {
        event_id: uuidv7(now),
        visitor_id: `visitor-${i}`,
        name: 'purchase',
        properties: { value: 10, currency: 'EUR', transaction_id: `order-${i}` },
    };
    return { variant, events: i % 2 === 0 ? [seen, bought] : [seen] };
}

test('events are counted, once each, in the results', async () => {
    const all = await Promise.all(Array.from({ length: VISITORS }, (_, i) => eventsOf(i)));
    const events = all.flatMap((one) => one.events);
    const reply = await server.events({ events });
    assert.deepEqual([reply.status, reply.body], [202, { accepted: events.length, duplicate: 0, rejected: [] }]);
    const again = await server.events({ events });
    assert.deepEqual(again.body, { accepted: 0, duplicate: events.length, rejected: [] });

    const expected = (key) => {
        const mine = all.filter(({ variant }) => variant === key);
        return { key, units: mine.length, bought: mine.filter((one) => one.events.length === 2).length };
    };
    const results = await until(
        async () => {
            const { body } = await server.api('GET', '/campaigns/checkout/results');
            return body.variants?.reduce((n, { units }) => n + units, 0) === VISITORS && body;
        },
        20_000,
        'the fold',
    );
    const [conversion, revenue] = ['conversion_rate', 'revenue_per_visitor'].map((key) =>
        results.metrics.find((metric) => metric.key === key),
    );
    for (const { key, units, bought } of [expected('old'), expected('new')]) {
        assert.equal(results.variants.find((v) => v.key === key).units, units);
        const ofKey = (metric) => metric.variants.find((v) => v.key === key);
        assert.ok(Math.abs(ofKey(conversion).value - bought / units) < 1e-12);
        assert.ok(Math.abs(ofKey(revenue).value - (10 * bought) / units) < 1e-9);
    }
    const effect = conversion.variants.find((v) => v.key === 'new').effect;
    assert.ok(effect.frequentist.p >= 0 && effect.frequentist.p <= 1);
    assert.ok(effect.bayesian.chance_to_win >= 0 && effect.bayesian.chance_to_win <= 1);
});

test('a stopped campaign decides nothing more', async () => {
    assert.equal((await server.api('POST', '/campaigns/checkout/stop', {})).status, 200);
    await until(
        async () => {
            const { decisions, flags } = await decisionFor('visitor-1');
            return (decisions.length === 0 || decisions[0].variant === null) && flags.cta === 'Order';
        },
        10_000,
        'the stop on the edge',
    );
});
