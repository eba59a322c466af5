-- Rows for analysts, page by page. All take (environment, campaign, phase or null for the newest, the visitor
-- behind which the page begins, limit), go by (slice, visitor), and return (where the next page would begin,
-- item as JSON text): no row
-- when there is no such campaign, one row of nulls when the page is empty; a campaign of totals is refused. Items are
-- made of a page's rows alone: behind the limit.

-- name: export_exposures
-- for: desk
-- One item a unit. Leans on exposure_campaign.
select x.unit_id as cursor,
       case when x.unit_id is not null then
           json_build_object('visitor_id', visitor_own_id(x.unit_id), 'phase', x.phase, 'variant', x.variant,
                             'is_crossover', x.is_crossover, 'exposed_at', rfc3339(x.exposed_at),
                             'cohort_day', x.cohort_day, 'dimensions', x.dimensions,
                             'has_past', x.has_past) end as item
from campaign c
left join lateral (
    select * from exposure
    where campaign_id = c.id and phase = coalesce($3::int, c.phase)
          and (slice, unit_id) > (coalesce(slice_of($4::text), -1), coalesce($4::text, ''))
    order by slice, unit_id limit $5::int) x on true
where c.environment_id = $1::int and c.key = $2::text and must_have_visitors(c.id)
order by x.slice, x.unit_id;

-- name: export_exposed
-- for: desk
-- The same of those who met variant $6 first, and of those who met several ($7 true) or one alone (false); null: all.
-- However few they are, 5,000 rows are looked at and no more, but for all of the last unit's, one a phase: a page that
-- is not full then goes on behind them, by rows without item. Leans on exposure_campaign.
with c as (
    select c.id, coalesce($3::int, c.phase) as number from campaign c
    where c.environment_id = $1::int and c.key = $2::text and must_have_visitors(c.id)
),
seen as materialized (
    select x.* from c
    cross join lateral (
        select * from exposure
        where campaign_id = c.id
              and (slice, unit_id) > (coalesce(slice_of($4::text), -1), coalesce($4::text, ''))
        order by slice, unit_id fetch first 5000 rows with ties) x
),
hit as materialized (
    select * from seen
    where phase = (select number from c) and variant = coalesce($6::text, variant)
          and is_crossover = coalesce($7::boolean, is_crossover)
    order by slice, unit_id limit $5::int
),
page as (
    select slice, unit_id,
           json_build_object('visitor_id', visitor_own_id(unit_id), 'phase', phase, 'variant', variant,
                             'is_crossover', is_crossover, 'exposed_at', rfc3339(exposed_at),
                             'cohort_day', cohort_day, 'dimensions', dimensions, 'has_past', has_past) as item
    from hit
    union all
    select e.slice, e.unit_id, null
    from (select slice, unit_id from seen order by slice desc, unit_id desc limit 1) e
    cross join generate_series(1, $5::int - (select count(*)::int from hit))
    where (select count(*) from seen) >= 5000
)
select p.unit_id as cursor, p.item
from c left join page p on true
order by p.slice, p.unit_id, p.item is null;

-- name: export_outcomes
-- for: desk
-- One item a unit, with its value for each metric of the campaign, zeros too; means and ratios as numerator and
-- denominator. Money in major units. Leans on exposure_campaign and, by offset 0 whatever the statistics say, on
-- the primary key of outcome.
select x.unit_id as cursor,
       case when x.unit_id is not null then
           json_build_object('visitor_id', visitor_own_id(x.unit_id), 'phase', x.phase, 'variant', x.variant,
                             'exposed_at', rfc3339(x.exposed_at), 'metrics', coalesce(v.metrics, '{}')) end as item
from campaign c
left join lateral (
    select * from exposure
    where campaign_id = c.id and phase = coalesce($3::int, c.phase)
          and (slice, unit_id) > (coalesce(slice_of($4::text), -1), coalesce($4::text, ''))
    order by slice, unit_id limit $5::int) x on true
left join lateral (
    select json_object_agg(
               m.key,
               case when d.is_pair
                    then json_build_object('numerator', trim_scale(coalesce(o.numerator, 0) / d.scale),
                                           'denominator', trim_scale(coalesce(o.denominator, 0) / d.scale_below))
                    else to_json(trim_scale(coalesce(o.numerator, 0) / d.scale)) end
               order by cm.position, m.key) as metrics
    from campaign_metric cm
    join metric m on m.id = cm.metric_id
    cross join lateral (
        select k.kind in ('mean', 'ratio') as is_pair,
               case when k.kind in ('sum', 'mean', 'ratio') then k.scale else 1 end as scale,
               case when k.kind = 'ratio' then k.scale else 1 end as scale_below
        from (select m.definition ->> 'kind' as kind,
                     coalesce((m.definition ->> 'scale')::numeric, 1) as scale) k) d
    left join (select * from outcome where outcome.slice = x.slice and outcome.unit_id = x.unit_id offset 0) o
         on o.campaign_id = c.id and o.phase = x.phase and o.experience = x.experience and o.metric_id = m.id
    where cm.campaign_id = c.id) v on true
where c.environment_id = $1::int and c.key = $2::text and must_have_visitors(c.id)
order by x.slice, x.unit_id;

-- name: export_events
-- for: desk
-- What the units did from their exposure until the end of the phase. $6, $7: behind which time (microseconds) and event
-- of visitor $4 the page begins.
select cursor, item from export_events($1::int, $2::text, $3::int, $4::text, $5::int, $6::bigint, $7::uuid);
