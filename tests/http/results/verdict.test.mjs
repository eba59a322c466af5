// SPDX-License-Identifier: GPL-3.0-or-later
// What is recommended when something is wrong, from events sent over HTTP: visitors lost, a guardrail harmed,
// an effect too large to be true, and two campaigns that disturb each other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { complaintsIn } from '../lib/schema.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const BATCH = 500;
const NOW = Date.now();
const near = (actual, expected, what) =>
    assert.ok(
        Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
        `${what}: ${actual} is not ${expected}`,
    );

async function expect(status, promise) {
    const reply = await promise;
    assert.equal(reply.status, status, reply.text);
    return reply.body;
}

async function start(key, metrics, more = {}) {
    await expect(
        201,
        server.api('POST', '/campaigns', {
            key,
            name: `The ${key}`,
            kind: 'experiment',
            metrics,
            statistics: { planned_units: 2000 },
            variants: [
                { key: 'a', weight: 0.5, is_control: true },
                { key: 'b', weight: 0.5 },
            ],
            ...more,
        }),
    );
    await expect(200, server.api('POST', `/campaigns/${key}/start`, {}));
}

async function send(events) {
    for (let i = 0; i < events.length; i += BATCH) {
        const body = await expect(
            202,
            server.events({ events: events.slice(i, i + BATCH) }, { key: server.secretKey }),
        );
        assert.deepEqual(body.rejected, []);
    }
}

const event = (visitor_id, name, minutes, properties) => ({
    visitor_id,
    name,
    event_id: uuidv7(NOW - 3_600_000 + minutes * 60_000),
    properties,
});
const seen = (visitor, campaign, variant) => event(visitor, 'exposure', 0, { campaign, variant, phase: 1 });
const bought = (visitor) => event(visitor, 'purchase', 9, { value: 10, currency: 'EUR', transaction_id: visitor });

/* of each arm: [units, how many of them buy, how many put something into their basket] */
function arms(campaign, sizes) {
    return Object.entries(sizes).flatMap(([variant, [units, buyers, baskets]]) =>
        Array.from({ length: units }, (_, i) => `${campaign}-${variant}-${i}`).flatMap((visitor, i) => [
            seen(visitor, campaign, variant),
            ...(i < buyers ? [bought(visitor)] : []),
            ...(i < baskets ? [event(visitor, 'add_to_cart', 5, {})] : []),
        ]),
    );
}

/* The results when all is folded. */
const results = (campaign, units) =>
    until(
        async () => {
            const document = await expect(200, server.api('GET', `/campaigns/${campaign}/results`));
            const isWhole = document.health.fold.lag_events === 0 && document.metrics.every((m) => m.status === 'ok');
            return isWhole && document.variants.reduce((sum, v) => sum + v.units, 0) === units && document;
        },
        30_000,
        `the units of ${campaign} to be folded`,
    );

const GOAL = [{ key: 'conversion_rate', role: 'primary' }];

test('visitors that get lost: nothing is believed', async () => {
    await start('lossy', GOAL);
    await send(arms('lossy', { a: [600, 60, 0], b: [450, 90, 0] }));
    const { verdict, health } = await results('lossy', 1050);
    assert.deepEqual([verdict.answer, verdict.rule], ['broken', 'srm'], verdict.text);
    assert.deepEqual([health.srm_sequential.status, health.warnings], ['alarm', ['srm']]);
});

test('a guardrail that is harmed: stop, though the goal wins', async () => {
    const guardrail = { key: 'add_to_basket_rate', role: 'guardrail', margin: 0.05 };
    await start('pushy', [...GOAL, guardrail, { key: 'revenue_per_visitor' }]);
    await send(arms('pushy', { a: [700, 200, 400], b: [700, 280, 250] }));
    const { verdict, metrics } = await results('pushy', 1400);
    assert.equal(metrics[1].variants[1].effect.noninferiority.verdict, 'harmed');
    assert.deepEqual([verdict.answer, verdict.rule, verdict.variant], ['stop', 'guardrail_harmed', 'b']);
    assert.match(verdict.text, new RegExp(metrics[1].name));
});

