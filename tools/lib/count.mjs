// SPDX-License-Identifier: GPL-3.0-or-later
// Sums up what test runs counted: each argument is a meson test log (JSON lines) or the output of
// node's runner. Prints the one closing line; exit status 1 when anything failed.
import { readFileSync } from 'node:fs';

const last = (pattern, text) => Number([...text.matchAll(pattern)].pop()?.[1] ?? NaN);
const orZero = (n) => (Number.isNaN(n) ? 0 : n);

/* node's closing figures; several runs in one text are added. Undefined when there are none. */
function nodeCounts(text) {
    const sum = (word) =>
        [...text.matchAll(new RegExp(`^[ℹ#] ${word} (\\d+)$`, 'gm'))].reduce(
            (total, match) => total + Number(match[1]),
            0,
        );
    if (!/^[ℹ#] pass \d+$/m.test(text)) return undefined;
    return { passed: sum('pass'), failed: sum('fail') + sum('cancelled'), skipped: sum('skipped') + sum('todo') };
}

function cmockaCounts(text) {
    const passed = last(/^\[  PASSED  \] (\d+) test/gm, text);
    if (Number.isNaN(passed)) return undefined;
    return {
        passed,
        failed: orZero(last(/^\[  FAILED  \] (?:\S+: )?(\d+) test/gm, text)),
        skipped: orZero(last(/^\[  SKIPPED \] (?:\S+: )?(\d+) test/gm, text)),
    };
}

/* TAP: a line for each test, and one with the plan. */
function tapCounts(text) {
    if (!/^1\.\.\d+/m.test(text)) return undefined;
    const lines = [...text.matchAll(/^(not )?ok \d+(.*)$/gm)];
    const skipped = lines.filter(([, , rest]) => /# SKIP/i.test(rest)).length;
    const failed = lines.filter(([, not]) => not).length;
    return { passed: lines.length - failed - skipped, failed, skipped };
}

/* A program that counts nothing itself is one case. A bad end never hides behind good figures. */
function countsOf(text, status) {
    if (status === 77) return { passed: 0, failed: 0, skipped: 1 };
    const counts = nodeCounts(text) ??
        cmockaCounts(text) ??
        tapCounts(text) ?? { passed: status === 0 ? 1 : 0, failed: 0, skipped: 0 };
    if (status !== 0 && counts.failed === 0) counts.failed = 1;
    return counts;
}

function mesonRuns(text) {
    return text
        .split('\n')
        .filter(Boolean)
        .map((line) => {
            const run = JSON.parse(line);
            const status = run.result === 'OK' ? 0 : run.result === 'SKIP' ? 77 : run.returncode || 1;
            return countsOf(`${run.stdout ?? ''}\n${run.stderr ?? ''}`, status);
        });
}

/* PATH for a meson log, PATH:STATUS for the output of a program that ended with STATUS. */
function runsOf(argument) {
    const [path, status] = argument.split(':');
    const text = readFileSync(path, 'utf8');
    return status === undefined ? mesonRuns(text) : [countsOf(text, Number(status))];
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const run of process.argv.slice(2).flatMap(runsOf)) {
    for (const key of Object.keys(total)) total[key] += run[key];
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
