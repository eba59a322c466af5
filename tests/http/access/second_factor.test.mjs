// SPDX-License-Identifier: GPL-3.0-or-later
// A second factor: added by an app's code, asked for beside the password, no code twice, recovery codes once, wrong
// ones counted, taken away by its user, an admin's reset, and the command line. Steps of 30 s pass while a test runs,
// so the step used last is set back in the database where a test wants one more code of the present.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { base32Bytes, codeOf, stepNow } from '../lib/totp.mjs';

const PASSWORD = 'correct horse battery';
const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

let server;
before(async () => (server = await startServer({ login_attempts_per_minute: 0, sealing_key: KEY })));
after(() => server?.stop());

const sessionOf = (reply, url = server.deskUrl) => ({
    key: null,
    headers: { cookie: reply.headers['set-cookie'][0].split(';')[0], origin: url },
});
const login = (email, password, code) =>
    server.api('POST', '/login', { email, password, ...(code === undefined ? {} : { code }) }, { key: null });
const factor = (session, path, body) => server.api('POST', `/account/second_factor${path}`, body, session);
const audit = (id) =>
    server
        .rows(`select action from audit_log where resource = '${id}' and environment_id is null order by id`)
        .map(({ action }) => action);

let number = 0;
/* Somebody with a password, and the session of the first link. */
async function person(role = 'viewer') {
    const email = `p+${(number += 1)}%&?@shop.example`;
    const user = (await server.api('POST', '/users', { email, role })).body;
    const session = sessionOf(await server.desk.request('POST', user.link, undefined, { key: null }));
    assert.equal((await server.api('PATCH', '/account', { password: PASSWORD }, session)).status, 204);
    return { email, id: user.id, session };
}

/* The same with a second factor. */
async function guarded() {
    const someone = await person();
    const begun = await factor(someone.session, '', { old_password: PASSWORD });
    assert.equal(begun.status, 200, begun.text);
    const { secret } = begun.body;
    const done = await factor(someone.session, '/confirm', { code: codeOf(secret, stepNow()) });
    assert.equal(done.status, 200, done.text);
    someone.secret = secret;
    someone.codes = done.body.recovery_codes;
    someone.refresh = () => server.psql(`update second_factor set step = 0 where user_id = ${someone.id}`);
    someone.refresh();
    return someone;
}

function assertWants(reply, status = 401) {
    assert.deepEqual([reply.status, reply.body.pointer], [status, '/code'], reply.text);
    assert.equal(reply.headers['set-cookie'], undefined);
}

test('what apps make of RFC 6238 is what this test makes of it', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    assert.equal(base32Bytes(secret).toString(), '12345678901234567890');
    for (const [seconds, code] of [
        [59, '287082'],
        [1111111109, '081804'],
        [2000000000, '279037'],
    ])
        assert.equal(codeOf(secret, Math.floor(seconds / 30)), code);
});

test('one that waits for its code: wrong ones are counted, and it waits for a quarter of an hour', async () => {
    const { id, session } = await person();
    const begin = async () => (await factor(session, '', { old_password: PASSWORD })).body.secret;
    const confirm = (code) => factor(session, '/confirm', { code });
    const secret = await begin();
    const right = () => codeOf(secret, stepNow());
    const wrong = codeOf(secret, stepNow() + 1000);
    for (let i = 0; i < 10; i += 1) assertWants(await confirm(wrong), 400);
    const locked = await confirm(right());
    assert.equal(locked.status, 429, locked.text);
    assert.ok(Number(locked.headers['retry-after']) > 800);
    const again = await begin();
    server.psql(`update second_factor set created_at = now() - interval '16 minutes' where user_id = ${id}`);
    assert.equal((await confirm(codeOf(again, stepNow()))).status, 409);
    const last = await begin();
    assert.equal((await confirm(codeOf(last, stepNow()))).status, 200);
});

