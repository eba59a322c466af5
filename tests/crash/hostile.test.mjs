// SPDX-License-Identifier: GPL-3.0-or-later
// Clients who mean no good: slow ones by the thousand, endless ones, ones who never read, ones who
// vanish. Good clients are all answered meanwhile, no process ends or grows, and nothing is left.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer, statuses, until } from '../http/lib/harness.mjs';
import { scrape, total } from '../http/lib/metrics_text.mjs';
import { pageView } from './oracle.mjs';
import { askFor, connect, connectMany, edgeRssKb, RSS_MOST_KB, sayEndlessly, tellRatio } from './strain.mjs';
import { times } from './world.mjs';

const SLOW = 4_000;
const IDLE = 10_000;
/* What it is compared with is for people alone. */
const QUIET_MS = 300;
const HELLO = 'GET /livez HTTP/1.1\r\nHost: h\r\n\r\n';

/* Sanitizers and valgrind have memory of their own. */
const isWeighed = !process.env.METE_WRAP && process.env.METE_PATIENCE === undefined;

let server, pids;
before(async () => {
    /* Longer than any of this takes: slow clients stay, and unit tests say when they are cut off. */
    const patient = { header_timeout_ms: 600_000, body_timeout_ms: 600_000, write_timeout_ms: 600_000 };
    server = await startServer({ edges: 2, ...patient });
    pids = server.pids();
});
after(() => server?.stop());

/* At edges and desk. */
const openConnections = async () => total(await scrape(server), 'mete_client_connections');
const head = (...lines) =>
    `POST /v1/events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${server.clientKey}\r\n` +
    lines.map((line) => `${line}\r\n`).join('');

async function assertUnharmed() {
    if (isWeighed) assert.ok(edgeRssKb(server) < RSS_MOST_KB, `an edge holds ${edgeRssKb(server)} kB`);
    assert.deepEqual(server.pids(), pids, 'nobody died');
    assert.equal((await server.events({ events: [pageView(1)] })).body.accepted, 1);
    assert.ok(!server.logLines().some(({ level }) => level === 'error'), server.log);
}

/* slowhttptest until stop(). */
function attack(args) {
    const seconds = 600;
    const child = spawn(
        'slowhttptest',
        ['-c', SLOW, '-r', 4_000, '-i', 1, '-l', seconds, '-p', 3, '-v', 0, ...args].map(String),
        { stdio: 'ignore' },
    );
    const left = new Promise((resolve) => child.on('exit', resolve).on('error', resolve));
    return async () => {
        child.kill('SIGKILL');
        await left;
    };
}

const ATTACKS = {
    'slow heads': () => ['-H', '-x', 24, '-t', 'GET', '-u', `${server.edgeUrl}/livez`],
    'slow bodies': () => [
        '-B',
        '-s',
        8_192,
        '-x',
        24,
        '-t',
        'POST',
        '-f',
        'application/json',
        '-u',
        `${server.edgeUrl}/v1/events?key=${server.clientKey}`,
    ],
    'slow readers': () => ['-X', '-w', 8, '-y', 16, '-n', 1, '-z', 8, '-k', 10, '-u', `${server.edgeUrl}/livez`],
};

for (const [name, args] of Object.entries(ATTACKS)) {
    test(`${SLOW} ${name}`, async (t) => {
        const quiet = await askFor(server, QUIET_MS);
        const stop = attack(args());
        try {
            await until(async () => (await openConnections()) > SLOW * 0.75, 300_000, 'the attack to be under way');
            const strained = await askFor(server, times(2_500, 20_000));
            tellRatio(t, name, quiet, strained);
            assert.deepEqual(strained.failed, []);
        } finally {
            await stop();
        }
        await until(async () => (await openConnections()) < 100, 30_000, 'the connections to be gone');
        await assertUnharmed();
    });
}

test(`${IDLE} idle connections`, async (t) => {
    const quiet = await askFor(server, QUIET_MS);
    const idle = await connectMany(server.edgeUrl, IDLE);
    await until(async () => (await openConnections()) >= IDLE, 20_000, 'all of them to be open');
    const strained = await askFor(server, 2_000);
    tellRatio(t, 'idle', quiet, strained);
    assert.deepEqual(strained.failed, []);
    await assertUnharmed();
    for (const { socket } of idle) socket.destroy();
    await until(async () => (await openConnections()) < 100, 20_000, 'the connections to be gone');
});

test('what has no end is cut off', async () => {
    const cases = [
        ['a request line', 'GET /', 'a'.repeat(1_000), [431]],
        ['a header', 'GET / HTTP/1.1\r\nX: ', 'a'.repeat(1_000), [431]],
        ['headers', 'GET / HTTP/1.1\r\n', 'X: y\r\n'.repeat(100), [431]],
        ['empty lines', '', '\r\n'.repeat(500), [400]],
        ['a chunk size', `${head('Transfer-Encoding: chunked')}\r\n`, '0'.repeat(1_000), [400]],
        ['a chunk extension', `${head('Transfer-Encoding: chunked')}\r\n2;`, 'a'.repeat(1_000), [400]],
        ['chunks', `${head('Transfer-Encoding: chunked')}\r\n`, '3e8\r\n' + ' '.repeat(1_000) + '\r\n', [413]],
        ['trailers', `${head('Transfer-Encoding: chunked')}\r\n0\r\n`, 'X: y\r\n'.repeat(100), [400]],
    ];
    for (const [what, begin, piece, wanted] of cases) {
        const connection = connect(server.edgeUrl);
        connection.socket.write(begin);
        await sayEndlessly(connection, piece, 64 << 20);
        assert.deepEqual(statuses(connection.text), wanted, `${what}: ${connection.text}`);
        connection.socket.destroy();
    }
    await assertUnharmed();
});

