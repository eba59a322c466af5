// SPDX-License-Identifier: GPL-3.0-or-later
// What a variant does to a page: each kind of change, and back again; elements that come later,
// frameworks that paint over, single-page apps; and what no change may do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { assertQuiet, newPage, startBrowser } from './browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from './site.mjs';

const BODY =
    '<h1 id="title">Old</h1><div class="card a">One <b>bold</b></div>' +
    '<a class="link" href="/old" title="t">Link</a>\n' +
    '<ul><li>1</li><li>2</li><li>3</li></ul><p class="note" style="color: green;">Note</p>' +
    '<form><button class="buy">Buy</button></form>';
const CHANGES = [
    { type: 'text', selector: 'h1', value: 'New <i>text</i>' },
    { type: 'text', selector: '.card', value: 'Card' },
    { type: 'attribute', selector: '.link', name: 'href', value: '/new' },
    { type: 'attribute', selector: '.link', name: 'data-x', value: '1' },
    { type: 'class', selector: '.card', value: 'b -a' },
    { type: 'style', selector: '.note', name: 'color', value: 'rgb(1, 2, 3)' },
    { type: 'insert', selector: '.note', value: '<new>', position: 'after' },
    { type: 'move', selector: 'li:first-child', target: 'ul', position: 'append' },
    { type: 'hide', selector: '.buy' },
];

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] =
        `<!doctype html><html lang="en"><head><title>Shop</title>${site.snippet()}</head>` +
        `<body>${BODY}</body></html>`;
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

/* Each test's campaign stands on pages of its own. */
let campaigns = 0;
async function visit(changes, { more = {}, before: prepare, path } = {}) {
    campaigns += 1;
    const key = `c${campaigns}`;
    const triggers = { pages: [{ match: 'wildcard', value: `/${key}*` }] };
    await run(server, experiment(changes, { key, triggers, ...more }));
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, await visitorOf(server, key, 'new')));
    if (prepare) await prepare(page);
    await page.goto(`${site.url}${path ?? `/${key}`}`);
    await page.evaluate(() => window.mete.ready);
    return { page, key };
}

const html = (page, selector) =>
    page
        .locator(selector)
        .first()
        .evaluate((element) => element.outerHTML);
const body = (page) => page.evaluate(() => document.body.innerHTML);

test('every kind of change, and all of it taken back', async () => {
    const { page } = await visit(CHANGES);
    assert.equal(await html(page, 'h1'), '<h1 id="title">New &lt;i&gt;text&lt;/i&gt;</h1>');
    assert.equal(await html(page, '.card'), '<div class="card b">Card</div>');
    assert.match(await html(page, '.link'), /href="\/new".* data-x="1"/);
    assert.equal(await page.locator('.note').evaluate((e) => getComputedStyle(e).color), 'rgb(1, 2, 3)');
    assert.equal(await page.locator('.note + span').textContent(), '<new>');
    assert.equal((await page.locator('li').allTextContents()).join(''), '231');
    assert.equal(await page.locator('.buy').isVisible(), false);
    await page.evaluate(() => window.mete.stop());
    const clean = await newPage(browser);
    await clean.goto(`${site.url}/plain`);
    assert.equal((await body(page)).replace(/ style=""/g, ''), await body(clean));
    assertQuiet(page);
    await page.context().close();
    await clean.context().close();
});

test('elements that come later, and what a framework paints over', async () => {
    const { page } = await visit([
        { type: 'text', selector: '.late', value: 'Changed' },
        { type: 'insert', selector: 'body', value: 'Once', position: 'append' },
    ]);
    await page.evaluate(() => {
        window.seen = [];
        const late = document.createElement('p');
        late.className = 'late';
        late.textContent = 'Late';
        document.body.append(late);
        requestAnimationFrame(() => window.seen.push(late.textContent));
    });
    await page.waitForFunction(() => window.seen.length === 1);
    assert.deepEqual(await page.evaluate(() => window.seen), ['Changed']);
    await page.evaluate(() => (document.querySelector('.late').textContent = 'Painted over'));
    assert.equal(await page.locator('.late').textContent(), 'Changed');
    for (let i = 0; i < 40; i += 1)
        await page.evaluate((n) => (document.querySelector('.late').textContent = `Insists ${n}`), i);
    assert.equal(await page.locator('.late').textContent(), 'Insists 39');
    assert.equal(await page.getByText('Once', { exact: true }).count(), 1);
    await page.context().close();
});

