// SPDX-License-Identifier: GPL-3.0-or-later
// Flags as what they are: text without quotes, a switch for yes and no, numbers with a comma; on and off, and for how
// many, right in the list.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { assertFits, assertQuiet, open, pictures, signIn, startBrowser } from './browser.mjs';

let server;
let browser;
let page;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    page = await signIn(browser, server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const dialog = () => page.getByRole('dialog');
const row = (key) => page.getByRole('row').filter({ hasText: key });

// prettier-ignore
const TYPED = [
    // type, what is written, the default that is kept, how the list shows it
    ['Text', 'Buy now', 'Buy now', 'Buy now'],
    ['Text', '"quoted"', '"quoted"', '"quoted"'],
    ['Text', 'true', 'true', 'true'],
    ['Text', '14', '14', '14'],
    ['Text', '', '', '–'],
    ['Number', '14', 14, '14'],
    ['Number', '1,5', 1.5, '1.5'],
    ['Number', '-0.25', -0.25, '-0.25'],
    ['Yes or no', false, false, 'no'],
    ['Yes or no', true, true, 'yes'],
    ['JSON', '{"a": [1, "x"]}', { a: [1, 'x'] }, '{"a":[1,"x"]}'],
];

test('a default is written as its type is, kept as that, and there again to be changed', async () => {
    await open(page, server, '/app/flags');
    for (const [i, [type, written, kept, shown]] of TYPED.entries()) {
        const key = `flag_${i}`;
        await page.getByRole('button', { name: 'New flag' }).first().click();
        await dialog().getByLabel('Key').fill(key);
        await dialog().getByLabel('Type').selectOption(type);
        const field = dialog().getByLabel('Default');
        if (typeof written === 'boolean') await field.setChecked(written);
        else await field.fill(written);
        await dialog().getByRole('button', { name: 'Create' }).click();
        await row(key).waitFor();
        assert.deepEqual((await ok('GET', `/flags/${key}`)).default, kept, key);
        await row(key).getByRole('cell').getByText(shown, { exact: true }).first().waitFor();
        await page.getByRole('button', { name: `Edit ${key}`, exact: true }).click();
        const again = dialog().getByLabel('Default');
        const held = typeof kept === 'boolean' ? await again.isChecked() : await again.inputValue();
        assert.deepEqual(type === 'JSON' ? JSON.parse(held) : held, typeof kept === 'number' ? String(kept) : kept);
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().waitFor({ state: 'detached' });
        assert.deepEqual((await ok('GET', `/flags/${key}`)).default, kept, `${key}, saved as it is`);
    }
});

test('what is no number and no JSON is said at the field', async () => {
    for (const [type, written, said] of [
        ['Number', 'many', 'Please enter a number'],
        ['Number', '', 'Please enter a number'],
        ['JSON', '{', 'JSON'],
    ]) {
        await page.getByRole('button', { name: 'New flag' }).first().click();
        await dialog().getByLabel('Key').fill('wrong');
        await dialog().getByLabel('Type').selectOption(type);
        await dialog().getByLabel('Default').fill(written);
        await dialog().getByRole('button', { name: 'Create' }).click();
        const message = await dialog().getByRole('alert').innerText();
        assert.ok(message.includes(said), message);
        await dialog().getByRole('button', { name: 'Cancel' }).click();
    }
});

const decided = async (visitor_id) =>
    (await server.edge.request('POST', '/v1/decide', { visitor_id, attributes: {} })).body.flags.flag_8;

test('a yes-or-no flag is turned on for a share, for more, off, and on again', async () => {
    const toggle = page.getByRole('switch', { name: 'flag_8 is on' });
    await row('flag_8').getByText('Off', { exact: true }).waitFor();
    await toggle.click();
    await dialog().getByLabel('Share of visitors').fill('40');
    await assertFits(page, 'turning a flag on');
    await dialog().getByRole('button', { name: 'Turn on' }).click();
    await row('flag_8')
        .getByText(/On for 40\s?%/)
        .waitFor();
    const rollout = async () => ok('GET', '/campaigns/flag_8-on');
    assert.deepEqual([(await rollout()).status, (await rollout()).coverage], ['running', 0.4]);
    await page.getByRole('button', { name: 'Share of visitors of flag_8' }).click();
    await dialog().getByLabel('Share of visitors').fill('100');
    await dialog().getByRole('button', { name: 'Turn on' }).click();
    await row('flag_8')
        .getByText(/On for 100\s?%/)
        .waitFor();
    assert.equal((await rollout()).phase, 1, 'nobody who has it moves');
    await until(async () => (await decided('anybody')) === true, 10_000, 'the flag at the edge');
    await toggle.click();
    await dialog().getByRole('button', { name: 'Turn off' }).click();
    await row('flag_8').getByText('Off', { exact: true }).waitFor();
    await until(async () => (await decided('anybody')) === false, 10_000, 'the default at the edge');
    await toggle.click();
    await dialog().getByRole('button', { name: 'Turn on' }).click();
    await row('flag_8')
        .getByText(/On for 100\s?%/)
        .waitFor();
    assert.equal((await ok('GET', '/campaigns?limit=100')).items.length, 1, 'it is the same rollout');
    assertQuiet(page);
});

const WIDE = [
    'x',
    'new_cart',
    'checkout_button_v2',
    'a'.repeat(64),
    'h'.repeat(20),
    'free_shipping_from_fifty_euros_on_for_everybody',
    'm'.repeat(40),
    'w'.repeat(30),
    'one-two-three-four-five-six-seven',
    'i'.repeat(64),
];

test('on a phone each switch is reached without scrolling sideways', async () => {
    for (const key of WIDE)
        await ok('POST', '/flags', {
            key,
            type: 'boolean',
            default: false,
            description: 'Says what it does in more than a few words',
        });
    await open(page, server, '/app/flags');
    for (const width of [360, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const list = await page.getByRole('region', { name: 'Flags' }).boundingBox();
        for (const key of WIDE) {
            const { x, width: wide } = await page
                .getByRole('switch', { name: `${key} is on`, exact: true })
                .boundingBox();
            assert.ok(x + wide <= list.x + list.width, `${key} at ${width}: ${x + wide} of ${list.x + list.width}`);
        }
    }
    await pictures(page, 'flags_of_any_name');
    await page.setViewportSize({ width: 1280, height: 900 });
    for (const key of WIDE) await ok('DELETE', `/flags/${key}`);
});

test('campaigns that set a flag stand beside it, with their share', async () => {
    await ok('POST', '/campaigns', {
        key: 'texts',
        name: 'Texts',
        kind: 'rollout',
        coverage: 0.25,
        variants: [{ key: 'on', weight: 1, flags: { flag_0: 'Order' } }],
    });
    await ok('POST', '/campaigns/texts/start');
    await open(page, server, '/app/flags');
    await row('flag_0').getByRole('link', { name: 'Texts' }).waitFor();
    await row('flag_0')
        .getByText(/25\s?%/)
        .waitFor();
    await row('flag_9').getByText('Everybody, by default').waitFor();
    assert.equal(await row('flag_9').getByRole('switch').count(), 0, 'what all have is not turned on');
    await assertFits(page, 'list of flags');
    await pictures(page, 'flags');
    await page.evaluate(() => localStorage.setItem('mete.language', 'de'));
    await open(page, server, '/app/flags');
    await row('flag_8')
        .getByText(/An für 100\s?%/)
        .waitFor();
    await page.evaluate(() => localStorage.setItem('mete.language', 'en'));
    assertQuiet(page);
});

test('in a variant, yes or no is a switch too', async () => {
    await ok('POST', '/campaigns', {
        key: 'trial',
        name: 'Trial',
        kind: 'experiment',
        variants: [
            { key: 'a', weight: 0.5, is_control: true },
            { key: 'b', name: 'B', weight: 0.5 },
        ],
    });
    await open(page, server, '/app/campaigns/trial/setup?step=what');
    const b = page.getByRole('region', { name: 'Variant B' });
    await b.getByLabel('Set a flag').selectOption('flag_8');
    await b.getByRole('switch', { name: 'flag_8' }).check();
    await page.getByText('All changes are saved').waitFor();
    assert.deepEqual((await ok('GET', '/campaigns/trial')).variants[1].flags, { flag_8: true });
    assertQuiet(page);
});
