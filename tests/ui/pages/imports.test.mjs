// SPDX-License-Identifier: GPL-3.0-or-later
// The page of imports: what each held, and the way back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { Imports } from '../../http/lib/imports.mjs';
import { assertFits, assertQuiet, open, pictures, screenshot, signIn, startBrowser } from '../browser.mjs';

const ROWS = 'id,g,v\nra1,a,10\nra2,b,20\nra3,a,30\n';

let server;
let browser;
let page;
let imports;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    imports = new Imports(server);
    page = await signIn(browser, server);
});
after(async () => {
    imports?.remove();
    await browser?.close();
    await server?.stop();
});

const row = (name) => page.getByRole('row', { name });
const dialog = () => page.getByRole('dialog');

test('without imports the page says how to begin', async () => {
    await open(page, server, '/app/imports');
    await page.getByText('mete import --check --variant COLUMN').waitFor();
});

test('each import with what it held', async () => {
    const metrics = [{ key: 'spring_sum', kind: 'sum', event: 'purchase', value: 'value' }];
    await imports.load('spring', ROWS, [], { metrics });
    await imports.load('autumn', `${ROWS}ra4,b,many\n`, ['--skip-bad-rows'], { time: { constant: '2023-10-01' } });
    await imports.kill('winter', 20_000);
    const gone = (await imports.load('summer', ROWS)).import;
    await imports.takeBack(gone);
    await imports.untilGone(gone);
    await open(page, server, '/app/imports');
    for (const text of ['complete', 'spring.csv', '3 rows', 'exposure 3', 'purchase 3', 'a 2', 'b 1', '10 Jun 2024']) {
        await row(/Past spring/)
            .getByText(text, { exact: true })
            .waitFor();
    }
    await row(/Past autumn/)
        .getByText('1 row left out')
        .waitFor();
    await row(/Past winter/)
        .getByText('not complete')
        .waitFor();
    await row(/summer/)
        .getByText('taken back', { exact: true })
        .waitFor();
    assert.equal(
        await row(/summer/)
            .getByRole('button')
            .count(),
        0,
    );
    assert.equal(
        await row(/summer/)
            .getByRole('link')
            .count(),
        0,
    );
});

test('it fits every window, in both schemes and languages', async () => {
    for (const [language, name] of [
        ['en', 'Imports'],
        ['de', 'Importe'],
    ]) {
        await page.evaluate((value) => localStorage.setItem('mete.language', value), language);
        await open(page, server, '/app/imports');
        await page.getByRole('heading', { name, exact: true }).waitFor();
        await assertFits(page, `imports, ${language}`);
        await pictures(page, `imports-${language}`);
    }
    await page.evaluate(() => localStorage.setItem('mete.language', 'en'));
    await page.setViewportSize({ width: 1440, height: 900 });
});

test('taken back once it is said what goes', async () => {
    await open(page, server, '/app/imports');
    await page.getByRole('button', { name: 'Take back Past spring' }).click();
    await dialog()
        .getByText(/“Past spring” goes with its results: 3 visitors and 6 events.*The metric spring_sum.* goes too/)
        .waitFor();
    await screenshot(page, 'imports-undo', { fullPage: false });
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    assert.equal((await imports.campaign('spring')).key, 'spring');
    await page.getByRole('button', { name: 'Take back Past spring' }).click();
    await dialog().getByRole('button', { name: 'Take back' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.equal((await server.api('GET', '/campaigns/spring')).status, 404);
    assert.equal((await server.api('GET', '/metrics/spring_sum')).status, 404);
    await until(
        async () =>
            (await row(/Past spring/)
                .getByText('taken back', { exact: true })
                .count()) === 1,
    );
    assertQuiet(page);
});

test('an import that is not complete says so in its results', async () => {
    await open(page, server, '/app/campaigns/winter/results');
    await page.getByText('The import is not complete').first().waitFor();
});
