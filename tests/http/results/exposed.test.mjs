// SPDX-License-Identifier: GPL-3.0-or-later
// Who met which variant: selected, page by page, whole, and written down as an export.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const EACH = 30;

let server;
let folder;

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const exposure = (visitor_id, variant, phase = 1) => ({
    visitor_id,
    name: 'exposure',
    event_id: uuidv7(),
    properties: { campaign: 'who', phase, variant },
});

const idsOf = (arm) => Array.from({ length: EACH }, (_, i) => `${arm}-${i}`);
const CROSSED = { a: ['a-0', 'a-7'], b: ['b-3'] };

async function visit(events, units, phase) {
    const sent = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual(sent.body.rejected, []);
    await until(
        async () => {
            const { verdict, health } = await ok('GET', `/campaigns/who/results?phase=${phase}`);
            return verdict.units === units && health.fold.lag_events === 0;
        },
        60_000,
        'the visitors',
    );
}

before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    const variants = [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5 },
    ];
    await ok('POST', '/campaigns', {
        key: 'who',
        kind: 'experiment',
        variants,
        metrics: [{ key: 'conversion_rate' }],
    });
    await ok('POST', '/campaigns/who/start');
    const first = ['a', 'b'].flatMap((arm) => idsOf(arm).map((id) => exposure(id, arm)));
    await visit(first, 2 * EACH, 1);
    await visit(
        [...CROSSED.a.map((id) => exposure(id, 'b')), ...CROSSED.b.map((id) => exposure(id, 'a'))],
        2 * EACH,
        1,
    );
    await ok('PATCH', '/campaigns/who', {
        variants: [
            { ...variants[0], weight: 0.4 },
            { ...variants[1], weight: 0.6 },
        ],
    });
    await visit([exposure('late-0', 'b', 2), exposure('a-1', 'b', 2)], 2, 2);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

/* All pages of a selection, so many rows each. */
async function listed(query, limit = 500, campaign = 'who') {
    const items = [];
    let next = null;
    do {
        const after = next ? `&after=${encodeURIComponent(next)}` : '';
        const page = await ok('GET', `/campaigns/${campaign}/exposures?limit=${limit}${query}${after}`);
        assert.ok(page.items.length <= limit);
        items.push(...page.items);
        next = page.next;
    } while (next);
    return items;
}

const ids = (items) => items.map(({ visitor_id }) => visitor_id).sort();
const without = (all, some) => all.filter((id) => !some.includes(id));

// prettier-ignore
const CASES = [
    ['&phase=1', [...idsOf('a'), ...idsOf('b')]],
    ['&phase=1&variant=a', idsOf('a')],
    ['&phase=1&variant=b', idsOf('b')],
    ['&phase=1&variant=c', []],
    ['&phase=1&crossover=true', [...CROSSED.a, ...CROSSED.b]],
    ['&phase=1&crossover=false', without([...idsOf('a'), ...idsOf('b')], [...CROSSED.a, ...CROSSED.b])],
    ['&phase=1&variant=a&crossover=true', CROSSED.a],
    ['&phase=1&variant=b&crossover=true', CROSSED.b],
    ['&phase=1&variant=b&crossover=false', without(idsOf('b'), CROSSED.b)],
    ['&phase=2', ['late-0', 'a-1']],
    ['&phase=2&variant=a', []],
    ['&variant=b', ['late-0', 'a-1']],
    ['&phase=2&crossover=true', []],
];

for (const [query, wanted] of CASES)
    for (const limit of [500, 7, 1])
        test(`exposures${query}, ${limit} a page`, async () => {
            assert.deepEqual(ids(await listed(query, limit)), [...wanted].sort());
        });

