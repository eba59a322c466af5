// SPDX-License-Identifier: GPL-3.0-or-later
// Who may do what at the desk: keys and their roles, sessions, and changes that meet.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

async function ok(method, path, body, options) {
    const reply = await server.api(method, path, body, options);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
}

const newKey = (role, query = '') => ok('POST', `/keys${query}`, { kind: 'secret', role, name: role });
const statusOf = async (...request) => (await server.api(...request)).status;

test('nobody gets in without a key that holds', async () => {
    for (const key of [null, 'msk_', 'msk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', `${server.secretKey}x`]) {
        const reply = await server.api('GET', '/flags', undefined, { key });
        assert.equal(reply.status, 401, key);
        assert.equal(reply.headers['www-authenticate'], 'Bearer');
    }
    assert.equal(await statusOf('GET', '/flags', undefined, { key: server.clientKey }), 403);
    assert.equal(
        await statusOf('GET', '/flags', undefined, { key: null, headers: { 'x-mete-key': server.secretKey } }),
        200,
    );
    assert.equal(await statusOf('GET', `/flags?key=${server.secretKey}`, undefined, { key: null }), 401);
});

test('each role reaches as far as its rows', async () => {
    const flag = (key) => ({ key, type: 'boolean', default: false });
    const expected = {
        viewer: [200, 403, 403, 403, 403],
        editor: [200, 201, 409, 403, 403],
        publisher: [200, 201, 409, 409, 403],
        admin: [200, 201, 409, 409, 201],
    };
    await ok('POST', '/campaigns', { key: 'c', kind: 'experiment' });
    for (const [role, wanted] of Object.entries(expected)) {
        const key = { key: (await newKey(role)).token };
        const got = [
            await statusOf('GET', '/flags', undefined, key),
            await statusOf('POST', '/flags', flag(`by-${role}`), key),
            await statusOf('POST', '/flags', flag('by-editor'), key).then((s) => (s === 201 ? 409 : s)),
            await statusOf('POST', '/campaigns/c/start', {}, key),
            await statusOf('POST', '/keys', { kind: 'client' }, key),
        ];
        assert.deepEqual(got, wanted, role);
    }
});

test('an editor does not touch what visitors see', async () => {
    const variants = [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5 },
    ];
    await ok('POST', '/campaigns', { key: 'live', kind: 'rollout', variants });
    await ok('POST', '/campaigns/live/start');
    const { token } = await newKey('editor');
    assert.equal(await statusOf('PATCH', '/campaigns/live', { coverage: 0.1 }, { key: token }), 403);
    await ok('POST', '/campaigns/live/stop');
    assert.equal(await statusOf('PATCH', '/campaigns/live', { name: 'x' }, { key: token }), 200);
});

test('secrets are shown once, and a revoked key ends at once', async () => {
    const made = await newKey('viewer');
    assert.match(made.token, /^msk_[\w-]{43}$/);
    assert.equal(made.hint, made.token.slice(-4));
    assert.equal((await ok('GET', `/keys/${made.id}`)).token, null);
    assert.ok(!server.psql('select * from access_key').includes(made.token));
    assert.equal(await statusOf('GET', '/flags', undefined, { key: made.token }), 200);
    await ok('PATCH', `/keys/${made.id}`, { role: 'editor', scopes: ['backfill'] });
    assert.equal(await statusOf('POST', '/layers', { key: 'l' }, { key: made.token }), 201);
    await ok('DELETE', `/keys/${made.id}`);
    assert.equal(await statusOf('GET', '/flags', undefined, { key: made.token }), 401);
    const client = await ok('POST', '/keys', { kind: 'client' });
    assert.equal((await ok('GET', `/keys/${client.id}`)).token, client.token);
});

