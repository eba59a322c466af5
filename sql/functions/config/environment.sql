-- Changes of environments.

create function environment_view(e environment) returns jsonb
    language sql stable as $$
    select e.document || jsonb_build_object('key', e.key, 'is_panic', e.is_panic, 'version', e.version,
        'created_at', rfc3339(e.created_at), 'updated_at', rfc3339(e.updated_at))
$$;

-- Built-in metrics and dimensions come with the environment: plan.metrics = [{document, definition}].
create function environment_create(new_key text, new_document jsonb, plan jsonb) returns environment
    language plpgsql as $$
declare
    made environment;
begin
    insert into environment (key, document) values (new_key, new_document) returning * into made;
    insert into metric (environment_id, key, is_builtin, document, definition)
    select made.id, m -> 'document' ->> 'key', true, m -> 'document', m -> 'definition'
    from jsonb_array_elements(plan -> 'metrics') m;
    perform dimension_make_builtins(made.id);
    return made;
end
$$;

-- Other limits of a unit's events: all units of campaigns whose events are there are gone over.
create function environment_limit(old environment, new environment) returns void language plpgsql as $$
declare
    campaigns int[] := array(select id from campaign where environment_id = new.id and not campaign_is_closed(id));
begin
    if (old.document -> 'unit_events_per_day', old.document -> 'unit_events')
       is not distinct from (new.document -> 'unit_events_per_day', new.document -> 'unit_events') then
        return;
    end if;
    delete from sweep s using campaign c where c.environment_id = new.id and s.campaign_id = c.id and s.phase = 0;
    update campaign_metric set is_computed = false where campaign_id = any (campaigns);
end
$$;

-- 244 random bits. The column's default says the same: functions are made after tables.
create function preview_secret_new() returns bytea language sql volatile as $$
    select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
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
        set document = case when action in ('patch', 'track') then new_document else e.document end,
            is_panic = case action when 'panic' then (plan ->> 'is_panic')::boolean else e.is_panic end,
            preview_secret = case action when 'revoke_previews' then preview_secret_new() else e.preview_secret end,
            archived_at = case action when 'delete' then now() end,
            version = e.version + 1, updated_at = now()
        where e.id = old.id returning * into new;
        perform environment_limit(old, new);
    end if;
    perform audit_write(actor, new.id, 'environment.' || action, the_key,
                        case when old.id is not null then environment_view(old) end,
                        case when action <> 'delete' then environment_view(new) end);
    return query select new.version, environment_view(new);
end
$$;
