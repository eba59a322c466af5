-- Users as the admin API shows and changes them, and what each changes of itself. Changes are made as change.sql
-- says.

-- An admin is one everywhere.
create function user_role_in(u app_user, of_environment int) returns text
    language sql stable as $$
    select case when u.role = 'admin' then 'admin' else coalesce(
        (select r.role from environment_role r where r.user_id = u.id and r.environment_id = of_environment),
        u.role) end
$$;

create function user_view(u app_user) returns jsonb
    language sql stable as $$
    select jsonb_build_object('id', u.id, 'email', u.email, 'role', u.role,
        'environment_roles', (select coalesce(jsonb_object_agg(e.key, r.role), '{}')
                              from environment_role r join environment e on e.id = r.environment_id
                              where r.user_id = u.id and e.archived_at is null),
        'is_disabled', u.disabled_at is not null, 'has_password', u.password_hash is not null,
        'has_second_factor', has_second_factor(u.id),
        'seen_at', rfc3339((select max(seen_at) from session where user_id = u.id)), 'version', u.version,
        'created_at', rfc3339(u.created_at), 'updated_at', rfc3339(u.updated_at))
$$;

-- Users belong to no environment: their clock is the number of changes of all of them.
create function user_clock() returns bigint
    language sql stable as $$
    select (select coalesce(sum(version), 0) from app_user)
$$;

-- A user whose access ends, or begins anew: nothing they hold works any longer.
create function user_end_access(the_user int) returns void
    language sql as $$
    delete from session where user_id = the_user;
    delete from login_link where user_id = the_user;
$$;

-- E-mail addresses are unique among all users, disabled ones too.
create function user_check_email(the_email text, except_user int) returns void
    language plpgsql stable as $$
begin
    if exists (select from app_user where email = the_email and id is distinct from except_user) then
        raise exception 'somebody has this e-mail address already'
            using errcode = 'unique_violation', constraint = '/email';
    end if;
end
$$;

-- In place of those there were: {environment: role}.
create function user_set_environment_roles(the_user int, roles jsonb) returns void
    language plpgsql as $$
declare
    unknown text;
begin
    select r.key into unknown from jsonb_each_text(roles) r
    where not exists (select from environment e where e.key = r.key and e.archived_at is null) limit 1;
    if unknown is not null then
        raise exception 'there is no such environment'
            using errcode = 'invalid_parameter_value', constraint = '/environment_roles/' || unknown;
    end if;
    delete from environment_role where user_id = the_user;
    insert into environment_role (user_id, environment_id, role)
    select the_user, e.id, r.value
    from jsonb_each_text(roles) r join environment e on e.key = r.key and e.archived_at is null;
end
$$;

-- plan.link_sha256: of the token of a link that opens a session once, within three days.
create function user_change(actor text, of_environment int, seen_clock bigint, action text, the_key text,
                            new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old app_user;
    new app_user;
    before jsonb;
begin
    lock table app_user in share row exclusive mode;
    if user_clock() <> seen_clock then
        return;
    end if;
    select * into old from app_user where id::text = the_key;
    before := case when old.id is not null then user_view(old) end;
    if action in ('create', 'patch') then
        perform user_check_email(new_document ->> 'email', old.id);
    end if;
    case action
    when 'create' then
        insert into app_user (email, role) values (new_document ->> 'email', new_document ->> 'role')
        returning * into new;
    when 'patch' then
        update app_user u
        set email = new_document ->> 'email', role = new_document ->> 'role', version = u.version + 1,
            updated_at = now(),
            disabled_at = case when (new_document ->> 'is_disabled')::boolean then coalesce(u.disabled_at, now()) end
        where u.id = old.id returning * into new;
    when 'reset' then
        update app_user u set password_hash = null, version = u.version + 1, updated_at = now()
        where u.id = old.id returning * into new;
    end case;
    if action in ('create', 'patch') then
        perform user_set_environment_roles(new.id, coalesce(new_document -> 'environment_roles', '{}'));
    end if;
    if new.disabled_at is not null or action = 'reset' then
        perform user_end_access(new.id);
    end if;
    if action = 'reset' then
        perform second_factor_remove(actor, new.id);
    end if;
    if plan ? 'link_sha256' then
        insert into login_link (token_sha256, user_id, expires_at)
        values (decode(plan ->> 'link_sha256', 'hex'), new.id, now() + interval '3 days');
    end if;
    perform audit_write(actor, null, 'user.' || action, new.id::text, before, user_view(new));
    return query select new.version, user_view(new);
end
$$;

-- What users change of themselves, if the password is still the one the request was checked against. All their
-- other sessions end with a new password.
create function account_change(the_user int, seen_hash text, new_email text, new_hash text, own_session bytea)
    returns boolean
    language plpgsql as $$
declare
    old app_user;
    new app_user;
begin
    lock table app_user in share row exclusive mode; -- as user_change does: never the row first
    select * into old from app_user where id = the_user and disabled_at is null for update;
    if old.id is null or old.password_hash is distinct from seen_hash then
        return false;
    end if;
    perform user_check_email(coalesce(new_email, old.email), old.id);
    update app_user u
    set email = coalesce(new_email, u.email), password_hash = coalesce(new_hash, u.password_hash),
        version = u.version + 1, updated_at = now()
    where u.id = old.id returning * into new;
    if new_hash is not null then
        delete from session where user_id = the_user and token_sha256 <> own_session;
        delete from login_link where user_id = the_user;
    end if;
    perform audit_write('user:' || the_user, null,
                        case when new_hash is null then 'user.email' else 'user.password' end, the_user::text,
                        user_view(old), user_view(new));
    return true;
end
$$;
