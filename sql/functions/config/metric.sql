-- Changes of metrics.

create function metric_view(m metric) returns jsonb
    language sql stable as $$
    select m.document || jsonb_build_object('key', m.key, 'is_builtin', m.is_builtin, 'number', m.number,
        'version', m.version, 'created_at', rfc3339(m.created_at), 'updated_at', rfc3339(m.updated_at))
$$;

create function metrics_in_use(of_environment int) returns jsonb
    language sql stable as $$
    select (select jsonb_object_agg(m ->> 'key', c.key)
            from campaign c, jsonb_array_elements(c.document -> 'metrics') m
            where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused'))
$$;

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
            update metric m
            set document = new_document, version = m.version + 1, updated_at = now(), import_id = null
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
