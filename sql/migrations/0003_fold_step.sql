-- The fold: takes new events by cursor, works out what their visitors did anew, and adds new minus old to
-- cohort and moment. Whatever the order of arrival, its tables stand as if made at once from all events, and
-- rebuild does make them so. Every function here that writes holds fold_lock() until its transaction ends,
-- so of several machines one folds; statements follow each other in READ COMMITTED, and each may see more
-- events than the one before: those are read again later and change nothing.

create function fold_lock() returns bigint language sql immutable as $$ select 7235428119034 $$;

-- Taking the lock and then reading must see what the holder before has committed.
create function fold_check_isolation() returns void language plpgsql as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the fold runs in READ COMMITTED only' using errcode = '25001';
    end if;
end
$$;

-- The day from which on events must be read so that none at or after 'moment' is missed.
create function fold_day(moment timestamptz) returns date
    language sql immutable as $$ select (moment at time zone 'UTC' - interval '2 days')::date $$;

-- Writing ----------------------------------------------------------------------------------------

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

-- What is stored of some visitors, oldest exposure: from there on their events can matter.
create function exposed_since(visitors text[], campaigns int[]) returns timestamptz
    language sql stable as $$
    select min(x.exposed_at)
    from unnest(visitors) u (visitor_id)
    cross join lateral (
        select campaign_id, exposed_at from exposure where exposure.visitor_id = u.visitor_id
        offset 0) x
    where x.campaign_id = any (campaigns)
$$;

-- What must change in exposure for some visitors: rows to put, and rows to delete. 'first': none of their
-- exposure events that is not in the table yet is older (null: there is none).
create function exposure_change(visitors text[], first timestamptz, campaigns int[], out put exposure[],
                                out gone exposure[])
    language plpgsql as $$
declare
    from_day date := fold_day(least(first, exposed_since(visitors, campaigns)));
begin
    with fresh as materialized (
        select x as new, x.visitor_id, x.campaign_id, x.phase
        from exposure_of(visitors, campaigns, from_day) x
    ),
    stored as materialized (
        select x.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select exposure as old, exposure.visitor_id, campaign_id, phase from exposure
            where exposure.visitor_id = u.visitor_id
            offset 0) x
        where x.campaign_id = any (campaigns)
    )
    select coalesce(array_agg(f.new) filter (where f.visitor_id is not null
                                                   and f.new is distinct from s.old), '{}'),
           coalesce(array_agg(s.old) filter (where f.visitor_id is null), '{}')
    into put, gone
    from fresh f
    full join stored s on s.visitor_id = f.visitor_id and s.campaign_id = f.campaign_id and s.phase = f.phase;
end
$$;

-- The same of outcome, from exposure as it stands.
create function outcome_change(visitors text[], campaigns int[], out put outcome[], out gone outcome[])
    language plpgsql as $$
declare
    from_day date := fold_day(exposed_since(visitors, campaigns) - campaign_look_back(campaigns));
begin
    with fresh as materialized (
        select o as new, o.visitor_id, o.campaign_id, o.phase, o.metric_id
        from outcome_of(visitors, campaigns, from_day) o
    ),
    stored as materialized (
        select o.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select outcome as old, outcome.visitor_id, campaign_id, phase, metric_id from outcome
            where outcome.visitor_id = u.visitor_id
            offset 0) o
        where o.campaign_id = any (campaigns)
    )
    select coalesce(array_agg(f.new) filter (where f.visitor_id is not null
                                                   and f.new is distinct from s.old), '{}'),
           coalesce(array_agg(s.old) filter (where f.visitor_id is null), '{}')
    into put, gone
    from fresh f
    full join stored s on s.visitor_id = f.visitor_id and s.campaign_id = f.campaign_id
                          and s.phase = f.phase and s.metric_id = f.metric_id;
end
$$;

-- Brings exposure up to date by what exposure_change found.
create function exposure_write(put exposure[], gone exposure[]) returns void language plpgsql as $$
begin
    delete from exposure x using unnest(gone) g
    where (x.visitor_id, x.campaign_id, x.phase) = (g.visitor_id, g.campaign_id, g.phase);
    insert into exposure
    select * from unnest(put) order by visitor_id, campaign_id, phase
    on conflict (visitor_id, campaign_id, phase) do update
    set (variant, is_crossover, event_id, exposed_at, cohort_day, dimensions, has_past)
        = (excluded.variant, excluded.is_crossover, excluded.event_id, excluded.exposed_at,
           excluded.cohort_day, excluded.dimensions, excluded.has_past);
end
$$;

-- Brings the outcome rows of some visitors up to date with exposure and the events.
create function outcome_write(visitors text[], campaigns int[]) returns void language plpgsql as $$
declare
    change record := outcome_change(visitors, campaigns);
