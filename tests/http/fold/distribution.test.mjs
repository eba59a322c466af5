// SPDX-License-Identifier: GPL-3.0-or-later
// Quantiles, caps and ranks: a job makes them from the outcomes of all units. A small campaign worked
// out by hand, and a real game experiment with one player who cannot be true.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder, close } from '../lib/cli.mjs';
import { sharedFile, startServer, until, uuidv7 } from '../lib/harness.mjs';

const SOURCE = sharedFile('data/cookie_cats.csv.gz');
const NOW = Date.now();

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const near = (actual, expected, what) =>
    assert.ok(
        Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
        `${what}: ${actual} is not ${expected}`,
    );
const of = (list, key) => list.find((item) => item.key === key);
const results = async (campaign) => (await server.api('GET', `/campaigns/${campaign}/results`)).body;

/* Asks for the distributions, waits, and returns the results that show them. */
async function distributed(campaign) {
    const asked = await server.api('POST', `/campaigns/${campaign}/distribution`);
    assert.equal(asked.status, 202, asked.text);
    assert.deepEqual([asked.body.kind, asked.body.input], ['distribution', { campaign }]);
    assert.equal(asked.headers.location, `/api/v1/jobs/${asked.body.id}`);
    const job = await until(
        async () => {
            const { body } = await server.api('GET', `/jobs/${asked.body.id}`);
            return !['queued', 'running'].includes(body.state) && body;
        },
        60_000,
        'the job to end',
    );
    assert.deepEqual([job.state, job.problem, job.progress], ['done', null, 1]);
    return results(campaign);
}

const sent = (visitor, name, minutes, properties) => ({
    visitor_id: visitor,
    name,
    event_id: uuidv7(NOW - 3_600_000 + minutes * 60_000),
    properties,
});
const SPENT = { a: [[], [10], [20], [30, 10], [5]], b: [[10], [25, 35], [40], [40], [900]] };

function shopEvents() {
    return Object.entries(SPENT).flatMap(([variant, units]) =>
        units.flatMap((orders, i) => [
            sent(`${variant}${i}`, 'exposure', 0, { campaign: 'shop', variant, phase: 1 }),
            ...orders.map((value, k) =>
                sent(`${variant}${i}`, 'purchase', k + 1, {
                    value,
                    currency: 'EUR',
                    transaction_id: `${variant}${i}${k}`,
                }),
            ),
        ]),
    );
}

/* P(b > a) + P(b = a) / 2, pair by pair. */
function superiority(a, b) {
    const pairs = a.flatMap((x) => b.map((y) => (y > x ? 1 : y === x ? 0.5 : 0)));
    return pairs.reduce((sum, v) => sum + v, 0) / pairs.length;
}

test('before the job there is nothing', async () => {
    const campaign = {
        key: 'shop',
        name: 'Shop',
        kind: 'experiment',
        variants: [
            { key: 'a', weight: 0.5, is_control: true },
            { key: 'b', weight: 0.5 },
        ],
        metrics: ['conversion_rate', 'revenue_per_visitor', 'average_order_value'].map((key) => ({ key })),
    };
    assert.equal((await server.api('POST', '/campaigns', campaign)).status, 201);
    assert.equal((await server.api('POST', '/campaigns/shop/start', {})).status, 200);
    const events = shopEvents();
    assert.deepEqual((await server.events({ events }, { key: server.secretKey })).body.rejected, []);
    const document = await until(
        async () => {
            const body = await results('shop');
            return body.variants.every((v) => v.units === 5) && body.health.fold.lag_events === 0 && body;
        },
        20_000,
        'the fold to be done',
    );
    assert.deepEqual(
        document.metrics.map((m) => m.distribution),
        [null, null, null],
    );
});

