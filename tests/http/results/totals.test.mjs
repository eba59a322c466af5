// SPDX-License-Identifier: GPL-3.0-or-later
// Totals a day in place of visitors: what can be said of them is said as of the visitors, and of what cannot be said
// nothing is, whoever asks.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';
import { metePath } from '../lib/paths.mjs';
import { row, tellTotals, untilComplete } from '../lib/totals.mjs';

let server;
let imports;
before(async () => {
    server = await startServer();
    imports = new Imports(server);
    await define({ key: 'visit_rate', kind: 'conversion', event: 'visit' });
    await define({ key: 'clicks', kind: 'count', event: 'click' });
    await define({ key: 'stay', kind: 'sum', event: 'leave', value: 'seconds', unit: 'number', window_hours: 72 });
});
after(async () => {
    imports?.remove();
    await server?.stop();
});

async function define(body) {
    const reply = await server.api('POST', '/metrics', body);
    assert.equal(reply.status, 201, reply.text);
}

/* By day, metric and variant, whatever their order. */
const looksOf = ({ looks }) =>
    looks
        .flatMap(({ day, metrics }) =>
            metrics.flatMap(({ key, variants }) => variants.map((arm) => ({ ...arm, id: `${day} ${key} ${arm.key}` }))),
        )
        .sort((a, b) => (a.id < b.id ? -1 : 1));

async function tell(key, metrics, totals, variants) {
    const reply = await tellTotals(server, key, metrics, totals, variants);
    assert.equal(reply.status, 200, reply.text);
    return untilComplete(server, key);
}

const metricOf = (results, key) => results.metrics.find((metric) => metric.key === key);
const armOf = (results, metric, key) => metricOf(results, metric).variants.find((arm) => arm.key === key);

const DAYS = ['2024-03-01', '2024-03-02', '2024-03-04'];

const mixed = (i) => Math.imul(i + 1, 2654435761) >>> 16;

/* 360 visitors with what each paid, if anything: as rows, and as totals of the same. */
const VISITORS = Array.from({ length: 360 }, (_, i) => ({
    id: `v${i}`,
    day: DAYS[i % 3],
    variant: i % 2 ? 'a' : 'b',
    has_visited: mixed(i) % 5 === 0,
    paid: mixed(i + 1000) % 4 === 0 ? 10 + (i % 13) / 4 : 0,
}));
const sumOf = (list, value) => list.reduce((sum, one) => sum + value(one), 0);
const TOTALS = DAYS.flatMap((day) =>
    ['a', 'b'].map((variant) => {
        const own = VISITORS.filter((one) => one.day === day && one.variant === variant);
        const squares = sumOf(own, ({ paid }) => paid * paid);
        return row(day, variant, own.length, {
            visit_rate: sumOf(own, ({ has_visited }) => Number(has_visited)),
            revenue_per_visitor: [sumOf(own, ({ paid }) => paid), squares],
        });
    }),
);

