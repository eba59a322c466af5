// SPDX-License-Identifier: GPL-3.0-or-later
// `mete import --check` without any server: many visitors, each in the variant it met first; many things that are
// wrong; and maps that say more than can be said.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';

const folder = new CliFolder({ edgeUrl: '', deskUrl: '', secretKey: '' });
after(() => folder.remove());

const VARIANTS = ['a', 'b', 'c'];
const day = (n) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);
const map = (more) => ({
    campaign: { key: 'shop', control: 'a' },
    visitor: { column: 'visitor' },
    variant: { column: 'variant' },
    time: { column: 'day' },
    events: [{ name: 'visit' }],
    metrics: [{ key: 'conversion_rate' }],
    ...more,
});

function check(mapping, csv, more = []) {
    folder.write('mapping.json', mapping);
    folder.write('rows.csv', csv);
    return folder.run(['import', '--check', '--json', '--mapping', 'mapping.json', ...more, 'rows.csv']);
}

/* Two rows a visitor: every third one met its variant on the day of the second row, and every fifth one has two. */
test('five thousand visitors, by the variant that each met first', async () => {
    const rows = [];
    const counts = { a: 0, b: 0, c: 0 };
    let crossovers = 0;
    for (let i = 0; i < 5000; i += 1) {
        const [first, second] = [VARIANTS[i % 3], VARIANTS[i % 5 ? i % 3 : (i + 1) % 3]];
        const isLate = i % 3 === 1;
        rows.push(`v${i},${first},${day(isLate ? 9 : 3)}`, `v${i},${second},${day(5)}`);
        counts[isLate ? second : first] += 1;
        crossovers += first !== second;
    }
    const { status, stdout, stderr } = await check(map(), ['visitor,variant,day', ...rows].join('\n'));
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout);
    assert.deepEqual(Object.fromEntries(report.variants.map(({ key, visitors }) => [key, visitors])), counts);
    assert.deepEqual([report.rows, report.visitors, report.crossovers], [10_000, 5000, crossovers]);
    assert.deepEqual([report.first.slice(0, 10), report.last.slice(0, 10)], [day(3), day(9)]);
});

const COLUMNS = Array.from({ length: 20 }, (_, i) => `n${i}`);
const properties = Object.fromEntries(COLUMNS.map((column) => [column, { column, kind: 'number' }]));

test('more reasons than are told one by one', async () => {
    const row = (i, wrong) => `v${i},${VARIANTS[i % 2]},${day(1)},${COLUMNS.map((_, k) => (k === wrong ? 'x' : k))}`;
    const rows = [...COLUMNS.keys(), 19, 7].map((wrong, i) => row(i, wrong));
    const late = [`v97,a,soon,${COLUMNS.map(() => 1)}`, `,a,${day(1)},${COLUMNS.map(() => 1)}`];
    const csv = [`visitor,variant,day,${COLUMNS}`, ...rows, ...late, row(98, -1), row(99, -1)].join('\n');
    const mapping = map({ events: [{ name: 'visit', properties }] });
    const { status, stdout, stderr } = await check(mapping, csv, ['--skip-bad-rows']);
    assert.equal(status, 0, stderr);
    const { refused, bad_rows, rows: all } = JSON.parse(stdout);
    assert.deepEqual([all, bad_rows], [26, 24]);
    assert.equal(refused.length, 20);
    assert.deepEqual([refused[7].rows, refused[7].lines], [2, [9, 23]]);
    assert.match(refused[7].reason, /column "n7": not a number/);
    assert.deepEqual([refused[19].reason, refused[19].rows], ['other reasons', 4]);
});

