// SPDX-License-Identifier: GPL-3.0-or-later
// What a month is made of: the visitors of the last 28 days, or of all there are, and nothing of less than a week.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';

const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2024-03-01T00:00:00Z');

let server;
let imports;
before(async () => {
    server = await startServer();
    imports = new Imports(server);
});
after(async () => {
    imports?.remove();
    await server?.stop();
});

const day = (i) => new Date(BEGIN + i * DAY_MS).toISOString().slice(0, 10);

/* So many visitors on each day. */
const rows = (counts) =>
    counts.flatMap((count, i) =>
        Array.from({ length: count }, (_, k) => `v${i}-${k},${k % 2 ? 'b' : 'a'},5,${day(i)}`),
    );

const CASES = [
    ['all of ten days', Array(10).fill(2), 20, 10],
    ['the last 28 of forty', [...Array(12).fill(9), ...Array(28).fill(2)], 56, 28],
    ['exactly 28', Array(28).fill(2), 56, 28],
    ['exactly a week', Array(7).fill(3), 21, 7],
    ['six days: no month', Array(6).fill(3), 18, 6],
    ['days without anybody count', [2, ...Array(19).fill(0), 2], 4, 21],
];

for (const [what, counts, units, days] of CASES) {
    test(what, async () => {
        const key = what.replace(/\W+/g, '_');
        const csv = ['id,g,v,at', ...rows(counts)].join('\n');
        await imports.load(key, csv, [], { time: { column: 'at' } });
        const { traffic } = (await server.api('GET', `/campaigns/${key}/results`)).body;
        assert.deepEqual([traffic.units, Math.round(traffic.days * 1e6) / 1e6], [units, days]);
        if (days < 7) assert.equal(traffic.month_units, null);
        else assert.ok(Math.abs(traffic.month_units - ((units / days) * 365) / 12) < 1e-3, `${traffic.month_units}`);
    });
}
