// SPDX-License-Identifier: GPL-3.0-or-later
// Drafts on the real site: by a signed link, on a phone too, and never counted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { assertQuiet, newPage, overflow, screenshot, startBrowser } from '../browser.mjs';
import { experiment, run, Site } from '../site.mjs';

const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
const page = (snippet, body = '<h1>Old</h1><p class="tile">1</p><p class="tile">2</p>') =>
    `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">` +
    `<title>Shop</title>${snippet}</head><body>${body}</body></html>`;
const text = (selector, value) => ({ type: 'text', selector, value });

const draft = {
    key: 'header',
    name: 'A louder header',
    kind: 'experiment',
    triggers: { pages: [{ value: '/shop' }, { value: '/second' }] },
    variants: [
        { key: 'old', name: 'As it is', weight: 0.5, is_control: true },
        {
            key: 'new',
            name: 'Loud',
            weight: 0.5,
            changes: [text('h1', 'Loud'), text('.tile', 'Tile'), text('.absent', 'never')],
        },
    ],
};

let server;
let browser;
let site;
let links;

async function make(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const linksOf = async (key) =>
    Object.fromEntries(
        (await make('POST', `/campaigns/${key}/previews`, {})).links.map(({ variant, token }) => [variant, token]),
    );

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] = page(site.snippet());
    await make('POST', '/campaigns', draft);
    await run(server, experiment([text('.elsewhere', 'x')], { key: 'runs' }));
    links = await linksOf('header');
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

async function open(path, options = {}) {
    const made = await newPage(browser, options);
    await made.goto(site.url + path);
    await made.evaluate(() => window.mete.ready);
    return made;
}

const overlayOf = (made) => made.getByRole('complementary', { name: 'mete preview' });
const headingIs = (made, value) =>
    made.waitForFunction((wanted) => document.querySelector('h1').textContent === wanted, value);
const partOf = (made, name) =>
    overlayOf(made)
        .locator('section')
        .filter({ has: made.locator('b', { hasText: name }) });
const eventsOn = (path) => site.events(`properties ->> 'path' = '${path}'`);
const close = async (made) => {
    assertQuiet(made);
    await made.context().close();
};

test('a link shows its variant of the draft, by name, and what its selectors find', async () => {
    const made = await open(`/shop?a=1&mete_preview=${links.new}`);
    await headingIs(made, 'Loud');
    const part = partOf(made, 'A louder header');
    await part.getByText('Loud: chosen here; on this page').waitFor();
    assert.deepEqual(await part.locator('li').allInnerTexts(), [
        'h1\n1 element',
        '.tile\n2 elements',
        '.absent\nno element',
    ]);
    await overlayOf(made).getByText('This link shows a draft, until').waitFor();
    assert.equal(await overlayOf(made).locator('details').getAttribute('open'), null);
    await overlayOf(made).getByText('Other campaigns (1)').click();
    await partOf(made, 'runs').getByRole('button', { name: 'control' }).waitFor();
    await screenshot(made, 'sdk_preview_draft', { fullPage: false });
    await close(made);
});

test('no page’s address holds the token any longer, and the tab keeps the preview', async () => {
    const made = await open(`/shop?a=1&mete_preview=${links.new}#x`);
    await headingIs(made, 'Loud');
    assert.equal(made.url(), `${site.url}/shop?a=1#x`);
    await made.goto(`${site.url}/second`);
    await headingIs(made, 'Loud');
    await partOf(made, 'A louder header').waitFor();
    await close(made);
});

test('every other variant is a click away, and stays on the next page', async () => {
    const made = await open(`/shop?mete_preview=${links.old}`);
    await partOf(made, 'A louder header').getByText('As it is: chosen here').waitFor();
    assert.equal(await made.locator('h1').textContent(), 'Old');
    await partOf(made, 'A louder header').getByRole('button', { name: 'Loud' }).click();
    await headingIs(made, 'Loud');
    await partOf(made, 'A louder header').locator('button[aria-pressed=true]', { hasText: 'Loud' }).waitFor();
    await made.goto(`${site.url}/second`);
    await headingIs(made, 'Loud');
    await overlayOf(made).getByRole('button', { name: 'End' }).click();
    await headingIs(made, 'Old');
    await overlayOf(made).waitFor({ state: 'detached' });
    await close(made);
});

test('who has no link sees nothing of the draft; what a preview does is not counted', async () => {
    const made = await open(`/quiet?mete_preview=${links.new}`);
    await overlayOf(made).getByText('not on this page: it begins on /shop, /second').waitFor();
    await made.evaluate(() => {
        window.mete.track('never');
        window.mete.flush();
    });
    await made.context().close();
    const other = await open('/shop');
    assert.equal(await other.locator('h1').textContent(), 'Old');
    assert.equal(await overlayOf(other).count(), 0);
    await other.evaluate(() => window.mete.flush());
    await site.untilEvents(1, `properties ->> 'path' = '/shop'`);
    assert.deepEqual(eventsOn('/quiet'), []);
    assert.deepEqual(site.events(`name = 'never'`), []);
    assert.deepEqual(site.events(`name = 'exposure' and properties ->> 'campaign' = 'header'`), []);
    await close(other);
});

test('an element that comes later is counted, and changed', async () => {
    const made = await open(`/shop?mete_preview=${links.new}`);
    const part = partOf(made, 'A louder header');
    await part.locator('li', { hasText: '.absent' }).getByText('no element').waitFor();
    await made.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p class="absent">late</p>'));
    await part.locator('li', { hasText: '.absent' }).getByText('1 element').waitFor();
    await made.locator('.absent', { hasText: 'never' }).waitFor();
    await close(made);
});

