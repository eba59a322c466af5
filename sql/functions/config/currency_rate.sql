-- Changes of the rates of currencies.

-- Has every slice go over the events that rates of some currencies and days concern. It waits for no slice that goes
-- over some at this moment: what such a one holds gets a row beside it, and other rows are widened.
create function rate_mark(of_environment int, currencies text[], days date[]) returns void language plpgsql as $$
declare
    free bigint[] := array(select id from rate_due
                           where environment_id = of_environment and currency = any (currencies)
                           for update skip locked);
begin
    with changed as (
        select u.currency, min(u.day) as from_day, max(u.day) + rate_days() as to_day
        from unnest(currencies, days) u (currency, day) group by u.currency
    ),
    widened as (
        update rate_due d
        set from_day = least(d.from_day, c.from_day), to_day = greatest(d.to_day, c.to_day), done_to = ''
        from changed c
        where d.id = any (free) and d.currency = c.currency
        returning d.slice, d.currency
    )
    insert into rate_due (slice, environment_id, currency, from_day, to_day, done_to)
    select s.number, of_environment, c.currency, c.from_day, c.to_day, ''
    from slice s cross join changed c
    where not exists (select from widened w where w.slice = s.number and w.currency = c.currency);
end
$$;

-- Puts rates in, over those of the same days. Returns how many of them are new or others, and those there are now.
create function currency_rate_put(actor text, of_environment int, currencies text[], days date[], bases text[],
                                  rates numeric[], own_rates numeric[])
    returns table (changed_count bigint, total_count bigint)
    language plpgsql as $$
declare
    changed_currencies text[];
    changed_days date[];
begin
    perform from environment where id = of_environment for no key update;
    with put as (
        insert into currency_rate as r (environment_id, currency, day, base, rate, own_rate)
        select of_environment, u.currency, u.day, u.base, u.rate, u.own_rate
        from unnest(currencies, days, bases, rates, own_rates) u (currency, day, base, rate, own_rate)
        order by u.currency, u.day
        on conflict (environment_id, currency, day) do update
        set base = excluded.base, rate = excluded.rate, own_rate = excluded.own_rate
        where (r.base, r.rate, r.own_rate) <> (excluded.base, excluded.rate, excluded.own_rate)
        returning r.currency, r.day
    )
    select array_agg(p.currency), array_agg(p.day) into changed_currencies, changed_days from put p;
    changed_count := coalesce(cardinality(changed_days), 0);
    total_count := (select count(*) from currency_rate where environment_id = of_environment);
    if changed_count > 0 then
        perform rate_mark(of_environment, changed_currencies, changed_days);
        perform audit_write(actor, of_environment, 'currency_rate.put', 'currency_rates', null, jsonb_build_object(
            'count', changed_count, 'currencies', (select jsonb_agg(distinct c order by c)
                                                   from unnest(changed_currencies) c),
            'first_day', (select min(d) from unnest(changed_days) d),
            'last_day', (select max(d) from unnest(changed_days) d)));
    end if;
    return next;
end
$$;

-- Takes rates out: of a currency (null: of all) and days. Returns how many.
create function currency_rate_delete(actor text, of_environment int, the_currency text, first_day date, last_day date)
    returns bigint language plpgsql as $$
declare
    gone_currencies text[];
    gone_days date[];
begin
    perform from environment where id = of_environment for no key update;
    with gone as (
        delete from currency_rate r
        where r.environment_id = of_environment and (the_currency is null or r.currency = the_currency)
              and r.day >= first_day and r.day <= last_day
        returning r.currency, r.day
    )
    select array_agg(g.currency), array_agg(g.day) into gone_currencies, gone_days from gone g;
    if gone_days is not null then
        perform rate_mark(of_environment, gone_currencies, gone_days);
        perform audit_write(actor, of_environment, 'currency_rate.delete', 'currency_rates', jsonb_build_object(
            'count', cardinality(gone_days), 'currencies', (select jsonb_agg(distinct c order by c)
                                                            from unnest(gone_currencies) c),
            'first_day', (select min(d) from unnest(gone_days) d),
            'last_day', (select max(d) from unnest(gone_days) d)), null);
    end if;
    return coalesce(cardinality(gone_days), 0);
end
$$;

-- The first and last day with a rate of each currency of an environment: {currency: [day, day]}. What edges know of
-- rates.
create function currency_rate_days(of_environment int) returns jsonb
    language sql stable as $$
    select coalesce(jsonb_object_agg(d.currency, jsonb_build_array(d.first_day, d.last_day)), '{}')
    from (select r.currency, min(r.day) as first_day, max(r.day) as last_day from currency_rate r
          where r.environment_id = of_environment group by r.currency) d
$$;
