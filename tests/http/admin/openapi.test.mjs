// SPDX-License-Identifier: GPL-3.0-or-later
// The description of the admin API holds together, and what the desk answers is as it says.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { complaintsIn, resolveIn, TYPES } from '../lib/schema.mjs';

const VERBS = ['get', 'post', 'put', 'patch', 'delete'];

let server;
let api;
before(async () => {
    server = await startServer({ event_body_bytes: 600_000 });
    api = (await server.api('GET', '/openapi.json')).body;
});
after(() => server?.stop());

const resolve = (schema) => resolveIn(api, schema);
const complaints = (schema, value) => complaintsIn(api, schema, value);

const operations = () =>
    Object.entries(api.paths).flatMap(([path, item]) =>
        Object.entries(item).map(([verb, operation]) => ({ path, verb, operation })),
    );

/* Everything below 'node' that stands where a schema stands. */
function* schemasIn(node) {
    if (node === null || typeof node !== 'object') return;
    for (const [name, child] of Object.entries(node)) {
        if (name === 'schema' || name === 'items') yield child;
        if (name === 'properties' || name === 'schemas') yield* Object.values(child);
        yield* schemasIn(child);
    }
}

test('it is OpenAPI 3.1 without loose ends', () => {
    assert.match(api.openapi, /^3\.1\.\d+$/);
    assert.ok(api.info.title && api.info.version);
    for (const { path, verb, operation } of operations()) {
        const where = `${verb} ${path}`;
        assert.ok(VERBS.includes(verb), where);
        const inPath = operation.parameters.filter((p) => p.in === 'path').map((p) => p.name);
        assert.deepEqual(
            inPath,
            [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]),
            where,
        );
        assert.ok(
            operation.parameters.every((p) => p.schema && (p.in !== 'path' || p.required)),
            where,
        );
        const names = operation.parameters.map((p) => `${p.in} ${p.name}`);
        assert.equal(new Set(names).size, names.length, where);
        for (const [status, reply] of Object.entries(operation.responses)) {
            assert.match(status, /^([2-5]\d\d|default)$/, where);
            assert.ok(reply.description, where);
        }
        for (const scheme of operation.security.flatMap(Object.keys)) {
            assert.ok(api.components.securitySchemes[scheme], where);
        }
    }
    for (const schema of schemasIn(api)) {
        assert.ok(resolve(schema), JSON.stringify(schema));
        for (const type of [schema.type ?? []].flat()) assert.ok(TYPES.includes(type), type);
        if (schema.pattern) new RegExp(schema.pattern, 'u');
    }
});

const campaign = {
    key: 'shop',
    kind: 'experiment',
    audience: { country: { $in: ['DE'] } },
    layer: { key: 'checkout', share: 0.5 },
    schedule: { end: '2100-01-01T00:00:00Z' },
    variants: [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5, flags: { cta: 'Buy' } },
    ],
    forced: { 'visitor-1': 'b' },
    metrics: [{ key: 'clicks', role: 'primary' }],
};

/* In this order; the last column is the path as the description writes it. */
const calls = [
    ['POST', '/environments', { key: 'staging' }, '/environments'],
    ['GET', '/environments', undefined, '/environments'],
    ['GET', '/environments/staging', undefined, '/environments/{key}'],
    ['POST', '/environments/staging/panic', { is_panic: true }, '/environments/{key}/panic'],
    ['POST', '/keys', { kind: 'secret', role: 'viewer', scopes: ['backfill'] }, '/keys'],
    ['GET', '/keys', undefined, '/keys'],
    ['POST', '/users', { email: 'ann@shop.example', role: 'editor' }, '/users'],
    ['GET', '/users', undefined, '/users'],
    ['POST', '/users/1/reset', {}, '/users/{id}/reset'],
    ['POST', '/login', { email: 'ann@shop.example', password: 'wrong' }, '/login'],
    ['POST', '/flags', { key: 'cta', type: 'string', default: 'Go' }, '/flags'],
    ['PATCH', '/flags/cta', { description: 'on the button' }, '/flags/{key}'],
    ['GET', '/flags', undefined, '/flags'],
    ['POST', '/layers', { key: 'checkout' }, '/layers'],
    [
        'POST',
        '/metrics',
        { key: 'clicks', kind: 'count', event: 'click', filter: { a: { $gt: 1 } }, cap: 9 },
        '/metrics',
    ],
    ['GET', '/metrics', undefined, '/metrics'],
    ['POST', '/campaigns', campaign, '/campaigns'],
    ['POST', '/campaigns/shop/start', {}, '/campaigns/{key}/start'],
    ['PATCH', '/campaigns/shop', { audience: null }, '/campaigns/{key}'],
    ['GET', '/campaigns/shop', undefined, '/campaigns/{key}'],
    ['GET', '/visitors/visitor-1', undefined, '/visitors/{id}'],
    ['GET', '/visitors/visitor-1/events', undefined, '/visitors/{id}/events'],
    ['POST', '/visitors/visitor-1/explain', { attributes: { country: 'DE' } }, '/visitors/{id}/explain'],
    ['POST', '/visitors/visitor-1/exclude', { reason: 'us' }, '/visitors/{id}/exclude'],
    ['POST', '/visitors/visitor-1/include', {}, '/visitors/{id}/include'],
    ['GET', '/campaigns/shop/results', undefined, '/campaigns/{key}/results'],
    ['GET', '/campaigns/shop/exposures', undefined, '/campaigns/{key}/exposures'],
    ['GET', '/openapi.json', undefined, '/openapi.json'],
    ['GET', '/campaigns', undefined, '/campaigns'],
    ['GET', '/layers', undefined, '/layers'],
    ['GET', '/audit', undefined, '/audit'],
    ['GET', '/rejected-events', undefined, '/rejected-events'],
    ['DELETE', '/layers/checkout', undefined, '/layers/{key}'],
    ['POST', '/flags', { key: 'Not one' }, '/flags'],
    ['POST', '/campaigns/shop/stop', {}, '/campaigns/{key}/stop'],
    ['DELETE', '/campaigns/shop', undefined, '/campaigns/{key}'],
];

