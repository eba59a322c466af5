-- Dimensions. Lists take (environment, after, limit), reads (environment, key or null,
-- whether what a change is checked against is wanted), changes (actor, environment, clock, action, key,
-- document, plan). A read always returns one row; a change returns none when the clock has moved.

-- name: dimension_list
-- for: desk
-- Views by key; leans on dimension_environment_id_key_key.
select t.key as cursor, dimension_view(t) as item
from dimension t
where t.environment_id = $1::int and t.archived_at is null and t.key > coalesce($2::text, '')
order by t.key limit $3::int;

-- name: dimension_read
-- for: desk
-- Clock, version, view, context; leans on dimension_environment_id_key_key.
select config_clock($1::int) as clock, t.version, dimension_view(t) as view,
       case when $3::boolean then jsonb_build_object('count', (
           select count(*) from dimension d where d.environment_id = $1::int and d.archived_at is null)) end as context
from (select) one
left join dimension t on t.environment_id = $1::int and t.key = $2::text and t.archived_at is null;

-- name: dimension_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from document_change('dimension', $1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);
