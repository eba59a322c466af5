-- Rates of currencies.

-- name: currency_rate_list
-- for: desk
-- The rates of environment $1, of currency $2 where one is given, of days before $3 ('infinity': of all), at most $4 of
-- them, the newest first, as one JSON document: {currency, days, is_converting, currencies: [{currency, first_day,
-- last_day, rate_count, visitor_count}], items: [{day, currency, base, rate, own_rate}]}. Rates are texts: they are
-- exact. visitor_count: visitors of the last 28 UTC days who named the currency. Leans on the primary keys of
-- currency_rate and foreign_event.
with rated as (
    select currency, min(day) as first_day, max(day) as last_day, count(*) as rates
    from currency_rate where environment_id = $1::int group by currency
),
named as (
    select f.currency, count(distinct f.visitor_id) as visitors
    from foreign_event f
    where f.environment_id = $1::int and f.day > (now() at time zone 'UTC')::date - 28
    group by f.currency
),
item as (
    select r.day, r.currency, r.base, r.rate, r.own_rate
    from currency_rate r
    where r.environment_id = $1::int and ($2::text is null or r.currency = $2::text) and r.day < $3::date
    order by r.day desc, r.currency limit $4::int
)
select jsonb_build_object(
    'currency', (select environment_currency(e.document) from environment e where e.id = $1::int),
    'days', rate_days(),
    'is_converting', exists (select from rate_due d where d.environment_id = $1::int),
    'currencies', (
        select coalesce(jsonb_agg(jsonb_build_object(
                   'currency', c.currency, 'first_day', r.first_day, 'last_day', r.last_day,
                   'rate_count', coalesce(r.rates, 0), 'visitor_count', coalesce(n.visitors, 0))
               order by coalesce(n.visitors, 0) desc, c.currency), '[]')
        from (select currency from rated
              union
              (select currency from named order by visitors desc, currency limit 200)) c
        left join rated r on r.currency = c.currency
        left join named n on n.currency = c.currency),
    'items', (select coalesce(jsonb_agg(jsonb_build_object(
                         'day', i.day, 'currency', i.currency, 'base', i.base, 'rate', i.rate::text,
                         'own_rate', i.own_rate::text) order by i.day desc, i.currency), '[]')
              from item i)) as view;

-- name: currency_rate_put
-- for: desk
-- Puts rates into environment $2, by actor $1: currencies, days, bases, rates, own rates. Returns how many are new or
-- others, and how many there are.
select changed_count, total_count
from currency_rate_put($1::text, $2::int, $3::text[], $4::text[]::date[], $5::text[], $6::text[]::numeric[],
                       $7::text[]::numeric[]);

-- name: currency_rate_delete
-- for: desk
-- Takes rates of environment $2 out, by actor $1: of currency $3 (null: of all), of days from $4 to $5. Returns
-- {deleted_count} as a document.
select jsonb_build_object('deleted_count', currency_rate_delete($1::text, $2::int, $3::text, $4::date, $5::date))
       as view;
