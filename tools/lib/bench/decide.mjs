// SPDX-License-Identifier: GPL-3.0-or-later
// decide against nginx returning a constant: what a decision costs beyond speaking HTTP.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../../../tests/http/client.mjs';
import { freePort, startServer, until } from '../../../tests/http/harness.mjs';
import { inTurn, median, options, printTable, ratio, whole, writeJson, wrk } from './rounds.mjs';

const CAMPAIGNS = 20;
const FLAGS = 10;
const AUDIENCE = { country: { $in: ['DE', 'FR', 'US'] }, age: { $gte: 21 }, $or: [{ device: 'mobile' }, { visits: { $gt: 3 } }] };
const chosen = options('decide');

async function must(reply) {
    const { status, text } = await reply;
    if (status >= 300) throw new Error(`${status} ${text}`);
}

function campaign(i) {
    const flag = `flag_${i % FLAGS}`;
    const variant = (key, is_control) => ({ key, weight: 0.5, is_control, flags: { [flag]: `${key}-${i}` } });
    return {
        key: `campaign_${i}`,
        name: `Campaign ${i}`,
        kind: 'experiment',
        priority: i,
        variants: [variant('a', true), variant('b', false)],
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
        ...(i % 3 === 0 ? { audience: AUDIENCE } : {}),
    };
}

async function makeCampaigns(server) {
    for (let i = 0; i < FLAGS; i += 1) {
        await must(server.api('POST', '/flags', { key: `flag_${i}`, type: 'string', default: '' }));
    }
    for (let i = 0; i < CAMPAIGNS; i += 1) {
        await must(server.api('POST', '/campaigns', campaign(i)));
        await must(server.api('POST', `/campaigns/campaign_${i}/start`, {}));
    }
    const attributes = { country: 'DE', device: 'mobile', age: 30, visits: 1 };
    const answer = () => server.decide({ visitor_id: 'visitor-1', attributes });
    return until(async () => {
        const reply = await answer();
        return reply.body.decisions.length === CAMPAIGNS && reply;
    });
}

/* A text of that many bytes in nginx's words, of which none may be longer than 4096 bytes. */
function constant(bytes) {
    const parts = Array.from({ length: Math.ceil(bytes / 2000) }, (_, i) => 'x'.repeat(Math.min(2000, bytes - 2000 * i)));
    const sets = parts.map((part, i) => `set $p${i} ${part};`).join(' ');
    return `${sets} return 200 "${parts.map((_, i) => `$p${i}`).join('')}";`;
}

async function startNginx(bodyBytes) {
    const folder = mkdtempSync(join(tmpdir(), 'mete-nginx-'));
    const port = await freePort();
    writeFileSync(join(folder, 'nginx.conf'), `
        worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
        events { worker_connections 1024; }
        http {
            access_log off; keepalive_requests 1000000000; default_type text/plain;
            client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
            fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
            server { listen 127.0.0.1:${port}; location / { ${constant(bodyBytes)} } }
        }`);
    const words = ['--pdeathsig', 'TERM', process.env.NGINX, '-p', folder, '-c', join(folder, 'nginx.conf')];
    const child = spawn('setpriv', words, { stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}`;
    const probe = new Client(url);
    await until(() => probe.request('GET', '/').then((r) => r.status === 200, () => false), 10_000, 'nginx');
    probe.close();
    const stop = () => new Promise((resolve) => {
        child.on('exit', () => {
            rmSync(folder, { recursive: true, force: true });
            resolve();
        });
        child.kill('SIGTERM');
    });
    return { url, stop };
}

const server = await startServer({ edges: 1, log_level: 'warn' });
const { text } = await makeCampaigns(server);
const nginx = await startNginx(Buffer.byteLength(text));
const load = { seconds: chosen.seconds, connections: 32, args: [server.clientKey] };
const rounds = await inTurn({
    mete: () => wrk(server.edgeUrl, 'decide.lua', load),
    nginx: () => wrk(nginx.url, 'decide.lua', load),
}, chosen.rounds);
await nginx.stop();
await server.stop();

const ratios = Object.fromEntries(['rate', 'p50_us', 'p99_us'].map((key) => [
    key, median(rounds.map(({ mete, nginx: peer }) => mete[key] / peer[key])),
]));
console.log(`decide: ${CAMPAIGNS} running campaigns, one edge process; reply of ${Buffer.byteLength(text)} bytes\n`);
printTable(
    ['round', 'mete req/s', 'p50 us', 'p99 us', 'failed', 'nginx req/s', 'p50 us', 'p99 us', 'ratio'],
    rounds.map(({ mete, nginx: peer }, i) => [
        i + 1, whole(mete.rate), mete.p50_us, mete.p99_us, mete.errors + mete.not_2xx,
        whole(peer.rate), peer.p50_us, peer.p99_us, ratio(mete.rate / peer.rate),
    ]),
);
console.log(`\nmedian ratio: requests/s ${ratio(ratios.rate)}, p50 ${ratio(ratios.p50_us)}, p99 ${ratio(ratios.p99_us)}`);
writeJson(chosen.json, { bench: 'decide', reply_bytes: Buffer.byteLength(text), ratios, rounds });
