-- The consumer event_hours: what sites send, by hour and name.

-- What some rows of a writer add to event_hour, those of imports aside; their names as they came. Leans on
-- visitor_event_writer.
create function event_hour_of(the_slice int, the_writer int, first bigint, last bigint, from_day date)
    returns event_hour[] language plpgsql as $$
declare
    near date := near_day();
    old visitor_event[] := past_of_writer(the_slice, the_writer, first, last, from_day, near);
begin
    return array(
    with fresh as materialized (
        select e.environment_id, e.ts at time zone 'UTC' as moment, e.ts, e.name,
               case when not is_simulated(e.visitor_id) then e.received_at end as site_at,
               coalesce(is_amount(told_number(e.properties -> 'value')), false) as has_value,
               e.properties ->> 'currency' is not null as has_currency,
               case when e.name = 'exposure' then e.properties ->> 'campaign' end as campaign,
               case when e.name = 'exposure' then e.properties -> 'phase' end as phase,
               case when e.name = 'exposure' then coalesce(e.properties ->> 'experience', '') end as experience,
               case when e.name = 'exposure' then e.properties ->> 'variant' end as variant
        from (select environment_id, visitor_id, ts, received_at, name, properties from visitor_event
              where writer = the_writer and slice = the_slice and seq > first and seq <= last
                    and day >= greatest(from_day, near) and not is_imported(visitor_id)
              union all
              select environment_id, visitor_id, ts, received_at, name, properties
              from unnest(old) where not is_imported(visitor_id)) e
    )
    select row(the_slice, f.environment_id, f.moment::date, extract(hour from f.moment)::int, f.name, count(*),
               count(*) filter (where f.has_value), count(*) filter (where f.has_currency),
               count(*) filter (where f.name = 'exposure' and v.variant is null), max(f.ts),
               max(f.site_at))::event_hour
    from fresh f
    left join campaign_variant v on v.environment_id = f.environment_id and v.campaign = f.campaign
         and to_jsonb(v.phase) = f.phase and v.experience = f.experience and v.variant = f.variant
    group by f.environment_id, f.moment::date, extract(hour from f.moment)::int, f.name);
end
$$;

-- The same with the names that there is room for: 200 of an environment's day in this slice; the others become ''.
create function event_hour_name(the_slice int, hours event_hour[]) returns event_hour[] language plpgsql as $$
begin
    return array(
    with fresh as (
        select environment_id, day, name, sum(event_count) as rows from unnest(hours)
        group by environment_id, day, name
    ),
    known as (
        select distinct h.environment_id, h.day, h.name
        from event_hour h
        join (select distinct environment_id, day from fresh) d
             on d.environment_id = h.environment_id and d.day = h.day
        where h.slice = the_slice
    ),
    placed as (
        select f.environment_id, f.day, f.name,
               row_number() over (partition by f.environment_id, f.day
                                  order by k.name is null, f.rows desc, f.name)
               + (select count(*) from known o
                  where o.environment_id = f.environment_id and o.day = f.day
                        and not exists (select from fresh n where n.environment_id = o.environment_id
                                                                  and n.day = o.day and n.name = o.name)) as place,
               k.name is not null as is_known
        from fresh f
        left join known k on k.environment_id = f.environment_id and k.day = f.day and k.name = f.name
    )
    select row(the_slice, h.environment_id, h.day, h.hour,
               case when p.is_known or p.place <= 200 then h.name else '' end,
               sum(h.event_count), sum(h.value_count), sum(h.currency_count), sum(h.unassigned_count),
               max(h.last_seen_at), max(h.site_seen_at))::event_hour
    from unnest(hours) h
    join placed p on p.environment_id = h.environment_id and p.day = h.day and p.name = h.name
    group by h.environment_id, h.day, h.hour, case when p.is_known or p.place <= 200 then h.name else '' end);
end
$$;

create function event_hour_add(hours event_hour[]) returns void language plpgsql as $$
begin
    insert into event_hour as h
    select * from unnest(hours) order by slice, environment_id, day, name, hour
    on conflict (slice, environment_id, day, name, hour) do update
    set event_count = h.event_count + excluded.event_count, value_count = h.value_count + excluded.value_count,
        currency_count = h.currency_count + excluded.currency_count,
        unassigned_count = h.unassigned_count + excluded.unassigned_count,
        last_seen_at = greatest(h.last_seen_at, excluded.last_seen_at),
        site_seen_at = greatest(h.site_seen_at, excluded.site_seen_at);
end
$$;

-- One step of the consumer in a slice: as slice_step. What results leave out is counted beside.
create function event_hour_step(the_slice int, row_limit int, out row_count int, out visitor_count int,
                                out is_more boolean, out is_held boolean, out is_swept boolean)
    language plpgsql as $$
declare
    unread record;
    hours event_hour[] := '{}';
begin
    perform fold_prepare();
    row_count := 0;
    visitor_count := 0;
    is_more := false;
    is_swept := false;
    is_held := not pg_try_advisory_xact_lock(fold_lock(2), the_slice);
    if is_held then
        return;
    end if;
    unread := slice_unread(2, the_slice, row_limit);
    for i in 1 .. coalesce(cardinality(unread.writers), 0) loop
        hours := hours
            || event_hour_of(the_slice, unread.writers[i], unread.firsts[i], unread.lasts[i], unread.from_day);
    end loop;
    if hours <> '{}' then
        perform event_hour_add(event_hour_name(the_slice, hours));
        perform omission_add(the_slice, unread.writers, unread.firsts, unread.lasts, unread.from_day, hours);
    end if;
    perform slice_read(2, the_slice, unread.writers, unread.lasts, unread.is_cut);
    row_count := (select coalesce(sum(event_count), 0) from unnest(hours));
    is_more := unread.is_cut;
end
$$;

-- Hours of more than 400 days ago go.
create function event_hour_trim() returns void language plpgsql as $$
begin
    delete from event_hour where day < (now() at time zone 'UTC')::date - 400;
end
$$;
