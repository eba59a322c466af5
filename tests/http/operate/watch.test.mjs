// SPDX-License-Identifier: GPL-3.0-or-later
// What the server tells those who watch it: counters of all processes that add up, logs without
// anybody's data, and what is degraded.
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { after, before, test } from 'node:test';
import { raw, startServer, until, uuidv7 } from '../lib/harness.mjs';
import { holdTable } from '../lib/hold.mjs';
import { account, readMetrics, scrape, total } from '../lib/metrics_text.mjs';

let server;
before(async () => (server = await startServer({ edges: 2, log_level: 'debug' })));
after(() => server?.stop());

const view = (more = {}) => ({ event_id: uuidv7(), visitor_id: 'private-visitor', name: 'page_view', ...more });
const route = (path, code) => ({ route: path, code: String(code) });

test('each family has a type and a help; histograms add up', async () => {
    await server.decide({ visitor_id: 'v' });
    for (const family of (await scrape(server)).values()) {
        assert.match(family.type, /^(counter|gauge|histogram)$/, family.name);
        assert.ok(family.help.length > 10, family.name);
        assert.equal(family.type === 'counter', family.name.endsWith('_total'), family.name);
        const series = new Map();
        for (const {
            name,
            labels: { le, ...labels },
            value,
        } of family.samples) {
            const key = JSON.stringify([name, labels, le]);
            assert.ok(!series.has(key), `${key} stands once`);
            series.set(key, value);
            if (le === '+Inf') series.set(`count of ${JSON.stringify(labels)}`, value);
            if (name.endsWith('_count')) assert.equal(value, series.get(`count of ${JSON.stringify(labels)}`));
        }
    }
});

test('requests are counted by route and code, over all edges', async () => {
    const before = await scrape(server);
    for (let i = 0; i < 5; i += 1) {
        server.edge.close();
        await server.decide({ visitor_id: 'v' });
        await server.decide({ visitor_id: 'v' }, '', { key: 'nobody' });
        await server.events([view()]);
        await server.edge.request('GET', '/nowhere');
    }
    const now = await scrape(server);
    const grown = (name, labels) => total(now, name, labels) - total(before, name, labels);
    assert.equal(grown('mete_requests_total', route('/v1/decide', 200)), 5);
    assert.equal(grown('mete_requests_total', route('/v1/decide', 401)), 5);
    assert.equal(grown('mete_requests_total', route('/v1/events', 202)), 5);
    assert.equal(grown('mete_requests_total', { ...route('', 404), port: 'edge' }), 5);
    assert.equal(grown('mete_request_seconds_count', { route: '/v1/decide' }), 10);
    assert.equal(grown('mete_requests_total', { ...route('/metrics', 200), port: 'desk' }), 1);
});

test('the account of the events: each in its place', async () => {
    const before = account(await scrape(server));
    const once = view();
    assert.equal((await server.events([once, view(), { name: 'no id' }])).body.rejected.length, 1);
    assert.equal((await server.events(once)).body.duplicate, 1);
    const now = account(await scrape(server));
    assert.deepEqual(
        [
            now.received - before.received,
            now.acked - before.acked,
            now.duplicate - before.duplicate,
            now.rejected - before.rejected,
        ],
        [4, 2, 1, 1],
    );
    assert.equal(now.inFlight, 0);
});

test('the account comes out even at each moment of a load', async () => {
    let isOver = false;
    const lane = async () => {
        while (!isOver) await server.events(Array.from({ length: 50 }, () => view()));
    };
    const load = Promise.all(Array.from({ length: 8 }, lane));
    const seen = [];
    const isEnough = () => seen.length >= 60 && seen.some(({ inFlight }) => inFlight > 0);
    const look = async () => seen.push(account(await scrape(server))) && isEnough();
    await until(look, 60_000, 'the account to be read while events were in flight').finally(() => (isOver = true));
    await load;
    const last = account(await scrape(server));
    assert.equal(last.inFlight, 0);
    const families = await scrape(server);
    assert.equal(total(families, 'mete_batch_events_sum'), last.acked + last.duplicate);
    assert.equal(total(families, 'mete_commit_seconds_count'), total(families, 'mete_batch_events_count'));
});

