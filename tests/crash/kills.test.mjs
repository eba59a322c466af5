// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of any process under load: nothing owed is missing, nothing is there twice, and it is back at
// once.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../http/lib/client.mjs';
import { until } from '../http/lib/harness.mjs';
import { inWorld, msUntil, tellMs, times } from './world.mjs';

const KILLS = times(3, 20);
/* A process that dies younger waits longer for its successor. */
const HEALTHY_MS = 1000;

const answers = async (url, path) => {
    const client = new Client(url);
    const reply = await client.request('GET', path).catch(() => undefined);
    client.close();
    return reply?.status === 200;
};

function whole(server) {
    const { edges, desk, worker } = server.pids();
    return edges.length === 2 && desk && worker && server.pids();
}

const untilWhole = (server) => until(() => whole(server), 10_000, 'all processes to run');

/* An edge is back when it can decide and has its writer; the port alone is another edge's too. */
function isEdgeBack(server, others) {
    const fresh = server.pids().edges.find((pid) => !others.includes(pid));
    const said = server
        .logLines()
        .filter(({ pid }) => pid === fresh)
        .map(({ message }) => message);
    return fresh && [/^snapshot \d+ /, /^writing events/].every((line) => said.some((message) => line.test(message)));
}

async function kill(server, kind) {
    const pids = await untilWhole(server);
    const victim = kind === 'edge' ? pids.edges[Math.floor(Math.random() * 2)] : pids[kind];
    process.kill(victim, 'SIGKILL');
    await until(() => !existsSync(`/proc/${victim}`), 10_000, 'the victim to be gone');
    const isBack = {
        edge: () => isEdgeBack(server, pids.edges),
        desk: () => answers(server.deskUrl, '/readyz'),
        worker: () => server.pids().worker && server.pids().worker !== victim,
    };
    return msUntil(isBack[kind], `another ${kind}`);
}

for (const kind of ['edge', 'desk', 'worker']) {
    test(`kill -9 of the ${kind} under load, ${KILLS} times`, async (t) => {
        await inWorld({}, undefined, async (world) => {
            const took = [];
            await world.underLoad(async () => {
                for (let i = 0; i < KILLS; i += 1) {
                    await pause(HEALTHY_MS + Math.random() * 200);
                    took.push(await kill(world.server, kind));
                }
            });
            tellMs(t, kind, took);
            if (kind !== 'edge') assert.deepEqual(world.undecided, []);
            const holes = world.server.rows(`select writer from visitor_event group by writer
                having count(distinct seq) <> count(*)`);
            assert.deepEqual(holes, [], 'each row of a writer has a seq of its own');
        });
    });
}

/* What a service manager does: starts it again until it stays. As long as the children of the dead hold a port it
   cannot listen there, and they may answer in its place. */
async function startAgain(server) {
    for (let tries = 0; ; tries += 1) {
        try {
            await server.spawn();
            await until(() => server.hasLeft() || whole(server), 10_000, 'it to stay or to leave');
            assert.ok(!server.hasLeft(), 'it left at its start');
            return;
        } catch (error) {
            if (tries === 20) throw error;
            await pause(50);
        }
    }
}

test(`kill -9 of the supervisor under load, ${KILLS} times: its children leave with it`, async (t) => {
    await inWorld({}, undefined, async (world) => {
        const { server } = world;
        const took = [];
        await world.underLoad(async () => {
            for (let i = 0; i < KILLS; i += 1) {
                await pause(HEALTHY_MS + Math.random() * 200);
                const { supervisor, edges, desk, worker } = await untilWhole(server);
                process.kill(supervisor, 'SIGKILL');
                const start = Date.now();
                await startAgain(server);
                await server.untilReady();
                took.push(Date.now() - start);
                for (const pid of [...edges, desk, worker]) {
                    await until(() => !existsSync(`/proc/${pid}`), 12_000, 'the children of the dead to leave');
                }
            }
        });
        tellMs(t, 'supervisor', took);
    });
});
