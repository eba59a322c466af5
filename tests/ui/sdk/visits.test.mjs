// SPDX-License-Identifier: GPL-3.0-or-later
// What the SDK knows of a visitor by itself: its visits, where it came from first, what its basket is worth; for
// audiences, decided by the edge and in the browser, and with consent alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { newPage, startBrowser } from '../browser.mjs';
import { cookieOf, experiment, run, Site } from '../site.mjs';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const OWN = ['visitor_type', 'visit_count', 'days_since_first_visit', 'first_source', 'basket_value'];

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    const page = (data) =>
        `<!doctype html><html lang="en"><head><title>Shop</title>${site.snippet(data)}</head>` +
        '<body><h1>Old</h1></body></html>';
    site.pages['/local'] = page({ local: '' });
    site.pages['/consent'] = page({ consent: 'required' });
    site.pages['*'] = page({});
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

/* A page; page.told is what each question to the edge said of the visitor. */
async function open(path = '/', { record, referer, id, prepare = () => {} } = {}) {
    const page = await newPage(browser);
    page.told = [];
    page.on('request', (request) => {
        if (!/\/v1\/decide/.test(request.url())) return;
        const { attributes } = JSON.parse(request.postData());
        page.told.push(OWN.map((name) => attributes[name]));
    });
    if (id) await page.context().addCookies(cookieOf(site, id));
    if (record)
        await page.addInitScript(
            (text) => localStorage.getItem('mete.v') || localStorage.setItem('mete.v', text),
            JSON.stringify(record),
        );
    await prepare(page);
    await page.goto(site.url + path, { referer });
    await page.evaluate(() => window.mete.ready);
    return page;
}

const known = (ago, first, told) => ({
    id: 'known-1',
    at: Date.now() - ago,
    first: Date.now() - first,
    told: { visitor_type: 'new', visit_count: 1, first_source: 'newsletter', basket_value: 0, ...told },
});

/* What it is, [path, options], what is told. */
const VISITS = [
    ['a first visit', ['/'], ['new', 1, 0, 'direct', 0]],
    [
        'a first visit by a link',
        ['/', { referer: 'https://blog.example:8080/post?a=1' }],
        ['new', 1, 0, 'blog.example:8080', 0],
    ],
    ['by a campaign', ['/?utm_source=mail', { referer: 'https://blog.example/' }], ['new', 1, 0, 'mail', 0]],
    ['a page of the same visit', ['/', { record: known(29 * MINUTE, 29 * MINUTE) }], ['new', 1, 0, 'newsletter', 0]],
    ['a second visit', ['/', { record: known(31 * MINUTE, 31 * MINUTE) }], ['returning', 2, 0, 'newsletter', 0]],
    [
        'its first source stays',
        ['/?utm_source=mail', { record: known(DAY, DAY) }],
        ['returning', 2, 1, 'newsletter', 0],
    ],
    [
        'after years',
        ['/', { record: known(300 * DAY, 800.5 * DAY, { visit_count: 9 }) }],
        ['returning', 10, 800, 'newsletter', 0],
    ],
    [
        'a day less an hour',
        ['/', { record: known(23 * 60 * MINUTE, 23 * 60 * MINUTE) }],
        ['returning', 2, 0, 'newsletter', 0],
    ],
    [
        'a basket of the last visit',
        ['/', { record: known(DAY, DAY, { basket_value: 12.5 }) }],
        ['returning', 2, 1, 'newsletter', 12.5],
    ],
    ['another one’s record', ['/', { record: known(DAY, DAY), id: 'other-1' }], ['new', 1, 0, 'direct', 0]],
    ['a record after 13 months', ['/', { record: known(400 * DAY, 400 * DAY) }], ['new', 1, 0, 'direct', 0]],
    ['a record that is none', ['/', { record: 'nonsense' }], ['new', 1, 0, 'direct', 0]],
];

for (const [name, [path, options], told] of VISITS)
    test(`visits: ${name}`, async () => {
        const page = await open(path, options);
        assert.deepEqual(page.told[0], told);
        await page.reload();
        await page.evaluate(() => window.mete.ready);
        assert.deepEqual(page.told.at(-1), told, 'a page of the same visit');
        await page.context().close();
    });

