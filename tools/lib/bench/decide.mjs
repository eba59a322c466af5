// SPDX-License-Identifier: GPL-3.0-or-later
// decide against nginx returning a constant: what a decision costs beyond speaking HTTP; and the price
// of a decision alone, in a process of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startServer } from '../../../tests/http/lib/harness.mjs';
import { startNginx } from './nginx.mjs';
import { inTurn, median, options, printTable, ratio, spread, whole, writeJson, wrk } from './rounds.mjs';
import { machine, memory, withCpu } from './usage.mjs';
import { addCampaigns, questions } from './world.mjs';

const SIZES = [1, 20, 200];
const CONNECTIONS = 32;
const COST_ROUNDS = 21;
const chosen = options('decide');

function decisionCost(server, folder) {
    const document = join(folder, 'document.json');
    writeFileSync(document, server.psql('select document from snapshot'));
    const program = resolve(process.env.METE_BUILD_DIR, 'tools/decide_cost');
    return JSON.parse(execFileSync(program, [document, join(folder, 'questions'), COST_ROUNDS], { encoding: 'utf8' }));
}

/* {requests/s, p50, p99, processor time}: mete's as multiples of nginx's, each of one round. */
function ratiosOf(rounds) {
    const keys = {
        rate: (f) => f.rate,
        p50: (f) => f.p50_us,
        p99: (f) => f.p99_us,
        cpu: (f) => f.user_us + f.system_us,
    };
    return Object.fromEntries(
        Object.entries(keys).map(([key, of]) => [key, spread(rounds.map(({ mete, nginx }) => of(mete) / of(nginx)))]),
    );
}

async function measure(server, folder, campaigns, text) {
    const edge = server.pids().edges[0];
    const nginx = await startNginx(Buffer.byteLength(text));
    const load = {
        seconds: chosen.seconds,
        connections: CONNECTIONS,
        args: [server.clientKey, join(folder, 'questions')],
    };
    const rounds = await inTurn(
        {
            mete: () => withCpu(edge, () => wrk(server.edgeUrl, 'decide.lua', load)),
            nginx: () => withCpu(nginx.pid, () => wrk(nginx.url, 'decide.lua', load)),
        },
        chosen.rounds,
    );
    await nginx.stop();
    return {
        campaigns,
        reply_bytes: Buffer.byteLength(text),
        ratios: ratiosOf(rounds),
        ...decisionCost(server, folder),
        ...memory(edge),
        rounds,
    };
}

const folder = mkdtempSync(join(tmpdir(), 'mete-bench-'));
writeFileSync(join(folder, 'questions'), `${questions().join('\n')}\n`);
const server = await startServer({ edges: 1, log_level: 'warn' });
const sizes = [];
for (const [i, size] of SIZES.entries()) {
    const text = await addCampaigns(server, SIZES[i - 1] ?? 0, size);
    sizes.push(await measure(server, folder, size, text));
}
await server.stop();
rmSync(folder, { recursive: true });

const middle = (size, side, key) => median(size.rounds.map((round) => round[side][key]));
const range = (r) => `${ratio(r.median)} (${ratio(r.lowest)}-${ratio(r.highest)})`;
console.log(
    `decide: one edge process and one nginx worker in turn, ${CONNECTIONS} connections, ${chosen.rounds} rounds`,
);
console.log('of each; medians, and the lowest and highest of the rounds\n');
printTable(
    ['campaigns', 'reply', 'mete req/s', 'nginx req/s', 'ratio', 'p50 ratio', 'p99 ratio', 'failed'],
    sizes.map((s) => [
        s.campaigns,
        whole(s.reply_bytes),
        whole(middle(s, 'mete', 'rate')),
        whole(middle(s, 'nginx', 'rate')),
        range(s.ratios.rate),
        range(s.ratios.p50),
        range(s.ratios.p99),
        s.rounds.reduce((sum, { mete }) => sum + mete.errors + mete.not_2xx, 0),
    ]),
);
const cpu = (s, side) => `${middle(s, side, 'user_us').toFixed(1)} + ${middle(s, side, 'system_us').toFixed(1)}`;
console.log('');
printTable(
    ['campaigns', 'mete CPU us (user + system)', 'nginx CPU us', 'ratio', 'RSS MB', 'ns a decision', 'lowest'],
    sizes.map((s) => [
        s.campaigns,
        cpu(s, 'mete'),
        cpu(s, 'nginx'),
        range(s.ratios.cpu),
        (s.rss_bytes / 1e6).toFixed(1),
        s.decision_ns.toFixed(0),
        s.lowest_ns.toFixed(0),
    ]),
);
writeJson(chosen.json, { bench: 'decide', machine: machine(), sizes });