test('they come out as the visitors they were made of', async () => {
    const csv = VISITORS.map((one) => [one.id, one.variant, one.day, Number(one.has_visited), one.paid].join(','));
    const { results: wanted } = await imports.load('people', `id,g,at,visited,v\n${csv.join('\n')}\n`, [], {
        time: { column: 'at' },
        events: [
            { name: 'visit', when: { column: 'visited', equals: '1' } },
            { name: 'purchase', when: { column: 'v', above: 0 }, value: { column: 'v' } },
        ],
        metrics: [{ key: 'visit_rate' }, { key: 'revenue_per_visitor' }],
    });
    const found = await tell('summed', ['visit_rate', 'revenue_per_visitor'], { rows: TOTALS });

    assert.equal(wanted.looks.length, 4);
    for (const key of ['visit_rate', 'revenue_per_visitor']) {
        for (const arm of ['a', 'b']) {
            const [one, other] = [armOf(wanted, key, arm), armOf(found, key, arm)];
            assert.deepEqual([other.units, other.value, other.se], [one.units, one.value, one.se]);
            assert.deepEqual(other.raw.sum_nn, one.raw.sum_nn);
        }
        const [one, other] = [armOf(wanted, key, 'b').effect, armOf(found, key, 'b').effect];
        for (const part of ['bayesian', 'sequential']) assert.deepEqual(other[part], one[part], part);
        // A heavy tail is seen by cubes, which no totals have.
        assert.deepEqual({ ...other.frequentist, warnings: [] }, { ...one.frequentist, warnings: [] });
        assert.ok(other.frequentist.p > 0 && other.sequential.looks > 1, JSON.stringify(other));
    }
    assert.deepEqual(found.health.srm, wanted.health.srm);
    assert.deepEqual(found.health.srm_sequential, wanted.health.srm_sequential);
    assert.deepEqual(looksOf(found), looksOf(wanted));
    assert.deepEqual([wanted.totals, found.totals], [null, 'new']);
    assert.equal(armOf(wanted, 'visit_rate', 'b').effect.adjusted.method !== undefined, true);
    assert.equal(armOf(found, 'visit_rate', 'b').effect.adjusted, null, 'nothing is known of the past');
    assert.equal(armOf(found, 'visit_rate', 'a').raw.sum_x, null);
});

test('sums without squares: point figures, and why there is no interval', async () => {
    const found = await tell('bare', ['revenue_per_visitor', 'visit_rate'], {
        rows: [
            row('2024-03-01', 'a', 1000, { revenue_per_visitor: 2000, visit_rate: 100 }),
            row('2024-03-01', 'b', 1000, { revenue_per_visitor: 2500, visit_rate: 160 }),
        ],
    });
    const [a, b] = ['a', 'b'].map((key) => armOf(found, 'revenue_per_visitor', key));
    assert.deepEqual([a.status, a.value, a.se, a.raw.sum_nn], ['no_spread', 2, null, null]);
    const { frequentist: test, bayesian, sequential } = b.effect;
    assert.deepEqual([test.status, test.difference, test.uplift], ['no_spread', 0.5, 0.25]);
    for (const unknown of [test.interval, test.p, test.statistic, bayesian.chance_to_win, sequential.p])
        assert.equal(unknown, null);
    assert.equal(bayesian.status, 'no_spread');
    assert.equal(found.verdict.rule, 'no_spread');
    assert.match(found.verdict.text, /not their squares.*no interval/);
    const visits = armOf(found, 'visit_rate', 'b').effect.frequentist;
    assert.ok(visits.status === 'ok' && visits.p < 0.001, 'rates need no squares');
    assert.equal(found.looks[0].metrics.find(({ key }) => key === 'visit_rate').variants[1].p, visits.p);
});

test('a guardrail without squares stays open', async () => {
    const rows = [
        row('2024-03-01', 'a', 5000, { visit_rate: 500, revenue_per_visitor: 2000 }),
        row('2024-03-01', 'b', 5000, { visit_rate: 500, revenue_per_visitor: 100 }),
    ];
    const reply = await tellTotals(
        server,
        'guarded',
        [
            { key: 'visit_rate', role: 'primary' },
            { key: 'revenue_per_visitor', role: 'guardrail' },
        ],
        { rows },
    );
    assert.equal(reply.status, 200, reply.text);
    const found = await untilComplete(server, 'guarded');
    const { noninferiority } = armOf(found, 'revenue_per_visitor', 'b').effect;
    assert.deepEqual([noninferiority.status, noninferiority.verdict], ['no_spread', 'open']);
});

