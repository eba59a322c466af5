// SPDX-License-Identifier: GPL-3.0-or-later
// The spool: what is in it outlives processes and slots, is stored in order, says when it is full, and
// holds nothing back that PostgreSQL refuses.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Client } from '../http/lib/client.mjs';
import { OwnedCluster } from '../http/lib/cluster.mjs';
import { until, uuidv7 } from '../http/lib/harness.mjs';
import { pageView } from './oracle.mjs';
import { inWorld, times } from './world.mjs';

let cluster;
beforeEach(async () => {
    cluster ??= await OwnedCluster.start();
    if (!cluster.answers()) await cluster.begin();
});
after(() => cluster?.stop());

const SOON = { spool_after_ms: 100 };
const files = (world) => world.spoolFiles().filter((name) => name.endsWith('.db'));

/* Sends until so many more are owed. */
async function owe({ oracle }, count) {
    const end = oracle.owed.size + count;
    await oracle.run(8, () => oracle.owed.size >= end);
}

async function halted(world, during) {
    await owe(world, 300);
    await cluster.halt();
    await during();
    await cluster.begin();
}

test('what is in the spool outlives kill -9, SIGTERM, and the slot it was made by', async () => {
    await inWorld({ edges: 3, ...SOON }, cluster, async (world) => {
        const { server } = world;
        await halted(world, async () => {
            await owe(world, 1000);
            for (const pid of server.pids().edges) process.kill(pid, 'SIGKILL');
            await until(() => server.pids().edges.length === 3, 10_000, 'edges to be back');
            await owe(world, 1000);
            await server.shutDown();
            assert.ok(files(world).length > 1, 'files of slots that will be gone');
            server.env.METE_EDGES = '1';
            await server.spawn();
            await owe(world, 200);
        });
        await world.untilDrained();
    });
});

test('what came first is stored first', async () => {
    await inWorld({ edges: 1, batch_rows: 5, ...SOON }, cluster, async (world) => {
        const events = Array.from({ length: 40 }, (_, i) => ({ ...pageView(i), visitor_id: `in-order-${200 - i}` }));
        await halted(world, async () => {
            for (const event of events) await world.oracle.send([event]);
        });
        await world.untilDrained();
        const seqs = new Map(
            world.server
                .rows(
                    `select event_id, seq from visitor_event
            where visitor_id like 'in-order-%'`,
                )
                .map(({ event_id, seq }) => [event_id, seq]),
        );
        assert.equal(seqs.size, 40);
        /* Within a commit rows stand in the order of their keys, here the other way round. */
        const inFives = Array.from({ length: 8 }, (_, i) => events.slice(5 * i, 5 * i + 5).reverse()).flat();
        assert.deepEqual(
            [...inFives].sort((a, b) => seqs.get(a.event_id) - seqs.get(b.event_id)),
            inFives,
        );
    });
});

test('what PostgreSQL refuses at last is kept as rejected, and holds nothing back', async () => {
    await inWorld(SOON, cluster, async (world) => {
        const { server } = world;
        server.psql("alter table visitor_event add constraint no_poison check (name <> 'poison')");
        const poison = { ...pageView(1), name: 'poison' };
        const wrong = { ...pageView(2), name: '' };
        await halted(world, async () => {
            await owe(world, 200);
            const { status, body } = await server.events({ events: [poison, wrong] });
            assert.deepEqual(
                [status, body.accepted, body.rejected.map(({ pointer }) => pointer)],
                [202, 1, ['/events/1/name']],
            );
            await owe(world, 200);
        });
        await world.untilDrained();
        /* What the edge itself refused is kept as a sample, when PostgreSQL is back in time. */
        const kept = server.rows("select event from rejected_event where detail like '%no_poison%'");
        assert.equal(kept.length, 1);
        assert.equal(JSON.parse(kept[0].event).event_id, poison.event_id);
    });
});

