// SPDX-License-Identifier: GPL-3.0-or-later
// Every rule of outcomes, one visitor a case, with numbers worked out by hand.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { FoldBase, assertSame, eventsSql } from '../lib/fold_base.mjs';
import { metePath } from '../lib/paths.mjs';

const START = Date.parse('2026-03-02T10:00:00Z');
const HOUR = 3_600_000;
const PHASE_END = 100;

const buy = (value, filter) => ({ event: 'purchase', value, filter: filter && { sql: filter } });
const shoes = '$.category == "shoes"';
const definitions = {
    bought: { kind: 'conversion', numerator: buy() },
    orders: { kind: 'count', numerator: buy() },
    few: { kind: 'count', numerator: buy(), cap: 2 },
    revenue: { kind: 'sum', numerator: buy('value'), scale: 100 },
    capped: { kind: 'sum', numerator: buy('value'), scale: 100, cap: 5000 },
    day: { kind: 'sum', numerator: buy('value'), scale: 100, windowHours: 24 },
    shoes: { kind: 'sum', numerator: buy('value', shoes), scale: 100 },
    average: { kind: 'mean', numerator: buy('value'), scale: 100 },
    items: { kind: 'mean', numerator: buy('items.quantity') },
    per_cart: { kind: 'ratio', numerator: buy('value'), denominator: { event: 'add_to_cart' }, scale: 100 },
    stars: { kind: 'sum', numerator: { event: 'rating', value: 'score.stars' }, scale: 1000000 },
    shown: { kind: 'count', numerator: { event: 'exposure' } },
    returns: { kind: 'count', numerator: { event: 'refund' } },
};
const metrics = Object.entries(definitions).map(([key, m], i) => ({ key, id: i + 1, ...m }));
const metricId = (key) => metrics.find((m) => m.key === key).id;
const world = {
    zones: { 1: 'Europe/Berlin', 2: 'UTC' },
    campaigns: [
        {
            id: 1,
            environment: 1,
            key: 'c',
            phases: [{ number: 1, variants: ['a', 'b'], endedAt: START + PHASE_END * HOUR }],
            metrics,
        },
    ],
};

const num = (n) => ({ milli: BigInt(Math.round(n * 1000)) });
const ordered = (value, id, more = {}) => ({ value: num(value), transaction_id: id, ...more });
const piece = (quantity) => (quantity === undefined ? {} : { quantity: num(quantity) });
const expose = (hour, variant = 'a', more = {}) => [hour, 'exposure', { campaign: 'c', phase: 1, variant, ...more }];
const purchase = (hour, value, id, more) => [hour, 'purchase', ordered(value, id, more)];
const refund = (hour, id, value) => [
    hour,
    'refund',
    { transaction_id: id, value: value === undefined ? value : num(value) },
];

/* [what, events around an exposure at hour 0, {metric: [numerator, denominator, the same before] or null}]; what
 * is not told of the time before is zero. */
