// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies that come compressed, on both ports: read, or refused with a word about Content-Encoding.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { raw, startServer, statuses, uuidv7 } from '../lib/harness.mjs';

const LIMIT = 100_000; // of /v1/events

/* By the command: node's own is of later versions. */
const zstd = (bytes, ...more) => execFileSync('zstd', ['-q', '-c', ...more], { input: bytes });

let server;
before(async () => (server = await startServer({ event_body_bytes: LIMIT })));
after(() => server?.stop());

const CODINGS = [
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['x-gzip', gzipSync],
    ['gzip', (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 9)), gzipSync(bytes.subarray(9))])],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } })],
    ['zstd', zstd],
    ['ZSTD', (bytes) => Buffer.concat([zstd(bytes.subarray(0, 9)), zstd(bytes.subarray(9))])],
    ['identity', (bytes) => bytes],
];

let count = 0;
const view = (properties = {}) => ({
    event_id: uuidv7(),
    visitor_id: `v-${(count += 1)}`,
    name: 'page_view',
    properties,
});
const post = (coding, body, more = {}) =>
    server.edge.request('POST', '/v1/events', body, {
        ...more,
        headers: { 'content-encoding': coding, ...more.headers },
    });

test('events, small and large, in every coding', async () => {
    for (const [coding, pack] of CODINGS)
        for (const size of [1, 20, 90]) {
            const events = Array.from({ length: size }, () => view({ text: 'x'.repeat(900) }));
            const reply = await post(coding, pack(Buffer.from(JSON.stringify({ events }))));
            assert.equal(reply.status, 202, `${coding} ${size}: ${reply.text}`);
            assert.deepEqual(reply.body, { accepted: size, duplicate: 0, rejected: [] });
        }
});

test('a body in chunks, and requests behind it on the connection', async () => {
    const packed = gzipSync(JSON.stringify(view()));
    const chunks = [...packed].map((byte) =>
        Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]),
    );
    const fields = ['Host: h', `Authorization: Bearer ${server.clientKey}`, 'Content-Encoding: gzip'];
    const head = ['POST /v1/events HTTP/1.1', ...fields, ''].join('\r\n');
    const parts = [
        Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`),
        ...chunks,
        Buffer.from('0\r\n\r\n'),
        Buffer.from(`${head}Content-Length: ${packed.length}\r\n\r\n`),
        packed,
        Buffer.from('GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'),
    ];
    const text = await raw(server.edgeUrl, Buffer.concat(parts));
    assert.deepEqual(statuses(text), [202, 202, 200], text);
    assert.match(text, /"accepted":1,[^]*"duplicate":1,/);
});

/* [coding, body, status] */
const packed = gzipSync(JSON.stringify([]));
const REFUSED = [
    ['zstd', packed, 400],
    ['zstd', zstd('[]').subarray(0, -1), 400],
    ['zstd', Buffer.concat([zstd('[]'), Buffer.from('[]')]), 400],
    ['zstd', zstd(Buffer.alloc(100 * LIMIT, ' ')), 413],
    ['zstd', zstd('[]', '--ultra', '--long=27', '--no-content-size'), 413],
    ['zst', packed, 415],
    ['gzip, br', packed, 415],
    ['gzip,gzip', packed, 415],
    ['compress', packed, 415],
    ['utf-8', packed, 415],
    ['gzip', '[]', 400],
    ['gzip', packed.subarray(0, -1), 400],
    ['gzip', Buffer.concat([packed, Buffer.from('[]')]), 400],
    ['br', packed, 400],
    ['deflate', packed, 400],
    ['gzip', deflateSync('[]'), 400],
    ['gzip', Buffer.from([0x1f, 0x8b]), 400],
    ['gzip', gzipSync(Buffer.alloc(LIMIT + 1, ' ')), 413],
    ['deflate', deflateSync(Buffer.alloc(100 * LIMIT, ' ')), 413],
    ['br', brotliCompressSync(Buffer.alloc(100 * LIMIT, ' ')), 413],
    ['gzip', gzipSync(gzipSync('[]')), 400],
];

test('what cannot be unpacked is refused by the name of the field', async () => {
    for (const [coding, body, status] of REFUSED) {
        const reply = await post(coding, body);
        assert.equal(reply.status, status, `${coding}: ${reply.text}`);
        assert.equal(reply.headers['content-type'], 'application/problem+json');
        if (body.length !== REFUSED.at(-1)[1].length) assert.match(reply.body.detail, /Content-Encoding/);
        if (status === 415) assert.equal(reply.headers['accept-encoding'], 'gzip, deflate, br, zstd');
    }
    assert.equal((await post('gzip', gzipSync(Buffer.alloc(LIMIT, ' ')))).status, 400, 'so much is read');
});

test('a decision, and the desk', async () => {
    const options = { headers: { 'content-encoding': 'br' } };
    const asked = brotliCompressSync(JSON.stringify({ visitor_id: 'v' }));
    assert.equal((await server.edge.request('POST', '/v1/decide', asked, options)).status, 200);
    for (const [coding, pack] of CODINGS) {
        const key = `f-${(count += 1)}`;
        const flag = pack(Buffer.from(JSON.stringify({ key, type: 'string', default: 'x' })));
        const made = await server.desk.request('POST', '/api/v1/flags', flag, {
            headers: { 'content-encoding': coding },
        });
        assert.equal(made.status, 201, `${coding}: ${made.text}`);
    }
    for (const [coding, body, status] of REFUSED.slice(0, 12)) {
        const reply = await server.desk.request('POST', '/api/v1/flags', body, {
            headers: { 'content-encoding': coding },
        });
        assert.equal(reply.status, status, `${coding}: ${reply.text}`);
        assert.match(reply.body.detail, /Content-Encoding/);
    }
    assert.equal((await server.edge.request('GET', '/livez')).status, 200);
});

test('a page of another origin may send them', async () => {
    const { headers } = await server.edge.request('OPTIONS', '/v1/events', undefined, {
        headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    assert.match(headers['access-control-allow-headers'], /content-encoding/);
});
