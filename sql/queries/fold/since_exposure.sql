-- name: since_exposure_queue
-- for: worker
-- Queues the jobs that are due; returns how many. Leans on the primary keys of cohort, moment and since_exposure.
select since_exposure_queue() as queued_count;

-- name: since_exposure_due
-- for: worker
-- The phases of environment $1 that are to be gone over. Leans on the primary keys of cohort, moment and
-- since_exposure.
select campaign_id, phase, state from since_exposure_due where environment_id = $1::int
order by campaign_id, phase;

-- name: since_exposure_write
-- for: worker
-- Goes over units of campaign $1, phase $2, and stores what they did by day as the state $3. Leans on
-- exposure_campaign, exposure's and visitor_event's primary keys.
insert into since_exposure (campaign_id, phase, state, document)
values ($1::int, $2::int, $3, since_exposure_of($1::int, $2::int))
on conflict (campaign_id, phase, experience) do update
set as_of = now(), state = excluded.state, document = excluded.document;
