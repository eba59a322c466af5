// SPDX-License-Identifier: GPL-3.0-or-later
// What is closed to a person is not shown to them; and what is their own needs no open environment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';

const PASSWORD = 'correct horse battery';
const ENVIRONMENTS = ['lab', 'production', 'staging'];
const NONE = { lab: 'none', production: 'none', staging: 'none' };

let server;
before(async () => {
    server = await startServer();
    for (const key of ['staging', 'lab'])
        assert.equal((await server.api('POST', '/environments', { key })).status, 201);
});
after(() => server?.stop());

let number = 0;
async function person(role, roles) {
    const body = { email: `p${(number += 1)}@shop.example`, role, environment_roles: roles };
    const made = await server.api('POST', '/users', body);
    assert.equal(made.status, 201, made.text);
    const opened = await server.desk.request('POST', made.body.link, undefined, { key: null });
    const cookie = opened.headers['set-cookie'][0].split(';')[0];
    return { ...made.body, options: { key: null, headers: { cookie, origin: server.deskUrl } } };
}

async function keys(options, query = '') {
    const { status, body, text } = await server.api('GET', `/environments${query}`, undefined, options);
    assert.equal(status, 200, text);
    return body.items.map(({ key }) => key);
}

test('environments are listed where they are open', async () => {
    const CASES = [
        ['viewer', {}, ENVIRONMENTS],
        ['viewer', { lab: 'none' }, ['production', 'staging']],
        ['viewer', { lab: 'none', production: 'none' }, ['staging']],
        ['viewer', { staging: 'publisher', lab: 'none' }, ['production', 'staging']],
        ['editor', { production: 'none' }, ['lab', 'staging']],
        ['editor', { production: 'viewer' }, ENVIRONMENTS],
        ['publisher', { staging: 'none' }, ['lab', 'production']],
        ['publisher', NONE, []],
        ['viewer', NONE, []],
        ['admin', NONE, ENVIRONMENTS],
    ];
    for (const [role, roles, wanted] of CASES) {
        const { options } = await person(role, roles);
        assert.deepEqual(await keys(options), wanted, JSON.stringify([role, roles]));
        assert.deepEqual(await keys(options, '?environment=lab'), wanted, 'whatever is asked about');
    }
    assert.deepEqual(await keys({}), ENVIRONMENTS, 'a key of an admin');
});

test('the list goes on page by page', async () => {
    const { options } = await person('viewer', { production: 'none' });
    const page = (query) => server.api('GET', `/environments?limit=1${query}`, undefined, options);
    const first = (await page('')).body;
    assert.deepEqual([first.items.map(({ key }) => key), first.next], [['lab'], 'lab']);
    const second = (await page('&after=lab')).body;
    assert.deepEqual([second.items.map(({ key }) => key), second.next], [['staging'], null]);
});

test('who has nothing open sees their account, and can leave', async () => {
    const { id, options } = await person('viewer', NONE);
    const CASES = [
        ['GET', '/session', undefined, 200],
        ['GET', '/session?environment=lab', undefined, 200],
        ['GET', '/session?environment=absent', undefined, 200],
        ['GET', '/sessions', undefined, 200],
        ['GET', '/environments', undefined, 200],
        ['GET', '/account/second_factor', undefined, 200],
        ['PATCH', '/account?environment=lab', { password: PASSWORD }, 204],
        ['PATCH', '/account', { email: 'renamed@shop.example', old_password: PASSWORD }, 204],
        ['GET', '/flags', undefined, 409],
        ['GET', '/campaigns', undefined, 409],
        ['GET', '/flags?environment=lab', undefined, 403],
        ['GET', '/audit', undefined, 409],
        ['GET', '/users', undefined, 409],
        ['POST', '/logout?environment=lab', undefined, 204],
        ['GET', '/session', undefined, 401],
    ];
    for (const [verb, path, body, status] of CASES) {
        const reply = await server.api(verb, path, body, options);
        assert.equal(reply.status, status, `${verb} ${path}: ${reply.text}`);
        if (path === '/session' && status === 200) {
            assert.equal(reply.body.user.id, id);
            assert.deepEqual(reply.body.environments, []);
        }
    }
});

test('a page of another site still moves nothing, and a key still has no account', async () => {
    const { options } = await person('viewer', NONE);
    const foreign = { key: null, headers: { ...options.headers, origin: 'https://evil.example' } };
    assert.equal((await server.api('POST', '/logout', undefined, foreign)).status, 403);
    assert.equal((await server.api('PATCH', '/account', { email: 'x@shop.example' }, foreign)).status, 403);
    assert.equal((await server.api('GET', '/session', undefined, options)).status, 200);
    assert.equal((await server.api('POST', '/logout')).status, 403);
    assert.equal((await server.api('GET', '/sessions')).status, 403);
});
