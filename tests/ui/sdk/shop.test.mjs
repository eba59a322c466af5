// SPDX-License-Identifier: GPL-3.0-or-later
// What a shop sends: money in every way of writing, currencies, data layers that are put in place of others,
// orders sent twice; what is refused is told in the console; addresses without secrets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { newPage, startBrowser } from '../browser.mjs';
import { Site } from '../site.mjs';

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] =
        '<!doctype html><html lang="en"><head><title>Shop</title>' +
        `${site.snippet({ 'url-parameters': 'q page' })}</head>` +
        '<body><h1>Thank you</h1></body></html>';
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

/* A page with what it says in the console. */
async function open(path = '/') {
    const page = await newPage(browser);
    page.said = [];
    page.on('console', (message) => page.said.push(`${message.type()}: ${message.text()}`));
    await page.goto(site.url + path);
    await page.evaluate(() => window.mete.ready);
    page.id = await page.evaluate(() => window.mete.visitorId());
    return page;
}

/* Sends what waits, once the part has come that reads a shop's events. */
async function sendAll(page) {
    await page.waitForFunction(() => window['mete:shop']);
    await page.evaluate(() => window.mete.flush());
}

const warnings = (page, pattern) => page.said.filter((text) => text.startsWith('warning: mete:') && pattern.test(text));

/* Text, currency, the amount or null, whether it is doubted. */
// prettier-ignore
const AMOUNTS = [
    ['1,299.00', 'EUR', 1299], ['1.299,00 €', 'EUR', 1299], ['1 299,00', 'EUR', 1299], ["1'299.00", 'EUR', 1299],
    ['1\u00a0299,00\u00a0€', 'EUR', 1299], ['1\u202f299,00', 'EUR', 1299], ['CHF 1’299.–', 'EUR', 1299],
    ['12,50', 'EUR', 12.5], ['12.5', 'EUR', 12.5], ['49.90', 'EUR', 49.9], ['€ 12', 'EUR', 12], ['12,-', 'EUR', 12],
    ['1.299,00 kr.', 'EUR', 1299], ['Rs.500', 'EUR', 500], ['12,34,567.80', 'EUR', 1234567.8],
    ['1.234.567', 'EUR', 1234567], ['1234.5678', 'EUR', 1234.5678], ['0.299', 'EUR', 0.299], ['.50', 'EUR', 0.5],
    ['1.299', 'EUR', 1299, true], ['1,299', 'EUR', 1299, true],
    ['free', 'EUR', null], ['', 'EUR', null], ['1.2,3.4', 'EUR', null], ['12 to 15', 'EUR', null],
    ['12.34.56', 'EUR', null], ['NaN', 'EUR', null], ['1e3', 'EUR', null], ['１２', 'EUR', null],
];

test('money is read as it is written, or left out with a word', async () => {
    for (const [i, [text, currency, amount, isDoubted = false]] of AMOUNTS.entries()) {
        const page = await open();
        await page.evaluate(
            ([value, money, id]) =>
                window.dataLayer.push({
                    event: 'purchase',
                    ecommerce: { transaction_id: id, value, currency: money, items: [{ item_id: 'a', price: value }] },
                }),
            [text, currency, `M${i}`],
        );
        await sendAll(page);
        const [{ properties }] = await site.untilEvents(1, `visitor_id = '${page.id}' and name = 'purchase'`);
        assert.equal(properties.value ?? null, amount, text);
        assert.equal(properties.items[0].price ?? null, amount, text);
        const isTold = () => warnings(page, /value/).length === 1;
        if (amount === null || isDoubted) await until(isTold, 10_000, `a word about ${text}`);
        assert.equal(warnings(page, isDoubted ? /is taken for 1299/ : /is no amount/).length, isTold() ? 2 : 0, text);
        await page.context().close();
    }
});

const PUSHES = {
    'small letters': { event: 'purchase', ecommerce: { transaction_id: 'P1', value: 22, currency: 'eur' } },
    'blanks around': { event: 'purchase', ecommerce: { transaction_id: 'P2', value: 22, currency: ' EUR ' } },
    'all beside ecommerce': { event: 'purchase', transaction_id: 'P3', value: 22, currency: 'EUR' },
    'some beside ecommerce': { event: 'purchase', value: 22, ecommerce: { transaction_id: 'P4', currency: 'EUR' } },
    'nothing in ecommerce': { event: 'purchase', ecommerce: {}, transaction_id: 'P5', value: 22, currency: 'EUR' },
    'ecommerce is null': { event: 'purchase', ecommerce: null, transaction_id: 'P6', value: 22, currency: 'EUR' },
    'null in ecommerce': {
        event: 'purchase',
        ecommerce: { transaction_id: 'P7', value: null, currency: 'EUR', coupon: null },
        value: 22,
    },
    'a text': { event: 'purchase', ecommerce: { transaction_id: 'P8', value: '22,00 €', currency: 'eur' } },
    'a number as id': { event: 'purchase', ecommerce: { transaction_id: 9, value: 22, currency: 'EUR' } },
    'the events of Google’s tag': ['event', 'purchase', { transaction_id: 'P10', value: '22', currency: 'eur' }],
};

for (const [name, push] of Object.entries(PUSHES)) {
    test(`a purchase is found: ${name}`, async () => {
        const page = await open();
        await page.evaluate((entry) => window.dataLayer.push(entry), push);
        await sendAll(page);
        const [{ properties }] = await site.untilEvents(1, `visitor_id = '${page.id}' and name = 'purchase'`);
        assert.deepEqual([properties.value, properties.currency], [22, 'EUR']);
        assert.ok(properties.transaction_id);
        assert.deepEqual(warnings(page, /./), []);
        await page.context().close();
    });
}

