// SPDX-License-Identifier: GPL-3.0-or-later
// Acknowledged events, by requests of one event and of fifty, against what the same PostgreSQL stores of the
// same rows without a server before it: COPY into a table without an index, INSERT of a thousand rows a
// statement into a table of the same shape, and one INSERT a commit. All are durable (fsync on). Once with
// empty partitions, once with partitions that hold rows already: only then are random keys dear.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OwnedCluster } from '../../../tests/http/lib/cluster.mjs';
import { startServer } from '../../../tests/http/lib/harness.mjs';
import { sourceRoot } from '../../../tests/http/lib/paths.mjs';
import { inTurn, median, options, printTable, ratio, whole, writeJson, wrk } from './rounds.mjs';
import { machine } from './usage.mjs';

const REQUESTS = [1, 50];
const CONNECTIONS = [1, 8, 64];
const ROWS_COPIED = 200_000;
const ROWS_A_STATEMENT = 1000;
const STATEMENTS = 60;
const TYPES = 'int[], text[], uuid[], date[], int[], text[], timestamptz[], jsonb[], int[], int, bigint';
const COLUMNS = 'slice, visitor_id, event_id, day, environment_id, name, ts, properties, marks, writer, seq';
const chosen = options('ingest', { rounds: '2', seconds: '1', rows: '1000000' });
const today = new Date().toISOString().slice(0, 10);

const hex = (digits) => `substr(md5(random()::text), 1, ${digits})`;
const eventId = `(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' || ${hex(3)} || '8' || ${hex(15)})::uuid`;
const properties = `jsonb_build_object('page', '/p/' || (random() * 500)::int, 'referrer', 'search')`;

/* Rows like those of ingest.lua, in the order of COLUMNS, of writer 0 which no edge is. */
const rowsLike = (
    count,
) => `select slice_of(v), v, ${eventId}, date '${today}', 1, 'page_view', now(), ${properties}, 0, 0, i
    from (select i, 'visitor-' || (random() * 99999)::int + 1 as v from generate_series(1, ${count}) i) r`;

/* The statement the edges prepare, as it stands in sql/queries. */
function insertStatement() {
    const text = readFileSync(join(sourceRoot, 'sql/queries/event/visitor_event.sql'), 'utf8');
    return /-- name: event_insert\n([^;]*;)/.exec(text)[1];
}

async function mustEnd(child) {
    const [status] = await once(child, 'close');
    if (status !== 0) throw new Error(`psql left with ${status}`);
}

const seconds = async (run) => {
    const begun = process.hrtime.bigint();
    await run();
    return Number(process.hrtime.bigint() - begun) / 1e9;
};

class Twin {
    constructor(server) {
        this.server = server;
        this.psql = server.cluster.psqlCommand(server.database);
        this.rows = join(server.stateFolder, 'rows');
        this.script = join(server.stateFolder, 'twin.sql');
    }

