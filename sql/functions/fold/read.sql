-- Reading events by cursor.

-- Which rows of which writer a consumer reads next in a slice: (writer, first, last], about row_limit in all, none of
-- them before from_day. Rows of equal seq are never parted; where all were found, last is the writer's last, whether
-- its row is still there or not. Leans on visitor_event_writer.
create function slice_unread(the_consumer int, the_slice int, row_limit int, out writers int[], out firsts bigint[],
                             out lasts bigint[], out from_day date, out is_cut boolean)
    language plpgsql as $$
declare
    one record;
    share int;
    newest bigint;
    found_rows int;
    near date := near_day();
    old bigint[];
begin
    loop
        from_day := unread_from(the_consumer, the_slice);
        is_cut := false;
        for one in
            select w.id, u.seq, u.head, row_limit / count(*) over () as share,
                   least(coalesce(u.from_day, late_before(w.created_at)),
                         case when l.seq > u.seq then l.from_day end) as since
            from unread_head u
            join writer w on w.id = u.writer
            left join late_event l on l.slice = the_slice and l.writer = w.id
            where u.consumer = the_consumer and u.slice = the_slice
            order by w.id
        loop
            share := greatest(one.share, 1);
            old := past_seqs(the_slice, one.id, one.seq, one.since, near, share);
            select max(n.seq), count(*) into newest, found_rows
            from (select u.seq
                  from ((select e.seq from visitor_event e
                         where e.writer = one.id and e.slice = the_slice and e.seq > one.seq
                               and e.day >= greatest(from_day, near)
                         order by e.seq limit share)
                        union all
                        select o.seq from unnest(old) o (seq)) u
                  order by u.seq limit share) n;
            writers := writers || one.id;
            firsts := firsts || one.seq;
            lasts := lasts || case when found_rows < share then greatest(newest, one.head) else newest end;
            is_cut := is_cut or found_rows >= share;
        end loop;
        -- What was marked as late meanwhile may have been among these rows.
        exit when from_day is null or unread_from(the_consumer, the_slice) >= from_day;
        writers := null;
        firsts := null;
        lasts := null;
    end loop;
end
$$;

-- Moves the cursors behind what was read. When that was all, what is unread from then on is of later days.
create function slice_read(the_consumer int, the_slice int, writers int[], lasts bigint[], is_cut boolean)
    returns void language plpgsql as $$
declare
    today date := late_before(now());
begin
    insert into fold_cursor (consumer, slice, writer, seq, from_day)
    select the_consumer, the_slice, w.id, coalesce(n.seq, -1),
           case when is_cut then late_before(w.created_at) else today end
    from writer w
    left join unnest(writers, lasts) n (writer, seq) on n.writer = w.id
    left join fold_cursor c on c.consumer = the_consumer and c.slice = the_slice and c.writer = w.id
    where n.seq is not null or not is_cut and (c.from_day is null or c.from_day < today)
    order by w.id
    on conflict (consumer, slice, writer) do update
    set seq = greatest(fold_cursor.seq, excluded.seq),
        from_day = case when is_cut then fold_cursor.from_day else greatest(fold_cursor.from_day, today) end;
end
$$;

-- The rows (firsts, lasts] of the writers. Leans on visitor_event_writer.
create function fold_events(the_slice int, writers int[], firsts bigint[], lasts bigint[], from_day date)
    returns fold_event[] language plpgsql as $$
declare
    events fold_event[] := '{}';
    near date := near_day();
    old visitor_event[];
    i int;
begin
    for i in 1 .. coalesce(cardinality(writers), 0) loop
        old := past_of_writer(the_slice, writers[i], firsts[i], lasts[i], from_day, near);
        events := events || array(
            select row(visitor_id, environment_id, event_id, name, ts, marks,
                       case when name = 'exposure' then properties ->> 'campaign' end,
                       case when name = 'exposure' and jsonb_typeof(properties -> 'phase') = 'number'
                            then (properties ->> 'phase')::numeric end,
                       case when name = 'exposure' then coalesce(properties ->> 'experience', '') end,
                       case when name = 'exposure' then properties ->> 'variant' end,
                       case when properties ->> 'currency' ~ '^[A-Z]{3}$'
                            then properties ->> 'currency' end)::fold_event
            from (select visitor_id, environment_id, event_id, name, ts, marks, properties from visitor_event
                  where writer = writers[i] and slice = the_slice and seq > firsts[i] and seq <= lasts[i]
                        and day >= greatest(from_day, near)
                  union all
                  select visitor_id, environment_id, event_id, name, ts, marks, properties from unnest(old)) e);
    end loop;
    return events;
end
$$;

-- Keeps exposures whose phase is not there yet: of campaigns that are, and no more of an environment than its share
-- in this slice. What is kept already takes no room, and becomes as old as the oldest.
create function early_keep(the_slice int, events fold_event[]) returns void language plpgsql as $$
declare
    slices numeric := (select count from slicing);
