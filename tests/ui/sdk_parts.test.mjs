// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that come when they are needed: widgets, the preview overlay, deciding in the browser;
// the npm package; and how large everything is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from '../http/lib/harness.mjs';
import { sourceRoot } from '../http/lib/paths.mjs';
import { assertQuiet, newPage, overflow, screenshot, startBrowser } from './browser.mjs';
import { cookieOf, experiment, run, Site, visitorOf } from './site.mjs';

const CORE_BYTES = 8 * 1024;
const VISITOR_BYTES = 17 * 1024; // all that a visitor may load
const OVERLAY_BYTES = 8 * 1024; // for testing, and for pointing at goals
const page = (snippet) =>
    `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">` +
    `<title>Shop</title>${snippet}</head><body><h1>Old</h1><div class="slot"></div></body></html>`;
const inMs = (ms) => new Date(Date.now() + ms).toISOString();

let server;
let browser;
let site;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    site = await Site.start(server);
    site.pages['*'] = page(site.snippet());
});
after(async () => {
    await browser?.close();
    await site?.stop();
    await server?.stop();
});

async function start(key, changes, more = {}) {
    await run(server, experiment(changes, { key, triggers: { pages: [{ value: `/${key}` }] }, ...more }));
    return visitorOf(server, key, 'new');
}

async function open(path, id, options = {}, prepare = () => {}) {
    const made = await newPage(browser, options);
    await prepare(made);
    if (id) await made.context().addCookies(cookieOf(site, id));
    await made.goto(site.url + path);
    await made.evaluate(() => window.mete.ready);
    return made;
}

test('sizes: the core, all that visitors may load, and the overlay for testing', async () => {
    const bytes = async (name) =>
        Number(
            (await fetch(`${server.edgeUrl}/${name}.js`, { headers: { 'accept-encoding': 'gzip' } })).headers.get(
                'content-length',
            ),
        );
    const core = await bytes('sdk');
    const parts = await Promise.all(['sdk-late', 'sdk-local', 'sdk-widgets', 'sdk-say', 'sdk-shop'].map(bytes));
    const all = core + parts.reduce((a, b) => a + b, 0);
    assert.ok(core > 3000 && core <= CORE_BYTES, `core: ${core} bytes`);
    assert.ok(all <= VISITOR_BYTES, `all that visitors may load: ${all} bytes`);
    const overlay = await bytes('sdk-qa');
    assert.ok(overlay > 2000 && overlay <= OVERLAY_BYTES, `overlay: ${overlay} bytes`);
});

test('only what is needed is loaded', async () => {
    const made = await newPage(browser);
    const scripts = [];
    made.on('request', (request) => /sdk/.test(request.url()) && scripts.push(new URL(request.url()).pathname));
    await made.goto(`${site.url}/plain`);
    await made.evaluate(() => window.mete.ready);
    assert.deepEqual(scripts, ['/sdk.js']);
    await made.context().close();
});

test('banner: text, link, closed for the visit, gone when taken back', async () => {
    const id = await start('banner', [
        { type: 'banner', value: 'Sale <now>', url: '/sale', label: 'Look', place: 'bottom' },
    ]);
    const made = await open('/banner', id, { viewport: { width: 360, height: 640 } });
    await made.getByText('Sale <now>').waitFor();
    assert.equal(await made.getByRole('link', { name: 'Look' }).getAttribute('href'), '/sale');
    assert.equal(await overflow(made), 0);
    await screenshot(made, 'sdk-banner', { fullPage: false });
    await made.evaluate(() => history.pushState({}, '', '/elsewhere'));
    await made.getByText('Sale <now>').waitFor({ state: 'detached' });
    await made.evaluate(() => history.pushState({}, '', '/banner'));
    await made.getByText('Sale <now>').waitFor();
    await made.getByRole('button', { name: 'Close' }).click();
    await made.reload();
    await made.evaluate(() => window.mete.ready);
    await made.waitForFunction(() => window['mete:widgets']);
    assert.equal(await made.getByText('Sale <now>').count(), 0);
    assertQuiet(made);
    await made.context().close();
});