const CASES = [
    ['nothing done', [], { bought: null, revenue: null, average: null }],
    ['one purchase', [purchase(1, 12.34)], { bought: [1, 0], orders: [1, 0], revenue: [1234, 0], average: [1234, 1] }],
    ['two purchases', [purchase(1, 10), purchase(2, 5)], { bought: [1, 0], orders: [2, 0], average: [1500, 2] }],
    [
        'before the exposure',
        [purchase(-1, 10)],
        { bought: [0, 0, 1, 0], revenue: [0, 0, 1000, 0], average: [0, 0, 1000, 1] },
    ],
    ['before and after', [purchase(-1, 10), purchase(1, 5)], { bought: [1, 0, 1, 0], revenue: [500, 0, 1000, 0] }],
    ['just 14 days before', [purchase(-336, 10)], { revenue: [0, 0, 1000, 0], day: [0, 0, 1000, 0] }],
    ['more than 14 days before', [purchase(-336.001, 10)], { revenue: null, bought: null }],
    [
        'other events more than 14 days before',
        [
            [-336.001, 'add_to_cart', {}],
            [-336, 'add_to_cart', {}],
        ],
        { per_cart: [0, 0, 0, 1] },
    ],
    [
        'before, the filter holds',
        [purchase(-1, 10), purchase(-2, 7, 'x', { category: 'shoes' })],
        { shoes: [0, 0, 700, 0] },
    ],
    [
        'before, the cap holds',
        [purchase(-1, 40), purchase(-2, 40)],
        { capped: [0, 0, 5000, 0], orders: [0, 0, 2, 0], bought: [0, 0, 1, 0] },
    ],
    [
        'before, an order told twice',
        [purchase(-3, 10, 't'), purchase(-2, 99, 't')],
        { orders: [0, 0, 1, 0], revenue: [0, 0, 1000, 0] },
    ],
    ['before, repeated from long before', [purchase(-400, 10, 't'), purchase(-2, 99, 't')], { orders: null }],
    [
        'before, a part refunded before',
        [purchase(-3, 10, 't'), refund(-2, 't', 4)],
        { revenue: [0, 0, 600, 0], returns: [0, 0, 1, 0] },
    ],
    ['before, refunded without order', [purchase(-3, 10, 't'), refund(-2, undefined, 4)], { revenue: [0, 0, 600, 0] }],
    [
        'before, refunded after: not known then',
        [purchase(-3, 10, 't'), refund(2, 't')],
        { revenue: [0, 0, 1000, 0], returns: [1, 0] },
    ],
    [
        'before, a ratio',
        [purchase(-3, 10), [-2, 'add_to_cart', {}], [2, 'add_to_cart', {}]],
        { per_cart: [0, 1, 1000, 1] },
    ],
    ['at the time of the exposure', [purchase(0, 10)], { bought: [1, 0], revenue: [1000, 0] }],
    ['just before the end of the phase', [purchase(99.999, 10)], { revenue: [1000, 0] }],
    ['at the end of the phase', [purchase(PHASE_END, 10)], { revenue: null, bought: null }],
    ['just inside the window', [purchase(23.999, 10)], { day: [1000, 0] }],
    ['at the end of the window', [purchase(24, 10)], { day: null, revenue: [1000, 0] }],
    ['half cents round away from zero', [purchase(1, 0.125)], { revenue: [13, 0] }],
    ['negative half cents too', [purchase(1, -0.125)], { revenue: [-13, 0] }],
    ['each purchase is rounded alone', [purchase(1, 0.004), purchase(2, 0.004)], { revenue: null, orders: [2, 0] }],
    ['a cap is for the unit', [purchase(1, 40), purchase(2, 40)], { capped: [5000, 0], revenue: [8000, 0] }],
    ['a cap on a count', [purchase(1, 1), purchase(2, 1), purchase(3, 1)], { few: [2, 0], orders: [3, 0] }],
    ['a filter', [purchase(1, 7, 'x', { category: 'shoes' }), purchase(2, 9, 'y')], { shoes: [700, 0] }],
    ['a value that is text', [[1, 'purchase', { value: '12' }]], { revenue: [1200, 0], average: [1200, 1] }],
    ['an amount that is text', [[1, 'purchase', { items: [{ quantity: '2' }, piece(3)] }]], { items: [5, 1] }],
    ['a text deep within', [[1, 'rating', { score: { stars: '-4' } }]], { stars: [-4000000, 0] }],
    ['an amount that is null', [[1, 'purchase', { items: [{ quantity: null }] }]], { items: [1, 1] }],
    ['a value that is null', [[1, 'purchase', { value: null }]], { revenue: null, orders: [1, 0] }],
    [
        'a refund whose value is null',
        [purchase(1, 10, 't'), [2, 'refund', { transaction_id: 't', value: null }]],
        { revenue: null },
    ],
    ['no value', [[1, 'purchase', {}]], { bought: [1, 0], revenue: null }],
    ['items', [[1, 'purchase', { items: [piece(2), piece(), 'sock'] }]], { items: [3, 1] }],
    ['no items', [[1, 'purchase', {}]], { items: [0, 1] }],
    ['a path of two steps', [[1, 'rating', { score: { stars: num(4.5) } }]], { stars: [4500000, 0] }],
    ['a ratio', [purchase(1, 10), [2, 'add_to_cart', {}], [3, 'add_to_cart', {}]], { per_cart: [1000, 2] }],
    ['a ratio without numerator', [[2, 'add_to_cart', {}]], { per_cart: [0, 1] }],
    ['an exposure is not its own outcome', [], { shown: null }],
    ['a second exposure is one', [expose(1)], { shown: [1, 0] }],
    ['an order told twice', [purchase(1, 10, 't'), purchase(2, 99, 't')], { orders: [1, 0], revenue: [1000, 0] }],
    ['an order of number and text', [purchase(1, 10, num(7)), purchase(2, 9, '7')], { orders: [1, 0] }],
    ['no order id', [purchase(1, 10, ''), purchase(2, 9, '')], { orders: [2, 0], revenue: [1900, 0] }],
    ['an order from before the exposure', [purchase(-5, 10, 't'), purchase(1, 10, 't')], { orders: [0, 0, 1, 0] }],
    ['from just 35 days before', [purchase(-840, 10, 't'), purchase(1, 10, 't')], { orders: null }],
    ['from more than 35 days before', [purchase(-840.1, 10, 't'), purchase(1, 10, 't')], { orders: [1, 0] }],
    ['the first tells the value', [purchase(1, 7, 't'), purchase(0.5, 9, 't')], { revenue: [900, 0] }],
    ['a part refunded', [purchase(1, 10, 't'), refund(2, 't', 4)], { revenue: [600, 0], orders: [1, 0] }],
    ['all refunded', [purchase(1, 10, 't'), refund(2, 't')], { revenue: null, bought: [1, 0], average: [0, 1] }],
    ['part, then all', [purchase(1, 10, 't'), refund(2, 't', 4), refund(3, 't')], { revenue: null }],
    [
        'refunded twice',
        [purchase(1, 10, 't'), refund(2, 't', 7), refund(3, 't', 7)],
        { revenue: null, returns: [2, 0] },
    ],
    [
        'an order never lowers another',
        [purchase(1, 10, 't'), purchase(2, 5, 'u'), refund(3, 't', 99)],
        { revenue: [500, 0] },
    ],
    ['a refund of nothing known', [purchase(1, 10, 't'), refund(2, 'other', 4)], { revenue: [1000, 0] }],
    [
        'a refund of an order before the exposure',
        [purchase(-1, 10, 't'), purchase(1, 5, 'u'), refund(2, 't', 4)],
        { revenue: [500, 0, 1000, 0] },
    ],
    ['a refund after the window', [purchase(1, 10, 't'), refund(25, 't', 4)], { day: [1000, 0], revenue: [600, 0] }],
    ['a refund after the phase', [purchase(1, 10, 't'), refund(PHASE_END, 't', 4)], { revenue: [1000, 0] }],
    ['a refund without order', [purchase(1, 10, 't'), refund(2, undefined, 4)], { revenue: [600, 0] }],
    ['too much without order', [purchase(1, 10, 't'), refund(2, undefined, 40)], { revenue: null, orders: [1, 0] }],
    ['a negative refund', [purchase(1, 10, 't'), refund(2, 't', -4)], { revenue: [1000, 0] }],
    [
        'a refund of an order the filter refuses',
        [purchase(1, 10, 't'), purchase(2, 5, 'u', { category: 'shoes' }), refund(3, 't', 4)],
        { shoes: [500, 0], revenue: [1100, 0] },
    ],
    [
        'items refunded with the order',
        [[1, 'purchase', { transaction_id: 't', items: [piece(3)] }], refund(2, 't')],
        { items: [0, 1] },
    ],
    [
        'money back, the items kept',
        [[1, 'purchase', { transaction_id: 't', items: [piece(3)] }], refund(2, 't', 1)],
        { items: [3, 1] },
    ],
    [
        'an item back',
        [purchase(1, 10, 't', { items: [piece(3)] }), [2, 'refund', { transaction_id: 't', items: [piece(1)] }]],
        { items: [2, 1], revenue: [1000, 0] },
    ],
    ['a cap after refunds', [purchase(1, 70, 't'), refund(2, 't', 30)], { capped: [4000, 0] }],
    ['marked as a bot', [[1, 'purchase', ordered(10), { marks: 1 }]], { bought: null }],
    ['in another environment', [[1, 'purchase', ordered(10), { environment: 2 }]], { bought: null }],
];

