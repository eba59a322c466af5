-- What makes results out of events. exposure_of and outcome_of say what events mean, cohort_of and
-- moment_of how units add up; fold_step and rebuild both are built on these four and on nothing else.
-- They take the visitors they are asked about, so that every step stays on one visitor at a time, and the
-- first day that can matter, so that older partitions are not opened. An event's ts is never more than two
-- days away from its day: ingest guarantees it.
--
-- 'cross join lateral (… offset 0)' is a promise to the planner's reader: for each visitor its own rows are
-- fetched by key, whatever the statistics say of tables that have just begun to grow.

-- What events mean ------------------------------------------------------------------------------------

-- How long before an exposure what a unit did is its past: fixed with the phase.
create function phase_pre_period(document jsonb) returns interval
    language sql immutable parallel safe as $$
    select make_interval(days => coalesce((document #>> '{statistics,preperiod_days}')::int, 14))
$$;

-- The longest time before an exposure in which an event can matter to some campaigns.
create function campaign_look_back(campaigns int[]) returns interval language sql stable as $$
    select greatest(interval '35 days', max(phase_pre_period(document)))
    from phase where campaign_id = any (campaigns)
$$;

-- The variants there are: one row per campaign, phase and variant.
create view campaign_variant as
select c.environment_id, c.id as campaign_id, c.key as campaign, p.number as phase,
       v.item ->> 'key' as variant, p.ended_at, coalesce(n.document ->> 'time_zone', 'UTC') as time_zone,
       phase_pre_period(p.document) as pre_period
from campaign c
join environment n on n.id = c.environment_id
join phase p on p.campaign_id = c.id
cross join lateral jsonb_array_elements(p.document -> 'variants') v (item);

-- The parts of the metrics campaigns are measured by: side 'n' is the numerator, 'd' the denominator. A part
-- without path counts events. The denominator of a mean is the number of the events of its numerator.
create view metric_part as
select cm.campaign_id, cm.metric_id, m.environment_id, s.side, d.kind, d.cap, d.scale, d.stay,
       s.part ->> 'event' as event,
       string_to_array(case when d.kind in ('sum', 'mean', 'ratio') and not s.is_number
                            then s.part ->> 'value' end, '.') as path,
       (s.part ->> 'filter')::jsonpath as filter
from campaign_metric cm
join metric m on m.id = cm.metric_id
cross join lateral (
    select m.definition ->> 'kind' as kind, (m.definition ->> 'cap')::numeric as cap,
           coalesce((m.definition ->> 'scale')::numeric, 1) as scale,
           make_interval(secs => (m.definition ->> 'window_hours')::float8 * 3600) as stay) d
cross join lateral (
    select 'n', m.definition -> 'numerator', false
    union all
    select 'd', m.definition -> 'denominator', false where d.kind = 'ratio'
    union all
    select 'd', m.definition -> 'numerator', true where d.kind = 'mean') s (side, part, is_number)
where s.part ->> 'event' is not null;

-- The names of the events that metrics are made of, and until when one can matter to a campaign.
create view campaign_event as
select distinct e.environment_id, e.campaign_id, n.name, p.until
from metric_part e
cross join lateral (
    select e.event
    union all
    select 'refund' where e.event = 'purchase') n (name)
cross join lateral (
    select max(coalesce(ended_at, 'infinity')) as until from phase where campaign_id = e.campaign_id) p
where p.until is not null;

-- The number at a path of an event's properties times scale, rounded half away from zero; null when it is not
-- there. items.X is the sum of X over the items, of which one without quantity is one piece.
create function event_amount(properties jsonb, path text[], scale numeric) returns numeric
    language plpgsql immutable parallel safe as $$
begin
    if path[1] = 'items' and array_length(path, 1) > 1 then
        if jsonb_typeof(properties -> 'items') is distinct from 'array' then
            return null;
        end if;
        return (select round(sum(case when jsonb_typeof(i.item #> path[2:]) = 'number'
                                      then (i.item #>> path[2:])::numeric
                                      when jsonb_typeof(i.item) = 'object' and path[2:] = '{quantity}'
                                           and i.item #>> path[2:] is null then 1
                                      else 0 end) * scale)
                from jsonb_array_elements(properties -> 'items') i (item));
    end if;
    if jsonb_typeof(properties #> path) = 'number' then
        return round((properties #>> path)::numeric * scale);
    end if;
    return null;
end
$$;

-- The order an event belongs to; null when it names none. The number 7.0 and the text 7 are the same.
create function event_order(properties jsonb) returns text
    language sql immutable parallel safe as $$
    select case jsonb_typeof(properties -> 'transaction_id')
           when 'string' then nullif(properties ->> 'transaction_id', '')
           when 'number' then trim_scale((properties ->> 'transaction_id')::numeric)::text end
$$;

-- What is frozen at the first exposure. Stable, as jsonb_build_object is: else it would not be inlined.
create function exposure_dimensions(properties jsonb) returns jsonb
    language sql stable parallel safe as $$
    select jsonb_build_object(
        'device', case when properties ->> 'device' is null then 'unknown'
                       when properties ->> 'device' in ('mobile', 'tablet', 'desktop')
                       then properties ->> 'device' else 'other' end,
        'country', case when properties ->> 'country' ~ '^[A-Za-z]{2}$'
                        then upper(properties ->> 'country') else 'unknown' end,
        'visitor_type', case when properties ->> 'visitor_type' in ('new', 'returning')
                             then properties ->> 'visitor_type' else 'unknown' end)
$$;

-- The exposure rows of some visitors in some campaigns, from their exposure events: the first by (ts,
-- event_id) counts, one at or after the end of its phase does not. 'from_day': exposure events before it are not
-- looked at. has_past, whether the unit did anything in the pre-period, cannot change by what comes later. An
-- exposure is past to the ones after it, so few need look into the days before, and those of one moment look
-- together. Leans on visitor_event's primary key.
create function exposure_of(visitors text[], campaigns int[], from_day date) returns setof exposure
    language sql stable as $$
    with known as materialized (
        select * from campaign_variant where campaign_id = any (campaigns)
    ),
    shown as materialized (
        select e.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select visitor_id, environment_id, event_id, ts, properties from visitor_event
            where visitor_event.visitor_id = u.visitor_id and day >= from_day and name = 'exposure'
                  and marks = 0
            offset 0) e
    ),
    met as materialized (
        select *, max(ts) over (partition by visitor_id, environment_id order by ts
                                range between unbounded preceding
                                      and interval '1 microsecond' preceding) as before
        from (select s.*, v.campaign_id, v.phase, v.variant, v.time_zone, v.pre_period,
                     min(v.variant) over unit as first_variant, max(v.variant) over unit as last_variant,
                     row_number() over (unit order by s.ts, s.event_id) as turn
              from shown s
              join known v on v.environment_id = s.environment_id
                   and v.campaign = s.properties ->> 'campaign'
                   and to_jsonb(v.phase) = s.properties -> 'phase' and v.variant = s.properties ->> 'variant'
              where s.ts < coalesce(v.ended_at, 'infinity')
              window unit as (partition by s.visitor_id, v.campaign_id, v.phase)) x
        where turn = 1
    ),
    past as materialized (
        select f.*, exists (
                   select from visitor_event e
                   where e.visitor_id = f.visitor_id and e.environment_id = f.environment_id
                         and e.marks = 0 and e.ts < f.ts and e.ts >= f.ts - f.pre_period
                         and e.day >= ((f.ts - f.pre_period) at time zone 'UTC')::date - 2
                         and e.day <= (f.ts at time zone 'UTC')::date + 2) as is_there
        from (select distinct visitor_id, environment_id, ts, pre_period from met
              where coalesce(before < ts - pre_period, true)) f
    )
    select m.visitor_id, m.campaign_id, m.phase, m.variant, m.first_variant <> m.last_variant, m.event_id, m.ts,
           (m.ts at time zone m.time_zone)::date, exposure_dimensions(m.properties),
           coalesce(p.is_there, true)
    from met m
    left join past p on p.visitor_id = m.visitor_id and p.environment_id = m.environment_id and p.ts = m.ts
                        and p.pre_period = m.pre_period
$$;

-- The outcome rows of some visitors in some campaigns, from the table exposure and their events.
-- A purchase is an order, and counts at its first event by (ts, event_id), which is looked for from 35 days
-- before the exposure on, or from the begin of a longer pre-period: a thank-you page loaded again later does not
-- bring it into the experiment. Refunds name their order and lower what it summed by what they name, never below
-- zero; one that names neither a value nor items gives back all that is left. A refund that names no order lowers
-- the unit's sum, but not below zero.
-- What the unit did in the pre-period before its exposure is measured by the same rules, without the window: an
-- order belongs to where its first event is, and of refunds only those from before the exposure are known
-- there, so that nothing the treatment causes can reach these covariates. Leans on visitor_event's primary key.
create function outcome_of(visitors text[], campaigns int[], from_day date) returns setof outcome
    language sql stable as $$
    with part as materialized (
        select * from metric_part where campaign_id = any (campaigns)
    ),
    name as materialized (
        select array(select event from part union select 'refund') as names
    ),
    own as materialized (
        select x.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select visitor_id, campaign_id, phase, event_id, exposed_at from exposure
            where exposure.visitor_id = u.visitor_id
            offset 0) x
        where x.campaign_id = any (campaigns)
    ),
    unit as materialized (
        select x.*, c.environment_id, coalesce(p.ended_at, 'infinity') as until,
               phase_pre_period(p.document) as pre_period
        from own x
        join campaign c on c.id = x.campaign_id
        join phase p on p.campaign_id = x.campaign_id and p.number = x.phase
    ),
    done as materialized (
        select e.*
        from (select distinct visitor_id from unit) u
        cross join lateral (
            select visitor_id, environment_id, event_id, name, ts, properties,
                   case when name in ('purchase', 'refund') then event_order(properties) end as order_id
            from visitor_event
            where visitor_event.visitor_id = u.visitor_id and day >= from_day and marks = 0
                  and name = any ((select names from name)::text[])
            offset 0) e
    ),
    seen as (
        select u.visitor_id, u.campaign_id, u.phase, u.exposed_at, u.pre_period,
               e.ts < u.exposed_at as is_pre, e.event_id,
               e.name, e.ts, e.properties, e.order_id,
               case when e.name = 'purchase' and e.order_id is not null
                    then row_number() over (partition by u.visitor_id, u.campaign_id, u.phase, e.name,
                                                         e.order_id order by e.ts, e.event_id)
                    else 1 end as turn
        from unit u
        join done e on e.visitor_id = u.visitor_id and e.environment_id = u.environment_id
             and e.ts >= u.exposed_at - case when e.name = 'purchase'
                                             then greatest(interval '35 days', u.pre_period)
                                             else u.pre_period end
             and e.ts < u.until and e.event_id <> u.event_id
    ),
    line as (
        select s.visitor_id, s.campaign_id, s.phase, p.metric_id, p.side, p.kind, p.cap, s.is_pre,
               coalesce('order ' || s.order_id, s.event_id::text) as order_key, false as is_refund,
               case when p.path is null then 1
                    else coalesce(event_amount(s.properties, p.path, p.scale), 0) end as amount
        from seen s
        join part p on p.campaign_id = s.campaign_id and p.event = s.name
        where s.turn = 1 and s.ts >= s.exposed_at - s.pre_period
              and (p.stay is null or s.ts < s.exposed_at + p.stay)
              and (p.filter is null or jsonb_path_match(s.properties, p.filter, '{}', true))
        union all
        select s.visitor_id, s.campaign_id, s.phase, p.metric_id, p.side, p.kind, p.cap, s.is_pre,
               'order ' || s.order_id, true,
               case when a.amount < 0 or a.amount is null and s.properties ?| '{value,items}' then 0
                    else a.amount end
        from seen s
        join part p on p.campaign_id = s.campaign_id and p.event = 'purchase' and p.path is not null
        cross join lateral (select event_amount(s.properties, p.path, p.scale)) a (amount)
        where s.name = 'refund' and (p.stay is null or s.ts < s.exposed_at + p.stay)
              and (s.order_id is not null or p.filter is null
                   or jsonb_path_match(s.properties, p.filter, '{}', true))
    ),
    kept as (
        select visitor_id, campaign_id, phase, metric_id, side, kind, cap, is_pre,
               case when order_key is not null and count(*) filter (where not is_refund) > 0
                    then greatest(case when not bool_or(is_refund and amount is null)
                                       then sum(case when is_refund then -amount else amount end) end,
                                  least(sum(amount) filter (where not is_refund), 0)) end as amount,
               case when order_key is null then sum(amount) end as returned
        from line
        group by visitor_id, campaign_id, phase, metric_id, side, kind, cap, is_pre, order_key
    ),
    total as (
        select visitor_id, campaign_id, phase, metric_id, side, kind, cap, is_pre,
               greatest(coalesce(sum(amount), 0) - coalesce(sum(returned), 0),
                        least(coalesce(sum(amount), 0), 0)) as amount
        from kept
        group by visitor_id, campaign_id, phase, metric_id, side, kind, cap, is_pre
    ),
    limited as (
        select visitor_id, campaign_id, phase, metric_id, side, is_pre,
               case when side = 'd' or kind = 'ratio' then amount
                    when kind = 'conversion' then least(amount, 1)
                    else least(amount, cap) end as amount
        from total
    ),
    result as (
        select visitor_id, campaign_id, phase, metric_id,
               coalesce(sum(amount) filter (where side = 'n' and not is_pre), 0) as numerator,
               coalesce(sum(amount) filter (where side = 'd' and not is_pre), 0) as denominator,
               coalesce(sum(amount) filter (where side = 'n' and is_pre), 0) as pre_numerator,
               coalesce(sum(amount) filter (where side = 'd' and is_pre), 0) as pre_denominator
        from limited
        group by visitor_id, campaign_id, phase, metric_id
    )
    select visitor_id, campaign_id, phase, metric_id, numerator, denominator, pre_numerator, pre_denominator
    from result
    where (numerator, denominator, pre_numerator, pre_denominator) <> (0, 0, 0, 0)
$$;

-- How units add up ------------------------------------------------------------------------------------

-- The values under which a unit is counted: all of them, and one per dimension.
create function dimension_values(dimensions jsonb) returns table (dimension text, value text)
    language sql immutable parallel safe as $$
    select 'all', '' union all select key, value from jsonb_each_text(dimensions)
$$;

-- The cohort rows that some visitors make up, from the table exposure.
create function cohort_of(visitors text[], campaigns int[]) returns setof cohort
    language sql stable as $$
    select x.campaign_id, x.phase, x.variant, x.cohort_day, d.dimension, d.value,
           sum(x.units)::bigint, sum(x.crossovers)::bigint, sum(x.missing)::bigint
    from (select campaign_id, phase, variant, cohort_day, dimensions, count(*) as units,
                 count(*) filter (where is_crossover) as crossovers,
                 count(*) filter (where not has_past) as missing
          from unnest(visitors) u (visitor_id)
          cross join lateral (
              select * from exposure where exposure.visitor_id = u.visitor_id
              offset 0) own
          where campaign_id = any (campaigns)
          group by campaign_id, phase, variant, cohort_day, dimensions) x
    cross join lateral dimension_values(x.dimensions) d
    group by x.campaign_id, x.phase, x.variant, x.cohort_day, d.dimension, d.value
$$;

-- The moment rows that some visitors make up, from the tables exposure and outcome.
create function moment_of(visitors text[], campaigns int[]) returns setof moment
    language sql stable as $$
    with own as materialized (
        select x.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select visitor_id, campaign_id, phase, variant, cohort_day, dimensions, has_past from exposure
            where exposure.visitor_id = u.visitor_id
            offset 0) x
        where campaign_id = any (campaigns)
    ),
    did as materialized (
        select o.*
        from (select distinct visitor_id from own) u
        cross join lateral (
            select visitor_id, campaign_id, phase, metric_id, numerator as n, denominator as d,
                   pre_numerator as x, pre_denominator as y
            from outcome where outcome.visitor_id = u.visitor_id
            offset 0) o
    )
    select s.campaign_id, s.phase, s.variant, s.metric_id, s.cohort_day, d.dimension, d.value,
           sum(s.units)::bigint, sum(s.n), sum(s.d), sum(s.nn), sum(s.nd), sum(s.dd), sum(s.nnn), sum(s.x),
           sum(s.y), sum(s.xx), sum(s.xy), sum(s.yy), sum(s.nx), sum(s.ny), sum(s.dx), sum(s.dy),
           sum(s.nm), sum(s.dm)
    from (select x.campaign_id, x.phase, x.variant, o.metric_id, x.cohort_day, x.dimensions,
                 count(*) as units, sum(o.n) as n, sum(o.d) as d, sum(o.n * o.n) as nn, sum(o.n * o.d) as nd,
                 sum(o.d * o.d) as dd, sum(o.n * o.n * o.n) as nnn, sum(o.x) as x, sum(o.y) as y,
                 sum(o.x * o.x) as xx, sum(o.x * o.y) as xy, sum(o.y * o.y) as yy, sum(o.n * o.x) as nx,
                 sum(o.n * o.y) as ny, sum(o.d * o.x) as dx, sum(o.d * o.y) as dy,
                 sum(case when x.has_past then 0 else o.n end) as nm,
                 sum(case when x.has_past then 0 else o.d end) as dm
          from own x
          join did o on o.visitor_id = x.visitor_id and o.campaign_id = x.campaign_id and o.phase = x.phase
          group by x.campaign_id, x.phase, x.variant, o.metric_id, x.cohort_day, x.dimensions) s
    cross join lateral dimension_values(s.dimensions) d
    group by s.campaign_id, s.phase, s.variant, s.metric_id, s.cohort_day, d.dimension, d.value
$$;
