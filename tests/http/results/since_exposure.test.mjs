// SPDX-License-Identifier: GPL-3.0-or-later
// What visitors did on each day since their exposure, and who came on which day: told by results, of visitors whose
// every event is known here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until } from '../lib/harness.mjs';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 4, 1, 9);
const DAYS = 6; // from the first exposure to the end of the phase
const METRICS = ['conversion_rate', 'revenue_per_visitor', 'average_order_value'].map((key) => ({ key }));

/* Each visitor: its arm, the day it came on, and its purchases as [hours since, value, order]. The third member is a
   refund of an order, whole, so many hours since. */
// prettier-ignore
const VISITORS = [
    ['a', 0, [[1, 10, 'o1']]],
    ['a', 0, [[25, 20, 'o2'], [26, 5, 'o3']]],
    ['a', 0, []],
    ['a', 1, [[0.5, 8, 'o4'], [49, 8, 'o5']]],
    ['a', 2, [[23.9, 30, 'o6']], [[30, 'o6']]],
    ['a', 5, [[24.5, 99, 'o7']]],
    ['b', 0, [[2, 40, 'o8'], [73, 12, 'o9']]],
    ['b', 0, [[1, 10, 'p1'], [2, 10, 'p1']]],
    ['b', 1, [[24, 6, 'p2']]],
    ['b', 3, []],
    ['b', 4, [[47.9, 50, 'p3']]],
];
const END_HOURS = DAYS * 24;

let server;
let folder;

const time = (hours) => new Date(START + hours * HOUR_MS).toISOString();

function rows() {
    const lines = ['id,arm,seen,what,value,order,at'];
    VISITORS.forEach(([arm, day, bought, refunded = []], i) => {
        const line = (what, value, order, at) =>
            lines.push([`v${i}`, arm, time(day * 24), what, value, order, time(day * 24 + at)].join(','));
        line('', '', '', 0);
        for (const [at, value, order] of bought) line('buy', value, order, at);
        for (const [at, order] of refunded) line('back', '', order, at);
    });
    return lines.join('\n');
}

const results = async (query = '') => (await server.api('GET', `/campaigns/ages/results${query}`)).body;

before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    folder.write('rows.csv', rows());
    const properties = { transaction_id: { column: 'order' } };
    folder.write('mapping.json', {
        campaign: { key: 'ages', control: 'a' },
        visitor: { column: 'id' },
        variant: { column: 'arm' },
        time: { column: 'seen' },
        events: [
            {
                name: 'purchase',
                when: { column: 'what', equals: 'buy' },
                value: { column: 'value' },
                time: { column: 'at' },
                properties,
            },
            { name: 'refund', when: { column: 'what', equals: 'back' }, time: { column: 'at' }, properties },
        ],
        metrics: METRICS,
    });
    const done = await folder.run(['import', '--mapping', 'mapping.json', 'rows.csv']);
    assert.equal(done.status, 0, done.stderr);
    server.psql(`update phase set ended_at = '${time(END_HOURS)}'`);
    await until(
        async () => {
            server.psql('select since_exposure_queue()');
            return (await results()).metrics?.[0].since_exposure?.days.length > 0;
        },
        60_000,
        'the job',
    );
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

/* What a visitor had bought before so many hours since: orders by their first purchase, less what was refunded. */
function kept([, , bought, refunded = []], hours) {
    const orders = new Map();
    for (const [at, value, order] of bought) if (at < hours && !orders.has(order)) orders.set(order, value);
    for (const [at, order] of refunded) if (at < hours && orders.has(order)) orders.set(order, 0);
    return orders;
}

function didOn(visitor, day) {
    const [now, before] = [kept(visitor, day * 24), kept(visitor, (day - 1) * 24)];
    const sum = (orders) => [...orders.values()].reduce((all, value) => all + value, 0);
    return {
        conversion_rate: Math.min(1, now.size) - Math.min(1, before.size),
        revenue: sum(now) - sum(before),
        orders: now.size - before.size,
    };
}

const isOver = ([, cameOn], day) => cameOn * 24 + day * 24 <= END_HOURS;

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

function expected(key, arm, day) {
    const units = VISITORS.filter((visitor) => visitor[0] === arm && isOver(visitor, day));
    const did = units.map((visitor) => didOn(visitor, day));
    const revenue = did.map((one) => one.revenue);
    const value = {
        conversion_rate: () => mean(did.map((one) => one.conversion_rate)),
        revenue_per_visitor: () => mean(revenue),
        average_order_value: () => mean(revenue) / mean(did.map((one) => one.orders)),
    }[key]();
    return { units: units.length, value: Number.isFinite(value) ? value : null };
}

for (const { key } of METRICS)
    test(`${key}: each day has those for whom it is over, and what they did on it`, async () => {
        const { metrics } = await results();
        const { days, share } = metrics.find((metric) => metric.key === key).since_exposure;
        assert.equal(share, 1);
        assert.deepEqual(
            days.map(({ day }) => day),
            [1, 2, 3, 4, 5, 6],
        );
        for (const { day, variants } of days)
            for (const { key: arm, units, value } of variants) {
                const wanted = expected(key, arm, day);
                assert.equal(units, wanted.units, `${arm}, day ${day}`);
                assert.ok(
                    value === wanted.value || Math.abs(value - wanted.value) < 1e-9,
                    `${key} of ${arm}, day ${day}: ${value}, not ${wanted.value}`,
                );
            }
    });

