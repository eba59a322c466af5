-- All anew.

-- Makes exposure, outcome, cohort and moment of some campaigns anew from the events and the totals that were imported
-- alone, some visitors of a slice after the other. Waits for the locks of all slices; readers see the old rows until
-- the transaction ends. Looks stay as they are, and so do campaigns whose events retention has dropped. Phases and
-- metrics are marked as done first, so that what comes in between is gone over later.
create function rebuild(campaigns int[], out unit_count bigint, out outcome_count bigint)
    language plpgsql as $$
declare
    near date := near_day();
    old record;
    chunk record;
begin
    perform fold_prepare();
    perform pg_advisory_xact_lock(fold_lock(1), number) from (select number from slice order by number) s;
    campaigns := array(select c from unnest(campaigns) c where not campaign_is_closed(c));
    update phase set is_settled = true
    where campaign_id = any (campaigns) and ended_at is not null and not is_settled;
    update campaign_metric set is_computed = true where campaign_id = any (campaigns) and not is_computed;
    delete from sweep where campaign_id = any (campaigns);
    delete from exposure where campaign_id = any (campaigns);
    delete from outcome where campaign_id = any (campaigns);
    delete from overflow where campaign_id = any (campaigns);
    delete from excluded_exposure where campaign_id = any (campaigns);
    delete from cohort where campaign_id = any (campaigns);
    delete from moment where campaign_id = any (campaigns);
    old := past_exposed(campaigns, near);
    for chunk in
        select slice, array_agg(visitor_id) as units
        from (select slice, visitor_id,
                     (row_number() over (partition by slice order by visitor_id) - 1) / 10000 as part
              from (select distinct e.slice, e.visitor_id
                    from visitor_event e
                    join campaign c on c.environment_id = e.environment_id
                         and c.key = e.properties ->> 'campaign'
                    where e.name = 'exposure' and e.marks = 0 and c.id = any (campaigns) and e.day >= near
                    union
                    select * from unnest(old.slices, old.visitors)) shown (slice, visitor_id)) numbered
        group by slice, part
    loop
        perform fold_apply(chunk.slice, chunk.units, '-infinity', '{}', campaigns, true);
    end loop;
    perform total_apply(c) from unnest(campaigns) c;
    select count(*) into unit_count from exposure where campaign_id = any (campaigns);
    select count(*) into outcome_count from outcome where campaign_id = any (campaigns);
end
$$;
