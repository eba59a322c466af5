// SPDX-License-Identifier: GPL-3.0-or-later
// What publishing costs: one statement that changes one of a thousand running campaigns, against one that
// changes fifty, and against one of another environment that has none.
import { startServer } from '../../../tests/http/lib/harness.mjs';
import { inTurn, median, options, printTable, ratio, spread, writeJson } from './rounds.mjs';
import { machine } from './usage.mjs';
import { addCampaigns } from './world.mjs';

const CAMPAIGNS = 1000;
const MANY = 50;
const chosen = options('publish');

const server = await startServer({ edges: 1, log_level: 'warn' });
await addCampaigns(server, 0, CAMPAIGNS);
const staging = await server.api('POST', '/environments', { key: 'staging' });
if (staging.status >= 300) throw new Error(staging.text);

/* Milliseconds from the statement to its commit, as PostgreSQL's client sees them. */
function took(statement) {
    const out = server.psql(`\\timing on\n${statement};`);
    return Number(/Time: ([\d.]+) ms/.exec(out)[1]);
}

const change = (count) =>
    `update campaign set document = jsonb_set(document, '{coverage}', to_jsonb(round(random()::numeric, 9)))
    where id in (select id from campaign where phase > 0 order by id limit ${count})`.replace(/\s+/g, ' ');
const elsewhere = `update environment set document = jsonb_set(document, '{allows_html}', to_jsonb(random() < 2))
    where key = 'staging'`.replace(/\s+/g, ' ');

const rounds = await inTurn(
    {
        one: () => took(change(1)),
        many: () => took(change(MANY)),
        elsewhere: () => took(elsewhere),
    },
    chosen.rounds,
);
const [bytes, history] = server
    .psql(
        `select (select max(length(document)) from snapshot) || ' '
    || (select coalesce(max(length(difference::text)), 0) from snapshot_history h
        where h.version = (select max(version) from snapshot_history))`,
    )
    .split(' ')
    .map(Number);
await server.stop();

const of = (side) => spread(rounds.map((round) => round[side] / round.one));
const row = (name, side) => [
    name,
    median(rounds.map((round) => round[side])).toFixed(1),
    `${ratio(of(side).median)} (${ratio(of(side).lowest)}-${ratio(of(side).highest)})`,
];
console.log(
    `publish: ${CAMPAIGNS} running campaigns, a document of ${bytes} bytes; ${chosen.rounds} rounds; ` +
        `the last difference`,
);
console.log(`kept has ${history} bytes\n`);
printTable(
    ['a statement that changes', 'ms', 'of one'],
    [
        row('one campaign', 'one'),
        row(`${MANY} campaigns`, 'many'),
        row('an environment without campaigns', 'elsewhere'),
    ],
);
writeJson(chosen.json, {
    bench: 'publish',
    machine: machine(),
    bytes,
    history,
    many: of('many'),
    elsewhere: of('elsewhere'),
    rounds,
});
