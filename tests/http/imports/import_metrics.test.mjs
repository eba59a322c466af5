// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics that were made for an import go with it, and no others.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';

let server;
let imports;
before(async () => {
    server = await startServer();
    imports = new Imports(server);
});
after(async () => {
    imports?.remove();
    await server?.stop();
});

const FILE = 'id,g,v\nra1,a,10\nra2,b,20\nra3,a,30\n';
const VARIANTS = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];
const metric = (key, more = {}) => ({ key, kind: 'sum', event: 'purchase', value: 'value', ...more });
const load = (key, metrics, args = [], csv = FILE) => imports.load(key, csv, args, { metrics });
const isThere = async (key) => (await server.api('GET', `/metrics/${key}`)).status === 200;
const ask = async (method, path, body, expected = 200) => {
    const reply = await server.api(method, path, body);
    assert.equal(reply.status, expected, reply.text);
    return reply.body;
};
const campaign = (key, metrics) =>
    ask('POST', '/campaigns', { key, kind: 'experiment', variants: VARIANTS, metrics }, 201);

/* Each begins with an import "KEY" that made the metric "KEY_m"; 'then' happens before it is taken back. */
const CASES = [
    { key: 'alone', stays: false },
    {
        key: 'more',
        stays: false,
        metrics: (own) => [{ key: 'conversion_rate' }, metric(own), { key: 'average_order_value' }],
    },
    { key: 'totals', stays: false, isTotals: true },
    { key: 'gone_draft', stays: false, then: (own) => draftThatGoes(own) },
    { key: 'elsewhere', stays: false, then: (own) => inAnotherEnvironment(own) },
    {
        key: 'replaced',
        stays: false,
        then: (own) => load('replaced', [metric(own)], ['--replace'], `${FILE}ra4,a,1\n`),
    },
    { key: 'draft', stays: true, then: (own) => campaign('draft_uses', [{ key: own }]) },
    { key: 'running', stays: true, then: (own) => started('running_uses', own) },
    { key: 'stopped', stays: true, then: (own) => stopped('stopped_uses', own) },
    { key: 'archived', stays: true, then: (own) => archived('archived_uses', own) },
    { key: 'imported', stays: true, then: (own) => load('imported_uses', [metric(own)]) },
    { key: 'renamed', stays: true, then: (own) => ask('PATCH', `/metrics/${own}`, { name: 'Mine' }) },
    { key: 'redefined', stays: true, then: (own) => ask('PATCH', `/metrics/${own}`, { cap: 100 }) },
];

async function draftThatGoes(own) {
    await campaign('goes_first', [{ key: own }]);
    await ask('DELETE', '/campaigns/goes_first', undefined, 204);
}
async function inAnotherEnvironment(own) {
    await ask('POST', '/environments', { key: 'other', name: 'Other' }, 201);
    await ask('POST', '/metrics?environment=other', { ...metric(own), name: own }, 201);
    const body = { key: 'there', kind: 'experiment', variants: VARIANTS, metrics: [{ key: own }] };
    await ask('POST', '/campaigns?environment=other', body, 201);
}
async function started(key, own) {
    await campaign(key, [{ key: own }]);
    await ask('POST', `/campaigns/${key}/start`);
}
async function stopped(key, own) {
    await started(key, own);
    await ask('POST', `/campaigns/${key}/stop`);
}
async function archived(key, own) {
    await stopped(key, own);
    await ask('POST', `/campaigns/${key}/archive`);
}

const TOTALS = 'day,g,visitors,sum\n2024-01-01,a,100,30\n2024-01-01,b,100,40\n';
const loadTotals = (key, own) => {
    imports.write('totals.json', {
        campaign: { key, control: 'a' },
        variant: { column: 'g' },
        time: { column: 'day' },
        totals: { visitors: { column: 'visitors' }, sums: [{ metric: own, sum: { column: 'sum' } }] },
        metrics: [metric(own)],
    });
    imports.write('totals.csv', TOTALS);
    return imports.run(['import', '--mapping', 'totals.json', '--json', 'totals.csv']).then(({ stdout, stderr }) => {
        assert.ok(stdout, stderr);
        return JSON.parse(stdout);
    });
};

