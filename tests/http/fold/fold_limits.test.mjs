// SPDX-License-Identifier: GPL-3.0-or-later
// What one unit, one event or one number can do to results: nothing. Units over a limit are left out, whatever the
// order in which their events came; numbers that are no amounts are left out and counted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FoldBase, assertSame, eventsSql, phaseSql } from '../lib/fold_base.mjs';

const FIRST = Date.parse('2026-03-02T10:00:00Z');
const HOUR = 3_600_000;
const sum = { id: 1, kind: 'sum', numerator: { event: 'purchase', value: 'items.quantity' }, scale: 1 };
const count = { id: 2, kind: 'count', numerator: { event: 'click' } };
const phase = { number: 1, variants: ['a', 'b'], endedAt: null, startedAt: FIRST };
const campaign = { id: 1, environment: 1, key: 'c', phases: [phase], metrics: [sum, count] };

let base;
let place = 0;
before(async () => {
    base = await FoldBase.create();
    base.createWorld({ zones: { 1: 'UTC' }, campaigns: [campaign] }, '2026-02-25', 30);
    permit({ unit_events_per_day: 20, unit_events: 50 });
});
after(() => base.drop());

const permit = (limits) => base.sql(`update environment set document = document || '${JSON.stringify(limits)}'`);

function event(visitor, hours, name, properties) {
    const ts = FIRST + hours * HOUR;
    place += 1;
    const id = `00000000-0000-7000-8000-${String(place).padStart(12, '0')}`;
    return {
        visitor,
        id,
        day: new Date(ts).toISOString().slice(0, 10),
        environment: 1,
        name,
        ts,
        properties,
        marks: 0,
    };
}

const exposure = (visitor) => event(visitor, 0, 'exposure', { campaign: 'c', phase: 1, variant: 'a' });
const clicks = (visitor, number, every) =>
    Array.from({ length: number }, (_, i) => event(visitor, 1 + i * every, 'click', {}));
let seq = 1;
const store = (events) => {
    base.sql(eventsSql(events, 1, seq));
    seq += events.length;
    base.drain();
};
const overflowing = () => base.sql("select string_agg(unit_id, ' ' order by unit_id) from overflow");
const totals = () =>
    base.sql(`select sum(unit_count), sum(overflow_count),
    (select sum(sum_n) from moment where metric_id = 2 and dimension = 'all') from cohort where dimension = 'all'`);

test('units over a limit of a day, or of all days, are left out whatever came first', () => {
    store([exposure('calm'), ...clicks('calm', 20, 0.5), exposure('day'), exposure('long'), ...clicks('long', 51, 5)]);
    for (const part of [clicks('day', 12, 0.1), clicks('day', 9, 0.1)]) store(part);
    store(clicks('late', 21, 0.1));
    store([exposure('late')]);
    assert.equal(overflowing(), 'day late long');
    assert.equal(totals(), '1|3|20');
    store(clicks('day', 30, 0.1));
    assert.equal(totals(), '1|3|20');
    const folded = base.tables();
    base.sql('select rebuild(array[1])');
    assertSame(base.tables(), folded, 'the rebuild and the fold');
    assert.equal(overflowing(), 'day late long');
});

test('events that no metric counts any more do not make a unit overflow', () => {
    base.sql('delete from campaign_metric where metric_id = 2');
    base.drain();
    assert.equal(overflowing(), '');
    assert.equal(totals(), '4|0|');
    const folded = base.tables();
    base.sql('select rebuild(array[1])');
    assertSame(base.tables(), folded, 'the rebuild and the fold');
});

test('an exposure before its phase that is kept becomes as old as the oldest, also where no other has room', () => {
    const early = (visitor, hours) => event(visitor, hours, 'exposure', { campaign: 'c', phase: 2, variant: 'a' });
    const ids = "select string_agg('e' || i, ' ') from generate_series(1, 99) i where slice_of('e' || i) = 0";
    const [first, other] = base.sql(ids).split(' ');
    permit({ early_exposures: 5 });
    store([early(first, 200)]);
    store([early(other, 190), early(first, 20)]);
    const kept = base.sql('select visitor_id, extract(epoch from ts) * 1000 from early_exposure');
    assert.equal(Number(kept.split('|')[1]), FIRST + 20 * HOUR);
    assert.equal(kept.split('|')[0], first);
    base.sql(phaseSql(campaign, { ...phase, number: 2 }));
    base.drain();
    const exposed = base.sql('select unit_id, extract(epoch from exposed_at) * 1000 from exposure where phase = 2');
    assert.equal(Number(exposed.split('|')[1]), FIRST + 20 * HOUR);
    assert.equal(base.sql('select count(*) from early_exposure'), '0');
});

