// SPDX-License-Identifier: GPL-3.0-or-later
// Why a purchase, or its money, did not count: from the shop's console, from the mark in the navigation, from the
// events as they arrive.
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
    await site.untilEvents(4, `visitor_id = '${visitor}' and name = 'purchase'`);
    assert.equal(warnings().length, 1, shop.said.join('\n'));
    assert.match(
        warnings()[0],
        /stored the event purchase: \/properties\/currency .*counts in EUR.* no rate of USD .*its money does not/,
    );
});

test('the navigation has a mark, and the page behind it the reason', async () => {
    await page.reload();
    await mark().waitFor();
    assert.equal(await mark().innerText(), '1');
    await screenshot(page, 'refusals_mark');
    await page.getByRole('link', { name: /^Data quality/ }).click();
    const region = page.getByRole('region', { name: 'Refused and left out' }).first();
    const row = region.getByRole('row').filter({ hasText: 'No rate' });
    await row.getByText('Put one in under Currencies').waitFor();
    await until(async () => (await row.getByRole('cell').nth(2).innerText()) === '3', 40_000, 'all three');
    await until(async () => (await mark().count()) === 0, 20_000, 'the mark to go: somebody has looked');
    await page.reload();
    await row.waitFor();
    assert.equal(await mark().count(), 0, 'and it stays away');
    assertQuiet(page);
});

test('the data quality page with refusals fits everywhere', () => fits('refusals', () => undefined));

test('the events as they arrive: what counts, and what does not', async () => {
    await page.getByRole('link', { name: 'Live events' }).click();
    await rows('there is no rate of USD for that day').first().waitFor();
    await page.getByLabel('Visitor id').fill(visitor);
    await page.getByRole('button', { name: 'Show' }).click();
    await rows('counts: conversion_rate, revenue_per_visitor').waitFor();
    await rows('begins to count its visitor').waitFor();
    await rows('there is no rate of its currency: revenue_per_visitor').nth(2).waitFor({ timeout: 15_000 });
    assert.equal(await rows('counts: conversion_rate').count(), 4, 'the orders count');
    await page.getByLabel('Only what does not count').check();
    await rows('counts: conversion_rate, revenue_per_visitor').waitFor({ state: 'detached' });
    await rows('there is no rate of USD').nth(2).waitFor();
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
    await fits('live', () => rows('there is no rate of USD').first().waitFor());
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

test('a rate mends what came before, and in small letters too; another currency then has none', async () => {
    await open(page, server, '/app/currencies');
    await page.getByText('currencies without a rate of these days: USD').waitFor();
    const one = page.getByRole('region', { name: 'One rate' });
    await one.getByLabel('Day (UTC)').fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
    await one.getByLabel('Currency').fill('USD');
    await one.getByLabel('One EUR is worth').fill('1.25');
    await one.getByRole('button', { name: 'Put it in' }).click();
    await page.getByText('currencies without a rate').waitFor({ state: 'detached' });
    await open(page, server, `/app/live?visitor=${visitor}`);
    await rows('there is no rate').first().waitFor({ state: 'detached' });
    assert.equal(await rows('counts: conversion_rate, revenue_per_visitor').count(), 4);
    const told = warnings().length;
    await buy('nok', 'o9');
    await shop.evaluate(() => window.mete.flush());
    await rows('there is no rate of NOK for that day').waitFor();
    await until(() => warnings().length > told, 20_000, 'a warning of its own');
    assert.match(warnings().at(-1), /there is no rate of NOK/);
    await until(
        async () => {
            const { body } = await server.api('GET', '/campaigns/button/results');
            const unrated = body.health.unrated.find(({ metric }) => metric === 'revenue_per_visitor');
            return unrated?.events === 1;
        },
        30_000,
        'the results to tell of one order',
    );
    assertQuiet(page);
});

test('in German, too', async () => {
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, `/app/live?visitor=${visitor}`);
    await page.getByText('zählt nicht: Die Bestellung war schon da').waitFor();
    await page.getByText('gibt es an dem Tag keinen Kurs').first().waitFor();
    await assertFits(page, 'live events, German');
    await open(page, server, '/app/data-quality');
    await page.getByRole('heading', { name: 'Abgelehnt und ausgelassen' }).waitFor();
    await page.getByText('eine Bestellung zählt einmal').waitFor();
    assertQuiet(page);
});
