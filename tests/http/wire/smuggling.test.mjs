// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes behind a request that two readers would frame differently must never become a request: one
// error, as a problem document, and the connection ends. On both ports, and the server lives.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { raw, startServer, statuses } from '../lib/harness.mjs';
import { BODIES, HEADS, SMUGGLED } from './smuggling_cases.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

async function checkRefused(url, bytes, status) {
    const text = await raw(url, Buffer.from(bytes + SMUGGLED, 'latin1'));
    assert.deepEqual(statuses(text), [status], text);
    assert.match(text, /^Connection: close\r$/m);
    assert.match(text, /^Content-Type: application\/problem\+json/m);
}

for (const [name, status, bytes] of HEADS) {
    test(name, async () => {
        for (const url of [server.edgeUrl, server.deskUrl]) await checkRefused(url, bytes, status);
    });
}

for (const [name, status, bytes] of BODIES) {
    test(name, () => checkRefused(server.edgeUrl, bytes(server.clientKey), status));
}

test('an offered upgrade is answered as plain HTTP, and nothing after it', async () => {
    const bytes = 'GET /livez HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    assert.deepEqual(statuses(await raw(server.edgeUrl, bytes + SMUGGLED)), [200]);
});

test('what was asked before is answered, in order', async () => {
    const text = await raw(server.edgeUrl, SMUGGLED + SMUGGLED + HEADS[0][2] + SMUGGLED);
    assert.deepEqual(statuses(text), [200, 200, 400]);
});

test('nobody died', async () => {
    assert.deepEqual(
        statuses(await raw(server.edgeUrl, SMUGGLED.replace('h\r\n', 'h\r\nConnection: close\r\n'))),
        [200],
    );
    assert.ok(!server.logLines().some(({ level }) => level === 'error'), server.log);
});
