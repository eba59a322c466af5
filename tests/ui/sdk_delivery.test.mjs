// SPDX-License-Identifier: GPL-3.0-or-later
// Events on their way from a page to the database: in batches, without a network, over reloads, past
// an edge that refuses; each arrives once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { newPage, startBrowser } from './browser.mjs';
import { experiment, Line, run, Site } from './site.mjs';

const PAGE = '<!doctype html><html lang="en"><head><title>Shop</title>{sdk}</head><body><h1>Old</h1></body></html>';

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server, { '*': PAGE });
    await run(server, experiment([{ type: 'text', selector: 'h1', value: 'New' }]));
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

/* A page, and the bodies of the requests with events that it sends. */
async function open(path = '/', answer = (route) => route.continue()) {
    const page = await newPage(browser);
    const sent = [];
    page.answer = answer;
    await page.route('**/v1/events*', (route) => {
        sent.push({ ...JSON.parse(route.request().postData()), headers: route.request().headers(), at: Date.now() });
        return page.answer(route, sent.length);
    });
    await page.goto(site.url + path);
    await page.evaluate(() => window.mete.ready);
    return { page, sent };
}

const kept = (page) =>
    page.evaluate(() =>
        Object.keys(localStorage)
            .filter((name) => name.startsWith('mete.q.'))
            .flatMap((name) => JSON.parse(localStorage.getItem(name)).entries),
    );
const waiting = async (page) => (await kept(page)).length;
const untilSent = (page) => until(async () => (await waiting(page)) === 0, 15_000, 'an empty queue');
const track = (page, name, count) =>
    page.evaluate(
        ([what, n]) => {
            for (let i = 0; i < n; i += 1) window.mete.track(what, { i });
        },
        [name, count],
    );

function assertOnce(name, count) {
    const found = site.events(`name = '${name}'`).map(({ properties }) => properties.i);
    assert.deepEqual(
        found.sort((a, b) => a - b),
        Array.from({ length: count }, (_, i) => i),
    );
}

test('ten make a batch, fewer wait two seconds; text/plain, so no preflight', async () => {
    const preflights = [];
    const { page, sent } = await open('/', (route) => route.continue());
    page.on('request', (request) => request.method() === 'OPTIONS' && preflights.push(request.url()));
    await untilSent(page);
    sent.length = 0;
    const begun = Date.now();
    await track(page, 'few', 3);
    await untilSent(page);
    assert.equal(sent.length, 1);
    assert.ok(sent[0].at - begun > 1500, 'few events wait for more');
    assert.match(sent[0].headers['content-type'], /^text\/plain/);
    sent.length = 0;
    await track(page, 'many', 10);
    await until(() => sent.length > 0, 1_000, 'ten to go at once');
    await untilSent(page);
    assertOnce('few', 3);
    assertOnce('many', 10);
    assert.deepEqual(preflights, []);
    await page.context().close();
});

test('offline: events survive a reload and arrive once', async () => {
    const line = await Line.start(server);
    site.pages['/offline'] = PAGE.replace('{sdk}', site.snippet({ edge: line.url }));
    const page = await site.open(browser, '/offline');
    await page.evaluate(() => window.mete.ready);
    line.cut();
    await track(page, 'offline', 25);
    await page.reload();
    await page.evaluate(() => window.mete.ready);
    assert.ok((await waiting(page)) >= 25);
    assert.deepEqual(site.events("name = 'offline'"), []);
    line.mend();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await untilSent(page);
    assertOnce('offline', 25);
    const id = await page.evaluate(() => window.mete.visitorId());
    assert.equal(site.events(`visitor_id = '${id}' and name = 'exposure'`).length, 1);
    await page.context().close();
    await line.stop();
});

test('a lost answer: the same ids are sent again, and nothing is stored twice', async () => {
    const lose = async (route) => {
        await route.fetch();
        await route.abort('connectionreset');
    };
    const { page, sent } = await open('/', (route, n) => (n <= 2 ? lose(route) : route.continue()));
    await track(page, 'lost', 12);
    await untilSent(page);
    const ids = sent.flatMap(({ events }) =>
        events.filter(({ name }) => name === 'lost').map(({ event_id }) => event_id),
    );
    assert.ok(ids.length > 12, 'some were sent again');
    assert.equal(new Set(ids).size, 12);
    assertOnce('lost', 12);
    await page.context().close();
});

test('Retry-After is waited for, and pauses grow without one', async () => {
    const refuse = (route, n) =>
        route.fulfill({
            status: 503,
            headers: {
                'access-control-allow-origin': '*',
                'access-control-expose-headers': 'Retry-After',
                ...(n === 1 ? { 'retry-after': '3' } : {}),
            },
        });
    const { page, sent } = await open('/', (route, n) => (n <= 2 ? refuse(route, n) : route.continue()));
    await track(page, 'refused', 10);
    await untilSent(page);
    assert.ok(sent[1].at - sent[0].at >= 3_000, `${sent[1].at - sent[0].at} ms`);
    assert.ok(sent[2].at - sent[1].at >= 1_000, `${sent[2].at - sent[1].at} ms`);
    assertOnce('refused', 10);
    await page.context().close();
});

test('what the server refuses for good is not sent for ever', async () => {
    const { page } = await open();
    await page.evaluate(() => window.mete.track('purchase', { value: 1e30, currency: 'EUR' }));
    await track(page, 'beside', 10);
    await untilSent(page);
    assertOnce('beside', 10);
    assert.deepEqual(site.events("name = 'purchase'"), []);
    await page.context().close();
});

test('leaving the page sends what waits', async () => {
    const { page } = await open();
    await untilSent(page);
    await track(page, 'leaving', 3);
    await page.goto('about:blank');
    await site.untilEvents(3, "name = 'leaving'");
    await page.goto(site.url);
    await page.evaluate(() => window.mete.ready);
    await untilSent(page);
    assertOnce('leaving', 3);
    await page.context().close();
});

test('two tabs lose nothing', async () => {
    const { page } = await open();
    const other = await page.context().newPage();
    await other.goto(site.url);
    await other.evaluate(() => window.mete.ready);
    await Promise.all(
        [page, other].map((tab, n) =>
            tab.evaluate((from) => {
                for (let i = 0; i < 15; i += 1) window.mete.track('tabs', { i: from + i });
            }, n * 15),
        ),
    );
    await other.goto('about:blank');
    await page.reload();
    await page.evaluate(() => window.mete.ready);
    await untilSent(page);
    assertOnce('tabs', 30);
    await page.context().close();
});

test('the queue is bounded: the oldest go first', async () => {
    const { page } = await open('/', (route) => route.abort());
    await track(page, 'bounded', 1200);
    const entries = await kept(page);
    assert.equal(entries.length, 500);
    assert.equal(entries.at(-1)[1].properties.i, 1199);
    await page.evaluate(() => {
        for (let i = 0; i < 100; i += 1) window.mete.track('large', { text: 'x'.repeat(10_000) });
    });
    const bytes = JSON.stringify(await kept(page)).length;
    assert.ok(bytes < 210_000, `${bytes} bytes`);
    await page.context().close();
});

test('without storage, memory serves', async () => {
    const page = await newPage(browser);
    await page.addInitScript(() => {
        for (const area of ['localStorage', 'sessionStorage'])
            Object.defineProperty(window, area, {
                get() {
                    throw new DOMException('denied', 'SecurityError');
                },
            });
    });
    await page.goto(site.url);
    await page.evaluate(() => window.mete.ready);
    await track(page, 'memory', 10);
    await site.untilEvents(10, "name = 'memory'");
    assertOnce('memory', 10);
    await page.context().close();
});
