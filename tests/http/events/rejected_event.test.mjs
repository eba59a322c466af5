// SPDX-License-Identifier: GPL-3.0-or-later
// What is refused is kept for people to look at: a sample, and not without end.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const counts = () =>
    server.rows('select environment_id, count(*)::int as count from rejected_event group by 1 order by 1');

test('the culprit of a batch is kept with the reason, the others are stored', async () => {
    server.psql("alter table visitor_event add constraint no_culprit check (name <> 'culprit')");
    const names = ['fine', 'culprit', 'fine'];
    const events = names.map((name, i) => ({ event_id: uuidv7(), visitor_id: `v${i}`, name }));
    const { body } = await server.events({ events });
    assert.equal(body.accepted, 2);
    assert.equal(body.rejected[0].pointer, '/events/1');
    assert.doesNotMatch(body.rejected[0].detail, /no_culprit/);
    const { items } = (await server.api('GET', '/rejected-events')).body;
    assert.deepEqual([items[0].reason, items[0].name, items[0].visitor_id], ['refused', 'culprit', 'v1']);
    assert.match(items[0].detail, /no_culprit/);
    assert.equal(JSON.parse(items[0].event).name, 'culprit');
});

const keptOf = (like) => Number(server.psql(`select count(*) from rejected_event where detail like '${like}'`));
/* Three of one reason and sixty in all a minute, and what comes to it meanwhile. */
const most = (atOnce, since) => atOnce * (2 + Math.ceil((Date.now() - since) / 60_000));

test('what rules refuse is kept with its place: a few of each reason, however many come', async () => {
    const since = Date.now();
    const ofNobody = () => ({
        event_id: uuidv7(),
        visitor_id: 'undefined',
        name: 'page_view',
        properties: { text: 'ä'.repeat(20_000) },
    });
    for (let i = 0; i < 20; i += 1) {
        const { body } = await server.events(Array.from({ length: 5 }, ofNobody));
        assert.equal(body.rejected.length, 5, 'each is told');
    }
    await until(() => keptOf('/visitor_id: "undefined"%') >= 3, 10_000, 'some of them');
    assert.ok(keptOf('/visitor_id: "undefined"%') <= most(3, since));
    const [{ bytes, detail }] =
        server.rows(`select max(octet_length(event)) as bytes, min(detail) as detail from rejected_event
        where detail like '/visitor_id%'`);
    assert.match(detail, /^\/visitor_id: "undefined" is nobody's id/);
    assert.ok(bytes > 1000 && bytes < 1100, `${bytes} bytes of 40,000`);
});

test('a thousand different reasons: so many of an environment as somebody can read', async () => {
    const since = Date.now();
    const before = keptOf('%');
    for (let i = 0; i < 1000; i += 500) {
        const events = Array.from({ length: 500 }, (_, k) => ({
            event_id: uuidv7(),
            visitor_id: 'v',
            name: 'exposure',
            properties: { campaign: `none-${i + k}`, variant: 'a' },
        }));
        assert.equal((await server.events(events)).body.rejected.length, 500);
    }
    await until(() => keptOf('%') > before + 20, 10_000, 'some of them');
    await server.events({ name: 'one more' });
    assert.ok(keptOf('%') - before <= most(60, since), `${keptOf('%') - before} of 1,000`);
});

test('a flood of them, and old ones, are forgotten, but none of another environment', async () => {
    server.psql(`insert into rejected_event (environment_id, reason, event)
                 select 1, 'flood', '{}' from generate_series(1, 10020);
                 insert into rejected_event (environment_id, reason, event) values (2, 'other', '{}');
                 insert into rejected_event (environment_id, reason, event, received_at)
                 values (2, 'old', '{}', now() - interval '31 days')`);
    await server.restart();
    const isTrimmed = () => counts().every(({ count }, i) => count === [10_000, 1][i]);
    await until(async () => isTrimmed(), 10_000, 'the worker to trim');
    assert.deepEqual(counts(), [
        { environment_id: 1, count: 10_000 },
        { environment_id: 2, count: 1 },
    ]);
});
