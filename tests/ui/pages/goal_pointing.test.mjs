// SPDX-License-Identifier: GPL-3.0-or-later
// A goal is pointed at on the site itself: from the form to the shop, by mouse, keys or finger, and back into the form.
// Nothing of the page hears of it, nobody without a signed link can do it, and the desk takes only what it waits for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, newPage, open, openLink, pictures, screenshot, startBrowser } from '../browser.mjs';
import { openShop } from '../shop.mjs';
import { Site } from '../site.mjs';

const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
const FORM = '/app/campaigns/trial/setup?step=question';
const STATE = '0123456789abcdef0123456789abcdef';

let server;
let browser;
let site;
let page;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

/* What is pointed at, by its id in 'data-mark-…'; and the selectors that are offered, the first one first. */
const ELEMENTS = [
    ['<button id="buy">Buy</button>', 'button', ['#buy']],
    ['<button id="b-12345" data-testid="pay">Pay</button>', 'button', ['[data-testid="pay"]']],
    ['<button data-action="remove">x</button>', 'button', ['[data-action="remove"]']],
    ['<input name="coupon">', 'input', ['input[name="coupon"]']],
    ['<a href="/cart">Cart</a>', 'a', ['a[href="/cart"]']],
    ['<a href="/a?session=1" class="more">More</a>', 'a', ['a.more']],
    ['<button class="css-1a2b3c heart">h</button>', 'button', ['button.heart']],
    ['<button class="active"><svg id="icon" width="20" height="20"></svg></button>', 'svg', ['#main > button']],
    ['<p class="tile">1</p><p class="tile">2</p>', 'p:nth-of-type(2)', ['#main > p:nth-of-type(2)', 'p.tile']],
    ['<ul id="list"><li>1</li><li>2</li></ul>', 'li:nth-of-type(2)', ['#list > li:nth-of-type(2)']],
    ['<div id="box"><button class="go">1</button></div><button class="go">2</button>', '#box .go', ['#box button.go']],
    ['<div id="sp ace"><i>odd</i></div>', 'i', ['#main i']],
    ['<button id="is-open" name=\'a"b\'>q</button>', 'button', ['#main > button']],
];

const shopPage = (body) =>
    `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Shop</title>` +
    `${site.snippet()}</head><body><main id="main">${body}</main><script>
        window.heard = [];
        ['pointerdown', 'mousedown', 'mouseup', 'click', 'submit', 'touchstart'].forEach((name) =>
            document.addEventListener(name, ({ target }) => heard.push(name + ' ' + target.localName), true));
    </script></body></html>`;

async function linkOf(sitePage, state = STATE) {
    const { links } = await ok('POST', '/campaigns/trial/previews', {});
    const address = new URL(sitePage);
    address.searchParams.set('mete_preview', `${links[0].token},@${state}@${server.deskUrl}`);
    return address.href;
}

const overlayOf = (made) => made.getByRole('complementary', { name: 'mete goal' });
const dialog = () => page.getByRole('dialog');

async function pointing(path = '/', options = {}) {
    const made = await newPage(browser, options);
    await made.goto(await linkOf(site.url + path));
    await overlayOf(made).waitFor();
    return made;
}

const offered = async (made) =>
    (await overlayOf(made).getByRole('group').locator('code').allInnerTexts()).map((text) => text.trim());

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await openShop(server);
    site = await Site.start(server);
    site.pages['*'] = () => ({
        html: shopPage(`<h1>Old</h1><form class="newsletter" action="/sent">
            <input name="email"><button>Go</button></form>
            <a href="/second">Second</a><button id="buy" onclick="heard.push('bought')">Buy</button>`),
    });
    ELEMENTS.forEach(([html], i) => (site.pages[`/e${i}`] = () => ({ html: shopPage(html) })));
    await ok('POST', '/campaigns', {
        key: 'trial',
        name: 'Trial',
        kind: 'experiment',
        variants: [
            { key: 'old', weight: 0.5, is_control: true },
            { key: 'new', weight: 0.5, changes: [{ type: 'text', selector: 'h1', value: 'New' }] },
        ],
    });
    const { link } = await ok('POST', '/users', { email: 'eva@shop.example', role: 'editor' });
    page = await newPage(browser);
    await openLink(page, server.deskUrl + link);
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

