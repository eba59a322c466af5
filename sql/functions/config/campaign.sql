-- Changes of campaigns.

create function campaign_view(c campaign) returns jsonb
    language sql stable as $$
    select c.document || jsonb_build_object('key', c.key, 'kind', c.kind, 'status', c.status,
        'phase', c.phase, 'version', c.version, 'import', (select i.id from import i where i.campaign_id = c.id),
        'rollout', (select r.key from campaign r where r.origin_id = c.id),
        'origin', (select o.key from campaign o where o.id = c.origin_id),
        'created_at', rfc3339(c.created_at), 'updated_at', rfc3339(c.updated_at),
        'started_at', rfc3339(c.started_at), 'stopped_at', rfc3339(c.stopped_at),
        'phases', (select coalesce(jsonb_agg(jsonb_build_object('number', p.number, 'seed', p.seed,
                       'started_at', rfc3339(p.started_at), 'ended_at', rfc3339(p.ended_at),
                       'audience', p.document -> 'audience', 'triggers', p.document -> 'triggers',
                       'variants', p.document -> 'variants',
                       'dimensions', jsonb_path_query_array(phase_dimensions(p.document), '$[*].key'))
                       order by p.number), '[]')
                   from phase p where p.campaign_id = c.id))
$$;

-- A key that no campaign has yet, for what is made of one: its own with the ending behind ('-rollout', '-copy'), and a
-- number where need be. A key has 64 letters at most.
create function campaign_free_key(of_environment int, the_campaign int, ending text) returns text
    language sql stable as $$
    select k.key
    from campaign c
    cross join lateral (select case when length(c.key) <= 50 then c.key else 'campaign-' || c.id end) b (base)
    cross join lateral (
        select b.base || ending || case when n > 1 then '-' || n else '' end, n
        from generate_series(1, 1 + (select count(*)::int from campaign r where r.environment_id = of_environment
                                     and starts_with(r.key, b.base || ending))) n) k (key, number)
    where c.id = the_campaign
      and not exists (select from campaign r where r.environment_id = of_environment and r.key = k.key)
    order by k.number limit 1
$$;

-- What a campaign's document may name: {flags: {key: type}, metrics: {key: kind}, layers: {key: free
-- buckets}}, 'held', the buckets it has, 'allows_html', 'rollout_key' and 'copy_key', free ones, and 'totals', the
-- metrics that its import has totals of (null: it has none). A metric it is measured by counts even when archived.
-- 'rivals' where 'has_rivals': what it can collide with.
create function campaign_context(of_environment int, the_campaign int, has_rivals boolean) returns jsonb
    language sql stable as $$
    select jsonb_build_object(
        'flags', (select coalesce(jsonb_object_agg(f.key, f.document -> 'type'), '{}') from flag f
                  where f.environment_id = of_environment and f.archived_at is null),
        'metrics', (select coalesce(jsonb_object_agg(m.key, m.document -> 'kind'), '{}') from metric m
                    where m.environment_id = of_environment
                          and (m.is_current or m.id in (select metric_id from campaign_metric
                                                        where campaign_id = the_campaign))),
        'layers', (select coalesce(jsonb_object_agg(l.key, layer_free(l.id)), '{}') from layer l
                   where l.environment_id = of_environment and l.archived_at is null),
        'allows_html', (select coalesce(e.document -> 'allows_html', 'false')
                        from environment e where e.id = of_environment),
        'rollout_key', campaign_free_key(of_environment, the_campaign, '-rollout'),
        'copy_key', campaign_free_key(of_environment, the_campaign, '-copy'),
        'totals', (select i.document #> '{totals,metrics}' from import i
                   where i.campaign_id = the_campaign and i.has_totals),
        'rivals', case when has_rivals then campaign_rivals(of_environment, the_campaign) end,
        'held', (select coalesce(sum(to_bucket - from_bucket), 0) from layer_range
                 where campaign_id = the_campaign))
$$;

-- Keeps campaign_metric in step with the document. A metric that is already measured keeps its definition; one that is
-- taken in again has its totals again.
create function campaign_sync_metrics(c campaign) returns void
    language sql as $$
    delete from campaign_metric cm using metric m
    where cm.campaign_id = c.id and m.id = cm.metric_id
      and not exists (select from jsonb_array_elements(c.document -> 'metrics') e where e ->> 'key' = m.key);
    update campaign_metric cm set role = e.value ->> 'role', position = e.place - 1
    from jsonb_array_elements(c.document -> 'metrics') with ordinality e (value, place), metric m
    where cm.campaign_id = c.id and m.id = cm.metric_id and m.key = e.value ->> 'key';
    insert into campaign_metric (campaign_id, metric_id, role, position)
    select c.id, m.id, e.value ->> 'role', e.place - 1
    from jsonb_array_elements(c.document -> 'metrics') with ordinality e (value, place)
    join metric m on m.environment_id = c.environment_id and m.key = e.value ->> 'key' and m.is_current
    where not exists (select from campaign_metric cm join metric had on had.id = cm.metric_id
                      where cm.campaign_id = c.id and had.key = m.key);
    select total_apply(c.id);
