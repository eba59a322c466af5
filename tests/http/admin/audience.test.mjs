// SPDX-License-Identifier: GPL-3.0-or-later
// What helps whoever sets a campaign up: how many visitors a condition matches, what a change would
// do before it does it, labels, and how campaigns stand in a list.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const NOW = Date.now();
const estimate = (condition) => server.api('POST', '/audience/estimate', { condition });

async function expect(status, promise) {
    const reply = await promise;
    assert.equal(reply.status, status, reply.text);
    return reply.body;
}

test('the visitors of the last days, and what is known of them', async () => {
    const events = [];
    for (let i = 0; i < 40; i++) {
        const properties = {
            country: i < 30 ? 'DE' : 'FR',
            device: i % 2 ? 'mobile' : 'desktop',
            age: 20 + i,
            is_member: i < 4,
        };
        events.push({ visitor_id: `v${i}`, name: 'page_view', event_id: uuidv7(NOW - 60_000 + i), properties });
        if (i < 8)
            events.push({
                visitor_id: `v${i}`,
                name: 'purchase',
                event_id: uuidv7(NOW - 50_000),
                properties: { value: 5, currency: 'EUR', transaction_id: `t${i}` },
            });
    }
    events.push({ visitor_id: 'v0', name: 'page_view', event_id: uuidv7(NOW), properties: { country: 'AT' } });
    assert.deepEqual((await expect(202, server.events({ events }, { key: server.secretKey }))).rejected, []);
    /* A number that many readers of JSON refuse. */
    server.psql(`update visitor_event set properties = properties || '{"serial": 18446744073709551616}'
        where visitor_id = 'v0' and properties ->> 'country' = 'AT'`);
    const { visitors, sampled, attributes } = await expect(200, server.api('GET', '/audience/attributes'));
    assert.equal(visitors, 40);
    assert.equal(sampled, 40);
    assert.deepEqual(attributes.map(({ name }) => name).sort(), ['age', 'country', 'device', 'is_member', 'serial']);
    const country = attributes.find(({ name }) => name === 'country');
    assert.equal(country.type, 'string');
    assert.equal(country.share, 1);
    assert.deepEqual(country.values, [
        { value: 'DE', share: 29 / 40 },
        { value: 'FR', share: 0.25 },
        { value: 'AT', share: 1 / 40 },
    ]);
    assert.equal(attributes.find(({ name }) => name === 'age').type, 'number');
    assert.equal(attributes.find(({ name }) => name === 'is_member').type, 'boolean');
});

test('whoever sends names without end fills no memory: of a visitor 100 are known, and short ones', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`zz${String(i).padStart(3, '0')}`, i]));
    const event = { visitor_id: 'v1', name: 'n', event_id: uuidv7(NOW), properties: { ...many, ['k'.repeat(65)]: 1 } };
    const others = await startServer();
    try {
        assert.deepEqual((await expect(202, others.events({ events: [event] }))).rejected, []);
        const { attributes } = await expect(200, others.api('GET', '/audience/attributes'));
        assert.deepEqual(attributes.map(({ name }) => name).sort(), Object.keys(many).slice(0, 100));
    } finally {
        await others.stop();
    }
});

test('how many of them a condition matches', async () => {
    const cases = [
        [null, 40],
        [{ country: 'FR' }, 10],
        [{ country: { $in: ['FR', 'AT'] } }, 11],
        [{ age: { $gte: 50 } }, 10],
        [{ country: 'FR', device: 'mobile' }, 5],
        [{ $or: [{ country: 'AT' }, { $and: [{ country: 'FR' }, { device: 'mobile' }] }] }, 6],
    ];
    for (const [condition, matching] of cases) {
        const found = await expect(200, estimate(condition));
        assert.equal(found.matching, matching, JSON.stringify(condition));
        assert.equal(found.share, matching / 40);
        assert.ok(found.low <= found.share && found.high >= found.share && found.high > found.low);
        assert.deepEqual(found.unknown, []);
    }
});

test('what no event told is said to be unknown', async () => {
    const found = await expect(
        200,
        estimate({ $and: [{ country: 'DE' }, { 'plan.name': 'gold' }], $not: { shoe: 43 } }),
    );
    assert.deepEqual(found.unknown.sort(), ['plan.name', 'shoe']);
});

test('a wrong condition is refused at its place', async () => {
    const reply = await estimate({ country: { $like: 'D%' } });
    assert.equal(reply.status, 400);
    assert.equal(reply.body.pointer, '/condition/country/$like');
    assert.equal((await server.api('POST', '/audience/estimate', { what: 1 })).body.pointer, '/what');
});

