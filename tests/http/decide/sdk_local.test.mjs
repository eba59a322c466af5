// SPDX-License-Identifier: GPL-3.0-or-later
// The SDK as an npm package, and what it decides by itself from GET /v1/config: buckets and
// conditions as the program says, whole decisions as the edge says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { randomConditions } from '../../unit/model/condition_random.mjs';
import { line, random } from '../../unit/lib/oracle.mjs';
import { startServer, until } from '../lib/harness.mjs';
import { metePath, sourceRoot } from '../lib/paths.mjs';

const CASES = 10_000;
const r = random(Number(process.env.METE_SEED ?? 20261122));

let folder;
let sdk;
let server;
before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mete-sdk-'));
    const run = spawnSync(process.execPath, [join(sourceRoot, 'web-ui/build.mjs'), '--package', folder], {
        encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    sdk = await import(pathToFileURL(join(folder, 'local.js')));
    server = await startServer();
});
after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
});

function ask(verb, cases) {
    const { stdout, status } = spawnSync(metePath(), [verb], {
        input: cases.map(line).join(''),
        encoding: 'utf8',
        maxBuffer: 1 << 28,
    });
    assert.equal(status, 0);
    return stdout.trim().split('\n');
}

function assertSame(cases, told, own) {
    assert.equal(told.length, CASES);
    const apart = cases.flatMap((c, i) => (told[i] === String(own(c)) ? [] : [`${JSON.stringify(c)}: ${told[i]}`]));
    assert.deepEqual(apart.slice(0, 10), []);
}

test(`${CASES} buckets`, () => {
    const text = () =>
        Array.from({ length: r.below(20) }, () =>
            String.fromCodePoint(r.pick([97, 49, 45, 228, 0x4e2d, 0x1f600]) + r.below(9)),
        ).join('');
    const cases = Array.from({ length: CASES }, () => [text(), text()]);
    assertSame(cases, ask('bucket', cases), ([seed, unit]) => sdk.bucketOf(seed, unit) / 10_000);
});

/* [weights, coverage, bucket, whose it is] */
const OWNERS = [
    [[0.5, 0.5], 1, 0, 0],
    [[0.5, 0.5], 1, 4999, 0],
    [[0.5, 0.5], 1, 5000, 1],
    [[0.5, 0.5], 1, 9999, 1],
    [[0.5, 0.5], 0.5, 2499, 0],
    [[0.5, 0.5], 0.5, 2500, -1],
    [[0.5, 0.5], 0.5, 4999, -1],
    [[0.5, 0.5], 0.5, 5000, 1],
    [[0.5, 0.5], 0.5, 7500, -1],
    [[0.5, 0.5], 0, 0, -1],
    [[0.5, 0.5], 2, 9999, 1],
    [[0.25, 0.25, 0.5], 1, 2500, 1],
    [[3, 3], 1, 5000, 1],
];
for (const [weights, coverage, bucket, owner] of OWNERS)
    test(`bucket ${bucket} of ${weights.join(':')} at ${coverage}`, () =>
        assert.equal(sdk.ownerOf(weights, coverage, bucket), owner));

test(`${CASES} conditions`, () => {
    const { condition, attributes } = randomConditions(r);
    const groups = { g1: ['a', 1, 'abc', null], g2: [true, '1.0'] };
    const cases = Array.from({ length: CASES }, () => [condition(), attributes(), groups]);
    assertSame(cases, ask('condition', cases), (c) => sdk.matches(...c));
});

test('a condition reaches no prototype', () => {
    const trap = JSON.parse('{"__proto__":{"vip":true},"constructor":{"name":"x"}}');
    assert.equal(sdk.matches({ vip: true }, trap), false);
    assert.equal(sdk.matches({ 'constructor.name': 'Object' }, {}), false);
    assert.equal(sdk.matches({ a: JSON.parse('{"$constructor":1}') }, { a: 1 }), false);
    assert.equal({}.vip, undefined);
});

async function make(path, body, status = 201) {
    const reply = await server.api('POST', path, body);
    assert.equal(reply.status, status, `${path}: ${reply.text}`);
}

const HOUR_MS = 3_600_000;
const at = (ms) => new Date(Date.now() + ms).toISOString();

/* Campaigns of every kind, in two layers, with and without audience, schedule, forced visitors. */
async function makeCampaigns() {
    for (const key of ['a', 'b']) await make('/layers', { key });
    await make('/flags', { key: 'cta', type: 'string', default: 'Order' });
    await make('/flags', { key: 'size', type: 'number', default: 12.5 });
    const shares = [
        [0.5, 0.5],
        [0.2, 0.3, 0.5],
        [0.9, 0.1],
        [1 / 3, 1 / 3, 1 / 3],
    ];
    const audiences = [
        null,
        { country: { $in: ['DE', 'AT'] } },
        { $or: [{ age: { $gte: 18 } }, { 'deep.x': 'y' }] },
        { url: { $regex: '^/p\\d+' } },
    ];
    for (let i = 0; i < 30; i += 1) {
        const weights = shares[i % 4];
        await make('/campaigns', {
            key: `c${i}`,
            kind: i === 29 ? 'holdout' : 'experiment',
            priority: r.below(5),
            coverage: i === 29 ? 0.1 : r.pick([1, 1, 0.5, 0.07]),
            audience: i === 29 ? null : r.pick(audiences),
            schedule:
                i === 29
                    ? null
                    : r.pick([
                          null,
                          null,
                          { start: at(-HOUR_MS) },
                          { start: at(HOUR_MS) },
                          { start: at(-2 * HOUR_MS), end: at(-HOUR_MS) },
                      ]),
            layer: i < 29 && i % 3 === 0 ? { key: i % 2 ? 'a' : 'b', share: 0.15 } : null,
            forced: i % 5 === 0 && i < 29 ? { 'visitor-1': 'v1', 'visitor-é': 'v0' } : {},
            triggers: i % 7 === 0 ? { pages: [{ value: '/x' }] } : null,
            variants: (i === 29 ? [0.5, 0.5] : weights).map((weight, n) => ({
                key: `v${n}`,
                weight,
                is_control: n === 0,
                flags: i % 4 === 0 ? { cta: `c${i}v${n}` } : {},
                changes: i % 6 === 0 && n > 0 ? [{ type: 'hide', selector: '.x' }] : [],
            })),
            metrics: i === 29 ? [] : [{ key: 'conversion_rate', role: 'primary' }],
        });
        await make(`/campaigns/c${i}/start`, {}, 200);
    }
}

