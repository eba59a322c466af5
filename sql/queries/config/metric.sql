-- Metrics. Lists take (environment, after, limit), reads (environment, key or null,
-- whether what a change is checked against is wanted), changes (actor, environment, clock, action, key,
-- document, plan). A read always returns one row; a change returns none when the clock has moved.

-- name: metric_list
-- for: desk
-- Views by key; leans on metric_current.
select t.key as cursor, metric_view(t) as item
from metric t
where t.environment_id = $1::int and t.is_current and t.key > coalesce($2::text, '')
order by t.key limit $3::int;

-- name: metric_read
-- for: desk
-- Clock, version, view, context; leans on metric_current.
select config_clock($1::int) as clock, t.version, metric_view(t) as view,
       case when $3::boolean then jsonb_build_object(
           'used_by', metrics_in_use($1::int) -> t.key,
           'currency', (select e.document -> 'currency' from environment e where e.id = $1::int)) end as context
from (select) one
left join metric t on t.environment_id = $1::int and t.key = $2::text and t.is_current;

-- name: metric_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from metric_change($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);
