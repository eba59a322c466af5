// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions over HTTP: every reason, flags, the trace, pages of other origins, and how soon all edges
// know of a change.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clientOfEach } from '../lib/edges.mjs';
import { raw, startServer, statuses, until } from '../lib/harness.mjs';

let server;
let edges;
const HOUR_MS = 3_600_000;
const VARY = 'Origin, Accept-Encoding';
const at = (ms) => new Date(Date.now() + ms).toISOString();
const visitors = (n) => Array.from({ length: n }, (_, i) => `visitor-${i}`);

async function make(path, body, status = 201) {
    const reply = await server.api('POST', path, body);
    assert.equal(reply.status, status, `${path}: ${reply.text}`);
    return reply.body;
}

const variants = (flags) => [
    { key: 'no', weight: 0.5, is_control: true },
    { key: 'yes', weight: 0.5, is_control: false, flags },
];

async function run(key, more = {}) {
    const metrics = more.kind === 'rollout' || more.kind === 'holdout' ? [] : [{ key: 'conversion_rate' }];
    await make('/campaigns', { key, name: key, kind: 'experiment', variants: variants({}), metrics, ...more });
    await make(`/campaigns/${key}/start`, {}, 200);
}

before(async () => {
    server = await startServer({ edges: 2 });
    await make('/flags', { key: 'cta', type: 'string', default: 'Order' });
    await make('/flags', { key: 'banner', type: 'json', default: null });
    await make('/flags', { key: 'size', type: 'number', default: 12.5 });
    await make('/layers', { key: 'shared' });
    await run('plain');
    await run('forced', { forced: { 'qa "1"': 'yes', 'qa-2': 'no' } });
    await run('later', { schedule: { start: at(HOUR_MS) } });
    await run('over', { schedule: { start: at(-2 * HOUR_MS), end: at(-HOUR_MS) } });
    await run('open', { schedule: { start: at(-HOUR_MS), end: at(HOUR_MS) } });
    await run('germans', { audience: { country: 'DE', age: { $gte: 18 } } });
    await run('tenth', { coverage: 0.1 });
    await run('nobody', { coverage: 0 });
    await run('left', { layer: { key: 'shared', share: 0.5 } });
    await run('right', { layer: { key: 'shared', share: 0.5 } });
    await run('paused');
    await make('/campaigns/paused/pause', {}, 200);
    await make('/campaigns', { key: 'draft', name: 'draft', kind: 'experiment', variants: variants({}) });
    const all = (cta) => [{ key: 'on', weight: 1, is_control: false, flags: { cta } }];
    await run('flags-a', { kind: 'rollout', priority: 5, variants: all('a') });
    await run('flags-b', { kind: 'rollout', priority: 5, variants: all('b') });
    await run('flags-c', { kind: 'rollout', priority: 7, audience: { vip: true }, variants: all('c') });
    edges = await clientOfEach(server);
    for (const edge of edges)
        await until(async () => (await ask(edge)).decisions.length === 13, 5_000, 'all campaigns');
});
after(() => {
    for (const edge of edges ?? []) edge.close();
    return server?.stop();
});

async function ask(edge, body = {}, query = '') {
    const reply = await edge.request('POST', `/v1/decide${query}`, { visitor_id: 'v', ...body });
    assert.equal(reply.status, 200, reply.text);
    return reply.body;
}

const decision = async (campaign, body = {}, query = '') => {
    const reply = await ask(edges[0], { campaigns: [campaign], ...body }, query);
    assert.equal(reply.decisions.length, 1);
    return reply.decisions[0];
};

test('the answer repeats the visitor and names its snapshot', async () => {
    const reply = await ask(edges[0], { visitor_id: 'Zoë "1" </script>' });
    assert.equal(reply.visitor_id, 'Zoë "1" </script>');
    assert.equal(reply.snapshot, Number(server.psql('select max(version) from snapshot')));
    assert.deepEqual(Object.keys(reply), ['visitor_id', 'snapshot', 'decisions', 'flags']);
});

test('bucket', async () => {
    const found = await Promise.all(visitors(60).map((visitor_id) => decision('plain', { visitor_id })));
    for (const d of found) {
        assert.equal(d.reason, 'bucket');
        assert.equal(d.phase, 1);
        assert.equal(d.is_control, d.variant === 'no');
    }
    assert.equal(new Set(found.map((d) => d.variant)).size, 2);
});

test('forced', async () => {
    assert.deepEqual(await decision('forced', { visitor_id: 'qa "1"' }), {
        campaign: 'forced',
        phase: 1,
        variant: 'yes',
        is_control: false,
        flags: {},
        reason: 'forced',
    });
    assert.equal((await decision('forced', { visitor_id: 'qa-2' })).variant, 'no');
    assert.equal((await decision('forced', { visitor_id: 'qa-3' })).reason, 'bucket');
});

