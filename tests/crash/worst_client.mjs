// SPDX-License-Identifier: GPL-3.0-or-later
// One client that does the worst it knows to a server, in a process of its own, until it is ended:
//
//   node worst_client.mjs KIND EDGE_URL DESK_URL CLIENT_KEY SECRET_KEY
//
// Says "begun" when what it does has begun. Whatever it is answered, it goes on.
import http from 'node:http';
import net from 'node:net';

const [kind, edgeUrl, deskUrl, clientKey, secretKey] = process.argv.slice(2);

const agent = new http.Agent({ keepAlive: true });
const PAUSE_MS = 20;

/* Resolves when it has been answered, or has not. */
function ask(base, method, path, key, body) {
    return new Promise((resolve) => {
        const { hostname, port } = new URL(base);
        const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
        const request = http.request({ hostname, port, method, path, headers, agent }, (reply) => {
            reply.resume().on('end', resolve).on('error', resolve).on('close', resolve);
        });
        request.on('error', resolve);
        request.end(body);
    });
}

/* So many at a time, each again as soon as it was answered; "begun" with the first answers. */
async function again(lanes, fn) {
    const lane = async () => {
        for (;;) {
            await fn();
            begun();
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
}

let hasBegun = false;
function begun() {
    if (!hasBegun) process.stdout.write('begun\n');
    hasBegun = true;
}

function open(base, bytes) {
    return new Promise((resolve) => {
        const { hostname, port } = new URL(base);
        const socket = net.connect({ port: Number(port), host: hostname });
        socket.on('error', resolve).on('connect', () => {
            socket.pause();
            if (bytes) socket.write(bytes);
            resolve(socket);
        });
    });
}

const BODY = JSON.stringify({
    visitor_id: 'worst',
    attributes: { country: Array.from({ length: 12_000 }, () => 0.30000000000000004) },
});
const PATTERNS = JSON.stringify({
    condition: { $or: Array.from({ length: 20 }, (_, i) => ({ text: { $regex: `^(a+)+${i}$` } })) },
});
const BREAKDOWN = '/api/v1/campaigns/worst/results?dimension=country';
const head = (path, key) => `GET ${path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${key}\r\n\r\n`;

const KINDS = {
    countries: () => again(4, () => ask(deskUrl, 'GET', BREAKDOWN, secretKey)),
    patterns: () => again(4, () => ask(deskUrl, 'POST', '/api/v1/audience/estimate', secretKey, PATTERNS)),
    arrays: () => again(8, () => ask(edgeUrl, 'POST', '/v1/decide', clientKey, BODY)),
    waiting: () => {
        /* On a table that somebody else holds: nobody is answered soon. */
        begun();
        return again(4, () => ask(deskUrl, 'GET', '/api/v1/data-quality', secretKey));
    },
    idle: async () => {
        for (let i = 0; i < 9_000; i += 250)
            await Promise.all(Array.from({ length: 250 }, (_, n) => open(n % 10 ? edgeUrl : deskUrl)));
        begun();
    },
    unread: async () => {
        for (let i = 0; i < 40; i += 1) {
            await open(edgeUrl, head(`/v1/config?key=${clientKey}`, clientKey).repeat(200));
            await open(deskUrl, head(BREAKDOWN, secretKey).repeat(20));
        }
        begun();
    },
};

setInterval(() => {}, 1 << 30);
await KINDS[kind]();
