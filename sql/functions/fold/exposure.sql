-- Exposures: which variant a unit met, first and when. They are worked out from all exposure events of the units in
-- question. Every statement of this folder names the slice of every row it touches, and functions that read are
-- called between statements, not in them: so the work on a slice stays where the slice lies. They take the first day
-- that can matter, so that older partitions are not opened. An event's ts is never more than two days away from its
-- day: ingest guarantees it.
--
-- '= any (array(select unnest(units)))' is a promise to the planner's reader: rows are fetched by key, whatever the
-- statistics say of tables that have just begun to grow. 'campaign_id + 0' keeps it: an index by campaign would have
-- each row's unit compared with every one of them.

-- The exposure rows of some units in some campaigns, from their exposure events: the first by (ts, event_id) counts,
-- one at or after the end of its phase does not, nor does one of an import in another campaign than its own, nor one of
-- another visitor there; a value of each dimension is frozen with it, by an expression in the statement, since a
-- function with a subselect is not inlined. 'from_day': exposure events before it are not looked at. has_past, whether
-- the unit did anything in the pre-period, cannot change by what comes later. An exposure is past to the ones after it,
-- so few need look into the days before, and those of one moment look together. Leans on visitor_event's primary key.
create function exposure_of(the_slice int, units text[], campaigns int[], from_day date) returns exposure[]
    language plpgsql as $$
declare
    past_day date := from_day - 4 - extract(day from campaign_look_back(campaigns))::int;
    near date := near_day();
    old visitor_event[] := past_of_visitors(the_slice, units, past_day, near, null);