test('schedule', async () => {
    for (const key of ['later', 'over']) {
        assert.deepEqual(await decision(key), { campaign: key, phase: 1, variant: null, reason: 'schedule' });
    }
    assert.equal((await decision('open')).reason, 'bucket');
});

test('audience', async () => {
    const reason = async (attributes) => (await decision('germans', { attributes })).reason;
    assert.equal(await reason({ country: 'DE', age: 18 }), 'bucket');
    assert.equal(await reason({ country: 'DE', age: 17 }), 'audience');
    assert.equal(await reason({ country: 'AT', age: 18 }), 'audience');
    assert.equal(await reason({}), 'audience');
    assert.equal((await decision('germans')).reason, 'audience');
});

test('coverage', async () => {
    const reasons = await Promise.all(
        visitors(200).map(async (visitor_id) => (await decision('tenth', { visitor_id })).reason),
    );
    const served = reasons.filter((reason) => reason === 'bucket').length;
    /* All outside, or a third inside: less than 1e-9 each. */
    assert.ok(served > 0 && served < 67, `${served} of 200 at 10 %`);
    assert.equal(reasons.filter((reason) => reason === 'coverage').length, 200 - served);
    assert.equal((await decision('nobody')).reason, 'coverage');
});

test('layer: one of the two, never both', async () => {
    for (const visitor_id of visitors(50)) {
        const { decisions } = await ask(edges[1], { visitor_id, campaigns: ['left', 'right'] });
        assert.deepEqual(decisions.map((d) => d.reason).sort(), ['bucket', 'layer']);
    }
});

test('named campaigns: paused, unknown, in a draft, twice', async () => {
    assert.equal((await decision('paused')).reason, 'not_running');
    assert.deepEqual(await decision('nobody-knows'), {
        campaign: 'nobody-knows',
        phase: null,
        variant: null,
        reason: 'unknown_campaign',
    });
    assert.equal((await decision('draft')).reason, 'unknown_campaign');
    assert.equal((await decision('a\ufffd"\\')).campaign, 'a\ufffd"\\');
    assert.deepEqual((await ask(edges[0], { campaigns: [] })).decisions, []);
    assert.equal((await ask(edges[0], { campaigns: ['plain', 'plain'] })).decisions.length, 1);
});

test('all campaigns: what runs, by priority and key', async () => {
    const keys = (await ask(edges[0])).decisions.map((d) => d.campaign);
    assert.deepEqual(
        keys,
        'flags-c flags-a flags-b forced germans later left nobody open over plain right tenth'.split(' '),
    );
});

test('flags: the served campaign of highest priority, then by key, else the default', async () => {
    assert.deepEqual((await ask(edges[0])).flags, { banner: null, cta: 'a', size: 12.5 });
    assert.equal((await ask(edges[0], { attributes: { vip: true } })).flags.cta, 'c');
    assert.equal((await ask(edges[0], { campaigns: ['flags-b'] })).flags.cta, 'b');
    assert.equal((await ask(edges[0], { campaigns: [] })).flags.cta, 'Order');
});

test('the trace ends at the step that decided', async () => {
    const trace = async (key, body) => (await decision(key, body, '?explain=1')).trace;
    const steps = async (key, body) => (await trace(key, body)).map(({ step, passed }) => `${step} ${passed}`);
    assert.deepEqual(await steps('paused'), ['running false']);
    assert.deepEqual(await steps('later'), ['running true', 'schedule false']);
    assert.deepEqual(await steps('forced', { visitor_id: 'qa-2' }), ['running true', 'schedule true', 'forced true']);
    assert.deepEqual(await steps('germans'), [
        'running true',
        'schedule true',
        'holdout true',
        'layer true',
        'audience false',
    ]);
    const [last] = (await trace('nobody')).slice(-1);
    assert.deepEqual(last, { step: 'bucket', bucket: last.bucket, coverage: 0, passed: false });
    const [chosen] = (await trace('plain')).slice(-1);
    assert.ok(chosen.passed && chosen.bucket >= 0 && chosen.bucket < 10_000);
    assert.equal((await decision('plain', {}, '?explain=0')).trace, undefined);
});

test('the same answer on each edge, and after a restart', async () => {
    const all = (edge) =>
        Promise.all(visitors(40).map((visitor_id) => ask(edge, { visitor_id, attributes: { vip: true } })));
    const first = await all(edges[0]);
    assert.deepEqual(await all(edges[1]), first);
    for (const edge of edges) edge.close();
    await server.restart();
    edges = await clientOfEach(server);
    assert.deepEqual(await all(edges[0]), first);
    assert.deepEqual(await all(edges[1]), first);
});

