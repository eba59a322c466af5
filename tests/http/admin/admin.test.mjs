// SPDX-License-Identifier: GPL-3.0-or-later
// What the desk keeps: made, read, listed, changed, archived; and what follows from it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const halves = (flags = {}) => [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5, flags },
];

async function ok(method, path, body, options) {
    const reply = await server.api(method, path, body, options);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply;
}

const campaign = (key, more = {}) =>
    ok('POST', '/campaigns', {
        key,
        kind: 'experiment',
        variants: halves(),
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
        ...more,
    });

const phaseCount = async (key) => (await ok('GET', `/campaigns/${key}`)).body.phases.length;

test('a flag from making to archiving', async () => {
    const made = await ok('POST', '/flags', { key: 'banner', type: 'json', default: { a: [1, 2.5] } });
    assert.equal(made.status, 201);
    assert.equal(made.headers.location, '/api/v1/flags/banner');
    assert.equal(made.headers.etag, '"1"');
    assert.deepEqual(made.body.default, { a: [1, 2.5] });
    const patched = await ok('PATCH', '/flags/banner', { description: 'on top', default: null });
    assert.equal(patched.headers.etag, '"2"');
    assert.equal(patched.body.default, null);
    assert.equal((await ok('DELETE', '/flags/banner')).status, 204);
    assert.equal((await server.api('GET', '/flags/banner')).status, 404);
    const again = await ok('POST', '/flags', { key: 'banner', type: 'boolean', default: true });
    assert.equal(again.body.type, 'boolean');
});

test('lists come in pages by key', async () => {
    for (const n of [3, 1, 2]) await ok('POST', '/flags', { key: `page-${n}`, type: 'number', default: n });
    const first = await ok('GET', '/flags?limit=2&after=page-');
    assert.deepEqual(
        first.body.items.map((f) => f.key),
        ['page-1', 'page-2'],
    );
    assert.equal(first.body.next, 'page-2');
    const second = await ok('GET', `/flags?limit=1&after=${first.body.next}`);
    assert.deepEqual(
        second.body.items.map((f) => f.key),
        ['page-3'],
    );
    assert.equal(second.body.next, null);
});

test('a new environment has the built-in metrics in its own currency', async () => {
    await ok('POST', '/environments', { key: 'tokyo', currency: 'JPY', time_zone: 'Asia/Tokyo' });
    const metrics = await ok('GET', '/metrics?environment=tokyo');
    assert.deepEqual(
        metrics.body.items.map((m) => m.key),
        ['add_to_basket_rate', 'average_order_value', 'conversion_rate', 'items_per_order', 'revenue_per_visitor'],
    );
    const scales = (key) =>
        server.rows(
            `select (m.definition ->> 'scale')::int scale from metric m join environment e on e.id = environment_id
         where e.key = '${key}' and m.key = 'revenue_per_visitor'`,
        )[0].scale;
    assert.equal(scales('tokyo'), 1);
    assert.equal(scales('production'), 100);
    const renamed = await ok('PATCH', '/metrics/conversion_rate?environment=tokyo', { name: 'Orders' });
    assert.equal(renamed.body.name, 'Orders');
    assert.equal((await ok('DELETE', '/environments/tokyo')).status, 204);
    assert.equal((await server.api('GET', '/metrics?environment=tokyo')).status, 404);
});

test('panic gives everybody the control', async () => {
    await ok('POST', '/flags', { key: 'panic_flag', type: 'boolean', default: false });
    await campaign('panicky', {
        variants: [
            { key: 'a', weight: 0, is_control: true },
            { key: 'b', weight: 1, flags: { panic_flag: true } },
        ],
    });
    await ok('POST', '/campaigns/panicky/start');
    const variant = async () => {
        const { body } = await server.decide({ visitor_id: 'v', campaigns: ['panicky'] });
        return `${body.decisions[0].variant} ${body.decisions[0].reason}`;
    };
    await until(async () => (await variant()) === 'b bucket', 5000, 'the campaign to run');
    const panic = await ok('POST', '/environments/production/panic', { is_panic: true });
    assert.equal(panic.body.is_panic, true);
    await until(async () => (await variant()) === 'a panic', 5000, 'the panic to arrive');
    await ok('POST', '/environments/production/panic', { is_panic: false });
    await until(async () => (await variant()) === 'b bucket', 5000, 'the panic to end');
    await ok('POST', '/campaigns/panicky/stop');
});

