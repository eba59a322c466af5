// SPDX-License-Identifier: GPL-3.0-or-later
// `mete import` on small files: what it makes of rows, what it refuses before anything is sent, and
// how it says so; and `mete export`, which gives the rows back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until } from '../lib/harness.mjs';

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

const mapping = (key, more = {}) => ({
    campaign: { key, control: 'Old shop' },
    visitor: { column: 'customer' },
    variant: { column: 'arm' },
    time: { column: 'day' },
    dimensions: { device: { column: 'device' } },
    events: [
        {
            name: 'purchase',
            when: { column: 'paid', above: 0 },
            value: { column: 'paid' },
            transaction_id: { column: 'order' },
        },
    ],
    metrics: [{ key: 'conversion_rate' }, { key: 'revenue_per_visitor' }, { key: 'average_order_value' }],
    ...more,
});

const HEADER = 'customer,arm,day,device,paid,order';
const ROWS = [
    'c1,Old shop,2020-03-01,mobile,10.10,o1',
    'c1,Old shop,2020-03-02,mobile,5.05,o2',
    'c2,Old shop,2020-03-01,desktop,0,',
    'c3,New shop,2020-03-01 12:30,mobile,20.25,o3',
    'c3,New shop,2020-03-03,mobile,20.25,o3',
    '"c4, the ""last""",New shop,2020-03-04,desktop,,',
];
const CSV = [HEADER, ...ROWS, ''].join('\n');

const importInto = (key, csv, args = [], changes = {}) => {
    folder.write('mapping.json', mapping(key, changes));
    folder.write('rows.csv', csv);
    return folder.run(['import', '--mapping', 'mapping.json', ...args, 'rows.csv']);
};

const sums = ({ metrics }) =>
    Object.fromEntries(metrics.map(({ key, variants }) => [key, variants.map((v) => [v.key, v.units, v.value])]));

const EXPECTED = {
    conversion_rate: [
        ['new-shop', 2, 0.5],
        ['old-shop', 2, 0.5],
    ],
    revenue_per_visitor: [
        ['new-shop', 2, 10.125],
        ['old-shop', 2, 7.575],
    ],
    average_order_value: [
        ['new-shop', 2, 20.25],
        ['old-shop', 2, 7.575],
    ],
};

const sorted = (byMetric) =>
    Object.fromEntries(Object.entries(byMetric).map(([key, list]) => [key, list.sort(([a], [b]) => (a < b ? -1 : 1))]));

test('order lines become exposures and orders, an order counts once', async () => {
    const { status, stdout, stderr } = await importInto('shop', CSV, ['--json']);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    const { rows, accepted, duplicate, results } = JSON.parse(stdout);
    assert.deepEqual({ rows, accepted, duplicate }, { rows: 6, accepted: 10, duplicate: 0 });
    assert.deepEqual(sorted(sums(results)), EXPECTED);
    const { body } = await server.api('GET', '/campaigns/shop');
    assert.equal(body.status, 'stopped');
    assert.deepEqual(
        body.variants.map((v) => [v.key, v.name, v.is_control, v.weight]),
        [
            ['old-shop', 'Old shop', true, 0.5],
            ['new-shop', 'New shop', false, 0.5],
        ],
    );
});

test('the same again in other clothes makes no duplicates: gzip', async () => {
    const { status, stdout, stderr } = await importInto('shop', gzipSync(CSV), ['--json']);
    assert.equal(status, 0, stderr);
    const { accepted, duplicate, results } = JSON.parse(stdout);
    assert.deepEqual({ accepted, duplicate }, { accepted: 0, duplicate: 10 });
    assert.deepEqual(sorted(sums(results)), EXPECTED);
});

/* By visitor, quoted or not. */
const byId = (a, b) => (a.replace('"', '') < b.replace('"', '') ? -1 : 1);

