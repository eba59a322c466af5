// SPDX-License-Identifier: GPL-3.0-or-later
// Malformed requests through nginx and haproxy, which keep their connections to the edge: the edge
// sees no request that the proxy did not mean, and whoever comes next gets the answer to that request.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { raw, startServer, until, uuidv7 } from '../lib/harness.mjs';
import { proxyNames, startProxy } from '../lib/proxies.mjs';
import { BODIES, HEADS } from './smuggling_cases.mjs';

/* If it ever becomes a request of its own at the edge, this is its name there. */
const HIDDEN = 'GET /livez HTTP/1.1\r\nHost: h\r\nX-Request-Id: smuggled\r\nConnection: close\r\n\r\n';

let server;
before(async () => (server = await startServer({ log_level: 'debug' })));
after(() => server?.stop());

/* What the edge answered, by the ids it was asked with; '': its head could not be read. */
const seenByEdge = () =>
    server
        .logLines()
        .filter(({ message }) => message === 'request')
        .map(({ request }) => request);

/* Each client asks something else, one after the other on one connection to the edge. Resolves with the last id. */
async function checkNextClients(client, turn) {
    const live = await client.request('GET', '/livez', undefined, { key: null });
    assert.equal(live.status, 200, `${live.status} ${live.text}`);
    const count = 1 + (turn % 7);
    const events = Array.from({ length: count }, () => ({ event_id: uuidv7(), visitor_id: 'v', name: 'page_view' }));
    const stored = await client.request('POST', '/v1/events', { events });
    assert.deepEqual(stored.body, { accepted: count, duplicate: 0, rejected: [] });
    const missing = await client.request('GET', `/nothing-${turn}`);
    assert.equal(missing.status, 404);
    return missing.headers['x-request-id'];
}

/* Every request of the edge is one that the proxy passed on, and comes once; of some the edge could not read the id. */
function checkSeen(seen, passed) {
    const named = seen.filter((id) => id !== '');
    const others = passed.filter((id) => !named.includes(id));
    assert.equal(new Set(named).size, named.length, 'none comes twice');
    assert.ok(seen.length - named.length <= others.length, `${seen.length} requests, ${passed.length} passed on`);
}

const asBody = (framing, bytes) => `POST /v1/events HTTP/1.1\r\nHost: h\r\n${framing}\r\n\r\n${bytes}`;
const FINE = [
    ['a body that reads like a request', asBody(`Content-Length: ${HIDDEN.length}`, HIDDEN)],
    [
        'a chunk that reads like a request',
        asBody('Transfer-Encoding: chunked', `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`),
    ],
    [
        'a chunk with an extension',
        asBody('Transfer-Encoding: chunked', `${HIDDEN.length.toString(16)};a="b"\r\n${HIDDEN}\r\n0\r\nX: y\r\n\r\n`),
    ],
].map(([name, bytes]) => [name, 0, (key) => bytes.replace('Host: h', `Host: h\r\nAuthorization: Bearer ${key}`)]);

async function check(proxy, client, bytes, turn) {
    const seenBefore = seenByEdge().length,
        passedBefore = proxy.passed().length;
    await raw(proxy.url, Buffer.from(bytes + HIDDEN, 'latin1'), { quietMs: 1_000 });
    const last = await checkNextClients(client, turn);
    await until(
        () => seenByEdge().includes(last) && proxy.passed().includes(last),
        5_000,
        'the last request in both logs',
    );
    const seen = seenByEdge().slice(seenBefore);
    const isPassed = (id) => id === '' || proxy.passed().includes(id);
    await until(() => seen.every(isPassed), 2_000, `the proxy to have passed on ${seen.filter((id) => !isPassed(id))}`);
    checkSeen(seen, proxy.passed().slice(passedBefore));
}

for (const name of proxyNames) {
    test(`through ${name}`, async (t) => {
        const proxy = await startProxy(name, server.edgeUrl);
        const client = new Client(proxy.url, server.clientKey);
        client.agent = new http.Agent({ keepAlive: false });
        await until(() => seenByEdge().at(-1) === proxy.passed().at(-1), 5_000, 'what the start asked in both logs');
        const bodies = [...FINE, ...BODIES].map(([title, status, bytes]) => [title, status, bytes(server.clientKey)]);
        for (const [turn, [title, , bytes]] of [...HEADS, ...bodies].entries()) {
            await t.test(title, () => check(proxy, client, bytes, turn));
        }
        client.close();
        await proxy.stop();
    });
}
