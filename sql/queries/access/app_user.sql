-- Users: parameters and columns as in access_key.sql, but that they belong to no environment.

-- name: app_user_list
-- for: desk
-- Views by id; leans on app_user_pkey.
select u.id::text as cursor, user_view(u) as item
from app_user u
where $1::int is null and u.id > case when $2::text ~ '^[0-9]{1,9}$' then $2::int else 0 end
order by u.id limit $3::int;

-- name: app_user_read
-- for: desk
-- Clock, version, view, context: how many other admins there are; a scan of a small table.
select user_clock() as clock, u.version, user_view(u) as view,
       case when $3::boolean then jsonb_build_object('other_admins',
           (select count(*) from app_user a
            where a.role = 'admin' and a.disabled_at is null and a.id is distinct from u.id)) end as context
from (select) one
left join app_user u on $1::int is null and u.id::text = $2::text;

-- name: app_user_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from user_change($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);
