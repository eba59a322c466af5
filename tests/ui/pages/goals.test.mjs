// SPDX-License-Identifier: GPL-3.0-or-later
// Goals by clicking: an editor names a page, an element, a form or an event that came lately, and a metric counts it;
// which events count is said by rules.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, newPage, open, openLink, pictures, settled, startBrowser } from '../browser.mjs';

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
    const events = Array.from({ length: 12 }, (_, i) => ({
        event_id: uuidv7(),
        visitor_id: `v${i}`,
        name: 'wishlist',
        properties: {},
    }));
    assert.equal((await server.events({ events }, { key: server.secretKey })).status, 202);
    await until(async () => (await ok('GET', '/data-quality?days=7')).names.length > 0, 10_000, 'the events');
    await ok('POST', '/campaigns', { key: 'trial', name: 'Trial', kind: 'experiment' });
    const { link } = await ok('POST', '/users', { email: 'eva@shop.example', role: 'editor' });
    page = await newPage(browser);
    await openLink(page, server.deskUrl + link);
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const dialog = () => page.getByRole('dialog');

const GOALS = [
    // sort, its field, what is written, the metric's key, event and filter
    ['A page is seen', 'Path of the page', '/thanks', 'saw_thanks', 'page_view', { path: '/thanks' }],
    [
        'A page is seen',
        'Path of the page',
        'https://shop.example/order/done?id=1#top',
        'saw_https_shop_example_order_done_id_1_top',
        'page_view',
        { path: '/order/done' },
    ],
    ['A page is seen', 'Path of the page', 'cart', 'saw_cart', 'page_view', { path: '/cart' }],
    ['Something is clicked', 'Element (CSS selector)', '#buy', 'clicked_buy', 'click_clicked_buy', null],
    [
        'Something is clicked',
        'Element (CSS selector)',
        '.product .heart',
        'clicked_product_heart',
        'click_clicked_product_heart',
        null,
    ],
    [
        'A form is sent',
        'Form (CSS selector)',
        'form.newsletter',
        'sent_form_newsletter',
        'form_sent_form_newsletter',
        null,
    ],
    ['An event that came lately', 'Event', 'wishlist', 'did_wishlist', 'wishlist', null],
];

test('an editor makes goals of all sorts, and they are counted', async () => {
    await open(page, server, '/app/campaigns/trial/setup?step=question');
    for (const [sort, label, written, key, event, filter] of GOALS) {
        await page.getByRole('button', { name: 'New goal' }).click();
        await dialog().getByLabel('What is the goal?').selectOption(sort);
        const field = dialog().getByLabel(label);
        if (label === 'Event') await field.selectOption(written);
        else await field.fill(written);
        if (label === 'Event') assert.match(await field.innerText(), /wishlist: 12 times/);
        await dialog().getByRole('button', { name: 'Create' }).click();
        await dialog().waitFor({ state: 'detached' });
        const metric = await ok('GET', `/metrics/${key}`);
        assert.deepEqual([metric.kind, metric.event, metric.filter], ['conversion', event, filter], key);
    }
    await page.getByText('All changes are saved').waitFor();
    const { metrics } = await ok('GET', '/campaigns/trial');
    assert.deepEqual(
        metrics.map(({ key, role }) => [key, role]),
        GOALS.map(([, , , key], i) => [key, i === 0 ? 'primary' : 'secondary']),
    );
    assert.deepEqual((await ok('GET', '/environments/production')).tracking, [
        { on: 'click', selector: '#buy', name: 'click_clicked_buy' },
        { on: 'click', selector: '.product .heart', name: 'click_clicked_product_heart' },
        { on: 'submit', selector: 'form.newsletter', name: 'form_sent_form_newsletter' },
    ]);
    assertQuiet(page);
});

test('what is missing or there already is said at its field', async () => {
    await page.getByRole('button', { name: 'New goal' }).click();
    await dialog().getByRole('button', { name: 'Create' }).click();
    assert.equal(await dialog().getByRole('alert').count(), 2);
    await dialog().getByLabel('Path of the page').fill('/thanks');
    await dialog().getByRole('button', { name: 'Create' }).click();
    await dialog().getByText('there is a metric saw_thanks already').waitFor();
    await assertFits(page, 'new goal');
    await pictures(page, 'new_goal', { fullPage: false });
    await dialog().getByRole('button', { name: 'Cancel' }).click();
});

