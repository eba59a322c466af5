// SPDX-License-Identifier: GPL-3.0-or-later
// What the deciding metric tells besides the verdict: how much of a winner is luck, whether more days would help, which
// of three variants is the best. The page says what the API says, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { Imports } from '../../http/lib/imports.mjs';
import { assertFits, assertQuiet, open, pictures, signIn, startBrowser } from '../browser.mjs';

const UNITS = 800;
const BATCH = 500;

let server;
let browser;
let page;
let imports;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const insightOf = async (key) => (await ok('GET', `/campaigns/${key}/results`)).insight;

async function start(key, buyers) {
    const arms = Object.keys(buyers);
    await ok('POST', '/campaigns', {
        key,
        name: key,
        kind: 'experiment',
        statistics: { planned_units: 3000 },
        variants: arms.map((arm, i) => ({
            key: arm,
            name: `Arm ${arm.toUpperCase()}`,
            weight: 1 / arms.length,
            is_control: i === 0,
        })),
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
    });
    await ok('POST', `/campaigns/${key}/start`);
    server.psql(`update phase set started_at = now() - interval '10 days'`);
    const event = (visitor_id, name, properties) => ({ visitor_id, name, event_id: uuidv7(), properties });
    const events = arms.flatMap((variant) =>
        Array.from({ length: UNITS }, (_, i) => `${key}-${variant}-${i}`).flatMap((visitor, i) => [
            event(visitor, 'exposure', { campaign: key, phase: 1, variant, device: i % 2 ? 'mobile' : 'desktop' }),
            ...(i < buyers[variant]
                ? [event(visitor, 'purchase', { value: 40, currency: 'EUR', transaction_id: visitor })]
                : []),
        ]),
    );
    for (let i = 0; i < events.length; i += BATCH) {
        const sent = await server.events({ events: events.slice(i, i + BATCH) }, { key: server.secretKey });
        assert.deepEqual(sent.body.rejected, []);
    }
    const isCounted = async () => {
        const { verdict, health } = await ok('GET', `/campaigns/${key}/results`);
        return verdict.units === arms.length * UNITS && health.fold.lag_events === 0;
    };
    await until(isCounted, 60_000, `${key} to be counted`);
}

before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    await start('won', { a: 160, b: 250 });
    await start('open', { a: 160, b: 190, c: 150 });
    imports = new Imports(server);
    page = await signIn(browser, server);
});
after(async () => {
    imports?.remove();
    await browser?.close();
    await server?.stop();
});

const card = () => page.getByRole('region', { name: 'What to make of it' });

test('a winner is told less what luck adds', async () => {
    const insight = await insightOf('won');
    const { corrected } = insight.variants[1];
    assert.deepEqual(insight.outlook, [], 'it was called: nothing is to be waited for');
    assert.ok(corrected.uplift > 0 && corrected.uplift < 250 / 160 - 1, JSON.stringify(corrected));
    assert.ok(corrected.uplift_interval[0] < corrected.uplift && corrected.uplift_interval[1] > corrected.uplift);
    await open(page, server, '/app/campaigns/won/results');
    const text = await card()
        .getByText(/^“Arm B” measures/)
        .innerText();
    assert.ok(text.includes(`measures +56.2%; likely it is +${(corrected.uplift * 100).toFixed(1)}%`), text);
    assert.equal(await card().getByRole('heading', { name: 'Would more days help?' }).count(), 0);
});

test('whether more days would help, and which of three is the best', async () => {
    const insight = await insightOf('open');
    assert.equal(insight.leader, 'b');
    assert.deepEqual(
        insight.outlook.map(({ days }) => days),
        [7, 14, 28],
    );
    const chances = insight.variants.map(({ chance_to_be_best }) => chance_to_be_best);
    assert.ok(Math.abs(chances.reduce((a, b) => a + b) - 1) < 1e-9, `${chances}`);
    await open(page, server, '/app/campaigns/open/results');
    await card().getByRole('heading', { name: 'Would more days help?' }).waitFor();
    assert.equal(await card().getByRole('table', { name: 'Would more days help?' }).getByRole('row').count(), 4);
    const rows = await card().getByRole('table', { name: 'Which variant is the best?' }).getByRole('row').all();
    assert.equal(rows.length, 4);
    for (const [i, chance] of chances.entries()) {
        const shown = chance < 0.001 ? '< 0.1%' : `${(chance * 100).toFixed(1)}%`;
        assert.ok((await rows[i + 1].innerText()).includes(shown), `${await rows[i + 1].innerText()}: ${shown}`);
    }
});

