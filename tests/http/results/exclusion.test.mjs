// SPDX-License-Identifier: GPL-3.0-or-later
// A visitor taken out of results by hand: nothing that is made of visitors has it in it, until it is taken in again,
// and then all is as if it had never been out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const NOW = Date.now() - 3_600_000;
const OUT = 'load test/1 ü';
const SPENT = { calm: 10, kind: 20, [OUT]: 1e6 };
const path = (id, below = '') => `/visitors/${encodeURIComponent(id)}${below}`;
const variants = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];

let server;
let place = 0;
const event = (visitor_id, name, properties) => {
    place += 1;
    const ts = NOW + place * 1000;
    return { event_id: uuidv7(ts), visitor_id, name, ts: new Date(ts).toISOString(), properties };
};
const seen = (visitor, campaign = 'c', variant = 'a') =>
    event(visitor, 'exposure', { campaign, phase: 1, variant, odd_one: visitor === OUT });
const bought = (visitor, value) => event(visitor, 'purchase', { value, currency: 'EUR', transaction_id: `o${place}` });

async function ok(method, url, body) {
    const reply = await server.api(method, url, body);
    assert.ok(reply.status < 300, `${method} ${url}: ${reply.text}`);
    return reply.body;
}

async function send(events) {
    const { status, body, text } = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual([status, body.accepted], [202, events.length], text);
}

const isRead = async () =>
    server.psql('select count(*) from sweep_due') === '0' &&
    (await ok('GET', '/campaigns/c/results')).health.fold.lag_events === 0 &&
    (await ok('GET', path(OUT))).is_exclusion_due === false;
const settled = () => until(isRead, 20_000, 'results to have followed');
const exclude = async (visitor, reason = 'our own load test') => {
    await ok('POST', path(visitor, '/exclude'), { reason });
    await settled();
};
const include = async (visitor) => {
    await ok('POST', path(visitor, '/include'));
    await settled();
};

before(async () => {
    server = await startServer();
    await ok('POST', '/environments', { key: 'staging' });
    for (const key of ['c', 'd']) {
        await ok('POST', '/campaigns', {
            key,
            name: key,
            kind: 'experiment',
            variants,
            metrics: [{ key: 'revenue_per_visitor' }, { key: 'average_order_value' }, { key: 'conversion_rate' }],
        });
        await ok('POST', `/campaigns/${key}/start`);
    }
    for (const [visitor, value] of Object.entries(SPENT)) {
        await send([seen(visitor), seen(visitor, 'd', 'b'), bought(visitor, value), bought(visitor, 1)]);
    }
    await until(async () => (await read('c')).variants[0].units === 3, 20_000, 'three visitors');
    await settled();
});
after(() => server?.stop());

const read = (campaign) => ok('GET', `/campaigns/${campaign}/results`);
const metric = (document, key) => document.metrics.find((m) => m.key === key).variants;
const visitorsOf = async (what) => [
    ...new Set((await ok('GET', `/campaigns/c/${what}`)).items.map((x) => x.visitor_id)),
];
const numbers = (table, columns, where = 'true') => server.rows(`select ${columns} from ${table} where ${where}`);

