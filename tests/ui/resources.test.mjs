// SPDX-License-Identifier: GPL-3.0-or-later
// Everything around campaigns: made, changed and put away in the browser; wrong input stays where it is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, settled, signIn, startBrowser } from './browser.mjs';

let server;
let browser;
let page;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const dialog = () => page.getByRole('dialog');
const field = (label) => dialog().getByLabel(label, { exact: true });
const press = (name) => dialog().getByRole('button', { name, exact: true }).click();

test('a flag is made, changed and archived', async () => {
    await open(page, server, '/app/flags');
    await page.getByRole('button', { name: 'New flag' }).first().click();
    await field('Key').fill('banner');
    await field('Default').fill('"Hello"');
    await press('Create');
    await page
        .getByRole('row', { name: /banner/ })
        .getByText('"Hello"')
        .waitFor();
    await page.getByRole('button', { name: 'Edit banner' }).click();
    assert.equal(await field('Key').isDisabled(), true);
    await field('Description').fill('On top of each page');
    await press('Save');
    await page.getByText('On top of each page').waitFor();
    assert.equal((await server.api('GET', '/flags/banner')).body.description, 'On top of each page');
    await page.getByRole('button', { name: 'Archive banner' }).click();
    await press('Archive');
    await page.getByText('There is nothing here yet.').waitFor();
});

test('a dimension is made; those that came with the environment stay as they are', async () => {
    await open(page, server, '/app/dimensions');
    await page
        .getByRole('row', { name: /Device/ })
        .getByText('Built in')
        .waitFor();
    assert.equal(await page.getByRole('button', { name: 'Edit device' }).count(), 0);
    await page.getByRole('button', { name: 'New dimension' }).first().click();
    await field('Key').fill('plan');
    await field('Name').fill('Plan');
    await field('Where it is read').fill('customer..plan');
    await field('Values').fill('free\npro');
    await press('Create');
    await dialog().locator('.field', { hasText: 'Where it is read' }).first().getByRole('alert').waitFor();
    await field('Where it is read').fill('customer.plan');
    await press('Create');
    await page.getByRole('row', { name: /Plan/ }).getByText('free, pro').waitFor();
    const { source, values, rest } = (await server.api('GET', '/dimensions/plan')).body;
    assert.deepEqual({ source, values, rest }, { source: 'customer.plan', values: ['free', 'pro'], rest: 'other' });
    await assertFits(page, 'dimensions');
});

test('what is wrong is said at its field, and nothing typed is lost', async () => {
    await open(page, server, '/app/metrics');
    await page.getByRole('button', { name: 'New metric' }).first().click();
    await field('Key').fill('not a key!');
    await field('Name').fill('Returns');
    await field('Event').fill('return');
    await field('Window in hours').fill('a week');
    await press('Create');
    await dialog().getByText('Please enter a number.').waitFor();
    assert.equal(await field('Window in hours').getAttribute('aria-invalid'), 'true');
    await field('Window in hours').fill('');
    await press('Create');
    await dialog().locator('.field', { hasText: 'Key' }).first().getByRole('alert').waitFor();
    assert.equal(await field('Key').inputValue(), 'not a key!');
    assert.equal(await field('Name').inputValue(), 'Returns');
    await field('Key').fill('returns');
    await press('Create');
    await page.getByRole('row', { name: /Returns/ }).waitFor();
});

test('somebody else was first: the edit is refused and stays', async () => {
    await page.getByRole('button', { name: 'Edit returns' }).click();
    await server.api('PATCH', '/metrics/returns', { description: 'from elsewhere' });
    await field('Name').fill('All returns');
    await press('Save');
    await dialog().getByText('Somebody else changed this in the meantime.').waitFor();
    assert.equal(await field('Name').inputValue(), 'All returns');
    await press('Cancel');
});

test('a secret key is shown once', async () => {
    await open(page, server, '/app/keys');
    await page.getByRole('button', { name: 'New key' }).first().click();
    await field('Name').fill('Analyst');
    await field('Kind').selectOption('secret');
    await field('Role').selectOption('viewer');
    await press('Create');
    const token = await dialog().locator('pre').innerText();
    assert.equal((await server.desk.request('GET', '/api/v1/flags', undefined, { key: token })).status, 200);
    await press('Close');
    await page.getByRole('row', { name: /Analyst/ }).waitFor();
    assert.ok(!(await page.content()).includes(token));
    const sends = async () => (await server.events([], { key: token })).status;
    await until(async () => (await sends()) === 403, 10_000, 'the edge to know the key');
    for (const [scope, status] of [
        ['events', 202],
        ['', 403],
        ['backfill', 202],
    ]) {
        await page
            .getByRole('row', { name: /Analyst/ })
            .getByRole('button')
            .first()
            .click();
        await field('Events').selectOption(scope);
        await press('Save');
        await until(async () => (await sends()) === status, 10_000, `${status} with ${scope}`);
    }
});

