-- Imports: begun by the campaign's change 'import' (see campaign_follow), finished and taken back here.

-- Whether a campaign's import told totals, so that nothing is known of its visitors.
create function has_totals(of_campaign int) returns boolean
    language sql stable as $$
    select exists (select from import i where i.campaign_id = of_campaign and i.has_totals)
$$;

-- True; refuses where a campaign has no visitors, but totals.
create function must_have_visitors(of_campaign int) returns boolean
    language plpgsql stable as $$
begin
    if has_totals(of_campaign) then
        raise exception 'the campaign has totals'
            using errcode = 'object_not_in_prerequisite_state', constraint = 'totals';
    end if;
    return true;
end
$$;

-- The visitors of each variant, as results count them.
create function import_variants(of_campaign int) returns jsonb
    language sql stable as $$
    select coalesce(jsonb_object_agg(v.variant, v.units), '{}')
    from (select variant, sum(unit_count) as units from cohort
          where campaign_id = of_campaign and dimension = 'all' group by variant) v
$$;

-- The metrics that go with an import when it is taken back: an import made them, this one or another, nobody changed
-- them since, and no campaign but its own names them. Leans on metric_import.
create function import_metrics(i import) returns setof metric
    language sql stable as $$
    select m.* from metric m
    where i.campaign_id is not null and m.import_id is not null and m.is_current and m.environment_id = i.environment_id
      and (m.import_id = i.id
           or exists (select from campaign_metric cm where cm.campaign_id = i.campaign_id and cm.metric_id = m.id))
      and not exists (select from campaign c
                      where c.environment_id = i.environment_id and c.id is distinct from i.campaign_id
                        and c.document -> 'metrics' @> jsonb_build_array(jsonb_build_object('key', m.key)))
    order by m.key
$$;

create function import_view(i import) returns jsonb
    language sql stable as $$
    select i.document || jsonb_build_object('id', i.id, 'campaign', i.campaign, 'state', i.state, 'actor', i.actor,
        'campaign_name', coalesce((select c.document ->> 'name' from campaign c where c.id = i.campaign_id),
                                  i.document ->> 'campaign_name', ''),
        'visitor_prefix', import_prefix(i.id),
        'variants', coalesce(i.variants, import_variants(i.campaign_id)),
        'metrics', coalesce(i.document -> 'metrics',
                            (select jsonb_agg(m.key) from import_metrics(i) m), '[]'),
        'version', i.version, 'created_at', rfc3339(i.created_at), 'updated_at', rfc3339(i.updated_at))
$$;

-- Turns the phase that was just opened into that of an import: it is as old as the data, and closed; it lasts to the
-- end of the last day, and not into the next. That end counts as settled until all of it was sent.
create function import_open(c campaign, the_actor text, told jsonb, first timestamptz, last timestamptz, zone text)
    returns int language plpgsql as $$
declare
    day_end timestamptz := (date_trunc('day', last at time zone zone) + interval '1 day') at time zone zone;
    step interval := '1 microsecond';
    until timestamptz := greatest(last + step, least(day_end - step, now()));
    opened int;
begin
    insert into import (environment_id, campaign, campaign_id, document, actor)
    values (c.environment_id, c.key, c.id,
            (told - 'made_metrics') || jsonb_build_object('first_at', rfc3339(first), 'last_at', rfc3339(last)),
            the_actor)
    returning id into opened;
    update metric m set import_id = opened
    from campaign_metric cm
    where cm.campaign_id = c.id and m.id = cm.metric_id and told -> 'made_metrics' ? m.key and m.version = 1
      and not m.is_builtin and m.import_id is null;
    update phase set started_at = first, ended_at = until, is_settled = true
    where campaign_id = c.id and number = c.phase;
    update campaign set started_at = first, stopped_at = until where id = c.id;
    return opened;
end
$$;

-- An import of totals is done at once. Its days are those of the environment.
create function import_begin_totals(c campaign, the_actor text, told jsonb, totals jsonb, zone text) returns void
    language plpgsql as $$
declare
    first date;
    last date;
    ahead int;
    opened int;
