-- Rows for analysts, page by page. All take (environment, campaign, phase or null for the newest, the visitor
-- after whom the page begins, limit), and return (where the next page would begin, item as JSON text): no row
-- when there is no such campaign, one row of nulls when the page is empty. Items are made of a page's rows alone:
-- behind the limit.

-- name: export_exposures
-- for: desk
-- One item a unit. Leans on exposure_campaign.
select x.visitor_id,
       case when x.visitor_id is not null then
           json_build_object('visitor_id', x.visitor_id, 'phase', x.phase, 'variant', x.variant,
                             'is_crossover', x.is_crossover, 'exposed_at', rfc3339(x.exposed_at),
                             'cohort_day', x.cohort_day, 'dimensions', x.dimensions,
                             'has_past', x.has_past)::text end
from campaign c
left join lateral (
    select * from exposure
    where campaign_id = c.id and phase = coalesce($3::int, c.phase) and visitor_id > coalesce($4::text, '')
    order by visitor_id limit $5::int) x on true
where c.environment_id = $1::int and c.key = $2::text
order by x.visitor_id;

-- name: export_outcomes
-- for: desk
-- One item a unit, with its value for each metric of the campaign, zeros too; means and ratios as numerator and
-- denominator. Money in major units. Leans on exposure_campaign and, by offset 0 whatever the statistics say, on
-- the primary key of outcome.
select x.visitor_id,
       case when x.visitor_id is not null then
           json_build_object('visitor_id', x.visitor_id, 'phase', x.phase, 'variant', x.variant,
                             'exposed_at', rfc3339(x.exposed_at), 'metrics', coalesce(v.metrics, '{}'))::text end
from campaign c
left join lateral (
    select * from exposure
    where campaign_id = c.id and phase = coalesce($3::int, c.phase) and visitor_id > coalesce($4::text, '')
    order by visitor_id limit $5::int) x on true
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
    left join (select * from outcome where outcome.visitor_id = x.visitor_id offset 0) o
         on o.campaign_id = c.id and o.phase = x.phase and o.metric_id = m.id
    where cm.campaign_id = c.id) v on true
where c.environment_id = $1::int and c.key = $2::text
order by x.visitor_id;

-- name: export_events
-- for: desk
-- What the units did from their exposure until the end of the phase, by (visitor, time, id). $6, $7: behind
-- which time (microseconds) and event of visitor $4 the page begins. A unit without events (retention dropped
-- them) is a row without item, so that pages go on behind it. Leans on exposure_campaign and the primary key of
-- visitor_event.
select coalesce(x.event_id, '00000000-0000-0000-0000-000000000000') || ':'
           || (extract(epoch from coalesce(x.ts, to_timestamp(0))) * 1000000)::bigint || ':' || x.visitor_id,
       case when x.event_id is not null then
           json_build_object('visitor_id', x.visitor_id, 'phase', x.phase, 'variant', x.variant,
                             'event_id', x.event_id, 'name', x.name, 'ts', rfc3339(x.ts),
                             'properties', x.properties)::text end
from campaign c
left join lateral (
    select u.visitor_id, u.phase, u.variant, e.event_id, e.name, e.ts, e.properties
    from (select * from exposure
          where campaign_id = c.id and phase = coalesce($3::int, c.phase) and visitor_id >= coalesce($4::text, '')
          order by visitor_id limit $5::int + 1) u
    join phase p on p.campaign_id = u.campaign_id and p.number = u.phase
    left join lateral (
        select * from visitor_event v
        where v.visitor_id = u.visitor_id and v.environment_id = c.environment_id and v.marks = 0
              and v.day >= (u.exposed_at at time zone 'UTC')::date - 3
              and v.ts >= u.exposed_at and v.ts < coalesce(p.ended_at, 'infinity')
              and (v.visitor_id > coalesce($4::text, '')
                   or (v.ts, v.event_id) > (to_timestamp(0) + $6::bigint * interval '1 microsecond', $7::uuid))
        order by v.ts, v.event_id limit $5::int) e on true
    where e.event_id is not null or u.visitor_id > coalesce($4::text, '')
    order by u.visitor_id, e.ts, e.event_id limit $5::int) x on true
where c.environment_id = $1::int and c.key = $2::text
order by x.visitor_id, x.ts, x.event_id;
