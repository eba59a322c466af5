// SPDX-License-Identifier: GPL-3.0-or-later
// Roles by environment: given when somebody is invited, and what those see to whom nothing is open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../http/lib/harness.mjs';
import { assertFits, newPage, open, openLink, screenshot, signIn, startBrowser } from './browser.mjs';

let server;
let browser;
let admin;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    assert.equal((await server.api('POST', '/environments', { key: 'staging' })).status, 201);
    admin = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

/* Returns the reply's environment_roles and the link. */
async function invite(email, role, bound) {
    await open(admin, server, '/app/users');
    await admin.getByRole('button', { name: 'Invite somebody' }).first().click();
    const dialog = admin.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByLabel('Role', { exact: true }).selectOption({ label: role });
    for (const [name, label] of Object.entries(bound)) {
        const field = dialog.getByLabel(new RegExp(`Role in .*${name}`, 'i'));
        if (label === null) assert.equal(await field.count(), 0);
        else await field.selectOption({ label });
    }
    await screenshot(admin, `invite-${role}`);
    await dialog.getByRole('button', { name: 'Create' }).click();
    const link = await dialog.getByText('/login/').first().innerText();
    const { body } = await server.api('GET', '/users?limit=500');
    return { link, roles: body.items.find((user) => user.email === email).environment_roles };
}

test('who is invited gets other roles in some environments, at once', async () => {
    const CASES = [
        ['Viewer', {}, {}],
        ['Viewer', { staging: 'Editor' }, { staging: 'editor' }],
        ['Viewer', { staging: 'Publisher', production: 'The same role' }, { staging: 'publisher' }],
        ['Editor', { production: 'Viewer' }, { production: 'viewer' }],
        ['Editor', { staging: 'Viewer', production: 'Publisher' }, { staging: 'viewer', production: 'publisher' }],
        ['Publisher', { staging: 'The same role' }, {}],
        ['Admin', { staging: null }, {}],
    ];
    for (const [i, [role, bound, wanted]] of CASES.entries())
        assert.deepEqual(
            (await invite(`a${i}@shop.example`, role, bound)).roles,
            wanted,
            JSON.stringify([role, bound]),
        );
});

test('to whom nothing is open is told so, and can leave', async () => {
    const NONE = { production: 'none', staging: 'none' };
    for (const [locale, said, leave] of [
        ['en-GB', 'No environment is open to you', 'Sign out'],
        ['de-DE', 'Für Sie ist keine Umgebung offen', 'Abmelden'],
    ]) {
        const email = `${locale.toLowerCase()}@shop.example`;
        const made = await server.api('POST', '/users', { email, role: 'viewer', environment_roles: NONE });
        const page = await newPage(browser, { locale });
        await openLink(page, server.deskUrl + made.body.link);
        await page.getByText(said).waitFor();
        await page.getByText(email).waitFor();
        await assertFits(page, 'nothing open');
        await screenshot(page, `closed-${locale}`);
        await page.getByRole('button', { name: leave }).click();
        await page.locator('input[type="password"]').first().waitFor();
        await page.context().close();
    }
});
