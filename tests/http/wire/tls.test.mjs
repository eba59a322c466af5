// SPDX-License-Identifier: GPL-3.0-or-later
// Both ports over TLS: the protocols, what is refused, and a certificate that changes while
// connections live.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { setTimeout as pause } from 'node:timers/promises';
import { Certificates } from '../lib/certificate.mjs';
import { raw, startServer, statuses, until, uuidv7 } from '../lib/harness.mjs';
import { metedPath } from '../lib/paths.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';

const HEADER_MS = 300;

let certificates;
let server;
let edge;
before(async () => {
    certificates = new Certificates();
    certificates.make('first');
    certificates.make('second');
    for (const kind of ['crt', 'key'])
        copyFileSync(certificates.path(`first.${kind}`), certificates.path(`now.${kind}`));
    const [certificate, key] = [certificates.path('now.crt'), certificates.path('now.key')];
    server = await startServer({
        edges: 2,
        edge_tls_certificate: certificate,
        edge_tls_key: key,
        desk_tls_certificate: certificate,
        desk_tls_key: key,
        idle_timeout_ms: 30_000,
        connections: 50,
    });
    edge = new URL(server.edgeUrl);
});
after(async () => {
    await server?.stop();
    certificates?.remove();
});

/* A TLS connection, its handshake done: {socket, text(), closed}. */
function connect(options = {}) {
    const socket = tls.connect({ host: edge.hostname, port: Number(edge.port), rejectUnauthorized: false, ...options });
    const connection = { socket, chunks: [] };
    connection.text = () => Buffer.concat(connection.chunks).toString('latin1');
    socket.on('data', (chunk) => connection.chunks.push(chunk));
    connection.closed = new Promise((resolve) => socket.on('close', resolve));
    return new Promise((resolve, reject) => {
        socket.on('secureConnect', () => resolve(connection)).on('error', reject);
    });
}

const get = (path = '/livez', ...more) => ['GET ' + path + ' HTTP/1.1', 'Host: h', ...more, '', ''].join('\r\n');

async function answers(connection, count) {
    await until(() => statuses(connection.text()).length >= count, 5_000, `${count} replies`);
    return statuses(connection.text());
}

test('decisions, events and the admin API over TLS', async () => {
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
    const events = Array.from({ length: 400 }, () => ({
        event_id: uuidv7(),
        visitor_id: 'v',
        name: 'n',
        properties: { x: 'y'.repeat(300) },
    }));
    assert.equal((await server.events(events)).body.accepted, 400);
    const description = await server.api('GET', '/openapi.json');
    assert.ok(description.text.length > 2 * 16_384, 'a reply of several records');
    assert.equal(description.body.openapi, '3.1.0');
    const { headers } = await server.edge.request('POST', '/v1/visitor', { visitor_id: 'v' });
    assert.match(headers['set-cookie'][0], /^mete_id=v; .*; Secure$/);
});

test('TLS 1.2 and 1.3, http/1.1 by ALPN, the certificate checked by the client', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
        const ca = certificates.text('first.crt');
        const connection = await connect({
            ca,
            rejectUnauthorized: true,
            minVersion: version,
            maxVersion: version,
            ALPNProtocols: ['h2', 'http/1.1'],
        });
        assert.deepEqual([connection.socket.getProtocol(), connection.socket.alpnProtocol], [version, 'http/1.1']);
        connection.socket.write(get() + get());
        assert.deepEqual(await answers(connection, 2), [200, 200]);
        connection.socket.write(get('/livez', 'Connection: close'));
        await connection.closed;
        assert.deepEqual(statuses(connection.text()), [200, 200, 200]);
    }
});

test('older protocols, other applications and weak ciphers are refused', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    await assert.rejects(connect(old), /alert protocol version|alert handshake failure/i);
    await assert.rejects(connect({ ALPNProtocols: ['h2'] }), /no application protocol/i);
    await assert.rejects(
        connect({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:AES256-SHA256' }),
        /alert handshake failure/i,
    );
});

test('renegotiation is off', () => {
    const { stdout, stderr } = spawnSync(
        'openssl',
        ['s_client', '-connect', edge.host, '-tls1_2', '-legacy_renegotiation'],
        {
            input: 'R\n',
            encoding: 'utf8',
            timeout: 60_000,
        },
    );
    assert.match(stdout + stderr, /no renegotiation|handshake failure|unexpected message/i);
});

async function checkResumption() {
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
        const first = await connect({ minVersion: version, maxVersion: version });
        const tickets = [];
        first.socket.on('session', (ticket) => tickets.push(ticket));
        first.socket.write(get());
        await answers(first, 1);
        const session = await until(
            () => tickets[0] ?? (version === 'TLSv1.2' && first.socket.getSession()),
            5_000,
            'a ticket',
        );
        first.socket.destroy();
        for (let i = 0; i < 8; i += 1) {
            const again = await connect({ session, minVersion: version, maxVersion: version });
            assert.ok(again.socket.isSessionReused(), version);
            again.socket.destroy();
        }
    }
}

