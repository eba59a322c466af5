// SPDX-License-Identifier: GPL-3.0-or-later
// Looks: what was known when a day closed. Two units on the first day, one on the third, a purchase
// each; the zone is ten hours behind UTC, so that a day closes at ten o'clock.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FoldBase, eventsSql } from '../lib/fold_base.mjs';

const HOUR = 3_600_000;
const FIRST = Date.parse('2026-03-02T10:00:00Z');
const day = (n) => new Date(FIRST + n * 24 * HOUR).toISOString().slice(0, 10);
const at = (hours) => `timestamptz '${new Date(FIRST + hours * HOUR).toISOString()}'`;

const numerator = { event: 'purchase', value: 'value' };
const revenue = { id: 1, kind: 'sum', numerator, scale: 100 };
const windowed = { id: 2, kind: 'sum', numerator, scale: 100, windowHours: 36 };
const phase = { number: 1, variants: ['a', 'b'], endedAt: null, startedAt: FIRST + 48 * HOUR };
const campaign = { id: 1, environment: 1, key: 'c', phases: [phase], metrics: [revenue, windowed] };

let base;
let place = 0;
before(async () => {
    base = await FoldBase.create();
    base.createWorld({ zones: { 1: 'Pacific/Honolulu' }, campaigns: [campaign] }, '2026-02-25', 30);
    store([
        event('v1', 1, 'exposure', 'a'),
        event('v2', 23, 'exposure', 'a'),
        event('v1', 2, 'purchase', 10),
        event('v2', 50, 'purchase', 5),
        event('v3', 60, 'exposure', 'b'),
    ]);
    base.drain();
});
after(() => base.drop());

function event(visitor, hours, name, what) {
    const ts = FIRST + hours * HOUR;
    const properties =
        name === 'exposure' ? { campaign: 'c', phase: 1, variant: what } : { value: { milli: BigInt(what * 1000) } };
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

/* Received long before any look of this test. */
function store(events) {
    base.sql(`${eventsSql(events, 1, place * 100)} update visitor_event set received_at = ${at(0)};`);
}

const close = (hours, limit = 100) => Number(base.sql(`select look_close(${at(hours)}, ${limit})`));
const looks = (n) =>
    base
        .sql(`select variant, metric_id, unit_count, sum_n, sum_nn from look where day = '${day(n)}' order by 1, 2`)
        .split('\n');

test('a day is closed when it is over since five minutes', () => {
    assert.equal(close(24 + 4 / 60), 0);
    assert.equal(close(24 + 6 / 60), 1);
    assert.equal(close(24 + 6 / 60), 0);
    assert.deepEqual(looks(0), ['a|0|2|0|0', 'a|1|2|1500|1250000', 'a|2|0|0|0', 'b|0|0|0|0', 'b|1|0|0|0', 'b|2|0|0|0']);
});

test('days without a unit are closed too, so many at once as asked; a window lets its days ripen', () => {
    assert.equal(close(96.5, 2), 2);
    assert.equal(close(96.5, 2), 1);
    assert.deepEqual(looks(1), ['a|0|2|0|0', 'a|1|2|1500|1250000', 'a|2|0|0|0', 'b|0|0|0|0', 'b|1|0|0|0', 'b|2|0|0|0']);
    assert.deepEqual(looks(2), [
        'a|0|2|0|0',
        'a|1|2|1500|1250000',
        'a|2|2|1500|1250000',
        'b|0|1|0|0',
        'b|1|1|0|0',
        'b|2|0|0|0',
    ]);
    assert.equal(looks(3).length, 6);
});

test('no look is stored while events are unread, and none is rewritten', () => {
    const known = looks(2);
    store([event('v1', 3, 'purchase', 100)]);
    assert.equal(close(120.5), 0);
    base.drain();
    assert.equal(close(120.5), 1);
    assert.deepEqual(looks(2), known);
    assert.equal(looks(4)[1], 'a|1|2|11500|' + (11000n ** 2n + 500n ** 2n));
    base.sql('select rebuild(array[1])');
    assert.deepEqual(looks(2), known);
});

test('no look is stored while a metric is computed', () => {
    base.sql('update campaign_metric set is_computed = false where metric_id = 2');
    assert.equal(close(144.5), 0);
    base.drain();
    assert.equal(close(144.5), 1);
});

test('of several sessions one folds a slice, and one closes days', async () => {
    const releaseSlice = await base.hold('select pg_advisory_lock(fold_lock(1), 3)');
    assert.equal(base.sql('select * from slice_step(3, 10)'), '0|0|f|t|f');
    assert.equal(base.sql('select * from slice_step(4, 10)'), '0|0|f|f|f');
    const release = await base.hold('select pg_advisory_lock(fold_lock(0), 0)');
    assert.equal(close(168.5), 0);
    await release();
    await releaseSlice();
    assert.equal(base.sql('select * from slice_step(3, 10)'), '0|0|f|f|f');
    assert.equal(close(168.5), 1);
});

test('the last look of a phase is of the day it ends', () => {
    base.sql(`update phase set ended_at = ${at(174)} where campaign_id = 1`);
    base.drain();
    assert.equal(close(300), 1);
    assert.equal(base.sql('select max(day) from look'), day(7));
    assert.equal(close(301), 0);
});
