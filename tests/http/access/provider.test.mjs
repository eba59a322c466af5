// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in by an identity provider: what it sends back opens a session only when all of it is right, and is bound to
// the browser that went there. The provider is one that does wrong on demand; tests/ui/pages/provider has a real one.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { CLIENT_ID, CLIENT_SECRET, newKey, Provider } from '../lib/provider.mjs';

const settingsFor = (provider, more = {}) => ({
    desk_public_url: (server) => `${server.deskUrl}/`,
    oidc_issuer: provider.issuer,
    oidc_client_id: CLIENT_ID,
    oidc_client_secret: CLIENT_SECRET,
    oidc_role_claim: 'groups',
    oidc_roles: 'devs=editor, lead devs = publisher,ops=viewer',
    ...more,
});

let provider;
let server;
before(async () => {
    provider = await new Provider().start();
    server = await startServer(settingsFor(provider, { oidc_name: 'Shop "ID"' }));
});
after(async () => {
    await server?.stop();
    await provider?.stop();
});

const get = (path, cookie, to = server) =>
    to.desk.request('GET', path, undefined, { key: null, headers: cookie ? { cookie } : {} });
const cookiesOf = (reply) => (reply.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]);

/* Goes to the provider: what the browser brings there, and its cookie. */
async function go(to = server) {
    const reply = await get('/sign-in/provider', undefined, to);
    assert.equal(reply.status, 303, reply.text);
    return { url: new URL(reply.headers.location), cookie: cookiesOf(reply)[0], reply };
}

/* Comes back with a code for the token; what the desk answers. */
async function comeBack(grant = {}, { change = (query) => query, to = server, other } = {}) {
    const { url, cookie } = await go(to);
    const code = provider.grant(url.searchParams, grant);
    const query = change(new URLSearchParams({ code, state: url.searchParams.get('state') }));
    return get(`/sign-in/provider/return?${query}`, other ?? cookie, to);
}

const sessionOf = (reply) => cookiesOf(reply).find((cookie) => cookie.startsWith('mete_session='));

function assertRefused(reply, reason) {
    assert.deepEqual([reply.status, reply.headers.location], [303, `/?sign_in=${reason}`], reply.text);
    assert.equal(sessionOf(reply), undefined);
}

async function who(reply) {
    assert.deepEqual([reply.status, reply.headers.location], [303, '/'], reply.text);
    const session = await get('/api/v1/session', sessionOf(reply));
    assert.equal(session.status, 200, session.text);
    return session.body.user;
}

const nameOf = (() => {
    let number = 0;
    return () => `p${(number += 1)}`;
})();
/* Claims of somebody new. */
const fresh = (more = {}) => {
    const sub = nameOf();
    return { sub, email: `${sub}@shop.example`, groups: ['devs'], ...more };
};

test('the browser is led there with all that binds it', async () => {
    const { url, reply } = await go();
    assert.equal(url.origin + url.pathname, `${provider.issuer}/authorize`);
    const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(url.searchParams);
    assert.deepEqual(rest, {
        tenant: '1',
        response_type: 'code',
        client_id: CLIENT_ID,
        redirect_uri: `${server.deskUrl}/sign-in/provider/return`,
        scope: 'openid email',
        code_challenge_method: 'S256',
    });
    for (const text of [state, nonce, challenge]) assert.match(text, /^[\w-]{43}$/);
    assert.equal(new Set([state, nonce, challenge]).size, 3);
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Max-Age=600'])
        assert.ok(reply.headers['set-cookie'][0].includes(part), part);
    assert.notEqual((await go()).url.searchParams.get('state'), state);
    assert.deepEqual((await get('/api/v1/sign-in')).body, { provider: { name: 'Shop "ID"' } });
});

