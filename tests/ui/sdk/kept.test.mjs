// SPDX-License-Identifier: GPL-3.0-or-later
// Where an environment keeps markup out, no other kind of change lets it in: neither when it is saved, nor in
// the browser of a page whose decision holds it all the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { sourceRoot } from '../../http/lib/paths.mjs';
import { newPage, startBrowser } from '../browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from '../site.mjs';

const BODY = `<h1>Old</h1>
<script type="application/ld+json" class="data">{}</script><script type="text/plain" class="later"></script>
<style class="sheet"></style><link class="icon" rel="icon" href="data:,"><base class="base" target="_self">
<iframe class="frame"></iframe><object class="thing"></object><embed class="thing2">
<svg width="9" height="9"><a class="svga"><animate class="move" attributeName="href"></animate></a></svg>
<form class="pay"><input name="password" value="secret"><button class="buy">Buy</button></form>
<a class="link" href="/old">Link</a><p class="box">Box</p>`;

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] =
        `<!doctype html><html lang="en"><head><title>Shop</title>${site.snippet({ timeout: 10_000 })}</head>` +
        `<body>${BODY}</body></html>`;
    await run(server, experiment([{ type: 'text', selector: '.nothing', value: 'x' }]));
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

const attribute = (selector, name, value) => ({ type: 'attribute', selector, name, value });
const HIT = 'window.hit=1';

/* What it tries, and where the server finds it: null, where only the page can tell. */
const ATTACKS = [
    [attribute('.data', 'type', 'text/javascript'), null],
    [attribute('.data', 'src', `data:text/javascript,${HIT}`), null],
    [attribute('script[type="application/ld+json"]', 'src', '/evil.js'), '/selector'],
    [{ type: 'text', selector: '.later', value: HIT }, null],
    [{ type: 'text', selector: 'body > script.later', value: HIT }, '/selector'],
    [{ type: 'text', selector: '.sheet', value: 'h1{display:none}' }, null],
    [attribute('base', 'href', 'http://evil.example/'), '/selector'],
    [attribute('.base', 'href', 'http://evil.example/'), null],
    [attribute('head META', 'http-equiv', 'refresh'), '/selector'],
    [attribute('i, link', 'href', 'http://evil.example/x.css'), '/selector'],
    [attribute('.icon', 'rel', 'stylesheet'), null],
    [attribute('.frame', 'src', 'http://evil.example/'), null],
    [attribute('.frame', 'srcdoc', `<script>${HIT}</script>`), '/name'],
    [attribute('.thing', 'data', 'http://evil.example/'), null],
    [attribute('.thing2', 'src', 'http://evil.example/'), null],
    [attribute('svg|animate', 'values', 'javascript:1'), '/selector'],
    [attribute('.move', 'values', '/;javascript:1'), null],
    [attribute('form', 'action', 'http://evil.example/'), '/name'],
    [attribute('.buy', 'FormAction', 'http://evil.example/'), '/name'],
    [attribute('.link', 'ping', 'http://evil.example/'), '/name'],
    [attribute('.box', 'nonce', 'n'), '/name'],
    [attribute('.box', 'integrity', 'n'), '/name'],
    [attribute('.box', 'onclick', HIT), '/name'],
    [attribute('.box', 'on-click', HIT), '/name'],
    [attribute('.box', 'x-on:click', HIT), '/name'],
    [attribute('.link', 'href', `java\tscript:${HIT}`), '/value'],
    [attribute('.link', 'href', ` JavaScript:${HIT}`), '/value'],
    [attribute('.link', 'href', `data:text/html,<script>${HIT}</script>`), '/value'],
    [{ type: 'move', selector: 'iframe', target: 'h1', position: 'before' }, '/selector'],
    [{ type: 'html', selector: '.box', value: `<img src=x onerror="${HIT}">` }, '/type'],
    [{ type: 'script', value: HIT }, '/type'],
];

