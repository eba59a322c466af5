// SPDX-License-Identifier: GPL-3.0-or-later
// Every part of the results page, of campaigns of every kind there is, in every way of telling: nowhere does a number
// that is none show. And the list of them all, which says no more than is known.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../../http/lib/cli.mjs';
import { startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, screenshot, settled, signIn, startBrowser } from '../browser.mjs';

const METRICS = [
    { key: 'conversion_rate', role: 'primary' },
    { key: 'revenue_per_visitor' },
    { key: 'average_order_value' },
    { key: 'add_to_basket_rate', role: 'guardrail' },
];
const KINDS = ['empty', 'single', 'broken', 'ten', 'flat', 'zero', 'imported', 'holdout', 'phases'];
const LETTERS = 'abcdefghij';
const BATCH = 500;
const DAYS = 9;

let server;
let browser;
let folder;
let page;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const armsOf = (count) =>
    Array.from({ length: count }, (_, i) => ({
        key: LETTERS[i],
        name: `Arm ${LETTERS[i].toUpperCase()}`,
        weight: 1 / count,
        is_control: i === 0,
    }));

async function start(key, { variants = armsOf(2), kind = 'experiment', statistics = {} } = {}) {
    await ok('POST', '/campaigns', { key, name: `The ${key}`, kind, variants, statistics, metrics: METRICS });
    await ok('POST', `/campaigns/${key}/start`);
}

/* of each arm: [visitors, how many of them buy] */
async function visit(campaign, sizes, phase = 1) {
    const event = (visitor_id, name, properties) => ({ visitor_id, name, event_id: uuidv7(), properties });
    const events = Object.entries(sizes).flatMap(([variant, [visitors, buyers]]) =>
        Array.from({ length: visitors }, (_, i) => `${campaign}-${phase}-${variant}-${i}`).flatMap((visitor, i) => [
            event(visitor, 'exposure', { campaign, phase, variant, device: i % 2 ? 'mobile' : 'desktop' }),
            ...(i < buyers
                ? [event(visitor, 'purchase', { value: 20 + (i % 9), currency: 'EUR', transaction_id: visitor })]
                : []),
        ]),
    );
    for (let i = 0; i < events.length; i += BATCH) {
        const sent = await server.events({ events: events.slice(i, i + BATCH) }, { key: server.secretKey });
        assert.deepEqual(sent.body.rejected, []);
    }
    const units = Object.values(sizes).reduce((sum, [visitors]) => sum + visitors, 0);
    await until(
        async () => {
            const { verdict, health } = await ok('GET', `/campaigns/${campaign}/results?phase=${phase}`);
            return verdict.units === units && health.fold.lag_events === 0;
        },
        60_000,
        `the ${units} visitors of ${campaign}`,
    );
}

async function importOne() {
    folder.write(
        'rows.csv',
        ['id,arm,day,paid', '1,old,2026-03-02,0', '2,new,2026-03-02,12.5', '3,old,2026-03-09,8'].join('\n'),
    );
    folder.write('mapping.json', {
        campaign: { key: 'imported', name: 'The imported', control: 'old' },
        visitor: { column: 'id' },
        variant: { column: 'arm' },
        time: { column: 'day' },
        events: [{ name: 'purchase', when: { column: 'paid', above: 0 }, value: { column: 'paid' } }],
        metrics: METRICS.slice(0, 2),
    });
    const done = await folder.run(['import', '--mapping', 'mapping.json', 'rows.csv']);
    assert.equal(done.status, 0, done.stderr);
}

