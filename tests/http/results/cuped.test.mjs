// SPDX-License-Identifier: GPL-3.0-or-later
// Adjusted answers, from events sent over HTTP: compared with the textbook's formulas over the plain
// list of units, which knows nothing of sums.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const NOW = Date.now();
const HOUR = 3_600_000;
const ARMS = { a: 24, b: 30, c: 9 };

/* Units with orders before and after their exposure; who bought much goes on to buy much. Of those who bought
 * nothing some had looked at a page. */
function makeUnits() {
    const units = [];
    for (const [variant, count] of Object.entries(ARMS)) {
        for (let i = 0; i < count; i++) {
            const k = units.length;
            const orders = (n, from) => Array.from({ length: n }, (_, j) => from + ((k * 37 + j * 11) % 29));
            const habit = (k * 7) % 5;
            const shift = variant === 'a' ? 0 : 9;
            const before = orders(habit, 10 + habit);
            const after = orders((habit + (k % 2)) % 5, 12 + habit + shift);
            units.push({ name: `u${k}`, variant, looked: k % 2 === 0, before, after });
        }
    }
    return units;
}

const units = makeUnits();
let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const event = (unit, name, hours, properties) => ({
    visitor_id: unit.name,
    name,
    event_id: uuidv7(NOW + hours * HOUR),
    properties,
});

function eventsOf(unit) {
    const buy = (hours) => (value, i) =>
        event(unit, 'purchase', hours + i / 10, { value, currency: 'EUR', transaction_id: `${unit.name}${hours}${i}` });
    return [
        ...(unit.looked ? [event(unit, 'page_view', -50, {})] : []),
        ...unit.before.map(buy(-60)),
        ...['habit', 'off'].map((campaign) =>
            event(unit, 'exposure', -30, { campaign, variant: unit.variant, phase: 1 }),
        ),
        ...unit.after.map(buy(-20)),
    ];
}

const sum = (list) => list.reduce((total, v) => total + v, 0);
const mean = (list) => sum(list) / list.length;

/* What the metric sees of a unit: the metric y and its covariates, x and whether there was no past. */
const isMissing = (unit) => (unit.before.length === 0 && !unit.looked ? 1 : 0);
const plain = (of) => (unit) => ({ y: of(unit.after), x: of(unit.before), m: isMissing(unit) });

function perOrder(arms) {
    const ratio = (list, of) => sum(list.map((u) => sum(of(u)))) / sum(list.map((u) => of(u).length));
    const past = ratio(arms.flat(), (u) => u.before);
    return arms.map((arm) => {
        const own = ratio(arm, (u) => u.after);
        const share = mean(arm.map((u) => u.after.length));
        return arm.map((u) => ({
            y: own + (sum(u.after) - own * u.after.length) / share,
            x: sum(u.before) - past * u.before.length,
            m: isMissing(u),
        }));
    });
}

