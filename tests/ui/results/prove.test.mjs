// SPDX-License-Identifier: GPL-3.0-or-later
// A proof is a button on the results page: it is watched, and told with a badge and two pictures for each metric.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, newPage, open, openLink, pictures, signIn, startBrowser } from '../browser.mjs';

const VISITORS = 600;
const BATCH = 400;
const PAGE = '/app/campaigns/shop/results';

let server;
let browser;
let page;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    const made = await server.api('POST', '/campaigns', {
        key: 'shop',
        name: 'Shop',
        kind: 'experiment',
        variants: ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' })),
        metrics: [{ key: 'conversion_rate', role: 'primary' }, { key: 'revenue_per_visitor' }],
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/shop/start', {})).status, 200);
    const events = Array.from({ length: VISITORS }, (_, i) => {
        const at = (second) => uuidv7(Date.now() - 3_600_000 + i * 1000 + second);
        const event = (name, second, properties) => ({ event_id: at(second), visitor_id: `v${i}`, name, properties });
        const exposure = event('exposure', 0, { campaign: 'shop', phase: 1, variant: i % 2 ? 'a' : 'b' });
        const order = { value: 10 + ((i * 37) % 50), currency: 'EUR', transaction_id: `t${i}` };
        return i % 5 ? [exposure] : [exposure, event('purchase', 1, order)];
    }).flat();
    for (let i = 0; i < events.length; i += BATCH) {
        const sent = await server.events({ events: events.slice(i, i + BATCH) }, { key: server.secretKey });
        assert.deepEqual(sent.body.rejected, []);
    }
    await until(
        () =>
            Number(server.psql('select count(*) from exposure')) === VISITORS &&
            Number(server.psql('select fold_backlog(1000)')) === 0,
        60_000,
        'the fold',
    );
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const part = () => page.locator('details', { hasText: 'Do the tests keep their promise here?' });

test('one click begins it, and the page tells what became of it', async () => {
    await open(page, server, PAGE);
    await part().locator('summary').click();
    await part().getByRole('button', { name: 'Prove it', exact: true }).click();
    await part().getByRole('button', { name: 'Prove it again' }).waitFor({ timeout: 120_000 });
    const { items } = (await server.api('GET', '/jobs')).body;
    assert.equal(items.length, 1, 'one click is one job');
    const { result } = (await server.api('GET', `/jobs/${items[0].id}`)).body;
    for (const [i, name] of ['Conversion rate', 'Revenue per visitor'].entries()) {
        const { false_calls: calls, peeking } = result.metrics[i];
        await part()
            .getByRole('heading', { name: new RegExp(`^${name} `) })
            .waitFor();
        await part()
            .getByText(`the test called ${calls.count}: ${(calls.rate * 100).toFixed(1)}%`)
            .first()
            .waitFor();
        await part()
            .getByRole('img', { name: `How often each p-value came, for ${name}; even bars are right` })
            .waitFor();
        const rates = `Always valid ${(peeking.always_valid.rate * 100).toFixed(1)}%`;
        await part()
            .getByRole('img', { name: `False alarms by rule, for ${name}: ${rates}` })
            .waitFor();
    }
    const words = { calibrated: 'keeps its promise', too_many_false_calls: 'too many false alarms' };
    const worst = result.metrics.some(({ verdict }) => verdict !== 'calibrated') ? null : words.calibrated;
    if (worst) await part().locator('summary').getByText(worst).waitFor();
});

test('who may only look sees it, and no button', async () => {
    const { body } = await server.api('POST', '/users', { email: 'eva@shop.example', role: 'viewer' });
    const viewer = await newPage(browser);
    await openLink(viewer, new URL(body.link, server.deskUrl).href);
    await viewer.getByRole('navigation').first().waitFor({ state: 'attached' });
    await open(viewer, server, PAGE);
    await viewer.locator('details', { hasText: 'Do the tests keep' }).locator('summary').click();
    await viewer.getByText(/splits of 600 visitors/).waitFor();
    assert.equal(await viewer.getByRole('button', { name: /^Prove it/ }).count(), 0);
    await viewer.context().close();
});

test('it fits', async () => {
    await assertFits(page, 'prove');
    await pictures(page, 'prove', { ready: () => part().getByRole('img').nth(3).waitFor() });
    assertQuiet(page);
});
