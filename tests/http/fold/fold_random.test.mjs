// SPDX-License-Identifier: GPL-3.0-or-later
// The fold on random input: whatever order events arrive in, and whatever changes in between, its
// tables equal the model's, a rebuild makes the same ones, and the fold then has nothing to change. To every other
// seed a part of its days is long ago.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FoldBase, assertSame, eventsSql, measureSql, phaseSql, quote, stepSql, time } from '../lib/fold_base.mjs';
import { modelTables } from '../lib/fold_model.mjs';
import { FIRST_DAY, DAYS, makeEvents, makeWorld, random } from '../lib/fold_world.mjs';

const SEEDS = (process.env.METE_FOLD_SEEDS ?? '1 2 3 4 5 6 7 8').split(' ').map(Number);

const bases = [];
const dayAfter = (day, count) => new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
after(() => bases.forEach((base) => base.drop()));

const exclude = (world, at) => {
    world.excluded.add(at);
    const [environment, visitor] = at.split('|');
    return `select visitor_exclude('user:1', ${environment}, ${quote(visitor)}, 'a shop that tests itself');`;
};
const include = (world, at) => {
    world.excluded.delete(at);
    const [environment, visitor] = at.split('|');
    return `select visitor_include('user:1', ${environment}, ${quote(visitor)});`;
};

/* What happens to the campaigns, and who is taken out, while events come in. */
function changes(r, world, events) {
    const met = r.shuffle([
        ...new Set(events.filter((e) => e.name === 'exposure').map((e) => `${e.environment}|${e.visitor}`)),
    ]);
    const [early, back, late, twice] = [met.slice(0, 2), met.slice(2, 5), met.slice(5, 7), met.slice(7, 8)];
    world.excluded = new Set();
    const all = (does, list) => list.map((at) => does(world, at)).join('\n');
    const [first, second] = world.campaigns;
    const [one, two] = first.phases;
    return [
        () => all(exclude, [...early, ...back, ...twice]),
        () => {
            first.phases[0].endedAt = one.endsAt;
            return `begin; update phase set ended_at = ${time(one.endsAt)} where campaign_id = 1;
                ${phaseSql(first, two)} commit;`;
        },
        () => {
            const gone = second.metrics.shift();
            return `delete from campaign_metric where campaign_id = 2 and metric_id = ${gone.id};`;
        },
        () => {
            first.metrics.push(world.lateMetric);
            return measureSql(first, world.lateMetric);
        },
        () => all(include, [...back, ...twice]) + all(exclude, [...late, ...twice]),
    ];
}

/* Batches of three writers in any order; one in ten is sent again, by another writer. */
function arrivals(r, events) {
    const shuffled = r.shuffle(events);
    const seqs = [0, 1, 1, 1];
    const batches = [];
    while (shuffled.length > 0) {
        const batch = shuffled.splice(0, r.int(1, 60));
        const again = r.chance(0.1) ? 2 : 1;
        for (let i = 0; i < again; i++) {
            const writer = r.int(1, 3);
            batches.push(eventsSql(batch, writer, seqs[writer]));
            seqs[writer] += batch.length;
        }
    }
    return batches;
}

function script(r, world, events) {
    const batches = arrivals(r, events);
    const todo = changes(r, world, events);
    const places = todo.map((_, i) => Math.floor(batches.length * [0.2, 0.4, 0.6, 0.9, 0.95][i]));
    return batches
        .flatMap((batch, i) => {
            const folds = r.chance(0.5) ? [] : Array(r.int(1, 3)).fill(stepSql(r.int(1, 150)));
            const at = places.indexOf(i);
            if (at < 0) return [batch, ...folds];
            const small = stepSql(r.int(2, 9));
            return [batch, todo[at](), small, small, small, ...folds];
        })
        .join('\n');
}

for (const seed of SEEDS) {
    test(`fold = model = rebuild, seed ${seed}`, async () => {
        const r = random(seed);
        const base = await FoldBase.create();
        bases.push(base);
        const world = makeWorld(r);
        const start = structuredClone({ ...world, campaigns: [] });
        start.campaigns = world.campaigns.map((c) => ({
            ...c,
            phases: c.phases.filter((p) => !p.isLater),
            metrics: [...c.metrics],
        }));
        base.createWorld({ ...start, metrics: world.metrics }, FIRST_DAY, DAYS);
        if (seed % 2 === 0) base.setNearDay(dayAfter(FIRST_DAY, r.int(5, DAYS)));
        const events = makeEvents(r, world);
        base.sql(script(r, world, events));
        base.drain();
        const folded = base.tables();
        assertSame(folded, modelTables(world, events), 'the fold and the model');
        assert.ok(
            folded.exposure.length + folded.excluded.length > 80 && folded.outcome.length > 90,
            'the input tries something',
        );
        assert.ok(folded.excluded.length > 0, 'some are out');
        assert.ok(folded.outcome.filter((line) => !line.endsWith('|0|0')).length > 50, 'before exposures too');
        base.sql('select rebuild(array[1, 2, 3])');
        assertSame(base.tables(), folded, 'the rebuild and the fold');
        base.drain();
        assertSame(base.tables(), folded, 'the fold after the rebuild and before');
    });
}
