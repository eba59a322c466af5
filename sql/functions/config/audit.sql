-- Who and what the lines of the audit log are about, for people. A line keeps numbers, which never change; names are as
-- they are now.

create function audit_user_name(number text) returns text
    language sql stable as $$
    select email from app_user where id::text = number
$$;

create function audit_key_name(number text) returns text
    language sql stable as $$
    select coalesce(nullif(name, ''), '…' || token_hint) from access_key where id::text = number
$$;

-- Of 'user:3' and 'key:12'; null: it is a word.
create function audit_actor_name(actor text) returns text
    language sql stable as $$
    select case split_part(actor, ':', 1)
           when 'user' then audit_user_name(split_part(actor, ':', 2))
           when 'key' then audit_key_name(split_part(actor, ':', 2)) end
$$;

-- Of what was changed, where its key is a number; of a campaign, where it has a name.
create function audit_resource_name(a audit_log) returns text
    language sql stable as $$
    select case when a.action like '%.refuse' then null else
           case split_part(a.action, '.', 1)
           when 'user' then audit_user_name(a.resource)
           when 'session' then audit_user_name(a.resource)
           when 'second_factor' then audit_user_name(a.resource)
           when 'recovery_code' then audit_user_name(a.resource)
           when 'key' then audit_key_name(a.resource)
           when 'campaign' then (select nullif(c.document ->> 'name', '') from campaign c
                                 where c.environment_id = a.environment_id and c.key = a.resource) end end
$$;

-- Who is meant by a word of actors, an e-mail address, or a key's name as audit_key_name says it.
create function audit_actors(of_environment int, who text) returns text[]
    language sql stable as $$
    select array[who]
           || array(select 'user:' || id from app_user where email = lower(who))
           || array(select 'key:' || id from access_key
                    where environment_id = of_environment and coalesce(nullif(name, ''), '…' || token_hint) = who)
$$;

-- What else than the resource of that key is meant, as 'kind:resource': by the name that audit_resource_name says.
create function audit_subjects(of_environment int, what text) returns text[]
    language sql stable as $$
    select array(select kind || ':' || id
                 from app_user, unnest(array['user', 'session', 'second_factor', 'recovery_code']) kind
                 where email = lower(what))
           || array(select 'key:' || id from access_key
                    where environment_id = of_environment and coalesce(nullif(name, ''), '…' || token_hint) = what)
           || array(select 'campaign:' || key from campaign
                    where environment_id = of_environment and document ->> 'name' = what)
$$;

-- The audit log's end. The runtime role adds lines and can take none away, but by this.

-- Forgets refusals and readings of more than keep_days ago (7 at the least), 5,000 at once; changes stay. Returns how
-- many. With its owner's rights. Leans on audit_log_note and audit_log_pkey.
create function audit_forget(keep_days int) returns bigint
    language plpgsql security definer set lock_timeout = '500ms' as $$
declare
    gone bigint;
begin
    delete from audit_log
    where id in (select id from audit_log
                 where is_note and at < now() - make_interval(days => greatest(keep_days, 7))
                 order by at limit 5000);
    get diagnostics gone = row_count;
    return gone;
end
$$;

do $$
begin
    execute format('alter function audit_forget(int) set search_path = %I, pg_temp', current_schema());
end
$$;
