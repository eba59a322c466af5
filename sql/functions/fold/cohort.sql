-- Units by cohort.

-- The values under which a unit is counted: all of them, and one per dimension.
create function dimension_values(dimensions jsonb) returns table (dimension text, value text)
    language sql immutable parallel safe as $$
    select 'all', '' union all select key, value from jsonb_each_text(dimensions)
$$;

-- The cohort rows that some units make up, from the table exposure.
create function cohort_of(the_slice int, units text[], campaigns int[]) returns cohort[]
    language plpgsql as $$
begin
    return array(
    select row(the_slice, x.campaign_id, x.phase, x.experience, x.variant, x.cohort_day, d.dimension, d.value,
               sum(x.units)::bigint, sum(x.crossovers)::bigint, sum(x.missing)::bigint, 0)::cohort
    from (select campaign_id, phase, experience, variant, cohort_day, dimensions, count(*) as units,
                 count(*) filter (where is_crossover) as crossovers,
                 count(*) filter (where not has_past) as missing
          from exposure
          where slice = the_slice and unit_id = any (array(select unnest(units))) and campaign_id + 0 = any (campaigns)
          group by campaign_id, phase, experience, variant, cohort_day, dimensions) x
    cross join lateral dimension_values(x.dimensions) d
    group by x.campaign_id, x.phase, x.experience, x.variant, x.cohort_day, d.dimension, d.value);
end
$$;

-- What units of overflow change in them: they are taken out of all counts but their own.
create function overflow_of(the_slice int, units text[], campaigns int[]) returns cohort[]
    language plpgsql as $$
begin
    return array(
    select row(the_slice, x.campaign_id, x.phase, x.experience, x.variant, x.cohort_day, d.dimension, d.value,
               -count(*), -count(*) filter (where x.is_crossover), -count(*) filter (where not x.has_past),
               count(*))::cohort
    from overflow o
    join exposure x on x.slice = the_slice and x.unit_id = o.unit_id and x.campaign_id = o.campaign_id
         and x.phase = o.phase and x.experience = o.experience
    cross join lateral dimension_values(x.dimensions) d
    where o.slice = the_slice and o.unit_id = any (array(select unnest(units))) and o.campaign_id + 0 = any (campaigns)
    group by x.campaign_id, x.phase, x.experience, x.variant, x.cohort_day, d.dimension, d.value);
end
$$;

-- Adds 'after' minus 'before' to cohort; cells that become empty go.
create function cohort_add(the_slice int, before cohort[], after cohort[]) returns void language plpgsql as $$
declare
    delta cohort[] := array(
        select row(the_slice, campaign_id, phase, experience, variant, cohort_day, dimension, value,
                   sum(sign * unit_count)::bigint, sum(sign * crossover_count)::bigint,
                   sum(sign * missing_count)::bigint, sum(sign * overflow_count)::bigint)::cohort
        from (select 1 as sign, * from unnest(after) union all select -1, * from unnest(before)) cells
        group by campaign_id, phase, experience, variant, cohort_day, dimension, value
        having sum(sign * unit_count) <> 0 or sum(sign * crossover_count) <> 0 or sum(sign * missing_count) <> 0
               or sum(sign * overflow_count) <> 0);
begin
    insert into cohort
    select * from unnest(delta)
    order by campaign_id, phase, experience, variant, cohort_day, dimension, value
    on conflict (slice, campaign_id, phase, experience, variant, cohort_day, dimension, value) do update
    set unit_count = cohort.unit_count + excluded.unit_count,
        crossover_count = cohort.crossover_count + excluded.crossover_count,
        missing_count = cohort.missing_count + excluded.missing_count,
        overflow_count = cohort.overflow_count + excluded.overflow_count;
    delete from cohort c using unnest(delta) d
    where (d.unit_count < 0 or d.overflow_count < 0)
      and c.slice = the_slice and c.unit_count = 0 and c.overflow_count = 0
          and (c.campaign_id, c.phase, c.experience, c.variant, c.cohort_day, c.dimension, c.value)
            = (d.campaign_id, d.phase, d.experience, d.variant, d.cohort_day, d.dimension, d.value);
end
$$;
