-- What sums cannot tell: quantiles, capped sums and ranks need the values of all units. A job works them out
-- from outcome now and then.

create table distribution (
    campaign_id int not null,
    phase       int not null,
    metric_id   int not null,
    as_of       timestamptz not null default now(),
    state       text not null,                   -- of the sums it was made at: says whether data changed since
    document    jsonb not null,
    primary key (campaign_id, phase, metric_id)
);

-- What can be asked for a distribution: the metrics of kinds sum, mean and count of each phase, and the state of
-- their sums. A metric with a window reads only the cohort days that ended at least a window ago.
create view distribution_target as
select c.environment_id, c.id as campaign_id, c.key as campaign, c.status, c.stopped_at, p.number as phase,
       cm.metric_id, k.kind = 'mean' as is_mean, k.scale, k.last_day, p.document -> 'variants' as variants,
       coalesce((c.document ->> 'confidence')::float8, 0.95) as confidence, s.state
from campaign c
join environment n on n.id = c.environment_id
join phase p on p.campaign_id = c.id
join campaign_metric cm on cm.campaign_id = c.id and cm.is_computed
join metric m on m.id = cm.metric_id
cross join lateral (
    select m.definition ->> 'kind' as kind,
           case when m.definition #>> '{numerator,value}' is null then 1
                else coalesce((m.definition ->> 'scale')::float8, 1) end as scale,
           case when m.definition ->> 'window_hours' is null then 'infinity'::date
                else ((now() - make_interval(secs => (m.definition ->> 'window_hours')::float8 * 3600))
                      at time zone coalesce(n.document ->> 'time_zone', 'UTC'))::date - 1 end as last_day) k
cross join lateral (
    select concat_ws(' ', u.units, v.sums) as state
    from (select sum(unit_count) as units from cohort h
          where h.campaign_id = c.id and h.phase = p.number and h.dimension = 'all'
                and h.cohort_day <= k.last_day) u
    cross join (select concat_ws(' ', sum(sum_n), sum(sum_d), sum(sum_nn), sum(sum_nd), sum(sum_nnn)) as sums
                from moment s
                where s.campaign_id = c.id and s.phase = p.number and s.metric_id = cm.metric_id
                      and s.dimension = 'all' and s.cohort_day <= k.last_day) v
    where u.units > 0) s
where k.kind in ('sum', 'mean', 'count');

-- How many units of each variant have which value, by value: sums per unit, zeros among them; of a mean each
-- unit's own mean, of those that have one. In the metric's own units. Leans on outcome_campaign and exposure's
-- primary key.
create function distribution_values(campaign int, of_phase int, metric int, is_mean boolean, scale float8,
                                    last_day date)
    returns table (value float8, variant text, units bigint) language sql stable set jit = off as $$
    with own as materialized (
        select case when is_mean then o.numerator::float8 / o.denominator::float8 / scale
                    else o.numerator::float8 / scale end as value,
               x.variant, count(*) as units
        from outcome o
        join exposure x on x.visitor_id = o.visitor_id and x.campaign_id = o.campaign_id and x.phase = o.phase
        where o.campaign_id = campaign and o.phase = of_phase and o.metric_id = metric
              and x.cohort_day <= last_day and case when is_mean then o.denominator else o.numerator end <> 0
        group by 1, 2
    )
    select value, variant, units from own
    union all
    select 0, u.variant, u.units - coalesce((select sum(units)::bigint from own where own.variant = u.variant), 0)
    from (select h.variant, sum(unit_count)::bigint as units from cohort h
          where h.campaign_id = campaign and h.phase = of_phase and h.dimension = 'all' and h.cohort_day <= last_day
          group by h.variant) u
    where not is_mean
    order by 1, 2
$$;

-- Queues a job for each campaign of which a distribution is missing, or is older than 15 minutes and its data
-- changed; campaigns that have been stopped for a week are left as they are. Returns how many.
create function distribution_queue() returns bigint language sql as $$
    with due as (
        select distinct t.environment_id, t.campaign
        from distribution_target t
        left join distribution d on d.campaign_id = t.campaign_id and d.phase = t.phase
             and d.metric_id = t.metric_id
        where (t.status in ('running', 'paused') or t.status = 'stopped' and t.stopped_at > now() - interval '7 days')
              and (d.as_of is null or d.as_of < now() - interval '15 minutes' and d.state <> t.state)
    ),
    queued as (
        insert into job (environment_id, kind, input, actor)
        select environment_id, 'distribution', json_build_object('campaign', campaign), 'system'
        from due
        where not exists (select from job j
                          where j.state in ('queued', 'running') and j.kind = 'distribution'
                                and j.environment_id = due.environment_id
                                and j.input ->> 'campaign' = due.campaign)
        order by environment_id, campaign
        returning 1
    )
    select count(*) from queued
$$;