test('a page that comes in pieces: whole in both directions', async () => {
    const pieces = [
        '<h1></h1><h1>O',
        'ld <b>and',
        ' bold</b> end</h1><ul><li>1</li>',
        '<li>2</li></ul><p>N',
        'ote</p></body></html>',
    ];
    site.pages['/pieces'] = (request, response) => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        response.write(`<!doctype html><html lang="en"><head><title>Shop</title>${site.snippet()}</head><body>`);
        pieces.forEach((piece, i) =>
            setTimeout(() => (i < pieces.length - 1 ? response.write(piece) : response.end(piece)), 100 + 80 * i),
        );
    };
    await run(
        server,
        experiment(
            [
                { type: 'text', selector: 'h1', value: 'New' },
                { type: 'insert', selector: 'ul', value: 'Last', position: 'append' },
                { type: 'text', selector: 'p', value: 'Changed' },
            ],
            { key: 'pieces', triggers: { pages: [{ value: '/pieces' }] } },
        ),
    );
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, await visitorOf(server, 'pieces', 'new')));
    await page.goto(`${site.url}/pieces`);
    assert.deepEqual(await page.locator('h1').allTextContents(), ['New', 'New']);
    assert.deepEqual(
        [await page.locator('ul').textContent(), await page.locator('p').textContent()],
        ['12Last', 'Changed'],
    );
    await page.evaluate(() => window.mete.stop());
    assert.equal(
        (await body(page)).trim(),
        '<h1></h1><h1>Old <b>and bold</b> end</h1><ul><li>1</li><li>2</li></ul><p>Note</p>',
    );
    await page.context().close();
});

test('single-page apps: judged again at each address', async () => {
    const { page, key } = await visit([{ type: 'text', selector: 'h1', value: 'New' }]);
    const title = () => page.locator('h1').textContent();
    assert.equal(await title(), 'New');
    await page.evaluate(() => history.pushState({}, '', '/other'));
    assert.equal(await title(), 'Old');
    await page.evaluate((path) => history.replaceState({}, '', path), `/${key}/next`);
    assert.equal(await title(), 'New');
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('h1').textContent === 'New');
    await page.evaluate(() => history.pushState({}, '', '/third'));
    assert.equal(await title(), 'Old');
    await page.evaluate(() => window.mete.flush());
    const id = await page.evaluate(() => window.mete.visitorId());
    const views = await site.untilEvents(4, `visitor_id = '${id}' and name = 'page_view'`);
    assert.deepEqual(
        views.slice(0, 3).map(({ properties }) => properties.path),
        [`/${key}`, '/other', `/${key}/next`],
    );
    assert.equal(
        site.events(`visitor_id = '${id}' and name = 'exposure' and properties ->> 'campaign' = '${key}'`).length,
        1,
    );
    await page.context().close();
});

test('the audience is asked again where what it asks about has changed', async () => {
    campaigns += 1;
    const key = `c${campaigns}`;
    await run(
        server,
        experiment([{ type: 'text', selector: 'h1', value: 'Gold' }], {
            key,
            audience: { tier: 'gold' },
            triggers: { pages: [{ value: `/${key}` }] },
        }),
    );
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, await visitorOf(server, key, 'new', { tier: 'gold' })));
    await page.goto(`${site.url}/${key}`);
    await page.evaluate(() => window.mete.ready);
    const untilTitle = (text) =>
        page.waitForFunction((wanted) => document.querySelector('h1').textContent === wanted, text);
    for (const [tier, title] of [
        ['silver', 'Old'],
        ['gold', 'Gold'],
        ['silver', 'Old'],
    ]) {
        await page.evaluate((value) => window.mete.setAttributes({ tier: value }), tier);
        await untilTitle(title);
    }
    await page.evaluate(() => window.mete.identify('user-1', { tier: 'silver' }));
    await page.context().close();
});

test('a redirect keeps the query, and does not go round', async () => {
    campaigns += 1;
    const key = `c${campaigns}`;
    await run(
        server,
        experiment([{ type: 'redirect', url: `/${key}-b?x=1` }], {
            key,
            triggers: { pages: [{ value: `/${key}-a` }, { value: `/${key}-b` }] },
        }),
    );
    const page = await newPage(browser);
    const id = await visitorOf(server, key, 'new');
    await page.context().addCookies(cookieOf(site, id));
    await page.goto(`${site.url}/${key}-a?utm_source=mail`, { waitUntil: 'commit' });
    await page.waitForURL(`**/${key}-b?x=1&utm_source=mail`);
    await page.evaluate(() => window.mete.ready);
    assert.equal(new URL(page.url()).pathname, `/${key}-b`);
    await page.evaluate(() => window.mete.flush());
    const [{ properties }] = await site.untilEvents(1, `visitor_id = '${id}' and name = 'exposure'`);
    assert.deepEqual([properties.campaign, properties.path, properties.utm_source], [key, `/${key}-a`, 'mail']);
    await page.context().close();
});