test('the life of a campaign', async () => {
    const draft = await campaign('life');
    assert.equal(draft.body.status, 'draft');
    assert.deepEqual([draft.body.phase, draft.body.phases], [0, []]);
    const started = await ok('POST', '/campaigns/life/start', {});
    assert.equal(started.body.status, 'running');
    assert.equal(started.body.phases[0].number, 1);
    assert.match(started.body.phases[0].seed, /^[\w-]{43}$/);
    assert.ok(started.body.started_at);
    assert.equal((await ok('POST', '/campaigns/life/pause')).body.status, 'paused');
    assert.equal((await ok('POST', '/campaigns/life/resume')).body.status, 'running');
    const stopped = await ok('POST', '/campaigns/life/stop');
    assert.equal(stopped.body.status, 'stopped');
    assert.ok(stopped.body.stopped_at && stopped.body.phases[0].ended_at);
    await ok('PATCH', '/campaigns/life', { name: 'What we learned', metrics: [{ key: 'revenue_per_visitor' }] });
    assert.equal((await ok('POST', '/campaigns/life/archive')).body.status, 'archived');
});

test('a draft may be empty and is deleted for good', async () => {
    await ok('POST', '/campaigns', { key: 'empty', kind: 'experiment' });
    const reply = await server.api('POST', '/campaigns/empty/start');
    assert.deepEqual([reply.status, reply.body.pointer], [409, '/variants']);
    await ok('PATCH', '/campaigns/empty', { variants: halves() });
    const unmeasured = await server.api('POST', '/campaigns/empty/start');
    assert.deepEqual([unmeasured.status, unmeasured.body.pointer], [409, '/metrics']);
    assert.equal((await ok('DELETE', '/campaigns/empty')).status, 204);
    assert.deepEqual(server.rows("select 1 from campaign where key = 'empty'"), []);
});

test('only weights, variants and audience open a new phase', async () => {
    await ok('POST', '/flags', { key: 'phased', type: 'string', default: null });
    await campaign('phases', { coverage: 0.5 });
    await ok('POST', '/campaigns/phases/start');
    const same = [
        { coverage: 1.0 },
        { priority: 7 },
        { name: 'Other' },
        { forced: { me: 'b' } },
        { schedule: { end: '2099-01-01' } },
        { metrics: [{ key: 'average_order_value' }] },
        { variants: [{ ...halves()[0], name: 'Renamed' }, halves()[1]] },
        {
            variants: [
                { ...halves()[0], weight: 0.5 },
                { ...halves()[1], weight: 5e-1 },
            ],
        },
    ];
    for (const patch of same) {
        await ok('PATCH', '/campaigns/phases', patch);
        assert.equal(await phaseCount('phases'), 1, JSON.stringify(patch));
    }
    const opening = [
        { audience: { country: 'DE' } },
        { audience: null },
        { variants: halves({ phased: 'x' }) },
        {
            variants: [
                { ...halves()[0], weight: 0.2 },
                { ...halves()[1], weight: 0.8 },
            ],
        },
        { variants: [...halves().map((v) => ({ ...v, weight: 0.25 })), { key: 'c', weight: 0.5 }] },
    ];
    for (const [i, patch] of opening.entries()) {
        const { body } = await ok('PATCH', '/campaigns/phases', patch);
        assert.equal(body.phase, i + 2, JSON.stringify(patch));
        assert.equal(body.phases.filter((p) => p.ended_at === null).length, 1);
    }
    const { body } = await ok('GET', '/campaigns/phases');
    assert.equal(new Set(body.phases.map((p) => p.seed)).size, 6);
    for (let i = 1; i < body.phases.length; i++) {
        assert.equal(body.phases[i - 1].ended_at, body.phases[i].started_at);
    }
    await ok('POST', '/campaigns/phases/pause');
    assert.equal((await ok('PATCH', '/campaigns/phases', { audience: { age: { $gte: 18 } } })).body.phase, 7);
});

