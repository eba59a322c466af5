// SPDX-License-Identifier: GPL-3.0-or-later
// A real e-mail experiment of 2008 (64,000 customers, three arms) with known answers, imported with
// two interruptions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder, close } from '../lib/cli.mjs';
import { startGate } from '../lib/gate.mjs';
import { sharedFile, startServer, until } from '../lib/harness.mjs';

const SOURCE = sharedFile('data/hillstrom_email_2008.csv.gz');
const MAPPING = {
    campaign: { key: 'email-2008', name: 'E-mail 2008', control: 'No E-Mail' },
    visitor: { row_number: true, prefix: 'h-' },
    variant: { column: 'segment', map: { 'No E-Mail': 'none', 'Mens E-Mail': 'mens', 'Womens E-Mail': 'womens' } },
    time: { constant: '2008-03-20T00:00:00Z' },
    events: [
        { name: 'visit', when: { column: 'visit', equals: '1' } },
        { name: 'purchase', when: { column: 'conversion', equals: '1' }, value: { column: 'spend' } },
    ],
    metrics: [
        { key: 'visit_rate', kind: 'conversion', event: 'visit' },
        { key: 'conversion_rate' },
        { key: 'revenue_per_visitor' },
    ],
};
const EVENTS = 64_000 + 3_894 + 3_238 + 2_262 + 267 + 189 + 122;
const ARGS = ['import', '--mapping', 'mapping.json', '--state', 'state.json', '--json', SOURCE];

let server;
let folder;
const skip = SOURCE ? false : 'the data folder is absent';

