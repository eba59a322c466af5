// SPDX-License-Identifier: GPL-3.0-or-later
// What the desk refuses: each row is a request, the status, and the place that is named.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer } from '../lib/harness.mjs';

let server;
before(async () => {
    server = await startServer();
    const make = async (path, body) => {
        const reply = await server.api('POST', path, body);
        assert.ok(reply.status < 300, `${path}: ${reply.text}`);
    };
    await make('/flags', { key: 'text', type: 'string', default: 'x' });
    await make('/flags', { key: 'truth', type: 'boolean', default: false });
    await make('/flags', { key: 'count', type: 'number', default: 0 });
    await make('/flags', { key: 'used', type: 'string', default: 'x' });
    await make('/layers', { key: 'layer' });
    await make('/metrics', { key: 'own', kind: 'count', event: 'click' });
    for (const key of ['running', 'stopped', 'draft', 'archived']) await make('/campaigns', experiment({ key }));
    await make('/campaigns', experiment({ key: 'layered', layer: { key: 'layer', share: 0.4 } }));
    for (const key of ['running', 'stopped', 'layered']) await make(`/campaigns/${key}/start`);
    await make('/campaigns/stopped/stop');
    await make('/campaigns/archived/archive');
    await make('/keys', { kind: 'client', name: 'page' });
});
after(() => server?.stop());

const variants = (...more) => [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5, flags: { used: 'y' } },
    ...more,
];
const experiment = (more = {}) => ({
    key: 'new',
    kind: 'experiment',
    variants: variants(),
    metrics: [{ key: 'own' }],
    ...more,
});
const without = (object, name) => {
    const { [name]: _, ...rest } = object;
    return rest;
};
const deep = (levels) => '['.repeat(levels) + ']'.repeat(levels);
const second = (more) => [variants()[0], { ...variants()[1], ...more }];

