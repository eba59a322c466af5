// SPDX-License-Identifier: GPL-3.0-or-later
// The page of currencies: what has no rate, a file of rates, one rate, and the way back; in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, pictures, screenshot, signIn, startBrowser } from '../browser.mjs';

const now = Date.now();
const dayOf = (days) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);
const XML = `<?xml version="1.0"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01">
<Cube><Cube time='${dayOf(-1)}'><Cube currency='USD' rate='1.0853'/><Cube currency='JPY' rate='160.5'/></Cube></Cube>
</gesmes:Envelope>`;

let server;
let browser;
let page;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const row = (name) => page.getByRole('row', { name });
const file = (name) => page.getByRole('region', { name });

test('without rates, and without a need for any, it says so', async () => {
    await open(page, server, '/app/currencies');
    await page.getByText('So far all money came in EUR.').waitFor();
    assertQuiet(page);
});

test('a currency that visitors named has no rate: it is said', async () => {
    const event = {
        event_id: uuidv7(now),
        visitor_id: 'v',
        name: 'purchase',
        properties: { value: 5, currency: 'usd' },
    };
    assert.equal((await server.events(event)).body.accepted, 1);
    await until(async () => server.psql('select count(*) from foreign_event') === '1', 20_000, 'the fold');
    await open(page, server, '/app/currencies');
    await page.getByText('currencies without a rate of these days: USD').waitFor();
    await row(/^USD/).getByText('no rate').waitFor();
    assertQuiet(page);
});

test('a file of the European Central Bank is read as it is', async () => {
    const region = file('Rates from a file');
    await region.getByLabel('File').setInputFiles({
        name: 'eurofxref-daily.xml',
        mimeType: 'text/xml',
        buffer: Buffer.from(XML),
    });
    await region.getByText('2 rates were read; new or changed: 2.').waitFor();
    await row(/^USD/).getByText('1 EUR = 1.0853 USD').waitFor();
    await row(/^JPY/).getByText('1 EUR = 160.5 JPY').waitFor();
    await page.getByText('currencies without a rate').waitFor({ state: 'detached' });
    await region.getByLabel('File').setInputFiles({
        name: 'bad.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(`Date,USD\n${dayOf(-1)},much\n`),
    });
    await region.getByText('line 2: "much" is not a number above zero').waitFor();
    assertQuiet(page);
});

test('one rate, with a comma too; what is wrong stands at its field', async () => {
    const region = file('One rate');
    await region.getByLabel('Day (UTC)').fill(dayOf(-2));
    await region.getByLabel('Currency').fill('dollar');
    await region.getByLabel('One EUR is worth').fill('11,5');
    await region.getByRole('button', { name: 'Put it in' }).click();
    await region.getByRole('alert').waitFor();
    await region.getByLabel('Currency').fill('sek');
    await region.getByRole('button', { name: 'Put it in' }).click();
    await row(/^SEK/).getByText('1 EUR = 11.5 SEK').waitFor();
    assertQuiet(page);
});

test('it fits everywhere', async () => {
    await assertFits(page, 'currencies');
    await pictures(page, 'currencies', { ready: () => row(/^SEK/).waitFor() });
});

test('rates go when somebody asks for it twice', async () => {
    await open(page, server, '/app/currencies');
    await row(/^SEK/).getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByText('Money in it does not count any more').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await row(/^SEK/).waitFor({ state: 'detached' });
    assertQuiet(page);
});

test('in German', async () => {
    const german = await signIn(browser, server, { locale: 'de-DE' });
    await open(german, server, '/app/currencies');
    await german.getByRole('heading', { name: 'Währungen', exact: true }).first().waitFor();
    await german.getByRole('row', { name: /^USD/ }).getByText('1 EUR = 1,0853 USD').waitFor();
    await screenshot(german, 'currencies_de');
    await german.context().close();
});
