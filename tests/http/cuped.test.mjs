// SPDX-License-Identifier: GPL-3.0-or-later
// Adjusted answers, from events sent over HTTP: compared with the textbook's formulas over the plain
// list of units, which knows nothing of sums.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from './harness.mjs';

const NOW = Date.now();
const HOUR = 3_600_000;
const ARMS = { a: 24, b: 30, c: 9 };

/* Units with orders before and after their exposure; who bought much goes on to buy much. */
function makeUnits() {
    const units = [];
    for (const [variant, count] of Object.entries(ARMS)) {
        for (let i = 0; i < count; i++) {
            const k = units.length;
            const orders = (n, from) => Array.from({ length: n }, (_, j) => from + ((k * 37 + j * 11) % 29));
            const habit = (k * 7) % 5;
            const shift = variant === 'a' ? 0 : 9;
            units.push({ name: `u${k}`, variant, before: orders(habit, 10 + habit), after: orders((habit + (k % 2)) % 5, 12 + habit + shift) });
        }
    }
    return units;
}

const units = makeUnits();
let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const event = (unit, name, hours, properties) => ({
    visitor_id: unit.name, name, event_id: uuidv7(NOW + hours * HOUR), properties,
});

function eventsOf(unit) {
    const buy = (hours) => (value, i) =>
        event(unit, 'purchase', hours + i / 10, { value, currency: 'EUR', transaction_id: `${unit.name}${hours}${i}` });
    return [
        ...unit.before.map(buy(-60)),
        event(unit, 'exposure', -30, { campaign: 'habit', variant: unit.variant, phase: 1 }),
        ...unit.after.map(buy(-20)),
    ];
}

const sum = (list) => list.reduce((total, v) => total + v, 0);
const mean = (list) => sum(list) / list.length;

/* What the metric sees of a unit: the metric y and its covariate x. */
const plain = (of) => (unit) => ({ y: of(unit.after), x: of(unit.before) });

function perOrder(arms) {
    const ratio = (list, of) => sum(list.map((u) => sum(of(u)))) / sum(list.map((u) => of(u).length));
    const past = ratio(arms.flat(), (u) => u.before);
    return arms.map((arm) => {
        const own = ratio(arm, (u) => u.after);
        const share = mean(arm.map((u) => u.after.length));
        return arm.map((u) => ({
            y: own + (sum(u.after) - own * u.after.length) / share,
            x: sum(u.before) - past * u.before.length,
        }));
    });
}

/* Deng, Xu, Kohavi & Walker: one slope within the arms; Lin: one of each. */
function adjust(arms, isOwn) {
    const spread = (arm, p, q) => sum(arm.map((v) => (v[p] - mean(arm.map((u) => u[p]))) * (v[q] - mean(arm.map((u) => u[q])))));
    const slope = (list) => sum(list.map((arm) => spread(arm, 'x', 'y'))) / sum(list.map((arm) => spread(arm, 'x', 'x')));
    const all = arms.flat();
    const thetas = arms.map((arm) => (isOwn ? slope([arm]) : slope(arms)));
    const level = mean(all.map((v) => v.x));
    const adjusted = arms.map((arm, i) => arm.map((v) => v.y - thetas[i] * (v.x - level)));
    const variance = (list) => sum(list.map((v) => (v - mean(list)) ** 2)) / (list.length - 1);
    const around = ((thetas[1] - thetas[0]) ** 2 * variance(all.map((v) => v.x))) / all.length;
    return {
        theta: thetas[1],
        theta_control: thetas[0],
        difference: mean(adjusted[1]) - mean(adjusted[0]),
        se: Math.sqrt(variance(adjusted[0]) / arms[0].length + variance(adjusted[1]) / arms[1].length + around),
        plain: Math.sqrt(sum(arms.map((arm) => variance(arm.map((v) => v.y)) / arm.length))),
    };
}

const armUnits = (variant) => units.filter((u) => u.variant === variant);
const pairs = {
    conversion_rate: (arms) => arms.map((arm) => arm.map(plain((orders) => Math.min(orders.length, 1)))),
    revenue_per_visitor: (arms) => arms.map((arm) => arm.map(plain(sum))),
    average_order_value: perOrder,
};