test('other fields are ignored, text/plain is read', async () => {
    assert.ok((await ask(edges[0], { other: 1, context: {} })).decisions.length > 0);
    const reply = await server.edge.request('POST', '/v1/decide', '{"visitor_id":"v"}', {
        type: 'text/plain;charset=UTF-8',
    });
    assert.equal(reply.status, 200);
});

test('a preflight is answered without a key', async () => {
    const headers = {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
    };
    const reply = await server.edge.request('OPTIONS', '/v1/decide', undefined, { key: null, headers });
    assert.equal(reply.status, 204);
    assert.equal(reply.headers['access-control-allow-origin'], 'https://shop.example');
    assert.match(reply.headers['access-control-allow-methods'], /POST/);
    assert.match(reply.headers['access-control-allow-headers'], /authorization/);
    assert.equal(reply.headers.vary, 'Origin');
});

test('a page can read every reply, also a refusal', async () => {
    const headers = { origin: 'https://shop.example' };
    const replies = [
        await server.decide({ visitor_id: 'v' }, '', { headers }),
        await server.decide('{', '', { headers }),
        await server.decide({ visitor_id: 'v' }, '', { headers, key: null }),
        await server.events([], { headers }),
        await server.edge.request('POST', '/v1/decide', 'x', { headers, type: 'text/html' }),
        await server.edge.request('GET', '/nothing', undefined, { headers }),
        await server.edge.request('GET', '/v1/decide', undefined, { headers }),
        await server.decide('x'.repeat(300_000), '', { headers: { ...headers, connection: 'close' } }),
    ];
    assert.deepEqual(
        replies.map((r) => r.status),
        [200, 400, 401, 202, 415, 404, 405, 413],
    );
    for (const reply of replies) assert.equal(reply.headers['access-control-allow-origin'], 'https://shop.example');
    const plain = await server.decide({ visitor_id: 'v' });
    assert.deepEqual([plain.headers['access-control-allow-origin'], plain.headers.vary], [undefined, VARY]);
});

test('a client key is bound to the origins of its environment', async () => {
    const [{ key }] = (await server.api('GET', '/environments')).body.items;
    const bind = async (allowed_origins) => {
        const reply = await server.api('PATCH', `/environments/${key}`, { allowed_origins });
        assert.equal(reply.status, 200, reply.text);
    };
    const status = async (origin, options = {}) =>
        (await server.decide({ visitor_id: 'v' }, '', { headers: { origin }, ...options })).status;
    await bind(['https://shop.example']);
    await until(async () => (await status('https://evil.example')) === 403, 5_000, 'the binding');
    for (const edge of edges) {
        const reply = () =>
            edge.request('POST', '/v1/decide', { visitor_id: 'v' }, { headers: { origin: 'https://evil.example' } });
        await until(async () => (await reply()).status === 403, 5_000, 'the binding on each edge');
    }
    assert.equal(await status('https://shop.example'), 200);
    assert.equal(await status('http://shop.example'), 403);
    assert.equal(await status('null'), 403);
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
    assert.equal(await status('https://evil.example', { key: server.secretKey }), 200);
    await bind([]);
    for (const edge of edges) {
        const reply = () =>
            edge.request('POST', '/v1/decide', { visitor_id: 'v' }, { headers: { origin: 'https://evil.example' } });
        await until(async () => (await reply()).status === 200, 5_000, 'the binding to end');
    }
});

