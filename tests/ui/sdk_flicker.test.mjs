// SPDX-License-Identifier: GPL-3.0-or-later
// Nobody sees the control's text who should see another: every frame that the browser paints is
// looked at. The control's text is a broad red bar, the variant's a thin one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer, until } from '../http/lib/harness.mjs';
import { assertQuiet, newPage, startBrowser } from './browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from './site.mjs';

const BAR = '█'.repeat(12);
const TOP = (head) => `<!doctype html><html lang="en"><head><title>Shop</title>${head}
    <style>h1{color:#f00;font:80px monospace;margin:0}</style></head><body><p>Welcome</p>`;
const REST = `<h1>${BAR}</h1></body></html>`;
const BROAD = 20_000;

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    for (const [name, timeout] of [
        ['patient', 10_000],
        ['hasty', 300],
    ]) {
        site.pages[`/${name}`] = inPieces(() => site.snippet({ timeout }));
        site.pages[`/${name}-async`] = inPieces(() => gateSnippet(timeout));
    }
    await run(server, experiment([{ type: 'text', selector: 'h1', value: 'I' }]));
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

/* A page that comes in two pieces, so that the browser paints in between. */
const inPieces = (snippet) => (request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.write(TOP(snippet()));
    setTimeout(() => response.end(REST), 100);
};

/* The gate of the README, which loads the script beside the page. */
function gateSnippet(timeout) {
    const address = `"${server.edgeUrl}","${server.clientKey}",${timeout}`;
    return (
        '<script>!function(d,e,k,t){var s=d.documentElement.style,' +
        'g=window.mete_gate={at:performance.now(),open:function(){s.opacity=""}},j=d.createElement("script");' +
        's.setProperty("opacity","0","important");setTimeout(g.open,t);' +
        'j.src=e+"/sdk.js";j.dataset.key=k;j.dataset.timeout=t;d.head.appendChild(j)}' +
        `(document,${address})</script>`
    );
}

/* A visitor's page whose decisions wait for hold(), and all frames that it paints. */
async function filmed(variant, hold) {
    const id = await visitorOf(server, 'web', variant);
    const page = await newPage(browser, { viewport: { width: 800, height: 300 } });
    await page.context().addCookies(cookieOf(site, id));
    await page.route('**/v1/decide*', async (route) => {
        await hold();
        await route.continue().catch(() => {});
    });
    const film = await page.context().newCDPSession(page);
    const frames = [];
    film.on('Page.screencastFrame', ({ data, sessionId }) => {
        frames.push(data);
        film.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
    });
    await film.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 });
    return { page, frames, id };
}

/* How many red pixels each frame has. */
async function reds(frames) {
    const counter = await newPage(browser);
    const counts = await counter.evaluate(async (images) => {
        const found = [];
        for (const image of images) {
            const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${image}`)).blob());
            const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
            canvas.drawImage(bitmap, 0, 0);
            const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
            let red = 0;
            for (let i = 0; i < data.length; i += 4) red += data[i] > 200 && data[i + 1] < 60 && data[i + 2] < 60;
            found.push(red);
        }
        return found;
    }, frames);
    await counter.context().close();
    return counts;
}

const settle = async (page, isShown) => {
    await page.evaluate(() => window.mete.ready);
    await page.waitForFunction((text) => document.querySelector('h1')?.textContent === text, isShown);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
};

async function untilRed(frames, isEnough) {
    return until(
        async () => {
            const counts = await reds(frames.slice());
            return counts.some(isEnough) && counts;
        },
        10_000,
        'the frame with the text',
    );
}

for (const path of ['/patient', '/patient-async']) {
    test(`${path}: no frame holds the control's text for a visitor of the variant`, async () => {
        let hold = () => pause(150);
        const { page, frames } = await filmed('new', () => hold());
        await page.goto(site.url + path);
        await settle(page, 'I');
        const first = await untilRed(frames, (red) => red > 50);
        assert.deepEqual(
            first.filter((red) => red > BROAD),
            [],
        );
        frames.length = 0;
        hold = () => new Promise(() => {});
        await page.goto(`${site.url}${path}?again`);
        await settle(page, 'I');
        const again = await untilRed(frames, (red) => red > 50);
        assert.deepEqual(
            again.filter((red) => red > BROAD),
            [],
        );
        await page.context().close();
    });
}

test('the control is painted, so the film would have shown it', async () => {
    const { page, frames } = await filmed('control', () => pause(50));
    await page.goto(`${site.url}/patient`);
    await settle(page, BAR);
    await untilRed(frames, (red) => red > BROAD);
    await page.context().close();
});

for (const path of ['/hasty', '/hasty-async']) {
    test(`${path}: late, the page keeps its default; the arm stays, and the exposure says so`, async () => {
        let release;
        const held = new Promise((resolve) => (release = resolve));
        const { page, id } = await filmed('new', () => held);
        await page.goto(site.url + path);
        await page.waitForFunction(() => getComputedStyle(document.documentElement).opacity === '1');
        assert.equal(await page.locator('h1').textContent(), BAR);
        release();
        await page.waitForFunction(() => window.mete.decisions().length > 0);
        assert.equal(await page.locator('h1').textContent(), BAR);
        await page.evaluate(() => window.mete.flush());
        const [{ properties }] = await site.untilEvents(1, `visitor_id = '${id}' and name = 'exposure'`);
        assert.deepEqual([properties.variant, properties.timed_out], ['new', true]);
        await page.goto(site.url + path.replace('hasty', 'patient'));
        await settle(page, 'I');
        await page.context().close();
    });
}

test('without an edge the page opens by itself', async () => {
    const page = await newPage(browser);
    await page.route(`${server.edgeUrl}/v1/**`, (route) => route.abort());
    await page.goto(`${site.url}/hasty`);
    await page.waitForFunction(() => getComputedStyle(document.documentElement).opacity === '1');
    assert.equal(await page.locator('h1').textContent(), BAR);
    await page.context().close();
});

test('a strict content security policy: the nonce is all it needs', async () => {
    site.pages['/strict'] = () => ({
        html: (TOP(site.snippet()) + REST).replace(/<(script|style)/g, '<$1 nonce="n0nce"'),
        headers: {
            'content-security-policy':
                "default-src 'none'; script-src 'nonce-n0nce'; style-src 'nonce-n0nce'; " +
                `connect-src ${server.edgeUrl}`,
        },
    });
    const id = await visitorOf(server, 'web', 'new');
    const page = await newPage(browser);
    await page.context().addCookies(cookieOf(site, id));
    await page.goto(`${site.url}/strict`);
    await settle(page, 'I');
    assertQuiet(page);
    await page.context().close();
});
