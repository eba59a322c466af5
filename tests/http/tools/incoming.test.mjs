// SPDX-License-Identifier: GPL-3.0-or-later
// The command line on what comes in: rates of currencies, what was refused or left out, and the last events.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const DAY = 86_400_000;
const now = Date.now();
const dayOf = (days) => new Date(now + days * DAY).toISOString().slice(0, 10);
const long = (days) =>
    new Date(now + days * DAY).toLocaleDateString('en-GB', {
        day: '2-digit',
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
    });

let server;
let folder;
const cli = (...args) => folder.start(args).ended;
async function done(...args) {
    const { status, stdout, stderr } = await cli(...args);
    assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
}

before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const XML = `<?xml version="1.0"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01">
<Cube><Cube time='${dayOf(-2)}'><Cube currency='USD' rate='1.25'/><Cube currency='GBP' rate='0.8'/></Cube></Cube>
</gesmes:Envelope>`;

/* [file, content, more options, what is printed] */
const FILES = [
    ['eurofxref.csv', `Date, USD, JPY, \n${long(-1)}, 1.5, 160.5, \n`, [], /^2 rates, 2 of them new/],
    [
        'eurofxref-hist.csv',
        `Date,USD,CYP,\n${dayOf(-3)},1.1,0.58,\n`,
        [],
        /1 left out: of currencies that are not in use/,
    ],
    ['eurofxref.xml', XML, [], /^2 rates, 2 of them new/],
    ['eurofxref.xml', XML, [], /^2 rates, 0 of them new/],
    ['mine.csv', `day;currency;rate\n${dayOf(-1)};SEK;11,5\n`, [], /^1 rates, 1 of them new/],
    ['francs.csv', `Date,EUR\n${dayOf(-1)},1.05\n`, ['--base', 'CHF'], /^1 rates, 1 of them new/],
];

test('rates of a file, in each of the shapes', async () => {
    assert.match(await done('rates'), /no rates, and nobody needs any/);
    for (const [name, content, more, printed] of FILES) {
        folder.write(name, content);
        assert.match(await done('rates', '--import', name, ...more), printed, name);
    }
    const list = await done('rates');
    assert.match(list, /^USD +\d{4}-\d\d-\d\d +\d{4}-\d\d-\d\d +3 +0$/m);
    assert.match(await done('rates', '--currency', 'SEK'), new RegExp(`^${dayOf(-1)} +1 EUR +11.5 SEK +1 EUR$`, 'm'));
    assert.match(await done('rates', '--currency', 'CHF'), /1 CHF +1 CHF +1.05 EUR/);
    const { items } = JSON.parse(await done('rates', '--json'));
    assert.deepEqual(new Set(items.map(({ currency }) => currency)), new Set(['USD', 'JPY', 'GBP', 'SEK', 'CHF']));
    assert.match(
        await done('rates', '--delete', 'SEK', '--from', dayOf(-1), '--to', dayOf(-1)),
        /^1 rates were taken out/,
    );
    assert.deepEqual(JSON.parse(await done('rates', '--delete', 'SEK', '--json')), { deleted_count: 0 });
});

test('what is wrong with a file or a call is said', async () => {
    folder.write('bad.csv', 'Date,USD\n2026-02-30,1\n');
    folder.write('binary.csv', Buffer.from([0xff, 0xfe, 0x00, 0x41]));
    const calls = [
        [['--import', 'bad.csv'], /line 2: "2026-02-30" is not a day/],
        [['--import', 'binary.csv'], /is no text in UTF-8/],
        [['--import', 'none.csv'], /none\.csv: No such file/],
        [['--import', 'bad.csv', '--delete', 'USD'], /either --import or --delete/],
        [['--base', 'EUR'], /--base goes with --import/],
        [['--from', dayOf(0)], /--from and --to go with --delete/],
        [['--delete', 'dollars'], /currency must be one of ISO 4217/],
        [['--currency', '?'], /currency must be one of ISO 4217/],
        [['--delete', 'USD', '--to', 'soon'], /to must be a day/],
    ];
    for (const [args, words] of calls) {
        const { status, stderr } = await cli('rates', ...args);
        assert.notEqual(status, 0, args.join(' '));
        assert.match(stderr, words);
    }
});

test('refusals and the last events', async () => {
    assert.match(await done('refusals'), /nothing was refused or left out/);
    assert.match(await done('live'), /nothing came in the last hour/);
    const event = (name, properties, visitor_id = 'v-cli') => ({
        event_id: uuidv7(now),
        visitor_id,
        name,
        ts: new Date(now).toISOString(),
        properties,
    });
    await server.events([
        event('purchase', { value: '9,99' }),
        event('purchase', { value: 5, currency: 'NOK' }),
        event('page_view', {}),
        event('page_view', {}, 'undefined'),
    ]);
    await until(
        async () => {
            const { items } = JSON.parse(await done('refusals', '--json'));
            return ['invalid', 'no_rate', 'junk_id'].every((reason) => items.some((item) => item.reason === reason));
        },
        30_000,
        'all three to be counted',
    );
    const text = await done('refusals', '--days', '2');
    assert.match(text, /^reason +event +stored +count +last$/m);
    assert.match(text, /^invalid +purchase +no +1 /m);
    assert.match(text, /^no_rate +purchase +yes +1 /m);
    assert.match(await done('refusals', '--samples'), /\/properties\/value: must be a number/);
    const live = await done('live', '--visitor', 'v-cli');
    assert.match(live, /refused: invalid: .*must be a number/);
    assert.match(live, /no_rate: there is no rate of NOK for that day/);
    assert.match(live, /page_view/);
    assert.doesNotMatch(await done('live', '--name', 'purchase'), /page_view/);
    const uncounted = JSON.parse(await done('live', '--uncounted', '--json'));
    assert.ok(uncounted.some(({ effect }) => effect?.unrated === 'NOK'));
    for (const verb of ['rates', 'refusals', 'live']) assert.match(await done(verb, '--help'), /usage: mete/);
    assert.match((await cli('refusals', '--days', '91')).stderr, /days/);
    assert.match((await cli('live', '--visitor', '')).stderr, /visitor/);
});
