// SPDX-License-Identifier: GPL-3.0-or-later
// Files as databases and spreadsheets write them: one experiment in many ways, read the same.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

const mapping = (key) => ({
    campaign: { key, control: 'a' },
    visitor: { column: 'id', prefix: `${key}-` },
    variant: { column: 'arm' },
    time: { column: 'at' },
    dimensions: { device: { column: 'device' } },
    events: [
        { name: 'view', count: { column: 'views' } },
        { name: 'visit', when: { column: 'visit', equals: '1' } },
    ],
    metrics: [
        { key: 'views', kind: 'count', event: 'view' },
        { key: 'visits', kind: 'conversion', event: 'visit' },
    ],
});

const csv = (between, times, views = ['6', '2'], visits = ['1', '0'], devices = ['mobile', 'desktop']) =>
    ['id,arm,at,device,views,visit', ...['a', 'b'].map((arm, i) => [i, arm, times[i], devices[i], views[i], visits[i]])]
        .map((row) => String(row).replaceAll(',', between))
        .join('\n');

const NOON = '2024-01-31 12:00:00';
const same = (text) => [text, text];

/* [what, the file] */
const FILES = [
    ['plain', csv(',', same(NOON))],
    ['postgresql', csv(',', [`${NOON}+00`, `${NOON}.123456+00`])],
    ['bigquery', csv(',', [`${NOON} UTC`, `${NOON}.5 UTC`])],
    ['offset', csv(',', same('2024-01-31T13:00:00.250+0100'))],
    ['excel-days', csv(',', same('45322.5'))],
    ['seconds', csv(',', same('1706702400'))],
    ['milliseconds', csv(',', same('1706702400000'))],
    ['microseconds', csv(',', same('1706702400000000'))],
    ['semicolons', csv(';', same(NOON))],
    ['tabs', csv('\t', same(NOON))],
    ['bars', csv('|', same(NOON))],
    ['said', `sep=;\r\n${csv(';', same(NOON))}`],
    ['said-tab', `\ufeffsep=\t\n${csv('\t', same(NOON))}`],
    ['mark', `\ufeff${csv(';', same(NOON))}`],
    ['floats', csv(',', same(NOON), ['6.0', '2.00'], ['1.0', '0.0'])],
    ['letters', csv(',', same(NOON), ['6', '2'], ['1', '0'], ['Mobile', 'DESKTOP'])],
];

for (const [key, text] of FILES) {
    test(`a file of ${key}`, async () => {
        folder.write('mapping.json', mapping(key));
        folder.write('rows.csv', text);
        const { status, stdout, stderr } = await folder.run([
            'import',
            '--json',
            '--mapping',
            'mapping.json',
            'rows.csv',
        ]);
        assert.equal(status, 0, stderr);
        const { metrics } = JSON.parse(stdout).results;
        assert.deepEqual(
            metrics.map((metric) => metric.variants.map(({ value }) => value)),
            [
                [6, 2],
                [1, 0],
            ],
        );
        const found = server.rows(`select x.variant, x.dimensions ->> 'device' as device, min(e.ts)::date::text as day
            from exposure x join visitor_event e on e.slice = x.slice and e.visitor_id = x.unit_id
            where visitor_own_id(x.unit_id) in ('${key}-0', '${key}-1') group by 1, 2 order by 1`);
        assert.deepEqual(found.map(Object.values), [
            ['a', 'mobile', '2024-01-31'],
            ['b', 'desktop', '2024-01-31'],
        ]);
    });
}
