// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in by a real OpenID provider, in a browser, in English and in German.
import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { sourceRoot } from '../../http/lib/paths.mjs';
import { assertFits, assertQuiet, newPage, open, screenshot, startBrowser } from '../browser.mjs';

const require = createRequire(join(sourceRoot, 'web-ui/package.json'));
const SECRET = 'a secret of the client';
const WORDS = {
    'en-GB': {
        button: 'Sign in with Shop ID',
        unknown: 'You are known there, but nobody has invited you here. Ask an admin.',
        unverified: 'Your e-mail address has not been confirmed there yet. Confirm it, then try again.',
        stale: 'That took too long, or began in another window. Please try again.',
    },
    'de-DE': {
        button: 'Anmelden mit Shop ID',
        unknown: 'Dort sind Sie bekannt, aber hier hat Sie niemand eingeladen. Fragen Sie einen Administrator.',
        unverified:
            'Ihre E-Mail-Adresse ist dort noch nicht bestätigt. Bestätigen Sie sie und versuchen Sie es noch einmal.',
        stale: 'Das hat zu lange gedauert oder begann in einem anderen Fenster. Bitte versuchen Sie es noch einmal.',
    },
};

let listener;
let issuer;
let server;
let browser;

/* Everybody there is called as they sign in; 'unverified' has not confirmed the address. */
const accountOf = (_, id) => ({
    accountId: id,
    claims: async () => ({
        sub: id,
        email: `${id}@shop.example`,
        email_verified: id !== 'unverified',
        groups: id.startsWith('editor') ? ['devs'] : [],
    }),
});

async function startProvider() {
    const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));
    const client = {
        client_id: 'mete',
        client_secret: SECRET,
        redirect_uris: [`${server.deskUrl}/sign-in/provider/return`],
    };
    const provider = new Provider(issuer, {
        clients: [client],
        findAccount: accountOf,
        claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
        scopes: ['openid', 'email', 'groups'],
        pkce: { required: () => true },
        cookies: { keys: ['for tests alone'] },
    });
    listener.on('request', provider.callback());
}

before(async () => {
    listener = http.createServer();
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${listener.address().port}`;
    const settings = {
        desk_public_url: ({ deskUrl }) => deskUrl,
        oidc_issuer: issuer,
        oidc_client_id: 'mete',
        oidc_client_secret: SECRET,
        oidc_name: 'Shop ID',
        oidc_scopes: 'openid email groups',
        oidc_role_claim: 'groups',
        oidc_roles: 'devs=editor',
    };
    [server, browser] = await Promise.all([startServer(settings), startBrowser()]);
    await startProvider();
});
after(async () => {
    await browser?.close();
    await server?.stop();
    listener?.closeAllConnections();
    listener?.close();
});

/* Through the provider's own pages. */
async function signInThere(page, w, name) {
    await page.getByRole('link', { name: w.button }).click();
    await page.locator('input[name=login]').fill(name);
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.locator('form button[type=submit]').click();
}

for (const [locale, w] of Object.entries(WORDS)) {
    test(`who has a role comes in: ${locale}`, async () => {
        const page = await newPage(browser, { locale });
        await open(page, server, '/');
        await page.getByRole('link', { name: w.button }).waitFor();
        await assertFits(page, `sign-in with a provider ${locale}`);
        await screenshot(page, `sign_in_provider_${locale}`);
        await signInThere(page, w, `editor-${locale.toLowerCase()}`);
        await page.getByRole('navigation').first().waitFor({ state: 'attached' });
        const { email, role } = await page.evaluate(async () => (await (await fetch('/api/v1/session')).json()).user);
        assert.deepEqual([email, role], [`editor-${locale.toLowerCase()}@shop.example`, 'editor']);
    });

    test(`who is not let in is told why: ${locale}`, async () => {
        for (const [name, words] of [
            ['stranger', w.unknown],
            ['unverified', w.unverified],
        ]) {
            const page = await newPage(browser, { locale });
            await open(page, server, '/');
            await signInThere(page, w, name);
            await page.getByRole('alert').getByText(words).waitFor();
            await page.waitForURL(`${server.deskUrl}/`);
            await page.context().close();
        }
        const page = await newPage(browser, { locale });
        await open(page, server, '/sign-in/provider/return?code=a&state=b');
        await page.getByRole('alert').getByText(w.stale).waitFor();
        await assertFits(page, `a refusal ${locale}`);
        assertQuiet(page);
    });
}
