// SPDX-License-Identifier: GPL-3.0-or-later
// The whole story: a marketer builds an experiment from zero and starts it; visitors of the demo shop
// see their variant, some buy; and the results are what they did. 200 visitors when METE_TEST_LONG=1.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { assertQuiet, newPage, open, screenshot, settled, signIn, startBrowser } from './browser.mjs';
import { buy, openShop } from './shop.mjs';
import { visitorOf } from './site.mjs';

const VISITORS = process.env.METE_TEST_LONG === '1' ? 200 : 30;
const AT_ONCE = 3;
const KEY = 'order_it_today';
const TEXTS = { control: 'Add to basket', variant_b: 'Order it today' };
const MUG = 18;
const DELIVERY = 4.9;

let server;
let browser;
let page;
const arms = {
    control: { units: 0, buyers: 0, revenue: 0, pictures: [] },
    variant_b: { units: 0, buyers: 0, revenue: 0, pictures: [] },
};
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await openShop(server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const next = (step) => page.getByRole('button', { name: `Next: ${step}` }).click();

async function addMetric(key) {
    await page.getByRole('button', { name: 'Add a metric' }).click();
    await page.getByLabel('Metric', { exact: true }).last().selectOption(key);
}

async function addChange(variant, fields) {
    await variant.getByRole('button', { name: 'Add a change' }).click();
    if (fields.type) await variant.getByLabel('What to do').last().selectOption(fields.type);
    for (const [label, text] of Object.entries(fields.texts))
        await variant.getByLabel(label, { exact: true }).last().fill(text);
}

test('a marketer signs in by the one-time link, builds an experiment and starts it', async () => {
    page = await signIn(browser, server);
    await settled(page);
    await page.getByRole('link', { name: 'Plan the first campaign' }).click();
    await page.getByLabel('What do you want to learn?').fill('Order it today');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByLabel('Hypothesis').fill('Saying “today” makes more visitors buy.');
    await addMetric('revenue_per_visitor');
    await next('Who');
    await page.getByRole('button', { name: 'Add a page' }).click();
    await page.getByLabel('Pages', { exact: true }).selectOption('wildcard');
    await page.getByLabel('Address or path').fill('/demo/product-*');
    await next('What');
    const variant = page.getByRole('region', { name: 'Variant Variant B' });
    await addChange(variant, { texts: { 'Element (CSS selector)': '.buy', Text: TEXTS.variant_b } });
    await addChange(variant, { type: 'banner', texts: { Text: 'Free express delivery this week' } });
    await next('How many');
    await next('Check');
    await page.getByRole('heading', { name: 'Ready to start' }).waitFor();
    await screenshot(page, 'editor');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.getByText('It has started').waitFor();
    const isServed = async () =>
        (await server.decide({ visitor_id: 'asks' })).body.decisions.some(({ campaign }) => campaign === KEY);
    await until(isServed, 10_000, 'the edge to serve it');
});

const exposureOf = (id) =>
    server.rows(`select properties from visitor_event where name = 'exposure' and visitor_id = '${id}'`);

/* A visitor's variant by mete's word, and what it sees on two pages. When its word comes too late for the first
 * page, that page keeps its default, and the exposure says so. */
async function look(visitor) {
    await visitor.goto(`${server.edgeUrl}/demo/product-dusk-candle`);
    await visitor.waitForFunction(() => window.mete.decisions().length > 0);
    const name = await visitor.evaluate(() => window.mete.decisions()[0].variant);
    const first = await visitor.locator('.buy').innerText();
    await visitor.goto(`${server.edgeUrl}/demo/product-nord-mug`);
    assert.equal(await visitor.locator('.buy').innerText(), TEXTS[name]);
    await visitor
        .getByText('Free express delivery this week')
        .waitFor({ state: name === 'control' ? 'detached' : 'visible' });
    await visitor.evaluate(() => window.mete.flush());
    const id = await visitor.evaluate(() => window.mete.visitorId());
    const [{ properties }] = await until(
        () => exposureOf(id).length === 1 && exposureOf(id),
        10_000,
        'the exposure in the database',
    );
    assert.equal(properties.variant, name);
    assert.equal(first, properties.timed_out ? TEXTS.control : TEXTS[name]);
    return name;
}

/* One who gets the variant; every third of the control buys a mug, every second of the variant two. */
async function comeBy(wanted) {
    const visitor = await newPage(browser, { viewport: { width: 1100, height: 800 } });
    const id = await visitorOf(server, KEY, wanted);
    await visitor.context().addCookies([{ name: 'mete_id', value: id, url: server.edgeUrl }]);
    const name = await look(visitor);
    assert.equal(name, wanted);
    const arm = arms[name];
    arm.units += 1;
    const nth = arm.units;
    if (nth <= 2) arm.pictures.push(await visitor.locator('.buy').screenshot());
    if (nth === 1) await screenshot(visitor, name === 'control' ? 'shop' : 'shop-variant', { fullPage: false });
    const mugs = name === 'control' ? 1 : 2;
    if (nth % (name === 'control' ? 3 : 2) === 0) {
        arm.buyers += 1;
        arm.revenue += mugs * MUG + DELIVERY;
        await buy(visitor, server, mugs);
    }
    assertQuiet(visitor);
    await visitor.context().close();
}

test(`${VISITORS} visitors see their variant and stay in it; some buy`, async () => {
    let left = VISITORS;
    const queue = async () => {
        while (left > 0) {
            left -= 1;
            await comeBy(Object.keys(arms)[left % 2]);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, queue));
    const [control, variant] = [arms.control.pictures, arms.variant_b.pictures];
    assert.ok(control[0].equals(control[1]), 'two visitors of the control see the same');
    assert.ok(variant[0].equals(variant[1]), 'two visitors of the variant see the same');
    assert.ok(!control[0].equals(variant[0]), 'control and variant look different');
});

const armsOf = (body, key) => body.metrics.find((metric) => metric.key === key).variants;

test('the results are what was counted, in the API and on the page', async () => {
    const count = async () => {
        const { body } = await server.api('GET', `/campaigns/${KEY}/results`);
        const rates = armsOf(body, 'conversion_rate');
        const isAll = rates.reduce((sum, { units }) => sum + units, 0) === VISITORS;
        const orders = rates.reduce((sum, { units, value }) => sum + Math.round(units * value), 0);
        return isAll && orders === arms.control.buyers + arms.variant_b.buyers && body;
    };
    const body = await until(count, 20_000, 'all visitors and orders in the results');
    for (const [key, arm] of Object.entries(arms)) {
        const rate = armsOf(body, 'conversion_rate').find((row) => row.key === key);
        const revenue = armsOf(body, 'revenue_per_visitor').find((row) => row.key === key);
        assert.equal(rate.units, arm.units);
        assert.ok(Math.abs(rate.value - arm.buyers / arm.units) < 1e-9, `${key}: ${rate.value}`);
        assert.ok(
            Math.abs(revenue.value - arm.revenue / arm.units) < 1e-6,
            `${key}: ${revenue.value} is not ${arm.revenue} of ${arm.units}`,
        );
    }
    await open(page, server, `/app/campaigns/${KEY}`);
    const rows = await page
        .getByRole('region', { name: 'Conversion rate' })
        .first()
        .locator('tbody tr')
        .allInnerTexts();
    for (const [i, arm] of armsOf(body, 'conversion_rate').entries()) {
        const percent = `${(arm.value * 100).toFixed(2)}%`;
        assert.ok(
            new RegExp(`\\b${arm.units}\\b`).test(rows[i]) && rows[i].includes(percent),
            `${rows[i]}: ${arm.units}, ${percent}`,
        );
    }
    assert.equal(await page.locator('.lead').first().innerText(), body.verdict.text);
    await screenshot(page, 'story-results');
});

test('who did what is on record', async () => {
    await open(page, server, '/app/audit');
    await page.getByRole('link', { name: 'Order it today' }).first().waitFor();
    await screenshot(page, 'audit');
    assertQuiet(page);
});
