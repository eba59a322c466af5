-- The fold: takes new events of a slice by cursor, works out what their visitors did anew, and adds new minus old to
-- cohort and moment. Whatever the order of arrival, its tables stand as if made at once from all events, and
-- rebuild does make them so. Every function here that writes holds the slice's lock until its transaction ends: so
-- slices are folded side by side, each by one session; statements follow each other in READ COMMITTED, and each may
-- see more events than the one before: those are read again later and change nothing.

-- The first key of the advisory locks of a consumer; the second is the slice.
create function fold_lock(the_consumer int) returns int language sql immutable
as $$ select 1835365000 + the_consumer $$;

-- For the transaction. Taking the lock and then reading must see what the holder before has committed. Plans are
-- made for the very arrays and days: with generic ones every partition is opened and a join of a thousand rows is
-- planned for ten. Without nested loops: the planner takes thousands of computed rows for one. Without JIT: compiling
-- for every partition takes a hundred times as long as an idle step.
create function fold_prepare() returns void language plpgsql as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the fold runs in READ COMMITTED only' using errcode = '25001';
    end if;
    perform set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),
            set_config('enable_nestloop', 'off', true);
end
$$;

-- Works some units out anew in some campaigns: exposures and outcomes of 'exposed', outcomes of 'active', those of
-- overflow too when is_anew. Returns how many units that were.
create function fold_apply(the_slice int, exposed text[], first timestamptz, active text[], campaigns int[],
                           is_anew boolean) returns int
    language plpgsql as $$
declare
    change record;
    changed text[] := '{}';
    touched text[] := active;
    cohort_before cohort[];
    moment_before moment[];
begin
    if exposed <> '{}' then
        change := exposure_change(the_slice, exposed, first, campaigns);
        changed := array(select unit_id from unnest(change.put) union select unit_id from unnest(change.gone));
        touched := array(select unnest(changed) union select unnest(active));
        perform excluded_write(the_slice, exposed, campaigns, change.aside);
    end if;
    if touched <> '{}' then
        moment_before := moment_of(the_slice, touched, campaigns);
        cohort_before := cohort_of(the_slice, changed, campaigns) || overflow_of(the_slice, touched, campaigns);
        if changed <> '{}' then
            perform exposure_write(the_slice, change.put, change.gone);
        end if;
        perform outcome_write(the_slice, touched, campaigns, is_anew);
        perform cohort_add(the_slice, cohort_before, cohort_of(the_slice, changed, campaigns)
                                                     || overflow_of(the_slice, touched, campaigns));
        perform moment_add(the_slice, moment_before, moment_of(the_slice, touched, campaigns));
    end if;
    return (select count(*) from (select unnest(exposed) union select unnest(active)) units);
end
$$;

-- One step of the fold in a slice: about row_limit events, and as many units of what is to be gone over. is_held:
-- another session folds or rebuilds the slice, nothing was done. is_more: call again at once. is_swept: the slice has
-- gone over all units of something; when no slice has more to do, call fold_finish.
create function slice_step(the_slice int, row_limit int, out row_count int, out visitor_count int,
                           out is_more boolean, out is_held boolean, out is_swept boolean)
    language plpgsql as $$
declare
    unread record;
    events fold_event[];
    read record;
    early record;
    swept record;
begin
    perform fold_prepare();
    row_count := 0;
    visitor_count := 0;
    is_more := false;
    is_swept := false;
    is_held := not pg_try_advisory_xact_lock(fold_lock(1), the_slice);
    if is_held then
        return;
    end if;
    unread := slice_unread(1, the_slice, row_limit);
    if unread.writers is not null then
        events := fold_events(the_slice, unread.writers, unread.firsts, unread.lasts, unread.from_day);
        row_count := cardinality(events);
        perform foreign_keep(the_slice, events);
        read := fold_read(the_slice, events);
        if read.early <> '{}' then
            perform early_keep(the_slice, read.early);
        end if;
        visitor_count := fold_apply(
            the_slice, read.exposed, read.first, read.active, fold_campaigns(read.since), false);
    end if;
    perform slice_read(1, the_slice, unread.writers, unread.lasts, unread.is_cut);
    early := fold_read_early(the_slice, row_limit);
    visitor_count := visitor_count
        + fold_apply(the_slice, early.exposed, early.first, '{}', fold_campaigns(early.first), false);
    swept := fold_sweep(the_slice, row_limit);
    is_more := unread.is_cut or early.exposed <> '{}' or swept.is_more;
    is_swept := swept.is_swept;
end
$$;