$$;

-- What a plan asks for beside 'import' and 'rollout', see import_begin and campaign_ship. 'phase' {seed, document}
-- ends the open phase and opens the next; 'is_ended' ends it alone and gives the layer's buckets back; 'layer' {key,
-- buckets} takes so many more.
create function campaign_follow(c campaign, plan jsonb) returns void
    language plpgsql as $$
begin
    if plan ? 'phase' or plan ? 'is_ended' then
        update phase set ended_at = now() where campaign_id = c.id and ended_at is null;
    end if;
    if plan ? 'phase' then
        insert into phase (campaign_id, number, seed, document)
        values (c.id, c.phase, plan -> 'phase' ->> 'seed',
                (plan -> 'phase' -> 'document') || jsonb_build_object('dimensions', campaign_dimensions(c)));
        insert into allocation (campaign_id, phase, experience, number, from_day, weights)
        select v.campaign_id, v.phase, v.experience, 1, '-infinity', jsonb_object_agg(v.variant, v.weight)
        from campaign_variant v
        where v.campaign_id = c.id and v.phase = c.phase
        group by v.campaign_id, v.phase, v.experience;
    end if;
    if plan ? 'is_ended' then
        delete from layer_range where campaign_id = c.id;
    end if;
    if plan ? 'layer' then
        perform layer_take(l.id, c.id, (plan -> 'layer' ->> 'buckets')::int)
        from layer l where l.environment_id = c.environment_id and l.key = plan -> 'layer' ->> 'key';
    end if;
    if c.phase > 0 then
        perform campaign_sync_metrics(c);
    end if;
end
$$;

-- The rollout of a campaign's winner, running from now on: its line in the audit log stands beside the campaign's.
create function campaign_ship(actor text, origin campaign, plan jsonb) returns void
    language plpgsql as $$
declare
    rollout campaign;
begin
    insert into campaign (environment_id, key, kind, document, status, phase, started_at, origin_id)
    values (origin.environment_id, plan -> 'document' ->> 'key', 'rollout', plan -> 'document', 'running', 1, now(),
            origin.id)
    returning * into rollout;
    perform campaign_follow(rollout, plan);
    perform audit_write(actor, origin.environment_id, 'campaign.create', rollout.key, null, campaign_view(rollout));
end
$$;

-- A draft of its own. Its line in the audit log is that of a campaign that is made.
create function campaign_copy(actor text, of_environment int, new_document jsonb) returns campaign
    language plpgsql as $$
declare
    new campaign;
begin
    if exists (select from campaign c where c.environment_id = of_environment and c.key = new_document ->> 'key') then
        raise exception 'there is a campaign of this key already'
            using errcode = 'unique_violation', constraint = '/key';
    end if;
    insert into campaign (environment_id, key, kind, document)
    values (of_environment, new_document ->> 'key', new_document ->> 'kind', new_document)
    returning * into new;
    perform audit_write(actor, of_environment, 'campaign.create', new.key, null, campaign_view(new));
    return new;
end
$$;

create function campaign_change(actor text, of_environment int, seen_clock bigint, action text,
                                the_key text, new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old campaign;
    new campaign;
    before jsonb;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    if plan ? 'copy' then
        new := campaign_copy(actor, of_environment, plan -> 'copy');
        return query select new.version, campaign_view(new);
        return;
    end if;
    select * into old from campaign c where c.environment_id = of_environment and c.key = the_key;
    before := case when old.id is not null then campaign_view(old) end;
    if action = 'create' then
        insert into campaign (environment_id, key, kind, document)
        values (of_environment, the_key, new_document ->> 'kind', new_document)
        returning * into new;
    elsif plan ? 'is_deleted' then
        delete from campaign c where c.id = old.id returning * into new;
    else
        update campaign c
        set document = coalesce(new_document, c.document),
            status = coalesce(plan ->> 'status', c.status),
            phase = c.phase + case when plan ? 'phase' then 1 else 0 end,
            preview_generation = c.preview_generation + (plan ? 'revokes_previews')::int,
            version = c.version + 1, updated_at = now(),
            started_at = case when plan ? 'phase' then coalesce(c.started_at, now()) else c.started_at end,
            stopped_at = case when plan ? 'is_ended' then now() else c.stopped_at end
        where c.id = old.id returning * into new;
        perform campaign_follow(new, plan);
        if plan ? 'rollout' then
            perform campaign_ship(actor, new, plan -> 'rollout');
        end if;
        if plan ? 'import' then
            perform import_begin(new, actor, plan -> 'import', plan -> 'totals');
            select * into new from campaign c where c.id = old.id;
        end if;
    end if;
    perform audit_write(actor, of_environment, 'campaign.' || action, the_key, before,
                        case when not plan ? 'is_deleted' then campaign_view(new) end);
    return query select new.version, campaign_view(new);
end
$$;