begin
    delete from outcome o using unnest(change.gone) g
    where (o.visitor_id, o.campaign_id, o.phase, o.metric_id)
        = (g.visitor_id, g.campaign_id, g.phase, g.metric_id);
    insert into outcome
    select * from unnest(change.put) order by visitor_id, campaign_id, phase, metric_id
    on conflict (visitor_id, campaign_id, phase, metric_id) do update
    set (numerator, denominator, pre_numerator, pre_denominator)
        = (excluded.numerator, excluded.denominator, excluded.pre_numerator, excluded.pre_denominator);
end
$$;

-- Works some visitors out anew in some campaigns: exposures and outcomes of 'exposed', outcomes of 'active'.
-- Returns how many visitors that were. Plans are made for the very arrays: with generic ones every partition
-- is opened and a join of a thousand rows is planned for ten. Without nested loops: the planner takes
-- thousands of computed rows for one.
create function fold_apply(exposed text[], first timestamptz, active text[], campaigns int[]) returns int
    language plpgsql set plan_cache_mode = force_custom_plan set jit = off set enable_nestloop = off as $$
declare
    change record;
    changed text[] := '{}';
    touched text[] := active;
    cohort_before cohort[];
    moment_before moment[];
begin
    if exposed <> '{}' then
        change := exposure_change(exposed, first, campaigns);
        changed := array(select visitor_id from unnest(change.put)
                         union select visitor_id from unnest(change.gone));
        touched := array(select unnest(changed) union select unnest(active));
    end if;
    if touched <> '{}' then
        moment_before := array(select m from moment_of(touched, campaigns) m);
        if changed <> '{}' then
            cohort_before := array(select c from cohort_of(changed, campaigns) c);
            perform exposure_write(change.put, change.gone);
            perform cohort_add(cohort_before, array(select c from cohort_of(changed, campaigns) c));
        end if;
        perform outcome_write(touched, campaigns);
        perform moment_add(moment_before, array(select m from moment_of(touched, campaigns) m));
    end if;
    return (select count(*) from (select unnest(exposed) union select unnest(active)) visitors);
end
$$;

-- Reading ---------------------------------------------------------------------------------------------

-- Which rows of which writer to read next: (writer, first, last], about row_limit in all. A batch of equal
-- seq is never cut. Leans on visitor_event_writer.
create function fold_waiting(row_limit int)
    returns table (writer int, first bigint, last bigint, is_cut boolean) language sql stable as $$
    select w.writer, w.seq, l.last, l.rows >= greatest(row_limit / w.busy, 1)
    from (select id as writer, coalesce(c.seq, -1) as seq, count(*) over () as busy
          from writer
          left join fold_cursor c on c.writer = writer.id
          cross join lateral (select from visitor_event e
                              where e.writer = writer.id and e.seq > coalesce(c.seq, -1) limit 1) one) w
    cross join lateral (
        select max(seq) as last, count(*) as rows
        from (select e.seq from visitor_event e where e.writer = w.writer and e.seq > w.seq
              order by e.seq limit greatest(row_limit / w.busy, 1)) next) l
$$;

-- Reads the rows (firsts, lasts] of the writers and tells whom they touch: 'exposed' have new exposures (the
-- oldest of them at 'first') or had no past and get one, 'active' are exposed already and did something a metric
-- counts; 'since' is the oldest ts of these rows. An exposure that comes after the stored one, to a variant which
-- tells nothing new, changes no row. Exposures of phases that are not there are put into early_exposure.
create function fold_read(writers int[], firsts bigint[], lasts bigint[], out row_count int,
                          out exposed text[], out first timestamptz, out active text[],
                          out since timestamptz)
    language plpgsql set plan_cache_mode = force_custom_plan set jit = off set enable_nestloop = off as $$
