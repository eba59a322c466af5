// SPDX-License-Identifier: GPL-3.0-or-later
// A results page's statistics, 100 metrics of three variants from their sufficient statistics, against the
// same arithmetic by numpy and scipy. Processor time, so that neighbours on the machine hardly count.
import { execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { here, median, options, printTable, ratio, writeJson } from './rounds.mjs';

const KINDS = ['conversion', 'mean', 'ratio'];
const GOALS = { tests_us: 50, posteriors_us: 500 };
const chosen = options('stats');
const program = resolve(process.env.METE_BUILD_DIR, 'tools/stats_cost');
const run = (...args) => execFileSync(program, args, { encoding: 'utf8' });

/* Undefined where the machine has no scipy. */
function runPython(metrics) {
    const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [join(here, 'stats.py')], {
        input: metrics,
        encoding: 'utf8',
    });
    if (status === 0) return JSON.parse(stdout);
    if (/No module named/.test(stderr)) return undefined;
    throw new Error(stderr);
}

const rounds = [];
for (let i = 0; i < chosen.rounds; i += 1) {
    const lines = run('5')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    rounds.push({ mete: lines.slice(1), python: runPython(run()) });
}

const cost = (side, kind, part) => median(rounds.flatMap((r) => r[side] ?? []).map((f) => f[kind][part]));
const highest = (part) => Math.min(...rounds.flatMap((r) => r.mete).map((f) => f[`highest_${part}`]));
const hasPython = rounds[0].python !== undefined;
const rows = KINDS.flatMap((kind) =>
    Object.keys(GOALS).map((part) => {
        const mete_us = cost('mete', kind, part);
        const python_us = hasPython ? cost('python', kind, part) : null;
        return { kind, part, mete_us, goal_us: GOALS[part], python_us, ratio: hasPython ? python_us / mete_us : null };
    }),
);
console.log('stats: one metric of three variants, all default answers; microseconds of processor time\n');
printTable(
    ['metric', 'answers', 'mete us', 'goal us', 'scipy us', 'ratio'],
    rows.map((r) => [
        r.kind,
        r.part === 'tests_us' ? 'fixed + always valid' : 'Bayesian',
        r.mete_us.toFixed(1),
        r.goal_us,
        hasPython ? r.python_us.toFixed(0) : '-',
        hasPython ? ratio(r.ratio) : '-',
    ]),
);
console.log(
    `\ncostliest of the 100 metrics: ` +
        `${highest('tests_us').toFixed(1)} us and ${highest('posteriors_us').toFixed(1)} us`,
);
if (hasPython)
    console.log(
        `the answers of both agree to ${Math.max(...rounds.map((r) => r.python.largest_deviation)).toExponential(1)}`,
    );
else console.log('without python3-scipy there is nothing to compare with');
writeJson(chosen.json, { bench: 'stats', goals: GOALS, rows, rounds });
