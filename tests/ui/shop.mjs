// SPDX-License-Identifier: GPL-3.0-or-later
// The demo shop for tests: opens it, starts its experiment, and goes through it as a visitor would.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceRoot } from '../http/lib/paths.mjs';
import { until } from '../http/lib/harness.mjs';
import { newPage } from './browser.mjs';
import { run, visitorOf } from './site.mjs';

export const campaign = () => JSON.parse(readFileSync(join(sourceRoot, 'tools/lib/demo.json'), 'utf8'));

/* The server starts again with the shop in it. */
export async function openShop(server) {
    server.env.METE_DEMO_KEY = server.clientKey;
    await server.restart();
}

export const startDemo = (server) => run(server, campaign());

/* Pages wait for their decision however busy the machine is: what a late one shows is told by sdk_flicker. */
async function bePatient(context) {
    await context.route(/\/demo\/[^.]*$/, async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace('data-key=', 'data-timeout="30000" data-key=');
        await route.fulfill({ response, body });
    });
}

/* A new visitor on the mug's page who gets this variant: {id, page}. */
export async function visitAs(server, browser, variant) {
    const id = await visitorOf(server, 'demo', variant);
    const page = await newPage(browser);
    await bePatient(page.context());
    await page.context().addCookies([{ name: 'mete_id', value: id, url: server.edgeUrl }]);
    await page.goto(`${server.edgeUrl}/demo/product-nord-mug`);
    await page.evaluate(() => window.mete.ready);
    return { id, page };
}

/* From the mug's page to the thank-you page, until the purchase is stored: the order's id. */
export async function buy(page, server, quantity = 1) {
    await page.getByLabel('Quantity').selectOption(String(quantity));
    await page.locator('.buy').click();
    await page.getByRole('dialog').getByRole('link', { name: 'To checkout' }).click();
    const answers = {
        'E-mail': 'mia@shop.example',
        Name: 'Mia Muster',
        'Street and number': 'Hauptstr. 1',
        Postcode: '50667',
        City: 'Köln',
    };
    for (const [label, text] of Object.entries(answers)) await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Buy now' }).click();
    const order = (await page.getByText(/^Order AC-/).innerText()).match(/AC-\w+/)[0];
    await page.evaluate(() => window.mete.flush());
    const isStored = () =>
        server.rows(
            `select 1 from visitor_event where name = 'purchase' and properties->>'transaction_id' = '${order}'`,
        ).length === 1;
    await until(isStored, 10_000, `order ${order} in the database`);
    return order;
}
