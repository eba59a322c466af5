-- The snapshot of an environment: what its running campaigns look like to an edge, one document.

create function snapshot_priority(c campaign) returns numeric language sql immutable as $$
    select coalesce((c.document ->> 'priority')::numeric, 0)
$$;

create function snapshot_campaign_document(c campaign) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'id', c.id, 'key', c.key, 'kind', c.kind, 'status', c.status, 'priority', snapshot_priority(c),
        'coverage', coalesce(c.document -> 'coverage', '1'),
        'schedule', c.document -> 'schedule',
        'forced', coalesce(c.document -> 'forced', '{}'),
        'layer', case when jsonb_typeof(c.document -> 'layer') = 'object' then jsonb_build_object(
            'key', c.document -> 'layer' ->> 'key',
            'ranges', coalesce((select jsonb_agg(jsonb_build_array(r.from_bucket, r.to_bucket) order by r.from_bucket)
                                from layer_range r where r.campaign_id = c.id), '[]')) end,
        'phase', (select jsonb_build_object(
                    'number', p.number, 'seed', p.seed, 'triggers', p.document -> 'triggers',
                    'experiences', jsonb_build_array(jsonb_build_object(
                        'key', '', 'audience', p.document -> 'audience', 'variants', p.document -> 'variants')))
                  from phase p where p.campaign_id = c.id and p.number = c.phase))
$$;

-- All of it but the campaigns.
create function snapshot_environment_head(e environment) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'id', e.id, 'key', e.key, 'is_panic', e.is_panic,
        'currency', coalesce(e.document ->> 'currency', 'EUR'),
        'rate_days', currency_rate_days(e.id),
        'origins', coalesce(e.document -> 'allowed_origins', '[]'),
        'allows_html', coalesce(e.document -> 'allows_html', 'false'),
        'tracking', coalesce(e.document -> 'tracking', '[]'),
        'junk_ids', e.document -> 'junk_ids',
        'preview_secret', encode(e.preview_secret, 'hex'),
        'keys', coalesce((select jsonb_agg(jsonb_build_object(
                    'id', k.id, 'sha256', encode(k.token_sha256, 'hex'), 'role', k.role,
                    'scopes', to_jsonb(k.scopes)) order by k.id)
                 from access_key k where k.environment_id = e.id and k.revoked_at is null), '[]'),
        'flags', coalesce((select jsonb_agg(jsonb_build_object(
                    'key', f.key, 'default', f.document -> 'default') order by f.key)
                 from flag f where f.environment_id = e.id and f.archived_at is null), '[]'),
        'layers', coalesce((select jsonb_agg(jsonb_build_object('key', l.key, 'seed', l.seed) order by l.key)
                 from layer l where l.environment_id = e.id), '[]'))
$$;

-- Stopped campaigns stay for a week, so that late exposures still find their phase.
create function snapshot_environment_document(e environment) returns jsonb language sql stable as $$
    select snapshot_environment_head(e) || jsonb_build_object(
        'campaigns', coalesce((select jsonb_agg(snapshot_campaign_document(c)
                    order by snapshot_priority(c) desc, c.key collate "C")
                 from campaign c
                 where c.environment_id = e.id and c.phase > 0
                   and (c.status in ('running', 'paused')
                        or c.status = 'stopped' and c.stopped_at > now() - interval '7 days')), '[]'))
$$;

-- A snapshot in which nothing but a campaign's draft runs, as it stands now, for everybody who asks: what a preview
-- shows. It holds no key.
create function snapshot_draft_document(e environment, c campaign) returns jsonb language sql stable as $$
    select snapshot_environment_head(e) || jsonb_build_object(
        'keys', jsonb_build_array(), 'preview_secret', null,
        'campaigns', jsonb_build_array(snapshot_campaign_document(c) || jsonb_build_object(
            'status', 'running', 'schedule', null, 'forced', jsonb_build_object(), 'layer', null,
            'phase', jsonb_build_object(
                'number', greatest(c.phase, 1), 'seed', 'preview', 'triggers', c.document -> 'triggers',
                'experiences', jsonb_build_array(jsonb_build_object(
                    'key', '', 'audience', c.document -> 'audience', 'variants', (
                        select coalesce(jsonb_agg(jsonb_build_object(
                            'key', v -> 'key', 'weight', v -> 'weight', 'is_control', v -> 'is_control',
                            'flags', v -> 'flags', 'changes', v -> 'changes') order by place), '[]')
                        from jsonb_array_elements(c.document -> 'variants') with ordinality as o (v, place))))))))
$$;

-- What people call a campaign and its variants: {name, variants: {key: name}}.
create function snapshot_names(c campaign) returns jsonb language sql stable as $$
    select jsonb_build_object('name', c.document -> 'name', 'variants', (
        select coalesce(jsonb_object_agg(v ->> 'key', coalesce(nullif(v ->> 'name', ''), v ->> 'key')), '{}')
        from jsonb_array_elements(c.document -> 'variants') v))
$$;
