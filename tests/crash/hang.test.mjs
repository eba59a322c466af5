// SPDX-License-Identifier: GPL-3.0-or-later
// A process that stands still, its sockets and its locks in its hands, is replaced, whichever it is; nothing that was
// acknowledged is lost, and nobody else is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { childrenOf, startServer, until, uuidv7 } from '../http/lib/harness.mjs';
import { scrape, total } from '../http/lib/metrics_text.mjs';
import { ALL_IS_WELL, Oracle } from './oracle.mjs';

const CHILDREN = ['desk', 'edge-0', 'edge-1', 'sender', 'worker'];

const tryTo = (fn) => {
    try {
        fn();
    } catch {
        /* it has gone */
    }
};

let server;
/* Each test begins with all of them at work. */
let first;
before(async () => (server = await startServer({ edges: 2, hang_timeout_ms: 2000 })));
after(() => {
    for (const pid of Object.values(first ?? {})) tryTo(() => process.kill(pid, 'SIGCONT'));
    return server?.stop();
});

const children = () => Object.fromEntries(childrenOf(server.process.pid).map(({ pid, title }) => [title, pid]));
const all = () => until(() => CHILDREN.every((name) => children()[name]) && children(), 20_000, 'all processes');
const said = (name) =>
    server.logLines().filter(({ message }) => message.startsWith(`${name} has done nothing for 2000 ms`)).length;

for (const name of CHILDREN)
    test(`${name} stands still under load: another takes its place, and nothing is lost`, async () => {
        first = await all();
        const oracle = new Oracle(server);
        let isOver = false;
        let now;
        const load = oracle.run(4, () => isOver);
        try {
            await until(() => oracle.owed.size > 200, 20_000, 'events to flow');
            process.kill(first[name], 'SIGSTOP');
            await until(() => said(name) === 1, 60_000, `word of ${name}`);
            now = await until(
                async () => {
                    const found = await all();
                    return found[name] !== first[name] && found;
                },
                20_000,
                'another',
            );
            const had = oracle.owed.size;
            await until(() => oracle.owed.size > had + 200, 60_000, 'events to flow again');
        } finally {
            isOver = true;
            tryTo(() => process.kill(first[name], 'SIGCONT'));
            await load;
        }
        await server.untilReady();
        assert.deepEqual({ ...now, [name]: 0 }, { ...first, [name]: 0 }, 'the others live on');
        const verdict = oracle.verdict();
        assert.deepEqual({ ...verdict, unknown: [] }, { ...ALL_IS_WELL, unknown: [] });
        const isBack = async () => total(await scrape(server), 'mete_restarts_total', { process: name }) === 1;
        await until(isBack, 20_000, `one restart of ${name}`);
    });

test('a worker that stood still in a step holds no lock: what came since is folded', async () => {
    first = await all();
    const event = { event_id: uuidv7(), visitor_id: 'v', name: 'page_view' };
    process.kill(first.worker, 'SIGSTOP');
    assert.equal((await server.events(event)).status, 202);
    await until(() => server.psql('select fold_backlog(1000)') === '0', 60_000, 'the fold by another worker');
    assert.notEqual((await all()).worker, first.worker);
});
