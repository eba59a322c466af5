// SPDX-License-Identifier: GPL-3.0-or-later
// All pages there are, in German: what they show, also of what was refused, has no word of English but in code and in
// names that people gave.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { sourceRoot } from '../../http/lib/paths.mjs';
import { assertQuiet, newPage, open, overflow, pictures, settled, signIn, startBrowser } from '../browser.mjs';
import { hasEnglish } from './german.mjs';

/* An address for each pattern of the page table. */
const PLACES = {
    '/': ['/'],
    '/app/campaigns/:key': ['/app/campaigns/knopf', '/app/campaigns/entwurf', '/app/campaigns/keine'],
    '/app/campaigns/:key/:view': [
        '/app/campaigns/leer/results',
        ...['question', 'who', 'what', 'many', 'check'].flatMap((step) =>
            ['entwurf', 'knopf'].map((key) => `/app/campaigns/${key}/setup?step=${step}`),
        ),
    ],
    '/app/visitors/:id': ['/app/visitors/knopf-alt-1'],
};
/* Names that are no German, of metrics and dimensions that come with an environment. */
const BUILT_IN = /Conversion rate|Add-to-basket|Average|Revenue|Items per|Visitors who|Pieces|Device|Country|New or/;

const patterns = [
    ...readFileSync(join(sourceRoot, 'web-ui/app/pages/index.ts'), 'utf8').matchAll(/pattern: '([^']+)'/g),
].map(([, pattern]) => pattern);

const variants = [
    { key: 'alt', name: 'Alt', weight: 0.5, is_control: true },
    { key: 'neu', name: 'Neu', weight: 0.5, is_control: false },
];
const metrics = [
    { key: 'conversion_rate', role: 'primary' },
    { key: 'revenue_per_visitor', role: 'secondary' },
    { key: 'add_to_basket_rate', role: 'guardrail' },
];

let server;
let browser;
let page;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const event = (visitor_id, name, properties, more = {}) => ({
    event_id: uuidv7(),
    visitor_id,
    name,
    properties,
    ...more,
});

/* What is refused for a reason each, with the public key. */
async function refused() {
    const money = { value: 1, currency: 'USD', transaction_id: 'b-1' };
    await server.events({
        events: [
            event('besucher-1', 'purchase', money),
            event('null', 'page_view', {}),
            event('besucher-1', 'refund', { transaction_id: 'b-1' }),
            event('besucher-1', 'purchase', { value: -1, currency: 'EUR' }),
            event('besucher-1', 'exposure', { campaign: 'gibtsnicht', phase: 1, variant: 'alt' }),
            event('besucher-1', 'page_view', {}, { ts: '2020-01-01T00:00:00Z' }),
            event('besucher-1', 'page_view', {}, { event_id: 'keine' }),
            { name: 'page_view' },
            7,
        ],
    });
}

