// SPDX-License-Identifier: GPL-3.0-or-later
// Exposures to campaigns and phases: one that began this moment is known to every edge that is told of it,
// one that never was is refused by its name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { holdTable } from '../lib/hold.mjs';
import { startServer, until } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer({ edges: 2 })));
after(() => server?.stop());

let count = 0;
const exposure = (campaign, more = {}) => ({
    visitor_id: `v-${(count += 1)}`,
    name: 'exposure',
    properties: { campaign, variant: 'a', ...more },
});
const send = async (event) => {
    const { status, body, text } = await server.events(event);
    assert.equal(status, 202, text);
    return body.rejected[0] ?? 'taken';
};

async function start(key) {
    await server.api('POST', '/campaigns', {
        key,
        name: key,
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate' }],
        variants: [
            { key: 'a', weight: 1, is_control: true },
            { key: 'b', weight: 0, is_control: false },
        ],
    });
    assert.equal((await server.api('POST', `/campaigns/${key}/start`, {})).status, 200);
}

test('a campaign that never was is refused, whatever phase it is said to be in', async () => {
    for (const phase of [undefined, 1, 17, 1_000_000]) {
        const { pointer, detail } = await send(exposure('nobody', { phase }));
        assert.equal(pointer, '/properties/campaign');
        assert.match(detail, /no campaign "nobody" is running here/);
    }
    assert.equal(server.psql("select count(*) from visitor_event where name = 'exposure'"), '0');
    assert.equal(server.psql('select count(*) from early_exposure'), '0');
});

test('one that started a moment ago is taken at once, by edges that have not heard of it', async () => {
    for (let i = 0; i < 10; i += 1) {
        await start(`fresh-${i}`);
        const sent = Array.from({ length: 8 }, (_, n) => send(exposure(`fresh-${i}`, n % 2 ? { phase: 1 } : {})));
        assert.deepEqual(await Promise.all(sent), Array(8).fill('taken'));
    }
});

test('a phase that has not begun is refused', async () => {
    const { pointer, detail } = await send(exposure('fresh-0', { phase: 2 }));
    assert.equal(pointer, '/properties/phase');
    assert.match(detail, /the newest phase of campaign "fresh-0" is 1/);
});

test('the others of the request are stored', async () => {
    const { body } = await server.events([exposure('fresh-1'), exposure('nobody', { phase: 1 }), exposure('fresh-1')]);
    assert.deepEqual([body.accepted, body.rejected.map(({ pointer }) => pointer)], [2, ['/1/properties/campaign']]);
});

test('one that is refused anyway is told and kept once, though its request waits', async () => {
    const bad = { ...exposure('fresh-1'), name: 'w'.repeat(65) };
    const { body } = await server.events([bad, exposure('nobody', { phase: 1 }), bad, exposure('fresh-1')]);
    assert.deepEqual(
        [body.accepted, body.rejected.map(({ pointer }) => pointer)],
        [1, ['/0/name', '/1/properties/campaign', '/2/name']],
    );
    const kept = () => server.psql(`select count(*) from rejected_event where detail like '/name: %64 characters'`);
    await until(() => kept() === '2', 10_000, 'both to be kept');
});

test('where the database does not answer it may be true, and waits for it', async () => {
    server.env.METE_SPOOL_AFTER_MS = '300';
    await server.restart();
    const release = await holdTable(server, 'snapshot', true);
    const reply = server.events(exposure('nobody', { phase: 1 }));
    const isBusy = async () => (await server.decide({ visitor_id: 'v' })).status === 200;
    assert.equal(await isBusy(), true, 'decisions do not wait');
    const { status, body } = await reply;
    assert.deepEqual([status, body.accepted], [202, 1]);
    await release();
    await until(
        async () => (await send(exposure('nobody', { phase: 1 }))) !== 'taken',
        10_000,
        'the database to be asked',
    );
});

test('a key that was taken away meanwhile is not let in', async () => {
    const made = await server.api('POST', '/keys', { name: 'short', kind: 'client' });
    assert.equal(made.status, 201, made.text);
    const key = made.body.token;
    await until(async () => (await server.events([], { key })).status === 202, 10_000, 'the key');
    const many = Array.from({ length: 40 }, () => server.events(exposure('nobody', { phase: 1 }), { key }));
    assert.ok((await server.api('DELETE', `/keys/${made.body.key ?? made.body.id}`)).status < 300);
    for (const { status } of await Promise.all(many)) assert.ok([202, 401].includes(status), `${status}`);
    await until(async () => (await server.events([], { key })).status === 401, 10_000, 'the key to be gone');
});
