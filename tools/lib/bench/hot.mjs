// SPDX-License-Identifier: GPL-3.0-or-later
// What ten new events cost the fold where their visitor has half a million of them already, against ten of a visitor
// that has none: one step of its slice.
import { makeBase, put } from './fold_cost.mjs';
import { inTurn, median, options, printTable, ratio, whole, writeJson } from './rounds.mjs';
import { machine } from './usage.mjs';

const DAYS = 30;
const NEW = 10;
const chosen = options('hot', { events: '500000' });
const shown = (visitor) => `select '${visitor}', 'exposure', '{"campaign": "c", "phase": 1, "variant": "a"}'::jsonb`;
const bought = (visitor) =>
    `select '${visitor}', 'purchase', jsonb_build_object('value', 1, 'transaction_id', l.seq + i)`;

const base = await makeBase(DAYS);
put(base, 1, shown('hot'));
put(base, Number(chosen.events), bought('hot'));
while (base.sql("select is_more from slice_step(slice_of('hot'), 50000)") === 't');
base.cluster.psql(base.name, 'vacuum analyze visitor_event');

/* Milliseconds of a step in the visitor's slice, after what it did. */
function step(visitor) {
    put(base, NEW, bought(visitor));
    const [, took] = base
        .sql(
            `select extract(epoch from clock_timestamp()) as begun \\gset
             select row_count from slice_step(slice_of('${visitor}'), 10000);
             select (extract(epoch from clock_timestamp()) - :begun) * 1000;`,
        )
        .split('\n');
    return Number(took);
}

let count = 0;
function fresh() {
    count += 1;
    put(base, 1, shown(`fresh-${count}`));
    base.drain();
    return step(`fresh-${count}`);
}
const rounds = await inTurn({ fresh, hot: () => step('hot') }, chosen.rounds);
base.drop();

printTable(
    ['ten new events on', 'ms'],
    [
        ['a fresh visitor', ratio(median(rounds.map((r) => r.fresh)))],
        [`one of ${whole(Number(chosen.events))} events`, ratio(median(rounds.map((r) => r.hot)))],
        ['ratio', ratio(median(rounds.map((r) => r.hot / r.fresh)))],
    ],
);
writeJson(chosen.json, { bench: 'hot', machine: machine(), chosen, rounds });
