// SPDX-License-Identifier: GPL-3.0-or-later
// The demo shop: there only where it is wanted, whole at every width, and a customer's site to mete.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { assertFits, assertQuiet, newPage, startBrowser } from './browser.mjs';
import { buy, openShop, startDemo, visitAs } from './shop.mjs';

let server;
let browser;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const get = (path) => server.edge.request('GET', path, undefined, { key: null });

test('without a demo_key there is no shop', async () => {
    for (const path of ['/demo/', '/demo/cart', '/demo/shop.js']) assert.equal((await get(path)).status, 404, path);
});

test('with one it is there, and nothing else is', async () => {
    await openShop(server);
    const home = await get('/demo/');
    assert.equal(home.status, 200);
    assert.ok(home.text.includes(`data-key="${server.clientKey}"`));
    assert.match(home.headers['content-security-policy'], /script-src 'self';/);
    for (const path of ['/demo/index.html.html', '/demo/..%2findex.html', '/demo/nothing', '/demo/%2e%2e%2findex']) {
        assert.equal((await get(path)).status, 404, path);
    }
    await startDemo(server);
});

test('a visitor sees its variant, buys, and mete hears of it', async () => {
    for (const variant of ['control', 'promise']) {
        const { id, page } = await visitAs(server, browser, variant);
        const isChanged = variant === 'promise';
        assert.equal((await page.locator('.buy').innerText()).startsWith('Order now'), isChanged);
        await page.getByText('Free express delivery').waitFor({ state: isChanged ? 'visible' : 'detached' });
        const order = await buy(page, server, 2);
        const [purchase] = server.rows(
            `select properties from visitor_event where visitor_id = '${id}' and name = 'purchase'`,
        );
        assert.equal(purchase.properties.transaction_id, order);
        assert.equal(purchase.properties.value, 40.9);
        assert.equal(purchase.properties.currency, 'EUR');
        const names = server
            .rows(`select name from visitor_event where visitor_id = '${id}' order by ts`)
            .map(({ name }) => name);
        for (const name of ['exposure', 'view_item', 'add_to_cart', 'begin_checkout', 'purchase']) {
            assert.equal(names.filter((each) => each === name).length, 1, `${name} in ${names}`);
        }
        await page.reload();
        await page.evaluate(() => window.mete.flush());
        const seen = () =>
            server.rows(
                `select name from visitor_event where visitor_id = '${id}'
                    and (name = 'purchase' or properties->>'path' = '/demo/thank-you')`,
            );
        const isAgain = () => seen().filter(({ name }) => name === 'page_view').length === 2;
        await until(isAgain, 10_000, 'the second view of the thank-you page');
        assert.equal(seen().filter(({ name }) => name === 'purchase').length, 1, 'a reload buys nothing');
        assertQuiet(page);
        await page.context().close();
    }
});

test('somebody else is somebody else', async () => {
    const { id, page } = await visitAs(server, browser, 'promise');
    await page.getByRole('button', { name: 'Come back as somebody else' }).click();
    await page.waitForURL('**/demo/');
    await page.evaluate(() => window.mete.ready);
    const next = await page.evaluate(() => window.mete.visitorId());
    assert.ok(next && next !== id);
    await page.context().close();
});

test('an order without an address is not sent', async () => {
    const { page } = await visitAs(server, browser, 'control');
    await page.locator('.buy').click();
    await page.getByRole('dialog').getByRole('link', { name: 'To checkout' }).click();
    await page.getByLabel('Name').fill('Mia');
    await page.getByRole('button', { name: 'Buy now' }).click();
    assert.equal(await page.evaluate(() => document.activeElement.name), 'email');
    assert.equal(await page.getByLabel('Name').inputValue(), 'Mia');
    assert.match(page.url(), /checkout$/);
    await page.context().close();
});

test('every page fits everywhere', async () => {
    const page = await newPage(browser);
    for (const path of ['', 'product-nord-mug', 'cart', 'checkout']) {
        await page.goto(`${server.edgeUrl}/demo/${path}`);
        if (path === 'product-nord-mug') {
            await page.locator('.buy').click();
            await page.getByRole('button', { name: 'Go on looking' }).click();
        }
        await assertFits(page, `/demo/${path}`);
    }
    assertQuiet(page);
});
