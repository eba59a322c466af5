// SPDX-License-Identifier: GPL-3.0-or-later
// nginx and haproxy before an edge, as one would set them up: kept connections to the edge, bodies
// passed on as they come, and an id of the proxy's own on every request it passes on.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, raw, statuses, until } from './harness.mjs';

/* As these proxies make them: 32 digits, or a UUID. */
const ID = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/* Clients are given up soon: what a proxy waits for in vain ends here. */
const PATIENCE_MS = 400;

const nginxConfiguration = (port, edge, folder) => `
daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 512; }
http {
    log_format ids '$request_id $upstream_status';
    access_log ${folder}/access.log ids;
    client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
    client_header_timeout ${PATIENCE_MS}ms; client_body_timeout ${PATIENCE_MS}ms; keepalive_timeout ${PATIENCE_MS}ms;
    lingering_close off;
    upstream edge { server ${edge}; keepalive 1; }
    server {
        listen 127.0.0.1:${port};
        location / {
            proxy_pass http://edge; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header X-Request-Id $request_id; proxy_request_buffering off; proxy_next_upstream off;
        }
    }
}
`;

const haproxyConfiguration = (port, edge) => `
global
    log stdout format raw local0
defaults
    mode http
    timeout connect 5s
    timeout server 5s
    timeout client ${PATIENCE_MS}ms
    timeout http-request ${PATIENCE_MS}ms
    timeout http-keep-alive ${PATIENCE_MS}ms
    log global
    log-format "%ID %s %ST"
    unique-id-format %[uuid()]
    http-reuse always
frontend front
    bind 127.0.0.1:${port}
    http-request set-header X-Request-Id %[unique-id]
    default_backend edges
backend edges
    server edge ${edge} maxconn 1
`;

const PROXIES = {
    nginx: { program: '/usr/sbin/nginx', configure: nginxConfiguration, args: (file) => ['-c', file] },
    haproxy: { program: '/usr/sbin/haproxy', configure: haproxyConfiguration, args: (file) => ['-db', '-f', file] },
};

export const proxyNames = Object.keys(PROXIES);

/* {url, passed(): ids of the requests that went to the edge, stop()}. Throws when the program is not there. */
export async function startProxy(name, edgeUrl) {
    const { program, configure, args } = PROXIES[name];
    const folder = mkdtempSync(join(tmpdir(), `mete-${name}-`));
    const file = join(folder, 'conf');
    const port = await freePort();
    writeFileSync(file, configure(port, new URL(edgeUrl).host, folder));
    execFileSync(program, name === 'nginx' ? ['-t', '-q', ...args(file)] : ['-c', '-f', file], { stdio: 'pipe' });
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', program, ...args(file)], {
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    const written = join(folder, 'access.log');
    const log = () => said + (existsSync(written) ? readFileSync(written, 'utf8') : '');
    const proxy = { url: `http://127.0.0.1:${port}` };
    const left = new Promise((resolve) => child.on('exit', resolve));
    const answers = () => raw(proxy.url, 'GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n').catch(() => '');
    await until(async () => statuses(await answers())[0] === 200, 10_000, `${name} to answer`);
    proxy.passed = () =>
        log()
            .split('\n')
            .map((line) => line.split(' '))
            .filter(([id, upstream]) => ID.test(id) && upstream !== '-' && upstream !== '<NOSRV>')
            .map(([id]) => id);
    proxy.stop = async () => {
        child.kill('SIGTERM');
        await left;
        rmSync(folder, { recursive: true, force: true });
    };
    return proxy;
}
