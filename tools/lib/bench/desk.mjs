// SPDX-License-Identifier: GPL-3.0-or-later
// Readers of one desk beside each other: how long /livez and a list of campaigns take while nobody else
// asks, and while somebody asks for the most expensive breakdown without a pause.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { OwnedCluster } from '../../../tests/http/lib/cluster.mjs';
import { headSql } from '../../../tests/http/lib/fold_base.mjs';
import { startServer, until } from '../../../tests/http/lib/harness.mjs';
import { inTurn, median, options, printTable, ratio, writeJson } from './rounds.mjs';
import { machine } from './usage.mjs';

const METRICS = [
    'conversion_rate',
    'revenue_per_visitor',
    'average_order_value',
    'items_per_order',
    'add_to_basket_rate',
];
const VARIANTS = ['a', 'b', 'c', 'd', 'e'];
const chosen = options('desk', { visitors: '50000', countries: '240' });

async function must(reply) {
    const { status, text } = await reply;
    if (status >= 300) throw new Error(`${status} ${text}`);
}

/* Exposures of visitors of many countries, put into the table as the edges put them. */
async function fill(server) {
    await must(
        server.api('POST', '/campaigns', {
            key: 'wide',
            name: 'Wide',
            kind: 'experiment',
            variants: VARIANTS.map((key, i) => ({ key, weight: 1 / VARIANTS.length, is_control: i === 0 })),
            metrics: METRICS.map((key, i) => ({ key, role: i === 0 ? 'primary' : 'secondary' })),
        }),
    );
    await must(server.api('POST', '/campaigns/wide/start', {}));
    const columns = server.rows(
        `select column_name as name from information_schema.columns
            where table_name = 'visitor_event' and column_name = 'slice'`,
    );
    const slice = columns.length > 0 ? 'slice, ' : '';
    server.psql(`select visitor_event_partition((now() at time zone 'UTC')::date);
        with own as (insert into writer default values returning id),
        stored as (insert into visitor_event
            (${slice}visitor_id, event_id, day, environment_id, name, ts, properties, writer, seq)
        select ${slice ? "slice_of('v' || i), " : ''}'v' || i, gen_random_uuid(), (now() at time zone 'UTC')::date, 1,
               'exposure', now(),
               jsonb_build_object('campaign', 'wide', 'phase', 1,
                                  'variant', (array['${VARIANTS.join("','")}'])[i % ${VARIANTS.length} + 1],
                                  'country', chr(65 + (i / 26) % 26 % (${chosen.countries} / 26 + 1))
                                             || chr(65 + i % 26)), own.id, i + 1
        from own, generate_series(0, ${chosen.visitors - 1}) i
        returning ${slice}writer, seq) ${slice ? headSql('stored') : 'select'}`);
    const counted = async () =>
        (await server.api('GET', '/campaigns/wide/results')).body.variants.reduce((sum, { units }) => sum + units, 0);
    await until(async () => (await counted()) === Number(chosen.visitors), 600_000, 'all visitors to be counted');
}

async function timed(ask) {
    const begun = process.hrtime.bigint();
    const { status } = await ask();
    if (status !== 200) throw new Error(`status ${status}`);
    return Number(process.hrtime.bigint() - begun) / 1e6;
}

const at = (values, part) =>
    [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

/* Both readers in turn for the seconds of a round; milliseconds. */
async function read(asks) {
    const ms = Object.fromEntries(Object.keys(asks).map((name) => [name, []]));
    const end = Date.now() + chosen.seconds * 1000;
    while (Date.now() < end) for (const [name, ask] of Object.entries(asks)) ms[name].push(await timed(ask));
    return Object.fromEntries(
        Object.entries(ms).map(([name, all]) => [name, { p50: median(all), p95: at(all, 0.95) }]),
    );
}

/* Asks without a pause, in a process of its own: what this one measures is the desk, not itself. */
const ASKER = `const [url, key] = process.argv.slice(1), taken = []; let isOver = false;
process.on('message', () => { isOver = true; });
while (!isOver) {
    const begun = performance.now();
    const reply = await fetch(url, { headers: { authorization: 'Bearer ' + key } });
    if (reply.status !== 200) throw new Error('status ' + reply.status);
    await reply.arrayBuffer();
    taken.push(performance.now() - begun);
}
process.send(taken); process.disconnect();`;

async function beside(server, run) {
    const asker = spawn(
        process.execPath,
        [
            '--input-type=module',
            '-e',
            ASKER,
            `${server.deskUrl}/api/v1/campaigns/wide/results?dimension=country`,
            server.secretKey,
        ],
        { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    const answer = once(asker, 'message');
    const figures = await run();
    asker.send('over');
    const [taken] = await answer;
    return { ...figures, breakdown: { p50: median(taken), p95: at(taken, 0.95) } };
}

const cluster = await OwnedCluster.start({ parent: '/var/tmp' });
const server = await startServer({ edges: 1, log_level: 'warn' }, cluster);
await fill(server);
const get = async (path) => {
    const reply = await fetch(`${server.deskUrl}${path}`, { headers: { authorization: `Bearer ${server.secretKey}` } });
    await reply.arrayBuffer();
    return reply;
};
const asks = { livez: () => get('/livez'), campaigns: () => get('/api/v1/campaigns') };
const rounds = await inTurn({ idle: () => read(asks), busy: () => beside(server, () => read(asks)) }, chosen.rounds);
await server.stop();
await cluster.stop();

const middle = (side, name, key) => median(rounds.map((round) => round[side][name][key]));
const slower = (name, key) => median(rounds.map(({ idle, busy }) => busy[name][key] / idle[name][key]));
console.log(
    `desk: a breakdown by ${chosen.countries} countries of ${METRICS.length} metrics and ${VARIANTS.length} variants ` +
        `takes ${middle('busy', 'breakdown', 'p50').toFixed(1)} ms\n`,
);
printTable(
    ['', 'alone ms', 'beside it ms', 'ratio', 'ratio of p95'],
    Object.keys(asks).map((name) => [
        name,
        middle('idle', name, 'p50').toFixed(2),
        middle('busy', name, 'p50').toFixed(2),
        ratio(slower(name, 'p50')),
        ratio(slower(name, 'p95')),
    ]),
);
writeJson(chosen.json, { bench: 'desk', machine: machine(), chosen, rounds });
