-- name: backlog_read
-- for: desk
-- What waits in the database: (measure, of what, value), measures in the order of enum backlog_measure. How
-- long the oldest event has waited for its slowest reader (leans on visitor_event_writer); jobs by state, and how long
-- the oldest has been queued (job_open); refused events by environment (reads rejected_event, which is kept
-- small); days ahead for which there are partitions (pg_class_relname_nsp_index).
select 0 as measure, null as subject, coalesce(extract(epoch from now() - unread_since(null)), 0)::float8 as value
union all
select 1, s.state, (select count(*) from job where job.state = s.state)::float8
from (values ('queued'), ('running')) s (state)
union all
select 2, null, coalesce(max(extract(epoch from now() - created_at)), 0)::float8 from job where state = 'queued'
union all
select 3, n.key, (select count(*) from rejected_event r where r.environment_id = n.id)::float8 from environment n
union all
select 4, null, count(*)::float8
from generate_series(0, 30) ahead (days)
where to_regclass('visitor_event_' || to_char((now() at time zone 'UTC')::date + days, 'YYYYMMDD')) is not null
order by 1, 2;
