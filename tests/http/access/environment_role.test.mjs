// SPDX-License-Identifier: GPL-3.0-or-later
// People with another role in some environments: given and taken by admins, felt at once, and judged by the environment
// that a request is about, also where its path names one. That each route holds to it is walked by routes.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';

let server;
before(async () => {
    server = await startServer();
    for (const key of ['staging', 'lab'])
        assert.equal((await server.api('POST', '/environments', { key })).status, 201);
});
after(() => server?.stop());

let number = 0;
async function person(role, environmentRoles) {
    const body = { email: `p${(number += 1)}@shop.example`, role };
    if (environmentRoles) body.environment_roles = environmentRoles;
    const made = await server.api('POST', '/users', body);
    assert.equal(made.status, 201, made.text);
    const opened = await server.desk.request('POST', made.body.link, undefined, { key: null });
    const cookie = opened.headers['set-cookie'][0].split(';')[0];
    return { user: made.body, session: { key: null, headers: { cookie, origin: server.deskUrl } } };
}

const patch = (id, roles) => server.api('PATCH', `/users/${id}`, { environment_roles: roles });
const flag = (session, environment) =>
    server.api(
        'POST',
        `/flags?environment=${environment}`,
        { key: `f${(number += 1)}`, type: 'string', default: '' },
        session,
    );
const read = (session, environment) => server.api('GET', `/flags?environment=${environment}`, undefined, session);
const statuses = async (ask, session) => {
    const found = {};
    for (const place of ['production', 'staging', 'lab']) found[place] = (await ask(session, place)).status;
    return Object.values(found);
};

test('given when invited, changed and taken again, felt at once', async () => {
    const { user, session } = await person('viewer', { staging: 'editor', lab: 'none' });
    assert.deepEqual(user.environment_roles, { staging: 'editor', lab: 'none' });
    assert.deepEqual(await statuses(flag, session), [403, 201, 403]);
    assert.deepEqual(await statuses(read, session), [200, 200, 403]);
    assert.match((await read(session, 'lab')).body.detail, /not open to you/);
    assert.deepEqual((await patch(user.id, { lab: 'editor', staging: null })).body.environment_roles, {
        lab: 'editor',
    });
    assert.deepEqual(await statuses(flag, session), [403, 403, 201]);
    assert.deepEqual((await server.api('PATCH', `/users/${user.id}`, { role: 'editor' })).body.environment_roles, {
        lab: 'editor',
    });
    assert.deepEqual(await statuses(flag, session), [201, 201, 201]);
    const { before: was, after: is } = server.rows(
        `select before, after from audit_log where action = 'user.patch' and resource = '${user.id}' order by id`,
    )[0];
    assert.deepEqual(
        [was.environment_roles, is.environment_roles],
        [{ staging: 'editor', lab: 'none' }, { lab: 'editor' }],
    );
});

test('the session says what is open, and what may be done there', async () => {
    const { session } = await person('publisher', { production: 'none', lab: 'viewer' });
    const { environments, user } = (await server.api('GET', '/session', undefined, session)).body;
    assert.deepEqual(
        environments.map(({ key, role }) => [key, role]),
        [
            ['staging', 'publisher'],
            ['lab', 'viewer'],
        ],
    );
    assert.equal(user.role, 'publisher');
    assert.equal((await server.api('GET', '/flags', undefined, session)).status, 200, 'the first that is open');
    const own = (await server.api('GET', '/session')).body.environments;
    assert.deepEqual(
        own.map(({ role }) => role),
        ['admin', 'admin', 'admin'],
    );
});

test('what the path names counts, whatever the parameter says', async () => {
    const { session } = await person('viewer', { staging: 'publisher', lab: 'none' });
    const panic = (environment, chosen) =>
        server.api('POST', `/environments/${environment}/panic?environment=${chosen}`, { is_panic: false }, session);
    const one = (environment, chosen) =>
        server.api('GET', `/environments/${environment}?environment=${chosen}`, undefined, session);
    const CASES = [
        [panic, 'production', 'staging', 403],
        [panic, 'staging', 'production', 200],
        [panic, 'staging', 'lab', 200],
        [panic, 'lab', 'staging', 403],
        [panic, 'absent', 'staging', 403],
        [one, 'production', 'lab', 200],
        [one, 'lab', 'staging', 403],
        [one, 'absent', 'staging', 404],
    ];
    for (const [ask, environment, chosen, status] of CASES) {
        const reply = await ask(environment, chosen);
        assert.equal(reply.status, status, `${ask.name} ${environment} by ${chosen}: ${reply.text}`);
    }
});

test('what cannot be given', async () => {
    const { user } = await person('viewer');
    for (const [roles, pointer] of [
        [{ production: 'admin' }, '/environment_roles/production'],
        [{ production: 'client' }, '/environment_roles/production'],
        [{ production: 'god' }, '/environment_roles/production'],
        [{ production: 7 }, '/environment_roles/production'],
        [{ production: {} }, '/environment_roles/production'],
        [{ absent: 'viewer' }, '/environment_roles/absent'],
        [{ 'No Key': 'viewer' }, '/environment_roles/No Key'],
        [{ '': 'viewer' }, '/environment_roles/'],
        [['viewer'], '/environment_roles'],
        ['viewer', '/environment_roles'],
    ]) {
        const reply = await patch(user.id, roles);
        assert.deepEqual([reply.status, reply.body.pointer], [400, pointer], reply.text);
    }
    assert.deepEqual((await server.api('GET', `/users/${user.id}`)).body.environment_roles, {});
});

test('an admin is one everywhere, and nobody else gives roles', async () => {
    const { user, session } = await person('admin', { production: 'none' });
    assert.deepEqual(await statuses(flag, session), [201, 201, 201]);
    const other = await person('publisher', { staging: 'publisher' });
    for (const environment of ['production', 'staging'])
        assert.equal(
            (await server.api('PATCH', `/users/${user.id}?environment=${environment}`, {}, other.session)).status,
            403,
        );
});

test('an environment that is archived takes its roles along', async () => {
    assert.equal((await server.api('POST', '/environments', { key: 'brief' })).status, 201);
    const { user, session } = await person('viewer', { brief: 'editor' });
    assert.equal((await server.api('DELETE', '/environments/brief')).status, 204);
    assert.equal((await read(session, 'brief')).status, 404);
    assert.deepEqual((await server.api('GET', `/users/${user.id}`)).body.environment_roles, {});
    assert.equal((await patch(user.id, { staging: 'editor' })).status, 200);
});

test('who has nothing open is told so', async () => {
    const { session } = await person('viewer', { production: 'none', staging: 'none', lab: 'none' });
    const reply = await server.api('GET', '/flags', undefined, session);
    assert.deepEqual([reply.status, reply.body.code], [409, 'conflict']);
    assert.match(reply.body.detail, /none is open to you/);
});
