// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes behind a request that two readers would frame differently must never become a request: one
// error, as a problem document, and the connection ends. On both ports, and the server lives.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { raw, startServer, statuses } from './harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const SMUGGLED = 'GET /livez HTTP/1.1\r\nHost: h\r\n\r\n';
const post = (...lines) => ['POST /v1/events HTTP/1.1', 'Host: h', ...lines, '', ''].join('\r\n');

const ATTACKS = [
    ['two equal lengths', 400, post('Content-Length: 3', 'Content-Length: 3') + 'abc'],
    ['two different lengths', 400, post('Content-Length: 0', `Content-Length: ${SMUGGLED.length}`)],
    ['a list of lengths', 400, post('Content-Length: 3, 3') + 'abc'],
    ['a signed length', 400, post('Content-Length: +3') + 'abc'],
    ['length, then coding', 400, `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['coding, then length', 400, `${post('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`],
    ['two codings', 400, `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n`],
    ['a list of codings', 400, `${post('Transfer-Encoding: identity, chunked')}0\r\n\r\n`],
    ['nearly chunked', 400, `${post('Transfer-Encoding: xchunked')}0\r\n\r\n`],
    ['a vertical tab before chunked', 400, `${post('Transfer-Encoding: \vchunked')}0\r\n\r\n`],
    ['a space before the colon', 400, `${post('Transfer-Encoding : chunked')}0\r\n\r\n`],
    ['an unknown coding', 501, post('Transfer-Encoding: gzip')],
    ['a coding in HTTP/1.0', 400, `${post('Transfer-Encoding: chunked').replace('1.1', '1.0')}0\r\n\r\n`],
    ['a folded header', 400, post('X: y', ' Content-Length: 3') + 'abc'],
    ['a bare LF after a header', 400, post('X: y\nContent-Length: 3') + 'abc'],
    ['a bare CR in a header', 400, post('X: y\rContent-Length: 3') + 'abc'],
    ['a NUL in a header', 400, post('X: \0')],
    ['HEAD with a body', 400, `HEAD /livez HTTP/1.1\r\nHost: h\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n`],
    ['GET with a body', 400, `GET /livez HTTP/1.1\r\nHost: h\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n`],
    ['no Host', 400, 'GET /livez HTTP/1.1\r\n\r\n'],
    ['two Hosts', 400, 'GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['a target of another host', 400, 'GET http://a/livez HTTP/1.1\r\nHost: b\r\n\r\n'],
    ['a tunnel', 501, 'CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n'],
    ['the preface of HTTP/2', 505, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
];

for (const [name, status, bytes] of ATTACKS) {
    test(name, async () => {
        for (const url of [server.edgeUrl, server.deskUrl]) {
            const text = await raw(url, Buffer.from(bytes + SMUGGLED, 'latin1'));
            assert.deepEqual(statuses(text), [status], text);
            assert.match(text, /^Connection: close\r$/m);
            assert.match(text, /^Content-Type: application\/problem\+json/m);
        }
    });
}

test('an offered upgrade is answered as plain HTTP, and nothing after it', async () => {
    const bytes = 'GET /livez HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    assert.deepEqual(statuses(await raw(server.edgeUrl, bytes + SMUGGLED)), [200]);
});

test('what was asked before is answered, in order', async () => {
    const text = await raw(server.edgeUrl, SMUGGLED + SMUGGLED + ATTACKS[0][2] + SMUGGLED);
    assert.deepEqual(statuses(text), [200, 200, 400]);
});

test('nobody died', async () => {
    assert.deepEqual(statuses(await raw(server.edgeUrl, SMUGGLED.replace('h\r\n', 'h\r\nConnection: close\r\n'))), [200]);
    assert.ok(!server.logLines().some(({ level }) => level === 'error'), server.log);
});
