// SPDX-License-Identifier: GPL-3.0-or-later
// Under systemd: sockets that were there before, word about readiness, and the unit files.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { childrenOf, startServer, until } from '../lib/harness.mjs';
import { metedPath, sourceRoot } from '../lib/paths.mjs';

const units = join(sourceRoot, 'tools/systemd');

let server, edge, desk;
before(async () => {
    server = await startServer({ edges: 2 });
    await server.shutDown();
    [edge, desk] = [server.env.METE_EDGE_LISTEN, server.env.METE_DESK_LISTEN];
});
const all = [];
after(async () => {
    for (const launched of all) launched.end();
    await Promise.all(all.map(({ ended }) => ended));
    await server?.stop();
});

/* The sockets are open when it resolves; meted runs from start() on. */
async function launch(places, env = {}) {
    const args = [join(sourceRoot, 'tests/http/lib/launcher.py'), ...places, '--', metedPath()];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'python3', ...args], { env: { ...server.env, ...env } });
    const launched = { child, said: '', log: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (launched.said += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (launched.log += text));
    launched.ended = new Promise((resolve) => child.on('close', resolve));
    launched.heard = (word, count = 1) =>
        until(() => launched.said.split(word).length > count, 10_000, `${word}: ${launched.log}`);
    launched.start = () => child.stdin.write('\n');
    launched.meted = () => childrenOf(child.pid)[0].pid;
    launched.end = () => child.stdin.end();
    all.push(launched);
    await launched.heard('listening');
    return launched;
}

/* On a connection of its own. */
const ask = (address, path) =>
    new Promise((resolve) => {
        const [host, port] = address.split(':');
        http.get({ host, port, path, agent: false }, (reply) => resolve(reply.resume().statusCode)).on(
            'error',
            (error) => resolve(error.code),
        );
    });

/* 503 without a snapshot, then 401. */
const CONFIG = '/v1/config?key=nobody';

test('who connects before the start is answered', async () => {
    const launched = await launch([`edge=${edge}`, `desk=${desk}`], { WATCHDOG_USEC: '200000' });
    const early = [edge, edge, edge, desk].map((address) => ask(address, '/livez'));
    await until(() => ask(edge, '/x') && true, 1_000, 'one more');
    assert.ok(!/READY/.test(launched.said));
    launched.start();
    assert.deepEqual(await Promise.all(early), [200, 200, 200, 200]);
    await launched.heard('READY=1');
    const statuses = await Promise.all(Array.from({ length: 20 }, () => ask(edge, CONFIG)));
    assert.deepEqual([...new Set(statuses)], [401]);
    await launched.heard('WATCHDOG=1', 3);
    assert.match(launched.log, /edge as passed on, desk as passed on/);
    launched.end();
    await launched.ended;
});

const allow = (isAllowed) =>
    server.cluster.psql('postgres', `alter database ${server.database} with allow_connections ${isAllowed}`);

test('READY is told when every edge can decide, and not before', async () => {
    allow(false);
    const launched = await launch([`edge=${edge}`, `desk=${desk}`], { METE_STATE_DIR: '' });
    launched.start();
    await until(async () => (await ask(edge, CONFIG)) === 503, 20_000, 'an edge without snapshot');
    assert.ok(!/READY/.test(launched.said), launched.said);
    allow(true);
    await launched.heard('READY=1');
    const statuses = await Promise.all(Array.from({ length: 20 }, () => ask(edge, CONFIG)));
    assert.deepEqual([...new Set(statuses)], [401], 'keys are looked up');
    assert.ok(!/not every edge has a configuration/.test(launched.log));
    launched.end();
    await launched.ended;
});

test('READY is told late rather than never: systemd would end what still waits for the database', async () => {
    allow(false);
    const launched = await launch([`edge=${edge}`, `desk=${desk}`], {
        METE_STATE_DIR: '',
        METE_READY_TIMEOUT_MS: '100',
    });
    launched.start();
    await launched.heard('READY=1');
    await until(() => /not every edge has a configuration to decide from yet/.test(launched.log), 10_000, 'a warning');
    assert.equal(await ask(edge, CONFIG), 503);
    launched.end();
    await launched.ended;
    allow(true);
});

