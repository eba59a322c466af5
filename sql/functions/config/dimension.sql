-- Dimensions: what results are broken down by.

create function dimension_view(d dimension) returns jsonb
    language sql stable as $$
    select d.document || jsonb_build_object('key', d.key, 'is_builtin', d.is_builtin, 'version', d.version,
        'created_at', rfc3339(d.created_at), 'updated_at', rfc3339(d.updated_at))
$$;

-- Those that every environment begins with, as documents.
create function dimension_builtins() returns jsonb
    language sql immutable parallel safe as $$
    select '[
        {"key": "device", "name": "Device", "source": "device", "kind": "list",
         "values": ["mobile", "tablet", "desktop"], "rest": "other"},
        {"key": "country", "name": "Country", "source": "country", "kind": "country", "values": [],
         "rest": "unknown"},
        {"key": "visitor_type", "name": "New or returning", "source": "visitor_type", "kind": "list",
         "values": ["new", "returning"], "rest": "unknown"}]'::jsonb
$$;

create function dimension_make_builtins(of_environment int) returns void
    language sql as $$
    insert into dimension (environment_id, key, is_builtin, document)
    select of_environment, d ->> 'key', true, d from jsonb_array_elements(dimension_builtins()) d
$$;

-- What a campaign's exposures are counted by: frozen when its first phase began.
create function campaign_dimensions(c campaign) returns jsonb
    language sql stable as $$
    select coalesce(
        (select p.document -> 'dimensions' from phase p where p.campaign_id = c.id and p.number = 1),
        (select jsonb_agg(d.document || jsonb_build_object('key', d.key) order by d.id) from dimension d
         where d.environment_id = c.environment_id and d.archived_at is null),
        dimension_builtins())
$$;

-- The value that a unit is counted under: 'told' is what its exposure said, null for nothing.
create function dimension_value(d jsonb, told text) returns text
    language sql immutable parallel safe as $$
    select case when told is null then 'unknown'
                when d ->> 'kind' = 'country' then
                    case when told ~ '^[A-Za-z]{2}$' then upper(told) else d ->> 'rest' end
                when d -> 'values' ? told then told
                else coalesce((select v from jsonb_array_elements_text(d -> 'values') v
                               where lower(v) = lower(told) limit 1), d ->> 'rest') end
$$;