const order = (id) => `{event:'purchase',ecommerce:{transaction_id:'${id}',value:10,currency:'EUR'}}`;
const LAYERS = {
    'put in place of the first': (id) => `dataLayer=[{page:'x'}];dataLayer.push(${order(id)})`,
    'with the purchase in it': (id) => `dataLayer=[${order(id)}]`,
    'declared anew': (id) => `var dataLayer=[];dataLayer.push(${order(id)})`,
    twice: (id) => `dataLayer=[];dataLayer=[];dataLayer.push(${order(id)})`,
    frozen: (id) => `dataLayer=Object.freeze([${order(id)}])`,
    'with a push of its own': (id) =>
        `dataLayer.push({a:1});dataLayer.push=function(e){this[this.length]=e};dataLayer.push(${order(id)})`,
    'behind others that break': (id) => `dataLayer=[null,1,{get event(){throw 1}},${order(id)}]`,
    'emptied later': (id) => `dataLayer.push(${order(id)});setTimeout(()=>{dataLayer.length=0},3000)`,
    'of another frame': (id) =>
        `var f=document.createElement('iframe');document.documentElement.append(f);` +
        `dataLayer=new f.contentWindow.Array();dataLayer.push(${order(id)})`,
    'pushed with the old one at hand': (id) => `var d=dataLayer;dataLayer=[];dataLayer.push(${order(id)});d.push({})`,
};

for (const [name, script] of Object.entries(LAYERS)) {
    test(`no purchase is lost in a data layer ${name}`, async () => {
        const id = `L-${name.replaceAll(' ', '-')}`;
        site.pages['/layer'] = site.pages['*'].replace('<body>', `<body><script>${script(id)}</script>`);
        const page = await open('/layer');
        await sendAll(page);
        const rows = await site.untilEvents(1, `visitor_id = '${page.id}' and name = 'purchase'`);
        assert.equal(rows.length, 1);
        assert.equal(rows[0].properties.transaction_id, id);
        await page.context().close();
    });
}

test('an order that is sent again is told once, and so is money without a rate', async () => {
    const page = await open();
    await page.evaluate(() => {
        for (let i = 0; i < 3; i += 1)
            window.mete.track('purchase', { transaction_id: 'again', value: 5 + i, currency: 'EUR' });
        for (let i = 0; i < 3; i += 1) window.mete.track('purchase', { value: 1, currency: 'CHF' });
        window.mete.flush();
    });
    await until(() => warnings(page, /transaction_id "again" was sent before/).length, 10_000, 'the order');
    await until(
        () => warnings(page, /stored the event purchase: .*currency.*counts in EUR.*no rate of CHF/).length,
        10_000,
        'CHF',
    );
    assert.equal(warnings(page, /again/).length, 1);
    assert.equal(warnings(page, /no rate/).length, 1);
    await page.context().close();
});

test('?mete_debug and localStorage say what is done and why; without them nothing is said', async () => {
    const quiet = await open('/');
    await quiet.evaluate(() => window.mete.track('heard'));
    assert.deepEqual(quiet.said, []);
    await quiet.evaluate(() => localStorage.setItem('mete_debug', '1'));
    await quiet.reload();
    await until(() => quiet.said.some((text) => /mete: event page_view/.test(text)), 10_000, 'the page view');
    await quiet.context().close();
    const page = await open('/?mete_debug=1');
    await page.evaluate(() => {
        window.mete.track('heard', { n: 1 });
        window.mete.flush();
    });
    for (const line of [/mete: flags/, /mete: event heard/, /mete: sent \d+ events: \d+ new/])
        await until(() => page.said.some((text) => line.test(text)), 10_000, String(line));
    await page.context().close();
});

const ADDRESSES = [
    ['/a?utm_source=mail&token=s3cret', '/a?utm_source=mail'],
    ['/a?gclid=1&fbclid=2&msclkid=3&wbraid=4&reset=5', '/a?gclid=1&fbclid=2&msclkid=3&wbraid=4'],
    ['/a?q=shoes&page=2&session=x', '/a?q=shoes&page=2'],
    ['/a?q=mia@shop.example', '/a?q=(email)'],
    ['/a?q=mia%40shop.example', '/a?q=(email)'],
    ['/u/mia@shop.example/orders', '/u/(email)/orders'],
    ['/a#access_token=abc&x=1', '/a'],
    ['/a?code=1#/cart', '/a#/cart'],
    ['/a?email=mia@shop.example', '/a'],
    ['/a?utm_term=mia@shop.example&a=1', '/a?utm_term=(email)'],
    ['/@mia/a', '/@mia/a'],
    ['/pkg/mete@1.2.3', '/pkg/mete@1.2.3'],
];

test('addresses are reported without what only their visitor should know', async () => {
    for (const [path, reported] of ADDRESSES) {
        const page = await open(path);
        await page.evaluate(() => window.mete.flush());
        const [{ properties }] = await site.untilEvents(1, `visitor_id = '${page.id}' and name = 'page_view'`);
        assert.equal(properties.url.replace(site.url, ''), reported, path);
        assert.ok(!/mia@|s3cret/.test(JSON.stringify(properties)), path);
        await page.context().close();
    }
});
