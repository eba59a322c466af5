-- name: distribution_queue
-- for: worker
-- Queues the jobs that are due; returns how many. Leans on the primary keys of cohort, moment and distribution.
select distribution_queue() as queued_count;

-- name: distribution_targets
-- for: worker
-- What a job for campaign $2 of environment $1 has to do: its metrics and phases, each with whether it is done
-- already for the data as it stands. Leans on the primary keys of cohort, moment and distribution.
select t.campaign_id, t.phase, t.metric_id, t.is_mean, t.scale, t.last_day, t.variants, t.confidence, t.state,
       t.state is not distinct from d.state as is_current
from distribution_target t
left join distribution d on d.campaign_id = t.campaign_id and d.phase = t.phase and d.experience = ''
     and d.metric_id = t.metric_id
where t.environment_id = $1::int and t.campaign = $2
order by t.phase, t.metric_id;

-- name: distribution_values
-- for: worker
-- How many units of each variant have which value, by value: campaign $1, phase $2, metric $3, whether it is a mean
-- ($4), its scale ($5), up to the cohort day $6. Leans on outcome_campaign and exposure's primary key.
select value, variant, units
from distribution_values($1::int, $2::int, $3::int, $4::boolean, $5::text::float8, $6::text::date)
where units > 0;

-- name: distribution_write
-- for: worker
-- Stores document $5 of campaign $1, phase $2, metric $3 at state $4; null: the one that is there still holds.
insert into distribution (campaign_id, phase, metric_id, state, document)
values ($1::int, $2::int, $3::int, $4, coalesce($5::jsonb, '{}'))
on conflict (campaign_id, phase, experience, metric_id) do update
set as_of = now(), state = excluded.state, document = coalesce($5::jsonb, distribution.document);

-- name: distribution_start
-- for: desk
-- Queues a job for campaign $2 of environment $1, asked for by $3, or finds the one that waits; returns its id and
-- view, no row when there is no such campaign; one of totals is refused. Leans on job_open.
with c as (
    select environment_id, key from campaign
    where environment_id = $1::int and key = $2 and must_have_visitors(id)
),
there as (
    select j.id, job_view(j, true)::json as view
    from c join job j on j.environment_id = c.environment_id and j.kind = 'distribution'
         and j.input ->> 'campaign' = c.key and j.state = 'queued'
    limit 1
),
fresh as (
    insert into job (environment_id, kind, input, actor)
    select environment_id, 'distribution', json_build_object('campaign', key), $3 from c
    where not exists (select from there)
    returning id, job_view(job, true)::json as view
)
select id, view from there union all select id, view from fresh;
