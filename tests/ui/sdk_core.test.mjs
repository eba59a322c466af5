// SPDX-License-Identifier: GPL-3.0-or-later
// The SDK on a customer's page: who is served what, what is reported, and what is kept.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { assertQuiet, newPage, startBrowser } from './browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from './site.mjs';

const PAGE =
    '<!doctype html><html lang="en"><head><title>Shop</title>{sdk}</head>' +
    '<body><h1>Old</h1><button class="buy">Buy</button></body></html>';

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server, { '*': PAGE });
    await run(
        server,
        experiment([{ type: 'text', selector: 'h1', value: 'New <b>' }], {
            triggers: { pages: [{ value: '/' }, { value: '/again' }] },
        }),
    );
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

async function visit(variant, path = '/') {
    const id = await visitorOf(server, 'web', variant);
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, id));
    await page.goto(site.url + path);
    await page.evaluate(() => window.mete.ready);
    return { id, page };
}

test('each arm sees its page, and each is exposed once, over pages and reloads', async () => {
    for (const variant of ['control', 'new']) {
        const { id, page } = await visit(variant);
        assert.equal(await page.locator('h1').textContent(), variant === 'new' ? 'New <b>' : 'Old');
        await page.reload();
        await page.goto(`${site.url}/again`);
        await page.goto(`${site.url}/elsewhere`);
        assert.equal(await page.locator('h1').textContent(), 'Old');
        await page.evaluate(() => window.mete.flush());
        await site.untilEvents(4, `visitor_id = '${id}' and name = 'page_view'`);
        const exposures = site.events(`visitor_id = '${id}' and name = 'exposure'`);
        assert.equal(exposures.length, 1);
        const { campaign, phase, variant: seen, device, path, timed_out } = exposures[0].properties;
        assert.deepEqual(
            [campaign, phase, seen, device, path, timed_out],
            ['web', 1, variant, 'desktop', '/', undefined],
        );
        assertQuiet(page);
        await page.context().close();
    }
});

test('nobody is exposed where the campaign is not', async () => {
    const { id, page } = await visit('new', '/elsewhere');
    await page.evaluate(() => window.mete.flush());
    await site.untilEvents(1, `visitor_id = '${id}'`);
    assert.deepEqual(
        site.events(`visitor_id = '${id}'`).map(({ name }) => name),
        ['page_view'],
    );
    await page.context().close();
});

test('an id that is nobody’s is no id: neither of the page nor of a cookie', async () => {
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, 'undefined'));
    await page.goto(site.url);
    await page.evaluate(() => window.mete.ready);
    const id = await page.evaluate(() => window.mete.visitorId());
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    await site.untilEvents(1, `visitor_id = '${id}'`);
    await page.context().close();
});

test('a new visitor keeps its id in a cookie of 13 months and in localStorage', async () => {
    const page = await site.open(browser);
    await page.evaluate(() => window.mete.ready);
    const id = await page.evaluate(() => window.mete.visitorId());
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const cookie = (await page.context().cookies()).find(({ name }) => name === 'mete_id');
    assert.equal(cookie.value, id);
    const days = (cookie.expires - Date.now() / 1000) / 86400;
    assert.ok(days > 394 && days < 396, `${days} days`);
    await page.context().clearCookies();
    await page.reload();
    assert.equal(await page.evaluate(() => window.mete.visitorId()), id);
    await page.context().close();
});

test('track: what was pushed before the SDK came, and after', async () => {
    site.pages['/early'] = PAGE.replace('{sdk}', '<script>mete=[["track","early",{"n":1}]]</script>{sdk}');
    const page = await site.open(browser, '/early');
    await page.evaluate(() => window.mete.track('late', { value: 2 }));
    await page.evaluate(() => window.mete.flush());
    const [early] = await site.untilEvents(1, "name = 'early'");
    const [late] = await site.untilEvents(1, "name = 'late'");
    assert.deepEqual([early.properties, late.properties], [{ n: 1 }, { value: 2 }]);
    assert.equal(early.visitor_id, late.visitor_id);
    await page.context().close();
});

test('the script says what it is, for caches and for pages of other origins', async () => {
    for (const part of ['', '-late', '-local', '-widgets', '-qa', '-say', '-shop']) {
        const name = `sdk${part}.js`;
        const first = await fetch(`${server.edgeUrl}/${name}`, { headers: { origin: site.url } });
        assert.equal(first.status, 200);
        assert.match(first.headers.get('content-type'), /javascript/);
        assert.match(first.headers.get('cache-control'), /^public, max-age=\d{2,3}\b/);
        assert.equal(first.headers.get('access-control-allow-origin'), site.url);
        assert.equal(first.headers.get('cross-origin-resource-policy'), 'cross-origin');
        const again = await fetch(`${server.edgeUrl}/${name}`, {
            headers: { 'if-none-match': first.headers.get('etag') },
        });
        assert.equal(again.status, 304);
    }
});

test('panic: everybody sees the control, and nobody is exposed by it', async () => {
    const id = await visitorOf(server, 'web', 'new');
    const [{ key }] = (await server.api('GET', '/session')).body.environments;
    await server.api('POST', `/environments/${key}/panic`, { is_panic: true });
    await until(
        async () => (await server.decide({ visitor_id: id })).body.decisions[0].reason === 'panic',
        10_000,
        'panic on the edge',
    );
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, id));
    await page.goto(site.url);
    await page.evaluate(() => window.mete.ready);
    assert.equal(await page.locator('h1').textContent(), 'Old');
    await page.evaluate(() => window.mete.flush());
    await site.untilEvents(1, `visitor_id = '${id}' and name = 'page_view'`);
    assert.deepEqual(site.events(`visitor_id = '${id}' and name = 'exposure'`), []);
    await page.context().close();
});
