// SPDX-License-Identifier: GPL-3.0-or-later
// What a site needs to begin, and how far it is: only what comes from the site itself counts.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';

const variants = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];

let server;
let imports;
const read = async (query = '') => (await server.api('GET', `/install${query}`)).body;
const counted = async () => (await server.api('GET', '/data-quality')).body.total.event_count;

async function make(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const send = async (visitor_id, name, properties = {}) => {
    const reply = await server.events({ events: [{ visitor_id, name, properties }] });
    assert.deepEqual([reply.status, reply.body.accepted], [202, 1], reply.text);
};

before(async () => {
    server = await startServer();
    imports = new Imports(server);
    await make('POST', '/environments', { key: 'staging' });
});
after(() => {
    imports?.remove();
    return server?.stop();
});

test('a new installation: a key, where the edge is, and nothing seen', async () => {
    const { client_keys, ...rest } = await read();
    assert.deepEqual(
        client_keys.map(({ name, token }) => [name, token]),
        [['first', server.clientKey]],
    );
    assert.deepEqual(rest, {
        edge_url: server.edgeUrl,
        last_event: null,
        last_exposure: null,
        last_goal: null,
        goal_events: ['add_to_cart', 'purchase'],
        campaign: null,
        has_started: false,
    });
});

test('keys that were revoked are not shown, and those of others', async () => {
    const { id } = await make('POST', '/keys', { kind: 'client', name: 'second' });
    await make('POST', '/keys', { kind: 'secret', name: 'a secret' });
    assert.deepEqual(
        (await read()).client_keys.map(({ name }) => name),
        ['first', 'second'],
    );
    await make('DELETE', `/keys/${id}`);
    assert.equal((await read()).client_keys.length, 1);
    assert.deepEqual((await read('?environment=staging')).client_keys, []);
});

test('imports and simulations are not the site', async () => {
    const metrics = [{ key: 'conversion_rate' }];
    await make('POST', '/campaigns', { key: 'sim', name: 'Simulated', kind: 'experiment', variants, metrics });
    await make('POST', '/campaigns/sim/start');
    await server.mete(['simulate', '--campaign', 'sim', '--visitors', '50', '--rates', '0.5', '--json']);
    await imports.load('old', 'id,g,v\n1,a,1\n2,b,2\n');
    await until(async () => (await counted()) > 50, 20_000, 'the simulated events to be counted');
    const { last_event, last_exposure, last_goal, campaign, has_started } = await read();
    assert.deepEqual([last_event, last_exposure, last_goal], [null, null, null]);
    assert.deepEqual([campaign.key, has_started], ['sim', true], 'the imported campaign is none');
});

test('what the site sends is seen, by what it is', async () => {
    const before = await counted();
    await send('v1', 'page_view');
    await until(async () => (await read()).last_event, 20_000, 'the page view to be seen');
    const first = await read();
    assert.equal(first.last_event.name, 'page_view');
    assert.deepEqual([first.last_exposure, first.last_goal], [null, null]);
    assert.ok(Math.abs(Date.parse(first.last_event.at) - Date.now()) < 3_600_000);
    await send('v1', 'purchase', { value: 5, currency: 'EUR', transaction_id: '1' });
    await until(async () => (await counted()) === before + 2, 20_000, 'the purchase to be counted');
    const { last_event, last_goal, last_exposure } = await read();
    assert.deepEqual([last_event.name, last_goal.name, last_exposure], ['purchase', 'purchase', null]);
    const { body } = await server.decide({ visitor_id: 'v1', campaigns: ['sim'] });
    await send('v1', 'exposure', { campaign: 'sim', phase: 1, variant: body.decisions[0].variant });
    await until(async () => (await read()).last_exposure, 20_000, 'the exposure to be seen');
    assert.equal((await read('?environment=staging')).last_event, null, 'each environment for itself');
});

test('goals are those of the campaigns', async () => {
    await make('POST', '/metrics', { key: 'quiz', name: 'Quiz', kind: 'conversion', event: 'quiz_done' });
    assert.deepEqual((await read()).goal_events, ['purchase']);
    const metrics = [{ key: 'quiz', role: 'primary' }];
    await make('POST', '/campaigns', { key: 'c', name: 'C', kind: 'experiment', variants, metrics });
    const { goal_events, campaign, last_goal } = await read();
    assert.deepEqual([goal_events, campaign], [['purchase', 'quiz_done'], { key: 'c', name: 'C' }]);
    assert.equal(last_goal.name, 'purchase');
    await send('v1', 'quiz_done');
    await until(async () => (await read()).last_goal.name === 'quiz_done', 20_000, 'the goal to be seen');
});

test('a setting says where pages find the edge', async () => {
    const other = await startServer({ edge_public_url: 'https://mete.shop.example' });
    try {
        assert.equal((await other.api('GET', '/install')).body.edge_url, 'https://mete.shop.example');
    } finally {
        await other.stop();
    }
});
