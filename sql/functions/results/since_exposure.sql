-- What units did on each day since their exposure: the first day begins with it, and is over 24 hours later.

-- Of some units of one slice: for each day that is over for them before 'until', up to day_most, how many they are by
-- variant (metric_id 0), and the exact sums of what they did on it by each metric. What a unit did on a day is what
-- its outcome had become by the day's end, less what it was before: an order that is refunded later takes that back on
-- the later day. Leans on the primary keys of exposure, overflow and visitor_event.
create function since_exposure_sums(the_slice int, units text[], of_campaign int, of_phase int, until timestamptz,
                                    day_most int)
    returns table (metric_id int, day int, variant text, unit_count bigint, n numeric, d numeric, nn numeric,
                   nd numeric, dd numeric)
    language plpgsql set jit = off as $$
#variable_conflict use_column
declare
    campaigns int[] := array[of_campaign];
    lines outcome_line[] := (outcome_lines(
        the_slice, units, campaigns,
        fold_day(exposed_since(the_slice, units, campaigns) - campaign_look_back(campaigns)), true)).lines;
begin
    lines := array(select l from unnest(lines) l where l.phase = of_phase and l.age < day_most and not l.is_pre);
    return query
        with unit as materialized (
            select x.unit_id, x.variant,
                   least(day_most, floor(extract(epoch from until - x.exposed_at) / 86400))::int as days
            from exposure x
            left join overflow o on o.slice = the_slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
                 and o.phase = x.phase and o.experience = x.experience
            where x.slice = the_slice and x.unit_id = any (array(select unnest(units)))
                  and x.campaign_id = of_campaign and x.phase = of_phase and o.slice is null
        ),
        -- Of the units that did anything on the day: all until its end, and all until its begin.
        done as (
            select g.day, o.unit_id, o.metric_id, sum(e.sign * o.numerator) as n, sum(e.sign * o.denominator) as d
            from generate_series(1, day_most) g (day)
            cross join (values (0, 1), (1, -1)) e (back, sign)
            cross join lateral unnest(outcome_total(the_slice, array(
                select l from unnest(lines) l
                where l.age < g.day - e.back
                      and l.unit_id in (select w.unit_id from unnest(lines) w where w.age = g.day - 1)))) o
            group by g.day, o.unit_id, o.metric_id
        )
        select 0, g.day, u.variant, count(*), 0, 0, 0, 0, 0
        from unit u cross join generate_series(1, u.days) g (day)
        group by g.day, u.variant
        union all
        select o.metric_id, o.day, u.variant, 0, sum(o.n), sum(o.d), sum(o.n * o.n), sum(o.n * o.d), sum(o.d * o.d)
        from done o join unit u on u.unit_id = o.unit_id and u.days >= o.day
        group by o.metric_id, o.day, u.variant;
end
$$;

-- The same of a whole phase, as {"share": of the units that were gone over, "rows": [{"metric", "day", "variant",
-- "units", "n", "d", "nn", "nd", "dd"}]}, days and sums as texts: of two weeks, of some unit_most units, taken by a
-- hash of their ids; of a metric with a window the days that are over in it. Leans on exposure_campaign.
create function since_exposure_of(of_campaign int, of_phase int, unit_most int default 50000) returns jsonb
    language plpgsql set jit = off as $$
#variable_conflict use_column
declare
    until timestamptz := (select least(coalesce(ended_at, 'infinity'), now()) from phase
                          where campaign_id = of_campaign and number = of_phase);
    share numeric := (select least(1, unit_most / greatest(sum(unit_count), 1)) from cohort
                      where campaign_id = of_campaign and phase = of_phase and dimension = 'all');
    one int;
    units text[];
    behind text;
    sums jsonb := '[]';
begin
    for one in select number from slice order by number loop
        behind := '';
        loop
            units := array(select unit_id from exposure
                           where campaign_id = of_campaign and slice = one and phase = of_phase and unit_id > behind
                                 and abs(hashtext(unit_id)::bigint) % 10000 < share * 10000
                           order by unit_id limit 1000);
            exit when units = '{}';
            behind := units[cardinality(units)];
            -- Added up at once, so that what is kept does not grow with the units.
            sums := (
                select jsonb_agg(jsonb_build_array(metric_id, day, variant, unit_count, n, d, nn, nd, dd))
                from (select metric_id, day, variant, sum(unit_count) as unit_count, sum(n) as n, sum(d) as d,
                             sum(nn) as nn, sum(nd) as nd, sum(dd) as dd
                      from (select * from since_exposure_sums(one, units, of_campaign, of_phase, until, 14)
                            union all
                            select (s -> 0)::int, (s -> 1)::int, s ->> 2, (s -> 3)::bigint, (s -> 4)::numeric,
                                   (s -> 5)::numeric, (s -> 6)::numeric, (s -> 7)::numeric, (s -> 8)::numeric
                            from jsonb_array_elements(sums) s) a
                      group by metric_id, day, variant) b);
            sums := coalesce(sums, '[]');
        end loop;
    end loop;
    return (
        with sum as materialized (
            select (s -> 0)::int as metric_id, (s -> 1)::int as day, s ->> 2 as variant, (s -> 3)::bigint as units,
                   s ->> 4 as n, s ->> 5 as d, s ->> 6 as nn, s ->> 7 as nd, s ->> 8 as dd
            from jsonb_array_elements(sums) s
        )
        select jsonb_build_object('share', share, 'rows', coalesce(jsonb_agg(jsonb_build_object(
                   'metric', m.id, 'day', u.day::text, 'variant', u.variant, 'units', u.units,
                   'n', coalesce(s.n, '0'), 'd', coalesce(s.d, '0'), 'nn', coalesce(s.nn, '0'),
                   'nd', coalesce(s.nd, '0'), 'dd', coalesce(s.dd, '0')) order by m.id, u.day, u.variant), '[]'))
        from sum u
        join campaign_metric cm on cm.campaign_id = of_campaign
        join metric m on m.id = cm.metric_id
             and u.day * 24 <= coalesce((m.definition ->> 'window_hours')::numeric, 'infinity')
        left join sum s on s.metric_id = m.id and s.day = u.day and s.variant = u.variant
        where u.metric_id = 0);
end
$$;

-- Queues a job for each environment in which something is due. Returns how many.
create function since_exposure_queue() returns bigint language sql as $$
    with queued as (
        insert into job (environment_id, kind, input, actor)
        select environment_id, 'since_exposure', '{}', 'system'
        from (select distinct environment_id from since_exposure_due) due
        where not exists (select from job j
                          where j.state in ('queued', 'running') and j.kind = 'since_exposure'
                                and j.environment_id = due.environment_id)
        order by environment_id
        returning 1
    )
    select count(*) from queued
$$;
