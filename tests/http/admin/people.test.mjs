// SPDX-License-Identifier: GPL-3.0-or-later
// People: invited, signing in by link and by password, changed, disabled; their sessions.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

const PASSWORD = 'correct horse battery';
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

let server;
before(async () => (server = await startServer({ login_attempts_per_minute: 0 })));
after(() => server?.stop());

async function ok(method, path, body, options) {
    const reply = await server.api(method, path, body, options);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
}
const statusOf = async (...request) => (await server.api(...request)).status;

/* Options of requests by the session that a reply opened. */
const sessionOf = (reply) => ({
    key: null,
    headers: { cookie: reply.headers['set-cookie'][0].split(';')[0], origin: server.deskUrl, 'user-agent': AGENT },
});

async function byLink(link) {
    const reply = await server.desk.request('POST', link, undefined, { key: null, headers: { 'user-agent': AGENT } });
    assert.equal(reply.status, 303, reply.text);
    return { session: sessionOf(reply), location: reply.headers.location };
}

const login = (email, password) =>
    server.api('POST', '/login', { email, password }, { key: null, headers: { 'user-agent': AGENT } });

/* A user with a password, and a session. */
async function person(email, role) {
    const user = await ok('POST', '/users', { email, role });
    const { session } = await byLink(user.link);
    await ok('PATCH', '/account', { password: PASSWORD }, session);
    return { user, session };
}

const actions = () =>
    server.rows('select actor, action, resource from audit_log where environment_id is null order by id');

test('a user is invited, sets a password, and signs in by it', async () => {
    const made = await server.api('POST', '/users', { email: 'Ann@Shop.example', role: 'editor' });
    assert.equal(made.status, 201, made.text);
    assert.match(made.body.link, /^\/login\/[\w-]{43}$/);
    assert.deepEqual(
        [made.body.email, made.body.role, made.body.has_password, made.body.is_disabled],
        ['ann@shop.example', 'editor', false, false],
    );
    assert.equal(made.headers.location, `/api/v1/users/${made.body.id}`);
    assert.equal((await ok('GET', `/users/${made.body.id}`)).link, undefined);
    assert.ok(!server.psql('select * from login_link').includes(made.body.link.slice(7)));

    assert.equal((await login('ann@shop.example', PASSWORD)).status, 401, 'no password yet');
    const { session, location } = await byLink(made.body.link);
    assert.equal(location, '/app/welcome');
    assert.equal((await ok('GET', '/session', undefined, session)).user.has_password, false);
    await ok('PATCH', '/account', { password: PASSWORD }, session);
    assert.equal((await ok('GET', '/session', undefined, session)).user.has_password, true);

    const reply = await login(' ann@shop.example'.trim().toUpperCase(), PASSWORD);
    assert.equal(reply.status, 204, reply.text);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/'])
        assert.ok(reply.headers['set-cookie'][0].includes(part), part);
    const who = (await ok('GET', '/session', undefined, sessionOf(reply))).user;
    assert.deepEqual([who.email, who.role], ['ann@shop.example', 'editor']);
    assert.match(
        server.rows("select password_hash h from app_user where email like 'ann%'")[0].h,
        /^\$argon2id\$v=19\$m=65536,t=2,p=1\$/,
    );
    assert.deepEqual(
        actions()
            .filter(({ resource }) => resource === String(made.body.id))
            .map(({ action }) => action),
        ['user.create', 'session.open', 'user.password', 'session.open'],
    );
});

test('a wrong password, an unknown address and a disabled user get the same answer', async () => {
    const { user } = await person('dis@shop.example', 'viewer');
    await ok('PATCH', `/users/${user.id}`, { is_disabled: true });
    const replies = [];
    for (const [email, password] of [
        ['ann@shop.example', 'wrong'],
        ['none@shop.example', 'wrong'],
        ['dis@shop.example', PASSWORD],
    ]) {
        replies.push(await login(email, password));
    }
    for (const reply of replies) {
        assert.deepEqual([reply.status, reply.text, reply.headers['set-cookie']], [401, replies[0].text, undefined]);
    }
});

test('a login must be JSON, which no form of another site can send', async () => {
    const body = JSON.stringify({ email: 'ann@shop.example', password: PASSWORD });
    assert.equal((await server.api('POST', '/login', body, { key: null, type: 'text/plain' })).status, 415);
});

test('the old password is needed for a new one, which ends all other sessions', async () => {
    const { session } = await person('bob@shop.example', 'publisher');
    const other = sessionOf(await login('bob@shop.example', PASSWORD));
    const next = 'another password';
    const refused = await server.api('PATCH', '/account', { password: next }, session);
    assert.deepEqual([refused.status, refused.body.pointer], [400, '/old_password']);
    const wrong = await server.api('PATCH', '/account', { password: next, old_password: 'wrong' }, session);
    assert.deepEqual([wrong.status, wrong.body.pointer], [403, '/old_password']);
    const short = await server.api('PATCH', '/account', { password: 'short', old_password: PASSWORD }, session);
    assert.deepEqual([short.status, short.body.pointer], [400, '/password']);
    assert.equal(await statusOf('PATCH', '/account', {}, session), 400);
    assert.equal(await statusOf('GET', '/session', undefined, other), 200);
    await ok('PATCH', '/account', { password: next, old_password: PASSWORD }, session);
    assert.equal(await statusOf('GET', '/session', undefined, other), 401);
    assert.equal(await statusOf('GET', '/session', undefined, session), 200);
    assert.equal((await login('bob@shop.example', PASSWORD)).status, 401);
    assert.equal((await login('bob@shop.example', next)).status, 204);
});

