-- What of the stored events results leave out, for the consumer event_hours: counted once each, in the transaction of
-- its cursor.

-- An order as it is told from others where many are held: no more of its name than so much.
create function order_begin(properties jsonb) returns text
    language sql immutable parallel safe as $$ select left(event_order(properties), 300) $$;

-- The purchases with an order of some visitors, of days from first_day to last_day: of each visitor's newest 1,000
-- events, so that no visitor costs more than that, and of row_limit events of all together: those of visitors behind it
-- are not found. Leans on visitor_event's primary key.
create function orders_of(the_slice int, visitors text[], first_day date, last_day date, row_limit bigint)
    returns table (visitor_id text, environment_id int, event_id uuid, day date, ts timestamptz, order_id text,
                   writer int, seq bigint)
    language plpgsql as $$
begin
    return query
        select e.visitor_id, e.environment_id, e.event_id, e.day, e.ts, order_begin(e.properties), e.writer, e.seq
        from (select n.*
              from unnest(visitors) v (id)
              cross join lateral (
                  select o.* from visitor_event o
                  where o.slice = the_slice and o.visitor_id = v.id and o.day >= first_day and o.day <= last_day
                  order by o.event_id desc limit 1000) n
              limit row_limit) e
        where e.name = 'purchase' and e.marks = 0 and event_order(e.properties) is not null;
end
$$;

-- Of the rows (firsts, lasts] of the writers those that results may leave out: marked ones, purchases, and money that
-- cannot be converted. Imports' aside, and days that statements do not name. Leans on visitor_event_writer.
create function omission_events(the_slice int, writers int[], firsts bigint[], lasts bigint[], from_day date)
    returns omission_event[] language plpgsql as $$
declare
    first_day date := greatest(from_day, near_day());
    events omission_event[] := '{}';
begin
    for i in 1 .. coalesce(cardinality(writers), 0) loop
        events := events || array(
            select row(e.visitor_id, e.environment_id, e.event_id, e.day, e.name, e.ts, e.marks,
                       case when e.name = 'purchase' then order_begin(e.properties) end,
                       e.marks = 0 and is_unrated(e.environment_id, environment_currency(n.document), e.properties,
                                                  e.ts))::omission_event
            from visitor_event e
            join environment n on n.id = e.environment_id
            where e.writer = writers[i] and e.slice = the_slice and e.seq > firsts[i] and e.seq <= lasts[i]
                  and e.day >= first_day and not is_imported(e.visitor_id)
                  and (e.marks <> 0 or e.name = 'purchase'
                       or foreign_currency(e.properties, environment_currency(n.document)) is not null));
    end loop;
    return events;
end
$$;

-- Of some unread purchases those whose order has come before: one that was read is stored already, of two unread ones
-- the later by (ts, event_id) repeats the other. So each order but its first is met once, whatever the order of
-- arrival. Orders count once within 35 days, and days are at most two away from ts. Where visitors have very many
-- events some are not found: a purchase costs 100 rows, and a step 20,000 more.
create function omission_repeated(the_slice int, bought omission_event[], writers int[], lasts bigint[])
    returns omission_event[] language plpgsql as $$
declare
    visitors text[] := array(select distinct b.visitor_id from unnest(bought) b);
    first_day date := (select min(b.day) from unnest(bought) b) - 37;
    last_day date := (select max(b.day) from unnest(bought) b) + 37;
begin
    return array(
        with stored as materialized (
            select o.visitor_id, o.environment_id, o.order_id, o.ts, o.event_id, o.day,
                   o.seq > coalesce(c.seq, -1) as is_unread
            from orders_of(the_slice, visitors, first_day, last_day, 20000 + 100 * cardinality(bought)) o
            left join fold_cursor c on c.consumer = 2 and c.slice = the_slice and c.writer = o.writer
            left join unnest(writers, lasts) u (writer, seq) on u.writer = o.writer
            where o.seq <= coalesce(u.seq, c.seq)
        )
        select b from unnest(bought) b
        where exists (
            select from stored s
            where s.visitor_id = b.visitor_id and s.environment_id = b.environment_id
                  and s.order_id = b.order_id
                  and (not s.is_unread or (s.ts, s.event_id, s.day) < (b.ts, b.event_id, b.day))));
end
$$;

-- Adds what is left out of the rows that event_hours is reading, whose hours have been added: names without a row
-- there are '' here too.
create function omission_add(the_slice int, writers int[], firsts bigint[], lasts bigint[], from_day date,
                             hours event_hour[]) returns void
    language plpgsql as $$
declare
    events omission_event[] := omission_events(the_slice, writers, firsts, lasts, from_day);
    bought omission_event[] := array(select e from unnest(events) e where e.marks = 0 and e.order_id is not null);
    repeated omission_event[] := '{}';
begin
    if bought <> '{}' then
        repeated := omission_repeated(the_slice, bought, writers, lasts);
    end if;
    insert into omission as o (slice, environment_id, day, reason, name, event_count, last_at)
    select the_slice, f.environment_id, (now() at time zone 'UTC')::date, f.reason,
           case when exists (select from event_hour h
                             where h.slice = the_slice and h.environment_id = f.environment_id and h.day = f.day
                                   and h.name = f.name) then f.name else '' end as kept, sum(f.events), now()
    from (select e.environment_id, (e.ts at time zone 'UTC')::date as day, e.name, 1::bigint as events,
                 case when e.marks & 1 > 0 then 'bot' when e.marks & 2 > 0 then 'staff' else 'forced' end as reason
          from unnest(events) e where e.marks <> 0
          union all
          select e.environment_id, (e.ts at time zone 'UTC')::date, e.name, 1, 'no_rate'
          from unnest(events) e where e.is_unrated
          union all
          select r.environment_id, (r.ts at time zone 'UTC')::date, r.name, 1, 'duplicate_order' from unnest(repeated) r
          union all
          select h.environment_id, h.day, h.name, h.unassigned_count, 'unassigned' from unnest(hours) h
          where h.unassigned_count > 0) f
    group by f.environment_id, f.reason, kept
    order by f.environment_id, f.reason, kept
    on conflict (slice, environment_id, day, reason, name) do update
    set event_count = o.event_count + excluded.event_count, last_at = excluded.last_at;
end
$$;