test('who comes back is let in, with the role that the provider says', async (t) => {
    const CASES = [
        ['one group', { groups: ['devs'] }, 'editor'],
        ['a text', { groups: 'ops' }, 'viewer'],
        ['a name with a space', { groups: ['lead devs'] }, 'publisher'],
        ['the highest of several', { groups: ['ops', 'lead devs', 'devs', 'none', 7, null] }, 'publisher'],
        ['by ES256', {}, 'editor', () => ({ key: provider.keys[1] })],
        ['no name of a key', {}, 'editor', () => ({ header: { kid: undefined } })],
        ['several audiences', { aud: ['other', CLIENT_ID], azp: CLIENT_ID }, 'editor'],
        ['clocks that are off', { iat: Math.floor(Date.now() / 1000) + 30 }, 'editor'],
        ['verified as a text', { email_verified: 'true' }, 'editor'],
        ['capital letters', { email: 'BIG@Shop.Example' }, 'editor'],
    ];
    for (const [name, claims, role, more = () => ({})] of CASES) {
        await t.test(name, async () => {
            const all = fresh(claims);
            const user = await who(await comeBack({ claims: all, ...more() }));
            assert.deepEqual([user.email, user.role], [all.email.toLowerCase(), role]);
        });
    }
});

test('claims of the userinfo endpoint count, of the same person alone', async () => {
    const { email, ...claims } = fresh({ email_verified: undefined });
    const info = { sub: claims.sub, email, email_verified: true };
    const tell = (userinfo) => comeBack({ claims: { ...claims, email: undefined }, userinfo });
    assert.equal((await who(await tell(info))).email, email);
    assertRefused(await tell({ ...info, sub: 'somebody else' }), 'refused');
    assertRefused(await tell({ ...info, email_verified: false }), 'unverified');
});

test('a token that is not right lets nobody in', async (t) => {
    const now = Math.floor(Date.now() / 1000);
    const stranger = newKey('one');
    const secret = (text) => createHmac('sha256', CLIENT_SECRET).update(text).digest('base64url');
    const CASES = [
        ['of another issuer', { claims: { iss: 'https://evil.example' } }],
        ['for another client', { claims: { aud: 'other' } }],
        ['for several, and no party', { claims: { aud: [CLIENT_ID, 'other'] } }],
        ['for another party', { claims: { azp: 'other' } }],
        ['that has ended', { claims: { exp: now - 61 } }],
        ['without an end', { claims: { exp: undefined } }],
        ['of the future', { claims: { iat: now + 3600 } }],
        ['of another sign-in', { claims: { nonce: 'A'.repeat(43) } }],
        ['without a nonce', { claims: { nonce: undefined } }],
        ['signed by a stranger', { key: stranger }],
        ['signed by nobody', { header: { alg: 'none' }, signature: () => '' }],
        ['signed by a secret both know', { header: { alg: 'HS256' }, signature: secret }],
        ['with a changed signature', { signature: () => 'AAAA' }],
        ['RS256 by a key of ES256', { header: { kid: 'two' } }],
        ['of nobody', { claims: { sub: '' } }],
        ['that is none', { token: 'a.b' }],
        ['that is no JSON', { token: 'YQ.YQ.YQ' }],
        ['with no address', { claims: { email: 'nobody' } }],
        ['with an address that was not verified', { claims: { email_verified: false } }, 'unverified'],
        ['with an address of which nothing is said', { claims: { email_verified: undefined } }, 'unverified'],
        ['with no role', { claims: { groups: ['others'] } }, 'unknown'],
        ['with nothing about roles', { claims: { groups: undefined } }, 'unknown'],
    ];
    for (const [name, grant, reason = 'refused'] of CASES) {
        await t.test(name, async () => {
            const claims = { ...fresh(), ...grant.claims };
            assertRefused(await comeBack({ ...grant, claims }), reason);
            assert.equal(server.psql(`select count(*) from app_user where email = '${claims.email}'`), '0');
        });
    }
});

