// SPDX-License-Identifier: GPL-3.0-or-later
// The results page shows what the API says, for a real experiment.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CliFolder } from '../../http/lib/cli.mjs';
import { sharedFile, startServer } from '../../http/lib/harness.mjs';
import { sourceRoot } from '../../http/lib/paths.mjs';
import { assertFits, assertQuiet, open, screenshot, signIn, startBrowser } from '../browser.mjs';

const SOURCE = sharedFile('data/hillstrom_email_2008.csv.gz');
const skip = SOURCE ? false : 'the data folder is absent';
const MAPPING = {
    campaign: { key: 'email-2008', name: 'E-mail 2008', control: 'No E-Mail' },
    visitor: { row_number: true, prefix: 'h-' },
    variant: { column: 'segment', map: { 'No E-Mail': 'none', 'Mens E-Mail': 'mens', 'Womens E-Mail': 'womens' } },
    time: { constant: '2008-03-20T00:00:00Z' },
    events: [{ name: 'purchase', when: { column: 'conversion', equals: '1' }, value: { column: 'spend' } }],
    metrics: [{ key: 'conversion_rate' }, { key: 'revenue_per_visitor' }],
};
const PAGE = '/app/campaigns/email-2008';

let server;
let browser;
let folder;
let page;
before(async () => {
    if (skip) return;
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    folder = new CliFolder(server);
    folder.write('mapping.json', MAPPING);
    const done = await folder.run(['import', '--mapping', 'mapping.json', '--json', SOURCE]);
    assert.equal(done.status, 0, done.stderr);
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    folder?.remove();
    await server?.stop();
});

const percent = (value) => `${(value * 100).toFixed(2)}%`;

test('the table of the goal is the API’s', { skip }, async () => {
    await open(page, server, PAGE);
    const { body } = await server.api('GET', '/campaigns/email-2008/results');
    const metric = body.metrics.find(({ key }) => key === 'conversion_rate');
    const card = page.getByRole('region', { name: 'Conversion rate' }).first();
    const rows = await card.locator('tbody tr').allInnerTexts();
    for (const [i, arm] of metric.variants.entries()) {
        assert.ok(rows[i].includes(arm.units.toLocaleString('en-GB')), `${rows[i]}: ${arm.units} visitors`);
        assert.ok(rows[i].includes(percent(arm.value)), `${rows[i]}: ${percent(arm.value)}`);
        if (arm.effect) assert.ok(rows[i].includes(`+${(arm.effect.frequentist.uplift * 100).toFixed(1)}%`), rows[i]);
    }
});

test('the verdict is said with names and figures, in the language of who reads', { skip }, async () => {
    const { body } = await server.api('GET', '/campaigns/email-2008/results');
    const { variant, figures, cautions } = body.verdict;
    const name = { mens: 'Mens E-Mail', womens: 'Womens E-Mail' }[variant];
    assert.deepEqual([body.verdict.rule, figures.metric], ['winner', 'Conversion rate'], body.verdict.text);
    assert.ok(cautions.some((caution) => caution.rule === 'twyman' && caution.variant === variant));
    const digits = (locale) =>
        new Intl.NumberFormat(locale, { style: 'percent', signDisplay: 'always', minimumFractionDigits: 1 }).format(
            Math.round(figures.uplift * 1000) / 1000,
        );
    const english = await page.locator('.lead').innerText();
    assert.ok(english.startsWith(`“${name}” is better on “Conversion rate”`), english);
    await page
        .locator('.note-warn')
        .filter({ hasText: `“${name}” changes “Conversion rate” more` })
        .waitFor();
    assert.ok(english.includes(`(${digits('en')})`), english);
    const german = await signIn(browser, server, { locale: 'de-DE' });
    await open(german, server, PAGE);
    const text = await german.locator('.lead').innerText();
    assert.ok(text.startsWith(`„${name}“ ist besser bei „Konversionsrate“`), text);
    assert.ok(text.includes(`(${digits('de')})`), text);
    await german.getByRole('region', { name: 'Umsatz pro Besucher' }).first().waitFor();
    assertQuiet(german);
    await german.context().close();
});

test('Bayesian by choice, and it is kept', { skip }, async () => {
    await page.getByRole('button', { name: 'Bayesian' }).click();
    await page.getByRole('columnheader', { name: 'Chance to win' }).first().waitFor();
    await open(page, server, PAGE);
    await page.getByRole('columnheader', { name: 'Credible interval' }).first().waitFor();
    await page.getByRole('button', { name: 'Frequentist' }).click();
});

test('the page is downloaded as CSV, JSON and PNG', { skip }, async () => {
    await page.locator('.plot svg').first().waitFor();
    for (const [name, begin] of [
        ['CSV', 'metric,variant,visitors'],
        ['JSON', '{\n  "campaign"'],
        ['PNG', '\x89PNG'],
    ]) {
        const [download] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('button', { name, exact: true }).click(),
        ]);
        const bytes = readFileSync(await download.path(), 'latin1');
        assert.ok(bytes.startsWith(begin), `${name} begins with ${JSON.stringify(bytes.slice(0, 20))}`);
        assert.equal(download.suggestedFilename(), `email-2008.${name.toLowerCase()}`);
    }
});

test('every part opens and fits everywhere', { skip }, async () => {
    await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
    await page.getByText('Miettinen').first().waitFor();
    await page.getByRole('group', { name: 'Breakdown' }).getByRole('button', { name: 'Country' }).click();
    await assertFits(page, 'results');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await screenshot(page, 'results');
    assertQuiet(page);
});

test('the README’s picture: this page, as var/screens/readme.png', { skip }, async () => {
    await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = false)));
    await page.setViewportSize({ width: 1360, height: 900 });
    await open(page, server, PAGE);
    await page.locator('.plot svg').first().waitFor();
    await page
        .locator('.segmented')
        .first()
        .evaluate((part) => window.scrollTo(0, part.getBoundingClientRect().top - 72));
    await screenshot(page, 'readme', { fullPage: false });
    assert.ok(statSync(join(sourceRoot, 'web-ui/results.png')).size <= 150 * 1024);
});
