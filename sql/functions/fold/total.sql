-- Sums that were imported as such: a source of cohort and moment beside the events.

-- What a whole sum is in the fixed point of a metric's definition; of squares with the scale's square.
create function total_scale(definition jsonb) returns numeric
    language sql immutable parallel safe as $$
    select case when definition ->> 'kind' = 'sum' then coalesce((definition ->> 'scale')::numeric, 1) else 1 end
$$;

-- The cohort rows that the totals of a campaign make up, in one slice: nobody knows which visitors they were.
create function cohort_of_totals(the_slice int, of_campaign int) returns cohort[]
    language sql stable as $$
    select coalesce(array_agg(row(the_slice, c.id, c.phase, '', t.variant, t.day, 'all', '', t.units, 0, 0, 0)::cohort),
                    '{}')
    from campaign c
    join import i on i.campaign_id = c.id
    join import_total t on t.import_id = i.id
    where c.id = of_campaign
$$;

-- The moment rows that they make up, of the metrics that the campaign is measured by. Of a conversion, which is 0 or 1,
-- powers are known too, of other sums the squares where they were told; nothing is known of the time before.
create function moment_of_totals(the_slice int, of_campaign int) returns moment[]
    language sql stable as $$
    select coalesce(array_agg(row(the_slice, c.id, c.phase, '', t.variant, m.id, t.day, 'all', '', 0, s.n, 0,
                                  s.nn, 0, 0, s.nnn, null, null, null, null, null, null, null, null, null, null, null,
                                  0, 0)::moment), '{}')
    from campaign c
    join import i on i.campaign_id = c.id
    join import_total t on t.import_id = i.id
    join campaign_metric cm on cm.campaign_id = c.id
    join metric m on m.id = cm.metric_id
    cross join lateral (
        select (t.sums #>> array[m.key, 'sum'])::numeric, (t.sums #>> array[m.key, 'squares'])::numeric,
               total_scale(m.definition), m.definition ->> 'kind' = 'conversion') told (sum, squares, scale, is_binary)
    cross join lateral (
        select round(told.sum * told.scale) as n,
               case when told.is_binary then told.sum else round(told.squares * told.scale ^ 2) end as nn,
               case when told.is_binary then told.sum end as nnn) s
    where c.id = of_campaign and t.sums ? m.key
$$;

-- Makes cohort and moment of a campaign's totals anew, in the first slice; of other campaigns nothing. No fold touches
-- these rows: the campaign has no units (see campaign_variant).
create function total_apply(of_campaign int) returns void language plpgsql as $$
declare
    the_slice int := (select min(number) from slice);
begin
    if not has_totals(of_campaign) then
        return;
    end if;
    delete from cohort where slice = the_slice and campaign_id = of_campaign;
    delete from moment where slice = the_slice and campaign_id = of_campaign;
    insert into cohort select * from unnest(cohort_of_totals(the_slice, of_campaign));
    insert into moment select * from unnest(moment_of_totals(the_slice, of_campaign));
    update campaign_metric set is_computed = true where campaign_id = of_campaign and not is_computed;
end
$$;