begin
    with fresh as materialized (
        select e.*
        from unnest(writers, firsts, lasts) b (writer, first, last)
        cross join lateral (
            select visitor_id, environment_id, event_id, name, ts, marks,
                   case when name = 'exposure' then properties ->> 'campaign' end as campaign,
                   case when name = 'exposure' then properties ->> 'variant' end as variant,
                   case when name = 'exposure' and jsonb_typeof(properties -> 'phase') = 'number'
                        then (properties ->> 'phase')::numeric end as phase
            from visitor_event
            where visitor_event.writer = b.writer and seq > b.first and seq <= b.last
            offset 0) e
    ),
    visitor as materialized (
        select visitor_id, min(ts) as ts from fresh where marks = 0 group by visitor_id
    ),
    stored as materialized (
        select x.*, v.ts
        from visitor v
        cross join lateral (
            select visitor_id, campaign_id, phase, variant, is_crossover, event_id, exposed_at, has_past
            from exposure where exposure.visitor_id = v.visitor_id
            offset 0) x
    ),
    shown as materialized (
        select f.visitor_id, f.environment_id, f.campaign, f.phase, min(f.ts) as ts, p.number is null as is_early
        from fresh f
        left join campaign c on c.environment_id = f.environment_id and c.key = f.campaign
        left join phase p on p.campaign_id = c.id and p.number = f.phase
        left join stored s on s.visitor_id = f.visitor_id and s.campaign_id = p.campaign_id
             and s.phase = p.number and (s.is_crossover or s.variant = f.variant)
             and (s.exposed_at, s.event_id) <= (f.ts, f.event_id)
        where f.marks = 0 and f.campaign is not null and f.phase is not null and s.visitor_id is null
        group by f.visitor_id, f.environment_id, f.campaign, f.phase, p.number is null
    ),
    early as (
        insert into early_exposure
        select visitor_id, environment_id, campaign, phase::int, ts
        from shown
        where is_early and phase between 1 and 2147483647 and phase = trunc(phase)
        order by visitor_id, environment_id, campaign, phase
        on conflict (visitor_id, environment_id, campaign, phase) do update
        set ts = least(early_exposure.ts, excluded.ts)
    ),
    busy as materialized (
        select f.visitor_id, min(f.ts) as ts
        from fresh f
        join (select environment_id, name, max(until) as until from campaign_event
              group by environment_id, name) n
             on n.environment_id = f.environment_id and n.name = f.name and f.ts < n.until
        where f.marks = 0 and f.visitor_id in (select visitor_id from stored)
        group by f.visitor_id
    ),
    older as materialized (
        select visitor_id, ts from stored where not has_past and exposed_at > ts
    )
    select (select count(*) from fresh),
           array(select visitor_id from shown where not is_early union select visitor_id from older),
           (select min(ts) from shown where not is_early),
           array(select visitor_id from busy),
           least((select min(ts) from shown where not is_early), (select min(ts) from busy),
                 (select min(ts) from older))
    into row_count, exposed, first, active, since;
end
$$;

-- The exposures that were early once and whose phase has begun meanwhile, some of them; they are taken out.
create function fold_read_early(row_limit int, out exposed text[], out first timestamptz)
    language plpgsql as $$
begin
    with due as (
        delete from early_exposure e
        using (select l.*
               from campaign c
               join phase p on p.campaign_id = c.id
               cross join lateral (
                   select visitor_id, environment_id, campaign, phase from early_exposure
                   where environment_id = c.environment_id and campaign = c.key and phase = p.number
                   limit row_limit) l
               limit row_limit) d
        where (e.visitor_id, e.environment_id, e.campaign, e.phase)
            = (d.visitor_id, d.environment_id, d.campaign, d.phase)
        returning e.visitor_id, e.ts
    )
    select coalesce(array_agg(distinct visitor_id), '{}'), min(ts) into exposed, first from due;
end
$$;

-- Stepping ------------------------------------------------------------------------------------------

-- One step of the fold: about row_limit events, and as many units of what is to be gone over. is_held: another
-- session folds or rebuilds, nothing was done. is_more: call again at once.
-- Without JIT: compiling for every partition takes a hundred times as long as an idle step.
create function fold_step(row_limit int, out row_count int, out visitor_count int, out is_more boolean,
                          out is_held boolean)
    language plpgsql set jit = off as $$
declare
    writers int[];
    firsts bigint[];
    lasts bigint[];
    read record;
    early record;
begin
    perform fold_check_isolation();
    row_count := 0;
    visitor_count := 0;
    is_more := false;
    is_held := not pg_try_advisory_xact_lock(fold_lock());
    if is_held then
        return;
    end if;
    select array_agg(writer), array_agg(w.first), array_agg(w.last), bool_or(is_cut)
    into writers, firsts, lasts, is_more
    from fold_waiting(row_limit) w;
    if writers is not null then
        read := fold_read(writers, firsts, lasts);
        row_count := read.row_count;
        visitor_count := fold_apply(read.exposed, read.first, read.active, fold_campaigns(read.since));
        insert into fold_cursor select * from unnest(writers, lasts) c (writer, seq) order by writer
        on conflict (writer) do update set seq = excluded.seq;
    end if;
    early := fold_read_early(row_limit);
    visitor_count := visitor_count
        + fold_apply(early.exposed, early.first, '{}', fold_campaigns(early.first));
    is_more := coalesce(is_more, false) or early.exposed <> '{}';
    is_more := fold_settle(row_limit) or is_more;
    is_more := fold_backfill(row_limit) or is_more;
end
$$;

-- The campaigns for which an event at 'since' or later can matter.
create function fold_campaigns(since timestamptz) returns int[] language sql stable as $$
    select array(select distinct campaign_id from phase where coalesce(ended_at, 'infinity') > since)
$$;