/* From the form to the site's tab. */
async function toSite(address) {
    await dialog().getByRole('button', { name: 'Point at it on your site' }).click();
    await dialog().getByLabel('Page of your site').fill(address);
    const popup = page.context().waitForEvent('page');
    await dialog().getByRole('button', { name: 'Open the site' }).click();
    const tab = await popup;
    await overlayOf(tab).waitFor();
    return tab;
}

test('an editor points at the shop’s button, and the goal counts it', async () => {
    await open(page, server, FORM);
    await page.getByRole('button', { name: 'New goal' }).click();
    await pictures(page, 'new_goal_pointing', { fullPage: false });
    const tab = await toSite(`${server.edgeUrl}/demo/product-nord-mug`);
    assert.equal(await tab.evaluate(() => window.opener), null, 'the site has no hold on the desk');
    assert.doesNotMatch(tab.url(), /mpv_/, 'no address holds the token');
    await dialog().getByText('Waiting for what you point at').waitFor();
    await tab.locator('.buy').click();
    await overlayOf(tab).getByText('1 element').first().waitFor();
    assert.equal(await tab.getByRole('dialog').count(), 0, 'nothing was put into the basket');
    const [selector] = await offered(tab);
    assert.equal(await tab.locator(selector).count(), 1);
    await screenshot(tab, 'pointing_shop', { fullPage: false });
    await overlayOf(tab).getByRole('button', { name: 'Take this goal' }).click();
    await tab.getByText('It stands in the form of the other tab').waitFor();
    await dialog().getByText('It came from the site').waitFor();
    assert.equal(await dialog().getByLabel('What is the goal?').inputValue(), 'click');
    assert.equal(await dialog().getByLabel('Element (CSS selector)').inputValue(), selector);
    await assertFits(page, 'a goal that was pointed at');
    await assertFits(tab, 'handed over');
    await pictures(tab, 'picked', { fullPage: false });
    await dialog().getByRole('button', { name: 'Create' }).click();
    await dialog().waitFor({ state: 'detached' });
    const { tracking } = await ok('GET', '/environments/production');
    assert.deepEqual([tracking.at(-1).on, tracking.at(-1).selector], ['click', selector]);
    await tab.goBack();
    await tab.evaluate(() => window.mete.ready);
    assert.equal(await overlayOf(tab).count(), 0, 'the shop is an ordinary one again');
    assertQuiet(page);
    await tab.close();
});

test('selectors: what lasts and finds it alone comes first', async () => {
    const made = await newPage(browser);
    for (const [i, [html, at, wanted]] of ELEMENTS.entries()) {
        await made.goto(await linkOf(`${site.url}/e${i}`));
        await overlayOf(made).waitFor();
        await made.locator(`main ${at}`).first().click();
        await overlayOf(made).getByRole('group').waitFor();
        const selectors = await offered(made);
        assert.deepEqual(
            wanted.filter((one) => !selectors.includes(one)),
            [],
            `${html}: ${selectors}`,
        );
        assert.equal(await made.locator(selectors[0]).count(), 1, `${html}: ${selectors[0]}`);
        assert.ok(!selectors.some((one) => /12345|1a2b3c|active|is-open|session/.test(one)), `${html}: ${selectors}`);
    }
    await made.context().close();
});