test('a key stays in its environment unless it is an admin', async () => {
    await ok('POST', '/environments', { key: 'staging' });
    await ok('POST', '/flags?environment=staging', { key: 'there', type: 'boolean', default: true });
    assert.equal(await statusOf('GET', '/flags/there'), 404);
    assert.equal(await statusOf('GET', '/flags/there?environment=staging'), 200);
    const viewer = { key: (await newKey('viewer')).token };
    assert.equal(await statusOf('GET', '/flags/there?environment=staging', undefined, viewer), 403);
    assert.equal(await statusOf('GET', '/flags?environment=production', undefined, viewer), 200);
    assert.deepEqual(
        (await ok('GET', '/environments', undefined, viewer)).items.map((e) => e.key),
        ['production'],
    );
    assert.equal(await statusOf('GET', '/environments/staging', undefined, viewer), 404);
    const staging = { key: (await newKey('publisher', '?environment=staging')).token };
    assert.equal(await statusOf('GET', '/flags/there', undefined, staging), 200);
    assert.equal(await statusOf('POST', '/environments/production/panic', { is_panic: true }, staging), 404);
    assert.equal(await statusOf('POST', '/environments/staging/panic', { is_panic: true }, staging), 200);
});

async function logIn() {
    const { token } = JSON.parse(await server.mete(['login-link', '--json']));
    const reply = await server.desk.request('POST', `/login/${token}`, undefined, { key: null });
    return { token, reply, cookie: reply.headers['set-cookie']?.[0] };
}

test('a login link works once and opens a session', async () => {
    const { token, reply, cookie } = await logIn();
    assert.deepEqual([reply.status, reply.headers.location], [303, '/app/welcome']);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.includes(part), part);
    const again = await server.desk.request('POST', `/login/${token}`, undefined, { key: null });
    assert.deepEqual([again.status, again.headers['set-cookie']], [401, undefined]);
    assert.equal(await (await server.desk.request('POST', '/login/none', undefined, { key: null })).status, 401);
    const session = { key: null, headers: { cookie: cookie.split(';')[0] } };
    const page = await server.desk.request('GET', '/', undefined, session);
    assert.equal(page.status, 200);
    assert.match(page.text, /\/assets\/app-/);
    const { body: who } = await server.api('GET', '/session', undefined, session);
    assert.deepEqual([who.user.role, who.environments[0].key], ['admin', 'production']);
    assert.equal(await statusOf('GET', '/session', undefined, { key: null }), 401);
    assert.equal((await server.api('GET', '/session')).body.user, null);
    assert.equal(await statusOf('GET', '/flags', undefined, session), 200);
    const audit = async () => (await ok('GET', '/audit?limit=5&environment=production', undefined, session)).items;
    assert.equal((await audit()).find(({ action }) => action === 'session.open').actor, `user:${who.user.id}`);
    await until(async () => (await audit())[0].action === 'link.refuse', 10_000, 'the refusal to be written');
});

test('opening a link spends nothing: a page shows the button that does', async () => {
    const { token } = JSON.parse(await server.mete(['login-link', '--json']));
    const look = (headers = {}, method = 'GET') =>
        server.desk.request(method, `/login/${token}`, undefined, { key: null, headers });
    for (const method of ['HEAD', 'GET', 'GET']) assert.deepEqual([(await look({}, method)).status], [200], method);
    const page = await look();
    assert.equal(page.headers['set-cookie'], undefined);
    assert.equal(page.headers['cache-control'], 'no-store');
    assert.match(page.headers['content-security-policy'], /default-src 'none'.*form-action 'self'/);
    assert.match(page.text, /<html lang="en">.*<form method="post"><button>Sign in<\/button>/s);
    assert.ok(!page.text.includes(token) && !page.text.includes('<script'));
    assert.equal(
        (await server.desk.request('GET', '/login/none', undefined, { key: null })).text,
        page.text,
        'a guess learns nothing',
    );
    for (const [wanted, language] of [
        ['de', 'de'],
        ['de-CH, en;q=0.5', 'de'],
        ['fr, en;q=0.4, de;q=0.9', 'de'],
        ['de;q=0.2, en', 'en'],
        ['de;q=0', 'en'],
        ['fr', 'en'],
    ]) {
        const { text, headers } = await look({ 'accept-language': wanted });
        assert.equal(headers['content-language'], language, wanted);
        assert.match(text, language === 'de' ? /<button>Anmelden/ : /<button>Sign in/, wanted);
    }
    const foreign = await look({ origin: 'https://elsewhere.example' }, 'POST');
    assert.deepEqual([foreign.status, foreign.headers['set-cookie']], [403, undefined]);
    assert.equal((await look({ origin: server.deskUrl }, 'POST')).status, 303);
});

