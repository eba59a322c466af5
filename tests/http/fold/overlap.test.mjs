// SPDX-License-Identifier: GPL-3.0-or-later
// Which campaigns the worker joins with one, and what it stores: exact sums of what the units did that met both,
// by the variants of both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const NOW = Date.now();
const VISITORS = 41;
const visitors = (count) => Array.from({ length: count }, (_, i) => `v${i}`);
const arm = (i) => (i % 2 ? 'b' : 'a');
const otherArm = (i) => (i % 3 ? 'b' : 'a');

async function expect(status, promise) {
    const reply = await promise;
    assert.equal(reply.status, status, reply.text);
    return reply.body;
}

const PAIR = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];

async function start(key, more = {}) {
    const campaign = {
        key,
        name: key,
        kind: 'experiment',
        variants: PAIR,
        metrics: [{ key: 'revenue_per_visitor', role: 'primary' }],
    };
    await expect(201, server.api('POST', '/campaigns', { ...campaign, ...more }));
    await expect(200, server.api('POST', `/campaigns/${key}/start`, {}));
}

const stop = (key) => expect(200, server.api('POST', `/campaigns/${key}/stop`, {}));

const event = (visitor_id, name, at, properties) => ({ visitor_id, name, event_id: uuidv7(at), properties });
const seen = (visitor, campaign, variant, at = NOW - 3_600_000) =>
    event(visitor, 'exposure', at, { campaign, variant, phase: 1 });

/* Returns when all is folded. */
async function send(events) {
    const body = await expect(202, server.events({ events }, { key: server.secretKey }));
    assert.deepEqual(body.rejected, []);
    await until(() => server.psql('select fold_backlog(100000)').trim() === '0', 20_000, 'the fold to be done');
}

const rest = () =>
    until(
        () => server.psql("select count(*) from job where state in ('queued', 'running')").trim() === '0',
        30_000,
        'the jobs to be done',
    );

/* What the job stores of a campaign. */
async function joined(campaign) {
    await rest();
    server.psql("update overlap set as_of = now() - interval '2 hours', state = ''");
    for (let i = 0; i < 2; i++) server.psql('select overlap_queue()');
    assert.ok(
        Number(server.psql("select count(*) from job where state in ('queued', 'running')")) <= 1,
        'one job is enough',
    );
    await rest();
    assert.equal(server.psql("select distinct state from job where kind = 'overlap'").trim(), 'done');
    const row = `select o.document from overlap o join campaign c on c.id = o.campaign_id where c.key = '${campaign}'`;
    return JSON.parse(server.psql(row));
}

const SHARED = { most: 40, many: 30, some: 20, few: 10, little: 6, least: 2 };

test('the five that share the most units, and no others', async () => {
    await start('past');
    await send(visitors(VISITORS).map((v) => seen(v, 'past', 'a')));
    await stop('past');
    await expect(201, server.api('POST', '/layers', { key: 'top', name: 'top' }));
    await start('base', { layer: { key: 'top', share: 0.5 } });
    await start('neighbour', { layer: { key: 'top', share: 0.5 } });
    await start('kept', { kind: 'holdout' });
    await start('wide', {
        variants: Array.from({ length: 11 }, (_, i) => ({ key: `v${i}`, weight: 1 / 11, is_control: i === 0 })),
    });
    await start('elsewhere');
    for (const key of Object.keys(SHARED)) await start(key);
    const blocked = ['neighbour', 'kept'].flatMap((key) => visitors(VISITORS).map((v) => seen(v, key, 'a')));
    await send([...blocked, ...visitors(VISITORS).map((v) => seen(v, 'wide', 'v0'))]);
    await send(
        Object.entries(SHARED).flatMap(([key, count]) => visitors(count).map((v, i) => seen(v, key, otherArm(i)))),
    );
    await send([
        ...visitors(VISITORS).map((v, i) => seen(v, 'base', arm(i))),
        ...visitors(VISITORS).map((v) => seen(`not-${v}`, 'elsewhere', 'b')),
    ]);
    const { others } = await joined('base');
    assert.deepEqual(
        others.map((o) => [o.campaign, o.phase, o.units]),
        Object.entries(SHARED)
            .slice(0, 5)
            .map(([key, n]) => [key, 1, n]),
    );
    assert.deepEqual(others[0].variants, [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5, is_control: false },
    ]);
});

test('a campaign of more than ten variants is joined with none', async () => {
    assert.equal(
        server
            .psql(
                `select count(*) from overlap o join campaign c on c.id = o.campaign_id
                    where c.key in ('wide', 'kept')`,
            )
            .trim(),
        '0',
    );
});

test('cells hold exact sums of what their units did here', async () => {
    const spent = (i) => (i % 4 === 0 ? [] : i % 4 === 1 ? [i + 0.25] : [i, 0.5]);
    await send(
        visitors(VISITORS).flatMap((v, i) =>
            spent(i).map((value, k) =>
                event(v, 'purchase', NOW - 1_800_000, { value, currency: 'EUR', transaction_id: `${v}-${k}` }),
            ),
        ),
    );
    const { others } = await joined('base');
    const wanted = {};
    for (let i = 0; i < SHARED.most; i++) {
        const cell = (wanted[arm(i) + otherArm(i)] ??= { units: 0, n: 0, nn: 0 });
        const cents = spent(i).reduce((sum, value) => sum + value * 100, 0);
        cell.units += 1;
        cell.n += cents;
        cell.nn += cents * cents;
    }
    const cells = others.find((o) => o.campaign === 'most').cells;
    assert.deepEqual(
        cells.map((c) => c.variant + c.other_variant),
        ['aa', 'ab', 'ba', 'bb'],
    );
    for (const cell of cells) {
        const { units, n, nn } = wanted[cell.variant + cell.other_variant];
        assert.deepEqual([cell.units, cell.n, cell.nn], [units, String(n), String(nn)]);
    }
});

test('the denominator of a ratio too', async () => {
    const [metric] = server.psql("select id from metric where key = 'average_order_value'").trim().split('\n');
    const base = server.psql("select id from campaign where key = 'base'").trim();
    await expect(
        200,
        server.api('PATCH', '/campaigns/base', {
            metrics: [
                { key: 'revenue_per_visitor', role: 'secondary' },
                { key: 'average_order_value', role: 'primary' },
            ],
        }),
    );
    await until(
        () =>
            server
                .psql(`select count(*) from campaign_metric where campaign_id = ${base} and not is_computed`)
                .trim() === '0',
        20_000,
        'the backfill',
    );
    const { metric: stored, others } = await joined('base');
    assert.equal(stored, Number(metric));
    const [cell] = others.find((o) => o.campaign === 'few').cells;
    /* Units 0, 3, 6 and 9 of ten met a there; of those 0 and 6 met a here: 6 spent 6 and 0.50. */
    assert.deepEqual(cell, {
        variant: 'a',
        other_variant: 'a',
        units: 2,
        n: '650',
        d: '2',
        nn: '422500',
        nd: '1300',
        dd: '4',
    });
});

test('what was met after the end does not count', async () => {
    await stop('base');
    await send([seen('v40', 'most', 'a', Date.now()), seen('v40', 'many', 'a')]);
    const { others } = await joined('base');
    assert.deepEqual(
        others.slice(0, 2).map((o) => [o.campaign, o.units]),
        [
            ['most', 40],
            ['many', 31],
        ],
    );
});
