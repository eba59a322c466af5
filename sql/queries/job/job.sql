-- name: job_waiting
-- for: worker
-- Whether there is a job nobody works on. Leans on job_open.
select job_waiting() as is_waiting;

-- name: job_claim
-- for: worker
-- Takes the first job nobody works on for this session: one row, of nulls when there is none. Leans on job_open.
select id, environment_id, kind, input from job_claim();

-- name: job_progress
-- for: worker
-- Says how far job $1 is; no row: it was cancelled. Leans on the primary key.
update job set progress = $2::float8 where id = $1::int and state = 'running' returning id;

-- name: job_end
-- for: worker
-- Ends job $1: with a result ($2), or with the sentence why there is none ($3). Leans on the primary key.
update job set state = case when $3::text is null then 'done' else 'failed' end, result = $2::json, problem = $3,
               progress = case when $3 is null then 1 else progress end, ended_at = now()
where id = $1::int and state = 'running';

-- name: job_trim
-- for: worker
-- Forgets jobs that ended a month ago. Reads job, which is kept small by this.
delete from job where ended_at < now() - interval '30 days';

-- name: job_start
-- for: desk
-- Queues a job of environment $1, kind $2, input $3, asked for by $4. Returns its id and view; no row when $5 of
-- them wait or run already. A proof of no phase is of the one that is the newest now. Leans on job_open and the key of
-- campaign.
insert into job (environment_id, kind, input, actor)
select $1::int, $2,
       coalesce((select ($3::jsonb || jsonb_build_object('phase', c.phase))::json from campaign c
                 where $2 = 'prove' and c.environment_id = $1::int and c.key = $3::json ->> 'campaign'
                   and $3::json ->> 'phase' is null), $3::json), $4
where (select count(*) from job where state in ('queued', 'running') and environment_id = $1::int) < $5::int
returning id, job_view(job, true)::json as view;

-- name: job_list
-- for: desk
-- Jobs of environment $1, newest first, before id $2 (null: from the newest), at most $3, without their results; of
-- kind $4 and about campaign $5 (null: of all). Leans on job_environment.
select id::text as cursor, job_view(job, false)::json as item
from job where environment_id = $1::int and id < coalesce($2::int, 2147483647)
  and ($4::text is null or kind = $4::text) and ($5::text is null or input ->> 'campaign' = $5::text)
order by id desc limit $3::int;

-- name: job_read
-- for: desk
-- Job $2 of environment $1. Leans on the primary key.
select id, job_view(job, true)::json as view from job where id = $2::int and environment_id = $1::int;

-- name: job_cancel
-- for: desk
-- Cancels job $2 of environment $1: whether it was there, and whether it was still open. Leans on the primary key.
with old as (select id, state from job where id = $2::int and environment_id = $1::int),
     gone as (update job set state = 'cancelled', ended_at = now()
              where id = (select id from old) and state in ('queued', 'running') returning id)
select exists (select from gone) as is_cancelled from old;
