// SPDX-License-Identifier: GPL-3.0-or-later
// All routes with all roles and kinds of keys, in each environment. What is expected stands in routes.json: for each
// route the least role, "person" where keys have no business, "own" where people are judged by no environment, "events"
// where secret keys need that scope. Requests
// name things that are not there, and bodies that are refused: who may ask is told so, and nothing is changed.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

const EXPECTED = JSON.parse(readFileSync(new URL('routes.json', import.meta.url), 'utf8'));
const ROLES = ['none', 'client', 'viewer', 'editor', 'publisher', 'admin'];
const ENVIRONMENTS = ['production', 'staging'];
const WITHOUT_BODY = ['POST /api/v1/logout', 'POST /login/{token}'];
const rank = (role) => ROLES.indexOf(role);

let server;
let usersAtFirst;
/* {name, role, isPerson, home, roles, options(route)}; role "none": nobody holds it; roles: of a person, by
   environment, where it is not the same in all. */
const holders = [];

const sha256 = (token) => createHash('sha256').update(token).digest('hex');

/* These end the session that asks. */
const ENDING = ['DELETE /api/v1/sessions', 'POST /api/v1/logout'];

/* The options of a request by a new session. */
function sessionOf(userId, until) {
    const token = randomBytes(32).toString('base64url');
    server.psql(`insert into session (token_sha256, user_id, agent, expires_at)
        values ('\\x${sha256(token)}', ${userId}, 'test', now() + interval '${until}')`);
    return { key: null, headers: { cookie: `mete_session=${token}`, origin: server.deskUrl } };
}

async function newKey(body, environment) {
    const { status, body: made, text } = await server.api('POST', `/keys?environment=${environment}`, body);
    assert.equal(status, 201, text);
    return made;
}

const addUser = (name, role, disabledAt = 'null') =>
    server.psql(`insert into app_user (email, role, disabled_at) values ('${name}@shop.example', '${role}',
        ${disabledAt}) returning id`);

const setRole = (id, environment, role) =>
    server.psql(`insert into environment_role (user_id, environment_id, role)
        select ${id}, id, '${role}' from environment where key = '${environment}'`);

async function addKeys(home) {
    const add = (name, role, token, isScoped = false) =>
        holders.push({ name, role, home, isScoped, options: () => ({ key: token }) });
    for (const role of ROLES.slice(2)) {
        add(`${role} key of ${home}`, role, (await newKey({ kind: 'secret', role, name: role }, home)).token);
    }
    const sender = await newKey({ kind: 'secret', role: 'viewer', scopes: ['events'] }, home);
    add(`viewer key of ${home} with events`, 'viewer', sender.token, true);
    add(`client key of ${home}`, 'client', (await newKey({ kind: 'client' }, home)).token);
    const revoked = await newKey({ kind: 'secret', role: 'admin' }, home);
    const gone = await server.api('DELETE', `/keys/${revoked.id}?environment=${home}`);
    assert.equal(gone.status, 204);
    add(`revoked key of ${home}`, 'none', revoked.token);
}

/* Each role in production with each other one in staging, as a pair of what all have and what one environment has. */
function addPeopleOfTwoRoles(add) {
    const given = ['none', ...ROLES.slice(2, -1)];
    for (const role of ROLES.slice(2, -1)) {
        for (const other of given.filter((word) => word !== role)) {
            for (const place of ENVIRONMENTS) {
                const name = `${role} who is ${other} in ${place}`;
                const id = addUser(name.replaceAll(' ', '-'), role);
                setRole(id, place, other);
                const roles = Object.fromEntries(ENVIRONMENTS.map((key) => [key, key === place ? other : role]));
                add(`session of a ${name}`, role, id, '1 hour', roles);
            }
        }
    }
    const id = addUser('admin-bound', 'admin');
    for (const place of ENVIRONMENTS) setRole(id, place, 'none');
    add('session of an admin, bound in vain', 'admin', id, '1 hour');
}

function addPeople() {
    const add = (name, role, id, until, roles) => {
        let kept = sessionOf(id, until);
        let hasEnded = false;
        const options = (route) => {
            if (hasEnded) kept = sessionOf(id, until);
            hasEnded = ENDING.includes(route);
            return kept;
        };
        holders.push({ name, role, isPerson: true, roles, options });
    };
    for (const role of ROLES.slice(2)) add(`session of a ${role}`, role, addUser(role, role), '1 hour');
    add('expired session of an admin', 'none', addUser('late', 'admin'), '-1 second');
    add('session of a disabled admin', 'none', addUser('gone', 'admin', 'now()'), '1 hour');
    addPeopleOfTwoRoles(add);
}

