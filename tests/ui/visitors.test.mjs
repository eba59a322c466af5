// SPDX-License-Identifier: GPL-3.0-or-later
// A visitor looked up in the UI: what it gets and why, what it met, what it did.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, screenshot, settled, signIn, startBrowser } from './browser.mjs';

const VISITOR = 'shop/visitor 1';
const variants = [
    { key: 'plain', weight: 0.5, is_control: true },
    { key: 'bold', weight: 0.5 },
];

let server;
let browser;
let page;

async function make(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
}

async function send() {
    const start = Date.now() - 3_600_000;
    const at = (i) => ({
        event_id: uuidv7(start + i * 1000),
        visitor_id: VISITOR,
        ts: new Date(start + i * 1000).toISOString(),
    });
    const events = Array.from({ length: 30 }, (_, i) => ({ ...at(i), name: 'page_view', properties: { page: i } }));
    events.push({
        ...at(40),
        name: 'exposure',
        properties: { campaign: 'button', phase: 1, variant: 'bold', country: 'AT' },
    });
    events.push({ ...at(50), name: 'purchase', properties: { value: 49.9, currency: 'EUR', transaction_id: 't1' } });
    const reply = await server.events({ sent_at: new Date().toISOString(), events }, { key: server.secretKey });
    assert.equal(reply.body.accepted, events.length, reply.text);
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    const shared = { kind: 'experiment', variants, metrics: [{ key: 'conversion_rate' }] };
    for (const campaign of [
        { ...shared, key: 'button', name: 'Bold button' },
        { ...shared, key: 'germans', name: 'Only for Germany', audience: { country: 'DE' } },
    ]) {
        await make('POST', '/campaigns', campaign);
        await make('POST', `/campaigns/${campaign.key}/start`);
    }
    await send();
    await until(
        async () => (await server.api('GET', `/visitors/${encodeURIComponent(VISITOR)}`)).body.exposures.length > 0,
        20_000,
        'the exposure to be folded',
    );
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

test('a visitor is looked up from the navigation', async () => {
    await settled(page);
    await page.getByRole('link', { name: 'Visitors' }).click();
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByText('Please fill this in.').waitFor();
    await assertFits(page, 'look up');
    await page.getByLabel('Visitor id').fill(VISITOR);
    await page.getByLabel('Visitor id').press('Enter');
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    assert.ok(page.url().endsWith(`/app/visitors/${encodeURIComponent(VISITOR)}`));
    const met = page.getByRole('region', { name: 'Campaigns met' }).first();
    assert.match(await met.innerText(), /Bold button[\s\S]*bold/);
    assertQuiet(page);
});

test('each campaign says what the visitor gets, and why not', async () => {
    const section = page.getByRole('region', { name: 'What this visitor gets now' });
    const row = (name) => section.getByRole('listitem').filter({ hasText: name });
    assert.equal(await page.getByLabel('What the site tells').inputValue(), '{"country":"AT"}');
    await row('Only for Germany').getByText('Not in the audience').click();
    await row('Only for Germany').getByText('The audience matches').waitFor();
    const decided = async (attributes) => {
        const reply = await server.decide({ visitor_id: VISITOR, attributes });
        return Object.fromEntries(reply.body.decisions.map((d) => [d.campaign, d.variant]));
    };
    await row('Bold button')
        .getByText((await decided({})).button, { exact: true })
        .waitFor();
    await page.getByLabel('What the site tells').fill('{"country": "DE"');
    await page.getByRole('button', { name: 'Decide again' }).click();
    await page.getByText('This is not a JSON object.').waitFor();
    await page.getByLabel('What the site tells').fill('{"country": "DE"}');
    await page.getByRole('button', { name: 'Decide again' }).click();
    await row('Only for Germany')
        .getByText((await decided({ country: 'DE' })).germans, { exact: true })
        .waitFor();
    await row('Only for Germany')
        .getByText(/place [\d,]+ of 10,000; 100% of visitors/)
        .waitFor();
    assertQuiet(page);
});

test('a visitor is taken out of results with a reason, and in again', async () => {
    const section = page.getByRole('region', { name: 'In results' });
    const isOut = async () =>
        (await server.api('GET', `/visitors/${encodeURIComponent(VISITOR)}`)).body.exposures.length === 0;
    await section.getByText('counted', { exact: true }).waitFor();
    await section.getByRole('button', { name: 'Take out of results' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Take out of results' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Reason').fill('our own load test');
    await assertFits(page, 'taking out');
    await dialog.getByRole('button', { name: 'Take out of results' }).click();
    await section.getByText('taken out', { exact: true }).waitFor();
    assert.match(await section.innerText(), /Taken out by .*: our own load test/);
    await until(isOut, 20_000, 'results to follow');
    await page.reload();
    await page.getByText('No campaign counts this visitor.').waitFor();
    await page.getByText('left out of results: its visitor was taken out').first().waitFor();
    await screenshot(page, 'visitor-out');
    await section.getByRole('button', { name: 'Take in again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take in again' }).click();
    await section.getByText('counted', { exact: true }).waitFor();
    await until(async () => !(await isOut()), 20_000, 'results to follow again');
    await page.reload();
    await page.getByRole('region', { name: 'Campaigns met' }).getByText('Bold button').first().waitFor();
});

test('the timeline shows the last events first, and more when asked', async () => {
    const section = page.getByRole('region', { name: 'What happened' });
    const rows = section.locator('.event');
    await rows.nth(24).waitFor();
    assert.equal(await rows.count(), 25);
    assert.match(await rows.nth(0).innerText(), /^purchase/);
    assert.match(await rows.nth(1).innerText(), /^exposure/);
    await rows.nth(0).getByText('purchase').click();
    await rows.nth(0).getByText('"currency": "EUR"').waitFor();
    await assertFits(page, 'visitor');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.evaluate(() => window.scrollTo(0, 0));
    await screenshot(page, 'visitor');
    await section.getByRole('button', { name: 'Show more' }).click();
    await rows.nth(31).waitFor();
    assert.equal(await rows.count(), 32);
    assert.equal(await section.getByRole('button', { name: 'Show more' }).count(), 0);
    assertQuiet(page);
});

test('a visitor nobody has seen gets what a newcomer would', async () => {
    await open(page, server, '/app/visitors/nobody');
    await page.getByText('No event of this visitor').waitFor();
    await page.getByRole('region', { name: 'What this visitor gets now' }).getByText('Drawn by chance').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'What happened' }).count(), 0);
});
