// SPDX-License-Identifier: GPL-3.0-or-later
// `mete import --totals`: files whose rows are days, however they are written; what is wrong in them is told by row and
// column, and then nothing was made.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip, gzipSync } from 'node:zlib';
import { close } from '../lib/cli.mjs';
import { sharedFile, startServer } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';

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

const COLUMNS = { variant: 'group', control: 'A', time: 'day', visitors: 'visitors', conversion: 'orders' };
COLUMNS.value = 'revenue';
COLUMNS.squares = 'squares';
const argsOf = (columns) =>
    Object.entries(columns).flatMap(([name, column]) => (column === null ? [] : [`--${name}`, column]));

function run(key, csv, { columns = {}, args = [], env = {} } = {}) {
    imports.write(`${key}.csv`, csv);
    const options = ['--campaign', key, ...argsOf({ ...COLUMNS, ...columns }), ...args];
    return imports.run(['import', '--totals', '--json', ...options, `${key}.csv`], env);
}

async function load(key, csv, more) {
    const { status, stdout, stderr } = await run(key, csv, more);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
}

const HEADER = ['day', 'group', 'visitors', 'orders', 'revenue', 'squares'];
const ROWS = [
    ['2024-05-13', 'A', '1000', '100', '1234.5', '25000.25'],
    ['2024-05-13', 'B', '1000', '150', '2000', '45000'],
    ['2024-05-14', 'A', '500', '40', '600.25', '14000.5'],
    ['2024-05-14', 'B', '500', '60', '1000', '22000'],
];
const quoted = (cell, between) => (cell.includes(between) ? `"${cell}"` : cell);
const table = (rows = ROWS, between = ',') =>
    [HEADER, ...rows].map((row) => `${row.map((cell) => quoted(cell, between)).join(between)}\r\n`).join('');
const written = (change) => ROWS.map((row) => row.map((cell, i) => change(cell, HEADER[i])));
/* The rows with one cell of one row, from 1, changed. */
const cell = (number, column, value) =>
    table(ROWS.map((row, i) => row.map((was, k) => (i + 1 === number && HEADER[k] === column ? value : was))));

const german = (text) => {
    const [whole, fraction] = text.split('.');
    return whole.replace(/\B(?=(\d{3})+$)/g, '.') + (fraction ? `,${fraction}` : '');
};
const dotted = (day) => day.split('-').reverse().join('.');
const inGerman = written((text, column) =>
    column === 'day' ? dotted(text) : column === 'revenue' || column === 'squares' ? german(text) : text,
);
const utf16 = (text) => Buffer.from(`\ufeff${text}`, 'utf16le');