const variants = (weight) => [
    { key: 'control', weight: 1 - weight, is_control: true, flags: {} },
    { key: 'b', weight, is_control: false, flags: {} },
];
const patch = (body, query = '') => server.api('PATCH', `/campaigns/shop${query}`, body);

test('a campaign has labels', async () => {
    const made = await expect(
        201,
        server.api('POST', '/campaigns', {
            key: 'shop',
            kind: 'experiment',
            variants: variants(0.5),
            labels: ['spring', 'checkout'],
            metrics: [{ key: 'conversion_rate', role: 'primary' }],
        }),
    );
    assert.deepEqual(made.labels, ['spring', 'checkout']);
    assert.equal((await patch({ labels: [''] })).body.pointer, '/labels/0');
    assert.deepEqual((await expect(200, patch({ labels: ['summer'] }))).labels, ['summer']);
});

test('what a change would do is said before it is done', async () => {
    const dry = (body) => expect(200, patch(body, '?dry_run=true'));
    assert.deepEqual(await expect(200, server.api('POST', '/campaigns/shop/start?dry_run=true')), {
        opens_phase: true,
        layer_buckets: 0,
        status: 'running',
        moved: null,
        collisions: [],
    });
    assert.equal((await server.api('GET', '/campaigns/shop')).body.status, 'draft');
    await expect(200, server.api('POST', '/campaigns/shop/start'));
    const { version } = (await server.api('GET', '/campaigns/shop')).body;
    const { moved, ...rest } = await dry({ variants: variants(0.3) });
    assert.deepEqual(rest, { opens_phase: true, layer_buckets: 0, status: null, collisions: [] });
    assert.ok(moved > 0 && moved < 1, `${moved}`);
    assert.equal((await dry({ audience: { country: 'DE' } })).opens_phase, true);
    assert.equal((await dry({ coverage: 0.5, name: 'Shop' })).opens_phase, false);
    assert.equal((await patch({ variants: variants(2) }, '?dry_run=true')).status, 400);
    assert.equal((await patch({ name: 'x' }, '?dry_run=perhaps')).status, 400);
    const stale = await server.api(
        'PATCH',
        '/campaigns/shop?dry_run=true',
        { name: 'x' },
        { headers: { 'if-match': '"1"' } },
    );
    assert.equal(stale.status, 412);
    const still = (await server.api('GET', '/campaigns/shop')).body;
    assert.equal(still.version, version);
    assert.equal(still.phase, 1);
});

test('a list says how campaigns stand', async () => {
    assert.deepEqual(await expect(200, server.api('GET', '/uplifts')), { items: [] });
    const events = [];
    for (let i = 0; i < 20; i++) {
        const variant = i % 2 ? 'b' : 'control';
        events.push({
            visitor_id: `x${i}`,
            name: 'exposure',
            event_id: uuidv7(NOW),
            ts: new Date().toISOString(),
            properties: { campaign: 'shop', variant, phase: 1 },
        });
        if (variant === 'b' ? i < 12 : i < 8)
            events.push({
                visitor_id: `x${i}`,
                name: 'purchase',
                event_id: uuidv7(),
                ts: new Date(Date.now() + 1000).toISOString(),
                properties: { value: 5, currency: 'EUR', transaction_id: `x${i}` },
            });
    }
    await expect(202, server.events({ events }, { key: server.secretKey }));
    const item = await until(
        async () => {
            const { items } = (await server.api('GET', '/uplifts')).body;
            return items[0]?.units === 20 && items[0].uplift > 0.4 && items[0];
        },
        20_000,
        'the fold to be done',
    );
    assert.ok(Math.abs(item.uplift - 0.5) < 1e-12);
    server.psql(`insert into look
            (campaign_id, phase, day, variant, metric_id, unit_count, sum_n, sum_d, sum_nn, sum_nd, sum_dd)
        select c.id, 1, (now()::date - 1), v.key, cm.metric_id, 10, v.n, 0, v.n, 0, 0
        from campaign c join campaign_metric cm on cm.campaign_id = c.id,
             (values ('control', 2), ('b', 5)) v (key, n)`);
    const [{ course, ...rest }] = (await server.api('GET', '/uplifts')).body.items;
    assert.deepEqual(rest, {
        campaign: 'shop',
        metric: 'conversion_rate',
        direction: 'up',
        variant: 'b',
        units: 20,
        uplift: item.uplift,
    });
    assert.deepEqual(
        course.map(({ uplift }) => uplift),
        [1.5],
    );
});
