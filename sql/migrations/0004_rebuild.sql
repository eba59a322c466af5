-- What stands beside the fold: going over a campaign's units, making everything anew, the looks, and tidying up.

-- Going over the units of a campaign -------------------------------------------------------------------

-- A phase has ended: events from its end on, which may have been counted before that was known, leave it.
-- Goes over the next units, by visitor_id. Returns whether there was anything to do.
create function fold_settle(unit_limit int) returns boolean language plpgsql as $$
declare
    ended phase;
    chunk text[];
    late text[];
begin
    select * into ended from phase
    where ended_at is not null and not is_settled order by campaign_id, number limit 1;
    if not found then
        return false;
    end if;
    chunk := array(select visitor_id from exposure
                   where campaign_id = ended.campaign_id and phase = ended.number
                         and visitor_id > ended.settled_to
                   order by visitor_id limit unit_limit);
    late := array(select u.visitor_id from unnest(chunk) u (visitor_id)
                  cross join lateral (select from visitor_event e
                                      where e.visitor_id = u.visitor_id
                                            and e.day >= fold_day(ended.ended_at)
                                            and e.ts >= ended.ended_at limit 1) one);
    perform fold_apply(late, null, late, array[ended.campaign_id]);
    update phase
    set settled_to = coalesce(chunk[unit_limit], ''), is_settled = cardinality(chunk) < unit_limit
    where campaign_id = ended.campaign_id and number = ended.number;
    return true;
end
$$;

-- A campaign has a new metric: the next units, by visitor_id, are measured by it. New events are measured by
-- it from the start. Returns whether there was anything to do.
create function fold_backfill(unit_limit int) returns boolean language plpgsql as $$
declare
    campaign int;
    metrics int[];
    from_visitor text;
    chunk text[];
begin
    select campaign_id, array_agg(metric_id), min(computed_to) into campaign, metrics, from_visitor
    from campaign_metric
    where not is_computed and not campaign_is_closed(campaign_id) group by campaign_id order by campaign_id limit 1;
    if not found then
        return false;
    end if;
    chunk := array(select distinct visitor_id from exposure
                   where campaign_id = campaign and visitor_id > from_visitor
                   order by visitor_id limit unit_limit);
    perform fold_apply('{}', null, chunk, array[campaign]);
    update campaign_metric
    set computed_to = case when cardinality(chunk) < unit_limit then ''
                           else greatest(computed_to, chunk[unit_limit]) end,
        is_computed = cardinality(chunk) < unit_limit
    where campaign_id = campaign and metric_id = any (metrics);
    return true;
end
$$;

-- All anew, looks, tidying up ---------------------------------------------------------------------

-- Makes exposure, outcome, cohort and moment of some campaigns anew from the events alone, a range of visitors
-- after the other. Waits for the fold's lock; readers see the old rows until the transaction ends. Looks stay
-- as they are, and so do campaigns whose events retention has dropped. Phases and metrics are marked as done first, so that what comes in between is gone over later.
create function rebuild(campaigns int[], out unit_count bigint, out outcome_count bigint)
    language plpgsql set plan_cache_mode = force_custom_plan set jit = off set enable_nestloop = off as $$
declare
    chunk text[];
    added bigint;
begin
    perform fold_check_isolation();
    perform pg_advisory_xact_lock(fold_lock());
    campaigns := array(select c from unnest(campaigns) c where not campaign_is_closed(c));
    update phase set is_settled = true, settled_to = ''
    where campaign_id = any (campaigns) and ended_at is not null and not is_settled;
    update campaign_metric set is_computed = true, computed_to = ''
    where campaign_id = any (campaigns) and not is_computed;
    delete from exposure where campaign_id = any (campaigns);
    delete from outcome where campaign_id = any (campaigns);
    delete from cohort where campaign_id = any (campaigns);
    delete from moment where campaign_id = any (campaigns);
    unit_count := 0;
    outcome_count := 0;
    for chunk in
        select array_agg(visitor_id)
        from (select visitor_id, (row_number() over (order by visitor_id) - 1) / 10000 as part
              from (select distinct e.visitor_id
                    from visitor_event e
                    join campaign c on c.environment_id = e.environment_id
                         and c.key = e.properties ->> 'campaign'
                    where e.name = 'exposure' and e.marks = 0 and c.id = any (campaigns)) shown) numbered
        group by part
    loop
        insert into exposure select * from exposure_of(chunk, campaigns, '-infinity');
        get diagnostics added = row_count;
        unit_count := unit_count + added;
        perform outcome_write(chunk, campaigns);
        perform cohort_add('{}', array(select c from cohort_of(chunk, campaigns) c));
        perform moment_add('{}', array(select m from moment_of(chunk, campaigns) m));
    end loop;
    select count(*) into outcome_count from outcome where campaign_id = any (campaigns);
end
$$;