test('nothing of the page hears of it, until it is to be used', async () => {
    const made = await pointing();
    for (const at of ['#buy', 'form button', 'a']) await made.locator(at).click();
    assert.deepEqual(await made.evaluate(() => window.heard), []);
    assert.equal(await made.locator('h1').textContent(), 'Old', 'the page as it is, without the draft');
    await overlayOf(made).getByRole('button', { name: 'Use the page' }).click();
    await made.locator('#buy').click();
    assert.ok((await made.evaluate(() => window.heard)).includes('bought'));
    await made.getByRole('link', { name: 'Second' }).click();
    await made.waitForURL(`${site.url}/second`);
    await overlayOf(made).getByRole('button', { name: 'This page is seen' }).click();
    await overlayOf(made).getByText('The page /second').waitFor();
    await made.evaluate(() => window.mete.flush());
    await overlayOf(made).getByRole('button', { name: 'End' }).click();
    await overlayOf(made).waitFor({ state: 'detached' });
    assertQuiet(made);
    await made.context().close();
    assert.deepEqual(site.events(`properties ->> 'path' = '/' or name = 'exposure'`), [], 'nothing is counted');
});

test('by keys: Tab goes through the page, Enter points, Enter takes', async () => {
    const made = await pointing();
    await made.locator('#buy').focus();
    await made.keyboard.press('Enter');
    await overlayOf(made).getByRole('group').waitFor();
    await made.keyboard.press('Enter');
    await made.getByRole('heading', { name: 'Nothing waits for this goal' }).waitFor();
    assert.ok(made.url().startsWith(`${server.deskUrl}/app/picked#state=${STATE}&sort=click&what=%23buy`), made.url());
    await made.context().close();
});

test('on a phone: a form that is sent', async () => {
    const made = await pointing('/', PHONE);
    const { width, height } = await overlayOf(made).boundingBox();
    assert.ok(width <= 390 && height <= 400, 'there is room to point');
    await made.locator('form button').tap();
    await overlayOf(made).getByRole('button', { name: 'Its form is sent' }).tap();
    assert.deepEqual(await offered(made), ['form.newsletter']);
    await screenshot(made, 'pointing_phone', { fullPage: false });
    await overlayOf(made).getByRole('button', { name: 'Take this goal' }).tap();
    await made.waitForURL(/sort=form&what=form\.newsletter/);
    await made.context().close();
});

test('the editor goes on where the tab with the form is gone', async () => {
    await open(page, server, FORM);
    await page.getByRole('button', { name: 'New goal' }).click();
    const tab = await toSite(`${site.url}/second`);
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await overlayOf(tab).getByRole('button', { name: 'This page is seen' }).click();
    await overlayOf(tab).getByRole('button', { name: 'Take this goal' }).click();
    await tab.getByRole('link', { name: 'Go on in the editor' }).click();
    const form = tab.getByRole('dialog');
    await form.waitFor();
    assert.equal(await form.getByLabel('Path of the page').inputValue(), '/second');
    await tab.reload();
    await tab.getByRole('button', { name: 'New goal' }).waitFor();
    assert.equal(await form.count(), 0, 'it is taken once');
    await tab.close();
});

const NOT_WAITED_FOR = [
    ['another state', { state: STATE, sort: 'click', what: '#buy' }],
    ['no state', { sort: 'click', what: '#buy' }],
    ['an empty state', { state: '', sort: 'click', what: '#buy' }],
    ['no sort', { what: '#buy' }, true],
    ['a sort there is not', { sort: 'event', what: 'purchase' }, true],
    ['a sort of every object', { sort: 'constructor', what: '#buy' }, true],
    ['nothing', { sort: 'click', what: '' }, true],
    ['spaces', { sort: 'click', what: '   ' }, true],
    ['no what', { sort: 'page' }, true],
    ['too much', { sort: 'click', what: 'a'.repeat(501) }, true],
];

