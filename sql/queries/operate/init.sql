-- What the command line makes a new installation with.

-- name: init_client_key
-- for: tool
-- The token of an environment's oldest client key that holds; leans on access_key_pkey.
select token from access_key
where environment_id = $1::int and kind = 'client' and revoked_at is null
order by id limit 1;

-- name: init_secret_key
-- for: tool
-- Whether an environment has a secret key of an admin that holds; leans on access_key_pkey.
select exists (select from access_key where environment_id = $1::int and kind = 'secret' and role = 'admin'
               and revoked_at is null) as is_there;

-- name: init_admin
-- for: tool
-- Makes the first admin, when there is nobody.
insert into app_user (email, role)
select 'admin@localhost', 'admin' where not exists (select from app_user);

-- name: init_login_link
-- for: tool
-- A link for the first admin, by the hash of its token; no row when there is no admin.
insert into login_link (token_sha256, user_id, expires_at)
select $1::bytea, min(id), now() + interval '1 hour' from app_user
where role = 'admin' and disabled_at is null having min(id) is not null
returning user_id;
