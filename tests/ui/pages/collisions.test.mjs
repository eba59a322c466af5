// SPDX-License-Identifier: GPL-3.0-or-later
// Before a campaign starts, and before a change of a running one is applied, the editor says what it meets and who
// moves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, pictures, signIn, startBrowser } from '../browser.mjs';

let server;
let browser;
let page;

async function make(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const draft = (key, name, more = {}) => ({
    key,
    name,
    kind: 'experiment',
    metrics: [{ key: 'conversion_rate', role: 'primary' }],
    variants: [
        { key: 'old', name: 'As it is', weight: 0.5, is_control: true },
        {
            key: 'new',
            name: 'New',
            weight: 0.5,
            flags: { cta: 'Now' },
            changes: [{ type: 'text', selector: 'h1', value: 'Hi' }],
        },
    ],
    ...more,
});

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await make('POST', '/flags', { key: 'cta', type: 'string', default: 'Buy' });
    await make('POST', '/layers', { key: 'checkout' });
    await make('POST', '/campaigns', draft('first', 'Bigger buttons', { layer: { key: 'checkout', share: 0.6 } }));
    await make('POST', '/campaigns/first/start');
    await make('POST', '/campaigns', draft('second', 'Louder headlines'));
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const campaign = (key) => make('GET', `/campaigns/${key}`);
const CHECK = '/app/campaigns/second/setup?step=check';

test('a draft is told what runs on the same flag and element, with names and links', async () => {
    await open(page, server, CHECK);
    await page.getByText('A running campaign touches the same').waitFor();
    await page.getByText('Both touch the flag cta, the element h1. Visitors of both see theirs').waitFor();
    const link = page.locator('.collisions').getByRole('link', { name: 'Bigger buttons' });
    assert.match(await link.getAttribute('href'), /\/app\/(e\/\w+\/)?campaigns\/first$/);
    await assertFits(page, 'check step with a collision');
    await pictures(page, 'collision_check');
});

test('the start asks once more; one click puts it into the layer, and at once it can start there', async () => {
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('A running campaign touches the same').waitFor();
    await assertFits(page, 'start dialog with a collision');
    await pictures(page, 'collision_start', { fullPage: false });
    await dialog.getByRole('button', { name: /Put this one into layer checkout \(40\s?% of it\)/ }).click();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.getByText('It has started').waitFor();
    const { status, layer } = await campaign('second');
    assert.deepEqual([status, layer], ['running', { key: 'checkout', share: 0.4 }]);
    assertQuiet(page);
});

test('one that runs without a layer cannot be moved, and it is said what can be done', async () => {
    await make('POST', '/campaigns', draft('third', 'Third', { layer: null }));
    await make('POST', '/campaigns/third/start');
    await make('POST', '/campaigns', draft('fourth', 'Fourth'));
    await open(page, server, '/app/campaigns/fourth/setup?step=check');
    await page.getByText('3 running campaigns touch the same').waitFor();
    await page.getByText('“Third” runs without a layer, and a running campaign stays where it is.').waitFor();
    await page.getByText('It runs in layer checkout, which has no room left').first().waitFor();
    assert.equal(await page.getByRole('button', { name: /Put this one into layer/ }).count(), 0);
});

/* Writes another text into a variant of a running campaign, and opens what that would do. */
async function review(key, text) {
    await open(page, server, `/app/campaigns/${key}/setup?step=what`);
    await page.getByRole('button', { name: /^Text of h1 becomes/ }).click();
    await page.getByLabel('Text', { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Review and apply' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Who gets what in the new phase?').waitFor();
    return dialog;
}

test('a corrected text of a running one: stay is chosen, and nobody moves', async () => {
    const { phases } = await campaign('second');
    const dialog = await review('second', 'Hi!');
    assert.equal(await dialog.getByRole('radio', { name: /^Stay/ }).isChecked(), true);
    await dialog.getByText('Nobody gets another variant than before.').waitFor();
    await assertFits(page, 'review with stay or reshuffle');
    await pictures(page, 'review_seed', { fullPage: false });
    await dialog.getByRole('button', { name: 'Open a new phase' }).click();
    await until(async () => (await campaign('second')).phase === 2, 10_000, 'a second phase');
    assert.equal((await campaign('second')).phases[1].seed, phases[0].seed);
});

test('reshuffle says how many move, and does it; so it is in German', async () => {
    let dialog = await review('second', 'Hi!!');
    await dialog.getByRole('radio', { name: /^Reshuffle/ }).check();
    await dialog.getByText(/About 50\s?% of its visitors get another variant/).waitFor();
    await dialog.getByRole('button', { name: 'Open a new phase' }).click();
    await until(async () => (await campaign('second')).phase === 3, 10_000, 'a third phase');
    const { phases } = await campaign('second');
    assert.notEqual(phases[2].seed, phases[1].seed);
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, '/app/campaigns/fourth/setup?step=check');
    await page.getByText('3 laufende Kampagnen berühren dasselbe').waitFor();
    await page.getByText('„Third“ läuft ohne Ebene').waitFor();
    await page.evaluate(() => localStorage.setItem('mete.language', 'en'));
    assertQuiet(page);
});
