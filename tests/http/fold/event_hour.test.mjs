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
