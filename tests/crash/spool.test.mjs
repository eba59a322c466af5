// SPDX-License-Identifier: GPL-3.0-or-later
// The spool: 202 goes on being the truth while PostgreSQL is away.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { OwnedCluster } from '../http/cluster.mjs';
import { startServer, until } from '../http/harness.mjs';
import { Oracle, pageView } from './oracle.mjs';

let cluster;
before(async () => (cluster = await OwnedCluster.start()));
after(() => cluster?.stop());

const spoolFiles = (server) => readdirSync(server.stateFolder).filter((name) => name.startsWith('spool-')).sort();
const isDrained = (server) => until(() => spoolFiles(server).length === 0, 30_000, 'the spool to be drained');
const FINE = { missing: [], duplicates: 0, unknown: [] };

async function owe(oracle, count, batch = 20) {
    const end = oracle.owed.size + count;
    oracle.batch = batch;
    await oracle.run(4, () => oracle.owed.size >= end);
}

test('PostgreSQL goes and comes: nothing is lost, in order', async () => {
    const server = await startServer({ edges: 2, spool_after_ms: 200 }, cluster);
    const oracle = new Oracle(server);
    await owe(oracle, 500);
    await cluster.halt();
    await owe(oracle, 3000);
    assert.equal(spoolFiles(server).filter((name) => name.endsWith('.db')).length, 2);
    await cluster.begin();
    await isDrained(server);
    await owe(oracle, 500);
    assert.deepEqual(oracle.verdict(), FINE);
    await server.stop();
});

test('what is in the spool outlives kill -9, SIGTERM, and the slot it was made by', async () => {
    const server = await startServer({ edges: 3, spool_after_ms: 200 }, cluster);
    const oracle = new Oracle(server);
    await cluster.halt();
    await owe(oracle, 1000);
    for (const pid of server.pids().edges) process.kill(pid, 'SIGKILL');
    await until(() => server.pids().edges.length === 3, 10_000, 'edges to be back');
    await owe(oracle, 1000);
    await server.shutDown();
    assert.equal(spoolFiles(server).filter((name) => name.endsWith('.db')).length, 3);
    server.env.METE_EDGES = '1';
    await server.spawn();
    await owe(oracle, 200);
    await cluster.begin();
    await isDrained(server);
    assert.deepEqual(oracle.verdict(), FINE);
    await server.stop();
});

test('without a folder for it: 503 and Retry-After', async () => {
    const server = await startServer({ spool_after_ms: 200, state_dir: '' }, cluster);
    await cluster.halt();
    const reply = await server.events({ events: [pageView(1)] });
    assert.deepEqual([reply.status, reply.headers['retry-after']], [503, '1']);
    const ready = await server.edge.request('GET', '/readyz');
    assert.deepEqual([ready.status, ready.body.can_decide, ready.body.can_store], [503, true, false]);
    await cluster.begin();
    await until(async () => (await server.events({ events: [pageView(1)] })).status === 202, 10_000, 'it to be taken');
    await server.stop();
});
