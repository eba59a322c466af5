// SPDX-License-Identifier: GPL-3.0-or-later
// A database for tests of the fold: campaigns, metrics and events written straight into the tables,
// the fold called by hand, the results read back as lines that compare with fold_model.mjs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { findCluster } from './cluster.mjs';
import { until } from './wait.mjs';

/* An SQL literal. */
export const quote = (text) => `'${String(text).replaceAll("'", "''")}'`;

/* JSON with {milli: n} written as the exact decimal. */
export function json(value) {
    if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    if ('milli' in value) return decimal(value.milli);
    return `{${Object.entries(value)
        .filter(([, v]) => v !== undefined)
        .map(([k, v]) => `${JSON.stringify(k)}:${json(v)}`)
        .join(',')}}`;
}

function decimal(milli) {
    const size = milli < 0n ? -milli : milli;
    return `${milli < 0n ? '-' : ''}${size / 1000n}.${String(size % 1000n).padStart(3, '0')}`;
}

function definition(metric) {
    const part = (p) => p && { event: p.event, value: p.value ?? null, filter: p.filter?.sql ?? null };
    return json({
        kind: metric.kind,
        numerator: part(metric.numerator),
        denominator: part(metric.denominator) ?? null,
        window_hours: metric.windowHours ?? null,
        cap: metric.cap ?? null,
        scale: metric.scale ?? 1,
        is_money: metric.scale === 100,
    });
}

const TABLES = `
select 'exposure', concat_ws('|', unit_id, campaign_id, phase, variant, is_crossover::int, event_id,
        round(extract(epoch from exposed_at) * 1000), cohort_day, dimensions ->> 'country',
        dimensions ->> 'device', dimensions ->> 'visitor_type', has_past::int) from exposure
union all
select 'outcome', concat_ws('|', unit_id, campaign_id, phase, metric_id, numerator, denominator,
        pre_numerator, pre_denominator) from outcome
union all
select 'cohort', concat_ws('|', campaign_id, phase, variant, cohort_day, dimension, value, sum(unit_count),
        sum(crossover_count), sum(missing_count)) from cohort
        group by campaign_id, phase, variant, cohort_day, dimension, value
union all
select 'moment', concat_ws('|', campaign_id, phase, variant, metric_id, cohort_day, dimension, value,
        sum(nonzero_count), sum(sum_n), sum(sum_d), sum(sum_nn), sum(sum_nd), sum(sum_dd), sum(sum_nnn), sum(sum_x),
        sum(sum_y), sum(sum_xx), sum(sum_xy), sum(sum_yy), sum(sum_nx), sum(sum_ny), sum(sum_dx), sum(sum_dy),
        sum(sum_nm), sum(sum_dm)) from moment
        group by campaign_id, phase, variant, metric_id, cohort_day, dimension, value
union all
select 'excluded', concat_ws('|', unit_id, campaign_id, phase, event_id,
        round(extract(epoch from exposed_at) * 1000)) from excluded_exposure`;

/* A step of about so many rows in every slice: rows read, visitors worked out, is more waiting, was one held. */
export const stepSql = (limit) => `select sum(row_count), sum(visitor_count), bool_or(is_more), bool_or(is_held)
    from slice cross join lateral slice_step(number, ${limit});`;

export class FoldBase {
    static async create(cluster = undefined) {
        const base = new FoldBase(cluster ?? (await findCluster()), `f_${randomBytes(6).toString('hex')}`);
        base.cluster.createDatabase(base.name);
        return base;
    }

    constructor(cluster, name) {
        this.cluster = cluster;
        this.name = name;
    }

    drop() {
        this.cluster.dropDatabase(this.name);
    }

    /* As the role the server runs with. */
    sql(text) {
        return this.cluster.psql(this.name, text, 'mete_runtime');
    }

    /* Environments by their zones, campaigns with their first phases and metrics, three writers, partitions. Five
       slices: enough to meet in, few enough to step through often. */
    createWorld(world, fromDay, days) {
        const rows = Object.entries(world.zones).map(
            ([id, zone]) =>
                `insert into environment (key, document) values ('e${id}', ${quote(json({ time_zone: zone }))});`,
        );
        rows.push(
            `select count(visitor_event_partition(date ${quote(fromDay)} + i)) from generate_series(0, ${days}) i;`,
        );
        rows.unshift('select slicing_set(5);');
        rows.push(
            'insert into writer default values; insert into writer default values; insert into writer default values;',
        );
        const metrics = [...(world.metrics ?? []), ...world.campaigns.flatMap((c) => c.metrics)];
        for (const metric of new Set(metrics)) rows.push(metricSql(metric));
        for (const campaign of world.campaigns) rows.push(campaignSql(campaign));
        this.sql(rows.join('\n'));
    }

    /* Days before it are read as those of long ago are. */
    setNearDay(day) {
        const body = `select date ${quote(day)}`;
        this.cluster.psql(
            this.name,
            `create or replace function near_day() returns date language sql stable as $$ ${body} $$`,
        );
    }

