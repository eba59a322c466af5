-- What stored events did to results: for people who look at a visitor, or at what is arriving. The rules are those of
-- fold/outcome.sql, read event by event.

-- How much what became of an event in a campaign says: other phases than the one it belongs to say nothing beside it.
create function effect_class(what text) returns int
    language sql immutable parallel safe as $$
    select case what when 'before_exposure' then 1 when 'after_phase' then 2 else 0 end
$$;

-- Some events beside each exposure of their visitors, and what can be said without metrics: exposures are 'exposed',
-- 'known' (met before) or 'crossover' (another variant than the first); others 'after_phase', 'before_exposure',
-- 'overflow' (more events than a person), 'duplicate_order' (within 90 days, in 20,000 rows), or null: a metric may
-- count them. Leans on exposure's primary key.
create function event_units(the_environment int, events visitor_event[])
    returns table (visitor_id text, event_id uuid, day date, campaign_id int, campaign text, phase int, variant text,
                   exposed_at timestamptz, what text)
    language plpgsql as $$
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    return query
    with event as materialized (
        select e.slice, e.visitor_id, e.event_id, e.day, e.name, e.ts, e.properties,
               case when e.name = 'purchase' then order_begin(e.properties) end as order_id
        from unnest(events) e where e.marks = 0
    ),
    known as materialized (
        select x.slice, x.unit_id, x.campaign_id, x.phase, x.experience, x.variant, x.event_id as exposure_id,
               x.exposed_at, c.key as campaign, coalesce(p.ended_at, 'infinity') as until,
               x.exposed_at - greatest(interval '35 days', phase_pre_period(p.document)) as orders_since,
               exists (select from overflow o
                       where o.slice = x.slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
                             and o.phase = x.phase and o.experience = x.experience) as is_overflowing
        from (select distinct e.slice, e.visitor_id from event e) v
        join exposure x on x.slice = v.slice and x.unit_id = v.visitor_id
        join campaign c on c.id = x.campaign_id and c.environment_id = the_environment
        join phase p on p.campaign_id = x.campaign_id and p.number = x.phase
    ),
    bought as materialized (
        select s.slice, o.visitor_id, o.event_id, o.ts, o.order_id
        from (select e.slice, array_agg(distinct e.visitor_id) as visitors, min(e.day) - 90 as first_day,
                     max(e.day) + 2 as last_day, 20000 / count(*) over () as row_limit
              from event e
              join known k on k.slice = e.slice and k.unit_id = e.visitor_id and not k.is_overflowing
              where e.order_id is not null
              group by e.slice) s
        cross join lateral orders_of(s.slice, s.visitors, greatest(s.first_day, near_day()), s.last_day,
                                     s.row_limit) o
        where o.environment_id = the_environment
    )
    select e.visitor_id, e.event_id, e.day, k.campaign_id, k.campaign, k.phase, k.variant, k.exposed_at,
           case when e.name = 'exposure' and e.event_id = k.exposure_id then 'exposed'
                when e.name = 'exposure' and e.properties ->> 'variant' = k.variant then 'known'
                when e.name = 'exposure' then 'crossover'
                when e.ts >= k.until then 'after_phase'
                when e.ts < k.exposed_at then 'before_exposure'
                when k.is_overflowing then 'overflow'
                when exists (select from bought b
                             where b.slice = e.slice and b.visitor_id = e.visitor_id and b.order_id = e.order_id
                                   and b.ts >= k.orders_since and (b.ts, b.event_id) < (e.ts, e.event_id))
                then 'duplicate_order' end
    from event e
    join known k on k.slice = e.slice and k.unit_id = e.visitor_id
    where e.name <> 'exposure'
          or (e.properties ->> 'campaign' = k.campaign and e.properties ->> 'phase' = k.phase::text
              and coalesce(e.properties ->> 'experience', '') = k.experience and e.ts < k.until);
end
$$;

-- What some events were to the campaigns their visitors met: what event_units says, or for some metrics 'counted', for
-- others why not: 'no_metric' (none is made of such events), 'after_window', 'filtered', 'no_amount', 'no_rate'
-- (money in a currency without a rate; the event may count for the metric otherwise).
create function event_met(the_environment int, events visitor_event[])
    returns table (visitor_id text, event_id uuid, day date, campaign text, phase int, variant text, what text,
                   metrics text[])
    language plpgsql as $$
declare
    own text := (select environment_currency(n.document) from environment n where n.id = the_environment);
