// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong in a file of totals, its mapping or its options is told by its place, and then nothing was made.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';
import { ROWS, argsOf, importTotals, table, withCell, withRow } from '../lib/totals.mjs';

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

const total = (day) => table([...ROWS, [day, 'A', '3000', '350', '4834.75', '0']]);
const last = ROWS.length + 1;
const tomorrow = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);

const ODD = [
    ['a negative count of visitors', withCell(2, 'visitors', '-5'), 2, 'visitors', /between 0 and/],
    ['a negative count of conversions', withCell(2, 'orders', '-5'), 2, 'orders', /negative/],
    ['negative squares', withCell(2, 'squares', '-5'), 2, 'squares', /between 0 and/],
    ['half a visitor', withCell(3, 'visitors', '500.5'), 3, 'visitors', /whole/],
    ['half a conversion', withCell(3, 'orders', '40.5'), 3, 'orders', /whole/],
    [
        'more conversions than visitors',
        withCell(1, 'orders', '1001'),
        1,
        'orders',
        /1001 had converted by this day, of 1000 visitors/,
    ],
    ['more of them with the day before', withCell(4, 'orders', '1351'), 4, 'orders', /1501 .* of 1500 visitors of "b"/],
    ['no day', withCell(3, 'day', ''), 3, 'day', /holds ""/],
    ['no day at all', withCell(3, 'day', 'soon'), 3, 'day', /holds "soon"/],
    ['no such day', withCell(3, 'day', '2024-02-30'), 3, 'day', /holds "2024-02-30"/],
    ['a time of day', withCell(3, 'day', '2024-05-14 10:30'), 3, 'day', /totals are of whole ones/],
    ['a day that has not come', withCell(3, 'day', tomorrow), 3, 'day', /a day that has come/],
    ['a day that one variant lacks', table(ROWS.slice(0, 3)), 3, 'day', /"b" has no row for the day 2024-05-14/],
    [
        'a day twice',
        withRow('2024-05-13', 'A', '1', '1', '1', '1'),
        last,
        'day',
        /"a" has the day 2024-05-13 a second time/,
    ],
    ['a day twice, written otherwise', withRow('13/05/2024', 'A', '1', '1', '1', '1'), last, 'day', /a second time/],
    ['no variant', withCell(2, 'group', ''), 2, 'group', /holds "", not a variant/],
    [
        'squares below the sum squared',
        withCell(2, 'squares', '3999'),
        2,
        'squares',
        /smaller than the sum's square over the visitors/,
    ],
    ['squares of nobody', withCell(2, 'visitors', '0'), 2, 'squares', /smaller/],
    ['no visitors', withCell(4, 'visitors', ''), 4, 'visitors', /holds "", not a number/],
    ['no conversions', withCell(4, 'orders', ''), 4, 'orders', /holds "", not a number/],
    ['no sum', withCell(4, 'revenue', ''), 4, 'revenue', /holds "", not a number/],
    ['no squares', withCell(4, 'squares', ''), 4, 'squares', /holds "", not a number/],
    ['a word', withCell(4, 'visitors', 'many'), 4, 'visitors', /holds "many", not a number/],
    ['a share', withCell(4, 'orders', '12 %'), 4, 'orders', /not a number/],
    ['a formula that failed', withCell(4, 'revenue', '#DIV/0!'), 4, 'revenue', /not a number/],
    ['a sum out of bounds', withCell(4, 'revenue', '1e16'), 4, 'revenue', /between/],
    ['a row of totals', total('Total'), last, 'day', /holds "Total", not a day: take rows out that add up others/],
    ['a row of sums in German', total('Gesamtsumme:'), last, 'day', /take rows out/],
    [
        'a variant of totals',
        withRow('2024-05-13', 'Gesamt', '2000', '250', '3234.5', '70000.25'),
        last,
        'group',
        /not a variant: take rows out/,
    ],
    [
        'a variant of both',
        withRow('2024-05-13', 'all', '2000', '250', '3234.5', '70000.25'),
        last,
        'group',
        /take rows out/,
    ],
    ['a row that is short', `${table()}2024-05-15,A,5\r\n`, last, null, /3 fields, the header 6/],
];

for (const [what, csv, row, column, why] of ODD) {
    test(`told by row and column, and nothing is made: ${what}`, async () => {
        const odd = what.toLowerCase().replace(/\W+/g, '-');
        for (const args of [['--check'], []]) {
            const { status, stderr } = await importTotals(imports, odd, csv, { args });
            assert.equal(status, 2, stderr);
            const place = column ? `row ${row} \\(line ${row + 1}\\).*column "${column}"` : `row ${row} \\(line`;
            assert.match(stderr, new RegExp(place));
            assert.match(stderr, why);
        }
        assert.equal((await server.api('GET', `/campaigns/${odd}`)).status, 404);
        assert.equal(
            (await server.api('GET', '/imports?limit=1')).body.items.some((one) => one.campaign === odd),
            false,
        );
    });
}

