// SPDX-License-Identifier: GPL-3.0-or-later
// Events as they arrive, each with what it did to results, or why not: one by one, and against the sums.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const HOUR = 3_600_000;
const now = Date.now();
const variants = ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' }));
const METRICS = [
    { key: 'large', name: 'Large', kind: 'conversion', event: 'purchase', filter: { value: { $gte: 100 } } },
    { key: 'soon', name: 'Soon', kind: 'count', event: 'purchase', window_hours: 1 },
    { key: 'pieces', name: 'Pieces', kind: 'sum', event: 'purchase', value: 'items.quantity' },
];

let server;
const at = (hours) => now + hours * HOUR;
const event = (visitor_id, name, hours, properties = {}) => ({
    event_id: uuidv7(at(hours)),
    visitor_id,
    name,
    ts: new Date(at(hours)).toISOString(),
    properties,
});
const shown = (visitor, hours, more = {}) =>
    event(visitor, 'exposure', hours, { campaign: 'c', phase: 1, variant: 'a', ...more });
const bought = (visitor, hours, id, value = 120, more = {}) =>
    event(visitor, 'purchase', hours, { value, currency: 'EUR', transaction_id: id, ...more });

async function api(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

async function send(events) {
    const reply = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual([reply.status, reply.body.accepted], [202, events.length], reply.text);
}

const live = async (query = '') => (await api('GET', `/live-events${query}`)).items;
const isRead = (items) => items.every(({ effect }) => effect?.counts !== null);

/* "campaign what metrics" of each, or why. */
const said = ({ effect }) =>
    effect.why ?? effect.campaigns.map((c) => [c.campaign, c.what, ...c.metrics].join(' ')).join('; ');

async function saidOf(visitor) {
    const items = await until(
        async () => [await live(`?visitor=${visitor}`)].find((found) => found.length > 0 && isRead(found)),
        30_000,
        `the events of ${visitor} to be read`,
    );
    return new Map(items.map((item) => [item.event_id, item]));
}

before(async () => {
    server = await startServer();
    await api('PATCH', '/environments/production', { unit_events_per_day: 20 });
    for (const metric of METRICS) await api('POST', '/metrics', metric);
    await api('POST', '/campaigns', {
        key: 'c',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'conversion_rate' }, ...METRICS.map(({ key }) => ({ key }))],
    });
    await api('POST', '/campaigns', {
        key: 'd',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'add_to_basket_rate' }],
    });
    for (const key of ['c', 'd']) await api('POST', `/campaigns/${key}/start`);
});
after(() => server?.stop());

const ALL = 'c counted conversion_rate large pieces soon';
const huge = [9e14, 9e14].map((quantity, i) => ({ item_id: `i${i}`, quantity }));
/* [what one visitor did, what each of it did], by visitor. */
const CASES = {
    plain: [
        [shown('plain', -3), 'c exposed'],
        [bought('plain', -2.9, 'p1'), ALL],
        [event('plain', 'page_view', -2), 'c no_metric'],
    ],
    early: [
        [bought('early', -5, 'e1'), 'c before_exposure'],
        [shown('early', -4), 'c exposed'],
    ],
    unmet: [[bought('unmet', -1, 'u1'), 'not_exposed']],
    small: [
        [shown('small', -3), 'c exposed'],
        [bought('small', -2.5, 's1', 20), 'c counted conversion_rate pieces soon; c filtered large'],
    ],
    slow: [
        [shown('slow', -4), 'c exposed'],
        [bought('slow', -2, 'l1'), 'c after_window soon; c counted conversion_rate large pieces'],
    ],
    twice: [
        [shown('twice', -4), 'c exposed'],
        [bought('twice', -3.5, 't1'), ALL],
        [bought('twice', -3.4, 't1'), 'c duplicate_order'],
        [bought('twice', -3.3, 't2'), ALL],
    ],
    odd: [
        [shown('odd', -4), 'c exposed'],
        [bought('odd', -3.5, 'o1', 120, { items: huge }), 'c counted conversion_rate large soon; c no_amount pieces'],
    ],
    again: [
        [shown('again', -4), 'c exposed'],
        [shown('again', -3), 'c known'],
        [shown('again', -2, { variant: 'b' }), 'c crossover'],
    ],
    gone: [
        [shown('gone', -4, { campaign: 'never', phase: 3 }), 'unassigned'],
        [shown('gone', -4, { variant: 'b' }), 'c exposed'],
    ],
    both: [
        [shown('both', -4), 'c exposed'],
        [shown('both', -4, { campaign: 'd' }), 'd exposed'],
        [bought('both', -3.9, 'b1'), `${ALL}; d no_metric`],
        [event('both', 'add_to_cart', -3.8), 'c no_metric; d counted add_to_basket_rate'],
    ],
    back: [
        [shown('back', -4), 'c exposed'],
        [bought('back', -3.9, 'k1', 120, { items: [{ quantity: 2 }] }), ALL],
        [event('back', 'refund', -3.8, { transaction_id: 'k1' }), 'c counted pieces'],
    ],
};

test('what each event did', async () => {
    const events = Object.values(CASES).flatMap((rows) => rows.map(([one]) => one));
    /* The other way round: what an event did does not depend on when it came. */
    await send(events.filter(({ properties }) => properties.campaign !== 'never').reverse());
    const gone = CASES.gone[0][0];
    server.psql(storedSql(gone));
    for (const [visitor, rows] of Object.entries(CASES)) {
        const found = await saidOf(visitor);
        assert.equal(found.size, rows.length, visitor);
        for (const [one, expected] of rows) {
            const item = found.get(one.event_id);
            assert.equal(said(item), expected, `${visitor}: ${one.name} at ${one.ts}`);
            const counts = /exposed\b|counted|known|crossover/.test(expected) && expected !== 'not_exposed';
            assert.equal(item.effect.counts, counts, `${visitor}: ${expected}`);
            assert.deepEqual([item.is_refused, item.name, item.visitor_id], [false, one.name, visitor]);
        }
        const { items } = await api('GET', `/visitors/${visitor}/events`);
        for (const item of items)
            assert.deepEqual(item.effect, found.get(item.event_id).effect, 'the timeline says the same');
    }
});

