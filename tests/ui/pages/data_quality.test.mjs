// SPDX-License-Identifier: GPL-3.0-or-later
// What sites sent and what results leave out, as people see it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { noonZone, startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, pictures, screenshot, settled, signIn, startBrowser } from '../browser.mjs';

const DAY = 86_400_000;
const variants = [
    { key: 'plain', weight: 0.5, is_control: true },
    { key: 'bold', weight: 0.5 },
];
const now = Date.now();

let server;
let browser;
let page;
let sent = 0;

const event = (visitor_id, name, ms, properties = {}) => ({
    event_id: uuidv7(ms),
    visitor_id,
    name,
    ts: new Date(ms).toISOString(),
    properties,
});
const shown = (visitor, campaign = 'button') =>
    event(visitor, 'exposure', now, { campaign, phase: 1, variant: 'bold' });

async function make(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
}

async function send(events) {
    const reply = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual([reply.status, reply.body.accepted], [202, events.length], reply.text);
    sent += events.length;
}

const read = async (path) => (await server.api('GET', path)).body;
const counted = () =>
    until(async () => (await read('/data-quality')).total.event_count === sent, 20_000, 'the events to be counted');

async function sendAll() {
    for (let back = 0; back < 6; back++) {
        await send(Array.from({ length: 5 + 3 * back }, (_, i) => event(`v${i}`, 'page_view', now - back * DAY)));
    }
    const items = [
        { item_id: 'x', quantity: 9e14 },
        { item_id: 'y', quantity: 9e14 },
    ];
    await send([
        event('v1', 'purchase', now, { value: 20, currency: 'EUR', transaction_id: 't1' }),
        event('v2', 'purchase', now, { transaction_id: 't2' }),
        shown('v1'),
        shown('v3', 'gone'),
        shown('machine'),
        shown('huge'),
        ...Array.from({ length: 21 }, () => event('machine', 'add_to_cart', now, { value: 1, currency: 'EUR' })),
        event('huge', 'purchase', now, { value: 5, currency: 'EUR', transaction_id: 't3', items }),
        event('v1', `a_name_${'of_many_'.repeat(7)}`, now),
    ]);
    await counted(); // a name has its place from then on, however many others come
    await send(Array.from({ length: 230 }, (_, i) => event('maker', `item ${i}`, now)));
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await make('PATCH', '/environments/production', { unit_events_per_day: 20, time_zone: noonZone().name });
    await make('POST', '/environments', { key: 'staging', name: 'Staging' });
    await make('POST', '/metrics', {
        key: 'units_sold',
        name: 'Units sold',
        kind: 'sum',
        event: 'purchase',
        value: 'items.quantity',
    });
    await make('POST', '/campaigns', {
        key: 'button',
        name: 'Bold button',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'add_to_basket_rate' }, { key: 'units_sold' }],
    });
    await make('POST', '/campaigns/button/start');
    await sendAll();
    await counted();
    await until(
        async () => (await read('/campaigns/button/results')).health.invalid.length === 1,
        20_000,
        'the events to be folded',
    );
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const table = () => page.getByRole('region', { name: /^(Events by name|Ereignisse nach Namen)$/ }).first();
const row = (name) =>
    table()
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
const cells = async (name) => (await row(name).getByRole('cell').allInnerTexts()).slice(1, -1);

test('events by name, found from the navigation', async () => {
    await settled(page);
    await page.getByRole('link', { name: 'Data quality' }).click();
    await page.getByRole('heading', { name: 'Events by name' }).waitFor();
    assert.deepEqual(await cells('purchase'), ['3', '0.2', '66.7%', '66.7%', '–']);
    assert.deepEqual((await cells('exposure')).slice(4), ['1']);
    assert.deepEqual(await cells('page_view'), ['75', '5.4', '0%', '0%', '–']);
    assert.match(
        await row('page_view').getByRole('img').getAttribute('aria-label'),
        /^page_view: most on .* \(20\), 5 today$/,
    );
    assert.equal(await row('page_view').locator('rect').count(), 14);
    const { body } = await server.api('GET', '/data-quality');
    assert.deepEqual((await cells('other')).slice(0, 1), [String(body.other.event_count)]);
    await page.getByText('1 exposure names a campaign or variant that never was').waitFor();
    await page.getByRole('button', { name: '30 days' }).click();
    await page.locator('.day-bars').first().locator('rect').nth(29).waitFor({ state: 'attached' });
    assertQuiet(page);
});

test('the page fits everywhere', async () => {
    await assertFits(page, 'data quality');
    await page.getByRole('button', { name: '14 days' }).click();
    await page.getByRole('heading', { name: 'Events by name' }).waitFor();
    await pictures(page, 'data_quality', { fullPage: false });
});

test('what is wrong with the answer is said, and asked again', async () => {
    await page.route('**/api/v1/data-quality**', (route) => route.abort());
    await page.getByRole('button', { name: '7 days' }).click();
    await page.getByText('The server cannot be reached').waitFor();
    await page.unroute('**/api/v1/data-quality**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Events by name' }).waitFor();
    assert.equal(await row('page_view').locator('rect').count(), 7);
    page.complaints.length = 0;
});

test('an environment without events says so', async () => {
    await page.getByLabel('Environment').first().selectOption('staging');
    await page.getByText('No event in these days').waitFor();
    await assertFits(page, 'data quality, empty');
    await page.getByLabel('Environment').first().selectOption('production');
    await page.getByRole('heading', { name: 'Events by name' }).waitFor();
    assertQuiet(page);
});

test('results say what they leave out, and whom', async () => {
    await open(page, server, '/app/campaigns/button');
    await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
    await page.getByText('1 visitor is left out: more events than a person has').waitFor();
    await page.getByText('Units sold: 1 event is left out').waitFor();
    await assertFits(page, 'results with visitors left out');
    await page.setViewportSize({ width: 1280, height: 900 });
    await screenshot(page, 'results_left_out');
    await page.getByRole('link', { name: 'machine', exact: true }).click();
    const met = page.getByRole('region', { name: 'Campaigns met' }).first();
    await met.getByText('This visitor has more events than a person').waitFor();
    await met.getByText('left out', { exact: true }).waitFor();
    await assertFits(page, 'a visitor left out');
    assertQuiet(page);
});

test('in German, too', async () => {
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, '/app/data-quality');
    await page.getByRole('heading', { name: 'Ereignisse nach Namen' }).waitFor();
    assert.equal((await cells('purchase'))[0], '3');
    await page.getByText('1 Ereignis „exposure“ nennt eine Kampagne oder Variante').waitFor();
    await assertFits(page, 'data quality, German');
    await open(page, server, '/app/campaigns/button');
    await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
    await page.getByText('1 Besucher ist ausgelassen').waitFor();
    assertQuiet(page);
});
