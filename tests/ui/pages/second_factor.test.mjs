// SPDX-License-Identifier: GPL-3.0-or-later
// A second factor through the browser, in English and in German: set up with a picture, asked for at the next sign-in,
// recovery codes that were shown once, and removed again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { codeOf, stepNow } from '../../http/lib/totp.mjs';
import { assertFits, assertQuiet, newPage, open, openLink, screenshot, settled, startBrowser } from '../browser.mjs';

const PASSWORD = 'correct horse battery';
const WORDS = {
    'en-GB': {
        set: 'Set the password',
        add: 'Set up a second factor',
        old: 'Current password',
        notOld: 'This is not your current password.',
        next: 'Next',
        picture: 'A picture for an authenticator app',
        type: 'You cannot scan it? Type this into the app.',
        code: 'Code',
        wrong: 'This code does not fit, or was used already. The app shows a new one every half minute.',
        confirm: 'Switch it on',
        kept: 'I have kept them',
        left: /10 recovery codes are left/,
        leftLess: /9 recovery codes are left/,
        signIn: 'Sign in',
        remove: 'Remove the second factor',
    },
    'de-DE': {
        set: 'Passwort festlegen',
        add: 'Zweiten Faktor einrichten',
        old: 'Jetziges Passwort',
        notOld: 'Das ist nicht Ihr jetziges Passwort.',
        next: 'Weiter',
        picture: 'Ein Bild für eine Authenticator-App',
        type: 'Geht das nicht? Geben Sie dies in die App ein.',
        code: 'Code',
        wrong: 'Dieser Code passt nicht oder wurde schon benutzt. Die App zeigt jede halbe Minute einen neuen.',
        confirm: 'Einschalten',
        kept: 'Ich habe sie aufbewahrt',
        left: /10 Wiederherstellungscodes sind noch übrig/,
        leftLess: /9 Wiederherstellungscodes sind noch übrig/,
        signIn: 'Anmelden',
        remove: 'Zweiten Faktor entfernen',
    },
};

let server;
let browser;
before(async () => {
    const settings = { login_attempts_per_minute: 0, sealing_key: '5e'.repeat(32) };
    [server, browser] = await Promise.all([startServer(settings), startBrowser()]);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const field = (page, label) => page.getByLabel(label, { exact: true });
const button = (page, name) => page.getByRole('button', { name, exact: true });

async function newcomer(locale, w) {
    const email = `ann-${locale.toLowerCase()}@shop.example`;
    const { link } = (await server.api('POST', '/users', { email, role: 'viewer' })).body;
    const page = await newPage(browser, { locale });
    await openLink(page, server.deskUrl + link);
    await page.locator('input[type=password]').first().fill(PASSWORD);
    await page.locator('input[type=password]').nth(1).fill(PASSWORD);
    await button(page, w.set).click();
    await page.waitForURL((url) => url.pathname === '/');
    return { page, email };
}

/* Goes through the dialogs; returns the secret and the recovery codes. */
async function setUp(page, locale, w) {
    await open(page, server, '/app/account');
    await assertFits(page, `account ${locale}`);
    await button(page, w.add).click();
    const dialog = page.getByRole('dialog');
    await field(dialog, w.old).fill('wrong');
    await button(dialog, w.next).click();
    await dialog.getByText(w.notOld).waitFor();
    await field(dialog, w.old).fill(PASSWORD);
    await button(dialog, w.next).click();
    await dialog.getByRole('img', { name: w.picture }).locator('path').waitFor();
    await assertFits(page, `second factor ${locale}`);
    await screenshot(page, `second_factor_${locale}`);
    await dialog.getByText(w.type).click();
    const secret = (await dialog.locator('.copy-text pre').innerText()).replaceAll(/\s/g, '');
    await field(dialog, w.code).fill('000000');
    await button(dialog, w.confirm).click();
    await dialog.getByText(w.wrong).waitFor();
    await field(dialog, w.code).fill(codeOf(secret, stepNow()));
    await button(dialog, w.confirm).click();
    await button(dialog, w.kept).waitFor();
    await assertFits(page, `recovery codes ${locale}`);
    const codes = (await dialog.locator('.copy-text pre').innerText()).trim().split('\n');
    assert.equal(codes.length, 10);
    await button(dialog, w.kept).click();
    await page.getByText(w.left).waitFor();
    return { secret, codes };
}

async function signIn(page, email, w, code) {
    await page.locator('input[type=email]').fill(email);
    await page.locator('input[type=password]').fill(PASSWORD);
    await button(page, w.signIn).click();
    await field(page, w.code).waitFor();
    assert.equal(await page.getByRole('alert').count(), 0, 'to be asked is no mistake');
    await assertFits(page, 'sign-in with a code');
    await field(page, w.code).fill('000000');
    await button(page, w.signIn).click();
    await page.getByText(w.wrong).waitFor();
    await field(page, w.code).fill(code);
    await button(page, w.signIn).click();
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
}

for (const [locale, w] of Object.entries(WORDS)) {
    test(`set up, asked for, and removed: ${locale}`, async () => {
        const { page, email } = await newcomer(locale, w);
        const { secret, codes } = await setUp(page, locale, w);
        const again = await newPage(browser, { locale });
        await open(again, server, '/app/account');
        await signIn(again, email, w, codes[0]);
        await settled(again);
        await again.getByText(w.leftLess).waitFor();
        await button(again, w.remove).click();
        const dialog = again.getByRole('dialog');
        await field(dialog, w.old).fill(PASSWORD);
        server.psql('update second_factor set step = 0');
        await field(dialog, w.code).fill(codeOf(secret, stepNow()));
        await assertFits(again, `removing it ${locale}`);
        await button(dialog, w.remove).click();
        await button(again, w.add).waitFor();
        assertQuiet(page);
        assertQuiet(again);
    });
}