test('the exports give it back', async () => {
    const lines = async (...args) => {
        const { status, stdout, stderr } = await folder.run(['export', ...args, 'shop']);
        assert.equal(status, 0, stderr);
        return stdout.trim().split('\n');
    };
    const exposures = await lines('--what', 'exposures');
    assert.equal(
        exposures[0],
        'visitor_id,phase,variant,is_crossover,exposed_at,cohort_day,' +
            'dimensions.device,dimensions.country,dimensions.visitor_type,has_past',
    );
    /* The order is that of slices, which says nothing. */
    assert.deepEqual(exposures.slice(1).sort(byId), [
        'c1,1,old-shop,false,2020-03-01T00:00:00.000000Z,2020-03-01,mobile,unknown,unknown,false',
        'c2,1,old-shop,false,2020-03-01T00:00:00.000000Z,2020-03-01,desktop,unknown,unknown,false',
        'c3,1,new-shop,false,2020-03-01T12:30:00.000000Z,2020-03-01,mobile,unknown,unknown,false',
        '"c4, the ""last""",1,new-shop,false,2020-03-04T00:00:00.000000Z,2020-03-04,desktop,unknown,unknown,false',
    ]);
    const outcomes = (await lines('--what', 'outcomes', '--format', 'json')).map((line) => JSON.parse(line));
    assert.deepEqual(
        outcomes.map(({ visitor_id: id, metrics }) => [id, metrics]).sort(([a], [b]) => (a < b ? -1 : 1)),
        [
            [
                'c1',
                {
                    conversion_rate: 1,
                    revenue_per_visitor: 15.15,
                    average_order_value: { numerator: 15.15, denominator: 2 },
                },
            ],
            [
                'c2',
                { conversion_rate: 0, revenue_per_visitor: 0, average_order_value: { numerator: 0, denominator: 0 } },
            ],
            [
                'c3',
                {
                    conversion_rate: 1,
                    revenue_per_visitor: 20.25,
                    average_order_value: { numerator: 20.25, denominator: 1 },
                },
            ],
            [
                'c4, the "last"',
                { conversion_rate: 0, revenue_per_visitor: 0, average_order_value: { numerator: 0, denominator: 0 } },
            ],
        ],
    );
    assert.equal((await lines('--what', 'events')).length, 1 + 10);
    assert.equal((await lines('--what', 'results')).length, 1 + 6);
});

test('pages of any size hold the same rows', async () => {
    for (const what of ['exposures', 'outcomes', 'events']) {
        const whole = (await server.api('GET', `/campaigns/shop/${what}?limit=500`)).body;
        assert.equal(whole.next, null);
        assert.equal(whole.items.length, what === 'events' ? 10 : 4);
        for (const limit of [1, 2, 3]) {
            const items = [];
            let next = null;
            do {
                const after = next === null ? '' : `&after=${encodeURIComponent(next)}`;
                const page = await server.api('GET', `/campaigns/shop/${what}?limit=${limit}${after}`);
                assert.equal(page.status, 200, page.text);
                assert.ok(page.body.items.length <= limit);
                items.push(...page.body.items);
                assert.ok(items.length <= whole.items.length, `${what} come again`);
                ({ next } = page.body);
            } while (next !== null);
            assert.deepEqual(items, whole.items, `${what}, ${limit} a page`);
        }
    }
});

test('pages of nothing, and what is no page', async () => {
    const get = async (path) => (await server.api('GET', `/campaigns/${path}`)).status;
    assert.deepEqual((await server.api('GET', '/campaigns/shop/exposures?phase=9')).body, { items: [], next: null });
    assert.equal(await get('nowhere/exposures'), 404);
    assert.equal(await get('shop/exposures?phase=x'), 400);
    assert.equal(await get('shop/exposures?limit=0'), 400);
    assert.equal(await get('shop/events?after=c1'), 400);
    assert.equal(await get('shop/events?after=%00'), 400);
});

const storedBefore = () => server.psql('select count(*) from visitor_event');

/* name, CSV, arguments, changes of the mapping, what stderr says */
const REFUSED = [
    ['a broken time', CSV.replace('2020-03-04', 'soon'), [], {}, /row 6 \(line 7\): column "day" holds "soon"/],
    [
        'a broken value',
        CSV.replace('20.25', '20.25x'),
        [],
        {},
        /row 4 \(line 5\): column "paid" holds "20.25x", not a number/,
    ],
    [
        'a field too many',
        CSV.replace('20.25', '20,25'),
        [],
        {},
        /row 4 \(line 5\): the record has 7 fields, the header 6/,
    ],
    ['a field too few', `${CSV}c9,Old shop\n`, [], {}, /row 7 \(line 8\): the record has 2 fields, the header 6/],
    ['an open quote', `${CSV}"c9,Old shop`, [], {}, /row 7 \(line 8\): line 8, field 1: a quote is opened/],
    ['an unknown column', CSV, [], { time: { column: 'date' } }, /no column "date".*\(at \/time\/column\)/],
    ['an unknown field', CSV, [], { metric: [] }, /there is no field "metric" here \(at \/metric\)/],
    ['an unknown control', CSV, [], { campaign: { key: 'k', control: 'Shop' } }, /no variant "Shop"/],
    [
        'an unmapped variant',
        CSV,
        [],
        { variant: { column: 'arm', map: { 'Old shop': 'a' } } },
        /"New shop" is not in the map/,
    ],
    ['one variant', `${HEADER}\n${ROWS[0]}\n`, [], {}, /at least two variants/],
    ['an empty file', '', [], {}, /the CSV file is empty/],
    ['half a gzip', gzipSync(CSV.repeat(50)).subarray(0, 60), [], {}, /gzip stream ends too early/],
    ['the wrong separator', CSV, ['--separator', ';'], {}, /no column "customer"/],
    ['a separator of two characters', CSV, ['--separator', '::'], {}, /cannot be one/],
];

