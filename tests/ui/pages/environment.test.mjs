// SPDX-License-Identifier: GPL-3.0-or-later
// Where there are several environments, each address names its own: a link means the same for whoever opens it, and the
// switch keeps the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { assertQuiet, newPage, open, settled, signIn, startBrowser } from '../browser.mjs';

let server;
let browser;
let page;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await ok('POST', '/campaigns', { key: 'trial', name: 'Of production', kind: 'experiment' });
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const place = (of = page) => new URL(of.url()).pathname + new URL(of.url()).search;
const chooser = (of = page) => of.getByLabel('Environment');
const isAt = (wanted, of = page) =>
    of.waitForFunction((address) => location.pathname + location.search === address, wanted);

test('where there is but one, no address names it', async () => {
    await open(page, server, '/app/campaigns');
    assert.equal(place(), '/app/campaigns');
    await page.getByRole('link', { name: 'Metrics' }).click();
    await isAt('/app/metrics');
});

test('with a second one, addresses and links name the environment', async () => {
    await ok('POST', '/environments', { key: 'staging', name: 'Staging' });
    await ok('POST', '/campaigns?environment=staging', { key: 'trial', name: 'Of staging', kind: 'experiment' });
    await open(page, server, '/app/campaigns');
    await isAt('/app/campaigns?environment=production');
    await page.getByText('Of production').waitFor();
    const link = page.getByRole('link', { name: 'Of production' });
    assert.match(await link.getAttribute('href'), /\/app\/campaigns\/trial.*[?&]environment=production/);
});

test('the switch keeps the page, its query too, and back leads back', async () => {
    await open(page, server, '/app/campaigns/trial/setup?step=what');
    await isAt('/app/campaigns/trial/setup?step=what&environment=production');
    await chooser().selectOption('staging');
    await isAt('/app/campaigns/trial/setup?step=what&environment=staging');
    await page.getByRole('heading', { name: 'Of staging' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Of production' }).waitFor();
    assert.equal(await chooser().inputValue(), 'production');
    await page.goForward();
    await page.getByRole('heading', { name: 'Of staging' }).waitFor();
});

// prettier-ignore
const PLACES = [
    '/app/campaigns', '/app/campaigns/new', '/app/campaigns/trial', '/app/campaigns/trial/setup', '/app/planner',
    '/app/visitors', '/app/metrics', '/app/flags', '/app/layers', '/app/live', '/app/data-quality', '/app/install',
];

test('an address of a page opens in its environment, whatever was chosen here last', async () => {
    assert.equal(await page.evaluate(() => localStorage.getItem('mete.environment')), 'staging');
    for (const path of PLACES) {
        for (const environment of ['production', 'staging']) {
            await open(page, server, `${path}?environment=${environment}`);
            assert.equal(await chooser().inputValue(), environment, path);
            assert.equal(new URL(page.url()).searchParams.get('environment'), environment, path);
        }
    }
    await open(page, server, '/app/campaigns/trial/setup?environment=production');
    await page.getByRole('heading', { name: 'Of production' }).waitFor();
    await page.getByRole('button', { name: /^Next: / }).click();
    await isAt('/app/campaigns/trial/setup?step=who&environment=production');
});

test('what was typed just before going back is saved where it was typed', async () => {
    await open(page, server, '/app/campaigns/trial/setup?environment=production');
    await page.getByRole('heading', { name: 'Of production' }).waitFor();
    await chooser().selectOption('staging');
    await page.getByRole('heading', { name: 'Of staging' }).waitFor();
    await page.getByLabel('Hypothesis').fill('Of staging alone');
    await page.goBack();
    await page.getByRole('heading', { name: 'Of production' }).waitFor();
    const of = async (environment) => (await ok('GET', `/campaigns/trial?environment=${environment}`)).hypothesis ?? '';
    await until(async () => (await of('staging')) === 'Of staging alone', 10_000, 'the save');
    assert.equal(await of('production'), '');
});

test('an environment that is not there is said, and no other is shown in its place', async () => {
    await open(page, server, '/app/campaigns?environment=production');
    await page.goto(`${server.deskUrl}/app/campaigns/trial?environment=nowhere`);
    await page.getByText('There is no environment nowhere for you').waitFor();
    assert.equal(await page.getByText('Of production').count(), 0);
    await page.getByRole('link', { name: /^Go to / }).click();
    await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
    assertQuiet(page);
});

test('who signs in at a shared link comes out at its page and environment', async () => {
    const other = await newPage(browser);
    const { link } = await ok('POST', '/users', { email: 'eva@shop.example', role: 'viewer' });
    await other.goto(server.deskUrl + link);
    await other.locator('form[method=post] button').click();
    await other.getByRole('navigation').first().waitFor({ state: 'attached' });
    await other.goto(`${server.deskUrl}/app/campaigns/trial/setup?environment=staging`);
    await settled(other);
    await other.getByRole('heading', { name: 'Of staging' }).waitFor();
    await other.context().close();
});
