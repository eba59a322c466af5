// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets what, over HTTP and in large numbers: weights are held, growing coverage moves nobody,
// campaigns are independent unless they share a layer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decideMany } from '../lib/decide_stream.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const VISITORS = 100_000;
/* Seeds are others in each run: further away is one share in 5e8. */
const MOST_SD = 6;

let server;
before(async () => {
    server = await startServer();
    const layer = await server.api('POST', '/layers', { key: 'checkout', name: 'Checkout' });
    assert.equal(layer.status, 201, layer.text);
    await startCampaign('half', [0.5, 0.5]);
    await startCampaign('three', [0.2, 0.3, 0.5]);
    await startCampaign('grow', [0.5, 0.5], { coverage: 0.1 });
    await startCampaign('left', [0.5, 0.5], { layer: { key: 'checkout', share: 0.4 } });
    await startCampaign('right', [0.5, 0.5], { layer: { key: 'checkout', share: 0.6 } });
    await until(async () => (await decide('x')).length === 5, 10_000, 'five campaigns on the edge');
});
after(() => server?.stop());

const decide = async (visitor) => (await server.decide({ visitor_id: visitor })).body.decisions;

async function startCampaign(key, weights, more = {}) {
    const variants = weights.map((weight, i) => ({ key: `v${i}`, name: `v${i}`, weight, is_control: i === 0 }));
    const campaign = {
        key,
        name: key,
        kind: 'experiment',
        variants,
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
        ...more,
    };
    const made = await server.api('POST', '/campaigns', campaign);
    assert.equal(made.status, 201, made.text);
    const started = await server.api('POST', `/campaigns/${key}/start`, {});
    assert.equal(started.status, 200, started.text);
}

async function patch(key, change) {
    const changed = await server.api('PATCH', `/campaigns/${key}`, change);
    assert.equal(changed.status, 200, changed.text);
    return changed.body;
}

/* Campaign -> array of variants by visitor number (null: none), from one request a visitor. */
async function allot(count, campaigns) {
    const allotted = {};
    const body = (n) => ({ visitor_id: `visitor-${n}`, ...(campaigns ? { campaigns } : {}) });
    await decideMany(server, count, body, (n, { visitor_id: id, decisions }) => {
        assert.equal(id, `visitor-${n}`);
        for (const { campaign, variant } of decisions) (allotted[campaign] ??= [])[n] = variant;
    });
    return allotted;
}

function tally(variants) {
    const counts = {};
    for (const variant of variants) counts[variant] = (counts[variant] ?? 0) + 1;
    return counts;
}

function assertShare(count, total, share, what) {
    const sd = Math.sqrt(total * share * (1 - share));
    assert.ok(Math.abs(count - total * share) <= MOST_SD * sd, `${what}: ${count} of ${total}, expected ${share}`);
}

let first;

test('100,000 visitors: counts within six standard deviations of the weights', async () => {
    first = await allot(VISITORS);
    for (const [key, weights] of [
        ['half', [0.5, 0.5]],
        ['three', [0.2, 0.3, 0.5]],
    ]) {
        assert.equal(first[key].length, VISITORS);
        const counts = tally(first[key]);
        weights.forEach((weight, i) => assertShare(counts[`v${i}`], VISITORS, weight, `${key} v${i}`));
    }
});

test('two campaigns are independent', () => {
    const cells = tally(first.half.map((variant, n) => `${variant} ${first.three[n]}`));
    const rows = tally(first.half);
    const columns = tally(first.three);
    let chi2 = 0;
    for (const row of Object.keys(rows))
        for (const column of Object.keys(columns)) {
            const expected = (rows[row] * columns[column]) / VISITORS;
            chi2 += (cells[`${row} ${column}`] - expected) ** 2 / expected;
        }
    /* two degrees of freedom: p = exp(-chi2 / 2); 40 is 2e-9 */
    assert.ok(chi2 < 40, `chi-square ${chi2}`);
});