test('one is added by password and code; the secret is sealed', async () => {
    const { email, id, session } = await person();
    const other = sessionOf(await login(email, PASSWORD));
    assert.deepEqual((await server.api('GET', '/account/second_factor', undefined, session)).body, {
        is_on: false,
        recovery_codes_left: 0,
    });
    assert.equal((await factor(session, '/confirm', { code: '000000' })).status, 409, 'none was begun');
    assert.equal((await factor(session, '', { old_password: 'wrong' })).status, 403);
    const { secret, uri } = (await factor(session, '', { old_password: PASSWORD })).body;
    const url = new URL(uri);
    assert.equal(decodeURIComponent(url.pathname), '/mete:' + email, uri);
    assert.deepEqual(
        [...url.searchParams],
        [
            ['secret', secret],
            ['issuer', 'mete'],
        ],
    );
    assert.equal((await login(email, PASSWORD)).status, 204, 'until it is confirmed nobody is asked');
    const wrong = await factor(session, '/confirm', { code: codeOf(secret, stepNow() + 100) });
    assertWants(wrong, 400);
    const done = await factor(session, '/confirm', { code: codeOf(secret, stepNow()) });
    const codes = done.body.recovery_codes;
    assert.equal(new Set(codes).size, 10);
    for (const code of codes) assert.match(code, /^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    assert.equal((await factor(session, '', { old_password: PASSWORD })).status, 409);
    assert.equal((await factor(session, '/confirm', { code: codeOf(secret, stepNow()) })).status, 409);
    assert.equal((await server.api('GET', '/session', undefined, other)).status, 401, 'other sessions end');
    assert.equal((await server.api('GET', '/session', undefined, session)).body.user.has_second_factor, true);
    assert.equal((await server.api('GET', `/users/${id}`)).body.has_second_factor, true);
    const kept = server.psql(`select encode(secret, 'hex') from second_factor where user_id = ${id}`);
    assert.equal(kept.length, 2 * (20 + 40));
    assert.ok(!kept.includes(base32Bytes(secret).toString('hex')));
    assert.ok(!server.psql('select * from recovery_code').includes(codes[0]));
    assert.ok(audit(id).includes('second_factor.add'));
});

test('whoever signs in says a code', async (t) => {
    const someone = await guarded();
    const { email, secret } = someone;
    const now = stepNow;
    const CASES = [
        ['none', () => undefined, 401],
        ['an empty one', () => '', 401],
        ['a wrong one', () => String((Number(codeOf(secret, now())) + 1) % 1e6).padStart(6, '0'), 401],
        ['one of an hour ago', () => codeOf(secret, now() - 120), 401],
        ['one of tomorrow', () => codeOf(secret, now() + 2880), 401],
        ['letters', () => 'abcdef', 401],
        ['five digits', () => '12345', 401],
        ['seven digits', () => '1234567', 401],
        ['a recovery code that is none', () => 'AAAA-BBBB-CCCC-DDDD', 401],
        ['a very long one', () => '1'.repeat(41), 400],
        ['a number', () => 123456, 400],
        ['the present one', () => codeOf(secret, now()), 204],
        ['one with a space', () => codeOf(secret, now()).replace(/^.../, '$& '), 204],
    ];
    for (const [name, code, status] of CASES) {
        await t.test(name, async () => {
            someone.refresh();
            server.psql(`update second_factor set failed_count = 0, locked_until = null where user_id = ${someone.id}`);
            const reply = await login(email, PASSWORD, code());
            if (status === 204) assert.equal(reply.status, 204, reply.text);
            else assertWants(reply, status);
        });
    }
});

test('a wrong password says nothing of a second factor', async () => {
    const { email, secret } = await guarded();
    const reply = await login(email, 'wrong', codeOf(secret, stepNow()));
    assert.deepEqual([reply.status, reply.body.pointer ?? ''], [401, '']);
    assert.equal(reply.text, (await login('none@shop.example', 'wrong')).text);
});

test('no code holds twice, not even at one moment', async () => {
    const { email, secret } = await guarded();
    const code = codeOf(secret, stepNow());
    const replies = await Promise.all(Array.from({ length: 8 }, () => login(email, PASSWORD, code)));
    assert.equal(replies.filter(({ status }) => status === 204).length, 1);
    for (const reply of replies.filter(({ status }) => status !== 204)) assertWants(reply);
    assertWants(await login(email, PASSWORD, code));
});

test('a recovery code signs in once, however it is typed', async () => {
    const { email, id, codes, session } = await guarded();
    const typed = [codes[0], codes[1].toLowerCase(), codes[2].replaceAll('-', ''), codes[3].replaceAll('-', ' ')];
    for (const code of typed) assert.equal((await login(email, PASSWORD, code)).status, 204, code);
    for (const code of typed) assertWants(await login(email, PASSWORD, code));
    const both = await Promise.all([1, 2, 3, 4].map(() => login(email, PASSWORD, codes[4])));
    assert.equal(both.filter(({ status }) => status === 204).length, 1);
    const left = await server.api('GET', '/account/second_factor', undefined, session);
    assert.deepEqual(left.body, { is_on: true, recovery_codes_left: 5 });
    assert.equal(audit(id).filter((action) => action === 'recovery_code.use').length, 5);
    const other = await guarded();
    assertWants(await login(other.email, PASSWORD, codes[5]));
});

test('ten wrong codes lock codes for a while, not recovery codes, and a right one begins anew', async () => {
    const { email, id, secret, codes, refresh } = await guarded();
    const wrong = () => login(email, PASSWORD, codeOf(secret, stepNow() + 1000));
    for (let i = 0; i < 9; i += 1) assertWants(await wrong());
    assert.equal((await login(email, PASSWORD, codeOf(secret, stepNow()))).status, 204);
    refresh();
    for (let i = 0; i < 10; i += 1) assertWants(await wrong());
    const locked = await login(email, PASSWORD, codeOf(secret, stepNow()));
    assert.equal(locked.status, 429, locked.text);
    const wait = Number(locked.headers['retry-after']);
    assert.ok(wait > 60 && wait <= 901, `Retry-After: ${wait}`);
    assert.equal((await login(email, PASSWORD, codes[0])).status, 204);
    server.psql(`update second_factor set locked_until = now() where user_id = ${id}`);
    assertWants(await wrong());
    assert.equal((await login(email, PASSWORD, codeOf(secret, stepNow()))).status, 429, 'one more locks again');
    assert.ok(server.psql("select count(*) from audit_log where action = 'second_factor.refuse'") > 0);
});

test('its user removes it by password and code', async () => {
    const { email, id, session, secret, codes, refresh } = await guarded();
    const remove = (body) => factor(session, '/remove', body);
    assert.equal((await remove({ old_password: 'wrong', code: codes[0] })).status, 403);
    assert.equal((await remove({ old_password: PASSWORD })).status, 400);
    assertWants(await remove({ old_password: PASSWORD, code: '000000' }));
    assertWants(await remove({ old_password: PASSWORD, code: 'AAAA-BBBB-CCCC-DDDD' }));
    refresh();
    assert.equal((await remove({ old_password: PASSWORD, code: codeOf(secret, stepNow()) })).status, 204);
    assert.equal((await remove({ old_password: PASSWORD, code: codes[0] })).status, 409);
    assert.equal((await login(email, PASSWORD)).status, 204);
    assert.equal(server.psql(`select count(*) from recovery_code where user_id = ${id}`), '0');
    assert.equal(audit(id).at(-2), 'second_factor.remove');
});

test("an admin's reset takes it away with the password; the command line takes it alone", async () => {
    const [ann, bob] = [await guarded(), await guarded()];
    assert.equal((await server.api('POST', `/users/${ann.id}/reset`)).status, 200);
    assert.equal((await server.api('GET', `/users/${ann.id}`)).body.has_second_factor, false);
    assertWants(await login(bob.email, PASSWORD));
    const reset = (email) => server.mete(['second-factor', '--reset', email]);
    assert.match(await reset(bob.email.toUpperCase()), /removed/);
    assert.match(await reset(bob.email), /there was no second factor/);
    await assert.rejects(reset('none@shop.example'), /nobody has the e-mail address/);
    assert.equal((await login(bob.email, PASSWORD)).status, 204);
});

test('keys have none, and strangers cannot add one', async () => {
    for (const [path, body] of [
        ['', { old_password: PASSWORD }],
        ['/confirm', { code: '123456' }],
        ['/remove', { old_password: PASSWORD, code: '123456' }],
    ]) {
        assert.equal((await factor({}, path, body)).status, 403);
        const { session } = await person();
        const foreign = { key: null, headers: { ...session.headers, origin: 'https://evil.example' } };
        assert.equal((await factor(foreign, path, body)).status, 403);
    }
});

test('another sealing key opens nothing, and recovery codes still do', async () => {
    const { id, email, codes, secret } = await guarded();
    const other = (await guarded()).id;
    server.psql(`update second_factor set secret = (select secret from second_factor where user_id = ${other})
        where user_id = ${id}`);
    assertWants(await login(email, PASSWORD, codeOf(secret, stepNow())), 503);
    assert.equal((await login(email, PASSWORD, codes[0])).status, 204);
});

test('without a sealing key there are none', async () => {
    const bare = await startServer();
    try {
        const link = (await bare.api('POST', '/users', { email: 'ann@shop.example', role: 'viewer' })).body.link;
        const session = sessionOf(await bare.desk.request('POST', link, undefined, { key: null }), bare.deskUrl);
        await bare.api('PATCH', '/account', { password: PASSWORD }, session);
        const reply = await bare.api('POST', '/account/second_factor', { old_password: PASSWORD }, session);
        assert.deepEqual([reply.status, reply.body.code], [409, 'conflict']);
    } finally {
        await bare.stop();
    }
});
