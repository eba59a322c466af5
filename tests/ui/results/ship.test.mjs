// SPDX-License-Identifier: GPL-3.0-or-later
// A marketer sees a verdict with what it is worth, compares it as she likes, and ships the winner in two clicks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, newPage, open, screenshot, settled, signIn, startBrowser } from '../browser.mjs';

const PAGE = '/app/campaigns/delivery/results';
const UNITS = 1200;
const BUYERS = { a: 240, b: 340 };
const BATCH = 500;
const DAYS = 10;

let server;
let browser;
let page;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

function eventsOf(campaign, variant) {
    const event = (visitor_id, name, properties) => ({ visitor_id, name, event_id: uuidv7(), properties });
    return Array.from({ length: UNITS }, (_, i) => `${campaign}-${variant}-${i}`).flatMap((visitor, i) => [
        event(visitor, 'exposure', { campaign, phase: 1, variant }),
        ...(i < BUYERS[variant]
            ? [event(visitor, 'purchase', { value: 40 + (i % 21), currency: 'EUR', transaction_id: visitor })]
            : []),
    ]);
}

async function send(events) {
    for (let i = 0; i < events.length; i += BATCH) {
        const sent = await server.events({ events: events.slice(i, i + BATCH) }, { key: server.secretKey });
        assert.deepEqual(sent.body.rejected, []);
    }
}

const results = (campaign = 'delivery') => ok('GET', `/campaigns/${campaign}/results`);

async function start(key, name) {
    await ok('POST', '/campaigns', {
        key,
        name,
        kind: 'experiment',
        statistics: { planned_units: 2000 },
        coverage: 0.5,
        variants: [
            { key: 'a', name: 'As it is', weight: 0.5, is_control: true },
            { key: 'b', name: 'Tomorrow', weight: 0.5 },
        ],
        metrics: [{ key: 'conversion_rate', role: 'primary' }, { key: 'revenue_per_visitor' }],
    });
    await ok('POST', `/campaigns/${key}/start`);
    server.psql(`update phase set started_at = now() - interval '${DAYS} days'`);
    await send([...eventsOf(key, 'a'), ...eventsOf(key, 'b')]);
    await until(
        async () => {
            const { verdict, health } = await results(key);
            return verdict.units === 2 * UNITS && health.fold.lag_events === 0 && verdict.answer === 'ship';
        },
        60_000,
        `a verdict to ship ${key}`,
    );
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await start('delivery', 'Delivery promise');
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const euro = (locale, value, sign) =>
    new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: 'EUR',
        maximumSignificantDigits: 3,
        signDisplay: sign ? 'exceptZero' : 'auto',
    }).format(value);

const hero = (on) => on.locator('.hero');

async function saved(name) {
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8');
}

