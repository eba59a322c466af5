// SPDX-License-Identifier: GPL-3.0-or-later
// The planner page: what it says is what the API says; what is typed stays, also in the address.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, uuidv7 } from '../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, screenshot, signIn, startBrowser } from './browser.mjs';

const DAY = 86_400_000;
let server;
let browser;
let page;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    const then = Date.now() - 3 * DAY;
    const event = (i, name, properties = {}) => ({
        visitor_id: `v${i}`,
        name,
        event_id: uuidv7(then),
        ts: new Date(then).toISOString(),
        properties,
    });
    const events = Array.from({ length: 200 }, (_, i) => event(i, 'page_view'));
    for (let i = 0; i < 20; i += 1)
        events.push(event(i, 'purchase', { value: 20 + i, currency: 'EUR', transaction_id: `t${i}` }));
    const sent = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual(sent.body.rejected, []);
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const count = (value) => value.toLocaleString('en-GB');
const planned = async (body) => (await server.api('POST', '/plan', { test: 'always-valid', ...body })).body;

/* Waits until the page says this many visitors. */
async function assertSays(body) {
    const { plan } = await planned(body);
    await page.locator('.lead', { hasText: count(plan.visitors) }).waitFor();
    await page.locator('.facts', { hasText: count(plan.visitors_per_variant) }).waitFor();
    return plan;
}

test('it begins with what the last weeks’ visitors did', async () => {
    await open(page, server, '/app/planner');
    const plan = await assertSays({ metric: 'conversion_rate', uplift: 0.1 });
    assert.equal(plan.baseline, 0.1);
    await page.getByText('Measured: 10.00% (95%: 6.57% to 14.94%)').waitFor();
    await page.getByRole('img', { name: /^Power by number of visitors: 80%/ }).waitFor();
    await page.getByRole('img', { name: /^Smallest effect by weeks/ }).waitFor();
    const stops = page.getByRole('table', { name: 'How soon it may end' });
    assert.equal(await stops.getByRole('row').count(), 1 + plan.stops.length);
    const sixfold = plan.stops.find(({ times }) => times === 6);
    await stops.getByRole('row', { name: new RegExp(`^\\+60.0% ${count(sixfold.visitors)} `) }).waitFor();
});

test('its pictures say their values by the arrow keys', async () => {
    const { plan } = await planned({ metric: 'conversion_rate', uplift: 0.1 });
    const spots = async (name, wanted) => {
        const place = page.getByRole('group', { name });
        await place.focus();
        for (const text of wanted) {
            assert.equal(await place.getByRole('status').innerText(), text);
            await page.keyboard.press('ArrowRight');
        }
        await place.blur();
    };
    const share = (value, options) => new Intl.NumberFormat('en-GB', { style: 'percent', ...options }).format(value);
    const curve = plan.curve.filter(({ visitors }) => visitors <= 2 * plan.visitors);
    assert.ok(curve.length > 5 && plan.effects.length > 5);
    await spots(
        /^Power by number of visitors/,
        curve.map(({ visitors, power }) => `${share(power)} with ${count(visitors)} visitors`),
    );
    const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' };
    await spots(
        /^Smallest effect by weeks/,
        plan.effects.map(
            ({ weeks, uplift }) => `${share(uplift, digits)} after ${weeks} ${weeks === 1 ? 'week' : 'weeks'}`,
        ),
    );
});

test('a desk that has too much to do is asked again', async () => {
    const other = await signIn(browser, server);
    let asked = 0;
    await other.route('**/api/v1/plan*', async (route) => {
        asked += 1;
        if (asked > 2) await route.continue();
        else await route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { title: 'busy' } });
    });
    await open(other, server, '/app/planner?uplift=0.3');
    const { plan } = await planned({ metric: 'conversion_rate', uplift: 0.3 });
    await other.locator('.lead', { hasText: count(plan.visitors) }).waitFor();
    assert.equal(asked, 3);
    await other.context().close();
});

test('own figures, and the address carries them to somebody else', async () => {
    await page.getByLabel('Conversion rate today').fill('5');
    await page.getByLabel('Effect to be seen').fill('20');
    await page.getByLabel('Visitors a day').fill('4000');
    await page.getByLabel('How it is judged').selectOption('fixed');
    const plan = await assertSays({ metric: 'conversion_rate', rate: 0.05, uplift: 0.2, daily: 4000, test: 'fixed' });
    assert.match(await page.locator('.lead').innerText(), new RegExp(`run it for ${plan.weeks} week`));
    const other = await signIn(browser, server);
    await other.goto(page.url());
    await other.locator('.lead', { hasText: count(plan.visitors) }).waitFor();
    assert.equal(await other.getByLabel('Conversion rate today').inputValue(), '5');
    await other.context().close();
});

test('what effect can be seen in the days there are', async () => {
    await page.getByRole('button', { name: 'What effect?' }).click();
    await page.getByLabel('Days it can run').fill('14');
    const plan = await assertSays({ metric: 'conversion_rate', rate: 0.05, days: 14, daily: 4000, test: 'fixed' });
    assert.match(await page.locator('.lead').innerText(), new RegExp(`\\+${(plan.uplift * 100).toFixed(1)}%`));
});

test('a mean has a spread', async () => {
    await page.getByLabel('Metric').selectOption('average_order_value');
    await page.getByRole('button', { name: 'How many?' }).click();
    await assertSays({ metric: 'average_order_value', uplift: 0.2, test: 'fixed' });
    await page.getByLabel('Standard deviation').waitFor();
});

test('what cannot be stands at its field, and nothing typed is lost', async () => {
    await open(page, server, '/app/planner?metric=&rate=0.5');
    const uplift = page.getByLabel('Effect to be seen');
    await uplift.fill('300');
    await page.getByRole('alert').filter({ hasText: 'cannot become' }).waitFor();
    assert.equal(await uplift.getAttribute('aria-invalid'), 'true');
    await uplift.fill('a lot');
    await page.locator('.field', { has: uplift }).getByRole('alert').waitFor();
    assert.equal(await uplift.inputValue(), 'a lot');
    assert.equal(await page.getByLabel('Conversion rate today').inputValue(), '50');
    await uplift.fill('20');
    await assertSays({ rate: 0.5, uplift: 0.2 });
});

test('it fits everywhere', async () => {
    await open(page, server, '/app/planner?daily=5000');
    await page.getByRole('img', { name: /^Smallest effect/ }).waitFor();
    await assertFits(page, 'planner');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await screenshot(page, 'planner');
    assertQuiet(page);
});
