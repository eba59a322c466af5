// SPDX-License-Identifier: GPL-3.0-or-later
// What the database refuses is kept for people to look at, but not without end.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until, uuidv7 } from './harness.mjs';

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
    assert.match(items[0].reason, /no_culprit/);
    assert.equal(JSON.parse(items[0].event).name, 'culprit');
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
    assert.deepEqual(counts(), [{ environment_id: 1, count: 10_000 }, { environment_id: 2, count: 1 }]);
});
