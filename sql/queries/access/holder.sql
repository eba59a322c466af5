-- Who holds a token.

-- name: holder_by_key
-- for: desk
-- id, whether it is a user, role, environment of a key that holds; leans on access_key_token_sha256_key.
select k.id, false as is_user, k.role, k.environment_id
from access_key k join environment e on e.id = k.environment_id
where k.token_sha256 = $1::bytea and k.revoked_at is null and e.archived_at is null;

-- name: holder_by_session
-- for: desk
-- The same of a user with a session that holds, in the first environment that is open; leans on session_pkey and
-- environment_role_pkey. Notes, at most once a minute, that the session was seen.
with seen as (
    update session set seen_at = now()
    where token_sha256 = $1::bytea and seen_at < now() - interval '1 minute' and session_holds(session))
select u.id, true as is_user, coalesce(user_role_in(u, e.id), u.role) as role, e.id as environment_id
from session s join app_user u on u.id = s.user_id
left join lateral (select o.id from environment o
                   where o.archived_at is null and user_role_in(u, o.id) <> 'none'
                   order by o.id limit 1) e on true
where s.token_sha256 = $1::bytea and session_holds(s) and u.disabled_at is null;
