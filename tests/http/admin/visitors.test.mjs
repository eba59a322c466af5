// SPDX-License-Identifier: GPL-3.0-or-later
// A visitor looked up at the desk: what it did, what it met, what it gets and why.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const HOUR = 3_600_000;
let server;

async function ok(method, path, body, options) {
    const reply = await server.api(method, path, body, options);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
}

const variants = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];
const campaign = (key, more = {}) => ({
    key,
    name: `The ${key}`,
    kind: 'experiment',
    variants,
    metrics: [{ key: 'conversion_rate' }],
    ...more,
});

before(async () => {
    server = await startServer();
    await ok('POST', '/environments', { key: 'staging' });
    for (const made of [
        campaign('open', { forced: { 'qa person/1': 'b' } }),
        campaign('german', { audience: { country: 'DE' } }),
        campaign('nobody', { coverage: 0 }),
        campaign('paused'),
    ]) {
        await ok('POST', '/campaigns', made);
        await ok('POST', `/campaigns/${made.key}/start`);
    }
    await ok('POST', '/campaigns/paused/pause');
    await ok('POST', '/campaigns', campaign('draft'));
    const start = Date.now() - 3 * HOUR;
    const events = Array.from({ length: 7 }, (_, i) => ({
        event_id: uuidv7(start + i * 1000),
        visitor_id: 'v/1 ü',
        name: 'page_view',
        ts: new Date(start + i * 1000).toISOString(),
        properties: { i },
    }));
    events.push({ event_id: uuidv7(start), visitor_id: 'other', name: 'page_view', ts: new Date(start).toISOString() });
    const shown = { campaign: 'open', phase: 1, variant: 'a', device: 'phone' };
    events.push({
        event_id: uuidv7(start + 8000),
        visitor_id: 'v/1 ü',
        name: 'exposure',
        ts: new Date(start + 8000).toISOString(),
        properties: shown,
    });
    const reply = await server.events({ sent_at: new Date().toISOString(), events }, { key: server.secretKey });
    assert.equal(reply.status, 202, reply.text);
    assert.equal(reply.body.accepted, events.length, reply.text);
});
after(() => server?.stop());

const path = (id) => `/visitors/${encodeURIComponent(id)}`;

test('what is known of a visitor', async () => {
    const read = () => ok('GET', path('v/1 ü'));
    await until(async () => (await read()).exposures.length > 0, 20_000, 'the exposure to be folded');
    const seen = await read();
    assert.deepEqual([seen.visitor_id, seen.event_count], ['v/1 ü', 8]);
    assert.ok(Date.parse(seen.last_seen_at) - Date.parse(seen.first_seen_at) === 8000, JSON.stringify(seen));
    const [{ campaign: key, name, phase, variant, is_crossover }] = seen.exposures;
    assert.deepEqual([key, name, phase, variant, is_crossover], ['open', 'The open', 1, 'a', false]);
    assert.deepEqual(await ok('GET', path('nobody')), {
        visitor_id: 'nobody',
        event_count: 0,
        first_seen_at: null,
        last_seen_at: null,
        exclusion: null,
        is_exclusion_due: false,
        exposures: [],
    });
    const elsewhere = await ok('GET', `${path('v/1 ü')}?environment=staging`);
    assert.deepEqual([elsewhere.event_count, elsewhere.exposures], [0, []], 'environments are apart');
});

test('events by pages, the last first', async () => {
    const names = [];
    let next = null;
    let pages = 0;
    do {
        const page = await ok('GET', `${path('v/1 ü')}/events?limit=3${next ? `&after=${next}` : ''}`);
        names.push(...page.items.map(({ name, properties }) => `${name} ${properties.i ?? ''}`.trim()));
        next = page.next;
        pages += 1;
    } while (next);
    assert.deepEqual(names, ['exposure', ...[6, 5, 4, 3, 2, 1, 0].map((i) => `page_view ${i}`)]);
    assert.equal(pages, 3);
    const [first] = (await ok('GET', `${path('v/1 ü')}/events?limit=1`)).items;
    assert.deepEqual([first.is_bot, first.is_staff, first.is_forced], [false, false, false]);
    assert.deepEqual((await ok('GET', `${path('nobody')}/events`)).items, []);
    for (const after of [
        'x',
        '1',
        '1_',
        `1_${'g'.repeat(32)}`,
        `${'1'.repeat(18)}_${'a'.repeat(32)}`,
        `1_${'a'.repeat(33)}`,
    ]) {
        assert.equal((await server.api('GET', `${path('v')}/events?after=${after}`)).status, 400, after);
    }
    assert.equal((await server.api('GET', `${path('v')}/events?limit=0`)).status, 400);
});

test('the desk decides as the edge does, and says why', async () => {
    const keys = ['german', 'nobody', 'open', 'paused'];
    for (const [id, attributes] of [
        ['v/1 ü', {}],
        ['qa person/1', { country: 'DE' }],
        ['x', { country: 'DE', deep: { a: [1] } }],
        ['y', { country: 'AT' }],
    ]) {
        const explained = await ok('POST', `${path(id)}/explain`, { attributes });
        const ask = () => server.decide({ visitor_id: id, attributes, campaigns: keys }, '?explain=1');
        const isKnown = ({ body }) => body.decisions.every(({ reason }) => reason !== 'unknown_campaign') && { body };
        const edge = await until(async () => isKnown(await ask()), 10_000, 'the campaigns on the edge');
        assert.equal(explained.visitor_id, id);
        assert.deepEqual(explained.decisions.map((d) => d.campaign).sort(), keys, 'a draft is none');
        assert.deepEqual(explained.decisions, edge.body.decisions, id);
    }
    const reasonOf = async (id, key, attributes) =>
        (await ok('POST', `${path(id)}/explain`, { attributes })).decisions.find((d) => d.campaign === key);
    assert.equal((await reasonOf('y', 'german', { country: 'AT' })).reason, 'audience');
    assert.equal((await reasonOf('y', 'nobody', {})).reason, 'coverage');
    assert.equal((await reasonOf('y', 'paused', {})).reason, 'not_running');
    const forced = await reasonOf('qa person/1', 'open', {});
    assert.deepEqual([forced.reason, forced.variant], ['forced', 'b']);
});

test('what was changed a moment ago is in force', async () => {
    const reason = async () =>
        (await ok('POST', `${path('y')}/explain`)).decisions.find((d) => d.campaign === 'open').reason;
    assert.equal(await reason(), 'bucket');
    await ok('POST', '/environments/production/panic', { is_panic: true });
    assert.equal(await reason(), 'panic');
    await ok('POST', '/environments/production/panic', { is_panic: false });
    assert.equal(await reason(), 'bucket');
    assert.deepEqual((await ok('POST', `${path('y')}/explain?environment=staging`)).decisions, []);
});

test('wrong questions are refused at their place', async () => {
    for (const [body, pointer] of [
        [{ attributes: 5 }, '/attributes'],
        [{ attributes: [] }, '/attributes'],
        [{ who: 1 }, '/who'],
        ['[]', ''],
    ]) {
        const reply = await server.api('POST', `${path('y')}/explain`, body);
        assert.deepEqual([reply.status, reply.body.pointer], [400, pointer], reply.text);
    }
    const long = 'x'.repeat(257);
    for (const [method, below] of [
        ['GET', ''],
        ['GET', '/events'],
        ['POST', '/explain'],
    ]) {
        assert.equal((await server.api(method, path(long) + below)).status, 400, below);
        assert.equal((await server.api(method, `/visitors/%0a${below}`)).status, 400, below);
    }
});
