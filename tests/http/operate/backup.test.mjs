// SPDX-License-Identifier: GPL-3.0-or-later
// The drill: a backup while events come in, restored into a new database; the results are the same,
// the fold goes on, keys hold. A file that is not whole is refused before anything is touched.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { holdTable } from '../lib/hold.mjs';
import { buildRoot, metePath } from '../lib/paths.mjs';

let server, folder, file, copy;
before(async () => {
    server = await startServer({ edges: 2 });
    folder = mkdtempSync(join(tmpdir(), 'mete-backup-'));
    file = join(folder, 'mete.backup');
    copy = `${server.database}_copy`;
});
after(async () => {
    if (copy) server.cluster.dropDatabase(copy);
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
});

const ownerOf = (name) => ({ METE_DATABASE_OWNER_URL: server.cluster.url('mete_owner', name) });
const complaintOf = (args, env) =>
    server.mete(args, { env }).then(
        () => 'nothing',
        ({ stderr }) => stderr,
    );
const rowsOf = (database, table) =>
    server.cluster.psql(database, `select t from ${table} t order by t::text collate "C"`);
/* But what signs preview links: links that were revoked since must not hold again. */
const environmentsOf = (database) =>
    server.cluster.psql(database, "select to_jsonb(e) - 'preview_secret' from environment e order by id");
const snapshotsOf = (database) =>
    server.cluster.psql(
        database,
        "select environment_id, document::jsonb - 'preview_secret' from snapshot order by environment_id",
    );
const RESULTS = ['exposure', 'outcome', 'cohort', 'moment'];

/* What a visitor of the campaign does, told twice by some. */
function eventsOf(visitor) {
    const event = (name, properties) => ({ event_id: uuidv7(), visitor_id: `v${visitor}`, name, properties });
    const variant = visitor % 2 ? 'b' : 'a';
    const money = { value: visitor / 100, currency: 'EUR', transaction_id: `o${visitor}` };
    return [
        event('exposure', { campaign: 'drill', phase: 1, variant, device: 'tab\there "\\." \n é \u2028' }),
        event('purchase', money),
        ...(visitor % 5 ? [] : [event('refund', money)]),
    ];
}

let visitors = 0;
const owed = [];
async function send() {
    visitors += 1;
    const events = eventsOf(visitors);
    const { status, text } = await server.events({ events }, { key: server.secretKey });
    assert.equal(status, 202, text);
    owed.push(...events.map((e) => e.event_id));
}

async function makeCampaign() {
    const variants = [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5, is_control: false },
    ];
    const metrics = ['conversion_rate', 'revenue_per_visitor'].map((key) => ({ key }));
    const made = await server.api('POST', '/campaigns', {
        key: 'drill',
        name: 'Drill',
        kind: 'experiment',
        variants,
        metrics,
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/drill/start', {})).status, 200);
}

const untilFolded = (of = server) => until(() => of.psql('select fold_backlog(1000)') === '0', 30_000, 'the fold');

/* Between the tables that the fold writes stands one that nobody needs for a while. */
const holdHalfway = () => holdTable(server, 'look', true);

test('a backup is made under load, and no event waits for it', async () => {
    await makeCampaign();
    for (let i = 0; i < 60; i += 1) await send();
    await untilFolded();
    for (let i = 0; i < 40; i += 1) await send();
    server.psql(
        `delete from rejected_event;
         insert into rejected_event (reason, event) values (1, 2); delete from rejected_event`,
    );
    const before = owed.length;
    const goOn = await holdHalfway();
    const making = server.mete(['backup', file, '--json']).then(JSON.parse);
    await until(() => server.isWaitedFor('look'), 20_000, 'the backup to be half done');
    for (let i = 0; i < 60; i += 1) await send();
    await untilFolded();
    goOn();
    const made = await making;
    assert.ok(made.rows > before && made.bytes === statSync(file).size);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['mete.backup']);
});

test('it is text inside, and every table is in it', () => {
    const bytes = readFileSync(file);
    const text = gunzipSync(bytes.subarray(0, bytes.length - 72)).toString();
    assert.match(text, /^mete backup 1\nmigration 1 config [0-9a-f]{64}\n/);
    assert.match(text, /\nend\n$/);
    const tables = [...text.matchAll(/^table (\w+) /gm)].map((m) => m[1]).sort();
    const all = server.psql(`select relname from pg_class where relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p') and not relispartition
        and relname not in ('schema_migration', 'schema_routines', 'schema_object') order by relname collate "C"`);
    assert.deepEqual(tables, all.split('\n'));
});

