// SPDX-License-Identifier: GPL-3.0-or-later
// Files as analysts have them (other encodings, decimal commas, marks between thousands, days first), read without a
// mapping file: options say which column is what, the rest is found. `--check` tells it before anything is sent.
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

const utf16le = (text) => Buffer.from(text, 'utf16le');
const utf16be = (text) => utf16le(text).swap16();
const windows = (text) => Buffer.from(text, 'latin1');

const DAY = '2024-05-13 09:30';
const HEADER = ['Kunde', 'Gruppe', 'Datum', 'Umsatz', 'gekauft'];

let tables = 0;

/* Four visitors that no other table has, two of each arm: b pays twice, a once. */
function table(between, values, times = Array(4).fill(DAY), truths = ['1', '0', '1', '1']) {
    tables += 1;
    const rows = ['x', 'y', 'z', 'Größe'].map((id, i) => [
        `${id}${tables}`,
        i < 2 ? 'A' : 'B',
        times[i],
        values[i],
        truths[i],
    ]);
    const quoted = (cell) => (cell.includes(between) ? `"${cell}"` : cell);
    return [HEADER, ...rows].map((row) => `${row.map(quoted).join(between)}\r\n`).join('');
}

const NOWHERE = { METE_EDGE_URL: '', METE_DESK_URL: '', METE_SECRET_KEY: '' };
const OPTIONS = ['--variant', 'Gruppe', '--control', 'A', '--visitor', 'Kunde', '--time', 'Datum', '--value', 'Umsatz'];
OPTIONS.push('--conversion', 'gekauft');

function run(key, file, more = [], env = {}) {
    folder.write('rows.csv', file);
    return folder.run(['import', '--json', '--campaign', key, ...OPTIONS, ...more, 'rows.csv'], env);
}

const GERMAN = ['1.234,50', '0', '12,5', '1.000,00'];
const ENGLISH = ['1,234.50', '0', '12.5', '1,000.00'];
const german = () => table(';', GERMAN);
const at = (texts) => Array.from({ length: 4 }, (_, i) => texts[i % texts.length]);

/* [what, the file, what --check says of encoding, separator and numbers, more arguments] */
// prettier-ignore
const FILES = [
    ['semicolons', german(), ['UTF-8', ';', 'comma, thousands by .']],
    ['utf16le', utf16le(`\ufeff${german()}`), ['UTF-16LE', ';', 'comma, thousands by .']],
    ['utf16be', utf16be(`\ufeff${german()}`), ['UTF-16BE', ';', 'comma, thousands by .']],
    ['utf16le-unmarked', utf16le(german()), ['UTF-16LE', ';', 'comma, thousands by .']],
    ['utf16be-unmarked', utf16be(german()), ['UTF-16BE', ';', 'comma, thousands by .']],
    ['utf16-tabs', utf16le(`\ufeff${table('\t', GERMAN)}`), ['UTF-16LE', 'tab', 'comma, thousands by .']],
    ['utf16-said', utf16le(`\ufeffsep=;\r\n${german()}`), ['UTF-16LE', ';', 'comma, thousands by .']],
    ['utf16-gzip', gzipSync(utf16le(`\ufeff${german()}`)), ['UTF-16LE', ';', 'comma, thousands by .']],
    ['windows', windows(german()), ['Windows-1252', ';', 'comma, thousands by .'], ['--encoding', 'windows-1252']],
    ['commas', table(',', ENGLISH), ['UTF-8', ',', 'point, thousands by ,']],
    ['quoted-commas', table(',', GERMAN), ['UTF-8', ',', 'comma, thousands by .']],
    ['blanks', table(';', ['1 234,50', '0', '12,5', '1\u00a0000,00']), ['UTF-8', ';', 'comma, thousands by blank']],
    ['thin', table('\t', ['1\u202f234,50', '0', '12,5', '1\u2009000']), ['UTF-8', 'tab', 'comma, thousands by blank']],
    ['apostrophes', table(';', ["1'234.50", '0', '12.5', '1’000.00']), ['UTF-8', ';', "point, thousands by '"]],
    ['commas-alone', table('|', ['1234,5', '0', '12,50', '1000']), ['UTF-8', '|', 'comma']],
    ['said-comma', table(';', ['1234,500', '0', '12,500', '1000,000']), ['UTF-8', ';', 'comma'], ['--decimal', ',']],
    ['days', table(';', GERMAN, at(['13.05.2024 09:30', '13.5.2024 9:30'])), ['UTF-8', ';', 'comma, thousands by .']],
    ['short-years', table(';', GERMAN, at(['13.05.24 09:30', '13.5.24 9:30'])),
        ['UTF-8', ';', 'comma, thousands by .']],
    ['short-american', table(',', ENGLISH, at(['5/13/24 9:30 AM'])), ['UTF-8', ',', 'point, thousands by ,']],
    ['short-said', table(';', GERMAN, at(['13-05-24 09:30'])), ['UTF-8', ';', 'comma, thousands by .'],
        ['--time-format', 'dmy']],
    ['slashes', table(',', ENGLISH, at(['13/05/2024 09:30'])), ['UTF-8', ',', 'point, thousands by ,']],
    ['american', table(',', ENGLISH, at(['5/13/2024 9:30 AM'])), ['UTF-8', ',', 'point, thousands by ,']],
    ['spreadsheet-days', table(';', GERMAN, at(['45425,3958333333'])), ['UTF-8', ';', 'comma, thousands by .']],
    ['euros', table(';', ['1.234,50 €', '0 €', '12,5 €', '€ 1.000']), ['UTF-8', ';', 'comma, thousands by ., in EUR']],
    ['codes', table(',', ['EUR 1,234.50', '0', '12.5', '1,000.00 EUR']),
        ['UTF-8', ',', 'point, thousands by ,, in EUR']],
    ['dollars', table(',', ['$1,234.50', '$0', '$12.5', '$1,000.00']), ['UTF-8', ',', 'point, thousands by ,, in $']],
    ['words', table(';', GERMAN, undefined, ['ja', 'nein', 'WAHR', 'true']), ['UTF-8', ';', 'comma, thousands by .']],
];

