// SPDX-License-Identifier: GPL-3.0-or-later
// Results beside the events they stand for: how long their JSON takes for a phase of many visitors and
// after ten times the events, how fast the fold drains a burst, how far it lags under a steady load, and
// what it costs those who send. Events of the burst are put into the table as the edges put them.
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from '../../../tests/http/lib/client.mjs';
import { OwnedCluster } from '../../../tests/http/lib/cluster.mjs';
import { forgetDescription } from '../../../tests/http/lib/described.mjs';
import { headSql } from '../../../tests/http/lib/fold_base.mjs';
import { startServer, until } from '../../../tests/http/lib/harness.mjs';
import { median, options, printTable, ratio, whole, writeJson, wrk } from './rounds.mjs';
import { machine } from './usage.mjs';

const CAMPAIGNS = ['first', 'second', 'third'];
const METRICS = [
    'conversion_rate',
    'revenue_per_visitor',
    'average_order_value',
    'items_per_order',
    'add_to_basket_rate',
];
const EVENTS_A_REQUEST = 50;
const chosen = options('results', { visitors: '1000000' });
const visitors = Number(chosen.visitors);

async function must(reply) {
    const { status, text } = await reply;
    if (status >= 300) throw new Error(`${status} ${text}`);
}

async function makeCampaigns(server) {
    for (const key of CAMPAIGNS) {
        await must(
            server.api('POST', '/campaigns', {
                key,
                name: key,
                kind: 'experiment',
                variants: ['a', 'b', 'c'].map((name, i) => ({ key: name, weight: 1 / 3, is_control: i === 0 })),
                metrics: METRICS.map((name, i) => ({ key: name, role: i === 0 ? 'primary' : 'secondary' })),
            }),
        );
        await must(server.api('POST', `/campaigns/${key}/start`, {}));
    }
    const computed = 'select bool_and(is_computed) from campaign_metric';
    await until(() => server.psql(computed) === 't', 30_000, 'the fold to have gone over the new campaigns');
}

/* A batch of a writer of its own; 'columns' gives name and properties of event i. */
function put(server, count, columns) {
    server.psql(`select visitor_event_partition((now() at time zone 'UTC')::date);
        with own as (insert into writer default values returning id),
        stored as (insert into visitor_event
            (slice, visitor_id, event_id, day, environment_id, name, ts, properties, writer, seq)
        select slice_of('v' || i % ${visitors}), 'v' || i % ${visitors}, gen_random_uuid(),
               (now() at time zone 'UTC')::date, 1, c.name, now(), c.properties, own.id, i + 1
        from own, generate_series(0, ${count - 1}) i, lateral (${columns}) c (name, properties)
        returning slice, writer, seq) ${headSql('stored')}`);
}

const exposures = `select 'exposure', jsonb_build_object(
    'campaign', (array['${CAMPAIGNS.join("','")}'])[i / ${visitors} + 1],
    'phase', 1, 'variant', (array['a', 'b', 'c'])[i % 3 + 1],
    'country', (array['DE', 'FR', 'US', 'GB', 'JP'])[i % 5 + 1],
    'device', (array['mobile', 'tablet', 'desktop'])[i / 7 % 3 + 1])`;
/* One in ten is what a metric counts; visitors come in no order. */
const activity = `select case when h % 10 > 0 then 'page_view' when h % 20 = 0 then 'purchase' else 'add_to_cart' end,
    case when h % 20 = 0 then jsonb_build_object('transaction_id', 't' || i, 'value', 10 + h % 90, 'items', 1 + h % 3)
         else '{"page": "/"}' end from (select abs(hashint4(i)) as h) hashed`;

/* As the worker itself asks: without opening the days that are read. */
const isRead = 'select consumer_backlog(1, 1) = 0';
const age = `select coalesce(extract(epoch from clock_timestamp() - unread_since(1)), 0)::float8`;

/* Seconds until the fold has read all there is; the worker slept until now. */
async function drain(server) {
    const { worker } = server.pids();
    const begun = process.hrtime.bigint();
    process.kill(worker, 'SIGCONT');
    await until(() => server.psql(isRead) === 't', 3_600_000, 'the fold to read all');
    return Number(process.hrtime.bigint() - begun) / 1e9;
}

async function burst(server, count, columns) {
    process.kill(server.pids().worker, 'SIGSTOP');
    put(server, count, columns);
    const seconds = await drain(server);
    return { events: count, seconds, rate: count / seconds };
}

async function read(server, path) {
    const ms = [];
    let bytes = 0;
    for (let i = 0; i < 21; i += 1) {
        const begun = process.hrtime.bigint();
        const { status, text } = await server.api('GET', `/campaigns/first/results${path}`);
        ms.push(Number(process.hrtime.bigint() - begun) / 1e6);
        if (status !== 200) throw new Error(text);
        bytes = Buffer.byteLength(text);
    }
    return { ms: median(ms), highest_ms: Math.max(...ms), bytes };
}

