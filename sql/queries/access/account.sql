-- What users sign in by.

-- name: account_find
-- for: desk
-- The password's hash of the user with the e-mail address $1, or of user $2, and the second factor: the sealed
-- secret in hex or null, whether it is confirmed, the step used last, for how many seconds it is locked. One that was
-- not confirmed in a quarter of an hour is none. No row: there is nobody who could sign in by a password. Leans on
-- app_user_email_key, app_user_pkey and second_factor_pkey.
select u.id as user_id, u.email, u.password_hash as hash, encode(f.secret, 'hex') as secret,
       f.confirmed_at is not null as is_confirmed, coalesce(f.step, 0) as step,
       coalesce(greatest(ceil(extract(epoch from f.locked_until - now())), 0), 0)::bigint as locked_s
from app_user u
left join second_factor f on f.user_id = u.id
     and (f.confirmed_at is not null or f.created_at > now() - interval '15 minutes')
where (u.email = $1::text or u.id = $2::int) and u.disabled_at is null;

-- name: account_change
-- for: desk
-- What user $1 changes of the own account: see the function.
select account_change($1::int, $2::text, $3::text, $4::text, $5::bytea) as is_changed;