test('a link that opens nothing says so: in a page to a browser, in a problem document to others', async () => {
    const { token } = await logIn();
    const again = (headers) =>
        server.desk.request('POST', `/login/${token}`, undefined, { key: null, headers: { ...headers } });
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const page = await again({ accept: browser, 'accept-language': 'de' });
    assert.equal(page.status, 401);
    assert.match(page.headers['content-type'], /^text\/html/);
    assert.match(page.text, /<html lang="de">.*Dieser Link öffnet nichts.*schon benutzt/s);
    assert.ok(!page.text.includes('<form') && !page.text.includes(token));
    assert.deepEqual([page.headers['set-cookie'], page.headers['cache-control']], [undefined, 'no-store']);
    assert.match((await again({ accept: browser })).text, /It was used already/);
    for (const accept of [undefined, '*/*', 'application/json', 'text/html;q=0.1, application/problem+json']) {
        const { status, headers, body } = await again(accept ? { accept } : {});
        assert.equal(status, 401, accept);
        assert.equal(headers['content-type'], 'application/problem+json', accept);
        assert.match(body.detail, /was used already/, accept);
    }
    const foreign = await again({ accept: browser, origin: 'https://elsewhere.example' });
    assert.equal(foreign.status, 403);
    assert.match(foreign.text, /another site/);
});

test('an old link opens nothing', async () => {
    const { token } = JSON.parse(await server.mete(['login-link', '--json']));
    server.psql("update login_link set expires_at = now() - interval '1 second' where used_at is null");
    assert.equal((await server.desk.request('POST', `/login/${token}`, undefined, { key: null })).status, 401);
});

test('ended links and sessions are forgotten at the next login', async () => {
    const counts = () => server.rows('select (select count(*) from login_link) l, (select count(*) from session) s')[0];
    await logIn();
    server.psql("update login_link set expires_at = now() - interval '2 days'; update session set expires_at = now()");
    await logIn();
    assert.deepEqual(counts(), { l: 1, s: 1 });
});

test('a session changes things only from its own pages, until it logs out', async () => {
    const { cookie } = await logIn();
    const from = (headers) => ({ key: null, headers: { cookie: cookie.split(';')[0], ...headers } });
    const flag = { key: 'by-user', type: 'boolean', default: true };
    for (const headers of [
        {},
        { origin: 'null' },
        { origin: 'https://evil.example' },
        { origin: `${server.deskUrl}.evil.example` },
    ]) {
        assert.equal(await statusOf('POST', '/flags', flag, from(headers)), 403, JSON.stringify(headers));
    }
    const own = from({ origin: server.deskUrl });
    assert.equal(await statusOf('POST', '/flags', flag, own), 201);
    assert.match((await ok('GET', '/audit?limit=1', undefined, own)).items[0].actor, /^user:\d+$/);
    assert.equal(await statusOf('POST', '/logout', undefined, own), 204);
    assert.equal(await statusOf('GET', '/flags', undefined, own), 401);
    assert.equal(await statusOf('POST', '/logout', undefined, {}), 403);
    const [left, came] = server.rows(
        "select actor, action from audit_log where action like 'session.%' order by id desc",
    );
    assert.deepEqual([left.action, came.action, left.actor], ['session.close', 'session.open', came.actor]);
});

test('init is made again without harm', async () => {
    const first = { client_key: server.clientKey, secret_key: server.secretKey };
    const again = JSON.parse(await server.mete(['init', '--json']));
    assert.equal(again.client_key, first.client_key);
    assert.deepEqual([again.secret_key, again.is_new], [null, false]);
    const secrets = () => Number(server.psql("select count(*) from access_key where kind = 'secret'"));
    const before = secrets();
    assert.match(await server.mete(['init']), /secret key   there is one already; --new-key makes another/);
    assert.equal(secrets(), before);
    const more = JSON.parse(await server.mete(['init', '--new-key', '--json']));
    assert.notEqual(more.secret_key, first.secret_key);
    assert.equal(secrets(), before + 1);
    for (const key of [first.secret_key, more.secret_key])
        assert.equal(await statusOf('GET', '/flags', undefined, { key }), 200);
    assert.equal(server.rows('select 1 from app_user').length, 1);
});