test('sessions are resumed, by whichever edge', checkResumption);

test('plain HTTP is told so, in plain HTTP', async () => {
    const text = await raw(server.edgeUrl, get());
    assert.deepEqual(statuses(text), [400]);
    assert.match(text, /problem\+json/);
    assert.match(text, /https/);
    for (const bytes of [randomBytes(300), '\x16\x03\x01\x40\x00' + 'x'.repeat(400), 'SSH-2.0-x\r\n']) {
        assert.doesNotMatch(await raw(server.edgeUrl, bytes, { quietMs: 500 }), /HTTP/);
    }
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
});

/* A socket that begins a handshake, byte by byte, without end. */
function trickle() {
    const socket = net.connect(Number(edge.port), edge.hostname);
    const hello = Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), Buffer.alloc(501)]);
    let at = 0;
    const timer = setInterval(() => (at < 400 ? socket.write(hello.subarray(at, (at += 1))) : undefined), 20);
    const begin = Date.now();
    return new Promise((resolve) => {
        socket
            .on('error', () => {})
            .on('close', () => {
                clearInterval(timer);
                resolve(Date.now() - begin);
            });
    });
}

test('a handshake has its deadline, however it trickles', async () => {
    server.env.METE_HEADER_TIMEOUT_MS = String(HEADER_MS);
    await server.restart();
    const silent = net.connect(Number(edge.port), edge.hostname);
    const left = new Promise((resolve) => silent.on('close', resolve).on('error', () => {}));
    const tookMs = await trickle();
    assert.ok(tookMs >= HEADER_MS - 50, `${tookMs} ms`);
    await left;
    /* A machine that is busy may not get through the handshake in time. */
    const slow = await until(() => connect().catch(() => null), 10_000, 'a handshake that was quick enough');
    slow.socket.write('GET /livez HT');
    await slow.closed;
    assert.deepEqual(statuses(slow.text()), [408], 'after it, a request has its own');
    delete server.env.METE_HEADER_TIMEOUT_MS;
    await server.restart();
});

