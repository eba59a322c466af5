-- Rates of currencies that came after the events they concern.

-- Remembers who named another currency than the environment's, and when.
create function foreign_keep(the_slice int, events fold_event[]) returns void language plpgsql as $$
begin
    insert into foreign_event (slice, environment_id, currency, day, visitor_id)
    select distinct the_slice, e.environment_id, e.currency, (e.ts at time zone 'UTC')::date, e.visitor_id
    from unnest(events) e
    join environment n on n.id = e.environment_id and e.currency <> environment_currency(n.document)
    where e.marks = 0
    order by 2, 3, 4, 5
    on conflict do nothing;
end
$$;

-- Works out anew what the next visitors did with money whose rates have changed. Returns as fold_settle. What is being
-- changed at this moment is left to the next step. Leans on rate_due_slice and foreign_event_pkey.
create function fold_rates(the_slice int, unit_limit int) returns boolean language plpgsql as $$
declare
    due record;
    chunk text[];
    campaigns int[];
begin
    with next as (
        select environment_id, currency from rate_due where slice = the_slice
        order by environment_id, currency limit 1 for update skip locked
    ),
    mine as (
        select d.* from next n
        join rate_due d on d.slice = the_slice and d.environment_id = n.environment_id and d.currency = n.currency
        for update of d skip locked
    )
    select environment_id, currency, min(from_day) as from_day, max(to_day) as to_day, min(done_to) as done_to,
           array_agg(id order by id) as ids into due
    from mine group by environment_id, currency;
    if not found then
        return null;
    end if;
    chunk := array(select distinct visitor_id from foreign_event
                   where slice = the_slice and environment_id = due.environment_id and currency = due.currency
                         and day >= due.from_day and day <= due.to_day and visitor_id > due.done_to
                   order by visitor_id limit unit_limit);
    campaigns := array(select c.id from campaign c
                       where c.environment_id = due.environment_id
                             and c.id = any (fold_campaigns(due.from_day::timestamp at time zone 'UTC')));
    perform fold_apply(the_slice, '{}', null, chunk, campaigns, false);
    if cardinality(chunk) < unit_limit then
        delete from rate_due where id = any (due.ids);
    else
        delete from rate_due where id = any (due.ids[2:]);
        update rate_due set from_day = due.from_day, to_day = due.to_day, done_to = chunk[unit_limit]
        where id = due.ids[1];
    end if;
    return cardinality(chunk) < unit_limit;
end
$$;

-- What retention has dropped needs no rate any more.
create function foreign_trim() returns void language plpgsql as $$
begin
    delete from foreign_event where day < (select from_day - 3 from event_horizon)
                                    and not is_imported(visitor_id);
end
$$;
