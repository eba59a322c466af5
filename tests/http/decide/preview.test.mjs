// SPDX-License-Identifier: GPL-3.0-or-later
// Drafts are shown to who holds a signed link, and to nobody else.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';
import { holdTable } from '../lib/hold.mjs';

const DAY_MS = 86_400_000;
const draft = {
    key: 'button',
    name: 'Bigger button',
    kind: 'experiment',
    variants: [
        { key: 'old', name: 'As it is', weight: 0.5, is_control: true },
        { key: 'new', weight: 0.5, changes: [{ type: 'text', selector: '.buy', value: 'Secret offer' }] },
    ],
    triggers: { pages: [{ value: '/shop' }] },
    metrics: [{ key: 'conversion_rate' }],
};

let server;

async function make(method, path, body, options) {
    const reply = await server.api(method, path, body, options);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const linksOf = (key = 'button', body = {}, query = '') => make('POST', `/campaigns/${key}/previews${query}`, body);
const tokenOf = async (...args) => (await linksOf(...args)).links[1].token;
const show = (token, options) => server.edge.request('POST', '/v1/preview', { token }, options);

async function assertRefused(token, why, options) {
    const { status, body, text } = await show(token, options);
    assert.equal(status, 403, text);
    assert.match(body.detail, why);
    assert.equal(body.pointer, '/token');
    assert.doesNotMatch(text, /Secret offer|Bigger button/);
}

before(async () => {
    server = await startServer({ edges: 1 });
    await make('POST', '/environments', { key: 'staging' });
    await make('POST', '/flags', { key: 'cta', type: 'string', default: 'Order' });
    await make('POST', '/campaigns', draft);
});
after(() => server?.stop());

test('a link a variant, with its name and the day it ends', async () => {
    const before = Date.now();
    const { links, expires_at } = await linksOf('button', { days: 2 });
    assert.deepEqual(
        links.map(({ variant, name, is_control }) => [variant, name, is_control]),
        [
            ['old', 'As it is', true],
            ['new', 'new', false],
        ],
    );
    const holds = Date.parse(expires_at) - before;
    assert.ok(holds > 2 * DAY_MS - 2000 && holds <= 2 * DAY_MS + 600_000, String(holds));
});

test('its token shows the draft: its variants, where it begins, and names', async () => {
    const { status, body, headers } = await show(await tokenOf());
    assert.equal(status, 200);
    assert.equal(headers['cache-control'], 'no-store');
    assert.deepEqual([body.campaign, body.variant], ['button', 'new']);
    assert.deepEqual(body.names, { button: { name: 'Bigger button', variants: { old: 'As it is', new: 'new' } } });
    const [campaign, ...others] = body.config.campaigns;
    assert.deepEqual(others, []);
    assert.deepEqual(campaign.triggers.pages[0].value, '/shop');
    assert.equal(campaign.variants[1].changes[0].value, 'Secret offer');
    assert.deepEqual(body.config.page.campaigns.button.targets, ['.buy']);
    assert.deepEqual(body.config.flags, { cta: 'Order' });
});

test('what is changed in the draft is shown by the link there is', async () => {
    const token = await tokenOf();
    const variants = [draft.variants[0], { ...draft.variants[1], flags: { cta: 'Buy' }, changes: [] }];
    await make('PATCH', '/campaigns/button', { variants });
    const { body } = await show(token);
    assert.deepEqual(body.config.campaigns[0].variants[1].flags, { cta: 'Buy' });
    await make('PATCH', '/campaigns/button', { variants: draft.variants });
});

test('nobody else is told of a draft', async () => {
    const decided = await server.decide({ visitor_id: 'v', campaigns: ['button'] }, '?page=1&explain=1');
    assert.equal(decided.body.decisions[0].reason, 'unknown_campaign');
    assert.doesNotMatch(decided.text, /Secret offer/);
    const config = await server.edge.request('GET', '/v1/config');
    assert.doesNotMatch(config.text, /Secret offer|button|preview/);
    const secrets = server.psql("select encode(preview_secret, 'hex') from environment").split('\n');
    assert.equal(new Set(secrets).size, 2, 'each environment has its own');
    for (const secret of secrets) for (const { text } of [decided, config]) assert.ok(!text.includes(secret));
    const described = await server.api('GET', '/environments/production');
    for (const secret of secrets) assert.ok(!described.text.includes(secret));
});

test('a token that was not signed here, in whatever part, is refused with a sentence', async () => {
    const token = await tokenOf();
    const parts = token.slice(4).split('.');
    const with_ = (i, value) => `mpv_${parts.map((part, at) => (at === i ? value : part)).join('.')}`;
    const forged = [
        '',
        'mpv_',
        'mpv_.....',
        token.slice(0, -1),
        `${token}A`,
        `${token}.`,
        token.slice(4),
        token.replace('mpv_', 'MPV_'),
        with_(0, '2'),
        with_(1, '2'),
        with_(2, '1'),
        with_(3, String(Number(parts[3]) + 1)),
        with_(4, 'old'),
        with_(5, 'A'.repeat(43)),
        with_(5, ''),
    ];
    for (const text of forged) await assertRefused(text, /^this preview link is incomplete, was revoked/);
    for (const body of [{}, { token: 5 }, { token: null }, { token: ['a'] }]) {
        const reply = await server.edge.request('POST', '/v1/preview', body);
        assert.deepEqual([reply.status, reply.body.pointer], [400, '/token'], JSON.stringify(body));
    }
});

test('without a key, or with one of another environment, a token is worth nothing', async () => {
    const token = await tokenOf();
    assert.equal((await show(token, { key: null })).status, 401);
    const { token: staging } = await make('POST', '/keys?environment=staging', { kind: 'client' });
    const isKnown = async () => (await server.decide({ visitor_id: 'v' }, '', { key: staging })).status === 200;
    await until(isKnown, 10_000, 'the edge to know the key');
    await assertRefused(token, /belongs to another site/, { key: staging });
});

test('a link that has ended says so', async () => {
    const token = await tokenOf();
    const parts = token.split('.');
    const secret = Buffer.from(
        server.psql("select encode(preview_secret, 'hex') from environment where id = 1"),
        'hex',
    );
    const { createHmac } = await import('node:crypto');
    const signed = (text) => `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    assert.equal(signed(parts.slice(0, -1).join('.')), token, 'what anybody with the secret computes');
    const past = String(Math.floor(Date.now() / 1000) - 3600);
    await assertRefused(signed([...parts.slice(0, 3), past, parts[4]].join('.')), /^this preview link has ended/);
    await assertRefused(signed([parts[0].replace('1', '2'), ...parts.slice(1, 5)].join('.')), /another environment/);
});

test('links of a campaign are revoked at once, and new ones hold', async () => {
    const token = await tokenOf();
    await make('POST', '/campaigns', { ...draft, key: 'other' });
    const other = await tokenOf('other');
    await make('POST', '/campaigns/button/revoke_previews');
    await assertRefused(token, /^this preview link was revoked/);
    assert.equal((await show(other)).status, 200);
    assert.equal((await show(await tokenOf())).status, 200);
    const [line] = (await server.api('GET', '/audit?limit=50')).body.items.filter(({ action }) =>
        action.endsWith('revoke_previews'),
    );
    assert.deepEqual([line.action, line.resource], ['campaign.revoke_previews', 'button']);
});

test('a new secret ends all links of the environment', async () => {
    const token = await tokenOf();
    assert.equal((await show(token)).status, 200);
    const { version } = await make('POST', '/environments/production/revoke_previews');
    assert.ok(version > 1);
    const isEnded = async () => (await show(token)).status === 403;
    await until(isEnded, 10_000, 'the edge to know the new secret');
    await assertRefused(token, /was revoked/);
    assert.equal((await show(await tokenOf())).status, 200);
    const audit = await server.api('GET', '/audit?limit=200');
    assert.ok(!audit.text.includes(server.psql("select encode(preview_secret, 'hex') from environment where id = 1")));
});

test('a secret that the edge has not heard of yet counts already', async () => {
    const token = await tokenOf();
    const old = server.psql("select encode(preview_secret, 'hex') from environment where id = 1").trim();
    /* without the triggers that publish it */
    const keep = (hex) =>
        server.psql(`set session_replication_role = replica;
            update environment set preview_secret = '\\x${hex}' where id = 1`);
    keep('07'.repeat(32));
    await assertRefused(token, /^this preview link was revoked/);
    keep(old);
    assert.equal((await show(token)).status, 200);
});

test('a draft that cannot be shown says what is missing', async () => {
    await make('POST', '/campaigns', { key: 'empty', name: 'Empty', kind: 'experiment' });
    const none = await server.api('POST', '/campaigns/empty/previews', {});
    assert.deepEqual([none.status, none.body.pointer], [409, '/variants'], none.text);
    await make('PATCH', '/campaigns/empty', { variants: draft.variants });
    const token = await tokenOf('empty');
    assert.equal((await show(token)).status, 200);
    await make('PATCH', '/campaigns/empty', { variants: [] });
    const shown = await show(token);
    assert.equal(shown.status, 409, shown.text);
    assert.match(shown.body.detail, /^the draft cannot be shown as it stands: \/campaigns\/0\/.* an experiment/);
});

test('a variant that was taken out, a campaign that is gone or archived', async () => {
    const token = await tokenOf('other');
    const [control, changed] = draft.variants;
    await make('PATCH', '/campaigns/other', { variants: [control, { ...changed, key: 'third' }] });
    const without = await show(token);
    assert.deepEqual([without.status, without.body.detail], [409, 'the draft has no variant new any more']);
    await make('POST', '/campaigns/other/archive');
    await assertRefused(token, /^the campaign of this link is gone/);
    assert.equal((await server.api('POST', '/campaigns/other/previews', {})).status, 409);
    await make('POST', '/campaigns', { ...draft, key: 'short' });
    const gone = await tokenOf('short');
    await make('DELETE', '/campaigns/short');
    await assertRefused(gone, /^the campaign of this link is gone/);
    assert.equal((await server.api('POST', '/campaigns/nothing/previews', {})).status, 404);
});

test('four drafts of an edge are in work at once, and no more', async () => {
    const token = await tokenOf();
    const release = await holdTable(server, 'campaign', true);
    const replies = [];
    const asked = Array.from({ length: 5 }, async () => replies.push(await show(token)));
    await until(() => replies.length > 0, 10_000, 'one too many');
    await Promise.all([release(), ...asked]);
    assert.deepEqual(
        replies.map(({ status }) => status),
        [503, 200, 200, 200, 200],
    );
    assert.equal(replies[0].headers['retry-after'], '1');
    assert.equal(replies[0].body.detail, 'too many drafts are asked for: try again in a moment');
    assert.equal((await show(token)).status, 200, 'there is room again');
});

test('days are 1 to 30, and other fields are none', async () => {
    for (const [body, pointer] of [
        [{ days: 0 }, '/days'],
        [{ days: 31 }, '/days'],
        [{ days: 'x' }, '/days'],
        [{ day: 1 }, '/day'],
    ]) {
        const reply = await server.api('POST', '/campaigns/button/previews', body);
        assert.deepEqual([reply.status, reply.body.pointer], [400, pointer], JSON.stringify(body));
    }
});

test('who may not edit makes no links, and who makes some stands in the audit log', async () => {
    const { token } = await make('POST', '/keys', { kind: 'secret', role: 'viewer' });
    assert.equal((await server.api('POST', '/campaigns/button/previews', {}, { key: token })).status, 403);
    const isNoted = async () => {
        const { items } = (await server.api('GET', '/audit?limit=100')).body;
        return items.some(({ action, resource }) => action === 'campaign.preview' && resource === 'button');
    };
    await until(isNoted, 10_000, 'the line of the audit log');
});

test('names of other campaigns stay inside; nothing that a preview asks is an event', async () => {
    await make('POST', '/campaigns', { ...draft, key: 'live', name: 'Live one', triggers: null });
    await make('POST', '/campaigns/live/start');
    const { body } = await show(await tokenOf());
    assert.deepEqual(Object.keys(body.names), ['button']);
    assert.equal(body.config.campaigns.length, 1);
    assert.equal(server.psql("select count(*) from visitor_event where visitor_id <> 'harness'"), '0');
});