test('the command line says what it is worth, with the interval, against any arm', async () => {
    const folder = new CliFolder(server);
    try {
        const { money } = await results('pushy', 1400);
        near(money.per_thousand, ((280 - 200) / 700) * 10 * 1000, 'a thousand');
        assert.equal(money.per_month, null);
        const [low, high] = money.per_thousand_interval.map(
            (end) => `${end < 0 ? '-' : '+'}${Math.abs(end).toFixed(0)}`,
        );
        const said = await folder.run(['results', 'pushy']);
        assert.ok(said.stdout.includes('WORTH: revenue_per_visitor of b\n'), said.stdout);
        assert.ok(said.stdout.includes(`  +1143 EUR per 1,000 visitors (${low} … ${high})\n`), said.stdout);
        assert.ok(!said.stdout.includes('a month'), said.stdout);
        const turned = await folder.run(['results', 'pushy', '--baseline', 'b']);
        assert.match(turned.stdout, /^ *b \(control\)/m);
        assert.match(turned.stdout, /\+1143 EUR per 1,000/, 'advice is still against the control');
        const wrong = await folder.run(['results', 'pushy', '--baseline', 'z']);
        assert.deepEqual([wrong.status, wrong.stderr], [2, 'mete results: baseline: the phase has no variant z\n']);
        assert.ok(!(await folder.run(['results', 'lossy'])).stdout.includes('WORTH'));
    } finally {
        folder.remove();
    }
});

test('more than is believable: look at how events are counted', async () => {
    await start('twice', GOAL);
    await send(arms('twice', { a: [1200, 120, 0], b: [1200, 240, 0] }));
    const { verdict } = await results('twice', 2400);
    assert.notEqual(verdict.answer, 'broken', verdict.text);
    assert.deepEqual(
        verdict.cautions.map(({ rule, variant, figures }) => [rule, variant, figures.uplift]),
        [['twyman', 'b', 1]],
    );
    assert.match(verdict.cautions[0].text, /\+100\.0 %.*counted the same/);
});

/* A visitor is allotted by the edge, in both campaigns at once. */
async function allot(visitor) {
    const { decisions } = await expect(200, server.decide({ visitor_id: visitor }));
    return Object.fromEntries(decisions.filter((d) => d.variant).map((d) => [d.campaign, d.variant]));
}

/* Every third buys, of those who got b and d every fourteenth. */
const buys = (got, i) => (got.button === 'b' && got.colour === 'd' ? i % 14 === 0 : i % 3 === 0);
const cellSizes = { ac: [0, 0], ad: [0, 0], bc: [0, 0], bd: [0, 0] };
/* So many visitors of each cell are taken: arms of sizes that chance would make could be alarming now and then. */
const QUOTAS = { ac: 410, ad: 395, bc: 390, bd: 405 };
const UNITS = 1600;

/* Asks the worker to join what is there now. */
async function joined(campaign, units) {
    return until(
        async () => {
            const document = await results(campaign, units);
            const [joint] = document.health.joint_srm;
            if (joint?.units.flat().reduce((x, y) => x + y, 0) === UNITS) return document;
            server.psql("update overlap set as_of = now() - interval '2 hours'");
            server.psql('select overlap_queue()');
            return false;
        },
        60_000,
        'the overlap to be counted',
    );
}