test('the days an event may be of are judged when it comes, not when it is stored', async () => {
    await inWorld(SOON, cluster, async (world) => {
        const { server, oracle } = world;
        const day = Date.now() - 40 * 86_400_000;
        const old = { ...pageView(1), event_id: uuidv7(day), ts: new Date(day).toISOString() };
        await halted(world, async () => {
            const refused = await server.events({ events: [old] });
            assert.match(refused.body.rejected[0].detail, /day/);
            const importer = new Client(server.edgeUrl, server.secretKey);
            await oracle.send([old], importer);
            importer.close();
            assert.ok(oracle.owed.has(old.event_id), 'an importer may send it');
        });
        await world.untilDrained();
    });
});

test('without a folder for it: 503 and Retry-After', async () => {
    await inWorld({ ...SOON, state_dir: '' }, cluster, async (world) => {
        const { server } = world;
        await halted(world, async () => {
            const reply = await server.events({ events: [pageView(1)] });
            assert.deepEqual([reply.status, reply.headers['retry-after']], [503, '1']);
            const ready = await server.edge.request('GET', '/readyz');
            assert.deepEqual([ready.status, ready.body.can_decide, ready.body.can_store], [503, true, false]);
        });
        await until(async () => (await server.edge.request('GET', '/readyz')).body.can_store, 10_000, 'it to be ready');
        await owe(world, 300);
    });
});

/* Sends until 503 comes; then makes room, and all is well without a restart. */
async function fillAndRecover(world) {
    const { server, oracle } = world;
    await halted(world, async () => {
        oracle.makeEvent = (i) => ({ ...pageView(i), properties: { padding: 'x'.repeat(3000) } });
        await until(
            async () => (await oracle.send(oracle.makeBatch())) && oracle.refused > 0,
            30_000,
            'the first refusal',
        );
        const owed = oracle.owed.size;
        for (let i = 0; i < 20; i += 1) await oracle.send(oracle.makeBatch());
        assert.ok(oracle.refused >= 20, 'it stays full');
        assert.ok(oracle.owed.size <= owed + 20, 'nothing is promised that has no place');
        const { status, body } = await server.edge.request('GET', '/readyz');
        assert.deepEqual([status, body.can_decide, body.can_store], [503, true, false]);
        assert.ok(body.degraded.includes('spool_full'));
        assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
    });
    await world.untilDrained();
    const refused = oracle.refused;
    await owe(world, 200);
    assert.equal(oracle.refused, refused, 'nothing is refused any more');
}

test('as full as spool_bytes allows: 503, and it recovers', async () => {
    await inWorld({ ...SOON, edges: 1, spool_bytes: 1 << 20 }, cluster, fillAndRecover);
});

test('on a small full disk: 503, and it recovers', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'mete-full-'));
    try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
    } catch {
        rmSync(folder, { recursive: true });
        t.skip('mounting a small disk is not allowed here');
        return;
    }
    try {
        const state = join(folder, 'state');
        mkdirSync(state);
        await inWorld({ ...SOON, edges: 1, state_dir: state }, cluster, async (world) => {
            rmSync(world.server.stateFolder, { recursive: true });
            world.server.stateFolder = state;
            await fillAndRecover(world);
        });
    } finally {
        execFileSync('umount', ['-l', folder]);
        rmSync(folder, { recursive: true });
    }
});

test('a torn end: what was promised is stored, by the same edge started anew', async () => {
    for (let i = 0; i < times(3, 20); i += 1) {
        await inWorld({ ...SOON, edges: 1 }, cluster, async (world) => {
            const { server } = world;
            await halted(world, async () => {
                await owe(world, 400);
                const { supervisor, edges } = server.pids();
                process.kill(supervisor, 'SIGSTOP');
                process.kill(edges[0], 'SIGKILL');
                await server.lose();
                const log = join(server.stateFolder, 'spool-0.db-wal');
                truncateSync(log, statSync(log).size - 1 - Math.floor(Math.random() * 4096));
                await server.spawn();
            });
            await world.untilDrained();
        });
    }
});