test('HEAD has the head of GET and no body', async () => {
    const text = await raw(server.edgeUrl, 'HEAD /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    assert.match(text, /^HTTP\/1.1 200 OK\r\n/);
    assert.match(text, /^Content-Length: 3\r$/m);
    assert.ok(text.endsWith('\r\n\r\n'));
});

test('pipelined questions are answered in order', async () => {
    const bytes = visitors(50).map((visitor_id, i) => {
        const body = JSON.stringify({ visitor_id });
        const last = i === 49 ? 'Connection: close\r\n' : '';
        return (
            `POST /v1/decide HTTP/1.1\r\nHost: h\r\nX-Mete-Key: ${server.clientKey}\r\n${last}` +
            `Content-Length: ${body.length}\r\n\r\n${body}`
        );
    });
    const text = await raw(server.edgeUrl, bytes.join(''));
    assert.deepEqual(statuses(text), Array(50).fill(200));
    assert.deepEqual(
        [...text.matchAll(/"visitor_id":"([^"]+)"/g)].map((m) => m[1]),
        visitors(50),
    );
});

async function switchPanic(is_panic) {
    const [{ key }] = (await server.api('GET', '/environments')).body.items;
    const reply = await server.api('POST', `/environments/${key}/panic`, { is_panic });
    assert.ok(reply.status < 300, reply.text);
}

test('panic: every edge serves the control, and nothing to whom it served nothing', async () => {
    const who = { visitor_id: 'qa "1"', attributes: { vip: true } };
    const calm = await ask(edges[0], who);
    assert.ok(calm.decisions.some((d) => d.variant === null) && calm.decisions.some((d) => d.variant !== null));
    await switchPanic(true);
    const isOver = async (edge) => (await ask(edge, { campaigns: ['plain'] })).decisions[0].reason === 'panic';
    for (const edge of edges) await until(() => isOver(edge), 5_000, 'the panic');
    for (const edge of edges) {
        const { decisions, flags } = await ask(edge, who);
        assert.equal(decisions.length, calm.decisions.length);
        for (const [i, d] of decisions.entries()) {
            const served = { reason: 'panic', variant: d.campaign.startsWith('flags') ? null : 'no' };
            const { reason, variant } = calm.decisions[i].variant === null ? calm.decisions[i] : served;
            assert.deepEqual(
                { campaign: d.campaign, reason: d.reason, variant: d.variant },
                { campaign: d.campaign, reason, variant },
            );
        }
        assert.equal(flags.cta, 'Order');
    }
    await switchPanic(false);
    for (const edge of edges) await until(async () => !(await isOver(edge)), 5_000, 'the end of the panic');
});

const listeners = () =>
    server
        .rows(
            `select pid, application_name as name from pg_stat_activity
    where application_name like 'mete edge-%' and datname = current_database()`,
        )
        .map(({ pid }) => pid);

const isKnownTo = (key) => async (edge) =>
    (await ask(edge, { campaigns: [key] })).decisions[0].reason !== 'unknown_campaign';

test('a change reaches every edge, also when its connections were cut', async () => {
    await run('told');
    for (const edge of edges) await until(() => isKnownTo('told')(edge), 1_000, 'the campaign that was told');
    const cut = await until(() => listeners().length === 4 && listeners(), 10_000, 'two connections of each edge');
    server.psql(`select pg_terminate_backend(pid) from unnest(array[${cut}]) pid`);
    await run('cut');
    for (const edge of edges) await until(() => isKnownTo('cut')(edge), 5_000, 'the campaign after the cut');
});

test('changes whose notification was lost are found by asking, again and again', async () => {
    for (const [old, fresh] of [
        ['told', 'found'],
        ['found', 'found-too'],
    ]) {
        server.psql(`update snapshot set version = default, sha256 = '${fresh}',
            document = replace(document, '"key": "${old}"', '"key": "${fresh}"')`);
        for (const edge of edges) await until(() => isKnownTo(fresh)(edge), 8_000, 'the campaign nobody told of');
    }
});

test('holdout: its control gets nothing else', async () => {
    await run('away', { kind: 'holdout' });
    for (const edge of edges) await until(() => isKnownTo('away')(edge), 5_000, 'the holdout');
    const held = { no: 0, yes: 0 };
    for (const visitor_id of visitors(60)) {
        const { decisions } = await ask(edges[0], { visitor_id });
        const away = decisions.find((d) => d.campaign === 'away');
        held[away.variant] += 1;
        const reasons = new Set(
            decisions.filter((d) => d !== away && d.campaign !== 'later' && d.campaign !== 'over').map((d) => d.reason),
        );
        assert.equal(reasons.has('holdout'), away.variant === 'no');
        assert.equal(reasons.size === 1, away.variant === 'no');
    }
    assert.ok(held.no > 0 && held.yes > 0, JSON.stringify(held));
    const qa = await ask(edges[0], { visitor_id: 'qa "1"', campaigns: ['forced'] });
    assert.equal(qa.decisions[0].reason, 'forced');
});

test('keys in turn: each is known by itself', async () => {
    const status = async (key) => (await server.decide({ visitor_id: 'v' }, '', { key })).status;
    const good = server.clientKey;
    for (let i = 0; i < 2; i += 1) {
        assert.equal(await status(good), 200);
        assert.equal(await status(good.slice(0, -1)), 401);
        assert.equal(await status(`${good}x`), 401);
        assert.equal(await status(server.secretKey), 200);
        assert.equal(await status('x'.repeat(500)), 401);
        assert.equal(await status(`${good.slice(0, -1)}~`), 401);
    }
});
