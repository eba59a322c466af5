-- name: backlog_read
-- for: desk
-- What waits in the database: (measure, of what, reason, event, value), measures in the order of enum backlog_measure.
-- How long the oldest event has waited for its slowest reader (leans on visitor_event_writer); jobs by state, and how
-- long the oldest has been queued (job_open); refused events by environment (reads rejected_event, which is kept
-- small); days ahead for which there are partitions (pg_class_relname_nsp_index); what was refused or left out since
-- midnight, by environment, reason and event, the 200 most frequent of each (leans on refusal's key and omission_day):
-- of events that nothing measures the senders choose the names, and all are ''.
select 0 as measure, null as subject, null as reason, null as event,
       coalesce(extract(epoch from now() - unread_since(null)), 0)::float8 as value
union all
select 1, s.state, null, null, (select count(*) from job where job.state = s.state)::float8
from (values ('queued'), ('running')) s (state)
union all
select 2, null, null, null, coalesce(max(extract(epoch from now() - created_at)), 0)::float8
from job where state = 'queued'
union all
select 3, n.key, null, null, (select count(*) from rejected_event r where r.environment_id = n.id)::float8
from environment n
union all
select 4, null, null, null, count(*)::float8
from generate_series(0, 30) ahead (days)
where to_regclass('visitor_event_' || to_char((now() at time zone 'UTC')::date + days, 'YYYYMMDD')) is not null
union all
select 5, n.key, t.reason, t.name, t.events::float8
from environment n
cross join lateral (
    select f.reason, case when is_measured_name(n.id, f.name) then f.name else '' end as name,
           sum(f.event_count) as events
    from (select r.reason, r.name, r.event_count from refusal r
          where r.environment_id = n.id and r.day = (now() at time zone 'UTC')::date
          union all
          select o.reason, o.name, o.event_count from omission o
          where o.environment_id = n.id and o.day = (now() at time zone 'UTC')::date) f
    group by 1, 2
    order by 3 desc, 1, 2 limit 200) t
order by 1, 2, 3, 4;