test("one changes one's own e-mail address, to one that nobody has", async () => {
    const { session } = await person('eve@shop.example', 'viewer');
    const taken = await server.api('PATCH', '/account', { email: 'bob@shop.example', old_password: PASSWORD }, session);
    assert.deepEqual([taken.status, taken.body.pointer], [409, '/email']);
    await ok('PATCH', '/account', { email: 'Eva@shop.example', old_password: PASSWORD }, session);
    assert.equal((await login('eva@shop.example', PASSWORD)).status, 204);
    assert.equal(await statusOf('GET', '/users', undefined, session), 403, 'and nothing of others');
});

test('sessions are listed, ended one by one, and all at once', async () => {
    const { session } = await person('cat@shop.example', 'viewer');
    const second = sessionOf(await login('cat@shop.example', PASSWORD));
    const third = sessionOf(await login('cat@shop.example', PASSWORD));
    const { items } = await ok('GET', '/sessions', undefined, session);
    assert.deepEqual(
        items.map((s) => s.agent),
        Array(3).fill('Firefox, Linux'),
    );
    assert.equal(items.filter((s) => s.is_current).length, 1);
    const [{ id }] = (await ok('GET', '/sessions', undefined, second)).items.filter((s) => s.is_current);
    await ok('DELETE', `/sessions/${id}`, undefined, session);
    assert.equal(await statusOf('GET', '/session', undefined, second), 401);
    const bob = sessionOf(await login('bob@shop.example', 'another password'));
    const [{ id: foreign }] = (await ok('GET', '/sessions', undefined, bob)).items;
    for (const none of [foreign, 0, 'x', '9'.repeat(12), '-1'])
        assert.equal(await statusOf('DELETE', `/sessions/${none}`, undefined, session), 404);
    await ok('DELETE', '/sessions', undefined, session);
    for (const ended of [session, third]) assert.equal(await statusOf('GET', '/session', undefined, ended), 401);
    assert.equal(await statusOf('GET', '/session', undefined, bob), 200);
});

test('a session is seen again, at most once a minute', async () => {
    const bob = sessionOf(await login('bob@shop.example', 'another password'));
    const seen = () =>
        server.rows("select max(seen_at) > now() - interval '1 minute' is_new from session where agent <> ''")[0]
            .is_new;
    server.psql("update session set seen_at = now() - interval '1 hour'");
    assert.equal(seen(), false);
    await until(
        async () => (await statusOf('GET', '/session', undefined, bob)) === 200 && seen(),
        10_000,
        'the session to be seen',
    );
});

test('a role that is taken away and a user who is disabled end at once', async () => {
    const { user, session } = await person('dan@shop.example', 'editor');
    const flag = { key: 'dans', type: 'boolean', default: true };
    assert.equal(await statusOf('POST', '/flags', flag, session), 201);
    await ok('PATCH', `/users/${user.id}`, { role: 'viewer' });
    assert.equal(await statusOf('DELETE', '/flags/dans', undefined, session), 403);
    await ok('PATCH', `/users/${user.id}`, { is_disabled: true });
    assert.equal(await statusOf('GET', '/flags', undefined, session), 401);
    const reset = await server.api('POST', `/users/${user.id}/reset`, {});
    assert.equal(reset.status, 409);
    await ok('PATCH', `/users/${user.id}`, { is_disabled: false });
    assert.equal(await statusOf('GET', '/flags', undefined, session), 401, 'the sessions do not come back');
});

test('a reset takes the password and gives a link', async () => {
    const { user, session } = await person('fay@shop.example', 'viewer');
    const first = await ok('POST', `/users/${user.id}/reset`, {});
    const { link } = await ok('POST', `/users/${user.id}/reset`, {});
    assert.equal(await statusOf('GET', '/flags', undefined, session), 401);
    assert.equal((await login('fay@shop.example', PASSWORD)).status, 401);
    assert.equal(
        (await server.desk.request('POST', first.link, undefined, { key: null })).status,
        401,
        'the link before is gone',
    );
    const again = await byLink(link);
    await ok('PATCH', '/account', { password: PASSWORD }, again.session);
    assert.equal((await login('fay@shop.example', PASSWORD)).status, 204);
});

test('one admin remains, however many leave at once', async () => {
    const { user: second } = await person('gil@shop.example', 'admin');
    const replies = await Promise.all(
        [1, second.id].map((id) => server.api('PATCH', `/users/${id}`, { is_disabled: true })),
    );
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409]);
    for (const id of [1, second.id]) await server.api('PATCH', `/users/${id}`, { is_disabled: false });
});

test('what users do stands in the audit log', async () => {
    const { items } = await ok('GET', '/audit?limit=500');
    const found = new Set(items.map(({ action }) => action));
    for (const action of [
        'user.create',
        'user.patch',
        'user.reset',
        'user.password',
        'user.email',
        'session.open',
        'session.close',
    ]) {
        assert.ok(found.has(action), action);
    }
    assert.ok(!JSON.stringify(items).includes('argon2'));
});

test('while passwords are worked out the desk answers others, and too many are told to wait', async () => {
    const crowd = async () => {
        const many = Array.from({ length: 60 }, () => login('none@shop.example', 'wrong'));
        return (await Promise.all(many)).map(({ status }) => status);
    };
    const isTold = async () => {
        const statuses = await crowd();
        assert.ok(
            statuses.every((s) => s === 401 || s === 503 || s === 429),
            String(statuses),
        );
        return statuses.includes(503);
    };
    await until(isTold, 10_000, 'a crowd that came at once');
    assert.equal(await statusOf('GET', '/flags'), 200);
});