/* Deng, Xu, Kohavi & Walker with two covariates: one pair of slopes within the arms; Lin: one of each. */
function adjust(arms, isOwn) {
    const spread = (arm, p, q) =>
        sum(arm.map((v) => (v[p] - mean(arm.map((u) => u[p]))) * (v[q] - mean(arm.map((u) => u[q])))));
    const within = (list, p, q) => sum(list.map((arm) => spread(arm, p, q)));
    const slopes = (list) => {
        const [xx, xm, mm] = [within(list, 'x', 'x'), within(list, 'x', 'm'), within(list, 'm', 'm')];
        const [xy, my] = [within(list, 'x', 'y'), within(list, 'm', 'y')];
        const det = xx * mm - xm * xm;
        return { x: (mm * xy - xm * my) / det, m: (xx * my - xm * xy) / det };
    };
    const all = arms.flat();
    const thetas = arms.map((arm) => slopes(isOwn ? [arm] : arms));
    const level = { x: mean(all.map((v) => v.x)), m: mean(all.map((v) => v.m)) };
    const explained = (v, theta) => theta.x * (v.x - level.x) + theta.m * (v.m - level.m);
    const adjusted = arms.map((arm, i) => arm.map((v) => v.y - explained(v, thetas[i])));
    const variance = (list) => sum(list.map((v) => (v - mean(list)) ** 2)) / (list.length - 1);
    const apart = { x: thetas[1].x - thetas[0].x, m: thetas[1].m - thetas[0].m };
    const around = variance(all.map((v) => explained(v, apart))) / all.length;
    return {
        theta: thetas[1].x,
        theta_control: thetas[0].x,
        theta_missing: thetas[1].m,
        theta_missing_control: thetas[0].m,
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
    assert.ok(
        Math.abs(actual - expected) < 1e-9 * Math.max(1, Math.abs(expected)),
        `${what}: ${actual} is not ${expected}`,
    );
}

const results = (key) =>
    until(
        async () => {
            const { body } = await server.api('GET', `/campaigns/${key}/results?dimension=device`);
            const isWhole =
                sum(body.variants.map((v) => v.units)) === units.length && body.health.fold.lag_events === 0;
            return isWhole && body.metrics.every((m) => m.status === 'ok') && body;
        },
        20_000,
        'the fold to be done',
    );

let document, unadjusted;
test('units with a past', async () => {
    const campaign = {
        key: 'habit',
        name: 'Habit',
        kind: 'experiment',
        variants: [
            { key: 'a', weight: 0.4, is_control: true },
            { key: 'b', weight: 0.4 },
            { key: 'c', weight: 0.2 },
        ],
        metrics: [...Object.keys(pairs), 'items_per_order', 'add_to_basket_rate'].map((key) => ({ key })),
    };
    const off = { ...campaign, key: 'off', statistics: { preperiod_days: 0 } };
    for (const one of [campaign, off]) {
        assert.equal((await server.api('POST', '/campaigns', one)).status, 201);
        assert.equal((await server.api('POST', `/campaigns/${one.key}/start`, {})).status, 200);
    }
    const events = units.flatMap(eventsOf);
    for (let i = 0; i < events.length; i += 400) {
        const reply = await server.events({ events: events.slice(i, i + 400) }, { key: server.secretKey });
        assert.deepEqual([reply.status, reply.body.rejected], [202, []]);
    }
    [document, unadjusted] = await Promise.all(['habit', 'off'].map((key) => results(key)));
});

const shown = (key, variant, list = document.metrics.find((m) => m.key === key).variants) =>
    list.find((v) => v.key === variant).effect;

for (const [key, take] of Object.entries(pairs)) {
    for (const [variant, slopes] of [
        ['b', 'pooled'],
        ['c', 'per_arm'],
    ]) {
        test(`${key}, ${variant}: ${slopes}`, () => {
            const wanted = adjust(take([armUnits('a'), armUnits(variant)]), slopes === 'per_arm');
            const { adjusted, frequentist } = shown(key, variant);
            assert.deepEqual([adjusted.method, adjusted.status, adjusted.slopes], ['cuped', 'ok', slopes]);
            assert.equal(adjusted.pre_period_days, 14);
            const numbers = ['theta', 'theta_control', 'theta_missing', 'theta_missing_control', 'difference', 'se'];
            for (const name of numbers) near(adjusted[name], wanted[name], name);
            near(adjusted.variance_reduction, 1 - (wanted.se / wanted.plain) ** 2, 'variance_reduction');
            for (const name of ['covariate_balance_p', 'missing_balance_p'])
                assert.ok(adjusted[name] > 0.001 && adjusted[name] <= 1);
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

test('what nobody did is left as it is, and said to be', () => {
    const { adjusted } = shown('add_to_basket_rate', 'b');
    assert.deepEqual([adjusted.theta, adjusted.theta_missing, adjusted.difference], [0, 0, 0]);
});

test('a campaign without a pre-period adjusts nothing', () => {
    const { variants } = unadjusted.metrics.find((m) => m.key === 'revenue_per_visitor');
    const { raw, effect } = variants.find((v) => v.key === 'b');
    assert.equal(effect.adjusted, null);
    assert.deepEqual([raw.sum_x, raw.sum_nm, raw.missing], ['0', raw.sum_n, String(ARMS.b)]);
    assert.equal(effect.frequentist.difference, shown('revenue_per_visitor', 'b').frequentist.difference);
});

test('the raw sums stand beside', () => {
    const { raw } = document.metrics.find((m) => m.key === 'revenue_per_visitor').variants.find((v) => v.key === 'a');
    const past = armUnits('a').map((u) => [sum(u.before), sum(u.after)]);
    assert.equal(raw.sum_x, String(100 * sum(past.map(([x]) => x))));
    assert.equal(raw.sum_xx, String(10000 * sum(past.map(([x]) => x * x))));
    assert.equal(raw.sum_nx, String(10000 * sum(past.map(([x, y]) => x * y))));
    const missing = armUnits('a').filter(isMissing);
    assert.ok(missing.length > 0 && missing.length < ARMS.a);
    assert.equal(raw.missing, String(missing.length));
    assert.equal(raw.sum_nm, String(100 * sum(missing.map((u) => sum(u.after)))));
    assert.equal(raw.sum_dm, '0');
    assert.equal(raw.sum_nnn, String(1000000 * sum(past.map(([, y]) => y ** 3))));
});