test('a strict policy with trusted types: the nonce, and a policy by name', async () => {
    const id = await start('strict', [{ type: 'banner', value: 'Strict' }]);
    const policy =
        `default-src 'none'; script-src 'nonce-n0nce'; connect-src ${server.edgeUrl}; ` +
        "require-trusted-types-for 'script'; trusted-types mete";
    site.pages['/strict'] = () => ({
        html: page(site.snippet()).replace('<script', '<script nonce="n0nce"'),
        headers: { 'content-security-policy': policy },
    });
    const made = await open('/strict', id);
    await made.getByText('Strict').waitFor();
    assert.equal(
        await made
            .locator('[data-mete]')
            .evaluate((host) => getComputedStyle(host.shadowRoot.querySelector('.bar')).position),
        'fixed',
    );
    const room = (pixels) =>
        made.waitForFunction(
            (wanted) => parseFloat(getComputedStyle(document.documentElement).paddingTop) === wanted,
            pixels,
        );
    await room(
        await made.locator('[data-mete]').evaluate((host) => host.shadowRoot.querySelector('.bar').offsetHeight),
    );
    await made.getByRole('button', { name: 'Close' }).click();
    await room(0);
    assertQuiet(made);
    await made.context().close();
});

test('pop-in: a dialog that takes the focus and gives it back', async () => {
    const id = await start('popin', [
        { type: 'popin', title: 'Stay', value: '10 % off', url: 'https://shop.example/', label: 'Yes' },
    ]);
    const made = await open('/popin', id);
    await made.getByRole('dialog', { name: 'Stay' }).waitFor();
    await made.waitForFunction(() => document.querySelector('[data-mete]').shadowRoot.activeElement?.matches('button'));
    await screenshot(made, 'sdk-popin', { fullPage: false });
    await made.keyboard.press('Escape');
    assert.equal(await made.getByRole('dialog').count(), 0);
    assertQuiet(made);
    await made.context().close();
});

test('countdown: in an element or as a bar; over, it is gone', async () => {
    const id = await start('countdown', [
        { type: 'countdown', selector: '.slot', end: inMs(90_061_000), value: 'Ends in {time}' },
        { type: 'countdown', end: inMs(3_600_000), value: 'Soon: {time}' },
    ]);
    const made = await open('/countdown', id, {}, (page) => page.clock.install());
    await made
        .locator('.slot')
        .getByText(/^Ends in 1 d 0[01]:\d\d:\d\d$/)
        .waitFor();
    await made.getByText(/^Soon: 0[01]:\d\d:\d\d$/).waitFor();
    await made.clock.fastForward(3_600_000);
    await made.getByText(/^Soon/).waitFor({ state: 'detached' });
    await made.evaluate(() => window.mete.stop());
    assert.equal(await made.locator('.slot').textContent(), '');
    await made.context().close();
});

test('deciding in the browser: the edge is asked for the configuration alone', async () => {
    const id = await start('local', [{ type: 'text', selector: 'h1', value: 'New' }]);
    site.pages['/local'] = page(site.snippet({ local: '' }));
    const made = await newPage(browser);
    const asked = [];
    made.on('request', (request) => request.url().includes('/v1/') && asked.push(new URL(request.url()).pathname));
    await made.context().addCookies(cookieOf(site, id));
    await made.goto(`${site.url}/local`);
    await made.evaluate(() => window.mete.ready);
    assert.equal(await made.locator('h1').textContent(), 'New');
    await made.evaluate(() => window.mete.flush());
    const [{ properties }] = await site.untilEvents(
        1,
        `visitor_id = '${id}' and name = 'exposure' and properties ->> 'campaign' = 'local'`,
    );
    assert.equal(properties.variant, 'new');
    assert.deepEqual([...new Set(asked)].sort(), ['/v1/config', '/v1/events']);
    await made.context().close();
});