/* What is pushed or tracked, and what the basket is worth then. */
const layer = (event, ecommerce) => `dataLayer.push(${JSON.stringify({ event, ecommerce })})`;
const BASKETS = [
    [layer('add_to_cart', { value: 20, currency: 'EUR' }), 20],
    [layer('add_to_cart', { value: '1.299,00 €', currency: 'EUR' }), 1299],
    [layer('add_to_cart', { currency: 'EUR', items: [{ price: 4.1, quantity: 3 }, { price: 5 }] }), 17.3],
    ["mete.track('add_to_cart', { value: 0.1 }); mete.track('add_to_cart', { value: 0.2 })", 0.3],
    ["mete.track('add_to_cart', { value: 9 }); mete.track('begin_checkout', { value: 30 })", 30],
    [`${layer('add_to_cart', { value: 9 })};${layer('view_cart', { value: 12 })}`, 12],
    [`${layer('add_to_cart', { value: 9 })};${layer('remove_from_cart', { value: 4 })}`, 5],
    [`${layer('add_to_cart', { value: 9 })};${layer('remove_from_cart', { value: 40 })}`, 0],
    [`${layer('add_to_cart', { value: 9 })};${layer('purchase', { value: 9, transaction_id: 'b1' })}`, 0],
    ["gtag = function () { dataLayer.push(arguments) }; gtag('event', 'add_to_cart', { value: 7 })", 7],
    [`${layer('add_to_cart', { value: 9 })};${layer('add_to_cart', { value: 'free' })}`, 9],
    [`${layer('add_to_cart', { value: 30 })};${layer('remove_from_cart', { value: '12,50', currency: 'EUR' })}`, 17.5],
    [`${layer('add_to_cart', { value: 30 })};${layer('view_cart', { value: '1.299,00 €', currency: 'EUR' })}`, 1299],
    [`${layer('add_to_cart', { value: 30 })};${layer('view_cart', {})}`, 30],
    [`${layer('add_to_cart', { value: 30 })};${layer('begin_checkout', { currency: 'EUR' })}`, 30],
    [`${layer('add_to_cart', { value: 30 })};${layer('view_cart', { items: [] })}`, 0],
    [
        `${layer('add_to_cart', { value: 30 })};${layer('view_cart', { items: [{ price: '4,10', quantity: '3' }] })}`,
        12.3,
    ],
    [`${layer('add_to_cart', { value: 9 })};${layer('view_item', { value: 70 })};${layer('xcart', { value: 1 })}`, 9],
];

/* As the page's own script says it. */
const TRACKED = [
    ["mete.track('add_to_cart', { value: 30 }); mete.track('remove_from_cart', { value: 4 })", 26],
    ["mete.track('add_to_cart', { value: 30 }); mete.track('remove_from_cart', { value: '12,50' })", 17.5],
    ["mete.track('add_to_cart', { value: 30 }); mete.track('view_cart', { value: 12 })", 12],
    ["mete.track('add_to_cart', { value: 30 }); mete.track('view_cart', { value: null })", 30],
    ["mete.track('add_to_cart', { value: 30 }); mete.track('view_cart')", 30],
];

async function assertBaskets(rows) {
    for (const [script, worth] of rows) {
        const page = await open();
        await page.evaluate(script);
        const of = () => page.evaluate(() => JSON.parse(localStorage.getItem('mete.v')).told.basket_value);
        await page.waitForFunction(() => window['mete:shop']);
        await until(async () => (await of()) === worth, 10_000, `${worth} after ${script}`);
        const names = await page.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)));
        assert.deepEqual(
            names.filter((name) => !/^mete\.(v|o|d|t|x|q\..*)$/.test(name)),
            [],
            'no more keys',
        );
        await page.context().close();
    }
}

test('what a basket is worth, from what a shop says', async () => {
    await assertBaskets(BASKETS);
    assert.equal(server.rows("select 1 from visitor_event where name ~ 'view_cart|remove|xcart'").length, 0);
});

test('what a basket is worth, from what is tracked', () => assertBaskets(TRACKED));

/* What a visitor says of the basket after the opt-out is neither kept nor a reason to load anything. */
test('after an opt-out no part is loaded for a basket', async () => {
    const page = await open();
    const scripts = [];
    page.on('request', (request) => /sdk-/.test(request.url()) && scripts.push(request.url()));
    await page.evaluate(() => window.mete.optOut());
    for (const [script] of [...BASKETS, ...TRACKED]) await page.evaluate(script);
    const marked = page.waitForRequest(/last\.png/);
    await page.evaluate(() => void document.body.append(Object.assign(new Image(), { src: '/last.png' })));
    await marked;
    assert.deepEqual(scripts, []);
    assert.equal(await page.evaluate(() => localStorage.getItem('mete.v')), null);
    await page.context().close();
});