test('what waits in the database', async () => {
    const value = async (name, labels) => total(await scrape(server), name, labels);
    await until(async () => (await value('mete_database_answers')) === 1, 10_000, 'the database to answer');
    assert.equal(await value('mete_jobs', { state: 'queued' }), 0);
    assert.ok((await value('mete_partitions_ahead')) >= 4, 'today and three days');
    const rejected = () => value('mete_rejected_events', { environment: 'production' });
    await until(async () => (await rejected()) === 1, 10_000, 'the one without id to be kept');
    server.psql(
        `insert into rejected_event (environment_id, reason, event) select id, 'x', '{}' from environment limit 1`,
    );
    await until(async () => (await rejected()) === 2, 10_000, 'the second');
    await until(async () => (await value('mete_fold_lag_seconds')) === 0, 20_000, 'the fold to be done');
    const { worker } = server.pids();
    process.kill(worker, 'SIGSTOP');
    await server.events(view());
    await until(async () => (await value('mete_fold_lag_seconds')) > 0.2, 5_000, 'the event to wait');
    process.kill(worker, 'SIGCONT');
    await until(async () => (await value('mete_fold_lag_seconds')) === 0, 20_000, 'the fold to go on');
});

test('each process is seen: what it holds, its connections, its snapshot', async () => {
    const families = await scrape(server);
    const processes = families.get('mete_process_up_seconds').samples.map(({ labels }) => labels.process);
    assert.deepEqual(processes.sort(), ['desk', 'edge-0', 'edge-1', 'sender', 'worker']);
    for (const [name, count] of [
        ['edge-0', 2],
        ['edge-1', 2],
        ['desk', 4],
        ['worker', 3 + cpus().length],
        ['sender', 1],
    ]) {
        assert.equal(total(families, 'mete_database_connections', { process: name }), count, name);
        assert.ok(total(families, 'mete_process_resident_memory_bytes', { process: name }) > 1e6);
    }
    const version = Number(server.psql('select max(version) from snapshot'));
    for (const edge of ['edge-0', 'edge-1']) {
        assert.equal(total(families, 'mete_snapshot_version', { process: edge }), version);
        assert.ok(total(families, 'mete_snapshot_age_seconds', { process: edge }) < 3_600);
    }
});

test('metrics are for near addresses that no proxy speaks for, or for who has the token', async () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'via']) {
        const reply = await server.desk.request('GET', '/metrics', undefined, { headers: { [name]: '203.0.113.1' } });
        assert.equal(reply.status, 403, name);
    }
    const guarded = await startServer({ metrics_token: 'watch-me' });
    try {
        const ask = async (key) => (await guarded.desk.request('GET', '/metrics', undefined, { key })).status;
        assert.deepEqual([await ask(null), await ask('watch-you'), await ask('watch-me')], [401, 401, 200]);
        const headers = { 'x-forwarded-for': '203.0.113.1' };
        assert.equal(
            (await guarded.desk.request('GET', '/metrics', undefined, { key: 'watch-me', headers })).status,
            200,
        );
    } finally {
        await guarded.stop();
    }
});

test('a trusted proxy that says nothing of others gets no metrics; what stands open is said at the start', async () => {
    const advised = (of) =>
        of
            .logLines()
            .filter((l) => l.level === 'warn' && /is not set/.test(l.message))
            .map((l) => l.message.split(' ')[0]);
    assert.deepEqual(advised(server), ['metrics_token', 'trusted_proxies']);
    const behind = await startServer({ trusted_proxies: '127.0.0.1' });
    try {
        assert.equal((await behind.desk.request('GET', '/metrics', undefined, { key: null })).status, 403);
        assert.deepEqual(advised(behind), ['metrics_token']);
    } finally {
        await behind.stop();
    }
});

test('a request id is answered back, or made', async () => {
    const idOf = async (client, headers) =>
        (await client.request('GET', '/livez', undefined, { headers })).headers['x-request-id'];
    for (const client of [server.edge, server.desk]) {
        assert.equal(await idOf(client, { 'x-request-id': 'Shop-1.2_3' }), 'Shop-1.2_3');
        for (const bad of ['', 'a b', '"', 'x'.repeat(65), 'ü', 'a,b']) {
            assert.match(
                await idOf(client, { 'x-request-id': Buffer.from(bad).toString('latin1') }),
                /^[0-9a-f]{24}$/,
                bad,
            );
        }
        assert.notEqual(await idOf(client), await idOf(client));
    }
    const failed = await server.decide('{', '', { headers: { 'x-request-id': 'wrong-1' } });
    assert.deepEqual([failed.status, failed.headers['x-request-id']], [400, 'wrong-1']);
});

