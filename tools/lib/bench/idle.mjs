// SPDX-License-Identifier: GPL-3.0-or-later
// What a fold without work costs where there are three years of daily partitions, against thirty days of them: the
// question where there is something to do, and a step of every slice.
import { costMs, makeBase, put } from './fold_cost.mjs';
import { inTurn, median, options, printTable, ratio, writeJson } from './rounds.mjs';
import { machine } from './usage.mjs';

const DAYS = { few: 30, many: 1095 };
const TIMES = 30;
const STATEMENTS = {
    'what is due': 'select count(*) from fold_due();',
    'steps of all slices': 'select count(*) from slice cross join lateral slice_step(number, 10000);',
};
const chosen = options('idle');

const bases = {};
for (const [side, days] of Object.entries(DAYS)) {
    bases[side] = await makeBase(days);
    put(bases[side], 1000, `select 'v' || i, 'exposure', '{"campaign": "c", "phase": 1, "variant": "a"}'::jsonb`);
    bases[side].drain();
}
const cost = (base) =>
    Object.fromEntries(Object.entries(STATEMENTS).map(([name, sql]) => [name, costMs(base, sql, TIMES)]));
const rounds = await inTurn({ few: async () => cost(bases.few), many: async () => cost(bases.many) }, chosen.rounds);
for (const base of Object.values(bases)) base.drop();

printTable(
    ['idle', `ms at ${DAYS.few} days`, `ms at ${DAYS.many} days`, 'ratio'],
    Object.keys(STATEMENTS).map((name) => [
        name,
        ratio(median(rounds.map(({ few }) => few[name]))),
        ratio(median(rounds.map(({ many }) => many[name]))),
        ratio(median(rounds.map(({ few, many }) => many[name] / few[name]))),
    ]),
);
writeJson(chosen.json, { bench: 'idle', machine: machine(), chosen, rounds });
