// SPDX-License-Identifier: GPL-3.0-or-later
// Ids that are nobody's: their events are refused with a sentence, counted and shown; the list is the
// environment's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';
import { sourceRoot } from '../lib/paths.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const view = (visitor_id) => ({ event_id: uuidv7(), visitor_id, name: 'page_view' });
const junkCount = async () => total(await scrape(server), 'mete_events_rejected_total', { reason: 'junk_id' });

async function isRefused(visitor_id) {
    const { status, body, text } = await server.events([view('v-1'), view(visitor_id)]);
    assert.equal(status, 202, text);
    if (body.accepted === 2) return false;
    assert.deepEqual([body.accepted, body.rejected.length], [1, 1], text);
    assert.equal(body.rejected[0].pointer, '/1/visitor_id');
    return /is nobody's id/.test(body.rejected[0].detail);
}

const environment = async () => {
    const { body } = await server.api('GET', '/environments');
    return body.items[0];
};

test('a new environment has the list, for everybody to see', async () => {
    const { junk_ids } = await environment();
    for (const id of ['undefined', 'null', 'NaN', '[object Object]', 'anonymous', '0', '(not set)'])
        assert.ok(junk_ids.includes(id), id);
});

test('each of the list, in any case, with spaces around; zeros; placeholders', async () => {
    const { junk_ids } = await environment();
    const before = await junkCount();
    const all = [...junk_ids, ...junk_ids.map((id) => ` ${id.toUpperCase()} `), '000-000', '{{ visitor }}', '${id}'];
    for (const id of all) assert.equal(await isRefused(id), true, id);
    assert.equal((await junkCount()) - before, all.length);
    for (const id of ['test', 'nullable', '0-1', 'user-undefined']) assert.equal(await isRefused(id), false, id);
    assert.equal(
        server.psql(`select count(*) from visitor_event where lower(visitor_id) in ('undefined', 'null', '0')`),
        '0',
    );
});

test('they are shown among the rejected events, with their place', async () => {
    const found = async () =>
        (await server.api('GET', '/rejected-events')).body.items.find((item) =>
            item.detail.startsWith('/visitor_id: "null" is nobody'),
        );
    const item = await until(found, 10_000, 'one of them');
    assert.equal(JSON.parse(item.event).name, 'page_view');
});

test('no cookie is made of one', async () => {
    const ask = (visitor_id) => server.edge.request('POST', '/v1/visitor', { visitor_id });
    const refused = await ask('undefined');
    assert.deepEqual(
        [refused.status, refused.body.pointer, refused.headers['set-cookie']],
        [400, '/visitor_id', undefined],
    );
    assert.equal((await ask('v-1')).status, 204);
});

test('the SDK knows the same list', async () => {
    const source = readFileSync(join(sourceRoot, 'web-ui/sdk/core/junk.ts'), 'utf8');
    const [, pattern, flags] = /const JUNK =\s*\/(.*)\/(\w+);/.exec(source);
    const junk = new RegExp(pattern, flags);
    const listed = (await environment()).junk_ids;
    assert.ok(listed.length > 15);
    for (const id of [
        ...listed,
        ...listed.map((one) => ` "${one.toUpperCase()}"`),
        '',
        '000-000',
        '{{ visitor }}',
        '${id}',
    ])
        assert.ok(junk.test(id), id);
    for (const id of [
        'test',
        'nullable',
        '0-1',
        'user-undefined',
        'nan-1',
        'guest 7',
        'f-1',
        'n',
        'v-1',
        '-2',
        'none of it',
    ])
        assert.ok(!junk.test(id), id);
});

test('who asks with one gets the defaults, and is told why', async () => {
    await server.api('POST', '/flags', { key: 'cta', type: 'string', default: 'Order' });
    await server.api('POST', '/campaigns', {
        key: 'all',
        name: 'All',
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate' }],
        variants: ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a', flags: { cta: 'Buy' } })),
    });
    const started = await server.api('POST', '/campaigns/all/start', {});
    assert.equal(started.status, 200, started.text);
    const ask = async (visitor_id) => (await server.decide({ visitor_id })).body;
    await until(async () => (await ask('v-1')).flags.cta === 'Buy', 10_000, 'the campaign');
    const { decisions, flags } = await ask('undefined');
    assert.deepEqual(
        decisions.map(({ variant, reason }) => [variant, reason]),
        [[null, 'junk_id']],
    );
    assert.deepEqual(flags, { cta: 'Order' });
});

test('the way of a beacon and of a secret key', async () => {
    const body = JSON.stringify(view('undefined'));
    const beacon = await server.edge.request('POST', `/v1/events?key=${server.clientKey}`, body, {
        key: null,
        type: 'text/plain',
    });
    assert.equal(beacon.body.rejected[0].pointer, '/visitor_id');
    assert.equal(
        (await server.events(view('undefined'), { key: server.secretKey })).body.rejected[0].pointer,
        '/visitor_id',
    );
});

test('the list can be changed: one more, one less, and back to what it was', async () => {
    const { key, version, junk_ids } = await environment();
    const patch = async (list) => {
        const { status, text } = await server.api('PATCH', `/environments/${key}`, { junk_ids: list });
        assert.equal(status, 200, text);
    };
    assert.ok(version > 0);
    await patch([...junk_ids.filter((id) => id !== 'anonymous'), 'Kiosk 1']);
    await until(() => isRefused('kiosk 1'), 10_000, 'the edge to know it');
    assert.equal(await isRefused('anonymous'), false);
    await patch(null);
    await until(() => isRefused('anonymous'), 10_000, 'the edge to know it');
    assert.equal(await isRefused('kiosk 1'), false);
    assert.deepEqual((await environment()).junk_ids, junk_ids);
    const wrong = await server.api('PATCH', `/environments/${key}`, { junk_ids: ['a', 7] });
    assert.deepEqual([wrong.status, wrong.body.pointer], [400, '/junk_ids/1']);
});
