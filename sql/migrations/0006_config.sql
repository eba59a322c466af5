-- Changes of the configuration. Each is one call of a function <resource>_change, so that the change, what
-- follows from it and its line in the audit log stand or fall together.
--
-- The desk reads, validates against everything it read, and then writes; nothing may have changed in
-- between. The clock of an environment is the id of its newest audit line. A change hands in the clock its
-- reader saw: the function locks the environment, and when the clock has moved it changes nothing and
-- returns no row, and the desk reads again.
--
-- A view is the JSON object the admin API shows.

create index audit_log_environment on audit_log (environment_id, id);
alter table access_key add column version int not null default 1;

create function rfc3339(t timestamptz) returns text
    language sql stable
return to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- Leans on audit_log_environment, read from its end.
create function config_clock(of_environment int) returns bigint
    language sql stable
return coalesce((select max(id) from audit_log where environment_id = of_environment), 0);

create function config_lock(of_environment int, seen_clock bigint) returns boolean
    language plpgsql as $$
begin
    perform from environment where id = of_environment for no key update;
    return config_clock(of_environment) = seen_clock;
end
$$;

create function audit_write(actor text, of_environment int, action text, resource text, before jsonb,
                            after jsonb) returns void
    language sql
begin atomic
    insert into audit_log (actor, environment_id, action, resource, before, after)
    values (actor, of_environment, action, resource, before, after);
end;

-- Environments ----------------------------------------------------------------------------------------

create function environment_view(e environment) returns jsonb
    language sql stable
return e.document || jsonb_build_object('key', e.key, 'is_panic', e.is_panic, 'version', e.version,
    'created_at', rfc3339(e.created_at), 'updated_at', rfc3339(e.updated_at));

-- Built-in metrics come with the environment: plan.metrics = [{document, definition}].
create function environment_create(new_key text, new_document jsonb, plan jsonb) returns environment
    language plpgsql as $$
declare
    made environment;
begin
    insert into environment (key, document) values (new_key, new_document) returning * into made;
    insert into metric (environment_id, key, is_builtin, document, definition)
    select made.id, m -> 'document' ->> 'key', true, m -> 'document', m -> 'definition'
    from jsonb_array_elements(plan -> 'metrics') m;
    return made;
end
$$;

