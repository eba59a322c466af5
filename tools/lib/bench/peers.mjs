// SPDX-License-Identifier: GPL-3.0-or-later
// decide against other servers that answer what a visitor gets, each as its documentation tells to run it:
// one process, ten flags, each with an experiment of two variants, a third of them with a condition, the same
// thousand visitors, the same wrk. Packages come from npm into a folder outside the tree.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnedCluster } from '../../../tests/http/lib/cluster.mjs';
import { freePort, startServer, until } from '../../../tests/http/lib/harness.mjs';
import { here, inTurn, median, options, printTable, ratio, whole, writeJson, wrk } from './rounds.mjs';
import { machine } from './usage.mjs';
import { addCampaigns, audience, questions } from './world.mjs';

const FLAGS = 10;
const CONNECTIONS = 32;
const ADMIN_TOKEN = '*:*.bench-admin-token';
const FRONTEND_TOKEN = '*:development.bench-frontend-token';
/* The newest unleash-server wants a newer node. */
const NODE = Number(process.versions.node.split('.')[0]);
const PACKAGES = {
    growthbook: ['express', '@growthbook/proxy-eval'],
    unleash: [NODE >= 22 ? 'unleash-server' : 'unleash-server@7'],
};
const chosen = options('peers', { rounds: '3', folder: '/var/tmp/mete-bench-peers' });
const asked = questions().map((text) => JSON.parse(text));
const flags = Array.from({ length: FLAGS }, (_, i) => i);

/* Installs a peer once; returns its launcher, or says why there is none. */
function install(name) {
    const folder = join(chosen.folder, name);
    mkdirSync(folder, { recursive: true });
    const launcher = join(folder, 'start.mjs');
    if (!existsSync(join(folder, 'node_modules'))) {
        try {
            writeFileSync(join(folder, 'package.json'), '{"private": true}');
            execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES[name]], {
                cwd: folder,
                stdio: ['ignore', 'ignore', 'pipe'],
            });
        } catch (error) {
            rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
            console.log(
                `${name}: skipped, npm could not install ${PACKAGES[name].join(' and ')}: ${String(
                    error.stderr ?? error,
                )
                    .trim()
                    .split('\n')
                    .pop()}`,
            );
            return undefined;
        }
    }
    copyFileSync(join(here, 'peers', `${name}.mjs`), launcher);
    return launcher;
}

/* Resolves with {process, url} when the launcher has said its port. */
async function launch(launcher, args, env = {}) {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, launcher, ...args], {
        env: { ...process.env, NODE_ENV: 'production', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    const port = () => /^port (\d+)$/m.exec(said)?.[1];
    await until(
        () => {
            if (child.exitCode !== null) throw new Error(said.slice(-2000));
            return port();
        },
        120_000,
        'the peer to start',
    );
    return { process: child, url: `http://127.0.0.1:${port()}` };
}

const requestFile = (folder, name, lines) => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.map(([url, body]) => `${url}\t${body ? JSON.stringify(body) : ''}`).join('\n')}\n`);
    return path;
};

/* What one visitor is answered; a peer that answers anything but 200 is not measured. */
async function answerOf(url, [path, body], authorization) {
    const headers = { authorization, 'content-type': 'application/json' };
    const reply = await fetch(url + path, {
        method: body ? 'POST' : 'GET',
        headers,
        body: body && JSON.stringify(body),
    });
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${reply.status} ${text}`);
    return text;
}

async function side(folder, name, url, authorization, lines, process) {
    const text = await answerOf(url, lines[0], authorization);
    const args = [authorization, requestFile(folder, name, lines)];
    return {
        name,
        process,
        bytes: Buffer.byteLength(text),
        run: () => wrk(url, 'peer.lua', { seconds: chosen.seconds, connections: CONNECTIONS, args }),
    };
}

async function startMete(folder, server) {
    await addCampaigns(server, 0, FLAGS);
    return side(
        folder,
        'mete',
        server.edgeUrl,
        `Bearer ${server.clientKey}`,
        asked.map((body) => ['/v1/decide', body]),
    );
}

async function startGrowthbook(folder) {
    const launcher = install('growthbook');
    if (!launcher) return undefined;
    const rule = (i) => ({
        key: `campaign_${i}`,
        seed: `seed-${i}`,
        hashAttribute: 'id',
        hashVersion: 2,
        coverage: 1,
        weights: [0.5, 0.5],
        variations: [`a-${i}`, `b-${i}`],
        ...(i % 3 === 0 ? { condition: audience(i) } : {}),
    });
    const features = Object.fromEntries(flags.map((i) => [`flag_${i}`, { defaultValue: '', rules: [rule(i)] }]));
    const payload = join(folder, 'payload.json');
    writeFileSync(payload, JSON.stringify({ features }));
    const { process: child, url } = await launch(launcher, [payload]);
    const lines = asked.map((q) => ['/api/eval/sdk-bench', { attributes: { id: q.visitor_id, ...q.attributes } }]);
    return side(folder, 'growthbook', url, 'none', lines, child);
}

