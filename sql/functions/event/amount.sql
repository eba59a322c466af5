-- What an event says by its properties.

-- Numbers beyond this are no amounts: a metric that met one could tell nothing any more. NaN is beyond it too.
create function is_amount(number numeric) returns boolean
    language sql immutable parallel safe as $$ select number between -1e15 and 1e15 $$;

-- A number, or the text of one ("7", "-7.50": the same as event_number_of takes); null: there is none, NaN: what
-- stands there is no number.
create function told_number(told jsonb) returns numeric
    language sql immutable parallel safe as $$
    select case jsonb_typeof(told)
           when 'number' then told::numeric
           when 'null' then null
           when 'string' then case when told #>> '{}' ~ '^-?[0-9]{1,18}([.][0-9]{1,18})?$'
                                   then (told #>> '{}')::numeric else 'NaN' end
           else case when told is not null then 'NaN'::numeric end end
$$;

-- The number at a path of one item: an item without quantity is one piece; 0 when it is not there.
create function item_amount(item jsonb, path text[]) returns numeric
    language sql immutable parallel safe as $$
    select coalesce(told_number(item #> path),
                    case when jsonb_typeof(item) = 'object' and path = '{quantity}' then 1 else 0 end)
$$;

-- The number at a path of an event's properties; null when it is not there, NaN when it, or one of the items it is
-- summed of, is no amount. items.X is the sum of X over the items.
create function event_number(properties jsonb, path text[]) returns numeric
    language plpgsql immutable parallel safe as $$
declare
    number numeric;
begin
    if path[1] = 'items' and array_length(path, 1) > 1 then
        if jsonb_typeof(properties -> 'items') is distinct from 'array' then
            return null;
        end if;
        select case when bool_and(is_amount(a)) then sum(a) else 'NaN' end into number
        from jsonb_array_elements(properties -> 'items') i (item)
        cross join lateral item_amount(i.item, path[2:]) a
        having count(*) > 0;
    else
        number := told_number(properties #> path);
    end if;
    return case when number is null or is_amount(number) then number else 'NaN' end;
end
$$;

-- The same times scale, rounded half away from zero.
create function event_amount(properties jsonb, path text[], scale numeric) returns numeric
    language sql immutable parallel safe as $$ select round(event_number(properties, path) * scale) $$;

-- The order an event belongs to; null when it names none. The number 7.0 and the text 7 are the same.
create function event_order(properties jsonb) returns text
    language sql immutable parallel safe as $$
    select case jsonb_typeof(properties -> 'transaction_id')
           when 'string' then nullif(properties ->> 'transaction_id', '')
           when 'number' then trim_scale((properties ->> 'transaction_id')::numeric)::text end
$$;
