// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log, filtered: by whom, of what kind, about what and when; by names as by numbers. A request looks at so
// many lines and says how far it came. What belongs to no environment is for admins alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';

const SEARCHED = 5000; // lines at most, of a request
const DAY_MS = 86_400_000;

let server;
let robot;
let ann;
before(async () => {
    server = await startServer();
    await made('POST', '/environments', { key: 'staging' });
    robot = await made('POST', '/keys', { kind: 'secret', role: 'editor', name: 'Robot' });
    ann = await made('POST', '/users', { email: 'ann@shop.example', role: 'publisher' });
    await made('POST', '/campaigns', { key: 'sale', name: 'Summer sale', kind: 'experiment' }, { key: robot.token });
    await made('POST', '/flags', { key: 'cta', type: 'string', default: '' }, { key: robot.token });
    await made('PATCH', '/flags/cta', { default: 'Buy' });
    await made('POST', '/flags?environment=staging', { key: 'cta', type: 'string', default: '' });
    await made('PATCH', `/users/${ann.id}`, { role: 'viewer' });
    await made('PATCH', `/users/${ann.id}`, { role: 'publisher' });
    age('flag.create', '2026-01-10T12:00:00Z');
    age('campaign.create', '2026-01-11T00:00:00Z');
});
after(() => server?.stop());

async function made(...request) {
    const { status, body, text } = await server.api(...request);
    assert.ok(status < 300, `${request[1]}: ${text}`);
    return body;
}

/* A line of long ago; nobody but its owner changes one. */
const age = (action, at) => server.psql(`update audit_log set at = '${at}' where action = '${action}'`);

async function session(role, environmentRoles) {
    const email = `p${Math.random().toString(36).slice(2)}@shop.example`;
    const { link } = await made('POST', '/users', { email, role, environment_roles: environmentRoles ?? {} });
    const opened = await server.desk.request('POST', link, undefined, { key: null });
    return { key: null, headers: { cookie: opened.headers['set-cookie'][0].split(';')[0], origin: server.deskUrl } };
}

const ask = (filter, options) =>
    server.api('GET', `/audit?${new URLSearchParams({ limit: 100, ...filter })}`, undefined, options);
async function lines(filter, options) {
    const { status, body, text } = await ask(filter, options);
    assert.equal(status, 200, text);
    return body.items.map(({ action, resource }) => `${action} ${resource}`);
}

test('each filter, and several together', async () => {
    const user = (action) => `user.${action} ${ann.id}`;
    const old = { from: '2026-01-01', to: '2026-02-01' };
    const CASES = [
        [{ actor: 'Robot' }, ['campaign.create sale', 'flag.create cta']],
        [{ actor: `key:${robot.id}` }, ['campaign.create sale', 'flag.create cta']],
        [{ actor: 'robot' }, []],
        [{ actor: 'nobody@shop.example' }, []],
        [{ action: 'flag' }, ['flag.patch cta', 'flag.create cta']],
        [{ action: 'flag.patch' }, ['flag.patch cta']],
        [{ action: 'flag.pat' }, []],
        [{ action: 'fl_g' }, []],
        [{ action: 'patch', resource: 'cta' }, ['flag.patch cta']],
        [{ resource: 'cta', environment: 'staging' }, ['flag.create cta']],
        [{ resource: 'Summer sale' }, ['campaign.create sale']],
        [{ resource: 'sale' }, ['campaign.create sale']],
        [{ resource: 'Robot' }, [`key.create ${robot.id}`]],
        [{ resource: 'Ann@shop.example' }, [user('patch'), user('patch'), user('create')]],
        [{ resource: 'ann@shop.example', action: 'create' }, [user('create')]],
        [old, ['campaign.create sale', 'flag.create cta']],
        [{ ...old, actor: 'Robot', action: 'flag' }, ['flag.create cta']],
        [{ ...old, to: '2026-01-11' }, ['flag.create cta']],
        [{ ...old, from: '2026-01-11' }, ['campaign.create sale']],
        [{ ...old, from: '2026-01-11T01:00:00+01:00' }, ['campaign.create sale']],
        [{ ...old, from: '2026-01-11T00:00:00.000001Z' }, []],
        [{ to: '2026-01-01' }, []],
    ];
    for (const [filter, wanted] of CASES) assert.deepEqual(await lines(filter), wanted, JSON.stringify(filter));
    const own = await session('admin');
    assert.deepEqual(await lines({ actor: 'ann@shop.example' }, own), []);
});

test('what a person did is found by the address', async () => {
    const own = await session('editor');
    await made('POST', '/layers', { key: 'checkout' }, own);
    const { user } = await made('GET', '/session', undefined, own);
    for (const actor of [user.email, user.email.toUpperCase(), `user:${user.id}`])
        assert.deepEqual(await lines({ actor, action: 'layer' }), ['layer.create checkout'], actor);
});

