// SPDX-License-Identifier: GPL-3.0-or-later
// What an edge keeps in RAM: with a thousand running campaigns, and for each connection that waits.
import net from 'node:net';
import { startServer } from '../../../tests/http/lib/harness.mjs';
import { options, printTable, writeJson } from './rounds.mjs';
import { machine, memory } from './usage.mjs';
import { addCampaigns, questions } from './world.mjs';

const CAMPAIGNS = 1000;
const IDLE = 10_000;
const AT_ONCE = 100;
const chosen = options('memory');

/* A connection that was answered once and waits for its next request. */
function idle(url) {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
        const socket = net.connect(Number(port), hostname, () =>
            socket.write('GET /livez HTTP/1.1\r\nHost: mete\r\n\r\n'),
        );
        socket.on('error', reject);
        socket.once('data', () => resolve(socket));
    });
}

async function openIdle(url, count) {
    const sockets = [];
    while (sockets.length < count) {
        sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => idle(url)))));
    }
    return sockets;
}

async function askAll(server) {
    for (const question of questions()) {
        const { status } = await server.decide(question);
        if (status !== 200) throw new Error(`decide answered ${status}`);
    }
}

const server = await startServer({
    edges: 1,
    log_level: 'warn',
    connections: 2 * IDLE,
    connections_per_address: 2 * IDLE,
});
const edge = server.pids().edges[0];
await askAll(server);
const empty = memory(edge);
/* Before there is anything else: memory that a snapshot has left behind would hide what they take. */
const sockets = await openIdle(server.edgeUrl, IDLE);
const waiting = memory(edge);
for (const socket of sockets) socket.destroy();
const text = await addCampaigns(server, 0, CAMPAIGNS);
await askAll(server);
const full = memory(edge);
await server.stop();

const each = (waiting.rss_bytes - empty.rss_bytes) / IDLE;
const mb = (bytes) => (bytes / 1e6).toFixed(1);
console.log(`memory: one edge process; a reply with ${CAMPAIGNS} campaigns has ${Buffer.byteLength(text)} bytes\n`);
printTable(
    ['edge', 'RSS MB', 'of it its own'],
    [
        ['no campaign', mb(empty.rss_bytes), mb(empty.anonymous_bytes)],
        [`no campaign, ${IDLE} idle connections`, mb(waiting.rss_bytes), mb(waiting.anonymous_bytes)],
        [`${CAMPAIGNS} campaigns`, mb(full.rss_bytes), mb(full.anonymous_bytes)],
    ],
);
console.log(`\nbytes for one idle connection of ${IDLE}: ${Math.round(each)}`);
writeJson(chosen.json, {
    bench: 'memory',
    machine: machine(),
    campaigns: CAMPAIGNS,
    empty,
    waiting,
    full,
    idle_connection_bytes: each,
});
