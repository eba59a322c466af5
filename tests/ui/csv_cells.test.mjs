// SPDX-License-Identifier: GPL-3.0-or-later
// Files of the app and of `mete export` follow one rule for cells that begin as a formula does: one table for both.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const CELLS = JSON.parse(readFileSync(path('../unit/tools/csv_cells.json'), 'utf8'));

async function load(file) {
    const { build } = createRequire(path('../../web-ui/package.json'))('esbuild');
    const made = await build({ entryPoints: [path(file)], bundle: true, format: 'esm', write: false });
    const code = Buffer.from(made.outputFiles[0].contents).toString('base64');
    return import(`data:text/javascript;base64,${code}`);
}

test('cells of a file are no formulas', async (t) => {
    const { csvOf } = await load('../../web-ui/app/pages/results/report/download.ts');
    for (const [value, wanted] of CELLS) {
        await t.test(JSON.stringify(value), () => {
            const results = { metrics: [{ key: 'm', variants: [{ key: value, units: 1, sum: 2, value: 3 }] }] };
            const csv = csvOf(results);
            const row = csv.slice(csv.indexOf('\nm,') + 3);
            assert.equal(row.slice(0, row.indexOf(',1,2,3,')), wanted);
        });
    }
});
