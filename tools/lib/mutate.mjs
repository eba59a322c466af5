// SPDX-License-Identifier: GPL-3.0-or-later
// tools/mutate: see there. A mutant is
//
//   {"name", "promise", "file", "from", "to", "test", "only"}
//
// 'from' stands in the file once. 'test' is a file of node's runner, or suite:name of a test of meson's. 'only' is a
// pattern for names of tests within it: it spares the others. The same test has to pass on the tree as it is.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mutants } from '../../tests/mutants/mutants.mjs';
import { OwnedCluster } from '../../tests/http/lib/cluster.mjs';

const ROOT = process.cwd();
const PLACE = join(ROOT, 'build-test/mutate');
const TREE = join(PLACE, 'tree');
const BUILD = join(TREE, 'build');
const KNOWN = join(PLACE, 'known.json');
/* What a build or a test may take: beyond it, it hangs. */
const BUILD_MS = 1_800_000;
const TEST_MS = 300_000;

const log = (text) => process.stdout.write(`${text}\n`);

/* What git would take, by its content: a file as it was stays as old as it was, so that little is built anew. */
function copyTree() {
    mkdirSync(TREE, { recursive: true });
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
        maxBuffer: 1 << 28,
    });
    const paths = String(listed)
        .split('\0')
        .filter((path) => path && existsSync(path));
    for (const path of paths) {
        const to = join(TREE, path);
        if (existsSync(to) && readFileSync(to).equals(readFileSync(path))) continue;
        mkdirSync(dirname(to), { recursive: true });
        writeFileSync(to, readFileSync(path), { mode: statSync(path).mode });
    }
    const had = join(PLACE, 'paths.json');
    const before = existsSync(had) ? JSON.parse(readFileSync(had, 'utf8')) : [];
    const now = new Set(paths);
    for (const path of before) if (!now.has(path)) rmSync(join(TREE, path), { force: true });
    writeFileSync(had, JSON.stringify(paths));
    const modules = join(TREE, 'web-ui/node_modules');
    if (!existsSync(modules)) cpSync(join(ROOT, 'web-ui/node_modules'), modules, { recursive: true });
}

/* Ends the whole group of a program that takes too long. Resolves with {status, text}; status null: it hung. */
function run(command, args, { ms, env = {} }) {
    return new Promise((resolve) => {
        const child = spawn(command, args, { cwd: TREE, detached: true, env: { ...process.env, ...env } });
        let text = '';
        let hung = false;
        for (const stream of [child.stdout, child.stderr])
            stream.setEncoding('utf8').on('data', (part) => (text = (text + part).slice(-400_000)));
        const timer = setTimeout(() => {
            hung = true;
            process.kill(-child.pid, 'SIGKILL');
        }, ms);
        child.on('close', (code) => {
            clearTimeout(timer);
            resolve({ status: hung ? null : code, text });
        });
    });
}

const isMeson = (test) => !test.endsWith('.mjs');

/* Tests that are no program of their own. */
const PROGRAMS = { 'stats:golden': 'tests/stats/run_cases' };

/* What of the tree a test needs built. */
function targetsOf(test) {
    if (!isMeson(test)) return ['server/meted', 'tools/mete'];
    const [suite, name] = test.split(':');
    return [PROGRAMS[test] ?? `tests/${suite}/test_${name}`];
}

const build = (test) => run('ninja', ['-C', 'build', ...targetsOf(test)], { ms: BUILD_MS });

/* A cluster holds a template that was migrated when it was started: what is broken in SQL wants one of its own. */
function runTest({ file, test, only }, shared) {
    const env = file.startsWith('sql/') ? {} : shared;
    if (isMeson(test)) {
        const [suite, name] = test.split(':');
        const args = ['test', '-C', 'build', '--no-rebuild', '--print-errorlogs', '--suite', suite, name];
        return run('meson', args, { ms: TEST_MS, env });
    }
    const args = ['--test', '--test-reporter=tap', ...(only ? [`--test-name-pattern=${only}`] : []), test];
    return run(process.execPath, args, { ms: TEST_MS, env: { ...env, METE_BUILD_DIR: BUILD } });
}

