-- Sessions of people, opened by one-time links or passwords.

-- name: session_open
-- for: desk
-- Uses up the link $1 and opens the session $2 for so many hours, by the browser $4; whether the user still has to
-- set a password, or no row. Links and sessions that ended are forgotten on the way.
with old_links as (
    delete from login_link where expires_at < now() - interval '1 day'),
old_sessions as (
    delete from session where not session_holds(session)),
used as (
    update login_link l set used_at = now()
    from app_user u
    where l.token_sha256 = $1::bytea and l.used_at is null and l.expires_at > now()
      and u.id = l.user_id and u.disabled_at is null
    returning l.user_id, u.password_hash is null as is_new),
opened as (
    insert into session (token_sha256, user_id, expires_at, agent)
    select $2::bytea, user_id, now() + $3::int * interval '1 hour', $4::text from used
    returning user_id),
noted as (
    insert into audit_log (actor, action, resource)
    select 'user:' || user_id, 'session.open', user_id::text from opened)
select is_new from used;

-- name: session_open_by_password
-- for: desk
-- Opens the session $3 for so many hours, by the browser $5, if user $1 still has the password of hash $2, and the
-- code of step $6, or of hash $7, holds where there is a second factor: a row tells that it did. Sessions that ended
-- are forgotten on the way.
with old_sessions as (
    delete from session where not session_holds(session)),
opened as (
    insert into session (token_sha256, user_id, expires_at, agent)
    select $3::bytea, id, now() + $4::int * interval '1 hour', $5::text from app_user
    where id = $1::int and password_hash = $2::text and disabled_at is null
      and case when has_second_factor(id) then second_factor_use(id, $6::bigint, $7::bytea) else true end
    returning user_id),
noted as (
    insert into audit_log (actor, action, resource)
    select 'user:' || user_id, 'session.open', user_id::text from opened)
select false as is_new from opened;

-- name: session_open_by_provider
-- for: desk
-- Opens the session $1 for so many hours, by the browser $3, for whom a provider calls $4 and gives the address $5 and
-- the role $6 (or null), new ones with the role $7 (or null): whether it did; see the function.
select provider_sign_in($4::text, $5::text, $6::text, $7::text, $1::bytea, $2::int, $3::text) as is_opened;

-- name: session_close
-- for: desk
-- Forgets a session and notes who left; leans on session_pkey.
with closed as (
    delete from session where token_sha256 = $1::bytea returning user_id)
insert into audit_log (actor, action, resource)
select 'user:' || user_id, 'session.close', user_id::text from closed;

-- name: session_close_own
-- for: desk
-- Forgets session $2 of user $1, all of theirs when $2 is null, and notes it: their number. Leans on session_of_user.
with closed as (
    delete from session where user_id = $1::int and ($2::int is null or id = $2::int) returning id),
noted as (
    insert into audit_log (actor, action, resource)
    select 'user:' || $1::int, 'session.close', $1::int::text from closed)
select count(*) as closed_count from closed;

-- name: session_list
-- for: desk
-- The open sessions of user $1, the last seen first, as one document; $2 is the one that asks. Leans on
-- session_of_user.
select json_build_object('items', coalesce(json_agg(json_build_object(
    'id', id, 'agent', agent, 'created_at', rfc3339(created_at), 'seen_at', rfc3339(seen_at),
    'expires_at', rfc3339(expires_at), 'is_current', token_sha256 = $2::bytea) order by seen_at desc, id), '[]'))
    as view
from session where user_id = $1::int and session_holds(session);

-- name: session_read
-- for: desk
-- The user $1 (null when a key asks) with all environments that are open, as one document; leans on app_user_pkey
-- and environment_role_pkey.
select json_build_object(
    'user', (select json_build_object('id', id, 'email', email, 'role', role,
                                              'has_password', password_hash is not null,
                                              'has_second_factor', has_second_factor(id))
             from app_user where id = $1::int),
    'environments', (select coalesce(json_agg(json_build_object(
                         'key', e.key, 'name', e.document->>'name', 'time_zone', e.document->>'time_zone',
                         'currency', e.document->>'currency', 'is_panic', e.is_panic,
                         'role', coalesce(user_role_in(u, e.id), $3::text)) order by e.id), '[]')
                     from environment e left join app_user u on u.id = $1::int
                     where e.archived_at is null and ($2::int is null or e.id = $2::int)
                       and (u.id is null or user_role_in(u, e.id) <> 'none'))) as view;
