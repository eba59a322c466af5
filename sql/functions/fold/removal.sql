-- What is left to do in a slice when an import was taken back.

-- Takes out the next part of an import that was taken back: first what was computed, then its events, those of about a
-- year at a time (see past.sql), at most row_limit of them. Returns whether the slice is rid of it; null: there was
-- nothing to do. Leans on visitor_event's primary key.
create function fold_remove(the_slice int, row_limit int) returns boolean language plpgsql as $$
declare
    gone import_removal;
    prefix text;
    year record;
    row_count int;
begin
    select * into gone from import_removal where slice = the_slice order by import_id limit 1;
    if not found then
        return null;
    end if;
    prefix := import_prefix(gone.import_id);
    if gone.from_day is null then
        delete from exposure where slice = the_slice and campaign_id = gone.campaign_id;
        delete from outcome where slice = the_slice and campaign_id = gone.campaign_id;
        delete from overflow where slice = the_slice and campaign_id = gone.campaign_id;
        delete from cohort where slice = the_slice and campaign_id = gone.campaign_id;
        delete from moment where slice = the_slice and campaign_id = gone.campaign_id;
        delete from sweep where slice = the_slice and campaign_id = gone.campaign_id;
        delete from excluded_exposure where slice = the_slice and campaign_id = gone.campaign_id;
        delete from excluded_visitor where slice = the_slice and starts_with(visitor_id, prefix);
        delete from exclusion_due where slice = the_slice and starts_with(visitor_id, prefix);
        delete from foreign_event where slice = the_slice and starts_with(visitor_id, prefix);
        delete from early_exposure where slice = the_slice and starts_with(visitor_id, prefix);
    end if;
    select * into year from past_years(coalesce(gone.from_day, '-infinity'), 'infinity') limit 1;
    if not found then
        delete from import_removal where slice = the_slice and import_id = gone.import_id;
        return true;
    end if;
    delete from visitor_event e
    using (select visitor_id, event_id, day, environment_id from visitor_event
           where slice = the_slice and visitor_id >= prefix and visitor_id < rtrim(prefix, '/') || '0'
                 and day >= year.first and day < year.last limit row_limit) found
    where e.slice = the_slice and e.visitor_id = found.visitor_id and e.event_id = found.event_id
          and e.day = found.day and e.environment_id = found.environment_id
          and e.day >= year.first and e.day < year.last;
    get diagnostics row_count = row_count;
    update import_removal set from_day = case when row_count < row_limit then year.last else year.first end
    where slice = the_slice and import_id = gone.import_id;
    return false;
end
$$;
