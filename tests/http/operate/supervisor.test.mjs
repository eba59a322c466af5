// SPDX-License-Identifier: GPL-3.0-or-later
// The parent of all processes: what it starts again, which settings it takes, when it refuses, and that
// a start needs no database.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { childrenOf, deadline, raw, startServer, statuses, until, uuidv7 } from '../lib/harness.mjs';
import { metedPath } from '../lib/paths.mjs';

let server;
let folder;
let config;
const configure = (text) => writeFileSync(config, text);

before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mete-config-'));
    config = join(folder, 'mete.conf');
    configure('# quiet\nidle_timeout_ms = 50000\n');
    server = await startServer({ edges: 2, config });
});
after(async () => {
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
});

const isAlive = (pid) => existsSync(`/proc/${pid}`);
const said = (pattern) => server.logLines().filter(({ message }) => pattern.test(message));

/* Runs meted to its end: {status, text}. */
function run(args, env = {}) {
    return new Promise((resolve) => {
        const child = spawn(metedPath(), args, { env: { PATH: process.env.PATH, ...env } });
        let text = '';
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (s) => (text += s));
        child.on('close', (status) => resolve({ status, text }));
    });
}

for (const kind of ['edge', 'desk', 'worker']) {
    test(`kill -9 of ${kind}: another takes its place, the others live on`, async () => {
        const allOf = ({ supervisor, edges, desk, worker }) => [supervisor, ...edges, desk, worker].filter(Boolean);
        const first = await until(() => allOf(server.pids()).length === 5 && server.pids(), 10_000, 'all processes');
        const victim = kind === 'edge' ? first.edges[0] : first[kind];
        process.kill(victim, 'SIGKILL');
        const now = await until(
            () => !isAlive(victim) && allOf(server.pids()).length === 5 && server.pids(),
            5_000,
            'another',
        );
        const survivors = allOf(first).filter((pid) => pid !== victim);
        assert.deepEqual(
            allOf(now)
                .filter((pid) => survivors.includes(pid))
                .sort(),
            survivors.sort(),
        );
        const deaths = () => said(new RegExp(`^${kind}.* died of signal 9`)).length;
        await until(deaths, 5_000, 'its death to be told');
        assert.equal(deaths(), 1);
        await server.untilReady();
        server.edge.close();
        assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
        assert.equal((await server.events({ event_id: uuidv7(), visitor_id: 'v', name: 'n' })).status, 202);
    });
}

test('a child that keeps dying is started again more slowly', async () => {
    const deaths = () => said(/^worker died of signal 9/).length;
    const start = deaths();
    for (let i = 1; i <= 4; i += 1) {
        const worker = await until(() => server.pids().worker, 10_000, 'a worker');
        process.kill(worker, 'SIGKILL');
        await until(() => deaths() === start + i, 5_000, 'its death to be seen');
    }
    await until(() => server.pids().worker, 10_000, 'a worker at last');
    assert.equal(server.pids().edges.length, 2);
});

const bigHead = () =>
    raw(server.edgeUrl, `GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: ${'x'.repeat(2000)}\r\n\r\n`);

test('SIGHUP: what can change changes in all that runs, and is told', async () => {
    const pids = server.pids();
    assert.deepEqual(statuses(await bigHead()), [200]);
    configure('header_bytes = 1024\nconnections = 9000\nedges = 5\nbatch_rows = 17\n');
    server.process.kill('SIGHUP');
    await until(
        () => said(/^settings reloaded; changed: connections, header_bytes, idle_timeout_ms$/).length,
        5_000,
        'its word',
    );
    assert.equal(said(/start later: batch_rows$/).length, 1, 'edges stands in the environment too, which wins');
    const many = () => Promise.all(Array.from({ length: 20 }, bigHead));
    await until(
        async () => (await many()).every((text) => statuses(text)[0] === 431),
        5_000,
        'the limit of both edges',
    );
    const desk = () =>
        raw(server.deskUrl, `GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: ${'x'.repeat(2000)}\r\n\r\n`);
    await until(async () => statuses(await desk())[0] === 431, 5_000, 'the limit of the desk');
    assert.deepEqual(server.pids(), pids);
});