test('the desk takes nothing that it does not wait for', async () => {
    await open(page, server, FORM);
    await page.getByRole('button', { name: 'New goal' }).click();
    const site1 = await toSite(`${site.url}/`);
    await site1.close();
    const { state } = await page.evaluate(() => JSON.parse(localStorage.getItem('mete.pick')));
    const tab = await page.context().newPage();
    for (const [what, said, hasState] of NOT_WAITED_FOR) {
        await tab.goto('about:blank');
        await tab.goto(`${server.deskUrl}/app/picked#${new URLSearchParams(hasState ? { ...said, state } : said)}`);
        await tab.getByRole('heading', { name: 'Nothing waits for this goal' }).waitFor();
        assert.equal(await tab.evaluate(() => localStorage.getItem('mete.picked')), null, what);
    }
    await page.evaluate(() => {
        const waiting = JSON.parse(localStorage.getItem('mete.pick'));
        localStorage.setItem('mete.pick', JSON.stringify({ ...waiting, until: Date.now() - 1 }));
    });
    await tab.goto('about:blank');
    await tab.goto(`${server.deskUrl}/app/picked#${new URLSearchParams({ state, sort: 'click', what: '#buy' })}`);
    await tab.getByRole('heading', { name: 'Nothing waits for this goal' }).waitFor();
    await tab.close();
    assert.equal(await dialog().getByText('It came from the site').count(), 0);
});

const NOT_SIGNED = [
    ['no token', (token, tail) => tail],
    ['one that nobody signed', (token, tail) => `mpv_1.1.0.9999999999.old.${'a'.repeat(43)}${tail}`],
    ['a changed one', (token, tail) => token.replace('.old.', '.new.') + tail],
    ['a short one', (token, tail) => token.slice(0, -1) + tail],
    ['only the beginning', (token, tail) => `mpv_${tail}`],
    ['a forced variant', (token, tail) => `trial:old${tail}`],
    ['no state', (token) => `${token},@@${server.deskUrl}`],
    ['a short state', (token) => `${token},@short@${server.deskUrl}`],
    ['a script', (token) => `${token},@${STATE}@javascript:alert(1)`],
    ['a user in the address', (token) => `${token},@${STATE}@http://desk.example@evil.example`],
    ['a path', (token) => `${token},@${STATE}@${server.deskUrl}/other`],
];

test('whoever has no signed link, or a bent one, points at nothing', async () => {
    const { links } = await ok('POST', '/campaigns/trial/previews', {});
    for (const [what, make] of NOT_SIGNED) {
        const made = await newPage(browser);
        const address = new URL(`${site.url}/`);
        address.searchParams.set('mete_preview', make(links[0].token, `,@${STATE}@${server.deskUrl}`));
        await made.goto(address.href);
        await made.evaluate(() => window.mete.ready);
        assert.equal(await overlayOf(made).count(), 0, what);
        await made.locator('#buy').click();
        assert.ok((await made.evaluate(() => window.heard)).includes('bought'), what);
        await made.context().close();
    }
});

test('revoked, the link ends', async () => {
    const link = await linkOf(`${site.url}/`);
    await ok('POST', '/campaigns/trial/revoke_previews');
    const made = await newPage(browser);
    await made.goto(link);
    await made.getByText('this preview link was revoked').waitFor();
    assert.equal(await overlayOf(made).count(), 0);
    await made.context().close();
});

test('in German, too', async () => {
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, FORM);
    await page.getByRole('button', { name: 'Neues Ziel' }).click();
    await dialog().getByRole('button', { name: 'Auf der Website darauf zeigen' }).click();
    await dialog().getByText('Ihre Website geht in einem anderen Tab auf').waitFor();
    await assertFits(page, 'pointing, German');
    await pictures(page, 'new_goal_pointing_german', { fullPage: false });
    const made = await pointing('/', { ...PHONE, locale: 'de-DE' });
    await made.locator('form button').tap();
    await overlayOf(made).getByRole('button', { name: 'Sein Formular wird abgeschickt' }).tap();
    await screenshot(made, 'pointing_phone_german', { fullPage: false });
    await made.context().close();
    await page.goto(`${server.deskUrl}/app/picked`);
    await page.getByText('Auf dieses Ziel wartet nichts').waitFor();
    assertQuiet(page);
});
