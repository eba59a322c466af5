// SPDX-License-Identifier: GPL-3.0-or-later
// What two machines do at once on one database, one session's transaction held open while another comes: of two
// folds of a slice one does it, and of two changes of an environment none is missing in the snapshot.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FoldBase, eventsSql } from '../lib/fold_base.mjs';
import { until } from '../lib/wait.mjs';

const FIRST = Date.parse('2026-03-02T10:00:00Z');
const phase = { number: 1, variants: ['a', 'b'], endedAt: null, startedAt: FIRST - 1000 };
const campaign = { id: 1, environment: 1, key: 'c', phases: [phase], metrics: [] };

let base;
before(async () => {
    base = await FoldBase.create();
    base.createWorld({ zones: { 1: 'UTC' }, campaigns: [campaign] }, '2026-03-01', 5);
    const events = Array.from({ length: 40 }, (_, i) => ({
        id: `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`,
        day: '2026-03-02',
        ts: FIRST + i * 1000,
        environment: 1,
        visitor: `v${i}`,
        name: 'exposure',
        properties: { campaign: 'c', phase: 1, variant: i % 2 ? 'a' : 'b' },
        marks: 0,
    }));
    base.sql(eventsSql(events, 1, 1));
});
after(() => base?.drop());

const STEPS = { slice_step: 'cohort of who was exposed', event_hour_step: 'hours of what came' };
for (const [step, what] of Object.entries(STEPS))
    test(`${step}: who comes while another session has the slice does nothing (${what})`, async () => {
        for (let slice = 0; slice < 5; slice += 1) {
            const release = await base.hold(`begin; select * from ${step}(${slice}, 1000)`);
            let asked;
            try {
                asked = base.sql(
                    `set statement_timeout = '10s'; select row_count, is_held from ${step}(${slice}, 1000)`,
                );
            } finally {
                await release();
            }
            assert.equal(asked, '0|t', `slice ${slice}`);
        }
    });

test('and nothing is counted twice in the end', async () => {
    base.drain();
    assert.equal(base.sql("select sum(unit_count) from cohort where dimension = 'all'"), '40');
});

/* Asked by the owner, who sees of all sessions what they wait for. */
const waits = (name) =>
    base.cluster.psql(
        base.name,
        `select count(*) from pg_stat_activity where application_name = '${name}' and wait_event_type = 'Lock'`,
    );
const flag = (key) => `insert into flag (environment_id, key, document)
    values (1, '${key}', '{"type": "boolean", "default": false}')`;

for (const [first, second] of [
    ['flag', 'flag'],
    ['flag', 'panic'],
    ['panic', 'flag'],
])
    test(`a change (${second}) while another (${first}) compiles it: the snapshot holds both`, async () => {
        const name = `${first}-then-${second}`;
        const sql = (kind, key) =>
            kind === 'flag' ? flag(key) : 'update environment set is_panic = not is_panic where id = 1';
        const commit = await base.hold(`begin; ${sql(first, `${name}-1`)}; set constraints all immediate`);
        const asked = base.cluster.psqlAside(
            base.name,
            `set application_name = '${name}'; ${sql(second, `${name}-2`)}`,
        );
        try {
            await until(() => waits(name) === '1', 10_000, 'the second to wait for the first');
        } finally {
            await commit('commit');
        }
        assert.equal(await asked, null);
        const document = base.sql('select document from snapshot where environment_id = 1');
        for (const [i, kind] of [first, second].entries())
            if (kind === 'flag') assert.ok(document.includes(`"${name}-${i + 1}"`), `${name}-${i + 1} is missing`);
        const isPanic = base.sql('select is_panic from environment where id = 1') === 't';
        assert.equal(JSON.parse(document).is_panic, isPanic);
    });
