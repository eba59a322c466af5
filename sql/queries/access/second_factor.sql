-- Second factors of users.

-- name: second_factor_show
-- for: desk
-- Whether user $1 has one, and how many recovery codes are left, as one document; leans on second_factor_pkey and
-- recovery_code_pkey.
select json_build_object('is_on', has_second_factor($1::int), 'recovery_codes_left',
    (select count(*) from recovery_code where user_id = $1::int and used_at is null)) as view;

-- name: second_factor_begin
-- for: desk
-- Keeps the sealed secret $2 of user $1, in place of one that was not confirmed; whether it did.
with begun as (
    insert into second_factor as f (user_id, secret) values ($1::int, $2::bytea)
    on conflict (user_id) do update set secret = excluded.secret, created_at = now(), failed_count = 0,
        locked_until = null
    where f.confirmed_at is null
    returning 1)
select exists (select from begun) as is_changed;

-- name: second_factor_confirm
-- for: desk
-- From now on user $1 is asked for it: see the function.
select second_factor_confirm($1::int, $2::bigint, $3::text, $4::bytea) as is_changed;

-- name: second_factor_fail
-- for: desk
-- Counts a wrong code of user $1.
select second_factor_fail($1::int);

-- name: second_factor_remove
-- for: desk
-- Takes it from user $1, where the code of step $2 or of hash $3 holds; whether it did.
select case when second_factor_use($1::int, $2::bigint, $3::bytea)
            then second_factor_remove('user:' || $1::int, $1::int) else false end as is_changed;

-- name: second_factor_reset
-- for: tool
-- Takes it from the user with the e-mail address $1: how many there are, and whether it had one. Leans on
-- app_user_email_key.
select count(*) as user_count, coalesce(bool_or(second_factor_remove('system', id)), false) as is_changed
from app_user where email = $1::text;