/* What failed, in its own words. */
function sentenceOf(text) {
    const node = text.match(/^ *not ok \d+ - (.*)$/m)?.[1];
    const cmocka = text.match(/^ *(?:\[  FAILED  \]|not ok \d+ (?:- )?)(.*?)(?: *#.*)?$/m)?.[1];
    const promise = text.match(/promise broken: .*/)?.[0];
    return (node ?? cmocka ?? promise ?? 'it failed without a sentence').slice(0, 100);
}

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/* The same mutant in the same file, before the same test. */
const hashOf = (m) =>
    createHash('sha256')
        .update(JSON.stringify([m, read(m.file), isMeson(m.test) ? '' : read(m.test)]))
        .digest('hex');

const known = existsSync(KNOWN) ? JSON.parse(readFileSync(KNOWN, 'utf8')) : {};

function remember(m, outcome, sentence) {
    known[m.name] = { outcome, sentence, hash: hashOf(m) };
    mkdirSync(PLACE, { recursive: true });
    writeFileSync(KNOWN, JSON.stringify(known, null, 1));
    log(`${outcome.padEnd(9)} ${m.name}: ${sentence}`);
}

/* Resolves with [outcome, sentence]. The line is put back whatever happens. */
async function outcomeOf(m, env) {
    const path = join(TREE, m.file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(
        path,
        source.replace(m.from, () => m.to),
    );
    try {
        const built = await build(m.test);
        if (built.status !== 0) return ['unbuilt', built.text.match(/error:.*/)?.[0] ?? 'it does not build'];
        const { status, text } = await runTest(m, env);
        if (status === null) return ['hung', `${m.test} came to no end`];
        return status === 0 ? ['survived', m.promise] : ['killed', sentenceOf(text)];
    } finally {
        writeFileSync(path, source);
    }
}

const passing = new Map();

/* A test that fails anyway tells nothing. */
async function passes(m, env) {
    const key = `${m.test} ${m.only ?? ''}`;
    if (!passing.has(key)) {
        const built = await build(m.test);
        const { status, text } = built.status === 0 ? await runTest(m, env) : built;
        passing.set(key, status === 0);
        if (status !== 0) log(`${key} fails without any change:\n${text.slice(-3000)}`);
    }
    return passing.get(key);
}

async function prepare() {
    copyTree();
    if (existsSync(join(BUILD, 'build.ninja'))) return;
    const { status, text } = await run('meson', ['setup', 'build'], { ms: BUILD_MS });
    if (status !== 0) throw new Error(text);
}

async function askAll(due) {
    await prepare();
    const cluster = await OwnedCluster.start();
    const env = { METE_TEST_SOCKETS: cluster.socketFolder };
    try {
        for (const m of due) {
            if (!(await passes(m, env))) remember(m, 'untested', `${m.test} fails without any change`);
            else remember(m, ...(await outcomeOf(m, env)));
        }
    } finally {
        await cluster.stop();
    }
}

function table(chosen) {
    const rows = chosen.map((m) => [
        known[m.name]?.outcome ?? 'unasked',
        m.name,
        m.test,
        known[m.name]?.sentence ?? '',
    ]);
    const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i].length)));
    for (const row of rows)
        log(
            row
                .map((cell, i) => cell.padEnd(widths[i] ?? 0))
                .join('  ')
                .trimEnd(),
        );
    const count = (...outcomes) => rows.filter(([outcome]) => outcomes.includes(outcome)).length;
    const [passed, skipped] = [count('killed'), count('unasked')];
    log(`${passed} passed, ${rows.length - passed - skipped} failed, ${skipped} skipped`);
    return passed + skipped === rows.length ? 0 : 1;
}

const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const holds = (m) => words.length === 0 || words.some((word) => `${m.name} ${m.file} ${m.test}`.includes(word));
const chosen = mutants.filter(holds);
const isDue = (m) =>
    options.includes('--again') || known[m.name]?.outcome !== 'killed' || known[m.name].hash !== hashOf(m);
/* By what they need built: the fewest steps between two of them. */
const due = chosen.filter(isDue).sort((a, b) => (a.test + a.file < b.test + b.file ? -1 : 1));
if (!options.includes('--list')) await askAll(due);
process.exitCode = table(chosen);