test('a layer is shared, filled, and given back', async () => {
    const ranges = () =>
        server
            .rows(
                `select c.key, from_bucket, to_bucket from layer_range r join campaign c on c.id = campaign_id
         order by from_bucket`,
            )
            .map((r) => `${r.key} ${r.from_bucket}-${r.to_bucket}`);
    await ok('POST', '/layers', { key: 'checkout', name: 'Checkout' });
    for (const [key, share] of [
        ['l1', 0.3],
        ['l2', 0.4],
        ['l3', 0.5],
    ]) {
        await campaign(key, { layer: { key: 'checkout', share } });
    }
    await ok('POST', '/campaigns/l1/start');
    await ok('POST', '/campaigns/l2/start');
    const full = await server.api('POST', '/campaigns/l3/start');
    assert.deepEqual([full.status, full.body.pointer], [409, '/layer/share']);
    assert.equal((await ok('GET', '/layers/checkout')).body.free, 0.3);
    await ok('POST', '/campaigns/l1/stop');
    await ok('POST', '/campaigns/l3/start');
    assert.deepEqual(ranges(), ['l3 0-3000', 'l2 3000-7000', 'l3 7000-9000']);
    const grown = await ok('PATCH', '/campaigns/l2', { layer: { share: 0.5 } });
    assert.equal(grown.body.phase, 1);
    assert.deepEqual(ranges(), ['l3 0-3000', 'l2 3000-7000', 'l3 7000-9000', 'l2 9000-10000']);
    const less = await server.api('PATCH', '/campaigns/l2', { layer: { share: 0.1 } });
    assert.deepEqual([less.status, less.body.pointer], [409, '/layer/share']);
    const out = await server.api('PATCH', '/campaigns/l2', { layer: null });
    assert.deepEqual([out.status, out.body.pointer], [409, '/layer']);
    assert.equal((await server.api('DELETE', '/layers/checkout')).status, 409);
});

test('a metric gets a new definition, and running campaigns go over to it', async () => {
    const measured = (key) =>
        server.rows(
            `select m.key, m.number, cm.role, cm.is_computed from campaign_metric cm join metric m on m.id = metric_id
         join campaign c on c.id = campaign_id where c.key = '${key}' order by position`,
        );
    await ok('POST', '/metrics', { key: 'clicks', kind: 'count', event: 'click' });
    const metrics = [{ key: 'clicks', role: 'guardrail' }, { key: 'conversion_rate' }];
    for (const key of ['m1', 'm2']) {
        await campaign(key, { metrics });
        await ok('POST', `/campaigns/${key}/start`);
    }
    await ok('POST', '/campaigns/m2/stop');
    const cosmetic = await ok('PATCH', '/metrics/clicks', { name: 'Clicks', direction: 'down' });
    assert.deepEqual([cosmetic.body.number, cosmetic.body.version], [1, 2]);
    const changed = await ok('PATCH', '/metrics/clicks', { filter: { kind: 'cta' }, window_hours: 24 });
    assert.deepEqual([changed.body.number, changed.body.version], [2, 3]);
    assert.deepEqual(
        measured('m1').map((m) => [m.key, m.number, m.role]),
        [
            ['clicks', 2, 'guardrail'],
            ['conversion_rate', 1, 'secondary'],
        ],
    );
    assert.deepEqual(
        measured('m2').map((m) => [m.key, m.number]),
        [
            ['clicks', 1],
            ['conversion_rate', 1],
        ],
    );
    assert.equal((await server.api('DELETE', '/metrics/clicks')).status, 409);
    await ok('PATCH', '/campaigns/m1', {
        metrics: [{ key: 'average_order_value' }, { key: 'conversion_rate', role: 'primary' }],
    });
    assert.deepEqual(
        measured('m1').map((m) => [m.key, m.role]),
        [
            ['average_order_value', 'secondary'],
            ['conversion_rate', 'primary'],
        ],
    );
    await ok('DELETE', '/metrics/clicks');
    const again = await ok('POST', '/metrics', { key: 'clicks', kind: 'conversion', event: 'click' });
    assert.equal(again.body.number, 3);
});