test('the panic switch is on and off again', async () => {
    await open(page, server, '/app/environments');
    await page.getByRole('button', { name: 'Give everybody the control' }).click();
    await press('Give everybody the control');
    await page.getByRole('alert').getByText('the panic switch').waitFor();
    await page.getByRole('button', { name: 'Back to normal' }).click();
    await press('Back to normal');
    await page.getByText('the panic switch').waitFor({ state: 'detached' });
});

test('clicks and forms to count are set by selector', async () => {
    await page.getByRole('button', { name: 'Edit production' }).click();
    await field('Events counted by selector').fill('click wishlist .product .heart\nsubmit');
    await press('Save');
    await dialog().getByText('This line needs three parts: submit').waitFor();
    await field('Events counted by selector').fill('click wishlist .product .heart\nsubmit purchase form');
    await press('Save');
    await dialog().getByText('purchase cannot be counted by selector').waitFor();
    await field('Events counted by selector').fill('click wishlist .product .heart\nsubmit newsletter form#news');
    await press('Save');
    await dialog().waitFor({ state: 'detached' });
    const { tracking } = (await server.api('GET', '/environments/production')).body;
    assert.deepEqual(
        tracking.map(({ on, name, selector }) => [on, name, selector]),
        [
            ['click', 'wishlist', '.product .heart'],
            ['submit', 'newsletter', 'form#news'],
        ],
    );
});

test('ids that are nobody’s stand in a list, and one is added', async () => {
    await page.getByRole('button', { name: 'Edit production' }).click();
    const list = await field('Ids of nobody').inputValue();
    assert.ok(list.split('\n').includes('undefined'), list);
    await field('Ids of nobody').fill(`${list}\nkiosk`);
    await press('Save');
    await dialog().waitFor({ state: 'detached' });
    assert.equal((await server.api('GET', '/environments/production')).body.junk_ids.at(-1), 'kiosk');
    const event = { event_id: uuidv7(), visitor_id: 'Kiosk', name: 'page_view' };
    const isRefused = async () => (await server.events({ ...event, event_id: uuidv7() })).body.rejected.length === 1;
    await until(isRefused, 10_000, 'the edge to know it');
    const isKept = async () => (await server.api('GET', '/rejected-events')).body.items.length > 0;
    await until(isKept, 10_000, 'the event to be kept');
    await open(page, server, '/app/rejected-events');
    await page
        .getByRole('row', { name: /"Kiosk" is nobody's id/ })
        .first()
        .waitFor();
});

test('how many events a visitor may have is set', async () => {
    await open(page, server, '/app/environments');
    await page.getByRole('button', { name: 'Edit production' }).click();
    assert.equal(await field('Events of a visitor a day').inputValue(), '2000');
    await field('Events of a visitor a day').fill('0');
    await press('Save');
    await dialog().getByText('must be between 1 and 1000000').waitFor();
    await field('Events of a visitor a day').fill('3000');
    await field('Events of a visitor in all').fill('40000');
    await press('Save');
    await dialog().waitFor({ state: 'detached' });
    const { unit_events_per_day: day, unit_events: all } = (await server.api('GET', '/environments/production')).body;
    assert.deepEqual([day, all], [3000, 40000]);
});

test('the audit log tells what changed', async () => {
    await open(page, server, '/app/audit');
    await page.getByText('flag.', { exact: false }).first().waitFor();
    await page.locator('summary').first().click();
    assert.ok((await page.locator('pre').first().innerText()).includes('→'));
});

for (const path of ['metrics', 'flags', 'layers', 'environments', 'keys', 'audit', 'rejected-events', 'jobs']) {
    test(`${path}: fits everywhere`, async () => {
        await open(page, server, `/app/${path}`);
        await settled(page);
        await assertFits(page, path);
    });
}

test('nothing was complained about', () => assertQuiet(page));