/* [quantity as JSON, what is summed, how many events are left out] */
const QUANTITIES = [
    ['1e30', '0', 1],
    ['-1e30', '0', 1],
    ['9223372036854775808', '0', 1],
    ['1e15', '1000000000000000', 0],
    ['1000000000000001', '0', 1],
    ['-0', '0', 0],
    ['1e-400', '0', 0],
    ['"7"', '7', 0],
    ['"7.5"', '8', 0],
    ['"7,5"', '0', 1],
    ['"seven"', '0', 1],
    ['true', '0', 1],
    ['[3]', '0', 1],
    ['null', '1', 0],
    ['2.5', '3', 0],
    ['1e400', '0', 1],
];

test('hostile quantities spoil no sum, and are counted', () => {
    const all = QUANTITIES.map(([quantity], i) => [
        exposure(`q${i}`),
        event(`q${i}`, 1, 'purchase', { transaction_id: `t${i}`, mark: `@${i}@` }),
    ]);
    const sql = eventsSql(all.flat(), 2, 1).replace(
        /"mark":"@(\d+)@"/g,
        (_, i) => `"items":[{"quantity":${QUANTITIES[i][0]}}]`,
    );
    base.sql(sql);
    base.drain();
    for (const [i, [quantity, wanted, invalid]] of QUANTITIES.entries()) {
        const row = base.sql(`select numerator, invalid_count from outcome where unit_id = 'q${i}' and metric_id = 1`);
        assert.equal(row, wanted === '0' && invalid === 0 ? '' : `${wanted}|${invalid}`, quantity);
    }
    const invalid = QUANTITIES.reduce((n, [, , one]) => n + one, 0);
    assert.equal(
        base.sql("select sum(invalid_count) from moment where metric_id = 1 and dimension = 'all'"),
        String(invalid),
    );
    assert.equal(
        base.sql("select sum(sum_n) from moment where metric_id = 1 and dimension = 'all'"),
        '1000000000000019',
    );
});

/* The rules of an order and of a unit, one by one. */
const RULES = [
    ["line_amount('{}', null, 1)", '1'],
    ["line_amount('{\"value\": 1.005}', '{value}', 100)", '101'],
    ["line_amount('{}', '{value}', 100)", '0'],
    ["line_amount('{\"value\": 1e16}', '{value}', 100)", 'NaN'],
    ["refund_amount('{\"value\": 3}', '{value}', 100)", '300'],
    ["refund_amount('{\"value\": null}', '{value}', 100)", ''],
    ['refund_amount(\'{"value": null, "items": [{}]}\', \'{value}\', 100)', '0'],
    ['told_number(\'"7"\')', '7'],
    ['told_number(\'"7.50"\')', '7.50'],
    ['told_number(\'"-0.5"\')', '-0.5'],
    ["told_number('7e0')", '7'],
    ["told_number('null')", ''],
    ['told_number(null)', ''],
    ['told_number(\'""\')', 'NaN'],
    ['told_number(\'"7,50"\')', 'NaN'],
    ['told_number(\'"1e3"\')', 'NaN'],
    ['told_number(\'".5"\')', 'NaN'],
    ['told_number(\'"7."\')', 'NaN'],
    ['told_number(\'" 7"\')', 'NaN'],
    ['told_number(\'"7\\n"\')', 'NaN'],
    ['told_number(\'"1234567890123456789"\')', 'NaN'],
    ["told_number('true')", 'NaN'],
    ["told_number('{}')", 'NaN'],
    ["refund_amount('{\"value\": -3}', '{value}', 100)", '0'],
    ["refund_amount('{}', '{value}', 100)", ''],
    ["refund_amount('{\"items\": []}', '{value}', 100)", '0'],
    ...[
        ['mobile', 'mobile'],
        ['Mobile', 'mobile'],
        ['DESKTOP', 'desktop'],
        ['tablet', 'tablet'],
        ['watch', 'other'],
        ['', 'other'],
        ['mobile ', 'other'],
        ['Mobiltelefon', 'other'],
    ].map(([told, value]) => [`dimension_value(dimension_builtins() -> 0, '${told}')`, value]),
    ["dimension_value(dimension_builtins() -> 1, 'de')", 'DE'],
    ["dimension_value(dimension_builtins() -> 1, 'Deutschland')", 'unknown'],
    ["dimension_value(dimension_builtins() -> 2, 'Returning')", 'returning'],
    ['dimension_value(dimension_builtins() -> 0, null)', 'unknown'],
    ['order_total(500, 200, false)', '300'],
    ['order_total(500, 900, false)', '0'],
    ['order_total(500, null, true)', '0'],
    ['order_total(-500, 200, false)', '-500'],
    ['unit_total(500, 200)', '300'],
    ['unit_total(500, 900)', '0'],
    ['unit_total(null, null)', '0'],
    ["unit_capped(3, 'n', 'conversion', null)", '1'],
    ["unit_capped(3, 'n', 'sum', 2)", '2'],
    ["unit_capped(3, 'd', 'mean', 2)", '3'],
];

for (const [rule, wanted] of RULES) test(rule, () => assert.equal(base.sql(`select ${rule}`), wanted));