test('a sum with a window is what it was told, however new', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const reply = await tellTotals(server, 'fresh', ['stay'], {
        rows: [yesterday, today].flatMap((day) => ['a', 'b'].map((key) => row(day, key, 10, { stay: [20.5, 90.25] }))),
    });
    // It may have become tomorrow since: then the two days are gone by, and still of the last three.
    assert.equal(reply.status, 200, reply.text);
    const { body } = await server.api('GET', '/campaigns/fresh/results');
    const arm = armOf(body, 'stay', 'a');
    assert.deepEqual([arm.units, arm.value, arm.raw.sum_n, arm.raw.sum_nn], [20, 2.05, '41000000', '180500000000000']);
    const { items } = (await server.api('GET', '/uplifts')).body;
    assert.equal(items.find(({ campaign }) => campaign === 'fresh').units, 40, 'the list of campaigns agrees');
});

test('visitors of each day do not add up: point figures a day, no test, no sizes', async () => {
    const found = await tell('daily', ['visit_rate', 'clicks'], {
        visitors: 'daily',
        rows: DAYS.flatMap((day) => [
            row(day, 'a', 1000, { visit_rate: 100, clicks: [300, 500] }),
            row(day, 'b', 400, { visit_rate: 80, clicks: [300, 900] }),
        ]),
    });
    const [a, b] = ['a', 'b'].map((key) => armOf(found, 'visit_rate', key));
    assert.deepEqual([a.status, a.value, a.se], ['repeated_units', 0.1, null]);
    const { frequentist: test, bayesian, sequential } = b.effect;
    assert.deepEqual([test.status, test.difference, test.uplift], ['repeated_units', 0.1, 1]);
    for (const unknown of [test.interval, test.p, bayesian.chance_to_win, sequential.p, sequential.interval])
        assert.equal(unknown, null);
    assert.equal(armOf(found, 'clicks', 'b').effect.frequentist.interval, null, 'squares do not help');
    const { srm, srm_sequential: sequentialSrm, warnings } = found.health;
    assert.deepEqual(
        [srm.status, srm.p, sequentialSrm.status, sequentialSrm.p],
        ['repeated_units', null, 'no_data', null],
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual([found.totals, found.verdict.rule], ['daily', 'repeated_units']);
    for (const look of found.looks)
        for (const metric of look.metrics)
            assert.deepEqual([metric.variants[1].p, metric.variants[1].interval], [null, null]);
});

test('sizes are tested on the visitors', async () => {
    const found = await tell('lost', ['visit_rate'], {
        rows: [row('2024-03-01', 'a', 5000, { visit_rate: 50 }), row('2024-03-01', 'b', 4600, { visit_rate: 50 })],
    });
    // (200 ** 2 + 200 ** 2) / 4800
    assert.ok(Math.abs(found.health.srm.chi2 - 400 ** 2 / 9600) < 1e-9, JSON.stringify(found.health.srm));
    assert.deepEqual([found.verdict.answer, found.verdict.rule], ['broken', 'srm']);
});

test('what needs visitors is refused with the reason', async () => {
    await tell('asked', ['visit_rate'], { rows: TOTALS.map((one) => keep(one, 'visit_rate')) });
    const asked = [
        ['GET', '/campaigns/asked/exposures'],
        ['GET', '/campaigns/asked/outcomes'],
        ['GET', '/campaigns/asked/events'],
        ['GET', '/campaigns/asked/results?dimension=device'],
        ['POST', '/campaigns/asked/distribution'],
    ];
    for (const [method, path] of asked) {
        const reply = await server.api(method, path);
        assert.equal(reply.status, 409, `${path}: ${reply.text}`);
        assert.match(reply.body.detail, /totals a day: nothing is known of its visitors/);
    }
    assert.equal(server.psql("select count(*) from distribution_target where campaign in ('asked', 'bare')"), '0');
    assert.equal(
        server.psql("select count(*) from job where kind = 'distribution' and input ->> 'campaign' = 'asked'"),
        '0',
    );
});

const keep = (one, metric) => ({ ...one, sums: { [metric]: one.sums[metric] } });

test('metrics it has no totals of cannot be had later; one that was taken away can', async () => {
    const metrics = [{ key: 'visit_rate' }, { key: 'revenue_per_visitor' }];
    const before = await tell('changed', ['visit_rate', 'revenue_per_visitor'], { rows: TOTALS });
    const refused = await server.api('PATCH', '/campaigns/changed', { metrics: [...metrics, { key: 'clicks' }] });
    assert.deepEqual([refused.status, refused.body.pointer], [409, '/metrics/2/key'], refused.text);
    assert.match(refused.body.detail, /imported as totals, without any of "clicks"/);
    assert.equal((await server.api('PATCH', '/campaigns/changed', { metrics: [metrics[1]] })).status, 200);
    await until(() => server.psql('select count(*) from gone_metric') === '0', 30_000, 'the metric to be gone');
    assert.equal((await server.api('PATCH', '/campaigns/changed', { metrics })).status, 200);
    const after = await untilComplete(server, 'changed');
    assert.deepEqual(after.metrics, before.metrics);
});

test('made anew, results are the same, of a slice or of many', async () => {
    const before = await Promise.all(['summed', 'bare', 'daily', 'people'].map((key) => imports.results(key)));
    const env = { ...process.env, METE_DATABASE_URL: server.env.METE_DATABASE_URL };
    const { stdout } = await promisify(execFile)(metePath(), ['rebuild', '--json'], { env });
    assert.ok(JSON.parse(stdout).campaigns >= 4, stdout);
    const after = await Promise.all(['summed', 'bare', 'daily', 'people'].map((key) => imports.results(key)));
    const lasting = ({ as_of: ignored, ...results }) => results;
    assert.deepEqual(after.map(lasting), before.map(lasting));
    assert.equal(armOf(after[0], 'visit_rate', 'a').units, 180);
});

test('no event counts beside them', async () => {
    await tell('alone', ['visit_rate'], { rows: TOTALS.map((one) => keep(one, 'visit_rate')) });
    const before = await imports.results('alone');
    const id = (await imports.campaign('alone')).import;
    const ms = Date.UTC(2024, 2, 1, 12);
    const properties = { campaign: 'alone', phase: 1, variant: 'b' };
    const events = ['import/-1/x', `import/${id}/x`, 'import/1/x', 'x'].flatMap((visitor_id) => [
        { event_id: uuidv7(ms), visitor_id, name: 'exposure', ts: new Date(ms).toISOString(), properties },
        { event_id: uuidv7(ms + 1), visitor_id, name: 'visit', ts: new Date(ms + 1).toISOString(), properties: {} },
    ]);
    const sent = await server.events({ events }, { key: server.secretKey });
    assert.equal(sent.status, 202, sent.text);
    const after = await untilComplete(server, 'alone');
    assert.deepEqual(after.metrics, before.metrics);
    assert.equal(
        server.psql(`select count(*) from exposure where campaign_id =
        (select id from campaign where key = 'alone')`),
        '0',
    );
});

test('taken back, nothing is left but the record', async () => {
    await tell('back', ['visit_rate'], { rows: TOTALS.map((one) => keep(one, 'visit_rate')) });
    const { import: id } = await imports.campaign('back');
    const campaignId = Number(server.psql("select id from campaign where key = 'back'"));
    assert.deepEqual(imports.tablesOf(campaignId).sort(), ['cohort', 'look', 'moment', 'phase']);
    await imports.takeBack(id);
    await imports.untilGone(id);
    assert.deepEqual(imports.tablesOf(campaignId), []);
    assert.equal(server.psql(`select count(*) from import_total where import_id = ${id}`), '0');
    const one = await imports.show(id);
    assert.deepEqual(one.totals, { visitors: 'new', metrics: { visit_rate: { has_squares: false } } });
    assert.deepEqual([one.state, one.variants], ['gone', { a: 180, b: 180 }]);
    const audit = (await server.api('GET', '/audit?limit=100')).body.items;
    assert.ok(audit.some((line) => line.action === 'import.delete' && line.resource === String(id)));
    assert.ok(audit.some((line) => line.action === 'campaign.import' && line.resource === 'back'));
});