/* Of these the results are looked at too, which takes a while. */
const SENT = 'semicolons utf16le utf16be-unmarked windows commas blanks american words euros'.split(' ');

for (const [key, file, [encoding, separator, numbers], more = []] of FILES) {
    test(`a file of ${key}`, async () => {
        const checked = await run(key, file, ['--check', ...more], NOWHERE);
        assert.equal(checked.status, 0, checked.stderr);
        const report = JSON.parse(checked.stdout);
        assert.deepEqual([report.encoding, report.separator], [encoding, separator]);
        const umsatz = report.columns.find(({ name }) => name === 'Umsatz');
        const { format } = report.columns.find(({ name }) => name === 'Datum');
        assert.equal(/years of two digits \(".*" is of 2024\)/.test(format), key.startsWith('short'), format);
        assert.equal(umsatz.format, `numbers with a decimal ${numbers}`);
        assert.deepEqual([report.first.slice(0, 10), report.rows, report.visitors], ['2024-05-13', 4, 4]);
        assert.deepEqual(
            report.events.map(({ events, sum }) => [events, sum]),
            [
                [3, 0],
                [3, 2247],
            ],
        );
        if (!SENT.includes(key)) return;
        const { status, stdout, stderr } = await run(key, file, more);
        assert.equal(status, 0, stderr);
        const { metrics } = JSON.parse(stdout).results;
        assert.deepEqual(
            metrics.map((metric) => [metric.key, ...metric.variants.map(({ value }) => value)]),
            [
                ['gekauft_rate', 0.5, 1],
                ['conversion_rate', 0.5, 1],
                ['revenue_per_visitor', 617.25, 506.25],
                ['average_order_value', 1234.5, 506.25],
            ],
        );
        const ids = server.rows(`select unit_id as id from exposure x join campaign c on c.id = x.campaign_id
            where c.key = '${key}'`);
        assert.ok(ids.some(({ id }) => id.includes('Größe')));
    });
}

const many = (value) => Array(4).fill(value);

/* [what, the file, what stderr says, arguments] */
const OPEN = [
    [
        'thousands or fractions',
        table(';', many('1,234')),
        /column "Umsatz" can be read in two ways \("1,234" on line 2 is 1234 or 1.234\): say its decimal sign/,
    ],
    ['thousands or fractions, in quotes', table(',', many('1,234')), /column "Umsatz" can be read in two ways/],
    [
        'two currencies',
        table(';', ['1,50 €', '0', '$2,50', '3']),
        /column "Umsatz" holds amounts in EUR \(line 2\) and in \$ \(line 4\): put them into one currency/,
    ],
    ['one currency twice', table(';', ['1,50 € EUR', '0', '2,50', '3']), /holds "1,50 € EUR", not a number/],
    ['points among semicolons', table(';', many('1.234')), /"1.234" on line 2 is 1.234 or 1234/],
    ['both marks, each alone', table(';', ['1.234', '5', '1,234', '5']), /column "Umsatz" can be read in two ways/],
    [
        'day or month',
        table(';', GERMAN, many('01/02/2024')),
        /column "Datum" can be read in two ways.*"01\/02\/2024" on line 2.*--time-format dmy or mdy/,
    ],
    ['years of two digits', table(';', GERMAN, many('13-05-24')), /"Datum" can be read in several ways.*%y-%m-%d/],
    ['years of two digits, by slashes', table(';', GERMAN, many('01/02/24')), /--time-format dmy or mdy/],
    ['day or month, with a time', table(';', GERMAN, many('1/2/2024 9:30 PM')), /--time-format dmy or mdy/],
    [
        'a fraction among thousands',
        table(';', ['1.234,5', '1.23,5', '7,5', '1']),
        /line 3\): column "Umsatz" holds "1.23,5", not a number/,
    ],
    [
        'a point among commas',
        table(';', ['1,5', '2,5', '3.5', '1']),
        /line 4\): column "Umsatz" holds "3.5", not a number/,
    ],
    [
        'a month that is none',
        table(';', GERMAN, ['31.12.2024', '01.13.2024', '1.1.2024', '1.1.2024']),
        /holds "01.13.2024", not a time/,
    ],
    [
        'a truth that is none',
        table(';', GERMAN, undefined, ['1', 'maybe', '0', '0']),
        /column "gekauft" holds "maybe", not yes or no/,
    ],
    [
        'half a character',
        utf16le(`\ufeff${german()}`).subarray(0, -1),
        /the UTF-16 text ends in the middle of a character/,
    ],
    ['half a pair', utf16le(`\ufeff${german()}\ud83d;A;1;1;1`), /half of a surrogate pair/],
    ['another encoding', windows(german()), /text that is not UTF-8/],
    ['an encoding that is none', german(), /--encoding: "latin" is not known/, ['--encoding', 'latin']],
    ['a decimal sign that is none', german(), /--decimal: ";" is neither . nor ,/, ['--decimal', ';']],
    ['a mapping and options', german(), /--mapping says what the columns are/, ['--mapping', 'rows.csv']],
];

