// SPDX-License-Identifier: GPL-3.0-or-later
// How often somebody may ask: the same for all edges together, by the address a trusted proxy names
// and nobody else.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { clientOfEach } from '../lib/edges.mjs';
import { startServer, until, uuidv7, withinOneDay } from '../lib/harness.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';

const view = () => ({ event_id: uuidv7(), visitor_id: 'v', name: 'page_view' });
const limited = async (server, limit) => total(await scrape(server), 'mete_limited_total', { limit });

function checkRefusal(reply, longestS) {
    assert.equal(reply.status, 429);
    assert.equal(reply.headers['content-type'], 'application/problem+json');
    assert.deepEqual([reply.body.status, reply.body.code], [429, 'limited']);
    const wait = Number(reply.headers['retry-after']);
    assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= longestS, `Retry-After: ${wait}`);
}

/* How many of 'count' requests, spread over all edges in turn, are let through. */
async function passing(clients, count, headers, key = undefined) {
    let passed = 0;
    for (let i = 0; i < count; i += 1) {
        const options = key === undefined ? { headers } : { headers, key };
        const reply = await clients[i % clients.length].request('POST', '/v1/decide', { visitor_id: 'v' }, options);
        if (reply.status === 429) checkRefusal(reply, 2);
        else passed += 1;
    }
    return passed;
}

const from = (address) => ({ 'x-forwarded-for': address });

/* Of a limit of 3 a second, 30 pass at once, and at most a few more while the test runs. */
const isLimited = (passed, seconds) => passed >= 30 && passed <= 30 + 3 * seconds + 1;

async function timed(action) {
    const begin = Date.now();
    const result = await action();
    return [result, (Date.now() - begin) / 1000];
}

test('an address behind a trusted proxy: one limit for all edges', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'mete-config-'));
    const config = join(folder, 'mete.conf');
    const configure = (rate) =>
        writeFileSync(config, `address_requests_per_second = ${rate}\ntrusted_proxies = 127.0.0.1, 192.0.2.0/24\n`);
    configure(3);
    const server = await startServer({ edges: 2, config, metrics_token: 'watch' });
    const clients = await clientOfEach(server);
    const run = (headers, key) => timed(() => passing(clients, 60, headers, key));
    try {
        await t.test('over two edges', async () => {
            const [passed, seconds] = await run(from('203.0.113.1'));
            assert.ok(isLimited(passed, seconds), `${passed} passed in ${seconds} s`);
            assert.equal(await limited(server, 'address'), 60 - passed);
        });
        await t.test('another address has its own', async () =>
            assert.ok(isLimited(...(await run(from('203.0.113.2'))))),
        );
        await t.test('what the client itself wrote to the left counts for nothing', async () => {
            const chain = (i) => from(`198.51.100.${i}, 203.0.113.3, 192.0.2.9`);
            let passed = 0;
            const [, seconds] = await timed(async () => {
                for (let i = 0; i < 60; i += 1) passed += await passing([clients[i % 2]], 1, chain(i));
            });
            assert.ok(isLimited(passed, seconds), `${passed} passed`);
            assert.equal(
                await passing(clients, 20, from('203.0.113.5, 192.0.2.9')),
                20,
                'who comes by the same proxies',
            );
        });
        await t.test('a network of IPv6 is one', async () => {
            let passed = 0;
            const [, seconds] = await timed(async () => {
                for (let i = 0; i < 60; i += 1)
                    passed += await passing([clients[i % 2]], 1, from(`2001:db8:1:2::${i}`));
            });
            assert.ok(isLimited(passed, seconds), `${passed} passed`);
            assert.equal(await passing(clients, 20, from('2001:db8:1:3::1')), 20);
        });
        await t.test('without a known key too', async () =>
            assert.ok(isLimited(...(await run(from('203.0.113.4'), 'guess')))),
        );
        await t.test('not for secret keys, nor for private addresses', async () => {
            assert.equal(await passing(clients, 60, from('203.0.113.1'), server.secretKey), 60);
            assert.equal(await passing(clients, 60, from('10.1.2.3')), 60);
            assert.equal(await passing(clients, 60, {}), 60);
        });
        await t.test('words that are no address leave it to the proxy’s own', async () => {
            assert.equal(await passing(clients, 60, from('unknown')), 60);
            assert.equal(await passing(clients, 60, from('203.0.113.1, _hidden')), 60);
        });
        await t.test('new settings hold at once', async () => {
            const [passed, seconds] = await run(from('203.0.113.1'));
            assert.ok(passed <= 30 + 3 * seconds + 1, `${passed} passed in ${seconds} s`);
            configure(0);
            server.process.kill('SIGHUP');
            const isLoose = async () => (await passing(clients, 60, from('203.0.113.1'))) === 60;
            await until(isLoose, 5_000, 'the limit to go');
        });
    } finally {
        for (const client of clients) client.close();
        await server.stop();
        rmSync(folder, { recursive: true });
    }
});