begin
    return query
    with converted as materialized (
        select e.visitor_id, e.event_id, e.day, e.name, e.ts, r.rate,
               case when r.rate is null then e.properties else converted_properties(e.properties, r.rate) end
                   as properties
        from unnest(events) e
        cross join lateral (select rate_of(the_environment, own, e.properties, e.ts) as rate) r
    ),
    measured as materialized (
        select u.visitor_id, u.event_id, u.day, u.campaign, u.phase, u.variant, t.key as metric,
               coalesce(u.what,
                        case when p.metric_id is null then 'no_metric'
                             when e.ts >= u.exposed_at + p.stay then 'after_window'
                             when p.filter is not null
                                  and (e.name <> 'refund' or event_order(e.properties) is null)
                                  and jsonb_path_match(e.properties, p.filter, '{}', true) is not true then 'filtered'
                             when line_money(line_amount(e.properties, p.path, p.scale), p.is_money, p.path,
                                             e.rate) = 'NaN'
                             then case when e.rate[2] = 'NaN' then 'no_rate' else 'no_amount' end
                             else 'counted' end) as what
        from event_units(the_environment, events) u
        join converted e on e.visitor_id = u.visitor_id and e.event_id = u.event_id and e.day = u.day
        left join metric_part p on u.what is null and p.campaign_id = u.campaign_id
             and p.event = case e.name when 'refund' then 'purchase' else e.name end
             and (e.name <> 'refund' or p.path is not null)
        left join metric t on t.id = p.metric_id
    ),
    told as (
        select m.visitor_id, m.event_id, m.day, m.campaign, m.phase, m.variant, m.what, m.metric,
               min(effect_class(m.what)) over (partition by m.visitor_id, m.event_id, m.day, m.campaign) as best
        from measured m
        where m.what = 'no_rate' or not exists (
                  select from measured o
                  where o.what = case m.what when 'counted' then 'no_rate' else 'counted' end
                        and o.visitor_id = m.visitor_id and o.event_id = m.event_id
                        and o.day = m.day and o.campaign = m.campaign and o.phase = m.phase and o.metric = m.metric)
    )
    select o.visitor_id, o.event_id, o.day, o.campaign, o.phase, o.variant, o.what,
           coalesce(array_agg(distinct o.metric) filter (where o.metric is not null), '{}')
    from told o
    where effect_class(o.what) = o.best
    group by o.visitor_id, o.event_id, o.day, o.campaign, o.phase, o.variant, o.what;
end
$$;

-- What some events of an environment did: each {counts, why, unrated, campaigns: [{campaign, phase, variant, what,
-- metrics}]}; 'unrated' is the currency of its money, when there is no rate for it.
-- 'counts' is null as long as the fold has not read the event (why: 'pending'). Events that met no campaign say why:
-- 'bot', 'staff', 'forced', 'excluded' (its visitor is, by hand), 'unassigned' (an exposure to a variant there never
-- was), 'after_phase', 'not_exposed'.
create function event_effects(the_environment int, events visitor_event[])
    returns table (visitor_id text, event_id uuid, day date, effect jsonb)
    language plpgsql as $$
declare
    own text := (select environment_currency(n.document) from environment n where n.id = the_environment);
begin
    return query
    with met as materialized (
        select * from event_met(the_environment, events)
    ),
    event as (
        select e.visitor_id, e.event_id, e.day,
               case when is_unrated(the_environment, own, e.properties, e.ts)
                    then foreign_currency(e.properties, own) end as unrated,
               case when e.seq > coalesce(c.seq, -1) then 'pending'
                    when e.marks & 1 > 0 then 'bot'
                    when e.marks & 2 > 0 then 'staff'
                    when e.marks <> 0 then 'forced'
                    when is_excluded(e.slice, e.visitor_id, the_environment) then 'excluded'
                    when exists (select from met m
                                 where m.visitor_id = e.visitor_id and m.event_id = e.event_id and m.day = e.day)
                    then null
                    when e.name <> 'exposure' then 'not_exposed'
                    when exists (select from campaign_variant v
                                 where v.environment_id = the_environment
                                       and v.campaign = e.properties ->> 'campaign'
                                       and v.phase::text = e.properties ->> 'phase'
                                       and v.experience = coalesce(e.properties ->> 'experience', '')
                                       and v.variant = e.properties ->> 'variant') then 'after_phase'
                    else 'unassigned' end as why
        from unnest(events) e
        left join fold_cursor c on c.consumer = 1 and c.slice = e.slice and c.writer = e.writer
    )
    select e.visitor_id, e.event_id, e.day, jsonb_build_object(
               'counts', case when e.why is distinct from 'pending'
                              then e.why is null and coalesce(bool_or(m.what = any (
                                       '{counted,exposed,known,crossover}')), false) end,
               'why', e.why, 'unrated', e.unrated,
               'campaigns', coalesce(jsonb_agg(jsonb_build_object(
                   'campaign', m.campaign, 'phase', m.phase, 'variant', m.variant, 'what', m.what,
                   'metrics', to_jsonb(m.metrics)) order by m.campaign, m.phase, m.what)
                   filter (where m.campaign is not null and e.why is null), '[]'))
    from event e
    left join met m on m.visitor_id = e.visitor_id and m.event_id = e.event_id and m.day = e.day
    group by e.visitor_id, e.event_id, e.day, e.unrated, e.why;
end
$$;
