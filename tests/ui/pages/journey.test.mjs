// SPDX-License-Identifier: GPL-3.0-or-later
// A marketer's way from the login link to a running experiment that was looked at on the site: in at most 18 clicks,
// choices in lists included. What is typed is no click.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { assertQuiet, newPage, startBrowser } from '../browser.mjs';
import { Site } from '../site.mjs';

const MOST = 18;

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] =
        `<!doctype html><html lang="en"><head><title>Shop</title>${site.snippet()}</head>` +
        `<body><h1>Welcome</h1><button id="buy">Buy</button></body></html>`;
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

test('from the login link to a running experiment with a preview in at most 18 clicks', async () => {
    let clicks = 0;
    const click = async (target) => {
        clicks += 1;
        await target.click();
    };
    const choose = async (target, value) => {
        clicks += 1;
        await target.selectOption(value);
    };
    const page = await newPage(browser);
    const button = (name) => page.getByRole('button', { name, exact: true });

    await page.goto((await server.mete(['login-link'])).match(/https?:\S+/)[0]);
    await click(page.locator('form[method=post] button'));
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
    if (page.url().includes('/app/welcome')) await click(page.getByRole('link', { name: 'Campaigns' }));
    await click(page.getByRole('link', { name: 'Plan the first campaign' }));
    await page.getByLabel('What do you want to learn?').fill('Order it today');
    await click(button('Go on'));

    await click(button('New goal'));
    await choose(page.getByLabel('What is the goal?'), 'Something is clicked');
    await page.getByLabel('Element (CSS selector)').fill('#buy');
    await click(page.getByRole('dialog').getByRole('button', { name: 'Create' }));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await click(button('Next: Who'));
    await click(button('Next: What'));
    const b = page.getByRole('region', { name: 'Variant Variant B' });
    await click(b.getByRole('button', { name: 'Add a change' }));
    await b.getByLabel('Element (CSS selector)').fill('h1');
    await b.getByLabel('Text', { exact: true }).fill('Order it today');
    await click(button('Next: How many'));
    await click(button('Next: Check'));
    await page.getByLabel('Page of your site').fill(`${site.url}/shop`);
    await page.getByText('All changes are saved').waitFor();
    await click(button('Preview'));
    const link = page.getByRole('link', { name: 'Open “Variant B”' });
    await link.waitFor();
    const opened = page.context().waitForEvent('page');
    await click(link);
    const shop = await opened;
    await shop.waitForFunction(() => document.querySelector('h1')?.textContent === 'Order it today');
    await shop.close();

    await click(button('Start'));
    await click(page.getByRole('dialog').getByRole('button', { name: 'Start' }));
    await page.getByText('It has started').waitFor();
    const { body } = await server.api('GET', '/campaigns/order_it_today');
    assert.deepEqual([body.status, body.metrics.length], ['running', 2]);
    assert.ok(clicks <= MOST, `${clicks} clicks`);
    assertQuiet(page);

    const visitor = await newPage(browser);
    await until(
        async () => {
            await visitor.goto(`${site.url}/shop`);
            await visitor.locator('#buy').click();
            const { items } = (await server.api('GET', '/live-events')).body;
            return JSON.stringify(items ?? '').includes('click_clicked_buy');
        },
        10_000,
        'the click of a visitor to be counted',
    );
    await visitor.context().close();
});
