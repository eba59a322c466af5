-- What a plan begins with: how many visitors an environment had in the last 28 days, and what they did by a metric
-- (may be null), as weighted sums over them: days, visitors, how many were looked at, kind, Σw·n, Σw·d, Σw·nn,
-- Σw·nd, Σw·dd, Σw of those with n > 0, and for the interval Σw², Σw²·n, Σw²·nn, Σw²·nd, Σw²·dd. One row; kind is
-- null when there is no such metric. Events count as they came: repeated orders and refunds are not taken out. Plans
-- are made for the days there are, and open their partitions alone. Leans on visitor_event's primary key.
create function plan_measure(the_environment int, the_metric text)
    returns table (days float8, visitors float8, sampled bigint, kind text, n float8, d float8, nn float8, nd float8,
                   dd float8, converted float8, ww float8, wwn float8, wwnn float8, wwnd float8, wwdd float8)
    language plpgsql as $$
#variable_conflict use_column
declare
    first_day date := (now() at time zone 'UTC')::date - 28;
    own text := (select environment_currency(n.document) from environment n where n.id = the_environment);
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    return query
        with known as materialized (select * from recent_visitors(the_environment, 28, 150)),
        m as (
            select m.definition, m.definition ->> 'kind' as kind, (m.definition ->> 'cap')::numeric as cap,
                   coalesce((m.definition ->> 'scale')::numeric, 1) as scale
            from metric m where m.environment_id = the_environment and m.key = the_metric and m.is_current
        ),
        part as (
            select s.side, s.part ->> 'event' as event, (s.part ->> 'filter')::jsonpath as filter,
                   string_to_array(case when m.kind in ('sum', 'mean', 'ratio') and not s.is_number
                                        then s.part ->> 'value' end, '.') as path
            from m cross join lateral (
                select 'n', m.definition -> 'numerator', false
                union all
                select 'd', m.definition -> 'denominator', false where m.kind = 'ratio'
                union all
                select 'd', m.definition -> 'numerator', true where m.kind = 'mean') s (side, part, is_number)
        ),
        did as (
            select e.visitor_id, min(e.ts) as first_ts, coalesce(sum(a.amount) filter (where p.side = 'n'), 0) as n,
                   coalesce(sum(a.amount) filter (where p.side = 'd'), 0) as d
            from known k
            join visitor_event e on e.slice = k.slice and e.visitor_id = k.visitor_id
                 and e.environment_id = the_environment and e.marks = 0 and e.day >= first_day
            cross join lateral own_properties(the_environment, own, e.properties, e.ts) o (told)
            left join part p on p.event = e.name
                 and (p.filter is null or jsonb_path_match(o.told, p.filter, '{}', true))
            left join m on true
            cross join lateral (
                select case when p.side is null then 0 when p.path is null then 1
                            else coalesce(nullif(event_amount(o.told, p.path, m.scale), 'NaN'), 0)
                                 / m.scale end) a (amount)
            group by e.visitor_id
        ),
        unit as (
            select k.weight as w, did.first_ts,
                   (case m.kind when 'conversion' then least(did.n, 1) when 'ratio' then did.n
                                else least(did.n, m.cap / m.scale) end)::float8 as n, did.d::float8 as d
            from known k join did using (visitor_id) left join m on true
        )
        select greatest(1, least(28, extract(epoch from now() - min(first_ts)) / 86400))::float8 as days,
               coalesce(sum(w), 0)::float8 as visitors, count(*) as sampled, (select kind from m) as kind,
               coalesce(sum(w * n), 0)::float8 as n, coalesce(sum(w * d), 0)::float8 as d,
               coalesce(sum(w * n * n), 0)::float8 as nn, coalesce(sum(w * n * d), 0)::float8 as nd,
               coalesce(sum(w * d * d), 0)::float8 as dd, coalesce(sum(w) filter (where n > 0), 0)::float8 as converted,
               coalesce(sum(w * w), 0)::float8 as ww, coalesce(sum(w * w * n), 0)::float8 as wwn,
               coalesce(sum(w * w * n * n), 0)::float8 as wwnn, coalesce(sum(w * w * n * d), 0)::float8 as wwnd,
               coalesce(sum(w * w * d * d), 0)::float8 as wwdd from unit;
end
$$;
