// SPDX-License-Identifier: GPL-3.0-or-later
// Stay or reshuffle: a new phase of a running campaign keeps the seed of the one before, and then nobody moves whom
// weights and coverage do not move, or it has a new one. What that comes to is told before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

const VISITORS = Array.from({ length: 300 }, (_, i) => `v${i}`);

let server;
before(async () => (server = await startServer()));
after(async () => server?.stop());

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const arms = (weights, text = 'Hi') =>
    Object.entries(weights).map(([key, weight], i) => ({
        key,
        weight,
        is_control: i === 0,
        changes: i === 0 ? [] : [{ type: 'text', selector: 'h1', value: text }],
    }));

async function start(key, weights, more = {}) {
    await ok('POST', '/campaigns', {
        key,
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
        variants: arms(weights),
        ...more,
    });
    return ok('POST', `/campaigns/${key}/start`);
}

const seeds = ({ phases }) => phases.map(({ seed }) => seed);

/* Who has which variant of a campaign, once edges serve its newest phase. */
async function allotted(key, phase) {
    const ask = async (visitor_id) =>
        (await server.edge.request('POST', '/v1/decide', { visitor_id, attributes: {} })).body.decisions.find(
            ({ campaign }) => campaign === key,
        );
    await until(async () => (await ask('v0'))?.phase === phase, 10_000, `phase ${phase} of ${key} at the edge`);
    const rows = [];
    for (const visitor of VISITORS) rows.push((await ask(visitor)).variant);
    return rows;
}

test('a corrected text: with the same seed nobody moves, with a new one many do', async () => {
    const started = await start('typo', { a: 0.5, b: 0.5 });
    const first = await allotted('typo', 1);
    const kept = await ok('PATCH', '/campaigns/typo?seed=keep', { variants: arms({ a: 0.5, b: 0.5 }, 'Hello') });
    assert.deepEqual([kept.phase, seeds(kept)], [2, [...seeds(started), ...seeds(started)]]);
    assert.deepEqual(await allotted('typo', 2), first);
    const fresh = await ok('PATCH', '/campaigns/typo?seed=new', { variants: arms({ a: 0.5, b: 0.5 }, 'Salut') });
    assert.equal(new Set(seeds(fresh)).size, 2);
    // each of 300 stays with a chance of a half: none of them moves once in 2^300 runs
    assert.notDeepEqual(await allotted('typo', 3), first);
    const silent = await ok('PATCH', '/campaigns/typo', { variants: arms({ a: 0.5, b: 0.5 }, 'Ciao') });
    assert.equal(new Set(seeds(silent)).size, 3, 'new, where nothing is said');
});

test('the share of visitors who get something else is told before, and comes true', async () => {
    const even = { a: 0.5, b: 0.5 };
    // prettier-ignore
    const rows = [
        // weights and coverage before, after, moved with the same seed, with a new one
        [even, 1, even, 1, 0, 0.5],
        [even, 0.5, even, 0.5, 0, 0.75],
        [even, 0.5, even, 1, 0, 0.5],
        [even, 1, even, 0.5, 0.5, 0.75],
        [even, 1, { a: 0.9, b: 0.1 }, 1, 0.4, 0.5],
        [{ a: 0.9, b: 0.1 }, 1, even, 1, 0.4, 0.5],
        [even, 1, { a: 0.4, b: 0.3, c: 0.3 }, 1, 0.4, 0.65],
        [{ a: 0.4, b: 0.3, c: 0.3 }, 1, even, 1, 0.4, 0.65],
        [even, 1, { a: 0.5, c: 0.5 }, 1, 0.5, 0.75],
        [{ a: 0.25, b: 0.75 }, 1, { b: 0.75, a: 0.25 }, 1, 0.5, 0.375],
    ];
    for (const [index, [was, coverage, is, later, kept, fresh]] of rows.entries()) {
        const key = `moved${index}`;
        await start(key, was, { coverage });
        const before = await allotted(key, 1);
        const patch = { coverage: later, variants: arms(is, 'Other') };
        const dry = async (seed) => (await ok('PATCH', `/campaigns/${key}?dry_run=true&seed=${seed}`, patch)).moved;
        const said = [await dry('keep'), await dry('new')];
        assert.ok(Math.abs(said[0] - kept) < 1e-9 && Math.abs(said[1] - fresh) < 1e-9, `${index}: ${said}`);
        await ok('PATCH', `/campaigns/${key}?seed=keep`, patch);
        const now = await allotted(key, 2);
        const taken = VISITORS.map((_, i) => i).filter((i) => before[i] !== null);
        const moved = taken.filter((i) => before[i] !== now[i]).length / taken.length;
        // at least some 100 visitors: a share is off by 0.3 once in 1e8 runs
        assert.ok(kept === 0 ? moved === 0 : Math.abs(moved - kept) < 0.3, `${index}: ${moved} moved, not ${kept}`);
        await ok('POST', `/campaigns/${key}/stop`);
    }
});

test('without a new phase there is nothing to choose; other words are refused', async () => {
    const started = await start('calm', { a: 0.5, b: 0.5 });
    const dry = await ok('PATCH', '/campaigns/calm?dry_run=true&seed=keep', { name: 'Calm' });
    assert.deepEqual([dry.opens_phase, dry.moved], [false, null]);
    assert.deepEqual(seeds(await ok('PATCH', '/campaigns/calm?seed=new', { name: 'Calm' })), seeds(started));
    for (const seed of ['', 'old', 'KEEP', '1']) {
        const reply = await server.api('PATCH', `/campaigns/calm?seed=${seed}`, { name: 'x' });
        assert.deepEqual([reply.status, /seed must be/.test(reply.text)], [400, true], `${seed}: ${reply.text}`);
    }
});
