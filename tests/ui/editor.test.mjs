// SPDX-License-Identifier: GPL-3.0-or-later
// The campaign editor: from a question to a running experiment, wrong input, reloads, two people at
// once, and changes of what runs already.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, screenshot, settled, signIn, startBrowser } from './browser.mjs';

const STEPS = ['question', 'who', 'what', 'many', 'check'];

let server;
let browser;
before(async () => ([server, browser] = await Promise.all([startServer(), startBrowser()])));
after(async () => {
    await browser?.close();
    await server?.stop();
});

const campaign = async (key) => (await server.api('GET', `/campaigns/${key}`)).body;
const saved = (page) => page.getByText('All changes are saved').waitFor();
const next = (page, step) => page.getByRole('button', { name: `Next: ${step}` }).click();
const step = (page, key, name) => open(page, server, `/app/campaigns/${key}/setup?step=${name}`);

async function made(key, more = {}) {
    const reply = await server.api('POST', '/campaigns', {
        key,
        name: key,
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
        variants: [
            { key: 'control', weight: 0.5, is_control: true },
            { key: 'b', name: 'B', weight: 0.5 },
        ],
        ...more,
    });
    assert.equal(reply.status, 201, reply.text);
}

/* The message that stands at a field. */
async function messageAt(field) {
    const ids = async () => (await field.getAttribute('aria-describedby')) ?? '';
    await until(async () => /-error/.test(await ids()), 10_000, 'a message at the field');
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    const id = (await ids()).split(' ').find((one) => one.endsWith('-error'));
    return field.page().locator(`[id="${id}"]`).innerText();
}

test('visitors of the last days are there to be counted on', async () => {
    const events = Array.from({ length: 100 }, (_, i) => ({
        visitor_id: `v${i}`,
        name: i % 10 ? 'page_view' : 'purchase',
        event_id: uuidv7(),
        properties: {
            country: i < 40 ? 'DE' : 'FR',
            device: i % 2 ? 'mobile' : 'desktop',
            ...(i % 10 ? {} : { value: 5, currency: 'EUR', transaction_id: `t${i}` }),
        },
    }));
    assert.equal((await server.events({ events }, { key: server.secretKey })).status, 202);
});

