// SPDX-License-Identifier: GPL-3.0-or-later
// The fold takes events, outcomes, sums and its cursors in one transaction: a worker that dies in the
// middle changes nothing, and what comes out at the end is what a rebuild from the events makes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer, until, uuidv7 } from '../http/lib/harness.mjs';
import { holdTable } from '../http/lib/hold.mjs';
import { Oracle } from './oracle.mjs';

const KILLS = 10;
const VISITORS = 150;
const TABLES = ['exposure', 'outcome', 'cohort', 'moment'];

let server;
before(async () => {
    server = await startServer();
    const variant = (key, is_control) => ({ key, weight: 0.5, is_control });
    const made = await server.api('POST', '/campaigns', {
        key: 'fold',
        name: 'Fold',
        kind: 'experiment',
        variants: [variant('a', true), variant('b', false)],
        metrics: [
            { key: 'conversion_rate', role: 'primary' },
            { key: 'average_order_value', role: 'secondary' },
            { key: 'revenue_per_visitor', role: 'secondary' },
        ],
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/fold/start', {})).status, 200);
});
after(() => server?.stop());

const pick = (list) => list[Math.floor(Math.random() * list.length)];

/* Exposures, purchases, refunds and noise of a few visitors, in no order; some see both variants. */
function shopping(crowd) {
    const visitor = Math.floor(Math.random() * VISITORS);
    const order = `order-${crowd}-${visitor}-${Math.floor(Math.random() * 3)}`;
    const money = { value: Math.round(Math.random() * 10_000) / 100, currency: 'EUR', transaction_id: order };
    const variant = visitor % 40 === 0 ? pick(['a', 'b']) : ['a', 'b'][visitor % 2];
    const [name, properties] = pick([
        ['exposure', { campaign: 'fold', phase: 1, variant, device: pick(['mobile', 'desktop']) }],
        ['purchase', money],
        ['refund', money],
        ['page_view', {}],
    ]);
    const at = Date.now() - Math.floor(Math.random() * 60_000);
    return { event_id: uuidv7(at), visitor_id: `${crowd}-${visitor}`, name, properties };
}

const contents = () =>
    Object.fromEntries(
        TABLES.map((table) => [
            table,
            server.psql(`select t from ${table} t order by t::text collate "C"`).split('\n'),
        ]),
    );

async function killWorker() {
    const victim = await until(() => server.pids().worker, 20_000, 'a worker');
    process.kill(victim, 'SIGKILL');
    await until(() => server.pids().worker !== victim, 10_000, 'the killed worker to be gone');
}

const backlog = () => Number(server.psql('select fold_backlog(1000)'));

test('kill -9 of the worker under load: the fold equals a rebuild', async () => {
    const oracle = new Oracle(server, { makeEvent: () => shopping('first'), pauseMs: 100 });
    let isOver = false;
    const load = oracle.run(2, () => isOver);
    for (let i = 0; i < KILLS; i += 1) {
        await pause(Math.random() * 200);
        await killWorker();
    }
    await until(() => oracle.owed.size > 2_000, 60_000, 'enough events');
    isOver = true;
    await load;
    await until(() => backlog() === 0, 60_000, 'the fold to have read everything');

    const folded = contents();
    server.psql('select rebuild(array(select id from campaign))');
    assert.deepEqual(folded, contents());
    assert.ok(folded.exposure.length > VISITORS / 2);
    assert.ok(folded.outcome.length > VISITORS / 2);
});

test('kill -9 of the worker while its sums wait to be written', async () => {
    const before = contents();
    const release = await holdTable(server, 'moment');
    const events = Array.from({ length: 200 }, () => shopping('second'));
    assert.equal((await server.events({ events }, { key: server.secretKey })).status, 202);
    await until(() => server.isWaitedFor('moment'), 20_000, 'the fold to reach the sums');
    assert.deepEqual(contents().cohort, before.cohort, 'nothing is to be seen of a fold that is not over');
    await killWorker();
    await release();
    await until(() => backlog() === 0, 60_000, 'the fold to have read everything');

    const folded = contents();
    assert.notDeepEqual(folded.cohort, before.cohort);
    assert.notDeepEqual(folded.moment, before.moment);
    server.psql('select rebuild(array(select id from campaign))');
    assert.deepEqual(folded, contents());
});
