// SPDX-License-Identifier: GPL-3.0-or-later
// A database for benches that call the fold's functions themselves, and what a call costs the backend: seconds on a
// processor, which the rest of the machine changes little.
import { execFileSync } from 'node:child_process';
import { FoldBase, campaignSql, headSql, metricSql } from '../../../tests/http/lib/fold_base.mjs';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const numerator = { event: 'purchase', value: 'value' };
const metric = { id: 1, kind: 'sum', numerator, scale: 100 };
const phase = { number: 1, variants: ['a', 'b'], endedAt: null, startedAt: Date.parse('2020-01-01') };
const campaign = { id: 1, environment: 1, key: 'c', phases: [phase], metrics: [metric] };

/* Days in one transaction: each holds locks until it ends. */
const DAYS_AT_ONCE = 50;

/* One campaign that runs, one writer, and partitions of the last days and of tomorrow. */
export async function makeBase(days) {
    const base = await FoldBase.create();
    const parts = [];
    for (let from = days; from >= -1; from -= DAYS_AT_ONCE) {
        parts.push(`select count(visitor_event_partition((now() at time zone 'UTC')::date - d))
            from generate_series(${Math.max(-1, from - DAYS_AT_ONCE + 1)}, ${from}) d;`);
    }
    base.sql(`insert into environment (key, document) values ('e1', '{"time_zone": "UTC"}');
        insert into writer default values; ${metricSql(metric)} ${campaignSql(campaign)} ${parts.join('\n')}`);
    return base;
}

/* 'count' events of today, the next of the writer: 'columns' gives visitor, name and properties of event i. */
export function put(base, count, columns) {
    base.sql(`with stored as (insert into visitor_event
            (slice, visitor_id, event_id, day, environment_id, name, ts, properties, writer, seq)
        select slice_of(c.visitor), c.visitor, gen_random_uuid(), (now() at time zone 'UTC')::date, 1, c.name, now(),
               c.properties, 1, l.seq + i
        from generate_series(1, ${count}) i
        cross join (select coalesce(max(seq), 0) as seq from visitor_event where writer = 1) l
        cross join lateral (${columns}) c (visitor, name, properties)
        returning slice, writer, seq) ${headSql('stored')}`);
}

/* Milliseconds on a processor of the backend for each of 'times' runs of a statement, after one to warm up. */
export function costMs(base, statement, times) {
    const [program, ...args] = base.cluster.psqlCommand(base.name, 'mete_runtime');
    const mark = "\\! sed 's/^.*) //' /proc/$PID/stat | cut -d' ' -f12,13";
    const input = [
        '\\pset tuples_only on',
        'select pg_backend_pid() as pid \\gset',
        '\\setenv PID :pid',
        '\\o /dev/null',
        statement,
        mark,
        ...Array(times).fill(statement),
        mark,
    ].join('\n');
    const said = execFileSync(program, args, { input, encoding: 'utf8' });
    const [before, after] = [...said.matchAll(/^(\d+) (\d+)$/gm)].map(
        ([, user, system]) => Number(user) + Number(system),
    );
    return ((after - before) * 1000) / TICKS / times;
}
