// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of one time: the order of the file decides, and what a row says happened after its exposure.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CliFolder } from '../lib/cli.mjs';
import { startServer } from '../lib/harness.mjs';

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const NOON = '2024-05-01T12:00:00Z';
const VISITORS = 40;
const all = Array.from({ length: VISITORS }, (_, i) => i);

const purchase = (more = {}) => ({
    name: 'purchase',
    when: { column: 'paid', above: 0 },
    value: { column: 'paid' },
    ...more,
});

const mapping = (key, events) => ({
    campaign: { key, control: 'a' },
    visitor: { column: 'id', prefix: `${key}-` },
    variant: { column: 'arm', map: { a: 'a', b: 'b', c: 'c', none: null } },
    time: { column: 'at' },
    events,
    metrics: [{ key: 'revenue_per_visitor' }],
});

/* A row for each visitor, in arm, at, paid and what else the columns are. */
const rows = (arm, at = NOON, paid = 0, ...more) =>
    all.map((i) => [i, typeof arm === 'function' ? arm(i) : arm, at, paid, ...more].join(','));
const byHalf = (first, second) => (i) => (i % 2 ? second : first);
const csv = (lines, columns = 'id,arm,at,paid') => [columns, ...lines.flat(), ''].join('\n');
const filler = Array.from({ length: 5000 }, (_, i) => `x${i},none,${NOON},0`);

const ORDER = 'id,arm,at,paid,order';
/* [what, the file, units of a, b and c, revenue of all of them, rules of the mapping] */
// prettier-ignore
const CASES = [
    ['first-wins', csv([rows('a'), rows('b', NOON, 5)]), [40, 0, 0], 200],
    ['other-way-round', csv([rows('b', NOON, 5), rows('a')]), [0, 40, 0], 200],
    ['half-and-half', csv([rows(byHalf('a', 'b')), rows(byHalf('b', 'a'), NOON, 5)]), [20, 20, 0], 200],
    ['three-arms', csv([rows('c'), rows('b'), rows('a', NOON, 1)]), [0, 0, 40], 40],
    ['days', csv([rows('b', '2024-05-01'), rows('a', '2024-05-01', 2)]), [0, 40, 0], 80],
    ['one-instant-in-two-zones', csv([rows('b', '2024-05-01 14:00:00+02'), rows('a')]), [0, 40, 0], 0],
    ['microseconds', csv([rows('b', '2024-05-01T12:00:00.000002Z'), rows('a', '2024-05-01T12:00:00.000001Z')]),
        [40, 0, 0], 0],
    ['time-before-row', csv([rows('b', '2024-05-02'), rows('a', '2024-05-01')]), [40, 0, 0], 0],
    ['own-row-counts', csv([rows('a', NOON, 3)]).concat(`x,b,${NOON},0\n`), [40, 1, 0], 120],
    ['far-apart', csv([rows('b'), filler, rows('a', NOON, 1)]), [0, 40, 0], 40],
    ['one-order-in-two-rows', csv([rows('b', NOON, 5, 'o1'), rows('a', NOON, 9, 'o1')], ORDER), [0, 40, 0], 200,
        [purchase({ transaction_id: { column: 'order' } })]],
    ['one-order-in-two-rules', csv([rows('a', NOON, 5, 7), `x,b,${NOON},0,0`], 'id,arm,at,paid,again'), [40, 1, 0], 200,
        [purchase({ transaction_id: { constant: 'o' } }),
            purchase({ value: { column: 'again' }, transaction_id: { constant: 'o' } })]],
    ['gzip', gzipSync(csv([rows('b'), rows('a', NOON, 5)])), [0, 40, 0], 200],
];

for (const [key, text, units, revenue, events = [purchase()]] of CASES) {
    test(`equal times: ${key}`, async () => {
        folder.write('mapping.json', mapping(key, events));
        folder.write('rows.csv', text);
        const { status, stdout, stderr } = await folder.run([
            'import',
            '--json',
            '--mapping',
            'mapping.json',
            'rows.csv',
        ]);
        assert.equal(status, 0, stderr);
        const { variants, metrics } = JSON.parse(stdout).results;
        const of = (arm) => variants.find((variant) => variant.key === arm)?.units ?? 0;
        assert.deepEqual(['a', 'b', 'c'].map(of), units);
        const sum = metrics[0].variants.reduce((total, arm) => total + arm.units * (arm.value ?? 0), 0);
        assert.equal(Math.round(sum * 1e6) / 1e6, revenue);
    });
}
