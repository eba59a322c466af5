// SPDX-License-Identifier: GPL-3.0-or-later
// The names that the desk answers by: a page whose name leads to it (DNS rebinding) reads nothing.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { raw, startServer } from '../lib/harness.mjs';

const PUBLIC = 'https://mete.shop.example:8443/';
const LISTED = 'desk.internal, mete-desk';

/* [Host, without names given, with them] */
const CASES = [
    ['127.0.0.1', 200, 200],
    ['127.0.0.1:8401', 200, 200],
    ['[::1]:8401', 200, 200],
    ['10.0.0.7', 200, 200],
    ['localhost:8401', 200, 200],
    ['app.localhost', 200, 200],
    [`${hostname()}:8401`, 200, 200],
    ['mete.shop.example', 200, 200],
    ['METE.shop.example:8443', 200, 200],
    ['mete.shop.example.', 200, 200],
    ['desk.internal:8401', 200, 200],
    ['mete-desk', 200, 200],
    ['evil.example', 200, 421],
    ['evil.example:8401', 200, 421],
    ['mete.shop.example.evil.example', 200, 421],
    ['shop.example', 200, 421],
    ['desk', 200, 421],
    ['notlocalhost', 200, 421],
    ['127.0.0.1.evil.example', 200, 421],
];

const ask = (server, path, host) =>
    raw(server.deskUrl, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
const statusOf = (text) => Number(text.split(' ')[1]);

test('no name is given: the desk answers by any, for the proxy that nobody named', async () => {
    const server = await startServer();
    try {
        for (const [host, status] of CASES) assert.equal(statusOf(await ask(server, '/', host)), status, host);
    } finally {
        await server.stop();
    }
});

test('names are given: by those, and by what nobody can own', async () => {
    const server = await startServer({ desk_public_url: PUBLIC, desk_hosts: LISTED, metrics_token: 'watch' });
    try {
        for (const [host, , status] of CASES) {
            for (const path of ['/', '/app/flags', '/login/none']) {
                assert.equal(statusOf(await ask(server, path, host)), status, `${host} ${path}`);
            }
            assert.equal(statusOf(await ask(server, '/livez', host)), 200, `${host}: probes call it what they like`);
        }
        const refused = await ask(server, '/api/v1/login', 'evil.example');
        assert.match(refused, /^HTTP\/1\.1 (421|405) /);
        assert.match(await ask(server, '/', 'evil.example'), /"code":"misdirected".*desk_hosts/);
    } finally {
        await server.stop();
    }
});

test('/metrics without a token is for known names', async () => {
    const server = await startServer({ desk_hosts: LISTED });
    try {
        for (const [host, , status] of CASES) {
            const isOfPublic = /^mete\.shop\.example[.:]?\d*$/i.test(host);
            const wanted = status === 421 || isOfPublic ? 403 : 200;
            assert.equal(statusOf(await ask(server, '/metrics', host)), wanted, host);
        }
    } finally {
        await server.stop();
    }
});
