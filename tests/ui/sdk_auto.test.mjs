// SPDX-License-Identifier: GPL-3.0-or-later
// What triggers a campaign, and what counts by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { newPage, startBrowser } from './browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from './site.mjs';

const BODY = `<h1>Old</h1><div style="height:3000px"></div><p class="deep">Deep</p>
<form onsubmit="return false"><button class="buy"><b>Buy</b></button></form>`;

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] =
        `<!doctype html><html lang="en"><head><title>Shop</title>${site.snippet()}</head>` +
        `<body>${BODY}</body></html>`;
    const [{ key }] = (await server.api('GET', '/session')).body.environments;
    const changed = await server.api('PATCH', `/environments/${key}`, {
        tracking: [
            { on: 'click', selector: '.buy', name: 'buy_click' },
            { on: 'submit', selector: 'form', name: 'form_sent' },
            { on: 'click', selector: '>>broken', name: 'never' },
        ],
    });
    assert.equal(changed.status, 200, changed.text);
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

let campaigns = 0;
async function visit(triggers, path, prepare = () => {}) {
    campaigns += 1;
    const key = `t${campaigns}`;
    await run(server, experiment([{ type: 'text', selector: 'h1', value: key }], { key, triggers }));
    const page = await newPage(browser);
    const id = await visitorOf(server, key, 'new');
    await page.context().addCookies(cookieOf(site, id));
    await prepare(page);
    await page.goto(site.url + path(key));
    await page.evaluate(() => window.mete.ready);
    return { page, key, id };
}

const isOn = (page, key) =>
    page
        .locator('h1')
        .textContent()
        .then((text) => text === key);
const untilOn = (page, key) => page.waitForFunction((text) => document.querySelector('h1').textContent === text, key);

const MATCHES = [
    [[{ value: '/{key}' }], ['/{key}', '/{key}/', '/{key}?a=1#b'], ['/{key}x', '/a/{key}']],
    [[{ match: 'exact', value: '/{key}?a=1' }], ['/{key}?a=1'], ['/{key}', '/{key}?a=1&b=2']],
    [
        [{ match: 'wildcard', value: '/{key}/*/end' }],
        ['/{key}/a/b/end', '/{key}/x/end?q'],
        ['/{key}/end', '/{key}/x/end/more'],
    ],
    [[{ match: 'regex', value: '/{key}/\\d+$' }], ['/{key}/12'], ['/{key}/x', '/{key}/12/']],
    [[{ value: '/{key}' }, { match: 'wildcard', value: '/{key}*', is_excluded: true }], [], ['/{key}']],
    [[{ match: 'wildcard', value: '*/{key}/w*' }], ['/{key}/w'], ['/{key}']],
];

test('pages: simple, exact, wildcard, regex, excluded', async () => {
    for (const [pages, on, off] of MATCHES) {
        const filled = pages.map((row) => ({ ...row, value: row.value.replace('{key}', `t${campaigns + 1}`) }));
        const { page, key } = await visit({ pages: filled }, () => '/start');
        for (const [paths, isWanted] of [
            [on, true],
            [off, false],
        ]) {
            for (const path of paths) {
                await page.evaluate((to) => history.pushState({}, '', to), path.replace('{key}', key));
                assert.equal(await isOn(page, key), isWanted, `${JSON.stringify(pages)} at ${path}`);
            }
        }
        await page.context().close();
    }
});

const pagesOf = (key) => [{ match: 'wildcard', value: `/${key}*` }];
const MOMENTS = {
    scroll: [{ on: 'scroll', amount: 50 }, (page) => page.evaluate(() => scrollTo(0, 2500))],
    time: [{ on: 'time', amount: 600 }, (page) => page.clock.fastForward(600_000)],
    visible: [{ on: 'visible', selector: '.deep' }, (page) => page.locator('.deep').scrollIntoViewIfNeeded()],
    exit: [
        { on: 'exit_intent' },
        (page) =>
            page.evaluate(() => document.dispatchEvent(new MouseEvent('mouseout', { clientY: -1, bubbles: true }))),
    ],
    event: [{ on: 'event', name: 'ready' }, (page) => page.evaluate(() => window.mete.track('ready'))],
    data_layer: [
        { on: 'data_layer', name: 'view_item' },
        (page) => page.evaluate(() => window.dataLayer.push({ event: 'view_item', ecommerce: {} })),
    ],
};

