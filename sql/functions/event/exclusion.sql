-- Visitors that people take out of results, and in again.

-- Has the fold work a visitor out anew. A row that is there is written again: whoever is working it off is waited for.
create function exclusion_mark(the_environment int, the_visitor text) returns void language plpgsql as $$
begin
    insert into exclusion_due (slice, environment_id, visitor_id)
    values (slice_of(the_visitor), the_environment, the_visitor)
    on conflict (slice, environment_id, visitor_id) do update set marked_at = now();
end
$$;

-- {reason, excluded_by, excluded_at} of a visitor; null: nobody took it out. Leans on excluded_visitor's primary key.
create function exclusion_view(the_environment int, the_visitor text) returns jsonb
    language sql stable as $$
    select jsonb_build_object('reason', v.reason, 'excluded_by', coalesce(audit_actor_name(v.actor), v.actor),
                              'excluded_at', rfc3339(v.excluded_at))
    from excluded_visitor v
    where v.slice = slice_of(the_visitor) and v.visitor_id = the_visitor and v.environment_id = the_environment
$$;

-- Whether results still have to follow what was decided of a visitor.
create function exclusion_is_due(the_environment int, the_visitor text) returns boolean
    language sql stable as $$
    select exists (select from exclusion_due d
                   where d.slice = slice_of(the_visitor) and d.environment_id = the_environment
                         and d.visitor_id = the_visitor)
$$;

-- Refuses where an environment has 10,000 of them. Leans on excluded_visitor_environment.
create function exclusion_limit(the_environment int) returns void language plpgsql as $$
begin
    if (select count(*) from excluded_visitor v where v.environment_id = the_environment) >= 10000 then
        raise exception 'too many visitors are taken out'
            using errcode = 'program_limit_exceeded', constraint = 'exclusions';
    end if;
end
$$;

-- Takes a visitor out of an environment's results, by actor; done before, the reason is replaced. Returns its view.
create function visitor_exclude(the_actor text, the_environment int, the_visitor text, the_reason text)
    returns jsonb language plpgsql as $$
declare
    before jsonb;
    after jsonb;
begin
    perform from environment where id = the_environment for no key update;
    before := exclusion_view(the_environment, the_visitor);
    if before is null then
        perform exclusion_limit(the_environment);
        perform exclusion_mark(the_environment, the_visitor);
    end if;
    insert into excluded_visitor (slice, visitor_id, environment_id, reason, actor)
    values (slice_of(the_visitor), the_visitor, the_environment, the_reason, the_actor)
    on conflict (slice, visitor_id, environment_id) do update
    set reason = excluded.reason, actor = excluded.actor, excluded_at = now();
    after := exclusion_view(the_environment, the_visitor);
    perform audit_write(the_actor, the_environment, 'visitor.exclude', the_visitor, before, after);
    return after;
end
$$;

-- Takes a visitor in again; one that was not out stays as it is.
create function visitor_include(the_actor text, the_environment int, the_visitor text) returns void
    language plpgsql as $$
declare
    before jsonb;
begin
    perform from environment where id = the_environment for no key update;
    before := exclusion_view(the_environment, the_visitor);
    if before is null then
        return;
    end if;
    delete from excluded_visitor v
    where v.slice = slice_of(the_visitor) and v.visitor_id = the_visitor and v.environment_id = the_environment;
    perform exclusion_mark(the_environment, the_visitor);
    perform audit_write(the_actor, the_environment, 'visitor.include', the_visitor, before, null);
end
$$;