    /* Steps until nothing is left to do. */
    drain() {
        for (let round = 0; round < 1000; round++) {
            const [rows, , isMore] = this.sql(`${stepSql(500)} select fold_finish();`).split('|');
            if (rows === '0' && isMore.trim() === 'f') return;
        }
        throw new Error('the fold does not come to an end');
    }

    /* Runs the statement in a session that stays; resolves, when it is done, with a function that ends it, after one
       more statement if it is told one. */
    async hold(statement) {
        const url = this.cluster.url('mete_runtime', this.name);
        const session = spawn('psql', ['-X', '-q', '-A', '-t', '-d', url], { stdio: ['pipe', 'pipe', 'inherit'] });
        session.stdin.write(`${statement};\nselect 'pid ' || pg_backend_pid();\n\\echo done\n`);
        let said = '';
        while (!said.includes('done')) said += (await once(session.stdout, 'data'))[0];
        const [, pid] = /^pid (\d+)$/m.exec(said);
        const isGone = () => this.sql(`select count(*) from pg_stat_activity where pid = ${pid}`) === '0';
        return async (last = '') => {
            session.stdin.end(`${last};\n`);
            await until(isGone, 10_000, 'the session to end, and its locks with it');
        };
    }

    tables() {
        const tables = { exposure: [], outcome: [], cohort: [], moment: [], excluded: [] };
        for (const line of this.sql(TABLES).split('\n').filter(Boolean)) {
            const cut = line.indexOf('|');
            tables[line.slice(0, cut)].push(line.slice(cut + 1));
        }
        for (const lines of Object.values(tables)) lines.sort();
        return tables;
    }
}

export function metricSql(metric) {
    return `insert into metric (id, environment_id, key, document, definition) overriding system value
        values (${metric.id}, ${metric.environment ?? 1}, 'm${metric.id}', '{}', ${quote(definition(metric))});`;
}

export function campaignSql(campaign) {
    const { id, environment, key } = campaign;
    return [
        `insert into campaign (id, environment_id, key, kind, status, document, phase) overriding system value
         values (${id}, ${environment}, ${quote(key)}, 'experiment', 'running', '{}', 1);`,
        ...campaign.phases.map((phase) => phaseSql(campaign, phase)),
        ...campaign.metrics.map((metric) => measureSql(campaign, metric)),
    ].join('\n');
}

export function phaseSql(campaign, phase) {
    const statistics = phase.preDays === undefined ? undefined : { preperiod_days: phase.preDays };
    const document = quote(json({ variants: phase.variants.map((key) => ({ key })), statistics }));
    const end = phase.endedAt === null ? 'null' : time(phase.endedAt);
    return `insert into phase (campaign_id, number, seed, document, started_at, ended_at)
        values (${campaign.id}, ${phase.number}, 's', ${document}, ${time(phase.startedAt ?? 0)}, ${end});`;
}

export const measureSql = (campaign, metric) =>
    `insert into campaign_metric (campaign_id, metric_id) values (${campaign.id}, ${metric.id});`;

export const time = (ms) => `timestamptz ${quote(new Date(ms).toISOString())}`;

/* One batch of a writer. 'seq' is the first event's. Sent twice, it is stored once. */
export function eventsSql(events, writer, seq) {
    const rows = events.map((e, i) => {
        const head = [
            `slice_of(${quote(e.visitor)})`,
            quote(e.visitor),
            quote(e.id),
            quote(e.day),
            e.environment,
            quote(e.name),
            time(e.ts),
        ];
        return `(${[...head, quote(json(e.properties)), e.marks, writer, seq + i].join(', ')})`;
    });
    return `with stored as (
        insert into visitor_event (slice, visitor_id, event_id, day, environment_id, name, ts, properties, marks,
            writer, seq) values ${rows.join(',\n')} on conflict do nothing returning slice, day, writer, seq),
        late as (
            insert into late_event select slice, ${writer}, min(day), max(seq) from stored group by slice
            on conflict (slice, writer) do update set from_day = least(late_event.from_day, excluded.from_day),
                seq = greatest(late_event.seq, excluded.seq))
        ${headSql('stored')};`;
}

/* Tells readers that there is something new, as who stores events does: 'rows' has slice, writer and seq. */
export const headSql = (rows) =>
    `insert into writer_head select slice, writer, max(seq) from ${rows} group by slice, writer
        on conflict (slice, writer) do update set seq = greatest(writer_head.seq, excluded.seq)`;

/* Compares tables() line by line and shows the first lines that only one side has. */
export function assertSame(left, right, what) {
    for (const table of ['exposure', 'outcome', 'cohort', 'moment', 'excluded']) {
        const only = (a, b) => a.filter((line) => !b.has(line)).slice(0, 5);
        const difference = [only(left[table], new Set(right[table])), only(right[table], new Set(left[table]))];
        assert.deepEqual(difference, [[], []], `${what} differ in ${table}`);
        assert.equal(left[table].length, right[table].length, `${what} differ in the size of ${table}`);
    }
}