test('large bodies that never end: what does not fit is told to come again', async (t) => {
    const bytes = 200_000,
        count = 1_000;
    const clients = await connectMany(server.edgeUrl, count);
    const begin = head(`Content-Length: ${bytes}`) + '\r\n';
    for (const { socket } of clients) socket.write(begin + ' '.repeat(bytes - 1));
    const isSettled = ({ socket, text }) => text !== '' || socket.writableLength === 0;
    await until(() => clients.every(isSettled), 20_000, 'all that can be to be sent');
    const { failed } = await askFor(server, 1_000);
    assert.deepEqual(failed, []);
    const refused = clients.filter(({ text }) => text !== '');
    t.diagnostic(`${refused.length} of ${count} refused, ${edgeRssKb(server)} kB in the larger edge`);
    assert.ok(refused.length > 0 && refused.length < count);
    for (const { text } of refused) assert.match(text, /^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 1\r\n/);
    await assertUnharmed();
    for (const { socket } of clients) socket.destroy();
    await until(async () => (await openConnections()) < 100, 20_000, 'all to be gone');
    assert.equal((await server.events({ events: [pageView(1)] })).status, 202);
});

test('floods of requests whose answers nobody reads', async (t) => {
    const flood = HELLO.repeat(500);
    const clients = await connectMany(server.edgeUrl, 40);
    for (const { socket } of clients) socket.pause();
    for (let turn = 0; turn < 40; turn += 1) {
        for (const { socket, isClosed } of clients)
            if (!isClosed && socket.writableLength < 1 << 20) socket.write(flood);
        await pause(20);
    }
    const { failed } = await askFor(server, 1_000);
    assert.deepEqual(failed, []);
    t.diagnostic(`${edgeRssKb(server)} kB in the larger edge`);
    await assertUnharmed();
    for (const { socket } of clients) socket.destroy();
});

test('a flood that is read is answered in order, to the last', async () => {
    const count = times(20_000, 200_000);
    const connection = connect(server.edgeUrl);
    connection.socket.write(HELLO.repeat(count - 1) + HELLO.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await connection.closed;
    assert.equal(statuses(connection.text).length, count);
    assert.ok(statuses(connection.text).every((status) => status === 200));
});

test('half-closed connections: what was asked is answered, then they end', async () => {
    const asked = await connectMany(server.edgeUrl, 500, { allowHalfOpen: true });
    for (const { socket } of asked) socket.end(HELLO);
    await Promise.all(
        asked.map(async (connection) => {
            await until(() => /\r\n\r\n/.test(connection.text), 10_000, 'the answer');
            assert.deepEqual(statuses(connection.text), [200]);
        }),
    );
    const silent = await connectMany(server.edgeUrl, 500, { allowHalfOpen: true });
    for (const { socket } of silent) socket.end();
    const torn = await connectMany(server.edgeUrl, 500, { allowHalfOpen: true });
    for (const { socket } of torn) socket.end(`${head('Content-Length: 100')}\r\n{"events":`);
    await until(async () => (await openConnections()) < 100, 20_000, 'all to be gone');
    await Promise.all(torn.map(({ closed }) => closed));
    for (const { text } of torn) assert.deepEqual(statuses(text), [400]);
    await assertUnharmed();
});

test('connections reset in the middle of an answer, of a commit, of a request', async () => {
    const event = () => JSON.stringify({ events: [pageView(1)] });
    const post = (body) => `${head(`Content-Length: ${Buffer.byteLength(body)}`)}\r\n${body}`;
    for (let turn = 0; turn < times(20, 200); turn += 1) {
        const clients = await connectMany(server.edgeUrl, 30);
        for (const [i, { socket }] of clients.entries()) {
            const bytes = [HELLO.repeat(400), post(event()), post(event()).slice(0, -20)][i % 3];
            socket.write(bytes);
            if (i % 2) socket.once('data', () => socket.resetAndDestroy());
        }
        await pause(Math.random() * 10);
        for (const { socket } of clients) socket.resetAndDestroy();
    }
    await until(async () => (await openConnections()) < 100, 20_000, 'all to be gone');
    await assertUnharmed();
});

test('beyond the cap: 503 with Retry-After, or closed; whoever leaves makes room', async () => {
    const small = await startServer({ connections: 50 });
    const first = await connectMany(small.edgeUrl, 50);
    const beyond = await connectMany(small.edgeUrl, 300);
    for (const { socket } of beyond) socket.write(HELLO);
    await Promise.all(beyond.map(({ closed }) => closed));
    const answers = beyond.filter(({ text }) => text !== '');
    assert.ok(answers.length > 0);
    for (const { text } of answers) assert.match(text, /^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 1\r\n/);
    for (const { socket } of first) socket.destroy();
    await until(async () => (await small.decide({ visitor_id: 'v' }).catch(() => ({}))).status === 200, 10_000, 'room');
    await small.stop();
});