test('the log is JSON, tells of a request by its id, and holds nobody’s data', async () => {
    await server.events([view({ visitor_id: 'secret-visitor', properties: { word: 'secret-word' } })], {
        headers: { 'x-request-id': 'look-for-me' },
    });
    await server.decide({ visitor_id: 'secret-visitor', attributes: { word: 'secret-word' } }, '?key=secret-key', {
        key: 'secret-token',
    });
    await server.desk.request('POST', '/login/secret-link', undefined, { key: null });
    await server.api('POST', '/flags', { key: 'secret-flag', type: 'string', default: 'secret-word' });
    await raw(server.edgeUrl, 'GET /secret-path HTTP/1.1\r\nHost: secret-host\r\nBad Header: x\r\n\r\n');
    const line = await until(() => server.logLines().find((l) => l.request === 'look-for-me'), 5_000, 'the line');
    const { time, process, pid, took_us: took, bytes, ...rest } = line;
    assert.deepEqual(rest, {
        level: 'debug',
        message: 'request',
        request: 'look-for-me',
        method: 'POST',
        route: '/v1/events',
        status: 202,
    });
    assert.ok(Date.parse(time) > 0 && /^edge-/.test(process) && pid > 0 && took > 0 && bytes > 50);
    await until(() => server.logLines().some((l) => l.route === '/login/{token}'), 5_000, 'the login’s line');
    for (const text of server.log.split('\n').slice(0, -1)) assert.equal(typeof JSON.parse(text), 'object');
    for (const word of [/secret/, /127\.0\.0\.1(?!:\d)/, new RegExp(server.clientKey), new RegExp(server.secretKey)]) {
        assert.doesNotMatch(server.log, word);
    }
});

test('below its level nothing is logged', async () => {
    const quiet = await startServer({ log_level: 'error' });
    try {
        await quiet.decide({ visitor_id: 'v' });
        assert.equal(quiet.log, '');
    } finally {
        await quiet.stop();
    }
});

test('the database away: alive, still scraped, and said so', async () => {
    const ready = async (client) => {
        const { status, body } = await client.request('GET', '/readyz', undefined, { key: null });
        return [status, body.status, body.degraded];
    };
    assert.deepEqual(await ready(server.edge), [200, 'ready', []]);
    assert.deepEqual(await ready(server.desk), [200, 'ready', []]);
    const connections = total(await scrape(server), 'mete_database_connections');
    server.cluster.psql('postgres', `alter database ${server.database} with allow_connections false`);
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${server.database}'`;
    server.cluster.psql('postgres', cut);
    await until(async () => (await ready(server.edge))[2].includes('database_away'), 5_000, 'the edge to notice');
    await until(async () => (await ready(server.desk))[0] === 503, 5_000, 'the desk to notice');
    assert.deepEqual(await ready(server.desk), [503, 'not_ready', ['database_away']]);
    for (const client of [server.edge, server.desk]) {
        assert.equal((await client.request('GET', '/livez', undefined, { key: null })).status, 200);
    }
    const families = await until(
        async () => {
            const seen = await scrape(server);
            return total(seen, 'mete_database_lost_total') >= connections && seen;
        },
        5_000,
        'all to notice',
    );
    assert.equal(total(families, 'mete_database_answers'), 0);
    assert.equal(families.has('mete_fold_lag_seconds'), false);
    assert.equal(total(families, 'mete_database_connections'), 0);
    account(families);
    server.cluster.psql('postgres', `alter database ${server.database} with allow_connections true`);
    await server.untilReady();
    const isWell = async () => (await ready(server.desk)).join() === '200,ready,';
    await until(isWell, 10_000, 'the desk to be ready');
});

test('a fold that stands still is said so', async () => {
    const ready = async () => (await server.desk.request('GET', '/readyz', undefined, { key: null })).body;
    const release = await holdTable(server, 'fold_cursor');
    const event_id = uuidv7();
    assert.equal((await server.events({ event_id, visitor_id: 'late', name: 'n' })).status, 202);
    server.psql(`update visitor_event set received_at = now() - interval '5 minutes' where event_id = '${event_id}'`);
    await until(async () => (await ready()).status !== 'ready', 10_000, 'the desk to notice');
    assert.deepEqual(await ready(), { status: 'degraded', degraded: ['fold_lag'] });
    assert.ok(total(await scrape(server), 'mete_fold_lag_seconds') >= 300);
    await release();
    await until(async () => (await ready()).status === 'ready', 30_000, 'the fold to be done');
});

test('a database that does not answer is not waited for', async () => {
    const release = await holdTable(server, 'rejected_event', true);
    const reply = await server.desk.request('GET', '/metrics', undefined, { key: null });
    assert.equal(total(readMetrics(reply.text), 'mete_database_answers'), 0);
    await release();
    await until(async () => total(await scrape(server), 'mete_database_answers') === 1, 5_000, 'an answer');
});