/* An app that is one page, open for longer than a visit can be idle. */
test('a page that goes on to other addresses is one visit', async () => {
    const page = await open('/', { record: known(5 * MINUTE, 5 * MINUTE) });
    const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem('mete.v')));
    const rewind = (minutes) =>
        page.evaluate((ms) => {
            const record = JSON.parse(localStorage.getItem('mete.v'));
            localStorage.setItem('mete.v', JSON.stringify({ ...record, at: record.at - ms }));
        }, minutes * MINUTE);
    for (let i = 0; i < 3; i += 1) {
        await rewind(20);
        await page.evaluate((n) => history.pushState({}, '', `/step/${n}`), i);
    }
    const { id, at, told } = await kept();
    assert.deepEqual([id, told.visit_count, told.visitor_type], ['known-1', 1, 'new']);
    await rewind(20);
    await page.reload();
    await page.evaluate(() => window.mete.ready);
    assert.equal((await kept()).told.visit_count, 1);
    assert.ok((await kept()).at >= at);
    await rewind(40);
    await page.evaluate(() => history.pushState({}, '', '/later'));
    assert.deepEqual([(await kept()).told.visit_count, (await kept()).told.visitor_type], [2, 'returning']);
    await page.context().close();
});

const AUDIENCES = [
    ['newcomers', { visitor_type: 'new' }],
    ['regulars', { visit_count: { $gte: 3 } }],
    ['weeks', { days_since_first_visit: { $gt: 6, $lt: 15 } }],
    ['mailed', { first_source: 'newsletter' }],
    ['buyers', { basket_value: { $gte: 50 } }],
];
const RECORDS = [
    [undefined, ['newcomers']],
    [known(DAY, 3 * DAY, { visit_count: 2 }), ['regulars', 'mailed']],
    [known(DAY, 10 * DAY), ['weeks', 'mailed']],
    [known(MINUTE, MINUTE, { first_source: 'direct', basket_value: 50 }), ['newcomers', 'buyers']],
    [known(DAY, 15 * DAY, { visit_count: 7, basket_value: 49.99 }), ['regulars', 'mailed']],
];

test('audiences ask about them, at the edge and in the browser', async () => {
    for (const [key, audience] of AUDIENCES)
        await run(
            server,
            experiment([], {
                key,
                audience,
                variants: [{ key: 'on', weight: 1, is_control: true }],
                kind: 'rollout',
                metrics: [],
            }),
        );
    for (const path of ['/', '/local'])
        for (const [record, expected] of RECORDS) {
            const page = await open(path, { record });
            const served = await page.evaluate(() =>
                window.mete
                    .decisions()
                    .filter((d) => d.variant)
                    .map((d) => d.campaign),
            );
            assert.deepEqual(served.sort(), [...expected].sort(), `${path} ${JSON.stringify(record)}`);
            await page.context().close();
        }
});

test('a basket that grows is asked about again on the page it stands on', async () => {
    const page = await open();
    await page.evaluate(() => window.mete.track('add_to_cart', { value: 30 }));
    await page.evaluate(() => window.mete.track('add_to_cart', { value: 30 }));
    await page.waitForFunction(() => window.mete.decisions().some((d) => d.campaign === 'buyers' && d.variant));
    await page.context().close();
});

test('nothing of it is kept or told before consent, and all is forgotten without', async () => {
    const page = await open('/consent');
    await page.evaluate(() => {
        window.dataLayer = [{ event: 'add_to_cart', ecommerce: { value: 5 } }];
        window.mete.track('add_to_cart', { value: 5 });
    });
    assert.deepEqual([page.told, await page.evaluate(() => Object.keys(localStorage))], [[], []]);
    await page.evaluate(() => window.mete.consent(true));
    await page.waitForFunction(() => localStorage.getItem('mete.v'));
    await until(() => page.told.length, 10_000, 'a question');
    assert.deepEqual(page.told[0].slice(0, 3), ['new', 1, 0]);
    await page.evaluate(() => window.mete.consent(false));
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    await page.context().close();
});

test('without a storage each page is a first visit, and the shop goes on', async () => {
    const prepare = (page) =>
        page.addInitScript(() => {
            for (const name of ['localStorage', 'sessionStorage'])
                Object.defineProperty(window, name, {
                    get: () => {
                        throw new Error('no');
                    },
                });
        });
    const page = await open('/', { prepare });
    await page.evaluate(() => window.mete.track('add_to_cart', { value: 5 }));
    assert.deepEqual(page.told[0], ['new', 1, 0, 'direct', 0]);
    await page.context().close();
});
