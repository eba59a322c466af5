// SPDX-License-Identifier: GPL-3.0-or-later
// A connection to PostgreSQL that is cut in the middle of a commit, delays, or trickles: nothing is lost
// and nothing is there twice. And one batch that comes three times at once, to other edges.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { OwnedCluster } from '../http/lib/cluster.mjs';
import { clientOfEach } from '../http/lib/edges.mjs';
import { until } from '../http/lib/harness.mjs';
import { Proxy } from './proxy.mjs';
import { inWorld, times } from './world.mjs';

let cluster;
before(async () => (cluster = await OwnedCluster.start()));
after(() => cluster?.stop());

const CUTS = times(6, 40);

/* The server behind a proxy; the test itself speaks to PostgreSQL directly. */
async function behindProxy(settings, run) {
    const proxy = await Proxy.start(cluster);
    try {
        await inWorld(settings, withProxy(proxy), (world) => run(world, proxy));
    } finally {
        await proxy.stop();
    }
}

/* The cluster as the server is to see it: its role for running goes through the proxy. */
function withProxy(proxy) {
    const seen = Object.create(cluster);
    seen.url = (role, database) => (role === 'mete_runtime' ? proxy : cluster).url(role, database);
    return seen;
}

const INSERT = Buffer.from('event_insert');
/* What ends a statement that was committed: its tag. */
const COMMITTED = Buffer.from('SELECT ');
const isCommitted = (chunk, isAnswer, link) => isAnswer && link.hasInserted && chunk.includes(COMMITTED);

const RULES = {
    'after the commit, before its answer': () => (chunk, isAnswer, link) =>
        isCommitted(chunk, isAnswer, link) ? undefined : chunk,
    'in the middle of the answer': () => (chunk, isAnswer, link) =>
        isCommitted(chunk, isAnswer, link) ? chunk.subarray(0, Math.floor(Math.random() * chunk.length)) : chunk,
    'before the statement': () => (chunk, isAnswer) => (!isAnswer && chunk.includes(INSERT) ? undefined : chunk),
    'in the middle of the statement': () => (chunk, isAnswer) =>
        !isAnswer && chunk.includes(INSERT) ? chunk.subarray(0, Math.floor(Math.random() * chunk.length)) : chunk,
};

/* A rule that is in force once. */
function once(rule, onUsed) {
    let isUsed = false;
    return (chunk, isAnswer, link) => {
        link.hasInserted ||= !isAnswer && chunk.includes(INSERT);
        const kept = isUsed ? chunk : rule(chunk, isAnswer, link);
        if (kept === chunk) return chunk;
        isUsed = true;
        onUsed();
        return kept;
    };
}

for (const [name, makeRule] of Object.entries(RULES)) {
    test(`cut ${name}, ${CUTS} times`, async () => {
        await behindProxy({}, async (world, proxy) => {
            let used = 0;
            await world.underLoad(async () => {
                for (let i = 0; i < CUTS; i += 1) {
                    proxy.rule = once(makeRule(), () => (used += 1));
                    await until(() => used === i + 1, 20_000, 'the cut');
                    await pause(Math.random() * 200);
                }
            });
            world.assertUnharmed();
        });
    });
}

test('cut again and again while the spool is drained', async () => {
    await behindProxy({ batch_rows: 40, spool_after_ms: 100 }, async (world, proxy) => {
        const { owed } = world.oracle;
        let used = 0;
        const cutSome = (chunk, isAnswer) => {
            if (isAnswer || !chunk.includes(INSERT) || Math.random() > 0.3) return chunk;
            used += 1;
            return undefined;
        };
        await world.underLoad(async () => {
            const start = owed.size;
            proxy.rule = () => undefined;
            await until(() => owed.size > start + 1500, 30_000, 'the spool to fill');
            proxy.rule = cutSome;
            await until(() => used >= CUTS, 30_000, 'the cuts');
            proxy.rule = undefined;
        });
        world.assertUnharmed();
    });
});

test('slow and in small pieces', async () => {
    await behindProxy({}, async (world, proxy) => {
        await world.underLoad(async () => {
            for (let i = 0; i < times(3, 20); i += 1) {
                proxy.delayMs = 100 + Math.random() * 300;
                await pause(500);
                proxy.delayMs = 0;
                proxy.isSlow = true;
                await pause(500);
                proxy.isSlow = false;
            }
        });
        world.assertUnharmed();
    });
});

test('answers that come after the timeout', async () => {
    await behindProxy({ spool_after_ms: 100 }, async (world, proxy) => {
        await world.underLoad(async () => {
            proxy.delayMs = 400;
            await until(() => world.spoolFiles().length > 0, 20_000, 'events to go to the spool');
            await pause(1000);
            proxy.delayMs = 0;
        });
        world.assertUnharmed();
    });
});

const shuffled = (list) =>
    list
        .map((item) => [Math.random(), item])
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item);

test('one batch three times at once, shuffled, to different edges, also into the spool', async () => {
    await inWorld({ edges: 3, spool_after_ms: 100 }, cluster, async (world) => {
        const clients = await clientOfEach(world.server);
        const thrice = async () => {
            const events = world.oracle.makeBatch();
            await Promise.all(clients.map((client) => world.oracle.send(shuffled(events), client)));
            assert.ok(events.every(({ event_id }) => world.oracle.owed.has(event_id)));
        };
        for (let i = 0; i < 20; i += 1) await thrice();
        await cluster.halt();
        for (let i = 0; i < 20; i += 1) await thrice();
        await cluster.begin();
        for (let i = 0; i < 20; i += 1) await thrice();
        for (const client of clients) client.close();
        assert.equal(world.oracle.refused + world.oracle.unanswered, 0);
    });
});
