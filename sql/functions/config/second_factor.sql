-- Second factors: what users add to, and take from, their own account.

create function has_second_factor(the_user int) returns boolean
    language sql stable as $$
    select exists (select from second_factor where user_id = the_user and confirmed_at is not null)
$$;

-- Uses up a code by its time step, or a recovery code by its hash (the other is null); whether it held. Who asks for
-- the same at one moment waits for the row, and then finds it used.
create function second_factor_use(the_user int, the_step bigint, the_code bytea) returns boolean
    language plpgsql as $$
begin
    if the_step is not null then
        update second_factor f set step = the_step, failed_count = 0, locked_until = null
        where f.user_id = the_user and f.step < the_step and coalesce(f.locked_until <= now(), true);
    else
        update recovery_code r set used_at = now()
        where r.user_id = the_user and r.code_sha256 = the_code and r.used_at is null;
        if found then
            perform audit_write('user:' || the_user, null, 'recovery_code.use', the_user::text, null, null);
        end if;
    end if;
    return found;
end
$$;

-- A wrong code. From the tenth in a row on, each locks codes for a quarter of an hour: of a million there are, a
-- thief of the password tries a hundred a day. Recovery codes hold on: nobody guesses 80 bits.
create function second_factor_fail(the_user int) returns void
    language sql as $$
    update second_factor
    set failed_count = failed_count + 1,
        locked_until = case when failed_count >= 9 then now() + interval '15 minutes' end
    where user_id = the_user
$$;

-- Ends what was signed in before, but for the session that asks. 'codes': hashes, as hex with commas between.
create function second_factor_confirm(the_user int, the_step bigint, codes text, own_session bytea) returns boolean
    language plpgsql as $$
begin
    update second_factor set confirmed_at = now(), step = the_step, failed_count = 0
    where user_id = the_user and confirmed_at is null and created_at > now() - interval '15 minutes';
    if not found then
        return false;
    end if;
    delete from recovery_code where user_id = the_user;
    insert into recovery_code (user_id, code_sha256)
    select the_user, decode(code, 'hex') from unnest(string_to_array(codes, ',')) code;
    delete from session where user_id = the_user and token_sha256 <> own_session;
    delete from login_link where user_id = the_user;
    perform audit_write('user:' || the_user, null, 'second_factor.add', the_user::text, null, null);
    return true;
end
$$;

create function second_factor_remove(actor text, the_user int) returns boolean
    language plpgsql as $$
begin
    delete from second_factor where user_id = the_user;
    if found then
        perform audit_write(actor, null, 'second_factor.remove', the_user::text, null, null);
        return true;
    end if;
    return false;
end
$$;
