-- name: overlap_queue
-- for: worker
-- Queues the jobs that are due; returns how many. Leans on the primary keys of cohort, moment and overlap.
select overlap_queue() as queued_count;

-- name: overlap_due
-- for: worker
-- The phases of environment $1 that are to be gone over. Leans on the primary keys of cohort, moment and overlap.
select campaign_id, phase, metric_id, last_day, state from overlap_due where environment_id = $1::int
order by campaign_id, phase;

-- name: overlap_write
-- for: worker
-- Joins the units of campaign $1, phase $2, on metric $3 with those of other campaigns, up to the cohort day $4,
-- and stores it as the state $5. Leans on exposure_campaign, exposure's and outcome's primary keys.
insert into overlap (campaign_id, phase, state, document)
values ($1::int, $2::int, $5, overlap_of($1::int, $2::int, $3::int, $4::text::date))
on conflict (campaign_id, phase, experience) do update
set as_of = now(), state = excluded.state, document = excluded.document;