    /* One more schema with a table of the server's shape, and one without any index. */
    async make() {
        this.server.psql(`create schema twin;
            create table twin.visitor_event (like public.visitor_event including all) partition by range (day);
            create table twin.today partition of twin.visitor_event
                for values from ('${today}') to (date '${today}' + 1);
            create table twin.plain (like public.visitor_event including defaults);`);
        await this.#run(
            ['-c', `copy (${rowsLike(ROWS_COPIED)}) to stdout`],
            ['ignore', openSync(this.rows, 'w'), 'inherit'],
        );
    }

    async #run(args, stdio = ['ignore', 'ignore', 'inherit']) {
        await mustEnd(spawn(this.psql[0], [...this.psql.slice(1), ...args], { stdio }));
    }

    /* Puts 'count' rows into a table, by COPY from one psql to another. */
    async fill(table, count) {
        const [program, ...args] = this.psql;
        const from = spawn(program, [...args, '-c', `copy (${rowsLike(count)}) to stdout`], {
            stdio: ['ignore', 'pipe', 'inherit'],
        });
        const to = spawn(program, [...args, '-c', `copy ${table} (${COLUMNS}) from stdin`], {
            stdio: ['pipe', 'ignore', 'inherit'],
        });
        from.stdout.pipe(to.stdin);
        await Promise.all([mustEnd(from), mustEnd(to)]);
    }

    async copy() {
        this.server.psql('truncate twin.plain');
        const taken = await seconds(() => this.#run(['-c', `\\copy twin.plain (${COLUMNS}) from '${this.rows}'`]));
        return { rate: ROWS_COPIED / taken };
    }

    /* Arrays written beforehand, so that psql only reads and sends. */
    async batches() {
        const arrays = `(select format('execute ins(%L, %L, %L, %L, %L, %L, %L, %L, %L, 1, %s);',
            array_agg(a), array_agg(b), array_agg(c),
            array_agg(d), array_agg(e), array_agg(f), array_agg(g), array_agg(h), array_agg(i), max(k))
            from (${rowsLike(STATEMENTS * ROWS_A_STATEMENT)})
            r (a, b, c, d, e, f, g, h, i, j, k) group by k / ${ROWS_A_STATEMENT + 1})`;
        const statements = this.server.psql(arrays);
        writeFileSync(
            this.script,
            `set search_path = twin, public;\nprepare ins(${TYPES}) as ${insertStatement()}\n${statements}\n`,
        );
        const taken = await seconds(() => this.#run(['-o', '/dev/null', '-f', this.script]));
        return { rate: (STATEMENTS * ROWS_A_STATEMENT) / taken };
    }

    /* Sessions that commit row by row. */
    async single(sessions) {
        writeFileSync(
            this.script,
            `insert into twin.visitor_event (${COLUMNS}) ${rowsLike(1)} on conflict do nothing;\n`,
        );
        const { stdout } = await promisify(execFile)(join(dirname(this.psql[0]), 'pgbench'), [
            '-n',
            '-M',
            'prepared',
            '-c',
            String(sessions),
            '-j',
            String(Math.min(2, sessions)),
            '-T',
            String(chosen.seconds),
            '-f',
            this.script,
            this.server.cluster.url('mete_owner', this.server.database),
        ]);
        return { rate: Number(/^tps = ([0-9.]+)/m.exec(stdout)[1]) };
    }
}

async function runMete(server) {
    const cells = [];
    for (const events of REQUESTS) {
        for (const connections of CONNECTIONS) {
            const figures = await wrk(server.edgeUrl, 'ingest.lua', {
                seconds: chosen.seconds,
                connections,
                args: [server.clientKey, String(events)],
            });
            const acked = (figures.requests - figures.not_2xx) * events;
            cells.push({ events, connections, ...figures, acked, rate: acked / figures.seconds });
        }
    }
    return cells;
}

/* Every acknowledged event stands in the table; the requests wrk did not wait for may stand there too. */
async function runChecked(server) {
    const stored = () => Number(server.psql('select count(*) from visitor_event where writer > 0'));
    const before = stored();
    const cells = await runMete(server);
    const acked = cells.reduce((sum, cell) => sum + cell.acked, 0);
    const rows = stored() - before;
    if (rows < acked) throw new Error(`${acked} events acknowledged, ${rows} stored`);
    return cells;
}

async function measure(server, twin, held) {
    const empty = () => held === 0 && server.psql('truncate visitor_event, twin.visitor_event');
    const rounds = await inTurn(
        {
            mete: () => (empty(), runChecked(server)),
            batches: () => (empty(), twin.batches()),
            single: () => (empty(), twin.single(1)),
            singles: () => (empty(), twin.single(Math.max(...CONNECTIONS))),
            copy: () => twin.copy(),
        },
        chosen.rounds,
    );
    const cells = rounds[0].mete.map((first, i) => {
        const of = (pick) => median(rounds.map((round) => pick(round.mete[i], round)));
        return {
            held,
            events: first.events,
            connections: first.connections,
            rate: of((m) => m.rate),
            p50_us: of((m) => m.p50_us),
            p99_us: of((m) => m.p99_us),
            failed: rounds.reduce((sum, { mete }) => sum + mete[i].errors + mete[i].not_2xx, 0),
            of_copy: of((m, r) => m.rate / r.copy.rate),
            of_batches: of((m, r) => m.rate / r.batches.rate),
            of_single: of((m, r) => m.rate / r.single.rate),
            of_singles: of((m, r) => m.rate / r.singles.rate),
        };
    });
    const peers = Object.fromEntries(
        ['copy', 'batches', 'single', 'singles'].map((side) => [side, median(rounds.map((r) => r[side].rate))]),
    );
    return { held, cells, peers, rounds };
}

const cluster = await OwnedCluster.start({ isDurable: true, parent: '/var/tmp' });
const server = await startServer({ edges: 1, log_level: 'warn' }, cluster);
/* The fold would work beside whoever comes next; 'tools/bench results' measures it beside ingest. */
process.kill(server.pids().worker, 'SIGSTOP');
const twin = new Twin(server);
await twin.make();
const states = [await measure(server, twin, 0)];
const held = Number(chosen.rows);
if (held > 0) {
    server.psql('truncate visitor_event, twin.visitor_event');
    await twin.fill('visitor_event', held);
    await twin.fill('twin.visitor_event', held);
    server.psql('vacuum analyze visitor_event, twin.visitor_event; checkpoint');
    states.push(await measure(server, twin, held));
}
process.kill(server.pids().worker, 'SIGCONT');
await server.stop();
rmSync(twin.rows, { force: true });
await cluster.stop();

console.log('ingest: acknowledged events, fsync on; medians of the rounds, ratios within each\n');
printTable(
    [
        'rows held',
        'a request',
        'connections',
        'acked events/s',
        'p50 ms',
        'p99 ms',
        'failed',
        'of COPY',
        'of INSERT',
        'of 1 session',
        'of 64',
    ],
    states
        .flatMap(({ cells }) => cells)
        .map((c) => [
            whole(c.held),
            c.events,
            c.connections,
            whole(c.rate),
            (c.p50_us / 1000).toFixed(1),
            (c.p99_us / 1000).toFixed(1),
            c.failed,
            ratio(c.of_copy),
            ratio(c.of_batches),
            ratio(c.of_single),
            ratio(c.of_singles),
        ]),
);
console.log(
    '\nCOPY into a table without index, INSERT of 1,000 rows a statement, ' +
        '1 and 64 sessions that commit each row, events/s:',
);
printTable(
    ['rows held', 'COPY', 'INSERT', '1 session', '64'],
    states.map(({ held: rows, peers: p }) => [
        whole(rows),
        whole(p.copy),
        whole(p.batches),
        whole(p.single),
        whole(p.singles),
    ]),
);
writeJson(chosen.json, { bench: 'ingest', machine: machine(), states });
