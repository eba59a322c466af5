// SPDX-License-Identifier: GPL-3.0-or-later
// ?mete_debug=1: a developer reads in the console what the SDK does with each campaign, and why.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { newPage, startBrowser } from '../browser.mjs';
import { run, Site } from '../site.mjs';

const text = (selector, value) => ({ type: 'text', selector, value });
const arms = (changed) => [
    { key: 'control', weight: 0.5, is_control: true },
    { key: 'new', weight: 0.5, ...changed },
];
const here = { pages: [{ value: '/shop' }] };
const CAMPAIGNS = [
    { key: 'shown', variants: arms({ changes: [text('h1', 'New')] }), triggers: here },
    { key: 'elsewhere', variants: arms({ changes: [text('h1', 'x')] }), triggers: { pages: [{ value: '/cart' }] } },
    { key: 'absent', variants: arms({ changes: [text('.buy', 'x')] }), triggers: here },
    { key: 'asks', variants: arms({ flags: { cta: 'Buy' } }) },
    {
        key: 'waits',
        variants: arms({ changes: [text('p', 'x')] }),
        triggers: { ...here, moments: [{ on: 'event', name: 'quiz_done' }] },
    },
    { key: 'nobody', variants: arms({ changes: [text('p', 'x')] }), audience: { country: 'XX' } },
];

/* What is said at once, and what after something has happened. */
const AT_ONCE = [
    /^mete: shown: (control|new) \(bucket\)$/,
    /^mete: shown: exposed to (control|new)$/,
    /^mete: shown: on this page$/,
    /^mete: elsewhere: not on this page: it begins on \/cart$/,
    /^mete: absent: waits: no element is found by \.buy$/,
    /^mete: asks: waits: the page has not asked for cta$/,
    /^mete: waits: waits for event quiz_done$/,
    /^mete: nobody: nothing \(audience\)$/,
    /^mete: flags/,
    /^mete: event page_view/,
    /^mete: sent \d+ events: \d+ new/,
];
const THEN = [
    [() => document.body.insertAdjacentHTML('beforeend', '<b class="buy">Buy</b>'), /^mete: absent: on this page$/],
    [() => window.mete.flag('cta', 'Order'), /^mete: asks: on this page$/],
    [() => window.mete.track('quiz_done'), /^mete: waits: on this page$/],
    [() => history.pushState(null, '', '/cart'), /^mete: elsewhere: on this page$/],
    [
        () => {
            window.mete.track('purchase', { value: 1, currency: 'CHF', transaction_id: '1' });
            window.mete.flush();
        },
        /^mete: the server stored the event purchase: .*counts in EUR, and there is no rate of CHF/,
    ],
];

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] =
        `<!doctype html><html lang="en"><head><title>Shop</title>${site.snippet()}</head>` +
        `<body><h1>Old</h1><p>Text</p></body></html>`;
    const flag = await server.api('POST', '/flags', { key: 'cta', type: 'string', default: 'Order' });
    assert.equal(flag.status, 201, flag.text);
    const metrics = [{ key: 'conversion_rate' }];
    for (const campaign of CAMPAIGNS) await run(server, { kind: 'experiment', metrics, ...campaign });
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

async function open(path) {
    const page = await newPage(browser);
    page.said = [];
    page.on('console', (message) => page.said.push(message.text()));
    await page.goto(site.url + path);
    await page.evaluate(() => window.mete.ready);
    return page;
}

const heard = (page, line) =>
    until(
        () => page.said.some((said) => line.test(said)),
        10_000,
        () => `${line} among ${page.said.join('\n')}`,
    );

test('each campaign: what was decided, whether it is on, and what it waits for', async () => {
    const page = await open('/shop?mete_debug=1');
    for (const line of AT_ONCE) await heard(page, line);
    for (const [doIt, line] of THEN) {
        assert.ok(!page.said.some((said) => line.test(said)), `${line} was said too early`);
        await page.evaluate(doIt);
        await heard(page, line);
    }
    const repeated = page.said.filter((said) => /waits: no element/.test(said));
    assert.equal(repeated.length, 1, 'what has not changed is not said again');
    await page.context().close();
});

test('on the next page it goes on when localStorage asks for it, and is quiet otherwise', async () => {
    const page = await open('/shop');
    assert.deepEqual(page.said, []);
    await page.evaluate(() => localStorage.setItem('mete_debug', '1'));
    await page.reload();
    await heard(page, /^mete: elsewhere: not on this page/);
    await page.context().close();
});
