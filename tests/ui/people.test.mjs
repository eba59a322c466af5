// SPDX-License-Identifier: GPL-3.0-or-later
// People in the UI: the first link, a password, an invitation, roles, sessions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../http/lib/harness.mjs';
import {
    assertFits,
    assertQuiet,
    newPage,
    open,
    openLink,
    screenshot,
    settled,
    signIn,
    startBrowser,
} from './browser.mjs';

const PASSWORD = 'correct horse battery';
const ANN = 'ann@shop.example';

let server;
let browser;
before(async () => ([server, browser] = await Promise.all([startServer(), startBrowser()])));
after(async () => {
    await browser?.close();
    await server?.stop();
});

const field = (page, label) => page.getByLabel(label, { exact: true });
const messageOf = (page, label) => field(page, label).locator('xpath=..').getByRole('alert').innerText();

async function setPassword(page, password, again = password) {
    await field(page, 'New password').fill(password);
    await field(page, 'New password once more').fill(again);
    await page.getByRole('button', { name: 'Set the password' }).click();
}

async function signInByPassword(page, email, password) {
    await field(page, 'E-mail').fill(email);
    await field(page, 'Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
}

let admin;
test('the first link leads to a password', async () => {
    admin = await newPage(browser);
    await openLink(admin, (await server.mete(['login-link'])).match(/https?:\S+/)[0]);
    await admin.getByRole('heading', { name: 'Set a password' }).waitFor();
    assert.ok(admin.url().endsWith('/app/welcome'));
    await assertFits(admin, 'welcome');
    await setPassword(admin, 'short');
    assert.match(await messageOf(admin, 'New password'), /at least 10/);
    await setPassword(admin, PASSWORD, 'something else');
    assert.match(await messageOf(admin, 'New password once more'), /not the same/);
    assert.equal(await field(admin, 'New password').inputValue(), PASSWORD, 'nothing typed is lost');
    await field(admin, 'E-mail').fill('boss@shop.example');
    await setPassword(admin, PASSWORD);
    await admin.getByRole('heading', { name: 'Campaigns' }).waitFor();
    assert.deepEqual(server.rows('select email, password_hash is not null has from app_user'), [
        { email: 'boss@shop.example', has: true },
    ]);
    assertQuiet(admin);
});

test('who tries too often is told in words to wait', async () => {
    for (const [locale, words] of [
        ['en-GB', 'Too many attempts. Please wait a minute.'],
        ['de-DE', 'Zu viele Versuche. Bitte warten Sie eine Minute.'],
    ]) {
        const page = await newPage(browser, { locale });
        await page.goto(server.deskUrl);
        await page.locator('input[type=email]').fill(`nobody-${locale}@shop.example`);
        const message = page.locator('form').getByRole('alert');
        for (let i = 0; (await message.innerText({ timeout: 1_000 }).catch(() => '')) !== words; i += 1) {
            assert.ok(i < 100, `after ${i} attempts there was no word of waiting`);
            await page.locator('input[type=password]').fill(`guess ${i}`);
            const isAnswered = page.waitForResponse((reply) => reply.url().endsWith('/login'));
            await page.locator('form button[type=submit]').click();
            await isAnswered;
            await page.locator('form button[type=submit][aria-busy=false]').waitFor();
        }
        await page.context().close();
    }
});

test('a wrong password is told, and the right one signs in', async () => {
    const page = await newPage(browser);
    await open(page, server, '/app/flags');
    await signInByPassword(page, '', '');
    assert.match(await messageOf(page, 'E-mail'), /fill this in/);
    await signInByPassword(page, 'nonsense', 'x');
    assert.match(await messageOf(page, 'E-mail'), /e-mail address/);
    await signInByPassword(page, 'boss@shop.example', 'wrong password');
    await page.getByText('There is nobody with').waitFor();
    assert.equal(await field(page, 'E-mail').inputValue(), 'boss@shop.example');
    await assertFits(page, 'sign-in');
    await screenshot(page, 'sign-in');
    await signInByPassword(page, 'Boss@shop.example', PASSWORD);
    await page.getByRole('heading', { name: 'Flags' }).waitFor();
    assertQuiet(page);
});

let link;
test('an admin invites somebody by a link that is shown once', async () => {
    await open(admin, server, '/app/users');
    await admin.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = admin.getByRole('dialog');
    await field(dialog, 'E-mail').fill('boss@shop.example');
    await dialog.getByRole('button', { name: 'Create' }).click();
    assert.match(await messageOf(dialog, 'E-mail'), /exists already/);
    await field(dialog, 'E-mail').fill(ANN);
    await field(dialog, 'Role').selectOption('editor');
    await assertFits(admin, 'invitation');
    await dialog.getByRole('button', { name: 'Create' }).click();
    link = await admin.locator('.copy-text pre').innerText();
    assert.ok(link.startsWith(`${server.deskUrl}/login/`), link);
    await admin.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    const row = admin.getByRole('row').filter({ hasText: ANN });
    assert.match(await row.innerText(), /Editor\s+Invited/);
    await assertFits(admin, 'users');
    await admin.setViewportSize({ width: 1280, height: 800 });
    await admin.emulateMedia({ colorScheme: 'light' });
    await screenshot(admin, 'users');
    assertQuiet(admin);
});

let ann;
test('who was invited comes by it, and sees what the role may', async () => {
    ann = await newPage(browser);
    await openLink(ann, link);
    await setPassword(ann, PASSWORD);
    await ann.getByRole('heading', { name: 'Campaigns' }).waitFor();
    assert.equal(await ann.getByRole('link', { name: 'Users' }).count(), 0);
    assert.equal(await ann.getByRole('link', { name: 'Flags' }).count(), 1);
    assertQuiet(ann);
});

test('a session elsewhere is ended from the account page, then all of them', async () => {
    const phone = await newPage(browser);
    await open(phone, server, '/');
    await signInByPassword(phone, ANN, PASSWORD);
    await phone.getByRole('heading', { name: 'Campaigns' }).waitFor();
    await ann.getByRole('button', { name: 'Account' }).click();
    await ann.getByRole('link', { name: 'Your account' }).click();
    await settled(ann);
    await ann.getByText('This browser').waitFor();
    assert.equal(await ann.getByRole('link', { name: 'Your account' }).count(), 0, 'the menu has closed');
    await assertFits(ann, 'account');
    await ann.setViewportSize({ width: 1280, height: 800 });
    await ann.emulateMedia({ colorScheme: 'light' });
    await screenshot(ann, 'account');
    await ann.getByRole('button', { name: /^Sign out .+, Linux$/ }).click();
    await ann.getByRole('button', { name: /^Sign out .+, Linux$/ }).waitFor({ state: 'detached' });
    await open(phone, server, '/');
    await phone.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signInByPassword(phone, ANN, PASSWORD);
    await phone.getByRole('heading', { name: 'Campaigns' }).waitFor();
    await ann.getByRole('button', { name: 'Sign out everywhere' }).click();
    await ann.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await ann.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.deepEqual(server.rows(`select 1 from session join app_user u on u.id = user_id where email = '${ANN}'`), []);
    assertQuiet(ann);
});

test('a password is changed with the old one only', async () => {
    await signInByPassword(ann, ANN, PASSWORD);
    await ann.getByRole('heading', { name: 'Your account' }).waitFor();
    const change = async (old) => {
        await field(ann, 'New password').fill('a better password');
        await field(ann, 'New password once more').fill('a better password');
        await field(ann, 'Current password').fill(old);
        await ann.getByRole('button', { name: 'Save' }).click();
    };
    await change('wrong');
    await ann.getByText('This is not your current password.').waitFor();
    await change(PASSWORD);
    await ann.getByText('Saved').waitFor();
    const again = await newPage(browser);
    await open(again, server, '/');
    await signInByPassword(again, ANN, 'a better password');
    await again.getByRole('heading', { name: 'Campaigns' }).waitFor();
});

test('an admin gives a new link, changes a role, and disables', async () => {
    await open(admin, server, '/app/users');
    const row = admin.getByRole('row').filter({ hasText: ANN });
    await row.getByRole('button', { name: `New link ${ANN}` }).click();
    await admin.getByRole('dialog').getByRole('button', { name: 'New link' }).click();
    await admin.locator('.copy-text pre').waitFor();
    await admin.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await row.getByText('Invited').waitFor();
    await row.getByRole('button', { name: `Edit ${ANN}` }).click();
    await field(admin.getByRole('dialog'), 'Role').selectOption('publisher');
    await admin.getByRole('dialog').getByText('May no longer sign in').click();
    await admin.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await row.getByText('Disabled').waitFor();
    assert.match(await row.innerText(), /Publisher/);
    const boss = admin.getByRole('row').filter({ hasText: 'boss@shop.example' });
    await boss.getByRole('button', { name: 'Edit boss@shop.example' }).click();
    const dialog = admin.getByRole('dialog');
    await field(dialog, 'Role').selectOption('viewer');
    await dialog.getByRole('button', { name: 'Save' }).click();
    assert.match(await messageOf(dialog, 'Role'), /last admin/);
    assertQuiet(admin);
});

test('a user who was disabled is out, and a link by the command line lets the admin in again', async () => {
    const page = await signIn(browser, server);
    await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
    assert.ok(page.url().endsWith('/'), 'with a password there is no welcome');
    await open(ann, server, '/');
    await ann.getByRole('heading', { name: 'Sign in' }).waitFor();
});
