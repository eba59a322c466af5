// SPDX-License-Identifier: GPL-3.0-or-later
// An analyst's way, once: a file as the spreadsheet wrote it (UTF-16, semicolons, decimal commas), without a mapping
// file; looked at, imported, taken back; then the same experiment as totals a day.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until } from '../lib/harness.mjs';

const written = (rows) => Buffer.from(`\ufeff${rows.map((row) => `${row.join(';')}\r\n`).join('')}`, 'utf16le');

const VISITORS = written([
    ['Kunde', 'Gruppe', 'Tag', 'Umsatz'],
    ['Anna Müller', 'alt', '13.05.2024', '1.234,50'],
    ['Bert', 'alt', '13.05.2024', '0'],
    ['Carla', 'neu', '14.05.2024', '12,5'],
    ['Dörte', 'neu', '14.05.2024', '1.000,00'],
]);
const DAYS = written([
    ['Tag', 'Gruppe', 'Besucher', 'Käufer', 'Umsatz', 'Quadrate'],
    ['13.05.2024', 'alt', '1000', '100', '5.000,50', '300.000,25'],
    ['13.05.2024', 'neu', '1010', '125', '6.250,00', '390.625,00'],
    ['14.05.2024', 'alt', '990', '95', '4.750,25', '285.000,00'],
    ['14.05.2024', 'neu', '1000', '130', '6.500,00', '400.000,50'],
]);
const COLUMNS = ['--variant', 'Gruppe', '--control', 'alt', '--time', 'Tag', '--value', 'Umsatz'];
const OF_VISITORS = ['import', '--campaign', 'versand', ...COLUMNS, '--visitor', 'Kunde', 'besucher.csv'];
const OF_DAYS = ['import', '--totals', '--campaign', 'versand', ...COLUMNS, '--conversion', 'Käufer'];
OF_DAYS.push('--visitors', 'Besucher', '--squares', 'Quadrate', 'tage.csv');

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    folder.write('besucher.csv', VISITORS);
    folder.write('tage.csv', DAYS);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

async function mete(...args) {
    const { status, stdout, stderr } = await folder.run(args);
    assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
}

const campaign = () => server.api('GET', '/campaigns/versand');
const resultsOf = async () => (await server.api('GET', '/campaigns/versand/results')).body;

test('--check says how the file was read, before anything is sent', async () => {
    const told = await mete(...OF_VISITORS, '--check');
    for (const expected of [/UTF-16LE/, /;/, /decimal comma, thousands by \./, /2024-05-13/])
        assert.match(told, expected);
    assert.equal((await campaign()).status, 404);
});

test('imported, it has results', async () => {
    await mete(...OF_VISITORS);
    const { metrics, verdict } = await resultsOf();
    assert.equal(verdict.units, 4);
    const revenue = metrics.find(({ key }) => key === 'revenue_per_visitor');
    assert.deepEqual(Object.fromEntries(revenue.variants.map(({ key, value }) => [key, value])), {
        alt: 617.25,
        neu: 506.25,
    });
    assert.match(await mete('results', 'versand'), /1[.,]?234|617/);
});

test('taken back, nothing of it is left but its record', async () => {
    assert.match(await mete('imports'), /versand/);
    await mete('imports', '--undo', 'versand');
    assert.equal((await campaign()).status, 404);
    const isGone = () => server.rows(`select 1 from visitor_event where visitor_id like 'import/%'`).length === 0;
    await until(isGone, 60_000, 'its events to be gone');
});

test('the same as totals a day takes its place', async () => {
    assert.match(await mete(...OF_DAYS, '--check'), /2024-05-14/);
    await mete(...OF_DAYS);
    const { metrics, health } = await resultsOf();
    const sums = (key) =>
        Object.fromEntries(metrics.find((metric) => metric.key === key).variants.map((arm) => [arm.key, arm.sum]));
    const conversion = metrics.find(({ kind }) => kind === 'conversion').key;
    assert.deepEqual(sums(conversion), { alt: 195, neu: 255 });
    assert.deepEqual(sums('revenue_per_visitor'), { alt: 9750.75, neu: 12750 });
    const neu = metrics.find(({ key }) => key === 'revenue_per_visitor').variants.find(({ key }) => key === 'neu');
    assert.ok(neu.effect.frequentist.interval.every(Number.isFinite));
    assert.equal(health.fold.is_complete, true);
});
