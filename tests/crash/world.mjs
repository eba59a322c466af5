// SPDX-License-Identifier: GPL-3.0-or-later
// A server with an experiment, visitors who shop in it and others who only ask, while things break. At
// the end everything that was owed is there, and the results are what a recomputation makes of it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf, deadline, startServer, until, uuidv7 } from '../http/lib/harness.mjs';
import { ALL_IS_WELL, Oracle, pageView } from './oracle.mjs';

const IS_LONG = process.env.METE_TEST_LONG === '1';
const RSS_MOST_KB = 128 * 1024;
const TABLES = ['exposure', 'outcome', 'cohort', 'moment'];

/* How often a fault comes, and for how long. */
export const times = (plain, long) => (IS_LONG ? long : plain);

const pick = (list) => list[Math.floor(Math.random() * list.length)];

export function shopping() {
    const visitor = Math.floor(Math.random() * 200);
    const variant = visitor % 40 === 0 ? pick(['a', 'b']) : ['a', 'b'][visitor % 2];
    const money = {
        value: Math.round(Math.random() * 10_000) / 100,
        currency: 'EUR',
        transaction_id: `order-${visitor}-${Math.floor(Math.random() * 4)}`,
    };
    const [name, properties] = pick([
        ['exposure', { campaign: 'fold', phase: 1, variant, device: pick(['mobile', 'desktop']) }],
        ['purchase', money],
        ['refund', money],
        ['page_view', { path: '/"é|', n: visitor }],
    ]);
    return { event_id: uuidv7(), visitor_id: `visitor-${visitor}`, name, properties };
}

async function makeCampaign(server) {
    const variant = (key, is_control) => ({ key, weight: 0.5, is_control });
    const metrics = ['conversion_rate', 'revenue_per_visitor'].map((key) => ({ key }));
    const variants = [variant('a', true), variant('b', false)];
    const made = await server.api('POST', '/campaigns', {
        key: 'fold',
        name: 'Fold',
        kind: 'experiment',
        variants,
        metrics,
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/fold/start', {})).status, 200);
}

/* Runs test(world) on a server of its own; what fails leaves no process behind. */
export async function inWorld(settings, cluster, test) {
    const server = await startServer({ edges: 2, spool_after_ms: 500, ...settings }, cluster);
    try {
        await makeCampaign(server);
        const world = new World(server);
        await test(world);
        await world.settle();
        await server.stop();
    } catch (error) {
        server.process.kill('SIGKILL');
        throw error;
    }
}

class World {
    decided = 0;
    undecided = [];
    rssKb = 0;

    constructor(server) {
        this.server = server;
        this.oracle = new Oracle(server, { makeEvent: shopping, pauseMs: 40 });
    }

    /* Load while 'fault' runs, and until some more has been taken after it. */
    async underLoad(fault, { lanes = 4 } = {}) {
        let isOver = false;
        const { owed } = this.oracle;
        const start = owed.size;
        const load = [this.oracle.run(lanes, () => isOver), this.#decide(() => isOver)];
        try {
            await until(() => owed.size > start + 200, 20_000, 'the load to flow');
            await fault();
            const end = owed.size;
            await until(() => owed.size > end + 200, 30_000, 'events to flow again');
        } finally {
            isOver = true;
            await Promise.all(load);
        }
    }

    async #decide(isOver) {
        for (let i = 0; !isOver(); i += 1) {
            const reply = await this.server
                .decide({ visitor_id: `visitor-${i % 500}` }, '', { isOnce: true })
                .catch((error) => ({ status: error.code ?? error.message }));
            if (reply.status === 200) this.decided += 1;
            else this.undecided.push(reply.status);
            this.#weigh(i);
            await pause(10);
        }
    }

    #weigh(turn) {
        if (turn % 20 > 0) return;
        for (const { pid, title } of childrenOf(this.server.process.pid)) {
            const status = title.startsWith('edge-') ? readStatus(pid) : '';
            this.rssKb = Math.max(this.rssKb, Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0));
        }
    }

    /* No decision failed, nothing was refused, and no edge grew. */
    assertUnharmed() {
        assert.deepEqual(this.undecided, []);
        assert.ok(this.decided > 0);
        assert.equal(this.oracle.refused + this.oracle.unanswered, 0, 'every event was taken at once');
        if (!process.env.METE_WRAP && process.env.METE_PATIENCE === undefined) {
            assert.ok(this.rssKb > 0 && this.rssKb < RSS_MOST_KB, `${this.rssKb} kB`);
        }
    }

    spoolFiles() {
        return readdirSync(this.server.stateFolder)
            .filter((name) => name.startsWith('spool-'))
            .sort();
    }

    untilDrained() {
        return until(() => this.spoolFiles().length === 0, 60_000, 'the spool to be drained');
    }

    #contents() {
        const { server } = this;
        const rows = (table) => server.psql(`select t from ${table} t order by t::text collate "C"`);
        return Object.fromEntries(TABLES.map((table) => [table, rows(table).split('\n')]));
    }

    /* The oracle's judgement; fold = rebuild; and a fresh event passes. */
    async settle() {
        const { server } = this;
        await this.untilDrained();
        assert.deepEqual(this.oracle.verdict(), ALL_IS_WELL);
        const isFolded = () => server.psql('select fold_backlog(1000)') === '0';
        await until(isFolded, 60_000, 'the fold to have read everything');
        const folded = this.#contents();
        await server.mete(['rebuild']);
        assert.deepEqual(folded, this.#contents());
        assert.ok(folded.exposure.length > 20 && folded.outcome.length > 4);
        assert.equal((await server.events({ events: [pageView(1)] })).body.accepted, 1, 'a fresh event passes');
    }
}

function readStatus(pid) {
    try {
        return readFileSync(`/proc/${pid}/status`, 'utf8');
    } catch {
        return '';
    }
}

/* How long 'isReady' took to be true, in ms; the bound is one for hangs. */
export async function msUntil(isReady, what) {
    const start = Date.now();
    while (!(await isReady())) {
        assert.ok(Date.now() - start < deadline(10_000), `waited 10 s for ${what}`);
        await pause(2);
    }
    return Date.now() - start;
}

export function tellMs(t, what, list) {
    const sorted = [...list].sort((a, b) => a - b);
    t.diagnostic(
        `${what}: ready again after ${sorted[0]}-${sorted.at(-1)} ms, median ${sorted[sorted.length >> 1]} ms`,
    );
}