test('a marketer builds an experiment from zero and starts it', async () => {
    const page = await signIn(browser, server);
    await open(page, server, '/app/campaigns');
    await page.getByRole('link', { name: 'Plan the first campaign' }).click();
    await page.getByLabel('What do you want to learn?').fill('Größere Knöpfe');
    assert.equal(await page.getByLabel('Key').inputValue(), 'groessere_knoepfe');
    await assertFits(page, 'new campaign');
    await page.getByRole('button', { name: 'Go on' }).click();

    await page.getByLabel('Hypothesis').fill('Bigger buttons are found sooner.');
    await page.getByLabel('Labels').fill('spring, shop,');
    assert.equal(await page.getByLabel('Metric', { exact: true }).inputValue(), 'conversion_rate', 'chosen already');
    assert.equal(await page.getByLabel('Role').inputValue(), 'primary');
    await page.getByLabel('Minimum effect').fill('10');
    await next(page, 'Who');

    await page.getByText('100 of 100 visitors of the last 30 days').waitFor();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Attribute', { exact: true }).fill('country');
    await page.getByLabel('Value', { exact: true }).fill('DE');
    await page.getByText('40 of 100 visitors').waitFor();
    await page.getByRole('button', { name: 'Add a group' }).click();
    const group = page.getByRole('group', { name: 'Any of these' });
    await group.getByLabel('Attribute', { exact: true }).fill('device');
    await group.getByLabel('Value', { exact: true }).fill('mobile');
    await page.getByText('20 of 100 visitors').waitFor();
    await group.getByRole('button', { name: 'Add a rule' }).click();
    await group.getByLabel('Attribute', { exact: true }).nth(1).fill('plan');
    await group.getByLabel('Value', { exact: true }).nth(1).fill('gold');
    await page.getByText('No event told: plan').waitFor();
    await page.getByRole('button', { name: 'Add a page' }).click();
    await page.getByLabel('Address or path').fill('/cart');
    await next(page, 'What');

    await page.getByRole('button', { name: 'New flag' }).first().click();
    await page.getByRole('dialog').getByLabel('Key').fill('cta_size');
    await page.getByRole('dialog').getByLabel('Type').selectOption('number');
    await page.getByRole('dialog').getByLabel('Value without a campaign').fill('14');
    await page.getByRole('button', { name: 'Create' }).click();
    const b = page.getByRole('region', { name: 'Variant Variant B' });
    await b.getByLabel('Set a flag').selectOption('cta_size');
    await b.getByLabel('cta_size', { exact: true }).fill('18.5');
    await b.getByRole('button', { name: 'Add a change' }).click();
    await b.getByLabel('Element (CSS selector)').fill('#buy');
    await b.getByLabel('Text', { exact: true }).fill('Buy it');
    await b.getByText('Text of #buy becomes “Buy it”').waitFor();
    await page.getByLabel('Share of Control', { exact: true }).fill('30');
    await until(
        async () => (await page.getByLabel('Share of Variant B', { exact: true }).inputValue()) === '70',
        10_000,
        'the rest to go to the other',
    );
    await next(page, 'How many');

    await page.getByText(/^About [\d,]+ visitors, so \d+ week/).waitFor();
    await page.getByLabel('Share of the audience', { exact: true }).fill('80');
    await next(page, 'Check');
    await page.getByRole('heading', { name: 'Ready to start' }).waitFor();
    await saved(page);
    await page.getByLabel('Page of your site').fill('https://shop.example/cart?x=1');
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    const preview = await page.getByRole('link', { name: 'Open “Variant B”' }).getAttribute('href');
    assert.match(preview, /^https:\/\/shop\.example\/cart\?x=1&mete_preview=mpv_[\w.-]+$/);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await assertFits(page, 'start dialog');
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.getByText('It has started').waitFor();
    const found = await campaign('groessere_knoepfe');
    assert.equal(found.status, 'running');
    assert.deepEqual(found.labels, ['spring', 'shop']);
    assert.deepEqual(found.audience, { country: 'DE', $or: [{ device: 'mobile' }, { plan: 'gold' }] });
    assert.deepEqual(
        found.variants.map(({ weight }) => weight),
        [0.3, 0.7],
    );
    assert.deepEqual(found.variants[1].flags, { cta_size: 18.5 });
    assert.equal(found.variants[1].changes[0].selector, '#buy');
    assert.equal(found.triggers.pages[0].value, '/cart');
    assert.equal(found.statistics.minimum_uplift, 0.1);
    assert.equal(found.coverage, 0.8);
    assertQuiet(page);
});

test('what is typed into a draft is there again after a reload', async () => {
    await made('kept');
    const page = await signIn(browser, server);
    await step(page, 'kept', 'question');
    await page.getByLabel('Hypothesis').fill('It will be kept.');
    await page.reload();
    await settled(page);
    assert.equal(await page.getByLabel('Hypothesis').inputValue(), 'It will be kept.');
    await saved(page);
    await until(
        async () => (await campaign('kept')).hypothesis === 'It will be kept.',
        10_000,
        'the draft to be saved',
    );
    await page.route('**/api/v1/campaigns/kept*', (route) =>
        route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    );
    await page.getByLabel('Hypothesis').fill('Even without a server.');
    await page.getByText('What you typed is kept in this browser').waitFor();
    await page.unroute('**/api/v1/campaigns/kept*');
    await page.reload();
    await settled(page);
    assert.equal(await page.getByLabel('Hypothesis').inputValue(), 'Even without a server.');
    await until(
        async () => (await campaign('kept')).hypothesis === 'Even without a server.',
        10_000,
        'the draft to be saved',
    );
});

