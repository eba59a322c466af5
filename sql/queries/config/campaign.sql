-- Campaigns. Lists take (environment, after, limit), reads (environment, key or null,
-- whether what a change is checked against is wanted), changes (actor, environment, clock, action, key,
-- document, plan). A read always returns one row; a change returns none when the clock has moved.

-- name: campaign_list
-- for: desk
-- Views by key; leans on campaign_environment_id_key_key.
select t.key as cursor, campaign_view(t) as item
from campaign t
where t.environment_id = $1::int and t.key > coalesce($2::text, '')
order by t.key limit $3::int;

-- name: campaign_read
-- for: desk
-- Clock, version, view, context; leans on campaign_environment_id_key_key. Rivals are read of what runs: a draft is
-- saved as it is typed.
select config_clock($1::int) as clock, t.version, campaign_view(t) as view,
       case when $3::boolean then campaign_context($1::int, t.id, t.status in ('running', 'paused')) end as context
from (select) one
left join campaign t on t.environment_id = $1::int and t.key = $2::text;

-- name: campaign_read_start
-- for: desk
-- The same, with rivals; leans on campaign_environment_id_key_key.
select config_clock($1::int) as clock, t.version, campaign_view(t) as view,
       case when $3::boolean then campaign_context($1::int, t.id, true) end as context
from (select) one
left join campaign t on t.environment_id = $1::int and t.key = $2::text;

-- name: campaign_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from campaign_change($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);