/* An exposure that rules refuse today, as one that was ahead of its snapshot once. */
const storedSql = ({ event_id, visitor_id, ts, properties }) => `
    insert into visitor_event (slice, visitor_id, event_id, day, environment_id, name, ts, properties, writer, seq)
    values (slice_of('${visitor_id}'), '${visitor_id}', '${event_id}',
            (timestamptz '${ts}' at time zone 'UTC')::date, 1, 'exposure', '${ts}',
            '${JSON.stringify(properties)}', 1, -1)`;

test('what counts is what was summed', async () => {
    const rows = server.rows(`
        select o.unit_id as visitor, m.key as metric, o.numerator > 0 as is_there
        from outcome o join metric m on m.id = o.metric_id join campaign c on c.id = o.campaign_id
        where o.numerator > 0 and c.key = 'c'`);
    const summed = new Set(rows.map(({ visitor, metric }) => `${visitor} ${metric}`));
    const told = new Set();
    for (const visitor of Object.keys(CASES))
        for (const item of (await saidOf(visitor)).values())
            for (const { campaign, what, metrics } of item.effect.campaigns)
                if (campaign === 'c' && what === 'counted' && item.name === 'purchase')
                    for (const metric of metrics) told.add(`${visitor} ${metric}`);
    /* Sums of pieces are zero where no items were sent; those given back are gone. */
    const withoutPieces = (set) => [...set].filter((one) => !one.startsWith('back') && !one.endsWith(' pieces')).sort();
    assert.ok(withoutPieces(told).length > 10);
    assert.deepEqual(withoutPieces(told), withoutPieces(summed));
});

test('left out is counted once each, by reason and name', async () => {
    const omitted = async () =>
        (await api('GET', '/refusals')).items
            .filter(({ is_stored }) => is_stored)
            .map(({ reason, name, event_count }) => `${reason} ${name} ${event_count}`)
            .sort();
    await until(async () => (await omitted()).length >= 1, 20_000, 'the order that came twice');
    await send([bought('twice', -3.2, 't1'), bought('stranger', -1, 't1'), bought('stranger', -0.9, 'x1')]);
    await until(async () => (await omitted()).includes('duplicate_order purchase 2'), 20_000, 'the third time');
    assert.deepEqual(
        (await omitted()).filter((line) => line.startsWith('duplicate_order')),
        ['duplicate_order purchase 2'],
    );
});

test('who has more events than a person counts nowhere', async () => {
    await send([shown('machine', -4), ...Array.from({ length: 25 }, (_, i) => bought('machine', -3, `m${i}`))]);
    await until(
        async () => (await live('?visitor=machine')).some((item) => said(item) === 'c overflow'),
        30_000,
        'the limit',
    );
    const found = await saidOf('machine');
    assert.deepEqual([...new Set([...found.values()].map(said))].sort(), ['c exposed', 'c overflow']);
});

test('by name, only what does not count, and what was refused beside', async () => {
    const wrong = { ...bought('paid', -0.5, 'w1'), properties: { value: 5, currency: 'us' } };
    await server.events([wrong]);
    const refused = await until(
        async () => (await live('?visitor=paid')).find((item) => item.is_refused),
        10_000,
        'the sample',
    );
    assert.deepEqual(
        [refused.reason, refused.name, refused.visitor_id, refused.effect, JSON.parse(refused.properties)],
        ['invalid', 'purchase', 'paid', null, wrong],
    );
    assert.match(refused.detail, /must be three letters as in ISO 4217/);
    const purchases = await live('?name=purchase');
    assert.ok(purchases.length > 10 && purchases.every(({ name }) => name === 'purchase'));
    assert.ok(purchases.some((item) => item.is_refused));
    const lost = await live('?name=purchase&uncounted=1');
    assert.ok(lost.every((item) => item.is_refused || item.effect.counts === false));
    assert.ok(lost.some((item) => item.visitor_id === 'unmet'));
    assert.deepEqual(await live('?visitor=nobody'), []);
    await api('POST', '/environments', { key: 'staging' });
    assert.deepEqual(await live('?environment=staging'), [], 'environments are apart');
    await send(Array.from({ length: 150 }, () => event('crowd', 'page_view', 0)));
    const times = (await live()).map((item) => item.received_at);
    assert.equal(times.length, 100);
    assert.deepEqual(times, [...times].sort().reverse(), 'the last first');
});

test('what comes is shown before results have read it', async () => {
    process.kill(server.pids().worker, 'SIGSTOP');
    await send([event('new', 'page_view', 0)]);
    const [item] = await live('?visitor=new');
    assert.deepEqual([item.effect.counts, item.effect.why], [null, 'pending']);
    process.kill(server.pids().worker, 'SIGCONT');
    assert.equal(said([...(await saidOf('new')).values()][0]), 'not_exposed');
});

test('questions that are none are refused', async () => {
    for (const [query, sentence] of [
        ['?visitor=', /^visitor: /],
        [`?visitor=${'x'.repeat(257)}`, /^visitor: /],
        ['?name=', /^name: /],
        ['?uncounted=yes', /^uncounted must be 1/],
        ['?visitor=%00', /cannot be read/],
    ]) {
        const reply = await server.api('GET', `/live-events${query}`);
        assert.equal(reply.status, 400, query);
        assert.match(reply.body.detail, sentence);
    }
});