async function makePhases() {
    await start('phases');
    await visit('phases', { a: [40, 4], b: [38, 6] }, 1);
    for (const [phase, weight] of [
        [2, 0.3],
        [3, 0.2],
    ]) {
        const [a, b] = armsOf(2);
        await ok('PATCH', '/campaigns/phases', {
            variants: [
                { ...a, weight: 1 - weight },
                { ...b, weight },
            ],
        });
        if (phase === 2) await visit('phases', { a: [30, 0], b: [12, 1] }, phase);
    }
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    folder = new CliFolder(server);
    await start('empty');
    await start('single');
    await visit('single', { b: [1, 0] });
    await start('broken');
    await visit('broken', { a: [600, 60], b: [420, 90] });
    await start('ten', { variants: armsOf(10), statistics: { planned_units: 2000 } });
    await visit('ten', Object.fromEntries([...LETTERS].map((key, i) => [key, [60, 6 + i]])));
    await start('flat', { statistics: { planned_units: 1000 } });
    await visit('flat', { a: [600, 60], b: [600, 63] });
    await start('zero');
    await visit('zero', { a: [80, 0], b: [80, 9] });
    await start('holdout', { kind: 'holdout' });
    await visit('holdout', { a: [30, 3], b: [30, 5] });
    await ok('PATCH', '/campaigns/single', { schedule: { end: '2024-01-01T00:00:00Z' } });
    await makePhases();
    await importOne();
    await until(
        async () => {
            server.psql('select since_exposure_queue()');
            const told = await Promise.all(
                KINDS.filter((key) => key !== 'empty').map((key) => ok('GET', `/campaigns/${key}/results?phase=1`)),
            );
            return told.every(({ metrics }) => metrics[0].since_exposure !== null);
        },
        60_000,
        'the days since the exposure',
    );
    server.psql(
        `update phase set started_at = now() - interval '${DAYS} days' from campaign c
         where c.id = campaign_id and c.key in ('empty', 'ten', 'flat', 'zero', 'broken')`,
    );
    await ok('POST', '/campaigns/flat/stop');
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    folder?.remove();
    await server?.stop();
});

