// SPDX-License-Identifier: GPL-3.0-or-later
// Two machines on one PostgreSQL, both at work on the same visitors, campaigns and jobs, while processes of both are
// killed, and one of the two whole: each event is folded and counted once, each job done once, each change is in the
// snapshot, and what one is told the other acts on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBeside, startServer, until } from '../http/lib/harness.mjs';
import { ALL_IS_WELL, Oracle } from './oracle.mjs';
import { shopping, times } from './world.mjs';

const KILLS = times(6, 40);
const JOBS = 6;
const FLAGS = 12;
const TABLES = ['exposure', 'outcome', 'cohort', 'moment'];

let first, second;
const both = () => [first, second];
before(async () => {
    first = await startServer({ edges: 1, spool_after_ms: 500 });
    second = await startBeside(first, { edges: 1, spool_after_ms: 500 });
    const variants = ['a', 'b'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0 }));
    const metrics = ['conversion_rate', 'revenue_per_visitor'].map((key) => ({ key }));
    await must(first.api('POST', '/campaigns', { key: 'fold', kind: 'experiment', variants, metrics }));
    await must(second.api('POST', '/campaigns/fold/start', {}));
});
after(async () => {
    await second?.stop();
    await first?.stop();
});

async function must(reply) {
    const { status, text, body } = await reply;
    assert.ok(status < 300, `${status} ${text}`);
    return body;
}

const number = (sql) => Number(first.psql(sql));
const contents = () =>
    Object.fromEntries(
        TABLES.map((table) => [table, first.psql(`select t from ${table} t order by t::text collate "C"`).split('\n')]),
    );

async function kill(server, kind) {
    const found = () => (kind === 'edge' ? server.pids().edges[0] : server.pids()[kind]);
    const victim = await until(found, 20_000, `a ${kind}`);
    process.kill(victim, 'SIGKILL');
    await until(() => found() && found() !== victim, 20_000, `another ${kind}`);
}

/* All its processes at once, as when the power goes; then it is started again. */
async function lose(server) {
    await server.lose();
    await server.spawn();
    await server.untilReady();
}

async function settled() {
    const isRead = () => number('select count(*) from fold_due()') === 0;
    await until(isRead, 120_000, 'both consumers to have read everything');
}

function assertFoldedOnce() {
    const folded = contents();
    first.psql('select rebuild(array(select id from campaign))');
    assert.deepEqual(folded, contents());
    assert.ok(folded.outcome.length > 100);
    assert.equal(number('select sum(event_count) from event_hour'), number('select count(*) from visitor_event'));
    assert.equal(number('select count(*) - count(distinct (writer, seq)) from visitor_event'), 0);
}

test('processes of both are killed under load, and one machine whole: every event counts once', async () => {
    const oracles = both().map((server) => new Oracle(server, { makeEvent: shopping, pauseMs: 40 }));
    let isOver = false;
    const load = oracles.map((oracle) => oracle.run(2, () => isOver));
    try {
        for (let i = 0; i < KILLS; i += 1) {
            await kill(both()[i % 2], i % 3 ? 'worker' : 'edge');
            const had = oracles.map(({ owed }) => owed.size);
            const isFlowing = () => oracles.every(({ owed }, k) => owed.size > had[k] + 40);
            await until(isFlowing, 60_000, 'events to flow at both');
        }
        await lose(second);
        const had = oracles[1].owed.size;
        await until(() => oracles[1].owed.size > had + 40, 60_000, 'events to flow at the one that was lost');
    } finally {
        isOver = true;
        await Promise.all(load);
    }
    await settled();
    for (const oracle of oracles) {
        const { missing, duplicates, changed } = oracle.verdict();
        assert.deepEqual({ missing, duplicates, changed, unknown: [] }, ALL_IS_WELL);
    }
    assertFoldedOnce();
});

test('jobs that both take from: each is begun once, and done', async () => {
    const asked = Array.from({ length: JOBS }, (_, i) =>
        must(both()[i % 2].api('POST', '/prove', { campaign: 'fold', runs: 100, seed: i + 1 })),
    );
    const ids = (await Promise.all(asked)).map(({ id }) => id).join();
    const left = () => number(`select count(*) from job where id in (${ids}) and state in ('queued', 'running')`);
    await until(() => left() === 0, 120_000, 'all jobs to end');
    assert.deepEqual(first.rows(`select state, attempts from job where id in (${ids}) group by 1, 2`), [
        { state: 'done', attempts: 1 },
    ]);
});

test('changes at both desks at once: none is missing, each stands in the log once, both edges serve them', async () => {
    const key = (i) => `two-${i}`;
    const made = Array.from({ length: FLAGS }, (_, i) =>
        must(both()[i % 2].api('POST', '/flags', { key: key(i), type: 'number', default: i })),
    );
    await Promise.all(made);
    const wanted = Object.fromEntries(Array.from({ length: FLAGS }, (_, i) => [key(i), i]));
    for (const server of both()) {
        const served = async () => {
            const { flags } = (await server.decide({ visitor_id: 'v', campaigns: [] })).body;
            return Object.keys(wanted).every((name) => flags[name] === wanted[name]);
        };
        await until(served, 20_000, `all flags at ${server.edgeUrl}`);
    }
    assert.equal(number("select count(*) from audit_log where action = 'flag.create'"), FLAGS);
});

test('one change of many at both desks: one wins, who comes with an old version is told so', async () => {
    const { headers } = await first.api('GET', '/flags/two-0');
    const replies = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
            both()[i % 2].api('PATCH', '/flags/two-0', { default: 100 + i }, { headers: { 'if-match': headers.etag } }),
        ),
    );
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, ...Array(7).fill(412)]);
});

test('the panic switch of one machine holds at the other', async () => {
    const isPanicked = async (server) => {
        const { decisions } = (await server.decide({ visitor_id: 'visitor-1' })).body;
        return decisions.some(({ reason }) => reason === 'panic');
    };
    for (const [one, other] of [
        [first, second],
        [second, first],
    ]) {
        await must(one.api('POST', '/environments/production/panic', { is_panic: true }));
        await until(() => isPanicked(other), 20_000, 'the control at the other');
        await must(other.api('POST', '/environments/production/panic', { is_panic: false }));
        await until(async () => !(await isPanicked(one)), 20_000, 'the end of it');
    }
});

test('what leaves of one machine is done by the other: folds and jobs', async () => {
    await second.shutDown();
    const oracle = new Oracle(first, { makeEvent: shopping });
    await oracle.send(oracle.makeBatch());
    await must(first.api('POST', '/prove', { campaign: 'fold', runs: 50, seed: 99 }));
    await settled();
    await until(() => number("select count(*) from job where state in ('queued', 'running')") === 0, 60_000, 'the job');
    assertFoldedOnce();
});
