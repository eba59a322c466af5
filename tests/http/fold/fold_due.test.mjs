// SPDX-License-Identifier: GPL-3.0-or-later
// What is due, for whom: as the events and the cursors say it, whatever was read by whom, late events among them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FoldBase, eventsSql } from '../lib/fold_base.mjs';
import { random } from '../lib/fold_world.mjs';

const FIRST = Date.parse('2026-03-02T10:00:00Z');
const DAY = 86_400_000;
const phase = { number: 1, variants: ['a', 'b'], endedAt: null, startedAt: FIRST };
const campaign = { id: 1, environment: 1, key: 'c', phases: [phase], metrics: [] };
const NEAR_DAYS = ['2026-01-01', '2026-03-12'];
const CONSUMERS = { 1: 'slice_step', 2: 'event_hour_step' };

const bases = {};
before(async () => {
    for (const near of NEAR_DAYS) {
        const base = (bases[near] = await FoldBase.create());
        base.createWorld({ zones: { 1: 'UTC' }, campaigns: [campaign] }, '2026-02-25', 30);
        base.setNearDay(near);
    }
});
after(() => Object.values(bases).forEach((base) => base.drop()));

const UNREAD = `from visitor_event e cross join consumer k
    left join fold_cursor c on c.consumer = k.id and c.slice = e.slice and c.writer = e.writer
    where e.seq > coalesce(c.seq, -1)`;
const QUESTIONS = {
    fold_due: [
        'select consumer, slice from fold_due()',
        `select distinct k.id as consumer, e.slice ${UNREAD} order by 1, 2`,
    ],
    consumer_backlog: [
        'select id, consumer_backlog(id, 1000000) from consumer order by 1',
        `select n.id, count(u.id) as consumer_backlog from consumer n
         left join (select k.id ${UNREAD}) u on u.id = n.id group by 1 order by 1`,
    ],
    unread_since: [
        'select id, unread_since(id) from (select id from consumer union select null) k order by 1 nulls last',
        `select n.id, (select min(e.received_at) ${UNREAD} and k.id = coalesce(n.id, k.id)) as unread_since
         from (select id from consumer union select null) n order by 1 nulls last`,
    ],
};

function events(r, count) {
    return Array.from({ length: count }, (_, i) => {
        const day = new Date(FIRST + r.int(0, 20) * DAY).toISOString();
        const id = `00000000-0000-7000-8000-${String(r.int(0, 1e9)).padStart(12, '0')}`;
        const at = { id, day: day.slice(0, 10), ts: Date.parse(day), environment: 1 };
        return { ...at, visitor: `v${r.int(0, 9)}`, name: i % 3 ? 'page_view' : 'click', properties: {}, marks: 0 };
    });
}

const rows = (sql) => `(select coalesce(jsonb_agg(q), '[]') from (${sql}) q)::text`;

for (const near of NEAR_DAYS)
    test(`questions are answered as by going through all events, long ago before ${near}`, () => {
        const base = bases[near];
        const r = random(7);
        const seqs = [0, 1, 1, 1];
        const script = ['set jit = off;'];
        for (let round = 0; round < 40; round += 1) {
            if (r.chance(0.4)) {
                const writer = r.int(1, 3);
                const batch = events(r, r.int(1, 12));
                script.push(eventsSql(batch, writer, seqs[writer]));
                seqs[writer] += batch.length;
            }
            const consumer = r.int(1, 2);
            script.push(`do $$ begin perform ${CONSUMERS[consumer]}(${r.int(0, 4)}, ${r.int(1, 40)}); end $$;`);
            for (const [name, [asked, wanted]] of Object.entries(QUESTIONS)) {
                script.push(`select '${name} in round ${round}', ${rows(asked)}, ${rows(wanted)};`);
            }
        }
        const answers = base
            .sql(script.join('\n'))
            .split('\n')
            .map((line) => line.split('|'));
        for (const [what, answer, wanted] of answers) assert.equal(answer, wanted, what);
        assert.ok(answers.length === 120 && answers.join().length > 10_000, 'there was something to ask');
        base.drain();
        while (base.sql('select bool_or(is_more) from slice cross join lateral event_hour_step(number, 100)') === 't');
        assert.equal(base.sql('select count(*) from fold_due()'), '0');
    });

test('that nothing is unread is told without opening a day', () => {
    const base = bases[NEAR_DAYS[0]];
    const opened = (question) =>
        base.sql(`begin; ${question};
            select count(*) from pg_locks l join pg_class c on c.oid = l.relation
            where l.pid = pg_backend_pid() and c.relname like 'visitor_event_2%' and c.relkind = 'r'; rollback;`);
    const last = (text) => text.trim().split('\n').at(-1);
    for (const question of [
        'count(*) from fold_due()',
        'consumer_backlog(1, 10)',
        'unread_since(null)',
        'writer_lease()',
    ]) {
        assert.equal(last(opened(`select ${question}`)), '0', question);
    }
    base.sql(eventsSql(events(random(3), 1), 1, 1_000_000));
    assert.notEqual(last(opened('select consumer_backlog(1, 10)')), '0', 'something is');
    base.drain();
});
