// SPDX-License-Identifier: GPL-3.0-or-later
// The shares that sizes are tested by are those of the buckets, at the coverage there is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/* [weights, coverage, buckets] */
const CASES = [
    [[0.00005, 0.99995], 1, [1, 9999]],
    [[0.00005, 0.99995], 0.5, [1, 5000]],
    [[0.3, 0.7], 0.0015, [5, 11]],
    [[0.5, 0.5], 1, [1, 1]],
];

test('results tell the shares that were allotted', async () => {
    for (const [i, [weights, coverage, buckets]] of CASES.entries()) {
        const variants = weights.map((weight, j) => ({ key: 'ab'[j], weight, is_control: j === 0 }));
        const metrics = [{ key: 'conversion_rate', role: 'primary' }];
        const made = await server.api('POST', '/campaigns', {
            key: `c-${i}`,
            name: 'C',
            kind: 'experiment',
            variants,
            metrics,
            coverage,
        });
        assert.equal(made.status, 201, made.text);
        assert.equal((await server.api('POST', `/campaigns/c-${i}/start`, {})).status, 200);
        const { body } = await server.api('GET', `/campaigns/c-${i}/results`);
        const sum = buckets[0] + buckets[1];
        for (const [j, variant] of body.variants.entries()) {
            assert.equal(variant.weight, weights[j]);
            assert.ok(Math.abs(variant.share - buckets[j] / sum) < 1e-12, `${i}: ${variant.share}`);
        }
    }
});
