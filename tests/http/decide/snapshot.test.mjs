// SPDX-License-Identifier: GPL-3.0-or-later
// What edges decide from: one document an environment, compiled once a transaction, its history kept as
// differences, and refused whole when it does not fit.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';

let server;
let stagingKey;
before(async () => {
    server = await startServer({ edges: 1 });
    await make('/environments', { key: 'staging' });
    stagingKey = (await make('/keys?environment=staging', { kind: 'client' })).token;
    await make('/flags', { key: 'cta', type: 'string', default: 'Order' });
    await make('/flags?environment=staging', { key: 'cta', type: 'string', default: 'Order' });
    for (let i = 0; i < 60; i += 1) await start(`c${i}`);
});
after(() => server?.stop());

async function make(path, body, method = 'POST') {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${path}: ${reply.text}`);
    return reply.body;
}

async function start(key, more = {}) {
    const variants = [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5, flags: { cta: key } },
    ];
    await make('/campaigns', {
        key,
        kind: 'experiment',
        priority: key.length,
        variants,
        metrics: [{ key: 'conversion_rate' }],
        ...more,
    });
    await make(`/campaigns/${key}/start`, {});
}

const idOf = (key) => Number(server.psql(`select id from environment where key = '${key}'`));
const production = () => Number(server.psql('select min(id) from environment'));
const newest = (id) => server.rows(`select version, document, sha256 from snapshot where environment_id = ${id}`)[0];
const versions = () =>
    Number(server.psql('select count(*) from snapshot')) + Number(server.psql('select count(*) from snapshot_history'));
const flagOf = async (key) => (await server.decide({ visitor_id: 'v', campaigns: [] }, '', { key })).body?.flags?.cta;
const ready = async () => (await server.edge.request('GET', '/readyz')).body;

/* How many snapshots a piece of SQL publishes. */
function published(sql) {
    const had = versions();
    server.psql(sql);
    assert.equal(server.psql('select count(*) from snapshot_due'), '0');
    return versions() - had;
}

const touched = (where) =>
    `update campaign set document = jsonb_set(document, '{coverage}', to_jsonb(round(random()::numeric, 9)))
        where ${where};`;

test('a transaction publishes once, whatever it changed', () => {
    assert.equal(published(touched("key = 'c1'")), 1);
    assert.equal(published(touched("key like 'c%'")), 1);
    assert.equal(
        published(`begin; ${touched("key = 'c1'")} ${touched("key = 'c2'")}
        update flag set document = jsonb_set(document, '{default}', '"Buy"')
            where environment_id = ${production()}; commit;`),
        1,
    );
    assert.equal(
        published(`begin; ${touched("key = 'c1'")}
        update flag set document = jsonb_set(document, '{default}', '"Both"'); commit;`),
        2,
    );
});

test('nothing that edges see: nothing is published', () => {
    assert.equal(published(`begin; ${touched("key = 'c1'")} rollback;`), 0);
    assert.equal(published(`begin; savepoint s; ${touched("key = 'c1'")} rollback to s; commit;`), 0);
    assert.equal(published('update campaign set document = document'), 0);
    assert.equal(
        published("update campaign set document = jsonb_set(document, '{hypothesis}', to_jsonb(random()::text))"),
        0,
    );
});

test('a draft publishes nothing', async () => {
    const had = versions();
    await make('/campaigns', { key: 'draft', kind: 'experiment' });
    await make('/campaigns/draft', { name: 'Another' }, 'PATCH');
    assert.equal(versions(), had);
});

test('two transactions at once: the later document holds both changes', async () => {
    const key = (i) => `at-once-${i}`;
    const flags = Array.from({ length: 12 }, (_, i) =>
        make('/flags', { key: key(i), type: 'boolean', default: false }),
    );
    await Promise.all(flags);
    const { document } = newest(production());
    for (let i = 0; i < 12; i += 1) assert.ok(document.includes(`"${key(i)}"`), key(i));
});

const inUse = (id) =>
    server.logLines().filter(({ message }) => new RegExp(`^snapshot \\d+ in use for environment ${id}$`).test(message))
        .length;

test('a change in one environment makes edges read that one alone', async () => {
    const [mine, other] = [idOf('staging'), production()];
    const before = newest(other);
    await until(
        async () => (await ready()).snapshot === Math.max(newest(mine).version, before.version),
        10_000,
        'the newest',
    );
    const read = inUse(other);
    for (const value of ['One', 'Two', 'Three']) {
        await make('/flags/cta?environment=staging', { default: value }, 'PATCH');
        await until(async () => (await flagOf(stagingKey)) === value, 10_000, value);
    }
    assert.ok(inUse(mine) >= 3);
    assert.equal(inUse(other), read);
    assert.deepEqual(newest(other), before);
});

test('what was: each version again, from differences', async () => {
    const id = production();
    const kept = [];
    const remember = () => kept.push(newest(id));
    const changes = [
        () => make('/flags/cta', { default: 'Pay' }, 'PATCH'),
        () => start('fresh', { priority: 9 }),
        () => make('/campaigns/fresh', { priority: -3, coverage: 0.5 }, 'PATCH'),
        () => make('/campaigns/c7/pause', {}),
        () => make('/campaigns/c8/stop', {}),
        () => make('/layers', { key: 'shared' }),
        () => start('layered', { layer: { key: 'shared', share: 0.25 } }),
    ];
    remember();
    for (const change of changes) {
        await change();
        remember();
    }
    server.psql(`update campaign set stopped_at = now() - interval '8 days' where key = 'c8'`);
    assert.ok(!newest(id).document.includes('"c8"'), 'stopped for long');
    for (const { version, document, sha256 } of kept) {
        assert.equal(server.psql(`select snapshot_at(${id}, ${version})::text`), document, version);
        assert.equal(createHash('sha256').update(document).digest('hex'), sha256);
    }
    assert.equal(server.psql(`select coalesce(snapshot_at(${id}, 0)::text, 'none')`), 'none');
    const sizes = server.rows(
        `select length(difference::text)::int as bytes
            from snapshot_history where environment_id = ${id} order by version desc limit 6`,
    );
    for (const { bytes } of sizes) assert.ok(bytes * 5 < newest(id).document.length, `${bytes} bytes`);
});

test('no more versions are kept than there is room for', () => {
    const id = production();
    server.psql(`insert into snapshot_history (environment_id, version, sha256, difference, created_at)
        select ${id}, -n, '', '{}', now() from generate_series(1, 1500) n; ${touched("key = 'c1'")}`);
    assert.equal(server.psql(`select count(*) from snapshot_history where environment_id = ${id}`), '1000');
    assert.equal(server.psql(`select max(version) from snapshot_history where environment_id = ${id}`) > 0, true);
    server.psql('delete from snapshot_history where version < 0');
});

async function refusedCount() {
    return total(await scrape(server), 'mete_snapshots_refused', { process: 'edge-0' });
}

test('a document that does not fit: the one before stays in use, and the edge says so', async () => {
    const id = production();
    const before = await config();
    server.psql(`update snapshot set version = default, sha256 = 'x',
            document = replace(document, '"kind": "experiment"', '"kind": "wager"')
        where environment_id = ${id}`);
    const { version } = newest(id);
    const complaints = () =>
        server
            .logLines()
            .filter(({ message }) =>
                message.startsWith(`snapshot ${version} of environment ${id} not used: /campaigns/`),
            );
    await until(() => complaints().length > 0, 10_000, 'the edge to find and refuse it');
    const again = "select pg_notify('mete_snapshot', environment_id || ' ' || version) from snapshot";
    for (let i = 0; i < 5; i += 1) server.psql(again);
    assert.match(complaints()[0].message, /\/kind must be one of experiment, rollout, holdout$/);
    const { status, degraded } = await ready();
    assert.deepEqual([status, degraded], ['degraded', ['snapshot_refused']]);
    await until(async () => (await refusedCount()) === 1, 5_000, 'the gauge');
    assert.deepEqual(await config(), before);
    await make('/flags/cta', { default: 'Mended' }, 'PATCH');
    await until(async () => (await flagOf(server.clientKey)) === 'Mended', 10_000, 'the next one');
    assert.equal(complaints().length, 1, 'it was read once, however often it was told of');
    assert.equal((await ready()).status, 'ready');
});

const config = async () => (await server.edge.request('GET', '/v1/config')).body;

test('an environment that is archived is gone from the edges', async () => {
    assert.equal((await server.decide({ visitor_id: 'v' }, '', { key: stagingKey })).status, 200);
    server.psql("update environment set archived_at = now() where key = 'staging'");
    await until(
        async () => (await server.decide({ visitor_id: 'v' }, '', { key: stagingKey })).status === 401,
        10_000,
        'its key to be unknown',
    );
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
});
