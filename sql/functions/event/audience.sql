-- What is known of visitors of late: at most 5,000 of the last 30 days, how many each stands for, and one JSON
-- object of each: the newest text, number or truth value of each property of its events, but not what tells of a
-- purchase or an exposure instead of a person; of names longer than 64 letters none, and of more than 100 the
-- first. Plans are made for the days there are, and open their partitions alone. Leans on visitor_event's primary
-- key.
create function audience_sample(the_environment int) returns table (weight float8, attributes jsonb)
    language plpgsql as $$
#variable_conflict use_column
declare
    first_day date := (now() at time zone 'UTC')::date - 30;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    return query
        with known as materialized (
            select slice, visitor_id, weight * count(*) over () / least(count(*) over (), 5000) as weight
            from recent_visitors(the_environment, 30, 150) order by hashtext(visitor_id) limit 5000
        )
        select k.weight, coalesce(a.attributes, '{}') as attributes
        from known k
        cross join lateral (
            select jsonb_object_agg(n.key, n.value) as attributes
            from (select distinct on (p.key) p.key, p.value
                  from visitor_event e cross join lateral jsonb_each(e.properties) p
                  where e.slice = k.slice and e.visitor_id = k.visitor_id
                        and e.environment_id = the_environment and e.marks = 0
                        and e.day >= first_day
                        and jsonb_typeof(p.value) in ('string', 'number', 'boolean') and length(p.value::text) <= 200
                        and length(p.key) <= 64
                        and p.key <> all ('{campaign,variant,phase,value,currency,transaction_id}')
                  order by p.key, e.ts desc limit 100) n) a;
end
$$;
