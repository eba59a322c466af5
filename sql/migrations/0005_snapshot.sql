-- The snapshot: what running campaigns look like to an edge, one document.
--
-- It is published at the end of every transaction that changes what it shows, by deferred triggers: no
-- writer can forget it, and a change and its snapshot are committed together. The advisory lock makes two
-- such transactions compile one after the other, so that the later document holds both changes.

create function snapshot_campaign_document(c campaign) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'id', c.id, 'key', c.key, 'kind', c.kind, 'status', c.status,
        'coverage', coalesce(c.document -> 'coverage', '1'),
        'schedule', c.document -> 'schedule',
        'forced', coalesce(c.document -> 'forced', '{}'),
        'layer', case when jsonb_typeof(c.document -> 'layer') = 'object' then jsonb_build_object(
            'key', c.document -> 'layer' ->> 'key',
            'ranges', coalesce((select jsonb_agg(jsonb_build_array(r.from_bucket, r.to_bucket) order by r.from_bucket)
                                from layer_range r where r.campaign_id = c.id), '[]')) end,
        'phase', (select jsonb_build_object('number', p.number, 'seed', p.seed,
                                            'audience', p.document -> 'audience',
                                            'triggers', p.document -> 'triggers',
                                            'variants', p.document -> 'variants')
                  from phase p where p.campaign_id = c.id and p.number = c.phase))
$$;

-- Stopped campaigns stay for a week, so that late exposures still find their phase.
create function snapshot_environment_document(e environment) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'id', e.id, 'key', e.key, 'is_panic', e.is_panic,
        'currency', coalesce(e.document ->> 'currency', 'EUR'),
        'origins', coalesce(e.document -> 'allowed_origins', '[]'),
        'allows_html', coalesce(e.document -> 'allows_html', 'false'),
        'tracking', coalesce(e.document -> 'tracking', '[]'),
        'keys', coalesce((select jsonb_agg(jsonb_build_object(
                    'id', k.id, 'sha256', encode(k.token_sha256, 'hex'), 'role', k.role,
                    'scopes', to_jsonb(k.scopes)) order by k.id)
                 from access_key k where k.environment_id = e.id and k.revoked_at is null), '[]'),
        'flags', coalesce((select jsonb_agg(jsonb_build_object(
                    'key', f.key, 'type', f.document -> 'type', 'default', f.document -> 'default')
                    order by f.key)
                 from flag f where f.environment_id = e.id and f.archived_at is null), '[]'),
        'layers', coalesce((select jsonb_agg(jsonb_build_object('key', l.key, 'seed', l.seed) order by l.key)
                 from layer l where l.environment_id = e.id), '[]'),
        'campaigns', coalesce((select jsonb_agg(snapshot_campaign_document(c)
                    order by coalesce((c.document ->> 'priority')::numeric, 0) desc, c.key)
                 from campaign c
                 where c.environment_id = e.id and c.phase > 0
                   and (c.status in ('running', 'paused')
                        or c.status = 'stopped' and c.stopped_at > now() - interval '7 days')), '[]'))
$$;

create function snapshot_publish() returns trigger
    language plpgsql as $$
declare
    fresh text;
    fresh_sha256 text;
    published bigint;
begin
    perform pg_advisory_xact_lock(hashtext('snapshot_publish'));
    select jsonb_build_object('environments', coalesce(jsonb_agg(snapshot_environment_document(e) order by e.id), '[]'))::text
        into fresh
        from environment e where e.archived_at is null;
    fresh_sha256 := encode(sha256(convert_to(fresh, 'UTF8')), 'hex');
    if fresh_sha256 = (select s.sha256 from snapshot s order by version desc limit 1) then
        return null;
    end if;
    insert into snapshot (document, sha256) values (fresh, fresh_sha256) returning version into published;
    delete from snapshot where version <= published - 1000;
    perform pg_notify('mete_snapshot', published::text);
    return null;
end
$$;

do $$
declare
    changed text;
begin
    foreach changed in array array['environment', 'access_key', 'flag', 'layer', 'layer_range', 'campaign', 'phase'] loop
        execute format('create constraint trigger snapshot_publish after insert or update or delete on %I '
                       'deferrable initially deferred for each row execute function snapshot_publish()', changed);
    end loop;
end
$$;