async function visited() {
    const rows = variants.flatMap(({ key }) => Array.from({ length: 40 }, (_, i) => [key, `knopf-${key}-${i}`, i]));
    const events = rows.flatMap(([variant, visitor, i]) => [
        event(visitor, 'exposure', { campaign: 'knopf', phase: 1, variant, device: i % 2 ? 'mobile' : 'desktop' }),
        ...(i < 6 ? [event(visitor, 'purchase', { value: 20 + i, currency: 'EUR', transaction_id: visitor })] : []),
    ]);
    const sent = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual(sent.body.rejected, []);
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await ok('POST', '/flags', { key: 'aufruf', type: 'string', default: 'Bestellen' });
    for (const key of ['knopf', 'leer', 'entwurf'])
        await ok('POST', '/campaigns', { key, name: `Kampagne ${key}`, kind: 'experiment', variants, metrics });
    for (const key of ['knopf', 'leer']) await ok('POST', `/campaigns/${key}/start`);
    await until(
        async () => (await server.decide({ visitor_id: 'v' })).body.decisions.length === 2,
        10_000,
        'the campaigns to run',
    );
    await visited();
    await refused();
    await until(
        async () => (await ok('GET', '/refusals?days=2')).items.length > 4,
        20_000,
        'the refusals to be counted',
    );
    await until(
        async () => (await ok('GET', '/campaigns/knopf/results')).verdict.units === 80,
        60_000,
        'the visitors to be counted',
    );
    page = await signIn(browser, server, { locale: 'de-DE' });
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

/* The page's words, a line each: of text, and of what names and explains fields. */
const linesOf = (here) =>
    here.evaluate(() => {
        document.querySelectorAll('details').forEach((details) => (details.open = true));
        const isCode = (node) =>
            node.parentElement?.closest('code, pre, textarea, noscript, .code, .mono, script, style');
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const lines = [document.title];
        while (walker.nextNode()) if (!isCode(walker.currentNode)) lines.push(walker.currentNode.data.trim());
        for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
            for (const node of document.querySelectorAll(`[${name}]`)) lines.push(node.getAttribute(name));
        return [...new Set(lines)].filter(Boolean);
    });

const foreign = (lines) => lines.filter((line) => hasEnglish(line) || BUILT_IN.test(line));

const nameOf = (place) => `german_${place.replace(/\W+/g, '_').replace(/^_|_$/g, '') || 'start'}`;

async function look(here, place) {
    const lines = await linesOf(here);
    if (process.env.METE_LINES) writeFileSync(join(process.env.METE_LINES, `${nameOf(place)}.txt`), lines.join('\n'));
    assert.deepEqual(foreign(lines), [], place);
    assert.ok(lines.length > 5, place);
}

for (const pattern of patterns)
    test(`${pattern} speaks German`, async () => {
        for (const place of PLACES[pattern] ?? [pattern]) {
            assert.ok(!place.includes(':'), `${pattern} has no place in this test`);
            await open(page, server, place);
            await pictures(page, nameOf(place), { ready: async () => assert.equal(await overflow(page), 0, place) });
            await look(page, place);
        }
        assertQuiet(page);
    });

test('so does the page to sign in, and what it refuses', async () => {
    const stranger = await newPage(browser, { locale: 'de-DE' });
    await open(stranger, server, '/');
    await stranger.getByLabel('E-Mail').fill('niemand@example.org');
    await stranger.getByLabel('Passwort').fill('nichts davon stimmt');
    await stranger.getByRole('button', { name: 'Anmelden' }).click();
    await stranger.getByRole('alert').first().waitFor();
    await look(stranger, '/sign-in');
});

test('so does what a share link shows, and one that shows nothing', async () => {
    const { token } = await ok('POST', '/shares', { campaign: 'knopf', days: 7 });
    const stranger = await newPage(browser, { locale: 'de-DE' });
    for (const place of [`/shared/${token}`, '/shared/mss_nichts']) {
        await stranger.goto(server.deskUrl + place);
        await stranger
            .getByText(place.endsWith('nichts') ? 'Link' : 'Konversionsrate')
            .first()
            .waitFor();
        await pictures(stranger, `german_shared_${place.endsWith('nichts') ? 'ended' : 'open'}`);
        const lines = await linesOf(stranger);
        assert.deepEqual(foreign(lines), [], place);
        assert.ok(lines.length > 1, place);
    }
});

test('a form says in German what is wrong with a field', async () => {
    await open(page, server, '/app/flags');
    await page.getByRole('button', { name: 'Neues Flag' }).click();
    await page.getByLabel('Schlüssel').fill('Das Flag');
    await page.getByRole('button', { name: 'Anlegen' }).click();
    await page.getByText('Muss aus 1 bis 64 Zeichen').waitFor();
    await look(page, '/app/flags/new');
});

test('what was refused is said in German wherever it shows', async () => {
    for (const place of ['/app/data-quality', '/app/live?uncounted=1']) {
        await open(page, server, place);
        const lines = await linesOf(page);
        assert.ok(
            lines.some((line) => line.includes('ist keines Besuchers Id')),
            `${place}: ${lines.join('\n')}`,
        );
        assert.deepEqual(foreign(lines), [], place);
    }
    await settled(page);
});
