// SPDX-License-Identifier: GPL-3.0-or-later
// Links that show a campaign's results to whoever has one: these alone, until they end or are revoked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { holdTable } from '../lib/hold.mjs';

const experiment = (key) => ({
    key,
    kind: 'experiment',
    variants: [
        { key: 'a', name: 'As it is', weight: 0.5, is_control: true },
        { key: 'b', name: 'New', weight: 0.5 },
    ],
    metrics: [{ key: 'conversion_rate', role: 'primary' }],
});

let server;
before(async () => {
    server = await startServer();
    for (const key of ['open', 'other']) {
        await ok('POST', '/campaigns', experiment(key));
        if (key === 'open') await ok('POST', '/campaigns/open/start');
    }
});
after(() => server?.stop());

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const anybody = (path, method = 'GET') => server.desk.request(method, path, undefined, { key: null });
const shared = (token) => anybody(`/api/v1/shared/${token}`);

test('a link shows what the results page reads, to whoever has it', async () => {
    const made = await ok('POST', '/shares', { campaign: 'open', name: 'the board', days: 7 });
    assert.match(made.token, /^mss_[\w-]{43}$/);
    assert.deepEqual([made.is_open, made.hint], [true, made.token.slice(-4)]);
    assert.equal(Math.round((Date.parse(made.expires_at) - Date.parse(made.created_at)) / 86_400_000), 7);
    const { status, body, headers } = await shared(made.token);
    const { as_of: then, ...results } = await ok('GET', '/campaigns/open/results');
    const { as_of: now, ...seen } = body;
    assert.equal(status, 200);
    assert.ok(then && now);
    /* what a moment later is another moment */
    for (const document of [results, seen]) {
        delete document.verdict.days;
        delete document.traffic.days;
        delete document.health.fold;
    }
    assert.deepEqual(seen, results);
    assert.deepEqual(
        body.variants.map(({ name }) => name),
        ['As it is', 'New'],
    );
    assert.equal(headers['x-robots-tag'], 'noindex');
    assert.equal(headers['cache-control'], 'no-store');
});

test('the page of a link is the UI, without signing in, and not for search engines', async () => {
    const { status, headers, text } = await anybody('/shared/mss_x');
    assert.deepEqual([status, headers['x-robots-tag']], [200, 'noindex']);
    assert.match(headers['content-security-policy'], /default-src 'none'/);
    assert.match(text, /<div id="app">/);
});

test('the token is told once, and kept as a hash', async () => {
    const { id, token } = await ok('POST', '/shares', { campaign: 'open' });
    assert.equal((await ok('GET', `/shares/${id}`)).token, undefined);
    assert.ok((await ok('GET', '/shares')).items.every((item) => item.token === undefined));
    const kept =
        server.psql('select row_to_json(s) from share s') + server.psql('select row_to_json(a) from audit_log a');
    assert.ok(!kept.includes(token));
    assert.ok(kept.includes('share.create'));
});

test('revoked, it shows nothing from that moment on, and the log says who did it', async () => {
    const { id, token } = await ok('POST', '/shares', { campaign: 'open' });
    assert.equal((await shared(token)).status, 200);
    await ok('DELETE', `/shares/${id}`);
    const refused = await shared(token);
    assert.deepEqual([refused.status, refused.body.detail], [404, 'this link shows nothing: it ended, or was revoked']);
    assert.equal(refused.headers['x-robots-tag'], 'noindex');
    const [line] = (await ok('GET', '/audit?limit=10')).items;
    assert.deepEqual([line.action, line.resource, line.after], ['share.delete', 'open', null]);
    assert.equal((await server.api('DELETE', `/shares/${id}`)).status, 404);
    const listed = (await ok('GET', '/shares')).items.find((item) => item.id === id);
    assert.deepEqual([listed.is_open, typeof listed.revoked_at], [false, 'string']);
});

test('it ends by itself', async () => {
    const { id, token } = await ok('POST', '/shares', { campaign: 'open', days: 1 });
    server.psql(`update share set expires_at = now() where id = ${id}`);
    assert.equal((await shared(token)).status, 404);
    assert.equal((await ok('GET', `/shares/${id}`)).is_open, false);
});

test('a link opens nothing else, and nothing else opens it', async () => {
    const { token } = await ok('POST', '/shares', { campaign: 'open' });
    for (const path of ['/campaigns', '/campaigns/open', '/campaigns/open/results', '/shares', '/session']) {
        assert.equal((await server.api('GET', path, undefined, { key: token })).status, 401, path);
    }
    assert.equal((await anybody(`/api/v1/shared/${token}`, 'POST')).status, 405);
    for (const wrong of [server.secretKey, server.clientKey, 'x', token.slice(0, -1), `${token}x`, token.toLowerCase()])
        assert.equal((await shared(wrong)).status, 404, wrong);
});

