// SPDX-License-Identifier: GPL-3.0-or-later
// Results of earlier phases: they stay, and are one choice away.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, screenshot, signIn, startBrowser } from '../browser.mjs';

const PAGE = '/app/campaigns/weights/results';
const variants = (control, promise) => [
    { key: 'a', name: 'As it is', weight: control, is_control: true },
    { key: 'b', name: 'Delivery promise', weight: promise },
];

let server;
let browser;
let page;
const units = async (phase) => {
    const { body } = await server.api('GET', `/campaigns/weights/results?phase=${phase}`);
    return body.verdict.units;
};

async function expose(phase, count) {
    const events = Array.from({ length: count }, (_, i) => ({
        visitor_id: `p${phase}-${i}`,
        name: 'exposure',
        event_id: uuidv7(),
        properties: { campaign: 'weights', phase, variant: i % 2 ? 'a' : 'b' },
    }));
    const sent = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual(sent.body.rejected, []);
    await until(async () => (await units(phase)) === count, 30_000, `${count} visitors of phase ${phase}`);
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    const campaign = { key: 'weights', name: 'Weights', kind: 'experiment', variants: variants(0.5, 0.5) };
    await server.api('POST', '/campaigns', { ...campaign, metrics: [{ key: 'conversion_rate' }] });
    assert.equal((await server.api('POST', '/campaigns/weights/start', {})).status, 200);
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const visitors = () => page.locator('.facts').first().innerText();
const choice = () => page.getByLabel('Phase', { exact: true });

test('while there is one phase there is nothing to choose', async () => {
    await expose(1, 40);
    await open(page, server, PAGE);
    assert.match(await visitors(), /\b40\b/);
    assert.equal(await choice().count(), 0);
});

test('the newest phase is shown, the one before is one choice away', async () => {
    const changed = await server.api('PATCH', '/campaigns/weights', { variants: variants(0.2, 0.8) });
    assert.equal(changed.body.phase, 2);
    await expose(2, 6);
    await open(page, server, PAGE);
    assert.match(await visitors(), /\b6\b/);
    const options = await choice().locator('option').allInnerTexts();
    assert.match(options[0], /^Phase 2, since .*: As it is 20%, Delivery promise 80%$/);
    assert.match(options[1], /^Phase 1, .* to .*: As it is 50%, Delivery promise 50%$/);
    await choice().selectOption('1');
    await page.getByText('These are the results of phase 1').waitFor();
    await page.locator('.facts').first().getByText('40').waitFor();
});

test('the address says which, and the breakdown is of the same', async () => {
    assert.equal(new URL(page.url()).search, '?phase=1');
    await page.reload();
    await page.getByText('These are the results of phase 1').waitFor();
    const asked = page.waitForResponse((response) => response.url().includes('dimension='));
    await page.locator('summary', { hasText: 'Breakdown' }).click();
    await page.getByRole('group', { name: 'Breakdown' }).getByRole('button', { name: 'Country' }).click();
    await asked;
    const request = page.waitForRequest((one) => one.url().includes('dimension=visitor_type'));
    await page.getByRole('group', { name: 'Breakdown' }).getByRole('button', { name: 'New or returning' }).click();
    assert.equal(new URL((await request).url()).searchParams.get('phase'), '1');
});

test('a phase that never was is not asked for', async () => {
    await open(page, server, `${PAGE}?phase=7`);
    assert.match(await visitors(), /\b6\b/);
});

test('an arm that this phase lacks is compared with in its own alone', async () => {
    const third = { key: 'c', name: 'Countdown', weight: 0.2 };
    const changed = await server.api('PATCH', '/campaigns/weights', { variants: [...variants(0.2, 0.6), third] });
    assert.equal(changed.body.phase, 3, changed.text);
    await expose(3, 8);
    await open(page, server, PAGE);
    await page.getByLabel('Compared with').selectOption({ label: 'Countdown' });
    await page.getByText('The figures below compare with “Countdown”').waitFor();
    await choice().selectOption('1');
    await page.getByText('These are the results of phase 1').waitFor();
    await page.getByRole('region', { name: 'Conversion rate' }).first().waitFor();
    assert.equal(await page.getByLabel('Compared with').inputValue(), 'a');
    assert.equal(await page.getByText('The figures below compare with').count(), 0);
});

test('an arm that cannot be read is said to be so, and nothing of it is saved', async () => {
    await page.route(/baseline=b/, (route) => route.continue({ url: route.request().url().replace('=b', '=z') }));
    await page.getByLabel('Compared with').selectOption({ label: 'Delivery promise' });
    await page.getByText('baseline: the phase has no variant z').waitFor();
    assert.ok(await page.getByRole('button', { name: 'CSV', exact: true }).isDisabled());
    await page.unroute(/baseline=b/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'Conversion rate' }).first().waitFor();
    assert.equal(await page.getByText('baseline: the phase has no variant z').count(), 0);
});

test('it fits everywhere', async () => {
    await open(page, server, `${PAGE}?phase=1`);
    await assertFits(page, 'results of a phase');
    await page.setViewportSize({ width: 1440, height: 900 });
    await screenshot(page, 'results_phase');
    assertQuiet(page);
});
