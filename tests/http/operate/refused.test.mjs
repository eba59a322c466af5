// SPDX-License-Identifier: GPL-3.0-or-later
// A database that refuses the desk's statements, as one whose rights somebody took away: each request is answered, by
// a sentence that says nothing of the inside, and the log tells which request it was.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

const EXPECTED = JSON.parse(readFileSync(new URL('../access/routes.json', import.meta.url), 'utf8')).desk;
const PASSWORD = 'correct horse battery';

/* What the desk needs to know who asks, and about which environment: of keys and of people. */
const OF_KEYS = ['select (id, role, environment_id, token_sha256, revoked_at) on access_key'];
const OF_ENVIRONMENTS = ['select (id, key, archived_at) on environment'];
const OF_PEOPLE = ['select, update (seen_at) on session', 'select on app_user', 'select on environment_role'];
const KNOWN = [...OF_KEYS, ...OF_ENVIRONMENTS, ...OF_PEOPLE];
const OF_PASSWORDS = ['select (id, email, password_hash) on app_user'];

let server, person;
before(async () => {
    server = await startServer({ login_attempts_per_minute: 0 });
    const made = await server.api('POST', '/users', { email: 'ann@shop.example', role: 'admin' });
    const { headers } = await server.desk.request('POST', made.body.link, undefined, { key: null });
    person = { key: null, headers: { cookie: headers['set-cookie'][0].split(';')[0], origin: server.deskUrl } };
    assert.equal((await server.api('PATCH', '/account', { password: PASSWORD }, person)).status, 204);
});
after(() => server?.stop());

async function withRights(grants, run) {
    const given = grants.map((grant) => `grant ${grant} to mete_runtime;`).join(' ');
    server.psql(`revoke all on all tables in schema public from mete_runtime; ${given}`);
    try {
        await run();
    } finally {
        server.psql('grant select, insert, update, delete on all tables in schema public to mete_runtime');
    }
}

async function refuses(method, path, body, options = {}) {
    const reply = await server.desk.request(method, path, body, options);
    assert.equal(reply.status, 500, `${method} ${path}: ${reply.status} ${reply.text}`);
    assert.equal(reply.body.detail, 'the database refused a statement', `${method} ${path}`);
    assert.ok(!/permission|mete_runtime/.test(reply.text), reply.text);
    const id = reply.headers['x-request-id'];
    const lines = () => server.logLines().filter(({ request }) => request === id);
    const [line] = await until(() => lines().length > 0 && lines(), 10_000, `the log to tell of ${method} ${path}`);
    assert.match(JSON.stringify(line), /42501 permission denied for/);
}

/* Reading is asked of the database whatever there is. */
const readings = Object.keys(EXPECTED).filter(
    (route) =>
        /^GET \/api\/v1\//.test(route) && !/ (person|own)$/.test(EXPECTED[route]) && !/openapi|sign-in/.test(route),
);
const pathOf = (route) => {
    const path = route.split(' ')[1];
    return path
        .replace('imports/{id}', 'imports/1')
        .replace('jobs/{id}', 'jobs/1')
        .replace('{token}', `mss_${'A'.repeat(43)}`)
        .replace(/\{\w+\}/g, 'absent');
};

test('all that is read', () =>
    withRights(KNOWN, async () => {
        assert.ok(readings.length > 20);
        for (const route of readings) await refuses('GET', pathOf(route));
    }));

const flag = { key: 'f', type: 'boolean', default: true };
const wish = { metric: 'conversion_rate', uplift: 0.1, variants: 2 };
/* [method, path, body] */
const asked = [
    ['POST', '/flags', flag],
    ['PATCH', '/flags/f', { default: false }],
    ['DELETE', '/flags/f'],
    ['POST', '/campaigns/absent/start'],
    ['POST', '/campaigns/absent/import', { file: 'orders.csv' }],
    ['DELETE', '/imports/1'],
    ['POST', '/environments/production/panic', { is_panic: true }],
    ['POST', '/users/1/reset'],
    ['POST', '/prove', { campaign: 'absent' }],
    ['POST', '/campaigns/absent/distribution'],
    ['DELETE', '/jobs/1'],
    ['POST', '/plan', wish],
    ['POST', '/audience/estimate', { condition: { country: 'DE' } }],
];

test('all that is changed or computed', () =>
    withRights(KNOWN, async () => {
        for (const [method, path, body] of asked) await refuses(method, `/api/v1${path}`, body);
    }));

const login = { email: 'ann@shop.example', password: PASSWORD };
const change = { password: `${PASSWORD} staple`, old_password: PASSWORD };
/* [grants beside what is needed to know who asks, method, path, body, options] */
const ofPeople = () => [
    [[], 'GET', '/api/v1/session', undefined, person],
    [[], 'DELETE', '/api/v1/sessions', undefined, person],
    [[], 'DELETE', '/api/v1/sessions/1', undefined, person],
    [[], 'POST', '/api/v1/logout', undefined, person],
    [[], 'PATCH', '/api/v1/account', change, person],
    [OF_PASSWORDS, 'PATCH', '/api/v1/account', change, person],
    [[], 'POST', '/api/v1/login', login, { key: null }],
    [OF_PASSWORDS, 'POST', '/api/v1/login', login, { key: null }],
    [[], 'POST', `/login/${'x'.repeat(43)}`, undefined, { key: null }],
];

test('people and their sessions', async () => {
    for (const [grants, ...request] of ofPeople()) await withRights([...KNOWN, ...grants], () => refuses(...request));
    assert.equal((await server.api('GET', '/sessions', undefined, person)).status, 200, 'and all is as before');
});

/* What stands between a request and its answer is tried again. */
async function isAway(method, path, body, options) {
    const reply = await server.desk.request(method, `/api/v1${path}`, body, options);
    assert.equal(reply.status, 503, reply.text);
    assert.match(reply.body.detail, /: try again$/);
}

test('who asks, about which environment, and what is in use there', async () => {
    const token = `msk_${'y'.repeat(43)}`;
    await withRights(OF_ENVIRONMENTS, () => isAway('GET', '/flags', undefined, { key: token }));
    await withRights(KNOWN, () => isAway('POST', '/visitors/v/explain', {}));
    await withRights(OF_PEOPLE, () => refuses('GET', '/api/v1/flags?environment=production', undefined, person));
});
