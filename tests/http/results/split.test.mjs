// SPDX-License-Identifier: GPL-3.0-or-later
// Where a split went wrong: sizes by day and by dimension, told as one finding that many looks do not make.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const BATCH = 500;

/* Name, weight of b, and the sizes [a, b] at each device; then the devices where something is found. */
// prettier-ignore
const CASES = [
    ['even', 0.5, { desktop: [200, 200], mobile: [150, 150] }, []],
    ['noise', 0.5, { desktop: [210, 190], mobile: [140, 160] }, []],
    ['loses-mobile', 0.5, { desktop: [200, 200], mobile: [250, 150] }, ['mobile']],
    ['loses-desktop', 0.5, { desktop: [150, 250], mobile: [200, 200] }, ['desktop']],
    ['both-ways', 0.5, { desktop: [150, 250], mobile: [250, 150] }, ['desktop', 'mobile']],
    ['one-in-twenty', 0.5, { desktop: [220, 180], mobile: [200, 200] }, []],
    ['few', 0.5, { desktop: [4, 0], mobile: [3, 3] }, []],
    ['tablet-alone', 0.5, { desktop: [100, 100], mobile: [100, 100], tablet: [60, 8] }, ['tablet']],
    ['tenth', 0.1, { desktop: [360, 40], mobile: [270, 30] }, []],
    ['tenth-lost', 0.1, { desktop: [360, 40], mobile: [300, 4] }, ['mobile']],
    ['no-b', 0.5, { desktop: [40, 0], mobile: [40, 40] }, ['desktop']],
];

let server;
let folder;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const split = (key, query = '') => ok('GET', `/campaigns/${key}/split${query}`);

async function visit(key, weight, sizes) {
    await ok('POST', '/campaigns', {
        key,
        kind: 'experiment',
        variants: [
            { key: 'a', weight: 1 - weight, is_control: true },
            { key: 'b', weight },
        ],
        metrics: [{ key: 'conversion_rate' }],
    });
    await ok('POST', `/campaigns/${key}/start`);
    const events = Object.entries(sizes).flatMap(([device, counts]) =>
        counts.flatMap((count, arm) =>
            Array.from({ length: count }, (_, i) => ({
                visitor_id: `${key}-${device}-${arm}-${i}`,
                name: 'exposure',
                event_id: uuidv7(),
                properties: { campaign: key, phase: 1, variant: 'ab'[arm], device },
            })),
        ),
    );
    for (let i = 0; i < events.length; i += BATCH) {
        const sent = await server.events({ events: events.slice(i, i + BATCH) }, { key: server.secretKey });
        assert.deepEqual(sent.body.rejected, []);
    }
    return events.length;
}

before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    for (const [key, weight, sizes] of CASES) {
        const units = await visit(key, weight, sizes);
        await until(
            async () => (await ok('GET', `/campaigns/${key}/results`)).verdict.units === units,
            60_000,
            `the visitors of ${key}`,
        );
    }
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const partsOf = ({ days, dimensions }) => [
    ...days.map((part) => ['day', part]),
    ...dimensions.flatMap(({ dimension, values }) => values.map((part) => [dimension, part])),
];

/* Holm's, of p-values. */
function holm(ps) {
    const order = ps.map((p, i) => [p, i]).sort(([p], [q]) => p - q);
    const out = [];
    order.reduce((before, [p, i], rank) => (out[i] = Math.min(1, Math.max(before, (ps.length - rank) * p))), 0);
    return out;
}

for (const [key, weight, sizes, wanted] of CASES)
    test(`${key}: sizes, what was expected, and where they do not fit`, async () => {
        const told = await split(key);
        const devices = told.dimensions.find(({ dimension }) => dimension === 'device').values;
        assert.deepEqual(
            devices.map(({ value, variants }) => [value, variants.map(({ units }) => units)]),
            Object.entries(sizes),
        );
        for (const { variants } of devices) {
            const all = variants.reduce((sum, { units }) => sum + units, 0);
            assert.ok(Math.abs(variants[1].expected - all * weight) < 1e-6 * all, JSON.stringify(variants));
        }
        assert.deepEqual(
            devices.filter(({ is_found }) => is_found).map(({ value }) => value),
            wanted,
        );
        const single = [told.days, ...told.dimensions.map(({ values }) => values)].filter((list) => list.length === 1);
        assert.ok(single.flat().every(({ p, p_adjusted, is_found }) => p === null && p_adjusted === null && !is_found));
        const parts = partsOf(told)
            .map(([, part]) => part)
            .filter(({ p }) => p !== null);
        assert.ok(parts.length > 1);
        const adjusted = holm(parts.map(({ p }) => p));
        parts.forEach(({ p_adjusted, is_found }, i) => {
            assert.ok(Math.abs(p_adjusted - adjusted[i]) < 1e-12, `${p_adjusted}, not ${adjusted[i]}`);
            assert.equal(is_found, p_adjusted < told.threshold);
        });
        assert.equal(told.tests, parts.length);
        assert.equal(told.found, parts.filter(({ is_found }) => is_found).length);
    });

test('`mete results` names the parts that were found, and says nothing of a split that is right', async () => {
    const { stdout } = await folder.run(['results', 'both-ways']);
    const { found, tests } = await split('both-ways');
    assert.ok(stdout.includes(`SPLIT: in ${found} of ${tests} parts the variants' sizes do not fit`), stdout);
    assert.match(stdout, /^ {2}device desktop: a 150 \(expected 200\.0\), b 250 \(expected 200\.0\), p \S+ over all/m);
    assert.match(stdout, /^ {2}device mobile: a 250 /m);
    assert.doesNotMatch((await folder.run(['results', 'even'])).stdout, /SPLIT/);
});

test('the p of a part is that of its chi-square', async () => {
    const devices = async (key) =>
        (await split(key)).dimensions.find(({ dimension }) => dimension === 'device').values.map(({ p }) => p);
    const [, mobile] = await devices('loses-mobile'); // chi-square 25, one degree of freedom
    assert.ok(Math.abs(mobile - 5.733031e-7) < 1e-12, `${mobile}`);
    const [desktop, even] = await devices('one-in-twenty'); // chi-square 4, and 0
    assert.ok(Math.abs(desktop - 0.0455002639) < 1e-9 && even === 1, `${desktop} ${even}`);
});

test('a day is a part, and its sizes are those of results', async () => {
    const { days } = await split('loses-mobile');
    const { exposures } = await ok('GET', '/campaigns/loses-mobile/results');
    assert.deepEqual(
        days.map(({ value, variants }) => [value, variants.map(({ units }) => units)]),
        exposures.map(({ day, variants }) => [day, variants.map(({ units }) => units)]),
    );
});

test('the CLI writes it as rows', async () => {
    const { status, stdout, stderr } = await folder.run(['export', '--what', 'split', 'loses-mobile']);
    assert.equal(status, 0, stderr);
    const [head, ...rows] = stdout.trim().split('\n');
    assert.equal(head, 'dimension,value,variant,visitors,expected,p,p_adjusted,is_found');
    assert.ok(
        rows.some((row) => /^device,mobile,a,250,200(\.0)?,.*,true$/.test(row)),
        rows.join('\n'),
    );
});

test('no campaign, no phase, and totals are told apart', async () => {
    assert.equal((await server.api('GET', '/campaigns/nobody/split')).status, 404);
    const early = await server.api('GET', '/campaigns/even/split?phase=7');
    assert.deepEqual([early.status, early.body.detail], [404, 'the campaign has no phase 7']);
    const odd = await server.api('GET', '/campaigns/even/split?phase=x');
    assert.equal(odd.status, 400);
});
