// SPDX-License-Identifier: GPL-3.0-or-later
// Two environments share nothing: neither visitors, nor ids of events, nor campaigns of one name. And
// what an environment's results rest on does not move under them.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
let stagingKey;
before(async () => {
    server = await startServer();
    await ok('POST', '/environments', { key: 'staging' });
    stagingKey = (await ok('POST', '/keys?environment=staging', { kind: 'client' })).body.token;
});
after(() => server?.stop());

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply;
}

const shop = (flags = {}, metrics = [{ key: 'conversion_rate', role: 'primary' }]) => ({
    key: 'shop',
    kind: 'experiment',
    variants: [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5, flags },
    ],
    metrics,
});

async function start(query, campaign) {
    await ok('POST', `/campaigns${query}`, campaign);
    await ok('POST', `/campaigns/${campaign.key}/start${query}`);
}

const hasCampaign = (key) => async () =>
    (await server.decide({ visitor_id: 'v' }, '', { key })).body?.decisions?.length > 0;

async function totals(query) {
    const { body } = await ok('GET', `/campaigns/shop/results${query}`);
    const sums = body.metrics[0]?.variants ?? [];
    return body.variants.map((v, i) => [v.key, v.units, sums[i]?.raw.sum_n]);
}

test('the same events sent to two environments count in each', async () => {
    await start('', shop());
    await start('?environment=staging', shop());
    await until(hasCampaign(server.clientKey), 10_000, 'the campaign');
    await until(hasCampaign(stagingKey), 10_000, 'the campaign of staging');
    const ts = new Date().toISOString(); // its day is in the id that the edge makes
    const events = [
        { event_id: uuidv7(), visitor_id: 'v', name: 'exposure', properties: { campaign: 'shop', variant: 'a' } },
        { visitor_id: 'w', name: 'exposure', ts, properties: { campaign: 'shop', variant: 'b' } },
        { event_id: uuidv7(), visitor_id: 'v', name: 'purchase', properties: { value: 5, transaction_id: '1' } },
    ];
    for (const query of ['', '?environment=staging']) {
        const made = await ok('POST', `/keys${query}`, { kind: 'secret', scopes: ['events'] });
        const key = made.body.token;
        await until(hasCampaign(key), 10_000, 'the key');
        const { body } = await server.events(events, { key });
        assert.deepEqual(body, { accepted: 3, duplicate: 0, rejected: [] });
        const again = await server.events(events, { key });
        assert.deepEqual(again.body, { accepted: 0, duplicate: 3, rejected: [] });
    }
    const expected = [
        ['a', 1, '1'],
        ['b', 1, '0'],
    ];
    for (const query of ['', '?environment=staging']) {
        const isThere = async () => (await totals(query)).every(([, units]) => units === 1);
        await until(isThere, 20_000, 'both units');
        assert.deepEqual(await totals(query), expected);
    }
});

test('the time zone stands once a campaign was started', async () => {
    await ok('PATCH', '/environments/staging', { name: 'before the shop opens' });
    const refused = await server.api('PATCH', '/environments/staging', { time_zone: 'Asia/Tokyo' });
    assert.equal(refused.status, 409);
    assert.equal(refused.body.pointer, '/time_zone');
    assert.match(refused.body.detail, /campaign shop was started/);
    await ok('POST', '/environments', { key: 'empty' });
    const { body } = await ok('PATCH', '/environments/empty', { time_zone: 'Asia/Tokyo' });
    assert.equal(body.time_zone, 'Asia/Tokyo');
    const unknown = await server.api('PATCH', '/environments/empty', { time_zone: 'Mars/Phobos' });
    assert.equal(unknown.status, 400);
    assert.equal(unknown.body.pointer, '/time_zone');
});

test('a stopped campaign is renamed after its flag and its metric are gone', async () => {
    await ok('POST', '/flags', { key: 'f', type: 'string', default: 'x' });
    await ok('POST', '/metrics', { key: 'clicks', kind: 'count', event: 'click' });
    await start('', { ...shop({ f: 'y' }, [{ key: 'clicks', role: 'primary' }]), key: 'old' });
    await ok('POST', '/campaigns/old/stop');
    await ok('DELETE', '/flags/f');
    await ok('DELETE', '/metrics/clicks');
    assert.equal((await ok('PATCH', '/campaigns/old', { name: 'last winter' })).body.name, 'last winter');
    const metrics = [{ key: 'clicks', role: 'primary' }, { key: 'conversion_rate' }];
    assert.equal((await ok('PATCH', '/campaigns/old', { metrics })).body.metrics.length, 2);
    const unknown = await server.api('PATCH', '/campaigns/old', { metrics: [{ key: 'nothing' }] });
    assert.equal(unknown.body.pointer, '/metrics/0/key');
    const frozen = await server.api('PATCH', '/campaigns/old', { coverage: 0.5 });
    assert.deepEqual([frozen.status, frozen.body.pointer], [409, '/coverage']);
});