for (const [name, csv, args, changes, says] of REFUSED) {
    test(`refused before anything is sent: ${name}`, async () => {
        const stored = storedBefore();
        const { status, stdout, stderr } = await importInto('refused', csv, args, changes);
        assert.equal(status, 2, stderr);
        assert.equal(stdout, '');
        assert.match(stderr, says);
        assert.equal(storedBefore(), stored);
        assert.equal((await server.api('GET', '/campaigns/refused')).status, 404);
    });
}

test('bad rows are left out on request', async () => {
    const csv = CSV.replace('2020-03-04', 'soon');
    const { status, stdout, stderr } = await importInto('skipping', csv, ['--json', '--skip-bad-rows']);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /row 6/);
    const { rows, bad_rows: bad, results } = JSON.parse(stdout);
    assert.deepEqual({ rows, bad }, { rows: 6, bad: 1 });
    assert.equal(results.variants.find((v) => v.key === 'new-shop').units, 1);
});

test('money in another currency without a rate is told with its row, and how to mend it', async () => {
    const changes = { campaign: { key: 'dollars', control: 'Old shop', currency: 'USD' } };
    const { status, stderr } = await importInto('dollars', CSV, [], changes);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^row 1: this environment counts in EUR, and there is no rate of USD for that day/m);
    assert.match(stderr, /^\d+ events count without their money: .*mete rates --import FILE/m);
});

test('what the server refuses is told with its row', async () => {
    const changes = { campaign: { key: 'euros', control: 'Old shop', currency: 'EURO' } };
    const { status, stderr } = await importInto('euros', CSV, [], changes);
    assert.equal(status, 2);
    assert.match(stderr, /^row 1: the server refused an event: .*three letters.*\/properties\/currency/m);
});

test('a campaign or metric of the same key and another meaning is not touched', async () => {
    const other = CSV.replaceAll('Old shop', 'Shop A');
    const clash = await importInto('shop', other, [], { campaign: { key: 'shop', control: 'Shop A' } });
    assert.equal(clash.status, 1);
    assert.match(clash.stderr, /campaign "shop" holds the import of "rows\.csv" of/);
    const metrics = [{ key: 'conversion_rate', kind: 'sum', event: 'purchase' }];
    const metric = await importInto('shop', CSV, [], { metrics });
    assert.equal(metric.status, 1);
    assert.match(metric.stderr, /metric "conversion_rate" exists already, with another "kind"/);
});

test('--check reads and sends nothing, not even a greeting', async () => {
    folder.write('mapping.json', mapping('checked'));
    folder.write('rows.csv', CSV);
    const nowhere = { METE_EDGE_URL: '', METE_DESK_URL: '', METE_SECRET_KEY: '' };
    const { status, stdout } = await folder.run(
        ['import', '--check', '--mapping', 'mapping.json', 'rows.csv'],
        nowhere,
    );
    assert.equal(status, 0);
    const lines = [
        'UTF-8, fields parted by ,',
        '6 rows, 0 of them cannot be read',
        '4 visitors, from 2020-03-01T00:00:00Z to 2020-03-04T00:00:00Z',
        '',
        '  column                    written as',
        '  day     2024-01-31, 2024-01-31 12:00',
        '  paid    numbers with a decimal point',
        '  variant                       visitors',
        '  Old shop (old-shop), control         2',
        '  New shop (new-shop)                  2',
        '  event     events  rows  sum of values',
        '  purchase       4     4          55.65',
        '',
    ];
    assert.deepEqual(stdout.split('\n'), lines);
});