test('a file that is damaged or cut off is refused, and the database stays empty', async () => {
    server.cluster.psql('postgres', `create database ${copy}`);
    const whole = readFileSync(file);
    const wrong = join(folder, 'wrong');
    const refused = async (bytes, sentence) => {
        writeFileSync(wrong, bytes);
        assert.match(await complaintOf(['restore', wrong], ownerOf(copy)), sentence);
    };
    for (const place of [0, 5, 11, whole.length >> 1, whole.length - 73, whole.length - 10]) {
        const flipped = Buffer.from(whole);
        flipped[place] ^= 1;
        await refused(flipped, /wrong is damaged: its checksum is wrong; nothing was restored/);
    }
    for (const length of [0, 50, 100, whole.length >> 1, whole.length - 72, whole.length - 1]) {
        await refused(
            whole.subarray(0, length),
            /wrong is no backup of mete, or its end is missing; nothing was restored/,
        );
    }
    await refused(Buffer.concat([whole, Buffer.from('\n')]), /its end is missing/);
    assert.match(await complaintOf(['restore', join(folder, 'none')], ownerOf(copy)), /none: No such file/);
    assert.equal(
        server.cluster.psql(copy, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"),
        '0',
    );
    rmSync(wrong);
});

test("a backup takes no file's place, and leaves none when it fails", async () => {
    assert.match(await complaintOf(['backup', file]), /mete\.backup is there already/);
    const away = { METE_DATABASE_OWNER_URL: server.cluster.url('mete_owner', 'there_is_none') };
    assert.match(await complaintOf(['backup', join(folder, 'b')], away), /there_is_none/);
    const runtime = { METE_DATABASE_OWNER_URL: server.cluster.url('mete_runtime', server.database) };
    assert.match(
        await complaintOf(['backup', join(folder, 'b')], runtime),
        /may not read the sequence \w+: give the URL of the owner/,
    );
    assert.match(await complaintOf(['backup', '/nowhere/b']), /nowhere\/b: No such file/);
    assert.deepEqual(readdirSync(folder), ['mete.backup']);
});

test('a full disk leaves no half file', { skip: process.getuid() !== 0 && 'only root mounts' }, async (t) => {
    const small = mkdtempSync(join(tmpdir(), 'mete-small-'));
    const mount = `mount -t tmpfs -o size=8k none ${small}`;
    const script = `${mount} && "${metePath()}" backup ${small}/b; echo $?; ls -A ${small}`;
    const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script], {
        env: server.env,
        encoding: 'utf8',
    });
    rmSync(small, { recursive: true });
    if (status !== 0 || /mount|unshare/.test(stderr)) return t.skip('no mounts here');
    assert.match(stderr, /No space left on device/);
    assert.equal(stdout, '1\n', 'failed, and the folder is empty');
});

test('restored: the same rows of every kind, and the same results', async () => {
    const restored = JSON.parse(await server.mete(['restore', file, '--json'], { env: ownerOf(copy) }));
    assert.ok(restored.rows > 100);
    for (const table of [
        'access_key',
        'campaign',
        'phase',
        'metric',
        'campaign_metric',
        'audit_log',
        'app_user',
        'flag',
    ]) {
        assert.equal(rowsOf(copy, table), rowsOf(server.database, table), table);
    }
    assert.equal(environmentsOf(copy), environmentsOf(server.database));
    assert.equal(snapshotsOf(copy), snapshotsOf(server.database));
    const history = new Set(rowsOf(copy, 'snapshot_history').split('\n'));
    for (const line of rowsOf(server.database, 'snapshot_history').split('\n')) assert.ok(history.has(line), line);
    const ids = new Set(server.cluster.psql(copy, 'select event_id from visitor_event').split('\n'));
    assert.ok(
        owed.slice(0, 200).every((id) => ids.has(id)),
        'what was there when it began is in it',
    );
    const there = new Map(
        server.rows('select event_id, to_jsonb(e)::text as row from visitor_event e').map((e) => [e.event_id, e.row]),
    );
    const rows = JSON.parse(
        server.cluster.psql(
            copy,
            'select json_agg(json_build_array(event_id, to_jsonb(e)::text)) from visitor_event e',
        ),
    );
    for (const [id, row] of rows) assert.equal(row, there.get(id));
    const sequences = `select string_agg(sequencename || coalesce(last_value, 0), ' ' order by sequencename)
            from pg_sequences where sequencename !~ '^(writer|job|snapshot)_'`;
    assert.equal(server.cluster.psql(copy, sequences), server.psql(sequences));
    assert.match(server.cluster.psql(copy, sequences), /rejected_event_id_seq[1-9]/, 'also where the rows are gone');
    assert.equal(server.cluster.psql(copy, "select count(*) from pg_trigger where tgenabled <> 'O'"), '0');
    const orphans = 'select count(*) from fold_cursor c where not exists (select from writer where id = c.writer)';
    assert.equal(server.cluster.psql(copy, orphans), '0');
});

