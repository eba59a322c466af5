-- Flags. Lists take (environment, after, limit), reads (environment, key or null,
-- whether what a change is checked against is wanted), changes (actor, environment, clock, action, key,
-- document, plan). A read always returns one row; a change returns none when the clock has moved.

-- name: flag_list
-- for: desk
-- Views by key; leans on flag_environment_id_key_key.
select t.key as cursor, flag_view(t) as item
from flag t
where t.environment_id = $1::int and t.archived_at is null and t.key > coalesce($2::text, '')
order by t.key limit $3::int;

-- name: flag_read
-- for: desk
-- Clock, version, view, context; leans on flag_environment_id_key_key.
select config_clock($1::int) as clock, t.version, flag_view(t) as view,
       case when $3::boolean then jsonb_build_object('used_by', flags_in_use($1::int) -> t.key) end as context
from (select) one
left join flag t on t.environment_id = $1::int and t.key = $2::text and t.archived_at is null;

-- name: flag_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from document_change('flag', $1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);