const config = async () => (await server.edge.request('GET', '/v1/config')).body;
const untilServed = (isFine) => until(async () => isFine(await config()), 10_000, 'the configuration on the edge');

async function compareDecisions(count) {
    const told = await config();
    const reasons = new Map();
    for (let i = 0; i < count; i += 1) {
        const visitor_id =
            { 1: 'visitor-é', 2: ' Undefined', 3: '00-00', 4: 'ÄNONYMOUS', 5: '{{id}}' }[i] ?? `visitor-${i}`;
        const attributes = {
            country: r.pick(['DE', 'AT', 'FR', null]),
            age: r.below(40),
            url: r.pick(['/p1', '/', '/p']),
            deep: { x: r.pick(['y', 'z']) },
        };
        const { body } = await server.decide({ visitor_id, attributes }, '?page=1');
        assert.deepEqual(sdk.evaluate(told, visitor_id, attributes, Date.now()), body);
        for (const { reason } of body.decisions) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    return reasons;
}

test('whole decisions are those of the edge', async () => {
    await makeCampaigns();
    await untilServed(({ campaigns }) => campaigns.length === 30);
    const reasons = await compareDecisions(400);
    assert.ok([...reasons.values()].reduce((a, b) => a + b) >= CASES);
    assert.deepEqual([...reasons.keys()].sort(), [
        'audience',
        'bucket',
        'coverage',
        'forced',
        'holdout',
        'junk_id',
        'layer',
        'schedule',
    ]);
    const keys = (await config()).campaigns.map(({ campaign, kind }) => [campaign, kind]);
    assert.deepEqual(keys[0], ['c29', 'holdout']);
});

test('what the arms of a campaign touch together, and what audiences ask about', async () => {
    const { page } = await config();
    assert.deepEqual(
        [page.campaigns.c1, page.campaigns.c6, page.campaigns.c12],
        [{ flags: [] }, { flags: [], targets: ['.x'] }, { flags: ['cta'], targets: ['.x'] }],
    );
    assert.deepEqual([page.allows_html, page.tracking], [false, []]);
    assert.deepEqual(page.asks.sort(), ['age', 'country', 'deep', 'url']);
    await make('/campaigns', {
        key: 'anywhere',
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
        variants: [
            { key: 'a', weight: 0.5, is_control: true, changes: [{ type: 'hide', selector: 'h1' }] },
            { key: 'b', weight: 0.5, changes: [{ type: 'banner', value: 'Sale' }] },
        ],
    });
    await make('/campaigns/anywhere/start', {}, 200);
    await untilServed((told) => told.page.campaigns.anywhere);
    assert.deepEqual((await config()).page.campaigns.anywhere, { flags: [], targets: [] });
});

test('panic too', async () => {
    const [{ key }] = (await server.api('GET', '/session')).body.environments;
    await make(`/environments/${key}/panic`, { is_panic: true }, 200);
    await untilServed((told) => told.is_panic);
    // 400: the holdout holds back one in twenty.
    const reasons = await compareDecisions(400);
    assert.deepEqual([...reasons.keys()].sort(), [
        'audience',
        'coverage',
        'holdout',
        'junk_id',
        'layer',
        'panic',
        'schedule',
    ]);
    const told = await config();
    for (let i = 0; i < 50; i += 1) {
        const calm = sdk.evaluate({ ...told, is_panic: false }, `visitor-${i}`, {}, Date.now()).decisions;
        const panicked = sdk.evaluate(told, `visitor-${i}`, {}, Date.now()).decisions;
        panicked.forEach((d, n) => {
            const { reason, variant } = calm[n].variant === null ? calm[n] : { reason: 'panic', variant: 'v0' };
            assert.deepEqual(
                [d.reason, d.variant ?? null],
                [reason, d.campaign === 'anywhere' && variant ? 'a' : variant],
            );
        });
    }
});

test('the configuration holds no key, names no visitor, and has an ETag', async () => {
    const first = await server.edge.request('GET', '/v1/config');
    assert.doesNotMatch(first.text, /sha256|"keys"|visitor-|m[cs]k_|allowed_origins/);
    const again = await server.edge.request('GET', '/v1/config', undefined, {
        headers: { 'if-none-match': first.headers.etag },
    });
    assert.equal(again.status, 304);
    assert.equal((await server.edge.request('GET', '/v1/config', undefined, { key: null })).status, 401);
    await server.api('PATCH', '/flags/cta', { default: 'Pay' });
    await untilServed((told) => told.flags.cta === 'Pay');
    const changed = await server.edge.request('GET', '/v1/config', undefined, {
        headers: { 'if-none-match': first.headers.etag },
    });
    assert.equal(changed.status, 200);
});