test('a restart loses no connection', async () => {
    const launched = await launch([`edge=${edge}`, `desk=${desk}`]);
    launched.start();
    await until(async () => (await ask(edge, '/readyz')) === 200, 20_000, 'readiness');
    const statuses = {};
    let isOver = false;
    const lanes = Array.from({ length: 8 }, async () => {
        while (!isOver) {
            const status = await ask(edge, '/livez');
            statuses[status] = (statuses[status] ?? 0) + 1;
        }
    });
    for (let turn = 1; turn <= 3; turn += 1) {
        process.kill(launched.meted(), 'SIGTERM');
        await launched.heard('left 0', turn);
        await launched.heard('READY=1', turn + 1);
        const before = statuses[200];
        await until(() => statuses[200] > before + 50, 10_000, 'answers');
    }
    isOver = true;
    await Promise.all(lanes);
    assert.deepEqual(Object.keys(statuses), ['200']);
    assert.ok(launched.said.split('STOPPING=1').length === 4);
    launched.end();
    await launched.ended;
});

test('a socket for each edge: all of them serve', async () => {
    const launched = await launch([`edge=${edge}`, `edge=${edge}`, `desk=${desk}`]);
    launched.start();
    await launched.heard('READY=1');
    const replies = await Promise.all(Array.from({ length: 40 }, () => ask(edge, '/livez')));
    assert.deepEqual([...new Set(replies)], [200]);
    launched.end();
    await launched.ended;
});

const WRONG = [
    ['a name nobody knows', ['door'], {}, /a socket called 'door'/],
    ['two for the desk', ['desk', 'desk'], {}, /a socket called 'desk'/],
    ['more than edges', ['edge', 'edge'], { METE_EDGES: '1' }, /1 edges cannot serve 2 sockets/],
];
for (const [name, names, env, sentence] of WRONG) {
    test(`sockets that make no sense: ${name}`, async () => {
        const launched = await launch(
            names.map((n) => `${n}=${edge}`),
            env,
        );
        launched.start();
        await launched.heard('left 1');
        assert.match(launched.log, sentence);
        launched.child.kill('SIGKILL');
        await launched.ended;
    });
}

test('a file that is no socket', () => {
    const script = 'LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=edge exec "$0" 3</dev/null';
    const { status, stderr } = spawnSync('sh', ['-c', script, metedPath()], { env: server.env, encoding: 'utf8' });
    assert.deepEqual([status, /'edge' \(3\) is no socket that listens/.test(stderr)], [1, true], stderr);
});

test('what was passed to another process is left alone', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    const env = { ...server.env, LISTEN_PID: '1', LISTEN_FDS: '1', LISTEN_FDNAMES: 'door' };
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', metedPath()], { env, stdio: 'ignore' });
    await until(async () => (await ask(edge, '/livez')) === 200, 10_000, 'meted on its own ports');
    child.kill('SIGTERM');
    await new Promise((resolve) => child.on('exit', resolve));
    other.close();
});

const hasTool = spawnSync('systemd-analyze', ['--version']).status === 0;

test(
    'the unit files are right, and leave the service little to do harm with',
    { skip: !hasTool && 'no systemd-analyze' },
    () => {
        const folder = mkdtempSync(join(tmpdir(), 'mete-units-'));
        for (const name of readdirSync(units)) {
            const text = readFileSync(join(units, name), 'utf8');
            writeFileSync(
                join(folder, name),
                text.replace('/usr/local/bin/meted', metedPath()).replace('User=mete\n', 'User=daemon\n'),
            );
        }
        const paths = readdirSync(folder).map((name) => join(folder, name));
        const verified = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', ...paths], {
            encoding: 'utf8',
        });
        assert.deepEqual([verified.status, verified.stderr], [0, '']);
        const judged = spawnSync(
            'systemd-analyze',
            ['security', '--no-pager', '--offline=true', '--threshold=20', join(folder, 'meted.service')],
            { encoding: 'utf8' },
        );
        const service = readFileSync(join(folder, 'meted.service'), 'utf8');
        for (const bound of ['LimitCORE=0', 'MemoryMax=', 'TasksMax=', 'LimitNOFILE=', 'OOMPolicy=continue'])
            assert.ok(service.includes(`\n${bound}`), bound);
        rmSync(folder, { recursive: true });
        assert.equal(judged.status, 0, judged.stdout + judged.stderr);
    },
);
