-- How often events were refused or left out, and why.

-- name: refusal_add
-- for: edge
-- Adds what an edge counted: its writer, environments, reasons, names, counts.
select refusal_add($1::int, $2::int[], $3::text[], $4::text[], $5::bigint[]);

-- name: refusal_list
-- for: desk
-- What was refused and left out in an environment ($1) on the last $2 UTC days, today among them, as one JSON document:
-- {days: [day], items: [{reason, name, is_stored, event_count, day_counts: [events of each day], last_at, samples}]}.
-- Items are the 200 with the most events, the last of them first; samples are the last $3 that were kept of one that
-- was not stored. Leans on refusal's primary key, omission_day and rejected_event_kind.
with today (day) as (select (now() at time zone 'UTC')::date),
days as (select today.day - i as day from today, generate_series(0, $2::int - 1) i),
found as materialized (
    select r.reason, r.name, false as is_stored, r.day, sum(r.event_count) as events, max(r.last_at) as last_at
    from refusal r, today
    where r.environment_id = $1::int and r.day > today.day - $2::int
    group by r.reason, r.name, r.day
    union all
    select o.reason, o.name, true, o.day, sum(o.event_count), max(o.last_at)
    from omission o, today
    where o.environment_id = $1::int and o.day > today.day - $2::int
    group by o.reason, o.name, o.day
),
item as (
    select reason, name, is_stored, sum(events) as events, max(last_at) as last_at
    from found group by reason, name, is_stored
    order by sum(events) desc, reason, name limit 200
),
counted as (
    select i.reason, i.name, i.is_stored, i.events, i.last_at,
           jsonb_agg(coalesce(f.events, 0) order by d.day) as day_counts
    from item i
    cross join days d
    left join found f on f.day = d.day and f.reason = i.reason and f.name = i.name and f.is_stored = i.is_stored
    group by i.reason, i.name, i.is_stored, i.events, i.last_at
)
select jsonb_build_object(
    'days', (select jsonb_agg(day order by day) from days),
    'items', (
        select coalesce(jsonb_agg(jsonb_build_object(
                   'reason', i.reason, 'name', i.name, 'is_stored', i.is_stored, 'event_count', i.events,
                   'last_at', rfc3339(i.last_at), 'day_counts', i.day_counts,
                   'samples', (
                       select coalesce(jsonb_agg(jsonb_build_object(
                                  'received_at', rfc3339(s.received_at), 'visitor_id', s.visitor_id,
                                  'detail', s.detail, 'event', s.event) order by s.id desc), '[]')
                       from (select r.id, r.received_at, r.visitor_id, r.detail, r.event
                             from rejected_event r
                             where r.environment_id = $1::int and r.reason = i.reason and r.name = i.name
                                   and not i.is_stored
                             order by r.id desc limit $3::int) s))
               order by i.last_at desc, i.reason, i.name), '[]')
        from counted i)) as view;
