// SPDX-License-Identifier: GPL-3.0-or-later
// Two sides in turn, A B A B, so that whatever else the machine does meets both alike; what counts is
// the median of the rounds' ratios.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const here = dirname(fileURLToPath(import.meta.url));

export function options(name, more = {}) {
    const given = { rounds: '5', seconds: '3', json: `build/bench-${name}.json`, ...more };
    const words = process.argv.slice(2);
    for (let i = 0; i < words.length; i += 2) {
        const key = words[i].replace(/^--/, '');
        if (!(key in given) || words[i + 1] === undefined) throw new Error(`unknown option ${words[i]}`);
        given[key] = words[i + 1];
    }
    return { ...given, rounds: Number(given.rounds), seconds: Number(given.seconds) };
}

/* Runs wrk with a script of this folder; {requests, seconds, rate, p50_us, p99_us, errors}. */
export async function wrk(url, script, { seconds, connections, args = [] }) {
    const { stdout } = await promisify(execFile)(
        'wrk',
        ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', join(here, script), url, '--', ...args],
        { cwd: here },
    );
    const line = stdout.split('\n').find((l) => l.startsWith('{'));
    const figures = JSON.parse(line);
    return { ...figures, rate: figures.requests / figures.seconds };
}

export function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const spread = (values) => ({
    median: median(values),
    lowest: Math.min(...values),
    highest: Math.max(...values),
});

/* sides: {name: async () => figures}. Resolves with [{name: figures, …}, …] after a round to warm up. */
export async function inTurn(sides, rounds) {
    const results = [];
    for (let round = 0; round <= rounds; round += 1) {
        const result = {};
        for (const [name, run] of Object.entries(sides)) result[name] = await run();
        if (round > 0) results.push(result);
    }
    return results;
}

export function printTable(head, rows) {
    const all = [head, ...rows].map((row) => row.map(String));
    const widths = head.map((_, i) => Math.max(...all.map((row) => row[i].length)));
    for (const row of all) console.log(row.map((cell, i) => cell.padStart(widths[i])).join('  '));
}

export function writeJson(path, document) {
    writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
    console.log(`\nAll figures: ${path}`);
}

export const whole = (n) => Math.round(n).toLocaleString('en');
export const ratio = (n) => n.toFixed(2);