test('preview: which campaigns, why, and every variant by a click; nothing is counted', async () => {
    const id = await start('qa', [{ type: 'text', selector: 'h1', value: 'New' }]);
    await run(server, experiment([{ type: 'hide', selector: 'h1' }], { key: 'nobody', audience: { country: 'XX' } }));
    const made = await open('/qa?mete_preview=qa:control', id);
    const overlay = made.getByRole('complementary', { name: 'mete preview' });
    const campaign = (name) =>
        overlay.locator('section').filter({ has: made.locator('b', { hasText: new RegExp(`^${name}$`) }) });
    await overlay.waitFor();
    assert.equal(await made.locator('h1').textContent(), 'Old');
    assert.match(await campaign('qa').textContent(), /control: chosen here; on this page/);
    assert.match(await campaign('nobody').textContent(), /not in the audience/);
    await campaign('qa').getByRole('button', { name: 'new' }).click();
    await made.waitForFunction(() => document.querySelector('h1').textContent === 'New');
    await campaign('qa').locator('button[aria-pressed=true]', { hasText: 'new' }).waitFor();
    await screenshot(made, 'sdk-preview', { fullPage: false });
    await made.goto(`${site.url}/qa`);
    await overlay.waitFor();
    assert.equal(await made.locator('h1').textContent(), 'New');
    await made.evaluate(() => {
        window.mete.track('never');
        window.mete.flush();
    });
    await overlay.getByRole('button', { name: 'End' }).click();
    await overlay.waitFor({ state: 'detached' });
    await made.waitForFunction(() => window.mete?.decisions().length > 0);
    await made.evaluate(() => window.mete.flush());
    await site.untilEvents(1, `visitor_id = '${id}' and name = 'page_view'`);
    assert.equal(site.events(`visitor_id = '${id}' and name = 'page_view'`).length, 1);
    assert.deepEqual(site.events("name = 'never'"), []);
    assertQuiet(made);
    await made.context().close();
});

test('the npm package: packed, typed, and at work in a bundle', async () => {
    const id = await start('npm', [
        { type: 'text', selector: 'h1', value: 'New' },
        { type: 'banner', value: 'Bundled' },
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'mete-npm-'));
    const source = join(sourceRoot, 'web-ui/sdk');
    for (const name of ['package.json', 'README.md', 'LICENSE']) copyFileSync(join(source, name), join(folder, name));
    execFileSync(process.execPath, [join(source, '../build.mjs'), '--package', join(folder, 'dist')]);
    const pack = ['pack', '--json', '--ignore-scripts'];
    const [{ filename, files }] = JSON.parse(
        execFileSync('npm', pack, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    const names = files.map(({ path }) => path);
    for (const name of ['LICENSE', 'README.md', 'dist/index.js', 'dist/local.js', 'dist/types/index.d.ts'])
        assert.ok(names.includes(name), name);
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
    writeFileSync(
        join(folder, 'site.ts'),
        `import { createClient, type Client } from './package/dist/index.js';
        import { widgets } from './package/dist/widgets.js';
        const client: Client = createClient({
            key: '${server.clientKey}', edge: '${server.edgeUrl}', timeout: 10000, modules: { widgets } });
        (window as any).client = client;`,
    );
    const require = createRequire(join(sourceRoot, 'web-ui/package.json'));
    const { outputFiles } = await require('esbuild').build({
        entryPoints: [join(folder, 'site.ts')],
        bundle: true,
        format: 'iife',
        write: false,
    });
    site.pages['/npm'] = page(`<script>${outputFiles[0].text.replace(/<\/script/g, '<\\/script')}</script>`);
    const made = await newPage(browser);
    const scripts = [];
    made.on('request', (request) => /sdk/.test(request.url()) && scripts.push(request.url()));
    await made.context().addCookies(cookieOf(site, id));
    await made.goto(`${site.url}/npm`);
    await made.evaluate(() => window.client.ready);
    assert.equal(await made.locator('h1').textContent(), 'New');
    await made.getByText('Bundled').waitFor();
    assert.deepEqual(scripts, []);
    rmSync(folder, { recursive: true, force: true });
    await made.context().close();
});
