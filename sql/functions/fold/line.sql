-- What an event is to a metric, and how lines of a unit add up: without tables, so that each rule can be tried
-- with literals.

-- What a counted event adds: one without a path in the metric, else the number there (0: there is none; NaN: it is
-- no amount).
create function line_amount(properties jsonb, path text[], scale numeric) returns numeric
    language sql immutable parallel safe as $$
    select case when path is null then 1 else coalesce(event_amount(properties, path, scale), 0) end
$$;

-- What a refund gives back: what it names, nothing when it names something else, null when it names nothing: all
-- there is. It subtracts by itself.
create function refund_amount(properties jsonb, path text[], scale numeric) returns numeric
    language sql immutable parallel safe as $$
    select case when a.amount < 0 then 0
                when a.amount is null and coalesce(properties ->> 'value', properties ->> 'items') is not null then 0
                else a.amount end
    from event_amount(properties, path, scale) a (amount)
$$;

-- The same in the environment's currency: a metric of money may read a field that has no such name that it was
-- converted with the event. The rate is null in the environment's own currency, NaN where there is none.
create function line_money(amount numeric, is_money boolean, path text[], rate numeric[]) returns numeric
    language sql immutable parallel safe as $$
    select case when rate is null or path is null or not is_money or is_money_path(path) or amount = 0 then amount
                else round(converted_amount(amount, rate)) end
$$;

-- What is left of an order that summed 'bought': refunds never take it below zero.
create function order_total(bought numeric, refunded numeric, is_refunded_whole boolean) returns numeric
    language sql immutable parallel safe as $$
    select greatest(case when not is_refunded_whole then bought - coalesce(refunded, 0) end, least(bought, 0))
$$;

-- What a unit's orders sum up to after refunds that named no order: these never take it below zero either.
create function unit_total(kept numeric, refunded numeric) returns numeric
    language sql immutable parallel safe as $$
    select greatest(coalesce(kept, 0) - coalesce(refunded, 0), least(coalesce(kept, 0), 0))
$$;

-- The same within the metric's limits: a conversion counts once, a capped sum up to its cap.
create function unit_capped(total numeric, side text, kind text, cap numeric) returns numeric
    language sql immutable parallel safe as $$
    select case when side = 'd' or kind = 'ratio' then total
                when kind = 'conversion' then least(total, 1)
                else least(total, cap) end
$$;

-- Units' outcomes of their lines. Lines without an order are alone, refunds without one go over all. Invalid ones
-- count as nothing, but are counted. Rows that are zero throughout are none.
create function outcome_total(the_slice int, lines outcome_line[]) returns outcome[]
    language plpgsql immutable as $$
begin
    return array(
    with kept as (
        select unit_id, campaign_id, phase, experience, metric_id, side, kind, cap, is_pre,
               case when order_key is not null and count(*) filter (where not is_refund) > 0
                    then order_total(sum(amount) filter (where not is_refund), sum(amount) filter (where is_refund),
                                     bool_or(is_refund and amount is null)) end as amount,
               case when order_key is null then sum(amount) end as returned,
               count(*) filter (where is_invalid) as invalid, count(*) filter (where is_unrated) as unrated
        from unnest(lines)
        group by unit_id, campaign_id, phase, experience, metric_id, side, kind, cap, is_pre, order_key
    ),
    total as (
        select unit_id, campaign_id, phase, experience, metric_id, side, is_pre,
               unit_capped(unit_total(sum(amount), sum(returned)), side, kind, cap) as amount, sum(invalid) as invalid,
               sum(unrated) as unrated
        from kept
        group by unit_id, campaign_id, phase, experience, metric_id, side, kind, cap, is_pre
    ),
    result as (
        select unit_id, campaign_id, phase, experience, metric_id,
               coalesce(sum(amount) filter (where side = 'n' and not is_pre), 0) as n,
               coalesce(sum(amount) filter (where side = 'd' and not is_pre), 0) as d,
               coalesce(sum(amount) filter (where side = 'n' and is_pre), 0) as pre_n,
               coalesce(sum(amount) filter (where side = 'd' and is_pre), 0) as pre_d,
               coalesce(sum(invalid) filter (where not is_pre), 0)::int as invalid,
               coalesce(sum(unrated) filter (where not is_pre), 0)::int as unrated
        from total
        group by unit_id, campaign_id, phase, experience, metric_id
    )
    select row(the_slice, unit_id, campaign_id, phase, experience, metric_id, n, d, pre_n, pre_d, invalid,
               unrated)::outcome
    from result
    where (n, d, pre_n, pre_d, invalid, unrated) <> (0, 0, 0, 0, 0, 0));
end
$$;
