// SPDX-License-Identifier: GPL-3.0-or-later
// A page that is left at once, before any part of the SDK has come: what its data layer said is not lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { newPage, startBrowser } from '../browser.mjs';
import { Site } from '../site.mjs';

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['/next'] = '<!doctype html><html lang="en"><head><title>Elsewhere</title></head><body></body></html>';
    site.pages['*'] =
        `<!doctype html><html lang="en"><head><title>Thank you</title>${site.snippet()}</head><body></body></html>`;
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

const order = (more) => JSON.stringify({ event: 'purchase', ecommerce: { value: 22, currency: 'EUR', ...more } });

/* What the page does just before it goes to another; 'o' is the order's id. */
const LAST = {
    'a push': (o) => `dataLayer.push(${order({ transaction_id: o })})`,
    'a push, many before': (o) =>
        `for (let i = 0; i < 300; i++) dataLayer.push({ i }); dataLayer.push(${order({ transaction_id: o })})`,
    'a layer in place of the first': (o) => `dataLayer = [${order({ transaction_id: o })}]`,
    'another push of its own': (o) =>
        `dataLayer.push = function (e) { this[this.length] = e }; dataLayer.push(${order({ transaction_id: o })})`,
    'a layer that is emptied': (o) => `dataLayer.push(${order({ transaction_id: o })}); dataLayer.length = 0`,
    'the events of a tag': (o) =>
        `(function () { dataLayer.push(arguments) })` +
        `('event', 'purchase', { value: 22, currency: 'EUR', transaction_id: '${o}' })`,
    'a call': (o) => `mete.track('purchase', { value: 22, currency: 'EUR', transaction_id: '${o}' })`,
    'beside ecommerce': (o) =>
        `dataLayer.push({ event: 'purchase', value: 22, currency: 'EUR', transaction_id: '${o}' })`,
    'a number as text': (o) => `dataLayer.push(${order({ value: '22', transaction_id: o })})`,
    'at pagehide': (o) => `addEventListener('pagehide', () => dataLayer.push(${order({ transaction_id: o })}), true)`,
    'small letters': (o) => `mete.track('purchase', { value: 22, currency: 'eur', transaction_id: '${o}' })`,
};

/* Money that only the part can read: the order counts, without its value. */
test('a purchase in money as it is written counts, too', async () => {
    const page = await newPage(browser);
    await page.route(/sdk-shop\.js/, () => {});
    await page.goto(`${site.url}/thanks`);
    await page.evaluate(() => window.mete.ready);
    const visitor = await page.evaluate(() => window.mete.visitorId());
    const last = order({ transaction_id: 'odd', value: '1.299,00 €' });
    await page.evaluate(`dataLayer.push(${last}); location.href = '/next'`);
    await page.waitForURL(`${site.url}/next`);
    const [{ properties }] = await site.untilEvents(1, `visitor_id = '${visitor}' and name = 'purchase'`);
    assert.equal(properties.transaction_id, 'odd');
    await page.context().close();
});

/* A value that may be of thousands or of decimals is not guessed: sent value, what is counted. */
const VALUES = [
    ['1.299', null],
    ['12.345', null],
    ['1,299', null],
    ['12,50', null],
    ['1e3', null],
    ['', null],
    ['1299', 1299],
    ['12.5', 12.5],
    ['12.50', 12.5],
    ['0.99', 0.99],
    [12.5, 12.5],
    [1299.125, 1299.125],
];

test('only a value that reads in one way is sent before the part has come', async () => {
    for (const [i, [value, counted]] of VALUES.entries()) {
        const page = await newPage(browser);
        await page.route(/sdk-(shop|late|say)\.js/, () => {});
        await page.goto(`${site.url}/thanks`);
        await page.evaluate(() => window.mete.ready);
        const visitor = await page.evaluate(() => window.mete.visitorId());
        const last = order({ transaction_id: `value-${i}`, value, currency: 'eur' });
        await page.evaluate(`dataLayer.push(${last}); location.href = '/next'`);
        await page.waitForURL(`${site.url}/next`);
        const [{ properties }] = await site.untilEvents(1, `visitor_id = '${visitor}' and name = 'purchase'`);
        assert.deepEqual([properties.transaction_id, properties.value ?? null], [`value-${i}`, counted], String(value));
        await page.context().close();
    }
});

for (const [name, script] of Object.entries(LAST))
    test(`a purchase counts: ${name}`, async () => {
        const id = `leave-${name.replaceAll(' ', '-')}`;
        const page = await newPage(browser);
        await page.route(/sdk-(shop|late|say)\.js/, () => {}); /* never answered */
        await page.goto(`${site.url}/thanks`);
        await page.evaluate(() => window.mete.ready);
        const visitor = await page.evaluate(() => window.mete.visitorId());
        await page.evaluate(`${script(id)}; location.href = '/next'`);
        await page.waitForURL(`${site.url}/next`);
        const rows = await site.untilEvents(1, `visitor_id = '${visitor}' and name = 'purchase'`);
        assert.equal(rows.length, 1);
        const { value, transaction_id } = rows[0].properties;
        assert.deepEqual([Number(value), transaction_id], [22, id]);
        await page.context().close();
    });

test('a page that comes back from the cache counts nothing twice', async () => {
    const page = await newPage(browser);
    await page.goto(`${site.url}/thanks`);
    await page.evaluate(() => window.mete.ready);
    const visitor = await page.evaluate(() => window.mete.visitorId());
    await page.evaluate((entry) => window.dataLayer.push(JSON.parse(entry)), order({ transaction_id: 'back' }));
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await page.waitForFunction(() => window['mete:shop']);
    await page.evaluate(() => window.mete.track('last'));
    await page.evaluate(() => window.mete.flush());
    await site.untilEvents(1, `visitor_id = '${visitor}' and name = 'last'`);
    assert.equal(site.events(`visitor_id = '${visitor}' and name = 'purchase'`).length, 1);
    await page.context().close();
});
