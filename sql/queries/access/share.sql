-- Share links. Lists take (environment, after, limit), reads (environment, key or null, whether what a change is
-- checked against is wanted), changes (actor, environment, clock, action, key, document, plan). A read always returns
-- one row; a change returns none when the clock has moved.

-- name: share_list
-- for: desk
-- Views by id, those that opened once, too; leans on share_environment.
select s.id::text as cursor, share_view(s) as item
from share s
where s.environment_id = $1::int and s.id > case when $2::text ~ '^[0-9]{1,9}$' then $2::int else 0 end
order by s.id limit $3::int;

-- name: share_read
-- for: desk
-- Clock, version, view, context; leans on share_environment.
select config_clock($1::int) as clock, s.version, share_view(s) as view,
       case when $3::boolean then share_context($1::int) end as context
from (select) one
left join share s on s.environment_id = $1::int and s.id::text = $2::text and s.revoked_at is null;

-- name: share_change
-- for: desk
-- Version and view after the change.
select new_version as version, new_view as view
from share_change($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::jsonb, $7::jsonb);

-- name: share_find
-- for: desk
-- The campaign whose results the link of hash $1 shows, or no row: it never was one, ended, was revoked, or its
-- environment is archived. Leans on share_token_sha256_key.
select c.environment_id, c.key as campaign
from share s
join campaign c on c.id = s.campaign_id
join environment e on e.id = c.environment_id and e.archived_at is null
where s.token_sha256 = $1::bytea and s.revoked_at is null and s.expires_at > now();