before(async () => {
    server = await startServer();
    assert.equal((await server.api('POST', '/environments', { key: 'staging' })).status, 201);
    for (const home of ENVIRONMENTS) await addKeys(home);
    addPeople();
    usersAtFirst = server.psql('select count(*) from app_user where disabled_at is null');
    const unknown = randomBytes(32).toString('base64url');
    holders.push({ name: 'nobody', role: 'none', options: () => ({ key: null }) });
    holders.push({ name: 'unknown key', role: 'none', options: () => ({ key: `msk_${unknown}` }) });
    const cookie = `mete_session=${unknown}`;
    holders.push({ name: 'unknown session', role: 'none', options: () => ({ key: null, headers: { cookie } }) });
    const newest = holders.findLast(({ name }) => name === 'client key of staging');
    const isKnown = async () => (await server.decide({ visitor_id: 'v' }, '', newest.options())).status === 200;
    await until(isKnown, 10_000, 'the edge to know the keys');
});
after(() => server?.stop());

/* That of the environment; of one that the path names, and is not there, that of the first that is open. */
function roleOf(route, { role, roles }, environment) {
    const place = / .*\/environments\/\{key\}/.test(route)
        ? (ENVIRONMENTS.find((key) => roles?.[key] !== 'none') ?? environment)
        : environment;
    return roles?.[place] ?? role;
}

/* "allowed", or the status of the refusal. */
function wanted(route, expected, holder, environment) {
    const [least, ...more] = expected.split(' ');
    if (least === 'none') return 'allowed';
    if (holder.role === 'none') return 401;
    const isOwn = holder.isPerson && more.includes('own');
    const role = isOwn ? holder.role : roleOf(route, holder, environment);
    if (role === 'none' || rank(role) < rank(least)) return 403;
    if (holder.home && holder.home !== environment && holder.role !== 'admin') return 403;
    if (more.includes('events') && holder.role !== 'client' && !holder.isScoped) return 403;
    return more.includes('person') && !holder.isPerson ? 403 : 'allowed';
}

const fill = (path) => path.replaceAll('{id}', '999999999').replace(/\{\w+\}/g, 'absent');
const bodyFor = (route) =>
    /^(POST|PATCH)/.test(route) && !WITHOUT_BODY.includes(route) ? { surely_no_field: true } : undefined;

/* 401 of a sign-in is about what was sent, not about who sends it. */
const isSignIn = (route) => /^POST \/(login\/|api\/v1\/login$)/.test(route);

async function ask(client, route, holder, query) {
    const [verb, path] = route.split(' ');
    const { status } = await client.request(verb, fill(path) + query, bodyFor(route), holder.options(route));
    assert.ok(status < 500 || path === '/readyz', `${holder.name}: ${route}: ${status}`);
    return (status === 401 || status === 403) && !isSignIn(route) ? status : 'allowed';
}

const routesOf = (api) =>
    Object.entries(api.paths).flatMap(([path, verbs]) =>
        Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
    );

test('routes.json names all routes that there are', async () => {
    const edge = (await server.edge.request('GET', '/v1/openapi.json')).body;
    const desk = (await server.api('GET', '/openapi.json')).body;
    assert.deepEqual(Object.keys(EXPECTED.edge).sort(), routesOf(edge).sort());
    assert.deepEqual(Object.keys(EXPECTED.desk).sort(), routesOf(desk).sort());
});

for (const environment of ENVIRONMENTS) {
    test(`the desk, asked about ${environment}`, async () => {
        const wrong = [];
        for (const [route, expected] of Object.entries(EXPECTED.desk)) {
            for (const holder of holders) {
                const got = await ask(server.desk, route, holder, `?environment=${environment}`);
                const want = wanted(route, expected, holder, environment);
                if (got !== want) wrong.push(`${holder.name}: ${route}: ${got}, not ${want}`);
            }
        }
        assert.deepEqual(wrong, []);
    });
}

test('the edge: keys alone, each of its own environment', async () => {
    const wrong = [];
    for (const [route, expected] of Object.entries(EXPECTED.edge)) {
        for (const holder of holders) {
            const known = holder.isPerson ? { ...holder, role: 'none' } : holder;
            const got = await ask(server.edge, route, holder, '');
            const want = wanted(route, expected, known, holder.home);
            if (got !== want) wrong.push(`${holder.name}: ${route}: ${got}, not ${want}`);
        }
    }
    assert.deepEqual(wrong, []);
});

test('nothing was changed by all that', () => {
    const left =
        'select count(*) from campaign union all select count(*) from flag union all select count(*) from layer';
    assert.equal(server.psql(left), '0\n0\n0');
    assert.equal(server.psql('select bool_or(is_panic) from environment'), 'f');
    assert.equal(server.psql('select count(*) from app_user where disabled_at is null'), String(usersAtFirst));
});
