// SPDX-License-Identifier: GPL-3.0-or-later
// Ten years of daily partitions on a PostgreSQL as it comes, which has room for the locks of some two thousand: nothing
// that reads events runs out of it. Only with METE_TEST_LONG: making the partitions takes a minute or more.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { OwnedCluster } from '../lib/cluster.mjs';
import { FoldBase, assertSame, eventsSql } from '../lib/fold_base.mjs';
import { metePath } from '../lib/paths.mjs';

const skip = process.env.METE_TEST_LONG ? false : 'METE_TEST_LONG is not set';
const DAY = 86_400_000;
const NOW = Date.now();
const AGO = 3640;
const AT_ONCE = 50;
const metric = { id: 1, kind: 'sum', numerator: { event: 'purchase', value: 'value' }, scale: 1 };
const phase = { number: 1, variants: ['a', 'b'], endedAt: null, startedAt: NOW - AGO * DAY };
const campaign = { id: 1, environment: 1, key: 'c', phases: [phase], metrics: [metric] };
const dayOf = (ago) => new Date(NOW - ago * DAY).toISOString().slice(0, 10);

let cluster;
let base;
before(async () => {
    if (skip) return;
    cluster = await OwnedCluster.start({ settings: { max_connections: 100 } });
    base = await FoldBase.create(cluster);
    base.createWorld({ zones: { 1: 'UTC' }, campaigns: [campaign] }, dayOf(3), 5);
    const parts = [];
    for (let ago = AGO + 20; ago > 3; ago -= AT_ONCE) {
        parts.push(`select count(visitor_event_partition(date '${dayOf(ago)}' + i)) from generate_series(0, 49) i;`);
    }
    base.sql(parts.join('\n'));
});
after(async () => {
    base?.drop();
    await cluster?.stop();
});

let place = 0;
const event = (visitor, ago, name, properties) => ({
    visitor,
    id: `00000000-0000-7000-8000-${String((place += 1)).padStart(12, '0')}`,
    day: dayOf(ago),
    environment: 1,
    name,
    ts: NOW - ago * DAY,
    properties,
    marks: 0,
});
const shop = (visitor, ago) => [
    event(visitor, ago, 'exposure', { campaign: 'c', phase: 1, variant: 'a' }),
    event(visitor, ago, 'purchase', { value: 3, transaction_id: `${visitor}-${ago}` }),
];
let seq = 1;
function store(events) {
    base.sql(eventsSql(events, 1, seq));
    seq += events.length;
}
function read() {
    base.drain();
    while (base.sql('select bool_or(is_more) from slice cross join lateral event_hour_step(number, 100)') === 't');
    assert.equal(base.sql('select count(*) from fold_due()'), '0');
}
const outcomes = () => base.sql("select string_agg(unit_id || ' ' || numerator, ', ' order by unit_id) from outcome");

test('steps, with events of today and of ten years ago', { skip }, () => {
    store(shop('new', 0));
    read();
    store(shop('old', AGO - 5));
    assert.equal(base.sql('select consumer_backlog(1, 100), unread_since(null) is not null'), '2|t');
    assert.equal(base.sql('select ret_writer from writer_lease()'), '1');
    read();
    store([event('old', 0, 'purchase', { value: 4, transaction_id: 'later' })]);
    read();
    assert.equal(outcomes(), 'new 3, old 7');
});

test('a rebuild, looks, and what forgets', { skip }, () => {
    const folded = base.tables();
    assert.equal(base.sql('select unit_count from rebuild(array[1])'), '2');
    assertSame(base.tables(), folded, 'the rebuild and the fold');
    assert.equal(base.sql('select look_close(now(), 50)'), '50');
    base.sql('select late_trim(), early_trim(), event_hour_trim()');
});

test('the page of a visitor', { skip }, () => {
    assert.equal(base.sql("select total, last_ts > first_ts + interval '9 years' from visitor_seen(1, 'old')"), '3|t');
    const page = "from visitor_page(1, 'old', null, null, 2)";
    assert.equal(base.sql(`select string_agg(name, ' ') ${page}`), 'purchase purchase');
});

test('an export, a plan, an audience, as often as plans are kept', { skip }, () => {
    for (let i = 0; i < 8; i += 1) {
        const exported = "from export_events(1, 'c', 1, null, 10, null, null) where item is not null";
        assert.equal(base.sql(`select count(*) ${exported}`), '5');
        assert.equal(base.sql('select sampled from plan_measure(1, null)'), '2');
        assert.equal(base.sql('select count(*) from audience_sample(1)'), '2');
    }
});

test('a migration, and retention', { skip }, () => {
    const env = { ...process.env, METE_DATABASE_OWNER_URL: cluster.url('mete_owner', base.name) };
    execFileSync(metePath(), ['migrate'], { env, stdio: 'pipe' });
    base.sql("update campaign set status = 'archived'; update phase set ended_at = now() - interval '60 days'");
    base.sql('update phase set is_settled = true');
    assert.match(base.sql('select event_forget(10)'), /^\d{4}-\d\d-\d\d$/);
});
