-- What a phase's (null: the newest's) units did from their exposure until the end of the phase, by (slice,
-- visitor, time, id); it begins behind event (after_us, after_event) of after_visitor. A unit without events
-- (retention dropped them) is a row without item, so that pages go on behind it. Plans are made for the days of
-- the phase, and open their partitions alone. Leans on exposure_campaign and the primary key of visitor_event.
create function export_events(the_environment int, the_campaign text, the_phase int, after_visitor text, row_limit int,
                              after_us bigint, after_event uuid)
    returns table (cursor text, item json) language plpgsql as $$
#variable_conflict use_column
declare
    first_day date;
    last_day date;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    select min(h.cohort_day) - 3, max(coalesce((p.ended_at at time zone 'UTC')::date, current_date)) + 3
    into first_day, last_day
    from campaign c
    join phase p on p.campaign_id = c.id and p.number = coalesce(the_phase, c.phase)
    join cohort h on h.campaign_id = c.id and h.phase = p.number
    where c.environment_id = the_environment and c.key = the_campaign;
    return query
        select coalesce(x.event_id, '00000000-0000-0000-0000-000000000000') || ':'
                   || (extract(epoch from coalesce(x.ts, to_timestamp(0))) * 1000000)::bigint || ':'
                    || x.unit_id as cursor,
               case when x.event_id is not null then
                   json_build_object('visitor_id', visitor_own_id(x.unit_id), 'phase', x.phase, 'variant', x.variant,
                                     'event_id', x.event_id, 'name', x.name, 'ts', rfc3339(x.ts),
                                     'properties', x.properties) end as item
        from campaign c
        left join lateral (
            select u.slice, u.unit_id, u.phase, u.variant, e.event_id, e.name, e.ts, e.properties
            from (select * from exposure
                  where campaign_id = c.id and phase = coalesce(the_phase, c.phase)
                        and (slice, unit_id) >= (coalesce(slice_of(after_visitor), -1), coalesce(after_visitor, ''))
                  order by slice, unit_id limit row_limit + 1) u
            join phase p on p.campaign_id = u.campaign_id and p.number = u.phase
            left join lateral (
                select * from visitor_event v
                where v.slice = u.slice and v.visitor_id = u.unit_id
                      and v.environment_id = c.environment_id and v.marks = 0
                      and v.day between first_day and last_day and v.day >= (u.exposed_at at time zone 'UTC')::date - 3
                      and v.ts >= u.exposed_at and v.ts < coalesce(p.ended_at, 'infinity')
                      and (v.visitor_id is distinct from after_visitor
                           or (v.ts, v.event_id) > (to_timestamp(0) + after_us * interval '1 microsecond', after_event))
                order by v.ts, v.event_id limit row_limit) e on true
            where e.event_id is not null or u.unit_id is distinct from after_visitor
            order by u.slice, u.unit_id, e.ts, e.event_id limit row_limit) x on true
        where c.environment_id = the_environment and c.key = the_campaign and must_have_visitors(c.id)
        order by x.slice, x.unit_id, x.ts, x.event_id;
end
$$;
