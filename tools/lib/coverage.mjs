// SPDX-License-Identifier: GPL-3.0-or-later
// coverage.mjs [--list] BUILD: what the programs of a build folder counted (meson's b_coverage), read by
// gcov, as a table for each folder of server, stats and tools; with --list, the functions that never ran.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

const COUNTED = /^(server|stats|tools)\//;
const AT_ONCE = 100;
const GCOV_OUTPUT_BYTES = 1 << 30;

/* Each object's notes are there even when it never ran; gcov then finds no counts, and says 0. */
function notesOf(build) {
    return readdirSync(build, { recursive: true })
        .filter((path) => path.endsWith('.gcno') && !path.startsWith('tests/'))
        .map((path) => resolve(build, path));
}

function readGcov(build, notes) {
    const { stdout, status, error } = spawnSync('gcov', ['--json-format', '--stdout', ...notes], {
        cwd: build,
        encoding: 'utf8',
        maxBuffer: GCOV_OUTPUT_BYTES,
        stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (status !== 0) throw new Error(`gcov: ${error ?? `status ${status}`}`);
    return stdout.split('\n').filter(Boolean).map(JSON.parse);
}

const add = (map, key, count) => map.set(key, (map.get(key) ?? 0) + count);

/* By source: how often each line and each function ran. A header counts in every object that includes it; notes of
 * sources that have gone may be left in the build folder. */
function countsOf(build) {
    const sources = new Map();
    const notes = notesOf(build);
    for (let i = 0; i < notes.length; i += AT_ONCE) {
        for (const object of readGcov(build, notes.slice(i, i + AT_ONCE))) {
            for (const file of object.files) {
                const path = relative('.', resolve(object.current_working_directory, file.file));
                if (!COUNTED.test(path) || !existsSync(path)) continue;
                if (!sources.has(path)) sources.set(path, { lines: new Map(), functions: new Map() });
                const { lines, functions } = sources.get(path);
                for (const line of file.lines) add(lines, line.line_number, line.count);
                for (const f of file.functions) add(functions, `${f.start_line}: ${f.name}`, f.execution_count);
            }
        }
    }
    return sources;
}

function sumOf(sources) {
    const counts = sources.flatMap(({ lines }) => [...lines.values()]);
    return { lines: counts.length, executed: counts.filter((count) => count > 0).length };
}

function row(name, { lines, executed }) {
    const percent = ((100 * executed) / lines).toFixed(1);
    return [name.padEnd(28), ...[lines, executed, percent].map((x) => String(x).padStart(9))].join('');
}

function printTable(sources) {
    const folders = new Map();
    for (const [path, source] of sources) {
        const folder = dirname(path);
        folders.set(folder, [...(folders.get(folder) ?? []), source]);
    }
    console.log(`${'folder'.padEnd(28)}    lines executed per cent`);
    for (const folder of [...folders.keys()].sort()) console.log(row(folder, sumOf(folders.get(folder))));
    console.log(row('in all', sumOf([...sources.values()])));
}

function printIdle(sources) {
    console.log('\nFunctions that never ran:');
    for (const path of [...sources.keys()].sort()) {
        const idle = [...sources.get(path).functions].filter(([, count]) => count === 0).map(([name]) => name);
        for (const name of idle) console.log(`${path}:${name}`);
    }
}

const list = process.argv.includes('--list');
const build = resolve(process.argv.filter((argument) => argument !== '--list')[2]);
const sources = countsOf(build);
if (sources.size === 0) throw new Error(`${build} was not built to count`);
printTable(sources);
if (list) printIdle(sources);