test('sums of units: cap, quantiles, ranks', async () => {
    const document = await distributed('shop');
    assert.equal(of(document.metrics, 'conversion_rate').distribution, null);
    const { distribution } = of(document.metrics, 'revenue_per_visitor');
    assert.ok(Date.parse(distribution.as_of) > NOW && Date.parse(distribution.as_of) < Date.now() + 1_000);
    /* Nine units spent something: rank 0.999 * 8 of 5 10 10 20 40 40 40 60 900 lies between 60 and 900. */
    const cap = 60 + 0.992 * 840;
    near(distribution.cap, cap, 'the cap');
    assert.deepEqual(
        [distribution.values, distribution.capped_units, distribution.warnings],
        ['sum_of_unit', 1, ['outlier']],
    );
    const [a, b] = distribution.variants;
    assert.deepEqual([a.units, a.zeros, a.largest, a.capped_units], [5, 1, 40, 0]);
    near(a.capped_sum, 75, 'the sum of a');
    near(b.capped_sum, 150 + cap, 'the capped sum of b');
    near(b.largest_share, 900 / 1050, 'the share of the largest');
    assert.deepEqual(
        [a, b].map((v) => v.quantiles[0].value),
        [10, 40],
    );
    near(b.quantiles[1].value, 60 + 0.6 * 840, 'the 90th percentile of b');
    near(b.effect.capped.difference, (150 + cap) / 5 - 15, 'the capped difference');
    const sums = ([key]) => SPENT[key].map((orders) => orders.reduce((x, y) => x + y, 0));
    near(b.effect.ranks.superiority, superiority(sums('a'), sums('b')), 'superiority');
    assert.equal(b.effect.ranks.is_exact, true);
    assert.equal(b.effect.quantiles[0].difference, 30);
});

test('a mean is that of each unit, of those that have one', async () => {
    const { distribution } = of((await results('shop')).metrics, 'average_order_value');
    const [a, b] = distribution.variants;
    assert.equal(distribution.values, 'mean_of_unit');
    assert.deepEqual([a.units, a.zeros, b.units], [4, 0, 5]);
    near(b.effect.ranks.superiority, superiority([10, 20, 20, 5], [10, 30, 40, 40, 900]), 'superiority');
});

test('of too many different values four digits count, and no unit is lost', () => {
    const [campaign, metric] = ['shop', 'revenue_per_visitor'].map((key, i) =>
        server.psql(`select id from ${i ? 'metric' : 'campaign'} where key = '${key}'`),
    );
    const read = (limit, numerator) => {
        const text = server.psql(`begin;
            update outcome set numerator = ${numerator} where campaign_id = ${campaign} and metric_id = ${metric};
            select json_agg(json_build_array(value, variant, units) order by value, variant)
            from distribution_values(${campaign}, 1, ${metric}, false, 100, 'infinity', ${limit});
            rollback`);
        return JSON.parse(text);
    };
    const apart = "1234501 + ascii(right(unit_id, 1)) - ascii('0')";
    const exact = read(9, apart);
    assert.equal(exact.length, 9 + 2, 'nine that spent, and zeros of two variants');
    assert.deepEqual(exact[2], [12345.01, 'b', 1]);
    assert.deepEqual(read(8, apart), [
        [0, 'a', 1],
        [0, 'b', 0],
        [12350, 'a', 4],
        [12350, 'b', 5],
    ]);
    assert.deepEqual(read(0, '-4'), [
        [-0.04, 'a', 4],
        [-0.04, 'b', 5],
        [0, 'a', 1],
        [0, 'b', 0],
    ]);
});

