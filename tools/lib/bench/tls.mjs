// SPDX-License-Identifier: GPL-3.0-or-later
// What TLS costs a decision: kept connections, as a balancer or a page has them. The same edge without
// TLS, and an nginx worker that speaks TLS too and returns a constant, in turn.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Certificates } from '../../../tests/http/lib/certificate.mjs';
import { startServer } from '../../../tests/http/lib/harness.mjs';
import { startNginx } from './nginx.mjs';
import { inTurn, median, options, printTable, ratio, spread, whole, writeJson, wrk } from './rounds.mjs';
import { machine, withCpu } from './usage.mjs';
import { addCampaigns, questions } from './world.mjs';

const CAMPAIGNS = 20;
const CONNECTIONS = 32;
const chosen = options('tls');

const folder = mkdtempSync(join(tmpdir(), 'mete-bench-'));
writeFileSync(join(folder, 'questions'), `${questions().join('\n')}\n`);
const certificates = new Certificates();
const files = certificates.make('bench');
const plain = await startServer({ edges: 1, log_level: 'warn' });
const secure = await startServer({
    edges: 1,
    log_level: 'warn',
    edge_tls_certificate: files.certificate,
    edge_tls_key: files.key,
});
await addCampaigns(plain, 0, CAMPAIGNS);
const text = await addCampaigns(secure, 0, CAMPAIGNS);
const nginx = await startNginx(Buffer.byteLength(text), files);

const load = (server) => ({
    seconds: chosen.seconds,
    connections: CONNECTIONS,
    args: [server.clientKey, join(folder, 'questions')],
});
const edge = (server) => withCpu(server.pids().edges[0], () => wrk(server.edgeUrl, 'decide.lua', load(server)));
const rounds = await inTurn(
    {
        tls: () => edge(secure),
        plain: () => edge(plain),
        nginx: () => withCpu(nginx.pid, () => wrk(nginx.url, 'decide.lua', load(secure))),
    },
    chosen.rounds,
);
await nginx.stop();
await plain.stop();
await secure.stop();
certificates.remove();
rmSync(folder, { recursive: true });

const cpuOf = (figures) => figures.user_us + figures.system_us;
const against = (side, of) => spread(rounds.map((round) => of(round.tls) / of(round[side])));
const range = (r) => `${ratio(r.median)} (${ratio(r.lowest)}-${ratio(r.highest)})`;
const row = (name, side) => [
    name,
    whole(median(rounds.map((r) => r[side].rate))),
    whole(median(rounds.map((r) => r[side].p99_us))),
    median(rounds.map((r) => cpuOf(r[side]))).toFixed(1),
    ...(side === 'tls' ? ['', ''] : [range(against(side, (f) => f.rate)), range(against(side, cpuOf))]),
];
console.log(
    `decide over TLS, ${CAMPAIGNS} campaigns, ${CONNECTIONS} kept connections, ${chosen.rounds} rounds; medians\n`,
);
printTable(
    ['', 'req/s', 'p99 us', 'CPU us', 'TLS req/s is', 'TLS CPU is'],
    [row('mete, TLS', 'tls'), row('mete, plain', 'plain'), row('nginx, TLS, a constant', 'nginx')],
);
writeJson(chosen.json, { bench: 'tls', machine: machine(), campaigns: CAMPAIGNS, rounds });
