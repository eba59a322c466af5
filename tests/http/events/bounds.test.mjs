// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody sends without end fills no table without end: names of events, exposures before their phase.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const SLICE_NAMES = 200;
const SLICES = 8;

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const number = (sql) => Number(server.psql(sql));
test('a thousand names of events on one day: so many are counted by name, the others together', async () => {
    const events = Array.from({ length: 1000 }, (_, i) => ({
        event_id: uuidv7(),
        visitor_id: 'talker',
        name: `name-${i}`,
        ts: new Date().toISOString(),
    }));
    for (let i = 0; i < events.length; i += 500) {
        const { body } = await server.events(events.slice(i, i + 500));
        assert.equal(body.accepted, 500);
    }
    await until(() => number('select sum(event_count) from event_hour') === 1000, 20_000, 'all of them to be counted');
    const names = number("select count(distinct name) from event_hour where name <> ''");
    const days = number('select count(distinct day) from event_hour');
    assert.ok(names >= SLICE_NAMES && names <= SLICE_NAMES * days, `${names} names on ${days} days`);
    assert.ok(number("select sum(event_count) from event_hour where name = ''") >= 1000 - SLICE_NAMES * days);
});

test('exposures before their phase: of campaigns there are alone, and so many of an environment', async () => {
    const permitted = { early_exposures: 2 * SLICES };
    const changed = await server.api('PATCH', '/environments/production', permitted);
    assert.equal(changed.status, 200, changed.text);
    await server.api('POST', '/campaigns', {
        key: 'draft',
        name: 'Draft',
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate' }],
        variants: [
            { key: 'a', weight: 0.5, is_control: true },
            { key: 'b', weight: 0.5, is_control: false },
        ],
    });
    const { token: key } = (
        await server.api('POST', '/keys', { name: 'old', kind: 'secret', role: 'viewer', scopes: ['backfill'] })
    ).body;
    await until(async () => (await server.events([], { key })).status === 202, 10_000, 'the key');
    const exposures = (campaign, prefix) =>
        Array.from({ length: 200 }, (_, i) => ({
            visitor_id: `${prefix}-${i}`,
            name: 'exposure',
            properties: { campaign, variant: 'a', phase: 1 },
        }));
    for (const events of [exposures('nobody', 'n'), exposures('draft', 'd')]) {
        const { body, text } = await server.events(events, { key });
        assert.equal(body.accepted, 200, text);
    }
    const unread = () =>
        number(`select count(*) from visitor_event e left join fold_cursor c
        on c.consumer = 1 and c.slice = e.slice and c.writer = e.writer where e.seq > coalesce(c.seq, -1)`);
    await until(() => unread() === 0, 20_000, 'the fold to have read them');
    const kept = server.rows('select campaign, count(*)::int as count from early_exposure group by 1');
    assert.deepEqual(
        kept.map(({ campaign }) => campaign),
        ['draft'],
    );
    assert.ok(kept[0].count > 0 && kept[0].count <= 2 * SLICES, `${kept[0].count} of 200`);
});

/* 25 visitors with 1,000 events each, and a purchase of each that repeats the order of the oldest: a step of 25 reads
   20,000 + 25 * 100 of them, so 22 visitors whole. */
test('repeated orders are looked for in so many rows', () => {
    const found = server.psql(`begin;
        create temp table heavy as select v as id from generate_series(1, 2000) i, concat('heavy-', i) v
            where slice_of(v) = 0 limit 25;
        insert into visitor_event (slice, visitor_id, event_id, day, environment_id, name, ts, properties, marks,
                                   writer, seq)
            select 0, h.id, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, current_date, 1,
                   'purchase', now(), jsonb_build_object('transaction_id', 'o' || n), 0, 77,
                   row_number() over ()
            from heavy h, generate_series(1, 1000) n;
        select cardinality(omission_repeated(0, array(
            select row(h.id, 1, 'ffffffff-0000-7000-8000-000000000000'::uuid, current_date, 'purchase',
                       now() + interval '1 hour', 0, 'o1', false)::omission_event from heavy h), '{77}', '{25000}'));
        rollback`);
    assert.equal(found.trim().split('\n').at(-1), '22');
});

test('the history of snapshots: the newest thousand', async () => {
    server.psql(`insert into snapshot_history (environment_id, version, sha256, difference, created_at)
        select 1, -n, sha256, '{}', created_at from snapshot, generate_series(1, 1100) n where environment_id = 1`);
    assert.equal(
        (await server.api('POST', '/flags', { key: 'one-more', type: 'boolean', default: false })).status,
        201,
    );
    assert.equal(number('select count(*) from snapshot_history where environment_id = 1'), 1000);
});

test('writers: who comes after one that left takes its place', async () => {
    /* psql is gone before the session is that holds the place. */
    const lease = async () => {
        const [writer, pid] = server.psql('select ret_writer, pg_backend_pid() from writer_lease()').split('|');
        const isGone = () => number(`select count(*) from pg_stat_activity where pid = ${pid}`) === 0;
        await until(isGone, 10_000, 'the session to end');
        return Number(writer);
    };
    const first = await lease();
    for (let i = 0; i < 5; i += 1) assert.equal(await lease(), first);
});
