// SPDX-License-Identifier: GPL-3.0-or-later
// Speaking to each edge of a server: the kernel spreads connections, so one learns from a new
// connection only by chance whom one has met.
import assert from 'node:assert/strict';
import http from 'node:http';
import { readFileSync, readlinkSync, readdirSync } from 'node:fs';
import { Client } from './client.mjs';
import { until } from './wait.mjs';

/* Inodes of a process's sockets. */
function socketsOf(pid) {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        try {
            return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
        } catch {
            return [];
        }
    });
}

/* The kernel's row of a local TCP connection, as its server has it. */
function rowOf(localPort, remotePort) {
    const hex = (port) => port.toString(16).toUpperCase().padStart(4, '0');
    return readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .find(([, local, remote]) => local?.endsWith(`:${hex(remotePort)}`) && remote?.endsWith(`:${hex(localPort)}`));
}

/* Whether the server has read all that came to it on a connection of this machine. */
export function isTaken({ localPort, remotePort }) {
    const isOpen = localPort !== undefined && remotePort !== undefined;
    const [, , , , queues] = (isOpen && rowOf(localPort, remotePort)) || [];
    return queues?.split(':')[1] === '00000000';
}

/* The process at the other end of a local TCP connection. */
function serverOf(localPort, remotePort, pids) {
    const row = rowOf(localPort, remotePort);
    return pids.find((pid) => row && socketsOf(pid).includes(row[9]));
}

/* One client on one kept connection, the process that serves it, and 'closed', a promise of that connection's end. */
async function connectOne(server) {
    const client = new Client(server.edgeUrl, server.clientKey);
    client.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let socket;
    client.agent.on('free', (free) => (socket = free));
    await client.request('GET', '/livez');
    await until(() => socket, 5_000, 'the kept connection');
    client.closed = new Promise((resolve) => socket.on('close', resolve));
    const remote = Number(new URL(server.edgeUrl).port);
    client.pid = serverOf(socket.localPort, remote, server.pids().edges);
    return client;
}

/* A client for each edge: [{pid, closed, request(…)}]. */
export async function clientOfEach(server) {
    const byPid = new Map();
    const count = server.pids().edges.length;
    for (let tries = 0; byPid.size < count; tries += 1) {
        assert.ok(tries < 200, 'the kernel spreads connections over the edges');
        const client = await connectOne(server);
        if (client.pid && !byPid.has(client.pid)) byPid.set(client.pid, client);
        else client.close();
    }
    return [...byPid.values()];
}