test('a metric’s filter is said by rules, shown as them again, and only such as filters know', async () => {
    await open(page, server, '/app/metrics');
    await page.getByRole('button', { name: 'New metric' }).click();
    await dialog().getByLabel('Key', { exact: true }).fill('shoes');
    await dialog().getByLabel('Event', { exact: true }).fill('add_to_cart');
    await dialog().getByRole('button', { name: 'Add a rule' }).click();
    const comparisons = await dialog().getByLabel('Comparison').innerText();
    assert.doesNotMatch(comparisons, /contains|pattern|version/i);
    await dialog().getByLabel('Attribute', { exact: true }).fill('item_category');
    await dialog().getByLabel('Value', { exact: true }).fill('shoes');
    await assertFits(page, 'metric with a filter');
    await pictures(page, 'metric_filter', { fullPage: false });
    await dialog().getByRole('button', { name: 'Create' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.deepEqual((await ok('GET', '/metrics/shoes')).filter, { item_category: 'shoes' });
    await page.getByRole('button', { name: 'Edit shoes' }).click();
    assert.equal(await dialog().getByLabel('Value', { exact: true }).inputValue(), 'shoes');
    await dialog().getByLabel('Attribute', { exact: true }).fill('item_brand');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.deepEqual((await ok('GET', '/metrics/shoes')).filter, { item_brand: 'shoes' }, 'not both');
    await ok('PATCH', '/metrics/shoes', { filter: { item_brand: null, $nor: [{ a: 1 }] } });
    await page.reload();
    await settled(page);
    await page.getByRole('button', { name: 'Edit shoes' }).click();
    assert.equal(await dialog().getByLabel('Only events where').inputValue(), '{"$nor":[{"a":1}]}');
    assertQuiet(page);
});

// prettier-ignore
const PARTS = [
    // of the part above, of the part below
    [{ item_category: 'shoes' }, null],
    [null, { item_category: 'shoes' }],
    [{ item_category: 'shoes' }, { item_category: 'shirts' }],
    [{ price: { $gt: 10 } }, { price: { $gte: 20 } }],
    [{ price: { $lt: 10.5 } }, null],
    [{ is_new: true }, { is_new: false }],
    [{ brand: { $in: ['a', 'b'] } }, { brand: { $nin: ['c'] } }],
    [{ coupon: { $exists: true } }, { coupon: { $exists: false } }],
    [{ a: 'x', b: 'y' }, { a: { $ne: 'x' } }],
    [{ $nor: [{ a: 1 }] }, { $nor: [{ b: 1 }] }],
    [null, null],
];

test('both parts of a ratio have filters: kept as they are, changed each for itself, and taken away', async () => {
    const term = (event, filter) => ({ event, value: null, filter });
    const filters = async () => {
        const { numerator, denominator } = await ok('GET', '/metrics/share');
        return [numerator.filter ?? null, denominator.filter ?? null];
    };
    await open(page, server, '/app/metrics');
    await page.getByRole('button', { name: 'New metric' }).click();
    await dialog().getByLabel('Key', { exact: true }).fill('share');
    await dialog().getByLabel('Kind').selectOption('ratio');
    await dialog().getByLabel('Above: event').fill('add_to_cart');
    await dialog().getByLabel('Below: event').fill('page_view');
    const part = (name) => dialog().getByRole('group', { name: `${name}: only events where` });
    await part('Above').getByRole('button', { name: 'Add a rule' }).click();
    await part('Above').getByLabel('Attribute', { exact: true }).fill('item_category');
    await part('Above').getByLabel('Value', { exact: true }).fill('shoes');
    await part('Below').getByRole('button', { name: 'Add a rule' }).click();
    await part('Below').getByLabel('Attribute', { exact: true }).fill('path');
    await part('Below').getByLabel('Value', { exact: true }).fill('/shoes');
    await assertFits(page, 'ratio with filters');
    await pictures(page, 'ratio_filters', { fullPage: false });
    await dialog().getByRole('button', { name: 'Create' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.deepEqual(await filters(), [{ item_category: 'shoes' }, { path: '/shoes' }]);
    for (const [above, below] of PARTS) {
        await ok('PATCH', '/metrics/share', { numerator: null, denominator: null, kind: 'conversion', event: 'a' });
        await ok('PATCH', '/metrics/share', {
            kind: 'ratio',
            event: null,
            numerator: term('add_to_cart', above),
            denominator: term('page_view', below),
        });
        await page.reload();
        await settled(page);
        await page.getByRole('button', { name: 'Edit share' }).click();
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().waitFor({ state: 'detached' });
        assert.deepEqual(await filters(), [above, below], JSON.stringify([above, below]));
    }
    await ok('PATCH', '/metrics/share', { numerator: { filter: { item_category: 'shoes' } } });
    await page.reload();
    await settled(page);
    await page.getByRole('button', { name: 'Edit share' }).click();
    await part('Above').getByLabel('Attribute', { exact: true }).fill('item_brand');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.deepEqual(await filters(), [{ item_brand: 'shoes' }, null], 'not both');
    assertQuiet(page);
});

test('an experiment and a holdout begin with a goal, a rollout without; a holdout is measured by it', async () => {
    for (const [kind, wanted] of [
        ['Experiment', [['conversion_rate', 'primary']]],
        ['Rollout', []],
        ['Holdout', [['conversion_rate', 'primary']]],
    ]) {
        await open(page, server, '/app/campaigns/new');
        await page.getByLabel('What do you want to learn?').fill(`New ${kind}`);
        await page.getByRole('radio', { name: new RegExp(`^${kind}`) }).check();
        await page.getByRole('button', { name: 'Go on' }).click();
        await page.getByRole('heading', { name: 'What is it measured by?' }).waitFor();
        const { metrics } = await ok('GET', `/campaigns/new_${kind.toLowerCase()}`);
        assert.deepEqual(
            metrics.map(({ key, role }) => [key, role]),
            wanted,
            kind,
        );
    }
    await ok('POST', '/campaigns/new_holdout/start');
    const { metrics } = await ok('GET', '/campaigns/new_holdout/results');
    assert.deepEqual(
        metrics.map(({ key, role }) => [key, role]),
        [['conversion_rate', 'primary']],
    );
    assertQuiet(page);
});

test('an earlier campaign is taken as a template', async () => {
    await open(page, server, '/app/campaigns/new');
    await page.getByLabel('What do you want to learn?').fill('Another trial');
    await page.getByLabel('Begin with').selectOption('Trial');
    assert.equal(await page.getByRole('radio').count(), 0, 'its kind is that of the template');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'What is it measured by?' }).waitFor();
    const made = await ok('GET', '/campaigns/another_trial');
    assert.deepEqual([made.name, made.metrics.length], ['Another trial', GOALS.length]);
});

test('in German, too', async () => {
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, '/app/campaigns/trial/setup?step=question');
    await page.getByRole('button', { name: 'Neues Ziel' }).click();
    await dialog().getByLabel('Was ist das Ziel?').selectOption('Ein Ereignis, das zuletzt kam');
    await dialog().getByText('wishlist: 12-mal').waitFor({ state: 'attached' });
    await dialog().getByLabel('Ereignis', { exact: true }).selectOption('wishlist');
    await dialog().getByLabel('Name').fill('Saw thanks');
    await dialog().getByRole('button', { name: 'Anlegen' }).click();
    await dialog().getByText('Schon vorhanden: Metrik saw_thanks').waitFor();
    await open(page, server, '/app/metrics');
    await page.getByRole('button', { name: 'Neue Metrik' }).click();
    await dialog().getByLabel('Schlüssel', { exact: true }).fill('saw_thanks');
    await dialog().getByLabel('Ereignis', { exact: true }).fill('page_view');
    await dialog().getByRole('button', { name: 'Anlegen' }).click();
    await dialog().getByText('Schon vorhanden: Metrik saw_thanks').waitFor();
    assertQuiet(page);
});