// prettier-ignore
const FILES = [
    ['plain', table()],
    ['marked', `\ufeff${table()}`],
    ['semicolons', table(ROWS, ';')],
    ['tabs', table(ROWS, '\t')],
    ['said', `sep=;\r\n${table(ROWS, ';')}`],
    ['german', table(inGerman, ';')],
    ['german-quoted', table(inGerman, ',')],
    ['utf16', utf16(table(inGerman, ';'))],
    ['utf16-big', utf16(table(inGerman, ';')).swap16()],
    ['packed', gzipSync(table())],
    ['floats', table(written((text, column) => (['visitors', 'orders'].includes(column) ? `${text}.0` : text)))],
    ['spreadsheet', table(written((text, column) => (column === 'day' ? String(45425 + Number(text.endsWith('14'))) : text)))],
    ['midnight', table(written((text, column) => (column === 'day' ? `${text} 00:00:00` : text)))],
    ['american', table(written((text, column) => (column === 'day' ? text.replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1') : text)))],
    ['shuffled', table([3, 0, 2, 1].map((i) => ROWS[i]))],
];

for (const [name, csv] of FILES) {
    test(`a file of totals is read: ${name}`, async () => {
        const checked = await run(name, csv, { args: ['--check'], env: NOWHERE });
        assert.equal(checked.status, 0, checked.stderr);
        const { totals, bad_rows: bad } = JSON.parse(checked.stdout);
        assert.deepEqual([bad, totals.visitors, totals.days], [0, 'new', 2]);
        assert.deepEqual([totals.first, totals.last, totals.missing_days], ['2024-05-13', '2024-05-14', []]);
        assert.deepEqual(
            totals.variants.map((one) => [one.key, one.visitors, one.is_control]).sort(),
            [['a', 1500, true], ['b', 1500, false]], // prettier-ignore
        );
        const { results } = await load(name, csv);
        const [rate, revenue] = results.metrics;
        assert.deepEqual(rate.variants.map((arm) => [arm.key, arm.sum]).sort(), [['a', 140], ['b', 210]]); // prettier-ignore
        const sums = Object.fromEntries(revenue.variants.map((arm) => [arm.key, [arm.raw.sum_n, arm.raw.sum_nn]]));
        assert.deepEqual(sums, { a: ['183475', '390007500'], b: ['300000', '670000000'] });
        assert.ok(revenue.variants.find((arm) => arm.key === 'b').effect.frequentist.interval);
        assert.equal(results.health.fold.is_complete, true);
    });
}

const NOWHERE = { METE_EDGE_URL: '', METE_DESK_URL: '', METE_SECRET_KEY: '' };

test('days without any row are told', async () => {
    const csv = table([...ROWS, ['2024-05-17', 'A', '1', '0', '0', '0'], ['2024-05-17', 'B', '1', '0', '0', '0']]);
    const { stdout } = await imports.run(
        ['import', '--totals', '--check', '--campaign', 'gaps', ...argsOf(COLUMNS), imports.write('gaps.csv', csv)],
        NOWHERE,
    );
    assert.match(stdout, /3 days from 2024-05-13 to 2024-05-17; without any row: 2024-05-15, 2024-05-16/);
    assert.match(stdout, /^ +A \(a\), control +1501$/m);
    assert.match(stdout, /^ +revenue_per_visitor +4834\.75 +yes$/m);
});

const total = (day) => table([...ROWS, [day, 'A', '3000', '350', '4834.75', '0']]);
const more = (...row) => table([...ROWS, row]);
const last = ROWS.length + 1;
const tomorrow = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);

// prettier-ignore
const ODD = [
    ['a negative count of visitors', cell(2, 'visitors', '-5'), 2, 'visitors', /between 0 and/],
    ['a negative count of conversions', cell(2, 'orders', '-5'), 2, 'orders', /negative/],
    ['negative squares', cell(2, 'squares', '-5'), 2, 'squares', /between 0 and/],
    ['half a visitor', cell(3, 'visitors', '500.5'), 3, 'visitors', /whole/],
    ['half a conversion', cell(3, 'orders', '40.5'), 3, 'orders', /whole/],
    ['more conversions than visitors', cell(1, 'orders', '1001'), 1, 'orders', /1001 had converted by this day, of 1000 visitors/],
    ['more of them with the day before', cell(4, 'orders', '1351'), 4, 'orders', /1501 .* of 1500 visitors of "b"/],
    ['no day', cell(3, 'day', ''), 3, 'day', /holds ""/],
    ['no day at all', cell(3, 'day', 'soon'), 3, 'day', /holds "soon"/],
    ['no such day', cell(3, 'day', '2024-02-30'), 3, 'day', /holds "2024-02-30"/],
    ['a time of day', cell(3, 'day', '2024-05-14 10:30'), 3, 'day', /totals are of whole ones/],
    ['a day that has not come', cell(3, 'day', tomorrow), 3, 'day', /a day that has come/],
    ['a day that one variant lacks', table(ROWS.slice(0, 3)), 3, 'day', /"b" has no row for the day 2024-05-14/],
    ['a day twice', more('2024-05-13', 'A', '1', '1', '1', '1'), last, 'day', /"a" has the day 2024-05-13 a second time/],
    ['a day twice, written otherwise', more('13/05/2024', 'A', '1', '1', '1', '1'), last, 'day', /a second time/],
    ['no variant', cell(2, 'group', ''), 2, 'group', /holds "", not a variant/],
    ['squares below the sum squared', cell(2, 'squares', '3999'), 2, 'squares', /smaller than the sum's square over the visitors/],
    ['squares of nobody', cell(2, 'visitors', '0'), 2, 'squares', /smaller/],
    ['no visitors', cell(4, 'visitors', ''), 4, 'visitors', /holds "", not a number/],
    ['no conversions', cell(4, 'orders', ''), 4, 'orders', /holds "", not a number/],
    ['no sum', cell(4, 'revenue', ''), 4, 'revenue', /holds "", not a number/],
    ['no squares', cell(4, 'squares', ''), 4, 'squares', /holds "", not a number/],
    ['a word', cell(4, 'visitors', 'many'), 4, 'visitors', /holds "many", not a number/],
    ['a share', cell(4, 'orders', '12 %'), 4, 'orders', /not a number/],
    ['a formula that failed', cell(4, 'revenue', '#DIV/0!'), 4, 'revenue', /not a number/],
    ['a sum out of bounds', cell(4, 'revenue', '1e16'), 4, 'revenue', /between/],
    ['a row of totals', total('Total'), last, 'day', /holds "Total", not a day: take rows out that add up others/],
    ['a row of sums in German', total('Gesamtsumme:'), last, 'day', /take rows out/],
    ['a variant of totals', more('2024-05-13', 'Gesamt', '2000', '250', '3234.5', '70000.25'), last, 'group', /not a variant: take rows out/],
    ['a variant of both', more('2024-05-13', 'all', '2000', '250', '3234.5', '70000.25'), last, 'group', /take rows out/],
    ['a row that is short', `${table()}2024-05-15,A,5\r\n`, last, null, /3 fields, the header 6/],
];

for (const [what, csv, row, column, why] of ODD) {
    test(`told by row and column, and nothing is made: ${what}`, async () => {
        const odd = what.toLowerCase().replace(/\W+/g, '-');
        for (const args of [['--check'], []]) {
            const { status, stderr } = await run(odd, csv, { args });
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
    imports.write('mapped.csv', more('2024-05-13', 'D', '1', '1', '1', '1'));
    const args = ['import', '--mapping', 'mapping.json', '--json', 'mapped.csv'];
    const refused = await imports.run(args);
    assert.match(refused.stderr, /row 5 \(line 6\): "D" is not in the map/);
    imports.write('mapped.csv', more('2024-05-13', 'C', '1', '1', '1', '1'));
    const { status, stdout, stderr } = await imports.run(args);
    assert.equal(status, 0, stderr);
    const [orders] = JSON.parse(stdout).results.metrics;
    assert.deepEqual([orders.kind, orders.variants.map((arm) => arm.status)], ['count', ['no_spread', 'no_spread']]);
});

const SUMS = { visitors: { column: 'visitors' }, sums: [{ metric: 'm', sum: { column: 'orders' } }] };
const METRICS = [{ key: 'm', kind: 'count', event: 'x' }];
// prettier-ignore
const MAPPINGS = [
    ['visitors of rows', { visitor: { column: 'group' } }, /no field "visitor" here/],
    ['events', { events: [] }, /no field "events" here/],
    ['segments', { dimensions: {} }, /no field "dimensions" here/],
    ['a currency', { campaign: { key: 'bad', control: 'A', currency: 'USD' } }, /\/campaign\/currency.*|is not told with totals/],
    ['no metrics', { metrics: undefined }, /"metrics" is missing/],
    ['no visitors', { totals: { sums: SUMS.sums } }, /either "visitors".*or "daily_visitors"/],
    ['both kinds of visitors', { totals: { ...SUMS, daily_visitors: { column: 'visitors' } } }, /either "visitors"/],
    ['a sum of no metric', { totals: { ...SUMS, sums: [{ metric: 'other', sum: { column: 'orders' } }] } }, /"other" is none of/],
    ['a metric twice', { totals: { ...SUMS, sums: [...SUMS.sums, ...SUMS.sums] } }, /has a sum already/],
    ['a metric without a sum', { metrics: [...METRICS, { key: 'n', kind: 'count', event: 'y' }] }, /"n" has no sum/],
    ['a column that is not there', { totals: { ...SUMS, visitors: { column: 'users' } } }, /no column "users"/],
    ['an unknown field', { totals: { ...SUMS, weeks: 1 } }, /no field "weeks" here/],
    ['a ratio', { metrics: [{ key: 'm', kind: 'ratio', numerator: { event: 'x' }, denominator: { event: 'y' } }] }, /column "orders": a mean or ratio cannot be had/],
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

// prettier-ignore
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
        const { status, stderr } = await run('options', table(), { columns, args: [...args, '--check'] });
        assert.equal(status, 2, stderr);
        assert.match(stderr, why);
    });
}

test('options of totals are nothing without --totals', async () => {
    const args = [
        'import',
        '--campaign',
        'x',
        ...argsOf({ ...COLUMNS, squares: null }),
        imports.write('x.csv', table()),
    ];
    assert.match((await imports.run(args)).stderr, /--visitors belongs to --totals/);
});

test('a metric that is a mean there: nothing is made, and what stood in its place stays', async () => {
    const { import: id } = await load('kept', table());
    imports.write('mean.json', {
        campaign: { key: 'kept', control: 'A' },
        variant: { column: 'group' },
        time: { column: 'day' },
        totals: { visitors: { column: 'visitors' }, sums: [{ metric: 'spend', sum: { column: 'revenue' } }] },
        metrics: [{ key: 'spend' }],
    });
    const made = await server.api('POST', '/metrics', {
        key: 'spend',
        kind: 'mean',
        event: 'purchase',
        value: 'value',
    });
    assert.equal(made.status, 201, made.text);
    const { status, stderr } = await imports.run(['import', '--mapping', 'mean.json', '--replace', 'kept.csv']);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /row 1 \(line 2\), column "revenue": a mean or ratio cannot be had from totals/);
    assert.equal((await imports.campaign('kept')).import, id);
});

test('visitors of each day have to be said, and are', async () => {
    const columns = { visitors: null, 'daily-visitors': 'visitors' };
    const { results } = await load('unique', table(), { columns });
    assert.deepEqual([results.totals, results.verdict.rule], ['daily', 'repeated_units']);
    const told = await imports.run(['results', 'unique']);
    assert.match(told.stdout, /no interval: visitors are those of each day/);
    assert.match(told.stdout, /imported as totals a day: there are no segments/);
    const tooMany = await run('unique-odd', cell(4, 'orders', '501'), { columns });
    assert.match(tooMany.stderr, /row 4 \(line 5\), column "orders": 501 converted on this day, of 500 visitors/);
});

test('without squares the command line says why there is no interval', async () => {
    await load('plain-sums', table(), { columns: { squares: null } });
    const told = await imports.run(['results', 'plain-sums']);
    assert.match(
        told.stdout,
        /revenue_per_visitor.*\n(.*\n)+ +no interval: only sums were imported, and not their squares/,
    );
    assert.match(told.stdout, /orders_rate.*\n.*\n.*\n +b +1500 +14\.000 %.*\+75|orders_rate/);
});

test('one row for each variant, of a day that is given', async () => {
    const csv = 'group,visitors,orders\nA,1000,100\nB,1000,150\n';
    const columns = { time: '2024-05-13', value: null, squares: null };
    const { results } = await load('whole', csv, { columns });
    const [, b] = results.metrics[0].variants;
    assert.deepEqual([b.value, results.looks.length], [0.15, 1]);
    assert.ok(close(b.effect.frequentist.pooled_z, 3.3806, 4));
});

test('listed, the same again, replaced, taken back', async () => {
    const first = await load('moves', table());
    const list = await imports.run(['imports']);
    assert.match(list.stdout, /^moves +done +20\S+ +4 +totals +3000 +2024-05-13 +2024-05-14 +moves\.csv$/m);
    assert.equal((await load('moves', table())).import, first.import);
    const corrected = cell(1, 'orders', '101');
    const refused = await run('moves', corrected);
    assert.match(refused.stderr, /holds the import of "moves\.csv".*--replace.*mete imports --undo moves/);
    const second = await load('moves', corrected, { args: ['--replace'] });
    assert.notEqual(second.import, first.import);
    assert.equal(second.results.metrics[0].variants.find((arm) => arm.key === 'a').sum, 141);
    await imports.untilGone(first.import);
    assert.equal((await imports.results('moves')).metrics[0].variants.find((arm) => arm.key === 'a').sum, 141);
    const undone = await imports.run(['imports', '--undo', 'moves']);
    assert.equal(undone.status, 0, undone.stderr);
    assert.equal((await server.api('GET', '/campaigns/moves')).status, 404);
    await imports.untilGone(second.import);
    assert.equal(server.psql(`select count(*) from import_total where import_id = ${second.import}`), '0');
});

test('rows of visitors are replaced by totals', async () => {
    await imports.load('both', 'id,g,v\nra1,a,10\nra2,b,20\n');
    const { import: id } = await load('both', table(), { args: ['--replace'] });
    const { totals, events } = await imports.show(id);
    assert.deepEqual([totals.visitors, events], ['new', {}]);
    assert.deepEqual(totals.metrics.revenue_per_visitor, { has_squares: true });
});

const SOURCE = sharedFile('data/hillstrom_email_2008.csv.gz');

/* The e-mail experiment of 2008 with its known answers, summed by months of recency as if they were days. */
async function summed() {
    const cells = new Map();
    let head;
    for await (const line of createInterface({ input: createReadStream(SOURCE).pipe(createGunzip()) })) {
        const fields = line.replace(/"[^"]*"/g, (text) => text.replaceAll(',', ' ')).split(',');
        if (!head) {
            head = fields;
            continue;
        }
        const of = (name) => fields[head.indexOf(name)];
        const key = `2008-03-${of('recency').padStart(2, '0')},${of('segment').replaceAll('"', '')}`;
        const sums = cells.get(key) ?? [0, 0, 0, 0];
        const cents = Math.round(Number(of('spend')) * 100);
        const told = [1, Number(of('visit')), cents, cents ** 2];
        cells.set(key, sums.map((sum, i) => sum + told[i])); // prettier-ignore
    }
    const rows = [...cells].map(([key, [n, visits, cents, squares]]) =>
        [key, n, visits, cents / 100, squares / 1e4].join(','),
    );
    return `day,group,visitors,orders,revenue,squares\n${rows.join('\n')}\n`;
}

test(
    'a real experiment in totals comes out as published',
    { skip: SOURCE ? false : 'the data folder is absent' },
    async () => {
        const { results } = await load('email-2008', await summed(), { columns: { control: 'No E-Mail' } });
        const [visits, spend] = results.metrics;
        const arm = (metric, key) => metric.variants.find((one) => one.key === key);
        assert.deepEqual(
            ['mens-e-mail', 'womens-e-mail', 'no-e-mail'].map((key) => [arm(visits, key).units, arm(visits, key).sum]),
            [[21_307, 3_894], [21_387, 3_238], [21_306, 2_262]], // prettier-ignore
        );
        const z = ['mens-e-mail', 'womens-e-mail'].map((key) => arm(visits, key).effect.frequentist);
        assert.ok(close(z[0].difference, 0.07659, 5) && close(z[0].pooled_z, 22.486, 3), JSON.stringify(z[0]));
        assert.ok(close(z[1].difference, 0.045233, 6) && close(z[1].pooled_z, 13.949, 3), JSON.stringify(z[1]));
        const t = ['mens-e-mail', 'womens-e-mail'].map((key) => arm(spend, key).effect.frequentist.statistic);
        assert.ok(close(t[0], 5.3, 3) && close(t[1], 3.256, 3), t.join());
        assert.ok(close(arm(spend, 'no-e-mail').sum, 13_908.33, 2));
        assert.ok(close(results.health.srm.chi2, 0.2025, 4) && close(results.health.srm.p, 0.9037, 4));
    },
);
