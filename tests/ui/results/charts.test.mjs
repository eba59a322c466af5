// SPDX-License-Identifier: GPL-3.0-or-later
// What the charts of results say, to the eye, the pointer and the keyboard: of an experiment of three arms and three
// weeks, told by the API as well.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { CliFolder } from '../../http/lib/cli.mjs';
import { startServer, until } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, pictures, settled, signIn, startBrowser } from '../browser.mjs';

const ARMS = ['new', 'old', 'bold'];
const DAYS = 12;
const EACH = 20; // visitors of an arm on a day
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 4, 1, 9);
const METRICS = [{ key: 'conversion_rate' }, { key: 'revenue_per_visitor' }, { key: 'average_order_value' }];
const PAGE = '/app/campaigns/charts/results';

let server;
let browser;
let folder;
let page;

/* Of each arm, how many of a day's visitors buy at once, and how many a day later. */
const BUYERS = { new: [8, 1], old: [4, 2], bold: [4, 4] };

function rows() {
    const time = (hours) => new Date(START + hours * HOUR_MS).toISOString();
    const lines = ['id,arm,seen,paid,bought'];
    for (let day = 0; day < DAYS; day += 1)
        for (const arm of ARMS)
            for (let i = 0; i < EACH; i += 1) {
                const [atOnce, later] = BUYERS[arm];
                const paid = i < atOnce + later ? 10 + ((i * 7 + day) % 23) : 0;
                const bought = day * 24 + (i < atOnce ? 1 : 26);
                lines.push([`${arm}-${day}-${i}`, arm, time(day * 24), paid, time(bought)].join(','));
            }
    return lines.join('\n');
}

const results = async () => (await server.api('GET', '/campaigns/charts/results')).body;

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    folder = new CliFolder(server);
    folder.write('rows.csv', rows());
    folder.write('mapping.json', {
        campaign: { key: 'charts', name: 'The charts', control: 'old' },
        visitor: { column: 'id' },
        variant: { column: 'arm' },
        time: { column: 'seen' },
        events: [
            {
                name: 'purchase',
                when: { column: 'paid', above: 0 },
                value: { column: 'paid' },
                time: { column: 'bought' },
            },
        ],
        metrics: METRICS,
    });
    const done = await folder.run(['import', '--mapping', 'mapping.json', 'rows.csv']);
    assert.equal(done.status, 0, done.stderr);
    await until(async () => (await results()).looks?.length >= DAYS, 60_000, 'the looks of all days');
    await until(
        async () => {
            server.psql('select since_exposure_queue()');
            return (await results()).metrics[0].since_exposure !== null;
        },
        60_000,
        'the days since the exposure',
    );
    /* West of UTC, where its midnight is the day before. */
    page = await signIn(browser, server, { timezoneId: 'America/New_York' });
    await open(page, server, PAGE);
});
after(async () => {
    await browser?.close();
    folder?.remove();
    await server?.stop();
});

const region = (name) => page.getByRole('region', { name, exact: true });

/* What each spot of a picture says, by the arrow keys. */
async function spotsOf(place) {
    const tip = place.getByRole('status');
    await place.locator('svg').waitFor();
    await place.focus();
    const first = await tip.innerText();
    const said = [];
    for (let text = first; said.length === 0 || text !== first; text = await tip.innerText()) {
        said.push(text.replace(/\s*\n\s*/g, ', '));
        await page.keyboard.press('ArrowRight');
    }
    return said;
}

const uplift = (value) =>
    new Intl.NumberFormat('en-GB', {
        style: 'percent',
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
        signDisplay: 'exceptZero',
    }).format(value);

const treated = (metric) => metric.variants.filter(({ effect }) => effect);

test('one picture shows all metrics, with the values of each, and the control as a grey line', async () => {
    const { metrics } = await results();
    const shown = region('What the variants change');
    const said = await spotsOf(shown.getByRole('group'));
    assert.deepEqual(
        said,
        metrics.flatMap((metric) =>
            treated(metric).map(({ key, effect }) => {
                const { uplift: point } = effect.frequentist;
                const range = effect.sequential.uplift_interval?.map(uplift).join(' to ') ?? '–';
                return `${metric.name}, ${key}: ${uplift(point)} (${range})`;
            }),
        ),
    );
    assert.equal(await shown.locator('svg [stroke="var(--series-control)"]').count(), 1);
    assert.equal(await shown.locator('svg [fill="var(--series-control)"]').count(), 0, 'no arm is grey');
    const grey = shown.locator('li').filter({ has: page.locator('[style*="series-control"]') });
    assert.match(await grey.innerText(), /old, with which all are compared/);
});

