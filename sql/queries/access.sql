-- Who asks: keys, sessions, one-time login links.

-- name: access_by_key
-- for: desk
-- id, kind, role, environment of a key that holds; leans on access_key_token_sha256_key.
select k.id, k.kind, k.role, k.environment_id
from access_key k join environment e on e.id = k.environment_id
where k.token_sha256 = $1::bytea and k.revoked_at is null and e.archived_at is null;

-- name: access_by_session
-- for: desk
-- The same of a user with a session that holds, in the first environment; leans on session_pkey.
select u.id, 'user', u.role,
       (select id from environment where archived_at is null order by id limit 1)
from session s join app_user u on u.id = s.user_id
where s.token_sha256 = $1::bytea and s.expires_at > now() and u.disabled_at is null;

-- name: access_open_session
-- for: desk
-- Uses up the link $1 and opens the session $2 for so many hours; the user's id, or no row. Links and
-- sessions that ended are forgotten on the way.
with old_links as (
    delete from login_link where expires_at < now() - interval '1 day'),
old_sessions as (
    delete from session where expires_at < now()),
used as (
    update login_link l set used_at = now()
    from app_user u
    where l.token_sha256 = $1::bytea and l.used_at is null and l.expires_at > now()
      and u.id = l.user_id and u.disabled_at is null
    returning l.user_id),
opened as (
    insert into session (token_sha256, user_id, expires_at)
    select $2::bytea, user_id, now() + $3::int * interval '1 hour' from used
    returning user_id),
noted as (
    insert into audit_log (actor, action, resource)
    select 'user:' || user_id, 'session.open', user_id::text from opened)
select user_id from opened;

-- name: access_close_session
-- for: desk
-- Forgets a session and notes who left; leans on session_pkey.
with closed as (
    delete from session where token_sha256 = $1::bytea returning user_id)
insert into audit_log (actor, action, resource)
select 'user:' || user_id, 'session.close', user_id::text from closed;

-- name: session_read
-- for: desk
-- The user $1 (null when a key asks) with all environments, as one document; leans on app_user_pkey.
select json_build_object(
    'user', (select json_build_object('id', id, 'email', email, 'role', role)
             from app_user where id = $1::int),
    'environments', (select coalesce(json_agg(json_build_object(
                         'key', key, 'name', document->>'name', 'time_zone', document->>'time_zone',
                         'currency', document->>'currency', 'is_panic', is_panic) order by id), '[]')
                     from environment
                     where archived_at is null and ($2::int is null or id = $2::int)));