/* Words and attributes of the page that are no numbers and should be. */
const nonsense = () =>
    page.evaluate(() => {
        const wrong = /\b(NaN|undefined|Infinity)\b|\[object /;
        const main = document.querySelector('main') ?? document.body;
        const words = [...main.innerText.split('\n'), ...[...main.querySelectorAll('option')].map((one) => one.label)];
        const attributes = [...main.querySelectorAll('*')].flatMap((part) =>
            [...part.attributes].map(({ name, value }) => `<${part.localName} ${name}="${value}">`),
        );
        return [...words, ...attributes].filter((text) => wrong.test(text));
    });

const options = (label) => page.getByLabel(label, { exact: true }).locator('option');

async function values(label) {
    const found = options(label);
    return (await found.count()) ? found.evaluateAll((all) => all.map((one) => one.value)) : [];
}

async function check(where) {
    await settled(page);
    assert.deepEqual(await nonsense(), [], where);
}

async function walk(where) {
    await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
    await check(where);
    for (const view of ['Bayesian', 'Frequentist'])
        for (const scale of ['Absolute', 'A month', 'Relative']) {
            await page.getByRole('button', { name: view, exact: true }).click();
            await page.getByRole('button', { name: scale, exact: true }).click();
            await check(`${where}, ${view}, ${scale}`);
        }
    for (const metric of await values('Metric shown below')) {
        await page.getByLabel('Metric shown below', { exact: true }).selectOption(metric);
        await check(`${where}, ${metric}`);
    }
    for (const dimension of ['Device', 'Country', 'New or returning']) {
        const button = page
            .getByRole('group', { name: 'Breakdown' })
            .getByRole('button', { name: dimension, exact: true });
        if ((await button.count()) === 0) continue;
        await button.click();
        await check(`${where}, ${dimension}`);
    }
    const sizes = page.getByRole('group', { name: 'Sizes by day and dimension' });
    for (const dimension of (await sizes.count()) ? ['Device', 'Country', 'New or returning', 'Day'] : []) {
        await sizes.getByRole('button', { name: dimension, exact: true }).click();
        await check(`${where}, sizes by ${dimension}`);
    }
    for (const arm of (await values('Compared with')).slice(0, 2).reverse()) {
        await page.getByLabel('Compared with', { exact: true }).selectOption(arm);
        await check(`${where}, compared with ${arm}`);
    }
}

for (const key of KINDS) {
    test(`every part of ${key}`, async () => {
        await open(page, server, `/app/campaigns/${key}/results`);
        const phases = await values('Phase');
        for (const phase of phases.length ? phases : ['']) {
            if (phase) await page.getByLabel('Phase', { exact: true }).selectOption(phase);
            await walk(`${key} ${phase}`);
        }
        assertQuiet(page);
    });
}

for (const key of KINDS)
    test(`who met a variant of ${key}`, async () => {
        await open(page, server, `/app/campaigns/${key}/visitors`);
        const list = page.getByRole('region', { name: 'Who met a variant' }).first();
        for (const arm of await values('Variant met first'))
            for (const who of ['Seen in several', 'All']) {
                await page.getByLabel('Variant met first', { exact: true }).selectOption(arm);
                await list.getByRole('button', { name: who, exact: true }).click();
                await list.getByText('Nobody.').or(list.locator('tbody tr')).first().waitFor();
                await check(`${key}, ${arm}, ${who}`);
            }
        assertQuiet(page);
    });

/* What each spot of a picture says, by the arrow keys. */
async function spotsOf(name) {
    const place = page.getByRole('group', { name });
    const tip = place.getByRole('status');
    await place.locator('svg').waitFor();
    await place.focus();
    const first = await tip.innerText();
    const said = [];
    for (let text = first; said.length === 0 || text !== first; text = await tip.innerText()) {
        said.push(text.replace(/\s*\n\s*/g, ', '));
        await page.keyboard.press('ArrowRight');
    }
    return said;
}

test('pictures say their values to the pointer and to the keyboard; the control is grey', async () => {
    await open(page, server, '/app/campaigns/imported/results');
    await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
    const { looks, control } = await ok('GET', '/campaigns/imported/results');
    const shown = looks.flatMap(({ day, metrics }) =>
        metrics[0].variants
            .filter(({ value }) => value !== null)
            .map(({ key, value, units }) => ({ day: new Date(day), key, value, units })),
    );
    const date = (day) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(day);
    assert.ok(shown.length >= 8, JSON.stringify(looks));
    assert.deepEqual(
        await spotsOf(/^Conversion rate of each variant over/),
        shown.map(({ day, key, value }) => `${date(day)}, ${key}: ${(value * 100).toFixed(2)}%`),
    );
    const visitors = await spotsOf(/^Visitors who had met each variant/);
    for (const { day, key, units } of shown) assert.ok(visitors.includes(`${date(day)}, ${key}: ${units}`), visitors);
    const chart = page.getByRole('group', { name: /^Conversion rate of each variant over/ });
    await chart.scrollIntoViewIfNeeded();
    const { x, y, height } = await chart.boundingBox();
    await page.mouse.move(x + 70, y + height / 2);
    assert.match(await chart.getByRole('status').innerText(), new RegExp(date(shown[0].day)));
    await page.setViewportSize({ width: 390, height: 900 });
    await screenshot(page, 'course-narrow');
    await page.setViewportSize({ width: 1280, height: 900 });
    await chart.focus();
    await screenshot(page, 'course');
    await chart.blur();
    const place = await chart.boundingBox();
    await page.mouse.move(place.x, place.y - 5);
    assert.equal(await chart.getByRole('status').innerText(), '');
    for (const picture of await page.locator('details .row.small:has([style*=series])').all()) {
        const grey = picture.locator('li:has([style*="series-control"])');
        for (const text of await grey.allInnerTexts()) assert.equal(text.replace('●', '').trim(), control);
    }
    assertQuiet(page);
});

test('lines have the colours of their legend, whatever they are compared with', async () => {
    await open(page, server, '/app/campaigns/imported/results');
    await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
    const chart = page.getByRole('group', { name: /^Conversion rate of each variant over/ });
    const legend = chart.locator('xpath=following-sibling::ul').locator('span');
    for (const [arm, grey] of [
        ['new', 1],
        ['old', 0],
    ]) {
        await page.getByLabel('Compared with', { exact: true }).selectOption(arm);
        await legend.nth(grey).and(page.locator('[style*="series-control"]')).waitFor();
        const colors = await legend.evaluateAll((all) => all.map((one) => one.style.color));
        await chart.locator('svg').waitFor();
        const lines = chart.locator('svg path[stroke^="var(--series"]');
        const strokes = await lines.evaluateAll((all) => all.map((one) => one.getAttribute('stroke')));
        assert.deepEqual(strokes, colors, arm);
    }
});

test('a broken split stands in red above everything, is said once, and no figure is told beside it', async () => {
    await open(page, server, '/app/campaigns/broken/results');
    const card = page.locator('.card').first();
    assert.match(await card.getAttribute('class'), /hero-broken/);
    assert.match(await card.getByRole('alert').innerText(), /do not fit their weights/);
    assert.equal(await card.locator('.hero-figure, .hero-money').count(), 0);
    assert.equal(await page.locator('td .good, td .bad').count(), 0);
    const { health } = await ok('GET', '/campaigns/broken/results');
    const digits = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 }).format(health.split_p);
    const said = await page.getByText(/sizes (do not )?fit/).allInnerTexts();
    assert.equal(said.length, 2, said.join('\n'));
    assert.ok(said[0].includes(`p ${digits}`) && said[1].includes(`p = ${digits}:`), said.join('\n'));
    await screenshot(page, 'broken');
});

