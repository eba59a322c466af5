-- Imports. Lists take (environment, after, limit), reads (environment, key or null, whether what a change is
-- checked against is wanted), changes (actor, environment, clock, action, key, document, plan). A read always returns
-- one row; a change returns none when the clock has moved.

-- name: import_list
-- for: desk
-- Views, the newest first; leans on import_environment.
select i.id::text as cursor, import_view(i) as item
from import i
where i.environment_id = $1::int and i.id < case when $2::text ~ '^[0-9]{1,9}$' then $2::int else 2147483647 end
order by i.id desc limit $3::int;

-- name: import_read
-- for: desk
-- Clock, version, view, context; a scan of a small table.
select config_clock($1::int) as clock, i.version, import_view(i) as view,
       case when $3::boolean then '{}'::jsonb end as context
from (select) one
left join import i on i.environment_id = $1::int and i.id::text = $2::text;

-- name: import_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from import_change($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);
