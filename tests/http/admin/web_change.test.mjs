// SPDX-License-Identifier: GPL-3.0-or-later
// What variants do to web pages, and when: kept, checked, and handed to the browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const campaign = (changes, triggers = null) => ({
    key: 'web',
    kind: 'experiment',
    triggers,
    variants: [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5, changes },
    ],
    metrics: [{ key: 'conversion_rate', role: 'primary' }],
});

const WRONG_CHANGES = [
    [{ type: 'text', value: 'x' }, '/selector'],
    [{ type: 'text', selector: 'h1' }, '/value'],
    [{ type: 'text', selector: 'h1', value: 'x', url: '/a' }, '/url'],
    [{ type: 'hide' }, '/selector'],
    [{ type: 'hide', selector: '.x', value: 'no' }, '/value'],
    [{ type: 'paint', selector: '.x' }, '/type'],
    [{ type: 'attribute', selector: 'a', name: 'onclick', value: 'f()' }, '/name'],
    [{ type: 'attribute', selector: 'a', name: 'a b', value: 'x' }, '/name'],
    [{ type: 'attribute', selector: 'a', name: 'href', value: ' JavaScript:f()' }, '/value'],
    [{ type: 'attribute', selector: 'a', name: 'href', value: 'java\tscript:f()' }, '/value'],
    [{ type: 'redirect', url: 'javascript:alert(1)' }, '/url'],
    [{ type: 'redirect', url: '//elsewhere.example' }, '/url'],
    [{ type: 'insert', selector: '.x', value: 'x', position: 'inside' }, '/position'],
    [{ type: 'move', selector: '.x', position: 'after' }, '/target'],
    [{ type: 'countdown', value: '{time}' }, '/end'],
    [{ type: 'html', selector: '.x', value: '<b>x</b>' }, '/type'],
    [{ type: 'script', value: 'f()' }, '/type'],
];

for (const [change, pointer] of WRONG_CHANGES) {
    test(`refused: ${JSON.stringify(change)}`, async () => {
        const { status, body } = await server.api('POST', '/campaigns', campaign([change]));
        assert.deepEqual([status, body.pointer], [400, `/variants/1/changes/0${pointer}`], JSON.stringify(body));
    });
}

const WRONG_TRIGGERS = [
    [{ pages: [{ match: 'regex', value: '(' }] }, '/pages/0/value'],
    [{ pages: [{ match: 'simple' }] }, '/pages/0/value'],
    [{ moments: [{ on: 'scroll' }] }, '/moments/0/amount'],
    [{ moments: [{ on: 'scroll', amount: 101 }] }, '/moments/0/amount'],
    [{ moments: [{ on: 'exit_intent', name: 'x' }] }, '/moments/0/name'],
    [{ moments: [{ on: 'event', name: 'x' }, { on: 'visible' }] }, '/moments/1/selector'],
    [{ moments: [{ on: 'never' }] }, '/moments/0/on'],
];

for (const [triggers, pointer] of WRONG_TRIGGERS) {
    test(`refused: ${JSON.stringify(triggers)}`, async () => {
        const { status, body } = await server.api('POST', '/campaigns', campaign([], triggers));
        assert.deepEqual([status, body.pointer], [400, `/triggers${pointer}`], JSON.stringify(body));
    });
}

const CHANGES = [
    { type: 'text', selector: 'h1', value: 'Hello <b>' },
    { type: 'class', selector: '.buy', value: 'big -small' },
    { type: 'redirect', url: '/new' },
    { type: 'banner', value: 'Sale', url: 'https://shop.example/sale', label: 'Look', place: 'bottom' },
    { type: 'countdown', end: '2027-01-01T00:00:00Z', value: 'Ends in {time}' },
];
const TRIGGERS = {
    pages: [
        { match: 'wildcard', value: '/product/*' },
        { match: 'regex', value: '^/p\\d+$', is_excluded: true },
    ],
    moments: [
        { on: 'visible', selector: '.buy' },
        { on: 'time', amount: 5 },
    ],
};

const decisionOf = async (visitor) => (await server.decide({ visitor_id: visitor })).body.decisions[0];

test('what is right is served with the decision', async () => {
    const made = await server.api('POST', '/campaigns', campaign(CHANGES, TRIGGERS));
    assert.equal(made.status, 201, made.text);
    await server.api('POST', '/campaigns/web/start', {});
    await until(() => decisionOf('v'), 10_000, 'the campaign on the edge');
    const bare = (value) => JSON.parse(JSON.stringify(value, (_, v) => v ?? undefined));
    for (let i = 0; i < 20; i += 1) {
        const decision = await decisionOf(`v${i}`);
        assert.deepEqual(
            bare(decision.triggers).pages.map(({ value }) => value),
            ['/product/*', '^/p\\d+$'],
        );
        assert.deepEqual(decision.changes && bare(decision.changes), decision.variant === 'b' ? CHANGES : undefined);
    }
});

test('changing what a variant does, or when, opens a new phase', async () => {
    const first = await server.api('GET', '/campaigns/web');
    const { variants } = first.body;
    variants[1].changes = [{ type: 'hide', selector: '.buy' }];
    assert.equal((await server.api('PATCH', '/campaigns/web', { variants })).body.phase, 2);
    assert.equal((await server.api('PATCH', '/campaigns/web', { triggers: null })).body.phase, 3);
    assert.equal((await server.api('PATCH', '/campaigns/web', { name: 'Another' })).body.phase, 3);
});

test('markup and scripts, once the environment allows them', async () => {
    const [{ key }] = (await server.api('GET', '/session')).body.environments;
    assert.equal((await server.api('PATCH', `/environments/${key}`, { allows_html: true })).status, 200);
    const { variants } = (await server.api('GET', '/campaigns/web')).body;
    variants[1].changes = [
        { type: 'html', selector: '.x', value: '<b>x</b>' },
        { type: 'script', value: 'f()' },
    ];
    const changed = await server.api('PATCH', '/campaigns/web', { variants });
    assert.equal(changed.status, 200, changed.text);
});
