// SPDX-License-Identifier: GPL-3.0-or-later
// Browsers and pages on which something is missing, throws, or holds what it should not: the page goes on,
// decisions are made and served from memory, and what can be sent arrives.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../http/lib/harness.mjs';
import { assertQuiet, newPage, startBrowser } from './browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from './site.mjs';

const PAGE =
    '<!doctype html><html lang="en"><head><title>Shop</title>{sdk}</head>' +
    '<body><h1>Old</h1><script>window.isWhole = true</script></body></html>';

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

/* Each is run in a page of its own before the SDK comes. */
const BROKEN = {
    'localStorage throws': () =>
        Object.defineProperty(window, 'localStorage', {
            get() {
                throw new DOMException('no', 'SecurityError');
            },
        }),
    'sessionStorage throws': () =>
        Object.defineProperty(window, 'sessionStorage', {
            get() {
                throw new DOMException('no', 'SecurityError');
            },
        }),
    'no storage': () => {
        for (const area of ['localStorage', 'sessionStorage']) Object.defineProperty(window, area, { get: () => null });
    },
    'storage is full': () => {
        Storage.prototype.setItem = () => {
            throw new DOMException('full', 'QuotaExceededError');
        };
    },
    'storage holds text': () => {
        for (const name of ['v', 'd', 'x', 'u', 'q.1', 'o']) {
            localStorage.setItem(`mete.${name}`, '{"half');
            sessionStorage.setItem(`mete.${name}`, 'undefined');
        }
    },
    'storage holds other kinds of values': () => {
        for (const [name, value] of Object.entries({ v: 5, d: [], x: 'web', u: 'me', 'q.1': 7, 'q.2': { at: 0 } }))
            localStorage.setItem(`mete.${name}`, JSON.stringify(value));
        localStorage.setItem('mete.q.3', JSON.stringify({ at: 0, entries: [null, 1, ['a']] }));
    },
    'a kept decision is torn': () => {
        const reply = { visitor_id: document.cookie.split('=')[1], flags: null, page: { asks: [] }, decisions: [null] };
        const { key } = window;
        localStorage.setItem('mete.d', JSON.stringify({ key, at: Date.now(), asked: '[]', reply }));
    },
    'cookies throw': () =>
        Object.defineProperty(Document.prototype, 'cookie', {
            get() {
                throw new DOMException('no', 'SecurityError');
            },
            set() {
                throw new DOMException('no', 'SecurityError');
            },
        }),
    'the cookie is torn': () => (document.cookie = 'mete_id=%E0%A4%A;path=/'),
    'the cookie is empty': () => (document.cookie = 'mete_id=;path=/'),
    'the cookie is huge': () => (document.cookie = `mete_id=${'x'.repeat(3000)};path=/`),
    'the cookie holds a line break': () => (document.cookie = 'mete_id=a%0Ab;path=/'),
    'no crypto': () => Object.defineProperty(window, 'crypto', { value: undefined }),
    'no sendBeacon': () => (Navigator.prototype.sendBeacon = undefined),
    'sendBeacon throws': () => {
        Navigator.prototype.sendBeacon = () => {
            throw new TypeError('blocked');
        };
    },
    'no keepalive': () => {
        const { fetch } = window;
        window.fetch = (url, init = {}) =>
            init.keepalive ? Promise.reject(new TypeError('keepalive')) : fetch(url, init);
    },
    'fetch throws when keepalive is asked for': () => {
        const { fetch } = window;
        window.fetch = (url, init = {}) => {
            if (init.keepalive) throw new TypeError('keepalive');
            return fetch(url, init);
        };
    },
    'no Intl': () => (window.Intl = undefined),
    'history cannot be changed': () => Object.freeze(history),
    'the data layer is frozen': () => (window.dataLayer = Object.freeze([{ event: 'view_item' }])),
    'the data layer is no list': () => (window.dataLayer = { push: null }),
    'the data layer throws': () =>
        Object.defineProperty(window, 'dataLayer', {
            get() {
                throw new Error('gone');
            },
        }),
    'its entries throw': () =>
        (window.dataLayer = [
            null,
            new Proxy(
                {},
                {
                    get() {
                        throw new Error('entry');
                    },
                },
            ),
        ]),
    'what was pushed early is junk': () => (window.mete = [null, 5, ['nothing'], [], ['track']]),
};

