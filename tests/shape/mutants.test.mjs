// SPDX-License-Identifier: GPL-3.0-or-later
// What tools/mutate breaks is still there to be broken, each line once, and the test that holds it too.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { mutants } from '../mutants/mutants.mjs';
import { root } from './tree.mjs';

const text = (path) => readFileSync(join(root, path), 'utf8');
const builds = ['tests/unit/meson.build', 'tests/stats/meson.build'].map(text).join('\n');

/* What is wrong with it; undefined: nothing. */
function wrongOf(m) {
    if (!existsSync(join(root, m.file))) return `${m.file} is not there`;
    const count = text(m.file).split(m.from).length - 1;
    if (count !== 1) return `${JSON.stringify(m.from)} stands ${count} times in ${m.file}`;
    if (m.to === m.from || !m.promise) return 'it says nothing';
    if (m.test.endsWith('.mjs')) return existsSync(join(root, m.test)) ? undefined : `${m.test} is not there`;
    const [suite, name] = m.test.split(':');
    const isKnown = ['unit', 'stats'].includes(suite) && new RegExp(`['/]${name}'`).test(builds);
    return isKnown ? undefined : `there is no test ${m.test}`;
}

test('every mutant changes a line that there is, and names a test that there is', () => {
    const wrong = mutants.map((m) => [m.name, wrongOf(m)]).filter(([, what]) => what);
    assert.deepEqual(wrong, []);
    assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length, 'no name twice');
    assert.ok(mutants.length >= 100);
});