const row = (name) => page.getByRole('row').filter({ hasText: `The ${name}` });

test('the list: verdict and progress of each, and no sure tone where little is known', async () => {
    await open(page, server, '/app/campaigns');
    await row('broken').getByText('Do not trust it').waitFor();
    for (const key of ['single', 'zero', 'broken']) {
        await row(key)
            .getByText(/too early to say|not to be believed/)
            .or(row(key).getByText('–'))
            .first()
            .waitFor();
        assert.equal(await row(key).locator('.uplift-cell, .sparkline-good').count(), 0, key);
    }
    const flat = (await ok('GET', '/campaigns/flat/standing')).verdict;
    assert.deepEqual([flat.answer, flat.rule, flat.variant], ['stop', 'no_effect', null]);
    await row('flat').locator('.uplift-cell .number.soft').waitFor();
    const { verdict } = await ok('GET', '/campaigns/ten/standing');
    const share = await row('ten')
        .getByRole('progressbar')
        .evaluate((bar) => bar.value / bar.max);
    assert.ok(Math.abs(share - verdict.units / verdict.needed_units) < 1e-6, `${share}`);
    await row('ten')
        .getByText(new RegExp(`${verdict.days_left.toLocaleString('en-GB')} days left`))
        .waitFor();
});

test('what needs attention stands above the list, the most urgent first', async () => {
    const strip = page.getByRole('region', { name: 'Needs attention' });
    const rows = await strip.locator('li').allInnerTexts();
    assert.deepEqual(
        rows.map((text) => text.replace(/\s+/g, ' ').split(' The ')).map(([word, rest]) => [word, rest.split(' ')[0]]),
        [
            ['Broken split', 'broken'],
            ['No visitors', 'empty'],
            ['Schedule ended', 'single'],
        ],
    );
    assert.deepEqual(await nonsense(), []);
    await assertFits(page, 'campaigns');
    await page.setViewportSize({ width: 1440, height: 900 });
    await screenshot(page, 'campaigns');
    await strip.getByRole('link', { name: 'The broken' }).click();
    await page.locator('.hero-broken').waitFor();
    assertQuiet(page);
});