test('what would let markup in is refused when it is saved, with the place of the fault', async () => {
    for (const [change, place] of ATTACKS) {
        const { status, body } = await server.api('POST', '/campaigns', {
            ...experiment([change], { key: `k${Math.random().toString(36).slice(2)}` }),
        });
        if (place === null) assert.equal(status, 201, JSON.stringify(change));
        else {
            assert.equal(status, 400, JSON.stringify([change, body]));
            assert.equal(body.pointer, `/variants/1/changes/0${place}`, JSON.stringify(change));
        }
    }
});

const ALLOWED = [
    attribute('script + p', 'title', 'x'),
    attribute('.card:not(script)', 'title', 'x'),
    attribute('a[href="base, link"]', 'href', '/new'),
    attribute('.script', 'title', 'x'),
    attribute('#meta', 'title', 'x'),
    attribute('object-list', 'title', 'x'),
    { type: 'hide', selector: 'iframe' },
    { type: 'style', selector: 'iframe', name: 'width', value: '1px' },
    { type: 'class', selector: 'link', value: 'x' },
    attribute('img', 'src', '/new.png'),
];

test('what only sounds like it is taken', async () => {
    for (const change of ALLOWED) {
        const { status, text } = await server.api('POST', '/campaigns', {
            ...experiment([change], { key: `k${Math.random().toString(36).slice(2)}` }),
        });
        assert.equal(status, 201, JSON.stringify([change, text]));
    }
});

/* A page whose decision holds changes that nobody could have saved. */
async function visit(changes, allowsHtml) {
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, await visitorOf(server, 'web', 'new')));
    await page.route('**/v1/decide*', async (route) => {
        const reply = await (await route.fetch()).json();
        reply.decisions[0].changes = changes;
        reply.page.allows_html = allowsHtml;
        reply.page.campaigns.web.targets = [];
        await route.fulfill({ json: reply, headers: { 'access-control-allow-origin': '*' } });
    });
    await page.goto(`${site.url}/`);
    await page.evaluate(() => window.mete.ready);
    return page;
}

const body = (page) => page.evaluate(() => document.body.innerHTML);

test('nothing of it comes through in the browser', async () => {
    const clean = await newPage(browser);
    await clean.goto(site.url);
    await clean.evaluate(() => window.mete.ready);
    const expected = await body(clean);
    for (const [change] of ATTACKS) {
        const page = await visit([change, { type: 'class', selector: 'h1', value: 'done' }], false);
        assert.equal((await body(page)).replace('<h1 class="done">', '<h1>'), expected, JSON.stringify(change));
        assert.equal(await page.locator('h1.done').count(), 1);
        assert.equal(await page.evaluate(() => window.hit), undefined);
        await page.context().close();
    }
    await clean.context().close();
});

test('where markup is allowed, so are its other doors; handlers have none', async () => {
    const page = await visit(
        [attribute('form', 'action', '/pay'), attribute('.frame', 'title', 'Film'), attribute('.box', 'onclick', HIT)],
        true,
    );
    assert.equal(await page.locator('form').getAttribute('action'), '/pay');
    assert.equal(await page.locator('.frame').getAttribute('title'), 'Film');
    assert.equal(await page.locator('.box').getAttribute('onclick'), null);
    await page.context().close();
});

test('the server and the SDK have one table', () => {
    const read = (path) => readFileSync(join(sourceRoot, path), 'utf8');
    const c = read('server/model/campaign/web_change.c');
    const list = (name) => [...new RegExp(`\\b${name}\\[\\] = \\{([^}]*)\\}`).exec(c)[1].matchAll(/"([^"]+)"/g)];
    const of = (name) => list(name).map((match) => match[1]);
    const ts = read('web-ui/sdk/core/change.ts');
    const pattern = (name) => new RegExp(`const ${name} =\\s+/\\^\\((.*)\\)\\$/`).exec(ts)[1].split('|');
    assert.deepEqual(pattern('ELEMENTS'), of('elements'));
    const names = /const NAMES =\s+\/\^\((.*)\|\((.*)\)-\.\*\)\$\/i/.exec(ts);
    assert.deepEqual(names[1].split('|'), of('names'));
    assert.deepEqual(
        names[2].split('|').map((name) => `${name}-`),
        of('prefixes'),
    );
});