/* [method, path, body, status, pointer (undefined: the whole request)] */
const rows = [
    // bodies as a whole
    ['POST', '/flags', undefined, 400, ''],
    ['POST', '/flags', '', 400, ''],
    ['POST', '/flags', '{', 400, ''],
    ['POST', '/flags', '{"key":"k",}', 400, ''],
    ['POST', '/flags', '[]', 400, ''],
    ['POST', '/flags', '"text"', 400, ''],
    ['POST', '/flags', 'null', 400, ''],
    ['POST', '/flags', '{"key":"k"} {}', 400, ''],
    ['POST', '/flags', '{"key":"k","key":"k"}', 400, ''],
    ['POST', '/flags', '{"key":"\\u0000"}', 400, ''],
    ['POST', '/flags', '{"key":"\\ud800"}', 400, ''],
    ['POST', '/flags', Buffer.from('{"key":"\xff"}', 'latin1'), 400, ''],
    ['POST', '/flags', `{"key":"k","type":"json","default":${deep(17)}}`, 413, undefined],
    ['POST', '/flags', `{"key":"k","type":"json","default":[${'[],'.repeat(60000)}[]]}`, 413, undefined],
    ['POST', '/flags', `{"key":"${'k'.repeat(1 << 20)}"}`, 413, undefined],
    ['POST', '/campaigns/draft/start', `{"a":"${'k'.repeat(2000)}"}`, 413, undefined],
    ['POST', '/campaigns/draft/start', { now: true }, 400, ''],
    ['POST', '/campaigns/draft/start', '[]', 400, ''],
    // paths, methods, queries
    ['GET', '/nothing', undefined, 404, undefined],
    ['GET', '/flags/', undefined, 404, undefined],
    ['GET', '/flags/text/more', undefined, 404, undefined],
    ['GET', '/flags/none', undefined, 404, undefined],
    ['GET', '/flags/%zz', undefined, 400, ''],
    ['GET', '/flags/%00', undefined, 400, ''],
    ['GET', '/keys/none', undefined, 404, undefined],
    ['GET', '/keys/99999999999999999999', undefined, 404, undefined],
    ['PUT', '/flags/text', {}, 405, undefined],
    ['DELETE', '/flags', undefined, 405, undefined],
    ['POST', '/audit', {}, 405, undefined],
    ['PATCH', '/flags/none', {}, 404, undefined],
    ['DELETE', '/campaigns/none', undefined, 404, undefined],
    ['POST', '/campaigns/none/start', {}, 404, undefined],
    ['POST', '/campaigns/draft/begin', {}, 404, undefined],
    ['GET', '/flags?limit=0', undefined, 400, ''],
    ['GET', '/flags?limit=501', undefined, 400, ''],
    ['GET', '/flags?limit=-1', undefined, 400, ''],
    ['GET', '/flags?limit=ten', undefined, 400, ''],
    ['GET', '/flags?limit=%', undefined, 400, ''],
    ['GET', '/flags?after=%ff', undefined, 400, ''],
    ['GET', '/flags?environment=%', undefined, 400, ''],
    ['GET', '/flags?environment=none', undefined, 404, undefined],
    // flags
    ['POST', '/flags', {}, 400, '/key'],
    ['POST', '/flags', { key: '' }, 400, '/key'],
    ['POST', '/flags', { key: 'Upper' }, 400, '/key'],
    ['POST', '/flags', { key: '-minus' }, 400, '/key'],
    ['POST', '/flags', { key: 'with space' }, 400, '/key'],
    ['POST', '/flags', { key: 'k'.repeat(65) }, 400, '/key'],
    ['POST', '/flags', { key: 5 }, 400, '/key'],
    ['POST', '/flags', { key: 'k' }, 400, '/type'],
    ['POST', '/flags', { key: 'k', type: null }, 400, '/type'],
    ['POST', '/flags', { key: 'k', type: 'date' }, 400, '/type'],
    ['POST', '/flags', { key: 'k', type: 'string', default: 1 }, 400, '/default'],
    ['POST', '/flags', { key: 'k', type: 'boolean', default: 'true' }, 400, '/default'],
    ['POST', '/flags', { key: 'k', type: 'number', default: '1' }, 400, '/default'],
    ['POST', '/flags', '{"key":"k","type":"number","default":1e300}', 400, '/default'],
    ['POST', '/flags', '{"key":"k","type":"json","default":{"a":[0,1e99]}}', 400, '/default/a/1'],
    ['POST', '/flags', { key: 'k', type: 'json', description: 'x'.repeat(2001) }, 400, '/description'],
    ['POST', '/flags', { key: 'k', type: 'json', description: 'bell\u0007' }, 400, '/description'],
    ['POST', '/flags', { key: 'k', type: 'json', 'a/b~c': 1 }, 400, '/a~1b~0c'],
    ['POST', '/flags', { key: 'k', type: 'json', version: 1 }, 400, '/version'],
    ['POST', '/flags', { key: 'text', type: 'string' }, 409, '/key'],
    ['PATCH', '/flags/text', { type: 'json' }, 400, '/type'],
    ['PATCH', '/flags/text', { default: 5 }, 400, '/default'],
    ['PATCH', '/flags/text', { key: 'other' }, 400, '/key'],
    ['PATCH', '/flags/text', { key: null }, 400, '/key'],
    ['PATCH', '/flags/text', '[1]', 400, ''],
    ['DELETE', '/flags/used', undefined, 409, undefined],
    // environments
    ['POST', '/environments', { key: 'e', currency: 'QQQ' }, 400, '/currency'],
    ['POST', '/environments', { key: 'e', currency: 'eur' }, 400, '/currency'],
    ['POST', '/environments', { key: 'e', currency: 'EURO' }, 400, '/currency'],
    ['POST', '/environments', { key: 'e', time_zone: 'Mars/Olympus' }, 400, '/time_zone'],
    ['POST', '/environments', { key: 'e', time_zone: "UTC'; --" }, 400, '/time_zone'],
    ['POST', '/environments', { key: 'e', allowed_origins: 'https://a.example' }, 400, '/allowed_origins'],
    ['POST', '/environments', { key: 'e', allowed_origins: ['https://a.example/'] }, 400, '/allowed_origins/0'],
    ['POST', '/environments', { key: 'e', allowed_origins: ['https://a.example', '*'] }, 400, '/allowed_origins/1'],
    ['POST', '/environments', { key: 'production' }, 409, '/key'],
    ['PATCH', '/environments/production', { currency: 'USD' }, 400, '/currency'],
    ['PATCH', '/environments/production', { is_panic: true }, 400, '/is_panic'],
    ['POST', '/environments/production/panic', {}, 400, '/is_panic'],
    ['POST', '/environments/production/panic', { is_panic: 'yes' }, 400, '/is_panic'],
    ['DELETE', '/environments/production', undefined, 409, undefined],
    // keys
    ['POST', '/keys', {}, 400, '/kind'],
    ['POST', '/keys', { kind: 'public' }, 400, '/kind'],
    ['POST', '/keys', { kind: 'secret', role: 'owner' }, 400, '/role'],
    ['POST', '/keys', { kind: 'secret', role: 'client' }, 400, '/role'],
    ['POST', '/keys', { kind: 'client', role: 'admin' }, 400, '/role'],
    ['POST', '/keys', { kind: 'client', scopes: ['backfill'] }, 400, '/scopes'],
    ['POST', '/keys', { kind: 'secret', scopes: ['all'] }, 400, '/scopes/0'],
    ['POST', '/keys', { kind: 'secret', scopes: 'backfill' }, 400, '/scopes'],
    ['POST', '/keys', { kind: 'secret', token: 'msk_mine' }, 400, '/token'],
    ['PATCH', '/keys/1', { kind: 'secret' }, 400, '/kind'],
    // users, sessions, one's own account
    ['POST', '/users', {}, 400, '/email'],
    ['POST', '/users', { email: 'a@b.example' }, 400, '/role'],
    ['POST', '/users', { email: 'nobody', role: 'viewer' }, 400, '/email'],
    ['POST', '/users', { email: '@b.example', role: 'viewer' }, 400, '/email'],
    ['POST', '/users', { email: 'a@', role: 'viewer' }, 400, '/email'],
    ['POST', '/users', { email: 'a@b@c.example', role: 'viewer' }, 400, '/email'],
    ['POST', '/users', { email: 'a b@c.example', role: 'viewer' }, 400, '/email'],
    ['POST', '/users', { email: `${'a'.repeat(250)}@b.example`, role: 'viewer' }, 400, '/email'],
    ['POST', '/users', { email: 'a@b.example', role: 'owner' }, 400, '/role'],
    ['POST', '/users', { email: 'a@b.example', role: 'client' }, 400, '/role'],
    ['POST', '/users', { email: 'a@b.example', role: 'viewer', is_disabled: true }, 400, '/is_disabled'],
    ['POST', '/users', { email: 'a@b.example', role: 'viewer', link: '/login/mine' }, 400, '/link'],
    ['POST', '/users', { email: 'a@b.example', role: 'viewer', password: 'secret secret' }, 400, '/password'],
    ['POST', '/users', { email: 'Admin@localhost', role: 'viewer' }, 409, '/email'],
    ['PATCH', '/users/1', { role: 'viewer' }, 409, '/role'],
    ['PATCH', '/users/1', { is_disabled: true }, 409, '/is_disabled'],
    ['PATCH', '/users/1', { email: null }, 400, '/email'],
    ['PATCH', '/users/99', { role: 'viewer' }, 404, undefined],
    ['POST', '/users/99/reset', {}, 404, undefined],
    ['DELETE', '/users/1', undefined, 405, undefined],
    ['GET', '/sessions', undefined, 403, undefined],
    ['DELETE', '/sessions', undefined, 403, undefined],
    ['DELETE', '/sessions/1', undefined, 403, undefined],
    ['PATCH', '/account', { password: 'long enough' }, 403, undefined],
    ['POST', '/login', {}, 400, '/email'],
    ['POST', '/login', { email: 'a@b.example' }, 400, '/password'],
    ['POST', '/login', { email: 'a@b.example', password: '' }, 400, '/password'],
    ['POST', '/login', { email: 'a@b.example', password: 5 }, 400, '/password'],
    ['POST', '/login', { email: 'a@b.example', password: 'x'.repeat(201) }, 400, '/password'],
    ['POST', '/login', { email: 'a@b.example', password: 'wrong', role: 'admin' }, 400, '/role'],
    ['POST', '/login', '{"email":"a@b.example","password":"nul\\u0000"}', 400, ''],
    ['POST', '/login', { email: 'a@b.example', password: 'wrong' }, 401, undefined],
    // layers
    ['POST', '/layers', { key: 'layer' }, 409, '/key'],
    ['POST', '/layers', { key: 'l', seed: 'mine' }, 400, '/seed'],
    ['DELETE', '/layers/layer', undefined, 409, undefined],
    // metrics
    ['POST', '/metrics', { key: 'm' }, 400, '/kind'],
    ['POST', '/metrics', { key: 'm', kind: 'median' }, 400, '/kind'],
    ['POST', '/metrics', { key: 'm', kind: 'count' }, 400, '/event'],
    ['POST', '/metrics', { key: 'm', kind: 'count', event: '' }, 400, '/event'],
    ['POST', '/metrics', { key: 'm', kind: 'count', event: 'e', value: 'value' }, 400, '/value'],
    ['POST', '/metrics', { key: 'm', kind: 'sum', event: 'e' }, 400, '/value'],
    ['POST', '/metrics', { key: 'm', kind: 'sum', event: 'e', value: 'a..b' }, 400, '/value'],
    ['POST', '/metrics', { key: 'm', kind: 'sum', event: 'e', value: '.a' }, 400, '/value'],
    ['POST', '/metrics', { key: 'm', kind: 'sum', event: 'e', value: "a'b" }, 400, '/value'],
    ['POST', '/metrics', { key: 'm', kind: 'conversion', event: 'e', cap: 3 }, 400, '/cap'],
    ['POST', '/metrics', { key: 'm', kind: 'sum', event: 'e', value: 'v', cap: 0 }, 400, '/cap'],
    ['POST', '/metrics', { key: 'm', kind: 'sum', event: 'e', value: 'value', cap: 0.001 }, 400, '/cap'],
    ['POST', '/metrics', { key: 'm', kind: 'conversion', event: 'e', unit: 'money' }, 400, '/unit'],
    ['POST', '/metrics', { key: 'm', kind: 'conversion', event: 'e', window_hours: 0 }, 400, '/window_hours'],
    ['POST', '/metrics', { key: 'm', kind: 'conversion', event: 'e', window_hours: 1.5 }, 400, '/window_hours'],
    ['POST', '/metrics', { key: 'm', kind: 'conversion', event: 'e', filter: [] }, 400, '/filter'],
    [
        'POST',
        '/metrics',
        { key: 'm', kind: 'conversion', event: 'e', filter: { a: { $near: 1 } } },
        400,
        '/filter/a/$near',
    ],
    ['POST', '/metrics', { key: 'm', kind: 'ratio', event: 'e' }, 400, '/event'],
    ['POST', '/metrics', { key: 'm', kind: 'ratio', numerator: { event: 'e' } }, 400, '/denominator'],
    [
        'POST',
        '/metrics',
        { key: 'm', kind: 'ratio', numerator: {}, denominator: { event: 'e' } },
        400,
        '/numerator/event',
    ],
    ['POST', '/metrics', { key: 'm', kind: 'count', event: 'e', numerator: { event: 'e' } }, 400, '/numerator'],
    ['POST', '/metrics', { key: 'own', kind: 'count', event: 'e' }, 409, '/key'],
    ['PATCH', '/metrics/conversion_rate', { event: 'click' }, 409, '/event'],
    ['DELETE', '/metrics/conversion_rate', undefined, 409, undefined],
    ['DELETE', '/metrics/own', undefined, 409, undefined],
    // campaigns
    ['POST', '/campaigns', without(experiment(), 'key'), 400, '/key'],
    ['POST', '/campaigns', without(experiment(), 'kind'), 400, '/kind'],
    ['POST', '/campaigns', experiment({ kind: 'bandit' }), 400, '/kind'],
    ['POST', '/campaigns', experiment({ key: 'draft' }), 409, '/key'],
    ['POST', '/campaigns', experiment({ status: 'running' }), 400, '/status'],
    ['POST', '/campaigns', experiment({ coverage: 1.01 }), 400, '/coverage'],
    ['POST', '/campaigns', experiment({ coverage: -0.1 }), 400, '/coverage'],
    ['POST', '/campaigns', experiment({ coverage: '1' }), 400, '/coverage'],
    ['POST', '/campaigns', experiment({ priority: 1001 }), 400, '/priority'],
    ['POST', '/campaigns', experiment({ priority: 0.5 }), 400, '/priority'],
    ['POST', '/campaigns', experiment({ confidence: 1 }), 400, '/confidence'],
    ['POST', '/campaigns', experiment({ name: 'x'.repeat(201) }), 400, '/name'],
    ['POST', '/campaigns', experiment({ variants: {} }), 400, '/variants'],
    ['POST', '/campaigns', experiment({ variants: [1] }), 400, '/variants/0'],
    ['POST', '/campaigns', experiment({ variants: [variants()[0]] }), 400, '/variants'],
    ['POST', '/campaigns', experiment({ variants: second({ weight: 0.4 }) }), 400, '/variants'],
    ['POST', '/campaigns', experiment({ variants: second({ weight: 0.500001 }) }), 400, '/variants'],
    ['POST', '/campaigns', experiment({ variants: second({ weight: -0.5 }) }), 400, '/variants/1/weight'],
    ['POST', '/campaigns', experiment({ variants: second({ weight: undefined }) }), 400, '/variants/1/weight'],
    ['POST', '/campaigns', experiment({ variants: second({ key: 'a' }) }), 400, '/variants/1/key'],
    ['POST', '/campaigns', experiment({ variants: second({ is_control: true }) }), 400, '/variants/1/is_control'],
    ['POST', '/campaigns', experiment({ variants: second({ is_control: 1 }) }), 400, '/variants/1/is_control'],
    ['POST', '/campaigns', experiment({ variants: variants().map((v) => without(v, 'is_control')) }), 400, '/variants'],
    ['POST', '/campaigns', experiment({ variants: second({ flags: { none: 1 } }) }), 400, '/variants/1/flags/none'],
    ['POST', '/campaigns', experiment({ variants: second({ flags: { text: 1 } }) }), 400, '/variants/1/flags/text'],
    [
        'POST',
        '/campaigns',
        experiment({ variants: second({ flags: { truth: 'no' } }) }),
        400,
        '/variants/1/flags/truth',
    ],
    [
        'POST',
        '/campaigns',
        experiment({ variants: second({ flags: { count: null } }) }),
        400,
        '/variants/1/flags/count',
    ],
    [
        'POST',
        '/campaigns',
        experiment({ variants: second({ flags: { 'No key': 1 } }) }),
        400,
        '/variants/1/flags/No key',
    ],
    ['POST', '/campaigns', experiment({ variants: second({ colour: 'red' }) }), 400, '/variants/1/colour'],
    ['POST', '/campaigns', experiment({ variants: Array(51).fill(variants()[0]) }), 400, '/variants'],
    [
        'POST',
        '/campaigns',
        experiment({ kind: 'holdout', variants: variants({ key: 'c', weight: 0 }) }),
        400,
        '/variants',
    ],
    ['POST', '/campaigns', experiment({ kind: 'holdout', layer: { key: 'layer' } }), 400, '/layer'],
    ['POST', '/campaigns', experiment({ metrics: [{ key: 'none' }] }), 400, '/metrics/0/key'],
    ['POST', '/campaigns', experiment({ metrics: [{ key: 'own' }, { key: 'own' }] }), 400, '/metrics/1/key'],
    ['POST', '/campaigns', experiment({ metrics: [{ key: 'own', role: 'main' }] }), 400, '/metrics/0/role'],
    ['POST', '/campaigns', experiment({ metrics: ['own'] }), 400, '/metrics/0'],
    ['POST', '/campaigns', experiment({ layer: { key: 'none' } }), 400, '/layer/key'],
    ['POST', '/campaigns', experiment({ layer: {} }), 400, '/layer/key'],
    ['POST', '/campaigns', experiment({ layer: { key: 'layer', share: 0 } }), 400, '/layer/share'],
    ['POST', '/campaigns', experiment({ layer: 'layer' }), 400, '/layer'],
    ['POST', '/campaigns', experiment({ schedule: { start: 'tomorrow' } }), 400, '/schedule/start'],
    ['POST', '/campaigns', experiment({ schedule: { start: '2026-02-30' } }), 400, '/schedule/start'],
    ['POST', '/campaigns', experiment({ schedule: { start: '2026-02-02', end: '2026-02-02' } }), 400, '/schedule/end'],
    [
        'POST',
        '/campaigns',
        experiment({ schedule: { start: '2026-02-02T01:00:00+02:00', end: '2026-02-01T22:00:00Z' } }),
        400,
        '/schedule/end',
    ],
    ['POST', '/campaigns', experiment({ forced: { v: 'c' } }), 400, '/forced/v'],
    ['POST', '/campaigns', experiment({ forced: { 'a/b': 5 } }), 400, '/forced/a~1b'],
    ['POST', '/campaigns', experiment({ forced: { ['v'.repeat(257)]: 'a' } }), 400, `/forced/${'v'.repeat(247)}`],
    ['POST', '/campaigns', experiment({ audience: 'DE' }), 400, '/audience'],
    ['POST', '/campaigns', experiment({ audience: { $or: [{ a: { $near: 1 } }] } }), 400, '/audience/$or/0/a/$near'],
    ['POST', '/campaigns', experiment({ audience: { a: { $in: 'x' } } }), 400, '/audience/a/$in'],
    ['POST', '/campaigns', experiment({ audience: { a: { $regex: '(' } } }), 400, '/audience/a/$regex'],
    ['POST', '/campaigns/draft/pause', {}, 409, undefined],
    ['POST', '/campaigns/draft/stop', {}, 409, undefined],
    ['POST', '/campaigns/running/start', {}, 409, undefined],
    ['POST', '/campaigns/running/archive', {}, 409, undefined],
    ['POST', '/campaigns/stopped/start', {}, 409, undefined],
    ['POST', '/campaigns/stopped/resume', {}, 409, undefined],
    ['POST', '/campaigns/archived/start', {}, 409, undefined],
    ['DELETE', '/campaigns/running', undefined, 409, undefined],
    ['PATCH', '/campaigns/running', { variants: [] }, 409, '/variants'],
    ['PATCH', '/campaigns/running', { variants: second({ weight: 0.1 }) }, 400, '/variants'],
    ['PATCH', '/campaigns/running', { metrics: [] }, 409, '/metrics'],
    ['PATCH', '/campaigns/running', { kind: 'rollout' }, 400, '/kind'],
    ['PATCH', '/campaigns/running', { layer: { key: 'layer', share: 0.1 } }, 409, '/layer'],
    ['PATCH', '/campaigns/layered', { layer: { share: 0.3 } }, 409, '/layer/share'],
    ['PATCH', '/campaigns/stopped', { coverage: 0.5 }, 409, '/coverage'],
    ['PATCH', '/campaigns/archived', { name: 'x' }, 409, undefined],
];

test(`each of ${rows.length} wrong requests gets its status, a sentence and its place`, async (t) => {
    for (const [method, path, body, status, pointer] of rows) {
        const shown = (typeof body === 'string' ? body : (JSON.stringify(body) ?? '')).slice(0, 120);
        await t.test(`${method} ${path} ${shown}`, async () => {
            const reply = await server.api(method, path, body);
            assert.equal(reply.status, status, reply.text);
            assert.match(reply.headers['content-type'], /^application\/problem\+json/);
            assert.equal(reply.body.pointer, pointer, reply.text);
            assert.equal(reply.body.status, status);
            assert.ok(reply.body.detail.length > 5 && reply.body.title && reply.body.code);
            if (status === 405) assert.match(reply.headers.allow, /^[A-Z, ]+$/);
        });
    }
    assert.equal((await server.api('GET', '/campaigns/new')).status, 404, 'nothing was made');
});

test('a body of another type is refused before it is read', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) {
        assert.equal((await server.api('POST', '/flags', '{}', { type })).status, 415, type);
    }
    const patched = await server.api('PATCH', '/flags/text', {}, { type: 'application/merge-patch+json' });
    assert.equal(patched.status, 200);
});
