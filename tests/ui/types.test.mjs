// SPDX-License-Identifier: GPL-3.0-or-later
// The types of UI and SDK hold; among them: every language has every message.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { sourceRoot } from '../http/lib/paths.mjs';

test('the type checker finds nothing', () => {
    const folder = join(sourceRoot, 'web-ui');
    const { stdout, status } = spawnSync(join(folder, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder], {
        encoding: 'utf8',
    });
    assert.equal(stdout, '');
    assert.equal(status, 0);
});