test('what stands open is said at the start, and nothing when it does not', async () => {
    const advice = /metrics_token is not set|trusted_proxies is not set/;
    assert.equal(said(advice).length, 2, 'of the server that all tests here use');
    const child = spawn(metedPath(), ['--edges', '1', '--metrics-token', 'x', '--trusted-proxies', '192.0.2.1'], {
        env: {
            PATH: process.env.PATH,
            METE_DATABASE_URL: `postgresql:///none?host=${folder}`,
            METE_EDGE_LISTEN: `unix:${join(folder, 'closed-edge')}`,
            METE_DESK_LISTEN: `unix:${join(folder, 'closed-desk')}`,
        },
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
    const ended = new Promise((resolve) => child.on('close', resolve));
    await until(() => childrenOf(child.pid).length === 4, 10_000, 'its children');
    child.kill('SIGTERM');
    assert.equal(await ended, 0, log);
    assert.match(log, /starting 4 children/);
    assert.ok(!advice.test(log), log);
});

test('SIGHUP while children begin ends none of them', async (t) => {
    const taken = [];
    const silent = net.createServer((socket) => taken.push(socket.on('error', () => {})));
    await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const child = spawn(metedPath(), ['--edges', '1'], {
        env: {
            PATH: process.env.PATH,
            METE_DATABASE_URL: `postgresql://nobody@127.0.0.1:${silent.address().port}/none`,
            METE_EDGE_LISTEN: `unix:${join(folder, 'begin-edge')}`,
            METE_DESK_LISTEN: `unix:${join(folder, 'begin-desk')}`,
        },
    });
    t.after(() => {
        child.kill('SIGTERM');
        silent.close();
        taken.forEach((socket) => socket.destroy());
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
    const ended = new Promise((resolve) => child.on('close', resolve));
    const worker = () => childrenOf(child.pid).find(({ title }) => title === 'worker');
    /* The worker asks a database that does not answer, before it handles signals. */
    await until(() => worker() && taken.length > 0, 10_000, 'a worker that waits');
    const { pid } = worker();
    child.kill('SIGHUP');
    await until(() => /settings reloaded/.test(log), 10_000, 'the reload');
    taken.forEach((socket) => socket.destroy());
    silent.close();
    assert.equal(worker()?.pid, pid);
    child.kill('SIGTERM');
    assert.equal(await ended, 0, log);
    assert.ok(!/died of signal/.test(log), log);
});

test('SIGHUP: a limit of connections', async () => {
    configure('connections = 1\n');
    server.process.kill('SIGHUP');
    await until(() => said(/changed: connections, header_bytes/).length === 2, 5_000, 'its word');
    const held = new Client(server.deskUrl);
    const refusal = async () => {
        await held.request('GET', '/livez');
        const text = await raw(server.deskUrl, 'GET /livez HTTP/1.1\r\nHost: h\r\n\r\n', {
            isEnough: (s) => s.includes('}'),
        });
        return statuses(text)[0] === 503 && /^Retry-After:/m.test(text);
    };
    server.desk.close();
    await until(refusal, 5_000, 'the second connection to be refused');
    configure('');
    server.process.kill('SIGHUP');
    await until(() => said(/changed: connections$/).length === 1, 5_000, 'its word');
    await until(async () => !(await refusal()), 5_000, 'the second connection to be let in');
    held.close();
});

test('SIGHUP: log_level', async () => {
    const before = said(/^settings reloaded/).length;
    configure('log_level = error\nheader_bytes = 1024\n');
    server.process.kill('SIGHUP');
    await until(async () => statuses(await bigHead())[0] === 431, 5_000, 'the limit that came with it');
    configure('log_level = info\n');
    server.process.kill('SIGHUP');
    await until(
        () => said(/changed: header_bytes, log_level$|changed: log_level, header_bytes$/).length > 0,
        5_000,
        'its word',
    );
    assert.equal(said(/^settings reloaded/).length, before + 1, 'while only errors are told it was silent');
});

test('SIGHUP: wrong settings change nothing', async () => {
    const pids = server.pids();
    configure('connections = many\n');
    server.process.kill('SIGHUP');
    await until(
        () => said(/^settings not reloaded: connections \(.*mete\.conf, line 1\).*'many'/).length,
        5_000,
        'its word',
    );
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
    assert.deepEqual(server.pids(), pids);
    configure('');
});

const WRONG = [
    ['a word for a number', ['--edges', 'two'], /edges \(command line\).*'two'/],
    ['a number out of range', ['--connections=0'], /connections.*from 1 to 1000000/],
    ['a number with more behind it', ['--edges', '2x'], /edges.*'2x'/],
    ['an unknown setting', ['--colour', 'red'], /no setting '--colour'/],
    ['a lone word', ['start'], /unknown argument 'start'/],
    ['no value', ['--edges'], /--edges needs a value/],
    ['a level that is none', ['--log-level', 'loud'], /log_level: 'loud'/],
    ['a file that is not there', ['--config', '/nowhere/mete.conf'], /config: cannot open '\/nowhere\/mete.conf'/],
];
for (const [name, args, sentence] of WRONG) {
    test(`a wrong setting: ${name}`, async () => {
        const { status, text } = await run(args, { METE_DATABASE_URL: 'postgresql:///none' });
        assert.equal(status, 2, text);
        assert.match(text, sentence);
    });
}

test('wrong settings in the environment, in a file, or none', async () => {
    const database = { METE_DATABASE_URL: 'postgresql:///none' };
    assert.match(
        (await run([], { ...database, METE_QUEUE_ROWS: '1' })).text,
        /queue_rows \(METE_QUEUE_ROWS\).*from 500/,
    );
    configure('\n# fine\nedges = 2\ncolour = red\n');
    assert.match((await run(['--config', config], database)).text, /mete\.conf, line 4: there is no setting 'colour'/);
    configure('edges\n');
    assert.match((await run(['--config', config], database)).text, /line 1: expected 'name = value', got 'edges'/);
    const { status, text } = await run([]);
    assert.deepEqual([status, /database_url is not set/.test(text)], [2, true]);
    configure('');
});

test('ports that are taken or make no sense', async () => {
    const env = { METE_DATABASE_URL: server.env.METE_DATABASE_URL };
    const taken = await run(['--edges', '1', '--edge-listen', new URL(server.deskUrl).host], env);
    assert.equal(taken.status, 1);
    assert.match(taken.text, /Cannot listen on .*in use/);
    const senseless = await run(['--edge-listen', 'here'], env);
    assert.equal(senseless.status, 1);
    assert.match(senseless.text, /here.* is not host:port/);
});

test('--print-settings prints a file that the server takes', async () => {
    const { status, text } = await run(['--print-settings']);
    assert.equal(status, 0);
    const names = [...text.matchAll(/^#(\w+) = /gm)].map((m) => m[1]);
    assert.ok(names.includes('database_url') && names.includes('queue_rows') && names.length > 15);
    configure(text.replaceAll(/^#(\w+ = )/gm, '$1'));
    const another = await startServer({ config });
    assert.equal((await another.decide({ visitor_id: 'v' })).status, 200);
    await another.stop();
    configure('');
});

test('edges share a unix socket: each of them serves', async () => {
    const socketPath = join(folder, 'edge');
    const env = { ...server.env, METE_STATE_DIR: '' };
    const args = ['--edges', '3', '--edge-listen', `unix:${socketPath}`, '--desk-listen', `unix:${folder}/desk`];
    const child = spawn(metedPath(), args, { env, stdio: 'ignore' });
    const left = new Promise((resolve) => child.on('exit', resolve));
    const ask = () =>
        new Promise((resolve) => {
            http.get({ socketPath, path: '/livez', agent: false }, (r) => resolve(r.resume().statusCode)).on(
                'error',
                () => resolve(0),
            );
        });
    await until(async () => (await ask()) === 200, 10_000, 'the socket to answer');
    const edgesOf = () =>
        childrenOf(child.pid)
            .filter(({ title }) => title.startsWith('edge-'))
            .map(({ pid }) => pid);
    const edges = await until(() => edgesOf().length === 3 && edgesOf(), 10_000, 'all edges to be there');
    for (const only of edges) {
        const others = edges.filter((pid) => pid !== only);
        for (const pid of others) process.kill(pid, 'SIGSTOP');
        const status = await Promise.race([
            ask(),
            new Promise((resolve) => setTimeout(resolve, deadline(5_000), 'no answer').unref()),
        ]);
        for (const pid of others) process.kill(pid, 'SIGCONT');
        assert.equal(status, 200);
    }
    child.kill('SIGTERM');
    assert.equal(await left, 0);
});

test('another schema is refused with a sentence', async () => {
    const name = `${server.database}_b`;
    const env = { METE_DATABASE_URL: server.cluster.url('mete_runtime', name) };
    const places = ['edge', 'desk'].flatMap((kind) => [`--${kind}-listen`, `unix:${join(folder, kind)}`]);
    const refused = async (sentence) => {
        const { status, text } = await run(places, env);
        assert.equal(status, 1, text);
        const said = text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line));
        assert.ok(
            said.some(({ level, message }) => level === 'error' && sentence.test(message)),
            text,
        );
    };
    server.cluster.psql('postgres', `create database ${name}`);
    await refused(/holds no schema yet: run "mete migrate"/);
    server.cluster.dropDatabase(name);
    server.cluster.createDatabase(name);
    const psql = (sql) => server.cluster.psql(name, sql);
    psql("update schema_migration set sha256 = 'x' where number = 1");
    await refused(/migration 0001_config is not the one that was applied/);
    psql('delete from schema_migration');
    await refused(/holds 0 of \d+ migrations: run "mete migrate"/);
    server.cluster.dropDatabase(name);
});

const allow = (isAllowed) =>
    server.cluster.psql('postgres', `alter database ${server.database} with allow_connections ${isAllowed}`);

test('a start without database: decisions from the kept snapshot, and all is well when it is back', async () => {
    const metrics = [{ key: 'conversion_rate' }];
    const variants = [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5 },
    ];
    await server.api('POST', '/campaigns', { key: 'kept', name: 'Kept', kind: 'experiment', metrics, variants });
    assert.equal((await server.api('POST', '/campaigns/kept/start', {})).status, 200);
    const version = server.psql('select max(version) from snapshot');
    const isUsed = () => said(new RegExp(`^snapshot ${version} in use for environment 1$`)).length === 2;
    await until(isUsed, 5_000, 'the snapshot on both edges');
    const before = (await server.decide({ visitor_id: 'v' })).body;
    await server.shutDown();
    const isLeftByKill = (name) => name.endsWith('.new');
    assert.deepEqual(
        readdirSync(server.stateFolder)
            .filter((name) => !isLeftByKill(name))
            .sort(),
        ['snapshot-0.1', 'snapshot-1.1'],
    );
    allow(false);
    await server.spawn();
    assert.deepEqual((await server.decide({ visitor_id: 'v' })).body, before);
    const ready = await server.edge.request('GET', '/readyz');
    assert.deepEqual([ready.status, ready.body.status, ready.body.snapshot], [200, 'degraded', Number(version)]);
    const event = { event_id: uuidv7(), visitor_id: 'v', name: 'n' };
    assert.equal((await server.events(event)).status, 202, 'it is in the spool');
    allow(true);
    await until(
        async () => (await server.edge.request('GET', '/readyz')).body.status === 'ready',
        10_000,
        'the database',
    );
    const stored = () => server.psql(`select count(*) from visitor_event where event_id = '${event.event_id}'`) === '1';
    await until(stored, 10_000, 'the event to be stored');
});

test('a start without database and without a kept snapshot: 503 until it is there', async () => {
    await server.shutDown();
    for (const name of readdirSync(server.stateFolder)) rmSync(join(server.stateFolder, name));
    allow(false);
    await server.spawn();
    const ready = await server.edge.request('GET', '/readyz');
    assert.deepEqual([ready.status, ready.body.status], [503, 'not_ready']);
    for (const reply of [await server.decide({ visitor_id: 'v' }), await server.events([])]) {
        assert.equal(reply.status, 503);
        assert.match(reply.body.detail, /configuration has not been read/);
    }
    allow(true);
    await server.untilReady();
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
});

test('a schema that changes under a running server ends it with a sentence', async () => {
    server.psql("update schema_migration set sha256 = 'x' where number = 2");
    server.psql(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'mete edge%' and datname = current_database()`);
    assert.equal(await server.exited, 1);
    assert.ok(said(/migration 0002_\w+ is not the one that was applied/).length > 0, server.log);
});
