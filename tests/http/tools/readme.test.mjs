// SPDX-License-Identifier: GPL-3.0-or-later
// The tour of the README, pasted into a shell.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startServer, until } from '../lib/harness.mjs';
import { buildRoot, sourceRoot } from '../lib/paths.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/* What the first block reads from a file that tools/up wrote. */
const given = () => `EDGE=$METE_EDGE_URL DESK=$METE_DESK_URL/api/v1
    CLIENT="Authorization: Bearer ${server.clientKey}" SECRET="Authorization: Bearer ${server.secretKey}"
    JSON='Content-Type: application/json'
    curl() { command curl --fail-with-body "$@"; }\n`;

async function paste(blocks) {
    const commands = blocks.join('\n').replaceAll('build/tools/mete', join(buildRoot, 'tools/mete'));
    const words = ['-euo', 'pipefail', '-c', given() + commands];
    return (await promisify(execFile)('bash', words, { env: server.env })).stdout;
}

test('each command of the tour works', async () => {
    const readme = readFileSync(join(sourceRoot, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1]);
    const made = await paste(blocks.slice(1, 2));
    assert.match(made, /"status":"running"/);
    const isThere = async () => (await server.decide({ visitor_id: 'v' })).body.decisions.length === 1;
    await until(isThere, 10_000, 'the campaign on the edge');
    const seen = await paste(blocks.slice(2));
    for (const expected of [
        '"reason":"bucket"',
        '"reason":"audience"',
        '{"accepted":2,"duplicate":0,"rejected":[]}',
        'conversion_rate',
        '"breakdown":{"device":',
    ]) {
        assert.ok(seen.includes(expected), `${expected} in:\n${seen}`);
    }
});
