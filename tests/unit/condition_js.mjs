// SPDX-License-Identifier: GPL-3.0-or-later
// node condition_js.mjs METE: random conditions, patterns, comparisons, letters and buckets through
// the program, compared with what JavaScript answers.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fnv1a, matches, random } from './oracle.mjs';

const mete = process.argv[2];
const r = random(Number(process.env.METE_SEED ?? 20240131));
let failures = 0;
let compared = 0;

const texts = ['', ' ', '0', '1', '01', '1.0', ' 7 ', '0x1f', '1e3', '-5', '.5', '5.', 'Infinity',
  'a', 'A', 'abc', 'ABC', 'aBc', 'ä', 'Ä', 'ß', 'İ', 'i̇', 'ΑΘΗΝΑΣ', 'αθηνας', 'Σ', 'σ', 'null', 'true',
  'false', '1,2', 'a,b', '[object Object]', '\ufb01', '😀', '\uffff', 'de_DE', '2024-01-31', '\u00a05',
  '1.2.3', 'v1.2.3', '1.2.3-rc.1', '1.10.0', '1.9.0', '2.0', '1.2.3+7', '1.2', 'v2', '1.2.3.4'];
const numbers = [0, 1, 2, 3, -1, 0.1, 1.5, 7, 10, 31, 1000, 1e21, 1e-7, 123456789012345680000,
  0.000001, 5e-324, 1.7976931348623157e308, 2 ** 53, 4.35, 100.0];
const keys = ['a', 'b', 'c', 'tags', 'x.y', 'tags.0', 'tags.length', 'deep.er.still', '1', 'a.b'];

const scalar = () => {
  const n = r.below(10);
  if (n < 5) return r.pick(texts);
  if (n < 8) return r.pick(numbers);
  return n < 9 ? r.below(2) === 1 : null;
};
const list = (make, most = 4) => Array.from({ length: r.below(most) }, make);
const value = (depth = 0) => {
  const n = r.below(10);
  if (depth > 2 || n < 6) return scalar();
  if (n < 8) return list(() => value(depth + 1));
  return Object.fromEntries(list(() => [r.pick(['a', 'b', 'x', 'y', '2', '1']), value(depth + 1)]));
};
const attributes = () => {
  const made = {};
  for (const key of ['a', 'b', 'c', '1']) if (r.below(3)) made[key] = value();
  if (r.below(3)) made.tags = list(() => (r.below(6) ? scalar() : value()));
  if (r.below(3)) made.x = r.below(4) ? { y: value() } : scalar();
  if (r.below(3)) made.deep = { er: { still: value() } };
  return made;
};
const plain = () => (r.below(4) ? scalar() : value());
const patterns = ['^a', 'b$', '^..?$', '\\d+', '^\\w*$', '[A-C]', '[^a]', '(', '1|2', '^\\s*$', 'null', 'a.b'];
const operator = (depth) => {
  const name = r.pick(['$eq', '$ne', '$lt', '$lte', '$gt', '$gte', '$lt', '$gt', '$veq', '$vne', '$vlt',
    '$vlte', '$vgt', '$vgte', '$exists', '$in', '$nin', '$ini', '$nini', '$inGroup', '$notInGroup', '$not',
    '$size', '$elemMatch', '$all', '$alli', '$regex', '$regexi', '$notRegex', '$notRegexi', '$type',
    '$unknown']);
  const one = () => {
    switch (name) {
      case '$exists': return r.pick([true, false, 1, 0, null, '']);
      case '$in': case '$nin': case '$ini': case '$nini':
        return r.below(8) ? list(scalar, 6) : scalar();
      case '$inGroup': case '$notInGroup': return r.pick(['g1', 'g2', 'none']);
      case '$not': return test(depth + 1);
      case '$size': return r.below(2) ? r.below(4) : test(depth + 1);
      case '$elemMatch': return r.below(2) ? operators(depth + 1) : condition(depth + 1);
      case '$all': case '$alli': return list(() => test(depth + 1), 3);
      case '$regex': case '$regexi': case '$notRegex': case '$notRegexi': return r.pick(patterns);
      case '$type':
        return r.pick(['null', 'string', 'number', 'boolean', 'array', 'object', 'undefined']);
      default: return plain();
    }
  };
  return [name, one()];
};
const operators = (depth) =>
  Object.fromEntries(Array.from({ length: 1 + r.below(2) }, () => operator(depth)));
const test = (depth) => (depth < 4 && r.below(3) ? operators(depth) : plain());
const condition = (depth = 0) => {
  const made = {};
  for (let i = r.below(depth ? 3 : 2) + (depth ? 0 : 1); i > 0; i--) made[r.pick(keys)] = test(depth);
  if (depth < 3 && r.below(4) === 0) made[r.pick(['$or', '$nor', '$and'])] = list(() => condition(depth + 1), 3);
  if (depth < 3 && r.below(8) === 0) made.$not = condition(depth + 1);
  return made;
};

// The parser refuses integers beyond 64 bits; the same number with a fraction is welcome.
const line = (c) => JSON.stringify(c).replace(/(?<=[:,[])(-?\d{19,})(?=[,}\]])/g, '$1.0') + '\n';

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
const table = readFileSync(new URL('condition_cases.jsonl', import.meta.url), 'utf8');
const named = table.trim().split('\n').map((text) => JSON.parse(text));
for (const [name, expected, ...c] of named)
  if (matches(...c) !== expected && ++failures) console.log(`table: "${name}" is ${!expected} in JavaScript`);
