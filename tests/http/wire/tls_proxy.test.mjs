// SPDX-License-Identifier: GPL-3.0-or-later
// Behind a proxy that speaks TLS to browsers, and plainly or by TLS to the server. Skipped where
// there is no nginx.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Certificates } from '../lib/certificate.mjs';
import { Client } from '../lib/client.mjs';
import { freePort, startServer, until, uuidv7 } from '../lib/harness.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';

const program = [process.env.NGINX, '/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(
    (path) => path && existsSync(path),
);
const skip = program ? false : 'no nginx here';

const config = ({ folder, certificate, key, edgePort, deskPort, edgeUrl, deskUrl }) => `
    worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 256; }
    http {
        access_log off;
        client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
        ssl_certificate ${certificate}; ssl_certificate_key ${key};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For "$http_x_test_client, $remote_addr";
        proxy_set_header X-Forwarded-Proto $scheme;
        upstream edge { server ${new URL(edgeUrl).host}; keepalive 4; }
        upstream desk { server ${new URL(deskUrl).host}; keepalive 4; }
        server { listen 127.0.0.1:${edgePort} ssl; location / { proxy_pass ${new URL(edgeUrl).protocol}//edge; } }
        server { listen 127.0.0.1:${deskPort} ssl; location / { proxy_pass ${new URL(deskUrl).protocol}//desk; } }
    }`;

class Proxy {
    static async start(server, { certificate, key }) {
        const proxy = new Proxy();
        proxy.folder = mkdtempSync(join(tmpdir(), 'mete-nginx-'));
        const [edgePort, deskPort] = [await freePort(), await freePort()];
        writeFileSync(
            join(proxy.folder, 'nginx.conf'),
            config({ ...server, folder: proxy.folder, certificate, key, edgePort, deskPort }),
        );
        const words = ['--pdeathsig', 'TERM', program, '-p', proxy.folder, '-c', join(proxy.folder, 'nginx.conf')];
        proxy.process = spawn('setpriv', words, { stdio: 'ignore' });
        proxy.exited = new Promise((resolve) => proxy.process.on('exit', resolve));
        proxy.edge = new Client(`https://127.0.0.1:${edgePort}`, server.clientKey);
        proxy.desk = new Client(`https://127.0.0.1:${deskPort}`, server.secretKey);
        await until(
            () =>
                proxy.edge.request('GET', '/livez').then(
                    (r) => r.status === 200,
                    () => false,
                ),
            10_000,
            'nginx',
        );
        return proxy;
    }

    async stop() {
        this.edge.close();
        this.desk.close();
        this.process.kill('SIGTERM');
        await this.exited;
        rmSync(this.folder, { recursive: true, force: true });
    }
}

let certificates;
before(() => {
    certificates = new Certificates();
    certificates.make('proxy');
});
after(() => certificates.remove());

const view = () => ({ event_id: uuidv7(), visitor_id: 'v', name: 'n' });

async function withProxy(settings, action) {
    const files = { certificate: certificates.path('proxy.crt'), key: certificates.path('proxy.key') };
    const server = await startServer(settings);
    let proxy;
    try {
        proxy = await Proxy.start(server, files);
        await action(server, proxy);
    } finally {
        await proxy?.stop();
        await server.stop();
    }
}

async function cookieOf(server, client) {
    const link = new URL(JSON.parse(await server.mete(['login-link', '--json'])).url);
    const reply = await client.request('POST', link.pathname, undefined, { key: null });
    assert.equal(reply.status, 303);
    return reply.headers['set-cookie'][0];
}

const secure = /^__Host-mete_session=([^;]+); Path=\/; .*; Secure$/;

test('a trusted proxy is believed: the session is bound to TLS, limits count clients', { skip }, async () => {
    const settings = { trusted_proxies: '127.0.0.1', address_requests_per_second: 3, metrics_token: 'watch' };
    await withProxy(settings, async (server, proxy) => {
        assert.equal((await proxy.edge.request('POST', '/v1/events', [view(), view()])).body.accepted, 2);
        const [, token] = secure.exec(await cookieOf(server, proxy.desk));
        const headers = { cookie: `__Host-mete_session=${token}` };
        const flags = await proxy.desk.request('GET', '/api/v1/flags', undefined, { key: null, headers });
        assert.equal(flags.status, 200);
        const client = { headers: { 'x-test-client': '203.0.113.9' } };
        let passed = 0;
        const isPassed = async () =>
            (await proxy.edge.request('POST', '/v1/decide', { visitor_id: 'v' }, client)).status === 200;
        while (await isPassed()) passed += 1;
        assert.ok(passed >= 30, `${passed} passed`);
        assert.ok(total(await scrape(server), 'mete_limited_total', { limit: 'address' }) > 0);
        assert.equal((await proxy.desk.request('GET', '/metrics', undefined, { key: null })).status, 401);
    });
});

test('an unknown proxy is not', { skip }, async () => {
    await withProxy({ address_requests_per_second: 3 }, async (server, proxy) => {
        const cookie = await cookieOf(server, proxy.desk);
        assert.match(cookie, /^mete_session=/);
        assert.doesNotMatch(cookie, /Secure/);
        for (let i = 0; i < 60; i += 1) {
            const client = { headers: { 'x-test-client': '203.0.113.9' } };
            assert.equal((await proxy.edge.request('POST', '/v1/decide', { visitor_id: 'v' }, client)).status, 200);
        }
    });
});

test('TLS on both ways, kept connections in between', { skip }, async () => {
    const [certificate, key] = [certificates.path('proxy.crt'), certificates.path('proxy.key')];
    const settings = {
        edge_tls_certificate: certificate,
        edge_tls_key: key,
        desk_tls_certificate: certificate,
        desk_tls_key: key,
    };
    await withProxy(settings, async (server, proxy) => {
        const lane = async () => {
            for (let i = 0; i < 40; i += 1) {
                const reply = await proxy.edge.request('POST', '/v1/events', Array.from({ length: 100 }, view));
                assert.equal(reply.body.accepted, 100);
            }
        };
        await Promise.all([lane(), lane(), lane()]);
        assert.equal((await proxy.desk.request('GET', '/api/v1/openapi.json')).body.openapi, '3.1.0');
        assert.match(await cookieOf(server, proxy.desk), secure);
    });
});
