-- name: results_read
-- for: desk
-- Everything results are computed from, of one campaign's phase ($3, null: the newest), in one statement and
-- so of one moment in time: head, metrics, sums, looks, each a JSON text, and whether the phase has the dimension;
-- no row when there is no such campaign.
-- $4: the dimension to break down by ('' for none; '*': by all of them, "device/0" of visitors in the first half of
-- the slices, "device/1" of those in the second: the last bit of their hash is too plain to part them by).
-- Sums are texts: they are exact whatever their size. A metric with a window reads only the cohort days that ended at
-- least a window ago; of totals all, which know no windows. Where nothing was done, sums are 0; where they are not
-- known, they are null. Leans on cohort_campaign, moment_campaign, overflow_campaign,
-- excluded_exposure_campaign and the primary keys of look,
-- distribution, overlap and since_exposure.
with c as (
    select c.*, e.document as environment, environment_zone(e.document) as time_zone,
           (now() at time zone environment_zone(e.document))::date - 1 as yesterday,
           coalesce($3::int, c.phase) as number, (select count from slicing) as slices,
           array['all', $4] || array(select d ->> 'key'
                                     from phase p, jsonb_array_elements(phase_dimensions(p.document)) d
                                     where $4 = '*' and p.campaign_id = c.id
                                           and p.number = coalesce($3::int, c.phase)) as dimensions
    from campaign c join environment e on e.id = c.environment_id
    where c.environment_id = $1::int and c.key = $2
),
invalid as (
    select s.metric_id, sum(s.invalid_count) as units, sum(s.unrated_count) as unrated
    from c join moment s on s.campaign_id = c.id and s.phase = c.number and s.experience = '' and s.dimension = 'all'
    group by s.metric_id
),
m as (
    select 0 as metric_id, 'infinity'::date as last_day, null::jsonb as shown, 0 as position
    from c
    union all
    select cm.metric_id,
           case when t.is_there then 'infinity' else metric_last_day(metric.definition, c.time_zone) end,
           jsonb_build_object('id', metric.id, 'key', metric.key, 'number', metric.number, 'role', cm.role,
                              'is_computed', cm.is_computed, 'document', metric.document,
                              'definition', metric.definition,
                              'margin', (select e -> 'margin' from jsonb_array_elements(c.document -> 'metrics') e
                                         where e ->> 'key' = metric.key),
                              'invalid', coalesce(i.units, 0), 'unrated', coalesce(i.unrated, 0),
                              'distribution', jsonb_build_object('as_of', rfc3339(d.as_of)) || d.document),
           cm.position
    from c
    join campaign_metric cm on cm.campaign_id = c.id
    join metric on metric.id = cm.metric_id
    left join invalid i on i.metric_id = cm.metric_id
    left join distribution d on d.campaign_id = c.id and d.phase = c.number
         and d.experience = '' and d.metric_id = cm.metric_id
    cross join lateral has_totals(c.id) t (is_there)
),
-- Over slices first: few rows are left for each metric. Keys that tell rows apart come first, and are compared byte by
-- byte, so that sorting them costs little.
day as (
    select h.cohort_day, h.value collate "C" as value, h.variant collate "C" as variant,
           half.dimension, sum(h.unit_count) as units, sum(h.crossover_count) as crossovers,
           sum(h.missing_count) as missing
    from c
    join cohort h on h.campaign_id = c.id and h.phase = c.number and h.experience = ''
         and h.dimension = any(c.dimensions)
    cross join lateral (
        select (h.dimension || case when $4 = '*' and h.dimension <> 'all'
                                     then '/' || h.slice * 2 / c.slices else '' end) collate "C" as dimension) half
    group by h.cohort_day, h.value collate "C", h.variant collate "C", half.dimension
),
-- The last four weeks in which the phase was open, or all of them: who came in how many days. Past data may be older
-- than the phase.
traffic as (
    select jsonb_build_object(
               'units', coalesce(sum(d.units) filter (where d.cohort_day >= w.from_day), 0),
               'days', greatest(0, round(extract(epoch from w.until - greatest(
                   least(w.since, min(d.cohort_day)::timestamp at time zone w.time_zone),
                   w.from_day::timestamp at time zone w.time_zone)) / 86400, 6))) as sums
    from (select c.time_zone, greatest(p.started_at, s.start) as since, u.until,
                 (u.until at time zone c.time_zone)::date - 27 as from_day
          from c
          join phase p on p.campaign_id = c.id and p.number = c.number
          cross join lateral (select (c.document -> 'schedule' ->> 'start')::timestamptz as start,
                                     (c.document -> 'schedule' ->> 'end')::timestamptz as stop) s
          -- Of a campaign that is paused, to the end of the last day on which anybody came.
          cross join lateral (
              select least(coalesce(p.ended_at, now()), s.stop,
                           case when c.status = 'paused'
                                then (select (max(d.cohort_day) + 1)::timestamp at time zone c.time_zone
                                      from day d) end) as until) u) w
    left join day d on d.dimension = 'all'
    group by w.time_zone, w.since, w.until, w.from_day
),
units as (
    select m.metric_id, '' as experience, h.variant, h.dimension, h.value, sum(h.units) as units,
           sum(h.crossovers) as crossovers, sum(h.missing) as missing
    from m join day h on h.cohort_day <= m.last_day
    group by m.metric_id, h.value, h.variant, h.dimension
),
sums as (
    select m.metric_id, s.value collate "C" as value, s.variant collate "C" as variant,
           half.dimension, sum(s.sum_n) as n, sum(s.sum_d) as d, sum(s.sum_nn) as nn,
           sum(s.sum_nd) as nd, sum(s.sum_dd) as dd, sum(s.sum_nnn) as nnn, sum(s.sum_x) as x, sum(s.sum_y) as y,
           sum(s.sum_xx) as xx, sum(s.sum_xy) as xy, sum(s.sum_yy) as yy, sum(s.sum_nx) as nx,
           sum(s.sum_ny) as ny, sum(s.sum_dx) as dx, sum(s.sum_dy) as dy, sum(s.sum_nm) as nm, sum(s.sum_dm) as dm
    from c cross join m
    join moment s on s.campaign_id = c.id and s.phase = c.number and s.experience = ''
         and s.metric_id = m.metric_id and s.cohort_day <= m.last_day and s.dimension = any(c.dimensions)
    cross join lateral (
        select (s.dimension || case when $4 = '*' and s.dimension <> 'all'
                                     then '/' || s.slice * 2 / c.slices else '' end) collate "C" as dimension) half
    group by m.metric_id, s.value collate "C", s.variant collate "C", half.dimension
)
select
    (select jsonb_build_object(
        'key', c.key, 'name', c.document ->> 'name', 'kind', c.kind, 'status', c.status, 'phase', c.number,
        'confidence', coalesce(c.document -> 'confidence', '0.95'), 'statistics', p.document -> 'statistics',
        'currency', coalesce(c.environment ->> 'currency', 'EUR'), 'time_zone', c.time_zone,
        'started_at', rfc3339(p.started_at), 'ended_at', rfc3339(p.ended_at), 'variants', named.variants,
        'backlog', fold_backlog(100000),
        'is_settled', p.ended_at is null or p.is_settled,
        'due_days', (select count(*) from look_due(now()) d where d.campaign_id = c.id and d.phase = c.number),
        'is_partial', coalesce(i.state <> 'done', false),
        'totals', case when i.has_totals then i.document #>> '{totals,visitors}' end,
        -- Null: its visitors were allotted elsewhere.
        'coverage', case when i.id is null then coalesce(c.document -> 'coverage', '1') end,
        'traffic', (select sums from traffic),
        'exposures', (select coalesce(jsonb_agg(jsonb_build_object('day', d.cohort_day, 'variant', d.variant,
                                                                   'units', d.units) order by d.cohort_day), '[]')
                      from day d where d.dimension = 'all'),
        'schedule_start', c.document -> 'schedule' -> 'start',
        'schedule_end', c.document -> 'schedule' -> 'end',
        -- Since the start of yesterday, so that at least a whole day passed; and nothing waits to be read.
        'is_quiet', c.status = 'running' and p.ended_at is null and fold_backlog(1) = 0
            and now() >= coalesce((c.document -> 'schedule' ->> 'start')::timestamptz, '-infinity')
            and now() < coalesce((c.document -> 'schedule' ->> 'end')::timestamptz, 'infinity')
            and (greatest(p.started_at, (c.document -> 'schedule' ->> 'start')::timestamptz) at time zone c.time_zone)
                ::date < c.yesterday
            and not exists (select from day d where d.cohort_day >= c.yesterday),
        'overflow', jsonb_build_object(
            'units', (select coalesce(sum(h.overflow_count), 0) from cohort h
                      where h.campaign_id = c.id and h.phase = c.number and h.experience = '' and h.dimension = 'all'),
            'examples', (select coalesce(jsonb_agg(o.unit_id order by o.unit_id), '[]') from (
                             select unit_id from overflow
                             where campaign_id = c.id and phase = c.number and experience = ''
                             order by unit_id limit 5) o)),
        'excluded_units', (select count(distinct x.unit_id) from excluded_exposure x
                           where x.campaign_id = c.id and x.phase = c.number and x.experience = ''),
        'overlap', (select jsonb_build_object('as_of', rfc3339(o.as_of)) || o.document from overlap o
                    where o.campaign_id = c.id and o.phase = c.number and o.experience = ''),
        'since_exposure', (select jsonb_build_object('as_of', rfc3339(o.as_of)) || o.document from since_exposure o
                           where o.campaign_id = c.id and o.phase = c.number and o.experience = ''),
        'phases', (select jsonb_agg(jsonb_build_object(
                              'number', number, 'started_at', rfc3339(started_at), 'ended_at', rfc3339(ended_at))
                                    order by number) from phase where campaign_id = c.id))
     from c
     left join phase p on p.campaign_id = c.id and p.number = c.number
     -- What a phase froze has no names: they are the campaign's of today.
     left join lateral (
         select jsonb_agg(v.item || jsonb_build_object('name', jsonb_path_query_first(
                    c.document, '$.variants[*] ? (@.key == $key).name', jsonb_build_object('key', v.item -> 'key')))
                          order by v.place) as variants
         from jsonb_array_elements(p.document -> 'variants') with ordinality v (item, place)) named on true
     left join import i on i.campaign_id = c.id) as head,
    (select coalesce(jsonb_agg(shown order by position, metric_id), '[]') from m where shown is not null) as metrics,
    (select coalesce(json_agg(json_build_object(
        'metric', u.metric_id, 'experience', u.experience, 'variant', u.variant, 'dimension', u.dimension,
        'value', u.value, 'units', u.units,
        'crossovers', u.crossovers, 'n', coalesce(s.n, 0)::text, 'd', coalesce(s.d, 0)::text,
        'nn', case when s.n is null then '0' else s.nn::text end,
        'nd', case when s.n is null then '0' else s.nd::text end,
        'dd', case when s.n is null then '0' else s.dd::text end,
        'nnn', case when s.n is null then '0' else s.nnn::text end,
        'x', s.x::text, 'y', s.y::text, 'xx', s.xx::text, 'xy', s.xy::text,
        'yy', s.yy::text, 'nx', s.nx::text, 'ny', s.ny::text, 'dx', s.dx::text, 'dy', s.dy::text,
        'missing', u.missing::text, 'nm', s.nm::text, 'dm', s.dm::text) order by u.dimension, u.value), '[]')
     from units u left join sums s using (metric_id, value, variant, dimension)) as sums,
    (select coalesce(json_agg(json_build_object(
        'day', l.day, 'as_of', rfc3339(l.as_of), 'metric', l.metric_id, 'experience', l.experience,
        'variant', l.variant, 'units', l.unit_count,
        'n', l.sum_n::text, 'd', l.sum_d::text, 'nn', l.sum_nn::text, 'nd', l.sum_nd::text, 'dd', l.sum_dd::text)
        order by l.day), '[]')
     from c join look l on l.campaign_id = c.id and l.phase = c.number and l.experience = '') as looks,
    case when $4 = '' then true
         when $4 = '*' then must_have_visitors((select id from c))
         else must_have_visitors((select id from c))
              and exists (select from c join phase p on p.campaign_id = c.id and p.number = c.number
                          where jsonb_path_exists(phase_dimensions(p.document), '$[*].key ? (@ == $k)',
                                                  jsonb_build_object('k', $4))) end as has_dimension
from c;
