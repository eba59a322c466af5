-- name: uplift_list
-- for: desk
-- How the campaigns of an environment ($1) stand by their first goal: JSON [{campaign, metric, direction, variant,
-- units, uplift, course: [{day, uplift}]}], of those with a goal and visitors in both arms; 'variant' leads the
-- others that are no control, the course is of its last 60 looks. Leans on the primary keys of cohort, moment
-- and look.
with c as (
    select c.id, c.key, c.phase, p.document -> 'variants' as variants,
           environment_zone(e.document) as zone,
           g.metric_id, metric.key as metric, metric.definition ->> 'kind' as kind,
           coalesce(metric.document ->> 'direction', 'up') as direction,
           case when has_totals(c.id) then 'infinity'
                else metric_last_day(metric.definition, environment_zone(e.document)) end as last_day
    from campaign c
    join environment e on e.id = c.environment_id
    join phase p on p.campaign_id = c.id and p.number = c.phase
    cross join lateral (
        select cm.metric_id from campaign_metric cm where cm.campaign_id = c.id
        order by cm.role <> 'primary', cm.position limit 1) g
    join metric on metric.id = g.metric_id
    where c.environment_id = $1::int and c.status <> 'archived'
),
arm as (
    select c.id, v ->> 'key' as variant, (v -> 'is_control')::boolean as is_control, h.units,
           case when c.kind in ('mean', 'ratio') then s.n / nullif(s.d, 0)
                else coalesce(s.n, 0) / nullif(h.units, 0) end as value
    from c
    cross join lateral jsonb_array_elements(c.variants) v
    cross join lateral (
        select sum(unit_count) as units from cohort h
        where h.campaign_id = c.id and h.phase = c.phase and h.variant = v ->> 'key' and h.cohort_day <= c.last_day
              and h.dimension = 'all') h
    cross join lateral (
        select sum(sum_n) as n, sum(sum_d) as d from moment m
        where m.campaign_id = c.id and m.phase = c.phase and m.variant = v ->> 'key' and m.metric_id = c.metric_id
              and m.cohort_day <= c.last_day and m.dimension = 'all') s
),
lead as (
    select distinct on (c.id) c.id, arm.variant, control.variant as control, arm.value / control.value - 1 as uplift,
           (select sum(units) from arm a where a.id = c.id) as units
    from c
    join arm control on control.id = c.id and control.is_control and control.value > 0
    join arm on arm.id = c.id and not arm.is_control and arm.value is not null
    order by c.id, case when c.direction = 'up' then -arm.value else arm.value end, arm.variant
),
course as (
    select c.id, l.day,
           max(q.value) filter (where l.variant = lead.variant)
           / nullif(max(q.value) filter (where l.variant = lead.control), 0) - 1 as uplift
    from c
    join lead on lead.id = c.id
    join look l on l.campaign_id = c.id and l.phase = c.phase and l.metric_id = c.metric_id
         and l.variant in (lead.variant, lead.control) and l.day > (now() at time zone c.zone)::date - 400
    cross join lateral (
        select case when c.kind in ('mean', 'ratio') then l.sum_n / nullif(l.sum_d, 0)
                    else l.sum_n / nullif(l.unit_count, 0) end) q (value)
    group by c.id, l.day
),
newest as (
    select id, jsonb_agg(jsonb_build_object('day', day, 'uplift', uplift::float8) order by day) as course
    from (select *, row_number() over (partition by id order by day desc) as turn
          from course where uplift is not null) t
    where turn <= 60
    group by id
)
select coalesce(jsonb_agg(jsonb_build_object('campaign', c.key, 'metric', c.metric, 'direction', c.direction,
           'variant', lead.variant, 'units', lead.units, 'uplift', lead.uplift::float8,
           'course', coalesce(newest.course, '[]')) order by c.key), '[]') as view
from c join lead on lead.id = c.id left join newest on newest.id = c.id;
