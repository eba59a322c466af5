// SPDX-License-Identifier: GPL-3.0-or-later
// node condition_js.mjs METE: random conditions, patterns, comparisons, letters and buckets through
// the program, compared with what JavaScript answers.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { randomConditions } from './condition_random.mjs';
import { fnv1a, line, matches, random } from '../lib/oracle.mjs';

const mete = process.argv[2];
const r = random(Number(process.env.METE_SEED ?? 20240131));
let failures = 0;
let compared = 0;

const { texts, condition, attributes } = randomConditions(r);

function compare(what, cases) {
    const input = cases.map(line).join('');
    const run = spawnSync(mete, ['condition'], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    const lines = run.stdout.split('\n');
    cases.forEach((c, i) => {
        compared++;
        const expected = String(matches(c[0], c[1], c[2]));
        if (lines[i] === expected) return;
        if (++failures <= 40) console.log(`${what}: ${JSON.stringify(c)}: ${lines[i]}, not ${expected}`);
    });
    if (run.status !== 0) failures++;
}

// The table that the C test asks is right only if JavaScript says the same.
const table = readFileSync(new URL('./condition_cases.jsonl', import.meta.url), 'utf8');
const named = table
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
for (const [name, expected, ...c] of named)
    if (matches(...c) !== expected && ++failures) console.log(`table: "${name}" is ${!expected} in JavaScript`);
compare(
    'table',
    named.map((row) => row.slice(2)),
);

const groups = { g1: ['a', 1, 'abc', null], g2: [true, '1.0'] };
compare(
    'condition',
    Array.from({ length: 20000 }, () => [condition(), attributes(), groups]),
);

const bits = new DataView(new ArrayBuffer(8));
const anyNumber = () => {
    for (;;) {
        bits.setUint32(0, r.below(2 ** 32));
        bits.setUint32(4, r.below(2 ** 32));
        const n = r.below(3) ? bits.getFloat64(0) : r.below(2 ** 31) / 10 ** r.below(12);
        if (Number.isFinite(n)) return n;
    }
};
const printed = Array.from({ length: 3000 }, anyNumber).concat(
    Array.from({ length: 2000 }, (_, i) => 2 ** (i - 1040)).filter((n) => n > 0 && n < Infinity),
);
compare(
    'number',
    printed.flatMap((n) => [
        [{ n: String(n) }, { n }],
        [{ n }, { n: String(n) }],
        [{ n: { $lte: ` ${n}\n` } }, { n }],
    ]),
);

const letters = [];
for (let point = 1; point < 0x110000; point++) {
    const c = String.fromCodePoint(point);
    if ((point >= 0xd800 && point < 0xe000) || c.toLowerCase() === c) continue;
    letters.push([{ c: { $ini: [c.toLowerCase()] } }, { c }]);
}
compare('letter', letters);

// prettier-ignore
const atoms = [
    'a', 'b', 'B', 'k', '1', '_', '-', ' ', '.', '\\.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\b', '\\B', '\\n',
    '\\t', '\\v', '\\0', '\\x41', '\\x4', '\\u0062', '\\u00e4', '\\u62', '\\cA', '\\c', '\\1', '\\2', '\\8', '\\12',
    '\\/', '/', '\\-', '\\e', '\\A', '\\z', '\\Z', '\\Q', '\\h', '\\R', '\\K', '\\p', '\\k', '\\k<n>', '^', '$',
    '[ab]', '[^a]', '[a-c]', '[c-a]', '[\\d-x]', '[\\w-]', '[[:alpha:]]', '[]', '[^]', '[\\b]', '[\\s\\S]', '[^\\S]',
    '[\\u0000-\\uffff]', '[\\]]', '[a\\-z]', '[-a]', 'ä', 'Ä', '{', '}', ']', '{,3}', 'x{2}', 'a{1,2}', 'b{2,1}', '(',
    ')', '(?:', '(?=', '(?!', '(?<n>', '(?<m>', '(?i)', '(?>', '(?P<n>', '(*F)', '(a)', '(?:b|1)', '(?=a)', '(?!b)',
    '(?<=a)', '(?<!b)', '|', '*', '+', '?', '*?', '++', '??', '{2}', '#', '(?#x)', '\u2028', '&&', '~', '\\',
    '(?:\\ud83d\\ude00)', '(?:😀)',
];
// prettier-ignore
const subjects = [
    '', 'a', 'b', 'ab', 'abc', 'aab', 'AB', 'a b', 'a\nb', 'b\n', '\u2028', 'ä', 'Ä', '1', '12', 'a-1', '_', 'aa',
    'bb', '{', 'x{2}', ']', '\\', '/', 'kn', 'k<n>', 'u62', '\u0001', '\u0008', '\u000a', '\ufeff', 'p', 'A', 'K',
    'Z', 'e', 'a\\cb', 'x4', '&&', 'Qa', 'null', 'abab', 'b1b', '\t', '\v', '{,3}', 'a{1,2}', 'uuuu',
];
const pattern = () => Array.from({ length: 1 + r.below(5) }, () => r.pick(atoms)).join('');
compare(
    'pattern',
    Array.from({ length: 40000 }, () => [
        { s: { [r.pick(['$regex', '$regexi', '$notRegex', '$notRegexi'])]: pattern() } },
        { s: r.pick(subjects) },
    ]),
);

for (let i = 0; i < 200; i++) {
    const seed = r.pick(texts) + r.below(100);
    const unit = r.pick(texts) + r.below(100000);
    const two = (fnv1a(fnv1a(seed + unit) + '') % 10000) / 10000;
    const one = (fnv1a(unit + seed) % 1000) / 1000;
    for (const [version, expected] of [
        ['2', two],
        ['1', one],
    ]) {
        compared++;
        const run = spawnSync(mete, ['bucket', '--hash-version', version, '--', seed, unit], { encoding: 'utf8' });
        if (run.stdout !== `${expected}\n` && ++failures)
            console.log('bucket', [seed, unit, version, run.stdout, expected]);
    }
}

// A broken line is answered by an error, its neighbours as ever; the exit status tells.
function expectRun(args, input, status, output) {
    compared++;
    const run = spawnSync(mete, args, { input, encoding: 'utf8' });
    if (run.status === status && output.test(run.stdout + run.stderr)) return;
    failures++;
    console.log('mete', args, run.status, run.stdout, run.stderr);
}
expectRun(
    ['condition'],
    '[{"a":1},{"a":1}]\n{\n[{}]\n[5,{}]\n[{"a":2},{"a":1}]',
    2,
    /^true\nerror: .*\nerror: .*\nerror: \/0: .*\nfalse\n$/,
);
expectRun(['condition'], '[{"a":"\\ud800"},{"a":"\\udfff"}]\n', 0, /^true\n$/);
expectRun(['condition', 'x'], '', 2, /usage: mete condition/);
expectRun(['bucket', '--json', 'seed', 'a'], '', 0, /^{"bucket":505,"n":0.0505}\n$/);
expectRun(
    ['bucket', '--json'],
    '["seed","a"]\n["seed"]\n',
    2,
    /^{"bucket":505,"n":0.0505}\nerror: a line is an array.*\n$/,
);
expectRun(['bucket', 'seed'], '', 2, /a seed and a unit.*\nusage: mete bucket/);
expectRun(['bucket', '--hash-version', '3', 'seed', 'a'], '', 2, /"3" is not known/);
expectRun(['bukket'], '', 2, /did you mean "bucket"/);
expectRun(['help', 'bucket'], '', 0, /^usage: mete bucket/);
expectRun(['--version'], '', 0, /^mete \d+\.\d+/);
expectRun([], '', 2, /^usage: mete VERB/);

console.log(`${compared} compared, ${failures} failed`);
process.exit(failures ? 1 : 0);
