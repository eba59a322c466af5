// SPDX-License-Identifier: GPL-3.0-or-later
// One nginx worker that answers everything with a constant.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../../../tests/http/lib/client.mjs';
import { childrenOf, freePort, until } from '../../../tests/http/lib/harness.mjs';

/* A text of that many bytes in nginx's words, of which none may be longer than 4096 bytes. */
function constant(bytes) {
    const parts = Array.from({ length: Math.ceil(bytes / 2000) }, (_, i) =>
        'x'.repeat(Math.min(2000, bytes - 2000 * i)),
    );
    const sets = parts.map((part, i) => `set $p${i} ${part};`).join(' ');
    return `${sets} return 200 "${parts.map((_, i) => `$p${i}`).join('')}";`;
}

const listen = (port, tls) =>
    tls
        ? `listen 127.0.0.1:${port} ssl; ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};`
        : `listen 127.0.0.1:${port};`;

const config = (folder, port, bodyBytes, tls) => `
    worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 1024; }
    http {
        access_log off; keepalive_requests 1000000000; default_type text/plain;
        client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
        server { ${listen(port, tls)} location / { ${constant(bodyBytes)} } }
    }`;

/* Resolves with {url, pid of the worker, stop}. 'tls': {certificate, key}, or undefined for plain HTTP. */
export async function startNginx(bodyBytes, tls = undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'mete-nginx-'));
    const port = await freePort();
    writeFileSync(join(folder, 'nginx.conf'), config(folder, port, bodyBytes, tls));
    const words = ['--pdeathsig', 'TERM', process.env.NGINX, '-p', folder, '-c', join(folder, 'nginx.conf')];
    const child = spawn('setpriv', words, { stdio: 'ignore' });
    const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
    const probe = new Client(url);
    await until(
        () =>
            probe.request('GET', '/').then(
                (r) => r.status === 200,
                () => false,
            ),
        10_000,
        'nginx',
    );
    probe.close();
    const stop = () =>
        new Promise((resolve) => {
            child.on('exit', () => {
                rmSync(folder, { recursive: true, force: true });
                resolve();
            });
            child.kill('SIGTERM');
        });
    return { url, pid: childrenOf(child.pid)[0].pid, stop };
}
