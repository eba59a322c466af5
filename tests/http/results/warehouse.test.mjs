// SPDX-License-Identifier: GPL-3.0-or-later
// What an analyst reads by SQL: every query of sql/analyst.md as its role, against what the results say and what was
// sent; and that there is nothing else to read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { sourceRoot } from '../lib/paths.mjs';

const VISITORS = 60;
const RATE = { day: '2024-05-13', currency: 'SEK', rate: '11.5' };
const DEVICES = ['mobile', 'desktop'];
const queries = [...readFileSync(join(sourceRoot, 'sql/analyst.md'), 'utf8').matchAll(/```sql\n([^`]*);\n```/g)].map(
    ([, sql]) => sql,
);

let server, sent, results;

const asAnalyst = (sql) => server.cluster.psql(server.database, sql, 'mete_analyst');
const rowsOf = (select) => JSON.parse(asAnalyst(`select coalesce(json_agg(q), '[]') from (${select}) q`));

/* Every third buys for 1.25 times its number, a few seconds after it was exposed. */
async function eventsOf(i) {
    const visitor_id = `visitor-${i}`;
    const { variant } = (await server.decide({ visitor_id })).body.decisions[0];
    const now = Date.now(),
        device = DEVICES[i % 2];
    const seen = { campaign: 'checkout', variant, phase: 1, device };
    const bought = { value: 1.25 * i, currency: 'EUR', transaction_id: `order-${i}` };
    const events = [{ event_id: uuidv7(now - 3000), visitor_id, name: 'exposure', properties: seen }];
    if (i % 3 === 0) events.push({ event_id: uuidv7(now), visitor_id, name: 'purchase', properties: bought });
    return { visitor_id, variant, device, revenue: i % 3 === 0 ? bought.value : 0, has_bought: i % 3 === 0, events };
}

before(async () => {
    server = await startServer();
    const made = await server.api('POST', '/campaigns', {
        key: 'checkout',
        name: 'Checkout',
        kind: 'experiment',
        variants: ['old', 'new'].map((key) => ({ key, weight: 0.5, is_control: key === 'old' })),
        metrics: [
            { key: 'conversion_rate', role: 'primary' },
            { key: 'revenue_per_visitor', role: 'secondary' },
        ],
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/checkout/start', {})).status, 200);
    const put = await server.api('PUT', '/currency-rates', { rates: [RATE] });
    assert.equal(put.status, 200, put.text);
    const isKnown = async () => (await server.decide({ visitor_id: 'v' })).body.decisions.length === 1;
    await until(isKnown, 20_000, 'the campaign on the edge');
    sent = await Promise.all(Array.from({ length: VISITORS }, (_, i) => eventsOf(i)));
    const reply = await server.events({ events: sent.flatMap(({ events }) => events) });
    assert.equal(reply.body.accepted, VISITORS + VISITORS / 3, reply.text);
    results = await until(
        async () => {
            const { body } = await server.api('GET', '/campaigns/checkout/results');
            const [conversion] = body.metrics ?? [];
            const bought = conversion?.variants.reduce((n, v, k) => n + v.value * body.variants[k].units, 0);
            return Math.abs(bought - VISITORS / 3) < 1e-6 && body;
        },
        60_000,
        'the fold',
    );
});
after(() => server?.stop());

const metricOf = (key, variant) => results.metrics.find((m) => m.key === key).variants.find((v) => v.key === variant);
const of = (variant) => sent.filter((one) => one.variant === variant);

test('five questions are answered', () => assert.equal(queries.length, 5));

test('rates are those of the results', () => {
    const rows = rowsOf(queries[0]);
    assert.deepEqual(
        rows.map(({ variant, is_control }) => [variant, is_control]),
        [
            ['old', true],
            ['new', false],
        ],
    );
    for (const { variant, visitors, conversions, rate } of rows) {
        assert.equal(visitors, of(variant).length);
        assert.equal(conversions, of(variant).filter((one) => one.has_bought).length);
        assert.ok(Math.abs(rate - metricOf('conversion_rate', variant).value) < 1e-12);
    }
});

test('a mean and its standard error come from the sums', () => {
    for (const { variant, n, mean, standard_error } of rowsOf(queries[1])) {
        const values = of(variant).map(({ revenue }) => revenue);
        const average = values.reduce((sum, x) => sum + x, 0) / values.length;
        const variance = values.reduce((sum, x) => sum + (x - average) ** 2, 0) / (values.length - 1);
        assert.equal(n, values.length);
        assert.ok(Math.abs(mean - average) < 1e-9);
        assert.ok(Math.abs(mean - metricOf('revenue_per_visitor', variant).value) < 1e-9);
        assert.ok(Math.abs(standard_error - Math.sqrt(variance / values.length)) < 1e-9);
    }
});

test('devices and days add up to all', () => {
    const rows = rowsOf(queries[2]);
    for (const device of DEVICES) {
        const mine = rows.filter((row) => row.device === device);
        assert.equal(
            mine.reduce((n, { visitors }) => n + visitors, 0),
            sent.filter((one) => one.device === device).length,
        );
    }
    assert.equal(
        rows.reduce((n, { visitors }) => n + visitors, 0),
        VISITORS,
    );
});

test('units come with their zeros, the highest first', () => {
    const rows = rowsOf(queries[3]);
    const expected = [...sent].sort((a, b) => b.revenue - a.revenue).map(({ revenue }) => revenue);
    assert.deepEqual(
        rows.map(({ revenue }) => revenue),
        expected.slice(0, rows.length),
    );
    assert.equal(rows[0].unit_id, `visitor-${VISITORS - 3}`);
    for (const { unit_id, variant, device } of rows) {
        const one = sent.find(({ visitor_id }) => visitor_id === unit_id);
        assert.deepEqual([variant, device], [one.variant, one.device]);
    }
});

test('events after an exposure are found by visitor and day', () => {
    const bought = rowsOf(queries[4]).filter(({ name }) => name === 'purchase');
    assert.equal(
        bought.reduce((n, { visitors }) => n + visitors, 0),
        VISITORS / 3,
    );
});

test('rates of currencies are those that were put in', () => {
    const [{ base, rate, own_rate, ...of }, ...more] = rowsOf('select * from analyst.currency_rate');
    assert.deepEqual(
        [of, base, Number(rate), Number(own_rate)],
        [{ environment: 'production', currency: 'SEK', day: '2024-05-13' }, 'EUR', 11.5, 1],
    );
    assert.deepEqual(more, []);
});

test('every view and every column is there to be read, and views are explained', () => {
    const views = rowsOf(`select c.relname as name, obj_description(c.oid) as meaning from pg_class c
                          where c.relnamespace = 'analyst'::regnamespace and c.relkind = 'v' order by 1`);
    assert.deepEqual(
        views.map(({ name }) => name),
        ['campaign', 'currency_rate', 'event', 'exposure', 'metric', 'outcome', 'result', 'variant'],
    );
    for (const { name, meaning } of views) {
        assert.ok(meaning, `${name} has a comment`);
        assert.ok(rowsOf(`select * from analyst.${name}`).length > 0, `${name} has rows`);
    }
});

for (const sql of [
    'select * from access_key',
    'select * from session',
    'select * from app_user',
    'select * from login_link',
    'select * from audit_log',
    'select * from visitor_event',
    'select * from exposure',
    'insert into analyst.campaign (campaign) values (null)',
    'delete from analyst.exposure',
    'create view analyst.mine as select 1',
    'create table mine (a int)',
]) {
    test(`an analyst may not: ${sql}`, () => {
        assert.throws(() => asAnalyst(sql), /permission denied|cannot (insert|delete)/);
    });
}

test('what is made anew is granted anew', async () => {
    server.psql(`revoke all on all tables in schema analyst from mete_analyst; delete from schema_routines`);
    assert.throws(() => asAnalyst('select 1 from analyst.campaign'), /permission denied/);
    await server.mete(['migrate']);
    assert.deepEqual(rowsOf('select campaign from analyst.campaign'), [{ campaign: 'checkout' }]);
});