test('every change stands in the audit log with before and after', async () => {
    await ok('POST', '/flags', { key: 'watched', type: 'number', default: 1 });
    await ok('PATCH', '/flags/watched', { default: 2 });
    await ok('DELETE', '/flags/watched');
    const { body } = await ok('GET', '/audit?limit=3');
    assert.deepEqual(
        body.items.map((e) => e.action),
        ['flag.delete', 'flag.patch', 'flag.create'],
    );
    assert.deepEqual(
        body.items.map((e) => [e.before?.default, e.after?.default]),
        [
            [2, undefined],
            [1, 2],
            [undefined, 1],
        ],
    );
    assert.ok(body.items.every((e) => /^key:\d+$/.test(e.actor) && e.resource === 'watched'));
    const next = await ok('GET', `/audit?limit=1&after=${body.next}`);
    assert.ok(next.body.items[0].id < body.items[2].id);
});

test('a refused change leaves nothing behind', async () => {
    const counts = () => server.rows('select (select count(*) from audit_log) a, (select count(*) from phase) p')[0];
    await campaign('whole');
    const before = counts();
    assert.equal((await server.api('PATCH', '/campaigns/whole', { name: 'x', coverage: 2 })).status, 400);
    assert.equal((await server.api('POST', '/campaigns/whole/resume')).status, 409);
    assert.deepEqual(counts(), before);
    assert.equal((await ok('GET', '/campaigns/whole')).body.name, '');
});

test('the description names every path and schema', async () => {
    const { body } = await ok('GET', '/openapi.json');
    assert.equal(body.openapi, '3.1.0');
    assert.ok(body.paths['/api/v1/campaigns/{key}/start'].post);
    const isPart = (name) => /^(results|distribution)_/.test(name);
    const schemas = Object.keys(body.components.schemas).filter((name) => !isPart(name));
    assert.deepEqual(schemas.sort(), [
        'audit_page',
        'campaign',
        'currency_rates',
        'currency_rates_deleted',
        'currency_rates_put',
        'data_quality',
        'dimension',
        'distribution',
        'environment',
        'flag',
        'import',
        'install',
        'job',
        'key',
        'layer',
        'live_events',
        'metric',
        'previews',
        'problem',
        'refusals',
        'rejected_event',
        'results',
        'share',
        'user',
        'visitor_exclusion',
    ]);
    const references = JSON.stringify(body).match(/#\/components\/schemas\/\w+/g);
    for (const name of references) assert.ok(body.components.schemas[name.split('/').pop()], name);
    const schema = body.components.schemas.campaign.properties;
    const { body: shown } = await ok('GET', '/campaigns/whole');
    const toldOnce = ['collisions']; // in the reply to a start
    const kept = Object.keys(schema).filter((name) => !toldOnce.includes(name));
    assert.deepEqual(Object.keys(shown).sort(), kept.sort());
    assert.equal(schema.status.readOnly, true);
    assert.deepEqual(schema.kind.enum, ['experiment', 'rollout', 'holdout']);
});

test('refused events are listed, newest first, each environment its own', async () => {
    server.psql(`insert into rejected_event (environment_id, reason, event)
        values (1, 'first', '{}'), (null, 'no', 'x'),
        (1, 'second', '{"a":"\\u0000"}')`);
    const { body } = await ok('GET', '/rejected-events?limit=1');
    assert.deepEqual([body.items[0].reason, body.items[0].event], ['second', '{"a":"\\u0000"}']);
    const next = await ok('GET', `/rejected-events?limit=1&after=${body.next}`);
    assert.deepEqual([next.body.items[0].reason, next.body.next], ['first', null]);
});

test('keys come in pages by number', async () => {
    for (const name of ['one', 'two', 'three']) await ok('POST', '/keys', { kind: 'client', name });
    const names = [];
    for (let after = ''; after !== null;) {
        const { body } = await ok('GET', `/keys?limit=2&after=${after}`);
        names.push(...body.items.map((k) => k.name));
        after = body.next;
    }
    assert.deepEqual(names.slice(-3), ['one', 'two', 'three']);
});

test('HEAD answers like GET without a body', async () => {
    const reply = await server.api('HEAD', '/flags');
    assert.deepEqual([reply.status, reply.text], [200, '']);
});
