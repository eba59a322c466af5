// SPDX-License-Identifier: GPL-3.0-or-later
// Audiences that ask for days and times: written by rules, read back as rules, and wrong ones said to be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, screenshot, signIn, startBrowser } from '../browser.mjs';

let server;
let browser;
let page;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    const variants = ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' }));
    const made = await server.api('POST', '/campaigns', {
        key: 'members',
        name: 'Members',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
    });
    assert.equal(made.status, 201, made.text);
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

/* A patch is merged, so the audience before it has to go. */
async function put(condition) {
    for (const audience of [null, condition]) {
        const changed = await server.api('PATCH', '/campaigns/members', { audience });
        assert.equal(changed.status, 200, changed.text);
    }
}

const audience = async () => (await server.api('GET', '/campaigns/members')).body.audience;
const show = () => open(page, server, '/app/campaigns/members/setup?step=who');
const value = () => page.getByLabel('Value', { exact: true });

test('a rule compares days and times', async () => {
    await show();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Attribute', { exact: true }).fill('member_since');
    await page.getByLabel('Comparison', { exact: true }).selectOption({ label: 'is on or after' });
    await value().fill('January 2026');
    await page.getByText(/Must be a day \(2026-01-31/).waitFor();
    await assertFits(page, 'a wrong moment');
    for (const wrong of ['1969-12-31', '2026-02-30', '2026-01-31T12:00:00+24:00']) {
        await value().fill('2026-01-31');
        await page.getByText(/Must be a day/).waitFor({ state: 'detached' });
        await value().fill(wrong);
        await page.getByText(/Must be a day/).waitFor();
    }
    await value().fill('2026-01-31T12:00:00+01:00');
    await until(async () => (await audience()) !== null, 20_000, 'the audience to be kept');
    assert.deepEqual(await audience(), { member_since: { $gte: '2026-01-31T12:00:00+01:00' } });
    assert.equal(await page.getByText(/Must be a day/).count(), 0);
    await page.setViewportSize({ width: 1280, height: 900 });
    await screenshot(page, 'editor-moments');
});

for (const [word, operator, operand] of [
    ['$gt', 'after', '2026-01-31'],
    ['$gte', 'from', '2026-01-31T12:00:00Z'],
    ['$lt', 'before', '2026-01-31 12:00:00.5-08:00'],
    ['$gt', 'after', '2026-01-31t12:00:00z'],
    ['$lte', 'until', '1999-12-31'],
    ['$ne', 'isNot', '2026-01-31'],
]) {
    test(`${word} ${operand} is read back as a rule`, async () => {
        await put({ member_since: { [word]: operand } });
        await show();
        await value().waitFor();
        assert.equal(await page.getByLabel('Comparison', { exact: true }).inputValue(), operator);
        assert.equal(await value().inputValue(), operand);
        assertQuiet(page);
    });
}

for (const text of ['gold', '2026-02-30', '1969-12-31'])
    test(`${text} is no moment: it stays a condition`, async () => {
        await put({ plan: { $gt: text } });
        await show();
        await page.getByText('This condition says more than rules can.').waitFor();
    });