test('campaigns of one layer share no visitor, and together reach all', () => {
    let left = 0;
    for (let n = 0; n < VISITORS; n += 1) {
        const isLeft = first.left[n] !== null;
        assert.notEqual(isLeft, first.right[n] !== null, `visitor-${n}`);
        left += isLeft;
    }
    assertShare(left, VISITORS, 0.4, 'left');
});

test('growing coverage from 10 % to 60 % moves nobody who is in', async () => {
    assertShare(first.grow.filter(Boolean).length, VISITORS, 0.1, 'coverage 0.1');
    const { phase } = await patch('grow', { coverage: 0.6 });
    assert.equal(phase, 1);
    const outside = first.grow.findIndex((variant) => variant === null);
    const later = async () => (await allot(200 + outside, ['grow'])).grow.filter(Boolean).length > 60;
    await until(later, 10_000, 'the new coverage on the edge');
    const { grow } = await allot(VISITORS, ['grow']);
    assertShare(grow.filter(Boolean).length, VISITORS, 0.6, 'coverage 0.6');
    const moved = first.grow.filter((variant, n) => variant !== null && grow[n] !== variant);
    assert.equal(moved.length, 0);
    const counts = tally(grow.filter(Boolean));
    assertShare(counts.v0, counts.v0 + counts.v1, 0.5, 'v0 of grow');
});

/* Exposures and, for every second visitor, a purchase; numbered from..to. */
async function visit(from, to, decisions) {
    const events = [];
    for (let n = from; n < to; n += 1) {
        const { phase, variant } = decisions[n];
        const at = Date.now();
        const properties = { campaign: 'half', phase, variant };
        events.push({ event_id: uuidv7(at), visitor_id: `visitor-${n}`, name: 'exposure', properties });
        if (n % 2)
            events.push({
                event_id: uuidv7(at + 1),
                visitor_id: `visitor-${n}`,
                name: 'purchase',
                properties: { value: 1 },
            });
    }
    const reply = await server.events({ events });
    assert.deepEqual(reply.body, { accepted: events.length, duplicate: 0, rejected: [] });
}

async function decisionsOfHalf(count) {
    const decisions = [];
    await decideMany(
        server,
        count,
        (n) => ({ visitor_id: `visitor-${n}`, campaigns: ['half'] }),
        (n, reply) => {
            decisions[n] = reply.decisions[0];
        },
    );
    return decisions;
}

async function resultsOf(phase, units) {
    let body;
    const isThere = async () => {
        body = (await server.api('GET', `/campaigns/half/results?phase=${phase}`)).body;
        const sum = body.variants.reduce((total, v) => total + v.units, 0);
        return sum === units && body.health.fold.lag_events === 0;
    };
    await until(isThere, 20_000, `${units} units in phase ${phase}`);
    return body;
}

const sumOf = ({ metrics: [{ variants }] }) => variants.reduce((total, v) => total + v.sum, 0);

test('a change of the weights opens a phase that results keep apart', async () => {
    const before = await decisionsOfHalf(2_000);
    assert.ok(before.every(({ phase }) => phase === 1));
    await visit(0, 200, before);
    await resultsOf(1, 200);
    const changed = await patch('half', {
        variants: [
            { key: 'v0', name: 'v0', weight: 0.2, is_control: true },
            { key: 'v1', name: 'v1', weight: 0.8, is_control: false },
        ],
    });
    assert.equal(changed.phase, 2);
    await until(async () => (await decisionsOfHalf(1))[0].phase === 2, 10_000, 'phase 2 on the edge');
    const later = await decisionsOfHalf(2_000);
    assert.ok(later.every(({ phase }) => phase === 2));
    assertShare(later.filter(({ variant }) => variant === 'v0').length, 2_000, 0.2, 'v0 in phase 2');
    await visit(200, 300, later);
    await visit(100, 120, later);
    const second = await resultsOf(2, 120);
    const first_ = await resultsOf(1, 200);
    assert.equal(sumOf(second), 60);
    assert.equal(sumOf(first_), 100);
    assert.deepEqual(
        first_.variants.map((v) => v.weight),
        [0.5, 0.5],
    );
    assert.deepEqual(
        second.variants.map((v) => v.weight),
        [0.2, 0.8],
    );
});
