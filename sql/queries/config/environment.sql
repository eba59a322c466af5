-- Environments. Lists take (environment, after, limit), reads (environment, key or null,
-- whether what a change is checked against is wanted), changes (actor, environment, clock, action, key,
-- document, plan). A read always returns one row; a change returns none when the clock has moved.

-- name: environment_list
-- for: desk
-- Views by key; leans on environment_key_key. Without an environment: all.
select e.key as cursor, environment_view(e) as item
from environment e
where e.archived_at is null and e.id = coalesce($1::int, e.id) and e.key > coalesce($2::text, '')
order by e.key limit $3::int;

-- name: environment_list_open
-- for: desk
-- The same of those that are open to user $1; leans on environment_role_pkey, too.
select e.key as cursor, environment_view(e) as item
from environment e join app_user u on u.id = $1::int
where e.archived_at is null and user_role_in(u, e.id) <> 'none' and e.key > coalesce($2::text, '')
order by e.key limit $3::int;

-- name: environment_read
-- for: desk
-- Clock, version, view, context; leans on environment_key_key.
select config_clock(e.id) as clock, e.version, environment_view(e) as view,
       case when $3::boolean then jsonb_build_object(
           'used_by', (select min(c.key) from campaign c
                       where c.environment_id = e.id and c.status in ('running', 'paused')),
           'started', (select min(c.key) from campaign c where c.environment_id = e.id and c.phase > 0),
           'others', (select count(*) from environment o where o.archived_at is null and o.id <> e.id)) end as context
from (select) one
left join environment e on e.key = $2::text and e.archived_at is null and e.id = coalesce($1::int, e.id);

-- name: environment_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from environment_change($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);

-- name: environment_find
-- for: desk
-- The id of an environment by its key; leans on environment_key_key.
select id from environment where key = $1::text and archived_at is null;

-- name: environment_open
-- for: desk
-- The same, and the role that user $2 has there ('none': it is closed); leans on environment_role_pkey, too.
select e.id, user_role_in(u, e.id) as role
from environment e join app_user u on u.id = $2::int
where e.key = $1::text and e.archived_at is null;