function makeEvent(visitor, place, [hour, name, properties, more = {}]) {
    const ts = START + Math.round(hour * HOUR);
    const hex = ts.toString(16).padStart(12, '0');
    const tail = place.toString(16).padStart(12, '0');
    const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${tail}`;
    return {
        visitor,
        id,
        day: new Date(ts).toISOString().slice(0, 10),
        environment: 1,
        name,
        ts,
        properties,
        marks: 0,
        ...more,
    };
}

/* The exposure comes first, or last: an event that was stored before it counts just the same. */
function eventsOf(isLate) {
    return CASES.flatMap(([, events], number) => {
        const all = isLate ? [...events, expose(0)] : [expose(0), ...events];
        return all
            .map((e) => makeEvent(`v${number}`, number * 10 + 5, e))
            .map((e, i) => ({ ...e, id: e.id.slice(0, -1) + i }));
    });
}

let base;
before(async () => {
    base = await FoldBase.create();
    base.createWorld(world, '2026-01-20', 60);
});
after(() => base.drop());

function outcome(number, key) {
    const row = base.sql(
        `select numerator, denominator, pre_numerator, pre_denominator
            from outcome where unit_id = 'v${number}' and metric_id = ${metricId(key)}`,
    );
    return row === '' ? null : row.split('|').map(Number);
}

function check(t) {
    return Promise.all(
        CASES.map(([what, , wanted], number) =>
            t.test(what, () => {
                for (const [key, sums] of Object.entries(wanted)) {
                    assert.deepEqual(outcome(number, key), sums && [...sums, 0, 0].slice(0, 4), key);
                }
            }),
        ),
    );
}

test('outcomes', async (t) => {
    base.sql(eventsSql(eventsOf(false), 1, 1));
    base.drain();
    await check(t);
});

test('outcomes, exposures stored last', async (t) => {
    base.sql('delete from visitor_event; delete from fold_cursor; select rebuild(array[1])');
    assert.equal(base.sql('select count(*) from exposure'), '0');
    base.sql(eventsSql(eventsOf(true), 2, 1));
    base.drain();
    await check(t);
});

const EXPOSURES = [
    ['the first variant counts', [expose(1, 'b'), expose(2, 'a')], 'b|1|DE'],
    ['one variant twice is no crossover', [expose(1, 'b'), expose(2, 'b')], 'b|0|DE'],
    ['equal times: the smaller id', [expose(1, 'b'), expose(1, 'a')], 'b|1|DE'],
    ['an unknown variant', [expose(1, 'x')], ''],
    ['an unknown phase', [[1, 'exposure', { campaign: 'c', phase: 7, variant: 'a' }]], ''],
    ['at the end of the phase', [expose(PHASE_END, 'a')], ''],
    ['a crossover after the end of the phase', [expose(1, 'a'), expose(PHASE_END, 'b')], 'a|0|DE'],
    ['marked as staff', [[...expose(1, 'b'), { marks: 2 }], expose(2, 'a')], 'a|0|DE'],
];

test('exposures', async (t) => {
    const rows = EXPOSURES.flatMap(([, list], n) =>
        list.map(([hour, name, p, more], i) =>
            makeEvent(`x${n}`, n * 10 + i, [hour, name, { ...p, country: 'de' }, more]),
        ),
    );
    base.sql(eventsSql(rows, 3, 1));
    base.drain();
    for (const [n, [what, , wanted]] of EXPOSURES.entries()) {
        await t.test(what, () => {
            const got = base.sql(
                `select variant, is_crossover::int, dimensions ->> 'country' from exposure where unit_id = 'x${n}'`,
            );
            assert.equal(got, wanted);
        });
    }
});

const view = (hour, more) => [hour, 'page_view', {}, more];

/* Whether anything was seen of a visitor in the 14 days before. */
const PASTS = [
    ['nothing', [], 0],
    ['a view before', [view(-1)], 1],
    ['a view at that time', [view(0)], 0],
    ['a view after it', [view(1)], 0],
    ['just 14 days before', [view(-336)], 1],
    ['more than 14 days before', [view(-336.001)], 0],
    ['a bot', [view(-1, { marks: 1 })], 0],
    ['in another environment', [view(-1, { environment: 2 })], 0],
    ['before another exposure that came earlier', [view(-20), expose(-10)], 1],
    ['before the second exposure only', [expose(-10), view(-5)], 0],
];

test('who has a past, whichever is stored first', async (t) => {
    const rows = (visitor) =>
        PASTS.map(([, list], n) => list.map((e, i) => makeEvent(`${visitor}${n}`, 900 + n * 10 + i, e)));
    const shown = (visitor) => PASTS.map((_, n) => makeEvent(`${visitor}${n}`, 909 + n * 10, expose(0)));
    const steps = [rows('p').flat(), shown('p'), shown('q'), rows('q').flat()];
    for (const [i, events] of steps.entries()) {
        base.sql(eventsSql(events, 3, 1000 + i * 100));
        base.drain();
    }
    for (const [n, [what, , wanted]] of PASTS.entries()) {
        await t.test(what, () => {
            const got = base.sql(`select has_past::int from exposure where unit_id in ('p${n}', 'q${n}')`);
            assert.equal(got, `${wanted}\n${wanted}`);
        });
    }
});

test('mete rebuild makes the same, and repairs', () => {
    const folded = base.tables();
    base.sql("update moment set sum_n = sum_n + 1; delete from exposure where unit_id = 'x0'; delete from outcome");
    const env = { ...process.env, METE_DATABASE_URL: base.cluster.url('mete_runtime', base.name) };
    const mete = (...args) =>
        execFileSync(metePath(), ['rebuild', ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const made = JSON.parse(mete('--campaign', 'c', '--json'));
    assert.deepEqual([made.campaigns, made.units, made.outcomes], [1, folded.exposure.length, folded.outcome.length]);
    assertSame(base.tables(), folded, 'the rebuild and the fold');
    assert.throws(() => mete('--campaign', 'nobody'), /there is no campaign "nobody"/);
});

test('the fold refuses a transaction that cannot see what others commit', () => {
    assert.throws(() => base.sql('begin isolation level repeatable read; select slice_step(1, 1)'));
    assert.throws(() => base.sql('begin isolation level serializable; select rebuild(array[1])'));
});
