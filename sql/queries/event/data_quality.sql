-- name: data_quality_read
-- for: desk
-- What the sites of an environment ($1) sent on the last $2 UTC days, today among them, by name, over all slices, as
-- one JSON document: {days: [day], names: [{name, event_count, value_share, currency_share, unassigned_count,
-- last_seen_at, day_counts: [events of each day]}], other, total}. Names are the 200 with the most events; 'other' is
-- what came under further names, null where nothing did. Leans on event_hour_day.
with today (day) as (select (now() at time zone 'UTC')::date),
days as (select today.day - i as day from today, generate_series(0, $2::int - 1) i),
sent as materialized (
    select name, h.day, sum(event_count) as events, sum(value_count) as with_value,
           sum(currency_count) as with_currency,
           sum(unassigned_count) as unassigned, max(last_seen_at) as last_at
    from event_hour h, today
    where environment_id = $1::int and h.day > today.day - $2::int and h.day <= today.day
    group by name, h.day
),
shown as (
    select name from sent where name <> '' group by name order by sum(events) desc, name limit 200
),
part as (
    select case when shown.name is null then 'other' else 'name' end as kind, coalesce(shown.name, '') as name,
           s.day, s.events, s.with_value, s.with_currency, s.unassigned, s.last_at
    from sent s left join shown on shown.name = s.name
    union all
    select 'total', '', s.day, s.events, s.with_value, s.with_currency, s.unassigned, s.last_at from sent s
),
course as (
    select p.kind, p.name, p.day, sum(p.events) as events, sum(p.with_value) as with_value,
           sum(p.with_currency) as with_currency, sum(p.unassigned) as unassigned, max(p.last_at) as last_at
    from part p group by p.kind, p.name, p.day
),
told as (
    select g.kind, g.name, coalesce(sum(c.events), 0) as events,
           jsonb_build_object(
               'event_count', coalesce(sum(c.events), 0),
               'value_share', round(sum(c.with_value) / sum(c.events), 6)::float8,
               'currency_share', round(sum(c.with_currency) / sum(c.events), 6)::float8,
               'unassigned_count', coalesce(sum(c.unassigned), 0), 'last_seen_at', rfc3339(max(c.last_at)),
               'day_counts', jsonb_agg(coalesce(c.events, 0) order by days.day)) as said
    from (select distinct kind, name from part union select 'total', '') g
    cross join days
    left join course c on c.kind = g.kind and c.name = g.name and c.day = days.day
    group by g.kind, g.name
)
select jsonb_build_object(
    'days', (select jsonb_agg(day order by day) from days),
    'names', (select coalesce(jsonb_agg(jsonb_build_object('name', name) || said order by events desc, name), '[]')
              from told where kind = 'name'),
    'other', (select said from told where kind = 'other'),
    'total', (select said from told where kind = 'total')) as view;
