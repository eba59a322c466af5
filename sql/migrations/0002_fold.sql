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

-- What is frozen at the first exposure.
create function exposure_dimensions(properties jsonb) returns jsonb
    language sql immutable parallel safe as $$
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
-- looked at. Leans on visitor_event's primary key.
create function exposure_of(visitors text[], campaigns int[], from_day date) returns setof exposure
    language sql stable as $$
    with known as materialized (
        select * from campaign_variant where campaign_id = any (campaigns)
    )
    select visitor_id, campaign_id, phase, variant, first_variant <> last_variant, event_id, ts,
           (ts at time zone time_zone)::date, exposure_dimensions(properties),
           -- Nothing that comes later can change it: the second covariate beside what the unit did before.
           exists (select from visitor_event past
                   where past.visitor_id = x.visitor_id and past.environment_id = x.environment_id
                         and past.marks = 0 and past.ts < x.ts and past.ts >= x.ts - x.pre_period
                         and past.day >= ((x.ts - x.pre_period) at time zone 'UTC')::date - 2
                         and past.day <= (x.ts at time zone 'UTC')::date + 2)
    from (select e.visitor_id, v.campaign_id, v.phase, v.variant, v.time_zone, e.event_id, e.ts, e.properties,
                 v.environment_id, v.pre_period,
                 min(v.variant) over unit as first_variant, max(v.variant) over unit as last_variant,
                 row_number() over (unit order by e.ts, e.event_id) as turn
          from unnest(visitors) u (visitor_id)
          cross join lateral (
              select * from visitor_event
              where visitor_event.visitor_id = u.visitor_id and day >= from_day and name = 'exposure'
                    and marks = 0
              offset 0) e
          join known v on v.environment_id = e.environment_id
               and v.campaign = e.properties ->> 'campaign' and to_jsonb(v.phase) = e.properties -> 'phase'
               and v.variant = e.properties ->> 'variant'
          where e.ts < coalesce(v.ended_at, 'infinity')
          window unit as (partition by e.visitor_id, v.campaign_id, v.phase)) x
    where turn = 1
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
    unit as materialized (
        select x.visitor_id, x.campaign_id, x.phase, x.event_id, x.exposed_at, c.environment_id,
               coalesce(p.ended_at, 'infinity') as until,
               phase_pre_period(p.document) as pre_period
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select * from exposure
            where exposure.visitor_id = u.visitor_id and campaign_id = any (campaigns)
            offset 0) x
        join campaign c on c.id = x.campaign_id
        join phase p on p.campaign_id = x.campaign_id and p.number = x.phase
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
        cross join lateral (
            select event_id, name, ts, properties,
                   case when name in ('purchase', 'refund') then event_order(properties) end as order_id
            from visitor_event
            where visitor_event.visitor_id = u.visitor_id and day >= from_day and marks = 0
                  and visitor_event.environment_id = u.environment_id
                  and name = any ((select names from name)::text[])
                  and ts >= u.exposed_at - case when name = 'purchase'
                                                then greatest(interval '35 days', u.pre_period)
                                                else u.pre_period end
                  and ts < u.until and visitor_event.event_id <> u.event_id
            offset 0) e
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
              select * from exposure
              where exposure.visitor_id = u.visitor_id and campaign_id = any (campaigns)
              offset 0) own
          group by campaign_id, phase, variant, cohort_day, dimensions) x
    cross join lateral dimension_values(x.dimensions) d
    group by x.campaign_id, x.phase, x.variant, x.cohort_day, d.dimension, d.value
$$;

-- The moment rows that some visitors make up, from the tables exposure and outcome.
create function moment_of(visitors text[], campaigns int[]) returns setof moment
    language sql stable as $$
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
          from unnest(visitors) u (visitor_id)
          cross join lateral (
              select * from exposure
              where exposure.visitor_id = u.visitor_id and campaign_id = any (campaigns)
              offset 0) x
          cross join lateral (
              select metric_id, numerator as n, denominator as d, pre_numerator as x, pre_denominator as y
              from outcome
              where outcome.visitor_id = x.visitor_id and outcome.campaign_id = x.campaign_id
                    and outcome.phase = x.phase
              offset 0) o
          group by x.campaign_id, x.phase, x.variant, o.metric_id, x.cohort_day, x.dimensions) s
    cross join lateral dimension_values(s.dimensions) d
    group by s.campaign_id, s.phase, s.variant, s.metric_id, s.cohort_day, d.dimension, d.value
$$;