before(async () => {
    if (skip) return;
    server = await startServer();
    folder = new CliFolder(server);
    folder.write('mapping.json', MAPPING);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const stored = () => Number(server.psql('select count(*) from visitor_event'));

/* Starts the import, kills it once it has come as far as 'row', beyond which the gate answers nothing, and returns what
   it left. */
async function interruptAt(gate, row) {
    const hasCome = () => folder.state('state.json')?.row >= row;
    gate.isHeld = hasCome;
    const run = folder.start([...ARGS, '--connections', '1'], { METE_EDGE_URL: gate.url });
    await until(() => hasCome() || run.child.exitCode !== null, 60_000, `row ${row}`);
    run.child.kill('SIGKILL');
    assert.equal((await run.ended).status, 'SIGKILL', 'it was still at work');
    gate.isHeld = () => false;
    return folder.state('state.json').row;
}

test('an import killed twice in the middle goes on where it was', { skip }, async () => {
    const gate = await startGate(server, { isHeld: (body) => gate.isHeld(body) });
    const first = await interruptAt(gate, 5_000);
    assert.ok(stored() > 5_000 && stored() < EVENTS, `${stored()} events`);
    const second = await interruptAt(gate, first + 10_000);
    assert.ok(second < 64_000 && stored() < EVENTS, `row ${second}, ${stored()} events`);
    const last = await folder.run(ARGS, { METE_EDGE_URL: gate.url });
    gate.close();
    assert.equal(last.status, 0, last.stderr);
    const { rows, from_row: from, rejected } = JSON.parse(last.stdout);
    assert.deepEqual({ rows, from, rejected }, { rows: 64_000, from: second, rejected: 0 });
    assert.equal(folder.state('state.json'), undefined);
});

test('nothing is missing, nothing is there twice', { skip }, () => {
    assert.equal(stored(), EVENTS);
    assert.equal(Number(server.psql('select count(distinct event_id) from visitor_event')), EVENTS);
    assert.equal(Number(server.psql('select count(distinct visitor_id) from visitor_event')), 64_000);
});

const results = async () => (await server.api('GET', '/campaigns/email-2008/results')).body;

async function variantOf(metricKey, variantKey) {
    const { metrics } = await results();
    return metrics.find(({ key }) => key === metricKey).variants.find(({ key }) => key === variantKey);
}

const SUMS = [
    ['mens', 21_307, 3_894, 267, 30_311.69],
    ['womens', 21_387, 3_238, 189, 23_038.11],
    ['none', 21_306, 2_262, 122, 13_908.33],
];

async function assertSums() {
    for (const [key, units, visits, purchases, revenue] of SUMS) {
        const visit = await variantOf('visit_rate', key);
        assert.equal(visit.units, units);
        assert.equal(visit.sum, visits);
        assert.equal((await variantOf('conversion_rate', key)).sum, purchases);
        assert.equal((await variantOf('revenue_per_visitor', key)).sum, revenue);
    }
}

test('the sums are those of the source', { skip }, assertSums);

/* metric, variant, difference (6 digits), statistic (3 digits), its name */
const EFFECTS = [
    ['visit_rate', 'mens', 0.07659, 22.486, 'z'],
    ['visit_rate', 'womens', 0.045233, 13.949, 'z'],
    ['conversion_rate', 'mens', 0.006805, 7.385, 'z'],
    ['conversion_rate', 'womens', 0.003111, 3.78, 'z'],
    ['revenue_per_visitor', 'mens', 30_311.69 / 21_307 - 13_908.33 / 21_306, 5.3, 't'],
    ['revenue_per_visitor', 'womens', 23_038.11 / 21_387 - 13_908.33 / 21_306, 3.256, 't'],
];

test('differences and tests are the known ones', { skip }, async () => {
    for (const [metric, variant, difference, statistic, name] of EFFECTS) {
        const { frequentist, bayesian } = (await variantOf(metric, variant)).effect;
        const place = `${metric} ${variant}: ${JSON.stringify(frequentist)}`;
        assert.ok(close(frequentist.difference, difference, 6), place);
        assert.ok(close(frequentist.pooled_z ?? frequentist.statistic, statistic, 3), place);
        assert.equal(frequentist.statistic_name, name);
        assert.ok(frequentist.interval[0] > 0 && frequentist.p < 0.002, place);
        assert.ok(bayesian.chance_to_win > 0.999, `${metric} ${variant}: ${JSON.stringify(bayesian)}`);
    }
});

test('the arms have the sizes of their weights', { skip }, async () => {
    const { health, status } = await results();
    assert.ok(close(health.srm.p, 0.904, 3), JSON.stringify(health));
    assert.equal(health.srm.status, 'ok');
    assert.equal(status, 'stopped');
});

test('a whole second import changes nothing', { skip }, async () => {
    const again = await folder.run([...ARGS, '--restart']);
    assert.equal(again.status, 0, again.stderr);
    const { accepted, duplicate } = JSON.parse(again.stdout);
    assert.deepEqual({ accepted, duplicate }, { accepted: 0, duplicate: EVENTS });
    assert.equal(stored(), EVENTS);
    await assertSums();
});

test('the outcomes an analyst exports add up to the same', { skip }, async () => {
    const { status, stdout, stderr } = await folder.run(['export', '--what', 'outcomes', 'email-2008']);
    assert.equal(status, 0, stderr);
    const [header, ...lines] = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(','));
    const column = (name) => header.indexOf(name);
    for (const [key, units, visits, purchases, revenue] of SUMS) {
        const own = lines.filter((line) => line[column('variant')] === key);
        const sum = (name) => own.reduce((total, line) => total + Number(line[column(name)]), 0);
        assert.equal(own.length, units);
        assert.equal(sum('metrics.visit_rate'), visits);
        assert.equal(sum('metrics.conversion_rate'), purchases);
        assert.ok(close(sum('metrics.revenue_per_visitor'), revenue, 2));
    }
});

test('split at random again and again, its tests call a difference in 5 % of the runs', { skip }, async () => {
    const { status, stdout, stderr } = await folder.run([
        'prove',
        '--runs',
        '300',
        '--uplift',
        '0.2',
        '--json',
        'email-2008',
    ]);
    assert.equal(status, 0, stderr);
    const { units, metrics } = JSON.parse(stdout);
    assert.equal(units, 64_000);
    assert.deepEqual(
        metrics.map(({ key, nonzero_units }) => [key, nonzero_units]),
        [
            ['visit_rate', 3_894 + 3_238 + 2_262],
            ['conversion_rate', 267 + 189 + 122],
            ['revenue_per_visitor', 267 + 189 + 122],
        ],
    );
    for (const {
        key,
        verdict,
        false_calls: { rate, interval },
        power,
        planned_power,
        peeking,
    } of metrics) {
        assert.equal(verdict, 'calibrated', key);
        assert.ok(interval[0] < 0.05 && interval[1] > 0.05, `${key}: ${rate}`);
        assert.ok(Math.abs(power.rate - planned_power) < 0.08, `${key}: ${power.rate}, planned ${planned_power}`);
        assert.ok(
            peeking.p_value.rate > 0.2 && peeking.always_valid.rate <= 0.05,
            `${key}: ${JSON.stringify(peeking)}`,
        );
    }
    const [visits, purchases, revenue] = metrics.map(({ power }) => power.rate);
    assert.ok(visits > 0.95 && purchases < visits && revenue <= purchases + 0.02);
});
