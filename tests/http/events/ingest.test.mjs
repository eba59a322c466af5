// SPDX-License-Identifier: GPL-3.0-or-later
// Events on their way into the database: culprits, overlapping batches, a database that goes away, a
// queue that is full, an edge that is told to stop.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { holdTable } from '../lib/hold.mjs';
import { clientOfEach } from '../lib/edges.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';

let server;
before(async () => (server = await startServer({ edges: 2, batch_rows: 300, queue_rows: 600 })));
after(() => server?.stop());

const view = (more = {}) => ({ event_id: uuidv7(), visitor_id: 'someone', name: 'page_view', ...more });
const views = (n, more) => Array.from({ length: n }, (_, i) => view({ visitor_id: `visitor-${i}`, ...more }));
const storedOf = (events) =>
    Number(
        server.psql(`select count(*) from visitor_event
    where event_id = any('{${events.map((event) => event.event_id)}}')`),
    );

async function send(events, client = server.edge) {
    const reply = await client.request('POST', '/v1/events', { events });
    assert.equal(reply.status, 202, reply.text);
    return reply.body;
}

/* A writer's numbers are all different, also of what was sent more than once. */
afterEach(() => {
    if (server.hasLeft()) return;
    assert.equal(
        server.psql('select count(*) from (select from visitor_event group by writer, seq having count(*) > 1) t'),
        '0',
    );
});

test('the database refuses two of many: the others are stored', async () => {
    server.psql("alter table visitor_event add constraint no_poison check (name <> 'poison')");
    const events = views(250);
    events[17] = view({ name: 'poison', properties: { secret: 'é"' } });
    events[200] = view({ name: 'poison' });
    const reply = await send(events);
    assert.equal(reply.accepted, 248);
    assert.deepEqual(reply.rejected.map(({ index, pointer }) => [index, pointer]).sort(), [
        [17, '/events/17'],
        [200, '/events/200'],
    ]);
    for (const { detail } of reply.rejected) {
        assert.match(detail, /the database refused this event/);
        assert.doesNotMatch(detail, /visitor_event/, 'tables are nobody’s business');
    }
    assert.equal(storedOf(events), 248);
    const kept = server.rows('select detail, event, environment_id from rejected_event order by id');
    assert.equal(kept.length, 2);
    for (const row of kept) assert.match(row.detail, /no_poison/);
    const [first] = kept.map((row) => JSON.parse(row.event)).filter((event) => event.event_id === events[17].event_id);
    assert.deepEqual([first.name, first.visitor_id, first.properties], ['poison', 'someone', { secret: 'é"' }]);
    const listed = await server.api('GET', '/rejected-events');
    assert.equal(listed.status, 200);
    assert.equal(listed.body.items.length, 2);
});

test('all of them refused; one alone; and the poison of another request harms nobody', async () => {
    const only = await send(views(7, { name: 'poison' }));
    assert.deepEqual([only.accepted, only.rejected.length], [0, 7]);
    const replies = await Promise.all(
        [...Array(20)].map((_, i) => send(i % 5 === 0 ? views(3, { name: 'poison' }) : views(3))),
    );
    replies.forEach((reply, i) => assert.equal(reply.accepted, i % 5 === 0 ? 0 : 3));
});

test('seqs grow in the order of commits, also around what was refused', async () => {
    const sent = [];
    const [client, other] = await clientOfEach(server);
    other.close();
    for (const events of [views(20), [view(), view({ name: 'poison' }), view()], views(20)]) {
        await send(events, client);
        sent.push(events.filter(({ name }) => name !== 'poison'));
    }
    client.close();
    const ranges = sent.map(
        (events) =>
            server.rows(`select min(seq) as low, max(seq) as high, count(distinct writer) as writers
        from visitor_event where event_id = any('{${events.map((event) => event.event_id)}}')`)[0],
    );
    for (const range of ranges) assert.equal(range.writers, 1);
    assert.ok(ranges[0].high < ranges[1].low && ranges[1].high < ranges[2].low, JSON.stringify(ranges));
});

test('a request larger than a batch is answered once, as a whole', async () => {
    const events = [...views(499), view({ name: 'poison' })];
    const reply = await send(events);
    assert.equal(reply.accepted, 499);
    assert.deepEqual(
        reply.rejected.map(({ index }) => index),
        [499],
    );
    server.psql('alter table visitor_event drop constraint no_poison');
    assert.deepEqual(
        await send(events),
        { accepted: 1, duplicate: 499, rejected: [] },
        'what was refused may come again',
    );
});

const shuffled = (list) =>
    list
        .map((item) => [Math.random(), item])
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item);

test('eight connections send the same batches in other orders: no deadlock, each event once', async () => {
    const before = Number(server.psql('select deadlocks from pg_stat_database where datname = current_database()'));
    const batches = Array.from({ length: 6 }, () => views(500));
    const pairs = await Promise.all([1, 2, 3, 4].map(() => clientOfEach(server)));
    const sums = await Promise.all(
        pairs.flat().map(async (client) => {
            let accepted = 0;
            for (const events of shuffled(batches)) {
                let reply;
                const tryOnce = async () =>
                    (reply = await client.request('POST', '/v1/events', { events: shuffled(events) })).status !== 503;
                await until(tryOnce, 20_000, 'a place in the queue');
                assert.equal(reply.status, 202, reply.text);
                assert.equal(reply.body.accepted + reply.body.duplicate, 500);
                accepted += reply.body.accepted;
            }
            client.close();
            return accepted;
        }),
    );
    assert.equal(
        sums.reduce((a, b) => a + b),
        3000,
    );
    assert.equal(storedOf(batches.flat()), 3000);
    server.psql('select pg_stat_clear_snapshot()');
    assert.equal(
        Number(server.psql('select deadlocks from pg_stat_database where datname = current_database()')),
        before,
    );
    assert.ok(!server.logLines().some(({ message }) => /deadlock|was not stored/.test(message)), server.log);
});

