// SPDX-License-Identifier: GPL-3.0-or-later
// Pages that require trusted types: all the SDK's scripts and markup pass one policy, by the name that is documented.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { sourceRoot } from '../../http/lib/paths.mjs';
import { newPage, startBrowser } from '../browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from '../site.mjs';

const REQUIRE = "require-trusted-types-for 'script'";
const CHANGES = [
    { type: 'text', selector: 'h1', value: 'New' },
    { type: 'html', selector: 'p', value: '<b>Bold</b>' },
    { type: 'script', value: 'document.documentElement.dataset.ran = "yes"' },
    { type: 'banner', value: 'Sale' },
];

let server;
let browser;
let site;
let id;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    const [{ key }] = (await server.api('GET', '/environments')).body.items;
    const changed = await server.api('PATCH', `/environments/${key}`, { allows_html: true });
    assert.equal(changed.status, 200, changed.text);
    await run(server, experiment(CHANGES, { key: 'typed' }));
    id = await visitorOf(server, 'typed', 'new');
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

/* A page under this policy; page.said is what its console says of it, page.faults what was thrown. */
async function open(policy, data = {}) {
    site.pages['*'] = () => ({
        html:
            '<!doctype html><html lang="en"><head><title>Shop</title><script nonce="n">dataLayer=[]</script>' +
            `${site.snippet(data).replace('<script', '<script nonce="n"')}</head>` +
            '<body><h1>Old</h1><p>Plain</p></body></html>',
        headers: { 'content-security-policy': `script-src 'nonce-n' ${server.edgeUrl}; ${policy}` },
    });
    const page = await newPage(browser);
    page.said = [];
    page.faults = [];
    page.on('console', (message) => page.said.push(message.text()));
    page.on('pageerror', (error) => page.faults.push(String(error)));
    await page.context().addCookies(cookieOf(site, id));
    await page.goto(site.url);
    await page.evaluate(() => window.mete.ready);
    return page;
}

/* Policies that let the SDK's one in. */
const LET_IN = {
    'the policy alone': `${REQUIRE}; trusted-types mete`,
    'beside others': `${REQUIRE}; trusted-types default mete dompurify`,
    'with duplicates': `${REQUIRE}; trusted-types mete 'allow-duplicates'`,
    'any policy': `${REQUIRE}; trusted-types *`,
    'required, of whatever name': REQUIRE,
    'a list, not required': 'trusted-types mete',
};
const WAYS = { 'decided by the edge': {}, 'decided in the browser': { local: '' } };

for (const [name, policy] of Object.entries(LET_IN))
    for (const [way, data] of Object.entries(WAYS))
        test(`trusted types: ${name}, ${way}`, async () => {
            const page = await open(policy, data);
            await page.getByText('Sale').waitFor();
            await page.locator('p b').waitFor();
            assert.equal(await page.locator('h1').textContent(), 'New');
            assert.equal(await page.locator('html').getAttribute('data-ran'), 'yes');
            await page.evaluate(() =>
                window.dataLayer.push({
                    event: 'purchase',
                    ecommerce: { transaction_id: 't', value: '1.299,00 €', currency: 'eur' },
                }),
            );
            await page.waitForFunction(() => window['mete:shop']);
            assert.deepEqual([page.faults, page.said.filter((text) => /trusted/i.test(text))], [[], []]);
            await page.context().close();
        });

test('a policy that keeps it out: what needs no script is done, and the page goes on', async () => {
    const page = await open(`${REQUIRE}; trusted-types other`, { timeout: 2_000 });
    assert.equal(await page.evaluate(() => typeof window.mete.track), 'function');
    assert.equal(await page.locator('p').textContent(), 'Plain');
    assert.deepEqual(page.faults, []);
    await page.evaluate(() => window.mete.track('plain_event'));
    await page.evaluate(() => window.mete.flush());
    await site.untilEvents(1, "name = 'plain_event'");
    await page.context().close();
});

test('the name is documented', () => {
    const text = readFileSync(join(sourceRoot, 'web-ui/sdk/README.md'), 'utf8');
    assert.match(text, /require-trusted-types-for 'script'; trusted-types mete/);
});
