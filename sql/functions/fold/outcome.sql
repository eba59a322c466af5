-- Outcomes: what exposed units did, worked out from all their events since their exposure.

-- What the events of some units are to the metrics of some campaigns, from the table exposure and their events; and
-- the units that went over a limit, of which there are no lines. Those that have before are not looked at again,
-- unless is_anew: their events can only become more.
-- A purchase is an order, and counts at its first event by (ts, event_id), which is looked for from 35 days
-- before the exposure on, or from the begin of a longer pre-period: a thank-you page loaded again later does not
-- bring it into the experiment. Refunds name their order and lower what it summed by what they name, never below
-- zero; one that names neither a value nor items gives back all that is left. A refund that names no order lowers
-- the unit's sum, but not below zero.
-- What the unit did in the pre-period before its exposure is measured by the same rules, without the window: an
-- order belongs to where its first event is, and of refunds only those from before the exposure are known
-- there, so that nothing the treatment causes can reach these covariates. Money in other currencies is converted at
-- the rate of its day (event/currency.sql). Leans on visitor_event's primary key.
create function outcome_lines(the_slice int, units text[], campaigns int[], from_day date, is_anew boolean,
                              out lines outcome_line[], out exceeded overflow[])
    language plpgsql as $$
declare
    names text[] := array(select event from metric_part where campaign_id = any (campaigns) union select 'refund');
    near date := near_day();
    old visitor_event[] := past_of_visitors(the_slice, units, from_day, near, names);
begin
    if units = '{}' then
        lines := '{}';
        exceeded := '{}';
        return;
    end if;
    with part as materialized (
        select * from metric_part where campaign_id = any (campaigns)
    ),
    permitted as materialized (
        select n.id as environment_id, environment_currency(n.document) as currency, l.day_events, l.all_events,
               least(l.day_events, l.all_events) as fewest
        from environment n cross join lateral fold_limits(n.document) l
    ),
    unit as materialized (
        select x.unit_id, x.campaign_id, x.phase, x.experience, x.event_id, x.exposed_at, c.environment_id,
               coalesce(p.ended_at, 'infinity') as until, phase_pre_period(p.document) as pre_period
        from exposure x
        join campaign c on c.id = x.campaign_id
        join phase p on p.campaign_id = x.campaign_id and p.number = x.phase
        left join overflow o on o.slice = the_slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
             and o.phase = x.phase and o.experience = x.experience
        where x.slice = the_slice and x.unit_id = any (array(select unnest(units)))
              and x.campaign_id + 0 = any (campaigns) and (is_anew or o.slice is null)
    ),
    done as materialized (
        select visitor_id, environment_id, event_id, name, ts, rate,
               case when rate is null then properties else converted_properties(properties, rate) end as properties,
               case when name in ('purchase', 'refund') then event_order(properties) end as order_id
        from (select e.visitor_id, e.environment_id, e.event_id, e.name, e.ts, e.properties,
                     rate_of(e.environment_id, n.currency, e.properties, e.ts) as rate
              from (select visitor_id, environment_id, event_id, name, ts, properties from visitor_event
                    where slice = the_slice and visitor_id = any (array(select distinct unit_id from unit))
                          and day >= greatest(from_day, near) and marks = 0 and name = any (names)
                    union all
                    select visitor_id, environment_id, event_id, name, ts, properties from unnest(old)) e
              join permitted n on n.environment_id = e.environment_id offset 0) r
    ),
    seen as materialized (
        select u.unit_id, u.campaign_id, u.phase, u.experience, u.environment_id, u.exposed_at, u.pre_period,
               e.ts < u.exposed_at as is_pre, e.event_id,
               e.name, e.ts, e.properties, e.rate, e.order_id,
               case when e.name = 'purchase' and e.order_id is not null
                    then row_number() over (partition by u.unit_id, u.campaign_id, u.phase, u.experience, e.name,
                                                         e.order_id order by e.ts, e.event_id)
                    else 1 end as turn
        from unit u
        join done e on e.visitor_id = u.unit_id and e.environment_id = u.environment_id
             and e.ts >= u.exposed_at - case when e.name = 'purchase'
                                             then greatest(interval '35 days', u.pre_period)
                                             else u.pre_period end
             and e.ts < u.until and e.event_id <> u.event_id
    ),
    busy as materialized (
        select visitor_id from done group by visitor_id having count(*) > (select min(fewest) from permitted)
    ),
    counted as (
        select unit_id, campaign_id, phase, experience, count(*) as rows
        from seen s
        join permitted l on l.environment_id = s.environment_id
        where unit_id in (select visitor_id from busy)
              and exists (select from part p
                          where p.campaign_id = s.campaign_id
                                and p.event = case s.name when 'refund' then 'purchase' else s.name end)
        group by grouping sets ((unit_id, campaign_id, phase, experience, (ts at time zone 'UTC')::date),
                                (unit_id, campaign_id, phase, experience))
        having count(*) > case when grouping((ts at time zone 'UTC')::date) = 0 then min(l.day_events)
                               else min(l.all_events) end
    ),
    too_many as materialized (
        select distinct unit_id, campaign_id, phase, experience from counted
    ),
    line as (
        select s.unit_id, s.campaign_id, s.phase, s.experience, p.metric_id, p.side, p.kind, p.cap, s.is_pre,
               coalesce('order ' || s.order_id, s.event_id::text) as order_key, false as is_refund,
               line_money(line_amount(s.properties, p.path, p.scale), p.is_money, p.path, s.rate) as amount,
               s.rate[2] as rate, s.ts - s.exposed_at as since
        from seen s
        join part p on p.campaign_id = s.campaign_id and p.event = s.name
        where s.turn = 1 and s.ts >= s.exposed_at - s.pre_period
              and (p.stay is null or s.ts < s.exposed_at + p.stay)
              and (p.filter is null or jsonb_path_match(s.properties, p.filter, '{}', true))
        union all
        select s.unit_id, s.campaign_id, s.phase, s.experience, p.metric_id, p.side, p.kind, p.cap, s.is_pre,
               'order ' || s.order_id, true,
               line_money(refund_amount(s.properties, p.path, p.scale), p.is_money, p.path, s.rate), s.rate[2],
               s.ts - s.exposed_at
        from seen s
        join part p on p.campaign_id = s.campaign_id and p.event = 'purchase' and p.path is not null
        where s.name = 'refund' and (p.stay is null or s.ts < s.exposed_at + p.stay)
              and (s.order_id is not null or p.filter is null
                   or jsonb_path_match(s.properties, p.filter, '{}', true))
    )
    select array(select row(l.unit_id, l.campaign_id, l.phase, l.experience, l.metric_id, l.side, l.kind, l.cap,
                            l.is_pre, l.order_key, l.is_refund,
                            case when l.amount = 'NaN' then 0 else l.amount end,
                            coalesce(l.amount = 'NaN' and l.rate is distinct from 'NaN', false),
                            coalesce(l.amount = 'NaN' and l.rate = 'NaN', false),
                            case when not l.is_pre
                                 then floor(extract(epoch from l.since) / 86400)::int end)::outcome_line
                 from line l
                 left join too_many t on t.unit_id = l.unit_id and t.campaign_id = l.campaign_id
                      and t.phase = l.phase and t.experience = l.experience
                 where t.unit_id is null),
           array(select row(the_slice, unit_id, campaign_id, phase, experience)::overflow from too_many)
    into lines, exceeded;