test('the overlay is moved by mouse and by keys, and stands there on the next page', async () => {
    const made = await open(`/shop?mete_preview=${links.new}`);
    const box = () => overlayOf(made).boundingBox();
    const begin = await box();
    const head = await overlayOf(made).locator('header span').boundingBox();
    await made.mouse.move(head.x + 5, head.y + 5);
    await made.mouse.down();
    await made.mouse.move(head.x - 395, head.y - 95, { steps: 4 });
    await made.mouse.up();
    const moved = await box();
    assert.deepEqual([moved.x, moved.y].map(Math.round), [begin.x - 400, begin.y - 100].map(Math.round));
    await overlayOf(made).getByRole('button', { name: 'Move' }).focus();
    await made.keyboard.press('ArrowRight');
    await made.keyboard.press('ArrowUp');
    const stepped = await box();
    assert.deepEqual([stepped.x, stepped.y].map(Math.round), [moved.x + 24, moved.y - 24].map(Math.round));
    for (let i = 0; i < 80; i++) await made.keyboard.press('ArrowLeft');
    assert.ok((await box()).x >= 0, 'it stays in the window');
    await made.goto(`${site.url}/second`);
    await partOf(made, 'A louder header').waitFor();
    assert.deepEqual(Math.round((await box()).x), 4);
    await close(made);
});

test('on a phone it begins folded, unfolds, and fits', async () => {
    const made = await open(`/shop?mete_preview=${links.new}`, PHONE);
    await headingIs(made, 'Loud');
    const overlay = overlayOf(made);
    await overlay.getByText('A louder header: Loud').waitFor();
    assert.ok((await overlay.boundingBox()).height < 60, 'folded, it hides nothing');
    assert.equal(await partOf(made, 'A louder header').isVisible(), false);
    await screenshot(made, 'sdk_preview_phone_folded', { fullPage: false });
    await overlay.getByRole('button', { name: 'Unfold' }).tap();
    await partOf(made, 'A louder header').getByText('on this page').waitFor();
    const { x, width, height } = await overlay.boundingBox();
    assert.ok(x >= 0 && x + width <= 390 && height <= 400, JSON.stringify({ x, width, height }));
    assert.equal(await overflow(made), 0);
    await screenshot(made, 'sdk_preview_phone', { fullPage: false });
    for (const button of await overlay.getByRole('button').all()) {
        const size = await button.boundingBox();
        if (size) assert.ok(size.height >= 36, 'large enough for a finger');
    }
    await overlay.getByRole('button', { name: 'Fold', exact: true }).tap();
    await partOf(made, 'A louder header').waitFor({ state: 'hidden' });
    await made.goto(`${site.url}/second`);
    await overlay.getByRole('button', { name: 'Unfold' }).waitFor();
    await close(made);
});

test('a link that does not hold says so, and the visitor is an ordinary one', async () => {
    const made = await open(`/ended?mete_preview=${links.new.slice(0, -1)}`);
    await overlayOf(made)
        .getByText(
            'The preview cannot be shown: this preview link is incomplete, was revoked, or belongs to another site.',
        )
        .waitFor();
    assert.equal(await made.locator('h1').textContent(), 'Old');
    await made.waitForFunction(() => window.mete.decisions().length === 1);
    await screenshot(made, 'sdk_preview_refused', { fullPage: false });
    await overlayOf(made).getByRole('button', { name: 'Close' }).click();
    await overlayOf(made).waitFor({ state: 'detached' });
    await made.goto(`${site.url}/after`);
    await made.evaluate(() => window.mete.ready);
    await made.evaluate(() => window.mete.flush());
    await site.untilEvents(1, `properties ->> 'path' = '/after'`);
    assert.equal(await overlayOf(made).count(), 0);
    await close(made);
});

test('a server that is away is said, too', async () => {
    const made = await newPage(browser);
    await made.route('**/v1/preview**', (route) => route.abort());
    await made.goto(`${site.url}/shop?mete_preview=${links.new}`);
    await overlayOf(made).getByText('the server could not be reached').waitFor();
    assert.equal(await made.locator('h1').textContent(), 'Old');
    await made.context().close();
});

test('a draft of a campaign that runs is shown in its place', async () => {
    await run(server, experiment([text('h1', 'Live')], { key: 'live', name: 'Live', triggers: draft.triggers }));
    const { new: token } = await linksOf('live');
    const made = await open(`/shop?mete_preview=${token}`);
    await headingIs(made, 'Live');
    assert.equal(await partOf(made, /^Live$/).count(), 1);
    await make('POST', '/campaigns/live/stop');
    await close(made);
});

test('a revoked link ends with the next page', async () => {
    const made = await open(`/shop?mete_preview=${links.new}`);
    await headingIs(made, 'Loud');
    await make('POST', '/campaigns/header/revoke_previews');
    await made.goto(`${site.url}/second`);
    await overlayOf(made).getByText('this preview link was revoked: ask for a new one').waitFor();
    assert.equal(await made.locator('h1').textContent(), 'Old');
    links = await linksOf('header');
    await close(made);
});

test('it speaks the browser’s language', async () => {
    const made = await open(`/shop?mete_preview=${links.new}`, { locale: 'de-DE' });
    await partOf(made, 'A louder header').getByText('Loud: hier gewählt; auf dieser Seite').waitFor();
    await partOf(made, 'A louder header').getByText('2 Elemente').waitFor();
    await overlayOf(made).getByText('Dieser Link zeigt einen Entwurf').waitFor();
    await overlayOf(made).getByRole('button', { name: 'Beenden' }).waitFor();
    await made.goto(`${site.url}/shop?mete_preview=mpv_x`);
    await overlayOf(made).getByText('der Link gilt hier nicht, oder nicht mehr').waitFor();
    await close(made);
});
