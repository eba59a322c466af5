// SPDX-License-Identifier: GPL-3.0-or-later
// What `mete results` tells besides the verdict, and `mete export` of it: the figures are those of the API.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const UNITS = 800;
const BATCH = 500;

let server;
let folder;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const documentOf = (key, what = 'results') => ok('GET', `/campaigns/${key}/${what}`);

/* 'buyers': of each variant, of UNITS visitors; the first one is the control. */
async function start(key, buyers) {
    const arms = Object.keys(buyers);
    await ok('POST', '/campaigns', {
        key,
        kind: 'experiment',
        statistics: { planned_units: 3000 },
        variants: arms.map((arm, i) => ({ key: arm, weight: 1 / arms.length, is_control: i === 0 })),
        metrics: [{ key: 'conversion_rate', role: 'primary' }, { key: 'revenue_per_visitor' }],
    });
    await ok('POST', `/campaigns/${key}/start`);
    server.psql(`update phase set started_at = now() - interval '10 days'`);
    const event = (visitor_id, name, properties) => ({ visitor_id, name, event_id: uuidv7(), properties });
    const events = arms.flatMap((variant) =>
        Array.from({ length: UNITS }, (_, i) => `${key}-${variant}-${i}`).flatMap((visitor, i) => [
            event(visitor, 'exposure', { campaign: key, phase: 1, variant, device: i % 2 ? 'mobile' : 'desktop' }),
            ...(i < buyers[variant]
                ? [event(visitor, 'purchase', { value: 40, currency: 'EUR', transaction_id: visitor })]
                : []),
        ]),
    );
    for (let i = 0; i < events.length; i += BATCH) {
        const sent = await server.events({ events: events.slice(i, i + BATCH) }, { key: server.secretKey });
        assert.deepEqual(sent.body.rejected, []);
    }
    const isCounted = async () => {
        const { verdict, health } = await documentOf(key);
        return verdict.units === arms.length * UNITS && health.fold.is_complete;
    };
    await until(isCounted, 60_000, `${key} to be counted`);
}

before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    await start('won', { a: 160, b: 250 });
    await start('open', { a: 160, b: 190, c: 150 });
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

async function exported(key, what, ...args) {
    const { status, stdout, stderr } = await folder.run(['export', '--what', what, ...args, key]);
    assert.equal(status, 0, stderr);
    return stdout.trim().split('\n').filter(Boolean);
}

const rowsOf = async (key, what) => (await exported(key, what, '--format', 'json')).map((line) => JSON.parse(line));

const cells = (line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain);

/* Lines of CSV as objects of text. */
async function cellsOf(key, what) {
    const [head, ...lines] = await exported(key, what);
    const names = cells(head);
    return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i], cell])));
}

const percent = (share, digits = 1) => `${(share * 100).toFixed(digits)} %`;

test('a winner is told less what luck adds', async () => {
    const told = await server.mete(['results', 'won']);
    const { corrected } = (await documentOf('won')).insight.variants[1];
    const [low, high] = corrected.uplift_interval;
    assert.ok(
        told.includes(
            `LESS LUCK: the uplift of b is likely +${percent(corrected.uplift, 2)} ` +
                `(+${(low * 100).toFixed(2)} … +${percent(high, 2)}), less what luck adds`,
        ),
        told,
    );
    assert.doesNotMatch(told, /MORE DAYS/);
    const [control, winner] = await rowsOf('won', 'insight');
    assert.deepEqual([control.variant, control.corrected_uplift, control.low], ['a', null, null]);
    assert.deepEqual([winner.corrected_uplift, winner.uplift_low, winner.uplift_high], [corrected.uplift, low, high]);
    assert.deepEqual(await rowsOf('won', 'outlook'), []);
});

test('which of three is the best, and whether more days would help', async () => {
    const { insight } = await documentOf('open');
    const told = await server.mete(['results', 'open']);
    assert.match(told, /BEST: which variant is the best, by conversion_rate/);
    for (const { key, chance_to_be_best: best, chance_to_be_of_best_two: two } of insight.variants)
        assert.match(told, new RegExp(`^ +${key} +${percent(best)} +${percent(two)} +0\\.\\d{6}$`, 'm'));
    assert.equal(insight.outlook.length, 3);
    /* Traffic is by the day, and the day goes on between two requests. */
    const near = (got, wanted, within) => assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);
    const lines = [
        ...told.matchAll(
            /^MORE DAYS: in (\d+) \((\d+) visitors then\) b is .* of (\S+) %, worse by (\S+) %(?:;.*)?$/gm,
        ),
    ];
    const rows = await rowsOf('open', 'outlook');
    insight.outlook.forEach(({ days, units, better, worse }, i) => {
        const [, ...figures] = lines[i].map(Number);
        [days, units, better * 100, worse * 100].forEach((wanted, k) => near(figures[k], wanted, [0, 5, 0.2, 0.2][k]));
        assert.deepEqual([rows[i].metric, rows[i].variant, rows[i].days], ['conversion_rate', 'b', days]);
        near(rows[i].better, better, 0.002);
        near(rows[i].worse, worse, 0.002);
    });
    assert.deepEqual(
        (await rowsOf('open', 'insight')).map((row) => [row.variant, row.chance_to_be_best, row.expected_loss]),
        insight.variants.map((arm) => [arm.key, arm.chance_to_be_best, arm.expected_loss]),
    );
});

test('findings are exported as the API tells them', async () => {
    const { findings } = await documentOf('open', 'findings');
    assert.equal(findings.list.length, 2);
    assert.deepEqual(
        (await rowsOf('open', 'findings')).map((row) => [row.dimension, row.value, row.variant, row.contrast, row.p]),
        findings.list.map((one) => [one.dimension, one.value, one.variant, one.contrast, one.p]),
    );
    const [row] = await cellsOf('open', 'findings');
    assert.deepEqual([row.low, row.high].map(Number), findings.list[0].interval);
    assert.equal(row.is_found, String(findings.list[0].is_found));
});

test('so is the effect at the same mix, of each dimension and treatment', async () => {
    const { stratified } = (await documentOf('open', 'findings')).findings;
    assert.deepEqual(
        stratified.map(({ dimension, variant, values }) => [dimension, variant, values]),
        [
            ['device', 'b', 2],
            ['device', 'c', 2],
        ],
    );
    assert.deepEqual(
        (await rowsOf('open', 'stratified')).map((row) => [row.dimension, row.variant, row.difference, row.uplift_low]),
        stratified.map((one) => [one.dimension, one.variant, one.difference, one.uplift_interval[0]]),
    );
});

test('results as CSV have the columns of effects, though a control comes first', async () => {
    const { metrics } = await documentOf('open');
    const table = await cellsOf('open', 'results');
    assert.equal(table.length, 6);
    assert.equal(table[0]['effect.frequentist.p'], '', 'of the control there is no effect');
    for (const { key, variants } of metrics)
        for (const { key: variant, units, effect } of variants.slice(1)) {
            const row = table.find((one) => one.metric === key && one.key === variant);
            assert.equal(Number(row.units), units);
            assert.equal(Number(row['effect.frequentist.p']), effect.frequentist.p);
            assert.equal(Number(row['effect.bayesian.chance_to_win']), effect.bayesian.chance_to_win);
        }
});
