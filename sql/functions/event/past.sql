-- Events of long ago. A transaction holds a lock on every partition, and on its indexes, that a statement of it opened;
-- by default PostgreSQL has room for some 2,000 partitions in all. So statements name the days of about a year, and
-- what is older is read a year at a time, each in a subtransaction that is rolled back: that gives the locks back.

-- The first of the days that statements name.
create function near_day() returns date language sql stable as $$
    select (now() at time zone 'UTC')::date - 400
$$;

-- The days from from_day on, before to_day, for which there are partitions, at most 366 at a time.
create function past_years(from_day date, to_day date) returns table (first date, last date)
    language plpgsql stable as $$
begin
    if from_day < to_day then
        return query
            with part as materialized (
                select to_date(substr(c.relname, 15), 'YYYYMMDD') as day
                from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = 'visitor_event'::regclass
            )
            select min(p.day), max(p.day) + 1
            from part p
            where p.day >= from_day and p.day < to_day
            group by (p.day - date '2000-01-01') / 366
            order by 1;
    end if;
end
$$;

-- What some visitors did from from_day on before to_day, events with marks aside; of some names, or (null) of all.
-- The list is a constant to the planner: where it reads a day as a whole, it looks rows up by hash. Leans on
-- visitor_event's primary key.
create function past_of_visitors(the_slice int, visitors text[], from_day date, to_day date, names text[])
    returns visitor_event[] language plpgsql as $$
declare
    year record;
    part visitor_event[];
    events visitor_event[] := '{}';
begin
    for year in select * from past_years(from_day, to_day) loop
        begin
            part := array(
                select row(slice, visitor_id, event_id, day, environment_id, name, ts, received_at, properties, marks,
                           writer, seq)::visitor_event
                from visitor_event
                where slice = the_slice and visitor_id = any (visitors) and marks = 0
                      and day >= year.first and day < year.last and (names is null or name = any (names)));
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            events := events || part;
        end;
    end loop;
    return events;
end
$$;

-- The seqs of the first rows behind 'after' that a writer stored in a slice, of days from from_day on before to_day,
-- in order. Leans on visitor_event_writer.
create function past_seqs(the_slice int, the_writer int, after bigint, from_day date, to_day date, row_limit int)
    returns bigint[] language plpgsql as $$
declare
    year record;
    part bigint[];
    seqs bigint[] := '{}';
begin
    for year in select * from past_years(from_day, to_day) loop
        begin
            part := array(
                select seq from visitor_event
                where slice = the_slice and writer = the_writer and seq > after
                      and day >= year.first and day < year.last
                order by seq limit row_limit);
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            seqs := seqs || part;
        end;
    end loop;
    return array(select seq from unnest(seqs) seq order by seq limit row_limit);
end
$$;

-- The rows (first, last] of a writer in a slice, of days from from_day on before to_day. Leans on
-- visitor_event_writer.
create function past_of_writer(the_slice int, the_writer int, first bigint, last bigint, from_day date, to_day date)
    returns visitor_event[] language plpgsql as $$
declare
    year record;
    part visitor_event[];
    events visitor_event[] := '{}';
begin
    for year in select * from past_years(from_day, to_day) loop
        begin
            part := array(
                select row(slice, visitor_id, event_id, day, environment_id, name, ts, received_at, properties, marks,
                           writer, seq)::visitor_event
                from visitor_event
                where slice = the_slice and writer = the_writer
                      and seq > past_of_writer.first and seq <= past_of_writer.last
                      and day >= year.first and day < year.last);
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            events := events || part;
        end;
    end loop;
    return events;
end
$$;

-- Who was exposed before to_day in some campaigns, perhaps several times: the n-th of 'slices' belongs to the n-th of
-- 'visitors'.
create function past_exposed(campaigns int[], to_day date, out slices int[], out visitors text[])
    language plpgsql as $$
declare
    year record;
    part record;
begin
    slices := '{}';
    visitors := '{}';
    for year in select * from past_years('-infinity', to_day) loop
        begin
            select coalesce(array_agg(u.slice), '{}') as slices, coalesce(array_agg(u.visitor_id), '{}') as visitors
            into part
            from (select distinct e.slice, e.visitor_id
                  from visitor_event e
                  join campaign c on c.environment_id = e.environment_id and c.key = e.properties ->> 'campaign'
                  where e.name = 'exposure' and e.marks = 0 and c.id = any (campaigns)
                        and e.day >= year.first and e.day < year.last) u;
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            slices := slices || part.slices;
            visitors := visitors || part.visitors;
        end;
    end loop;
end
$$;
