// SPDX-License-Identifier: GPL-3.0-or-later
// `mete simulate`: visitors with known true rates, and results that find them again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until } from '../lib/harness.mjs';

const VISITORS = 4_000;

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    await startCampaign('button', 1);
    await startCampaign('partly', 0.25);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

async function startCampaign(key, coverage) {
    const made = await server.api('POST', '/campaigns', {
        key,
        name: key,
        kind: 'experiment',
        coverage,
        variants: [
            { key: 'a', name: 'a', weight: 0.5, is_control: true },
            { key: 'b', name: 'b', weight: 0.5, is_control: false },
        ],
        metrics: [
            { key: 'conversion_rate', role: 'primary' },
            { key: 'revenue_per_visitor', role: 'secondary' },
            { key: 'add_to_basket_rate', role: 'secondary' },
        ],
    });
    assert.equal(made.status, 201, made.text);
    await server.api('POST', `/campaigns/${key}/start`, {});
    const isThere = async () =>
        (await server.decide({ visitor_id: 'x', campaigns: [key] })).body.decisions[0].phase === 1;
    await until(isThere, 10_000, `${key} on the edge`);
}

const UNTIL = new Date(Date.now() - 60_000).toISOString();

async function simulate(...args) {
    const { status, stdout, stderr } = await folder.run(['simulate', '--json', '--until', UNTIL, ...args]);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
}

async function resultsOf(key) {
    let body;
    await until(
        async () => {
            body = (await server.api('GET', `/campaigns/${key}/results?dimension=device`)).body;
            return body.health.fold.lag_events === 0;
        },
        30_000,
        'the fold',
    );
    return body;
}

const shared = [
    '--campaign',
    'button',
    '--visitors',
    String(VISITORS),
    '--rates',
    'a=0.10,b=0.25',
    '--aov',
    '40',
    '--days',
    '3',
];
let first;

test('the results are what the visitors did', async () => {
    first = await simulate(...shared);
    assert.equal(first.decisions, VISITORS);
    assert.deepEqual([first.outside, first.duplicate, first.rejected], [0, 0, 0]);
    const { metrics } = await resultsOf('button');
    const of = (key, variant) => metrics.find((m) => m.key === key).variants.find((v) => v.key === variant);
    for (const { key, visitors, orders, revenue } of first.variants) {
        assert.equal(of('conversion_rate', key).units, visitors);
        assert.equal(of('conversion_rate', key).sum, orders);
        assert.equal(of('revenue_per_visitor', key).sum, revenue);
    }
    const { interval } = of('conversion_rate', 'b').effect.frequentist;
    const [rateA, rateB] = ['a', 'b']
        .map((name) => first.variants.find(({ key }) => key === name))
        .map(({ orders, visitors }) => orders / visitors);
    assert.ok(
        interval[0] > 0 && interval[0] < rateB - rateA && rateB - rateA < interval[1],
        `${rateA} ${rateB} ${interval}`,
    );
});

/* Who gets what is another draw in each run; further away is one share in 1e9, also of the skewed orders. */
const MOST_SD = 7;

test('true rates are held within seven standard deviations', () => {
    for (const { key, visitors, orders, rate, revenue } of first.variants) {
        const sd = Math.sqrt(visitors * rate * (1 - rate));
        assert.ok(Math.abs(orders - visitors * rate) <= MOST_SD * sd, `${key}: ${orders} of ${visitors} at ${rate}`);
        const meanSd = (40 * Math.sqrt(Math.exp(0.25) - 1)) / Math.sqrt(orders);
        assert.ok(Math.abs(revenue / orders - 40) <= MOST_SD * meanSd, `${key}: ${revenue} in ${orders} orders`);
    }
});

test('visitors come over days and devices', async () => {
    const days = server.rows('select cohort_day, count(*) n from exposure group by 1');
    assert.ok(days.length >= 3 && days.length <= 5, JSON.stringify(days));
    const { metrics } = await resultsOf('button');
    const devices = metrics[0].breakdown.device.map(({ value }) => value).sort();
    assert.deepEqual(devices, ['desktop', 'mobile', 'tablet']);
});

test('the same seed and time make the same events, however many connections', async () => {
    const stored = Number(server.psql('select count(*) from visitor_event'));
    const again = await simulate(...shared, '--connections', '1', '--visitors', '500');
    assert.equal(again.accepted, 0);
    assert.ok(again.duplicate >= 1_000);
    assert.equal(Number(server.psql('select count(*) from visitor_event')), stored);
    const other = await simulate(...shared, '--seed', '2', '--visitors', '50');
    assert.equal(other.duplicate, 0);
});

test('who is not in the campaign does nothing, and is told', async () => {
    const { decisions, outside, reasons, variants } = await simulate('--campaign', 'partly', '--visitors', '1000');
    const inside = variants.reduce((total, v) => total + v.visitors, 0);
    assert.equal(decisions, 1_000);
    assert.equal(inside + outside, 1_000);
    assert.deepEqual(reasons, { coverage: outside });
    assert.ok(Math.abs(inside - 250) <= MOST_SD * Math.sqrt(1000 * 0.25 * 0.75), `${inside} inside`);
    const { variants: counted } = await resultsOf('partly');
    assert.equal(
        counted.reduce((total, v) => total + v.units, 0),
        inside,
    );
});

test('a rate is held', async () => {
    const { seconds } = await simulate('--campaign', 'button', '--visitors', '30', '--rate', '60');
    assert.ok(seconds >= 29 / 60, `${seconds} s`);
});

test('wrong use is told', async () => {
    const wrong = [
        [['--campaign', 'nowhere'], 1, /nothing|no campaign/i],
        [[], 2, /--campaign is needed/],
        [['--campaign', 'button', '--rates', 'c=0.1'], 2, /no variant "c"/],
        [['--campaign', 'button', '--days', '8'], 2, /--days: "8" is not a number from 0 to 7/],
    ];
    for (const [args, wanted, says] of wrong) {
        const { status, stderr } = await folder.run(['simulate', ...args]);
        assert.equal(status, wanted, `${args}: ${stderr}`);
        assert.match(stderr, says);
    }
});