for (const [name, [moment, happen]] of Object.entries(MOMENTS)) {
    test(`moment: ${name}`, async () => {
        const { page, key, id } = await visit(
            { pages: pagesOf(`t${campaigns + 1}`), moments: [moment, { on: 'event', name: 'never' }] },
            (k) => `/${k}`,
            (made) => moment.on === 'time' && made.clock.install(),
        );
        assert.equal(await isOn(page, key), false);
        if (!moment.name && moment.on !== 'time') await page.waitForFunction(() => window['mete:late']);
        await happen(page);
        await untilOn(page, key);
        await page.evaluate(() => window.mete.flush());
        const exposures = await site.untilEvents(
            1,
            `visitor_id = '${id}' and name = 'exposure' and properties ->> 'campaign' = '${key}'`,
        );
        assert.equal(exposures.length, 1);
        await page.context().close();
    });
}

test('audience by utm, device, language and viewport; utm lasts the visit', async () => {
    const audience = {
        utm_source: 'mail',
        device: 'desktop',
        language: { $regex: '^de' },
        viewport_width: { $lt: 1000 },
    };
    const visitor = { utm_source: 'mail', device: 'desktop', language: 'de-DE', viewport_width: 900 };
    const options = { locale: 'de-DE', viewport: { width: 900, height: 600 } };
    campaigns += 1;
    const name = `t${campaigns}`;
    await run(
        server,
        experiment([{ type: 'text', selector: 'h1', value: name }], {
            key: name,
            audience,
            triggers: { pages: [{ match: 'wildcard', value: `/${name}*` }] },
        }),
    );
    const own = await newPage(browser, options);
    await own.context().addCookies(cookieOf(site, await visitorOf(server, name, 'new', visitor)));
    await own.goto(`${site.url}/${name}`);
    await own.evaluate(() => window.mete.ready);
    assert.equal(await isOn(own, name), false);
    await own.goto(`${site.url}/${name}?utm_source=mail`);
    await untilOn(own, name);
    await own.goto(`${site.url}/${name}/next`);
    await untilOn(own, name);
    await own.context().close();
});

test('clicks and forms by the selectors of the environment', async () => {
    const page = await newPage(browser);
    await page.goto(`${site.url}/clicks`);
    await page.evaluate(() => window.mete.ready);
    await page.waitForFunction(() => window['mete:late']);
    await page.locator('.buy b').click();
    await page.locator('h1').click();
    await page.evaluate(() => window.mete.flush());
    const [click] = await site.untilEvents(1, "name = 'buy_click'");
    const [sent] = await site.untilEvents(1, "name = 'form_sent'");
    assert.deepEqual(
        [click.properties.path, click.properties.selector, sent.properties.selector],
        ['/clicks', '.buy', 'form'],
    );
    assert.equal(site.events("name in ('buy_click', 'form_sent', 'never')").length, 2);
    const [{ key }] = (await server.api('GET', '/session')).body.environments;
    for (const [row, pointer] of [
        [{ selector: 'a' }, '/tracking/0/name'],
        [{ selector: 'a', name: 'exposure' }, '/tracking/0/name'],
        [{ on: 'hover', selector: 'a', name: 'x' }, '/tracking/0/on'],
    ]) {
        const { status, body } = await server.api('PATCH', `/environments/${key}`, { tracking: [row] });
        assert.deepEqual([status, body.pointer], [400, pointer]);
    }
    await page.context().close();
});