test('only the browser that went comes back, once', async (t) => {
    const without = (name) => (query) => (query.delete(name), query);
    const CASES = [
        ['no cookie', { other: 'other=1' }, 'stale'],
        ["another browser's cookie", { other: (await go()).cookie }, 'stale'],
        ['a short cookie', { other: 'mete_provider=short' }, 'stale'],
        ['another state', { change: (q) => (q.set('state', 'A'.repeat(43)), q) }, 'stale'],
        ['no state', { change: without('state') }, 'stale'],
        ['no code', { change: without('code') }, 'refused'],
        ['an unknown code', { change: (q) => (q.set('code', 'unknown'), q) }, 'refused'],
        ['a code of 3,000 letters', { change: (q) => (q.set('code', 'x'.repeat(3000)), q) }, 'refused'],
        ['an error', { change: (q) => (q.delete('code'), q.set('error', 'access_denied'), q) }, 'refused'],
        ['another issuer (RFC 9207)', { change: (q) => (q.set('iss', 'https://evil.example'), q) }, 'refused'],
        ['a broken escape', { change: (q) => `${q}&state=%zz` }, null],
    ];
    for (const [name, options, reason] of CASES) {
        await t.test(name, async () => {
            const reply = await comeBack({ claims: fresh() }, options);
            if (reason) assertRefused(reply, reason);
        });
    }
    const { url, cookie } = await go();
    const stolen = provider.grant((await go()).url.searchParams, { claims: fresh() });
    const state = url.searchParams.get('state');
    assertRefused(await get(`/sign-in/provider/return?code=${stolen}&state=${state}`, cookie), 'refused');
    const code = provider.grant(url.searchParams, { claims: fresh() });
    await who(await get(`/sign-in/provider/return?code=${code}&state=${state}`, cookie));
    assertRefused(await get(`/sign-in/provider/return?code=${code}&state=${state}`, cookie), 'refused');
});

test('people there are: bound to what the provider calls them at first, disabled ones stay out', async () => {
    const claims = fresh();
    const { id } = (await server.api('POST', '/users', { email: claims.email, role: 'viewer' })).body;
    assert.equal((await who(await comeBack({ claims }))).id, id);
    assert.equal((await server.api('GET', `/users/${id}`)).body.role, 'editor', 'at each sign-in');
    const moved = { ...claims, email: 'moved@shop.example' };
    assert.equal((await who(await comeBack({ claims: moved }))).id, id, 'by name, not by address');
    assertRefused(await comeBack({ claims: { ...claims, sub: 'another' } }), 'unknown');
    const lines = server.rows(`select actor, action from audit_log where resource = '${id}' order by id`);
    assert.deepEqual(
        lines.slice(1).map(({ actor, action }) => `${actor} ${action}`),
        ['system user.patch', `user:${id} session.open`, `user:${id} session.open`],
    );
    await server.api('PATCH', `/users/${id}`, { is_disabled: true });
    assertRefused(await comeBack({ claims }), 'unknown');
    assert.ok(server.psql("select count(*) from audit_log where action = 'provider.refuse'") > 0);
});

test('who wrote the address of another keeps nothing of what that one gets', async () => {
    const claims = fresh({ groups: ['lead devs'] });
    const made = (await server.api('POST', '/users', { email: 'thief@shop.example', role: 'viewer' })).body;
    const cookieOf = (reply) => ({
        key: null,
        headers: { cookie: reply.headers['set-cookie'][0].split(';')[0], origin: server.deskUrl },
    });
    const thief = cookieOf(await server.desk.request('POST', made.link, undefined, { key: null }));
    const own = { email: claims.email, password: 'correct horse battery' };
    assert.equal((await server.api('PATCH', '/account', own, thief)).status, 204);
    const { link } = (await server.api('POST', `/users/${made.id}/reset`, {})).body;
    server.psql(`insert into second_factor (user_id, secret, confirmed_at) values (${made.id}, 'x', now());
        update app_user set password_hash = 'kept' where id = ${made.id};
        insert into session (token_sha256, user_id, agent, expires_at)
        values ('s', ${made.id}, 'of the thief', now() + interval '1 day')`);
    assert.equal((await who(await comeBack({ claims }))).id, made.id);
    const view = (await server.api('GET', `/users/${made.id}`)).body;
    assert.deepEqual([view.has_password, view.has_second_factor, view.role], [false, false, 'publisher']);
    const left = server.rows(`select agent from session where user_id = ${made.id}`);
    assert.deepEqual([left.length, left.some(({ agent }) => agent === 'of the thief')], [1, false]);
    assert.equal((await server.desk.request('POST', link, undefined, { key: null })).status, 401);
    server.psql(`update app_user set password_hash = 'new' where id = ${made.id}`);
    await who(await comeBack({ claims }));
    assert.equal((await server.api('GET', `/users/${made.id}`)).body.has_password, true, 'later ones take nothing');
});

