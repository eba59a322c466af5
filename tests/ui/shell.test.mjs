// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of the UI: signing in, languages, themes, sizes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../http/lib/harness.mjs';
import { assertFits, assertQuiet, newPage, open, screenshot, settled, signIn, startBrowser } from './browser.mjs';

const SHELL_BYTES = 80 * 1024;

let server;
let browser;
before(async () => ([server, browser] = await Promise.all([startServer(), startBrowser()])));
after(async () => {
    await browser?.close();
    await server?.stop();
});

test('a stranger is told how to sign in', async () => {
    const page = await newPage(browser);
    await open(page, server, '/');
    await page.getByText('No password yet').click();
    await page.getByText('mete login-link').waitFor();
    await assertFits(page, 'sign-in');
    assertQuiet(page);
});

test('a one-time link signs in, and signing out ends it', async () => {
    const page = await signIn(browser, server);
    await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
    await settled(page);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assertQuiet(page);
});

test('the empty list leads to the first campaign, and fits everywhere', async () => {
    const page = await signIn(browser, server);
    await settled(page);
    await page.getByRole('link', { name: 'Plan the first campaign' }).waitFor();
    await assertFits(page, 'empty list');
    await screenshot(page, 'empty');
    assertQuiet(page);
});

test('German, when the browser prefers it', async () => {
    const page = await signIn(browser, server, { locale: 'de-DE' });
    await page.getByRole('heading', { name: 'Kampagnen' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
});

test('the shell is small', async () => {
    const page = await newPage(browser);
    const lengths = [];
    page.on('response', (response) => {
        if (!response.url().startsWith(server.deskUrl) || response.url().includes('/api/')) return;
        lengths.push(response.allHeaders().then((headers) => Number(headers['content-length'] ?? 0)));
    });
    await open(page, server, '/');
    await page.waitForLoadState('networkidle');
    const bytes = (await Promise.all(lengths)).reduce((sum, length) => sum + length, 0);
    assert.ok(bytes > 5_000 && bytes <= SHELL_BYTES, `${bytes} bytes`);
});

test('files are kept by the browser, the page itself is asked for again', async () => {
    const page = await fetch(`${server.deskUrl}/`);
    const script = /\/assets\/app-\w+\.js/.exec(await page.text())[0];
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    assert.match(page.headers.get('content-security-policy'), /script-src 'self'/);
    const first = await fetch(server.deskUrl + script);
    assert.match(first.headers.get('cache-control'), /immutable/);
    assert.ok(['br', 'gzip'].includes(first.headers.get('content-encoding')));
    const plain = await fetch(server.deskUrl + script, { headers: { 'accept-encoding': 'br;q=0, identity' } });
    assert.equal(plain.headers.get('content-encoding'), null);
    assert.equal(await plain.text(), await first.text());
    const again = await fetch(server.deskUrl + script, { headers: { 'if-none-match': first.headers.get('etag') } });
    assert.equal(again.status, 304);
    assert.equal((await fetch(`${server.deskUrl}/assets/nothing.js`)).status, 404);
});
