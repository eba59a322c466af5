-- What users sign in by.

-- name: account_find
-- for: desk
-- The password's hash of the user with the e-mail address $1, or of user $2; no row: there is none who could sign
-- in by one. Leans on app_user_email_key and app_user_pkey.
select id as user_id, password_hash as hash from app_user
where (email = $1::text or id = $2::int) and disabled_at is null;

-- name: account_change
-- for: desk
-- What user $1 changes of the own account: see the function.
select account_change($1::int, $2::text, $3::text, $4::text, $5::bytea) as is_changed;
