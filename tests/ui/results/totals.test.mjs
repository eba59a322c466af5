// SPDX-License-Identifier: GPL-3.0-or-later
// Results that were imported as totals a day: what can be said is there, and the rest says why it is not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { row, tellTotals, untilComplete } from '../../http/lib/totals.mjs';
import { assertFits, assertQuiet, open, pictures, signIn, startBrowser } from '../browser.mjs';

const DAYS = ['2024-05-13', '2024-05-14', '2024-05-15'];
const METRICS = [{ key: 'conversion_rate', role: 'primary' }, { key: 'revenue_per_visitor' }];

let server;
let browser;
let page;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    page = await signIn(browser, server);
    const rows = (orders, revenue, other = revenue) =>
        DAYS.flatMap((day) => [
            row(day, 'a', 1000, { conversion_rate: 100, revenue_per_visitor: revenue }),
            row(day, 'b', 1000, { conversion_rate: orders, revenue_per_visitor: other }),
        ]);
    await tell('squared', { rows: rows(140, [2000, 40_000]) });
    await tell('bare', { rows: rows(140, 2000) });
    await tell('refunds', { rows: rows(140, [-20_000, 900_000], [-10_000, 450_000]) });
    await tell('daily', { visitors: 'daily', rows: rows(140, 2000) });
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

async function tell(key, totals) {
    const reply = await tellTotals(server, key, METRICS, totals);
    assert.equal(reply.status, 200, reply.text);
    return untilComplete(server, key);
}

const show = async (key) => {
    await open(page, server, `/app/campaigns/${key}/results`);
    await page.getByRole('region', { name: 'Conversion rate' }).first().waitFor();
};
const card = (name) => page.getByRole('region', { name, exact: true }).first();
/* The one picture of all metrics that have an interval. */
const forest = (words) =>
    page
        .getByRole('img', { name: words })
        .and(page.locator('[aria-label^="What the variants"], [aria-label^="Conversion rate."]'));
const openAll = () =>
    page.evaluate(() => document.querySelectorAll('details').forEach((one) => one.setAttribute('open', '')));

test('with squares there are intervals, and one note says what totals lack', async () => {
    await show('squared');
    await page
        .getByText('These results were imported as totals a day; each visitor counts on its first day.')
        .waitFor();
    await openAll();
    await page.getByText('nobody can tell who met several variants').first().waitFor();
    assert.equal(
        await page.getByText('nobody can tell who met several variants').count(),
        4,
        'days since exposure, distribution, breakdown',
    );
    assert.equal(await page.getByText('not their squares').count(), 0);
    assert.equal(await forest(/Revenue per visitor, /).count(), 1);
    assert.equal(await page.getByText('Seen in two arms', { exact: true }).count(), 1, 'the column alone');
    assert.equal(await page.getByText('No machines').count(), 0);
    assertQuiet(page);
});

test('without squares a metric has its values, and the reason in place of a picture', async () => {
    await show('bare');
    const revenue = card('Revenue per visitor');
    await revenue.getByText('Only sums were imported, and not their squares').waitFor();
    await forest(/Conversion rate/).waitFor();
    assert.equal(await forest(/Revenue per visitor/).count(), 0, 'rates need no squares');
    await page.getByRole('button', { name: 'Absolute', exact: true }).click();
    await card('Conversion rate').locator('.plot svg').waitFor();
    assert.equal(await revenue.locator('.plot svg').count(), 0);
    await page.getByRole('button', { name: 'Relative', exact: true }).click();
    await page.getByLabel('Metric shown below').selectOption('revenue_per_visitor');
    const why = page.getByText('Only sums were imported, and not their squares');
    await why.nth(2).waitFor();
    assert.equal(await why.count(), 3, 'its card, over time, what is believed');
    assertQuiet(page);
});

test('of a loss half as large the course is upward', async () => {
    await show('refunds');
    await openAll();
    await page.getByLabel('Metric shown below').selectOption('revenue_per_visitor');
    const course = page.getByRole('group', { name: /^Uplift over/ });
    await course.locator('svg').waitFor();
    await course.focus();
    await course.getByRole('status').getByText('b: +50.0%').waitFor();
    assertQuiet(page);
});

test('visitors of each day: no test of anything', async () => {
    await show('daily');
    await page.getByText('Its visitors are those of each day').waitFor();
    await page.getByText('not to be tested: who came on several days is counted on each').waitFor();
    assert.equal(await page.locator('.plot svg').count(), 1, 'its course, and no interval');
    const days = page.getByText('Visitor days', { exact: true });
    assert.equal(await days.count(), 4, 'the verdict, two metrics, the sizes');
    const text = await page.locator('main').innerText();
    assert.ok(!/NaN|undefined|null|Infinity/.test(text), text);
    assertQuiet(page);
});

test('imports tell totals from events', async () => {
    await open(page, server, '/app/imports');
    const found = page.getByRole('row', { name: /bare/ });
    for (const text of ['totals a day', 'conversion_rate', 'revenue_per_visitor', 'a 3,000', 'complete', '6 rows'])
        await found.getByText(text, { exact: true }).waitFor();
    await found.getByRole('button', { name: /Take back/ }).click();
    await page.getByRole('dialog').getByText('its totals of 6,000 visitors').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
});

test('it fits every window, in both schemes and languages', async () => {
    const pages = [
        ['totals-imports', '/app/imports'],
        ['totals-squared', '/app/campaigns/squared/results'],
        ['totals-bare', '/app/campaigns/bare/results'],
        ['totals-daily', '/app/campaigns/daily/results'],
    ];
    for (const language of ['en', 'de']) {
        await page.evaluate((value) => localStorage.setItem('mete.language', value), language);
        for (const [name, path] of pages) {
            await open(page, server, path);
            await page.locator('table').first().waitFor();
            if (language === 'de')
                await page
                    .getByText(/Tagessummen/)
                    .first()
                    .waitFor();
            await assertFits(page, `${name}, ${language}`);
            if (language === 'de') continue;
            await pictures(page, name);
        }
    }
    assertQuiet(page);
});
