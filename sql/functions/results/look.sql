-- What was known when a day closed.

-- The days of the phases that are over (since five minutes, in the environment's time zone) and have no look
-- yet, from the first cohort day on, of an import when all of it is there and was read: those up to the last cohort
-- day, and those on which the phase ran.
create function look_due(at timestamptz)
    returns table (campaign_id int, phase int, day date) language sql stable as $$
    select p.campaign_id, p.number, d.day::date
    from phase p
    join campaign c on c.id = p.campaign_id
    join environment n on n.id = c.environment_id
    cross join lateral (select environment_zone(n.document)) z (time_zone)
    cross join lateral (
        select min(cohort_day), max(cohort_day) from cohort
        where cohort.campaign_id = p.campaign_id and cohort.phase = p.number
              and cohort.dimension = 'all') u (first, last)
    cross join lateral generate_series(
        u.first,
        least(((at - interval '5 minutes') at time zone z.time_zone)::date - 1,
              (p.ended_at at time zone z.time_zone)::date),
        interval '1 day') d (day)
    left join import i on i.campaign_id = p.campaign_id
    where (p.ended_at is null or p.is_settled and p.ended_at > at - interval '30 days' or i.state = 'done')
          and case when i.id is null then true
                   else i.state = 'done' and coalesce((select unread_since(1)), 'infinity') > i.updated_at end
          and (d.day <= u.last or d.day >= (p.started_at at time zone z.time_zone)::date)
          and not exists (select from campaign_metric m
                          where m.campaign_id = p.campaign_id and not m.is_computed)
          and not exists (select from look l
                          where l.campaign_id = p.campaign_id and l.phase = p.number
                                and l.day = d.day::date)
$$;

-- Stores the looks of up to look_limit days that are due: for each variant the units (metric_id 0) and the
-- sums of each metric over the cohort days up to then; a metric with a window reads only those cohort days
-- that had ended a window before; of totals all, which know no windows. Returns how many days were stored: none while
-- an event that came more than a minute before 'at' is unread, or another session is closing days. Adds up all slices.
-- Compiled, its one statement over a few rows would take seconds.
create function look_close(at timestamptz, look_limit int) returns int
    language plpgsql set jit = off as $$
declare
    day_count int;
begin
    if not pg_try_advisory_xact_lock(fold_lock(0), 0) then
        return 0;
    end if;
    if unread_since(1) < at - interval '1 minute' then
        return 0;
    end if;
    with due as materialized (
        select * from look_due(at) order by campaign_id, phase, day limit look_limit
    ),
    stored as (
        insert into look
        select d.campaign_id, d.phase, v.experience, d.day, v.variant, m.metric_id, at, u.units,
               coalesce(s.n, 0), coalesce(s.d, 0), q.nn, q.nd, q.dd
        from due d
        join campaign_variant v on v.campaign_id = d.campaign_id and v.phase = d.phase
        cross join lateral (
            select 0, 0
            union all
            select cm.metric_id,
                   case when i.has_totals then 0
                        else ceil(coalesce((metric.definition ->> 'window_hours')::numeric, 0) / 24)::int end
            from campaign_metric cm
            join metric on metric.id = cm.metric_id
            left join import i on i.campaign_id = d.campaign_id
            where cm.campaign_id = d.campaign_id) m (metric_id, unripe_days)
        cross join lateral (
            select coalesce(sum(unit_count), 0)::bigint as units from cohort
            where cohort.campaign_id = d.campaign_id and cohort.phase = d.phase
                  and cohort.experience = v.experience and cohort.variant = v.variant and cohort.dimension = 'all'
                  and cohort.cohort_day <= d.day - m.unripe_days) u
        cross join lateral (
            select sum(sum_n) as n, sum(sum_d) as d, sum(sum_nn) as nn, sum(sum_nd) as nd, sum(sum_dd) as dd
            from moment
            where moment.campaign_id = d.campaign_id and moment.phase = d.phase
                  and moment.experience = v.experience and moment.variant = v.variant and moment.metric_id = m.metric_id
                  and moment.dimension = 'all' and moment.cohort_day <= d.day - m.unripe_days) s
        -- Nobody did anything, or squares are not known.
        cross join lateral (
            select case when s.n is null then 0 else s.nn end, case when s.n is null then 0 else s.nd end,
                   case when s.n is null then 0 else s.dd end) q (nn, nd, dd)
    )
    select count(*) into day_count from due;
    return day_count;
end
$$;