async function visit(prepare) {
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, await visitorOf(server, 'web', 'new')));
    await page.addInitScript(`window.key = '${server.clientKey}'; (${prepare})();`);
    await page.goto(site.url);
    await page.evaluate(() => window.mete.ready);
    return page;
}

for (const [name, prepare] of Object.entries(BROKEN)) {
    test(`${name}: the page goes on, decisions and events work`, async () => {
        const page = await visit(prepare);
        const { id, variant, isWhole } = await page.evaluate(() => ({
            id: window.mete.visitorId(),
            variant: window.mete.variant('web'),
            isWhole: window.isWhole,
        }));
        assert.equal(isWhole, true);
        assert.ok(['control', 'new'].includes(variant), variant);
        assert.equal(await page.locator('h1').textContent(), variant === 'new' ? 'New' : 'Old');
        await page.evaluate(() => {
            window.mete.track('still_here', { n: 1 });
            window.mete.flush();
        });
        await site.untilEvents(1, `visitor_id = '${id}' and name = 'still_here'`);
        assertQuiet(page);
        await page.context().close();
    });
}

test('a frame without an origin: no storage, no cookies, and a client all the same', async () => {
    const inner = `${site.snippet()}<h1>Old</h1>`.replaceAll('"', '&quot;');
    site.pages['/frame'] =
        `<!doctype html><html lang="en"><title>Shop</title><iframe sandbox="allow-scripts" srcdoc="${inner}"></iframe>`;
    const page = await site.open(browser, '/frame');
    const frame = page.frames()[1];
    await frame.waitForFunction(() => window.mete);
    await frame.evaluate(() => window.mete.ready);
    assert.equal(await frame.evaluate(() => typeof window.mete.track), 'function');
    assert.match(await frame.evaluate(() => window.mete.visitorId()), /^[0-9a-f-]{36}$/);
    assert.deepEqual(
        page.complaints.filter((text) => !/CORS policy|ERR_FAILED/.test(text)),
        [],
    );
    await page.context().close();
});

test('events of a page that goes reach the edge without sendBeacon', async () => {
    const page = await visit(BROKEN['no sendBeacon']);
    const id = await page.evaluate(() => {
        window.mete.track('at_the_end');
        return window.mete.visitorId();
    });
    await page.goto('about:blank');
    await site.untilEvents(1, `visitor_id = '${id}' and name = 'at_the_end'`);
    await page.context().close();
});

const IDS = [null, undefined, 0, -1, NaN, '', 'null', {}, [], 'x'.repeat(257), 'a\nb', '\ud800'];

test('an id of the page that can be none is none: the SDK has its own', async () => {
    const page = await site.open(browser);
    await page.evaluate(() => window.mete.ready);
    for (const id of IDS) {
        await page.evaluate((given) => {
            window.mete.identify(given, null);
            window.mete.setAttributes(null);
            window.mete.flag(given, 1);
            window.mete.variant(given);
            window.mete.track(given ?? 'none', given);
        }, id);
    }
    await page.evaluate(() => {
        window.mete.track('order_placed', { order: 12345678901234567890n });
        window.mete.track(Symbol('s'), 'text');
        window.mete.track('huge', { text: 'x'.repeat(300_000) });
        window.mete.subscribe(() => {
            throw new Error('listener');
        });
        window.mete.track('last');
        window.mete.flush();
    });
    const [order] = await site.untilEvents(1, "name = 'order_placed'");
    assert.equal(order.properties.order, '12345678901234567890');
    await site.untilEvents(1, "name = 'last'");
    assert.deepEqual(site.events("name = 'identify'"), []);
    assertQuiet(page);
    await page.context().close();
});
