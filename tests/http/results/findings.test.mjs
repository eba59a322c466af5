// SPDX-License-Identifier: GPL-3.0-or-later
// For whom the effect is another one: searched in one half of the visitors, confirmed in the other, all dimensions at
// once. Figures are worked out here from the breakdown of each half.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';
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

const DEVICES = ['desktop', 'mobile', 'tablet'];
const COUNTRIES = ['DE', 'FR'];

/* 'rates': of each device in the control and the treatment; the country changes nothing. */
async function load(key, rates, perCell = 600) {
    const rows = [];
    for (const [d, device] of DEVICES.entries())
        for (const [c, country] of COUNTRIES.entries())
            for (const arm of ['a', 'b'])
                for (let i = 0; i < perCell; i += 1) {
                    const buys = i < Math.round(perCell * rates[d][arm === 'a' ? 0 : 1]);
                    const day = String(1 + ((i + c) % 12)).padStart(2, '0');
                    rows.push(
                        `${device}-${country}-${arm}-${i},${arm},${buys ? 1 : 0},2024-06-${day},${device},${country}`,
                    );
                }
    return send(key, `id,g,v,day,device,country\n${rows.join('\n')}\n`, ['device', 'country']);
}

/* Rows by visitor, and the dimensions they have; gives the findings. */
async function send(key, csv, dimensions) {
    await imports.load(key, csv, [], {
        time: { column: 'day' },
        events: [{ name: 'purchase', when: { column: 'v', above: 0 }, value: { column: 'v' } }],
        dimensions: Object.fromEntries(dimensions.map((column) => [column, { column }])),
        metrics: [{ key: 'conversion_rate' }],
    });
    await until(async () => (await imports.results(key)).health.fold.is_complete, 60_000, `${key} to be counted`);
    const { status, body } = await server.api('GET', `/campaigns/${key}/findings`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
}

/* Units and converted of each device and arm of one half of the slices. */
function halfOf(key, dimension, value, variant, half) {
    const counts = server.psql(`select sum(h.unit_count), (select coalesce(sum(s.sum_n), 0) from moment s
            join metric m on m.id = s.metric_id and m.key = 'conversion_rate'
            where s.campaign_id = c.id and s.dimension = '${dimension}' and s.value = '${value}'
                  and s.variant = '${variant}'
                  and s.slice * 2 / (select count from slicing) = ${half})
        from campaign c join cohort h on h.campaign_id = c.id and h.dimension = '${dimension}'
             and h.value = '${value}' and h.variant = '${variant}'
             and h.slice * 2 / (select count from slicing) = ${half}
        where c.key = '${key}' group by c.id`);
    const [units, converted] = counts.trim().split('|').map(Number);
    return { units, rate: converted / units };
}

const effectOf = (key, device) => {
    const [a, b] = ['a', 'b'].map((variant) => halfOf(key, 'device', device, variant, 1));
    const variance = (a.rate * (1 - a.rate)) / a.units + (b.rate * (1 - b.rate)) / b.units;
    return { value: b.rate - a.rate, control: a.rate, weight: 1 / variance };
};

test('another effect on phones is found, and told as the half says that was not searched', async () => {
    // prettier-ignore
    const { findings, confidence } = await load('phones', [[0.2, 0.2], [0.2, 0.4], [0.2, 0.2]]);
    assert.equal(findings.status, 'ok');
    assert.equal(findings.list.length, 2, 'one question of each dimension');
    const [first, second] = findings.list;
    assert.deepEqual([first.dimension, first.value, first.variant], ['device', 'mobile', 'b']);
    assert.deepEqual([first.is_found, first.segments, first.units], [true, 3, 2400]);
    const here = effectOf('phones', 'mobile');
    const others = ['desktop', 'tablet'].map((device) => effectOf('phones', device));
    const weight = others.reduce((sum, { weight: w }) => sum + w, 0);
    const elsewhere = others.reduce((sum, one) => sum + one.weight * one.value, 0) / weight;
    const se = Math.sqrt(1 / here.weight + 1 / weight);
    const near = (got, wanted) => assert.ok(Math.abs(got - wanted) < 1e-9, `${got} is not ${wanted}`);
    near(first.here.difference, here.value);
    near(first.here.uplift, here.value / here.control);
    near(first.elsewhere.difference, elsewhere);
    near(first.contrast, here.value - elsewhere);
    near(first.interval[0], here.value - elsewhere - 1.959963984540054 * se);
    assert.equal(confidence, 0.95);
    assert.ok(first.p < 1e-6 && first.adjusted_p < 1e-5);
    near(first.adjusted_p, Math.min(2 * first.p, second.p));
    assert.deepEqual([second.dimension, second.is_found], ['country', false]);
    near(second.adjusted_p, second.p);
});

/* Effects by device: [control, treatment] each, what is found. */
// prettier-ignore
const CASES = [
    ['all alike', [[0.2, 0.3], [0.2, 0.3], [0.2, 0.3]], null],
    ['no effect anywhere', [[0.2, 0.2], [0.3, 0.3], [0.1, 0.1]], null],
    ['harm on desktops', [[0.3, 0.1], [0.3, 0.3], [0.3, 0.3]], 'desktop'],
    ['help on tablets', [[0.3, 0.3], [0.3, 0.3], [0.3, 0.5]], 'tablet'],
    ['only phones do not gain', [[0.2, 0.4], [0.2, 0.2], [0.2, 0.4]], 'mobile'],
    ['levels differ, effects do not', [[0.1, 0.2], [0.4, 0.5], [0.7, 0.8]], null],
    ['harm and help', [[0.3, 0.1], [0.3, 0.3], [0.3, 0.32]], 'desktop'],
    ['large and larger', [[0.2, 0.3], [0.2, 0.3], [0.2, 0.6]], 'tablet'],
    ['from little', [[0.05, 0.05], [0.05, 0.25], [0.05, 0.05]], 'mobile'],
    ['from much', [[0.9, 0.9], [0.9, 0.9], [0.9, 0.6]], 'tablet'],
];
for (const [i, [what, rates, found]] of CASES.entries())
    test(`of three devices: ${what}`, async () => {
        const { findings } = await load(`case${i}`, rates, 400);
        /* Of a test that ended before anything could be seen nothing is told at all. */
        const told = (findings?.list ?? []).filter(({ is_found }) => is_found);
        assert.deepEqual(
            told.map(({ dimension, value }) => [dimension, value]),
            found ? [['device', found]] : [],
            JSON.stringify(findings),
        );
    });

/* Post-stratified [Miratrix, Sekhon & Yu 2013], of the counts that were sent: [n, converted] of each arm and value. */
function stratified(strata) {
    const n = strata.reduce((sum, { a, b }) => sum + a[0] + b[0], 0);
    const parts = strata.map(({ a, b }) => {
        const [p, q] = [a[1] / a[0], b[1] / b[0]];
        const variance = (p * (1 - p)) / (a[0] - 1) + (q * (1 - q)) / (b[0] - 1);
        return { weight: (a[0] + b[0]) / n, control: p, difference: q - p, variance };
    });
    const mean = (of) => parts.reduce((sum, part) => sum + part.weight * of(part), 0);
    const difference = mean((part) => part.difference);
    const variance =
        parts.reduce((sum, part) => sum + part.weight ** 2 * part.variance, 0) +
        mean((part) => (part.difference - difference) ** 2) / n;
    return { difference, se: Math.sqrt(variance), control: mean((part) => part.control) };
}

/* Name, [n, converted] of a and b on desktops and on phones. */
// prettier-ignore
const MIXES = [
    ['even mixes', [[400, 80], [400, 140]], [[400, 40], [400, 100]]],
    ['more phones in b', [[400, 80], [340, 119]], [[400, 40], [460, 115]]],
    ['more phones in a', [[340, 68], [400, 140]], [[460, 46], [400, 100]]],
    ['an effect that the mix makes smaller', [[460, 184], [360, 216]], [[340, 34], [440, 132]]],
    ['levels far apart', [[400, 280], [420, 378]], [[400, 20], [380, 95]]],
    ['an effect on desktops alone', [[400, 80], [400, 220]], [[400, 80], [400, 80]]],
    ['one effect each way', [[400, 80], [400, 300]], [[400, 80], [400, 40]]],
    ['a small group', [[700, 140], [700, 250]], [[6, 3], [4, 1]]],
    ['a group of nobody in b', [[700, 140], [700, 250]], [[5, 2], [0, 0]]],
    ['nobody buys on phones', [[400, 80], [400, 180]], [[400, 0], [400, 0]]],
    ['harm', [[400, 160], [400, 80]], [[400, 120], [400, 50]]],
];
for (const [i, [what, desktop, mobile]] of MIXES.entries())
    test(`as if both arms had the same mix: ${what}`, async () => {
        const groups = { desktop, mobile };
        const rows = Object.entries(groups).flatMap(([device, arms]) =>
            arms.flatMap(([n, converted], arm) =>
                Array.from({ length: n }, (_, k) => {
                    const day = String(1 + (k % 12)).padStart(2, '0');
                    return `${device}-${arm}-${k},${'ab'[arm]},${k < converted ? 1 : 0},2024-06-${day},${device}`;
                }),
            ),
        );
        const { findings, confidence } = await send(`mix${i}`, `id,g,v,day,device\n${rows.join('\n')}\n`, ['device']);
        const [told, ...more] = findings.stratified;
        assert.deepEqual([told.dimension, told.variant, told.values, more.length], ['device', 'b', 2, 0]);
        /* A group with fewer than two of an arm is one with the other. */
        const isJoined = mobile.some(([n]) => n < 2);
        const sum = (arm) => [desktop[arm][0] + mobile[arm][0], desktop[arm][1] + mobile[arm][1]];
        const whole = stratified([{ a: sum(0), b: sum(1) }]);
        const wanted = isJoined ? whole : stratified([desktop, mobile].map(([a, b]) => ({ a, b })));
        const near = (got, expected) => assert.ok(Math.abs(got - expected) < 1e-10, `${got} is not ${expected}`);
        near(told.difference, wanted.difference);
        near(told.interval[0], wanted.difference - 1.959963984540054 * wanted.se);
        near(told.interval[1], wanted.difference + 1.959963984540054 * wanted.se);
        near(told.uplift, wanted.difference / wanted.control);
        near(told.measured_uplift, whole.difference / whole.control);
        near(told.variance_reduction, 1 - (wanted.se / whole.se) ** 2);
        assert.ok(told.uplift_interval[0] < told.uplift && told.uplift < told.uplift_interval[1]);
        assert.equal(confidence, 0.95);
    });

test('what has too few data is asked nothing', async () => {
    // prettier-ignore
    const { findings } = await load('few', [[0.2, 0.2], [0.2, 0.4], [0.2, 0.2]], 8);
    assert.ok(findings === null || (findings.status === 'insufficient_data' && findings.list.length === 0));
});

test('of a campaign there is not, and of a phase there is not', async () => {
    assert.equal((await server.api('GET', '/campaigns/nobody/findings')).status, 404);
    assert.equal((await server.api('GET', '/campaigns/phones/findings?phase=9')).status, 404);
    assert.equal((await server.api('GET', '/campaigns/phones/results?dimension=*')).status, 400);
});
