// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever stands in visitor_event, by whatever way it came there: everybody who reads stored events reads over it.
// Events are drawn by METE_SEED, and put into the table past all checks of the edge; the fold equals a rebuild, no
// reply is an error of the server's, and no process ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { headSql, quote } from '../lib/fold_base.mjs';
import { startServer, until } from '../lib/harness.mjs';
import { random } from '../../unit/lib/oracle.mjs';

const EVENTS = process.env.METE_TEST_LONG === '1' ? 20_000 : 1_500;
const VISITORS = 60;
const r = random(Number(process.env.METE_SEED ?? 20261130));
const TABLES = ['exposure', 'outcome', 'cohort', 'moment'];

const nested = (depth, open, close) => open.repeat(depth) + '1' + close.repeat(depth);

/* As they would stand in a JSON text; all of these jsonb takes. */
const NUMBERS = `0 -0 1 -1 7.25 1e15 1e16 -1e16 1e30 -1e30 1e300 1e400 -1e400 1e-400 9007199254740993
    9223372036854775807 9223372036854775808 -9223372036854775809 18446744073709551616 0.1 1.5`
    .split(/\s+/)
    .concat('9'.repeat(400), `0.${'3'.repeat(900)}`, `1${'0'.repeat(5_000)}`);
const TEXTS = [
    '',
    ' ',
    '1',
    '12,50',
    '1e5',
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
    'null',
    'a',
    'DE',
    'de',
    '%',
    '\\"',
]
    .concat(['ünï', '\u{1f600}', '\u202e', '=1+1', "'; --", '$.a', '{"a":1}', 'x'.repeat(300), 'y'.repeat(20_000)])
    .map((text) => JSON.stringify(text).replaceAll('\\\\', '\\'))
    .filter((text) => isJson(text));
const OTHERS = ['null', 'true', 'false', '[]', '{}', '[[]]', '{"":{"":1}}', '[1,"2",null,{"a":[]}]'].concat(
    nested(6, '[', ']'),
    nested(200, '[', ']'),
    nested(200, '{"a":', '}'),
    `[${'0,'.repeat(3_000)}0]`,
);

function isJson(text) {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}

const odd = () => r.pick(r.pick([NUMBERS, TEXTS, OTHERS]));
const item = () =>
    r.pick([() => odd(), () => `{"price":${odd()},"quantity":${odd()}}`, () => '{"price":2,"quantity":3}'])();
const items = () => r.pick([() => odd(), () => `[${Array.from({ length: r.below(4) }, item)}]`])();
const either = (text) => (r.below(2) ? text : odd());

const KEYS = `value currency transaction_id items country device age score path referrer title visitor_type __proto__
    constructor properties name campaign`.split(/\s+/);
const anything = () =>
    `{${[...new Set(Array.from({ length: r.below(6) }, () => r.pick([...KEYS, '', 'a.b', '$in', 'k'.repeat(400)])))]
        .map((key) => `${JSON.stringify(key)}:${odd()}`)
        .join()}}`;
const MAKERS = {
    exposure: () =>
        `{"campaign":${either('"odd"')},"phase":${either('1')},"variant":${either(r.pick(['"a"', '"b"']))},
          "experience":${r.pick(['""', '""', odd()])},"country":${odd()},"device":${odd()}}`,
    shown: () => `{"campaign":"odd","phase":1,"variant":"${r.pick(['a', 'b'])}","country":${odd()}}`,
    purchase: () =>
        `{"value":${odd()},"currency":${either('"EUR"')},"transaction_id":${either('"t1"')},"items":${items()}}`,
    refund: () => `{"value":${odd()},"transaction_id":${either('"t1"')},"items":${items()}}`,
    score: () => `{"score":${odd()},"deep":{"n":${odd()}}}`,
    anything,
};
const NAMES = {
    shown: ['exposure'],
    anything: ['page_view', 'add_to_cart', '', ' ', '__proto__', 'n'.repeat(200), '%s'],
};

function event(i) {
    const kind = r.pick(Object.keys(MAKERS));
    const name = r.pick(NAMES[kind] ?? [kind]);
    const visitor = `v${r.below(VISITORS)}`;
    const ms = Date.now() - r.below(3 * 86_400_000);
    const day = new Date(ms).toISOString();
    const cells = [`slice_of(${quote(visitor)})`, quote(visitor), 'gen_random_uuid()', quote(day.slice(0, 10)), 1];
    cells.push(quote(name), quote(day), quote(MAKERS[kind]()), r.pick([0, 0, 0, 0, 1, 2, 4]), 'own.id', i + 1);
    return `(${cells})`;
}

let server, pids;
const api = async (method, path, body) => {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 500, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply;
};

async function make(path, body) {
    const { status, text } = await api('POST', path, body);
    assert.ok(status < 300, `${path}: ${text}`);
}

const part = (event, value) => ({ event, value });
const METRICS = [
    { key: 'score_sum', kind: 'mean', event: 'score', value: 'score' },
    { key: 'deep', kind: 'mean', event: 'score', value: 'deep.n', cap: 10 },
    { key: 'per_purchase', kind: 'ratio', numerator: part('purchase', 'value'), denominator: part('purchase') },
    { key: 'young', kind: 'conversion', event: 'purchase', filter: { age: { $lt: 30 } } },
];
const BUILTINS = ['conversion_rate', 'revenue_per_visitor', 'average_order_value', 'items_per_order'];