-- The number of events the fold has not read yet, counted up to row_limit a writer.
create function fold_backlog(row_limit int) returns bigint language sql stable set jit = off as $$
    select coalesce(sum(w.rows), 0)::bigint
    from (select (select count(*)
                  from (select from visitor_event e where e.writer = writer.id and e.seq > coalesce(c.seq, -1)
                        limit row_limit) unread) as rows
          from writer left join fold_cursor c on c.writer = writer.id) w
$$;

-- The days of the phases that are over (since five minutes, in the environment's time zone) and have no look
-- yet, from the first cohort day on: those up to the last cohort day, and those on which the phase ran.
create function look_due(at timestamptz)
    returns table (campaign_id int, phase int, day date) language sql stable as $$
    select p.campaign_id, p.number, d.day::date
    from phase p
    join campaign c on c.id = p.campaign_id
    join environment n on n.id = c.environment_id
    cross join lateral (select coalesce(n.document ->> 'time_zone', 'UTC')) z (time_zone)
    cross join lateral (
        select min(cohort_day), max(cohort_day) from cohort
        where cohort.campaign_id = p.campaign_id and cohort.phase = p.number
              and cohort.dimension = 'all') u (first, last)
    cross join lateral generate_series(
        u.first,
        least(((at - interval '5 minutes') at time zone z.time_zone)::date - 1,
              (p.ended_at at time zone z.time_zone)::date),
        interval '1 day') d (day)
    where (p.ended_at is null or p.is_settled and p.ended_at > at - interval '30 days')
          and (d.day <= u.last or d.day >= (p.started_at at time zone z.time_zone)::date)
          and not exists (select from campaign_metric m
                          where m.campaign_id = p.campaign_id and not m.is_computed)
          and not exists (select from look l
                          where l.campaign_id = p.campaign_id and l.phase = p.number
                                and l.day = d.day::date)
$$;

-- Stores the looks of up to look_limit days that are due: for each variant the units (metric_id 0) and the
-- sums of each metric over the cohort days up to then; a metric with a window reads only those cohort days
-- that had ended a window before. Returns how many days were stored: none while an event that came more than
-- a minute before 'at' is unread, or another session holds the fold's lock.
create function look_close(at timestamptz, look_limit int) returns int
    language plpgsql set jit = off as $$
declare
    day_count int;
begin
    perform fold_check_isolation();
    if not pg_try_advisory_xact_lock(fold_lock()) then
        return 0;
    end if;
    if exists (select from writer w
               left join fold_cursor c on c.writer = w.id
               cross join lateral (select e.received_at from visitor_event e
                                   where e.writer = w.id and e.seq > coalesce(c.seq, -1)
                                   order by e.seq limit 1) next
               where next.received_at < at - interval '1 minute') then
        return 0;
    end if;
    with due as materialized (
        select * from look_due(at) order by campaign_id, phase, day limit look_limit
    ),
    stored as (
        insert into look
        select d.campaign_id, d.phase, d.day, v.variant, m.metric_id, at, u.units,
               coalesce(s.n, 0), coalesce(s.d, 0), coalesce(s.nn, 0), coalesce(s.nd, 0), coalesce(s.dd, 0)
        from due d
        join campaign_variant v on v.campaign_id = d.campaign_id and v.phase = d.phase
        cross join lateral (
            select 0, 0
            union all
            select cm.metric_id,
                   ceil(coalesce((metric.definition ->> 'window_hours')::numeric, 0) / 24)::int
            from campaign_metric cm
            join metric on metric.id = cm.metric_id
            where cm.campaign_id = d.campaign_id) m (metric_id, unripe_days)
        cross join lateral (
            select coalesce(sum(unit_count), 0)::bigint as units from cohort
            where cohort.campaign_id = d.campaign_id and cohort.phase = d.phase
                  and cohort.variant = v.variant and cohort.dimension = 'all'
                  and cohort.cohort_day <= d.day - m.unripe_days) u
        cross join lateral (
            select sum(sum_n) as n, sum(sum_d) as d, sum(sum_nn) as nn, sum(sum_nd) as nd, sum(sum_dd) as dd
            from moment
            where moment.campaign_id = d.campaign_id and moment.phase = d.phase
                  and moment.variant = v.variant and moment.metric_id = m.metric_id
                  and moment.dimension = 'all' and moment.cohort_day <= d.day - m.unripe_days) s
    )
    select count(*) into day_count from due;
    return day_count;
end
$$;

-- Takes the rows of metrics that campaigns are measured by no more out of outcome, moment and distribution.
create function fold_tidy() returns void language plpgsql as $$
declare
    gone record;
begin
    perform fold_check_isolation();
    if not pg_try_advisory_xact_lock(fold_lock()) then
        return;
    end if;
    for gone in
        select distinct campaign_id, metric_id from moment m
        where not exists (select from campaign_metric cm
                          where cm.campaign_id = m.campaign_id and cm.metric_id = m.metric_id)
    loop
        delete from outcome where campaign_id = gone.campaign_id and metric_id = gone.metric_id;
        delete from moment where campaign_id = gone.campaign_id and metric_id = gone.metric_id;
        delete from distribution where campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    end loop;
end
$$;
