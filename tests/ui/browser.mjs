// SPDX-License-Identifier: GPL-3.0-or-later
// A real browser for a test file:
//
//   const browser = await startBrowser();
//   after(() => browser.close());
//   const page = await signIn(browser, server);            // as the first admin
//
// A page that logs an error or throws fails its test: see watch().
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sourceRoot } from '../http/lib/paths.mjs';
import { deadline } from '../http/lib/wait.mjs';

const require = createRequire(join(sourceRoot, 'web-ui/package.json'));
const { chromium } = require('playwright-core');

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGUMENTS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

export const browserProgram = () => PROGRAMS.find((path) => existsSync(path));

export const startBrowser = () => chromium.launch({ executablePath: browserProgram(), args: ARGUMENTS });

/* Everything the page complained about, but requests whose failure the test expects. */
export function watch(page) {
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
        const isRefusal =
            /Failed to load resource: the server responded with a status of (401|403|404|409|412|422|400)/;
        if (message.type() === 'error' && !isRefusal.test(message.text())) complaints.push(message.text());
    });
    return complaints;
}

export const assertQuiet = (page) => assert.deepEqual(page.complaints, []);

/* A new page of a browser context of its own: options as playwright's newContext. */
export async function newPage(browser, options = {}) {
    const context = await browser.newContext({
        locale: 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
        ...options,
    });
    context.setDefaultTimeout(deadline(60_000));
    const page = await context.newPage();
    page.complaints = watch(page);
    return page;
}

/* Opens a one-time link, and presses the button of its page, which has no scripts. */
export async function openLink(page, link) {
    await page.goto(link);
    await page.locator('form[method=post] button').click();
}

/* Signs in by a one-time link, puts the password off, and waits for the first page. */
export async function signIn(browser, server, options = {}) {
    const page = await newPage(browser, options);
    const link = (await server.mete(['login-link'])).match(/https?:\S+/)[0];
    await openLink(page, link);
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
    if (page.url().endsWith('/app/welcome')) await page.goto(server.deskUrl);
    await page.getByRole('navigation').first().waitFor({ state: 'attached' });
    return page;
}

/* Opens a path of the UI and waits until nothing is loading. */
export async function open(page, server, path) {
    await page.goto(server.deskUrl + path);
    await settled(page);
}

export async function settled(page) {
    await page.locator('h1').first().waitFor();
    await page.locator('.skeleton').first().waitFor({ state: 'detached' });
}

/* Serious faults that axe finds, as lines. */
export async function accessibilityFaults(page) {
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/* By how many pixels the page is wider than its window. */
export const overflow = (page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export const WIDTHS = [360, 1440];
export const SCHEMES = ['light', 'dark'];

/* Looks at a page in every width and scheme: nothing overflows, nothing serious for axe. */
export async function assertFits(page, where) {
    const failed = [];
    for (const width of WIDTHS) {
        for (const colorScheme of SCHEMES) {
            await page.setViewportSize({ width, height: 900 });
            await page.emulateMedia({ colorScheme });
            const place = `${where} at ${width} px, ${colorScheme}`;
            const over = await overflow(page);
            if (over > 0) failed.push(`${place}: ${over} px too wide`);
            failed.push(...(await accessibilityFaults(page)).map((fault) => `${place}: ${fault}`));
        }
    }
    assert.deepEqual(failed, []);
}

/* A picture for people, in var/screens. */
export async function screenshot(page, name, { fullPage = true } = {}) {
    const folder = join(sourceRoot, 'var/screens');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}

/* Four of them: name_light and name_dark, and both narrow. 'ready' waits for what a picture has to show. The page is as
   wide afterwards as before, and light. */
export async function pictures(page, name, { ready = () => undefined, fullPage = true } = {}) {
    const before = page.viewportSize();
    for (const [look, width, colorScheme] of [
        ['light', 1440, 'light'],
        ['dark', 1440, 'dark'],
        ['narrow', 390, 'light'],
        ['narrow_dark', 390, 'dark'],
    ]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await ready();
        await screenshot(page, `${name}_${look}`, { fullPage });
    }
    await page.setViewportSize(before);
    await page.emulateMedia({ colorScheme: 'light' });
}
