-- What sums cannot tell: quantiles, capped sums and ranks need the values of all units.

-- The four digits of a value that matter most.
create function four_digits(value float8) returns float8 language sql immutable as $$
    select case when value = 0 then 0::float8
                else round(value * 10::float8 ^ (3 - floor(log(abs(value)))))
                     / 10::float8 ^ (3 - floor(log(abs(value)))) end
$$;

-- How many units of each variant have which value, by value: sums per unit, zeros among them; of a mean each
-- unit's own mean, of those that have one. In the metric's own units. Whoever computes holds them all in memory: of
-- more than 'value_limit' different ones the first four digits count, of which there are some 9,000 for each power
-- of ten. Leans on outcome_campaign and exposure's primary key.
create function distribution_values(campaign int, of_phase int, metric int, is_mean boolean, scale float8,
                                    last_day date, value_limit int default 100000)
    returns table (value float8, variant text, units bigint) language sql stable set jit = off as $$
    with exact as materialized (
        select case when is_mean then o.numerator::float8 / o.denominator::float8 / scale
                    else o.numerator::float8 / scale end as value,
               x.variant, count(*) as units
        from outcome o
        join exposure x on x.slice = o.slice and x.unit_id = o.unit_id and x.campaign_id = o.campaign_id
             and x.phase = o.phase and x.experience = o.experience
        where o.campaign_id = campaign and o.phase = of_phase and o.metric_id = metric
              and x.cohort_day <= last_day and case when is_mean then o.denominator else o.numerator end <> 0
        group by 1, 2
    ),
    amount as (select count(*) > value_limit as is_large from exact),
    own as materialized (
        select case when a.is_large then four_digits(e.value) else e.value end as value, e.variant,
               sum(e.units)::bigint as units
        from exact e cross join amount a
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
        left join distribution d on d.campaign_id = t.campaign_id and d.phase = t.phase and d.experience = ''
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
