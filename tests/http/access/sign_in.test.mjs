// SPDX-License-Identifier: GPL-3.0-or-later
// Who may try how often to sign in: a table of situations, each with addresses and accounts of its own, which a
// trusted proxy names. Keys, links and sessions are not guessed, and never wait.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';

const PASSWORD = 'correct horse battery';
const WRONG = 'wrong horse battery';
/* Four for an account from an address; twelve for an account, forty for an address, then two and six may wait. */
const PAIR = 4;
const ACCOUNT = 12;
const ADDRESS = 40;

let server;
before(async () => {
    server = await startServer({
        trusted_proxies: '127.0.0.1',
        login_attempts_per_minute: PAIR,
        metrics_token: 'watch',
    });
});
after(() => server?.stop());

let number = 0;
/* An address that nobody had before. */
const address = () => `203.0.${113 + (number >> 8)}.${(number += 1) & 255}`;
const from = (ip) => ({ 'x-forwarded-for': ip });
const token = () => randomBytes(32).toString('base64url');
const repeat = (count, value) => Array(count).fill(value);

async function ok(method, path, body, options) {
    const reply = await server.api(method, path, body, options);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply;
}

const newLink = async (email) => (await ok('POST', '/users', { email, role: 'viewer' })).body.link;
const openLink = (link, ip = address()) =>
    server.desk.request('POST', link, undefined, { key: null, headers: from(ip) });

const sessionOf = (reply, ip = address()) => ({
    key: null,
    headers: { ...from(ip), cookie: reply.headers['set-cookie'][0].split(';')[0], origin: server.deskUrl },
});

let hash;
/* The address of a new account whose password is PASSWORD. */
async function account() {
    const email = `person-${(number += 1)}@shop.example`;
    const link = await newLink(email);
    if (!hash) {
        await ok('PATCH', '/account', { password: PASSWORD }, sessionOf(await openLink(link)));
        hash = server.psql(`select password_hash from app_user where email = '${email}'`);
    }
    server.psql(`update app_user set password_hash = '${hash}' where email = '${email}'`);
    return email;
}

const signIn = (email, password, ip) =>
    server.api('POST', '/login', { email, password }, { key: null, headers: from(ip) });

async function statusesOf(count, attempt) {
    const statuses = [];
    for (let i = 0; i < count; i += 1) statuses.push((await attempt(i)).status);
    return statuses;
}

/* An address that has used up what it may try with the account. */
async function hot(email) {
    const ip = address();
    /* At once: a place comes back every fifteen seconds. */
    const replies = await Promise.all(repeat(PAIR + 1, 0).map(() => signIn(email, WRONG, ip)));
    assert.deepEqual(replies.map(({ status }) => status).sort(), [...repeat(PAIR, 401), 429]);
    return ip;
}

function checkRefusal(reply, longestS) {
    assert.equal(reply.status, 429);
    assert.equal(reply.headers['content-type'], 'application/problem+json');
    assert.deepEqual([reply.body.status, reply.body.code], [429, 'limited']);
    const wait = Number(reply.headers['retry-after']);
    assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= longestS, `Retry-After: ${wait}`);
}

test('an account from an address: some attempts, then it waits, and a right one tells nothing', async () => {
    const email = await account();
    const ip = await hot(email);
    checkRefusal(await signIn(email, PASSWORD, ip), 60 / PAIR + 1);
    checkRefusal(await signIn(email.toUpperCase(), PASSWORD, ip), 60 / PAIR + 1);
});

test('others of the address sign in, and the account from elsewhere', async () => {
    const [email, other] = [await account(), await account()];
    const ip = await hot(email);
    assert.equal((await signIn(other, PASSWORD, ip)).status, 204);
    assert.equal((await signIn(email, PASSWORD, address())).status, 204);
});

test('keys, links and sessions of an address where many fail', async (t) => {
    const email = await account();
    const ip = await hot(email);
    const get = (key) => server.api('GET', '/flags', undefined, { key, headers: from(ip) });
    const fresh = async () => (await ok('POST', '/keys', { name: 'fresh', kind: 'secret', role: 'viewer' })).body.token;
    const CASES = [
        ['an unknown key', () => get(`msk_${token()}`), 401],
        ['an unknown link', () => openLink(`/login/${token()}`, ip), 401],
        [
            'an unknown session',
            () =>
                server.api('GET', '/flags', undefined, {
                    key: null,
                    headers: { ...from(ip), cookie: `mete_session=${token()}` },
                }),
            401,
        ],
        ['what is no key', (i) => get(`guess-${i}`), 401],
        ['what is no link', (i) => openLink(`/login/guess-${i}`, ip), 401],
    ];
    for (const [name, ask, status] of CASES) {
        await t.test(name, async () => {
            assert.deepEqual(await statusesOf(ADDRESS + 20, ask), repeat(ADDRESS + 20, status));
        });
    }
    await t.test('a key that was never seen', async () => assert.equal((await get(await fresh())).status, 200));
    await t.test('a link, and the session that it opens', async () => {
        const reply = await openLink(await newLink('linked@shop.example'), ip);
        assert.equal(reply.status, 303);
        assert.equal((await server.api('GET', '/session', undefined, sessionOf(reply, ip))).status, 200);
    });
});