test('the data layer counts: GA4 pushes and gtag, before the SDK came and after', async () => {
    site.pages['/ga4'] = `<!doctype html><html lang="en"><head><title>Shop</title><script>
        dataLayer = [{ event: 'view_item', ecommerce: { currency: 'EUR', value: 7, items: [{ item_id: 'a' }] } }];
        function gtag() { dataLayer.push(arguments); }
        gtag('js', new Date());</script>${site.snippet()}</head><body>${BODY}</body></html>`;
    const page = await newPage(browser);
    await page.goto(`${site.url}/ga4`);
    await page.evaluate(() => window.mete.ready);
    await page.evaluate(() => {
        window.dataLayer.push({
            event: 'add_to_cart',
            ecommerce: { currency: 'EUR', value: '19.90', items: [{ item_id: 'a', price: 19.9, quantity: 1 }] },
        });
        window.gtag('event', 'purchase', {
            currency: 'EUR',
            value: 49.9,
            transaction_id: 'T-1',
            coupon: 'X',
            secret: 'no',
        });
        window.dataLayer.push({ event: 'gtm.click' }, null, 'text', { event: 5 });
        window.mete.flush();
    });
    const id = await page.evaluate(() => window.mete.visitorId());
    const rows = await site.untilEvents(3, `visitor_id = '${id}' and name in ('view_item', 'add_to_cart', 'purchase')`);
    const of = (name) => rows.find((row) => row.name === name).properties;
    assert.deepEqual(of('view_item'), { currency: 'EUR', value: 7, items: [{ item_id: 'a' }] });
    assert.equal(of('add_to_cart').value, 19.9);
    assert.deepEqual(of('purchase'), { currency: 'EUR', value: 49.9, transaction_id: 'T-1', coupon: 'X' });
    assert.equal(await page.evaluate(() => window.dataLayer.length), 8);
    await page.evaluate(() => {
        window.mete.consent(false);
        window.mete.consent(true);
        window.mete.flush();
    });
    const again = await page.evaluate(() => window.mete.visitorId());
    await site.untilEvents(1, `visitor_id = '${again}' and name = 'page_view'`);
    assert.deepEqual(site.events(`visitor_id = '${again}' and name = 'purchase'`), []);
    await page.context().close();
});

test('flags: asking exposes, in every arm; before the decision it says so', async () => {
    await server.api('POST', '/flags', { key: 'cta', type: 'string', default: 'Order' });
    await run(
        server,
        experiment([], {
            key: 'flags',
            variants: [
                { key: 'control', weight: 0.5, is_control: true },
                { key: 'new', weight: 0.5, flags: { cta: 'Buy' } },
            ],
        }),
    );
    for (const [variant, text] of [
        ['control', 'Order'],
        ['new', 'Buy'],
    ]) {
        const id = await visitorOf(server, 'flags', variant);
        const page = await newPage(browser);
        await page.context().addCookies(cookieOf(site, id));
        await page.goto(`${site.url}/flags`);
        await page.evaluate(() => window.mete.ready);
        const exposures = () =>
            site.events(`visitor_id = '${id}' and name = 'exposure' and properties ->> 'campaign' = 'flags'`);
        await page.evaluate(() => window.mete.flush());
        await site.untilEvents(1, `visitor_id = '${id}' and name = 'page_view'`);
        assert.deepEqual(exposures(), []);
        assert.equal(await page.evaluate(() => window.mete.flag('cta', 'None')), text);
        await page.evaluate(() => window.mete.flush());
        await until(() => exposures().length === 1, 10_000, 'the exposure');
        assert.equal(exposures()[0].properties.timed_out, undefined);
        await page.context().close();
    }
    const early = await newPage(browser);
    site.pages['/early'] = site.pages['*'].replace(
        '</head>',
        '<script>first = mete.flag("cta", "None")</script></head>',
    );
    await early.goto(`${site.url}/early`);
    await early.evaluate(() => window.mete.ready);
    assert.equal(await early.evaluate(() => window.first), 'None');
    await early.evaluate(() => window.mete.flush());
    const id = await early.evaluate(() => window.mete.visitorId());
    const [{ properties }] = await site.untilEvents(
        1,
        `visitor_id = '${id}' and name = 'exposure' and properties ->> 'campaign' = 'flags'`,
    );
    assert.equal(properties.timed_out, true);
    await early.context().close();
});
