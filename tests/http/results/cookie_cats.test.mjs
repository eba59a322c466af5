// SPDX-License-Identifier: GPL-3.0-or-later
// A real game experiment (90,189 players, a gate at level 30 or 40) with known answers; its arms are
// not as large as they should be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder, close } from '../lib/cli.mjs';
import { sharedFile, startServer } from '../lib/harness.mjs';

const SOURCE = sharedFile('data/cookie_cats.csv.gz');
const MAPPING = {
    campaign: { key: 'cookie-cats', control: 'gate_30' },
    visitor: { column: 'userid', prefix: 'cat-' },
    variant: { column: 'version' },
    time: { constant: '2017-02-01' },
    events: [
        { name: 'played_day_1', when: { column: 'retention_1', equals: 'TRUE' }, time: { constant: '2017-02-02' } },
        { name: 'played_day_7', when: { column: 'retention_7', equals: 'TRUE' }, time: { constant: '2017-02-08' } },
    ],
    metrics: [
        { key: 'retention_1', kind: 'conversion', event: 'played_day_1' },
        { key: 'retention_7', kind: 'conversion', event: 'played_day_7' },
    ],
};

let server;
let folder;
const skip = SOURCE ? false : 'the data folder is absent';

before(async () => {
    if (skip) return;
    server = await startServer();
    folder = new CliFolder(server);
    folder.write('mapping.json', MAPPING);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const ROWS = [
    ['retention_1', 20_034, 20_119, -1.7841, 0.0744],
    ['retention_7', 8_502, 8_279, -3.1644, 0.00155],
];

test('retention as conversion gives the known answers', { skip }, async () => {
    const { status, stdout, stderr } = await folder.run(['import', '--mapping', 'mapping.json', '--json', SOURCE]);
    assert.equal(status, 0, stderr);
    const { rows, rejected, results } = JSON.parse(stdout);
    assert.deepEqual({ rows, rejected }, { rows: 90_189, rejected: 0 });
    for (const [key, of30, of40, z, p] of ROWS) {
        const { variants } = results.metrics.find((metric) => metric.key === key);
        const [gate30, gate40] = ['gate_30', 'gate_40'].map((name) => variants.find((v) => v.key === name));
        assert.deepEqual([gate30.units, gate30.sum], [44_700, of30]);
        assert.deepEqual([gate40.units, gate40.sum], [45_489, of40]);
        const { frequentist } = gate40.effect;
        assert.ok(close(frequentist.pooled_z, z, 4), JSON.stringify(frequentist));
        assert.ok(Math.abs(frequentist.pooled_p / p - 1) < 0.005, JSON.stringify(frequentist));
    }
});

test('the uneven arms are warned of', { skip }, async () => {
    const { body } = await server.api('GET', '/campaigns/cookie-cats/results');
    assert.ok(close(body.health.srm.p, 0.0086, 4), JSON.stringify(body.health));
    assert.equal(body.health.srm.status, 'warning');
    assert.ok(body.health.warnings.includes('srm'));
    const { stdout } = await folder.run(['results', 'cookie-cats']);
    assert.match(stdout, /^CAUTION: the variants' sizes fit their weights badly/m);
});