for (const [name, file, says, more = []] of OPEN) {
    test(`refused with a sentence: ${name}`, async () => {
        const { status, stderr } = await run('refused', file, ['--check', ...more], NOWHERE);
        assert.equal(status, 2, stderr);
        assert.match(stderr, says);
    });
}

/* [the order's value, its shipping, what stderr says or null] */
const MONEY = [
    ['12,50 €', '$4', /"worth" holds amounts in EUR \(line 2\), and column "shipping" in \$ \(line 2\): put them into/],
    ['$12', '4 €', /column "worth" holds amounts in \$ \(line 2\), and column "shipping" in EUR/],
    ['12 kr', '4 €', /column "worth" holds amounts in kr \(line 2\), and column "shipping" in EUR/],
    ['12 €', '4 kr.', /in EUR \(line 2\), and column "shipping" in kr/],
    ['¥12', '$4', /in ¥ \(line 2\), and column "shipping" in \$/],
    ['£12', '¥4', /in GBP \(line 2\), and column "shipping" in ¥/],
    ['12 USD', '4 EUR', /in USD \(line 2\), and column "shipping" in EUR/],
    ['12', '$4', null],
    ['12 €', '4', null],
    ['12 €', 'EUR 4', null],
    ['$12', '$4', null],
    ['12 kr.', '4 kr', null],
];

test('amounts of one row are in one currency', async () => {
    const mapping = {
        campaign: { key: 'money', control: 'A' },
        visitor: { column: 'id' },
        variant: { column: 'arm' },
        time: { constant: '2024-05-13' },
        metrics: [{ key: 'conversion_rate' }],
        events: [
            {
                name: 'purchase',
                value: { column: 'worth' },
                properties: { shipping: { column: 'shipping', kind: 'number' } },
            },
        ],
    };
    folder.write('money.json', JSON.stringify(mapping));
    for (const [value, shipping, says] of MONEY) {
        folder.write('money.csv', `id;arm;worth;shipping\na;A;${value};${shipping}\nb;B;${value};${shipping}\n`);
        const { status, stderr } = await folder.run(
            ['import', '--check', '--mapping', 'money.json', 'money.csv'],
            NOWHERE,
        );
        assert.equal(status, says ? 2 : 0, `${value} and ${shipping}: ${stderr}`);
        if (says) assert.match(stderr, says);
    }
});

/* [what, arguments, the sum of the values] */
const SAID = [
    ['a comma', table(';', many('1,234')), ['--decimal', ','], 4.936],
    ['a point', table(';', many('1,234')), ['--decimal', '.'], 4936],
    ['a point, of points', table(';', many('1.234')), ['--decimal', '.'], 4.936],
    ['a comma, of points', table(';', many('1.234')), ['--decimal', ','], 4936],
];

for (const [name, file, more, sum] of SAID) {
    test(`what can be read in two ways is read as it is said: ${name}`, async () => {
        const { status, stdout, stderr } = await run('said', file, ['--check', ...more], NOWHERE);
        assert.equal(status, 0, stderr);
        assert.equal(JSON.parse(stdout).events[1].sum, sum);
    });
}

for (const [order, first] of [
    ['dmy', '2024-02-01T00:00:00Z'],
    ['mdy', '2024-01-02T00:00:00Z'],
])
    test(`day and month by ${order}`, async () => {
        const file = table(';', GERMAN, many('01/02/2024'));
        const { stdout } = await run('said', file, ['--check', '--time-format', order], NOWHERE);
        assert.equal(JSON.parse(stdout).first, first);
    });