test('control and variant are exposed when the target is there, not before', async () => {
    campaigns += 1;
    const key = `c${campaigns}`;
    await run(
        server,
        experiment([{ type: 'text', selector: '.offer', value: 'New' }], {
            key,
            triggers: { pages: [{ value: `/${key}` }] },
        }),
    );
    for (const variant of ['control', 'new']) {
        const id = await visitorOf(server, key, variant);
        const page = await newPage(browser);
        await page.context().addCookies(cookieOf(site, id));
        await page.goto(`${site.url}/${key}`);
        await page.evaluate(() => window.mete.ready);
        await page.evaluate(() => window.mete.flush());
        await site.untilEvents(1, `visitor_id = '${id}' and name = 'page_view'`);
        const exposures = () =>
            site.events(`visitor_id = '${id}' and name = 'exposure' and properties ->> 'campaign' = '${key}'`);
        assert.deepEqual(exposures(), []);
        await page.evaluate(() => {
            document.body.insertAdjacentHTML('beforeend', '<p class="offer">Offer</p>');
            setTimeout(() => window.mete.flush());
        });
        await until(() => exposures().length === 1, 10_000, `the exposure of ${variant}`);
        assert.equal(await page.locator('.offer').textContent(), variant === 'new' ? 'New' : 'Offer');
        await page.context().close();
    }
});

/* What an editor could not save, but an edge that was tampered with could say. */
async function tampered(changes, allowsHtml = false) {
    return visit([{ type: 'text', selector: '.nothing', value: 'x' }], {
        before: (page) =>
            page.route('**/v1/decide*', async (route) => {
                const reply = await (await route.fetch()).json();
                const [decision] = reply.decisions.filter(
                    ({ variant, campaign }) => variant && campaign === `c${campaigns}`,
                );
                decision.changes = changes;
                reply.page.allows_html = allowsHtml;
                reply.page.campaigns[decision.campaign].targets = [];
                await route.fulfill({ json: reply, headers: { 'access-control-allow-origin': '*' } });
            }),
    });
}

test('selectors select, and nothing else', async () => {
    const { page } = await tampered([
        { type: 'hide', selector: 'x{} body{display:none} y' },
        { type: 'hide', selector: '</style><img src=x onerror="window.hit=1">' },
        { type: 'text', selector: 'h1"], <script>window.hit=1</script>', value: 'x' },
        { type: 'insert', selector: 'h1', position: 'after', value: '<img src=x onerror="window.hit=1">' },
        { type: 'attribute', selector: 'h1', name: 'onclick', value: 'window.hit=1' },
        { type: 'attribute', selector: '.link', name: 'href', value: 'java\tscript:window.hit=1' },
        { type: 'attribute', selector: '.link', name: 'srcdoc', value: '<script>window.hit=1</script>' },
        { type: 'html', selector: '.note', value: '<img src=x onerror="window.hit=1">' },
        { type: 'script', value: 'window.hit=1' },
        { type: 'redirect', url: 'javascript:window.hit=1' },
        { type: 'constructor', selector: 'h1', value: 'x' },
        { type: '__proto__', selector: 'h1', value: 'x' },
        { type: 'text', selector: 'h1', value: 'Fine' },
    ]);
    assert.equal(await page.locator('h1').textContent(), 'Fine');
    await page.locator('h1').click();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.equal(await page.locator('body').isVisible(), true);
    assert.match(await html(page, '.link'), /href="\/old"/);
    assert.equal(await page.locator('.note').textContent(), 'Note');
    await page.context().close();
});

test('markup and scripts where the environment allows them', async () => {
    const { page } = await tampered(
        [
            { type: 'html', selector: '.note', value: '<em>New</em>' },
            { type: 'html', selector: 'h1', value: '<hr><hr>', position: 'after' },
            { type: 'script', value: 'window.hit = 1' },
        ],
        true,
    );
    assert.equal(await page.locator('.note em').textContent(), 'New');
    assert.equal(await page.evaluate(() => window.hit), 1);
    await page.evaluate(() => window.mete.stop());
    assert.equal(await page.locator('hr').count(), 0);
    assert.equal(await page.locator('.note').textContent(), 'Note');
    await page.context().close();
});

test('no prototype is polluted, whatever a page or the edge says', async () => {
    const page = await newPage(browser);
    await page.route('**/v1/decide*', async (route) => {
        const body = (await (await route.fetch()).text())
            .replaceAll('"flags":{', '"flags":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}')
            .replace('"campaigns":{', '"campaigns":{"__proto__":{"flags":["polluted"],"polluted":1},');
        assert.ok(JSON.parse(body).decisions.length > 0);
        await route.fulfill({ body, contentType: 'application/json', headers: { 'access-control-allow-origin': '*' } });
    });
    await page.goto(`${site.url}/c1`);
    await page.evaluate(() => window.mete.ready);
    const found = await page.evaluate(() => {
        const evil = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
        window.mete.setAttributes(evil);
        window.mete.identify('u', evil);
        window.mete.track('__proto__', evil);
        window.dataLayer.push(JSON.parse('{"event":"purchase","ecommerce":{"__proto__":{"polluted":1},"value":1}}'));
        return [
            {}.polluted,
            Object.prototype.polluted,
            window.mete.flag('toString', 'none'),
            window.mete.flag('polluted', 'none'),
            window.mete.variant('constructor'),
        ];
    });
    assert.deepEqual(found, [undefined, undefined, 'none', 'none', null]);
    await page.context().close();
});
