-- Changes of flags.

create function flag_view(f flag) returns jsonb
    language sql stable as $$
    select f.document || jsonb_build_object('key', f.key, 'version', f.version,
        'created_at', rfc3339(f.created_at), 'updated_at', rfc3339(f.updated_at))
$$;

-- What campaigns of an environment that have not ended set: {flag key: campaign key}.
create function flags_in_use(of_environment int) returns jsonb
    language sql stable as $$
    select (select jsonb_object_agg(f.key, c.key)
            from campaign c, jsonb_array_elements(c.document -> 'variants') v, jsonb_each(v -> 'flags') f
            where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused'))
$$;