test('a right password begins anew', async () => {
    const email = await account();
    const ip = address();
    for (let i = 0; i < 3; i += 1) {
        assert.deepEqual(await statusesOf(PAIR - 1, () => signIn(email, WRONG, ip)), repeat(PAIR - 1, 401));
        assert.equal((await signIn(email, PASSWORD, ip)).status, 204);
    }
});

test('guesses at one moment are counted before they are looked at', async () => {
    const email = await account();
    const ip = address();
    const statuses = (await Promise.all(repeat(20, 0).map(() => signIn(email, WRONG, ip)))).map((r) => r.status);
    assert.equal(statuses.filter((s) => s === 429).length, 20 - PAIR, String(statuses));
});

test('an account that many addresses try: their attempts wait; who signed in before does not', async () => {
    const [email, other] = [await account(), await account()];
    const home = address();
    assert.equal((await signIn(email, PASSWORD, home)).status, 204);
    assert.deepEqual(await statusesOf(ACCOUNT - 1, () => signIn(email, WRONG, address())), repeat(ACCOUNT - 1, 401));
    /* At once, so that at most what fits into the bucket has its turn, and some that wait, however slow all was. */
    const all = await Promise.all(repeat(2 * ACCOUNT, 0).map(() => signIn(email, WRONG, address())));
    const refused = all.filter(({ status }) => status === 429);
    assert.ok(refused.length >= ACCOUNT - 6, `${refused.length} of ${all.length} were refused`);
    checkRefusal(refused[0], 11);
    assert.ok(
        all.some(({ status }) => status === 401),
        'some had their turn',
    );
    assert.equal((await signIn(email, PASSWORD, home)).status, 204);
    assert.equal((await signIn(other, PASSWORD, address())).status, 204);
});

test('an address that tries many accounts: its attempts wait; who signed in from it before does not', async () => {
    const email = await account();
    const ip = address();
    assert.equal((await signIn(email, PASSWORD, ip)).status, 204);
    const names = await statusesOf(30, (i) => signIn(`nobody-${i}@shop.example`, WRONG, ip));
    assert.deepEqual(names, repeat(30, 401));
    assert.equal((await signIn(await account(), PASSWORD, ip)).status, 204, 'thirty lock nobody out');
    const all = await Promise.all(repeat(60, 0).map((_, i) => signIn(`nobody-${30 + i}@shop.example`, WRONG, ip)));
    const refused = all.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 60 - ADDRESS - 6, `${refused.length} of 60 were refused`);
    assert.equal((await signIn(email, PASSWORD, ip)).status, 204);
    assert.equal((await signIn(await account(), PASSWORD, address())).status, 204);
});

test('a network of IPv6 is one address, its neighbour another', async () => {
    const email = await account();
    const net = (i, last) => `2001:db8:${i}:2::${last}`;
    assert.deepEqual(await statusesOf(PAIR + 1, (i) => signIn(email, WRONG, net(1, i))), [...repeat(PAIR, 401), 429]);
    assert.equal((await signIn(email, PASSWORD, net(3, 1))).status, 204);
});

test('many names wash out nobody who waits', async () => {
    const email = await account();
    const ip = await hot(email);
    const begin = Date.now();
    await Promise.all(repeat(100, 0).map((_, i) => signIn(`flood-${i}@shop.example`, WRONG, address())));
    /* Whom the flood had washed out would have all its places again, and not only those that time gives back. */
    const back = Math.floor(((Date.now() - begin) / 60_000) * PAIR) + 2;
    const all = await Promise.all(repeat(back, 0).map(() => signIn(email, WRONG, ip)));
    const refused = all.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0 || back > PAIR, `${all.map(({ status }) => status)}`);
    if (refused.length > 0) checkRefusal(refused[0], 60 / PAIR + 1);
});

test('the old password is guessed as seldom, by a session; signing in is apart', async () => {
    const email = await account();
    const ip = address();
    const session = sessionOf(await signIn(email, PASSWORD, ip), ip);
    const attempt = (old) => server.api('PATCH', '/account', { password: PASSWORD, old_password: old }, session);
    assert.deepEqual(await statusesOf(PAIR + 1, () => attempt(WRONG)), [...repeat(PAIR, 403), 429]);
    assert.equal((await attempt(PASSWORD)).status, 429);
    assert.equal((await signIn(email, PASSWORD, ip)).status, 204);
});

test('what is refused before it is an attempt counts as none', async () => {
    const email = await account();
    const ip = address();
    const bad = () => server.api('POST', '/login', { email }, { key: null, headers: from(ip) });
    assert.deepEqual(await statusesOf(PAIR * 2, bad), repeat(PAIR * 2, 400));
    assert.equal((await signIn(email, PASSWORD, ip)).status, 204);
});

test('who was refused is counted', async () =>
    assert.ok(total(await scrape(server), 'mete_limited_total', { limit: 'login' }) > 20));

test('0: nobody waits', async () => {
    const free = await startServer({ login_attempts_per_minute: 0 });
    try {
        const attempt = () => free.api('POST', '/login', { email: 'admin@localhost', password: WRONG }, { key: null });
        assert.deepEqual(await statusesOf(30, attempt), repeat(30, 401));
    } finally {
        await free.stop();
    }
});