for (const [method, path, body, described] of calls) {
    test(`${method} ${path} is taken and answered as described`, async () => {
        const operation = api.paths[`/api/v1${described}`][method.toLowerCase()];
        const reply = await server.api(method, path, body);
        const said = operation.responses[reply.status] ?? operation.responses.default;
        const isProblem = reply.status >= 400;
        const type = isProblem ? 'application/problem+json' : 'application/json';
        if (!said.content) {
            assert.equal(reply.text, '');
            return;
        }
        assert.deepEqual(Object.keys(said.content), [reply.headers['content-type'].split(';')[0]]);
        assert.deepEqual(complaints(said.content[type].schema, reply.body), [], reply.text);
        if (method !== 'POST' || isProblem) return;
        const asked = Object.values(operation.requestBody.content)[0].schema;
        assert.deepEqual(complaints(asked, body), []);
    });
}

test('pages and sessions are described too', async () => {
    for (const path of ['/', '/livez', '/readyz']) {
        const { headers } = await server.desk.request('GET', path, undefined, { key: null });
        const types = Object.keys(api.paths[path].get.responses[200].content);
        assert.deepEqual(types, [headers['content-type'].split(';')[0]], path);
    }
    const { url } = JSON.parse(await server.mete(['login-link', '--json']));
    const login = await server.desk.request('POST', new URL(url).pathname, undefined, { key: null });
    assert.ok(api.paths['/login/{token}'].post.responses[login.status]);
    const cookie = login.headers['set-cookie'][0].split(';')[0];
    const own = { key: null, headers: { cookie, origin: server.deskUrl } };
    const logout = await server.api('POST', '/logout', undefined, own);
    assert.ok(api.paths['/api/v1/logout'].post.responses[logout.status]);
});

test('results can be asked for by phase and dimension', () => {
    const { parameters } = api.paths['/api/v1/campaigns/{key}/results'].get;
    assert.deepEqual(parameters.map((p) => p.name).sort(), ['baseline', 'dimension', 'environment', 'key', 'phase']);
});

test('the edge describes itself, and obeys what its rows say of bodies', async () => {
    const { body: edge, headers } = await server.edge.request('GET', '/v1/openapi.json', undefined, { key: null });
    assert.match(headers['cache-control'], /public/);
    const largest = Object.fromEntries(
        Object.entries(edge.paths)
            .filter(([, { post }]) => post)
            .map(([path, { post }]) => [path, post.requestBody['x-bytes']]),
    );
    assert.deepEqual(largest, {
        '/v1/decide': 256 * 1024,
        '/v1/events': 600_000,
        '/v1/preview': 1024,
        '/v1/visitor': 4096,
    });
    for (const [path, bytes] of Object.entries(largest)) {
        const [fits, over] = [bytes, bytes + 1].map((size) => `{"visitor_id":"v"${' '.repeat(size - 18)}}`);
        assert.equal(fits.length, bytes);
        assert.notEqual((await server.edge.request('POST', path, fits)).status, 413, path);
        assert.equal((await server.edge.request('POST', path, over)).status, 413, path);
    }
});

test('a method that a path does not answer has a code of its own', async () => {
    for (const [client, path, allowed] of [
        [server.desk, '/api/v1/jobs', 'GET, HEAD'],
        [server.edge, '/v1/decide', 'POST'],
    ]) {
        const { status, body, headers } = await client.request('PUT', path, {});
        assert.deepEqual([status, body.code, headers.allow], [405, 'method_not_allowed', allowed]);
    }
});
