// SPDX-License-Identifier: GPL-3.0-or-later
// Who was refused, and who looked at people's data, stands in the audit log: the first time at once, what repeats
// counted, and a flood in a few lines.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

const FLOOD = 300;
const from = (ip) => ({ 'x-forwarded-for': ip });
const token = () => randomBytes(32).toString('base64url');

let server;
let viewer;
before(async () => {
    server = await startServer({ trusted_proxies: '127.0.0.1' });
    viewer = (await server.api('POST', '/keys', { kind: 'secret', role: 'viewer', name: 'v' })).body;
    assert.equal((await server.api('POST', '/campaigns', { key: 'c', kind: 'experiment' })).status, 201);
});
after(() => server?.stop());

const lines = (action) =>
    server.rows(`select actor, environment_id, resource, after from audit_log where action = '${action}' order by id`);
const wrote = (action) => until(() => lines(action).length > 0, 10_000, `a line ${action}`);

const asViewer = (method, path) =>
    server.api(method, path, undefined, { key: viewer.token, headers: from('203.0.113.1') });
const byNobody = (method, path, body, ip) => server.api(method, path, body, { key: null, headers: from(ip) });
const signIn = (email, ip) => byNobody('POST', '/login', { email, password: 'wrong horse battery' }, ip);

test('one line for each kind of refusal and reading', async (t) => {
    const actor = `key:${viewer.id}`;
    const address = '203.0.113.1';
    const link = () =>
        server.desk.request('POST', `/login/${token()}`, undefined, { key: null, headers: from(address) });
    const wrongKey = (key) => server.api('GET', '/flags', undefined, { key, headers: from(address) });
    const refusal = (who, resource) => ({ actor: who, environment_id: null, resource, after: { count: 1, address } });
    const reading = (resource) => ({ actor, environment_id: 1, resource, after: { count: 1 } });
    const CASES = [
        ['login.refuse', 401, () => signIn('Ann@Shop.example', address), refusal('unknown', 'ann@shop.example')],
        ['link.refuse', 401, link, refusal('unknown', 'link')],
        ['key.refuse', 401, () => wrongKey(`msk_${token()}`), refusal('unknown', 'key')],
        ['role.refuse', 403, () => asViewer('GET', '/keys'), refusal(actor, '/api/v1/keys')],
        ['export.read', 200, () => asViewer('GET', '/campaigns/c/exposures'), reading('c')],
        ['visitor.read', 200, () => asViewer('GET', '/visitors/v-1'), reading('v-1')],
        ['live_events.read', 200, () => asViewer('GET', '/live-events'), reading('')],
    ];
    for (const [action, status, ask, wanted] of CASES) {
        await t.test(action, async () => {
            assert.equal((await ask()).status, status);
            await wrote(action);
            assert.deepEqual(lines(action), [wanted]);
            const { items } = (await server.api('GET', '/audit')).body;
            assert.ok(items.some((item) => item.action === action));
        });
    }
});

test('a wrong old password', async () => {
    const { id, link } = (await server.api('POST', '/users', { email: 'b@shop.example', role: 'viewer' })).body;
    const opened = await server.desk.request('POST', link, undefined, { key: null });
    const headers = { cookie: opened.headers['set-cookie'][0].split(';')[0], origin: server.deskUrl };
    const change = (body) => server.api('PATCH', '/account', body, { key: null, headers });
    assert.equal((await change({ password: 'correct horse battery' })).status, 204);
    assert.equal((await change({ password: 'another password', old_password: 'wrong' })).status, 403);
    await wrote('password.refuse');
    assert.equal(lines('password.refuse')[0].actor, `user:${id}`);
});

test('what the one who asks may see leaves no line, nor does an old session', async () => {
    const count = () => Number(server.psql('select count(*) from audit_log'));
    const had = count();
    const old = { key: null, headers: { cookie: `mete_session=${token()}` } };
    assert.equal((await server.api('GET', '/flags', undefined, old)).status, 401);
    for (const path of ['/flags', '/campaigns', '/audit', '/session']) {
        assert.equal((await asViewer('GET', path)).status, 200);
    }
    assert.equal(count(), had);
});

test('who fails often is counted, and many who fail share a line', async () => {
    const had = lines('key.refuse').length;
    const guess = (i) =>
        server.api('GET', '/flags', undefined, { key: `msk_${token()}`, headers: from(`198.51.100.${i % 100}`) });
    for (let i = 0; i < FLOOD; i += 1) assert.equal((await guess(i)).status, 401);
    const sum = () => lines('key.refuse').reduce((all, { after: { count } }) => all + count, 0);
    assert.ok(lines('key.refuse').length - had <= 2 * 16, 'of one minute, or of the two that met in it');
    await until(() => sum() >= FLOOD + 1, 90_000, 'the window to close');
    assert.equal(sum(), FLOOD + 1);
    assert.ok(lines('key.refuse').length - had <= 60, `${lines('key.refuse').length} lines`);
    assert.ok(lines('key.refuse').some(({ actor }) => actor === 'several'));
});