begin
    return array(
    with known as materialized (select * from campaign_variant where campaign_id = any (campaigns)),
    shown as materialized (
        select visitor_id, environment_id, event_id, ts, properties from visitor_event
        where slice = the_slice and visitor_id = any (array(select unnest(units)))
              and day >= greatest(from_day, near) and name = 'exposure' and marks = 0
        union all
        select visitor_id, environment_id, event_id, ts, properties from unnest(old)
        where day >= from_day and name = 'exposure'
    ),
    met as materialized (
        select *, max(ts) over (partition by visitor_id, environment_id order by ts range
                                between unbounded preceding and interval '1 microsecond' preceding) as before
        from (select s.*, v.campaign_id, v.phase, v.experience, v.variant, v.time_zone, v.pre_period, v.dimensions,
                     min(v.variant) over unit as first_variant, max(v.variant) over unit as last_variant,
                     row_number() over (unit order by s.ts, s.event_id) as turn
              from shown s
              join known v on v.environment_id = s.environment_id and v.campaign = s.properties ->> 'campaign'
                   and to_jsonb(v.phase) = s.properties -> 'phase' and v.variant = s.properties ->> 'variant'
                   and v.experience = coalesce(s.properties ->> 'experience', '') and is_own(v.import_id, s.visitor_id)
              where s.ts < coalesce(v.ended_at, 'infinity')
              window unit as (partition by s.visitor_id, v.campaign_id, v.phase, v.experience)) x
        where turn = 1
    ),
    asked as materialized (
        select distinct visitor_id, environment_id, ts, pre_period from met
        where coalesce(before < ts - pre_period, true)
    ),
    past as materialized (
        select a.*, exists (
                   select from visitor_event e
                   where e.slice = the_slice and e.visitor_id = a.visitor_id and e.environment_id = a.environment_id
                         and e.marks = 0 and e.ts < a.ts and e.ts >= a.ts - a.pre_period
                         and e.day >= greatest(past_day, near) and e.day <= (a.ts at time zone 'UTC')::date + 2
                         and e.day >= ((a.ts - a.pre_period) at time zone 'UTC')::date - 2)
                   or (visitor_id, environment_id, ts, pre_period) in (
                       select visitor_id, environment_id, b.ts, pre_period
                       from asked b join unnest(old) e using (visitor_id, environment_id)
                       where e.ts < b.ts and e.ts >= b.ts - pre_period) as is_there
        from asked a
    )
    select row(the_slice, m.visitor_id, m.campaign_id, m.phase, m.experience, m.variant,
               coalesce((select max(a.number) from allocation a
                         where a.campaign_id = m.campaign_id and a.phase = m.phase and a.experience = m.experience
                               and a.from_day <= (m.ts at time zone m.time_zone)::date), 1),
               m.first_variant <> m.last_variant, m.event_id, m.ts, (m.ts at time zone m.time_zone)::date,
               (select coalesce(jsonb_object_agg(d ->> 'key', dimension_value(
                           d, m.properties #>> string_to_array(d ->> 'source', '.'))), '{}')
                from jsonb_array_elements(m.dimensions) d), coalesce(p.is_there, true))::exposure
    from met m
    left join past p using (visitor_id, environment_id, ts, pre_period));
end
$$;

-- The exposures there are of some units.
create function exposure_stored(the_slice int, units text[], campaigns int[]) returns exposure[]
    language plpgsql as $$
begin
    return array(
        select row(slice, unit_id, campaign_id, phase, experience, variant, allocation, is_crossover, event_id,
                   exposed_at, cohort_day, dimensions, has_past)::exposure
        from exposure
        where slice = the_slice and unit_id = any (array(select unnest(units)))
              and campaign_id + 0 = any (campaigns));
end
$$;

-- The oldest exposure there is of some units: from there on their events can matter.
create function exposed_since(the_slice int, units text[], campaigns int[]) returns timestamptz
    language plpgsql as $$
begin
    return (select min(exposed_at) from exposure
            where slice = the_slice and unit_id = any (array(select unnest(units)))
              and campaign_id + 0 = any (campaigns));
end
$$;

-- What must change in exposure for some units: rows to put, and rows to delete; and 'aside', all there are of units
-- that somebody took out. 'first': none of their exposure events that is not in the table yet is older (null: there is
-- none).
create function exposure_change(the_slice int, units text[], first timestamptz, campaigns int[], out put exposure[],
                                out gone exposure[], out aside exposure[])
    language plpgsql as $$
declare
    stored exposure[] := exposure_stored(the_slice, units, campaigns);
    since timestamptz := least((select min(exposed_at) from unnest(stored)),
                               excluded_since(the_slice, units, campaigns));
    fresh exposure[] := exposure_of(the_slice, units, campaigns, fold_day(least(first, since)));
begin
    aside := array(
        select f from unnest(fresh) f
        where (f.unit_id, f.campaign_id) in (select * from excluded_units(the_slice, units, campaigns)));
    if aside <> '{}' then
        fresh := array(select f from unnest(fresh) f where f <> all (aside));
    end if;
    select coalesce(array_agg(f) filter (where f.unit_id is not null and f is distinct from s), '{}'),
           coalesce(array_agg(s) filter (where f.unit_id is null), '{}')
    into put, gone
    from unnest(fresh) f
    full join unnest(stored) s on s.unit_id = f.unit_id and s.campaign_id = f.campaign_id and s.phase = f.phase
                                  and s.experience = f.experience;
end
$$;

-- Brings exposure up to date by what exposure_change found.
create function exposure_write(the_slice int, put exposure[], gone exposure[]) returns void language plpgsql as $$
begin
    delete from exposure x using unnest(gone) g
    where x.slice = the_slice
          and (x.unit_id, x.campaign_id, x.phase, x.experience) = (g.unit_id, g.campaign_id, g.phase, g.experience);
    insert into exposure
    select * from unnest(put) order by unit_id, campaign_id, phase, experience
    on conflict (slice, unit_id, campaign_id, phase, experience) do update
    set (variant, allocation, is_crossover, event_id, exposed_at, cohort_day, dimensions, has_past)
        = (excluded.variant, excluded.allocation, excluded.is_crossover, excluded.event_id, excluded.exposed_at,
           excluded.cohort_day, excluded.dimensions, excluded.has_past);
end
$$;
