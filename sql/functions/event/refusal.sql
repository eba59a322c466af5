-- Events that were refused, and those that were stored but are left out of results: how many, and why.

-- Is it a name that something counts: of commerce, an exposure, a page view, or of a metric?
create function is_measured_name(the_environment int, the_name text) returns boolean
    language sql stable as $$
    select the_name = any ('{exposure,page_view,purchase,refund,add_to_cart,begin_checkout,view_item}')
           or exists (select from metric m
                      where m.environment_id = the_environment
                            and the_name in (m.definition #>> '{numerator,event}',
                                             m.definition #>> '{denominator,event}'))
$$;

-- Adds what a writer's edge counted to today's rows of this writer. Names that nothing measures get a row while there
-- is room for 50 of them, the most frequent first; the others are '', which is no name. Leans on refusal's primary key.
create function refusal_add(the_writer int, environments int[], reasons text[], names text[], counts bigint[])
    returns void language plpgsql as $$
declare
    today date := (now() at time zone 'UTC')::date;
begin
    with fresh as (
        select f.environment_id, f.reason, f.name, f.count, is_measured_name(f.environment_id, f.name) as is_measured,
               exists (select from refusal r
                       where r.environment_id = f.environment_id and r.day = today and r.writer = the_writer
                             and r.name = f.name) as is_known
        from unnest(environments, reasons, names, counts) f (environment_id, reason, name, count)
    ),
    taken as materialized (
        select r.environment_id, count(*) as names
        from (select distinct r.environment_id, r.name from refusal r
              where r.environment_id in (select environment_id from fresh) and r.day = today and r.writer = the_writer
                    and r.name <> '') r
        where not is_measured_name(r.environment_id, r.name)
        group by r.environment_id
    ),
    named as (
        select environment_id, f.name,
               row_number() over (partition by environment_id order by sum(f.count) desc, f.name)
               + coalesce(t.names, 0) as place
        from fresh f
        left join taken t using (environment_id)
        where not f.is_known and not f.is_measured and f.name <> ''
        group by environment_id, f.name, t.names
    )
    insert into refusal as r (environment_id, day, writer, reason, name, event_count, last_at)
    select f.environment_id, today, the_writer, f.reason,
           case when n.place > 50 then '' else f.name end as kept, sum(f.count), now()
    from fresh f
    left join named n on n.environment_id = f.environment_id and n.name = f.name
    group by f.environment_id, f.reason, kept
    order by f.environment_id, f.reason, kept
    on conflict (environment_id, day, writer, reason, name) do update
    set event_count = r.event_count + excluded.event_count, last_at = excluded.last_at;
end
$$;

-- Refusals and omissions of more than 400 days ago go.
create function refusal_trim() returns void language plpgsql as $$
begin
    delete from refusal where day < (now() at time zone 'UTC')::date - 400;
    delete from omission where day < (now() at time zone 'UTC')::date - 400;
end
$$;
