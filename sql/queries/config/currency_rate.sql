-- Rates of currencies.

-- name: currency_rate_list
-- for: desk
-- The rates of environment $1, of currency $2 where one is given, of days before $3 ('infinity': of all), at most $4 of
-- them, the newest first, as one JSON document: {currency, days, is_converting, currencies: [{currency, first_day,
-- last_day, rate_count, visitor_count}], items: [{day, currency, base, rate, own_rate}]}. Rates are texts: they are
-- exact. visitor_count: visitors of the last 28 UTC days who named the currency, looked for in the newest 200,000 rows
-- of a visitor, currency and day, and no more. Leans on the primary key of currency_rate and on foreign_event_day.
with rated as (
    select currency, min(day) as first_day, max(day) as last_day, count(*) as rates
    from currency_rate where environment_id = $1::int group by currency
),
named as (
    select f.currency, count(distinct f.visitor_id) as visitors
    from (select currency, visitor_id from foreign_event
          where environment_id = $1::int and day > (now() at time zone 'UTC')::date - 28
          order by day desc, currency desc, visitor_id desc limit 200000) f
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

-- name: currency_rate_own
-- for: desk
-- The currency of environment $1, as the document {currency}.
select jsonb_build_object('currency', environment_currency(e.document)) as view
from environment e where e.id = $1::int;

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
