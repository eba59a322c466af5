-- Going over the units of a campaign in a slice, some after the other: at the end of a phase, for a new metric, and
-- for one that is none any more.

-- Says how far a slice has gone over something.
create function sweep_write(the_slice int, the_campaign int, the_phase int, the_metric int, last text, done boolean)
    returns void language plpgsql as $$
begin
    insert into sweep (slice, campaign_id, phase, metric_id, done_to, is_done)
    values (the_slice, the_campaign, the_phase, the_metric, last, done)
    on conflict (slice, campaign_id, phase, metric_id) do update
    set done_to = excluded.done_to, is_done = excluded.is_done;
end
$$;

-- Of some units those that did something at 'moment' or later.
create function units_since(the_slice int, units text[], moment timestamptz) returns text[] language plpgsql as $$
declare
    from_day date := fold_day(moment);
    near date := near_day();
    old visitor_event[] := past_of_visitors(the_slice, units, from_day, near, null);
begin
    return array(
        select u.unit_id
        from (select unit_id, exists (select from visitor_event e
                                      where e.slice = the_slice and e.visitor_id = unit_id and e.ts >= moment
                                            and e.day >= greatest(from_day, near))
                              or unit_id in (select e.visitor_id from unnest(old) e where e.ts >= moment) as is_late
              from unnest(units) unit (unit_id) offset 0) u
        where u.is_late);
end
$$;

-- A phase has ended: events from its end on, which may have been counted before that was known, leave it. That of an
-- import waits until the slice has read what was sent: who waits for that is told by it. Returns whether all units of
-- the slice were gone over; null: there was nothing to do.
create function fold_settle(the_slice int, unit_limit int) returns boolean language plpgsql as $$
declare
    ended record;
    chunk text[];
    late text[];
begin
    select p.campaign_id, p.number, p.ended_at,
           coalesce((select w.done_to from sweep w
                     where w.slice = the_slice and w.campaign_id = p.campaign_id and w.phase = p.number
                           and w.metric_id = 0), '') as done_to
    into ended
    from phase p
    where p.ended_at is not null and not p.is_settled
          and not exists (select from import i
                          where i.campaign_id = p.campaign_id and unread_since(1, the_slice) <= i.updated_at)
          and not exists (select from sweep w
                          where w.slice = the_slice and w.campaign_id = p.campaign_id and w.phase = p.number
                                and w.metric_id = 0 and w.is_done)
    order by p.campaign_id, p.number limit 1;
    if not found then
        return null;
    end if;
    chunk := array(select unit_id from exposure
                   where campaign_id = ended.campaign_id and slice = the_slice and phase = ended.number
                         and unit_id > ended.done_to
                   order by unit_id limit unit_limit);
    late := units_since(the_slice, chunk, ended.ended_at);
    perform fold_apply(the_slice, late, null, late, array[ended.campaign_id], true);
    perform excluded_settle(the_slice, ended.campaign_id, ended.number, ended.ended_at);
    perform sweep_write(the_slice, ended.campaign_id, ended.number, 0, coalesce(chunk[unit_limit], ''),
                        cardinality(chunk) < unit_limit);
    return cardinality(chunk) < unit_limit;
end
$$;

-- A campaign has new metrics, or its environment other limits: the next units are measured by them. New events are
-- measured by them from the start.
-- Returns as fold_settle.
create function fold_backfill(the_slice int, unit_limit int) returns boolean language plpgsql as $$
declare
    campaign int;
    metrics int[];
    done_before text;
    chunk text[];
begin
    select m.campaign_id, array_agg(m.metric_id),
           min(coalesce((select w.done_to from sweep w
                         where w.slice = the_slice and w.campaign_id = m.campaign_id and w.phase = 0
                               and w.metric_id = m.metric_id), ''))
    into campaign, metrics, done_before
    from campaign_metric m
    where not m.is_computed and not campaign_is_closed(m.campaign_id)
          and not exists (select from sweep w
                          where w.slice = the_slice and w.campaign_id = m.campaign_id and w.phase = 0
                                and w.metric_id = m.metric_id and w.is_done)
    group by m.campaign_id order by m.campaign_id limit 1;
    if not found then
        return null;
    end if;
    chunk := array(select distinct unit_id from exposure
                   where campaign_id = campaign and slice = the_slice and unit_id > done_before
                   order by unit_id limit unit_limit);
    perform fold_apply(the_slice, '{}', null, chunk, array[campaign], true);
    perform sweep_write(the_slice, campaign, 0, metric, coalesce(chunk[unit_limit], ''),
                        cardinality(chunk) < unit_limit)
    from unnest(metrics) metric;
    return cardinality(chunk) < unit_limit;
end
$$;

-- Takes out what was computed for a metric that a campaign is measured by no more. Units that went over a limit are
-- counted anew: the metric's events do not count any longer. Returns as fold_settle.
create function fold_tidy(the_slice int) returns boolean language plpgsql as $$
declare
    gone gone_metric;
    units text[];
begin
    select * into gone from gone_metric where slice = the_slice limit 1;
    if not found then
        return null;
    end if;
    delete from gone_metric
    where slice = the_slice and campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    if exists (select from campaign_metric where campaign_id = gone.campaign_id and metric_id = gone.metric_id) then
        return true;
    end if;
    delete from outcome where slice = the_slice and campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    delete from moment where slice = the_slice and campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    delete from sweep where slice = the_slice and campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    delete from distribution where campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    units := array(select distinct unit_id from overflow where slice = the_slice and campaign_id = gone.campaign_id);
    perform fold_apply(the_slice, '{}', null, units, array[gone.campaign_id], true);
    return true;
end
$$;

-- The next part of whatever there is to go over.
create function fold_sweep(the_slice int, unit_limit int, out is_more boolean, out is_swept boolean)
    language plpgsql as $$
declare
    settled boolean := fold_settle(the_slice, unit_limit);
    computed boolean := fold_backfill(the_slice, unit_limit);
    tidied boolean := fold_tidy(the_slice);
    removed boolean := fold_remove(the_slice, unit_limit);
    rated boolean := fold_rates(the_slice, unit_limit);
    excluded boolean := fold_exclude(the_slice, unit_limit);
begin
    is_more := coalesce(settled, computed, tidied, removed, rated, excluded) is not null;
    is_swept := coalesce(settled, false) or coalesce(computed, false) or coalesce(removed, false);
end
$$;

-- What every slice has gone over is done.
create function fold_finish() returns void language plpgsql as $$
declare
    slices int := (select count from slicing);
    done record;
begin
    for done in
        select campaign_id, phase, metric_id from sweep where is_done
        group by campaign_id, phase, metric_id having count(*) = slices
        order by campaign_id, phase, metric_id
    loop
        update phase set is_settled = true
        where campaign_id = done.campaign_id and number = done.phase and not is_settled;
        update campaign_metric set is_computed = true
        where campaign_id = done.campaign_id and metric_id = done.metric_id and not is_computed;
        delete from sweep
        where campaign_id = done.campaign_id and phase = done.phase and metric_id = done.metric_id;
    end loop;
    update import i set state = 'gone', version = version + 1, updated_at = now()
    where i.state = 'leaving' and not exists (select from import_removal r where r.import_id = i.id);
end
$$;
