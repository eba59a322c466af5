// SPDX-License-Identifier: GPL-3.0-or-later
// Help: each page there is has some, in both languages, and says the words it uses; by mouse and by keyboard.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from '../../http/lib/harness.mjs';
import { sourceRoot } from '../../http/lib/paths.mjs';
import { assertFits, assertQuiet, open, pictures, signIn, startBrowser } from '../browser.mjs';
import { hasEnglish, loadScript } from './german.mjs';

const ROW = /pattern: '([^']+)', help: \[([^\]]*)\]/g;
const rows = [...readFileSync(join(sourceRoot, 'web-ui/app/pages/index.ts'), 'utf8').matchAll(ROW)].map(
    ([, pattern, topics]) => ({ pattern, topics: topics.match(/\w+/g) ?? [] }),
);
/* What opens the help of a language, and what closes it. */
const SAYS = {
    'en-GB': { open: 'Help to this page', title: 'Help', close: 'Close help' },
    'de-DE': { open: 'Hilfe zu dieser Seite', title: 'Hilfe', close: 'Hilfe schließen' },
};

let server;
let browser;
let glossary;
const help = {};
const pages = {};

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    ({ GLOSSARY: glossary } = await loadScript('app/pages/help/glossary.ts'));
    for (const language of ['en', 'de']) help[language] = await loadScript(`app/messages/${language}/help.ts`);
    for (const locale of Object.keys(SAYS)) pages[locale] = await signIn(browser, server, { locale });
    const variants = [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5 },
    ];
    const made = await server.api('POST', '/campaigns', { key: 'eins', name: 'Eins', kind: 'experiment', variants });
    assert.equal(made.status, 201, made.text);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

test('each page of the table has help, and no help is of no page', () => {
    assert.ok(rows.length > 20);
    assert.deepEqual(
        rows.filter(({ topics }) => topics.length === 0),
        [],
    );
    const used = [...new Set(rows.flatMap(({ topics }) => topics))].sort();
    for (const language of ['en', 'de']) assert.deepEqual(Object.keys(help[language].pages).sort(), used, language);
    assert.deepEqual(Object.keys(glossary).sort(), used);
});

test('each word a page uses is explained, and each that is explained is used', () => {
    const used = [...new Set(Object.values(glossary).flat())].sort();
    for (const language of ['en', 'de']) {
        assert.deepEqual(Object.keys(help[language].words).sort(), used, language);
        const empty = Object.entries(help[language].words).filter(
            ([, [term, meaning]]) => !term || meaning.length < 10,
        );
        assert.deepEqual(empty, []);
    }
});

test('German help is German', () => {
    const texts = [...Object.values(help.de.pages), ...Object.values(help.de.words).flat()];
    assert.deepEqual(
        texts.filter((text) => hasEnglish(text) && !text.includes('mete import --check')),
        [],
    );
    assert.deepEqual(
        Object.keys(help.de.pages).filter((key) => help.de.pages[key] === help.en.pages[key]),
        [],
    );
});

const pathOf = (pattern) => pattern.replace(':key', 'eins').replace(':view', 'results').replace(':id', 'v-1');
const topicsOf = ({ pattern, topics }) => (pattern.endsWith(':view') ? ['results'] : topics);

for (const [locale, says] of Object.entries(SAYS))
    for (const row of rows)
        test(`${row.pattern} has help in ${locale}`, async () => {
            const page = pages[locale];
            await open(page, server, pathOf(row.pattern));
            await page.getByRole('button', { name: says.open }).click();
            const panel = page.getByRole('complementary', { name: says.title });
            const { pages: texts, words } = help[locale.slice(0, 2)];
            const topics = topicsOf(row);
            for (const topic of topics) await panel.getByText(texts[topic].split('\n')[0]).waitFor();
            const terms = [...new Set(topics.flatMap((topic) => glossary[topic]))].map((word) => words[word][0]);
            assert.deepEqual(await panel.getByRole('term').allTextContents(), terms);
            assert.equal(await panel.getByRole('definition').count(), terms.length);
            await panel.getByRole('button', { name: says.close }).click();
            await panel.waitFor({ state: 'detached' });
            assertQuiet(page);
        });

test('by keyboard: Enter opens it and goes there, Escape closes it and comes back', async () => {
    const page = pages['en-GB'];
    await open(page, server, '/app/planner');
    const opener = page.getByRole('button', { name: 'Help to this page' });
    assert.equal(await opener.getAttribute('aria-expanded'), 'false');
    await opener.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Help' });
    await panel.waitFor();
    assert.equal(await opener.getAttribute('aria-expanded'), 'true');
    assert.equal(await opener.getAttribute('aria-controls'), await panel.getAttribute('id'));
    await page.waitForFunction(() => document.activeElement?.matches('aside.help'));
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.equal(await opener.evaluate((node) => node === document.activeElement), true);
});

test('it goes along from page to page, and fits', async () => {
    const page = pages['de-DE'];
    await open(page, server, '/app/flags');
    await page.getByRole('button', { name: 'Hilfe zu dieser Seite' }).click();
    const panel = page.getByRole('complementary', { name: 'Hilfe' });
    await panel.getByText(help.de.pages.flags.split('\n')[0]).waitFor();
    await page.getByRole('link', { name: 'Metriken' }).click();
    await panel.getByText(help.de.pages.metrics.split('\n')[0]).waitFor();
    assert.equal(await panel.getByText(help.de.pages.flags.split('\n')[0]).count(), 0);
    await assertFits(page, 'help');
    await pictures(page, 'help', { fullPage: false });
});