test('two campaigns that disturb each other are found', async () => {
    const elsewhere = { audience: { country: 'XX' } };
    for (const key of ['lossy', 'pushy', 'twice']) await expect(200, server.api('POST', `/campaigns/${key}/stop`, {}));
    await start('button', GOAL);
    await start('colour', GOAL, {
        variants: [
            { key: 'c', weight: 0.5, is_control: true },
            { key: 'd', weight: 0.5 },
        ],
    });
    await start('apart', GOAL, elsewhere);
    await until(async () => Object.keys(await allot('probe')).length === 2, 10_000, 'the edge to know both');
    const events = [];
    for (let i = 0, taken = 0; taken < UNITS; i++) {
        const visitor = `both-${i}`,
            got = await allot(visitor),
            cell = got.button + got.colour,
            size = cellSizes[cell];
        if (size[0] === QUOTAS[cell]) continue;
        taken++;
        events.push(seen(visitor, 'button', got.button), seen(visitor, 'colour', got.colour));
        size[0]++;
        if (buys(got, size[0])) {
            size[1]++;
            events.push(bought(visitor));
        }
    }
    await send(events);
    await send(arms('apart', { a: [800, 80, 0], b: [800, 80, 0] }));
    const document = await joined('button', UNITS);
    assert.equal(document.interactions.length, 1, 'only colour shares visitors');
    const [found] = document.interactions;
    assert.deepEqual(
        [found.campaign, found.name, found.phase, found.variant, found.other_variant, found.status, found.is_found],
        ['colour', 'The colour', 1, 'b', 'd', 'ok', true],
    );
    assert.deepEqual(
        found.cells.map((c) => [c.variant + c.other_variant, c.units, c.sum]),
        Object.entries(cellSizes).map(([key, [units, buyers]]) => [key, units, buyers]),
    );
    const rate = Object.fromEntries(Object.entries(cellSizes).map(([key, [units, buyers]]) => [key, buyers / units]));
    near(found.difference_in_differences, rate.bd - rate.ad - (rate.bc - rate.ac), 'the difference in differences');
    near(
        found.se,
        Math.sqrt(Object.keys(rate).reduce((sum, k) => sum + (rate[k] * (1 - rate[k])) / cellSizes[k][0], 0)),
        'its error',
    );
    near(found.effect_with.uplift, rate.bd / rate.ad - 1, 'the effect with d');
    assert.ok(found.interval[1] < 0 && found.p_value < 1e-6 && found.multiplicity.size === 1);
    const age = Date.now() - Date.parse(found.as_of);
    assert.ok(age > -1000 && age < 3 * 3_600_000, found.as_of);
    const { answer, rule, variant, text } = document.verdict;
    assert.deepEqual([answer, rule, variant], ['go_on', 'interaction', 'b'], text);
    assert.match(text, /d of the campaign The colour \(-\d+\.\d %\)/);
    assert.ok(document.health.warnings.includes('interaction'));
    const api = await expect(200, server.api('GET', '/openapi.json'));
    assert.deepEqual(complaintsIn(api, api.components.schemas.results, document), []);
});

test('the other campaign says the same, and the allotment of both is independent', async () => {
    const document = await joined('colour', UNITS);
    const [found] = document.interactions;
    assert.deepEqual([found.campaign, found.variant, found.other_variant, found.is_found], ['button', 'd', 'b', true]);
    const [joint] = document.health.joint_srm;
    assert.deepEqual(joint.other_variants, ['a', 'b']);
    assert.deepEqual(joint.units, [
        [cellSizes.ac[0], cellSizes.bc[0]],
        [cellSizes.ad[0], cellSizes.bd[0]],
    ]);
    const [[p, q], [r, s]] = joint.units;
    near(joint.chi2, ((p * s - q * r) ** 2 * UNITS) / ((p + q) * (r + s) * (p + r) * (q + s)), 'the chi-square');
    assert.deepEqual([joint.status, joint.df], ['ok', 1]);
});

test('nothing is joined again while nothing changed', async () => {
    await until(
        () => server.psql("select count(*) from job where state in ('queued', 'running')").trim() === '0',
        60_000,
        'rest',
    );
    assert.equal(server.psql('select overlap_queue()').trim(), '0');
    server.psql("update overlap set as_of = now() - interval '2 hours'");
    assert.equal(server.psql('select overlap_queue()').trim(), '0');
    await send([bought('both-1')]);
    assert.equal(
        await until(() => server.psql('select overlap_queue()').trim() === '1', 10_000, 'the event to be folded'),
        true,
    );
});

test('after the end it is a caution beside the answer', async () => {
    await expect(200, server.api('POST', '/campaigns/button/stop', {}));
    const { verdict } = await expect(200, server.api('GET', '/campaigns/button/results'));
    assert.notEqual(verdict.rule, 'interaction');
    assert.deepEqual(
        verdict.cautions.map((c) => c.rule),
        ['interaction'],
    );
});