test('no visitor of several phases is left out where what is looked at ends', async () => {
    await ok('POST', '/campaigns', {
        key: 'often',
        kind: 'experiment',
        variants: ['a', 'b'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0 })),
        metrics: [{ key: 'conversion_rate' }],
    });
    /* Of the 1,667th, 5,000 rows hold two of three. */
    server.psql(
        `insert into exposure (slice, unit_id, campaign_id, phase, variant, is_crossover, event_id, exposed_at,
                               cohort_day, dimensions, has_past)
         select i.slice, i.id, c.id, p.phase, case when i.place in (1, 1667, 2000) then 'a' else 'b' end, false,
                gen_random_uuid(), now(), current_date, '{}', false
         from campaign c, generate_series(1, 3) p (phase),
              (select slice_of(n.id) as slice, n.id,
                      row_number() over (order by slice_of(n.id), n.id collate "C") as place
               from (select 'often-' || n as id from generate_series(1, 2000) n) n) i
         where c.key = 'often'`,
    );
    const wanted = server.rows(
        "select distinct unit_id as id from exposure where unit_id like 'often-%' and variant = 'a'",
    );
    assert.equal(wanted.length, 3);
    for (const phase of [1, 2, 3])
        assert.deepEqual(
            ids(await listed(`&phase=${phase}&variant=a`, 500, 'often')),
            wanted.map(({ id }) => id).sort(),
            `phase ${phase}`,
        );
    server.psql("delete from exposure where unit_id like 'often-%'");
});

test('of few among many, a page ends after so many were looked at, and the next goes on behind them', async () => {
    server.psql(
        `insert into exposure (slice, unit_id, campaign_id, phase, variant, is_crossover, event_id, exposed_at,
                               cohort_day, dimensions, has_past)
         select slice_of(i.id), i.id, c.id, 9, case when n % 4000 = 0 then 'rare' else 'a' end, false,
                gen_random_uuid(), now(), current_date, '{}', false
         from campaign c, generate_series(1, 12000) n, lateral (select 'many-' || n as id) i where c.key = 'who'`,
    );
    const first = await ok('GET', '/campaigns/who/exposures?phase=9&variant=rare&limit=10');
    assert.ok(first.next !== null && first.items.length < 3, JSON.stringify(first));
    assert.deepEqual(ids(await listed('&phase=9&variant=rare', 10)), ['many-12000', 'many-4000', 'many-8000']);
    assert.deepEqual(ids(await listed('&phase=9&variant=rare', 1)), ['many-12000', 'many-4000', 'many-8000']);
});

for (const [query, pattern] of [
    ['variant=A%20B', /variant must be the key of one/],
    ['variant=', /variant must be the key of one/],
    ['crossover=yes', /crossover must be true or false/],
    ['crossover=', /crossover must be true or false/],
    ['crossover=true&after=%00', /after/],
])
    test(`refused: ${query}`, async () => {
        const reply = await server.api('GET', `/campaigns/who/exposures?${query}`);
        assert.equal(reply.status, 400, reply.text);
        assert.match(reply.body.detail, pattern);
    });

test('no such campaign', async () => {
    assert.equal((await server.api('GET', '/campaigns/nobody/exposures?variant=a')).status, 404);
});

test('that it was read stands in the audit log, as an export', async () => {
    await listed('&phase=1&variant=a&crossover=true');
    const { items } = await ok('GET', '/audit?limit=500');
    assert.ok(
        items.some(({ action, resource }) => action === 'export.read' && resource === 'who'),
        JSON.stringify(items),
    );
});

test('the CLI writes the selection', async () => {
    const run = async (...args) => {
        const { status, stdout, stderr } = await folder.run(['export', ...args, '--phase', '1', 'who']);
        assert.equal(status, 0, stderr);
        return stdout.trim().split('\n');
    };
    const rows = await run('--what', 'exposures', '--variant', 'a', '--crossover', '--format', 'json');
    assert.deepEqual(ids(rows.map((line) => JSON.parse(line))), CROSSED.a);
    const refused = await folder.run(['export', '--what', 'events', '--variant', 'a', 'who']);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /--variant and --crossover go with exposures/);
});