/* [what is looked at, how, with the visitor in it, without] */
const FIGURES = [
    ['visitors of a variant', async () => (await read('c')).variants[0].units, 3, 2],
    ['of another campaign', async () => (await read('d')).variants[1].units, 3, 2],
    ['a sum', async () => metric(await read('c'), 'revenue_per_visitor')[0].sum, 1e6 + 33, 32],
    ['who converted', async () => metric(await read('c'), 'conversion_rate')[0].sum, 3, 2],
    ['told by health', async () => (await read('c')).health.excluded, 0, 1],
    ['exported exposures', () => visitorsOf('exposures'), ['calm', 'kind', OUT], ['calm', 'kind']],
    ['exported outcomes', () => visitorsOf('outcomes'), ['calm', 'kind', OUT], ['calm', 'kind']],
    ['exported events', () => visitorsOf('events'), ['calm', 'kind', OUT], ['calm', 'kind']],
    ['campaigns of the visitor', async () => (await ok('GET', path(OUT))).exposures.length, 2, 0],
    ['events of the visitor', async () => (await ok('GET', path(OUT))).event_count, 4, 4],
    [
        'what its events did',
        async () => [...new Set((await ok('GET', path(OUT, '/events'))).items.map((e) => e.effect.why))],
        [null],
        ['excluded'],
    ],
    [
        'a plan',
        () => numbers("plan_measure(1, 'revenue_per_visitor')", 'visitors, n'),
        [{ visitors: 3, n: 1e6 + 33 }],
        [{ visitors: 2, n: 32 }],
    ],
    ['an audience', () => numbers('audience_sample(1)', 'count(*)::int as n'), [{ n: 3 }], [{ n: 2 }]],
    [
        'an audience of it alone',
        () => numbers('audience_sample(1)', 'count(*)::int as n', "attributes ->> 'odd_one' = 'true'"),
        [{ n: 1 }],
        [{ n: 0 }],
    ],
];

const sorted = (value) => (Array.isArray(value) && typeof value[0] === 'string' ? [...value].sort() : value);
const figures = async () =>
    Object.fromEntries(await Promise.all(FIGURES.map(async ([name, how]) => [name, sorted(await how())])));
const expected = (column) => Object.fromEntries(FIGURES.map((row) => [row[0], sorted(row[column])]));
const tables = () =>
    ['exposure', 'outcome', 'cohort', 'moment', 'overflow', 'excluded_exposure'].map((table) =>
        server.psql(`select md5(coalesce(string_agg(t::text, ';' order by t::text), '')) from ${table} t`),
    );

let whole;
test('in, out, and in again', async () => {
    whole = tables();
    assert.deepEqual(await figures(), expected(2));
    await exclude(OUT);
    assert.deepEqual(await figures(), expected(3));
    const { exclusion } = await ok('GET', path(OUT));
    assert.deepEqual([exclusion.reason, Date.parse(exclusion.excluded_at) > NOW], ['our own load test', true]);
    await include(OUT);
    assert.deepEqual(await figures(), expected(2));
    assert.deepEqual(tables(), whole, 'row by row');
});

test('what comes while it is out counts when it is in again, and a rebuild says the same', async () => {
    await exclude(OUT);
    await send([seen(OUT, 'c', 'b'), bought(OUT, 7)]);
    await settled();
    assert.deepEqual([(await read('c')).variants[0].units, (await read('c')).health.excluded], [2, 1]);
    const out = tables();
    await server.mete(['rebuild']);
    assert.deepEqual(tables(), out, 'out, by a rebuild');
    await include(OUT);
    const document = await read('c');
    assert.deepEqual(
        [document.health.crossovers, document.health.excluded, metric(document, 'revenue_per_visitor')[0].sum],
        [1, 0, 1e6 + 40],
    );
    whole = tables();
    await server.mete(['rebuild']);
    assert.deepEqual(tables(), whole, 'in, by a rebuild');
});

test('environments are apart, and who was never seen can be out before it comes', async () => {
    await ok('POST', `${path('calm', '/exclude')}?environment=staging`, { reason: 'there alone' });
    await ok('POST', path('to come', '/exclude'), { reason: 'a crawler we know' });
    await settled();
    await send([seen('to come'), bought('to come', 5)]);
    await settled();
    assert.deepEqual([(await read('c')).variants[0].units, (await read('c')).health.excluded], [3, 1]);
    assert.deepEqual(tables().slice(0, 5), whole.slice(0, 5));
    await ok('POST', path('to come', '/include'));
    await until(async () => (await read('c')).variants[0].units === 4, 20_000, 'four visitors');
});

test('a closed phase forgets who was exposed after its end', async () => {
    await exclude(OUT);
    await ok('POST', '/campaigns/d/stop');
    await settled();
    assert.deepEqual([(await read('d')).variants[1].units, (await read('d')).health.excluded], [2, 1]);
    server.psql("update phase set ended_at = '2026-01-01', is_settled = false where campaign_id = 2");
    await until(async () => (await read('d')).health.excluded === 0, 20_000, 'the phase to be settled');
});

