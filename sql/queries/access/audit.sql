-- What was changed, by whom; who was refused, and who looked at people's data.

-- name: audit_list
-- for: desk
-- Views, newest first, of the environment and of what belongs to none (users, sessions); leans on audit_log_pkey.
select a.id::text as cursor, jsonb_build_object('id', a.id, 'at', rfc3339(a.at), 'actor', a.actor,
    'actor_name', audit_actor_name(a.actor), 'action', a.action, 'resource', a.resource,
    'resource_name', audit_resource_name(a), 'before', a.before, 'after', a.after) as item
from audit_log a
where (a.environment_id = $1::int or a.environment_id is null)
  and a.id < case when $2::text ~ '^[0-9]{1,18}$' then $2::bigint else 9223372036854775807 end
order by a.id desc limit $3::int;

-- name: audit_note
-- for: desk
-- Writes what belongs to no change: actor, environment or null, action, resource, and how often from where.
insert into audit_log (actor, environment_id, action, resource, after, is_note)
values ($1::text, $2::int, $3::text, $4::text, $5::jsonb, true);

-- name: audit_trim
-- for: worker
-- Forgets refusals and readings of more than $1 days ago: audit_forget. Returns how many.
select audit_forget($1::int) as note_count;

-- name: rejected_event_list
-- for: desk
-- Events that were refused one by one, newest first; leans on rejected_event_pkey.
select r.id::text as cursor, jsonb_build_object('id', r.id, 'received_at', rfc3339(r.received_at),
    'reason', r.reason, 'name', r.name, 'visitor_id', r.visitor_id, 'detail', r.detail, 'event', r.event) as item
from rejected_event r
where r.environment_id = $1::int
  and r.id < case when $2::text ~ '^[0-9]{1,18}$' then $2::bigint else 9223372036854775807 end
order by r.id desc limit $3::int;
