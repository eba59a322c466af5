// SPDX-License-Identifier: GPL-3.0-or-later
// The README's first ten minutes are walked in a browser, by names that the pages have, before any command of curl.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sourceRoot } from '../../http/lib/paths.mjs';
import { readMessages } from '../words/german.mjs';

const readme = readFileSync(join(sourceRoot, 'README.md'), 'utf8');
const minutes = /^## The first ten minutes\n(.*?)^## /ms.exec(readme)[1];

test('what it names stands on the pages', async () => {
    const messages = new Set((await readMessages('en')).values());
    const names = [...minutes.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    assert.ok(names.length > 5, names.join());
    assert.deepEqual(
        names.filter((name) => !messages.has(name)),
        [],
    );
});

test('it comes before curl, and needs none', () => {
    assert.ok(!/curl|```/.test(minutes));
    assert.ok(readme.indexOf(minutes) < readme.indexOf('curl'));
});