-- 'of_environment' is the only one the actor may change, or null: any.
create function environment_change(actor text, of_environment int, seen_clock bigint, action text,
                                   the_key text, new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old environment;
    new environment;
begin
    if action in ('create', 'patch')
       and not exists (select from pg_timezone_names where name = new_document ->> 'time_zone') then
        raise exception 'there is no time zone of this name'
            using errcode = 'invalid_parameter_value', constraint = '/time_zone';
    end if;
    if action = 'create' then
        new := environment_create(the_key, new_document, plan);
    else
        select * into old from environment e
        where e.key = the_key and e.archived_at is null and e.id = coalesce(of_environment, e.id);
        if not config_lock(old.id, seen_clock) then
            return;
        end if;
        update environment e
        set document = case action when 'patch' then new_document else e.document end,
            is_panic = case action when 'panic' then (plan ->> 'is_panic')::boolean else e.is_panic end,
            archived_at = case action when 'delete' then now() end,
            version = e.version + 1, updated_at = now()
        where e.id = old.id returning * into new;
    end if;
    perform audit_write(actor, new.id, 'environment.' || action, the_key,
                        case when old.id is not null then environment_view(old) end,
                        case when action <> 'delete' then environment_view(new) end);
    return query select new.version, environment_view(new);
end
$$;

-- Access keys -----------------------------------------------------------------------------------------

create function access_key_view(k access_key) returns jsonb
    language sql stable
return jsonb_build_object('id', k.id, 'name', k.name, 'kind', k.kind, 'role', k.role,
    'scopes', k.scopes, 'environment', (select key from environment where id = k.environment_id),
    'token', k.token, 'hint', k.token_hint, 'version', k.version,
    'created_at', rfc3339(k.created_at), 'revoked_at', rfc3339(k.revoked_at));

create function access_key_change(actor text, of_environment int, seen_clock bigint, action text,
                                  the_key text, new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old access_key;
    new access_key;
    scopes_given text[] := array(select jsonb_array_elements_text(new_document -> 'scopes'));
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from access_key where id::text = the_key and environment_id = of_environment;
    case action
    when 'create' then
        insert into access_key (environment_id, kind, name, role, scopes, token, token_sha256, token_hint)
        values (of_environment, new_document ->> 'kind', new_document ->> 'name', new_document ->> 'role',
                scopes_given, plan ->> 'token', decode(plan ->> 'token_sha256', 'hex'), plan ->> 'hint')
        returning * into new;
    when 'patch' then
        update access_key k
        set name = new_document ->> 'name', role = new_document ->> 'role', scopes = scopes_given,
            version = k.version + 1
        where k.id = old.id returning * into new;
    when 'delete' then
        update access_key k set revoked_at = now(), version = k.version + 1
        where k.id = old.id returning * into new;
    end case;
    perform audit_write(actor, of_environment, 'key.' || action, new.id::text,
                        case when old.id is not null then access_key_view(old) end,
                        case when action <> 'delete' then access_key_view(new) end);
    return query select new.version, access_key_view(new);
end
$$;

-- Flags -----------------------------------------------------------------------------------------------

create function flag_view(f flag) returns jsonb
    language sql stable
return f.document || jsonb_build_object('key', f.key, 'version', f.version,
    'created_at', rfc3339(f.created_at), 'updated_at', rfc3339(f.updated_at));

-- What campaigns of an environment that have not ended set: {flag key: campaign key}.
create function flags_in_use(of_environment int) returns jsonb
    language sql stable
return (select jsonb_object_agg(f.key, c.key)
        from campaign c, jsonb_array_elements(c.document -> 'variants') v, jsonb_each(v -> 'flags') f
        where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused'));

create function flag_change(actor text, of_environment int, seen_clock bigint, action text, the_key text,
                            new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old flag;
    new flag;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from flag f
    where f.environment_id = of_environment and f.key = the_key and f.archived_at is null;
    case action
    when 'create' then
        insert into flag as f (environment_id, key, document) values (of_environment, the_key, new_document)
        on conflict (environment_id, key) do update
            set document = excluded.document, version = f.version + 1, archived_at = null, updated_at = now()
        returning * into new;
    when 'patch' then
        update flag f set document = new_document, version = f.version + 1, updated_at = now()
        where f.id = old.id returning * into new;
    when 'delete' then
        update flag f set archived_at = now(), version = f.version + 1
        where f.id = old.id returning * into new;
    end case;
    perform audit_write(actor, of_environment, 'flag.' || action, the_key,
                        case when old.id is not null then flag_view(old) end,
                        case when action <> 'delete' then flag_view(new) end);
    return query select new.version, flag_view(new);
end
$$;

-- Layers ----------------------------------------------------------------------------------------------

create function layer_free(the_layer int) returns bigint
    language sql stable
return 10000 - coalesce((select sum(to_bucket - from_bucket) from layer_range where layer_id = the_layer), 0);

create function layer_view(l layer) returns jsonb
    language sql stable
return l.document || jsonb_build_object('key', l.key, 'free', layer_free(l.id) / 10000.0,
    'campaigns', (select coalesce(jsonb_agg(distinct c.key), '[]')
                  from layer_range r join campaign c on c.id = r.campaign_id where r.layer_id = l.id),
    'version', l.version, 'created_at', rfc3339(l.created_at), 'updated_at', rfc3339(l.updated_at));

create function layers_in_use(of_environment int) returns jsonb
    language sql stable
return (select jsonb_object_agg(c.document -> 'layer' ->> 'key', c.key) from campaign c
        where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused')
          and c.document -> 'layer' ->> 'key' is not null);

create function layer_change(actor text, of_environment int, seen_clock bigint, action text, the_key text,
                             new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old layer;
    new layer;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from layer l
    where l.environment_id = of_environment and l.key = the_key and l.archived_at is null;
    case action
    when 'create' then
        insert into layer as l (environment_id, key, seed, document)
        values (of_environment, the_key, plan ->> 'seed', new_document)
        on conflict (environment_id, key) do update
            set document = excluded.document, version = l.version + 1, archived_at = null, updated_at = now()
        returning * into new;
    when 'patch' then
        update layer l set document = new_document, version = l.version + 1, updated_at = now()
        where l.id = old.id returning * into new;
    when 'delete' then
        update layer l set archived_at = now(), version = l.version + 1
        where l.id = old.id returning * into new;
    end case;
    perform audit_write(actor, of_environment, 'layer.' || action, the_key,
                        case when old.id is not null then layer_view(old) end,
                        case when action <> 'delete' then layer_view(new) end);
    return query select new.version, layer_view(new);
end
$$;

-- Gives a campaign 'wanted' more buckets of a layer: the lowest free ones, in as many ranges as it takes.
create function layer_take(the_layer int, the_campaign int, wanted int) returns void
    language plpgsql as $$
declare
    taken record;
    free_from int := 0;
    width int;
begin
    for taken in
        select from_bucket, to_bucket from layer_range where layer_id = the_layer
        union all select 10000, 10000
        order by from_bucket
    loop
        width := least(wanted, taken.from_bucket - free_from);
        if width > 0 then
            insert into layer_range (layer_id, campaign_id, from_bucket, to_bucket)
            values (the_layer, the_campaign, free_from, free_from + width);
            wanted := wanted - width;
        end if;
        free_from := taken.to_bucket;
    end loop;
    if wanted > 0 then
        raise exception 'the layer has no room' using errcode = 'exclusion_violation';
    end if;
end
$$;

-- Metrics ---------------------------------------------------------------------------------------------

create function metric_view(m metric) returns jsonb
    language sql stable
return m.document || jsonb_build_object('key', m.key, 'is_builtin', m.is_builtin, 'number', m.number,
    'version', m.version, 'created_at', rfc3339(m.created_at), 'updated_at', rfc3339(m.updated_at));

create function metrics_in_use(of_environment int) returns jsonb
    language sql stable
return (select jsonb_object_agg(m ->> 'key', c.key)
        from campaign c, jsonb_array_elements(c.document -> 'metrics') m
        where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused'));

-- A new row takes the place of the current one, and campaigns that have not ended go over to it; their
-- results say "computing" until the fold has gone over what was there before.
create function metric_redefine(old metric, new_document jsonb, new_definition jsonb) returns metric
    language plpgsql as $$
declare
    new metric;
begin
    update metric set is_current = false where id = old.id;
    insert into metric (environment_id, key, number, is_builtin, document, definition, version, created_at)
    values (old.environment_id, old.key, old.number + 1, old.is_builtin, new_document, new_definition,
            old.version + 1, old.created_at)
    returning * into new;
    with moved as (
        delete from campaign_metric cm using campaign c
        where cm.metric_id = old.id and c.id = cm.campaign_id and c.status in ('running', 'paused')
        returning cm.campaign_id, cm.role, cm.position)
    insert into campaign_metric (campaign_id, metric_id, role, position)
    select campaign_id, new.id, role, position from moved;
    return new;
end
$$;

create function metric_change(actor text, of_environment int, seen_clock bigint, action text, the_key text,
                              new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old metric;
    new metric;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from metric m
    where m.environment_id = of_environment and m.key = the_key and m.is_current;
    case action
    when 'create' then
        insert into metric (environment_id, key, number, document, definition)
        values (of_environment, the_key,
                1 + coalesce((select max(number) from metric m
                              where m.environment_id = of_environment and m.key = the_key), 0),
                new_document, plan -> 'definition')
        returning * into new;
    when 'patch' then
        if old.definition = plan -> 'definition' then
            update metric m set document = new_document, version = m.version + 1, updated_at = now()
            where m.id = old.id returning * into new;
        else
            new := metric_redefine(old, new_document, plan -> 'definition');
        end if;
    when 'delete' then
        update metric m set archived_at = now(), is_current = false, version = m.version + 1
        where m.id = old.id returning * into new;
    end case;
    perform audit_write(actor, of_environment, 'metric.' || action, the_key,
                        case when old.id is not null then metric_view(old) end,
                        case when action <> 'delete' then metric_view(new) end);
    return query select new.version, metric_view(new);
end
$$;