test('the verdict tells the reason, one figure, and the money the server worked out, with its interval', async () => {
    await open(page, server, PAGE);
    const { money, metrics } = await results();
    const text = await hero(page).innerText();
    assert.match(text, /Ship it[\s\S]*“Tomorrow” is better on “Conversion rate”/);
    const uplift = (metrics[0].variants[1].effect.frequentist.uplift * 100).toFixed(1);
    assert.equal(await hero(page).locator('.hero-figure').innerText(), `+${uplift}%`);
    const sentences = await hero(page).locator('.hero-money p').allInnerTexts();
    const range = (interval) => `95%: ${euro('en-GB', interval[0], true)} to ${euro('en-GB', interval[1], true)}`;
    assert.equal(
        sentences[0],
        `About ${euro('en-GB', money.per_thousand)} more per 1,000 visitors (${range(money.per_thousand_interval)}).`,
    );
    /* the month goes on while the page is open: its figure is the server's of another moment */
    assert.match(sentences[1], /^About €[\d,]+ more a month at this traffic, 7,\d\d\d visitors \(95%: \+€[\d,]+ to /);
    assert.equal(sentences.length, 2);
    assert.doesNotMatch(text, /\bb\b/);
    await assertFits(page, 'hero');
    await page.setViewportSize({ width: 1440, height: 900 });
    await screenshot(page, 'verdict');
});

test('in German, with its way of writing money', async () => {
    const german = await signIn(browser, server, { locale: 'de-DE' });
    await open(german, server, PAGE);
    const { money } = await results();
    const [thousand, month] = await hero(german).locator('.hero-money p').allInnerTexts();
    assert.ok(thousand.startsWith(`Etwa ${euro('de-DE', money.per_thousand)} mehr je 1.000 Besucher (95`), thousand);
    assert.match(month, /^Etwa [\d.]+\s€ mehr im Monat bei diesem Zulauf, 7\.\d\d\d Besucher/);
    await german.setViewportSize({ width: 390, height: 844 });
    await screenshot(german, 'verdict-german');
    assertQuiet(german);
    await german.context().close();
});

test('the same difference relative, absolute, and in a month', async () => {
    const row = page.getByRole('region', { name: 'Revenue per visitor' }).first().locator('tbody tr').nth(1);
    const { metrics, traffic } = await results();
    const { frequentist } = metrics[1].variants[1].effect;
    assert.match(await row.innerText(), new RegExp(`\\+${(frequentist.uplift * 100).toFixed(1)}%`));
    await page.getByRole('button', { name: 'Absolute' }).click();
    await row.getByText(euro('en-GB', frequentist.difference, true), { exact: true }).waitFor();
    const share = page.getByRole('region', { name: 'Conversion rate' }).first().locator('tbody tr').nth(1);
    assert.match(await share.innerText(), /\+8\.33 pp/);
    await page.getByRole('button', { name: 'A month' }).click();
    await page.getByText('2,400 visitors met it in 10 days').waitFor();
    const month = Number((await row.innerText()).match(/\+€([\d,]+)/)[1].replaceAll(',', ''));
    const wanted = frequentist.difference * traffic.month_units;
    assert.ok(Math.abs(month / wanted - 1) < 0.02, `${month} is not ${wanted}`);
    await page.getByRole('button', { name: 'Relative' }).click();
});

test('another arm is compared with; the verdict stays that of the control', async () => {
    const said = await hero(page).innerText();
    await page.getByLabel('Compared with').selectOption({ label: 'Tomorrow' });
    await page.getByText('The figures below compare with “Tomorrow”').waitFor();
    const { metrics } = await ok('GET', '/campaigns/delivery/results?baseline=b');
    const uplift = (metrics[0].variants[0].effect.frequentist.uplift * 100).toFixed(1);
    const rows = page.getByRole('region', { name: 'Conversion rate' }).first().locator('tbody tr');
    await rows.nth(0).getByText(`${uplift}%`).first().waitFor();
    assert.match(await rows.nth(1).innerText(), /compared with/);
    assert.equal(await hero(page).innerText(), said);
    const [head, first] = (await saved('CSV')).split('\r\n').map((line) => line.split(','));
    const cells = Object.fromEntries(head.map((name, i) => [name, first[i]]));
    assert.deepEqual([cells.variant, cells.baseline], ['a', 'b']);
    assert.equal((Number(cells.uplift) * 100).toFixed(1), uplift);
    assert.equal(JSON.parse(await saved('JSON')).control, 'b');
    await page.getByLabel('Compared with').selectOption({ label: 'As it is' });
});

test('a link shows the same to who cannot sign in, and lets nothing be changed; revoked, it shows none', async () => {
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Who it is for').fill('the board');
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    const url = await dialog.locator('pre').innerText();
    assert.match(url, /\/shared\/mss_[\w-]{43}$/);
    const guest = await newPage(browser);
    await guest.goto(url);
    await settled(guest);
    const said = (on) => hero(on).locator('.lead, .hero-figure').allInnerTexts();
    assert.deepEqual(await said(guest), await said(page));
    assert.match(await guest.locator('.hero-money').innerText(), /more per 1,000 visitors/);
    const rows = guest.getByRole('region', { name: 'Conversion rate' }).first().locator('tbody tr');
    assert.match(await rows.nth(1).innerText(), /^Tomorrow/);
    const buttons = await guest.getByRole('button').allInnerTexts();
    for (const word of ['Ship it', 'Pause', 'Share', 'Edit', 'Stop']) assert.ok(!buttons.includes(word), word);
    assert.equal(await guest.getByRole('navigation').count(), 0);
    await guest.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
    await assertFits(guest, 'shared');
    await screenshot(guest, 'shared');
    await dialog.getByRole('listitem').filter({ hasText: 'the board' }).getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByText('None.').waitFor();
    await guest.reload();
    await guest.getByText('This link shows nothing').waitFor();
    assertQuiet(guest);
    await guest.context().close();
    await dialog.getByRole('button', { name: 'Close' }).click();
});

test('the list tells its uplift as surely as the verdict does', async () => {
    await open(page, server, '/app/campaigns');
    const row = page.getByRole('row').filter({ hasText: 'Delivery promise' });
    await row.locator('.uplift-cell .number.strong').waitFor();
    await open(page, server, PAGE);
});

test('two clicks: what will happen is said, and then it has happened', async () => {
    await page.getByRole('button', { name: 'Ship it' }).click();
    const dialog = page.getByRole('dialog');
    const promise = await dialog.innerText();
    for (const part of ['“Delivery promise” stops', 'everybody of the audience gets “Tomorrow”', '50% of the audience'])
        assert.ok(promise.includes(part), promise);
    await assertFits(page, 'ship dialog');
    await page.setViewportSize({ width: 1440, height: 900 });
    await screenshot(page, 'ship');
    await dialog.getByRole('button', { name: 'Ship “Tomorrow”' }).click();
    await page.getByRole('region', { name: 'What was decided' }).getByText('Won').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Ship it' }).count(), 0);
    const [campaign, rollout] = [
        await ok('GET', '/campaigns/delivery'),
        await ok('GET', '/campaigns/delivery-rollout'),
    ];
    assert.deepEqual(
        [campaign.status, campaign.decision.outcome, campaign.rollout],
        ['stopped', 'won', 'delivery-rollout'],
    );
    assert.deepEqual([rollout.kind, rollout.status, rollout.coverage], ['rollout', 'running', 1]);
    assert.deepEqual(
        rollout.variants.map(({ key, weight }) => [key, weight]),
        [['b', 1]],
    );
});

test('what was learnt is written down, and read by the next one', async () => {
    const card = page.getByRole('region', { name: 'What was decided' });
    await card.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('What was learnt').fill('A date beats a promise.');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await card.getByText('A date beats a promise.').waitFor();
    assert.equal((await ok('GET', '/campaigns/delivery')).decision.learnings, 'A date beats a promise.');
    await card.getByRole('link', { name: 'delivery-rollout' }).click();
    await page.getByRole('region', { name: 'What was decided' }).getByRole('link', { name: 'delivery' }).waitFor();
    assertQuiet(page);
});

test('shipped after its stop: what was learnt then is there, and stays', async () => {
    await start('late', 'Late winner');
    await ok('POST', '/campaigns/late/stop', { decision: { outcome: 'inconclusive', learnings: 'Try a date.' } });
    await open(page, server, '/app/campaigns/late/results');
    await page.getByRole('button', { name: 'Ship it' }).click();
    const dialog = page.getByRole('dialog');
    assert.equal(await dialog.getByLabel('What was learnt').inputValue(), 'Try a date.');
    await dialog.getByRole('button', { name: 'Ship “Tomorrow”' }).click();
    const card = page.getByRole('region', { name: 'What was decided' });
    await card.getByText('Won').waitFor();
    await card.getByText('Try a date.').waitFor();
    assertQuiet(page);
});
