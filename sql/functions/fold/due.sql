-- What there is to do, over all slices: lists for who decides what comes next, and for people.

-- The slices in which a consumer has something to read, or results have something to go over, and for how long such a
-- slice rests when it is done. No day of events is looked into.
create function fold_due() returns table (consumer int, slice int, rest_ms int) language plpgsql as $$
begin
    return query
        with due as (
            select u.consumer, u.slice from unread_head u
            union
            select 1, d.slice from sweep_due d
        )
        select due.consumer, due.slice, k.rest_ms
        from due join consumer k on k.id = due.consumer
        order by 1, 2;
end
$$;

-- Of long ago: the seqs of the first rows behind 'after' of each slice and writer, which a consumer has not read.
create function past_unread(the_consumer int, row_limit int)
    returns table (slice int, writer int, from_day date, after bigint, seqs bigint[]) language plpgsql as $$
begin
    return query
        select l.slice, l.writer, l.from_day, coalesce(c.seq, -1),
               past_seqs(l.slice, l.writer, coalesce(c.seq, -1), l.from_day, near_day(), row_limit)
        from late_event l
        left join fold_cursor c on c.consumer = the_consumer and c.slice = l.slice and c.writer = l.writer
        where l.seq > coalesce(c.seq, -1);
end
$$;

-- The number of events a consumer has not read yet, counted up to row_limit a writer and slice.
create function consumer_backlog(the_consumer int, row_limit int) returns bigint language plpgsql as $$
declare
    since_day date;
begin
    if not is_unread(the_consumer) then
        return 0;
    end if;
    since_day := greatest(unread_from(the_consumer, null), near_day());
    perform fold_prepare();
    return (select coalesce(sum((select count(*)
                                 from (select from visitor_event e
                                       where e.writer = w.id and e.slice = s.number and e.seq > coalesce(c.seq, -1)
                                             and e.day >= since_day
                                       limit row_limit) unread)), 0)
            from writer w
            cross join slice s
            left join fold_cursor c on c.consumer = the_consumer and c.slice = s.number and c.writer = w.id)
           + case when exists (select from late_event)
                  then coalesce((select sum(cardinality(l.seqs)) from past_unread(the_consumer, row_limit) l), 0)
                  else 0 end;
end
$$;

create function fold_backlog(row_limit int) returns bigint language plpgsql as $$
begin
    return consumer_backlog(1, row_limit);
end
$$;

-- When the oldest event was received that a consumer (null: some one) has not read, in a slice (null: in any); null:
-- there is none.
create function unread_since(the_consumer int, the_slice int default null) returns timestamptz language plpgsql as $$
declare
    since_day date;
begin
    if not is_unread(the_consumer) then
        return null;
    end if;
    perform fold_prepare();
    since_day := greatest(unread_from(the_consumer, null), near_day());
    return least((
            select min(next.received_at)
            from writer w
            join slice s on s.number = coalesce(the_slice, s.number)
            join consumer k on k.id = coalesce(the_consumer, k.id)
            left join fold_cursor c on c.consumer = k.id and c.slice = s.number and c.writer = w.id
            cross join lateral (
                select e.received_at from visitor_event e
                where e.writer = w.id and e.slice = s.number and e.seq > coalesce(c.seq, -1) and e.day >= since_day
                order by e.seq limit 1) next),
           (select min(e.received_at)
            from consumer k
            cross join lateral past_unread(k.id, 1) l
            cross join lateral unnest(past_of_writer(l.slice, l.writer, l.after, l.seqs[1], l.from_day, near_day())) e
            where k.id = coalesce(the_consumer, k.id) and l.slice = coalesce(the_slice, l.slice)));
end
$$;
