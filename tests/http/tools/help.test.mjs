// SPDX-License-Identifier: GPL-3.0-or-later
// The command line program tells what it can do, without a server.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { metePath } from '../lib/paths.mjs';

const print = (...args) => execFileSync(metePath(), args, { encoding: 'utf8', stdio: 'pipe' });
const verbs = [...print('help').matchAll(/^ {2}([a-z-]+) +(\S.*)$/gm)].map((m) => m[1]);

test('the verbs are listed', () => {
    for (const verb of ['migrate', 'import', 'simulate', 'rebuild', 'results', 'export'])
        assert.ok(verbs.includes(verb));
});

for (const verb of verbs) {
    test(`mete ${verb} is explained, asked either way`, () => {
        const text = print('help', verb);
        assert.equal(print(verb, '--help'), text);
        assert.match(text, new RegExp(`^usage: mete ${verb}`));
        assert.ok(text.trim().split('\n').length > 1, text);
        for (const [, option] of text.split('\n')[0].matchAll(/(--[a-z-]+)/g)) {
            assert.ok(text.split(option).length > 2 || !/\n {2}--/.test(text), `${verb}: ${option} is not explained`);
        }
    });
}
