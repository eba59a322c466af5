-- Access keys. Lists take (environment, after, limit), reads (environment, key or null,
-- whether what a change is checked against is wanted), changes (actor, environment, clock, action, key,
-- document, plan). A read always returns one row; a change returns none when the clock has moved.

-- name: access_key_list
-- for: desk
-- Views by id, revoked ones too; leans on access_key_pkey.
select k.id::text as cursor, access_key_view(k) as item
from access_key k
where k.environment_id = $1::int and k.id > case when $2::text ~ '^[0-9]{1,9}$' then $2::int else 0 end
order by k.id limit $3::int;

-- name: access_key_read
-- for: desk
-- Clock, version, view, context; a scan of a small table.
select config_clock($1::int) as clock, k.version, access_key_view(k) as view,
       case when $3::boolean then '{}'::jsonb end as context
from (select) one
left join access_key k on k.environment_id = $1::int and k.id::text = $2::text and k.revoked_at is null;

-- name: access_key_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from access_key_change($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);
