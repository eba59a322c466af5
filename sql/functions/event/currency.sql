-- Money in another currency than the environment's: converted whenever it is read, at the rate of its UTC day. Events
-- stay as they came, so results follow from events and rates alone, and a rate that comes later mends them.

-- How old a rate may be. Banks rest at weekends and holidays, five days in a row at most; seven bear a file that was
-- fetched late, and a rate that nobody renews is not taken for true for long.
create function rate_days() returns int language sql immutable parallel safe as $$ select 7 $$;

create function environment_currency(document jsonb) returns text
    language sql immutable parallel safe as $$ select coalesce(document ->> 'currency', 'EUR') $$;

-- The currency that an event names when it is another one; else null.
create function foreign_currency(properties jsonb, own text) returns text
    language sql immutable parallel safe as $$
    select case when properties ->> 'currency' <> own and properties ->> 'currency' ~ '^[A-Z]{3}$'
                then properties ->> 'currency' end
$$;

-- The newest rate of a currency on a day or before it: {own_rate, rate} of currency_rate; without one both are NaN.
-- Leans on currency_rate's primary key.
create function rate_at(the_environment int, the_currency text, the_day date) returns numeric[]
    language plpgsql stable as $$
begin
    return coalesce((select array[r.own_rate, r.rate] from currency_rate r
                     where r.environment_id = the_environment and r.currency = the_currency
                           and r.day <= the_day and r.day >= the_day - rate_days()
                     order by r.day desc limit 1), '{NaN,NaN}');
end
$$;

-- The rate of an event at a moment: null when it is in the environment's own currency, or names none.
create function rate_of(the_environment int, own text, properties jsonb, ts timestamptz) returns numeric[]
    language sql stable as $$
    select case when foreign_currency(properties, own) is not null
                then rate_at(the_environment, foreign_currency(properties, own), (ts at time zone 'UTC')::date) end
$$;

-- An amount in the environment's currency: the exact fraction, to 12 decimals, rounded half away from zero. NaN: there
-- is no rate, or it is no amount, or too large a one, now that it is converted (the bound of VALUE_MAX).
create function converted_amount(amount numeric, rate numeric[]) returns numeric
    language sql immutable parallel safe as $$
    select case when amount is null then null
                when not is_amount(amount) or rate[2] = 'NaN' then 'NaN'
                else (select case when abs(c.value) <= 1e12 then c.value else 'NaN' end
                      from (select sign(amount) * div(2e12 * abs(amount) * rate[1] + rate[2], 2 * rate[2]) * 1e-12)
                           c (value)) end
$$;

-- The fields of an event, and those of its items, that are money in its currency, whatever they are measured by.
create function money_names() returns text[]
    language sql immutable parallel safe as $$ select '{value,tax,shipping,discount}'::text[] $$;
create function item_money_names() returns text[]
    language sql immutable parallel safe as $$ select '{price,discount}'::text[] $$;

create function is_money_path(path text[]) returns boolean
    language sql immutable parallel safe as $$
    select case when path[1] = 'items' then path[2:] <@ item_money_names() and array_length(path, 1) = 2
                else path <@ money_names() and array_length(path, 1) = 1 end
$$;

-- An object with these of its fields converted; what is no amount becomes the text NaN.
create function converted_fields(object jsonb, names text[], rate numeric[]) returns jsonb
    language sql immutable parallel safe as $$
    select object || coalesce((
        select jsonb_object_agg(n, to_jsonb(converted_amount(told_number(object -> n), rate)))
        from unnest(names) n where object ->> n is not null), '{}')
$$;

-- An event's properties with their money in the environment's currency.
create function converted_properties(properties jsonb, rate numeric[]) returns jsonb
    language plpgsql immutable parallel safe as $$
declare
    items jsonb;
begin
    if jsonb_typeof(properties -> 'items') = 'array' then
        select coalesce(jsonb_agg(case when jsonb_typeof(i.item) = 'object'
                                       then converted_fields(i.item, item_money_names(), rate)
                                       else i.item end order by i.place), '[]') into items
        from jsonb_array_elements(properties -> 'items') with ordinality i (item, place);
        properties := jsonb_set(properties, '{items}', items);
    end if;
    return converted_fields(properties, money_names(), rate);
end
$$;

-- The same of an event at a moment, whatever its currency is.
create function own_properties(the_environment int, own text, properties jsonb, ts timestamptz) returns jsonb
    language sql stable as $$
    select case when foreign_currency(properties, own) is null then properties
                else converted_properties(properties, rate_of(the_environment, own, properties, ts)) end
$$;

-- Whether an event has money that cannot be converted.
create function is_unrated(the_environment int, own text, properties jsonb, ts timestamptz) returns boolean
    language sql stable as $$
    select case when foreign_currency(properties, own) is not null
                then (properties ?| money_names() or properties ? 'items')
                     and (rate_of(the_environment, own, properties, ts))[2] = 'NaN'
                else false end
$$;