test('wrong input stays as it was typed, with its message at the field', async () => {
    const page = await signIn(browser, server);
    await open(page, server, '/app/campaigns/new');
    await page.getByRole('button', { name: 'Go on' }).click();
    assert.match(await messageAt(page.getByLabel('What do you want to learn?')), /fill this in/);
    await page.getByLabel('What do you want to learn?').fill('Wrong');
    await page.getByLabel('Key').fill('Not a key!');
    await page.getByRole('button', { name: 'Go on' }).click();
    assert.notEqual(await messageAt(page.getByLabel('Key')), '');
    assert.equal(await page.getByLabel('Key').inputValue(), 'Not a key!');
    assert.equal(await page.getByLabel('What do you want to learn?').inputValue(), 'Wrong');

    await made('wrong');
    await step(page, 'wrong', 'question');
    await page.getByLabel('Minimum effect').fill('a lot');
    assert.match(await messageAt(page.getByLabel('Minimum effect')), /number/);
    await page.getByLabel('Minimum effect').fill('-5');
    assert.notEqual(await messageAt(page.getByLabel('Minimum effect')), '');
    await page.getByLabel('Hypothesis').fill('Saved all the same.');
    await until(
        async () => (await campaign('wrong')).hypothesis === 'Saved all the same.',
        10_000,
        'the rest to be saved',
    );
    assert.equal(await page.getByLabel('Minimum effect').inputValue(), '-5');
    await page.getByLabel('Minimum effect').fill('5');
    await saved(page);

    await step(page, 'wrong', 'what');
    const b = page.getByRole('region', { name: 'Variant B' });
    await b.getByRole('button', { name: 'Add a change' }).click();
    await b.getByLabel('What to do').selectOption('redirect');
    await b.getByLabel('Address').fill('javascript:alert(1)');
    assert.match(await messageAt(b.getByLabel('Address')), /https/);
    await page.reload();
    await settled(page);
    assert.equal(await b.getByLabel('Address').inputValue(), 'javascript:alert(1)');
    assert.match(await messageAt(b.getByLabel('Address')), /https/);
    await assertFits(page, 'a wrong change');
    await b.getByLabel('Address').fill('/other');
    await saved(page);
    assert.equal((await campaign('wrong')).variants[1].changes[0].url, '/other');

    await b.getByRole('button', { name: 'New flag' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Key').fill('No Key');
    await dialog.getByRole('button', { name: 'Create' }).click();
    assert.notEqual(await messageAt(dialog.getByLabel('Key')), '');
    assert.equal(await dialog.getByLabel('Key').inputValue(), 'No Key');
    await page.keyboard.press('Escape');

    await step(page, 'wrong', 'who');
    await page.getByRole('button', { name: 'Advanced: as JSON' }).click();
    await page.getByLabel('Condition as JSON').fill('{"country": ');
    assert.match(await messageAt(page.getByLabel('Condition as JSON')), /JSON/);
    await page.getByLabel('Condition as JSON').fill('{"country": {"$like": "D"}}');
    assert.match(await messageAt(page.getByLabel('Condition as JSON')), /no such operator/);
    assert.equal(await page.getByLabel('Condition as JSON').inputValue(), '{"country": {"$like": "D"}}');
    await step(page, 'wrong', 'check');
    await page.getByRole('heading', { name: 'Not ready yet' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled(), true);
});

test('two people at once: nothing is lost, and the other one’s work is shown', async () => {
    await made('both');
    const [one, other] = [await signIn(browser, server), await signIn(browser, server)];
    await step(one, 'both', 'question');
    await step(other, 'both', 'question');
    await one.getByLabel('Name', { exact: true }).fill('Name of one');
    await saved(one);
    await until(async () => (await campaign('both')).name === 'Name of one', 10_000, 'the first to be saved');
    await other.getByLabel('Hypothesis').fill('Of the other');
    await other.getByText('Somebody else changed this meanwhile, and it was taken over: Name').waitFor();
    assert.equal(await other.getByLabel('Name', { exact: true }).inputValue(), 'Name of one');
    assert.equal(await other.getByLabel('Hypothesis').inputValue(), 'Of the other');
    await until(async () => (await campaign('both')).hypothesis === 'Of the other', 10_000, 'the merge to be saved');

    await one.getByLabel('Hypothesis').fill('Of one');
    const dialog = one.getByRole('dialog', { name: 'Somebody else changed this in the meantime.' });
    await dialog.waitFor();
    await dialog.getByText('Of the other').waitFor();
    await dialog.getByText('Of one').waitFor();
    await assertFits(one, 'conflict');
    await dialog.getByRole('button', { name: 'Keep mine' }).click();
    await until(async () => (await campaign('both')).hypothesis === 'Of one', 10_000, 'mine to be kept');

    await other.getByLabel('Hypothesis').fill('Other again');
    await other.getByRole('button', { name: 'Take theirs' }).click();
    await until(
        async () => (await other.getByLabel('Hypothesis').inputValue()) === 'Of one',
        10_000,
        'theirs to be shown',
    );
    assert.equal((await campaign('both')).hypothesis, 'Of one');
});

test('a running campaign says what a change would do before it does it', async () => {
    await made('live');
    assert.equal((await server.api('POST', '/campaigns/live/start')).status, 200);
    const page = await signIn(browser, server);
    await step(page, 'live', 'many');
    await page.getByLabel('Share of the audience', { exact: true }).fill('50');
    await page.getByRole('button', { name: 'Review and apply' }).click();
    await page.getByText('Phase 1 goes on').waitFor();
    await page.getByText('those who stay keep their variant').waitFor();
    assert.equal((await campaign('live')).coverage, 1);
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await until(async () => (await campaign('live')).coverage === 0.5, 10_000, 'the share to be changed');
    assert.equal((await campaign('live')).phase, 1);

    await page.getByRole('button', { name: 'What' }).first().click();
    await page.getByLabel('Share of control', { exact: true }).fill('20');
    await page.getByRole('button', { name: 'Review and apply' }).click();
    await page.getByText('It opens phase 2.').waitFor();
    await page.getByText('Reshuffle: all are allotted anew').waitFor();
    await assertFits(page, 'review');
    await page.getByRole('button', { name: 'Open a new phase' }).click();
    await until(async () => (await campaign('live')).phase === 2, 10_000, 'a new phase');

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    assert.equal((await campaign('live')).status, 'paused');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Key').fill('live');
    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click();
    assert.match(await messageAt(page.getByRole('dialog').getByLabel('Key')), /already/);
    await page.getByRole('dialog').getByLabel('Key').fill('live_two');
    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('heading', { name: 'live (copy)' }).waitFor();
    assert.deepEqual(
        (await campaign('live_two')).variants.map(({ weight }) => weight),
        [0.2, 0.8],
    );
});

test('every step fits everywhere, also in German', async () => {
    await made('fits', {
        audience: { $or: [{ country: { $in: ['DE', 'AT'] } }, { device: 'mobile', age: { $gte: 18 } }] },
    });
    const page = await signIn(browser, server, { locale: 'de-DE' });
    for (const name of STEPS) {
        await step(page, 'fits', name);
        await assertFits(page, name);
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.emulateMedia({ colorScheme: 'light' });
        await screenshot(page, `editor-${name}`);
    }
    assertQuiet(page);
});

test('the list is searched, filtered by label, and sorted', async () => {
    const page = await signIn(browser, server);
    await open(page, server, '/app/campaigns');
    const names = () => page.locator('tbody th a').allInnerTexts();
    assert.equal((await names()).length, 7);
    await page.getByLabel('Search by name, key or label').fill('spring');
    assert.deepEqual(await names(), ['Größere Knöpfe']);
    await page.getByLabel('Search by name, key or label').fill('');
    await page.getByRole('button', { name: 'shop', exact: true }).click();
    assert.deepEqual(await names(), ['Größere Knöpfe']);
    await page.getByRole('button', { name: 'shop', exact: true }).click();
    await page.getByRole('button', { name: /^Paused/ }).click();
    assert.deepEqual(await names(), ['live']);
    await page.getByRole('button', { name: /^All/ }).click();
    await page.getByRole('button', { name: 'Name' }).click();
    const sorted = await names();
    assert.deepEqual(
        sorted,
        [...sorted].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase())),
    );
    await assertFits(page, 'list');
    await screenshot(page, 'campaigns');
    assertQuiet(page);
});
