// SPDX-License-Identifier: GPL-3.0-or-later
// Who was refused and who looked is told on the audit page, in words, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { assertFits, open, screenshot, signIn, startBrowser } from './browser.mjs';

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

test('who and what are called by their names, and lead to where they stand', async () => {
    const key = (await server.api('POST', '/keys', { kind: 'secret', role: 'admin', name: 'Robot' })).body;
    const options = { key: key.token };
    const campaign = { key: 'sale', name: 'Summer sale', kind: 'experiment' };
    assert.equal((await server.api('POST', '/campaigns', campaign, options)).status, 201);
    assert.equal(
        (await server.api('POST', '/users', { email: 'ann@shop.example', role: 'viewer' }, options)).status,
        201,
    );
    const page = await signIn(browser, server);
    await open(page, server, '/app/audit');
    const row = (text) => page.getByRole('row').filter({ hasText: text }).first();
    assert.match(await row('campaign.create').innerText(), /Robot[^]*Summer sale/);
    assert.match(await row('user.create').innerText(), /Robot[^]*ann@shop.example/);
    assert.match(await row('session.open').innerText(), /admin@localhost[^]*admin@localhost/);
    assert.match(await row('key.create').innerText(), /Robot/);
    assert.match(await row('login.refuse').innerText(), /Unknown/);
    await assertFits(page, 'the audit log');
    await screenshot(page, 'audit');
    await row('user.create').getByRole('link', { name: 'ann@shop.example' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await page.goBack();
    await row('campaign.create').getByRole('link', { name: 'Summer sale' }).click();
    await page.waitForURL((url) => url.pathname === '/app/campaigns/sale');
});
