-- Changes of the configuration. Each is one call of a function <resource>_change, so that the change, what
-- follows from it and its line in the audit log stand or fall together.
--
-- The desk reads, validates against everything it read, and then writes; nothing may have changed in
-- between. The clock of an environment is the id of its newest audit line. A change hands in the clock its
-- reader saw: the function locks the environment, and when the clock has moved it changes nothing and
-- returns no row, and the desk reads again.
--
-- A view is the JSON object the admin API shows.

create function rfc3339(t timestamptz) returns text
    language sql stable as $$
    select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Leans on audit_log_environment, read from its end.
create function config_clock(of_environment int) returns bigint
    language sql stable as $$
    select coalesce((select max(id) from audit_log where environment_id = of_environment), 0)
$$;

create function config_lock(of_environment int, seen_clock bigint) returns boolean
    language plpgsql as $$
begin
    perform from environment where id = of_environment for no key update;
    return config_clock(of_environment) = seen_clock;
end
$$;

create function audit_write(actor text, of_environment int, action text, resource text, before jsonb,
                            after jsonb) returns void
    language sql as $$
    insert into audit_log (actor, environment_id, action, resource, before, after)
    values (actor, of_environment, action, resource, before, after);
$$;

-- A change of what has a key, a document and a view, and nothing beside: flags, layers, dimensions. The table is
-- called as the noun, its view <noun>_view. Archived ones are not there; creating one of their key brings them
-- back. No plan follows from such a change: it is taken so that all changes are called alike.
create function document_change(noun text, actor text, of_environment int, seen_clock bigint, action text,
                                the_key text, new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    before jsonb;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    execute format('select %2$I(t) from %1$I t where t.environment_id = $1 and t.key = $2 and t.archived_at is null',
                   noun, noun || '_view')
        into before using of_environment, the_key;
    execute format(case action
        when 'create' then
            'insert into %1$I as t (environment_id, key, document) values ($1, $2, $3)
             on conflict (environment_id, key) do update
                 set document = excluded.document, version = t.version + 1, archived_at = null, updated_at = now()'
        when 'patch' then
            'update %1$I t set document = $3, version = t.version + 1, updated_at = now()
             where t.environment_id = $1 and t.key = $2 and t.archived_at is null'
        when 'delete' then
            'update %1$I t set archived_at = now(), version = t.version + 1
             where t.environment_id = $1 and t.key = $2 and t.archived_at is null'
        end || ' returning t.version, %2$I(t)', noun, noun || '_view')
        into new_version, new_view using of_environment, the_key, new_document;
    perform audit_write(actor, of_environment, noun || '.' || action, the_key, before,
                        case when action <> 'delete' then new_view end);
    return next;
end
$$;
