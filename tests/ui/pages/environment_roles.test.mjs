// SPDX-License-Identifier: GPL-3.0-or-later
// An admin gives somebody another role in one environment; what they are offered changes with the environment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
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
} from '../browser.mjs';

let server;
let browser;
let user;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    for (const key of ['staging', 'lab'])
        assert.equal((await server.api('POST', '/environments', { key })).status, 201);
    user = (await server.api('POST', '/users', { email: 'ann@shop.example', role: 'viewer' })).body;
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const CASES = [
    ['en-GB', /edit/i, 'Role in staging', 'Role in lab', 'Save', /staging: Editor/, /lab: No access/],
    [
        'de-DE',
        /bearbeiten/i,
        'Rolle in staging',
        'Rolle in lab',
        'Speichern',
        /staging: Bearbeiter/,
        /lab: Kein Zugang/,
    ],
];

for (const [locale, edit, inStaging, inLab, save, staging, lab] of CASES) {
    test(`an admin gives roles: ${locale}`, async () => {
        server.psql('delete from environment_role');
        const page = await signIn(browser, server, { locale });
        await open(page, server, '/app/users');
        const row = page.getByRole('row').filter({ hasText: 'ann@shop.example' });
        await row.getByRole('button', { name: edit }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel(inStaging).selectOption('editor');
        await dialog.getByLabel(inLab).selectOption('none');
        await assertFits(page, `roles ${locale}`);
        await screenshot(page, `environment_roles_${locale}`);
        await dialog.getByRole('button', { name: save }).click();
        await row.getByText(staging).waitFor();
        await row.getByText(lab).waitFor();
        await assertFits(page, `users with roles ${locale}`);
        await screenshot(page, `users_bound_${locale}`);
        assertQuiet(page);
    });
}

test('what is offered is that of the environment', async () => {
    const page = await newPage(browser);
    await openLink(page, server.deskUrl + user.link);
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
    await open(page, server, '/app/flags');
    const make = page.getByRole('button', { name: 'New flag' });
    assert.equal(await make.count(), 0);
    const places = page.getByLabel('Environment');
    assert.deepEqual(await places.locator('option').allInnerTexts(), ['production', 'staging']);
    await places.selectOption('staging');
    await settled(page);
    await make.first().waitFor();
    await places.selectOption('production');
    await make.first().waitFor({ state: 'detached' });
    assertQuiet(page);
});