const WRONG = [
    ['no body', OUT, undefined, ''],
    ['no reason', OUT, {}, '/reason'],
    ['a reason of nothing', OUT, { reason: '' }, '/reason'],
    ['null', OUT, { reason: null }, '/reason'],
    ['a number', OUT, { reason: 5 }, '/reason'],
    ['a list', OUT, { reason: ['x'] }, '/reason'],
    ['too long', OUT, { reason: 'x'.repeat(501) }, '/reason'],
    ['control characters', OUT, { reason: 'a\u0001b' }, '/reason'],
    ['another field', OUT, { reason: 'x', until: 'tomorrow' }, '/until'],
    ['no object', OUT, ['x'], ''],
    ['no visitor', '\n', { reason: 'x' }, ''],
    ['too long an id', 'v'.repeat(257), { reason: 'x' }, ''],
];
for (const [what, visitor, body, pointer] of WRONG) {
    test(`refused: ${what}`, async () => {
        const reply = await server.api('POST', path(visitor, '/exclude'), body);
        const said = reply.body.errors?.[0]?.pointer ?? reply.body.pointer ?? '';
        assert.deepEqual([reply.status, said], [400, pointer], reply.text);
    });
}

test('10,000 are enough, and those who are out can be told anew', async () => {
    server.psql(`insert into excluded_visitor (slice, visitor_id, environment_id, reason, actor)
        select slice_of('x' || i), 'x' || i, 1, 'many', 'user:1' from generate_series(1, 9999) i`);
    const full = await server.api('POST', path('one more', '/exclude'), { reason: 'x' });
    assert.deepEqual([full.status, /10,000 visitors are excluded/.test(full.text)], [409, true], full.text);
    assert.equal((await ok('POST', path(OUT, '/exclude'), { reason: 'other words' })).exclusion.reason, 'other words');
    await ok('POST', path('x1', '/include'));
    await ok('POST', path('one more', '/exclude'), { reason: 'x' });
    server.psql("delete from excluded_visitor where reason = 'many'");
});

test('each change stands in the audit log, what changes nothing does not', async () => {
    const lines = () =>
        server.rows(`select action, resource, before ->> 'reason' as was, after ->> 'reason' as told
            from audit_log where resource = 'audited' order by id`);
    await ok('POST', path('audited', '/include'));
    await ok('POST', path('audited', '/exclude'), { reason: 'first' });
    await ok('POST', path('audited', '/exclude'), { reason: 'second' });
    await ok('POST', path('audited', '/include'));
    assert.deepEqual(lines(), [
        { action: 'visitor.exclude', resource: 'audited', was: null, told: 'first' },
        { action: 'visitor.exclude', resource: 'audited', was: 'first', told: 'second' },
        { action: 'visitor.include', resource: 'audited', was: 'second', told: null },
    ]);
});

test('the command line', async () => {
    assert.match(
        await server.mete(['visitor', 'kind', '--exclude', 'a friend']),
        /^out of results since .*: a friend$/m,
    );
    await settled();
    assert.match(await server.mete(['visitor', 'kind']), /out of results since [^]*2 events|counted in no campaign/);
    assert.match(await server.mete(['results', 'c']), /^2 visitors are left out: they were taken out by hand$/m);
    assert.match(await server.mete(['visitor', 'kind', '--include']), /count the visitor again/);
    await settled();
    assert.match(await server.mete(['visitor', 'kind']), /^ *c +1 +a /m);
    assert.equal(JSON.parse(await server.mete(['visitor', 'kind', '--json'])).exclusion, null);
    await assert.rejects(
        server.mete(['visitor', 'kind', '--include', '--exclude', 'x']),
        /either --exclude or --include/,
    );
    await assert.rejects(server.mete(['visitor', 'kind', '--exclude', '']), /reason/);
});
