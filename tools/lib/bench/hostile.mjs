// SPDX-License-Identifier: GPL-3.0-or-later
// What a person in a hurry waits for, while clients do the worst they know (tests/crash/worst_client.mjs) and while
// nobody does anything: /livez, the panic switch, signing in by a password, a decision.
import { OwnedCluster } from '../../../tests/http/lib/cluster.mjs';
import { startServer } from '../../../tests/http/lib/harness.mjs';
import { holdTable } from '../../../tests/http/lib/hold.mjs';
import { asks, attack, fill, KINDS, makePerson } from '../../../tests/crash/worst.mjs';
import { inTurn, median, options, printTable, ratio, writeJson } from './rounds.mjs';
import { machine } from './usage.mjs';

const chosen = options('hostile');

const cluster = await OwnedCluster.start({ parent: '/var/tmp' });
const settings = { edges: 2, log_level: 'warn', login_attempts_per_minute: 0, idle_timeout_ms: 600_000 };
const server = await startServer(settings, cluster);
await fill(server);
const questions = asks(server, await makePerson(server));

async function timed(name) {
    const begun = performance.now();
    const { status, text } = await questions[name]();
    if (status >= 300) throw new Error(`${name}: ${status} ${text}`);
    return performance.now() - begun;
}

/* All questions in turn for the seconds of a round: the middle of each, in milliseconds. */
async function read() {
    const ms = Object.fromEntries(Object.keys(questions).map((name) => [name, []]));
    const end = performance.now() + chosen.seconds * 1000;
    do for (const name of Object.keys(questions)) ms[name].push(await timed(name));
    while (performance.now() < end);
    return Object.fromEntries(Object.entries(ms).map(([name, all]) => [name, median(all)]));
}

async function beside(kinds) {
    const release = kinds.includes('waiting') ? await holdTable(server, 'event_hour', true) : async () => {};
    const stops = [];
    try {
        for (const kind of kinds) stops.push(await attack(server, kind));
        return await read();
    } finally {
        for (const stop of stops) await stop();
        await release();
    }
}

const sides = { quiet: read };
for (const kind of KINDS) sides[kind] = () => beside([kind]);
sides.all = () => beside(KINDS);
const rounds = await inTurn(sides, chosen.rounds);
await server.stop();
await cluster.stop();

const middle = (side, name) => median(rounds.map((round) => round[side][name]));
const slower = (side, name) => ratio(median(rounds.map((round) => round[side][name] / round.quiet[name])));
printTable(
    ['', 'in quiet ms', ...KINDS, 'all of them'],
    Object.keys(questions).map((name) => [
        name,
        middle('quiet', name).toFixed(1),
        ...KINDS.map((kind) => slower(kind, name)),
        slower('all', name),
    ]),
);
writeJson(chosen.json, { bench: 'hostile', machine: machine(), chosen, rounds });
