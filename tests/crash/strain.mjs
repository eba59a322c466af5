// SPDX-License-Identifier: GPL-3.0-or-later
// Clients of both kinds: good ones whose answers are counted and timed while something else goes on,
// and bad ones who hold connections.
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { until } from '../http/lib/harness.mjs';

/* No child of a server may hold more than this after whatever clients did. */
export const RSS_MOST_KB = 160 * 1024;

const percentile = (list, share) =>
    [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

/* Decisions on 8 connections for ms: {times: in ms, failed: what was no 200}. */
export async function askFor(server, ms) {
    const times = [],
        failed = [];
    const end = Date.now() + ms;
    const lane = async (number) => {
        for (let i = 0; Date.now() < end; i += 1) {
            const begin = performance.now();
            const reply = await server
                .decide({ visitor_id: `visitor-${number}-${i}` })
                .catch((error) => ({ status: error.message }));
            times.push(performance.now() - begin);
            if (reply.status !== 200) failed.push(reply.status);
            await pause(10);
        }
    };
    await Promise.all(Array.from({ length: 8 }, (_, i) => lane(i)));
    return { times, failed };
}

/* For people: how much longer good clients wait than in quiet. */
export function tellRatio(t, what, quiet, strained) {
    const [before, during] = [quiet, strained].map(({ times }) => percentile(times, 0.99));
    t.diagnostic(
        `${what}: ${strained.times.length} decisions, p99 ${during.toFixed(1)} ms, ` +
            `in quiet ${before.toFixed(1)} ms: x${(during / before).toFixed(2)}`,
    );
}

export const rssKb = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/* Of the largest edge. */
export const edgeRssKb = (server) => Math.max(...server.pids().edges.map(rssKb));

/* One connection, with all that came back on it: {socket, text, isClosed, closed}. */
export function connect(url, options = {}) {
    const { hostname, port } = new URL(url);
    const socket = net.connect({ port: Number(port), host: hostname, ...options });
    const connection = { socket, text: '', isClosed: false };
    socket.setEncoding('latin1').on('data', (chunk) => (connection.text += chunk));
    socket.on('error', () => {});
    connection.closed = new Promise((resolve) => socket.on('close', () => resolve((connection.isClosed = true))));
    connection.opened = new Promise((resolve) => socket.on('connect', resolve).on('close', resolve));
    return connection;
}

/* That many, a few hundred at a time. */
export async function connectMany(url, count, options = {}) {
    const all = [];
    while (all.length < count) {
        const some = Array.from({ length: Math.min(250, count - all.length) }, () => connect(url, options));
        await Promise.all(some.map(({ opened }) => opened));
        all.push(...some);
    }
    return all;
}

/* Says 'piece' again and again until the server has had enough; resolves with how many bytes it took. */
export async function sayEndlessly(connection, piece, mostBytes) {
    while (
        !connection.isClosed &&
        !connection.text.includes('\r\n\r\n') &&
        connection.socket.bytesWritten < mostBytes
    ) {
        if (!connection.socket.write(piece)) {
            await Promise.race([
                new Promise((resolve) => connection.socket.once('drain', resolve)),
                connection.closed,
                pause(50),
            ]);
        }
        await new Promise(setImmediate);
    }
    await until(
        () => connection.isClosed || connection.text.includes('\r\n\r\n'),
        10_000,
        'an answer to what has no end',
    );
    return connection.socket.bytesWritten;
}
