-- The events of one visitor, for somebody who looks at it. All days are read, a year at a time: see past.sql.

-- How many there are, and when the first and the last was.
create function visitor_seen(the_environment int, the_visitor text, out total bigint, out first_ts timestamptz,
                             out last_ts timestamptz)
    language plpgsql as $$
declare
    the_slice int := slice_of(the_visitor);
    year record;
    part record;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    total := 0;
    for year in select * from past_years('-infinity', 'infinity') loop
        begin
            select count(*) as total, min(ts) as first_ts, max(ts) as last_ts into part from visitor_event
            where slice = the_slice and visitor_id = the_visitor and environment_id = the_environment
                  and day >= year.first and day < year.last;
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            total := total + part.total;
            first_ts := least(first_ts, part.first_ts);
            last_ts := greatest(last_ts, part.last_ts);
        end;
    end loop;
end
$$;

-- The last row_limit of them, the last first; where these are given, before the moment and event. A ts is never more
-- than two days away from its day: when there are enough, older years hold none of them.
create function visitor_page(the_environment int, the_visitor text, before timestamptz, before_id uuid, row_limit int)
    returns setof visitor_event language plpgsql as $$
declare
    the_slice int := slice_of(the_visitor);
    year record;
    part visitor_event[];
    events visitor_event[] := '{}';
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    for year in select * from past_years('-infinity', 'infinity') order by first desc loop
        exit when cardinality(events) >= row_limit and events[row_limit].ts >= year.last + interval '3 days';
        begin
            part := array(
                select row(slice, visitor_id, event_id, day, environment_id, name, ts, received_at, properties, marks,
                           writer, seq)::visitor_event
                from visitor_event
                where slice = the_slice and visitor_id = the_visitor and environment_id = the_environment
                      and day >= year.first and day < year.last
                      and (before is null or (ts, event_id) < (before, before_id))
                order by ts desc, event_id desc limit row_limit);
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            events := array(select e from unnest(events || part) e
                            order by e.ts desc, e.event_id desc limit row_limit);
        end;
    end loop;
    return query select * from unnest(events);
end
$$;
