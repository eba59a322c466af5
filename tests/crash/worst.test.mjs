// SPDX-License-Identifier: GPL-3.0-or-later
// While clients do the worst they know, one after the other and all together, who signs in, pulls the panic switch or
// asks for a decision is answered, what was sent is stored, and no process ends. How much later that is than in quiet,
// tools/bench hostile measures.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../http/lib/harness.mjs';
import { holdTable } from '../http/lib/hold.mjs';
import { pageView } from './oracle.mjs';
import { asks, attack, fill, KINDS, makePerson } from './worst.mjs';

const TURNS = 3;

let server, person, pids;
before(async () => {
    server = await startServer({ edges: 2, login_attempts_per_minute: 0, idle_timeout_ms: 600_000 });
    await fill(server);
    person = await makePerson(server);
    pids = server.pids();
});
after(() => server?.stop());

async function answered(what) {
    for (let turn = 0; turn < TURNS; turn += 1) {
        for (const [name, ask] of Object.entries(asks(server, person))) {
            const { status, text } = await ask();
            assert.ok(status < 300, `${name} beside ${what}: ${status} ${text}`);
        }
        const { status, body, text } = await server.events({ events: [pageView(turn)] });
        assert.equal(status, 202, `an event beside ${what}: ${text}`);
        assert.equal(body.accepted, 1);
    }
    assert.deepEqual(server.pids(), pids, 'nobody died');
}

const HELD = 'event_hour';

for (const kind of KINDS)
    test(`beside one (${kind}) everybody in a hurry is answered`, async () => {
        const release = kind === 'waiting' ? await holdTable(server, HELD, true) : async () => {};
        const stop = await attack(server, kind);
        try {
            if (kind === 'waiting') await until(() => server.isWaitedFor(HELD), 10_000, 'somebody to wait');
            await answered(kind);
        } finally {
            await stop();
            await release();
        }
    });

test('beside all of them at once everybody in a hurry is answered', async () => {
    const release = await holdTable(server, HELD, true);
    const stops = [];
    try {
        for (const kind of KINDS) stops.push(await attack(server, kind));
        await answered('all of them');
    } finally {
        for (const stop of stops) await stop();
        await release();
    }
});
