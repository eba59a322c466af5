// SPDX-License-Identifier: GPL-3.0-or-later
// What every reply says to browsers, whatever it is: on both ports, by routes, by what is not there and by what HTTP
// itself refuses; over TLS also that it is to be asked no other way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import tls from 'node:tls';
import { Certificates } from '../lib/certificate.mjs';
import { raw, startServer } from '../lib/harness.mjs';

const request = (line, ...more) => [`${line} HTTP/1.1`, 'Host: h', ...more, 'Connection: close', '', ''].join('\r\n');

const OF_BOTH = [
    ['ready or not', request('GET /readyz'), 200],
    ['nothing there', request('GET /nowhere'), 404],
    ['a method that is not taken', request('PUT /livez'), 405],
    ['no body where none may be', request('HEAD /livez'), 200],
    ['two lengths', request('POST /livez', 'Content-Length: 1', 'Content-Length: 2'), 400],
    ['a transfer coding', request('POST /livez', 'Transfer-Encoding: gzip'), 501],
    ['a head without end', request('GET /livez', `X: ${'x'.repeat(20_000)}`), 431],
    ['another version', 'GET / HTTP/2.0\r\n\r\n', 505],
];
const CASES = {
    edge: [
        ...OF_BOTH,
        ['a decision without key', request('POST /v1/decide', 'Content-Length: 0'), 401],
        ['the SDK', request('GET /sdk.js'), 200],
        ['what a page may ask', request('OPTIONS /v1/decide', 'Origin: https://a.example'), 204],
    ],
    desk: [
        ...OF_BOTH,
        ['the app', request('GET /'), 200],
        ['a page of the app', request('GET /app/flags'), 200],
        ['a link', request('GET /login/none'), 200],
        ['the API without key', request('GET /api/v1/flags'), 401],
        ['a body of another type', request('POST /api/v1/login', 'Content-Type: text/plain', 'Content-Length: 1'), 415],
    ],
};

const parse = (text) => {
    const [head] = text.split('\r\n\r\n');
    const [first, ...lines] = head.split('\r\n');
    const values = (name) =>
        lines
            .filter((line) => line.toLowerCase().startsWith(`${name}:`))
            .map((line) => line.slice(name.length + 1).trim());
    return { status: Number(first.split(' ')[1]), values };
};

function check(text, status, isTls) {
    const reply = parse(text);
    assert.equal(reply.status, status, text);
    assert.deepEqual(reply.values('x-content-type-options'), ['nosniff']);
    assert.deepEqual(reply.values('referrer-policy'), ['same-origin']);
    assert.deepEqual(reply.values('strict-transport-security'), isTls ? ['max-age=31536000'] : []);
}

function rawTls(url, bytes) {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
        const socket = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
        let text = '';
        socket.on('secureConnect', () => socket.write(bytes));
        socket
            .on('data', (chunk) => (text += chunk))
            .on('close', () => resolve(text))
            .on('error', reject);
    });
}

for (const isTls of [false, true]) {
    test(isTls ? 'over TLS' : 'plain', async (t) => {
        let certificates;
        let settings = {};
        if (isTls) {
            certificates = new Certificates();
            certificates.make('own');
            const [certificate, key] = [certificates.path('own.crt'), certificates.path('own.key')];
            settings = {
                edge_tls_certificate: certificate,
                edge_tls_key: key,
                desk_tls_certificate: certificate,
                desk_tls_key: key,
            };
        }
        const server = await startServer(settings);
        try {
            for (const [port, cases] of Object.entries(CASES)) {
                for (const [name, bytes, status] of cases) {
                    const url = server[`${port}Url`];
                    await t.test(`${port}: ${name}`, async () =>
                        check(await (isTls ? rawTls(url, bytes) : raw(url, bytes)), status, isTls),
                    );
                }
            }
        } finally {
            await server.stop();
            certificates?.remove();
        }
    });
}

/* Each route that there is, by a request that nobody answers well: what it says beside is the same for all. */
function requestsOf(api) {
    const fill = (path) => path.replace(/\{\w+\}/g, 'absent');
    return Object.entries(api.paths).flatMap(([path, verbs]) =>
        Object.keys(verbs).map((verb) => [verb.toUpperCase(), fill(path)]),
    );
}

const PROXIED = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
const SITUATIONS = [
    ['plain', {}, {}, false],
    ['a proxy that is believed speaks TLS', { trusted_proxies: '127.0.0.1' }, PROXIED, true],
    ['it speaks none', { trusted_proxies: '127.0.0.1' }, { ...PROXIED, 'x-forwarded-proto': 'http' }, false],
    ['anybody says so', {}, PROXIED, false],
    [
        'the public addresses say so',
        { desk_public_url: 'https://desk.example', edge_public_url: 'https://edge.example' },
        {},
        true,
    ],
];

for (const [name, settings, headers, isTls] of SITUATIONS) {
    test(`all routes of both ports: ${name}`, async () => {
        const server = await startServer({ ...settings, address_requests_per_second: 0 });
        const wrong = [];
        try {
            const descriptions = [
                [server.edge, (await server.edge.request('GET', '/v1/openapi.json')).body],
                [server.desk, (await server.api('GET', '/openapi.json')).body],
            ];
            for (const [client, api] of descriptions) {
                for (const [verb, path] of requestsOf(api)) {
                    for (const key of [null, undefined]) {
                        const body = /POST|PATCH/.test(verb) ? { surely_no_field: true } : undefined;
                        const reply = await client.request(
                            verb,
                            path,
                            body,
                            key === null ? { key, headers } : { headers },
                        );
                        const got = ['x-content-type-options', 'referrer-policy', 'strict-transport-security'].map(
                            (header) => reply.headers[header],
                        );
                        const want = ['nosniff', 'same-origin', isTls ? 'max-age=31536000' : undefined];
                        if (got.join() !== want.join()) wrong.push(`${verb} ${path}: ${reply.status}: ${got}`);
                    }
                }
            }
        } finally {
            await server.stop();
        }
        assert.deepEqual(wrong, []);
    });
}
