// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel may do but hardly ever does (inject.c): calls that are interrupted, sockets that take
// or give less, and memory that is not there. Nobody waits for ever, and 202 stays the truth.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { deadline, startServer, until } from '../http/lib/harness.mjs';
import { ALL_IS_WELL, Oracle } from './oracle.mjs';
import { times } from './world.mjs';

const LIBRARY = resolve(process.env.METE_BUILD_DIR ?? 'build', 'tests/crash/libinject.so');
/* A sanitizer or valgrind has an allocator of its own. */
const options = { skip: process.env.METE_WRAP || process.env.METE_PATIENCE ? 'not beside another allocator' : false };
const FILES = times(
    ['events/events', 'decide/decide'],
    [
        'events/events',
        'decide/decide',
        'events/ingest',
        'admin/admin',
        'tools/tour',
        'wire/smuggling',
        'wire/bad_requests',
        'fold/fold_rules',
    ],
);

const injected = (what) => ({ LD_PRELOAD: LIBRARY, ...what });

test('there is a library', options, () => assert.ok(existsSync(LIBRARY), LIBRARY));

for (const name of FILES) {
    test(`${name}, with sockets that do less than they could`, options, async () => {
        const file = join(
            import.meta.dirname ?? new URL('.', import.meta.url).pathname,
            '..',
            'http',
            `${name}.test.mjs`,
        );
        const env = { ...process.env, ...injected({ METE_INJECT_SOCKETS: '20' }) };
        delete env.NODE_TEST_CONTEXT;
        const child = spawn(process.execPath, ['--test', file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
        let said = '';
        for (const stream of [child.stdout, child.stderr])
            stream.setEncoding('utf8').on('data', (text) => (said += text));
        const timer = setTimeout(() => child.kill('SIGKILL'), deadline(240_000));
        const status = await new Promise((done) => child.on('exit', done));
        clearTimeout(timer);
        assert.equal(status, 0, said.slice(-8_000));
    });
}

test('allocations that fail: the edge ends, another begins, nothing owed is missing', options, async (t) => {
    const server = await startServer({ edges: 2 });
    Object.assign(server.env, injected({ METE_INJECT_ALLOC: '60000', METE_INJECT_SOCKETS: '50' }));
    await server.restart();
    const oracle = new Oracle(server);
    const ends = () => server.log.split('out of memory').length - 1;
    const wanted = times(6, 100);
    let isOver = false;
    const load = oracle.run(8, () => isOver);
    const isEnough = () => ends() >= wanted && oracle.owed.size > 1_000;
    await until(isEnough, times(60_000, 600_000), `${wanted} edges to run out of memory`).finally(
        () => (isOver = true),
    );
    await load;
    delete server.env.LD_PRELOAD;
    await server.restart();
    t.diagnostic(`${ends()} times out of memory, ${oracle.owed.size} owed, ${oracle.unanswered} requests unanswered`);
    assert.deepEqual(oracle.verdict(), ALL_IS_WELL);
    await server.stop();
});
