// SPDX-License-Identifier: GPL-3.0-or-later
// From the editor to the phone: links that show a draft on the real site, what they show later, and their end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, newPage, open, screenshot, settled, signIn, startBrowser } from '../browser.mjs';
import { Site } from '../site.mjs';

const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
const draft = (value) => ({
    key: 'header',
    name: 'A louder header',
    kind: 'experiment',
    variants: [
        { key: 'old', name: 'As it is', weight: 0.5, is_control: true },
        { key: 'new', name: 'Loud', weight: 0.5, changes: [{ type: 'text', selector: 'h1', value }] },
    ],
});

let server;
let browser;
let site;
let page;

async function make(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] =
        `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Shop</title>` +
        `${site.snippet()}</head><body><h1>Old</h1></body></html>`;
    await make('POST', '/campaigns', draft('Loud'));
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

const CHECK = '/app/campaigns/header?step=check';
const linkTo = (name) => page.getByRole('link', { name: `Open “${name}”` });

/* What a phone shows that is sent the link. */
async function phoneShows(link, heading) {
    const phone = await newPage(browser, PHONE);
    await phone.goto(link);
    await phone.waitForFunction((wanted) => document.querySelector('h1').textContent === wanted, heading);
    const overlay = phone.getByRole('complementary', { name: 'mete preview' });
    await overlay.waitFor();
    const said = await overlay.innerText();
    assertQuiet(phone);
    await phone.context().close();
    return said;
}

let link;

test('a draft has links once the site’s page is known; each shows its variant on a phone', async () => {
    await open(page, server, CHECK);
    await page.getByText('Enter a page above.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Preview', exact: true }).count(), 0);
    await page.getByLabel('Page of your site').fill(`${site.url}/shop?a=1`);
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    link = await linkTo('Loud').getAttribute('href');
    assert.match(await phoneShows(link, 'Loud'), /A louder header: Loud/);
    assert.match(await phoneShows(await linkTo('As it is').getAttribute('href'), 'Old'), /A louder header: As it is/);
    await assertFits(page, 'check step with links');
    for (const [suffix, width, colorScheme] of [
        ['light', 1440, 'light'],
        ['narrow_dark', 390, 'dark'],
    ]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await screenshot(page, `preview_links_${suffix}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    assertQuiet(page);
});

test('a link is copied whole', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the link to “Loud”' }).click();
    await page.getByText('Copied').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
});

test('the link that was sent shows what is changed since', async () => {
    await make('PATCH', '/campaigns/header', { variants: draft('Louder').variants });
    await phoneShows(link, 'Louder');
});

test('revoked, it shows the ordinary page and says so; a new one holds', async () => {
    await page.getByRole('button', { name: 'Revoke all links' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('The links are revoked').waitFor();
    assert.match(await phoneShows(link, 'Old'), /this preview link was revoked: ask for a new one/);
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    await phoneShows(await linkTo('Loud').getAttribute('href'), 'Louder');
    assertQuiet(page);
});

test('nothing of all that was counted but the ordinary page', async () => {
    const rows = site.events('true');
    assert.deepEqual(
        [...new Set(rows.map(({ name }) => name))].filter((name) => name !== 'page_view'),
        [],
    );
    assert.ok(rows.length <= 1, 'the page of the revoked link');
});

test('in German, too', async () => {
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, CHECK);
    await page.getByRole('button', { name: 'Vorschau', exact: true }).click();
    await page.getByRole('link', { name: '„Loud“ öffnen' }).waitFor();
    await page.getByRole('button', { name: 'Alle Links widerrufen' }).waitFor();
    await assertFits(page, 'check step with links, German');
    await page.evaluate(() => localStorage.setItem('mete.language', 'en'));
    assertQuiet(page);
});

test('who may only look makes no links', async () => {
    const { link: invitation } = await make('POST', '/users', { email: 'eva@shop.example', role: 'viewer' });
    const viewer = await newPage(browser);
    await viewer.goto(server.deskUrl + invitation);
    await viewer.locator('form[method=post] button').click();
    await viewer.getByRole('navigation').first().waitFor({ state: 'attached' });
    await viewer.goto(server.deskUrl + CHECK);
    await settled(viewer);
    await viewer.getByText('An editor can make links that show each variant.').waitFor();
    assert.equal(await viewer.getByRole('button', { name: 'Preview', exact: true }).count(), 0);
    await viewer.context().close();
});
