// SPDX-License-Identifier: GPL-3.0-or-later
// Why a purchase did not count: from the shop's console, from the mark in the navigation, from the events as they
// arrive.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import {
    assertFits,
    assertQuiet,
    newPage,
    open,
    pictures,
    screenshot,
    settled,
    signIn,
    startBrowser,
} from '../browser.mjs';
import { Site } from '../site.mjs';

const variants = [
    { key: 'plain', weight: 0.5, is_control: true },
    { key: 'bold', weight: 0.5, flags: { cta: 'Buy' } },
];

let server;
let browser;
let site;
let shop;
let page;
let visitor;

async function make(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await make('POST', '/flags', { key: 'cta', type: 'string', default: 'Order' });
    await make('POST', '/campaigns', {
        key: 'button',
        name: 'Bold button',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'conversion_rate', role: 'primary' }, { key: 'revenue_per_visitor' }],
    });
    await make('POST', '/campaigns/button/start');
    await until(
        async () => (await server.decide({ visitor_id: 'v' })).body.decisions.length === 1,
        10_000,
        'the campaign to run',
    );
    site = await Site.start(server);
    site.pages['*'] =
        `<!doctype html><html lang="en"><head><title>Shop</title>${site.snippet()}</head>` +
        '<body><h1>Thank you</h1></body></html>';
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

const buy = (currency, id) =>
    shop.evaluate(
        ([money, order]) =>
            window.mete.track('purchase', {
                transaction_id: order,
                value: 49.9,
                currency: money,
                mail: 'ada@example.com',
            }),
        [currency, id],
    );
const warnings = () => shop.said.filter((text) => text.startsWith('warning: mete:'));
const mark = () => page.getByRole('img', { name: /new reasons? why events do not count/ });
const list = () => page.getByRole('region', { name: 'Events', exact: true });
const rows = (text) => list().locator('.events > li').filter({ hasText: text });

test('the console of the shop says it, once', async () => {
    await settled(page);
    assert.equal(await mark().count(), 0, 'nothing was refused yet');
    shop = await newPage(browser);
    shop.said = [];
    shop.on('console', (message) => shop.said.push(`${message.type()}: ${message.text()}`));
    await shop.goto(site.url);
    await shop.evaluate(() => window.mete.ready);
    visitor = await shop.evaluate(() => {
        window.mete.flag('cta', 'Order');
        return window.mete.visitorId();
    });
    for (const id of ['o1', 'o2']) await buy('usd', id);
    await shop.evaluate(() => window.mete.flush());
    await until(() => warnings().length > 0, 20_000, 'the warning');
    await buy('usd', 'o3');
    await buy('EUR', 'o4');
    await shop.evaluate(() => window.mete.flush());
    await site.untilEvents(1, `visitor_id = '${visitor}' and name = 'purchase'`);
    assert.equal(warnings().length, 1, shop.said.join('\n'));
    assert.match(
        warnings()[0],
        /refused the event purchase: \/properties\/currency this environment counts in EUR; there is no rate for usd/i,
    );
});

test('the navigation has a mark, and the page behind it the reason', async () => {
    await page.reload();
    await mark().waitFor();
    assert.equal(await mark().innerText(), '1');
    await screenshot(page, 'refusals_mark');
    await page.getByRole('link', { name: /^Data quality/ }).click();
    const region = page.getByRole('region', { name: 'Refused and left out' }).first();
    const row = region.getByRole('row').filter({ hasText: 'Other currency' });
    await row.getByText('Send amounts in EUR').waitFor();
    assert.equal(await row.getByRole('cell').nth(2).innerText(), '3');
    await row.getByText('Show', { exact: true }).click();
    await row.getByText('there is no rate for usd').first().waitFor();
    assert.ok(!(await row.innerText()).includes('ada@'), 'no address is kept');
    await until(async () => (await mark().count()) === 0, 20_000, 'the mark to go: somebody has looked');
    await page.reload();
    await row.waitFor();
    assert.equal(await mark().count(), 0, 'and it stays away');
    assertQuiet(page);
});

test('the data quality page with refusals fits everywhere', () => fits('refusals', () => undefined));

test('the events as they arrive: what counts, and what does not', async () => {
    await page.getByRole('link', { name: 'Live events' }).click();
    await rows('there is no rate for usd').first().waitFor();
    await page.getByLabel('Visitor id').fill(visitor);
    await page.getByRole('button', { name: 'Show' }).click();
    await rows('counts: conversion_rate, revenue_per_visitor').waitFor();
    await rows('begins to count its visitor').waitFor();
    assert.equal(await rows('Other currency').count(), 3);
    await rows('Send amounts in EUR').first().waitFor();
    await page.getByLabel('Only what does not count').check();
    await rows('counts: conversion_rate').waitFor({ state: 'detached' });
    assert.equal(await rows('Other currency').count(), 3);
    await page.getByLabel('Event', { exact: true }).fill('never');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Nothing of this kind came in the last hour').waitFor();
    assertQuiet(page);
});

test('what comes meanwhile stands there by itself, and a repeated order says so', async () => {
    await open(page, server, `/app/live?visitor=${visitor}`);
    await rows('begins to count its visitor').waitFor();
    await buy('EUR', 'o4');
    await shop.evaluate(() => window.mete.flush());
    await rows('does not count: the order was there before').waitFor();
    await fits('live', () => rows('Other currency').first().waitFor());
    await page.getByRole('link', { name: 'All of this visitor' }).first().click();
    const timeline = page.getByRole('region', { name: 'What happened' });
    await timeline.getByText('does not count: the order was there before').waitFor();
    await timeline.getByText('counts: conversion_rate, revenue_per_visitor').waitFor();
    await assertFits(page, 'a visitor with what its events did');
    await screenshot(page, 'visitor_effects');
    assertQuiet(page);
});

async function fits(name, ready) {
    await pictures(page, name, { ready, fullPage: false });
    await assertFits(page, name);
}

test('in German, too', async () => {
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, `/app/live?visitor=${visitor}`);
    await page.getByText('zählt nicht: Die Bestellung war schon da').waitFor();
    await page.getByText('Senden Sie Beträge in EUR').first().waitFor();
    await assertFits(page, 'live events, German');
    await open(page, server, '/app/data-quality');
    await page.getByRole('heading', { name: 'Abgelehnt und ausgelassen' }).waitFor();
    await page.getByText('eine Bestellung zählt einmal').waitFor();
    assertQuiet(page);
});