begin
    insert into early_exposure (slice, visitor_id, environment_id, campaign, phase, ts)
    select the_slice, visitor_id, environment_id, campaign, phase, ts
    from (select s.*, k.slice is not null as is_kept,
                 row_number() over (partition by s.environment_id, k.slice is null
                                    order by s.visitor_id, s.campaign, s.phase) as place
          from (select e.visitor_id, e.environment_id, e.campaign, e.phase::int as phase, min(e.ts) as ts
                from unnest(events) e
                join campaign c on c.environment_id = e.environment_id and c.key = e.campaign
                where e.phase between 1 and 2147483647 and e.phase = trunc(e.phase)
                group by e.visitor_id, e.environment_id, e.campaign, e.phase) s
          left join early_exposure k on k.slice = the_slice and k.visitor_id = s.visitor_id
               and k.environment_id = s.environment_id and k.campaign = s.campaign and k.phase = s.phase) shown
    where is_kept
          or place <= (select ceil((fold_limits(n.document)).early_rows / slices) from environment n
                       where n.id = shown.environment_id)
                      - (select count(*) from early_exposure k
                         where k.slice = the_slice and k.environment_id = shown.environment_id)
    order by visitor_id, environment_id, campaign, phase
    on conflict (slice, visitor_id, environment_id, campaign, phase) do update
    set ts = least(early_exposure.ts, excluded.ts);
end
$$;

-- Tells whom events touch: 'exposed' have new exposures (the oldest of them at 'first') or had no past and get one,
-- 'active' are exposed already and did something a metric counts; 'since' is the oldest ts of these rows. An exposure
-- that comes after the stored one, to a variant which tells nothing new, changes no row. 'early' are exposures of
-- phases that are not there.
create function fold_read(the_slice int, events fold_event[], out exposed text[], out first timestamptz,
                          out active text[], out since timestamptz, out early fold_event[])
    language plpgsql as $$
begin
    with fresh as materialized (
        select * from unnest(events) where marks = 0
    ),
    visitor as materialized (
        select visitor_id, min(ts) as ts from fresh group by visitor_id
    ),
    stored as materialized (
        select x.unit_id, x.campaign_id, x.phase, x.experience, x.variant, x.is_crossover, x.event_id, x.exposed_at,
               x.has_past, v.ts
        from exposure x
        join visitor v on v.visitor_id = x.unit_id
        where x.slice = the_slice and x.unit_id = any (array(select visitor_id from visitor))
    ),
    aside as materialized (
        select x.unit_id, x.campaign_id, x.phase, x.experience, x.event_id, x.exposed_at
        from excluded_exposure x
        where x.slice = the_slice and x.unit_id = any (array(select visitor_id from visitor))
    ),
    shown as materialized (
        select f.visitor_id, f.environment_id, f.event_id, f.name, f.ts, f.marks, f.campaign, f.phase, f.experience,
               f.variant, p.number is null as is_early
        from fresh f
        left join campaign c on c.environment_id = f.environment_id and c.key = f.campaign
        left join phase p on p.campaign_id = c.id and p.number = f.phase
        left join stored s on s.unit_id = f.visitor_id and s.campaign_id = p.campaign_id
             and s.phase = p.number and s.experience = f.experience and (s.is_crossover or s.variant = f.variant)
             and (s.exposed_at, s.event_id) <= (f.ts, f.event_id)
        left join aside a on a.unit_id = f.visitor_id and a.campaign_id = p.campaign_id and a.phase = p.number
             and a.experience = f.experience and (a.exposed_at, a.event_id) <= (f.ts, f.event_id)
        where f.campaign is not null and f.phase is not null and s.unit_id is null and a.unit_id is null
    ),
    busy as materialized (
        select f.visitor_id, min(f.ts) as ts
        from fresh f
        join (select environment_id, name, max(until) as until from campaign_event
              group by environment_id, name) n
             on n.environment_id = f.environment_id and n.name = f.name and f.ts < n.until
        where f.visitor_id in (select unit_id from stored)
        group by f.visitor_id
    ),
    older as materialized (
        select unit_id, ts from stored where not has_past and exposed_at > ts
    )
    select array(select visitor_id from shown where not is_early union select unit_id from older),
           (select min(ts) from shown where not is_early),
           array(select visitor_id from busy),
           least((select min(ts) from shown where not is_early), (select min(ts) from busy),
                 (select min(ts) from older)),
           array(select row(visitor_id, environment_id, event_id, name, ts, marks, campaign, phase, experience,
                            variant, null)::fold_event from shown where is_early)
    into exposed, first, active, since, early;
end
$$;

-- The exposures that were early once and whose phase has begun meanwhile, some of them; they are taken out.
create function fold_read_early(the_slice int, row_limit int, out exposed text[], out first timestamptz)
    language plpgsql as $$
begin
    exposed := '{}';
    if not exists (select from early_exposure where slice = the_slice) then
        return;
    end if;
    with due as materialized (
        select e.visitor_id, e.environment_id, e.campaign, e.phase
        from early_exposure e
        join campaign c on c.environment_id = e.environment_id and c.key = e.campaign
        join phase p on p.campaign_id = c.id and p.number = e.phase
        where e.slice = the_slice
        limit row_limit
    ),
    taken as (
        delete from early_exposure e
        using due d
        where e.slice = the_slice and (e.visitor_id, e.environment_id, e.campaign, e.phase)
              = (d.visitor_id, d.environment_id, d.campaign, d.phase)
        returning e.visitor_id, e.ts
    )
    select coalesce(array_agg(distinct visitor_id), '{}'), min(ts) into exposed, first from taken;
end
$$;

-- Early exposures whose phase has not come for a month never had one.
create function early_trim() returns void language plpgsql as $$
begin
    delete from early_exposure where kept_at < now() - interval '30 days';
end
$$;
