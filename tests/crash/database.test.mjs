// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL restarts, loses a backend, stops answering, is away: decisions go on without an error, and
// every event is taken at once.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { OwnedCluster } from '../http/lib/cluster.mjs';
import { until } from '../http/lib/harness.mjs';
import { inWorld, tellMs, times } from './world.mjs';

let cluster;
beforeEach(async () => {
    cluster ??= await OwnedCluster.start();
    if (!cluster.answers()) await cluster.begin();
});
after(() => cluster?.stop());

const TIMES = times(3, 10);

/* One that has left by itself meanwhile is none. */
function kill(pid) {
    try {
        process.kill(pid, 'SIGKILL');
    } catch (error) {
        if (error.code !== 'ESRCH') throw error;
    }
}

test(`an immediate restart, ${TIMES} times`, async () => {
    await inWorld({}, cluster, async (world) => {
        await world.underLoad(async () => {
            for (let i = 0; i < TIMES; i += 1) {
                await cluster.halt();
                await cluster.begin();
                await pause(Math.random() * 500);
            }
        });
        world.assertUnharmed();
    });
});

test(`kill -9 of a backend, ${TIMES} times`, async () => {
    await inWorld({}, cluster, async (world) => {
        const backends = () =>
            world.server
                .rows(
                    `select pid from pg_stat_activity
            where datname = current_database() and application_name like 'mete %'`,
                )
                .map(({ pid }) => pid);
        await world.underLoad(async () => {
            for (let i = 0; i < TIMES; i += 1) {
                const victims = await until(() => cluster.answers() && backends(), 20_000, 'backends');
                if (victims.length > 0) kill(victims[Math.floor(Math.random() * victims.length)]);
                await pause(300 + Math.random() * 500);
                await until(() => cluster.answers(), 20_000, 'PostgreSQL to have recovered');
            }
        });
        world.assertUnharmed();
    });
});

test('stopped without closing its sockets', async () => {
    await inWorld({}, cluster, async (world) => {
        for (let i = 0; i < times(1, 3); i += 1) {
            await world.underLoad(async () => {
                cluster.signalAll('SIGSTOP');
                try {
                    await pause(times(12_000, 20_000));
                    assert.notDeepEqual(world.spoolFiles(), []);
                } finally {
                    cluster.signalAll('SIGCONT');
                }
            });
        }
        world.assertUnharmed();
    });
});

test('away for long', async (t) => {
    await inWorld({}, cluster, async (world) => {
        const { server, oracle } = world;
        await world.underLoad(async () => {
            await cluster.halt();
            const before = oracle.owed.size;
            await pause(times(8_000, 120_000));
            t.diagnostic(`${oracle.owed.size - before} events taken while it was away`);
            const { body } = await server.edge.request('GET', '/readyz');
            assert.deepEqual([body.status, body.can_decide, body.can_store], ['degraded', true, true]);
            await cluster.begin();
            const since = Date.now();
            await world.untilDrained();
            t.diagnostic(`drained in ${Date.now() - since} ms after it began; at most ${world.rssKb} kB an edge`);
        });
        world.assertUnharmed();
    });
});

test('a start while it is away, or hangs: decisions from the kept snapshot at once', async (t) => {
    await inWorld({}, cluster, async (world) => {
        const { server } = world;
        await world.underLoad(() => pause(200));
        const before = (await server.decide({ visitor_id: 'v' })).body;
        const took = [];
        const startAnew = async () => {
            await server.shutDown();
            const start = Date.now();
            await server.spawn();
            assert.deepEqual((await server.decide({ visitor_id: 'v' })).body, before);
            took.push(Date.now() - start);
            const { status, body } = await server.edge.request('GET', '/readyz');
            assert.deepEqual([status, body.status, body.can_decide, body.can_store], [200, 'degraded', true, true]);
            await world.oracle.send(world.oracle.makeBatch());
        };
        cluster.signalAll('SIGSTOP');
        try {
            await startAnew();
        } finally {
            cluster.signalAll('SIGCONT');
        }
        await cluster.halt();
        await startAnew();
        await cluster.begin();
        tellMs(t, 'a start without database', took);
        assert.equal(world.oracle.refused + world.oracle.unanswered, 0);
        await until(
            async () => (await server.edge.request('GET', '/readyz')).body.status === 'ready',
            10_000,
            'all to be well',
        );
    });
});
