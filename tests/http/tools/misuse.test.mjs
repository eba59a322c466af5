// SPDX-License-Identifier: GPL-3.0-or-later
// What people mistype, and places that are not there: each is told in a sentence on stderr, with the exit status that
// says whose fault it is, before any server is asked.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { metedPath, metePath } from '../lib/paths.mjs';

const [FAILED, MISUSED] = [1, 2];
const PLACE = { METE_EDGE_URL: 'http://127.0.0.1:1', METE_DESK_URL: 'http://127.0.0.1:1', METE_SECRET_KEY: 'msk_x' };
const NOWHERE = 'postgresql:///x?host=/nowhere';

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), 'mete-misuse-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

function mete(args, env = {}, input = '') {
    const { PATH } = process.env;
    return spawnSync(metePath(), args, { cwd: folder, env: { PATH, ...env }, input, encoding: 'utf8' });
}

function complains(args, env, status, sentence, input) {
    const run = mete(args, env, input);
    assert.match(run.stderr, sentence);
    assert.equal(run.status, status, run.stderr);
    assert.equal(run.stdout, '');
}

test('a verb that there is not', () => {
    complains(['exprot'], {}, MISUSED, /there is no verb "exprot"; did you mean "export"\?/);
    complains(['everything'], {}, MISUSED, /there is no verb "everything"; "mete help" lists them/);
    complains(['help', 'x'.repeat(40)], {}, MISUSED, /there is no verb "x+"; "mete help" lists them/);
    complains([], {}, MISUSED, /usage: mete VERB/);
});

const DATABASE = [
    ['backup', 'file'],
    ['init'],
    ['login-link'],
    ['migrate'],
    ['migrate', '--check'],
    ['rebuild'],
    ['restore', 'absent'],
    ['second-factor', '--reset', 'ann@shop.example'],
];
for (const args of DATABASE) {
    test(`mete ${args.join(' ')}: which database, and one that is not there`, () => {
        complains(args, {}, MISUSED, new RegExp(`mete ${args[0]}: which database\\? --database URL`));
        if (args[0] === 'restore') complains([...args, '--database', NOWHERE], {}, MISUSED, /absent: No such file/);
        else complains([...args, '--database', NOWHERE], {}, FAILED, /\/nowhere/);
    });
}

test('where the server is', () => {
    for (const [option, name] of [
        ['edge', 'METE_EDGE_URL'],
        ['desk', 'METE_DESK_URL'],
        ['key', 'METE_SECRET_KEY'],
    ]) {
        const known = { ...PLACE, [name]: '' };
        complains(['imports'], known, MISUSED, new RegExp(`is not known: give --${option}, set ${name}, or run in`));
    }
    complains(['imports'], { ...PLACE, METE_DESK_URL: 'desk' }, MISUSED, /--desk: "desk" is not a URL/);
    const away = ['imports', '--desk', 'http://127.0.0.1:1/'];
    complains(away, PLACE, FAILED, /the server gave no answer: .*connect/);
});

const IMPORT = 'import f.csv --campaign a --variant v --control a --time 2026-01-01'.split(' ');
// prettier-ignore
const WRONG = [
    [['export', 'A B', '--what', 'events'], /"A B" is not a campaign's key/],
    [['export', 'a'], /--what is needed: exposures, outcomes, events, results, days/],
    [['export', 'a', '--what', 'events', '--format', 'xml'], /--format: "xml" is neither csv nor json/],
    [['results', 'A B'], /"A B" is not a campaign's key/],
    [['results', 'a', '--dimension', 'A B'], /--dimension: "A B" is not known/],
    [['imports', '--undo', 'A B'], /"A B" is not a campaign's key/],
    [['import', 'f.csv', '--campaign', 'A B'], /--campaign: "A B" is not a key/],
    [['import', 'f.csv', '--mapping', 'absent.json'], /cannot read absent\.json: No such file/],
    [['import', 'f.csv'], /without --mapping, --\S+ is needed/],
    [['import', 'f.csv', '--mapping', 'map.json', '--variant', 'v'], /options cannot say it too/],
    [[...IMPORT, '--conversion', 'c', '--order', 'o'], /--order belongs to --value/],
];
for (const [args, sentence] of WRONG)
    test(`mete ${args.join(' ')}`, () => {
        writeFileSync(join(folder, 'f.csv'), 'v,c\na,1\n');
        writeFileSync(join(folder, 'map.json'), '{}');
        complains(args, PLACE, MISUSED, sentence);
    });

test('mete bucket', () => {
    complains(['bucket', '--seed', 's', 'u'], {}, MISUSED, /that option is not known or lacks its value/);
    complains(['bucket', '--hash-version', '3', 's', 'u'], {}, MISUSED, /hash version "3" is not known/);
    complains(['bucket', 's'], {}, MISUSED, /a seed and a unit are needed/);
    const script = `"${metePath()}" bucket s $'\\xff'`;
    const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    assert.deepEqual([status, /seed and unit must be valid UTF-8/.test(stderr)], [MISUSED, true], stderr);
});

const HEAD = 'exposed_at,metrics.a\n';
// prettier-ignore
const FILES = [
    ['', /there is no line with the columns' names/],
    ['a,b\n', /no column is named "metrics\./],
    [`${HEAD}2026-01-01T00:00:00Z\n`, /line 2 has 1 fields, the first has 2/],
    [`${HEAD}yesterday,1\n`, /line 2: "yesterday" is no time/],
    [`${HEAD}2026-01-01T00:00:00Z,much\n`, /line 2: "much" is no number/],
    [`${HEAD}2026-01-01T00:00:00Z,"1\n`, /quote/],
    [Array.from({ length: 101 }, (_, i) => `metrics.m${i}`).join() + '\n', /more than \d+ metrics/],
];
for (const [text, sentence] of FILES)
    test(`mete prove of a file: ${sentence}`, () => {
        writeFileSync(join(folder, 'p.csv'), text);
        complains(['prove', 'p.csv'], {}, MISUSED, sentence);
    });

test('output that cannot be written is no success', () => {
    const script = `"${metePath()}" help >/dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    assert.equal(status, FAILED);
    assert.match(stderr, /could not write the output: No space left/);
});

test('versions, and how the server is called', () => {
    const version = execFileSync(metePath(), ['--version'], { encoding: 'utf8' });
    assert.match(version, /^mete \d+\.\d+/);
    assert.equal(execFileSync(metedPath(), ['--version'], { encoding: 'utf8' }), version.replace('mete', 'meted'));
    assert.match(execFileSync(metedPath(), ['--help'], { encoding: 'utf8' }), /meted --print-settings /);
});
