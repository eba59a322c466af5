// SPDX-License-Identifier: GPL-3.0-or-later
// The account of the events comes out even through kills and with PostgreSQL cut off, and agrees with
// what the clients were told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { account, scrape, total } from '../http/lib/metrics_text.mjs';
import { holdTable } from '../http/lib/hold.mjs';
import { ALL_IS_WELL, Oracle } from './oracle.mjs';

const TURNS = 6;

let server;
before(async () => (server = await startServer({ edges: 2 })));
after(() => server?.stop());

/* With events in flight: they are held up on their way. */
async function killWhileHeld() {
    const [victim] = await until(() => server.pids().edges.length === 2 && server.pids().edges, 10_000, 'two edges');
    const release = await holdTable(server, 'visitor_event');
    await until(async () => account(await scrape(server)).inFlight >= 100, 10_000, 'events in flight');
    process.kill(victim, 'SIGKILL');
    await release();
    await until(() => !server.pids().edges.includes(victim), 10_000, 'the killed edge to be gone');
}

function cutDatabase() {
    server.psql(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'mete edge%' and datname = current_database()`);
}

test('edges killed and cut off under load: every event received is in its place', async () => {
    const oracle = new Oracle(server);
    let isOver = false;
    const load = oracle.run(8, () => isOver);
    for (let i = 0; i < TURNS; i += 1) {
        const before = oracle.owed.size;
        await until(() => oracle.owed.size > before + 200, 20_000, 'events to flow');
        if (i % 2) cutDatabase();
        else await killWhileHeld();
        for (let n = 0; n < 5; n += 1) account(await scrape(server));
    }
    isOver = true;
    await load;
    await until(async () => account(await scrape(server)).inFlight === 0, 10_000, 'nothing in flight');
    const families = await scrape(server);
    const { acked, duplicate } = account(families);
    assert.equal(total(families, 'mete_restarts_total'), TURNS / 2);
    assert.ok(total(families, 'mete_events_rejected_total', { reason: 'lost' }) > 0);
    assert.ok(total(families, 'mete_database_lost_total') >= TURNS);
    assert.ok(acked + duplicate >= oracle.owed.size, 'whoever heard of it was counted');
    assert.deepEqual(oracle.verdict(), ALL_IS_WELL);
});

test('kill -9 of the desk: another one reads the same counters', async () => {
    const before = account(await scrape(server));
    const { desk } = server.pids();
    process.kill(desk, 'SIGKILL');
    const isBack = async () =>
        server.pids().desk !== desk && (await server.desk.request('GET', '/livez').catch(() => null))?.status === 200;
    await until(isBack, 10_000, 'another desk');
    const isUp = async () => total(await scrape(server), 'mete_database_connections', { process: 'desk' }) === 4;
    await until(isUp, 10_000, 'its connections');
    const families = await scrape(server);
    assert.deepEqual(account(families), before);
    assert.equal(total(families, 'mete_restarts_total', { process: 'desk' }), 1);
});