-- Adds 'after' minus 'before' to cohort; cells that become empty go.
create function cohort_add(before cohort[], after cohort[]) returns void language plpgsql as $$
declare
    emptied cohort[];
begin
    with delta as (
        select campaign_id, phase, variant, cohort_day, dimension, value,
               sum(sign * unit_count)::bigint as units, sum(sign * crossover_count)::bigint as crossovers,
               sum(sign * missing_count)::bigint as missing
        from (select 1 as sign, * from unnest(after) union all select -1, * from unnest(before)) cells
        group by campaign_id, phase, variant, cohort_day, dimension, value
    ),
    put as (
        insert into cohort
        select * from delta where (units, crossovers, missing) <> (0, 0, 0)
        order by campaign_id, phase, variant, cohort_day, dimension, value
        on conflict (campaign_id, phase, variant, cohort_day, dimension, value) do update
        set unit_count = cohort.unit_count + excluded.unit_count,
            crossover_count = cohort.crossover_count + excluded.crossover_count,
            missing_count = cohort.missing_count + excluded.missing_count
        returning cohort
    )
    select array_agg(cohort) into emptied from put where (cohort).unit_count = 0;
    delete from cohort using unnest(emptied) e
    where (cohort.campaign_id, cohort.phase, cohort.variant, cohort.cohort_day, cohort.dimension,
           cohort.value) = (e.campaign_id, e.phase, e.variant, e.cohort_day, e.dimension, e.value);
end
$$;

-- Adds 'after' minus 'before' to moment; cells that become empty go.
create function moment_add(before moment[], after moment[]) returns void language plpgsql as $$
declare
    emptied moment[];
begin
    with delta as (
        select campaign_id, phase, variant, metric_id, cohort_day, dimension, value,
               sum(sign * nonzero_count)::bigint as units, sum(sign * sum_n) as n, sum(sign * sum_d) as d,
               sum(sign * sum_nn) as nn, sum(sign * sum_nd) as nd, sum(sign * sum_dd) as dd,
               sum(sign * sum_nnn) as nnn, sum(sign * sum_x) as x, sum(sign * sum_y) as y,
               sum(sign * sum_xx) as xx, sum(sign * sum_xy) as xy, sum(sign * sum_yy) as yy,
               sum(sign * sum_nx) as nx, sum(sign * sum_ny) as ny, sum(sign * sum_dx) as dx,
               sum(sign * sum_dy) as dy, sum(sign * sum_nm) as nm, sum(sign * sum_dm) as dm
        from (select 1 as sign, * from unnest(after) union all select -1, * from unnest(before)) cells
        group by campaign_id, phase, variant, metric_id, cohort_day, dimension, value
    ),
    put as (
        insert into moment
        select * from delta
        where (units, n, d, nn, nd, dd, nnn, x, y, xx, xy, yy, nx, ny, dx, dy, nm, dm)
           <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        order by campaign_id, phase, variant, metric_id, cohort_day, dimension, value
        on conflict (campaign_id, phase, variant, metric_id, cohort_day, dimension, value) do update
        set nonzero_count = moment.nonzero_count + excluded.nonzero_count,
            sum_n = moment.sum_n + excluded.sum_n, sum_d = moment.sum_d + excluded.sum_d,
            sum_nn = moment.sum_nn + excluded.sum_nn, sum_nd = moment.sum_nd + excluded.sum_nd,
            sum_dd = moment.sum_dd + excluded.sum_dd, sum_nnn = moment.sum_nnn + excluded.sum_nnn,
            sum_x = moment.sum_x + excluded.sum_x, sum_y = moment.sum_y + excluded.sum_y,
            sum_xx = moment.sum_xx + excluded.sum_xx, sum_xy = moment.sum_xy + excluded.sum_xy,
            sum_yy = moment.sum_yy + excluded.sum_yy, sum_nx = moment.sum_nx + excluded.sum_nx,
            sum_ny = moment.sum_ny + excluded.sum_ny, sum_dx = moment.sum_dx + excluded.sum_dx,
            sum_dy = moment.sum_dy + excluded.sum_dy, sum_nm = moment.sum_nm + excluded.sum_nm,
            sum_dm = moment.sum_dm + excluded.sum_dm
        returning moment
    )
    select array_agg(moment) into emptied from put where (moment).nonzero_count = 0;
    delete from moment using unnest(emptied) e
    where (moment.campaign_id, moment.phase, moment.variant, moment.metric_id, moment.cohort_day,
           moment.dimension, moment.value)
        = (e.campaign_id, e.phase, e.variant, e.metric_id, e.cohort_day, e.dimension, e.value);
end
$$;