before(async () => {
    server = await startServer();
    for (const metric of METRICS) await make('/metrics', { name: metric.key, ...metric });
    const variants = ['a', 'b'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0 }));
    const metrics = [...BUILTINS, ...METRICS.map(({ key }) => key)].map((key) => ({ key }));
    await make('/campaigns', { key: 'odd', kind: 'experiment', variants, metrics });
    await make('/campaigns/odd/start', {});
    server.psql(`update phase set started_at = now() - interval '5 days';
        select count(visitor_event_partition((now() at time zone 'UTC')::date - i)) from generate_series(-1, 4) i`);
    const rows = Array.from({ length: EVENTS }, (_, i) => event(i));
    for (let at = 0; at < rows.length; at += 250)
        server.psql(`with own as (insert into writer default values returning id),
            stored as (insert into visitor_event (slice, visitor_id, event_id, day, environment_id, name, ts,
                properties, marks, writer, seq)
            select e.slice, e.visitor, e.id, e.day::date, e.environment, e.name, e.ts::timestamptz, e.properties::jsonb,
                   e.marks, own.id, e.seq
            from own cross join lateral (values ${rows.slice(at, at + 250).join(',\n')})
                e (slice, visitor, id, day, environment, name, ts, properties, marks, writer, seq)
            returning slice, writer, seq) ${headSql('stored')}`);
    pids = server.pids();
});
after(() => server?.stop());

const contents = () =>
    Object.fromEntries(
        TABLES.map((table) => [
            table,
            server.psql(`select t from ${table} t order by t::text collate "C"`).split('\n'),
        ]),
    );
const assertAlive = () => assert.deepEqual(server.pids(), pids, 'no process ended');

test('the fold and the hours read over all of it, and a rebuild comes out the same', async () => {
    await until(() => server.psql('select count(*) from fold_due()') === '0', 120_000, 'all to be read');
    const folded = contents();
    server.psql('select rebuild(array(select id from campaign))');
    assert.deepEqual(folded, contents());
    assert.ok(folded.exposure.length > VISITORS / 2 && folded.outcome.length > 20, 'there was something to fold');
    assert.equal(server.psql('select sum(event_count) from event_hour'), String(EVENTS));
    assertAlive();
});

const READS = [
    '/audience/attributes',
    '/data-quality',
    '/live-events',
    '/refusals',
    '/uplifts',
    '/install',
    '/campaigns/odd/results',
    '/campaigns/odd/standing',
    ...['country', 'device', 'visitor_type'].map((name) => `/campaigns/odd/results?dimension=${name}`),
    ...['events', 'exposures', 'outcomes'].map((name) => `/campaigns/odd/${name}`),
];
for (const path of READS)
    test(`GET ${path}`, async () => {
        const { status, text } = await api('GET', path);
        assert.equal(status, 200, text);
        assertAlive();
    });

test('every visitor, and what each of their events did', async () => {
    for (let i = 0; i < VISITORS; i += 1) {
        await api('GET', `/visitors/v${i}`);
        await api('GET', `/visitors/v${i}/events`);
        await api('GET', `/live-events?visitor=v${i}`);
    }
    assertAlive();
});

const CONDITIONS = [
    {},
    { country: 'DE' },
    { age: { $gt: 18 } },
    { score: { $gte: 1e300 } },
    { country: { $in: ['de', 1, null] } },
    { title: { $regex: '^(a+)+$' } },
    { items: { $size: 3 } },
    { items: { $elemMatch: { price: { $gt: 1 } } } },
    { 'items.price': { $exists: true } },
    { value: { $vgt: '1.0' } },
    { transaction_id: { $ini: ['T1'] } },
    { $not: { path: { $lt: '2026-01-01T00:00:00Z' } } },
];
for (const condition of CONDITIONS)
    test(`an audience: ${JSON.stringify(condition)}`, async () => {
        await api('POST', '/audience/estimate', { condition });
        assertAlive();
    });

test('plans by what was measured, and jobs that go through events', async () => {
    for (const key of [...BUILTINS, ...METRICS.map(({ key }) => key)])
        await api('POST', '/plan', { metric: key, uplift: 0.1 });
    const asked = [await api('POST', '/prove', { campaign: 'odd', runs: 20, seed: 1 })];
    asked.push(await api('POST', '/campaigns/odd/distribution', {}));
    const open = () => server.psql("select count(*) from job where state in ('queued', 'running')");
    await until(() => open() === '0', 120_000, 'all jobs to end');
    const failed = server.rows("select kind, problem from job where state <> 'done'");
    assert.deepEqual(failed, []);
    await api('GET', '/campaigns/odd/results');
    assertAlive();
});

for (const what of ['events', 'exposures', 'outcomes'])
    for (const more of [[], ['--json']])
        test(`mete export odd --what ${what} ${more}`, async () => {
            const text = await server.mete(['export', 'odd', '--what', what, ...more]);
            assert.ok(text.split('\n').length > 10, text.slice(0, 400));
        });

test('analysts read it too', () => {
    const views = server.rows(
        "select table_name as name from information_schema.views where table_schema = 'analyst' order by 1",
    );
    assert.ok(views.length > 3);
    for (const { name } of views) server.psql(`select count(*) from (select * from analyst.${name}) q`);
});
