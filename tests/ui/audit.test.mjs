// SPDX-License-Identifier: GPL-3.0-or-later
// Who was refused and who looked is told on the audit page, in words, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { assertFits, newPage, open, openLink, screenshot, signIn, startBrowser } from './browser.mjs';

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

/* The actions that the table shows. */
const actionsOf = (page) => page.locator('tbody code').allInnerTexts();

test('filters stand in the address, in words of both languages', async () => {
    const CASES = {
        'en-GB': ['Who', 'Of which kind', 'Flags', 'About what', 'Show', 'All lines', 'Nothing of this kind'],
        'de-DE': ['Wer', 'Welcher Art', 'Flags', 'Worüber', 'Zeigen', 'Alle Zeilen', 'Nichts dieser Art'],
    };
    for (const key of ['cta', 'hero'])
        assert.equal((await server.api('POST', '/flags', { key, type: 'string', default: '' })).status, 201);
    for (const [locale, [who, kind, flags, what, show, all, nothing]] of Object.entries(CASES)) {
        const page = await signIn(browser, server, { locale });
        await open(page, server, '/app/audit');
        await page.getByLabel(kind).selectOption({ label: flags });
        await page.waitForURL((url) => url.searchParams.get('action') === 'flag');
        await until(async () => (await actionsOf(page)).join() === 'flag.create,flag.create', 10_000, 'the flags');
        await page.getByLabel(what, { exact: true }).fill('hero');
        await page.getByRole('button', { name: show, exact: true }).click();
        await page.waitForURL((url) => url.searchParams.get('resource') === 'hero');
        await until(async () => (await actionsOf(page)).join() === 'flag.create', 10_000, 'one flag');
        await page.reload();
        await page.getByRole('link', { name: 'hero' }).waitFor();
        assert.equal(await page.getByLabel(what, { exact: true }).inputValue(), 'hero');
        await page.getByLabel(who, { exact: true }).fill('nobody@shop.example');
        await page.keyboard.press('Enter');
        await page.getByText(nothing).waitFor();
        await assertFits(page, 'the filters');
        await page.getByRole('link', { name: all }).click();
        await page.waitForURL((url) => !url.searchParams.has('action'));
        await page.getByText('session.open').first().waitFor();
        await page.context().close();
    }
});

test('a name leads to what else they did, days are whole, and what cannot be is said', async () => {
    const page = await signIn(browser, server, { locale: 'de-DE' });
    await open(page, server, '/app/audit?action=session.open');
    await page.locator('tbody').getByRole('link', { name: 'admin@localhost' }).first().click();
    await page.waitForURL((url) => url.searchParams.get('actor') === 'admin@localhost');
    const day = (shift) => new Date(Date.now() + shift * 86_400_000).toISOString().slice(0, 10);
    const found = async (query) => {
        await open(page, server, `/app/audit?action=session.open&${query}`);
        await page.locator('tbody, .empty').first().waitFor();
        return (await actionsOf(page)).length > 0;
    };
    assert.deepEqual(
        [await found(`from=${day(-2)}&to=${day(1)}`), await found(`to=${day(-3)}`), await found(`from=${day(3)}`)],
        [true, false, false],
    );
    await open(page, server, `/app/audit?from=${day(3)}&to=${day(-3)}`);
    await page.getByText('Das Ende muss nach dem Anfang liegen').waitFor();
    await page.context().close();
});

test('a long search says how far it came, and goes on when asked', async () => {
    server.psql(`insert into audit_log (at, actor, environment_id, action, resource)
        select timestamptz '2026-01-01' + i * interval '1 second', 'system', 1,
               case i when 1 then 'flag.needle' else 'flag.hay' end, 'x' from generate_series(1, 7000) i`);
    const page = await signIn(browser, server);
    await open(page, server, '/app/audit?action=flag.needle');
    await page.getByText('Looked back to', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Look further back' }).click();
    await page.locator('tbody').getByText('flag.needle').waitFor();
    assert.equal(await page.getByText('Looked back to', { exact: false }).count(), 0);
    await page.context().close();
});

test('a viewer is offered what a viewer may see', async () => {
    const { link } = (await server.api('POST', '/users', { email: 'vi@shop.example', role: 'viewer' })).body;
    const page = await newPage(browser);
    await openLink(page, server.deskUrl + link);
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
    await open(page, server, '/app/audit');
    await page.getByText('flag.create').first().waitFor();
    const kinds = await page.getByLabel('Of which kind').locator('option').allInnerTexts();
    assert.ok(kinds.includes('Flags') && !kinds.includes('Users') && !kinds.includes('Refused access'), kinds.join());
    assert.equal(await page.getByText('vi@shop.example').count(), 0);
    await page.context().close();
});
