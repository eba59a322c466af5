-- Changes of access keys.

create function access_key_view(k access_key) returns jsonb
    language sql stable as $$
    select jsonb_build_object('id', k.id, 'name', k.name, 'kind', k.kind, 'role', k.role,
        'scopes', k.scopes, 'environment', (select key from environment where id = k.environment_id),
        'token', k.token, 'hint', k.token_hint, 'version', k.version,
        'created_at', rfc3339(k.created_at), 'revoked_at', rfc3339(k.revoked_at))
$$;

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