test('a database that is not empty is left alone', async () => {
    const before = rowsOf(copy, 'audit_log');
    assert.match(
        await complaintOf(['restore', file], ownerOf(copy)),
        /the database is not empty: a backup is restored into a new one/,
    );
    assert.equal(rowsOf(copy, 'audit_log'), before);
});

test('a server on the copy: keys hold, the fold goes on and ends where a rebuild does', async () => {
    await untilFolded();
    const { stateFolder } = server;
    const spoolBefore = readdirSync(stateFolder).filter((name) => name.startsWith('spool'));
    await server.shutDown();
    const original = server.database;
    server.env.METE_DATABASE_URL = server.cluster.url('mete_runtime', copy);
    server.env.METE_DATABASE_OWNER_URL = server.cluster.url('mete_owner', copy);
    [server.database, copy] = [copy, original];
    assert.deepEqual(
        readdirSync(stateFolder).filter((name) => name.startsWith('spool')),
        spoolBefore,
    );
    await server.spawn();
    await server.untilReady();
    assert.equal((await server.decide({ visitor_id: 'v1' })).status, 200);
    assert.equal((await server.api('GET', '/campaigns')).status, 200);
    const { body } = await server.events(eventsOf(100_000), { key: server.secretKey });
    assert.equal(body.accepted, 3, 'fresh events pass');
    await untilFolded();
    assert.ok(rowsOf(server.database, 'exposure').includes('v100000'));
    const contents = () =>
        Object.fromEntries(RESULTS.map((table) => [table, rowsOf(server.database, table).split('\n').sort()]));
    const folded = contents();
    await server.mete(['rebuild']);
    assert.deepEqual(folded, contents());
    assert.equal(
        (await server.api('POST', '/flags', { key: 'after', type: 'boolean', default: true })).status,
        201,
        'ids go on',
    );
});

test('a backup by a version to come is refused with a sentence', async () => {
    const later = `${copy}_later`;
    server.psql(
        `insert into schema_migration (number, name, sha256, serves)
            select max(number) + 1, 'later', 'x', 1 from schema_migration`,
    );
    const path = join(folder, 'later');
    await server.mete(['backup', path]);
    server.psql("delete from schema_migration where name = 'later'");
    server.cluster.psql('postgres', `create database ${later}`);
    assert.match(
        await complaintOf(['restore', path], ownerOf(later)),
        /holds migration \d+_later, this program knows \d+: use the mete that made it, or a newer one/,
    );
    assert.equal(
        server.cluster.psql(later, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"),
        '0',
    );
    server.cluster.dropDatabase(later);
});

test('a backup of the version before gets the schema of this one', async () => {
    const [older, fresh] = [`${copy}_older`, `${copy}_fresh`];
    for (const name of [older, fresh]) server.cluster.psql('postgres', `create database ${name}`);
    execFileSync(join(buildRoot, 'tests/unit/migrate_next'), [server.cluster.url('mete_owner', older)]);
    server.cluster.psql(older, "insert into environment (key, document) values ('kept', '{\"a\": 1}')");
    const path = join(folder, 'older');
    assert.match(await complaintOf(['migrate', '--check'], ownerOf(older)), /run "mete migrate"/);
    await server.mete(['backup', path], { env: ownerOf(older) });
    await server.mete(['restore', path], { env: ownerOf(fresh) });
    await server.mete(['migrate', '--check'], { env: ownerOf(fresh) });
    assert.equal(environmentsOf(fresh), environmentsOf(older));
    for (const name of [older, fresh]) server.cluster.dropDatabase(name);
});
