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
    await imports.load(key, `id,g,v,day,device,country\n${rows.join('\n')}\n`, [], {
        time: { column: 'day' },
        events: [{ name: 'purchase', when: { column: 'v', above: 0 }, value: { column: 'v' } }],
        dimensions: { device: { column: 'device' }, country: { column: 'country' } },
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
