// SPDX-License-Identifier: GPL-3.0-or-later
// Campaigns that meet on one flag or one element: the one of higher priority is seen, and who is exposed has
// seen what its arm makes of the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { newPage, startBrowser } from '../browser.mjs';
import { cookieOf, run, Site } from '../site.mjs';

const arms = (control, changed) => [
    { key: 'control', weight: 0.5, is_control: true, ...control },
    { key: 'new', weight: 0.5, ...changed },
];
const text = (value, selector = 'h1') => ({ type: 'text', selector, value });
const on = (path) => ({ pages: [{ value: path }] });

/* Pairs: the first has the higher priority. */
const CAMPAIGNS = [
    { key: 'f9', priority: 9, variants: arms({}, { flags: { cta: 'f9' } }) },
    { key: 'f1', priority: 1, variants: arms({}, { flags: { cta: 'f1' } }) },
    { key: 'g9', priority: 9, variants: arms({ flags: { head: 'c9' } }, { flags: { head: 'n9' } }) },
    { key: 'g1', priority: 1, variants: arms({ flags: { head: 'c1' } }, { flags: { head: 'n1' } }) },
    { key: 'e9', priority: 9, triggers: on('/text'), variants: arms({}, { changes: [text('e9')] }) },
    { key: 'e1', priority: 1, triggers: on('/text'), variants: arms({}, { changes: [text('e1')] }) },
    { key: 'i9', priority: 9, triggers: on('/beside'), variants: arms({}, { changes: [text('i9')] }) },
    {
        key: 'i1',
        priority: 1,
        triggers: on('/beside'),
        variants: arms({}, { changes: [{ type: 'insert', selector: 'h1', position: 'after', value: '+' }] }),
    },
    { key: 'p9', priority: 9, triggers: on('/part'), variants: arms({}, { changes: [text('p9')] }) },
    {
        key: 'p1',
        priority: 1,
        triggers: on('/part'),
        variants: arms({}, { changes: [text('p1'), text('p1', '.note')] }),
    },
];

/* Arms of the pair, what is seen, who is exposed. */
const FLAGS = [
    ['f', 'cta', 'new', 'new', 'f9', ['f9']],
    ['f', 'cta', 'new', 'control', 'f9', ['f9']],
    ['f', 'cta', 'control', 'new', 'f1', ['f1', 'f9']],
    ['f', 'cta', 'control', 'control', 'none', ['f1', 'f9']],
    ['g', 'head', 'new', 'new', 'n9', ['g9']],
    ['g', 'head', 'control', 'new', 'c9', ['g9']],
];
const ELEMENTS = [
    ['e', '/text', 'new', 'new', 'e9 Note', ['e9']],
    ['e', '/text', 'new', 'control', 'e9 Note', ['e9']],
    ['e', '/text', 'control', 'new', 'e1 Note', ['e1', 'e9']],
    ['e', '/text', 'control', 'control', 'Old Note', ['e1', 'e9']],
    ['i', '/beside', 'new', 'new', 'i9 + Note', ['i1', 'i9']],
    ['i', '/beside', 'control', 'new', 'Old + Note', ['i1', 'i9']],
    ['p', '/part', 'new', 'new', 'p9 p1', ['p1', 'p9']],
    ['p', '/part', 'new', 'control', 'p9 Note', ['p1', 'p9']],
];

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server, {
        '*':
            '<!doctype html><html lang="en"><head><title>Shop</title>{sdk}</head>' +
            '<body><h1>Old</h1><p class="note">Note</p></body></html>',
    });
    for (const key of ['cta', 'head']) await server.api('POST', '/flags', { key, type: 'string', default: 'none' });
    for (const campaign of CAMPAIGNS)
        await run(server, { kind: 'experiment', metrics: [{ key: 'conversion_rate', role: 'primary' }], ...campaign });
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

let visitors = 0;
async function visitorOf(pair, first, second) {
    for (let tries = 0; tries < 1000; tries += 1) {
        const id = `shown-${(visitors += 1)}`;
        const { body } = await server.decide({ visitor_id: id, campaigns: [`${pair}9`, `${pair}1`] });
        const of = (key) => body.decisions.find(({ campaign }) => campaign === key).variant;
        if (of(`${pair}9`) === first && of(`${pair}1`) === second) return id;
    }
    throw new Error(`nobody gets ${first} and ${second}`);
}

for (const isLocal of [false, true]) {
    const where = isLocal ? 'in the browser' : 'at the edge';
    async function visit(id, path) {
        site.pages[path] = site.pages['*'].replace('{sdk}', site.snippet(isLocal ? { local: '' } : {}));
        const page = await newPage(browser);
        await page.context().addCookies(cookieOf(site, id));
        await page.goto(site.url + path);
        await page.evaluate(() => window.mete.ready);
        return page;
    }
    async function exposedOf(page, id) {
        await page.evaluate(() => {
            window.mete.track('end');
            window.mete.flush();
        });
        await site.untilEvents(1, `visitor_id = '${id}' and name = 'end'`);
        return site
            .events(`visitor_id = '${id}' and name = 'exposure'`)
            .map(({ properties }) => properties.campaign)
            .sort();
    }

    for (const [pair, flag, first, second, seen, exposed] of FLAGS) {
        test(`decided ${where}, flag ${flag}, ${first} and ${second}: ${seen}`, async () => {
            const id = await visitorOf(pair, first, second);
            const page = await visit(id, '/flags');
            assert.equal(await page.evaluate((key) => window.mete.flag(key, 'x'), flag), seen);
            assert.deepEqual(await exposedOf(page, id), exposed);
            await page.context().close();
        });
    }

    for (const [pair, path, first, second, seen, exposed] of ELEMENTS) {
        test(`decided ${where}, ${path}, ${first} and ${second}: ${seen}`, async () => {
            const id = await visitorOf(pair, first, second);
            const page = await visit(id, path);
            const texts = await page.locator('body > *').allTextContents();
            assert.equal(texts.join(' ').trim(), seen);
            assert.deepEqual(await exposedOf(page, id), exposed);
            await page.evaluate(() => window.mete.stop());
            assert.equal((await page.locator('body > *').allTextContents()).join(' ').trim(), 'Old Note');
            await page.context().close();
        });
    }
}