test('an address that nobody trusted named is not believed', async () => {
    const server = await startServer({ edges: 1, address_requests_per_second: 3 });
    try {
        assert.equal(await passing([server.edge], 60, from('203.0.113.1')), 60);
        assert.equal(await limited(server, 'address'), 0);
    } finally {
        await server.stop();
    }
});

test('pages of other origins are counted as refused no oftener than their address may ask', async () => {
    const server = await startServer({ edges: 1, address_requests_per_second: 3, trusted_proxies: '127.0.0.1' });
    const send = () =>
        server.edge.request('POST', '/v1/events', [view()], {
            headers: { ...from('203.0.113.1'), origin: 'https://x.example' },
        });
    const refused = () =>
        Number(server.psql("select coalesce(sum(event_count), 0) from refusal where reason = 'origin'"));
    try {
        await server.api('PATCH', '/environments/production', { allowed_origins: ['https://shop.example'] });
        const replies = [];
        const has = (status) => replies.includes(status);
        await until(
            async () => replies.push((await send()).status) && has(403) && replies.at(-1) === 429,
            30_000,
            'some to be refused by either',
        );
        await server.restart();
        assert.equal(refused(), replies.filter((status) => status === 403).length);
    } finally {
        await server.stop();
    }
});

test('share links are tried no oftener than an address may ask', async () => {
    const server = await startServer({ address_requests_per_second: 3, trusted_proxies: '127.0.0.1' });
    const options = { headers: from('203.0.113.1'), key: null };
    const statuses = [];
    try {
        const [, seconds] = await timed(async () => {
            for (let i = 0; i < 60; i += 1) {
                const reply = await server.desk.request('GET', '/api/v1/shared/mss_x', undefined, options);
                if (reply.status === 429) checkRefusal(reply, 2);
                statuses.push(reply.status);
            }
        });
        const passed = statuses.filter((status) => status === 404).length;
        assert.ok(isLimited(passed, seconds), `${passed} passed in ${seconds} s`);
    } finally {
        await server.stop();
    }
});

async function checkKey() {
    const server = await startServer({ edges: 2, key_requests_per_second: 20, key_events_per_day: 100 });
    const clients = await clientOfEach(server);
    const send = (i, count, key = server.clientKey) =>
        clients[i % 2].request('POST', '/v1/events', Array.from({ length: count }, view), { key });
    try {
        const replies = [];
        for (let i = 0; i < 6; i += 1) replies.push(await send(i, 30));
        assert.deepEqual(
            replies.map(({ status }) => status),
            [202, 202, 202, 429, 429, 429],
        );
        checkRefusal(replies[3], 86_400);
        assert.equal((await send(0, 10)).status, 202, 'what still fits is taken');
        assert.equal((await send(0, 1)).status, 429);
        assert.equal((await send(1, 30, server.secretKey)).status, 202, 'another key has its own');
        const { token } = (
            await server.api('POST', '/keys', {
                name: 'old days',
                kind: 'secret',
                role: 'viewer',
                scopes: ['backfill'],
            })
        ).body;
        await until(
            async () => (await send(0, 0, token)).status === 202 && (await send(1, 0, token)).status === 202,
            10_000,
            'the key',
        );
        assert.equal((await send(0, 200, token)).status, 202, 'imports are not counted');
        assert.equal(await limited(server, 'quota'), 4);
        assert.equal(server.psql('select count(*) from visitor_event'), '330');
        const burst = () => Promise.all(Array.from({ length: 8 }, () => passing(clients, 100, {})));
        const [counts, seconds] = await timed(burst);
        const passed = counts.reduce((sum, count) => sum + count);
        assert.ok(passed <= 200 + 20 * seconds + 1 && passed >= 150, `${passed} in ${seconds} s`);
        assert.equal(await limited(server, 'key'), 800 - passed);
    } finally {
        for (const client of clients) client.close();
        await server.stop();
    }
}

test('a key’s rate and its events of a day, over all edges', () => withinOneDay(checkKey));