test('compared with another arm, that one is the grey line', async () => {
    const shown = region('What the variants change');
    await page.getByLabel('Compared with', { exact: true }).selectOption('bold');
    await shown.getByText('bold, with which all are compared').waitFor();
    await settled(page);
    assert.ok((await spotsOf(shown.getByRole('group'))).every((text) => / (new|old): /.test(text)));
    await page.getByLabel('Compared with', { exact: true }).selectOption('old');
    await shown.getByText('old, with which all are compared').waitFor();
});

test('its axis holds nothing in vain: nothing, the widest interval and little more', async () => {
    const { metrics } = await results();
    const ends = metrics.flatMap((metric) =>
        treated(metric).flatMap(({ effect }) =>
            (effect.sequential.uplift_interval ?? []).map((end) => Math.min(end, 3)),
        ),
    );
    const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
    const svg = region('What the variants change').locator('svg');
    const bars = svg.locator('[stroke-linecap=round] path');
    const places = await bars.evaluateAll((all) =>
        all.map((bar) => bar.getBBox()).flatMap(({ x, width }) => [x, x + width]),
    );
    const wide = Math.max(...places) - Math.min(...places);
    const all = (await svg.boundingBox()).width;
    assert.ok(high > low && wide > 0.8 * (all - 270), `${wide} of ${all}`);
});

test('in absolute figures each metric has a picture of its own, in its own unit', async () => {
    await page.getByRole('button', { name: 'Absolute', exact: true }).click();
    const card = region('Revenue per visitor');
    const said = await spotsOf(card.getByRole('group'));
    assert.equal(said.length, 2);
    assert.ok(
        said.every((text) => text.includes('€')),
        said.join('\n'),
    );
    await page.getByRole('button', { name: 'Relative', exact: true }).click();
    await card.locator('svg').first().waitFor({ state: 'detached' });
});

test('what is believed of each variant says its values, too', async () => {
    const { metrics } = await results();
    const said = await spotsOf(page.getByRole('group', { name: 'Posterior densities of Conversion rate' }));
    assert.deepEqual(
        said.map((text) => text.split(', ')[0]),
        metrics[0].variants.map(({ key, value }) => `${key}: ${(value * 100).toFixed(2)}%`),
    );
});

const openAll = () => page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));

const day = (text) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(new Date(text));

test('who came on each day, by variant', async () => {
    await openAll();
    const { exposures } = await results();
    assert.equal(exposures.length, DAYS);
    const said = await spotsOf(page.getByRole('group', { name: /^Visitors who met each variant first/ }));
    assert.deepEqual(
        said,
        exposures.flatMap((one) => one.variants.map(({ key, units }) => `${day(one.day)}, ${key}: ${units}`)),
    );
});

test('the effect on each day since the exposure', async () => {
    const { since_exposure: since } = (await results()).metrics[0];
    const said = await spotsOf(page.getByRole('group', { name: /^Difference in Conversion rate on each/ }));
    const points = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3, signDisplay: 'exceptZero' });
    const wanted = since.days.flatMap(({ day: number, variants }) =>
        variants
            .filter(({ interval }) => interval)
            .map(({ key, difference, units }) => [
                `Day ${number}, ${key}: ${points.format(difference * 100)} pp`,
                `${units} visitors`,
            ]),
    );
    assert.ok(wanted.length >= 8, JSON.stringify(since));
    assert.equal(said.length, wanted.length);
    wanted.forEach((parts, i) =>
        assert.ok(
            parts.every((part) => said[i].includes(part)),
            `${said[i]}: ${parts}`,
        ),
    );
});

test('sizes by day and by dimension stand behind the one finding', async () => {
    await page.getByText('Sizes by day and dimension').first().waitFor();
    const { days, dimensions, found } = (await server.api('GET', '/campaigns/charts/split')).body;
    assert.equal(found, 0);
    const rows = page.getByRole('region', { name: 'Sizes by day and dimension' }).locator('tbody tr');
    assert.equal(await rows.count(), days.length);
    assert.match(await rows.first().innerText(), /20 of 20/);
    const group = page.getByRole('group', { name: 'Sizes by day and dimension' });
    await group.getByRole('button', { name: 'Device', exact: true }).click();
    assert.equal(await rows.count(), dimensions.find(({ dimension }) => dimension === 'device').values.length);
    await group.getByRole('button', { name: 'Day', exact: true }).click();
});

