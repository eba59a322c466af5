-- One visitor, looked up by somebody at the desk. Reads take (environment, visitor_id).

-- name: visitor_read
-- for: desk
-- What is known of it as one document: number of events, first and last time, and where it was exposed, the last
-- first. Leans on the primary keys of visitor_event (in each partition) and exposure.
select json_build_object(
    'visitor_id', $2::text,
    'event_count', e.total, 'first_seen_at', rfc3339(e.first_ts), 'last_seen_at', rfc3339(e.last_ts),
    'exclusion', exclusion_view($1::int, $2::text), 'is_exclusion_due', exclusion_is_due($1::int, $2::text),
    'exposures', (
        select coalesce(json_agg(json_build_object(
                   'campaign', c.key, 'name', c.document ->> 'name', 'phase', x.phase, 'variant', x.variant,
                   'exposed_at', rfc3339(x.exposed_at), 'is_crossover', x.is_crossover,
                   'is_overflowing', exists (
                       select from overflow o
                       where o.slice = x.slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
                             and o.phase = x.phase and o.experience = x.experience),
                   'experience', x.experience, 'dimensions', x.dimensions) order by x.exposed_at desc, c.key), '[]')
        from exposure x
        join campaign c on c.id = x.campaign_id and c.environment_id = $1::int
        where x.slice = slice_of($2::text) and x.unit_id = $2::text)) as view
from visitor_seen($1::int, $2::text) e;

-- name: visitor_events
-- for: desk
-- Its events as (cursor, item), the last first, behind the time $3 (microseconds) and event $4 where these are
-- given, at most $5. Leans on the primary key of visitor_event, in each partition.
with page as materialized (
    select array(select v from visitor_page($1::int, $2::text, to_timestamp(0) + $3::bigint * interval '1 microsecond',
                                            $4::uuid, $5::int) v) as events
)
select (extract(epoch from v.ts) * 1000000)::bigint || '_' || replace(v.event_id::text, '-', '') as cursor,
       json_build_object('event_id', v.event_id, 'name', v.name, 'ts', rfc3339(v.ts),
                         'received_at', rfc3339(v.received_at), 'is_bot', v.marks & 1 > 0,
                         'is_staff', v.marks & 2 > 0, 'is_forced', v.marks & 4 > 0, 'properties', v.properties,
                         'effect', f.effect) as item
from page
cross join lateral unnest(page.events) v
join event_effects($1::int, page.events) f on f.event_id = v.event_id and f.day = v.day
order by v.ts desc, v.event_id desc;

-- name: visitor_exclude
-- for: desk
-- Takes visitor $3 out of the results of environment $2, by actor $1, for the reason $4: what becomes of it as a
-- document.
select jsonb_build_object('visitor_id', $3::text,
                          'exclusion', visitor_exclude($1::text, $2::int, $3::text, $4::text)) as view;

-- name: visitor_include
-- for: desk
-- Takes visitor $3 in again, by actor $1: the same document.
select jsonb_build_object('visitor_id', $3::text, 'exclusion', null) as view
from visitor_include($1::text, $2::int, $3::text);