test('for whom it works otherwise is asked when somebody wants to know', async () => {
    const { body } = await server.api('GET', '/campaigns/open/findings');
    assert.deepEqual(
        body.findings.list.map(({ variant }) => variant).sort(),
        ['b', 'c'],
        JSON.stringify(body.findings),
    );
    const part = page.locator('details', { hasText: 'Does it work the same for everybody?' });
    assert.equal(await part.getByRole('table').count(), 0);
    await part.locator('summary').click();
    const rows = part.getByRole('table', { name: 'Does it work the same for everybody?' }).getByRole('row');
    await rows.nth(2).waitFor();
    for (const [i, { value, p }] of body.findings.list.entries()) {
        const text = await rows.nth(i + 1).innerText();
        assert.ok(text.includes(value) && text.includes(p <= 0.05 ? 'a hint' : 'nothing'), text);
    }
    await part.getByText('Nothing was found').waitFor();
    await part.getByRole('columnheader', { name: 'Difference there' }).waitFor();
    const { here } = body.findings.list[0];
    const points = Number((here.difference * 100).toPrecision(3));
    const shown = await rows.nth(1).innerText();
    assert.ok(shown.includes(`${here.difference > 0 ? '+' : ''}${points} `), `${shown}: ${points}`);
});

test('beside it stands the effect as if both variants had the same mix', async () => {
    const { findings } = (await server.api('GET', '/campaigns/open/findings')).body;
    const title = 'And if both variants had the same mix of visitors?';
    const table = page.getByRole('table', { name: title });
    assert.equal(await table.getByRole('row').count(), 1 + findings.stratified.length);
    const shown = (uplift) => `${uplift < 0 ? '-' : '+'}${Math.abs(uplift * 100).toFixed(1)}%`;
    for (const [i, { uplift, measured_uplift, variant }] of findings.stratified.entries()) {
        const text = await table
            .getByRole('row')
            .nth(i + 1)
            .innerText();
        for (const part of ['Device', `Arm ${variant.toUpperCase()}`, shown(measured_uplift), shown(uplift)])
            assert.ok(text.includes(part), `${text}: ${part}`);
    }
    await page.getByText('the verdict does not rest on them').waitFor();
});

test('of unlike sizes and a heavy tail the p-value is told corrected for skewness', async () => {
    const rows = [900, 100].flatMap((size, arm) =>
        Array.from({ length: size }, (_, i) => {
            const value = i < 4 - arm ? 400 : i < size / 20 ? 10 : 0;
            return `${arm}-${i},${'ab'[arm]},${value},2024-06-${String(1 + (i % 12)).padStart(2, '0')}`;
        }),
    );
    await imports.load('skewed', `id,g,v,day\n${rows.join('\n')}\n`, [], {
        time: { column: 'day' },
        events: [{ name: 'purchase', when: { column: 'v', above: 0 }, value: { column: 'v' } }],
        metrics: [{ key: 'revenue_per_visitor' }],
    });
    const isCounted = async () => (await ok('GET', '/campaigns/skewed/results')).health.fold.is_complete;
    await until(isCounted, 60_000, 'the import to be counted');
    const { frequentist } = (await ok('GET', '/campaigns/skewed/results')).metrics[0].variants[1].effect;
    await open(page, server, '/app/campaigns/skewed/results');
    const text = await page.getByText(/^The variants differ much in size/).innerText();
    const [low] = frequentist.skew_corrected.interval;
    const told = `${low < 0 ? '-' : '+'}€${Math.abs(low).toFixed(2)}`;
    assert.ok(text.includes(told), `${text}: ${told}`);
    await assertFits(page, 'skewed');
    await pictures(page, 'skewed', { ready: () => page.getByText(/^The variants differ much/).waitFor() });
    await open(page, server, '/app/campaigns/open/results');
    await card().waitFor();
    assert.equal(await page.getByText(/^The variants differ much/).count(), 0);
});

test('it fits, and shows no number that is none', async () => {
    await assertFits(page, 'insight');
    await pictures(page, 'insight', { ready: () => card().waitFor() });
    assert.doesNotMatch(await card().innerText(), /NaN|undefined|null/);
    assertQuiet(page);
});
