// SPDX-License-Identifier: GPL-3.0-or-later
// An import with several requests in flight, whose first one does not get through while all others
// do: what is remembered must not pass the gap.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startGate } from '../lib/gate.mjs';
import { startServer, until } from '../lib/harness.mjs';

const ROWS = 20_000;
const BATCHES = ROWS / 500;

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    folder.write('mapping.json', {
        campaign: { key: 'gap', control: 'a' },
        visitor: { row_number: true, prefix: 'row-' },
        variant: { column: 'arm' },
        time: { constant: '2020-01-01' },
        events: [{ name: 'purchase', when: { column: 'arm', equals: 'c' } }],
        metrics: [{ key: 'conversion_rate' }],
    });
    folder.write('rows.csv', `arm\n${'a\nb\n'.repeat(ROWS / 2)}`);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const ARGS = ['import', '--mapping', 'mapping.json', '--state', 'state.json', '--json', 'rows.csv'];
const stored = () => Number(server.psql('select count(*) from visitor_event'));

test('a batch that waits holds the state back, whatever is stored behind it', async () => {
    const gate = await startGate(server, { isRefused: (body) => body.includes('/row-1"') });
    const run = folder.start(ARGS, { METE_EDGE_URL: gate.url });
    await until(() => gate.passed === BATCHES - 1, 30_000, 'all other batches to be stored');
    await until(() => folder.state('state.json'), 10_000, 'the state');
    run.child.kill('SIGKILL');
    assert.equal((await run.ended).status, 'SIGKILL');
    gate.close();
    assert.ok(gate.refused >= 1);
    assert.equal(folder.state('state.json').row, 0);
    assert.equal(stored(), ROWS - 500);
});

test('the next run closes the gap', async () => {
    const { status, stdout, stderr } = await folder.run(ARGS);
    assert.equal(status, 0, stderr);
    const { results } = JSON.parse(stdout);
    assert.equal(stored(), ROWS);
    assert.deepEqual(
        results.variants.map((v) => v.units),
        [ROWS / 2, ROWS / 2],
    );
});