function near(actual, expected, what) {
    assert.ok(Math.abs(actual - expected) < 1e-9 * Math.max(1, Math.abs(expected)), `${what}: ${actual} is not ${expected}`);
}

let document;
test('units with a past', async () => {
    const campaign = {
        key: 'habit', name: 'Habit', kind: 'experiment',
        variants: [{ key: 'a', weight: 0.4, is_control: true }, { key: 'b', weight: 0.4 }, { key: 'c', weight: 0.2 }],
        metrics: [...Object.keys(pairs), 'items_per_order', 'add_to_basket_rate'].map((key) => ({ key })),
    };
    assert.equal((await server.api('POST', '/campaigns', campaign)).status, 201);
    assert.equal((await server.api('POST', '/campaigns/habit/start', {})).status, 200);
    const events = units.flatMap(eventsOf);
    for (let i = 0; i < events.length; i += 400) {
        const reply = await server.events({ events: events.slice(i, i + 400) }, { key: server.secretKey });
        assert.deepEqual([reply.status, reply.body.rejected], [202, []]);
    }
    document = await until(async () => {
        const { body } = await server.api('GET', '/campaigns/habit/results?dimension=device');
        const isWhole = sum(body.variants.map((v) => v.units)) === units.length && body.health.fold.lag_events === 0;
        return isWhole && body.metrics.every((m) => m.status === 'ok') && body;
    }, 20_000, 'the fold to be done');
});

const shown = (key, variant, list = document.metrics.find((m) => m.key === key).variants) =>
    list.find((v) => v.key === variant).effect;

for (const [key, take] of Object.entries(pairs)) {
    for (const [variant, slopes] of [['b', 'pooled'], ['c', 'per_arm']]) {
        test(`${key}, ${variant}: ${slopes}`, () => {
            const wanted = adjust(take([armUnits('a'), armUnits(variant)]), slopes === 'per_arm');
            const { adjusted, frequentist } = shown(key, variant);
            assert.deepEqual([adjusted.method, adjusted.status, adjusted.slopes], ['cuped', 'ok', slopes]);
            for (const name of ['theta', 'theta_control', 'difference', 'se']) near(adjusted[name], wanted[name], name);
            near(adjusted.variance_reduction, 1 - (wanted.se / wanted.plain) ** 2, 'variance_reduction');
            assert.ok(adjusted.covariate_balance_p > 0.001 && adjusted.covariate_balance_p <= 1);
            assert.equal(adjusted.p < 0.05, adjusted.interval[0] > 0 || adjusted.interval[1] < 0);
            if (key !== 'conversion_rate') near(frequentist.se, wanted.plain, 'the unadjusted se');
        });
    }
}

test('the past explains part of the revenue', () => {
    assert.ok(shown('revenue_per_visitor', 'b').adjusted.variance_reduction > 0.2);
});

test('a breakdown is adjusted too', () => {
    const { device } = document.metrics.find((m) => m.key === 'revenue_per_visitor').breakdown;
    assert.deepEqual(shown('', 'b', device[0].variants).adjusted, shown('revenue_per_visitor', 'b').adjusted);
});

test('without a past the unadjusted answer is given, and said to be', () => {
    const { adjusted } = shown('add_to_basket_rate', 'b');
    assert.deepEqual([adjusted.status, adjusted.theta], ['covariate_constant', 0]);
});

test('the raw sums stand beside', () => {
    const { raw } = document.metrics.find((m) => m.key === 'revenue_per_visitor').variants.find((v) => v.key === 'a');
    const past = armUnits('a').map((u) => [sum(u.before), sum(u.after)]);
    assert.equal(raw.sum_x, String(100 * sum(past.map(([x]) => x))));
    assert.equal(raw.sum_xx, String(10000 * sum(past.map(([x]) => x * x))));
    assert.equal(raw.sum_nx, String(10000 * sum(past.map(([x, y]) => x * y))));
    assert.equal(raw.sum_nnn, String(1000000 * sum(past.map(([, y]) => y ** 3))));
});