test('from a figure to those who make it, in one click, and to a file', async () => {
    const health = page.getByRole('region', { name: 'Can the figures be trusted?' });
    await health
        .getByRole('row', { name: /^new/ })
        .getByRole('link', { name: String(DAYS * EACH), exact: true })
        .click();
    const list = region('Who met a variant').first();
    await list.getByRole('link', { name: /^new-/ }).first().waitFor();
    assert.match(page.url(), /visitors\?phase=1&variant=new$/);
    const shown = list.locator('tbody tr');
    assert.equal(await shown.count(), 50);
    await list.getByRole('button', { name: 'Show more' }).click();
    await until(async () => (await shown.count()) === 100, 20_000, 'more rows');
    for (const [name, lines] of [
        ['CSV', DAYS * EACH + 1],
        ['NDJSON', DAYS * EACH],
    ]) {
        const [download] = await Promise.all([
            page.waitForEvent('download'),
            list.getByRole('button', { name, exact: true }).click(),
        ]);
        const text = readFileSync(await download.path(), 'utf8').trim();
        assert.equal(text.split(/\r?\n/).length, lines, name);
        assert.ok(/new-0-0/.test(text) && !/old-0-0/.test(text), name);
    }
    await list.getByRole('button', { name: 'Seen in several' }).click();
    await list.getByText('Nobody.').waitFor();
    await list.getByRole('button', { name: 'All', exact: true }).click();
    await shown.first().waitFor();
    await assertFits(page, 'exposed');
    await page.setViewportSize({ width: 1280, height: 900 });
    await pictures(page, 'exposed', { fullPage: false });
    await open(page, server, PAGE);
});

test('the PNG has title, dates, verdict, and each picture with its title and legend', async () => {
    await page.evaluate(() => {
        window.drawn = { texts: [], images: 0, dots: 0 };
        const proto = CanvasRenderingContext2D.prototype;
        for (const [name, note] of [
            ['fillText', (text) => window.drawn.texts.push(text)],
            ['drawImage', () => (window.drawn.images += 1)],
            ['arc', () => (window.drawn.dots += 1)],
        ]) {
            const own = proto[name];
            proto[name] = function (...args) {
                note(...args);
                return own.apply(this, args);
            };
        }
    });
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'PNG', exact: true }).click(),
    ]);
    const bytes = readFileSync(await download.path());
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    const { texts, images, dots } = await page.evaluate(() => window.drawn);
    const text = texts.join(' ');
    assert.ok(text.startsWith('The charts Phase 1, 1 May 2026 to '), text);
    assert.ok(text.includes((await page.locator('.hero .lead').innerText()).slice(0, 40)), text);
    const shown = await page.locator('.plot svg:visible').count();
    assert.equal(images, shown);
    for (const title of ['What the variants change', 'Conversion rate over time, by variant'])
        assert.ok(text.includes(title), `${title}: ${text}`);
    const legends = await page.locator('.legend:visible li').allInnerTexts();
    assert.equal(dots, legends.length);
    for (const legend of legends) assert.ok(text.includes(legend.replace('●', '').trim()), legend);
    assert.ok(width > 800 && height > shown * 300, `${width} × ${height}`);
});

test('on paper: title, dates and verdict above the pictures, on white, and nothing to press', async () => {
    const dates = page.getByText(/^Phase 1, 1 May 2026 to .* · 720 visitors · as of/);
    assert.equal(await dates.isVisible(), false);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await dates.waitFor();
    const top = async (place) => (await place.boundingBox()).y;
    const [title, line, hero] = [page.locator('h1'), dates, page.locator('.hero')];
    assert.ok((await top(title)) < (await top(line)) && (await top(line)) < (await top(hero)));
    assert.equal(await page.locator('.button:visible, .toolbar:visible, .tabs:visible').count(), 0);
    await page.evaluate(() => document.querySelector('details[open]').removeAttribute('open'));
    assert.equal(await page.locator('details:not([open]):visible').count(), 0);
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await theme(), 'light');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await theme(), 'dark');
    const pdf = await page.pdf();
    assert.ok(pdf.subarray(0, 5).toString() === '%PDF-' && pdf.length > 20_000, String(pdf.length));
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
});

test('pictures fit everywhere', async () => {
    await openAll();
    await settled(page);
    await assertFits(page, 'charts');
    await page.setViewportSize({ width: 1280, height: 900 });
    await pictures(page, 'charts');
    assertQuiet(page);
});
