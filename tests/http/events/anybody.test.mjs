// SPDX-License-Identifier: GPL-3.0-or-later
// Whoever holds the public key is anybody: what it may not say, and who may.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

let count = 0;
const event = (name, properties = {}, more = {}) => ({
    event_id: uuidv7(),
    visitor_id: `v-${(count += 1)}`,
    name,
    properties,
    ...more,
});
const v8 = () => uuidv7().replace(/^(.{14})7/, '$18');

/* [event, pointer within it] */
const REFUSED = [
    [event('refund'), '/name'],
    [event('refund', { transaction_id: 'o2' }), '/name'],
    [event('refund', { value: 10, currency: 'EUR' }), '/name'],
    [event('purchase', { value: 10, tax: -1 }), '/properties/tax'],
    [event('purchase', { value: 10, shipping: -1 }), '/properties/shipping'],
    [event('purchase', { items: [{ price: 1 }, { price: -1 }] }), '/properties/items/1/price'],
    [event('add_to_cart', { value: -1 }), '/properties/value'],
    [event('begin_checkout', { value: -1e12 }), '/properties/value'],
    [event('view_item', { value: -0.01 }), '/properties/value'],
    [event('view_item', { items: [{ price: -1 }] }), '/properties/items/0/price'],
    [event('page_view', {}, { event_id: v8() }), '/event_id'],
    [event('purchase', { value: 1 }, { event_id: v8() }), '/event_id'],
];

async function start(key, more) {
    const variants = ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' }));
    const metrics = [{ key: 'conversion_rate', role: 'primary' }];
    const body = { key, kind: 'experiment', variants, metrics, ...more };
    const made = await server.api('POST', '/campaigns', body);
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', `/campaigns/${key}/start`)).status, 200);
}

async function newKey(role, scopes) {
    const made = await server.api('POST', '/keys', { kind: 'secret', role, scopes });
    assert.equal(made.status, 201, made.text);
    const key = made.body.token;
    await until(async () => (await server.decide({ visitor_id: 'v' }, '', { key })).status === 200, 10_000, 'the key');
    return key;
}

test('what lowers a sum, or bears the id of another, comes from a server', async () => {
    const events = REFUSED.map(([one]) => one);
    const { body } = await server.events({ events: [...events, event('page_view')] });
    assert.deepEqual(
        body.rejected.map(({ pointer }) => pointer),
        REFUSED.map(([, pointer], i) => `/events/${i}${pointer}`),
    );
    for (const { detail } of body.rejected) assert.match(detail, /server|version 7/);
    assert.equal(body.accepted, 1);
    const key = await newKey('viewer', ['events']);
    assert.deepEqual((await server.events({ events }, { key })).body, {
        accepted: events.length,
        duplicate: 0,
        rejected: [],
    });
});

test('events of secret keys want a scope, and no role has it', async () => {
    for (const role of ['viewer', 'editor', 'publisher', 'admin']) {
        for (const [scopes, status] of [
            [[], 403],
            [['events'], 202],
            [['backfill'], 202],
            [['events', 'backfill'], 202],
        ]) {
            const key = await newKey(role, scopes);
            const { status: found, body } = await server.events(event('page_view'), { key });
            assert.equal(found, status, `${role} with ${scopes}`);
            if (status === 403) assert.match(body.detail, /scope events/);
        }
    }
});

test('a scope is given and taken', async () => {
    const { id, token: key } = (await server.api('POST', '/keys', { kind: 'secret', role: 'admin' })).body;
    const status = async () => (await server.events(event('page_view'), { key })).status;
    for (const [scopes, wanted] of [
        [['events'], 202],
        [[], 403],
        [['backfill'], 202],
        [[], 403],
    ]) {
        assert.equal((await server.api('PATCH', `/keys/${id}`, { scopes })).status, 200);
        await until(async () => (await status()) === wanted, 10_000, `${wanted} with ${scopes}`);
    }
    assert.equal((await server.api('POST', '/keys', { kind: 'client', scopes: ['events'] })).status, 400);
});