test('what cannot be shared is refused with its field', async () => {
    const rows = [
        [{}, '/campaign'],
        [{ campaign: 'nowhere' }, '/campaign'],
        [{ campaign: 'other' }, '/campaign'],
        [{ campaign: 'open', days: 0 }, '/days'],
        [{ campaign: 'open', days: 366 }, '/days'],
        [{ campaign: 'open', days: 1.5 }, '/days'],
        [{ campaign: 'open', token: 'mss_mine' }, '/token'],
        [{ campaign: 'open', name: 'x'.repeat(201) }, '/name'],
    ];
    for (const [body, pointer] of rows) {
        const reply = await server.api('POST', '/shares', body);
        assert.deepEqual([reply.status, reply.body.pointer], [400, pointer], JSON.stringify(body).slice(0, 80));
    }
    const { id } = await ok('POST', '/shares', { campaign: 'open' });
    const moved = await server.api('PATCH', `/shares/${id}`, { campaign: 'other' });
    assert.deepEqual([moved.status, moved.body.pointer], [400, '/campaign']);
    assert.equal((await ok('PATCH', `/shares/${id}`, { name: 'for Ann' })).name, 'for Ann');
});

test('a link into an environment that was archived shows nothing', async () => {
    await ok('POST', '/environments', { key: 'staging' });
    const made = (path, body) => ok('POST', `${path}?environment=staging`, body);
    await made('/campaigns', experiment('there'));
    await made('/campaigns/there/start');
    const { token } = await made('/shares', { campaign: 'there' });
    assert.equal((await shared(token)).status, 200);
    await made('/campaigns/there/stop');
    await ok('DELETE', '/environments/staging');
    assert.equal((await shared(token)).status, 404);
});

test('other campaigns stay inside', async () => {
    const cell = (variant, other_variant, units, n) => ({ variant, other_variant, units, n: `${n}`, nn: `${n}` });
    const other = {
        campaign: 'neighbour',
        name: 'Next door',
        phase: 1,
        units: 4000,
        variants: [
            { key: 'c', weight: 0.5, is_control: true },
            { key: 'd', weight: 0.5, is_control: false },
        ],
        cells: [cell('a', 'c', 1500, 150), cell('a', 'd', 500, 50), cell('b', 'c', 500, 100), cell('b', 'd', 1500, 50)],
    };
    server.psql(`insert into overlap (campaign_id, phase, state, document)
        select c.id, 1, '', jsonb_build_object('metric', m.id, 'others', '${JSON.stringify([other])}'::jsonb)
        from campaign c join metric m on m.environment_id = c.environment_id and m.key = 'conversion_rate'
        where c.key = 'open'`);
    const { token } = await ok('POST', '/shares', { campaign: 'open' });
    const inside = await server.api('GET', '/campaigns/open/results');
    assert.equal(inside.body.interactions.length, 1);
    assert.deepEqual(inside.body.verdict.cautions[0].figures.campaign, 'Next door', inside.text);
    const { body, text } = await shared(token);
    assert.deepEqual([body.interactions, body.health.joint_srm], [[], []]);
    assert.doesNotMatch(text, /neighbour|Next door/);
});

test('four requests by links are in work at once, and no more', async () => {
    const { token } = await ok('POST', '/shares', { campaign: 'open' });
    const release = await holdTable(server, 'share', true);
    const replies = [];
    const asked = Array.from({ length: 5 }, async () => replies.push(await shared(token)));
    await until(() => replies.length > 0, 10_000, 'one too many');
    await Promise.all([release(), ...asked]);
    assert.deepEqual(
        replies.map(({ status }) => status),
        [503, 200, 200, 200, 200],
    );
    assert.equal(replies[0].headers['retry-after'], '1');
    assert.equal(replies[0].body.detail, 'too many read by links: try again in a moment');
    for (let i = 0; i < 5; i++) assert.equal((await shared(`mss_${'A'.repeat(43)}`)).status, 404);
    assert.equal((await shared(token)).status, 200, 'there is room again');
});

test('visitors’ ids stay inside', async () => {
    const { key: environment } = (await ok('GET', '/environments')).items[0];
    await ok('PATCH', `/environments/${environment}`, { unit_events: 100 });
    const exposure = { campaign: 'open', phase: 1, variant: 'b' };
    const events = [
        { visitor_id: 'machine', name: 'exposure', event_id: uuidv7(), properties: exposure },
        ...Array.from({ length: 120 }, () => ({ visitor_id: 'machine', name: 'page_view', event_id: uuidv7() })),
        ...Array.from({ length: 120 }, (_, i) => ({
            visitor_id: 'machine',
            name: 'purchase',
            event_id: uuidv7(),
            properties: { value: 1, currency: 'EUR', transaction_id: `t${i}` },
        })),
    ];
    await server.events({ events }, { key: server.secretKey });
    await until(
        async () => (await ok('GET', '/campaigns/open/results')).health.overflow.examples[0] === 'machine',
        30_000,
        'the machine to be left out',
    );
    const { token } = await ok('POST', '/shares', { campaign: 'open' });
    const { body, text } = await shared(token);
    assert.deepEqual(body.health.overflow, { units: 1, examples: [] });
    assert.ok(!text.includes('machine'));
});