end
$$;

-- Of some units those whose events are to be looked at: where nobody else did anything, it is none.
create function outcome_units(the_slice int, units text[], campaigns int[], is_anew boolean) returns text[]
    language plpgsql as $$
begin
    return array(
        select distinct x.unit_id
        from exposure x
        left join overflow o on o.slice = the_slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
             and o.phase = x.phase and o.experience = x.experience
        where x.slice = the_slice and x.unit_id = any (array(select unnest(units)))
              and x.campaign_id + 0 = any (campaigns) and (is_anew or o.slice is null));
end
$$;

-- What must change in outcome and overflow for some units, from exposure as it stands.
create function outcome_change(the_slice int, units text[], campaigns int[], is_anew boolean, out put outcome[],
                               out gone outcome[], out exceeded overflow[])
    language plpgsql as $$
declare
    from_day date := fold_day(exposed_since(the_slice, units, campaigns) - campaign_look_back(campaigns));
    found record := outcome_lines(the_slice, outcome_units(the_slice, units, campaigns, is_anew), campaigns, from_day,
                                  is_anew);
    fresh outcome[] := outcome_total(the_slice, found.lines);
    stored outcome[] := array(
        select row(slice, unit_id, campaign_id, phase, experience, metric_id, numerator, denominator, pre_numerator,
                   pre_denominator, invalid_count, unrated_count)::outcome
        from outcome
        where slice = the_slice and unit_id = any (array(select unnest(units))) and campaign_id + 0 = any (campaigns));
begin
    exceeded := found.exceeded;
    select coalesce(array_agg(f) filter (where f.unit_id is not null and f is distinct from s), '{}'),
           coalesce(array_agg(s) filter (where f.unit_id is null), '{}')
    into put, gone
    from unnest(fresh) f
    full join unnest(stored) s on s.unit_id = f.unit_id and s.campaign_id = f.campaign_id and s.phase = f.phase
                                  and s.experience = f.experience and s.metric_id = f.metric_id;
end
$$;

-- Marks units that went over a limit, and takes the mark from those that have no exposure any more, or when
-- is_anew did not go over one.
create function overflow_write(the_slice int, units text[], campaigns int[], exceeded overflow[], is_anew boolean)
    returns void language plpgsql as $$
begin
    delete from overflow o
    where o.slice = the_slice and o.unit_id = any (array(select unnest(units))) and o.campaign_id + 0 = any (campaigns)
          and (is_anew or not exists (
                   select from exposure x
                   where x.slice = the_slice and x.unit_id = o.unit_id and x.campaign_id = o.campaign_id
                         and x.phase = o.phase and x.experience = o.experience));
    insert into overflow select * from unnest(exceeded) order by unit_id, campaign_id, phase, experience
    on conflict do nothing;
end
$$;

-- Brings outcome and overflow of some units up to date with exposure and the events.
create function outcome_write(the_slice int, units text[], campaigns int[], is_anew boolean)
    returns void language plpgsql as $$
declare
    change record := outcome_change(the_slice, units, campaigns, is_anew);
begin
    perform overflow_write(the_slice, units, campaigns, change.exceeded, is_anew);
    delete from outcome o using unnest(change.gone) g
    where o.slice = the_slice and (o.unit_id, o.campaign_id, o.phase, o.experience, o.metric_id)
          = (g.unit_id, g.campaign_id, g.phase, g.experience, g.metric_id);
    insert into outcome
    select * from unnest(change.put) order by unit_id, campaign_id, phase, experience, metric_id
    on conflict (slice, unit_id, campaign_id, phase, experience, metric_id) do update
    set (numerator, denominator, pre_numerator, pre_denominator, invalid_count, unrated_count)
        = (excluded.numerator, excluded.denominator, excluded.pre_numerator, excluded.pre_denominator,
           excluded.invalid_count, excluded.unrated_count);
end
$$;