test('the id of a coming exposure keeps it out for nobody', async () => {
    await start('x');
    const decided = async (visitor_id) => (await server.decide({ visitor_id })).body.decisions[0];
    const [known, victim] = ['known', 'victim'];
    await until(async () => (await decided(known))?.variant, 10_000, 'the campaign');
    const ts = new Date().toISOString(); // its day is in the id
    const exposure = async (visitor_id) => {
        const { campaign, phase, variant } = await decided(visitor_id);
        return { visitor_id, name: 'exposure', ts, properties: { campaign, phase, variant } };
    };
    /* The true one is stored by another server's hand and taken back, to learn its id. */
    const told = await exposure(victim);
    assert.equal((await server.events(told)).body.accepted, 1);
    const event_id = server.psql(`select event_id from visitor_event where visitor_id = 'victim'`);
    server.psql(`delete from visitor_event where visitor_id = 'victim'`);
    const others = [event('page_view'), event('purchase', { value: 1 }), { ...told, name: 'exposures' }];
    others.push({ ...told, ts: new Date(Date.now() - 86_400_000).toISOString() });
    for (const other of others) {
        const { body } = await server.events({ ...other, visitor_id: victim, event_id });
        assert.equal(body.accepted, 0, JSON.stringify(other));
        assert.equal(body.rejected[0].pointer, '/event_id');
    }
    assert.deepEqual((await server.events(told)).body, { accepted: 1, duplicate: 0, rejected: [] });
    assert.equal((await server.events({ ...told, event_id })).body.duplicate, 1, 'its own id is its own');
});

test('an exposure is what the buckets of its visitor give', async () => {
    await start('half', { coverage: 0.5, forced: { qa: 'b' } });
    const ids = Array.from({ length: 60 }, (_, i) => `met-${i}`);
    const decided = async (visitor_id) => {
        const { decisions } = (await server.decide({ visitor_id, campaigns: ['half'] })).body;
        return decisions[0];
    };
    await until(async () => (await decided('met-0')).phase === 1, 10_000, 'the campaign');
    const wanted = [];
    const events = [];
    for (const visitor_id of ids) {
        const { variant } = await decided(visitor_id);
        for (const claimed of ['a', 'b']) {
            events.push({ visitor_id, name: 'exposure', properties: { campaign: 'half', variant: claimed } });
            wanted.push(variant === claimed);
        }
    }
    const { body } = await server.events({ events });
    assert.equal(body.accepted, wanted.filter(Boolean).length);
    assert.deepEqual(
        body.rejected.map(({ index }) => index),
        wanted.flatMap((is, i) => (is ? [] : [i])),
    );
    for (const { pointer, detail } of body.rejected)
        assert.match(`${pointer} ${detail}`, /variant .*belongs to another variant|campaign .*not in the campaign/);
    assert.ok(body.rejected.some(({ pointer }) => pointer.endsWith('/campaign')));
    const kept = () => server.psql(`select count(*) from rejected_event where detail like '%another variant%'`);
    await until(() => Number(kept()) > 0, 10_000, 'some to be kept for people');

    const one = (visitor_id, more) => ({
        visitor_id,
        name: 'exposure',
        properties: { campaign: 'half', variant: 'a', ...more },
    });
    assert.equal((await server.events(one('qa'))).body.accepted, 1, 'a forced visitor is left out anyway');
    const experience = await server.events(one('met-0', { experience: 'e' }));
    assert.equal(experience.body.rejected[0].pointer, '/properties/experience');
    const all = await server.events({ events }, { key: server.secretKey });
    assert.equal(all.body.accepted + all.body.duplicate, events.length, 'servers are believed');
});

test('who comes in by more coverage is believed at once', async () => {
    for (let i = 0; i < 8; i += 1) {
        const key = `grows-${i}`;
        await start(key, { coverage: 0 });
        await until(async () =>
            (await server.decide({ visitor_id: 'v' })).body.decisions.some((d) => d.campaign === key),
        );
        assert.equal((await server.api('PATCH', `/campaigns/${key}`, { coverage: 1 })).status, 200);
        const claims = ['a', 'b'].map((variant) => ({
            visitor_id: `g-${i}`,
            name: 'exposure',
            properties: { campaign: key, variant },
        }));
        const { body } = await server.events({ events: claims });
        assert.equal(body.accepted, 1, JSON.stringify(body));
        assert.match(body.rejected[0].detail, /another variant/);
    }
});
