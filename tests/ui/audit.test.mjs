// SPDX-License-Identifier: GPL-3.0-or-later
// Who was refused and who looked is told on the audit page, in words, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { open, signIn, startBrowser } from './browser.mjs';

const WORDS = {
    'en-GB': ['signing in failed', 'nobody holds the key', 'was looked up'],
    'de-DE': ['Anmeldung misslungen', 'niemand hat den Schlüssel', 'wurde nachgeschlagen'],
};

let server;
let browser;
before(async () => ([server, browser] = await Promise.all([startServer(), startBrowser()])));
after(async () => {
    await browser?.close();
    await server?.stop();
});

test('refusals and look-ups stand in the log with words', async () => {
    const body = { email: 'nobody@shop.example', password: 'wrong' };
    assert.equal((await server.api('POST', '/login', body, { key: null })).status, 401);
    assert.equal((await server.api('GET', '/flags', undefined, { key: 'msk_guess' })).status, 401);
    assert.equal((await server.api('GET', '/visitors/v-1')).status, 200);
    const isThere = () =>
        server.psql("select count(distinct action) from audit_log where action ~ '[.](refuse|read)$'") === '3';
    await until(isThere, 10_000, 'three lines');
    for (const [locale, words] of Object.entries(WORDS)) {
        const page = await signIn(browser, server, { locale });
        await open(page, server, '/app/audit');
        for (const text of words) await page.getByText(text).first().waitFor();
        await page.getByText('nobody@shop.example').first().waitFor();
        await page.context().close();
    }
});