describe('a metric that was made for an import', () => {
    for (const { key, stays, metrics = (own) => [metric(own)], then = () => {}, isTotals } of CASES)
        test(`${key}: it ${stays ? 'stays' : 'goes with it'}`, async () => {
            const own = `${key}_m`;
            await (isTotals ? loadTotals(key, own) : load(key, metrics(own)));
            assert.ok(await isThere(own));
            await then(own);
            const { import: id } = await imports.campaign(key);
            assert.deepEqual((await imports.show(id)).metrics, stays ? [] : [own]);
            await imports.takeBack(id);
            assert.equal(await isThere(own), stays);
            assert.deepEqual((await imports.show(id)).metrics, stays ? [] : [own], 'its record says what went');
        });
});

test('a metric that was there before stays, and so does one that came with the environment', async () => {
    await ask('POST', '/metrics', { ...metric('before'), name: 'Before' }, 201);
    const { import: id } = await load('uses', [{ key: 'before' }, { key: 'average_order_value' }]);
    await imports.takeBack(id);
    assert.deepEqual([await isThere('before'), await isThere('average_order_value')], [true, true]);
});

test('the last import that used it takes it along, whichever made it', async () => {
    const maker = await load('maker', [metric('shared')]);
    const user = await load('user', [metric('shared')]);
    await imports.takeBack(maker.import);
    assert.ok(await isThere('shared'));
    assert.deepEqual((await imports.show(user.import)).metrics, ['shared']);
    await imports.takeBack(user.import);
    assert.equal(await isThere('shared'), false);
});

test('one of the same name that a person made anew is not taken', async () => {
    const first = await load('first', [metric('again')]);
    await imports.takeBack(first.import);
    await ask('POST', '/metrics', { ...metric('again'), name: 'By hand' }, 201);
    const second = await load('second', [metric('again')]);
    await imports.takeBack(second.import);
    assert.ok(await isThere('again'));
});

test('put in place by --replace, results count by the metric that was made anew', async () => {
    await load('anew', [metric('anew_m')]);
    await load('anew', [metric('anew_m')], ['--replace'], FILE.replace('30', '31'));
    assert.deepEqual(await imports.values('anew'), { a: 20.5, b: 20 });
    assert.ok(await isThere('anew_m'));
});

test('an import that is refused leaves no metric behind', async () => {
    await started('taken', 'conversion_rate');
    for (const [key, metrics] of [
        ['refused', [metric('left'), metric('wrong', { kind: 'none' })]],
        ['refused', [metric('left'), metric('conversion_rate')]],
        ['taken', [metric('left')]],
    ]) {
        assert.notEqual((await imports.tell(key, FILE, [], { metrics })).status, 0);
        assert.deepEqual([await isThere('left'), await isThere('wrong')], [false, false], key);
    }
});

test('no campaign gives away a metric that is not its own', async () => {
    await campaign('liar', [{ key: 'average_order_value' }]);
    const told = { first_at: '2024-01-01T00:00:00Z', last_at: '2024-01-02T00:00:00Z' };
    const refused = await ask('POST', '/campaigns/liar/import', { ...told, made_metrics: ['before'] }, 400);
    assert.equal(refused.pointer, '/made_metrics/0');
    const made = await ask('POST', '/campaigns/liar/import', { ...told, made_metrics: ['average_order_value'] });
    assert.deepEqual((await imports.show(made.import)).metrics, []);
    await imports.takeBack(made.import);
    assert.ok(await isThere('average_order_value'));
});

test('the command line and the audit log say what went', async () => {
    await load('said', [metric('said_m')]);
    const undone = await imports.run(['imports', '--undo', 'said']);
    assert.match(undone.stdout, /^metrics that went with it: said_m$/m);
    await load('json', [metric('json_m')]);
    const asJson = JSON.parse((await imports.run(['imports', '--json', '--undo', 'json'])).stdout);
    assert.deepEqual([asJson.campaign, asJson.metrics], ['json', ['json_m']]);
    const { items } = await ask('GET', '/audit?limit=100');
    for (const key of ['said_m', 'json_m'])
        assert.ok(items.some((line) => line.action === 'metric.delete' && line.resource === key));
});
