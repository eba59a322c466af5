-- Who writes events, and what its readers have not read yet.

-- The first day of what can be stored from then on without being marked as late: events of the last two days
-- are not, and a statement does not last a day. Few days, since each is a partition to plan for whenever somebody asks
-- what is unread.
create function late_before(at timestamptz) returns date
    language sql immutable parallel safe as $$ select (at at time zone 'UTC')::date - 3 $$;

-- Late events that everybody has read need no mark any more.
create function late_trim() returns void language plpgsql as $$
begin
    delete from late_event l
    where not exists (select from consumer k
                      left join fold_cursor c on c.consumer = k.id and c.slice = l.slice and c.writer = l.writer
                      where coalesce(c.seq, -1) < l.seq);
end
$$;

-- The first day on which an event can be that the consumer has not read in the slice (null: some consumer, in some
-- slice); null: there is no writer. An event that a later statement sees may lie before it: then this function, asked
-- again, says so.
create function unread_from(the_consumer int, the_slice int) returns date language plpgsql as $$
begin
    return (select min(least(coalesce(c.from_day, late_before(w.created_at)),
                             case when l.seq > coalesce(c.seq, -1) then l.from_day end))
            from writer w
            cross join consumer k
            cross join slice s
            left join fold_cursor c on c.consumer = k.id and c.slice = s.number and c.writer = w.id
            left join late_event l on l.slice = s.number and l.writer = w.id
            where k.id = coalesce(the_consumer, k.id) and s.number = coalesce(the_slice, s.number));
end
$$;

-- Whether there is an event that the consumer (null: some consumer) has not read.
create function is_unread(the_consumer int) returns boolean language plpgsql stable as $$
begin
    return exists (select from unread_head u where u.consumer = coalesce(the_consumer, u.consumer));
end
$$;

-- Leases a writer to this session for as long as it lives: the first one nobody holds, else a new one.
-- A session that died in the middle of a commit holds its writer until PostgreSQL has ended it, so that no
-- row of an old batch can appear behind the cursor of a reader. Returns the writer, the last used seq and the number
-- of slices.
create function writer_lease(out ret_writer int, out ret_seq bigint, out ret_slices int)
    language plpgsql as $$
declare
    candidate int;
begin
    for candidate in select id from writer order by id loop
        if pg_try_advisory_lock(hashtext('writer'), candidate) then
            ret_writer := candidate;
            exit;
        end if;
    end loop;
    if ret_writer is null then
        insert into writer default values returning id into ret_writer;
        perform pg_advisory_lock(hashtext('writer'), ret_writer);
    end if;
    ret_slices := (select count from slicing);
    ret_seq := greatest((select max(seq) from writer_head where writer = ret_writer),
                        (select max(seq) from fold_cursor where writer = ret_writer), 0);
end
$$;