async function configureUnleash(url) {
    const call = async (path, body) => {
        const headers = { authorization: ADMIN_TOKEN, 'content-type': 'application/json' };
        const reply = await fetch(`${url}/api/admin/projects/default/features${path}`, {
            method: 'POST',
            headers,
            body: JSON.stringify(body),
        });
        if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
    };
    const constraints = (i) => [
        { contextName: 'country', operator: 'IN', values: audience(i).country.$in },
        { contextName: 'age', operator: 'NUM_GTE', value: String(audience(i).age.$gte) },
    ];
    const variant = (name, i) => ({
        name,
        weight: 500,
        weightType: 'variable',
        stickiness: 'userId',
        payload: { type: 'string', value: `${name}-${i}` },
    });
    for (const i of flags) {
        const name = `flag_${i}`;
        await call('', { name, type: 'experiment' });
        await call(`/${name}/environments/development/strategies`, {
            name: 'flexibleRollout',
            parameters: { rollout: '100', stickiness: 'userId', groupId: name },
            constraints: i % 3 === 0 ? constraints(i) : [],
            variants: [variant('a', i), variant('b', i)],
        });
        await call(`/${name}/environments/development/on`, {});
    }
}

async function startUnleash(folder, cluster) {
    const launcher = install('unleash');
    if (!launcher) return undefined;
    cluster.psql('postgres', 'create database unleash owner mete_owner');
    const { process: child, url } = await launch(
        launcher,
        [cluster.socketFolder, 'mete_owner', 'unleash', await freePort()],
        {
            INIT_ADMIN_API_TOKENS: ADMIN_TOKEN,
            INIT_FRONTEND_API_TOKENS: FRONTEND_TOKEN,
            DATABASE_SSL: 'false',
        },
    );
    await configureUnleash(url);
    const line = ({ visitor_id, attributes }) => {
        const more = Object.entries(attributes).map(
            ([key, value]) => `properties[${key}]=${encodeURIComponent(value)}`,
        );
        return [`/api/frontend?${[`userId=${visitor_id}`, ...more].join('&')}`];
    };
    const lines = asked.map(line);
    await until(
        async () => JSON.parse(await answerOf(url, lines[0], FRONTEND_TOKEN)).toggles.length > FLAGS / 2,
        60_000,
        'unleash to know its flags',
    );
    return side(folder, 'unleash', url, FRONTEND_TOKEN, lines, child);
}

/* A peer that does not run here is left out, with its reason. */
async function orSkip(name, start) {
    try {
        return await start();
    } catch (error) {
        console.log(`${name}: skipped, it could not be run: ${error.message.split('\n')[0]}`);
        return undefined;
    }
}

const folder = mkdtempSync(join(tmpdir(), 'mete-bench-'));
const cluster = await OwnedCluster.start();
const server = await startServer({ edges: 1, log_level: 'warn' }, cluster);
const sides = [
    await startMete(folder, server),
    await orSkip('growthbook', () => startGrowthbook(folder)),
    await orSkip('unleash', () => startUnleash(folder, cluster)),
].filter(Boolean);
const rounds = await inTurn(Object.fromEntries(sides.map(({ name, run }) => [name, run])), chosen.rounds);
for (const { process: child } of sides) child?.kill();
await server.stop();
await cluster.stop();
rmSync(folder, { recursive: true });

const rows = sides.map(({ name, bytes }) => {
    const of = (pick) => median(rounds.map((round) => pick(round[name], round.mete)));
    return {
        name,
        bytes,
        rate: of((f) => f.rate),
        p50_us: of((f) => f.p50_us),
        p99_us: of((f) => f.p99_us),
        failed: rounds.reduce((sum, round) => sum + round[name].errors + round[name].not_2xx, 0),
        mete_times: of((f, mete) => mete.rate / f.rate),
    };
});
console.log(
    `peers: one process each, ${FLAGS} flags, ${CONNECTIONS} connections; ` +
        `medians of ${chosen.rounds} rounds, ratios within each\n`,
);
printTable(
    ['server', 'reply', 'requests/s', 'p50 ms', 'p99 ms', 'failed', 'mete is faster by'],
    rows.map((r) => [
        r.name,
        r.bytes,
        whole(r.rate),
        (r.p50_us / 1000).toFixed(2),
        (r.p99_us / 1000).toFixed(2),
        r.failed,
        ratio(r.mete_times),
    ]),
);
writeJson(chosen.json, { bench: 'peers', machine: machine(), packages: PACKAGES, rows, rounds });