const many = (n, of) => Array.from({ length: n }, (_, i) => of(i));
const HEAD = 'visitor,variant,day\n';
const one = `${HEAD}v,a,${day(1)}\nw,b,${day(1)}\n`;
const tooMany = { ...properties, more: { constant: 'x' } };
const named = many(21, (i) => ({ name: `e${i}` }));
const dated = { p: { column: 'day', kind: 'date' } };
const visits = (of) => map({ events: [{ name: 'visit', properties: of }] });
// prettier-ignore
const REFUSED = [
    ['properties', visits(tooMany), one, /at most 20 properties can be mapped \(at \/events\/0\/properties\)/],
    ['events', map({ events: named }), one, /at most 20 events can be mapped \(at \/events\)/],
    ['variants', map(), HEAD + many(21, (i) => `v${i},x${i},${day(1)}`).join('\n'), /there are more than 20 variants/],
    ['texts of one key', map(), `${one}w,A!,${day(1)}\n`, /"a" and "A!" would both become "a": give a "map"/],
    ['no rows', map(), HEAD, /at least two variants, here 0/],
    ['no such column', map({ visitor: { column: 'who' } }), one, /column "who"/],
    ['no such control', map({ campaign: { key: 'shop', control: 'z' } }), one, /control/],
    ['a kind', visits(dated), one, /"kind" is "string", "number" or "boolean"/],
];
for (const [what, mapping, csv, sentence] of REFUSED)
    test(`refused: ${what}`, async () => {
        const { status, stderr } = await check(mapping, csv);
        assert.match(stderr, sentence);
        assert.equal(status, 2, stderr);
    });

const paid = (currency) =>
    map({
        campaign: { key: 'shop', control: 'a', ...(currency && { currency }) },
        events: [{ name: 'purchase', value: { column: 'paid' } }],
    });
/* Amounts as they stand in the column, the mapping's currency, what the events say (false: refused), what is told. */
// prettier-ignore
const MONEY = [
    ['5', undefined, null, /^(?!.*values are in)/s],
    ['5', 'USD', 'USD', /^values are in USD: where the environment counts in another.*without their value$/m],
    ['5 €', undefined, 'EUR', /^values are in EUR: /m],
    ['5 €', 'EUR', 'EUR', /^values are in EUR: /m],
    ['5 €', 'eur', 'EUR', /^values are in EUR: /m],
    ['5 €', 'USD', false, /is USD, and column "paid" holds amounts in EUR \(line 2\) \(at \/campaign\/currency\)/],
    ['£5', 'EUR', false, /is EUR, and column "paid" holds amounts in GBP/],
    ['CHF 5', 'EUR', false, /is EUR, and column "paid" holds amounts in CHF/],
    ['$5', undefined, null, /^values are in \$, which several currencies are written by: .*"currency" in the/m],
    ['$5', 'USD', 'USD', /^values are in USD: /m],
    ['$5', 'cad', 'cad', /^values are in cad: /m],
    ['$5', 'EUR', false, /is EUR, and column "paid" holds amounts in \$/],
    ['US$5', 'CAD', false, /is CAD, and column "paid" holds amounts in USD/],
    ['5 kr', 'SEK', 'SEK', /^values are in SEK: /m],
    ['5 kr', 'EUR', false, /is EUR, and column "paid" holds amounts in kr/],
    ['¥5', 'JPY', 'JPY', /^values are in JPY: /m],
    ['¥5', 'USD', false, /is USD, and column "paid" holds amounts in ¥/],
    ['$5', 'D C', false, /is D C, and column "paid" holds amounts in \$/],
];
for (const [amount, currency, said, told] of MONEY)
    test(`money of ${amount}, the mapping says ${currency ?? 'nothing'}`, async () => {
        const csv = `visitor,variant,day,paid\nv,a,${day(1)},${amount}\nw,b,${day(1)},${amount}\n`;
        const { status, stdout, stderr } = await check(paid(currency), csv);
        assert.equal(status, said === false ? 2 : 0, stderr);
        if (said === false) return assert.match(stderr, told);
        assert.equal(JSON.parse(stdout).currency, said);
        const text = await folder.run(['import', '--check', '--mapping', 'mapping.json', 'rows.csv']);
        assert.match(text.stdout, told);
    });