async function readAll(server) {
    /* As autovacuum does by itself within a minute. */
    server.psql('analyze cohort, moment');
    const events = Number(server.psql('select count(*) from visitor_event'));
    return {
        events,
        plain: await read(server, ''),
        country: await read(server, '?dimension=country'),
        device: await read(server, '?dimension=device'),
    };
}

const ingest = (server, seconds) =>
    wrk(server.edgeUrl, 'ingest.lua', {
        seconds,
        connections: 32,
        args: [server.clientKey, String(EVENTS_A_REQUEST)],
    }).then((f) => ((f.requests - f.not_2xx) * EVENTS_A_REQUEST) / f.seconds);

function requestOf() {
    const kinds = ['purchase', 'add_to_cart', ...Array(18).fill('page_view')];
    const event = (_, i) => {
        const name = kinds[i % kinds.length];
        const properties = name === 'purchase' ? { transaction_id: uuidv7(), value: 30, items: 1 } : { page: '/' };
        return { event_id: uuidv7(), visitor_id: `v${Math.floor(Math.random() * visitors)}`, name, properties };
    };
    return { events: Array.from({ length: EVENTS_A_REQUEST }, event) };
}

/* Sends at a steady rate and looks four times a second how old the oldest event is that was not read. */
async function lagAt(server, rate, seconds) {
    const pause_ms = (1000 * EVENTS_A_REQUEST) / rate;
    const ages = [];
    const begun = Date.now();
    let sent = 0;
    const watch = (async () => {
        while (Date.now() - begun < seconds * 1000) {
            await sleep(250);
            ages.push(Number(server.psql(age)));
        }
    })();
    const replies = [];
    while (Date.now() - begun < seconds * 1000) {
        while (sent * pause_ms <= Date.now() - begun) {
            replies.push(server.events(requestOf(), { key: server.secretKey }));
            sent += 1;
        }
        await sleep(Math.max(1, pause_ms / 2));
    }
    await Promise.all([watch, ...replies]);
    return { rate: (sent * EVENTS_A_REQUEST) / seconds, median_s: median(ages), highest_s: Math.max(...ages) };
}

/* Acknowledged events a second, in turn while a backlog is folded and while the worker sleeps. */
async function ingestBesideFold(server) {
    const rounds = [];
    const { worker } = server.pids();
    for (let i = 0; i < chosen.rounds; i += 1) {
        process.kill(worker, 'SIGSTOP');
        put(server, 200_000, activity);
        const alone = await ingest(server, chosen.seconds);
        process.kill(worker, 'SIGCONT');
        rounds.push({ alone, folding: await ingest(server, chosen.seconds) });
        await drain(server);
    }
    return rounds;
}

const cluster = await OwnedCluster.start({ isDurable: true, parent: '/var/tmp' });
const server = await startServer({ edges: 1, log_level: 'warn' }, cluster);
/* What is measured is the server, not how its replies are checked. */
for (const url of [server.edgeUrl, server.deskUrl]) forgetDescription(url);
await makeCampaigns(server);
const exposed = await burst(server, CAMPAIGNS.length * visitors, exposures);
const few = await readAll(server);
const drained = await burst(server, visitors, activity);
const more = few.events * 10 - few.events - visitors;
if (more > 0) await burst(server, more, activity);
const many = await readAll(server);
const rounds = await ingestBesideFold(server);
const peak = median(rounds.map((r) => r.alone));
const lag = await lagAt(server, 0.2 * peak, 2 * chosen.seconds);
await server.stop();
await cluster.stop();

console.log(
    `results: ${whole(visitors)} visitors in each of ${CAMPAIGNS.length} campaigns, ` +
        `${METRICS.length} metrics, three variants\n`,
);
printTable(
    ['JSON', 'bytes', `ms at ${whole(few.events)} events`, `ms at ${whole(many.events)}`, 'ratio'],
    ['plain', 'country', 'device'].map((kind) => [
        kind,
        many[kind].bytes,
        few[kind].ms.toFixed(1),
        many[kind].ms.toFixed(1),
        ratio(many[kind].ms / few[kind].ms),
    ]),
);
const kept = median(rounds.map((r) => r.folding / r.alone));
console.log(
    `\nfold: ${whole(exposed.rate)} exposures/s; ${whole(drained.events)} events, ` +
        `a tenth of them counted, in ${drained.seconds.toFixed(1)} s`,
);
console.log(
    `lag at ${whole(lag.rate)} events/s, a fifth of the peak: ` +
        `median ${lag.median_s.toFixed(2)} s, highest ${lag.highest_s.toFixed(2)} s`,
);
console.log(`ingest while folding: ${ratio(kept)} of ${whole(peak)} acknowledged events/s`);
writeJson(chosen.json, { bench: 'results', machine: machine(), few, many, exposed, drained, lag, kept, rounds });
