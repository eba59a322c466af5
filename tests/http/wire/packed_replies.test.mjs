// SPDX-License-Identifier: GPL-3.0-or-later
// Replies of the edge by gzip: to who accepts it, where it is worth it, and the same when unpacked.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { raw, startServer, until } from '../lib/harness.mjs';
import { sourceRoot } from '../lib/paths.mjs';

const WIRE_MOST = 800; // bytes of the demo's decision, head and body
const BROWSER = 'gzip, deflate, br, zstd';

let server;
const make = async (path, body) => {
    const reply = await server.api('POST', path, body);
    assert.ok(reply.status < 300, `${path}: ${reply.text}`);
};
before(async () => {
    server = await startServer();
    await make('/campaigns', JSON.parse(readFileSync(join(sourceRoot, 'tools/lib/demo.json'), 'utf8')));
    await make('/campaigns/demo/start', {});
    await until(async () => (await ask('v')).text.includes('"demo"'), 5_000, 'the demo runs');
});
after(() => server?.stop());

/* A reply on a connection that stays. */
function isWhole(all) {
    const head = all.indexOf('\r\n\r\n') + 4;
    const length = Number(/^content-length: (\d+)\r$/im.exec(all)?.[1] ?? 0);
    return head > 3 && all.length >= head + length;
}

/* The whole reply: {head, body, bytes}. */
async function ask(visitor, accepted, { path = '/v1/decide?page=1', body, more = [] } = {}) {
    const text = path.startsWith('/v1/config') ? '' : JSON.stringify(body ?? { visitor_id: visitor });
    const lines = [
        `${text ? 'POST' : 'GET'} ${path} HTTP/1.1`,
        'Host: h',
        `X-Mete-Key: ${server.clientKey}`,
        ...(accepted === undefined ? [] : [`Accept-Encoding: ${accepted}`]),
        ...(text ? [`Content-Length: ${Buffer.byteLength(text)}`] : []),
        ...more,
    ];
    const all = await raw(server.edgeUrl, `${lines.join('\r\n')}\r\n\r\n${text}`, { isEnough: isWhole });
    const [head, rest] = [all.slice(0, all.indexOf('\r\n\r\n')), all.slice(all.indexOf('\r\n\r\n') + 4)];
    const bytes = Buffer.from(rest, 'latin1');
    assert.match(head, /^HTTP\/1\.1 (200|304) /, all);
    assert.equal(Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0), bytes.length);
    const isPacked = /^content-encoding: gzip$/im.test(head);
    return { head, isPacked, wire: all.length, text: (isPacked ? gunzipSync(bytes) : bytes).toString('utf8') };
}

/* [Accept-Encoding, by gzip] */
const ACCEPTED = [
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['GZIP', true],
    [BROWSER, true],
    ['br', false],
    ['identity', false],
    ['gzip;q=0', false],
    ['gzip;q=0.001', true],
    ['gzip; q=0.5, identity', false],
    ['*', true],
    ['*;q=0', false],
    ['br, *;q=0.1', true],
    ['gzip;q=0, *', false],
    ['x-gzip', false],
    ['gzip;q=nothing', false],
];

test('a decision and the configuration, for whatever is accepted', async () => {
    const body = { visitor_id: 'v', campaigns: Array(20).fill('none-of-that-key') };
    for (const path of ['/v1/decide?page=1', '/v1/config']) {
        const plain = await ask('v', undefined, { path, body });
        for (const [accepted, isPacked] of ACCEPTED) {
            const reply = await ask('v', accepted, { path, body });
            assert.equal(reply.isPacked, isPacked, `${path}: ${accepted}`);
            assert.equal(reply.text, plain.text);
            assert.match(reply.head, /^vary: accept-encoding$/im, `${path}: ${accepted}`);
        }
    }
});

