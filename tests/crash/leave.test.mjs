// SPDX-License-Identifier: GPL-3.0-or-later
// How processes leave: in order on SIGTERM, together when the supervisor dies, and back at once when a
// child dies.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { deadline, startServer, until } from '../http/lib/harness.mjs';
import { isTaken } from '../http/lib/edges.mjs';
import { holdTable } from '../http/lib/hold.mjs';
import { pageView } from './oracle.mjs';

let server;
beforeEach(async () => (server = await startServer({ edges: 2 })));
afterEach(() => server?.stop());

const isAlive = (pid) => existsSync(`/proc/${pid}`);

/* An events request of one event, as bytes. */
function requestBytes(event) {
    const body = JSON.stringify({ events: [event] });
    return (
        `POST /v1/events HTTP/1.1\r\nHost: mete\r\nAuthorization: Bearer ${server.clientKey}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    );
}

/* A connection with everything that came back on it. */
function connect() {
    const { hostname, port } = new URL(server.edgeUrl);
    const socket = net.connect(Number(port), hostname);
    const connection = { socket, text: '' };
    socket.setEncoding('utf8').on('data', (chunk) => (connection.text += chunk));
    connection.closed = new Promise((resolve) => socket.on('close', resolve).on('error', resolve));
    return connection;
}

async function leavesInTime() {
    const left = await Promise.race([
        server.exited,
        new Promise((resolve) => setTimeout(resolve, deadline(10_000), 'late').unref()),
    ]);
    assert.equal(left, 0, 'meted left by itself');
}

test('SIGTERM: a request whose body is still coming is answered and stored', async () => {
    const event = pageView(1);
    const bytes = requestBytes(event);
    const connection = connect();
    connection.socket.write(bytes.slice(0, -10));
    await until(() => connection.socket.bytesWritten === bytes.length - 10);
    await until(() => isTaken(connection.socket), 10_000, 'the edge to have read what there is');
    const children = server.pids();
    server.process.kill('SIGTERM');
    await until(() => server.logLines().length > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    connection.socket.write(bytes.slice(-10));
    await connection.closed;
    assert.match(connection.text, /^HTTP\/1\.1 202 /);
    assert.match(connection.text, /"accepted":1/);
    await leavesInTime();
    assert.equal(server.psql(`select count(*) from visitor_event where event_id = '${event.event_id}'`), '1');
    for (const pid of [...children.edges, children.desk, children.worker]) assert.ok(!isAlive(pid));
});

test('SIGTERM: a batch that waits for its commit is committed and answered', async () => {
    const release = await holdTable(server, 'visitor_event');
    const event = pageView(2);
    const connection = connect();
    connection.socket.write(requestBytes(event));
    await until(() => server.isWaitedFor('visitor_event'), 10_000, 'the batch to wait for the lock');
    server.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(connection.text, '', 'no answer before the commit');
    await release();
    await connection.closed;
    assert.match(connection.text, /^HTTP\/1\.1 202 /);
    await leavesInTime();
    assert.equal(server.psql(`select count(*) from visitor_event where event_id = '${event.event_id}'`), '1');
});

test('SIGTERM: what is not answered, and who does not move, hold the server for a while only', async () => {
    await server.stop();
    server = await startServer({ edges: 2, drain_timeout_ms: 300 });
    const release = await holdTable(server, 'visitor_event');
    const connection = connect();
    connection.socket.write(requestBytes(pageView(4)));
    await until(() => server.isWaitedFor('visitor_event'), 10_000, 'the batch to wait for the lock');
    process.kill(server.pids().worker, 'SIGSTOP');
    server.process.kill('SIGTERM');
    await leavesInTime();
    await connection.closed;
    assert.equal(connection.text, '', 'what was not stored was not acknowledged');
    const late = server.logLines().filter(({ message }) => message === 'not everything was answered in time');
    assert.equal(late.length, 1);
    assert.match(late[0].process, /^edge-/);
    await release();
});

test('SIGTERM: an idle keep-alive connection does not hold the server', async () => {
    const connection = connect();
    connection.socket.write(requestBytes(pageView(3)));
    await until(() => /202/.test(connection.text), 10_000, 'the first answer');
    server.process.kill('SIGTERM');
    await connection.closed;
    await leavesInTime();
});

test('kill -9 of the supervisor: its children leave with it', async () => {
    const { supervisor, edges, desk, worker } = server.pids();
    const children = [...edges, desk, worker];
    assert.equal(children.filter(Boolean).length, 4);
    process.kill(supervisor, 'SIGKILL');
    await until(() => !children.some(isAlive), 10_000, 'the children to leave');
});

test('kill -9 of each child: another takes its place and serves', async () => {
    const before = server.pids();
    const old = [...before.edges, before.desk, before.worker];
    for (const pid of old) process.kill(pid, 'SIGKILL');
    const now = await until(
        () => {
            const pids = server.pids();
            const isNew = [...pids.edges, pids.desk, pids.worker].every((pid) => pid && !old.includes(pid));
            return pids.edges.length === 2 && isNew && pids;
        },
        10_000,
        'new children',
    );
    assert.equal(now.supervisor, before.supervisor);
    await server.untilReady();
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
    assert.equal((await server.api('GET', '/environments')).status, 200);
});
