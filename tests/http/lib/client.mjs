// SPDX-License-Identifier: GPL-3.0-or-later
// Speaking HTTP to a server under test: whole requests through node's client, and raw bytes through
// a socket for what no client would send.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { randomBytes } from 'node:crypto';
import { checkReply } from './described.mjs';
import { deadline } from './wait.mjs';

/* A UUIDv7 of the given time. */
export function uuidv7(ms = Date.now()) {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(ms, 0, 6);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = bytes.toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export class Client {
    constructor(baseUrl, key) {
        this.url = new URL(baseUrl);
        this.key = key;
        this.scheme = this.url.protocol === 'https:' ? https : http;
        /* Certificates made for a test are known by no authority. */
        this.agent = new this.scheme.Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false });
    }

    close() {
        this.agent.destroy();
    }

    /*
     * Resolves with {status, headers, text, body}; body is the parsed JSON, undefined for anything
     * else. A body that is no string and no Buffer is sent as JSON. options: key (null: none),
     * headers, type, isOnce (a kept connection that turns out closed fails, instead of a new one). A
     * reply that is not as the server describes itself fails: see described.mjs.
     */
    async request(method, path, body, options = {}) {
        const payload = encode(body);
        const headers = requestHeaders(this.key, payload, options);
        for (;;) {
            const sent = this.#send({ method, path, headers }, payload);
            try {
                const reply = await sent.reply;
                checkReply(this.url, { method, path }, reply);
                return reply;
            } catch (error) {
                if (options.isOnce || !isStale(error, sent.request)) throw error;
            }
        }
    }

    #send(what, payload) {
        const target = { host: this.url.hostname, port: this.url.port, agent: this.agent };
        const request = this.scheme.request({ ...target, ...what });
        const reply = new Promise((resolve, reject) => {
            request.on('response', (response) => collect(response).then(resolve, reject));
            request.on('error', reject);
        });
        const limit = new Error(`${what.method} ${what.path}: no answer`);
        request.setTimeout(deadline(30_000), () => request.destroy(limit));
        request.end(payload);
        return { request, reply };
    }
}

/* A kept connection that the server closed just then: nothing of the request was read. */
function isStale(error, request) {
    return request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function encode(body) {
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
    return JSON.stringify(body);
}

function requestHeaders(defaultKey, payload, { key = defaultKey, headers = {}, type = 'application/json' }) {
    const all = {};
    if (key) all.authorization = `Bearer ${key}`;
    if (payload !== undefined) {
        all['content-type'] = type;
        all['content-length'] = Buffer.byteLength(payload);
    }
    return { ...all, ...headers };
}

async function collect(response) {
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== '';
    return {
        status: response.statusCode,
        headers: response.headers,
        text,
        body: isJson ? JSON.parse(text) : undefined,
    };
}

/*
 * Sends bytes on a fresh connection and resolves with all that came back until the server closed it,
 * or until isEnough(text) says so, or nothing came for quietMs.
 */
export function raw(baseUrl, bytes, { isEnough = () => false, quietMs = deadline(5_000) } = {}) {
    const { hostname, port } = new URL(baseUrl);
    return new Promise((resolve, reject) => {
        const socket = net.connect({ host: hostname, port: Number(port) });
        const chunks = [];
        const text = () => Buffer.concat(chunks).toString('latin1');
        const finish = () => {
            socket.destroy();
            resolve(text());
        };
        socket.setTimeout(quietMs, finish);
        socket.on('data', (chunk) => {
            chunks.push(chunk);
            if (isEnough(text())) finish();
        });
        socket.on('end', finish);
        socket.on('close', finish);
        socket.on('error', (error) =>
            error.code === 'ECONNRESET' || error.code === 'EPIPE' ? finish() : reject(error),
        );
        socket.write(bytes);
    });
}

/* The status codes of a stream of HTTP/1 replies. */
export function statuses(text) {
    return [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map((m) => Number(m[1]));
}
