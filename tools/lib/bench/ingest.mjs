// SPDX-License-Identifier: GPL-3.0-or-later
// Acknowledged events against psql that runs the server's own INSERT in a loop: what HTTP, JSON and
// validation cost beyond storing. Both sides write to the same durable cluster (fsync on), to tables of
// the same shape. psql runs twice: with the rows of one request a statement, and with as many rows as
// mete gathered into a commit.
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { uuidv7 } from '../../../tests/http/client.mjs';
import { OwnedCluster } from '../../../tests/http/cluster.mjs';
import { startServer } from '../../../tests/http/harness.mjs';
import { sourceRoot } from '../../../tests/http/paths.mjs';
import { inTurn, median, options, printTable, ratio, whole, writeJson, wrk } from './rounds.mjs';

const EVENTS_A_REQUEST = 50;
const CONNECTIONS = 32;
const ROWS_A_SCRIPT = 60_000;
const TYPES = 'text[], uuid[], date[], int[], text[], timestamptz[], jsonb[], int[], int, bigint';
const chosen = options('ingest');

/* The statement the edges prepare, as it stands in sql/queries. */
function insertStatement() {
    const text = readFileSync(join(sourceRoot, 'sql/queries/visitor_event.sql'), 'utf8');
    return /-- name: event_insert\n([^;]*;)/.exec(text)[1];
}

const quoted = (values) => `'{${values.map((v) => `"${v.replaceAll('"', '\\"')}"`).join(',')}}'`;

function execute(rows, seq) {
    const now = new Date();
    const column = (make) => quoted(Array.from({ length: rows }, make));
    const random = (n) => Math.floor(Math.random() * n);
    return `execute ins(${[
        column(() => `visitor-${random(100_000)}`),
        column(() => uuidv7(now.getTime())),
        column(() => now.toISOString().slice(0, 10)),
        column(() => '1'),
        column(() => 'page_view'),
        column(() => now.toISOString()),
        column(() => `{"page": "/p/${random(500)}", "referrer": "search"}`),
        column(() => '0'),
        '1',
        seq,
    ].join(', ')});`;
}

/* The tables of one more schema, shaped like the server's; the statement finds them by search_path. */
function makeTwin(server) {
    const today = new Date().toISOString().slice(0, 10);
    server.psql(`create schema twin;
        create table twin.visitor_event (like public.visitor_event including all) partition by range (day);
        create table twin.today partition of twin.visitor_event
            for values from ('${today}') to (date '${today}' + 1);`);
}

/* Statements prepared beforehand, so that psql only reads and sends. */
function writeScript(path, rowsAStatement) {
    const lines = ['set search_path = twin, public;', `prepare ins(${TYPES}) as ${insertStatement()}`];
    for (let seq = 0; seq < ROWS_A_SCRIPT; seq += rowsAStatement) lines.push(execute(rowsAStatement, seq));
    writeFileSync(path, `${lines.join('\n')}\n`);
    return lines.length - 2;
}

async function runPsql(server, rowsAStatement) {
    const path = join(server.stateFolder, 'twin.sql');
    const statements = writeScript(path, rowsAStatement);
    server.psql('truncate twin.visitor_event');
    const psql = server.cluster.psqlCommand(server.database);
    const start = process.hrtime.bigint();
    await promisify(execFile)(psql[0], [...psql.slice(1), '-o', '/dev/null', '-f', path]);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    rmSync(path);
    const rows = Number(server.psql('select count(*) from twin.visitor_event'));
    if (rows !== statements * rowsAStatement) throw new Error(`psql stored ${rows} rows`);
    return { rows, seconds, rate: rows / seconds, rows_a_statement: rowsAStatement };
}

let rowsACommit = EVENTS_A_REQUEST;

async function runMete(server) {
    server.psql('truncate visitor_event');
    const figures = await wrk(server.edgeUrl, 'ingest.lua', {
        seconds: chosen.seconds, connections: CONNECTIONS, args: [server.clientKey, String(EVENTS_A_REQUEST)],
    });
    const [{ rows, commits }] = server.rows(`select count(*) as rows, count(distinct (writer, received_at)) as commits
        from visitor_event`);
    const acked = (figures.requests - figures.not_2xx) * EVENTS_A_REQUEST;
    if (rows < acked) throw new Error(`${acked} events acknowledged, ${rows} stored`);
    rowsACommit = Math.max(EVENTS_A_REQUEST, Math.round(rows / commits));
    return { ...figures, rate: acked / figures.seconds, rows_a_statement: rowsACommit };
}

const cluster = await OwnedCluster.start({ isDurable: true, parent: '/var/tmp' });
const server = await startServer({ log_level: 'warn' }, cluster);
makeTwin(server);
const rounds = await inTurn({
    mete: () => runMete(server),
    psql_request: () => runPsql(server, EVENTS_A_REQUEST),
    psql_commit: () => runPsql(server, rowsACommit),
}, chosen.rounds);
await server.stop();
await cluster.stop();

const against = (side) => median(rounds.map((round) => round.mete.rate / round[side].rate));
const ratios = { psql_request: against('psql_request'), psql_commit: against('psql_commit') };
console.log(`ingest: ${EVENTS_A_REQUEST} events a request, ${CONNECTIONS} connections, fsync on\n`);
printTable(
    ['round', 'mete events/s', 'rows a commit', 'p99 us', 'failed', `psql, ${EVENTS_A_REQUEST} rows`, 'ratio', 'psql, as mete', 'ratio'],
    rounds.map(({ mete, psql_request: small, psql_commit: large }, i) => [
        i + 1, whole(mete.rate), mete.rows_a_statement, mete.p99_us, mete.errors + mete.not_2xx,
        whole(small.rate), ratio(mete.rate / small.rate), whole(large.rate), ratio(mete.rate / large.rate),
    ]),
);
console.log(`\nmedian ratio: ${ratio(ratios.psql_request)} against psql with ${EVENTS_A_REQUEST} rows a statement, `
    + `${ratio(ratios.psql_commit)} with as many as mete commits at once`);
writeJson(chosen.json, { bench: 'ingest', ratios, rounds });