test('the days add up to the outcomes of those who were there all the time', async () => {
    const { metrics } = await results();
    const { days } = metrics.find(({ key }) => key === 'revenue_per_visitor').since_exposure;
    for (const arm of ['a', 'b']) {
        const units = VISITORS.filter((visitor) => visitor[0] === arm && visitor[1] === 0);
        const sums = days.map(({ variants }) => variants.find(({ key }) => key === arm)).map(({ value }) => value);
        assert.equal(units.length, days.at(-1).variants.find(({ key }) => key === arm).units);
        assert.ok(sums.every(Number.isFinite), String(sums));
    }
});

test('the effect of a day is that of its values, and of another baseline the other way round', async () => {
    const day = async (query) =>
        (await results(query)).metrics.find(({ key }) => key === 'revenue_per_visitor').since_exposure.days[0];
    const [own, other] = [await day(''), await day('?baseline=b')];
    const [a, b] = own.variants;
    assert.ok(Math.abs(b.difference - (b.value - a.value)) < 1e-9, JSON.stringify(own));
    assert.ok(b.interval[0] < b.difference && b.difference < b.interval[1]);
    const turned = other.variants.find(({ key }) => key === 'a');
    assert.ok(Math.abs(turned.difference + b.difference) < 1e-9, JSON.stringify(other));
});

test('a metric with a window has the days that are over in it', async () => {
    const document = {
        key: 'soon',
        name: 'Bought soon',
        kind: 'conversion',
        event: 'purchase',
        window_hours: 60,
    };
    const made = await server.api('POST', '/metrics', document);
    assert.equal(made.status, 201, made.text);
    const put = await server.api('PATCH', '/campaigns/ages', { metrics: [...METRICS, { key: 'soon' }] });
    assert.equal(put.status, 200, put.text);
    await until(
        async () => {
            server.psql("update since_exposure set as_of = now() - interval '7 hours', state = ''");
            server.psql('select since_exposure_queue()');
            const soon = (await results()).metrics.find(({ key }) => key === 'soon');
            return soon?.since_exposure?.days.length === 2;
        },
        60_000,
        'two days',
    );
});

test('who came on which day, by variant', async () => {
    const { exposures, variants } = await results();
    const days = [...new Set(VISITORS.map(([, day]) => day))].sort();
    assert.deepEqual(
        exposures,
        days.map((day) => ({
            day: time(day * 24).slice(0, 10),
            variants: ['a', 'b'].map((key) => ({
                key,
                units: VISITORS.filter(([arm, cameOn]) => arm === key && cameOn === day).length,
            })),
        })),
    );
    for (const { key, units } of variants)
        assert.equal(
            exposures.reduce((sum, one) => sum + one.variants.find((arm) => arm.key === key).units, 0),
            units,
        );
});

test('of many visitors a share is gone over, by a hash of their ids', async () => {
    const one = server.psql("select since_exposure_of(campaign_id, number, 4) ->> 'share' from phase");
    assert.ok(Math.abs(Number(one) - 4 / VISITORS.length) < 1e-6, one);
    const units = server.psql(
        `select sum((r ->> 'units')::int) from phase p,
                jsonb_array_elements(since_exposure_of(campaign_id, number, 4) -> 'rows') r
         where r ->> 'day' = '1' and (r ->> 'metric')::int = (select id from metric where key = 'conversion_rate')`,
    );
    assert.ok(Number(units) < VISITORS.length, units);
});

test('the CLI writes days, looks and days since the exposure as rows', async () => {
    const { exposures, looks, metrics } = await results();
    const told = async (what, ...args) => {
        const { status, stdout, stderr } = await folder.run(['export', '--what', what, ...args, 'ages']);
        assert.equal(status, 0, stderr);
        return stdout.trim().split('\n');
    };
    const days = await told('days');
    assert.equal(days[0], 'day,variant,visitors');
    assert.deepEqual(
        days.slice(1),
        exposures.flatMap(({ day, variants }) => variants.map(({ key, units }) => `${day},${key},${units}`)),
    );
    const since = (await told('since_exposure', '--format', 'json')).map((line) => JSON.parse(line));
    assert.deepEqual(
        since.map(({ metric, day, variant, visitors, value }) => [metric, day, variant, visitors, value]),
        metrics.flatMap(({ key: metric, since_exposure }) =>
            since_exposure.days.flatMap(({ day, variants }) =>
                variants.map(({ key, units, value }) => [metric, day, key, units, value]),
            ),
        ),
    );
    const head = 'metric,day,variant,visitors,value,difference,low,high,uplift_low,uplift_high,p';
    assert.equal((await told('since_exposure'))[0], head);
    const rows = await told('looks');
    assert.equal(rows[0], head);
    const arms = looks.flatMap((look) => look.metrics.flatMap(({ variants }) => variants));
    assert.equal(rows.length - 1, arms.length);
    assert.ok(arms.length > 0);
});
