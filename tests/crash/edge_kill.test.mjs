// SPDX-License-Identifier: GPL-3.0-or-later
// 202 means committed: an edge that dies at any moment loses nothing it acknowledged, and sending
// again stores nothing twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer, until } from '../http/harness.mjs';
import { Oracle } from './oracle.mjs';

const KILLS = 12;

let server;
before(async () => (server = await startServer({ edges: 2 })));
after(() => server?.stop());

async function killRandomEdge() {
    const victims = await until(() => {
        const { edges } = server.pids();
        return edges.length === 2 && edges;
    }, 10_000, 'two edges to run');
    const victim = victims[Math.floor(Math.random() * victims.length)];
    process.kill(victim, 'SIGKILL');
    await until(() => !server.pids().edges.includes(victim), 10_000, 'the killed edge to be gone');
}

test('kill -9 of edges under load: nothing owed is missing, nothing is there twice', async () => {
    const oracle = new Oracle(server);
    let isOver = false;
    const load = oracle.run(8, () => isOver);
    await until(() => oracle.owed.size > 500, 20_000, 'the load to flow');
    for (let i = 0; i < KILLS; i += 1) {
        await killRandomEdge();
        const before = oracle.owed.size;
        await pause(Math.random() * 150);
        await until(() => oracle.owed.size > before, 20_000, 'events to flow again');
    }
    isOver = true;
    await load;

    assert.ok(oracle.unanswered > 0, 'the kills hit requests in work');
    assert.deepEqual(oracle.verdict(), { missing: [], duplicates: 0, unknown: [] });
});

test('batches are numbered without holes within a writer', () => {
    const holes = server.rows(`select writer from visitor_event group by writer
        having count(distinct seq) <> count(*)`);
    assert.deepEqual(holes, [], 'each row of a writer has a seq of its own');
});
