-- The events that came last, for people who watch them arrive: of the last hour, and however many come, no more than so
-- many rows are looked at.

-- Where the newest rows of an environment stand, imports' aside: of all writers together about 20,000 rows are looked
-- at, so the rare events of one environment can be hidden by those of others. Leans on visitor_event_writer.
create function newest_places(the_environment int, the_name text, row_limit int)
    returns table (slice int, writer int, seq bigint, received_at timestamptz)
    language plpgsql as $$
declare
    first_day date := (now() at time zone 'UTC')::date - 8;
    share bigint := 20000 / greatest(1, (select count(distinct h.writer) from writer_head h));
    head record;
begin
    for head in
        select h.slice, h.writer, max(h.seq) over (partition by h.writer) as seq from writer_head h
    loop
        return query
            select e.slice, e.writer, e.seq, e.received_at
            from visitor_event e
            where e.slice = head.slice and e.writer = head.writer and e.seq > head.seq - share and e.day >= first_day
                  and e.environment_id = the_environment and e.received_at > now() - interval '1 hour'
                  and (the_name is null or e.name = the_name) and not is_imported(e.visitor_id)
            order by e.seq desc limit row_limit;
    end loop;
end
$$;

-- The newest events of an environment, the last first; of some name where one is given.
create function newest_events(the_environment int, the_name text, row_limit int) returns setof visitor_event
    language plpgsql as $$
declare
    first_day date := (now() at time zone 'UTC')::date - 8;
    one record;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    for one in
        select p.slice, p.writer, p.seq from newest_places(the_environment, the_name, row_limit) p
        order by p.received_at desc, p.seq desc limit row_limit
    loop
        return query
            select e.* from visitor_event e
            where e.slice = one.slice and e.writer = one.writer and e.seq = one.seq and e.day >= first_day;
    end loop;
end
$$;

-- The same of one visitor: of its newest 1,000 events by id. Leans on visitor_event's primary key.
create function newest_of_visitor(the_environment int, the_visitor text, the_name text, row_limit int)
    returns setof visitor_event
    language plpgsql as $$
declare
    the_slice int := slice_of(the_visitor);
    first_day date := (now() at time zone 'UTC')::date - 8;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    return query
        select (o.e).*
        from (select e from visitor_event e
              where e.slice = the_slice and e.visitor_id = the_visitor and e.day >= first_day
              order by e.event_id desc limit 1000) o
        where (o.e).environment_id = the_environment and (the_name is null or (o.e).name = the_name)
              and (o.e).received_at > now() - interval '1 hour'
        order by (o.e).received_at desc, (o.e).seq desc limit row_limit;
end
$$;

-- What came last in an environment, stored or refused, the last first: {received_at, is_refused, event_id, visitor_id,
-- name, ts, properties, effect, reason, detail}; properties are the beginning of their text, of those refused that of
-- the event. Where they are given: of one visitor, of one name ('kept_visitor' and 'kept_name' are how samples of
-- refused events call them), and only what does not count.
create function live_events(the_environment int, the_visitor text, kept_visitor text, the_name text,
                            kept_name text, is_uncounted boolean, row_limit int)
    returns table (received_at timestamptz, item jsonb)
    language plpgsql as $$
declare
    events visitor_event[];
begin
    if the_visitor is null then
        events := array(select e from newest_events(the_environment, the_name, 2 * row_limit) e);
    else
        events := array(select e from newest_of_visitor(the_environment, the_visitor, the_name, 2 * row_limit) e);
    end if;
    return query
        select e.received_at, jsonb_build_object(
                   'received_at', rfc3339(e.received_at), 'is_refused', false, 'event_id', e.event_id,
                   'visitor_id', e.visitor_id, 'name', e.name, 'ts', rfc3339(e.ts),
                   'properties', left(e.properties::text, 1000), 'effect', f.effect, 'reason', null, 'detail', null)
        from unnest(events) e
        join event_effects(the_environment, events) f
             on f.visitor_id = e.visitor_id and f.event_id = e.event_id and f.day = e.day
        where not is_uncounted or f.effect -> 'counts' = 'false' or f.effect ->> 'unrated' is not null
        union all
        (select r.received_at, jsonb_build_object(
                    'received_at', rfc3339(r.received_at), 'is_refused', true, 'event_id', null,
                    'visitor_id', r.visitor_id, 'name', r.name, 'ts', null,
                    'properties', r.event, 'effect', null, 'reason', r.reason, 'detail', r.detail)
         from rejected_event r
         where r.environment_id = the_environment and r.received_at > now() - interval '1 hour'
               and (kept_visitor is null or r.visitor_id = kept_visitor) and (kept_name is null or r.name = kept_name)
         order by r.id desc limit row_limit)
        order by 1 desc limit row_limit;
end
$$;