test('the worker asks for what is missing, and again when data changed', async () => {
    const queue = () => {
        server.psql('select distribution_queue()');
        return Number(server.psql("select count(*) from job where actor = 'system'"));
    };
    const stored = () => server.psql("select string_agg(document::text, '' order by metric_id) from distribution");
    assert.equal(queue(), 0);
    server.psql("update distribution set as_of = now() - interval '16 minutes'");
    assert.equal(queue(), 0);
    const known = stored();
    await server.events([sent('a0', 'purchase', 9, { value: 7, currency: 'EUR' })], { key: server.secretKey });
    const total = async () => of(of((await results('shop')).metrics, 'revenue_per_visitor').variants, 'a').sum;
    await until(async () => (await total()) === 82, 20_000, 'the purchase to be folded');
    assert.equal(queue(), 1);
    assert.equal(queue(), 1);
    await until(() => stored() !== known, 60_000, 'the job to be done');
    await until(
        () => server.psql("select count(*) from job where state in ('queued', 'running')").trim() === '0',
        60_000,
        'rest',
    );
    const { distribution } = of((await results('shop')).metrics, 'revenue_per_visitor');
    near(distribution.variants[0].capped_sum, 82, 'the sum of a');
    assert.equal(queue(), 1);
});

test('the description says what is answered', async () => {
    const { paths } = (await server.api('GET', '/openapi.json')).body;
    const replies = paths['/api/v1/campaigns/{key}/distribution'].post.responses;
    assert.deepEqual(
        Object.keys(replies).filter((status) => status < '400'),
        ['202'],
    );
    assert.ok(
        ['400', '404', 'default'].every((status) => status in replies),
        Object.keys(replies).join(),
    );
});

test('who may not ask, and for what', async () => {
    assert.equal((await server.api('POST', '/campaigns/nobody/distribution', {})).status, 404);
    assert.equal((await server.api('POST', '/campaigns/shop/distribution', { cap: 3 })).status, 400);
});

const CATS = {
    campaign: { key: 'cats', control: 'gate_30' },
    visitor: { column: 'userid', prefix: 'cat-' },
    variant: { column: 'version' },
    time: { constant: '2017-02-01' },
    events: [{ name: 'played', value: { column: 'sum_gamerounds' } }],
    metrics: [{ key: 'rounds', kind: 'sum', event: 'played', value: 'value' }],
};

test(
    'a real experiment: ranks, and one player who cannot be true',
    { skip: SOURCE ? false : 'the data folder is absent' },
    async () => {
        const folder = new CliFolder(server);
        folder.write('mapping.json', CATS);
        const { status, stderr } = await folder.run(['import', '--mapping', 'mapping.json', '--json', SOURCE]);
        assert.equal(status, 0, stderr);
        const { metrics, health, verdict } = await distributed('cats');
        const { variants, distribution } = of(metrics, 'rounds');
        assert.deepEqual(distribution.warnings, ['outlier']);
        assert.deepEqual(
            distribution.variants.map((v) => [v.key, v.warnings]),
            [
                ['gate_30', ['outlier']],
                ['gate_40', []],
            ],
        );
        assert.ok(health.warnings.includes('outlier'), JSON.stringify(health.warnings));
        const [caution] = verdict.cautions;
        assert.equal(caution.rule, 'outlier');
        assert.match(caution.text, /^A single visitor of gate_30 has 49,854 on rounds, 2\.\d % of all/);
        const shown = await folder.run(['results', 'cats']);
        folder.remove();
        assert.match(shown.stdout, /^CAUTION: A single visitor of gate_30/m);
        const [gate30, gate40] = ['gate_30', 'gate_40'].map((key) => of(distribution.variants, key));
        assert.deepEqual([gate30.units, gate40.units], [44_700, 45_489]);
        assert.equal(gate30.largest, 49_854);
        assert.ok(
            distribution.cap > 500 && distribution.cap < 2000 && distribution.capped_units < 100,
            JSON.stringify(distribution.cap),
        );
        assert.ok(close(gate40.effect.ranks.p, 0.0502, 4), JSON.stringify(gate40.effect.ranks));
        /* The capped difference stands beside, and is far smaller than the one that a single player makes. */
        const { difference } = of(variants, 'gate_40').effect.frequentist;
        assert.ok(
            difference < -1.1 && Math.abs(gate40.effect.capped.difference) < Math.abs(difference) / 2,
            String(difference),
        );
        assert.ok(gate30.largest_share > 0.02 && gate30.capped_value < of(variants, 'gate_30').value);
    },
);