begin
    select min(t ->> 'day'), max(t ->> 'day'),
           min(place) filter (where (t ->> 'day')::date > (now() at time zone zone)::date)
    into first, last, ahead
    from jsonb_array_elements(totals) with ordinality rows (t, place);
    if ahead is not null then
        raise exception 'the day lies ahead'
            using errcode = 'datetime_field_overflow', constraint = format('/totals/rows/%s/day', ahead - 1);
    end if;
    opened := import_open(c, the_actor, told, first::timestamp at time zone zone, last::timestamp at time zone zone,
                          zone);
    insert into import_total
    select opened, (t ->> 'day')::date, t ->> 'variant', (t ->> 'visitors')::bigint, t -> 'sums'
    from jsonb_array_elements(totals) t;
    update import set has_totals = true, state = 'done' where id = opened;
    perform total_apply(c.id);
    -- The fold has nothing to go over, but says then that days can be closed.
    update phase set is_settled = false where campaign_id = c.id and number = c.phase;
end
$$;

create function import_begin(c campaign, the_actor text, told jsonb, totals jsonb) returns void
    language plpgsql as $$
declare
    zone text := (select environment_zone(document) from environment where id = c.environment_id);
begin
    if totals is null then
        perform import_open(c, the_actor, told, (told ->> 'first_at')::timestamptz, (told ->> 'last_at')::timestamptz,
                            zone);
    else
        perform import_begin_totals(c, the_actor, told, totals, zone);
    end if;
end
$$;

-- A metric goes as if a person had deleted it.
create function import_drop_metric(the_actor text, m metric) returns void
    language plpgsql as $$
begin
    update metric set archived_at = now(), is_current = false, version = version + 1 where id = m.id;
    perform audit_write(the_actor, m.environment_id, 'metric.delete', m.key, metric_view(m), null);
end
$$;

-- The campaign goes at once, with all that is kept of it as a whole and with its metrics; what is kept by slice, and
-- the events, are left to the fold. That may be asked for again: who was still sending may have left something.
create function import_take_back(i import, the_actor text) returns void
    language plpgsql as $$
declare
    campaign_was int := i.campaign_id;
begin
    update import set state = 'leaving', campaign_id = null,
                      variants = coalesce(variants, import_variants(campaign_was)),
                      document = document || jsonb_build_object('campaign_name', import_view(i) -> 'campaign_name',
                                                        'metrics', import_view(i) -> 'metrics')
    where id = i.id;
    perform import_drop_metric(the_actor, m) from import_metrics(i) m;
    insert into import_removal (slice, import_id, campaign_id)
    select number, i.id, coalesce(campaign_was, 0) from slice order by number
    on conflict (slice, import_id) do update set from_day = null;
    delete from import_total where import_id = i.id;
    delete from look where campaign_id = campaign_was;
    delete from distribution where campaign_id = campaign_was;
    delete from overlap where campaign_id = campaign_was;
    delete from since_exposure where campaign_id = campaign_was;
    delete from campaign_metric where campaign_id = campaign_was;
    delete from allocation where campaign_id = campaign_was;
    delete from layer_range where campaign_id = campaign_was;
    delete from phase where campaign_id = campaign_was;
    delete from campaign where id = campaign_was;
end
$$;

create function import_change(actor text, of_environment int, seen_clock bigint, action text,
                              the_key text, new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old import;
    new import;
    before jsonb;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from import i where i.environment_id = of_environment and i.id::text = the_key;
    before := import_view(old);
    case action
    when 'finish' then
        update import set state = 'done', document = document || (plan -> 'told') where id = old.id;
        -- Settled again when the fold has read what was sent: then days can be closed.
        update phase set is_settled = false where campaign_id = old.campaign_id and old.state = 'sending';
    when 'delete' then
        perform import_take_back(old, actor);
    end case;
    update import i set version = i.version + 1, updated_at = now() where i.id = old.id returning * into new;
    perform audit_write(actor, of_environment, 'import.' || action, the_key, before,
                        case when action <> 'delete' then import_view(new) end);
    return query select new.version, import_view(new);
end
$$;