test('an unknown variant of a map is told, and one that it leaves out is left out', async () => {
    const map = { A: 'a', B: 'b', C: null };
    const document = (more) => ({
        campaign: { key: 'mapped', control: 'a' },
        variant: { column: 'group', map: { ...map, ...more } },
        time: { column: 'day' },
        totals: {
            visitors: { column: 'visitors' },
            sums: [{ metric: 'orders', sum: { column: 'orders' } }],
        },
        metrics: [{ key: 'orders', kind: 'count', event: 'purchase' }],
    });
    imports.write('mapping.json', document({}));
    imports.write('mapped.csv', withRow('2024-05-13', 'D', '1', '1', '1', '1'));
    const args = ['import', '--mapping', 'mapping.json', '--json', 'mapped.csv'];
    const refused = await imports.run(args);
    assert.match(refused.stderr, /row 5 \(line 6\): "D" is not in the map/);
    imports.write('mapped.csv', withRow('2024-05-13', 'C', '1', '1', '1', '1'));
    const { status, stdout, stderr } = await imports.run(args);
    assert.equal(status, 0, stderr);
    const [orders] = JSON.parse(stdout).results.metrics;
    assert.deepEqual([orders.kind, orders.variants.map((arm) => arm.status)], ['count', ['no_spread', 'no_spread']]);
});

const SUMS = { visitors: { column: 'visitors' }, sums: [{ metric: 'm', sum: { column: 'orders' } }] };
const METRICS = [{ key: 'm', kind: 'count', event: 'x' }];
const MAPPINGS = [
    ['visitors of rows', { visitor: { column: 'group' } }, /no field "visitor" here/],
    ['events', { events: [] }, /no field "events" here/],
    ['segments', { dimensions: {} }, /no field "dimensions" here/],
    [
        'a currency',
        { campaign: { key: 'bad', control: 'A', currency: 'USD' } },
        /\/campaign\/currency.*|is not told with totals/,
    ],
    ['no metrics', { metrics: undefined }, /"metrics" is missing/],
    ['no visitors', { totals: { sums: SUMS.sums } }, /either "visitors".*or "daily_visitors"/],
    ['both kinds of visitors', { totals: { ...SUMS, daily_visitors: { column: 'visitors' } } }, /either "visitors"/],
    [
        'a sum of no metric',
        { totals: { ...SUMS, sums: [{ metric: 'other', sum: { column: 'orders' } }] } },
        /"other" is none of/,
    ],
    ['a metric twice', { totals: { ...SUMS, sums: [...SUMS.sums, ...SUMS.sums] } }, /has a sum already/],
    ['a metric without a sum', { metrics: [...METRICS, { key: 'n', kind: 'count', event: 'y' }] }, /"n" has no sum/],
    ['a column that is not there', { totals: { ...SUMS, visitors: { column: 'users' } } }, /no column "users"/],
    ['an unknown field', { totals: { ...SUMS, weeks: 1 } }, /no field "weeks" here/],
    [
        'a ratio',
        { metrics: [{ key: 'm', kind: 'ratio', numerator: { event: 'x' }, denominator: { event: 'y' } }] },
        /column "orders": a mean or ratio cannot be had/,
    ],
];
for (const [what, change, why] of MAPPINGS) {
    test(`a mapping of totals is refused with ${what}`, async () => {
        const document = {
            campaign: { key: 'bad', control: 'A' },
            variant: { column: 'group' },
            time: { column: 'day' },
            totals: SUMS,
            metrics: METRICS,
            ...change,
        };
        imports.write('bad.json', document);
        imports.write('bad.csv', table());
        const { status, stderr } = await imports.run(['import', '--mapping', 'bad.json', 'bad.csv']);
        assert.equal(status, 2, stderr);
        assert.match(stderr, why);
        assert.equal((await server.api('GET', '/campaigns/bad')).status, 404);
    });
}

const OPTIONS = [
    [{ visitors: null }, [], /--visitors is needed/],
    [{}, ['--daily-visitors', 'visitors'], /either --visitors or --daily-visitors/],
    [{ conversion: null, value: null, squares: null }, [], /--conversion is needed/],
    [{ value: null }, [], /--squares belongs to --value/],
    [{}, ['--visitor', 'group'], /--visitor does not go with --totals: rows are days/],
    [{}, ['--device', 'group'], /--device does not go with --totals: totals have no segments/],
    [{}, ['--country', 'group'], /--country does not go with --totals/],
    [{}, ['--order', 'group'], /--order does not go with --totals/],
    [{}, ['--skip-bad-rows'], /--skip-bad-rows does not go with totals/],
    [{ time: null }, [], /--time is needed/],
    [{ control: null }, [], /--control is needed/],
    [{ control: 'C' }, [], /there is no variant "C"/],
];
for (const [columns, args, why] of OPTIONS) {
    test(`options of totals: ${why.source}`, async () => {
        const { status, stderr } = await importTotals(imports, 'options', table(), {
            columns,
            args: [...args, '--check'],
        });
        assert.equal(status, 2, stderr);
        assert.match(stderr, why);
    });
}

test('options of totals are nothing without --totals', async () => {
    const args = ['import', '--campaign', 'x', ...argsOf({ squares: null }), imports.write('x.csv', table())];
    assert.match((await imports.run(args)).stderr, /--visitors belongs to --totals/);
});
