-- name: install_read
-- for: desk
-- How far an environment ($1) is on the way to its first experiment, as one JSON document: {edge_url ($2), client_keys:
-- [{id, name, token}], last_event, last_exposure, last_goal: {name, at} or null, goal_events: [name], campaign: {key,
-- name} of the newest or null, has_started}. Events are those of sites: not of imports, not of simulations, of the last
-- seven UTC days; 'at' is when one arrived. Goals are what the campaigns are measured by, or, without any, all metrics.
-- Leans on event_hour_day.
with sent as materialized (
    select name, max(site_seen_at) as at from event_hour
    where environment_id = $1::int and day > (now() at time zone 'UTC')::date - 7 and site_seen_at is not null
    group by name
),
own as materialized (
    select id, key, document, phase from campaign c
    where environment_id = $1::int and not exists (select from import i where i.campaign_id = c.id)
),
goal as materialized (
    select distinct m.definition #>> '{numerator,event}' as name, wanted.key is not null as is_wanted
    from metric m
    left join (select distinct e ->> 'key' as key from own, jsonb_array_elements(own.document -> 'metrics') e) wanted
         on wanted.key = m.key
    where m.environment_id = $1::int and m.is_current and m.archived_at is null
),
chosen as (
    select distinct name from goal where is_wanted or not exists (select from goal where is_wanted)
),
seen as (
    select 'last_event' as kind, name, at from sent
    union all
    select 'last_exposure', name, at from sent where name = 'exposure'
    union all
    select 'last_goal', name, at from sent where name in (select name from chosen)
)
select jsonb_build_object(
           'edge_url', $2::text,
           'client_keys', (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'token', k.token)
                                                     order by k.id), '[]')
                           from access_key k
                           where k.environment_id = $1::int and k.kind = 'client' and k.revoked_at is null),
           'last_event', null, 'last_exposure', null, 'last_goal', null,
           'goal_events', (select coalesce(jsonb_agg(name order by name), '[]') from chosen),
           'campaign', (select jsonb_build_object('key', key, 'name', document ->> 'name') from own
                        order by id desc limit 1),
           'has_started', exists (select from own where phase > 0))
       || (select coalesce(jsonb_object_agg(kind, jsonb_build_object('name', name, 'at', rfc3339(at))), '{}')
           from (select distinct on (kind) kind, name, at from seen order by kind, at desc, name) newest) as view;