test('the last admin stays one, whatever the provider says', async () => {
    const admin = server.rows("select id from app_user where role = 'admin' and disabled_at is null");
    assert.equal(admin.length, 1);
    const claims = { ...fresh(), email: 'admin@shop.example' };
    server.psql(`update app_user set email = 'admin@shop.example' where id = ${admin[0].id}`);
    assert.equal((await who(await comeBack({ claims }))).role, 'admin');
});

test('keys that are changed are asked for', async () => {
    const key = newKey('three');
    provider.keys.push(key);
    server.psql('select 1');
    const first = await comeBack({ claims: fresh(), key });
    if (first.headers.location !== '/') {
        /* The keys were asked for less than a minute ago: a token with a strange name must not ask all the time. */
        assertRefused(first, 'refused');
        const asked = provider.asked.filter((path) => path === '/jwks').length;
        assertRefused(await comeBack({ claims: fresh(), key }), 'refused');
        assert.equal(provider.asked.filter((path) => path === '/jwks').length, asked);
    }
});

test('a provider that does not answer as it should is said to be away', async (t) => {
    const CASES = [
        ['/token', { status: 500, body: {} }],
        ['/token', { status: 200, body: 'no JSON' }],
        ['/token', { status: 200, body: [] }],
        ['/token', { status: 200, body: {} }],
        ['/token', { status: 302, body: {} }],
        ['/token', { status: 401, body: { error: 'invalid_client' } }],
        ['/token', { status: 200, body: 'x'.repeat(300_000) }],
    ];
    for (const [path, answer] of CASES) {
        await t.test(`${path} ${answer.status} ${String(answer.body).slice(0, 20)}`, async () => {
            provider.answers[path] = answer;
            try {
                assertRefused(await comeBack({ claims: fresh() }), 'away');
            } finally {
                delete provider.answers[path];
            }
            await who(await comeBack({ claims: fresh() }));
        });
    }
});

test('descriptions that are not right, a role for all, and no claim of roles', async () => {
    const bad = await new Provider().start();
    const settings = { oidc_role: 'viewer', oidc_role_claim: '', oidc_roles: '' };
    const other = await startServer(settingsFor(bad, settings));
    const description = bad.description();
    const path = '/.well-known/openid-configuration';
    try {
        for (const body of [
            'none',
            {},
            { ...description, issuer: `${bad.issuer}/` },
            { ...description, authorization_endpoint: undefined },
            { ...description, authorization_endpoint: 'javascript:alert(1)' },
        ]) {
            bad.answers[path] = { status: 200, body };
            const reply = await get('/sign-in/provider', undefined, other);
            if (body.issuer === bad.issuer) {
                /* It is kept for an hour, so the next one needs another server. */
                assert.equal(reply.headers.location, '/?sign_in=away');
                break;
            }
            assert.equal(reply.headers.location, '/?sign_in=away', JSON.stringify(body));
        }
    } finally {
        await other.stop();
        await bad.stop();
    }
    const all = await startServer(settingsFor(provider, settings));
    try {
        const reply = await comeBack({ claims: fresh() }, { to: all });
        assert.equal(reply.headers.location, '/');
        const session = await get('/api/v1/session', sessionOf(reply), all);
        assert.equal(session.body.user.role, 'viewer');
        await all.api('PATCH', `/users/${session.body.user.id}`, { role: 'publisher' });
        const again = fresh({ sub: 'p-again' });
        await comeBack({ claims: again }, { to: all });
        all.psql("update app_user set role = 'publisher' where email like 'p%'");
        const kept = await comeBack({ claims: again }, { to: all });
        assert.equal((await get('/api/v1/session', sessionOf(kept), all)).body.user.role, 'publisher');
    } finally {
        await all.stop();
    }
});

test('without a provider there is none', async () => {
    const bare = await startServer();
    try {
        assert.deepEqual((await get('/api/v1/sign-in', undefined, bare)).body, { provider: null });
        for (const path of ['/sign-in/provider', '/sign-in/provider/return?code=a&state=b'])
            assert.equal((await get(path, undefined, bare)).status, 404);
    } finally {
        await bare.stop();
    }
});