compare('table', named.map((row) => row.slice(2)));

const groups = { g1: ['a', 1, 'abc', null], g2: [true, '1.0'] };
compare('condition', Array.from({ length: 20000 }, () => [condition(), attributes(), groups]));

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
  Array.from({ length: 2000 }, (_, i) => 2 ** (i - 1040)).filter((n) => n > 0 && n < Infinity));
compare('number', printed.flatMap((n) => [
  [{ n: String(n) }, { n }], [{ n }, { n: String(n) }], [{ n: { $lte: ` ${n}\n` } }, { n }]]));

const letters = [];
for (let point = 1; point < 0x110000; point++) {
  const c = String.fromCodePoint(point);
  if ((point >= 0xd800 && point < 0xe000) || c.toLowerCase() === c) continue;
  letters.push([{ c: { $ini: [c.toLowerCase()] } }, { c }]);
}
compare('letter', letters);

const atoms = ['a', 'b', 'B', 'k', '1', '_', '-', ' ', '.', '\\.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\b', '\\B',
  '\\n', '\\t', '\\v', '\\0', '\\x41', '\\x4', '\\u0062', '\\u00e4', '\\u62', '\\cA', '\\c', '\\1', '\\2', '\\8', '\\12', '\\/', '/',
  '\\-', '\\e', '\\A', '\\z', '\\Z', '\\Q', '\\h', '\\R', '\\K', '\\p', '\\k', '\\k<n>', '^', '$', '[ab]', '[^a]', '[a-c]', '[c-a]',
  '[\\d-x]', '[\\w-]', '[[:alpha:]]', '[]', '[^]', '[\\b]', '[\\s\\S]', '[^\\S]', '[\\u0000-\\uffff]', '[\\]]', '[a\\-z]', '[-a]',
  'ä', 'Ä', '{', '}', ']', '{,3}', 'x{2}', 'a{1,2}', 'b{2,1}', '(', ')', '(?:', '(?=', '(?!', '(?<n>', '(?<m>', '(?i)', '(?>',
  '(?P<n>', '(*F)', '(a)', '(?:b|1)', '(?=a)', '(?!b)', '(?<=a)', '(?<!b)', '|', '*', '+', '?', '*?', '++', '??', '{2}', '#',
  '(?#x)', '\u2028', '&&', '~', '\\', '(?:\\ud83d\\ude00)', '(?:😀)'];
const subjects = ['', 'a', 'b', 'ab', 'abc', 'aab', 'AB', 'a b', 'a\nb', 'b\n', '\u2028', 'ä', 'Ä', '1', '12', 'a-1', '_', 'aa', 'bb',
  '{', 'x{2}', ']', '\\', '/', 'kn', 'k<n>', 'u62', '\u0001', '\u0008', '\u000a', '\ufeff', 'p', 'A', 'K', 'Z', 'e', 'a\\cb', 'x4',
  '&&', 'Qa', 'null', 'abab', 'b1b', '\t', '\v', '{,3}', 'a{1,2}', 'uuuu'];
const pattern = () => Array.from({ length: 1 + r.below(5) }, () => r.pick(atoms)).join('');
compare('pattern', Array.from({ length: 40000 }, () => [
  { s: { [r.pick(['$regex', '$regexi', '$notRegex', '$notRegexi'])]: pattern() } }, { s: r.pick(subjects) }]));

for (let i = 0; i < 200; i++) {
  const seed = r.pick(texts) + r.below(100);
  const unit = r.pick(texts) + r.below(100000);
  const two = (fnv1a(fnv1a(seed + unit) + '') % 10000) / 10000;
  const one = (fnv1a(unit + seed) % 1000) / 1000;
  for (const [version, expected] of [['2', two], ['1', one]]) {
    compared++;
    const run = spawnSync(mete, ['bucket', '--hash-version', version, '--', seed, unit], { encoding: 'utf8' });
    if (run.stdout !== `${expected}\n` && ++failures) console.log('bucket', [seed, unit, version, run.stdout, expected]);
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
expectRun(['condition'], '[{"a":1},{"a":1}]\n{\n[{}]\n[5,{}]\n[{"a":2},{"a":1}]', 2,
  /^true\nerror: .*\nerror: .*\nerror: \/0: .*\nfalse\n$/);
expectRun(['condition'], '[{"a":"\\ud800"},{"a":"\\udfff"}]\n', 0, /^true\n$/);
expectRun(['condition', 'x'], '', 2, /usage: mete condition/);
expectRun(['bucket', '--json', 'seed', 'a'], '', 0, /^{"bucket":505,"n":0.0505}\n$/);
expectRun(['bucket', 'seed'], '', 2, /a seed and a unit.*\nusage: mete bucket/);
expectRun(['bucket', '--hash-version', '3', 'seed', 'a'], '', 2, /"3" is not known/);
expectRun(['bukket'], '', 2, /did you mean "bucket"/);
expectRun(['help', 'bucket'], '', 0, /^usage: mete bucket/);
expectRun(['--version'], '', 0, /^mete \d+\.\d+/);
expectRun([], '', 2, /^usage: mete VERB/);

console.log(`${compared} compared, ${failures} failed`);
process.exit(failures ? 1 : 0);
