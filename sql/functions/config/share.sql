-- Changes of share links.

create function share_view(s share) returns jsonb
    language sql stable as $$
    select s.document || jsonb_build_object('id', s.id, 'hint', s.token_hint, 'actor', s.actor, 'version', s.version,
        'is_open', s.revoked_at is null and s.expires_at > now(),
        'created_at', rfc3339(s.created_at), 'updated_at', rfc3339(s.updated_at),
        'expires_at', rfc3339(s.expires_at), 'revoked_at', rfc3339(s.revoked_at))
$$;

-- Keys of the campaigns that have results to show: {campaigns: [key]}.
create function share_context(of_environment int) returns jsonb
    language sql stable as $$
    select jsonb_build_object('campaigns', coalesce(jsonb_agg(c.key), '[]'))
    from campaign c where c.environment_id = of_environment and c.phase > 0
$$;

create function share_change(actor text, of_environment int, seen_clock bigint, action text,
                             the_key text, new_document jsonb, plan jsonb)
    returns table (new_version int, new_view jsonb)
    language plpgsql as $$
declare
    old share;
    new share;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from share s where s.id::text = the_key and s.environment_id = of_environment;
    case action
    when 'create' then
        insert into share (environment_id, campaign_id, token_sha256, token_hint, document, actor, expires_at)
        select of_environment, c.id, decode(plan ->> 'token_sha256', 'hex'), plan ->> 'hint', new_document,
               share_change.actor, now() + make_interval(days => (new_document ->> 'days')::int)
        from campaign c where c.environment_id = of_environment and c.key = new_document ->> 'campaign'
        returning * into new;
    when 'patch' then
        update share s set document = new_document, version = s.version + 1, updated_at = now()
        where s.id = old.id returning * into new;
    when 'delete' then
        update share s set revoked_at = now(), version = s.version + 1, updated_at = now()
        where s.id = old.id returning * into new;
    end case;
    perform audit_write(actor, of_environment, 'share.' || action, new.document ->> 'campaign',
                        case when old.id is not null then share_view(old) end,
                        case when action <> 'delete' then share_view(new) end);
    return query select new.version, share_view(new);
end
$$;
