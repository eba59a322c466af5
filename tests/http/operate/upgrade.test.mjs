// SPDX-License-Identifier: GPL-3.0-or-later
// A rolling upgrade: the database gets the schema of a version to come while this one serves.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { buildRoot, metedPath } from '../lib/paths.mjs';

let server, known;
before(async () => {
    server = await startServer({ edges: 2 });
    known = Number(server.psql('select max(number) from schema_migration'));
});
after(() => server?.stop());

const COMPATIBLE = `
    create table novelty (id int generated always as identity primary key, visitor_id text not null);
    alter table visitor_event add column novelty text;
    alter table campaign add column novelty jsonb;
    alter table job add column novelty int;
    alter table rejected_event add column novelty int not null default 0;
    create index novelty_name on rejected_event (reason);`;

const next = (serves, sql) =>
    execFileSync(
        join(buildRoot, 'tests/unit/migrate_next'),
        [server.env.METE_DATABASE_OWNER_URL, String(serves), sql],
        { stdio: 'pipe' },
    );

const sent = [];
async function send() {
    const event_id = uuidv7();
    const { status } = await server.events({ event_id, visitor_id: `v${sent.length}`, name: 'page_view' });
    if (status === 202) sent.push(event_id);
    return status;
}

async function everythingWorks(key) {
    assert.equal(await send(), 202);
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
    assert.equal((await server.api('POST', '/flags', { key, type: 'boolean', default: true })).status, 201);
    const flags = () => server.decide({ visitor_id: 'v' }).then(({ body }) => Object.keys(body.flags));
    await until(async () => (await flags()).includes(key), 10_000, 'the new flag at the edge');
    const stored = server.psql(
        'select json_agg(w) from (select writer, max(seq) as seq from visitor_event group by writer) w',
    );
    const behind = `select from json_to_recordset('${stored}') w (writer int, seq bigint)
        where w.seq >
            coalesce((select max(c.seq) from fold_cursor c where c.consumer = 1 and c.writer = w.writer), -1)`;
    await until(() => server.psql(`select exists (${behind})`) === 'f', 10_000, 'the fold');
}

test('a compatible migration under a running server: it serves on, and starts again', async () => {
    await everythingWorks('one');
    const pids = server.pids();
    let isDone = false;
    const statuses = new Set();
    const load = (async () => {
        while (!isDone) statuses.add(await send());
    })();
    try {
        next(known, COMPATIBLE);
        await everythingWorks('two');
    } finally {
        isDone = true;
        await load;
    }
    assert.deepEqual([...statuses], [202]);
    assert.deepEqual(server.pids(), pids, 'nobody had to start again');
    await server.restart();
    await everythingWorks('three');
    const stored = () => Number(server.psql('select count(*) from visitor_event'));
    await until(() => stored() === sent.length, 10_000, 'all that was sent');
    assert.equal(Number(server.psql('select max(number) from schema_migration')), known + 1);
});

test('the tool of the version before applies nothing and complains of nothing', async () => {
    assert.match(await server.mete(['migrate']), /up to date/);
    await server.mete(['migrate', '--check']);
});

test('an incompatible one: the version before does not start, and says why', async () => {
    await server.shutDown();
    server.psql('delete from schema_migration where number > ' + known);
    next(known + 1, 'alter table campaign drop column novelty');
    const { status, stderr } = spawnSync(metedPath(), { env: server.env, encoding: 'utf8', timeout: 30_000 });
    assert.equal(status, 1);
    const sentence = new RegExp(
        `holds migration ${String(known + 1).padStart(4, '0')}_next, which programs may serve that know ` +
            `${known + 1} migrations; this one knows ${known}: use a newer mete`,
    );
    assert.match(stderr, sentence);
    await assert.rejects(server.mete(['migrate', '--check']), ({ stderr: said }) => sentence.test(said));
    await assert.rejects(server.mete(['migrate']), ({ stderr: said }) => sentence.test(said));
});

test('an answer of other columns than it is read by: no start, and it says which statement', async () => {
    server.psql(`delete from schema_migration where number > ${known}`);
    server.psql('drop function job_waiting()');
    server.psql("create function job_waiting() returns text language sql as $$ select 'f' $$");
    const { status, stderr } = spawnSync(metedPath(), { env: server.env, encoding: 'utf8', timeout: 30_000 });
    assert.equal(status, 1);
    assert.match(stderr, /statement job_waiting: column \\?"is_waiting\\?" is of type 25 and should be a boolean/);
});
