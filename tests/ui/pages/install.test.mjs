// SPDX-License-Identifier: GPL-3.0-or-later
// The way to the first experiment: the line that the page shows is pasted into a real site, and the light turns green.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, newPage, open, pictures, settled, signIn, startBrowser } from '../browser.mjs';
import { Site } from '../site.mjs';

const PLACES = ['HTML', 'Tag Manager', 'Shopify', 'Shopware', 'WooCommerce', 'Magento', 'Single-page app', 'npm'];

let server;
let browser;
let site;
let page;

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

const code = () => page.locator('.copy-text pre').innerText();
const steps = () => page.getByRole('region', { name: 'First steps' }).getByRole('listitem').allInnerTexts();
const state = async () => (await steps()).map((text) => /done:/.test(text));

/* A page whose head is what the installer pasted. */
async function visit(path, head) {
    site.pages[path] = `<!doctype html><head>${head}<title>Shop</title></head><h1>Shop</h1>`;
    const visitor = await newPage(browser);
    await visitor.goto(site.url + path);
    return visitor;
}

test('the start page shows the way, and the first step leads to the line', async () => {
    await settled(page);
    assert.deepEqual(await state(), [true, false, false, false, false]);
    await pictures(page, 'checklist');
    await page.getByRole('link', { name: 'Put the line into your site' }).click();
    await page.getByRole('heading', { name: 'No event from the site yet' }).waitFor();
});

test('the line holds the key and the address; there is one for each place', async () => {
    const shown = {};
    for (const place of PLACES) {
        await page.getByRole('button', { name: place, exact: true }).click();
        shown[place] = await code();
        assert.ok(shown[place].includes(server.clientKey), place);
        assert.ok(shown[place].includes(server.edgeUrl), place);
    }
    const line = shown.HTML;
    assert.match(line, /^<script>!function\(d,e,k,t\).*mete_gate.*<\/script>$/);
    for (const place of ['Shopify', 'Magento', 'Single-page app']) assert.equal(shown[place], line, place);
    for (const place of ['Shopware', 'WooCommerce']) assert.ok(shown[place].includes(line), place);
    assert.ok(shown.Shopware.includes("'@Storefront/storefront/layout/meta.html.twig'"));
    assert.ok(shown.WooCommerce.includes('wp_head'));
    assert.match(shown.npm, /createClient\(\{ key: "mck_/);
    await pictures(page, 'install');
});

test('the line is copied as it is shown', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'HTML', exact: true }).click();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await code());
});

test('an address that is none is said, and gives no line', async () => {
    const address = page.getByLabel('Address of the edge');
    await address.fill('mete.example');
    await page.getByText('An address such as https://').waitFor();
    assert.equal(await page.locator('.copy-text').count(), 0);
    await address.fill('https://mete.example/');
    assert.match(await code(), /"https:\/\/mete\.example","mck_/);
    await address.fill(server.edgeUrl);
    assertQuiet(page);
});

test('what a tag manager adds works in a page that is there already', async () => {
    await page.getByRole('button', { name: 'Tag Manager', exact: true }).click();
    const tag = await code();
    const visitor = await visit('/late', '');
    await visitor.evaluate((html) => {
        const made = document.createElement('script');
        made.textContent = html.replace(/<\/?script>/g, '');
        document.body.append(made);
    }, tag);
    await visitor.waitForFunction(() => window.mete?.visitorId?.());
    const rows = await site.untilEvents(1, `properties ->> 'path' = '/late'`);
    assert.equal(rows[0].name, 'page_view');
    assertQuiet(visitor);
    await visitor.context().close();
});

test('the light turns green by itself, with what the pasted line sends', async () => {
    await page.getByRole('button', { name: 'HTML', exact: true }).click();
    const visitor = await visit('/', await code());
    await visitor.waitForFunction(() => window.mete?.visitorId?.());
    await page.getByRole('heading', { name: 'The site is connected' }).waitFor();
    await page.getByText('Last event: page_view').waitFor();
    await page.getByText('No exposure yet').waitFor();
    await page.getByText('No goal event yet. Goals count: add_to_cart, purchase.').waitFor();
    await visitor.evaluate(() => window.mete.track('add_to_cart', { value: 5, currency: 'EUR' }));
    await page.getByText('Last goal event: add_to_cart').waitFor();
    await assertFits(page, 'install');
    await pictures(page, 'install_green');
    assertQuiet(visitor);
    await visitor.context().close();
});

test('in German, too', async () => {
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, '/app/install');
    await page.getByRole('heading', { name: 'Die Website ist verbunden' }).waitFor();
    await page.getByText('Setzen Sie die Zeile direkt hinter <head> ein').waitFor();
    await assertFits(page, 'install, German');
    await page.evaluate(() => localStorage.setItem('mete.language', 'en'));
    assertQuiet(page);
});

test('the first steps follow what is done, can be hidden, and end with the start', async () => {
    await open(page, server, '/');
    assert.deepEqual(await state(), [true, true, true, false, false]);
    const campaign = {
        key: 'first',
        name: 'First',
        kind: 'experiment',
        variants: [
            { key: 'a', weight: 0.5, is_control: true },
            { key: 'b', weight: 0.5 },
        ],
        metrics: [{ key: 'add_to_basket_rate' }],
    };
    const made = await server.api('POST', '/campaigns', campaign);
    assert.equal(made.status, 201, made.text);
    await open(page, server, '/');
    assert.deepEqual(await state(), [true, true, true, true, false]);
    await page.getByRole('button', { name: 'Hide' }).click();
    await open(page, server, '/');
    assert.equal(await page.getByRole('region', { name: 'First steps' }).count(), 0);
    await page.evaluate(() => localStorage.removeItem('mete.checklist.production'));
    await open(page, server, '/');
    await page.getByRole('link', { name: 'Start it' }).click();
    await page.waitForURL(/campaigns\/first/);
    assert.equal((await server.api('POST', '/campaigns/first/start')).status, 200);
    await until(async () => (await server.api('GET', '/install')).body.has_started, 10_000, 'the start');
    const told = page.waitForResponse((reply) => reply.url().includes('/api/v1/install'));
    await open(page, server, '/');
    await told;
    await page.getByRole('region', { name: 'First steps' }).waitFor({ state: 'detached' });
    assertQuiet(page);
});

test('without a key an admin makes one here, and its line is there', async () => {
    assert.equal((await server.api('POST', '/environments', { key: 'staging', name: 'Staging' })).status, 201);
    await open(page, server, '/app/install');
    await page.getByLabel('Environment').first().selectOption('staging');
    await page.getByText('This environment has no client key yet.').waitFor();
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.locator('.copy-text').waitFor();
    const { body } = await server.api('GET', '/install?environment=staging');
    assert.ok((await code()).includes(body.client_keys[0].token));
    assertQuiet(page);
});
