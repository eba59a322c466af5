-- name: audience_sample
-- for: desk
-- Visitors of an environment ($1) of the last 30 days, at most 5,000: how many each stands for, and what is known of
-- him as one JSON object: the newest text, number or truth value of each property of his events, but not what
-- tells of a purchase or an exposure instead of a person. Leans on visitor_event's primary key.
with known as materialized (
    select visitor_id, weight * count(*) over () / least(count(*) over (), 5000) as weight
    from recent_visitors($1::int, 30, 150) order by hashtext(visitor_id) limit 5000
)
select k.weight, coalesce(jsonb_object_agg(p.key, p.value order by e.ts) filter (where p.key is not null), '{}')
from known k
join visitor_event e on e.visitor_id = k.visitor_id and e.environment_id = $1::int and e.marks = 0
     and e.day >= (now() at time zone 'UTC')::date - 30
left join lateral (
    select key, value from jsonb_each(e.properties)
    where jsonb_typeof(value) in ('string', 'number', 'boolean') and length(value::text) <= 200
          and key <> all ('{campaign,variant,phase,value,currency,transaction_id}')) p on true
group by k.visitor_id, k.weight;