test('--check tells what is wrong by reason and line, and which events will not count', async () => {
    const bad = CSV.replace('2020-03-04', 'soon').replace('20.25', '20.25x').replace('20.25,o3\n"', '7x,o3\n"');
    folder.write('mapping.json', mapping('checked', { time: { column: 'day' } }));
    folder.write('rows.csv', `${bad}c1,New shop,2020-03-09,mobile,1,o9\nc5,New shop\n`);
    const args = ['import', '--check', '--mapping', 'mapping.json'];
    const { status, stdout, stderr } = await folder.run([...args, 'rows.csv']);
    assert.equal(status, 2);
    assert.match(stderr, /4 of 8 rows cannot be read, so nothing was sent/);
    assert.match(stdout, /^8 rows, 4 of them cannot be read$/m);
    assert.match(stdout, /^1 visitors stand in several variants and count in their first$/m);
    assert.match(stdout, /^refused: column "paid": not a number: 2 rows, lines 5, 6$/m);
    assert.match(stdout, /^refused: column "day": not a time like 2026-01-31T12:00:00Z: 1 rows, lines 7$/m);
    const json = await folder.run([...args, '--json', '--skip-bad-rows', 'rows.csv']);
    assert.equal(json.status, 0);
    const report = JSON.parse(json.stdout);
    assert.deepEqual(
        report.refused.map(({ rows, lines }) => [rows, lines]),
        [
            [2, [5, 6]],
            [1, [7]],
            [1, [9]],
        ],
    );
    assert.deepEqual(
        report.variants.map(({ key, is_control, visitors }) => [key, is_control, visitors]),
        [
            ['old-shop', true, 2],
            ['new-shop', false, 0],
        ],
    );
    const late = { events: [{ name: 'visit', time: { column: 'left' } }] };
    folder.write('mapping.json', mapping('checked', { ...late, dimensions: {} }));
    folder.write(
        'rows.csv',
        'customer,arm,day,left\n1,Old shop,2020-03-02,2020-03-01\n2,New shop,2020-03-02,2020-03-02\n',
    );
    const early = await folder.run([...args, 'rows.csv']);
    assert.equal(early.status, 0, early.stderr);
    assert.match(early.stdout, /^1 events "visit" are before the exposure of their own row, and will not count$/m);
});

test('the wrong key, no server and wrong use have their exit status', async () => {
    folder.write('mapping.json', mapping('shop'));
    folder.write('rows.csv', CSV);
    const args = ['import', '--mapping', 'mapping.json', 'rows.csv'];
    const unknown = await folder.run(args, { METE_SECRET_KEY: 'msk_wrong' });
    assert.equal(unknown.status, 1, unknown.stderr);
    const nowhere = await folder.run(args, { METE_DESK_URL: '' });
    assert.equal(nowhere.status, 2);
    assert.match(nowhere.stderr, /give --desk, set METE_DESK_URL/);
    assert.equal((await folder.run(['import', '--nonsense'])).status, 2);
    assert.equal((await folder.run(['results', 'nowhere'])).status, 1);
    assert.equal((await folder.run(['export', '--what', 'secrets', 'shop'])).status, 2);
    const help = await folder.run(['import', '--help']);
    assert.equal(help.status, 0);
    assert.match(help.stdout, /--skip-bad-rows/);
});

test('results are a table for people and the API document for machines', async () => {
    const isFolded = async () => (await server.api('GET', '/campaigns/shop/results')).body.health.fold.lag_events === 0;
    await until(isFolded, 30_000, 'all events to be counted');
    const text = await folder.run(['results', 'shop', '--dimension', 'device']);
    assert.equal(text.status, 0, text.stderr);
    assert.match(text.stdout, /^shop: experiment, stopped, phase 1.*\nNOT ENOUGH: [^\n]+\./);
    assert.match(text.stdout, / p +always-valid interval +always-valid p +chance to win/);
    assert.match(text.stdout, /^ {2}old-shop \(control\) +2 +7\.5750 /m);
    assert.match(text.stdout, /^ {2}device = mobile$/m);
    const json = await folder.run(['results', 'shop', '--json', '--phase', '1']);
    const { as_of: ignored, ...shown } = JSON.parse(json.stdout);
    const { as_of: also, ...api } = (await server.api('GET', '/campaigns/shop/results')).body;
    assert.ok(ignored && also);
    assert.deepEqual(shown, api);
});
