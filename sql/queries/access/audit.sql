-- What was changed, by whom; who was refused, and who looked at people's data.

-- name: audit_list
-- for: desk
-- A page of lines of the environment $1, and where $2 is true of those that belong to none (users, sessions), the
-- newest first, as one document: by whom ($3), of which action or half of one ($4), about what ($5), since $6 and
-- before $7, behind the time $8 (microseconds) and number $9 where these are given, at most $10. What is null is not
-- asked. Looks at 5,000 lines and no more: where there are others, next is behind the last of these. Leans on
-- audit_log_time.
with asked as materialized (
    select audit_actors($1::int, $3::text) as actors, audit_subjects($1::int, $5::text) as subjects,
           coalesce($6::timestamptz, '-infinity') as since, coalesce($7::timestamptz, 'infinity') as until,
           coalesce(to_timestamp(0) + $8::bigint * interval '1 microsecond', 'infinity') as behind_at,
           coalesce($9::bigint, 0) as behind_id),
looked as materialized (
    select * from (
        (select a.id, a.at, a.actor, a.action, a.resource from asked q, audit_log a
         where a.environment_id = $1::int and a.at >= q.since and a.at < q.until
               and (a.at, a.id) < (q.behind_at, q.behind_id)
         order by a.environment_id desc, a.at desc, a.id desc limit 5000)
        union all
        (select a.id, a.at, a.actor, a.action, a.resource from asked q, audit_log a
         where $2::boolean and a.environment_id is null and a.at >= q.since and a.at < q.until
               and (a.at, a.id) < (q.behind_at, q.behind_id)
         order by a.environment_id desc, a.at desc, a.id desc limit 5000)) lines
    order by at desc, id desc limit 5000),
found as materialized (
    select l.at, l.id from looked l, asked q
    where ($3::text is null or l.actor = any (q.actors))
          and ($4::text is null or $4::text in (l.action, split_part(l.action, '.', 1), split_part(l.action, '.', 2)))
          and ($5::text is null or l.resource = $5::text
               or split_part(l.action, '.', 1) || ':' || l.resource = any (q.subjects))
    order by l.at desc, l.id desc limit $10::int + 1),
shown as materialized (
    select at, id from found order by at desc, id desc limit $10::int),
last as (
    (select at, id, false as is_searched from shown
     where (select count(*) from found) > $10::int order by at, id limit 1)
    union all
    (select at, id, true from looked
     where (select count(*) from found) <= $10::int and (select count(*) from looked) = 5000 order by at, id limit 1))
select json_build_object(
    'items', (select coalesce(json_agg(json_build_object('id', a.id, 'at', rfc3339(a.at), 'actor', a.actor,
                  'actor_name', audit_actor_name(a.actor), 'action', a.action, 'resource', a.resource,
                  'resource_name', audit_resource_name(a), 'before', a.before, 'after', a.after)
                  order by a.at desc, a.id desc), '[]')
              from shown s join audit_log a on a.id = s.id),
    'next', (select (extract(epoch from at) * 1000000)::bigint || '_' || id from last),
    'searched_to', (select rfc3339(at) from last where is_searched)) as view;

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
