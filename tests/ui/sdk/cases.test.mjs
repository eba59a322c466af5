// SPDX-License-Identifier: GPL-3.0-or-later
// Pages that were collected because purchases got lost on them, or the SDK did not start.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { sharedFile, startServer } from '../../http/lib/harness.mjs';
import { newPage, startBrowser } from '../browser.mjs';
import { Site } from '../site.mjs';

const skip = sharedFile('cases/sandbox.html') ? false : 'they are absent';

let server;
let browser;
let site;
before(async () => {
    if (skip) return;
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    for (const name of ['datalayer', 'reassign', 'sandbox'])
        site.pages[`/${name}`] = readFileSync(sharedFile(`cases/${name}.html`), 'utf8')
            .replaceAll('EDGE', server.edgeUrl)
            .replaceAll('CLIENT_KEY', server.clientKey);
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

/* Page -> the purchases that arrive of it, by order. */
const PURCHASES = {
    datalayer: [
        ['A1', 1299, 'EUR'],
        ['A6', 22, 'EUR'],
    ],
    reassign: [['R1', 10, 'EUR']],
};

for (const [name, purchases] of Object.entries(PURCHASES))
    test(`purchases of ${name}`, { skip }, async () => {
        const page = await newPage(browser);
        await page.goto(`${site.url}/${name}`);
        const ids = purchases.map(([id]) => `'${id}'`);
        const rows = await site.untilEvents(purchases.length, `properties->>'transaction_id' in (${ids})`);
        assert.deepEqual(rows.map(({ properties: p }) => [p.transaction_id, p.value, p.currency]).sort(), purchases);
        await page.context().close();
    });

test('it starts in a frame without an origin', { skip }, async () => {
    const page = await newPage(browser);
    await page.addInitScript(() => addEventListener('message', ({ data }) => (window.told ??= data)));
    await page.goto(`${site.url}/sandbox`);
    await page.waitForFunction(() => window.told === 'function');
    await page.context().close();
});
