-- Who came lately: what plans and audiences are estimated from, before a campaign has measured anything.

-- Visitors of an environment seen in the last days, those of imports, simulations and bots aside, and those taken out
-- by hand, and how many each of them stands for. When there are few events it is everybody, once. Else some blocks of
-- rows are read: a visitor is met the more often the more rows it has, so one met in h of its r rows stands for h / r
-- visitors of the part that was read. Which blocks is a hash of their number and 'seed': who asks twice is told the
-- same. Their share is a power of two, so that what is added later adds to the sample, until there is twice as much.
-- The cost is bounded by 'blocks' whatever the number of events. Plans are made for the days asked about, and open
-- their partitions alone. Leans on visitor_event's primary key.
create function recent_visitors(of_environment int, days int, blocks int, seed float8 default 0)
    returns table (slice int, visitor_id text, weight float8)
    language plpgsql as $$
declare
    first_day date := (now() at time zone 'UTC')::date - days;
    there float8;
    percent float8;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    select sum(pg_relation_size(c.oid)) / current_setting('block_size')::int into there
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'visitor_event'::regclass
          and c.relname >= 'visitor_event_' || to_char(first_day, 'YYYYMMDD');
    if coalesce(there, 0) <= 4 * blocks then
        return query
            select e.slice, e.visitor_id, 1::float8 from visitor_event e
            where e.environment_id = of_environment and e.day >= first_day and e.marks = 0
                  and not is_imported(e.visitor_id) and not is_simulated(e.visitor_id)
                  and not exists (select from excluded_visitor x
                                  where x.slice = e.slice and x.visitor_id = e.visitor_id
                                        and x.environment_id = of_environment)
            group by e.slice, e.visitor_id;
        return;
    end if;
    percent := 100 / 2 ^ ceil(log(2, (there / blocks)::numeric));
    return query
        with met as (
            select e.slice, e.visitor_id, count(*) as hits
            from visitor_event e tablesample system (percent) repeatable (seed)
            where e.environment_id = of_environment and e.day >= first_day and e.marks = 0
                  and not is_imported(e.visitor_id) and not is_simulated(e.visitor_id)
                  and not exists (select from excluded_visitor x
                                  where x.slice = e.slice and x.visitor_id = e.visitor_id
                                        and x.environment_id = of_environment)
            group by e.slice, e.visitor_id)
        select met.slice, met.visitor_id, met.hits * 100 / percent / n.total
        from met
        cross join lateral (
            select count(*) as total from visitor_event e
            where e.slice = met.slice and e.visitor_id = met.visitor_id and e.environment_id = of_environment
                  and e.day >= first_day and e.marks = 0) n
        where n.total > 0;
end
$$;