test('a queue that is full says so at once, and nothing that waits is lost', async () => {
    const release = await holdTable(server, 'visitor_event');
    const asked = Array.from({ length: 12 }, () => {
        const events = views(300);
        return { events, reply: server.events({ events }) };
    });
    const settled = [];
    for (const one of asked) one.reply.then((reply) => settled.push(reply));
    await until(() => settled.length >= 2, 10_000, 'refusals');
    for (const reply of settled) {
        assert.equal(reply.status, 503, reply.text);
        assert.equal(reply.headers['retry-after'], '1');
        assert.match(reply.body.detail, /too many events are waiting/);
    }
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200, 'decisions do not wait');
    await release();
    const replies = await Promise.all(asked.map(async ({ events, reply }) => ({ events, reply: await reply })));
    const taken = replies.filter(({ reply }) => reply.status === 202);
    assert.ok(taken.length >= 2 && taken.length <= 6, `${taken.length} of 12 taken`);
    for (const { events, reply } of taken) {
        assert.equal(reply.body.accepted, 300);
        assert.equal(storedOf(events), 300);
    }
});

const backends = () =>
    server
        .rows(
            `select pid from pg_stat_activity
    where application_name like 'mete edge-%' and datname = current_database()`,
        )
        .map(({ pid }) => pid);

test('connections cut again and again: all are taken, nothing is lost or twice', async () => {
    const events = Array.from({ length: 60 }, () => views(50));
    const cutting = (async () => {
        for (let i = 0; i < 12; i += 1) {
            const pids = await until(() => backends().length > 0 && backends(), 10_000, 'edges to be connected');
            server.psql(`select pg_terminate_backend(pid) from unnest(array[${pids}]::int[]) pid`);
        }
    })();
    const lane = async () => {
        for (let batch = events.pop(); batch; batch = events.pop()) {
            sent.push(batch);
            const { accepted, duplicate } = await send(batch);
            assert.equal(accepted + duplicate, 50);
        }
    };
    const sent = [];
    await Promise.all([lane(), lane(), lane(), lane(), cutting]);
    const isFelt = () => server.logLines().some(({ message }) => /^connection for writing/.test(message));
    await until(isFelt, 10_000, 'the cuts to be felt');
    await until(() => storedOf(sent.flat()) === 3000, 10_000, 'all to be stored');
});

const ready = async () => (await server.edge.request('GET', '/readyz')).body;

test('a database that lets nobody in: events are spooled, then stored', async () => {
    const name = server.database;
    server.env.METE_SPOOL_AFTER_MS = '300';
    await server.restart();
    server.cluster.psql('postgres', `alter database ${name} with allow_connections false`);
    server.cluster.psql('postgres', `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    await until(async () => (await ready()).degraded.includes('database_away'), 5_000, 'the edge to notice');
    const events = views(3);
    assert.deepEqual(await send(events), { accepted: 3, duplicate: 0, rejected: [] });
    assert.deepEqual(await send([]), { accepted: 0, duplicate: 0, rejected: [] });
    const reply = await send([{ name: 'no visitor' }]);
    assert.equal(reply.rejected[0].pointer, '/events/0/visitor_id', 'what is wrong is told as ever');
    const degraded = await until(
        async () => {
            const state = await ready();
            return state.degraded.includes('spool_not_empty') && state;
        },
        5_000,
        'the edge that has them',
    );
    const { status, can_decide, can_store } = degraded;
    assert.deepEqual([status, can_decide, can_store], ['degraded', true, true]);
    assert.equal((await server.decide({ visitor_id: 'v' })).status, 200);
    server.cluster.psql('postgres', `alter database ${name} with allow_connections true`);
    await until(() => storedOf(events) === 3, 10_000, 'the events to be stored');
    await until(
        () => readdirSync(server.stateFolder).every((file) => !file.startsWith('spool')),
        5_000,
        'the spool to be gone',
    );
});

test('rights that are taken away: spooled, not rejected', async () => {
    server.psql('revoke insert on visitor_event from mete_runtime');
    const event = view();
    assert.equal((await send([event])).accepted, 1);
    assert.equal(storedOf([event]), 0);
    server.psql('grant insert on visitor_event to mete_runtime');
    await until(() => storedOf([event]) === 1, 10_000, 'the event to be stored');
});

test('SIGTERM with many requests in work: all are answered, what was accepted is stored', async () => {
    server.env.METE_SPOOL_AFTER_MS = '60000';
    await server.restart();
    const received = async () => total(await scrape(server), 'mete_events_received_total');
    const before = await received();
    const release = await holdTable(server, 'visitor_event');
    const asked = Array.from({ length: 10 }, () => {
        const events = views(50);
        return { events, reply: server.events({ events }) };
    });
    await until(() => server.isWaitedFor('visitor_event'), 10_000, 'a batch to wait');
    await until(async () => (await received()) === before + 500, 10_000, 'all requests to be read');
    const idle = await clientOfEach(server);
    server.process.kill('SIGTERM');
    await Promise.all(idle.map(({ closed }) => closed));
    await release();
    for (const { events, reply } of asked) {
        const { status, body, headers } = await reply;
        assert.deepEqual([status, body.accepted], [202, 50]);
        assert.equal(headers.connection, 'close');
        assert.equal(storedOf(events), 50);
    }
    assert.equal(await server.exited, 0);
});