test('what is no filter is refused, by name', async () => {
    const CASES = [
        ['from=yesterday', /^from must be a day or a time/],
        ['from=2026-02-30', /^from must/],
        ['to=2026-01-01T25:00:00Z', /^to must be a day/],
        ['to=', /^to must be a day/],
        ['from=2026-02-01&to=2026-01-01', /^to must be later than from/],
        ['from=2026-02-01&to=2026-02-01', /^to must be later/],
        ['actor=', /^actor must be 1 to 256/],
        ['actor=%ff', /^actor must/],
        ['action=%00', /^action must/],
        ['resource=%0a', /^resource must/],
        [`resource=${'x'.repeat(257)}`, /^resource must/],
        ['after=7', /after is no cursor/],
        ['after=7_', /after is no cursor/],
        ['after=_7', /after is no cursor/],
        ['after=-7_7', /after is no cursor/],
        [`after=${'9'.repeat(18)}_7`, /after is no cursor/],
        [`after=7_${'9'.repeat(19)}`, /after is no cursor/],
        ['limit=0', /^limit must/],
    ];
    for (const [query, why] of CASES) {
        const { status, body } = await server.api('GET', `/audit?${query}`);
        assert.equal(status, 400, query);
        assert.match(body.detail, why, query);
    }
    assert.equal((await ask({ after: `${'9'.repeat(17)}_${'9'.repeat(18)}`, limit: 1 })).status, 200);
});

test('pages follow one another, without gap or repetition', async () => {
    const whole = (await ask({ limit: 500 })).body;
    assert.deepEqual([whole.next, whole.searched_to], [null, null]);
    const found = [];
    let after;
    for (let i = 0; i <= whole.items.length; i += 1) {
        const { body } = await ask(after ? { limit: 1, after } : { limit: 1 });
        found.push(...body.items.map(({ id }) => id));
        assert.equal(body.searched_to, null);
        if (body.next === null) break;
        after = body.next;
    }
    assert.deepEqual(
        found,
        whole.items.map(({ id }) => id),
    );
});

test('a request looks at so many lines, says how far it came, and the next goes on', async () => {
    const [{ at }] = server.rows("select at from audit_log where action = 'flag.create' order by id limit 1");
    const from = new Date(Date.parse(at) - 300 * DAY_MS).toISOString();
    server.psql(`insert into audit_log (at, actor, environment_id, action, resource)
        select timestamptz '${from}' + i * interval '1 second', 'system', case when i % 2 = 0 then 1 end,
               case i when 1 then 'flag.needle' else 'flag.hay' end, 'x'
        from generate_series(1, ${2 * SEARCHED + 10}) i`);
    const steps = [];
    for (let after = ''; after !== null && steps.length < 9;) {
        const { body } = await ask(after ? { action: 'needle', after } : { action: 'needle' });
        steps.push([body.items.length, body.searched_to !== null, body.next !== null]);
        after = body.next;
    }
    assert.deepEqual(steps, [
        [0, true, true],
        [0, true, true],
        [1, false, false],
    ]);
    const first = (await ask({ action: 'needle' })).body;
    assert.ok(first.searched_to > from && first.searched_to < at, first.searched_to);
    assert.equal((await ask({ action: 'needle', to: first.searched_to })).body.searched_to !== null, true);
    assert.deepEqual(await lines({ action: 'needle', to: new Date(Date.parse(from) + 5000).toISOString() }), [
        'flag.needle x',
    ]);
    const plan = server.psql(`set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off; explain
        select id from audit_log where environment_id is null and at < now()
        order by environment_id desc, at desc, id desc limit 10`);
    assert.match(plan, /Index.*Scan Backward using audit_log_time/);
    assert.ok(!plan.includes('Sort'), plan);
});

test('lines of no environment are read by admins alone', async () => {
    const key = async (role) => ({ key: (await made('POST', '/keys', { kind: 'secret', role })).token });
    const CASES = [
        ['a viewer', await session('viewer'), false],
        ['an editor', await session('editor'), false],
        ['a publisher', await session('publisher'), false],
        ['a viewer who is a publisher here', await session('viewer', { production: 'publisher' }), false],
        ['an admin', await session('admin'), true],
        ['an admin, bound in vain', await session('admin', { production: 'none' }), true],
        ['a key of a viewer', await key('viewer'), false],
        ['a key of an editor', await key('editor'), false],
        ['a key of a publisher', await key('publisher'), false],
        ['a key of an admin', await key('admin'), true],
    ];
    for (const [who, options, isShown] of CASES) {
        for (const filter of [{}, { action: 'user' }, { resource: 'ann@shop.example' }, { action: 'session' }]) {
            const { body, text } = await ask(filter, options);
            const kinds = new Set(body.items.map(({ action }) => action.split('.')[0]));
            assert.equal(kinds.has('user') || kinds.has('session'), isShown, `${who} ${JSON.stringify(filter)}`);
            assert.equal(text.includes('ann@shop.example'), isShown && filter.action !== 'session', who);
        }
        assert.ok((await lines({ action: 'flag.patch' }, options)).includes('flag.patch cta'), who);
    }
});
