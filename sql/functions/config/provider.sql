-- Signing in by an identity provider, which has verified the e-mail address.

-- The role that somebody has from now on: admins of whom no other is left stay what they are.
create function provider_role(the_user app_user, the_role text) returns text
    language sql stable as $$
    select case when the_user.role = 'admin' and not exists (
                    select from app_user a where a.role = 'admin' and a.disabled_at is null and a.id <> the_user.id)
                then 'admin' else coalesce(the_role, the_user.role) end
$$;

-- Opens a session for whom the provider calls 'the_id'; at first that is found by the address, or made with
-- 'new_role'. 'the_role' is what the provider says, at each sign-in; null: it says nothing, and the role stays. False:
-- there is nobody, or a disabled user, or one whom the provider calls otherwise. Users write their own addresses, and
-- nobody verifies those: who is bound by the address keeps nothing that came before, no password, second factor,
-- session or link, for it may be somebody else's.
create function provider_sign_in(the_id text, the_email text, the_role text, new_role text, session_sha256 bytea,
                                 hours int, agent text) returns boolean
    language plpgsql as $$
declare
    old app_user;
    new app_user;
    before jsonb;
begin
    lock table app_user in share row exclusive mode;
    select * into old from app_user u where u.provider_id = the_id;
    if not found then
        select * into old from app_user u where u.email = the_email;
    end if;
    if old.disabled_at is not null or old.provider_id <> the_id
       or (old.id is null and coalesce(the_role, new_role) is null) then
        return false;
    end if;
    if old.id is null then
        insert into app_user (email, role, provider_id)
        values (the_email, coalesce(the_role, new_role), the_id) returning * into new;
    else
        before := user_view(old);
        if old.provider_id is null then
            perform user_end_access(old.id);
            perform second_factor_remove('system', old.id);
        end if;
        update app_user u
        set role = provider_role(old, the_role), provider_id = the_id, updated_at = now(), version = u.version + 1,
            password_hash = case when old.provider_id is not null then u.password_hash end
        where u.id = old.id and (u.provider_id, u.role) is distinct from (the_id, provider_role(old, the_role))
        returning * into new;
    end if;
    if new.id is not null then
        perform audit_write('system', null, case when old.id is null then 'user.create' else 'user.patch' end,
                            new.id::text, before, user_view(new));
    end if;
    delete from session where not session_holds(session);
    insert into session (token_sha256, user_id, expires_at, agent)
    values (session_sha256, coalesce(new.id, old.id), now() + hours * interval '1 hour', agent);
    perform audit_write('user:' || coalesce(new.id, old.id), null, 'session.open', coalesce(new.id, old.id)::text,
                        null, '{"by": "provider"}');
    return true;
end
$$;
