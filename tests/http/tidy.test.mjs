// SPDX-License-Identifier: GPL-3.0-or-later
// What the worker throws away by itself.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until } from './harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/* A worker does its chores when it begins. */
async function restartWorker() {
    const { worker } = server.pids();
    process.kill(worker, 'SIGKILL');
    await until(() => server.pids().worker && server.pids().worker !== worker, 10_000, 'a new worker');
}

test('jobs that ended a month ago are forgotten, others are not', async () => {
    server.psql(`insert into job (environment_id, kind, input, actor, state, created_at, ended_at)
        select 1, 'prove', '{}', name, state, now() - age, now() - ended
        from (values ('old', 'done', interval '90 days', interval '31 days'), ('failed', 'failed', '40 days', '30 days 1 hour'),
                     ('young', 'done', '90 days', '29 days'), ('held', 'running', '90 days', null)) j (name, state, age, ended)`);
    server.psql("update job set attempts = 5 where actor = 'held'");
    await restartWorker();
    const left = () => server.rows("select actor from job where actor in ('old', 'failed', 'young', 'held') order by 1").map((j) => j.actor);
    await until(() => !left().includes('old') && !left().includes('failed'), 10_000, 'the old jobs to go');
    assert.deepEqual(left(), ['held', 'young']);
});
