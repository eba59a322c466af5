-- Visitors whom somebody took out of results: they have no exposures, so nothing follows from what they do. What would
-- be their exposures is kept aside, to be counted.

-- Whether a visitor was taken out. Leans on excluded_visitor's primary key.
create function is_excluded(the_slice int, the_visitor text, the_environment int) returns boolean
    language sql stable as $$
    select exists (select from excluded_visitor v
                   where v.slice = the_slice and v.visitor_id = the_visitor and v.environment_id = the_environment)
$$;

-- Of some units those that were taken out of the results of some of the campaigns: (unit, campaign).
create function excluded_units(the_slice int, units text[], campaigns int[])
    returns table (unit_id text, campaign_id int) language plpgsql as $$
begin
    return query
        select v.visitor_id, c.id
        from excluded_visitor v
        join campaign c on c.environment_id = v.environment_id
        where v.slice = the_slice and v.visitor_id = any (array(select unnest(units))) and c.id = any (campaigns);
end
$$;

-- The oldest of what would be exposures of some units.
create function excluded_since(the_slice int, units text[], campaigns int[]) returns timestamptz
    language plpgsql as $$
begin
    return (select min(exposed_at) from excluded_exposure
            where slice = the_slice and unit_id = any (array(select unnest(units)))
                  and campaign_id + 0 = any (campaigns));
end
$$;

-- Brings excluded_exposure of some units up to date: what is there of them is 'fresh'.
create function excluded_write(the_slice int, units text[], campaigns int[], fresh exposure[]) returns void
    language plpgsql as $$
begin
    delete from excluded_exposure o
    where o.slice = the_slice and o.unit_id = any (array(select unnest(units))) and o.campaign_id + 0 = any (campaigns)
          and (o.unit_id, o.campaign_id, o.phase, o.experience, o.event_id, o.exposed_at) not in (
              select f.unit_id, f.campaign_id, f.phase, f.experience, f.event_id, f.exposed_at from unnest(fresh) f);
    insert into excluded_exposure (slice, unit_id, campaign_id, phase, experience, event_id, exposed_at)
    select the_slice, f.unit_id, f.campaign_id, f.phase, f.experience, f.event_id, f.exposed_at from unnest(fresh) f
    order by 2, 3, 4, 5
    on conflict do nothing;
end
$$;

-- A phase has ended: what came at its end or later was no exposure.
create function excluded_settle(the_slice int, the_campaign int, the_phase int, ended timestamptz) returns void
    language plpgsql as $$
begin
    delete from excluded_exposure
    where slice = the_slice and campaign_id = the_campaign and phase = the_phase and exposed_at >= ended;
end
$$;

-- Works out anew the next visitors of an environment that were taken out of results, or in again; campaigns whose
-- events retention has dropped stay as they are. Returns as fold_settle. What is being changed at this moment is left
-- to the next step.
create function fold_exclude(the_slice int, unit_limit int) returns boolean language plpgsql as $$
declare
    environment int;
    chunk text[];
    campaigns int[];
begin
    select d.environment_id, array_agg(d.visitor_id) into environment, chunk
    from (select visitor_id, environment_id from exclusion_due
          where slice = the_slice
                and environment_id = (select min(environment_id) from exclusion_due where slice = the_slice)
          order by visitor_id limit unit_limit for update skip locked) d
    group by d.environment_id;
    if chunk is null then
        return null;
    end if;
    campaigns := array(select id from campaign where environment_id = environment and not campaign_is_closed(id));
    perform fold_apply(the_slice, chunk, '-infinity', chunk, campaigns, true);
    delete from exclusion_due
    where slice = the_slice and environment_id = environment and visitor_id = any (array(select unnest(chunk)));
    return not exists (select from exclusion_due where slice = the_slice);
end
$$;
