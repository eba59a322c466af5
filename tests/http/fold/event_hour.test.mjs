// SPDX-License-Identifier: GPL-3.0-or-later
// The consumer event_hours: its counts are those of the events, however they were read; names of which there are too
// many on a day become ''.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FoldBase, eventsSql } from '../lib/fold_base.mjs';

const FIRST = Date.parse('2026-03-02T22:00:00Z');
const HOUR = 3_600_000;
const phase = { number: 1, variants: ['a', 'b'], endedAt: null, startedAt: FIRST };
const campaign = { id: 1, environment: 1, key: 'c', phases: [phase], metrics: [] };
const NAMES_A_DAY = 200;

let base;
let place = 0;
before(async () => {
    base = await FoldBase.create();
    base.createWorld({ zones: { 1: 'UTC', 2: 'UTC' }, campaigns: [campaign] }, '2026-02-25', 30);
});
after(() => base.drop());

function event(visitor, hours, name, properties = {}, environment = 1) {
    const ts = FIRST + hours * HOUR;
    place += 1;
    const id = `00000000-0000-7000-8000-${String(place).padStart(12, '0')}`;
    return { visitor, id, day: new Date(ts).toISOString().slice(0, 10), environment, name, ts, properties, marks: 0 };
}

/* Steps of few rows, so that cursors stop in the middle. */
function read(limit) {
    for (let round = 0; round < 1000; round += 1) {
        const more = base.sql(
            `select bool_or(is_more) from slice cross join lateral event_hour_step(number, ${limit})`,
        );
        if (more === 'f') return;
    }
    throw new Error('event_hours does not come to an end');
}

const lines = (sql) => base.sql(sql).split('\n');
const COUNTED = `select environment_id, day, hour, name, sum(event_count), sum(value_count), sum(currency_count),
    sum(unassigned_count), max(last_seen_at) from event_hour group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
/* An exposure is unassigned when it names another variant, phase or campaign than there is. */
const EVENTS = `select environment_id, (ts at time zone 'UTC')::date, extract(hour from ts at time zone 'UTC')::int,
    name, count(*),
    count(*) filter (where properties ->> 'value' = '5'),
    count(*) filter (where properties ->> 'currency' = 'EUR'),
    count(*) filter (where name = 'exposure'
        and not (environment_id = 1 and properties @> '{"campaign": "c", "phase": 1}'
                                                      and properties ->> 'variant' in ('a', 'b'))),
    max(ts) from visitor_event group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

test('the counts are those of the events, over hours, days, environments and writers', () => {
    const shown = ['a', 'b', 'other'].map((variant, i) =>
        event(`v${i}`, i, 'exposure', { campaign: 'c', phase: 1, variant }),
    );
    shown.push(
        event('v1', 3, 'exposure', { campaign: 'c', phase: 2, variant: 'a' }),
        event('v1', 3, 'exposure', { campaign: 'c', phase: 1, variant: 'a' }, 2),
    );
    const bought = Array.from({ length: 60 }, (_, i) =>
        event(
            `v${i % 11}`,
            i / 7,
            i % 3 ? 'purchase' : 'page_view',
            [{ value: 5, currency: 'EUR' }, { value: '5' }, { value: null, currency: null }, { value: 'five' }][i % 4],
            1 + (i % 2),
        ),
    );
    base.sql(eventsSql([...shown, ...bought.slice(0, 30)], 1, 1));
    read(7);
    base.sql(eventsSql(bought.slice(30), 2, 1));
    read(7);
    assert.deepEqual(lines(COUNTED), lines(EVENTS));
    read(7);
    assert.deepEqual(lines(COUNTED), lines(EVENTS), 'and nothing is counted twice');
});

test('names beyond those of a day become the empty one, known ones go on', () => {
    const day = 72;
    const many = (from, to) => Array.from({ length: to - from }, (_, i) => event('loud', day, `n${from + i}`));
    base.sql(eventsSql(many(0, 150), 1, 1000));
    read(40);
    base.sql(eventsSql([...many(150, 260), ...many(0, 5)], 1, 2000));
    read(60);
    const of = (what, where) => base.sql(`select ${what} from event_hour where day = '2026-03-05' and ${where}`);
    assert.equal(of('count(*)', "name <> ''"), String(NAMES_A_DAY));
    assert.equal(of('sum(event_count)', "name = ''"), String(260 - NAMES_A_DAY));
    assert.equal(of('count(*)', "name in ('n0', 'n1', 'n2', 'n3', 'n4') and event_count = 2"), '5');
    assert.equal(of('sum(event_count)', 'true'), '265');
});

/* Orders that come again and again, in any order, over two writers and in steps that cut anywhere; the same order of
   another visitor, in another environment, beside events that are marked. */
function omittedWorld() {
    const orders = Array.from({ length: 80 }, (_, i) => {
        const one = event(
            `w${i % 3}`,
            100 + ((i * 37) % 90),
            'purchase',
            { transaction_id: i % 5 ? `${i % 4}` : i % 4 },
            1 + (i % 2),
        );
        return { ...one, marks: i % 11 === 10 ? [1, 2, 4][i % 3] : 0 };
    });
    const others = ['bot', 'staff', 'forced'].map((name, i) => ({ ...event('w1', 100, name), marks: 1 << i }));
    return [...orders, event('w1', 100, 'purchase'), event('w1', 101, 'purchase', { transaction_id: '' }), ...others];
}

const OMITTED = 'select environment_id, reason, name, sum(event_count) from omission group by 1, 2, 3 order by 1, 2, 3';
/* Of each visitor's order all but one; of what is marked each. */
const OMITTED_EVENTS = `
    select environment_id, reason, name, sum(count) from (
        select environment_id, 'duplicate_order' as reason, name, count(*) - 1 as count from visitor_event
        where name = 'purchase' and marks = 0 and properties ->> 'transaction_id' <> ''
        group by environment_id, name, visitor_id, properties ->> 'transaction_id'
        union all
        select environment_id, case marks when 1 then 'bot' when 2 then 'staff' else 'forced' end, name, count(*)
        from visitor_event where marks <> 0 group by environment_id, marks, name
        union all
        select 1, 'unassigned', 'exposure', count(*) from visitor_event
        where environment_id = 1 and name = 'exposure'
              and (properties -> 'phase' <> '1' or properties ->> 'variant' = 'other')
        union all
        select 2, 'unassigned', 'exposure', count(*) from visitor_event
        where environment_id = 2 and name = 'exposure') n
    group by 1, 2, 3 having sum(count) > 0 order by 1, 2, 3`;

for (const limit of [1, 5, 1000])
    test(`what is left out is counted once each, in steps of ${limit}`, () => {
        base.sql('delete from visitor_event; delete from fold_cursor; delete from omission; delete from event_hour;');
        base.sql('delete from writer_head; delete from late_event;');
        const all = omittedWorld();
        const parts = [
            all.filter((_, i) => i % 4 < 2),
            all.filter((_, i) => i % 4 === 2),
            all.filter((_, i) => i % 4 === 3),
        ];
        base.sql(eventsSql(parts[0].reverse(), 1, 1));
        base.sql(eventsSql(parts[1], 2, 1));
        read(limit);
        base.sql(eventsSql(parts[2].reverse(), 2, 500));
        read(limit);
        const found = lines(OMITTED);
        assert.ok(
            found.some((line) => /^1\|duplicate_order\|purchase\|\d\d$/.test(line)),
            found.join(', '),
        );
        assert.deepEqual(found, lines(OMITTED_EVENTS));
        read(limit);
        assert.deepEqual(lines(OMITTED), found, 'and nothing is counted twice');
    });
