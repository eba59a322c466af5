// SPDX-License-Identifier: GPL-3.0-or-later
// `mete import --totals`: files whose rows are days, however they are written, and what becomes of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip, gzipSync } from 'node:zlib';
import { close } from '../lib/cli.mjs';
import { sharedFile, startServer } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';
import { HEADER, ROWS, argsOf, importTotals, table, withCell } from '../lib/totals.mjs';

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

async function load(key, csv, more) {
    const { status, stdout, stderr } = await importTotals(imports, key, csv, more);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
}

/* The rows with each cell written as 'change' has it, by its column. */
const written = (change) => ROWS.map((row) => row.map((cell, i) => change(cell, HEADER[i])));
const german = (text) => {
    const [whole, fraction] = text.split('.');
    return whole.replace(/\B(?=(\d{3})+$)/g, '.') + (fraction ? `,${fraction}` : '');
};
const dotted = (day) => day.split('-').reverse().join('.');
const inGerman = written((text, column) =>
    column === 'day' ? dotted(text) : column === 'revenue' || column === 'squares' ? german(text) : text,
);
const utf16 = (text) => Buffer.from(`\ufeff${text}`, 'utf16le');

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
    [
        'spreadsheet',
        table(written((text, column) => (column === 'day' ? String(45425 + Number(text.endsWith('14'))) : text))),
    ],
    ['midnight', table(written((text, column) => (column === 'day' ? `${text} 00:00:00` : text)))],
    [
        'american',
        table(written((text, column) => (column === 'day' ? text.replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1') : text))),
    ],
    ['shuffled', table([3, 0, 2, 1].map((i) => ROWS[i]))],
];

for (const [name, csv] of FILES) {
    test(`a file of totals is read: ${name}`, async () => {
        const checked = await importTotals(imports, name, csv, { args: ['--check'], env: NOWHERE });
        assert.equal(checked.status, 0, checked.stderr);
        const { totals, bad_rows: bad } = JSON.parse(checked.stdout);
        assert.deepEqual([bad, totals.visitors, totals.days], [0, 'new', 2]);
        assert.deepEqual([totals.first, totals.last, totals.missing_days], ['2024-05-13', '2024-05-14', []]);
        assert.deepEqual(totals.variants.map((one) => [one.key, one.visitors, one.is_control]).sort(), [
            ['a', 1500, true],
            ['b', 1500, false],
        ]);
        const { results } = await load(name, csv);
        const [rate, revenue] = results.metrics;
        assert.deepEqual(rate.variants.map((arm) => [arm.key, arm.sum]).sort(), [
            ['a', 140],
            ['b', 210],
        ]);
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
        ['import', '--totals', '--check', '--campaign', 'gaps', ...argsOf(), imports.write('gaps.csv', csv)],
        NOWHERE,
    );
    assert.match(stdout, /3 days from 2024-05-13 to 2024-05-17; without any row: 2024-05-15, 2024-05-16/);
    assert.match(stdout, /^ +A \(a\), control +1501$/m);
    assert.match(stdout, /^ +revenue_per_visitor +4834\.75 +yes$/m);
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
    const tooMany = await importTotals(imports, 'unique-odd', withCell(4, 'orders', '501'), { columns });
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
    const corrected = withCell(1, 'orders', '101');
    const refused = await importTotals(imports, 'moves', corrected);
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
        cells.set(
            key,
            sums.map((sum, i) => sum + told[i]),
        );
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
            [
                [21_307, 3_894],
                [21_387, 3_238],
                [21_306, 2_262],
            ],
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