test('records cut and joined in every way give the same replies', async () => {
    const body = JSON.stringify({ visitor_id: 'v' });
    const ask =
        `POST /v1/decide HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${server.clientKey}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    for (const size of [1, 7, 100, 5_000, 16_384, 60_000]) {
        const connection = await connect();
        const count = size < 100 ? 3 : 100;
        const bytes = ask.repeat(count);
        for (let i = 0; i < bytes.length; i += size) connection.socket.write(bytes.slice(i, i + size));
        assert.deepEqual(new Set(await answers(connection, count)), new Set([200]));
        connection.socket.destroy();
    }
});

test('a reader that takes its time gets all of it', async () => {
    const connection = await connect();
    const count = 3_000;
    connection.socket.pause();
    for (let i = 0; i < count; i += 1) connection.socket.write(get('/readyz'));
    let answered = 0;
    const isStuck = async () => {
        const before = answered;
        answered = total(await scrape(server), 'mete_requests_total', { route: '/readyz' });
        return answered > 0 && answered === before;
    };
    await until(isStuck, 10_000, 'replies to pile up');
    connection.socket.resume();
    assert.deepEqual(new Set(await answers(connection, count)), new Set([200]));
    connection.socket.destroy();
});

test('a client that half-closes is answered; one that cuts off harms nobody', async () => {
    const polite = await connect({ allowHalfOpen: true });
    polite.socket.end(get());
    await polite.closed;
    assert.deepEqual(statuses(polite.text()), [200]);
    for (let i = 0; i < 20; i += 1) {
        const rude = await connect();
        rude.socket.on('error', () => {});
        rude.socket.write(get().slice(0, i));
        rude.socket._handle.close();
    }
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
});

test('connections over the cap are closed, and those within it go on', async () => {
    const held = [];
    for (let i = 0; i < 110; i += 1) held.push(await connect().catch(() => null));
    const alive = held.filter(Boolean);
    assert.ok(alive.length <= 100 && alive.length >= 50, `${alive.length} of two edges with 50 each`);
    for (const { socket } of alive) socket.destroy();
    server.edge.close();
    await until(
        async () => (await server.decide({ visitor_id: 'v' }).catch(() => null))?.status === 200,
        5_000,
        'room',
    );
});

test('the cookie of a session is bound to this host and to TLS', async () => {
    const link = new URL(JSON.parse(await server.mete(['login-link', '--json'])).url);
    const reply = await server.desk.request('POST', link.pathname, undefined, { key: null });
    const [cookie] = reply.headers['set-cookie'];
    assert.match(cookie, /^__Host-mete_session=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/);
    const value = cookie.split(';')[0].split('=')[1];
    const ask = async (text) =>
        (await server.desk.request('GET', '/api/v1/flags', undefined, { key: null, headers: { cookie: text } })).status;
    assert.equal(await ask(`__Host-mete_session=${value}`), 200);
    assert.equal(await ask(`mete_session=${value}`), 401);
});

/* Common names of the certificates that new connections are shown. */
async function shownNames(count) {
    const names = new Set();
    for (let i = 0; i < count; i += 1) {
        const { socket } = await connect();
        names.add(socket.getPeerCertificate().subject.CN);
        socket.destroy();
    }
    return [...names];
}

const put = (name) => {
    for (const kind of ['crt', 'key'])
        copyFileSync(certificates.path(`${name}.${kind}`), certificates.path(`now.${kind}`));
};

test('SIGHUP: new connections see the new certificate, old ones go on', async () => {
    const old = await connect();
    old.socket.write(get());
    await answers(old, 1);
    put('second');
    server.process.kill('SIGHUP');
    await until(async () => (await shownNames(6)).join() === 'second', 5_000, 'the new certificate');
    old.socket.write(get());
    assert.deepEqual(await answers(old, 2), [200, 200]);
    old.socket.destroy();
});

test('a bad new certificate: the old one stays, also for a process that starts again', async () => {
    writeFileSync(certificates.path('now.crt'), 'no certificate');
    server.process.kill('SIGHUP');
    const complaints = () =>
        server.logLines().filter(({ message }) => /certificate stays the old one: .*now\.crt/.test(message));
    await until(() => complaints().length >= 4, 5_000, 'all processes to complain');
    assert.deepEqual(await shownNames(6), ['second']);
    const [victim] = server.pids().edges;
    process.kill(victim, 'SIGKILL');
    await until(() => server.pids().edges.length === 2 && !server.pids().edges.includes(victim), 5_000, 'another edge');
    assert.deepEqual(await shownNames(10), ['second']);
    copyFileSync(certificates.path('first.crt'), certificates.path('now.crt'));
    server.process.kill('SIGHUP');
    await until(
        () => server.logLines().some(({ message }) => /stays the old one: the key .*now\.key/.test(message)),
        5_000,
        'the key not to fit',
    );
    assert.deepEqual(await shownNames(6), ['second']);
    put('first');
    server.process.kill('SIGHUP');
    await until(async () => (await shownNames(6)).join() === 'first', 5_000, 'the first certificate again');
});

test('and after certificates were read again too', checkResumption);

test('when the certificate ends is told', async () => {
    const families = await scrape(server);
    const until30 = Date.now() / 1000 + 30 * 86_400;
    for (const name of ['edge-0', 'edge-1', 'desk']) {
        assert.ok(Math.abs(total(families, 'mete_certificate_expires_seconds', { process: name }) - until30) < 3_600);
    }
});

test('a server does not start with a certificate it cannot use', () => {
    const start = (settings) =>
        spawnSync(metedPath(), [], {
            env: { ...server.env, METE_EDGE_LISTEN: '127.0.0.1:0', METE_DESK_LISTEN: '127.0.0.1:0', ...settings },
            encoding: 'utf8',
        });
    const missing = start({ METE_EDGE_TLS_CERTIFICATE: certificates.path('none.crt') });
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /the certificate '[^']*none\.crt' cannot be used: .*No such file/);
    const alone = start({ METE_DESK_TLS_KEY: '' });
    assert.equal(alone.status, 2);
    assert.match(alone.stderr, /desk_tls_certificate and desk_tls_key go together/);
    const swapped = start({ METE_EDGE_TLS_KEY: certificates.path('second.key') });
    assert.match(swapped.stderr, /the key '[^']*second\.key' cannot be used: .*mismatch/);
    const [key, locked] = [certificates.path('first.key'), certificates.path('locked.key')];
    execFileSync('openssl', ['pkey', '-in', key, '-aes256', '-passout', 'pass:word', '-out', locked], {
        stdio: 'pipe',
    });
    const asking = start({ METE_EDGE_TLS_KEY: locked });
    assert.equal(asking.status, 1);
    assert.match(asking.stderr, /the key '[^']*locked\.key' cannot be used: /);
});

test('a thousand connections leave nothing behind', async () => {
    const before = total(await scrape(server), 'mete_client_connections', { process: 'edge-0' });
    const agent = new https.Agent({ rejectUnauthorized: false, maxCachedSessions: 0 });
    const one = () =>
        new Promise((resolve, reject) => {
            https
                .get({ host: edge.hostname, port: edge.port, path: '/livez', agent }, (reply) =>
                    reply.resume().on('end', resolve),
                )
                .on('error', reject);
        });
    for (let i = 0; i < 40; i += 1) await Promise.all(Array.from({ length: 25 }, one));
    const isBack = async () =>
        total(await scrape(server), 'mete_client_connections', { process: 'edge-0' }) <= before + 1;
    await until(isBack, 5_000, 'the connections to be gone');
    const idle = await Promise.all(Array.from({ length: 20 }, () => connect()));
    const worked = async () => [total(await scrape(server), 'mete_process_cpu_seconds_total'), Date.now() / 1000];
    const [begin, end] = [await worked(), await pause(1_000).then(worked)];
    assert.ok(end[0] - begin[0] < (end[1] - begin[1]) / 2, 'idle connections keep no core busy');
    for (const { socket } of idle) socket.destroy();
});