test('of many changes for one version one is made', async () => {
    const { headers } = await server.api('POST', '/flags', { key: 'raced', type: 'number', default: 0 });
    const race = (i) => server.api('PATCH', '/flags/raced', { default: i }, { headers: { 'if-match': headers.etag } });
    const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => race(i)));
    const won = replies.filter((r) => r.status === 200);
    assert.equal(won.length, 1);
    assert.equal(replies.filter((r) => r.status === 412).length, 39);
    const { default: kept, version } = await ok('GET', '/flags/raced');
    assert.deepEqual([kept, version], [won[0].body.default, 2]);
});

test('changes without a version all arrive, one after the other', async () => {
    await ok('POST', '/flags', { key: 'merged', type: 'json', default: {} });
    const patches = Array.from({ length: 40 }, (_, i) => ok('PATCH', '/flags/merged', { default: { [`k${i}`]: i } }));
    await Promise.all(patches);
    const { default: kept, version } = await ok('GET', '/flags/merged');
    assert.deepEqual([Object.keys(kept).length, version], [40, 41]);
});

/* Somebody else holds the environment, and changes the flag after the desk has read it. */
async function overtake(key, request) {
    const other = server.cluster.psqlAside(
        server.database,
        `begin;
        select from environment where id = 1 for no key update;
        do $$ begin
            while not exists (select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))) loop
                perform pg_sleep(0.1), pg_stat_clear_snapshot();
            end loop;
        end $$;
        select document_change('flag', 'system', 1, config_clock(1), 'patch', '${key}',
            jsonb_set((select document from flag where key = '${key}'), '{default,other}', '1'), '{}');
        commit`,
    );
    const sleeps = "select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
    await until(() => server.rows(sleeps).length === 1, 5000, 'the other to hold the environment');
    const [reply] = await Promise.all([request(), other]);
    return reply;
}

test('a change that another overtakes is read and made again, or is stale', async () => {
    await ok('POST', '/flags', { key: 'overtaken', type: 'json', default: {} });
    const mine = (headers) => () => server.api('PATCH', '/flags/overtaken', { default: { mine: 1 } }, { headers });
    const merged = await overtake('overtaken', mine({}));
    assert.deepEqual([merged.status, merged.body.default, merged.body.version], [200, { other: 1, mine: 1 }, 3]);
    const stale = await overtake('overtaken', mine({ 'if-match': '"3"' }));
    assert.deepEqual([stale.status, stale.body.detail.includes('version is now 4')], [412, true]);
});

test('of many campaigns for one place in a layer as many start as fit', async () => {
    await ok('POST', '/layers', { key: 'narrow' });
    const variants = [{ key: 'a', weight: 1, is_control: true }];
    const keys = Array.from({ length: 12 }, (_, i) => `fit${i}`);
    for (const key of keys)
        await ok('POST', '/campaigns', { key, kind: 'rollout', variants, layer: { key: 'narrow', share: 0.3 } });
    const started = await Promise.all(keys.map((key) => statusOf('POST', `/campaigns/${key}/start`, {})));
    assert.deepEqual([...started].sort(), [200, 200, 200, ...Array(9).fill(409)]);
    const [{ most }] = server.rows(`select max(n) most from (select b, count(*) n from layer_range r
        join layer l on l.id = layer_id and l.key = 'narrow',
        generate_series(from_bucket, to_bucket - 1) b group by b) x`);
    assert.equal(most, 1, 'no bucket has two campaigns');
});

test('without PostgreSQL the desk says so and comes back by itself', async () => {
    server.psql(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'mete desk%' and datname = current_database()`);
    const seen = new Set();
    await until(
        async () => {
            const reply = await server.api('GET', '/flags?limit=1');
            seen.add(reply.status);
            if (reply.status === 503) assert.equal(reply.headers['retry-after'], '1');
            return reply.status === 200;
        },
        10_000,
        'the desk to be back',
    );
    assert.ok([...seen].every((s) => s === 200 || s === 503));
});