/* The variants of ten visitors: with and without changes. */
test('what a page of the demo shop is told fits into 800 bytes', async () => {
    const seen = new Set();
    const more = ['Origin: https://www.shop.example'];
    for (let i = 10; i < 40; i++) {
        const reply = await ask(`0192f0aa-1234-7abc-8def-0123456789${i}`, BROWSER, { more });
        seen.add(JSON.parse(reply.text).decisions[0].variant);
        assert.ok(reply.wire <= WIRE_MOST, `${reply.wire} bytes: ${reply.head}`);
        assert.doesNotMatch(reply.text, /:null/);
    }
    assert.deepEqual([...seen].sort(), ['control', 'promise'], 'one of them misses once in 2^29');
});

test('little goes as it is, and much is packed', async () => {
    const little = await ask('v', BROWSER, { body: { visitor_id: 'v', campaigns: [] } });
    assert.ok(!little.isPacked && little.text.length < 512, little.text);
    assert.doesNotMatch(little.head, /accept-encoding/i);
    const names = Array.from({ length: 1_000 }, (_, i) => `none-${i}`);
    const much = await ask('v', BROWSER, { body: { visitor_id: 'v', campaigns: names } });
    assert.deepEqual(
        JSON.parse(much.text).decisions.map((d) => d.campaign),
        names,
    );
    assert.ok(much.isPacked && much.wire * 5 < much.text.length, `${much.wire} of ${much.text.length} bytes`);
});

test('one after the other on a connection, each by itself', async () => {
    const one = (visitor, accepted) => {
        const text = JSON.stringify({ visitor_id: visitor, campaigns: Array(20).fill('none') });
        return (
            `POST /v1/decide?page=1 HTTP/1.1\r\nHost: h\r\nX-Mete-Key: ${server.clientKey}\r\n` +
            `Accept-Encoding: ${accepted}\r\nContent-Length: ${text.length}\r\n\r\n${text}`
        );
    };
    const last = one('d', 'gzip').replace('Host: h', 'Host: h\r\nConnection: close');
    let rest = await raw(server.edgeUrl, one('a', 'gzip') + one('b', 'br') + one('c', 'gzip') + last);
    for (const visitor of 'abcd') {
        const length = Number(/content-length: (\d+)/i.exec(rest)[1]);
        const at = rest.indexOf('\r\n\r\n') + 4;
        const body = Buffer.from(rest.slice(at, at + length), 'latin1');
        const text = visitor === 'b' ? body.toString('utf8') : gunzipSync(body).toString('utf8');
        assert.equal(JSON.parse(text).visitor_id, visitor);
        rest = rest.slice(at + length);
    }
    assert.equal(rest, '');
});

test('a configuration that is known, and one that changes', async () => {
    const first = await ask('v', 'gzip', { path: '/v1/config' });
    const etag = /^etag: (.*)$/im.exec(first.head)[1];
    const known = await ask('v', 'gzip', { path: '/v1/config', more: [`If-None-Match: ${etag}`] });
    assert.match(known.head, /^HTTP\/1\.1 304 /);
    assert.equal(known.text, '');
    await make('/flags', { key: 'new', type: 'string', default: 'y'.repeat(2_000) });
    const isNew = async () => (await ask('v', 'gzip', { path: '/v1/config' })).text.includes('yyy');
    await until(isNew, 5_000, 'the new flag');
});

test('a problem, and what is not JSON, goes as it is', async () => {
    const reply = await server.edge.request('POST', '/v1/decide', 'nonsense', {
        headers: { 'accept-encoding': BROWSER },
    });
    assert.equal(reply.status, 400);
    assert.equal(reply.headers['content-encoding'], undefined);
});

test('what is very long goes as it is, for nobody waits until it is packed', async () => {
    const texts = Array.from({ length: 6 }, (_, i) => `long-${i}`);
    for (const key of texts) await make('/flags', { key, type: 'string', default: 'x'.repeat(60_000) });
    const whole = () => ask('v', BROWSER);
    const last = await until(async () => (await whole()).text.includes('long-5') && whole(), 5_000, 'the flags');
    assert.ok(!last.isPacked && last.text.length > 256 * 1024, `${last.text.length} letters`);
});
