// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing is stored or sent that a visitor did not agree to; and the cookie that the edge sets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../http/lib/harness.mjs';
import { newPage, startBrowser } from './browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from './site.mjs';

const page = (snippet) =>
    `<!doctype html><html lang="en"><head><title>Shop</title>${snippet}</head><body><h1>Old</h1></body></html>`;

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['/'] = page(site.snippet());
    site.pages['/consent'] = page(site.snippet({ consent: 'required' }));
    site.pages['/honor'] = page(site.snippet({ honor: 'gpc dnt' }));
    await run(server, experiment([{ type: 'text', selector: 'h1', value: 'New' }]));
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

async function open(path, prepare = async () => {}) {
    const made = await newPage(browser);
    made.asked = [];
    made.on('request', (request) => request.url().includes('/v1/') && made.asked.push(request.url()));
    await prepare(made);
    await made.goto(site.url + path);
    await made.evaluate(() => window.mete.ready);
    return made;
}

const kept = async (from) => ({
    cookies: (await from.context().cookies()).map(({ name }) => name),
    local: await from.evaluate(() => Object.keys(localStorage)),
    session: await from.evaluate(() => Object.keys(sessionStorage)),
});
const NOTHING = { cookies: [], local: [], session: [] };

async function assertSilent(from, expected = NOTHING) {
    await from.evaluate(() => {
        window.mete.track('early', { n: 1 });
        window.mete.identify('user-1', { vip: true });
        window.dataLayer = window.dataLayer ?? [];
        window.dataLayer.push({ event: 'purchase', ecommerce: { value: 1, currency: 'EUR', transaction_id: 't' } });
        window.mete.flush();
        history.pushState({}, '', '?next');
        return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    assert.deepEqual(await kept(from), expected);
    assert.deepEqual(from.asked, []);
    assert.equal(await from.evaluate(() => window.mete.visitorId()), null);
    assert.equal(await from.locator('h1').textContent(), 'Old');
}

test('before consent nothing is stored or sent; with it all begins; withdrawn, all is forgotten', async () => {
    const from = await open('/consent');
    await assertSilent(from);
    await from.evaluate(() => window.mete.consent(true));
    await from.waitForFunction(() => window.mete.decisions().length > 0);
    const id = await from.evaluate(() => window.mete.visitorId());
    await from.evaluate(() => window.mete.flush());
    await site.untilEvents(1, `visitor_id = '${id}' and name = 'page_view'`);
    await from.reload();
    await from.evaluate(() => window.mete.ready);
    assert.equal(await from.evaluate(() => window.mete.visitorId()), id);
    await from.evaluate(() => window.mete.consent(false));
    assert.deepEqual(await kept(from), NOTHING);
    assert.equal(await from.locator('h1').textContent(), 'Old');
    from.asked.length = 0;
    await from.reload();
    await assertSilent(from);
    assert.deepEqual(site.events("name = 'early'"), []);
    await from.context().close();
});

test('an opt-out forgets, and lasts until it is taken back', async () => {
    const from = await open('/');
    const id = await from.evaluate(() => window.mete.visitorId());
    await from.evaluate(() => window.mete.optOut());
    const expected = { ...NOTHING, local: ['mete_optout'] };
    assert.deepEqual(await kept(from), expected);
    from.asked.length = 0;
    await from.reload();
    await assertSilent(from, expected);
    await from.evaluate(() => window.mete.optOut(false));
    await from.waitForFunction(() => window.mete.decisions().length > 0);
    assert.notEqual(await from.evaluate(() => window.mete.visitorId()), id);
    await from.context().close();
});

for (const [name, property, value] of [
    ['Global Privacy Control', 'globalPrivacyControl', true],
    ['Do Not Track', 'doNotTrack', '1'],
]) {
    test(`${name} counts where the site honours it, and only there`, async () => {
        const signal = (made) =>
            made.addInitScript(
                ([p, v]) => Object.defineProperty(Navigator.prototype, p, { get: () => v }),
                [property, value],
            );
        const from = await open('/honor', signal);
        await assertSilent(from);
        const other = await open('/', signal);
        assert.ok(await other.evaluate(() => window.mete.visitorId()));
        const free = await open('/honor');
        assert.ok(await free.evaluate(() => window.mete.visitorId()));
        for (const made of [from, other, free]) await made.context().close();
    });
}

test('the edge sets the cookie on the host it is served from', async () => {
    const ask = (body, headers = {}) =>
        fetch(`${server.edgeUrl}/v1/visitor?key=${server.clientKey}`, {
            method: 'POST',
            body: JSON.stringify(body),
            headers,
        });
    const reply = await ask({ visitor_id: 'a;b ä' });
    assert.equal(reply.status, 204);
    assert.equal(
        reply.headers.get('set-cookie'),
        `mete_id=a%3Bb%20%C3%A4; Path=/; Max-Age=${395 * 86400}; SameSite=Lax`,
    );
    assert.equal((await ask({ visitor_id: '' })).status, 400);
    assert.equal((await ask({ visitor_id: 'a\r\nSet-Cookie: x=1' })).status, 400);
    assert.equal((await ask({ visitor_id: 'a', domain: 'example.com' })).status, 400);
    assert.equal(
        (await ask({ visitor_id: 'a', domain: '0.0.1' })).headers.get('set-cookie').endsWith('Domain=0.0.1'),
        true,
    );
    assert.equal((await fetch(`${server.edgeUrl}/v1/visitor`, { method: 'POST', body: '{}' })).status, 401);
});

test('cookie: server: the id of the page, kept by the edge and not by the script', async () => {
    const edge = server.edgeUrl.replace('127.0.0.1', 'localhost');
    site.pages['/server'] = page(site.snippet({ edge, cookie: 'server' }));
    const from = await open('/server');
    const id = await from.evaluate(() => window.mete.visitorId());
    await from.waitForFunction((wanted) => document.cookie === `mete_id=${wanted}`, id);
    await from.evaluate(() => localStorage.clear());
    await from.reload();
    assert.equal(await from.evaluate(() => window.mete.visitorId()), id);
    await from.context().close();
});

test('a key that is bound to other pages is refused, and the page goes on', async () => {
    const [{ key }] = (await server.api('GET', '/session')).body.environments;
    const id = await visitorOf(server, 'web', 'new');
    const bind = async (allowed_origins) => {
        await server.api('PATCH', `/environments/${key}`, { allowed_origins });
        const version = Number(server.psql('select max(version) from snapshot'));
        for (;;) if ((await server.decide({ visitor_id: 'v' })).body.snapshot >= version) return;
    };
    await bind(['https://elsewhere.example']);
    const refused = await open('/', (made) => made.context().addCookies(cookieOf(site, id)));
    assert.equal(await refused.locator('h1').textContent(), 'Old');
    await bind([site.url]);
    await refused.reload();
    await refused.evaluate(() => window.mete.ready);
    await refused.waitForFunction(() => document.querySelector('h1').textContent === 'New');
    await refused.context().close();
    await bind([]);
});
