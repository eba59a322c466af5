
CREATE SCHEMA analyst;

COMMENT ON SCHEMA analyst IS 'What people may read by SQL: see the comments of its views';

CREATE TYPE public.fold_event AS (
	visitor_id text,
	environment_id integer,
	event_id uuid,
	name text,
	ts timestamp with time zone,
	marks integer,
	campaign text,
	phase numeric,
	experience text,
	variant text,
	currency text
);

CREATE TYPE public.omission_event AS (
	visitor_id text,
	environment_id integer,
	event_id uuid,
	day date,
	name text,
	ts timestamp with time zone,
	marks integer,
	order_id text,
	is_unrated boolean
);

CREATE TYPE public.outcome_line AS (
	unit_id text,
	campaign_id integer,
	phase integer,
	experience text,
	metric_id integer,
	side text,
	kind text,
	cap numeric,
	is_pre boolean,
	order_key text,
	is_refund boolean,
	amount numeric,
	is_invalid boolean,
	is_unrated boolean,
	age integer
);

CREATE FUNCTION public.access_key_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
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

CREATE TABLE public.access_key (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    token text,
    token_sha256 bytea NOT NULL,
    token_hint text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT access_key_kind_check CHECK ((kind = ANY (ARRAY['client'::text, 'secret'::text]))),
    CONSTRAINT access_key_role_check CHECK ((role = ANY (ARRAY['client'::text, 'viewer'::text, 'editor'::text, 'publisher'::text, 'admin'::text])))
);

CREATE FUNCTION public.access_key_view(k public.access_key) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object('id', k.id, 'name', k.name, 'kind', k.kind, 'role', k.role,
        'scopes', k.scopes, 'environment', (select key from environment where id = k.environment_id),
        'token', k.token, 'hint', k.token_hint, 'version', k.version,
        'created_at', rfc3339(k.created_at), 'revoked_at', rfc3339(k.revoked_at))
$$;

CREATE FUNCTION public.account_change(the_user integer, seen_hash text, new_email text, new_hash text, own_session bytea) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.audience_sample(the_environment integer) RETURNS TABLE(weight double precision, attributes jsonb)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
declare
    first_day date := (now() at time zone 'UTC')::date - 30;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    return query
        with known as materialized (
            select slice, visitor_id, weight * count(*) over () / least(count(*) over (), 5000) as weight
            from recent_visitors(the_environment, 30, 150) order by hashtext(visitor_id) limit 5000
        )
        select k.weight, coalesce(a.attributes, '{}') as attributes
        from known k
        cross join lateral (
            select jsonb_object_agg(n.key, n.value) as attributes
            from (select distinct on (p.key) p.key, p.value
                  from visitor_event e cross join lateral jsonb_each(e.properties) p
                  where e.slice = k.slice and e.visitor_id = k.visitor_id
                        and e.environment_id = the_environment and e.marks = 0
                        and e.day >= first_day
                        and jsonb_typeof(p.value) in ('string', 'number', 'boolean') and length(p.value::text) <= 200
                        and length(p.key) <= 64
                        and p.key <> all ('{campaign,variant,phase,value,currency,transaction_id}')
                  order by p.key, e.ts desc limit 100) n) a;
end
$$;

CREATE FUNCTION public.audit_actor_name(actor text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select case split_part(actor, ':', 1)
           when 'user' then audit_user_name(split_part(actor, ':', 2))
           when 'key' then audit_key_name(split_part(actor, ':', 2)) end
$$;

CREATE FUNCTION public.audit_actors(of_environment integer, who text) RETURNS text[]
    LANGUAGE sql STABLE
    AS $$
    select array[who]
           || array(select 'user:' || id from app_user where email = lower(who))
           || array(select 'key:' || id from access_key
                    where environment_id = of_environment and coalesce(nullif(name, ''), '…' || token_hint) = who)
$$;

CREATE FUNCTION public.audit_forget(keep_days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET lock_timeout TO '500ms'
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.audit_key_name(number text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select coalesce(nullif(name, ''), '…' || token_hint) from access_key where id::text = number
$$;

CREATE TABLE public.audit_log (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor text NOT NULL,
    environment_id integer,
    action text NOT NULL,
    resource text NOT NULL,
    before jsonb,
    after jsonb,
    is_note boolean DEFAULT false NOT NULL
);

CREATE FUNCTION public.audit_resource_name(a public.audit_log) RETURNS text
    LANGUAGE sql STABLE
    AS $$
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

CREATE FUNCTION public.audit_subjects(of_environment integer, what text) RETURNS text[]
    LANGUAGE sql STABLE
    AS $$
    select array(select kind || ':' || id
                 from app_user, unnest(array['user', 'session', 'second_factor', 'recovery_code']) kind
                 where email = lower(what))
           || array(select 'key:' || id from access_key
                    where environment_id = of_environment and coalesce(nullif(name, ''), '…' || token_hint) = what)
           || array(select 'campaign:' || key from campaign
                    where environment_id = of_environment and document ->> 'name' = what)
$$;

CREATE FUNCTION public.audit_user_name(number text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select email from app_user where id::text = number
$$;

CREATE FUNCTION public.audit_write(actor text, of_environment integer, action text, resource text, before jsonb, after jsonb) RETURNS void
    LANGUAGE sql
    AS $$
    insert into audit_log (actor, environment_id, action, resource, before, after)
    values (actor, of_environment, action, resource, before, after);
$$;

CREATE FUNCTION public.campaign_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
declare
    old campaign;
    new campaign;
    before jsonb;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    if plan ? 'copy' then
        new := campaign_copy(actor, of_environment, plan -> 'copy');
        return query select new.version, campaign_view(new);
        return;
    end if;
    select * into old from campaign c where c.environment_id = of_environment and c.key = the_key;
    before := case when old.id is not null then campaign_view(old) end;
    if action = 'create' then
        insert into campaign (environment_id, key, kind, document)
        values (of_environment, the_key, new_document ->> 'kind', new_document)
        returning * into new;
    elsif plan ? 'is_deleted' then
        delete from campaign c where c.id = old.id returning * into new;
    else
        update campaign c
        set document = coalesce(new_document, c.document),
            status = coalesce(plan ->> 'status', c.status),
            phase = c.phase + case when plan ? 'phase' then 1 else 0 end,
            preview_generation = c.preview_generation + (plan ? 'revokes_previews')::int,
            version = c.version + 1, updated_at = now(),
            started_at = case when plan ? 'phase' then coalesce(c.started_at, now()) else c.started_at end,
            stopped_at = case when plan ? 'is_ended' then now() else c.stopped_at end
        where c.id = old.id returning * into new;
        perform campaign_follow(new, plan);
        if plan ? 'rollout' then
            perform campaign_ship(actor, new, plan -> 'rollout');
        end if;
        if plan ? 'import' then
            perform import_begin(new, actor, plan -> 'import', plan -> 'totals');
            select * into new from campaign c where c.id = old.id;
        end if;
    end if;
    perform audit_write(actor, of_environment, 'campaign.' || action, the_key, before,
                        case when not plan ? 'is_deleted' then campaign_view(new) end);
    return query select new.version, campaign_view(new);
end
$$;

CREATE FUNCTION public.campaign_context(of_environment integer, the_campaign integer, has_rivals boolean) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object(
        'flags', (select coalesce(jsonb_object_agg(f.key, f.document -> 'type'), '{}') from flag f
                  where f.environment_id = of_environment and f.archived_at is null),
        'metrics', (select coalesce(jsonb_object_agg(m.key, m.document -> 'kind'), '{}') from metric m
                    where m.environment_id = of_environment
                          and (m.is_current or m.id in (select metric_id from campaign_metric
                                                        where campaign_id = the_campaign))),
        'layers', (select coalesce(jsonb_object_agg(l.key, layer_free(l.id)), '{}') from layer l
                   where l.environment_id = of_environment and l.archived_at is null),
        'allows_html', (select coalesce(e.document -> 'allows_html', 'false')
                        from environment e where e.id = of_environment),
        'rollout_key', campaign_free_key(of_environment, the_campaign, '-rollout'),
        'copy_key', campaign_free_key(of_environment, the_campaign, '-copy'),
        'totals', (select i.document #> '{totals,metrics}' from import i
                   where i.campaign_id = the_campaign and i.has_totals),
        'rivals', case when has_rivals then campaign_rivals(of_environment, the_campaign) end,
        'held', (select coalesce(sum(to_bucket - from_bucket), 0) from layer_range
                 where campaign_id = the_campaign))
$$;

CREATE TABLE public.campaign (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    document jsonb NOT NULL,
    phase integer DEFAULT 0 NOT NULL,
    preview_generation integer DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    stopped_at timestamp with time zone,
    origin_id integer,
    CONSTRAINT campaign_kind_check CHECK ((kind = ANY (ARRAY['experiment'::text, 'rollout'::text, 'personalization'::text, 'holdout'::text]))),
    CONSTRAINT campaign_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'running'::text, 'paused'::text, 'stopped'::text, 'archived'::text])))
);

CREATE FUNCTION public.campaign_copy(actor text, of_environment integer, new_document jsonb) RETURNS public.campaign
    LANGUAGE plpgsql
    AS $$
declare
    new campaign;
begin
    if exists (select from campaign c where c.environment_id = of_environment and c.key = new_document ->> 'key') then
        raise exception 'there is a campaign of this key already'
            using errcode = 'unique_violation', constraint = '/key';
    end if;
    insert into campaign (environment_id, key, kind, document)
    values (of_environment, new_document ->> 'key', new_document ->> 'kind', new_document)
    returning * into new;
    perform audit_write(actor, of_environment, 'campaign.create', new.key, null, campaign_view(new));
    return new;
end
$$;

CREATE FUNCTION public.campaign_dimensions(c public.campaign) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select coalesce(
        (select p.document -> 'dimensions' from phase p where p.campaign_id = c.id and p.number = 1),
        (select jsonb_agg(d.document || jsonb_build_object('key', d.key) order by d.id) from dimension d
         where d.environment_id = c.environment_id and d.archived_at is null),
        dimension_builtins())
$$;

CREATE FUNCTION public.campaign_follow(c public.campaign, plan jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if plan ? 'phase' or plan ? 'is_ended' then
        update phase set ended_at = now() where campaign_id = c.id and ended_at is null;
    end if;
    if plan ? 'phase' then
        insert into phase (campaign_id, number, seed, document)
        values (c.id, c.phase, plan -> 'phase' ->> 'seed',
                (plan -> 'phase' -> 'document') || jsonb_build_object('dimensions', campaign_dimensions(c)));
        insert into allocation (campaign_id, phase, experience, number, from_day, weights)
        select v.campaign_id, v.phase, v.experience, 1, '-infinity', jsonb_object_agg(v.variant, v.weight)
        from campaign_variant v
        where v.campaign_id = c.id and v.phase = c.phase
        group by v.campaign_id, v.phase, v.experience;
    end if;
    if plan ? 'is_ended' then
        delete from layer_range where campaign_id = c.id;
    end if;
    if plan ? 'layer' then
        perform layer_take(l.id, c.id, (plan -> 'layer' ->> 'buckets')::int)
        from layer l where l.environment_id = c.environment_id and l.key = plan -> 'layer' ->> 'key';
    end if;
    if c.phase > 0 then
        perform campaign_sync_metrics(c);
    end if;
end
$$;

CREATE FUNCTION public.campaign_free_key(of_environment integer, the_campaign integer, ending text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select k.key
    from campaign c
    cross join lateral (select case when length(c.key) <= 50 then c.key else 'campaign-' || c.id end) b (base)
    cross join lateral (
        select b.base || ending || case when n > 1 then '-' || n else '' end, n
        from generate_series(1, 1 + (select count(*)::int from campaign r where r.environment_id = of_environment
                                     and starts_with(r.key, b.base || ending))) n) k (key, number)
    where c.id = the_campaign
      and not exists (select from campaign r where r.environment_id = of_environment and r.key = k.key)
    order by k.number limit 1
$$;

CREATE FUNCTION public.campaign_is_closed(campaign integer) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (select from event_horizon h
                   join phase p on p.campaign_id = campaign and fold_day(p.started_at) < h.from_day)
           and not exists (select from import i where i.campaign_id = campaign_is_closed.campaign)
$$;

CREATE FUNCTION public.campaign_look_back(campaigns integer[]) RETURNS interval
    LANGUAGE sql STABLE
    AS $$
    select greatest(interval '35 days', max(phase_pre_period(document)))
    from phase where campaign_id = any (campaigns)
$$;

CREATE FUNCTION public.campaign_rivals(of_environment integer, the_campaign integer) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'key', c.key, 'name', coalesce(c.document ->> 'name', ''), 'status', c.status,
               'priority', snapshot_priority(c), 'layer', c.document -> 'layer', 'schedule', c.document -> 'schedule',
               'audience', p.document -> 'audience', 'triggers', p.document -> 'triggers',
               'variants', (select jsonb_agg(jsonb_build_object('flags', v -> 'flags', 'changes', v -> 'changes'))
                            from jsonb_array_elements(p.document -> 'variants') v))
               order by snapshot_priority(c) desc, c.key collate "C"), '[]')
    from campaign c
    join phase p on p.campaign_id = c.id and p.number = c.phase
    where c.environment_id = of_environment and c.id is distinct from the_campaign
          and c.status in ('running', 'paused')
          and coalesce((c.document -> 'schedule' ->> 'end')::timestamptz > now(), true)
$$;

CREATE FUNCTION public.campaign_ship(actor text, origin public.campaign, plan jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    rollout campaign;
begin
    insert into campaign (environment_id, key, kind, document, status, phase, started_at, origin_id)
    values (origin.environment_id, plan -> 'document' ->> 'key', 'rollout', plan -> 'document', 'running', 1, now(),
            origin.id)
    returning * into rollout;
    perform campaign_follow(rollout, plan);
    perform audit_write(actor, origin.environment_id, 'campaign.create', rollout.key, null, campaign_view(rollout));
end
$$;

CREATE FUNCTION public.campaign_sync_metrics(c public.campaign) RETURNS void
    LANGUAGE sql
    AS $$
    delete from campaign_metric cm using metric m
    where cm.campaign_id = c.id and m.id = cm.metric_id
      and not exists (select from jsonb_array_elements(c.document -> 'metrics') e where e ->> 'key' = m.key);
    update campaign_metric cm set role = e.value ->> 'role', position = e.place - 1
    from jsonb_array_elements(c.document -> 'metrics') with ordinality e (value, place), metric m
    where cm.campaign_id = c.id and m.id = cm.metric_id and m.key = e.value ->> 'key';
    insert into campaign_metric (campaign_id, metric_id, role, position)
    select c.id, m.id, e.value ->> 'role', e.place - 1
    from jsonb_array_elements(c.document -> 'metrics') with ordinality e (value, place)
    join metric m on m.environment_id = c.environment_id and m.key = e.value ->> 'key' and m.is_current
    where not exists (select from campaign_metric cm join metric had on had.id = cm.metric_id
                      where cm.campaign_id = c.id and had.key = m.key);
    select total_apply(c.id);
$$;

CREATE FUNCTION public.campaign_view(c public.campaign) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $_$
    select c.document || jsonb_build_object('key', c.key, 'kind', c.kind, 'status', c.status,
        'phase', c.phase, 'version', c.version, 'import', (select i.id from import i where i.campaign_id = c.id),
        'rollout', (select r.key from campaign r where r.origin_id = c.id),
        'origin', (select o.key from campaign o where o.id = c.origin_id),
        'created_at', rfc3339(c.created_at), 'updated_at', rfc3339(c.updated_at),
        'started_at', rfc3339(c.started_at), 'stopped_at', rfc3339(c.stopped_at),
        'phases', (select coalesce(jsonb_agg(jsonb_build_object('number', p.number, 'seed', p.seed,
                       'started_at', rfc3339(p.started_at), 'ended_at', rfc3339(p.ended_at),
                       'audience', p.document -> 'audience', 'triggers', p.document -> 'triggers',
                       'variants', p.document -> 'variants',
                       'dimensions', jsonb_path_query_array(phase_dimensions(p.document), '$[*].key'))
                       order by p.number), '[]')
                   from phase p where p.campaign_id = c.id))
$_$;

CREATE TABLE public.cohort (
    slice integer NOT NULL,
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    variant text NOT NULL,
    cohort_day date NOT NULL,
    dimension text NOT NULL,
    value text NOT NULL,
    unit_count bigint NOT NULL,
    crossover_count bigint NOT NULL,
    missing_count bigint NOT NULL,
    overflow_count bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');

CREATE FUNCTION public.cohort_add(the_slice integer, before public.cohort[], after public.cohort[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    delta cohort[] := array(
        select row(the_slice, campaign_id, phase, experience, variant, cohort_day, dimension, value,
                   sum(sign * unit_count)::bigint, sum(sign * crossover_count)::bigint,
                   sum(sign * missing_count)::bigint, sum(sign * overflow_count)::bigint)::cohort
        from (select 1 as sign, * from unnest(after) union all select -1, * from unnest(before)) cells
        group by campaign_id, phase, experience, variant, cohort_day, dimension, value
        having sum(sign * unit_count) <> 0 or sum(sign * crossover_count) <> 0 or sum(sign * missing_count) <> 0
               or sum(sign * overflow_count) <> 0);
begin
    insert into cohort
    select * from unnest(delta)
    order by campaign_id, phase, experience, variant, cohort_day, dimension, value
    on conflict (slice, campaign_id, phase, experience, variant, cohort_day, dimension, value) do update
    set unit_count = cohort.unit_count + excluded.unit_count,
        crossover_count = cohort.crossover_count + excluded.crossover_count,
        missing_count = cohort.missing_count + excluded.missing_count,
        overflow_count = cohort.overflow_count + excluded.overflow_count;
    delete from cohort c using unnest(delta) d
    where (d.unit_count < 0 or d.overflow_count < 0)
      and c.slice = the_slice and c.unit_count = 0 and c.overflow_count = 0
          and (c.campaign_id, c.phase, c.experience, c.variant, c.cohort_day, c.dimension, c.value)
            = (d.campaign_id, d.phase, d.experience, d.variant, d.cohort_day, d.dimension, d.value);
end
$$;

CREATE FUNCTION public.cohort_of(the_slice integer, units text[], campaigns integer[]) RETURNS public.cohort[]
    LANGUAGE plpgsql
    AS $$
begin
    return array(
    select row(the_slice, x.campaign_id, x.phase, x.experience, x.variant, x.cohort_day, d.dimension, d.value,
               sum(x.units)::bigint, sum(x.crossovers)::bigint, sum(x.missing)::bigint, 0)::cohort
    from (select campaign_id, phase, experience, variant, cohort_day, dimensions, count(*) as units,
                 count(*) filter (where is_crossover) as crossovers,
                 count(*) filter (where not has_past) as missing
          from exposure
          where slice = the_slice and unit_id = any (array(select unnest(units))) and campaign_id + 0 = any (campaigns)
          group by campaign_id, phase, experience, variant, cohort_day, dimensions) x
    cross join lateral dimension_values(x.dimensions) d
    group by x.campaign_id, x.phase, x.experience, x.variant, x.cohort_day, d.dimension, d.value);
end
$$;

CREATE FUNCTION public.cohort_of_totals(the_slice integer, of_campaign integer) RETURNS public.cohort[]
    LANGUAGE sql STABLE
    AS $$
    select coalesce(array_agg(row(the_slice, c.id, c.phase, '', t.variant, t.day, 'all', '', t.units, 0, 0, 0)::cohort),
                    '{}')
    from campaign c
    join import i on i.campaign_id = c.id
    join import_total t on t.import_id = i.id
    where c.id = of_campaign
$$;

CREATE FUNCTION public.config_clock(of_environment integer) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    select coalesce((select max(id) from audit_log where environment_id = of_environment), 0)
$$;

CREATE FUNCTION public.config_lock(of_environment integer, seen_clock bigint) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    perform from environment where id = of_environment for no key update;
    return config_clock(of_environment) = seen_clock;
end
$$;

CREATE FUNCTION public.consumer_backlog(the_consumer integer, row_limit integer) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    since_day date;
begin
    if not is_unread(the_consumer) then
        return 0;
    end if;
    since_day := greatest(unread_from(the_consumer, null), near_day());
    perform fold_prepare();
    return (select coalesce(sum((select count(*)
                                 from (select from visitor_event e
                                       where e.writer = w.id and e.slice = s.number and e.seq > coalesce(c.seq, -1)
                                             and e.day >= since_day
                                       limit row_limit) unread)), 0)
            from writer w
            cross join slice s
            left join fold_cursor c on c.consumer = the_consumer and c.slice = s.number and c.writer = w.id)
           + case when exists (select from late_event)
                  then coalesce((select sum(cardinality(l.seqs)) from past_unread(the_consumer, row_limit) l), 0)
                  else 0 end;
end
$$;

CREATE FUNCTION public.converted_amount(amount numeric, rate numeric[]) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when amount is null then null
                when not is_amount(amount) or rate[2] = 'NaN' then 'NaN'
                else (select case when abs(c.value) <= 1e12 then c.value else 'NaN' end
                      from (select sign(amount) * div(2e12 * abs(amount) * rate[1] + rate[2], 2 * rate[2]) * 1e-12)
                           c (value)) end
$$;

CREATE FUNCTION public.converted_fields(object jsonb, names text[], rate numeric[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select object || coalesce((
        select jsonb_object_agg(n, to_jsonb(converted_amount(told_number(object -> n), rate)))
        from unnest(names) n where object ->> n is not null), '{}')
$$;

CREATE FUNCTION public.converted_properties(properties jsonb, rate numeric[]) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
    items jsonb;
begin
    if jsonb_typeof(properties -> 'items') = 'array' then
        select coalesce(jsonb_agg(case when jsonb_typeof(i.item) = 'object'
                                       then converted_fields(i.item, item_money_names(), rate)
                                       else i.item end order by i.place), '[]') into items
        from jsonb_array_elements(properties -> 'items') with ordinality i (item, place);
        properties := jsonb_set(properties, '{items}', items);
    end if;
    return converted_fields(properties, money_names(), rate);
end
$$;

CREATE FUNCTION public.currency_rate_days(of_environment integer) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select coalesce(jsonb_object_agg(d.currency, jsonb_build_array(d.first_day, d.last_day)), '{}')
    from (select r.currency, min(r.day) as first_day, max(r.day) as last_day from currency_rate r
          where r.environment_id = of_environment group by r.currency) d
$$;

CREATE FUNCTION public.currency_rate_delete(actor text, of_environment integer, the_currency text, first_day date, last_day date) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    gone_currencies text[];
    gone_days date[];
begin
    perform from environment where id = of_environment for no key update;
    with gone as (
        delete from currency_rate r
        where r.environment_id = of_environment and (the_currency is null or r.currency = the_currency)
              and r.day >= first_day and r.day <= last_day
        returning r.currency, r.day
    )
    select array_agg(g.currency), array_agg(g.day) into gone_currencies, gone_days from gone g;
    if gone_days is not null then
        perform rate_mark(of_environment, gone_currencies, gone_days);
        perform audit_write(actor, of_environment, 'currency_rate.delete', 'currency_rates', jsonb_build_object(
            'count', cardinality(gone_days), 'currencies', (select jsonb_agg(distinct c order by c)
                                                            from unnest(gone_currencies) c),
            'first_day', (select min(d) from unnest(gone_days) d),
            'last_day', (select max(d) from unnest(gone_days) d)), null);
    end if;
    return coalesce(cardinality(gone_days), 0);
end
$$;

CREATE FUNCTION public.currency_rate_put(actor text, of_environment integer, currencies text[], days date[], bases text[], rates numeric[], own_rates numeric[]) RETURNS TABLE(changed_count bigint, total_count bigint)
    LANGUAGE plpgsql
    AS $$
declare
    changed_currencies text[];
    changed_days date[];
begin
    perform from environment where id = of_environment for no key update;
    with put as (
        insert into currency_rate as r (environment_id, currency, day, base, rate, own_rate)
        select of_environment, u.currency, u.day, u.base, u.rate, u.own_rate
        from unnest(currencies, days, bases, rates, own_rates) u (currency, day, base, rate, own_rate)
        order by u.currency, u.day
        on conflict (environment_id, currency, day) do update
        set base = excluded.base, rate = excluded.rate, own_rate = excluded.own_rate
        where (r.base, r.rate, r.own_rate) <> (excluded.base, excluded.rate, excluded.own_rate)
        returning r.currency, r.day
    )
    select array_agg(p.currency), array_agg(p.day) into changed_currencies, changed_days from put p;
    changed_count := coalesce(cardinality(changed_days), 0);
    total_count := (select count(*) from currency_rate where environment_id = of_environment);
    if changed_count > 0 then
        perform rate_mark(of_environment, changed_currencies, changed_days);
        perform audit_write(actor, of_environment, 'currency_rate.put', 'currency_rates', null, jsonb_build_object(
            'count', changed_count, 'currencies', (select jsonb_agg(distinct c order by c)
                                                   from unnest(changed_currencies) c),
            'first_day', (select min(d) from unnest(changed_days) d),
            'last_day', (select max(d) from unnest(changed_days) d)));
    end if;
    return next;
end
$$;

CREATE FUNCTION public.dimension_builtins() RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select '[
        {"key": "device", "name": "Device", "source": "device", "kind": "list",
         "values": ["mobile", "tablet", "desktop"], "rest": "other"},
        {"key": "country", "name": "Country", "source": "country", "kind": "country", "values": [],
         "rest": "unknown"},
        {"key": "visitor_type", "name": "New or returning", "source": "visitor_type", "kind": "list",
         "values": ["new", "returning"], "rest": "unknown"}]'::jsonb
$$;

CREATE FUNCTION public.dimension_make_builtins(of_environment integer) RETURNS void
    LANGUAGE sql
    AS $$
    insert into dimension (environment_id, key, is_builtin, document)
    select of_environment, d ->> 'key', true, d from jsonb_array_elements(dimension_builtins()) d
$$;

CREATE FUNCTION public.dimension_value(d jsonb, told text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case when told is null then 'unknown'
                when d ->> 'kind' = 'country' then
                    case when told ~ '^[A-Za-z]{2}$' then upper(told) else d ->> 'rest' end
                when d -> 'values' ? told then told
                else coalesce((select v from jsonb_array_elements_text(d -> 'values') v
                               where lower(v) = lower(told) limit 1), d ->> 'rest') end
$_$;

CREATE FUNCTION public.dimension_values(dimensions jsonb) RETURNS TABLE(dimension text, value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select 'all', '' union all select key, value from jsonb_each_text(dimensions)
$$;

CREATE TABLE public.dimension (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    key text NOT NULL,
    is_builtin boolean DEFAULT false NOT NULL,
    document jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone
);

CREATE FUNCTION public.dimension_view(d public.dimension) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select d.document || jsonb_build_object('key', d.key, 'is_builtin', d.is_builtin, 'version', d.version,
        'created_at', rfc3339(d.created_at), 'updated_at', rfc3339(d.updated_at))
$$;

CREATE FUNCTION public.distribution_queue() RETURNS bigint
    LANGUAGE sql
    AS $$
    with due as (
        select distinct t.environment_id, t.campaign
        from distribution_target t
        left join distribution d on d.campaign_id = t.campaign_id and d.phase = t.phase and d.experience = ''
             and d.metric_id = t.metric_id
        where (t.status in ('running', 'paused') or t.status = 'stopped' and t.stopped_at > now() - interval '7 days')
              and (d.as_of is null or d.as_of < now() - interval '15 minutes' and d.state <> t.state)
    ),
    queued as (
        insert into job (environment_id, kind, input, actor)
        select environment_id, 'distribution', json_build_object('campaign', campaign), 'system'
        from due
        where not exists (select from job j
                          where j.state in ('queued', 'running') and j.kind = 'distribution'
                                and j.environment_id = due.environment_id
                                and j.input ->> 'campaign' = due.campaign)
        order by environment_id, campaign
        returning 1
    )
    select count(*) from queued
$$;

CREATE FUNCTION public.distribution_values(campaign integer, of_phase integer, metric integer, is_mean boolean, scale double precision, last_day date, value_limit integer DEFAULT 100000) RETURNS TABLE(value double precision, variant text, units bigint)
    LANGUAGE sql STABLE
    SET jit TO 'off'
    AS $$
    with exact as materialized (
        select case when is_mean then o.numerator::float8 / o.denominator::float8 / scale
                    else o.numerator::float8 / scale end as value,
               x.variant, count(*) as units
        from outcome o
        join exposure x on x.slice = o.slice and x.unit_id = o.unit_id and x.campaign_id = o.campaign_id
             and x.phase = o.phase and x.experience = o.experience
        where o.campaign_id = campaign and o.phase = of_phase and o.metric_id = metric
              and x.cohort_day <= last_day and case when is_mean then o.denominator else o.numerator end <> 0
        group by 1, 2
    ),
    amount as (select count(*) > value_limit as is_large from exact),
    own as materialized (
        select case when a.is_large then four_digits(e.value) else e.value end as value, e.variant,
               sum(e.units)::bigint as units
        from exact e cross join amount a
        group by 1, 2
    )
    select value, variant, units from own
    union all
    select 0, u.variant, u.units - coalesce((select sum(units)::bigint from own where own.variant = u.variant), 0)
    from (select h.variant, sum(unit_count)::bigint as units from cohort h
          where h.campaign_id = campaign and h.phase = of_phase and h.dimension = 'all' and h.cohort_day <= last_day
          group by h.variant) u
    where not is_mean
    order by 1, 2
$$;

CREATE FUNCTION public.document_change(noun text, actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $_$
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
$_$;

CREATE FUNCTION public.early_keep(the_slice integer, events public.fold_event[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    slices numeric := (select count from slicing);
begin
    insert into early_exposure (slice, visitor_id, environment_id, campaign, phase, ts)
    select the_slice, visitor_id, environment_id, campaign, phase, ts
    from (select s.*, k.slice is not null as is_kept,
                 row_number() over (partition by s.environment_id, k.slice is null
                                    order by s.visitor_id, s.campaign, s.phase) as place
          from (select e.visitor_id, e.environment_id, e.campaign, e.phase::int as phase, min(e.ts) as ts
                from unnest(events) e
                join campaign c on c.environment_id = e.environment_id and c.key = e.campaign
                where e.phase between 1 and 2147483647 and e.phase = trunc(e.phase)
                group by e.visitor_id, e.environment_id, e.campaign, e.phase) s
          left join early_exposure k on k.slice = the_slice and k.visitor_id = s.visitor_id
               and k.environment_id = s.environment_id and k.campaign = s.campaign and k.phase = s.phase) shown
    where is_kept
          or place <= (select ceil((fold_limits(n.document)).early_rows / slices) from environment n
                       where n.id = shown.environment_id)
                      - (select count(*) from early_exposure k
                         where k.slice = the_slice and k.environment_id = shown.environment_id)
    order by visitor_id, environment_id, campaign, phase
    on conflict (slice, visitor_id, environment_id, campaign, phase) do update
    set ts = least(early_exposure.ts, excluded.ts);
end
$$;

CREATE FUNCTION public.early_trim() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from early_exposure where kept_at < now() - interval '30 days';
end
$$;

CREATE FUNCTION public.effect_class(what text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case what when 'before_exposure' then 1 when 'after_phase' then 2 else 0 end
$$;

CREATE FUNCTION public.environment_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
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

CREATE TABLE public.environment (
    id integer NOT NULL,
    key text NOT NULL,
    document jsonb NOT NULL,
    is_panic boolean DEFAULT false NOT NULL,
    preview_secret bytea DEFAULT sha256((uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))) NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone
);

CREATE FUNCTION public.environment_create(new_key text, new_document jsonb, plan jsonb) RETURNS public.environment
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.environment_currency(document jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select coalesce(document ->> 'currency', 'EUR') $$;

CREATE FUNCTION public.environment_limit(old public.environment, new public.environment) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.environment_view(e public.environment) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select e.document || jsonb_build_object('key', e.key, 'is_panic', e.is_panic, 'version', e.version,
        'created_at', rfc3339(e.created_at), 'updated_at', rfc3339(e.updated_at))
$$;

CREATE FUNCTION public.environment_zone(document jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select coalesce(document ->> 'time_zone', 'UTC')
$$;

CREATE FUNCTION public.event_amount(properties jsonb, path text[], scale numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select round(event_number(properties, path) * scale) $$;

CREATE TABLE public.visitor_event (
    slice integer NOT NULL,
    visitor_id text NOT NULL COLLATE pg_catalog."C",
    event_id uuid NOT NULL,
    day date NOT NULL,
    environment_id integer NOT NULL,
    name text NOT NULL,
    ts timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    properties jsonb NOT NULL,
    marks integer DEFAULT 0 NOT NULL,
    writer integer NOT NULL,
    seq bigint NOT NULL
)
PARTITION BY RANGE (day);

CREATE FUNCTION public.event_effects(the_environment integer, events public.visitor_event[]) RETURNS TABLE(visitor_id text, event_id uuid, day date, effect jsonb)
    LANGUAGE plpgsql
    AS $$
declare
    own text := (select environment_currency(n.document) from environment n where n.id = the_environment);
begin
    return query
    with met as materialized (
        select * from event_met(the_environment, events)
    ),
    event as (
        select e.visitor_id, e.event_id, e.day,
               case when is_unrated(the_environment, own, e.properties, e.ts)
                    then foreign_currency(e.properties, own) end as unrated,
               case when e.seq > coalesce(c.seq, -1) then 'pending'
                    when e.marks & 1 > 0 then 'bot'
                    when e.marks & 2 > 0 then 'staff'
                    when e.marks <> 0 then 'forced'
                    when is_excluded(e.slice, e.visitor_id, the_environment) then 'excluded'
                    when exists (select from met m
                                 where m.visitor_id = e.visitor_id and m.event_id = e.event_id and m.day = e.day)
                    then null
                    when e.name <> 'exposure' then 'not_exposed'
                    when exists (select from campaign_variant v
                                 where v.environment_id = the_environment
                                       and v.campaign = e.properties ->> 'campaign'
                                       and v.phase::text = e.properties ->> 'phase'
                                       and v.experience = coalesce(e.properties ->> 'experience', '')
                                       and v.variant = e.properties ->> 'variant') then 'after_phase'
                    else 'unassigned' end as why
        from unnest(events) e
        left join fold_cursor c on c.consumer = 1 and c.slice = e.slice and c.writer = e.writer
    )
    select e.visitor_id, e.event_id, e.day, jsonb_build_object(
               'counts', case when e.why is distinct from 'pending'
                              then e.why is null and coalesce(bool_or(m.what = any (
                                       '{counted,exposed,known,crossover}')), false) end,
               'why', e.why, 'unrated', e.unrated,
               'campaigns', coalesce(jsonb_agg(jsonb_build_object(
                   'campaign', m.campaign, 'phase', m.phase, 'variant', m.variant, 'what', m.what,
                   'metrics', to_jsonb(m.metrics)) order by m.campaign, m.phase, m.what)
                   filter (where m.campaign is not null and e.why is null), '[]'))
    from event e
    left join met m on m.visitor_id = e.visitor_id and m.event_id = e.event_id and m.day = e.day
    group by e.visitor_id, e.event_id, e.day, e.unrated, e.why;
end
$$;

CREATE FUNCTION public.event_forget(keep_days integer) RETURNS date
    LANGUAGE plpgsql SECURITY DEFINER
    SET lock_timeout TO '500ms'
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    oldest date;
    partition_name text;
    is_unread boolean;
begin
    select min(to_date(substr(c.relname, 15), 'YYYYMMDD')) into oldest
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'visitor_event'::regclass and not import_needs(to_date(substr(c.relname, 15), 'YYYYMMDD'));
    if oldest is null or oldest >= (now() at time zone 'UTC')::date - greatest(keep_days, 10)
       or oldest >= event_needed_from() then
        return null;
    end if;
    partition_name := 'visitor_event_' || to_char(oldest, 'YYYYMMDD');
    execute format('select exists (select from consumer k cross join slice s cross join writer w '
                   'left join fold_cursor c on c.consumer = k.id and c.slice = s.number and c.writer = w.id '
                   'cross join lateral (select from %I e where e.writer = w.id and e.slice = s.number '
                   'and e.seq > coalesce(c.seq, -1) limit 1) one)', partition_name) into is_unread;
    if is_unread then
        return null;
    end if;
    insert into event_horizon (from_day) values (oldest + 1)
    on conflict (is_only) do update set from_day = greatest(event_horizon.from_day, excluded.from_day);
    execute format('drop table %I', partition_name);
    return oldest;
end
$$;

CREATE TABLE public.event_hour (
    slice integer NOT NULL,
    environment_id integer NOT NULL,
    day date NOT NULL,
    hour integer NOT NULL,
    name text NOT NULL,
    event_count bigint NOT NULL,
    value_count bigint NOT NULL,
    currency_count bigint NOT NULL,
    unassigned_count bigint NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    site_seen_at timestamp with time zone
);

CREATE FUNCTION public.event_hour_add(hours public.event_hour[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into event_hour as h
    select * from unnest(hours) order by slice, environment_id, day, name, hour
    on conflict (slice, environment_id, day, name, hour) do update
    set event_count = h.event_count + excluded.event_count, value_count = h.value_count + excluded.value_count,
        currency_count = h.currency_count + excluded.currency_count,
        unassigned_count = h.unassigned_count + excluded.unassigned_count,
        last_seen_at = greatest(h.last_seen_at, excluded.last_seen_at),
        site_seen_at = greatest(h.site_seen_at, excluded.site_seen_at);
end
$$;

CREATE FUNCTION public.event_hour_name(the_slice integer, hours public.event_hour[]) RETURNS public.event_hour[]
    LANGUAGE plpgsql
    AS $$
begin
    return array(
    with fresh as (
        select environment_id, day, name, sum(event_count) as rows from unnest(hours)
        group by environment_id, day, name
    ),
    known as (
        select distinct h.environment_id, h.day, h.name
        from event_hour h
        join (select distinct environment_id, day from fresh) d
             on d.environment_id = h.environment_id and d.day = h.day
        where h.slice = the_slice
    ),
    placed as (
        select f.environment_id, f.day, f.name,
               row_number() over (partition by f.environment_id, f.day
                                  order by k.name is null, f.rows desc, f.name)
               + (select count(*) from known o
                  where o.environment_id = f.environment_id and o.day = f.day
                        and not exists (select from fresh n where n.environment_id = o.environment_id
                                                                  and n.day = o.day and n.name = o.name)) as place,
               k.name is not null as is_known
        from fresh f
        left join known k on k.environment_id = f.environment_id and k.day = f.day and k.name = f.name
    )
    select row(the_slice, h.environment_id, h.day, h.hour,
               case when p.is_known or p.place <= 200 then h.name else '' end,
               sum(h.event_count), sum(h.value_count), sum(h.currency_count), sum(h.unassigned_count),
               max(h.last_seen_at), max(h.site_seen_at))::event_hour
    from unnest(hours) h
    join placed p on p.environment_id = h.environment_id and p.day = h.day and p.name = h.name
    group by h.environment_id, h.day, h.hour, case when p.is_known or p.place <= 200 then h.name else '' end);
end
$$;

CREATE FUNCTION public.event_hour_of(the_slice integer, the_writer integer, first bigint, last bigint, from_day date) RETURNS public.event_hour[]
    LANGUAGE plpgsql
    AS $$
declare
    near date := near_day();
    old visitor_event[] := past_of_writer(the_slice, the_writer, first, last, from_day, near);
begin
    return array(
    with fresh as materialized (
        select e.environment_id, e.ts at time zone 'UTC' as moment, e.ts, e.name,
               case when not is_simulated(e.visitor_id) then e.received_at end as site_at,
               coalesce(is_amount(told_number(e.properties -> 'value')), false) as has_value,
               e.properties ->> 'currency' is not null as has_currency,
               case when e.name = 'exposure' then e.properties ->> 'campaign' end as campaign,
               case when e.name = 'exposure' then e.properties -> 'phase' end as phase,
               case when e.name = 'exposure' then coalesce(e.properties ->> 'experience', '') end as experience,
               case when e.name = 'exposure' then e.properties ->> 'variant' end as variant
        from (select environment_id, visitor_id, ts, received_at, name, properties from visitor_event
              where writer = the_writer and slice = the_slice and seq > first and seq <= last
                    and day >= greatest(from_day, near) and not is_imported(visitor_id)
              union all
              select environment_id, visitor_id, ts, received_at, name, properties
              from unnest(old) where not is_imported(visitor_id)) e
    )
    select row(the_slice, f.environment_id, f.moment::date, extract(hour from f.moment)::int, f.name, count(*),
               count(*) filter (where f.has_value), count(*) filter (where f.has_currency),
               count(*) filter (where f.name = 'exposure' and v.variant is null), max(f.ts),
               max(f.site_at))::event_hour
    from fresh f
    left join campaign_variant v on v.environment_id = f.environment_id and v.campaign = f.campaign
         and to_jsonb(v.phase) = f.phase and v.experience = f.experience and v.variant = f.variant
    group by f.environment_id, f.moment::date, extract(hour from f.moment)::int, f.name);
end
$$;

CREATE FUNCTION public.event_hour_step(the_slice integer, row_limit integer, OUT row_count integer, OUT visitor_count integer, OUT is_more boolean, OUT is_held boolean, OUT is_swept boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    unread record;
    hours event_hour[] := '{}';
begin
    perform fold_prepare();
    row_count := 0;
    visitor_count := 0;
    is_more := false;
    is_swept := false;
    is_held := not pg_try_advisory_xact_lock(fold_lock(2), the_slice);
    if is_held then
        return;
    end if;
    unread := slice_unread(2, the_slice, row_limit);
    for i in 1 .. coalesce(cardinality(unread.writers), 0) loop
        hours := hours
            || event_hour_of(the_slice, unread.writers[i], unread.firsts[i], unread.lasts[i], unread.from_day);
    end loop;
    if hours <> '{}' then
        perform event_hour_add(event_hour_name(the_slice, hours));
        perform omission_add(the_slice, unread.writers, unread.firsts, unread.lasts, unread.from_day, hours);
    end if;
    perform slice_read(2, the_slice, unread.writers, unread.lasts, unread.is_cut);
    row_count := (select coalesce(sum(event_count), 0) from unnest(hours));
    is_more := unread.is_cut;
end
$$;

CREATE FUNCTION public.event_hour_trim() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from event_hour where day < (now() at time zone 'UTC')::date - 400;
end
$$;

CREATE FUNCTION public.event_met(the_environment integer, events public.visitor_event[]) RETURNS TABLE(visitor_id text, event_id uuid, day date, campaign text, phase integer, variant text, what text, metrics text[])
    LANGUAGE plpgsql
    AS $$
declare
    own text := (select environment_currency(n.document) from environment n where n.id = the_environment);
begin
    return query
    with converted as materialized (
        select e.visitor_id, e.event_id, e.day, e.name, e.ts, r.rate,
               case when r.rate is null then e.properties else converted_properties(e.properties, r.rate) end
                   as properties
        from unnest(events) e
        cross join lateral (select rate_of(the_environment, own, e.properties, e.ts) as rate) r
    ),
    measured as materialized (
        select u.visitor_id, u.event_id, u.day, u.campaign, u.phase, u.variant, t.key as metric,
               coalesce(u.what,
                        case when p.metric_id is null then 'no_metric'
                             when e.ts >= u.exposed_at + p.stay then 'after_window'
                             when p.filter is not null
                                  and (e.name <> 'refund' or event_order(e.properties) is null)
                                  and jsonb_path_match(e.properties, p.filter, '{}', true) is not true then 'filtered'
                             when line_money(line_amount(e.properties, p.path, p.scale), p.is_money, p.path,
                                             e.rate) = 'NaN'
                             then case when e.rate[2] = 'NaN' then 'no_rate' else 'no_amount' end
                             else 'counted' end) as what
        from event_units(the_environment, events) u
        join converted e on e.visitor_id = u.visitor_id and e.event_id = u.event_id and e.day = u.day
        left join metric_part p on u.what is null and p.campaign_id = u.campaign_id
             and p.event = case e.name when 'refund' then 'purchase' else e.name end
             and (e.name <> 'refund' or p.path is not null)
        left join metric t on t.id = p.metric_id
    ),
    told as (
        select m.visitor_id, m.event_id, m.day, m.campaign, m.phase, m.variant, m.what, m.metric,
               min(effect_class(m.what)) over (partition by m.visitor_id, m.event_id, m.day, m.campaign) as best
        from measured m
        where m.what = 'no_rate' or not exists (
                  select from measured o
                  where o.what = case m.what when 'counted' then 'no_rate' else 'counted' end
                        and o.visitor_id = m.visitor_id and o.event_id = m.event_id
                        and o.day = m.day and o.campaign = m.campaign and o.phase = m.phase and o.metric = m.metric)
    )
    select o.visitor_id, o.event_id, o.day, o.campaign, o.phase, o.variant, o.what,
           coalesce(array_agg(distinct o.metric) filter (where o.metric is not null), '{}')
    from told o
    where effect_class(o.what) = o.best
    group by o.visitor_id, o.event_id, o.day, o.campaign, o.phase, o.variant, o.what;
end
$$;

CREATE FUNCTION public.event_needed_from() RETURNS date
    LANGUAGE sql STABLE
    AS $$
    select min(fold_day(p.started_at - campaign_look_back(array[p.campaign_id])))
    from phase p join campaign c on c.id = p.campaign_id
    where not campaign_is_closed(c.id) and not exists (select from import i where i.campaign_id = c.id)
          and (c.status <> 'archived'
               or exists (select from phase q where q.campaign_id = c.id
                          and coalesce(q.ended_at, 'infinity') > now() - interval '30 days'))
$$;

CREATE FUNCTION public.event_number(properties jsonb, path text[]) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
    number numeric;
begin
    if path[1] = 'items' and array_length(path, 1) > 1 then
        if jsonb_typeof(properties -> 'items') is distinct from 'array' then
            return null;
        end if;
        select case when bool_and(is_amount(a)) then sum(a) else 'NaN' end into number
        from jsonb_array_elements(properties -> 'items') i (item)
        cross join lateral item_amount(i.item, path[2:]) a
        having count(*) > 0;
    else
        number := told_number(properties #> path);
    end if;
    return case when number is null or is_amount(number) then number else 'NaN' end;
end
$$;

CREATE FUNCTION public.event_order(properties jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case jsonb_typeof(properties -> 'transaction_id')
           when 'string' then nullif(properties ->> 'transaction_id', '')
           when 'number' then trim_scale((properties ->> 'transaction_id')::numeric)::text end
$$;

CREATE FUNCTION public.event_units(the_environment integer, events public.visitor_event[]) RETURNS TABLE(visitor_id text, event_id uuid, day date, campaign_id integer, campaign text, phase integer, variant text, exposed_at timestamp with time zone, what text)
    LANGUAGE plpgsql
    AS $$
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    return query
    with event as materialized (
        select e.slice, e.visitor_id, e.event_id, e.day, e.name, e.ts, e.properties,
               case when e.name = 'purchase' then order_begin(e.properties) end as order_id
        from unnest(events) e where e.marks = 0
    ),
    known as materialized (
        select x.slice, x.unit_id, x.campaign_id, x.phase, x.experience, x.variant, x.event_id as exposure_id,
               x.exposed_at, c.key as campaign, coalesce(p.ended_at, 'infinity') as until,
               x.exposed_at - greatest(interval '35 days', phase_pre_period(p.document)) as orders_since,
               exists (select from overflow o
                       where o.slice = x.slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
                             and o.phase = x.phase and o.experience = x.experience) as is_overflowing
        from (select distinct e.slice, e.visitor_id from event e) v
        join exposure x on x.slice = v.slice and x.unit_id = v.visitor_id
        join campaign c on c.id = x.campaign_id and c.environment_id = the_environment
        join phase p on p.campaign_id = x.campaign_id and p.number = x.phase
    ),
    bought as materialized (
        select s.slice, o.visitor_id, o.event_id, o.ts, o.order_id
        from (select e.slice, array_agg(distinct e.visitor_id) as visitors, min(e.day) - 90 as first_day,
                     max(e.day) + 2 as last_day, 20000 / count(*) over () as row_limit
              from event e
              join known k on k.slice = e.slice and k.unit_id = e.visitor_id and not k.is_overflowing
              where e.order_id is not null
              group by e.slice) s
        cross join lateral orders_of(s.slice, s.visitors, greatest(s.first_day, near_day()), s.last_day,
                                     s.row_limit) o
        where o.environment_id = the_environment
    )
    select e.visitor_id, e.event_id, e.day, k.campaign_id, k.campaign, k.phase, k.variant, k.exposed_at,
           case when e.name = 'exposure' and e.event_id = k.exposure_id then 'exposed'
                when e.name = 'exposure' and e.properties ->> 'variant' = k.variant then 'known'
                when e.name = 'exposure' then 'crossover'
                when e.ts >= k.until then 'after_phase'
                when e.ts < k.exposed_at then 'before_exposure'
                when k.is_overflowing then 'overflow'
                when exists (select from bought b
                             where b.slice = e.slice and b.visitor_id = e.visitor_id and b.order_id = e.order_id
                                   and b.ts >= k.orders_since and (b.ts, b.event_id) < (e.ts, e.event_id))
                then 'duplicate_order' end
    from event e
    join known k on k.slice = e.slice and k.unit_id = e.visitor_id
    where e.name <> 'exposure'
          or (e.properties ->> 'campaign' = k.campaign and e.properties ->> 'phase' = k.phase::text
              and coalesce(e.properties ->> 'experience', '') = k.experience and e.ts < k.until);
end
$$;

CREATE FUNCTION public.excluded_settle(the_slice integer, the_campaign integer, the_phase integer, ended timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from excluded_exposure
    where slice = the_slice and campaign_id = the_campaign and phase = the_phase and exposed_at >= ended;
end
$$;

CREATE FUNCTION public.excluded_since(the_slice integer, units text[], campaigns integer[]) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
begin
    return (select min(exposed_at) from excluded_exposure
            where slice = the_slice and unit_id = any (array(select unnest(units)))
                  and campaign_id + 0 = any (campaigns));
end
$$;

CREATE FUNCTION public.excluded_units(the_slice integer, units text[], campaigns integer[]) RETURNS TABLE(unit_id text, campaign_id integer)
    LANGUAGE plpgsql
    AS $$
begin
    return query
        select v.visitor_id, c.id
        from excluded_visitor v
        join campaign c on c.environment_id = v.environment_id
        where v.slice = the_slice and v.visitor_id = any (array(select unnest(units))) and c.id = any (campaigns);
end
$$;

CREATE TABLE public.exposure (
    slice integer NOT NULL,
    unit_id text NOT NULL COLLATE pg_catalog."C",
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    variant text NOT NULL,
    allocation integer DEFAULT 1 NOT NULL,
    is_crossover boolean NOT NULL,
    event_id uuid NOT NULL,
    exposed_at timestamp with time zone NOT NULL,
    cohort_day date NOT NULL,
    dimensions jsonb NOT NULL,
    has_past boolean NOT NULL
);

CREATE FUNCTION public.excluded_write(the_slice integer, units text[], campaigns integer[], fresh public.exposure[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from excluded_exposure o
    where o.slice = the_slice and o.unit_id = any (array(select unnest(units))) and o.campaign_id + 0 = any (campaigns)
          and (o.unit_id, o.campaign_id, o.phase, o.experience, o.event_id, o.exposed_at) not in (
              select f.unit_id, f.campaign_id, f.phase, f.experience, f.event_id, f.exposed_at from unnest(fresh) f);
    insert into excluded_exposure (slice, unit_id, campaign_id, phase, experience, event_id, exposed_at)
    select the_slice, f.unit_id, f.campaign_id, f.phase, f.experience, f.event_id, f.exposed_at from unnest(fresh) f
    order by 2, 3, 4, 5
    on conflict do nothing;
end
$$;

CREATE FUNCTION public.exclusion_is_due(the_environment integer, the_visitor text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (select from exclusion_due d
                   where d.slice = slice_of(the_visitor) and d.environment_id = the_environment
                         and d.visitor_id = the_visitor)
$$;

CREATE FUNCTION public.exclusion_limit(the_environment integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if (select count(*) from excluded_visitor v where v.environment_id = the_environment) >= 10000 then
        raise exception 'too many visitors are taken out'
            using errcode = 'program_limit_exceeded', constraint = 'exclusions';
    end if;
end
$$;

CREATE FUNCTION public.exclusion_mark(the_environment integer, the_visitor text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into exclusion_due (slice, environment_id, visitor_id)
    values (slice_of(the_visitor), the_environment, the_visitor)
    on conflict (slice, environment_id, visitor_id) do update set marked_at = now();
end
$$;

CREATE FUNCTION public.exclusion_view(the_environment integer, the_visitor text) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object('reason', v.reason, 'excluded_by', coalesce(audit_actor_name(v.actor), v.actor),
                              'excluded_at', rfc3339(v.excluded_at))
    from excluded_visitor v
    where v.slice = slice_of(the_visitor) and v.visitor_id = the_visitor and v.environment_id = the_environment
$$;

CREATE FUNCTION public.export_events(the_environment integer, the_campaign text, the_phase integer, after_visitor text, row_limit integer, after_us bigint, after_event uuid) RETURNS TABLE(cursor text, item json)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
declare
    first_day date;
    last_day date;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    select min(h.cohort_day) - 3, max(coalesce((p.ended_at at time zone 'UTC')::date, current_date)) + 3
    into first_day, last_day
    from campaign c
    join phase p on p.campaign_id = c.id and p.number = coalesce(the_phase, c.phase)
    join cohort h on h.campaign_id = c.id and h.phase = p.number
    where c.environment_id = the_environment and c.key = the_campaign;
    return query
        select coalesce(x.event_id, '00000000-0000-0000-0000-000000000000') || ':'
                   || (extract(epoch from coalesce(x.ts, to_timestamp(0))) * 1000000)::bigint || ':'
                    || x.unit_id as cursor,
               case when x.event_id is not null then
                   json_build_object('visitor_id', visitor_own_id(x.unit_id), 'phase', x.phase, 'variant', x.variant,
                                     'event_id', x.event_id, 'name', x.name, 'ts', rfc3339(x.ts),
                                     'properties', x.properties) end as item
        from campaign c
        left join lateral (
            select u.slice, u.unit_id, u.phase, u.variant, e.event_id, e.name, e.ts, e.properties
            from (select * from exposure
                  where campaign_id = c.id and phase = coalesce(the_phase, c.phase)
                        and (slice, unit_id) >= (coalesce(slice_of(after_visitor), -1), coalesce(after_visitor, ''))
                  order by slice, unit_id limit row_limit + 1) u
            join phase p on p.campaign_id = u.campaign_id and p.number = u.phase
            left join lateral (
                select * from visitor_event v
                where v.slice = u.slice and v.visitor_id = u.unit_id
                      and v.environment_id = c.environment_id and v.marks = 0
                      and v.day between first_day and last_day and v.day >= (u.exposed_at at time zone 'UTC')::date - 3
                      and v.ts >= u.exposed_at and v.ts < coalesce(p.ended_at, 'infinity')
                      and (v.visitor_id is distinct from after_visitor
                           or (v.ts, v.event_id) > (to_timestamp(0) + after_us * interval '1 microsecond', after_event))
                order by v.ts, v.event_id limit row_limit) e on true
            where e.event_id is not null or u.unit_id is distinct from after_visitor
            order by u.slice, u.unit_id, e.ts, e.event_id limit row_limit) x on true
        where c.environment_id = the_environment and c.key = the_campaign and must_have_visitors(c.id)
        order by x.slice, x.unit_id, x.ts, x.event_id;
end
$$;

CREATE FUNCTION public.exposed_since(the_slice integer, units text[], campaigns integer[]) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
begin
    return (select min(exposed_at) from exposure
            where slice = the_slice and unit_id = any (array(select unnest(units)))
              and campaign_id + 0 = any (campaigns));
end
$$;

CREATE FUNCTION public.exposure_change(the_slice integer, units text[], first timestamp with time zone, campaigns integer[], OUT put public.exposure[], OUT gone public.exposure[], OUT aside public.exposure[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    stored exposure[] := exposure_stored(the_slice, units, campaigns);
    since timestamptz := least((select min(exposed_at) from unnest(stored)),
                               excluded_since(the_slice, units, campaigns));
    fresh exposure[] := exposure_of(the_slice, units, campaigns, fold_day(least(first, since)));
begin
    aside := array(
        select f from unnest(fresh) f
        where (f.unit_id, f.campaign_id) in (select * from excluded_units(the_slice, units, campaigns)));
    if aside <> '{}' then
        fresh := array(select f from unnest(fresh) f where f <> all (aside));
    end if;
    select coalesce(array_agg(f) filter (where f.unit_id is not null and f is distinct from s), '{}'),
           coalesce(array_agg(s) filter (where f.unit_id is null), '{}')
    into put, gone
    from unnest(fresh) f
    full join unnest(stored) s on s.unit_id = f.unit_id and s.campaign_id = f.campaign_id and s.phase = f.phase
                                  and s.experience = f.experience;
end
$$;

CREATE FUNCTION public.exposure_of(the_slice integer, units text[], campaigns integer[], from_day date) RETURNS public.exposure[]
    LANGUAGE plpgsql
    AS $$
declare
    past_day date := from_day - 4 - extract(day from campaign_look_back(campaigns))::int;
    near date := near_day();
    old visitor_event[] := past_of_visitors(the_slice, units, past_day, near, null);
begin
    return array(
    with known as materialized (select * from campaign_variant where campaign_id = any (campaigns)),
    shown as materialized (
        select visitor_id, environment_id, event_id, ts, properties from visitor_event
        where slice = the_slice and visitor_id = any (array(select unnest(units)))
              and day >= greatest(from_day, near) and name = 'exposure' and marks = 0
        union all
        select visitor_id, environment_id, event_id, ts, properties from unnest(old)
        where day >= from_day and name = 'exposure'
    ),
    met as materialized (
        select *, max(ts) over (partition by visitor_id, environment_id order by ts range
                                between unbounded preceding and interval '1 microsecond' preceding) as before
        from (select s.*, v.campaign_id, v.phase, v.experience, v.variant, v.time_zone, v.pre_period, v.dimensions,
                     min(v.variant) over unit as first_variant, max(v.variant) over unit as last_variant,
                     row_number() over (unit order by s.ts, s.event_id) as turn
              from shown s
              join known v on v.environment_id = s.environment_id and v.campaign = s.properties ->> 'campaign'
                   and to_jsonb(v.phase) = s.properties -> 'phase' and v.variant = s.properties ->> 'variant'
                   and v.experience = coalesce(s.properties ->> 'experience', '') and is_own(v.import_id, s.visitor_id)
              where s.ts < coalesce(v.ended_at, 'infinity')
              window unit as (partition by s.visitor_id, v.campaign_id, v.phase, v.experience)) x
        where turn = 1
    ),
    asked as materialized (
        select distinct visitor_id, environment_id, ts, pre_period from met
        where coalesce(before < ts - pre_period, true)
    ),
    past as materialized (
        select a.*, exists (
                   select from visitor_event e
                   where e.slice = the_slice and e.visitor_id = a.visitor_id and e.environment_id = a.environment_id
                         and e.marks = 0 and e.ts < a.ts and e.ts >= a.ts - a.pre_period
                         and e.day >= greatest(past_day, near) and e.day <= (a.ts at time zone 'UTC')::date + 2
                         and e.day >= ((a.ts - a.pre_period) at time zone 'UTC')::date - 2)
                   or (visitor_id, environment_id, ts, pre_period) in (
                       select visitor_id, environment_id, b.ts, pre_period
                       from asked b join unnest(old) e using (visitor_id, environment_id)
                       where e.ts < b.ts and e.ts >= b.ts - pre_period) as is_there
        from asked a
    )
    select row(the_slice, m.visitor_id, m.campaign_id, m.phase, m.experience, m.variant,
               coalesce((select max(a.number) from allocation a
                         where a.campaign_id = m.campaign_id and a.phase = m.phase and a.experience = m.experience
                               and a.from_day <= (m.ts at time zone m.time_zone)::date), 1),
               m.first_variant <> m.last_variant, m.event_id, m.ts, (m.ts at time zone m.time_zone)::date,
               (select coalesce(jsonb_object_agg(d ->> 'key', dimension_value(
                           d, m.properties #>> string_to_array(d ->> 'source', '.'))), '{}')
                from jsonb_array_elements(m.dimensions) d), coalesce(p.is_there, true))::exposure
    from met m
    left join past p using (visitor_id, environment_id, ts, pre_period));
end
$$;

CREATE FUNCTION public.exposure_stored(the_slice integer, units text[], campaigns integer[]) RETURNS public.exposure[]
    LANGUAGE plpgsql
    AS $$
begin
    return array(
        select row(slice, unit_id, campaign_id, phase, experience, variant, allocation, is_crossover, event_id,
                   exposed_at, cohort_day, dimensions, has_past)::exposure
        from exposure
        where slice = the_slice and unit_id = any (array(select unnest(units)))
              and campaign_id + 0 = any (campaigns));
end
$$;

CREATE FUNCTION public.exposure_write(the_slice integer, put public.exposure[], gone public.exposure[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from exposure x using unnest(gone) g
    where x.slice = the_slice
          and (x.unit_id, x.campaign_id, x.phase, x.experience) = (g.unit_id, g.campaign_id, g.phase, g.experience);
    insert into exposure
    select * from unnest(put) order by unit_id, campaign_id, phase, experience
    on conflict (slice, unit_id, campaign_id, phase, experience) do update
    set (variant, allocation, is_crossover, event_id, exposed_at, cohort_day, dimensions, has_past)
        = (excluded.variant, excluded.allocation, excluded.is_crossover, excluded.event_id, excluded.exposed_at,
           excluded.cohort_day, excluded.dimensions, excluded.has_past);
end
$$;

CREATE TABLE public.flag (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    key text NOT NULL,
    document jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone
);

CREATE FUNCTION public.flag_view(f public.flag) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select f.document || jsonb_build_object('key', f.key, 'version', f.version,
        'created_at', rfc3339(f.created_at), 'updated_at', rfc3339(f.updated_at))
$$;

CREATE FUNCTION public.flags_in_use(of_environment integer) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select (select jsonb_object_agg(f.key, c.key)
            from campaign c, jsonb_array_elements(c.document -> 'variants') v, jsonb_each(v -> 'flags') f
            where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused'))
$$;

CREATE FUNCTION public.fnv1a(of_text text) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
declare
    hash bigint := 2166136261;
    code int;
begin
    for place in 1 .. length(of_text) loop
        code := ascii(substr(of_text, place, 1));
        if code > 65535 then
            hash := ((hash # (55296 + ((code - 65536) >> 10))) * 16777619) & 4294967295;
            code := 56320 + ((code - 65536) & 1023);
        end if;
        hash := ((hash # code) * 16777619) & 4294967295;
    end loop;
    return hash;
end
$$;

CREATE FUNCTION public.fold_apply(the_slice integer, exposed text[], first timestamp with time zone, active text[], campaigns integer[], is_anew boolean) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    change record;
    changed text[] := '{}';
    touched text[] := active;
    cohort_before cohort[];
    moment_before moment[];
begin
    if exposed <> '{}' then
        change := exposure_change(the_slice, exposed, first, campaigns);
        changed := array(select unit_id from unnest(change.put) union select unit_id from unnest(change.gone));
        touched := array(select unnest(changed) union select unnest(active));
        perform excluded_write(the_slice, exposed, campaigns, change.aside);
    end if;
    if touched <> '{}' then
        moment_before := moment_of(the_slice, touched, campaigns);
        cohort_before := cohort_of(the_slice, changed, campaigns) || overflow_of(the_slice, touched, campaigns);
        if changed <> '{}' then
            perform exposure_write(the_slice, change.put, change.gone);
        end if;
        perform outcome_write(the_slice, touched, campaigns, is_anew);
        perform cohort_add(the_slice, cohort_before, cohort_of(the_slice, changed, campaigns)
                                                     || overflow_of(the_slice, touched, campaigns));
        perform moment_add(the_slice, moment_before, moment_of(the_slice, touched, campaigns));
    end if;
    return (select count(*) from (select unnest(exposed) union select unnest(active)) units);
end
$$;

CREATE FUNCTION public.fold_backfill(the_slice integer, unit_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    campaign int;
    metrics int[];
    done_before text;
    chunk text[];
begin
    select m.campaign_id, array_agg(m.metric_id),
           min(coalesce((select w.done_to from sweep w
                         where w.slice = the_slice and w.campaign_id = m.campaign_id and w.phase = 0
                               and w.metric_id = m.metric_id), ''))
    into campaign, metrics, done_before
    from campaign_metric m
    where not m.is_computed and not campaign_is_closed(m.campaign_id)
          and not exists (select from sweep w
                          where w.slice = the_slice and w.campaign_id = m.campaign_id and w.phase = 0
                                and w.metric_id = m.metric_id and w.is_done)
    group by m.campaign_id order by m.campaign_id limit 1;
    if not found then
        return null;
    end if;
    chunk := array(select distinct unit_id from exposure
                   where campaign_id = campaign and slice = the_slice and unit_id > done_before
                   order by unit_id limit unit_limit);
    perform fold_apply(the_slice, '{}', null, chunk, array[campaign], true);
    perform sweep_write(the_slice, campaign, 0, metric, coalesce(chunk[unit_limit], ''),
                        cardinality(chunk) < unit_limit)
    from unnest(metrics) metric;
    return cardinality(chunk) < unit_limit;
end
$$;

CREATE FUNCTION public.fold_backlog(row_limit integer) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
begin
    return consumer_backlog(1, row_limit);
end
$$;

CREATE FUNCTION public.fold_campaigns(since timestamp with time zone) RETURNS integer[]
    LANGUAGE sql STABLE
    AS $$
    select array(select distinct campaign_id from phase
                 where coalesce(ended_at, 'infinity') > since and not campaign_is_closed(campaign_id))
$$;

CREATE FUNCTION public.fold_day(moment timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE
    AS $$ select (moment at time zone 'UTC' - interval '2 days')::date $$;

CREATE FUNCTION public.fold_due() RETURNS TABLE(consumer integer, slice integer, rest_ms integer)
    LANGUAGE plpgsql
    AS $$
begin
    return query
        with due as (
            select u.consumer, u.slice from unread_head u
            union
            select 1, d.slice from sweep_due d
        )
        select due.consumer, due.slice, k.rest_ms
        from due join consumer k on k.id = due.consumer
        order by 1, 2;
end
$$;

CREATE FUNCTION public.fold_events(the_slice integer, writers integer[], firsts bigint[], lasts bigint[], from_day date) RETURNS public.fold_event[]
    LANGUAGE plpgsql
    AS $_$
declare
    events fold_event[] := '{}';
    near date := near_day();
    old visitor_event[];
    i int;
begin
    for i in 1 .. coalesce(cardinality(writers), 0) loop
        old := past_of_writer(the_slice, writers[i], firsts[i], lasts[i], from_day, near);
        events := events || array(
            select row(visitor_id, environment_id, event_id, name, ts, marks,
                       case when name = 'exposure' then properties ->> 'campaign' end,
                       case when name = 'exposure' and jsonb_typeof(properties -> 'phase') = 'number'
                            then (properties ->> 'phase')::numeric end,
                       case when name = 'exposure' then coalesce(properties ->> 'experience', '') end,
                       case when name = 'exposure' then properties ->> 'variant' end,
                       case when properties ->> 'currency' ~ '^[A-Z]{3}$'
                            then properties ->> 'currency' end)::fold_event
            from (select visitor_id, environment_id, event_id, name, ts, marks, properties from visitor_event
                  where writer = writers[i] and slice = the_slice and seq > firsts[i] and seq <= lasts[i]
                        and day >= greatest(from_day, near)
                  union all
                  select visitor_id, environment_id, event_id, name, ts, marks, properties from unnest(old)) e);
    end loop;
    return events;
end
$_$;

CREATE FUNCTION public.fold_exclude(the_slice integer, unit_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    environment int;
    chunk text[];
    campaigns int[];
begin
    select d.environment_id, array_agg(d.visitor_id) into environment, chunk
    from (select visitor_id, environment_id from exclusion_due
          where slice = the_slice
                and environment_id = (select min(environment_id) from exclusion_due where slice = the_slice)
          order by visitor_id limit unit_limit for update skip locked) d
    group by d.environment_id;
    if chunk is null then
        return null;
    end if;
    campaigns := array(select id from campaign where environment_id = environment and not campaign_is_closed(id));
    perform fold_apply(the_slice, chunk, '-infinity', chunk, campaigns, true);
    delete from exclusion_due
    where slice = the_slice and environment_id = environment and visitor_id = any (array(select unnest(chunk)));
    return not exists (select from exclusion_due where slice = the_slice);
end
$$;

CREATE FUNCTION public.fold_finish() RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    slices int := (select count from slicing);
    done record;
begin
    for done in
        select campaign_id, phase, metric_id from sweep where is_done
        group by campaign_id, phase, metric_id having count(*) = slices
        order by campaign_id, phase, metric_id
    loop
        update phase set is_settled = true
        where campaign_id = done.campaign_id and number = done.phase and not is_settled;
        update campaign_metric set is_computed = true
        where campaign_id = done.campaign_id and metric_id = done.metric_id and not is_computed;
        delete from sweep
        where campaign_id = done.campaign_id and phase = done.phase and metric_id = done.metric_id;
    end loop;
    update import i set state = 'gone', version = version + 1, updated_at = now()
    where i.state = 'leaving' and not exists (select from import_removal r where r.import_id = i.id);
end
$$;

CREATE FUNCTION public.fold_limits(document jsonb, OUT day_events integer, OUT all_events integer, OUT early_rows integer) RETURNS record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select coalesce((document ->> 'unit_events_per_day')::int, 2000),
           coalesce((document ->> 'unit_events')::int, 20000),
           coalesce((document ->> 'early_exposures')::int, 100000)
$$;

CREATE FUNCTION public.fold_lock(the_consumer integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    AS $$ select 1835365000 + the_consumer $$;

CREATE FUNCTION public.fold_prepare() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the fold runs in READ COMMITTED only' using errcode = '25001';
    end if;
    perform set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),
            set_config('enable_nestloop', 'off', true);
end
$$;

CREATE FUNCTION public.fold_rates(the_slice integer, unit_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    due record;
    chunk text[];
    campaigns int[];
begin
    with next as (
        select environment_id, currency from rate_due where slice = the_slice
        order by environment_id, currency limit 1 for update skip locked
    ),
    mine as (
        select d.* from next n
        join rate_due d on d.slice = the_slice and d.environment_id = n.environment_id and d.currency = n.currency
        for update of d skip locked
    )
    select environment_id, currency, min(from_day) as from_day, max(to_day) as to_day, min(done_to) as done_to,
           array_agg(id order by id) as ids into due
    from mine group by environment_id, currency;
    if not found then
        return null;
    end if;
    chunk := array(select distinct visitor_id from foreign_event
                   where slice = the_slice and environment_id = due.environment_id and currency = due.currency
                         and day >= due.from_day and day <= due.to_day and visitor_id > due.done_to
                   order by visitor_id limit unit_limit);
    campaigns := array(select c.id from campaign c
                       where c.environment_id = due.environment_id
                             and c.id = any (fold_campaigns(due.from_day::timestamp at time zone 'UTC')));
    perform fold_apply(the_slice, '{}', null, chunk, campaigns, false);
    if cardinality(chunk) < unit_limit then
        delete from rate_due where id = any (due.ids);
    else
        delete from rate_due where id = any (due.ids[2:]);
        update rate_due set from_day = due.from_day, to_day = due.to_day, done_to = chunk[unit_limit]
        where id = due.ids[1];
    end if;
    return cardinality(chunk) < unit_limit;
end
$$;

CREATE FUNCTION public.fold_read(the_slice integer, events public.fold_event[], OUT exposed text[], OUT first timestamp with time zone, OUT active text[], OUT since timestamp with time zone, OUT early public.fold_event[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
    with fresh as materialized (
        select * from unnest(events) where marks = 0
    ),
    visitor as materialized (
        select visitor_id, min(ts) as ts from fresh group by visitor_id
    ),
    stored as materialized (
        select x.unit_id, x.campaign_id, x.phase, x.experience, x.variant, x.is_crossover, x.event_id, x.exposed_at,
               x.has_past, v.ts
        from exposure x
        join visitor v on v.visitor_id = x.unit_id
        where x.slice = the_slice and x.unit_id = any (array(select visitor_id from visitor))
    ),
    aside as materialized (
        select x.unit_id, x.campaign_id, x.phase, x.experience, x.event_id, x.exposed_at
        from excluded_exposure x
        where x.slice = the_slice and x.unit_id = any (array(select visitor_id from visitor))
    ),
    shown as materialized (
        select f.visitor_id, f.environment_id, f.event_id, f.name, f.ts, f.marks, f.campaign, f.phase, f.experience,
               f.variant, p.number is null as is_early
        from fresh f
        left join campaign c on c.environment_id = f.environment_id and c.key = f.campaign
        left join phase p on p.campaign_id = c.id and p.number = f.phase
        left join stored s on s.unit_id = f.visitor_id and s.campaign_id = p.campaign_id
             and s.phase = p.number and s.experience = f.experience and (s.is_crossover or s.variant = f.variant)
             and (s.exposed_at, s.event_id) <= (f.ts, f.event_id)
        left join aside a on a.unit_id = f.visitor_id and a.campaign_id = p.campaign_id and a.phase = p.number
             and a.experience = f.experience and (a.exposed_at, a.event_id) <= (f.ts, f.event_id)
        where f.campaign is not null and f.phase is not null and s.unit_id is null and a.unit_id is null
    ),
    busy as materialized (
        select f.visitor_id, min(f.ts) as ts
        from fresh f
        join (select environment_id, name, max(until) as until from campaign_event
              group by environment_id, name) n
             on n.environment_id = f.environment_id and n.name = f.name and f.ts < n.until
        where f.visitor_id in (select unit_id from stored)
        group by f.visitor_id
    ),
    older as materialized (
        select unit_id, ts from stored where not has_past and exposed_at > ts
    )
    select array(select visitor_id from shown where not is_early union select unit_id from older),
           (select min(ts) from shown where not is_early),
           array(select visitor_id from busy),
           least((select min(ts) from shown where not is_early), (select min(ts) from busy),
                 (select min(ts) from older)),
           array(select row(visitor_id, environment_id, event_id, name, ts, marks, campaign, phase, experience,
                            variant, null)::fold_event from shown where is_early)
    into exposed, first, active, since, early;
end
$$;

CREATE FUNCTION public.fold_read_early(the_slice integer, row_limit integer, OUT exposed text[], OUT first timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
    exposed := '{}';
    if not exists (select from early_exposure where slice = the_slice) then
        return;
    end if;
    with due as materialized (
        select e.visitor_id, e.environment_id, e.campaign, e.phase
        from early_exposure e
        join campaign c on c.environment_id = e.environment_id and c.key = e.campaign
        join phase p on p.campaign_id = c.id and p.number = e.phase
        where e.slice = the_slice
        limit row_limit
    ),
    taken as (
        delete from early_exposure e
        using due d
        where e.slice = the_slice and (e.visitor_id, e.environment_id, e.campaign, e.phase)
              = (d.visitor_id, d.environment_id, d.campaign, d.phase)
        returning e.visitor_id, e.ts
    )
    select coalesce(array_agg(distinct visitor_id), '{}'), min(ts) into exposed, first from taken;
end
$$;

CREATE FUNCTION public.fold_remove(the_slice integer, row_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    gone import_removal;
    prefix text;
    year record;
    row_count int;
begin
    select * into gone from import_removal where slice = the_slice order by import_id limit 1;
    if not found then
        return null;
    end if;
    prefix := import_prefix(gone.import_id);
    if gone.from_day is null then
        delete from exposure where slice = the_slice and campaign_id = gone.campaign_id;
        delete from outcome where slice = the_slice and campaign_id = gone.campaign_id;
        delete from overflow where slice = the_slice and campaign_id = gone.campaign_id;
        delete from cohort where slice = the_slice and campaign_id = gone.campaign_id;
        delete from moment where slice = the_slice and campaign_id = gone.campaign_id;
        delete from sweep where slice = the_slice and campaign_id = gone.campaign_id;
        delete from excluded_exposure where slice = the_slice and campaign_id = gone.campaign_id;
        delete from excluded_visitor where slice = the_slice and starts_with(visitor_id, prefix);
        delete from exclusion_due where slice = the_slice and starts_with(visitor_id, prefix);
        delete from foreign_event where slice = the_slice and starts_with(visitor_id, prefix);
        delete from early_exposure where slice = the_slice and starts_with(visitor_id, prefix);
    end if;
    select * into year from past_years(coalesce(gone.from_day, '-infinity'), 'infinity') limit 1;
    if not found then
        delete from import_removal where slice = the_slice and import_id = gone.import_id;
        return true;
    end if;
    delete from visitor_event e
    using (select visitor_id, event_id, day, environment_id from visitor_event
           where slice = the_slice and visitor_id >= prefix and visitor_id < rtrim(prefix, '/') || '0'
                 and day >= year.first and day < year.last limit row_limit) found
    where e.slice = the_slice and e.visitor_id = found.visitor_id and e.event_id = found.event_id
          and e.day = found.day and e.environment_id = found.environment_id
          and e.day >= year.first and e.day < year.last;
    get diagnostics row_count = row_count;
    update import_removal set from_day = case when row_count < row_limit then year.last else year.first end
    where slice = the_slice and import_id = gone.import_id;
    return false;
end
$$;

CREATE FUNCTION public.fold_settle(the_slice integer, unit_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    ended record;
    chunk text[];
    late text[];
begin
    select p.campaign_id, p.number, p.ended_at,
           coalesce((select w.done_to from sweep w
                     where w.slice = the_slice and w.campaign_id = p.campaign_id and w.phase = p.number
                           and w.metric_id = 0), '') as done_to
    into ended
    from phase p
    where p.ended_at is not null and not p.is_settled
          and not exists (select from import i
                          where i.campaign_id = p.campaign_id and unread_since(1, the_slice) <= i.updated_at)
          and not exists (select from sweep w
                          where w.slice = the_slice and w.campaign_id = p.campaign_id and w.phase = p.number
                                and w.metric_id = 0 and w.is_done)
    order by p.campaign_id, p.number limit 1;
    if not found then
        return null;
    end if;
    chunk := array(select unit_id from exposure
                   where campaign_id = ended.campaign_id and slice = the_slice and phase = ended.number
                         and unit_id > ended.done_to
                   order by unit_id limit unit_limit);
    late := units_since(the_slice, chunk, ended.ended_at);
    perform fold_apply(the_slice, late, null, late, array[ended.campaign_id], true);
    perform excluded_settle(the_slice, ended.campaign_id, ended.number, ended.ended_at);
    perform sweep_write(the_slice, ended.campaign_id, ended.number, 0, coalesce(chunk[unit_limit], ''),
                        cardinality(chunk) < unit_limit);
    return cardinality(chunk) < unit_limit;
end
$$;

CREATE FUNCTION public.fold_sweep(the_slice integer, unit_limit integer, OUT is_more boolean, OUT is_swept boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    settled boolean := fold_settle(the_slice, unit_limit);
    computed boolean := fold_backfill(the_slice, unit_limit);
    tidied boolean := fold_tidy(the_slice);
    removed boolean := fold_remove(the_slice, unit_limit);
    rated boolean := fold_rates(the_slice, unit_limit);
    excluded boolean := fold_exclude(the_slice, unit_limit);
begin
    is_more := coalesce(settled, computed, tidied, removed, rated, excluded) is not null;
    is_swept := coalesce(settled, false) or coalesce(computed, false) or coalesce(removed, false);
end
$$;

CREATE FUNCTION public.fold_tidy(the_slice integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    gone gone_metric;
    units text[];
begin
    select * into gone from gone_metric where slice = the_slice limit 1;
    if not found then
        return null;
    end if;
    delete from gone_metric
    where slice = the_slice and campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    if exists (select from campaign_metric where campaign_id = gone.campaign_id and metric_id = gone.metric_id) then
        return true;
    end if;
    delete from outcome where slice = the_slice and campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    delete from moment where slice = the_slice and campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    delete from sweep where slice = the_slice and campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    delete from distribution where campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    units := array(select distinct unit_id from overflow where slice = the_slice and campaign_id = gone.campaign_id);
    perform fold_apply(the_slice, '{}', null, units, array[gone.campaign_id], true);
    return true;
end
$$;

CREATE FUNCTION public.foreign_currency(properties jsonb, own text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case when properties ->> 'currency' <> own and properties ->> 'currency' ~ '^[A-Z]{3}$'
                then properties ->> 'currency' end
$_$;

CREATE FUNCTION public.foreign_keep(the_slice integer, events public.fold_event[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into foreign_event (slice, environment_id, currency, day, visitor_id)
    select distinct the_slice, e.environment_id, e.currency, (e.ts at time zone 'UTC')::date, e.visitor_id
    from unnest(events) e
    join environment n on n.id = e.environment_id and e.currency <> environment_currency(n.document)
    where e.marks = 0
    order by 2, 3, 4, 5
    on conflict do nothing;
end
$$;

CREATE FUNCTION public.foreign_trim() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from foreign_event where day < (select from_day - 3 from event_horizon)
                                    and not is_imported(visitor_id);
end
$$;

CREATE FUNCTION public.four_digits(value double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    AS $$
    select case when value = 0 then 0::float8
                else round(value * 10::float8 ^ (3 - floor(log(abs(value)))))
                     / 10::float8 ^ (3 - floor(log(abs(value)))) end
$$;

CREATE FUNCTION public.gone_metric_keep() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    insert into gone_metric (slice, campaign_id, metric_id)
    select s.number, g.campaign_id, g.metric_id from gone g cross join slice s
    order by 1, 2, 3
    on conflict do nothing;
    return null;
end
$$;

CREATE FUNCTION public.has_second_factor(the_user integer) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (select from second_factor where user_id = the_user and confirmed_at is not null)
$$;

CREATE FUNCTION public.has_totals(of_campaign integer) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (select from import i where i.campaign_id = of_campaign and i.has_totals)
$$;

CREATE FUNCTION public.import_begin(c public.campaign, the_actor text, told jsonb, totals jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    zone text := (select environment_zone(document) from environment where id = c.environment_id);
begin
    if totals is null then
        perform import_open(c, the_actor, told, (told ->> 'first_at')::timestamptz, (told ->> 'last_at')::timestamptz,
                            zone);
    else
        perform import_begin_totals(c, the_actor, told, totals, zone);
    end if;
end
$$;

CREATE FUNCTION public.import_begin_totals(c public.campaign, the_actor text, told jsonb, totals jsonb, zone text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    first date;
    last date;
    ahead int;
    opened int;
begin
    select min(t ->> 'day'), max(t ->> 'day'),
           min(place) filter (where (t ->> 'day')::date > (now() at time zone zone)::date)
    into first, last, ahead
    from jsonb_array_elements(totals) with ordinality rows (t, place);
    if ahead is not null then
        raise exception 'the day lies ahead'
            using errcode = 'datetime_field_overflow', constraint = format('/totals/rows/%s/day', ahead - 1);
    end if;
    opened := import_open(c, the_actor, told, first::timestamp at time zone zone, last::timestamp at time zone zone,
                          zone);
    insert into import_total
    select opened, (t ->> 'day')::date, t ->> 'variant', (t ->> 'visitors')::bigint, t -> 'sums'
    from jsonb_array_elements(totals) t;
    update import set has_totals = true, state = 'done' where id = opened;
    perform total_apply(c.id);
    -- The fold has nothing to go over, but says then that days can be closed.
    update phase set is_settled = false where campaign_id = c.id and number = c.phase;
end
$$;

CREATE FUNCTION public.import_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
declare
    old import;
    new import;
    before jsonb;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from import i where i.environment_id = of_environment and i.id::text = the_key;
    before := import_view(old);
    case action
    when 'finish' then
        update import set state = 'done', document = document || (plan -> 'told') where id = old.id;
        -- Settled again when the fold has read what was sent: then days can be closed.
        update phase set is_settled = false where campaign_id = old.campaign_id and old.state = 'sending';
    when 'delete' then
        perform import_take_back(old, actor);
    end case;
    update import i set version = i.version + 1, updated_at = now() where i.id = old.id returning * into new;
    perform audit_write(actor, of_environment, 'import.' || action, the_key, before,
                        case when action <> 'delete' then import_view(new) end);
    return query select new.version, import_view(new);
end
$$;

CREATE TABLE public.metric (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    key text NOT NULL,
    number integer DEFAULT 1 NOT NULL,
    is_current boolean DEFAULT true NOT NULL,
    is_builtin boolean DEFAULT false NOT NULL,
    document jsonb NOT NULL,
    definition jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone,
    import_id integer
);

CREATE FUNCTION public.import_drop_metric(the_actor text, m public.metric) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    update metric set archived_at = now(), is_current = false, version = version + 1 where id = m.id;
    perform audit_write(the_actor, m.environment_id, 'metric.delete', m.key, metric_view(m), null);
end
$$;

CREATE TABLE public.import (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    campaign text NOT NULL,
    campaign_id integer,
    document jsonb NOT NULL,
    actor text NOT NULL,
    state text DEFAULT 'sending'::text NOT NULL,
    has_totals boolean DEFAULT false NOT NULL,
    variants jsonb,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT import_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'done'::text, 'leaving'::text, 'gone'::text])))
);

CREATE FUNCTION public.import_metrics(i public.import) RETURNS SETOF public.metric
    LANGUAGE sql STABLE
    AS $$
    select m.* from metric m
    where i.campaign_id is not null and m.import_id is not null and m.is_current and m.environment_id = i.environment_id
      and (m.import_id = i.id
           or exists (select from campaign_metric cm where cm.campaign_id = i.campaign_id and cm.metric_id = m.id))
      and not exists (select from campaign c
                      where c.environment_id = i.environment_id and c.id is distinct from i.campaign_id
                        and c.document -> 'metrics' @> jsonb_build_array(jsonb_build_object('key', m.key)))
    order by m.key
$$;

CREATE FUNCTION public.import_needs(the_day date) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (select from import i join phase p on p.campaign_id = i.campaign_id
                   where not i.has_totals and the_day >= fold_day(p.started_at)
                         and the_day <= (p.ended_at at time zone 'UTC')::date + 2)
$$;

CREATE FUNCTION public.import_of(visitor_id text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when visitor_id ~ '^import/[0-9]{1,9}/' then split_part(visitor_id, '/', 2)::int end
$$;

CREATE FUNCTION public.import_open(c public.campaign, the_actor text, told jsonb, first timestamp with time zone, last timestamp with time zone, zone text) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    day_end timestamptz := (date_trunc('day', last at time zone zone) + interval '1 day') at time zone zone;
    step interval := '1 microsecond';
    until timestamptz := greatest(last + step, least(day_end - step, now()));
    opened int;
begin
    insert into import (environment_id, campaign, campaign_id, document, actor)
    values (c.environment_id, c.key, c.id,
            (told - 'made_metrics') || jsonb_build_object('first_at', rfc3339(first), 'last_at', rfc3339(last)),
            the_actor)
    returning id into opened;
    update metric m set import_id = opened
    from campaign_metric cm
    where cm.campaign_id = c.id and m.id = cm.metric_id and told -> 'made_metrics' ? m.key and m.version = 1
      and not m.is_builtin and m.import_id is null;
    update phase set started_at = first, ended_at = until, is_settled = true
    where campaign_id = c.id and number = c.phase;
    update campaign set started_at = first, stopped_at = until where id = c.id;
    return opened;
end
$$;

CREATE FUNCTION public.import_prefix(the_import integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select 'import/' || the_import || '/'
$$;

CREATE FUNCTION public.import_take_back(i public.import, the_actor text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    campaign_was int := i.campaign_id;
begin
    update import set state = 'leaving', campaign_id = null,
                      variants = coalesce(variants, import_variants(campaign_was)),
                      document = document || jsonb_build_object('campaign_name', import_view(i) -> 'campaign_name',
                                                        'metrics', import_view(i) -> 'metrics')
    where id = i.id;
    perform import_drop_metric(the_actor, m) from import_metrics(i) m;
    insert into import_removal (slice, import_id, campaign_id)
    select number, i.id, coalesce(campaign_was, 0) from slice order by number
    on conflict (slice, import_id) do update set from_day = null;
    delete from import_total where import_id = i.id;
    delete from look where campaign_id = campaign_was;
    delete from distribution where campaign_id = campaign_was;
    delete from overlap where campaign_id = campaign_was;
    delete from since_exposure where campaign_id = campaign_was;
    delete from campaign_metric where campaign_id = campaign_was;
    delete from allocation where campaign_id = campaign_was;
    delete from layer_range where campaign_id = campaign_was;
    delete from phase where campaign_id = campaign_was;
    delete from campaign where id = campaign_was;
end
$$;

CREATE FUNCTION public.import_variants(of_campaign integer) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select coalesce(jsonb_object_agg(v.variant, v.units), '{}')
    from (select variant, sum(unit_count) as units from cohort
          where campaign_id = of_campaign and dimension = 'all' group by variant) v
$$;

CREATE FUNCTION public.import_view(i public.import) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select i.document || jsonb_build_object('id', i.id, 'campaign', i.campaign, 'state', i.state, 'actor', i.actor,
        'campaign_name', coalesce((select c.document ->> 'name' from campaign c where c.id = i.campaign_id),
                                  i.document ->> 'campaign_name', ''),
        'visitor_prefix', import_prefix(i.id),
        'variants', coalesce(i.variants, import_variants(i.campaign_id)),
        'metrics', coalesce(i.document -> 'metrics',
                            (select jsonb_agg(m.key) from import_metrics(i) m), '[]'),
        'version', i.version, 'created_at', rfc3339(i.created_at), 'updated_at', rfc3339(i.updated_at))
$$;

CREATE FUNCTION public.is_amount(number numeric) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select number between -1e15 and 1e15 $$;

CREATE FUNCTION public.is_excluded(the_slice integer, the_visitor text, the_environment integer) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (select from excluded_visitor v
                   where v.slice = the_slice and v.visitor_id = the_visitor and v.environment_id = the_environment)
$$;

CREATE FUNCTION public.is_imported(visitor_id text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select starts_with(visitor_id, 'import/')
$$;

CREATE FUNCTION public.is_measured_name(the_environment integer, the_name text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select the_name = any ('{exposure,page_view,purchase,refund,add_to_cart,begin_checkout,view_item}')
           or exists (select from metric m
                      where m.environment_id = the_environment
                            and the_name in (m.definition #>> '{numerator,event}',
                                             m.definition #>> '{denominator,event}'))
$$;

CREATE FUNCTION public.is_money_path(path text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when path[1] = 'items' then path[2:] <@ item_money_names() and array_length(path, 1) = 2
                else path <@ money_names() and array_length(path, 1) = 1 end
$$;

CREATE FUNCTION public.is_own(the_import integer, visitor_id text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select the_import is not distinct from import_of(visitor_id)
$$;

CREATE FUNCTION public.is_simulated(visitor_id text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select visitor_id ~ '^sim-[a-z0-9_-]+-[0-9]+-[0-9]+-[0-9]+$'
$_$;

CREATE FUNCTION public.is_unrated(the_environment integer, own text, properties jsonb, ts timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select case when foreign_currency(properties, own) is not null
                then (properties ?| money_names() or properties ? 'items')
                     and (rate_of(the_environment, own, properties, ts))[2] = 'NaN'
                else false end
$$;

CREATE FUNCTION public.is_unread(the_consumer integer) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (select from unread_head u where u.consumer = coalesce(the_consumer, u.consumer));
end
$$;

CREATE FUNCTION public.item_amount(item jsonb, path text[]) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select coalesce(told_number(item #> path),
                    case when jsonb_typeof(item) = 'object' and path = '{quantity}' then 1 else 0 end)
$$;

CREATE FUNCTION public.item_money_names() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select '{price,discount}'::text[] $$;

CREATE TABLE public.job (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    kind text NOT NULL,
    input json NOT NULL,
    actor text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    progress double precision DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    result json,
    problem text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT job_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);

CREATE FUNCTION public.job_claim() RETURNS public.job
    LANGUAGE plpgsql
    AS $$
declare
    candidate int;
    claimed   job;
begin
    for candidate in select id from job where state in ('queued', 'running') order by id loop
        continue when not pg_try_advisory_lock(hashtext('job'), candidate);
        update job set attempts = attempts + 1, progress = 0, started_at = now(),
                       state = case when attempts < 5 then 'running' else 'failed' end,
                       problem = case when attempts >= 5 then 'It was interrupted five times.' end,
                       ended_at = case when attempts >= 5 then now() end
        where id = candidate and state in ('queued', 'running')
        returning * into claimed;
        if claimed.state = 'running' then
            return claimed;
        end if;
        perform pg_advisory_unlock(hashtext('job'), candidate);
    end loop;
    return null;
end
$$;

CREATE FUNCTION public.job_view(j public.job, has_result boolean) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select json_build_object('id', j.id, 'kind', j.kind, 'state', j.state, 'progress', j.progress,
                             'input', j.input, 'actor', j.actor, 'created_at', rfc3339(j.created_at),
                             'started_at', rfc3339(j.started_at), 'ended_at', rfc3339(j.ended_at),
                             'problem', j.problem, 'result', case when has_result then j.result end)::text
$$;

CREATE FUNCTION public.job_waiting() RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (
        select from job j
        where j.state = 'queued'
           or j.state = 'running' and not exists (
               select from pg_locks l
               where l.locktype = 'advisory' and l.objsubid = 2 and l.classid = hashtext('job')::oid
                     and l.objid = j.id::oid
                     and l.database = (select oid from pg_database where datname = current_database())))
$$;

CREATE FUNCTION public.late_before(at timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select (at at time zone 'UTC')::date - 3 $$;

CREATE FUNCTION public.late_trim() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from late_event l
    where not exists (select from consumer k
                      left join fold_cursor c on c.consumer = k.id and c.slice = l.slice and c.writer = l.writer
                      where coalesce(c.seq, -1) < l.seq);
end
$$;

CREATE FUNCTION public.layer_free(the_layer integer) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    select 10000 - coalesce((select sum(to_bucket - from_bucket) from layer_range where layer_id = the_layer), 0)
$$;

CREATE FUNCTION public.layer_take(the_layer integer, the_campaign integer, wanted integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    taken record;
    free_from int := 0;
    width int;
begin
    for taken in
        select from_bucket, to_bucket from layer_range where layer_id = the_layer
        union all select 10000, 10000
        order by from_bucket
    loop
        width := least(wanted, taken.from_bucket - free_from);
        if width > 0 then
            insert into layer_range (layer_id, campaign_id, from_bucket, to_bucket)
            values (the_layer, the_campaign, free_from, free_from + width);
            wanted := wanted - width;
        end if;
        free_from := taken.to_bucket;
    end loop;
    if wanted > 0 then
        raise exception 'the layer has no room' using errcode = 'exclusion_violation';
    end if;
end
$$;

CREATE TABLE public.layer (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    key text NOT NULL,
    seed text DEFAULT gen_random_uuid() NOT NULL,
    document jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone
);

CREATE FUNCTION public.layer_view(l public.layer) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select l.document || jsonb_build_object('key', l.key, 'free', layer_free(l.id) / 10000.0,
        'campaigns', (select coalesce(jsonb_agg(distinct c.key), '[]')
                      from layer_range r join campaign c on c.id = r.campaign_id where r.layer_id = l.id),
        'version', l.version, 'created_at', rfc3339(l.created_at), 'updated_at', rfc3339(l.updated_at))
$$;

CREATE FUNCTION public.layers_in_use(of_environment integer) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select (select jsonb_object_agg(c.document -> 'layer' ->> 'key', c.key) from campaign c
            where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused')
              and c.document -> 'layer' ->> 'key' is not null)
$$;

CREATE FUNCTION public.line_amount(properties jsonb, path text[], scale numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when path is null then 1 else coalesce(event_amount(properties, path, scale), 0) end
$$;

CREATE FUNCTION public.line_money(amount numeric, is_money boolean, path text[], rate numeric[]) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when rate is null or path is null or not is_money or is_money_path(path) or amount = 0 then amount
                else round(converted_amount(amount, rate)) end
$$;

CREATE FUNCTION public.live_events(the_environment integer, the_visitor text, kept_visitor text, the_name text, kept_name text, is_uncounted boolean, row_limit integer) RETURNS TABLE(received_at timestamp with time zone, item jsonb)
    LANGUAGE plpgsql
    AS $$
declare
    events visitor_event[];
begin
    if the_visitor is null then
        events := array(select e from newest_events(the_environment, the_name, 2 * row_limit) e);
    else
        events := array(select e from newest_of_visitor(the_environment, the_visitor, the_name, 2 * row_limit) e);
    end if;
    return query
        select e.received_at, jsonb_build_object(
                   'received_at', rfc3339(e.received_at), 'is_refused', false, 'event_id', e.event_id,
                   'visitor_id', e.visitor_id, 'name', e.name, 'ts', rfc3339(e.ts),
                   'properties', left(e.properties::text, 1000), 'effect', f.effect, 'reason', null, 'detail', null)
        from unnest(events) e
        join event_effects(the_environment, events) f
             on f.visitor_id = e.visitor_id and f.event_id = e.event_id and f.day = e.day
        where not is_uncounted or f.effect -> 'counts' = 'false' or f.effect ->> 'unrated' is not null
        union all
        (select r.received_at, jsonb_build_object(
                    'received_at', rfc3339(r.received_at), 'is_refused', true, 'event_id', null,
                    'visitor_id', r.visitor_id, 'name', r.name, 'ts', null,
                    'properties', r.event, 'effect', null, 'reason', r.reason, 'detail', r.detail)
         from rejected_event r
         where r.environment_id = the_environment and r.received_at > now() - interval '1 hour'
               and (kept_visitor is null or r.visitor_id = kept_visitor) and (kept_name is null or r.name = kept_name)
         order by r.id desc limit row_limit)
        order by 1 desc limit row_limit;
end
$$;

CREATE FUNCTION public.look_close(at timestamp with time zone, look_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET jit TO 'off'
    AS $$
declare
    day_count int;
begin
    if not pg_try_advisory_xact_lock(fold_lock(0), 0) then
        return 0;
    end if;
    if unread_since(1) < at - interval '1 minute' then
        return 0;
    end if;
    with due as materialized (
        select * from look_due(at) order by campaign_id, phase, day limit look_limit
    ),
    stored as (
        insert into look
        select d.campaign_id, d.phase, v.experience, d.day, v.variant, m.metric_id, at, u.units,
               coalesce(s.n, 0), coalesce(s.d, 0), q.nn, q.nd, q.dd
        from due d
        join campaign_variant v on v.campaign_id = d.campaign_id and v.phase = d.phase
        cross join lateral (
            select 0, 0
            union all
            select cm.metric_id,
                   case when i.has_totals then 0
                        else ceil(coalesce((metric.definition ->> 'window_hours')::numeric, 0) / 24)::int end
            from campaign_metric cm
            join metric on metric.id = cm.metric_id
            left join import i on i.campaign_id = d.campaign_id
            where cm.campaign_id = d.campaign_id) m (metric_id, unripe_days)
        cross join lateral (
            select coalesce(sum(unit_count), 0)::bigint as units from cohort
            where cohort.campaign_id = d.campaign_id and cohort.phase = d.phase
                  and cohort.experience = v.experience and cohort.variant = v.variant and cohort.dimension = 'all'
                  and cohort.cohort_day <= d.day - m.unripe_days) u
        cross join lateral (
            select sum(sum_n) as n, sum(sum_d) as d, sum(sum_nn) as nn, sum(sum_nd) as nd, sum(sum_dd) as dd
            from moment
            where moment.campaign_id = d.campaign_id and moment.phase = d.phase
                  and moment.experience = v.experience and moment.variant = v.variant and moment.metric_id = m.metric_id
                  and moment.dimension = 'all' and moment.cohort_day <= d.day - m.unripe_days) s
        -- Nobody did anything, or squares are not known.
        cross join lateral (
            select case when s.n is null then 0 else s.nn end, case when s.n is null then 0 else s.nd end,
                   case when s.n is null then 0 else s.dd end) q (nn, nd, dd)
    )
    select count(*) into day_count from due;
    return day_count;
end
$$;

CREATE FUNCTION public.look_due(at timestamp with time zone) RETURNS TABLE(campaign_id integer, phase integer, day date)
    LANGUAGE sql STABLE
    AS $$
    select p.campaign_id, p.number, d.day::date
    from phase p
    join campaign c on c.id = p.campaign_id
    join environment n on n.id = c.environment_id
    cross join lateral (select environment_zone(n.document)) z (time_zone)
    cross join lateral (
        select min(cohort_day), max(cohort_day) from cohort
        where cohort.campaign_id = p.campaign_id and cohort.phase = p.number
              and cohort.dimension = 'all') u (first, last)
    cross join lateral generate_series(
        u.first,
        least(((at - interval '5 minutes') at time zone z.time_zone)::date - 1,
              (p.ended_at at time zone z.time_zone)::date),
        interval '1 day') d (day)
    left join import i on i.campaign_id = p.campaign_id
    where (p.ended_at is null or p.is_settled and p.ended_at > at - interval '30 days' or i.state = 'done')
          and case when i.id is null then true
                   else i.state = 'done' and coalesce((select unread_since(1)), 'infinity') > i.updated_at end
          and (d.day <= u.last or d.day >= (p.started_at at time zone z.time_zone)::date)
          and not exists (select from campaign_metric m
                          where m.campaign_id = p.campaign_id and not m.is_computed)
          and not exists (select from look l
                          where l.campaign_id = p.campaign_id and l.phase = p.number
                                and l.day = d.day::date)
$$;

CREATE FUNCTION public.metric_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.metric_last_day(definition jsonb, time_zone text) RETURNS date
    LANGUAGE sql STABLE
    AS $$
    select case when definition ->> 'window_hours' is null then 'infinity'::date
                else ((now() - make_interval(secs => (definition ->> 'window_hours')::float8 * 3600))
                      at time zone time_zone)::date - 1 end
$$;

CREATE FUNCTION public.metric_redefine(old public.metric, new_document jsonb, new_definition jsonb) RETURNS public.metric
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.metric_view(m public.metric) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select m.document || jsonb_build_object('key', m.key, 'is_builtin', m.is_builtin, 'number', m.number,
        'version', m.version, 'created_at', rfc3339(m.created_at), 'updated_at', rfc3339(m.updated_at))
$$;

CREATE FUNCTION public.metrics_in_use(of_environment integer) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select (select jsonb_object_agg(m ->> 'key', c.key)
            from campaign c, jsonb_array_elements(c.document -> 'metrics') m
            where c.environment_id = of_environment and c.status in ('draft', 'running', 'paused'))
$$;

CREATE TABLE public.moment (
    slice integer NOT NULL,
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    variant text NOT NULL,
    metric_id integer NOT NULL,
    cohort_day date NOT NULL,
    dimension text NOT NULL,
    value text NOT NULL,
    nonzero_count bigint NOT NULL,
    sum_n numeric NOT NULL,
    sum_d numeric NOT NULL,
    sum_nn numeric,
    sum_nd numeric,
    sum_dd numeric,
    sum_nnn numeric,
    sum_x numeric,
    sum_y numeric,
    sum_xx numeric,
    sum_xy numeric,
    sum_yy numeric,
    sum_nx numeric,
    sum_ny numeric,
    sum_dx numeric,
    sum_dy numeric,
    sum_nm numeric,
    sum_dm numeric,
    invalid_count bigint DEFAULT 0 NOT NULL,
    unrated_count bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');

CREATE FUNCTION public.moment_add(the_slice integer, before public.moment[], after public.moment[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    delta moment[] := array(
        select row(the_slice, campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value,
                   sum(sign * nonzero_count)::bigint, sum(sign * sum_n), sum(sign * sum_d), sum(sign * sum_nn),
                   sum(sign * sum_nd),
                   sum(sign * sum_dd), sum(sign * sum_nnn), sum(sign * sum_x), sum(sign * sum_y),
                   sum(sign * sum_xx), sum(sign * sum_xy), sum(sign * sum_yy), sum(sign * sum_nx),
                   sum(sign * sum_ny), sum(sign * sum_dx), sum(sign * sum_dy), sum(sign * sum_nm),
                   sum(sign * sum_dm),
                   sum(sign * invalid_count)::bigint, sum(sign * unrated_count)::bigint)::moment
        from (select 1 as sign, * from unnest(after) union all select -1, * from unnest(before)) cells
        group by campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value);
begin
    insert into moment
    select * from unnest(delta)
    where (nonzero_count, sum_n, sum_d, sum_nn, sum_nd, sum_dd, sum_nnn, sum_x, sum_y, sum_xx, sum_xy, sum_yy,
           sum_nx, sum_ny,
           sum_dx, sum_dy, sum_nm, sum_dm, invalid_count, unrated_count)
       <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    order by campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value
    on conflict (slice, campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value) do update
    set nonzero_count = moment.nonzero_count + excluded.nonzero_count,
        sum_n = moment.sum_n + excluded.sum_n, sum_d = moment.sum_d + excluded.sum_d,
        sum_nn = moment.sum_nn + excluded.sum_nn, sum_nd = moment.sum_nd + excluded.sum_nd,
        sum_dd = moment.sum_dd + excluded.sum_dd, sum_nnn = moment.sum_nnn + excluded.sum_nnn,
        sum_x = moment.sum_x + excluded.sum_x, sum_y = moment.sum_y + excluded.sum_y,
        sum_xx = moment.sum_xx + excluded.sum_xx, sum_xy = moment.sum_xy + excluded.sum_xy,
        sum_yy = moment.sum_yy + excluded.sum_yy, sum_nx = moment.sum_nx + excluded.sum_nx,
        sum_ny = moment.sum_ny + excluded.sum_ny, sum_dx = moment.sum_dx + excluded.sum_dx,
        sum_dy = moment.sum_dy + excluded.sum_dy, sum_nm = moment.sum_nm + excluded.sum_nm,
        sum_dm = moment.sum_dm + excluded.sum_dm,
        invalid_count = moment.invalid_count + excluded.invalid_count,
        unrated_count = moment.unrated_count + excluded.unrated_count;
    delete from moment m using unnest(delta) d
    where d.nonzero_count < 0 and m.slice = the_slice and m.nonzero_count = 0
          and (m.campaign_id, m.phase, m.experience, m.variant, m.metric_id, m.cohort_day, m.dimension, m.value)
            = (d.campaign_id, d.phase, d.experience, d.variant, d.metric_id, d.cohort_day, d.dimension, d.value);
end
$$;

CREATE FUNCTION public.moment_of(the_slice integer, units text[], campaigns integer[]) RETURNS public.moment[]
    LANGUAGE plpgsql
    AS $$
begin
    return array(
    with own as materialized (
        select unit_id, campaign_id, phase, experience, variant, cohort_day, dimensions, has_past from exposure
        where slice = the_slice and unit_id = any (array(select unnest(units))) and campaign_id + 0 = any (campaigns)
    ),
    did as materialized (
        select unit_id, campaign_id, phase, experience, metric_id, numerator as n, denominator as d,
               pre_numerator as x, pre_denominator as y, invalid_count,
               unrated_count
        from outcome
        where slice = the_slice and unit_id = any (array(select unnest(units))) and campaign_id + 0 = any (campaigns)
    )
    select row(the_slice, s.campaign_id, s.phase, s.experience, s.variant, s.metric_id, s.cohort_day, d.dimension,
               d.value, sum(s.units)::bigint, sum(s.n), sum(s.d), sum(s.nn), sum(s.nd), sum(s.dd), sum(s.nnn),
               sum(s.x), sum(s.y), sum(s.xx),
               sum(s.xy), sum(s.yy), sum(s.nx), sum(s.ny), sum(s.dx), sum(s.dy), sum(s.nm), sum(s.dm),
               sum(s.invalid)::bigint, sum(s.unrated)::bigint)::moment
    from (select x.campaign_id, x.phase, x.experience, x.variant, o.metric_id, x.cohort_day, x.dimensions,
                 count(*) as units, sum(o.n) as n, sum(o.d) as d, sum(o.n * o.n) as nn, sum(o.n * o.d) as nd,
                 sum(o.d * o.d) as dd, sum(o.n * o.n * o.n) as nnn, sum(o.x) as x, sum(o.y) as y,
                 sum(o.x * o.x) as xx, sum(o.x * o.y) as xy, sum(o.y * o.y) as yy, sum(o.n * o.x) as nx,
                 sum(o.n * o.y) as ny, sum(o.d * o.x) as dx, sum(o.d * o.y) as dy,
                 sum(case when x.has_past then 0 else o.n end) as nm,
                 sum(case when x.has_past then 0 else o.d end) as dm, sum(o.invalid_count) as invalid,
                 sum(o.unrated_count) as unrated
          from own x
          join did o on o.unit_id = x.unit_id and o.campaign_id = x.campaign_id and o.phase = x.phase
               and o.experience = x.experience
          group by x.campaign_id, x.phase, x.experience, x.variant, o.metric_id, x.cohort_day, x.dimensions) s
    cross join lateral dimension_values(s.dimensions) d
    group by s.campaign_id, s.phase, s.experience, s.variant, s.metric_id, s.cohort_day, d.dimension, d.value);
end
$$;

CREATE FUNCTION public.moment_of_totals(the_slice integer, of_campaign integer) RETURNS public.moment[]
    LANGUAGE sql STABLE
    AS $$
    select coalesce(array_agg(row(the_slice, c.id, c.phase, '', t.variant, m.id, t.day, 'all', '', 0, s.n, 0,
                                  s.nn, 0, 0, s.nnn, null, null, null, null, null, null, null, null, null, null, null,
                                  0, 0)::moment), '{}')
    from campaign c
    join import i on i.campaign_id = c.id
    join import_total t on t.import_id = i.id
    join campaign_metric cm on cm.campaign_id = c.id
    join metric m on m.id = cm.metric_id
    cross join lateral (
        select (t.sums #>> array[m.key, 'sum'])::numeric, (t.sums #>> array[m.key, 'squares'])::numeric,
               total_scale(m.definition), m.definition ->> 'kind' = 'conversion') told (sum, squares, scale, is_binary)
    cross join lateral (
        select round(told.sum * told.scale) as n,
               case when told.is_binary then told.sum else round(told.squares * told.scale ^ 2) end as nn,
               case when told.is_binary then told.sum end as nnn) s
    where c.id = of_campaign and t.sums ? m.key
$$;

CREATE FUNCTION public.money_names() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select '{value,tax,shipping,discount}'::text[] $$;

CREATE FUNCTION public.must_have_visitors(of_campaign integer) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if has_totals(of_campaign) then
        raise exception 'the campaign has totals'
            using errcode = 'object_not_in_prerequisite_state', constraint = 'totals';
    end if;
    return true;
end
$$;

CREATE FUNCTION public.near_day() RETURNS date
    LANGUAGE sql STABLE
    AS $$
    select (now() at time zone 'UTC')::date - 400
$$;

CREATE FUNCTION public.newest_events(the_environment integer, the_name text, row_limit integer) RETURNS SETOF public.visitor_event
    LANGUAGE plpgsql
    AS $$
declare
    first_day date := (now() at time zone 'UTC')::date - 8;
    one record;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    for one in
        select p.slice, p.writer, p.seq from newest_places(the_environment, the_name, row_limit) p
        order by p.received_at desc, p.seq desc limit row_limit
    loop
        return query
            select e.* from visitor_event e
            where e.slice = one.slice and e.writer = one.writer and e.seq = one.seq and e.day >= first_day;
    end loop;
end
$$;

CREATE FUNCTION public.newest_of_visitor(the_environment integer, the_visitor text, the_name text, row_limit integer) RETURNS SETOF public.visitor_event
    LANGUAGE plpgsql
    AS $$
declare
    the_slice int := slice_of(the_visitor);
    first_day date := (now() at time zone 'UTC')::date - 8;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    return query
        select (o.e).*
        from (select e from visitor_event e
              where e.slice = the_slice and e.visitor_id = the_visitor and e.day >= first_day
              order by e.event_id desc limit 1000) o
        where (o.e).environment_id = the_environment and (the_name is null or (o.e).name = the_name)
              and (o.e).received_at > now() - interval '1 hour'
        order by (o.e).received_at desc, (o.e).seq desc limit row_limit;
end
$$;

CREATE FUNCTION public.newest_places(the_environment integer, the_name text, row_limit integer) RETURNS TABLE(slice integer, writer integer, seq bigint, received_at timestamp with time zone)
    LANGUAGE plpgsql
    AS $$
declare
    first_day date := (now() at time zone 'UTC')::date - 8;
    share bigint := 20000 / greatest(1, (select count(distinct h.writer) from writer_head h));
    head record;
begin
    for head in
        select h.slice, h.writer, max(h.seq) over (partition by h.writer) as seq from writer_head h
    loop
        return query
            select e.slice, e.writer, e.seq, e.received_at
            from visitor_event e
            where e.slice = head.slice and e.writer = head.writer and e.seq > head.seq - share and e.day >= first_day
                  and e.environment_id = the_environment and e.received_at > now() - interval '1 hour'
                  and (the_name is null or e.name = the_name) and not is_imported(e.visitor_id)
            order by e.seq desc limit row_limit;
    end loop;
end
$$;

CREATE FUNCTION public.omission_add(the_slice integer, writers integer[], firsts bigint[], lasts bigint[], from_day date, hours public.event_hour[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    events omission_event[] := omission_events(the_slice, writers, firsts, lasts, from_day);
    bought omission_event[] := array(select e from unnest(events) e where e.marks = 0 and e.order_id is not null);
    repeated omission_event[] := '{}';
begin
    if bought <> '{}' then
        repeated := omission_repeated(the_slice, bought, writers, lasts);
    end if;
    insert into omission as o (slice, environment_id, day, reason, name, event_count, last_at)
    select the_slice, f.environment_id, (now() at time zone 'UTC')::date, f.reason,
           case when exists (select from event_hour h
                             where h.slice = the_slice and h.environment_id = f.environment_id and h.day = f.day
                                   and h.name = f.name) then f.name else '' end as kept, sum(f.events), now()
    from (select e.environment_id, (e.ts at time zone 'UTC')::date as day, e.name, 1::bigint as events,
                 case when e.marks & 1 > 0 then 'bot' when e.marks & 2 > 0 then 'staff' else 'forced' end as reason
          from unnest(events) e where e.marks <> 0
          union all
          select e.environment_id, (e.ts at time zone 'UTC')::date, e.name, 1, 'no_rate'
          from unnest(events) e where e.is_unrated
          union all
          select r.environment_id, (r.ts at time zone 'UTC')::date, r.name, 1, 'duplicate_order' from unnest(repeated) r
          union all
          select h.environment_id, h.day, h.name, h.unassigned_count, 'unassigned' from unnest(hours) h
          where h.unassigned_count > 0) f
    group by f.environment_id, f.reason, kept
    order by f.environment_id, f.reason, kept
    on conflict (slice, environment_id, day, reason, name) do update
    set event_count = o.event_count + excluded.event_count, last_at = excluded.last_at;
end
$$;

CREATE FUNCTION public.omission_events(the_slice integer, writers integer[], firsts bigint[], lasts bigint[], from_day date) RETURNS public.omission_event[]
    LANGUAGE plpgsql
    AS $$
declare
    first_day date := greatest(from_day, near_day());
    events omission_event[] := '{}';
begin
    for i in 1 .. coalesce(cardinality(writers), 0) loop
        events := events || array(
            select row(e.visitor_id, e.environment_id, e.event_id, e.day, e.name, e.ts, e.marks,
                       case when e.name = 'purchase' then order_begin(e.properties) end,
                       e.marks = 0 and is_unrated(e.environment_id, environment_currency(n.document), e.properties,
                                                  e.ts))::omission_event
            from visitor_event e
            join environment n on n.id = e.environment_id
            where e.writer = writers[i] and e.slice = the_slice and e.seq > firsts[i] and e.seq <= lasts[i]
                  and e.day >= first_day and not is_imported(e.visitor_id)
                  and (e.marks <> 0 or e.name = 'purchase'
                       or foreign_currency(e.properties, environment_currency(n.document)) is not null));
    end loop;
    return events;
end
$$;

CREATE FUNCTION public.omission_repeated(the_slice integer, bought public.omission_event[], writers integer[], lasts bigint[]) RETURNS public.omission_event[]
    LANGUAGE plpgsql
    AS $$
declare
    visitors text[] := array(select distinct b.visitor_id from unnest(bought) b);
    first_day date := (select min(b.day) from unnest(bought) b) - 37;
    last_day date := (select max(b.day) from unnest(bought) b) + 37;
begin
    return array(
        with stored as materialized (
            select o.visitor_id, o.environment_id, o.order_id, o.ts, o.event_id, o.day,
                   o.seq > coalesce(c.seq, -1) as is_unread
            from orders_of(the_slice, visitors, first_day, last_day, 20000 + 100 * cardinality(bought)) o
            left join fold_cursor c on c.consumer = 2 and c.slice = the_slice and c.writer = o.writer
            left join unnest(writers, lasts) u (writer, seq) on u.writer = o.writer
            where o.seq <= coalesce(u.seq, c.seq)
        )
        select b from unnest(bought) b
        where exists (
            select from stored s
            where s.visitor_id = b.visitor_id and s.environment_id = b.environment_id
                  and s.order_id = b.order_id
                  and (not s.is_unread or (s.ts, s.event_id, s.day) < (b.ts, b.event_id, b.day))));
end
$$;

CREATE FUNCTION public.order_begin(properties jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select left(event_order(properties), 300) $$;

CREATE FUNCTION public.order_total(bought numeric, refunded numeric, is_refunded_whole boolean) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select greatest(case when not is_refunded_whole then bought - coalesce(refunded, 0) end, least(bought, 0))
$$;

CREATE FUNCTION public.orders_of(the_slice integer, visitors text[], first_day date, last_day date, row_limit bigint) RETURNS TABLE(visitor_id text, environment_id integer, event_id uuid, day date, ts timestamp with time zone, order_id text, writer integer, seq bigint)
    LANGUAGE plpgsql
    AS $$
begin
    return query
        select e.visitor_id, e.environment_id, e.event_id, e.day, e.ts, order_begin(e.properties), e.writer, e.seq
        from (select n.*
              from unnest(visitors) v (id)
              cross join lateral (
                  select o.* from visitor_event o
                  where o.slice = the_slice and o.visitor_id = v.id and o.day >= first_day and o.day <= last_day
                  order by o.event_id desc limit 1000) n
              limit row_limit) e
        where e.name = 'purchase' and e.marks = 0 and event_order(e.properties) is not null;
end
$$;

CREATE TABLE public.outcome (
    slice integer NOT NULL,
    unit_id text NOT NULL COLLATE pg_catalog."C",
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    metric_id integer NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric NOT NULL,
    pre_numerator numeric NOT NULL,
    pre_denominator numeric NOT NULL,
    invalid_count integer DEFAULT 0 NOT NULL,
    unrated_count integer DEFAULT 0 NOT NULL
);

CREATE TABLE public.overflow (
    slice integer NOT NULL,
    unit_id text NOT NULL COLLATE pg_catalog."C",
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL
);

CREATE FUNCTION public.outcome_change(the_slice integer, units text[], campaigns integer[], is_anew boolean, OUT put public.outcome[], OUT gone public.outcome[], OUT exceeded public.overflow[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    from_day date := fold_day(exposed_since(the_slice, units, campaigns) - campaign_look_back(campaigns));
    found record := outcome_lines(the_slice, outcome_units(the_slice, units, campaigns, is_anew), campaigns, from_day,
                                  is_anew);
    fresh outcome[] := outcome_total(the_slice, found.lines);
    stored outcome[] := array(
        select row(slice, unit_id, campaign_id, phase, experience, metric_id, numerator, denominator, pre_numerator,
                   pre_denominator, invalid_count, unrated_count)::outcome
        from outcome
        where slice = the_slice and unit_id = any (array(select unnest(units))) and campaign_id + 0 = any (campaigns));
begin
    exceeded := found.exceeded;
    select coalesce(array_agg(f) filter (where f.unit_id is not null and f is distinct from s), '{}'),
           coalesce(array_agg(s) filter (where f.unit_id is null), '{}')
    into put, gone
    from unnest(fresh) f
    full join unnest(stored) s on s.unit_id = f.unit_id and s.campaign_id = f.campaign_id and s.phase = f.phase
                                  and s.experience = f.experience and s.metric_id = f.metric_id;
end
$$;

CREATE FUNCTION public.outcome_lines(the_slice integer, units text[], campaigns integer[], from_day date, is_anew boolean, OUT lines public.outcome_line[], OUT exceeded public.overflow[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    names text[] := array(select event from metric_part where campaign_id = any (campaigns) union select 'refund');
    near date := near_day();
    old visitor_event[] := past_of_visitors(the_slice, units, from_day, near, names);
begin
    if units = '{}' then
        lines := '{}';
        exceeded := '{}';
        return;
    end if;
    with part as materialized (
        select * from metric_part where campaign_id = any (campaigns)
    ),
    permitted as materialized (
        select n.id as environment_id, environment_currency(n.document) as currency, l.day_events, l.all_events,
               least(l.day_events, l.all_events) as fewest
        from environment n cross join lateral fold_limits(n.document) l
    ),
    unit as materialized (
        select x.unit_id, x.campaign_id, x.phase, x.experience, x.event_id, x.exposed_at, c.environment_id,
               coalesce(p.ended_at, 'infinity') as until, phase_pre_period(p.document) as pre_period
        from exposure x
        join campaign c on c.id = x.campaign_id
        join phase p on p.campaign_id = x.campaign_id and p.number = x.phase
        left join overflow o on o.slice = the_slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
             and o.phase = x.phase and o.experience = x.experience
        where x.slice = the_slice and x.unit_id = any (array(select unnest(units)))
              and x.campaign_id + 0 = any (campaigns) and (is_anew or o.slice is null)
    ),
    done as materialized (
        select visitor_id, environment_id, event_id, name, ts, rate,
               case when rate is null then properties else converted_properties(properties, rate) end as properties,
               case when name in ('purchase', 'refund') then event_order(properties) end as order_id
        from (select e.visitor_id, e.environment_id, e.event_id, e.name, e.ts, e.properties,
                     rate_of(e.environment_id, n.currency, e.properties, e.ts) as rate
              from (select visitor_id, environment_id, event_id, name, ts, properties from visitor_event
                    where slice = the_slice and visitor_id = any (array(select distinct unit_id from unit))
                          and day >= greatest(from_day, near) and marks = 0 and name = any (names)
                    union all
                    select visitor_id, environment_id, event_id, name, ts, properties from unnest(old)) e
              join permitted n on n.environment_id = e.environment_id offset 0) r
    ),
    seen as materialized (
        select u.unit_id, u.campaign_id, u.phase, u.experience, u.environment_id, u.exposed_at, u.pre_period,
               e.ts < u.exposed_at as is_pre, e.event_id,
               e.name, e.ts, e.properties, e.rate, e.order_id,
               case when e.name = 'purchase' and e.order_id is not null
                    then row_number() over (partition by u.unit_id, u.campaign_id, u.phase, u.experience, e.name,
                                                         e.order_id order by e.ts, e.event_id)
                    else 1 end as turn
        from unit u
        join done e on e.visitor_id = u.unit_id and e.environment_id = u.environment_id
             and e.ts >= u.exposed_at - case when e.name = 'purchase'
                                             then greatest(interval '35 days', u.pre_period)
                                             else u.pre_period end
             and e.ts < u.until and e.event_id <> u.event_id
    ),
    busy as materialized (
        select visitor_id from done group by visitor_id having count(*) > (select min(fewest) from permitted)
    ),
    counted as (
        select unit_id, campaign_id, phase, experience, count(*) as rows
        from seen s
        join permitted l on l.environment_id = s.environment_id
        where unit_id in (select visitor_id from busy)
              and exists (select from part p
                          where p.campaign_id = s.campaign_id
                                and p.event = case s.name when 'refund' then 'purchase' else s.name end)
        group by grouping sets ((unit_id, campaign_id, phase, experience, (ts at time zone 'UTC')::date),
                                (unit_id, campaign_id, phase, experience))
        having count(*) > case when grouping((ts at time zone 'UTC')::date) = 0 then min(l.day_events)
                               else min(l.all_events) end
    ),
    too_many as materialized (
        select distinct unit_id, campaign_id, phase, experience from counted
    ),
    line as (
        select s.unit_id, s.campaign_id, s.phase, s.experience, p.metric_id, p.side, p.kind, p.cap, s.is_pre,
               coalesce('order ' || s.order_id, s.event_id::text) as order_key, false as is_refund,
               line_money(line_amount(s.properties, p.path, p.scale), p.is_money, p.path, s.rate) as amount,
               s.rate[2] as rate, s.ts - s.exposed_at as since
        from seen s
        join part p on p.campaign_id = s.campaign_id and p.event = s.name
        where s.turn = 1 and s.ts >= s.exposed_at - s.pre_period
              and (p.stay is null or s.ts < s.exposed_at + p.stay)
              and (p.filter is null or jsonb_path_match(s.properties, p.filter, '{}', true))
        union all
        select s.unit_id, s.campaign_id, s.phase, s.experience, p.metric_id, p.side, p.kind, p.cap, s.is_pre,
               'order ' || s.order_id, true,
               line_money(refund_amount(s.properties, p.path, p.scale), p.is_money, p.path, s.rate), s.rate[2],
               s.ts - s.exposed_at
        from seen s
        join part p on p.campaign_id = s.campaign_id and p.event = 'purchase' and p.path is not null
        where s.name = 'refund' and (p.stay is null or s.ts < s.exposed_at + p.stay)
              and (s.order_id is not null or p.filter is null
                   or jsonb_path_match(s.properties, p.filter, '{}', true))
    )
    select array(select row(l.unit_id, l.campaign_id, l.phase, l.experience, l.metric_id, l.side, l.kind, l.cap,
                            l.is_pre, l.order_key, l.is_refund,
                            case when l.amount = 'NaN' then 0 else l.amount end,
                            coalesce(l.amount = 'NaN' and l.rate is distinct from 'NaN', false),
                            coalesce(l.amount = 'NaN' and l.rate = 'NaN', false),
                            case when not l.is_pre
                                 then floor(extract(epoch from l.since) / 86400)::int end)::outcome_line
                 from line l
                 left join too_many t on t.unit_id = l.unit_id and t.campaign_id = l.campaign_id
                      and t.phase = l.phase and t.experience = l.experience
                 where t.unit_id is null),
           array(select row(the_slice, unit_id, campaign_id, phase, experience)::overflow from too_many)
    into lines, exceeded;
end
$$;

CREATE FUNCTION public.outcome_total(the_slice integer, lines public.outcome_line[]) RETURNS public.outcome[]
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
    return array(
    with kept as (
        select unit_id, campaign_id, phase, experience, metric_id, side, kind, cap, is_pre,
               case when order_key is not null and count(*) filter (where not is_refund) > 0
                    then order_total(sum(amount) filter (where not is_refund), sum(amount) filter (where is_refund),
                                     bool_or(is_refund and amount is null)) end as amount,
               case when order_key is null then sum(amount) end as returned,
               count(*) filter (where is_invalid) as invalid, count(*) filter (where is_unrated) as unrated
        from unnest(lines)
        group by unit_id, campaign_id, phase, experience, metric_id, side, kind, cap, is_pre, order_key
    ),
    total as (
        select unit_id, campaign_id, phase, experience, metric_id, side, is_pre,
               unit_capped(unit_total(sum(amount), sum(returned)), side, kind, cap) as amount, sum(invalid) as invalid,
               sum(unrated) as unrated
        from kept
        group by unit_id, campaign_id, phase, experience, metric_id, side, kind, cap, is_pre
    ),
    result as (
        select unit_id, campaign_id, phase, experience, metric_id,
               coalesce(sum(amount) filter (where side = 'n' and not is_pre), 0) as n,
               coalesce(sum(amount) filter (where side = 'd' and not is_pre), 0) as d,
               coalesce(sum(amount) filter (where side = 'n' and is_pre), 0) as pre_n,
               coalesce(sum(amount) filter (where side = 'd' and is_pre), 0) as pre_d,
               coalesce(sum(invalid) filter (where not is_pre), 0)::int as invalid,
               coalesce(sum(unrated) filter (where not is_pre), 0)::int as unrated
        from total
        group by unit_id, campaign_id, phase, experience, metric_id
    )
    select row(the_slice, unit_id, campaign_id, phase, experience, metric_id, n, d, pre_n, pre_d, invalid,
               unrated)::outcome
    from result
    where (n, d, pre_n, pre_d, invalid, unrated) <> (0, 0, 0, 0, 0, 0));
end
$$;

CREATE FUNCTION public.outcome_units(the_slice integer, units text[], campaigns integer[], is_anew boolean) RETURNS text[]
    LANGUAGE plpgsql
    AS $$
begin
    return array(
        select distinct x.unit_id
        from exposure x
        left join overflow o on o.slice = the_slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
             and o.phase = x.phase and o.experience = x.experience
        where x.slice = the_slice and x.unit_id = any (array(select unnest(units)))
              and x.campaign_id + 0 = any (campaigns) and (is_anew or o.slice is null));
end
$$;

CREATE FUNCTION public.outcome_write(the_slice integer, units text[], campaigns integer[], is_anew boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    change record := outcome_change(the_slice, units, campaigns, is_anew);
begin
    perform overflow_write(the_slice, units, campaigns, change.exceeded, is_anew);
    delete from outcome o using unnest(change.gone) g
    where o.slice = the_slice and (o.unit_id, o.campaign_id, o.phase, o.experience, o.metric_id)
          = (g.unit_id, g.campaign_id, g.phase, g.experience, g.metric_id);
    insert into outcome
    select * from unnest(change.put) order by unit_id, campaign_id, phase, experience, metric_id
    on conflict (slice, unit_id, campaign_id, phase, experience, metric_id) do update
    set (numerator, denominator, pre_numerator, pre_denominator, invalid_count, unrated_count)
        = (excluded.numerator, excluded.denominator, excluded.pre_numerator, excluded.pre_denominator,
           excluded.invalid_count, excluded.unrated_count);
end
$$;

CREATE FUNCTION public.overflow_of(the_slice integer, units text[], campaigns integer[]) RETURNS public.cohort[]
    LANGUAGE plpgsql
    AS $$
begin
    return array(
    select row(the_slice, x.campaign_id, x.phase, x.experience, x.variant, x.cohort_day, d.dimension, d.value,
               -count(*), -count(*) filter (where x.is_crossover), -count(*) filter (where not x.has_past),
               count(*))::cohort
    from overflow o
    join exposure x on x.slice = the_slice and x.unit_id = o.unit_id and x.campaign_id = o.campaign_id
         and x.phase = o.phase and x.experience = o.experience
    cross join lateral dimension_values(x.dimensions) d
    where o.slice = the_slice and o.unit_id = any (array(select unnest(units))) and o.campaign_id + 0 = any (campaigns)
    group by x.campaign_id, x.phase, x.experience, x.variant, x.cohort_day, d.dimension, d.value);
end
$$;

CREATE FUNCTION public.overflow_write(the_slice integer, units text[], campaigns integer[], exceeded public.overflow[], is_anew boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from overflow o
    where o.slice = the_slice and o.unit_id = any (array(select unnest(units))) and o.campaign_id + 0 = any (campaigns)
          and (is_anew or not exists (
                   select from exposure x
                   where x.slice = the_slice and x.unit_id = o.unit_id and x.campaign_id = o.campaign_id
                         and x.phase = o.phase and x.experience = o.experience));
    insert into overflow select * from unnest(exceeded) order by unit_id, campaign_id, phase, experience
    on conflict do nothing;
end
$$;

CREATE FUNCTION public.overlap_of(of_campaign integer, of_phase integer, metric integer, last_day date) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET jit TO 'off'
    AS $$
declare
    others int[] := array(select campaign_id from overlap_others(of_campaign, of_phase));
    until timestamptz := (select coalesce(ended_at, 'infinity') from phase
                          where campaign_id = of_campaign and number = of_phase);
begin
    return (
        with cell as materialized (
            select y.campaign_id, y.phase, x.variant, y.variant as other_variant, count(*) as units,
                   coalesce(sum(o.numerator), 0) as n, coalesce(sum(o.denominator), 0) as d,
                   coalesce(sum(o.numerator * o.numerator), 0) as nn,
                   coalesce(sum(o.numerator * o.denominator), 0) as nd,
                   coalesce(sum(o.denominator * o.denominator), 0) as dd
            from exposure x
            join exposure y on y.slice = x.slice and y.unit_id = x.unit_id and y.campaign_id = any (others)
                 and y.exposed_at < until
            left join outcome o on o.slice = x.slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
                 and o.phase = x.phase and o.experience = x.experience and o.metric_id = metric
            left join overflow f on f.slice = x.slice and f.unit_id = x.unit_id and f.campaign_id = x.campaign_id
                 and f.phase = x.phase and f.experience = x.experience
            where x.campaign_id = of_campaign and x.phase = of_phase and x.cohort_day <= last_day and f.slice is null
            group by y.campaign_id, y.phase, x.variant, y.variant
        ),
        strongest as (
            select h.*, c.units, c.cells
            from overlap_others(of_campaign, of_phase) h
            join lateral (
                select sum(units) as units,
                       jsonb_agg(jsonb_build_object('variant', variant, 'other_variant', other_variant,
                                                    'units', units, 'n', n::text, 'd', d::text, 'nn', nn::text,
                                                    'nd', nd::text, 'dd', dd::text)
                                 order by variant, other_variant) as cells
                from cell where cell.campaign_id = h.campaign_id and cell.phase = h.phase) c on c.units > 0
            order by c.units desc, h.campaign_id, h.phase
            limit 5
        )
        select jsonb_build_object('metric', metric, 'others', coalesce(jsonb_agg(jsonb_build_object(
                   'campaign', campaign, 'name', name, 'phase', phase, 'coverage', coverage, 'variants', variants,
                   'units', units, 'cells', cells) order by units desc, campaign, phase), '[]'))
        from strongest);
end
$$;

CREATE FUNCTION public.overlap_others(of_campaign integer, of_phase integer) RETURNS TABLE(campaign_id integer, phase integer, campaign text, name text, coverage jsonb, variants jsonb)
    LANGUAGE sql STABLE
    AS $$
    select o.id, q.number, o.key, o.document ->> 'name',
           case when i.id is null then coalesce(o.document -> 'coverage', '1') end,
           (select jsonb_agg(jsonb_build_object('key', v.item -> 'key', 'weight', v.item -> 'weight',
                                                'is_control', coalesce(v.item -> 'is_control', 'false')))
            from jsonb_array_elements(q.document -> 'variants') v (item))
    from campaign c
    join phase p on p.campaign_id = c.id
    join campaign o on o.environment_id = c.environment_id and o.id <> c.id and o.kind <> 'holdout'
         and (o.document #>> '{layer,key}' is null
              or o.document #>> '{layer,key}' is distinct from c.document #>> '{layer,key}')
    left join import i on i.campaign_id = o.id
    join phase q on q.campaign_id = o.id
         and q.started_at < coalesce(p.ended_at, 'infinity') and p.started_at < coalesce(q.ended_at, 'infinity')
         and jsonb_array_length(q.document -> 'variants') between 2 and 10
    cross join lateral (
        select sum(unit_count) as units from cohort h
        where h.campaign_id = o.id and h.phase = q.number and h.dimension = 'all') u
    where c.id = of_campaign and p.number = of_phase and u.units > 0
    order by u.units desc, o.id, q.number
    limit 50
$$;

CREATE FUNCTION public.overlap_queue() RETURNS bigint
    LANGUAGE sql
    AS $$
    with queued as (
        insert into job (environment_id, kind, input, actor)
        select environment_id, 'overlap', '{}', 'system'
        from (select distinct environment_id from overlap_due) due
        where not exists (select from job j
                          where j.state in ('queued', 'running') and j.kind = 'overlap'
                                and j.environment_id = due.environment_id)
        order by environment_id
        returning 1
    )
    select count(*) from queued
$$;

CREATE FUNCTION public.own_properties(the_environment integer, own text, properties jsonb, ts timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select case when foreign_currency(properties, own) is null then properties
                else converted_properties(properties, rate_of(the_environment, own, properties, ts)) end
$$;

CREATE FUNCTION public.past_exposed(campaigns integer[], to_day date, OUT slices integer[], OUT visitors text[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    year record;
    part record;
begin
    slices := '{}';
    visitors := '{}';
    for year in select * from past_years('-infinity', to_day) loop
        begin
            select coalesce(array_agg(u.slice), '{}') as slices, coalesce(array_agg(u.visitor_id), '{}') as visitors
            into part
            from (select distinct e.slice, e.visitor_id
                  from visitor_event e
                  join campaign c on c.environment_id = e.environment_id and c.key = e.properties ->> 'campaign'
                  where e.name = 'exposure' and e.marks = 0 and c.id = any (campaigns)
                        and e.day >= year.first and e.day < year.last) u;
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            slices := slices || part.slices;
            visitors := visitors || part.visitors;
        end;
    end loop;
end
$$;

CREATE FUNCTION public.past_of_visitors(the_slice integer, visitors text[], from_day date, to_day date, names text[]) RETURNS public.visitor_event[]
    LANGUAGE plpgsql
    AS $$
declare
    year record;
    part visitor_event[];
    events visitor_event[] := '{}';
begin
    for year in select * from past_years(from_day, to_day) loop
        begin
            part := array(
                select row(slice, visitor_id, event_id, day, environment_id, name, ts, received_at, properties, marks,
                           writer, seq)::visitor_event
                from visitor_event
                where slice = the_slice and visitor_id = any (visitors) and marks = 0
                      and day >= year.first and day < year.last and (names is null or name = any (names)));
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            events := events || part;
        end;
    end loop;
    return events;
end
$$;

CREATE FUNCTION public.past_of_writer(the_slice integer, the_writer integer, first bigint, last bigint, from_day date, to_day date) RETURNS public.visitor_event[]
    LANGUAGE plpgsql
    AS $$
declare
    year record;
    part visitor_event[];
    events visitor_event[] := '{}';
begin
    for year in select * from past_years(from_day, to_day) loop
        begin
            part := array(
                select row(slice, visitor_id, event_id, day, environment_id, name, ts, received_at, properties, marks,
                           writer, seq)::visitor_event
                from visitor_event
                where slice = the_slice and writer = the_writer
                      and seq > past_of_writer.first and seq <= past_of_writer.last
                      and day >= year.first and day < year.last);
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            events := events || part;
        end;
    end loop;
    return events;
end
$$;

CREATE FUNCTION public.past_seqs(the_slice integer, the_writer integer, after bigint, from_day date, to_day date, row_limit integer) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
declare
    year record;
    part bigint[];
    seqs bigint[] := '{}';
begin
    for year in select * from past_years(from_day, to_day) loop
        begin
            part := array(
                select seq from visitor_event
                where slice = the_slice and writer = the_writer and seq > after
                      and day >= year.first and day < year.last
                order by seq limit row_limit);
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            seqs := seqs || part;
        end;
    end loop;
    return array(select seq from unnest(seqs) seq order by seq limit row_limit);
end
$$;

CREATE FUNCTION public.past_unread(the_consumer integer, row_limit integer) RETURNS TABLE(slice integer, writer integer, from_day date, after bigint, seqs bigint[])
    LANGUAGE plpgsql
    AS $$
begin
    return query
        select l.slice, l.writer, l.from_day, coalesce(c.seq, -1),
               past_seqs(l.slice, l.writer, coalesce(c.seq, -1), l.from_day, near_day(), row_limit)
        from late_event l
        left join fold_cursor c on c.consumer = the_consumer and c.slice = l.slice and c.writer = l.writer
        where l.seq > coalesce(c.seq, -1);
end
$$;

CREATE FUNCTION public.past_years(from_day date, to_day date) RETURNS TABLE(first date, last date)
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if from_day < to_day then
        return query
            with part as materialized (
                select to_date(substr(c.relname, 15), 'YYYYMMDD') as day
                from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = 'visitor_event'::regclass
            )
            select min(p.day), max(p.day) + 1
            from part p
            where p.day >= from_day and p.day < to_day
            group by (p.day - date '2000-01-01') / 366
            order by 1;
    end if;
end
$$;

CREATE FUNCTION public.phase_dimensions(document jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select coalesce(document -> 'dimensions', dimension_builtins())
$$;

CREATE FUNCTION public.phase_pre_period(document jsonb) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select make_interval(days => coalesce((document #>> '{statistics,preperiod_days}')::int, 14))
$$;

CREATE FUNCTION public.plan_measure(the_environment integer, the_metric text) RETURNS TABLE(days double precision, visitors double precision, sampled bigint, kind text, n double precision, d double precision, nn double precision, nd double precision, dd double precision, converted double precision, ww double precision, wwn double precision, wwnn double precision, wwnd double precision, wwdd double precision)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
declare
    first_day date := (now() at time zone 'UTC')::date - 28;
    own text := (select environment_currency(n.document) from environment n where n.id = the_environment);
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    return query
        with known as materialized (select * from recent_visitors(the_environment, 28, 150)),
        m as (
            select m.definition, m.definition ->> 'kind' as kind, (m.definition ->> 'cap')::numeric as cap,
                   coalesce((m.definition ->> 'scale')::numeric, 1) as scale
            from metric m where m.environment_id = the_environment and m.key = the_metric and m.is_current
        ),
        part as (
            select s.side, s.part ->> 'event' as event, (s.part ->> 'filter')::jsonpath as filter,
                   string_to_array(case when m.kind in ('sum', 'mean', 'ratio') and not s.is_number
                                        then s.part ->> 'value' end, '.') as path
            from m cross join lateral (
                select 'n', m.definition -> 'numerator', false
                union all
                select 'd', m.definition -> 'denominator', false where m.kind = 'ratio'
                union all
                select 'd', m.definition -> 'numerator', true where m.kind = 'mean') s (side, part, is_number)
        ),
        did as (
            select e.visitor_id, min(e.ts) as first_ts, coalesce(sum(a.amount) filter (where p.side = 'n'), 0) as n,
                   coalesce(sum(a.amount) filter (where p.side = 'd'), 0) as d
            from known k
            join visitor_event e on e.slice = k.slice and e.visitor_id = k.visitor_id
                 and e.environment_id = the_environment and e.marks = 0 and e.day >= first_day
            cross join lateral own_properties(the_environment, own, e.properties, e.ts) o (told)
            left join part p on p.event = e.name
                 and (p.filter is null or jsonb_path_match(o.told, p.filter, '{}', true))
            left join m on true
            cross join lateral (
                select case when p.side is null then 0 when p.path is null then 1
                            else coalesce(nullif(event_amount(o.told, p.path, m.scale), 'NaN'), 0)
                                 / m.scale end) a (amount)
            group by e.visitor_id
        ),
        unit as (
            select k.weight as w, did.first_ts,
                   (case m.kind when 'conversion' then least(did.n, 1) when 'ratio' then did.n
                                else least(did.n, m.cap / m.scale) end)::float8 as n, did.d::float8 as d
            from known k join did using (visitor_id) left join m on true
        )
        select greatest(1, least(28, extract(epoch from now() - min(first_ts)) / 86400))::float8 as days,
               coalesce(sum(w), 0)::float8 as visitors, count(*) as sampled, (select kind from m) as kind,
               coalesce(sum(w * n), 0)::float8 as n, coalesce(sum(w * d), 0)::float8 as d,
               coalesce(sum(w * n * n), 0)::float8 as nn, coalesce(sum(w * n * d), 0)::float8 as nd,
               coalesce(sum(w * d * d), 0)::float8 as dd, coalesce(sum(w) filter (where n > 0), 0)::float8 as converted,
               coalesce(sum(w * w), 0)::float8 as ww, coalesce(sum(w * w * n), 0)::float8 as wwn,
               coalesce(sum(w * w * n * n), 0)::float8 as wwnn, coalesce(sum(w * w * n * d), 0)::float8 as wwnd,
               coalesce(sum(w * w * d * d), 0)::float8 as wwdd from unit;
end
$$;

CREATE FUNCTION public.preview_secret_new() RETURNS bytea
    LANGUAGE sql
    AS $$
    select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
$$;

CREATE TABLE public.app_user (
    id integer NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    password_hash text,
    provider_id text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT app_user_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'editor'::text, 'publisher'::text, 'admin'::text])))
);

CREATE FUNCTION public.provider_role(the_user public.app_user, the_role text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select case when the_user.role = 'admin' and not exists (
                    select from app_user a where a.role = 'admin' and a.disabled_at is null and a.id <> the_user.id)
                then 'admin' else coalesce(the_role, the_user.role) end
$$;

CREATE FUNCTION public.provider_sign_in(the_id text, the_email text, the_role text, new_role text, session_sha256 bytea, hours integer, agent text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.rate_at(the_environment integer, the_currency text, the_day date) RETURNS numeric[]
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return coalesce((select array[r.own_rate, r.rate] from currency_rate r
                     where r.environment_id = the_environment and r.currency = the_currency
                           and r.day <= the_day and r.day >= the_day - rate_days()
                     order by r.day desc limit 1), '{NaN,NaN}');
end
$$;

CREATE FUNCTION public.rate_days() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select 7 $$;

CREATE FUNCTION public.rate_mark(of_environment integer, currencies text[], days date[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    free bigint[] := array(select id from rate_due
                           where environment_id = of_environment and currency = any (currencies)
                           for update skip locked);
begin
    with changed as (
        select u.currency, min(u.day) as from_day, max(u.day) + rate_days() as to_day
        from unnest(currencies, days) u (currency, day) group by u.currency
    ),
    widened as (
        update rate_due d
        set from_day = least(d.from_day, c.from_day), to_day = greatest(d.to_day, c.to_day), done_to = ''
        from changed c
        where d.id = any (free) and d.currency = c.currency
        returning d.slice, d.currency
    )
    insert into rate_due (slice, environment_id, currency, from_day, to_day, done_to)
    select s.number, of_environment, c.currency, c.from_day, c.to_day, ''
    from slice s cross join changed c
    where not exists (select from widened w where w.slice = s.number and w.currency = c.currency);
end
$$;

CREATE FUNCTION public.rate_of(the_environment integer, own text, properties jsonb, ts timestamp with time zone) RETURNS numeric[]
    LANGUAGE sql STABLE
    AS $$
    select case when foreign_currency(properties, own) is not null
                then rate_at(the_environment, foreign_currency(properties, own), (ts at time zone 'UTC')::date) end
$$;

CREATE FUNCTION public.rebuild(campaigns integer[], OUT unit_count bigint, OUT outcome_count bigint) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    near date := near_day();
    old record;
    chunk record;
begin
    perform fold_prepare();
    perform pg_advisory_xact_lock(fold_lock(1), number) from (select number from slice order by number) s;
    campaigns := array(select c from unnest(campaigns) c where not campaign_is_closed(c));
    update phase set is_settled = true
    where campaign_id = any (campaigns) and ended_at is not null and not is_settled;
    update campaign_metric set is_computed = true where campaign_id = any (campaigns) and not is_computed;
    delete from sweep where campaign_id = any (campaigns);
    delete from exposure where campaign_id = any (campaigns);
    delete from outcome where campaign_id = any (campaigns);
    delete from overflow where campaign_id = any (campaigns);
    delete from excluded_exposure where campaign_id = any (campaigns);
    delete from cohort where campaign_id = any (campaigns);
    delete from moment where campaign_id = any (campaigns);
    old := past_exposed(campaigns, near);
    for chunk in
        select slice, array_agg(visitor_id) as units
        from (select slice, visitor_id,
                     (row_number() over (partition by slice order by visitor_id) - 1) / 10000 as part
              from (select distinct e.slice, e.visitor_id
                    from visitor_event e
                    join campaign c on c.environment_id = e.environment_id
                         and c.key = e.properties ->> 'campaign'
                    where e.name = 'exposure' and e.marks = 0 and c.id = any (campaigns) and e.day >= near
                    union
                    select * from unnest(old.slices, old.visitors)) shown (slice, visitor_id)) numbered
        group by slice, part
    loop
        perform fold_apply(chunk.slice, chunk.units, '-infinity', '{}', campaigns, true);
    end loop;
    perform total_apply(c) from unnest(campaigns) c;
    select count(*) into unit_count from exposure where campaign_id = any (campaigns);
    select count(*) into outcome_count from outcome where campaign_id = any (campaigns);
end
$$;

CREATE FUNCTION public.recent_visitors(of_environment integer, days integer, blocks integer, seed double precision DEFAULT 0) RETURNS TABLE(slice integer, visitor_id text, weight double precision)
    LANGUAGE plpgsql
    AS $$
declare
    first_day date := (now() at time zone 'UTC')::date - days;
    there float8;
    percent float8;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    select sum(pg_relation_size(c.oid)) / current_setting('block_size')::int into there
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'visitor_event'::regclass
          and c.relname >= 'visitor_event_' || to_char(first_day, 'YYYYMMDD');
    if coalesce(there, 0) <= 4 * blocks then
        return query
            select e.slice, e.visitor_id, 1::float8 from visitor_event e
            where e.environment_id = of_environment and e.day >= first_day and e.marks = 0
                  and not is_imported(e.visitor_id) and not is_simulated(e.visitor_id)
                  and not exists (select from excluded_visitor x
                                  where x.slice = e.slice and x.visitor_id = e.visitor_id
                                        and x.environment_id = of_environment)
            group by e.slice, e.visitor_id;
        return;
    end if;
    percent := 100 / 2 ^ ceil(log(2, (there / blocks)::numeric));
    return query
        with met as (
            select e.slice, e.visitor_id, count(*) as hits
            from visitor_event e tablesample system (percent) repeatable (seed)
            where e.environment_id = of_environment and e.day >= first_day and e.marks = 0
                  and not is_imported(e.visitor_id) and not is_simulated(e.visitor_id)
                  and not exists (select from excluded_visitor x
                                  where x.slice = e.slice and x.visitor_id = e.visitor_id
                                        and x.environment_id = of_environment)
            group by e.slice, e.visitor_id)
        select met.slice, met.visitor_id, met.hits * 100 / percent / n.total
        from met
        cross join lateral (
            select count(*) as total from visitor_event e
            where e.slice = met.slice and e.visitor_id = met.visitor_id and e.environment_id = of_environment
                  and e.day >= first_day and e.marks = 0) n
        where n.total > 0;
end
$$;

CREATE FUNCTION public.refund_amount(properties jsonb, path text[], scale numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when a.amount < 0 then 0
                when a.amount is null and coalesce(properties ->> 'value', properties ->> 'items') is not null then 0
                else a.amount end
    from event_amount(properties, path, scale) a (amount)
$$;

CREATE FUNCTION public.refusal_add(the_writer integer, environments integer[], reasons text[], names text[], counts bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    today date := (now() at time zone 'UTC')::date;
begin
    with fresh as (
        select f.environment_id, f.reason, f.name, f.count, is_measured_name(f.environment_id, f.name) as is_measured,
               exists (select from refusal r
                       where r.environment_id = f.environment_id and r.day = today and r.writer = the_writer
                             and r.name = f.name) as is_known
        from unnest(environments, reasons, names, counts) f (environment_id, reason, name, count)
    ),
    taken as materialized (
        select r.environment_id, count(*) as names
        from (select distinct r.environment_id, r.name from refusal r
              where r.environment_id in (select environment_id from fresh) and r.day = today and r.writer = the_writer
                    and r.name <> '') r
        where not is_measured_name(r.environment_id, r.name)
        group by r.environment_id
    ),
    named as (
        select environment_id, f.name,
               row_number() over (partition by environment_id order by sum(f.count) desc, f.name)
               + coalesce(t.names, 0) as place
        from fresh f
        left join taken t using (environment_id)
        where not f.is_known and not f.is_measured and f.name <> ''
        group by environment_id, f.name, t.names
    )
    insert into refusal as r (environment_id, day, writer, reason, name, event_count, last_at)
    select f.environment_id, today, the_writer, f.reason,
           case when n.place > 50 then '' else f.name end as kept, sum(f.count), now()
    from fresh f
    left join named n on n.environment_id = f.environment_id and n.name = f.name
    group by f.environment_id, f.reason, kept
    order by f.environment_id, f.reason, kept
    on conflict (environment_id, day, writer, reason, name) do update
    set event_count = r.event_count + excluded.event_count, last_at = excluded.last_at;
end
$$;

CREATE FUNCTION public.refusal_trim() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from refusal where day < (now() at time zone 'UTC')::date - 400;
    delete from omission where day < (now() at time zone 'UTC')::date - 400;
end
$$;

CREATE FUNCTION public.rfc3339(t timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE FUNCTION public.second_factor_confirm(the_user integer, the_step bigint, codes text, own_session bytea) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    update second_factor f
    set confirmed_at = now(), step = the_step, failed_count = 0, locked_until = null
    where f.user_id = the_user and second_factor_waits(f) and coalesce(f.locked_until <= now(), true);
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

CREATE FUNCTION public.second_factor_fail(the_user integer) RETURNS void
    LANGUAGE sql
    AS $$
    update second_factor
    set failed_count = failed_count + 1,
        locked_until = case when failed_count >= 9 then now() + interval '15 minutes' end
    where user_id = the_user
$$;

CREATE FUNCTION public.second_factor_remove(actor text, the_user integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    delete from second_factor where user_id = the_user;
    if found then
        perform audit_write(actor, null, 'second_factor.remove', the_user::text, null, null);
        return true;
    end if;
    return false;
end
$$;

CREATE FUNCTION public.second_factor_use(the_user integer, the_step bigint, the_code bytea) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
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

CREATE TABLE public.second_factor (
    user_id integer NOT NULL,
    secret bytea NOT NULL,
    step bigint DEFAULT 0 NOT NULL,
    failed_count integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    confirmed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE FUNCTION public.second_factor_waits(f public.second_factor) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select f.confirmed_at is null and f.created_at > now() - interval '15 minutes'
$$;

CREATE TABLE public.session (
    token_sha256 bytea NOT NULL,
    id integer NOT NULL,
    user_id integer NOT NULL,
    agent text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE FUNCTION public.session_holds(s public.session) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select s.expires_at > now() and s.seen_at > now() - interval '1 day'
$$;

CREATE FUNCTION public.share_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.share_context(of_environment integer) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object('campaigns', coalesce(jsonb_agg(c.key), '[]'))
    from campaign c where c.environment_id = of_environment and c.phase > 0
$$;

CREATE TABLE public.share (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    campaign_id integer NOT NULL,
    token_sha256 bytea NOT NULL,
    token_hint text NOT NULL,
    document jsonb NOT NULL,
    actor text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

CREATE FUNCTION public.share_view(s public.share) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select s.document || jsonb_build_object('id', s.id, 'hint', s.token_hint, 'actor', s.actor, 'version', s.version,
        'is_open', s.revoked_at is null and s.expires_at > now(),
        'created_at', rfc3339(s.created_at), 'updated_at', rfc3339(s.updated_at),
        'expires_at', rfc3339(s.expires_at), 'revoked_at', rfc3339(s.revoked_at))
$$;

CREATE FUNCTION public.since_exposure_of(of_campaign integer, of_phase integer, unit_most integer DEFAULT 50000) RETURNS jsonb
    LANGUAGE plpgsql
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
declare
    until timestamptz := (select least(coalesce(ended_at, 'infinity'), now()) from phase
                          where campaign_id = of_campaign and number = of_phase);
    share numeric := (select least(1, unit_most / greatest(sum(unit_count), 1)) from cohort
                      where campaign_id = of_campaign and phase = of_phase and dimension = 'all');
    one int;
    units text[];
    behind text;
    sums jsonb := '[]';
begin
    for one in select number from slice order by number loop
        behind := '';
        loop
            units := array(select unit_id from exposure
                           where campaign_id = of_campaign and slice = one and phase = of_phase and unit_id > behind
                                 and abs(hashtext(unit_id)::bigint) % 10000 < share * 10000
                           order by unit_id limit 1000);
            exit when units = '{}';
            behind := units[cardinality(units)];
            -- Added up at once, so that what is kept does not grow with the units.
            sums := (
                select jsonb_agg(jsonb_build_array(metric_id, day, variant, unit_count, n, d, nn, nd, dd))
                from (select metric_id, day, variant, sum(unit_count) as unit_count, sum(n) as n, sum(d) as d,
                             sum(nn) as nn, sum(nd) as nd, sum(dd) as dd
                      from (select * from since_exposure_sums(one, units, of_campaign, of_phase, until, 14)
                            union all
                            select (s -> 0)::int, (s -> 1)::int, s ->> 2, (s -> 3)::bigint, (s -> 4)::numeric,
                                   (s -> 5)::numeric, (s -> 6)::numeric, (s -> 7)::numeric, (s -> 8)::numeric
                            from jsonb_array_elements(sums) s) a
                      group by metric_id, day, variant) b);
            sums := coalesce(sums, '[]');
        end loop;
    end loop;
    return (
        with sum as materialized (
            select (s -> 0)::int as metric_id, (s -> 1)::int as day, s ->> 2 as variant, (s -> 3)::bigint as units,
                   s ->> 4 as n, s ->> 5 as d, s ->> 6 as nn, s ->> 7 as nd, s ->> 8 as dd
            from jsonb_array_elements(sums) s
        )
        select jsonb_build_object('share', share, 'rows', coalesce(jsonb_agg(jsonb_build_object(
                   'metric', m.id, 'day', u.day::text, 'variant', u.variant, 'units', u.units,
                   'n', coalesce(s.n, '0'), 'd', coalesce(s.d, '0'), 'nn', coalesce(s.nn, '0'),
                   'nd', coalesce(s.nd, '0'), 'dd', coalesce(s.dd, '0')) order by m.id, u.day, u.variant), '[]'))
        from sum u
        join campaign_metric cm on cm.campaign_id = of_campaign
        join metric m on m.id = cm.metric_id
             and u.day * 24 <= coalesce((m.definition ->> 'window_hours')::numeric, 'infinity')
        left join sum s on s.metric_id = m.id and s.day = u.day and s.variant = u.variant
        where u.metric_id = 0);
end
$$;

CREATE FUNCTION public.since_exposure_queue() RETURNS bigint
    LANGUAGE sql
    AS $$
    with queued as (
        insert into job (environment_id, kind, input, actor)
        select environment_id, 'since_exposure', '{}', 'system'
        from (select distinct environment_id from since_exposure_due) due
        where not exists (select from job j
                          where j.state in ('queued', 'running') and j.kind = 'since_exposure'
                                and j.environment_id = due.environment_id)
        order by environment_id
        returning 1
    )
    select count(*) from queued
$$;

CREATE FUNCTION public.since_exposure_sums(the_slice integer, units text[], of_campaign integer, of_phase integer, until timestamp with time zone, day_most integer) RETURNS TABLE(metric_id integer, day integer, variant text, unit_count bigint, n numeric, d numeric, nn numeric, nd numeric, dd numeric)
    LANGUAGE plpgsql
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
declare
    campaigns int[] := array[of_campaign];
    lines outcome_line[] := (outcome_lines(
        the_slice, units, campaigns,
        fold_day(exposed_since(the_slice, units, campaigns) - campaign_look_back(campaigns)), true)).lines;
begin
    lines := array(select l from unnest(lines) l where l.phase = of_phase and l.age < day_most and not l.is_pre);
    return query
        with unit as materialized (
            select x.unit_id, x.variant,
                   least(day_most, floor(extract(epoch from until - x.exposed_at) / 86400))::int as days
            from exposure x
            left join overflow o on o.slice = the_slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
                 and o.phase = x.phase and o.experience = x.experience
            where x.slice = the_slice and x.unit_id = any (array(select unnest(units)))
                  and x.campaign_id = of_campaign and x.phase = of_phase and o.slice is null
        ),
        -- Of the units that did anything on the day: all until its end, and all until its begin.
        done as (
            select g.day, o.unit_id, o.metric_id, sum(e.sign * o.numerator) as n, sum(e.sign * o.denominator) as d
            from generate_series(1, day_most) g (day)
            cross join (values (0, 1), (1, -1)) e (back, sign)
            cross join lateral unnest(outcome_total(the_slice, array(
                select l from unnest(lines) l
                where l.age < g.day - e.back
                      and l.unit_id in (select w.unit_id from unnest(lines) w where w.age = g.day - 1)))) o
            group by g.day, o.unit_id, o.metric_id
        )
        select 0, g.day, u.variant, count(*), 0, 0, 0, 0, 0
        from unit u cross join generate_series(1, u.days) g (day)
        group by g.day, u.variant
        union all
        select o.metric_id, o.day, u.variant, 0, sum(o.n), sum(o.d), sum(o.n * o.n), sum(o.n * o.d), sum(o.d * o.d)
        from done o join unit u on u.unit_id = o.unit_id and u.days >= o.day
        group by o.metric_id, o.day, u.variant;
end
$$;

CREATE FUNCTION public.slice_of(of_text text) RETURNS integer
    LANGUAGE plpgsql STABLE STRICT
    AS $$
begin
    return fnv1a(of_text) % (select count from slicing);
end
$$;

CREATE FUNCTION public.slice_read(the_consumer integer, the_slice integer, writers integer[], lasts bigint[], is_cut boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    today date := late_before(now());
begin
    insert into fold_cursor (consumer, slice, writer, seq, from_day)
    select the_consumer, the_slice, w.id, coalesce(n.seq, -1),
           case when is_cut then late_before(w.created_at) else today end
    from writer w
    left join unnest(writers, lasts) n (writer, seq) on n.writer = w.id
    left join fold_cursor c on c.consumer = the_consumer and c.slice = the_slice and c.writer = w.id
    where n.seq is not null or not is_cut and (c.from_day is null or c.from_day < today)
    order by w.id
    on conflict (consumer, slice, writer) do update
    set seq = greatest(fold_cursor.seq, excluded.seq),
        from_day = case when is_cut then fold_cursor.from_day else greatest(fold_cursor.from_day, today) end;
end
$$;

CREATE FUNCTION public.slice_step(the_slice integer, row_limit integer, OUT row_count integer, OUT visitor_count integer, OUT is_more boolean, OUT is_held boolean, OUT is_swept boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    unread record;
    events fold_event[];
    read record;
    early record;
    swept record;
begin
    perform fold_prepare();
    row_count := 0;
    visitor_count := 0;
    is_more := false;
    is_swept := false;
    is_held := not pg_try_advisory_xact_lock(fold_lock(1), the_slice);
    if is_held then
        return;
    end if;
    unread := slice_unread(1, the_slice, row_limit);
    if unread.writers is not null then
        events := fold_events(the_slice, unread.writers, unread.firsts, unread.lasts, unread.from_day);
        row_count := cardinality(events);
        perform foreign_keep(the_slice, events);
        read := fold_read(the_slice, events);
        if read.early <> '{}' then
            perform early_keep(the_slice, read.early);
        end if;
        visitor_count := fold_apply(
            the_slice, read.exposed, read.first, read.active, fold_campaigns(read.since), false);
    end if;
    perform slice_read(1, the_slice, unread.writers, unread.lasts, unread.is_cut);
    early := fold_read_early(the_slice, row_limit);
    visitor_count := visitor_count
        + fold_apply(the_slice, early.exposed, early.first, '{}', fold_campaigns(early.first), false);
    swept := fold_sweep(the_slice, row_limit);
    is_more := unread.is_cut or early.exposed <> '{}' or swept.is_more;
    is_swept := swept.is_swept;
end
$$;

CREATE FUNCTION public.slice_unread(the_consumer integer, the_slice integer, row_limit integer, OUT writers integer[], OUT firsts bigint[], OUT lasts bigint[], OUT from_day date, OUT is_cut boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    one record;
    share int;
    newest bigint;
    found_rows int;
    near date := near_day();
    old bigint[];
begin
    loop
        from_day := unread_from(the_consumer, the_slice);
        is_cut := false;
        for one in
            select w.id, u.seq, u.head, row_limit / count(*) over () as share,
                   least(coalesce(u.from_day, late_before(w.created_at)),
                         case when l.seq > u.seq then l.from_day end) as since
            from unread_head u
            join writer w on w.id = u.writer
            left join late_event l on l.slice = the_slice and l.writer = w.id
            where u.consumer = the_consumer and u.slice = the_slice
            order by w.id
        loop
            share := greatest(one.share, 1);
            old := past_seqs(the_slice, one.id, one.seq, one.since, near, share);
            select max(n.seq), count(*) into newest, found_rows
            from (select u.seq
                  from ((select e.seq from visitor_event e
                         where e.writer = one.id and e.slice = the_slice and e.seq > one.seq
                               and e.day >= greatest(from_day, near)
                         order by e.seq limit share)
                        union all
                        select o.seq from unnest(old) o (seq)) u
                  order by u.seq limit share) n;
            writers := writers || one.id;
            firsts := firsts || one.seq;
            lasts := lasts || case when found_rows < share then greatest(newest, one.head) else newest end;
            is_cut := is_cut or found_rows >= share;
        end loop;
        -- What was marked as late meanwhile may have been among these rows.
        exit when from_day is null or unread_from(the_consumer, the_slice) >= from_day;
        writers := null;
        firsts := null;
        lasts := null;
    end loop;
end
$$;

CREATE FUNCTION public.slicing_set(wanted integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if (select count from slicing) = wanted then
        return;
    end if;
    if exists (select from visitor_event) or exists (select from writer) then
        raise exception 'the number of slices is fixed: events were stored already'
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    update slicing set count = wanted;
    delete from slice;
    insert into slice (number) select generate_series(0, wanted - 1);
    analyze slice;
end
$$;

CREATE FUNCTION public.snapshot_at(environment integer, wanted bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
declare
    found_version bigint;
    found_document jsonb;
    earlier record;
begin
    select s.version, s.document into found_version, found_document
        from snapshot s where s.environment_id = environment;
    for earlier in
        select h.version, h.difference from snapshot_history h
        where h.environment_id = environment and h.version >= wanted order by h.version desc
    loop
        found_document := snapshot_undo(found_document, earlier.difference);
        found_version := earlier.version;
    end loop;
    return case when found_version = wanted then found_document end;
end
$$;

CREATE FUNCTION public.snapshot_campaign_document(c public.campaign) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object(
        'id', c.id, 'key', c.key, 'kind', c.kind, 'status', c.status, 'priority', snapshot_priority(c),
        'coverage', coalesce(c.document -> 'coverage', '1'),
        'schedule', c.document -> 'schedule',
        'forced', coalesce(c.document -> 'forced', '{}'),
        'layer', case when jsonb_typeof(c.document -> 'layer') = 'object' then jsonb_build_object(
            'key', c.document -> 'layer' ->> 'key',
            'ranges', coalesce((select jsonb_agg(jsonb_build_array(r.from_bucket, r.to_bucket) order by r.from_bucket)
                                from layer_range r where r.campaign_id = c.id), '[]')) end,
        'phase', (select jsonb_build_object(
                    'number', p.number, 'seed', p.seed, 'triggers', p.document -> 'triggers',
                    'experiences', jsonb_build_array(jsonb_build_object(
                        'key', '', 'audience', p.document -> 'audience', 'variants', p.document -> 'variants')))
                  from phase p where p.campaign_id = c.id and p.number = c.phase))
$$;

CREATE FUNCTION public.snapshot_compile(environment integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    fresh jsonb;
begin
    perform pg_advisory_xact_lock(hashtext('snapshot_publish'), environment);
    select snapshot_environment_document(e) into fresh
        from environment e where e.id = environment and e.archived_at is null;
    if fresh is null then
        perform snapshot_withdraw(environment);
    else
        perform snapshot_put(environment, fresh);
    end if;
end
$$;

CREATE FUNCTION public.snapshot_difference(fresh jsonb, old jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    select jsonb_build_object(
        'members', coalesce((
            select jsonb_object_agg(name, o.value)
            from jsonb_each(old - 'campaigns') o (name, value)
                 full join jsonb_each(fresh - 'campaigns') f (name, value) using (name)
            where o.value is distinct from f.value), '{}'),
        'campaigns', coalesce((
            select jsonb_object_agg(key, o.campaign)
            from (select c ->> 'key' as key, c as campaign from jsonb_array_elements(old -> 'campaigns') c) o
                 full join (select c ->> 'key' as key, c as campaign
                            from jsonb_array_elements(fresh -> 'campaigns') c) f using (key)
            where o.campaign is distinct from f.campaign), '{}'))
$$;

CREATE FUNCTION public.snapshot_draft_document(e public.environment, c public.campaign) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select snapshot_environment_head(e) || jsonb_build_object(
        'keys', jsonb_build_array(), 'preview_secret', null,
        'campaigns', jsonb_build_array(snapshot_campaign_document(c) || jsonb_build_object(
            'status', 'running', 'schedule', null, 'forced', jsonb_build_object(), 'layer', null,
            'phase', jsonb_build_object(
                'number', greatest(c.phase, 1), 'seed', 'preview', 'triggers', c.document -> 'triggers',
                'experiences', jsonb_build_array(jsonb_build_object(
                    'key', '', 'audience', c.document -> 'audience', 'variants', (
                        select coalesce(jsonb_agg(jsonb_build_object(
                            'key', v -> 'key', 'weight', v -> 'weight', 'is_control', v -> 'is_control',
                            'flags', v -> 'flags', 'changes', v -> 'changes') order by place), '[]')
                        from jsonb_array_elements(c.document -> 'variants') with ordinality as o (v, place))))))))
$$;

CREATE FUNCTION public.snapshot_environment_document(e public.environment) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select snapshot_environment_head(e) || jsonb_build_object(
        'campaigns', coalesce((select jsonb_agg(snapshot_campaign_document(c)
                    order by snapshot_priority(c) desc, c.key collate "C")
                 from campaign c
                 where c.environment_id = e.id and c.phase > 0
                   and (c.status in ('running', 'paused')
                        or c.status = 'stopped' and c.stopped_at > now() - interval '7 days')), '[]'))
$$;

CREATE FUNCTION public.snapshot_environment_head(e public.environment) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object(
        'id', e.id, 'key', e.key, 'is_panic', e.is_panic,
        'currency', coalesce(e.document ->> 'currency', 'EUR'),
        'rate_days', currency_rate_days(e.id),
        'origins', coalesce(e.document -> 'allowed_origins', '[]'),
        'allows_html', coalesce(e.document -> 'allows_html', 'false'),
        'tracking', coalesce(e.document -> 'tracking', '[]'),
        'junk_ids', e.document -> 'junk_ids',
        'preview_secret', encode(e.preview_secret, 'hex'),
        'keys', coalesce((select jsonb_agg(jsonb_build_object(
                    'id', k.id, 'sha256', encode(k.token_sha256, 'hex'), 'role', k.role,
                    'scopes', to_jsonb(k.scopes)) order by k.id)
                 from access_key k where k.environment_id = e.id and k.revoked_at is null), '[]'),
        'flags', coalesce((select jsonb_agg(jsonb_build_object(
                    'key', f.key, 'default', f.document -> 'default') order by f.key)
                 from flag f where f.environment_id = e.id and f.archived_at is null), '[]'),
        'layers', coalesce((select jsonb_agg(jsonb_build_object('key', l.key, 'seed', l.seed) order by l.key)
                 from layer l where l.environment_id = e.id), '[]'))
$$;

CREATE FUNCTION public.snapshot_forget(environment integer) RETURNS void
    LANGUAGE sql
    AS $$
    delete from snapshot_history
    where environment_id = environment
      and version <= (select version from snapshot_history where environment_id = environment
                      order by version desc offset snapshot_history_rows() limit 1)
$$;

CREATE FUNCTION public.snapshot_history_rows() RETURNS integer
    LANGUAGE sql IMMUTABLE
    AS $$select 1000$$;

CREATE FUNCTION public.snapshot_mark() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    execute format('insert into snapshot_due (transaction, environment_id) '
                   'select distinct pg_current_xact_id(), environment_id from (%s) of_rows '
                   'where environment_id is not null on conflict do nothing', tg_argv[0]);
    return null;
end
$$;

CREATE FUNCTION public.snapshot_names(c public.campaign) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object('name', c.document -> 'name', 'variants', (
        select coalesce(jsonb_object_agg(v ->> 'key', coalesce(nullif(v ->> 'name', ''), v ->> 'key')), '{}')
        from jsonb_array_elements(c.document -> 'variants') v))
$$;

CREATE FUNCTION public.snapshot_priority(c public.campaign) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    AS $$
    select coalesce((c.document ->> 'priority')::numeric, 0)
$$;

CREATE FUNCTION public.snapshot_publish() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    environment int;
begin
    for environment in
        with due as (delete from snapshot_due where transaction = pg_current_xact_id() returning environment_id)
        select environment_id from due order by environment_id
    loop
        perform snapshot_compile(environment);
    end loop;
    return null;
end
$$;

CREATE FUNCTION public.snapshot_put(environment integer, fresh jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    fresh_sha256 text := encode(sha256(convert_to(fresh::text, 'UTF8')), 'hex');
    last snapshot;
    published bigint;
begin
    select * into last from snapshot where environment_id = environment;
    if last.sha256 = fresh_sha256 then
        return;
    end if;
    insert into snapshot (environment_id, document, sha256) values (environment, fresh::text, fresh_sha256)
    on conflict (environment_id) do update
    set (version, document, sha256, created_at) = (default, excluded.document, excluded.sha256, excluded.created_at)
    returning version into published;
    if last.version is not null then
        insert into snapshot_history (environment_id, version, sha256, difference, created_at)
        values (environment, last.version, last.sha256, snapshot_difference(fresh, last.document::jsonb),
                last.created_at);
        perform snapshot_forget(environment);
    end if;
    perform pg_notify('mete_snapshot', environment || ' ' || published);
end
$$;

CREATE FUNCTION public.snapshot_undo(fresh jsonb, difference jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    select (select coalesce(jsonb_object_agg(name, value), '{}')
            from jsonb_each((fresh - 'campaigns') || (difference -> 'members')) m (name, value)
            where value <> 'null')
        || jsonb_build_object('campaigns', (
            select coalesce(jsonb_agg(campaign order by (campaign ->> 'priority')::numeric desc,
                                                        campaign ->> 'key' collate "C"), '[]')
            from (select c as campaign from jsonb_array_elements(fresh -> 'campaigns') c
                  where not difference -> 'campaigns' ? (c ->> 'key')
                  union all
                  select value from jsonb_each(difference -> 'campaigns') where value <> 'null') kept))
$$;

CREATE FUNCTION public.snapshot_withdraw(environment integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from snapshot_history where environment_id = environment;
    delete from snapshot where environment_id = environment;
    if found then
        perform pg_notify('mete_snapshot', environment || ' 0');
    end if;
end
$$;

CREATE FUNCTION public.sweep_write(the_slice integer, the_campaign integer, the_phase integer, the_metric integer, last text, done boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into sweep (slice, campaign_id, phase, metric_id, done_to, is_done)
    values (the_slice, the_campaign, the_phase, the_metric, last, done)
    on conflict (slice, campaign_id, phase, metric_id) do update
    set done_to = excluded.done_to, is_done = excluded.is_done;
end
$$;

CREATE FUNCTION public.told_number(told jsonb) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case jsonb_typeof(told)
           when 'number' then told::numeric
           when 'null' then null
           when 'string' then case when told #>> '{}' ~ '^-?[0-9]{1,18}([.][0-9]{1,18})?$'
                                   then (told #>> '{}')::numeric else 'NaN' end
           else case when told is not null then 'NaN'::numeric end end
$_$;

CREATE FUNCTION public.total_apply(of_campaign integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    the_slice int := (select min(number) from slice);
begin
    if not has_totals(of_campaign) then
        return;
    end if;
    delete from cohort where slice = the_slice and campaign_id = of_campaign;
    delete from moment where slice = the_slice and campaign_id = of_campaign;
    insert into cohort select * from unnest(cohort_of_totals(the_slice, of_campaign));
    insert into moment select * from unnest(moment_of_totals(the_slice, of_campaign));
    update campaign_metric set is_computed = true where campaign_id = of_campaign and not is_computed;
end
$$;

CREATE FUNCTION public.total_scale(definition jsonb) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when definition ->> 'kind' = 'sum' then coalesce((definition ->> 'scale')::numeric, 1) else 1 end
$$;

CREATE FUNCTION public.unit_capped(total numeric, side text, kind text, cap numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when side = 'd' or kind = 'ratio' then total
                when kind = 'conversion' then least(total, 1)
                else least(total, cap) end
$$;

CREATE FUNCTION public.unit_total(kept numeric, refunded numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select greatest(coalesce(kept, 0) - coalesce(refunded, 0), least(coalesce(kept, 0), 0))
$$;

CREATE FUNCTION public.units_since(the_slice integer, units text[], moment timestamp with time zone) RETURNS text[]
    LANGUAGE plpgsql
    AS $$
declare
    from_day date := fold_day(moment);
    near date := near_day();
    old visitor_event[] := past_of_visitors(the_slice, units, from_day, near, null);
begin
    return array(
        select u.unit_id
        from (select unit_id, exists (select from visitor_event e
                                      where e.slice = the_slice and e.visitor_id = unit_id and e.ts >= moment
                                            and e.day >= greatest(from_day, near))
                              or unit_id in (select e.visitor_id from unnest(old) e where e.ts >= moment) as is_late
              from unnest(units) unit (unit_id) offset 0) u
        where u.is_late);
end
$$;

CREATE FUNCTION public.unread_from(the_consumer integer, the_slice integer) RETURNS date
    LANGUAGE plpgsql
    AS $$
begin
    return (select min(least(coalesce(c.from_day, late_before(w.created_at)),
                             case when l.seq > coalesce(c.seq, -1) then l.from_day end))
            from writer w
            cross join consumer k
            cross join slice s
            left join fold_cursor c on c.consumer = k.id and c.slice = s.number and c.writer = w.id
            left join late_event l on l.slice = s.number and l.writer = w.id
            where k.id = coalesce(the_consumer, k.id) and s.number = coalesce(the_slice, s.number));
end
$$;

CREATE FUNCTION public.unread_since(the_consumer integer, the_slice integer DEFAULT NULL::integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
declare
    since_day date;
begin
    if not is_unread(the_consumer) then
        return null;
    end if;
    perform fold_prepare();
    since_day := greatest(unread_from(the_consumer, null), near_day());
    return least((
            select min(next.received_at)
            from writer w
            join slice s on s.number = coalesce(the_slice, s.number)
            join consumer k on k.id = coalesce(the_consumer, k.id)
            left join fold_cursor c on c.consumer = k.id and c.slice = s.number and c.writer = w.id
            cross join lateral (
                select e.received_at from visitor_event e
                where e.writer = w.id and e.slice = s.number and e.seq > coalesce(c.seq, -1) and e.day >= since_day
                order by e.seq limit 1) next),
           (select min(e.received_at)
            from consumer k
            cross join lateral past_unread(k.id, 1) l
            cross join lateral unnest(past_of_writer(l.slice, l.writer, l.after, l.seqs[1], l.from_day, near_day())) e
            where k.id = coalesce(the_consumer, k.id) and l.slice = coalesce(the_slice, l.slice)));
end
$$;

CREATE FUNCTION public.user_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.user_check_email(the_email text, except_user integer) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if exists (select from app_user where email = the_email and id is distinct from except_user) then
        raise exception 'somebody has this e-mail address already'
            using errcode = 'unique_violation', constraint = '/email';
    end if;
end
$$;

CREATE FUNCTION public.user_clock() RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    select (select coalesce(sum(version), 0) from app_user)
$$;

CREATE FUNCTION public.user_end_access(the_user integer) RETURNS void
    LANGUAGE sql
    AS $$
    delete from session where user_id = the_user;
    delete from login_link where user_id = the_user;
$$;

CREATE FUNCTION public.user_role_in(u public.app_user, of_environment integer) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    select case when u.role = 'admin' then 'admin' else coalesce(
        (select r.role from environment_role r where r.user_id = u.id and r.environment_id = of_environment),
        u.role) end
$$;

CREATE FUNCTION public.user_set_environment_roles(the_user integer, roles jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.user_view(u public.app_user) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object('id', u.id, 'email', u.email, 'role', u.role,
        'environment_roles', (select coalesce(jsonb_object_agg(e.key, r.role), '{}')
                              from environment_role r join environment e on e.id = r.environment_id
                              where r.user_id = u.id and e.archived_at is null),
        'is_disabled', u.disabled_at is not null, 'has_password', u.password_hash is not null,
        'has_second_factor', has_second_factor(u.id),
        'seen_at', rfc3339((select max(seen_at) from session where user_id = u.id)), 'version', u.version,
        'created_at', rfc3339(u.created_at), 'updated_at', rfc3339(u.updated_at))
$$;

CREATE FUNCTION public.visitor_event_partition(wanted date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
    partition_name text := 'visitor_event_' || to_char(wanted, 'YYYYMMDD');
begin
    if to_regclass(partition_name) is not null then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('visitor_event_partition'));
    -- Not to_regclass: this session's cache would still say no when another made it meanwhile.
    if exists (select from pg_class
               where relname = partition_name and relnamespace = current_schema()::regnamespace) then
        return;
    end if;
    execute format('create table %I (like visitor_event including defaults including indexes, '
                   'constraint partition_day check (day >= %L and day < %L))',
                   partition_name, wanted, wanted + 1);
    execute format('alter table visitor_event attach partition %I for values from (%L) to (%L)',
                   partition_name, wanted, wanted + 1);
    if exists (select from pg_roles where rolname = 'mete_runtime') then
        execute format('grant select, insert, update, delete on %I to mete_runtime', partition_name);
    end if;
end
$$;

CREATE FUNCTION public.visitor_exclude(the_actor text, the_environment integer, the_visitor text, the_reason text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.visitor_include(the_actor text, the_environment integer, the_visitor text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.visitor_own_id(visitor_id text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case when import_of(visitor_id) is null then visitor_id
                else substr(visitor_id, length(import_prefix(import_of(visitor_id))) + 1) end
$$;

CREATE FUNCTION public.visitor_page(the_environment integer, the_visitor text, before timestamp with time zone, before_id uuid, row_limit integer) RETURNS SETOF public.visitor_event
    LANGUAGE plpgsql
    AS $$
declare
    the_slice int := slice_of(the_visitor);
    year record;
    part visitor_event[];
    events visitor_event[] := '{}';
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    for year in select * from past_years('-infinity', 'infinity') order by first desc loop
        exit when cardinality(events) >= row_limit and events[row_limit].ts >= year.last + interval '3 days';
        begin
            part := array(
                select row(slice, visitor_id, event_id, day, environment_id, name, ts, received_at, properties, marks,
                           writer, seq)::visitor_event
                from visitor_event
                where slice = the_slice and visitor_id = the_visitor and environment_id = the_environment
                      and day >= year.first and day < year.last
                      and (before is null or (ts, event_id) < (before, before_id))
                order by ts desc, event_id desc limit row_limit);
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            events := array(select e from unnest(events || part) e
                            order by e.ts desc, e.event_id desc limit row_limit);
        end;
    end loop;
    return query select * from unnest(events);
end
$$;

CREATE FUNCTION public.visitor_seen(the_environment integer, the_visitor text, OUT total bigint, OUT first_ts timestamp with time zone, OUT last_ts timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    the_slice int := slice_of(the_visitor);
    year record;
    part record;
begin
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
    total := 0;
    for year in select * from past_years('-infinity', 'infinity') loop
        begin
            select count(*) as total, min(ts) as first_ts, max(ts) as last_ts into part from visitor_event
            where slice = the_slice and visitor_id = the_visitor and environment_id = the_environment
                  and day >= year.first and day < year.last;
            raise sqlstate 'MTPST';
        exception when sqlstate 'MTPST' then
            total := total + part.total;
            first_ts := least(first_ts, part.first_ts);
            last_ts := greatest(last_ts, part.last_ts);
        end;
    end loop;
end
$$;

CREATE FUNCTION public.writer_lease(OUT ret_writer integer, OUT ret_seq bigint, OUT ret_slices integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    candidate int;
begin
    for candidate in select id from writer order by id loop
        if pg_try_advisory_lock(hashtext('writer'), candidate) then
            ret_writer := candidate;
            exit;
        end if;
    end loop;
    if ret_writer is null then
        insert into writer default values returning id into ret_writer;
        perform pg_advisory_lock(hashtext('writer'), ret_writer);
    end if;
    ret_slices := (select count from slicing);
    ret_seq := greatest((select max(seq) from writer_head where writer = ret_writer),
                        (select max(seq) from fold_cursor where writer = ret_writer), 0);
end
$$;

CREATE VIEW analyst.campaign AS
 SELECT n.key AS environment,
    c.key AS campaign,
    (c.document ->> 'name'::text) AS name,
    c.kind,
    c.status,
    c.phase,
    c.started_at,
    c.stopped_at,
    public.environment_zone(n.document) AS time_zone,
    (n.document ->> 'currency'::text) AS currency,
    (i.id IS NOT NULL) AS is_imported
   FROM ((public.campaign c
     JOIN public.environment n ON ((n.id = c.environment_id)))
     LEFT JOIN public.import i ON ((i.campaign_id = c.id)));

COMMENT ON VIEW analyst.campaign IS 'Campaigns: experiments, rollouts, personalizations and holdouts';

COMMENT ON COLUMN analyst.campaign.phase IS 'number of the newest phase; 0: never started';

COMMENT ON COLUMN analyst.campaign.time_zone IS 'of the environment: its days are those of cohort_day';

COMMENT ON COLUMN analyst.campaign.currency IS 'of the environment: all money is in it';

COMMENT ON COLUMN analyst.campaign.is_imported IS 'of a file of a past experiment';

CREATE TABLE public.currency_rate (
    environment_id integer NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    base text NOT NULL,
    rate numeric NOT NULL,
    own_rate numeric NOT NULL,
    CONSTRAINT currency_rate_own_rate_check CHECK ((own_rate > (0)::numeric)),
    CONSTRAINT currency_rate_rate_check CHECK ((rate > (0)::numeric))
);

CREATE VIEW analyst.currency_rate AS
 SELECT n.key AS environment,
    r.currency,
    r.day,
    r.base,
    r.rate,
    r.own_rate
   FROM (public.currency_rate r
     JOIN public.environment n ON ((n.id = r.environment_id)));

COMMENT ON VIEW analyst.currency_rate IS 'By which money in other currencies is converted, at most seven days long';

COMMENT ON COLUMN analyst.currency_rate.rate IS 'of the currency, for one unit of base';

COMMENT ON COLUMN analyst.currency_rate.own_rate IS 'of the environment''s: money times own_rate / rate is its own';

CREATE VIEW analyst.event AS
 SELECT n.key AS environment,
    e.day,
    e.visitor_id,
    e.event_id,
    e.name,
    e.ts,
    e.received_at,
    e.properties,
    ((e.marks & 1) <> 0) AS is_bot,
    ((e.marks & 2) <> 0) AS is_staff,
    ((e.marks & 4) <> 0) AS is_forced
   FROM (public.visitor_event e
     JOIN public.environment n ON ((n.id = e.environment_id)));

COMMENT ON VIEW analyst.event IS 'Events as they came. Always name days: each is a table of its own';

COMMENT ON COLUMN analyst.event.day IS 'UTC; where day between … reads those days alone';

COMMENT ON COLUMN analyst.event.ts IS 'when it happened, corrected by the clock of its sender';

COMMENT ON COLUMN analyst.event.is_bot IS 'left out of results, as are is_staff and is_forced';

CREATE VIEW analyst.exposure AS
 SELECT x.campaign_id,
    n.key AS environment,
    c.key AS campaign,
    x.phase,
    x.experience,
    x.variant,
    x.unit_id,
    x.exposed_at,
    x.cohort_day,
    x.is_crossover,
    x.has_past,
    x.dimensions
   FROM ((public.exposure x
     JOIN public.campaign c ON ((c.id = x.campaign_id)))
     JOIN public.environment n ON ((n.id = c.environment_id)));

COMMENT ON VIEW analyst.exposure IS 'The first exposure of each unit in each phase: who was measured, where';

COMMENT ON COLUMN analyst.exposure.cohort_day IS 'of exposed_at in the environment''s time zone';

COMMENT ON COLUMN analyst.exposure.is_crossover IS 'saw another variant later: it counts where it was first';

COMMENT ON COLUMN analyst.exposure.has_past IS 'anything was seen of it in the pre-period';

COMMENT ON COLUMN analyst.exposure.dimensions IS 'what results are broken down by: {"device": "mobile", …}';

CREATE TABLE public.campaign_metric (
    campaign_id integer NOT NULL,
    metric_id integer NOT NULL,
    role text DEFAULT 'secondary'::text NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    is_computed boolean DEFAULT false NOT NULL,
    CONSTRAINT campaign_metric_role_check CHECK ((role = ANY (ARRAY['primary'::text, 'secondary'::text, 'guardrail'::text])))
);

CREATE VIEW analyst.metric AS
 SELECT cm.campaign_id,
    m.id AS metric_id,
    n.key AS environment,
    c.key AS campaign,
    m.key AS metric,
    (m.document ->> 'name'::text) AS name,
    cm.role,
    (m.definition ->> 'kind'::text) AS kind,
    COALESCE(((m.definition -> 'is_money'::text))::boolean, false) AS is_money,
        CASE
            WHEN ((m.definition ->> 'kind'::text) = ANY (ARRAY['sum'::text, 'mean'::text, 'ratio'::text])) THEN COALESCE(((m.definition ->> 'scale'::text))::numeric, (1)::numeric)
            ELSE (1)::numeric
        END AS scale,
        CASE
            WHEN ((m.definition ->> 'kind'::text) = 'ratio'::text) THEN COALESCE(((m.definition ->> 'scale'::text))::numeric, (1)::numeric)
            ELSE (1)::numeric
        END AS scale_below,
    m.definition,
    cm.is_computed
   FROM (((public.campaign_metric cm
     JOIN public.metric m ON ((m.id = cm.metric_id)))
     JOIN public.campaign c ON ((c.id = cm.campaign_id)))
     JOIN public.environment n ON ((n.id = c.environment_id)));

COMMENT ON VIEW analyst.metric IS 'What each campaign is measured by';

COMMENT ON COLUMN analyst.metric.metric_id IS 'of this definition: joins outcome and result';

COMMENT ON COLUMN analyst.metric.role IS 'primary, secondary or guardrail';

COMMENT ON COLUMN analyst.metric.kind IS 'conversion, count, sum, mean or ratio';

COMMENT ON COLUMN analyst.metric.scale IS 'outcome and result are divided by it already';

COMMENT ON COLUMN analyst.metric.is_computed IS 'false: the fold still goes over what was there before';

CREATE VIEW analyst.outcome AS
 SELECT o.campaign_id,
    m.environment,
    m.campaign,
    o.phase,
    o.experience,
    o.metric_id,
    m.metric,
    o.unit_id,
    (o.numerator / m.scale) AS numerator,
    (o.denominator / m.scale_below) AS denominator,
    (o.pre_numerator / m.scale) AS pre_numerator,
    (o.pre_denominator / m.scale_below) AS pre_denominator
   FROM (public.outcome o
     JOIN analyst.metric m ON (((m.campaign_id = o.campaign_id) AND (m.metric_id = o.metric_id))));

COMMENT ON VIEW analyst.outcome IS 'What exposed units did, by metric. A unit without a row is a zero: join from exposure, and coalesce';

COMMENT ON COLUMN analyst.outcome.numerator IS 'after the exposure; of a mean: the sum of its values';

COMMENT ON COLUMN analyst.outcome.denominator IS 'of a mean: how many values; of a ratio: what stands below';

COMMENT ON COLUMN analyst.outcome.pre_numerator IS 'before the exposure: the covariate';

CREATE VIEW analyst.result AS
 SELECT t.campaign_id,
    m.environment,
    m.campaign,
    t.phase,
    t.experience,
    t.variant,
    t.cohort_day,
    t.dimension,
    t.value,
    m.metric_id,
    m.metric,
    t.units,
    COALESCE(s.nonzero, (0)::numeric) AS nonzero_units,
    (COALESCE(s.sum_n, (0)::numeric) / m.scale) AS sum_numerator,
    (COALESCE(s.sum_d, (0)::numeric) / m.scale_below) AS sum_denominator,
    (COALESCE(s.sum_nn, (0)::numeric) / (m.scale * m.scale)) AS sum_numerator_squared,
    (COALESCE(s.sum_nd, (0)::numeric) / (m.scale * m.scale_below)) AS sum_product,
    (COALESCE(s.sum_dd, (0)::numeric) / (m.scale_below * m.scale_below)) AS sum_denominator_squared
   FROM ((( SELECT cohort.campaign_id,
            cohort.phase,
            cohort.experience,
            cohort.variant,
            cohort.cohort_day,
            cohort.dimension,
            cohort.value,
            sum(cohort.unit_count) AS units
           FROM public.cohort
          GROUP BY cohort.campaign_id, cohort.phase, cohort.experience, cohort.variant, cohort.cohort_day, cohort.dimension, cohort.value) t
     JOIN analyst.metric m ON ((m.campaign_id = t.campaign_id)))
     LEFT JOIN ( SELECT moment.campaign_id,
            moment.phase,
            moment.experience,
            moment.variant,
            moment.cohort_day,
            moment.dimension,
            moment.value,
            moment.metric_id,
            sum(moment.nonzero_count) AS nonzero,
            sum(moment.sum_n) AS sum_n,
            sum(moment.sum_d) AS sum_d,
            sum(moment.sum_nn) AS sum_nn,
            sum(moment.sum_nd) AS sum_nd,
            sum(moment.sum_dd) AS sum_dd
           FROM public.moment
          GROUP BY moment.campaign_id, moment.phase, moment.experience, moment.variant, moment.cohort_day, moment.dimension, moment.value, moment.metric_id) s ON (((s.campaign_id = t.campaign_id) AND (s.phase = t.phase) AND (s.experience = t.experience) AND (s.variant = t.variant) AND (s.cohort_day = t.cohort_day) AND (s.dimension = t.dimension) AND (s.value = t.value) AND (s.metric_id = m.metric_id))));

COMMENT ON VIEW analyst.result IS 'Exact sums by variant, day of the first exposure and value of a dimension: all that the statistics are made of';

COMMENT ON COLUMN analyst.result.dimension IS 'all (value is empty), or what results are broken down by';

COMMENT ON COLUMN analyst.result.units IS 'measured units, those without an outcome too';

CREATE TABLE public.phase (
    campaign_id integer NOT NULL,
    number integer NOT NULL,
    seed text NOT NULL,
    document jsonb NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    is_settled boolean DEFAULT false NOT NULL
);

CREATE VIEW public.campaign_variant AS
 SELECT c.environment_id,
    c.id AS campaign_id,
    c.key AS campaign,
    p.number AS phase,
    x.experience,
    (v.item ->> 'key'::text) AS variant,
    (v.item -> 'weight'::text) AS weight,
    COALESCE(((v.item -> 'is_control'::text))::boolean, false) AS is_control,
    p.started_at,
    p.ended_at,
        CASE
            WHEN i.has_totals THEN '-1'::integer
            ELSE i.id
        END AS import_id,
    public.environment_zone(n.document) AS time_zone,
    public.phase_pre_period(p.document) AS pre_period,
    public.phase_dimensions(p.document) AS dimensions
   FROM (((((public.campaign c
     JOIN public.environment n ON ((n.id = c.environment_id)))
     JOIN public.phase p ON ((p.campaign_id = c.id)))
     LEFT JOIN public.import i ON ((i.campaign_id = c.id)))
     CROSS JOIN LATERAL ( SELECT ''::text AS "?column?",
            (p.document -> 'variants'::text) AS "?column?"
          WHERE (NOT (p.document ? 'experiences'::text))
        UNION ALL
         SELECT (e.item ->> 'key'::text),
            (e.item -> 'variants'::text)
           FROM jsonb_array_elements((p.document -> 'experiences'::text)) e(item)) x(experience, variants))
     CROSS JOIN LATERAL jsonb_array_elements(x.variants) v(item));

CREATE VIEW analyst.variant AS
 SELECT v.campaign_id,
    n.key AS environment,
    v.campaign,
    v.phase,
    v.experience,
    v.variant,
    v.is_control,
    ((v.weight #>> '{}'::text[]))::double precision AS weight,
    v.started_at,
    v.ended_at
   FROM (public.campaign_variant v
     JOIN public.environment n ON ((n.id = v.environment_id)));

COMMENT ON VIEW analyst.variant IS 'The variants of each phase: one begins whenever a campaign starts anew';

COMMENT ON COLUMN analyst.variant.campaign_id IS 'joins variant, exposure, outcome and result';

COMMENT ON COLUMN analyst.variant.experience IS 'empty for an experiment, which has one';

COMMENT ON COLUMN analyst.variant.weight IS 'share of those who take part';

COMMENT ON COLUMN analyst.variant.ended_at IS 'events from then on count for no unit of this phase';

ALTER TABLE public.access_key ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.access_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.allocation (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    number integer NOT NULL,
    from_day date NOT NULL,
    weights jsonb NOT NULL,
    CONSTRAINT allocation_number_check CHECK ((number >= 1))
);

ALTER TABLE public.app_user ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.app_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.metric_part AS
 SELECT cm.campaign_id,
    cm.metric_id,
    m.environment_id,
    s.side,
    d.kind,
    d.cap,
    d.scale,
    d.stay,
    d.is_money,
    (s.part ->> 'event'::text) AS event,
    string_to_array(
        CASE
            WHEN ((d.kind = ANY (ARRAY['sum'::text, 'mean'::text, 'ratio'::text])) AND (NOT s.is_number)) THEN (s.part ->> 'value'::text)
            ELSE NULL::text
        END, '.'::text) AS path,
    ((s.part ->> 'filter'::text))::jsonpath AS filter
   FROM (((public.campaign_metric cm
     JOIN public.metric m ON ((m.id = cm.metric_id)))
     CROSS JOIN LATERAL ( SELECT (m.definition ->> 'kind'::text) AS kind,
            ((m.definition ->> 'cap'::text))::numeric AS cap,
            COALESCE(((m.definition ->> 'scale'::text))::numeric, (1)::numeric) AS scale,
            COALESCE(((m.definition -> 'is_money'::text))::boolean, false) AS is_money,
            make_interval(secs => (((m.definition ->> 'window_hours'::text))::double precision * (3600)::double precision)) AS stay) d)
     CROSS JOIN LATERAL ( SELECT 'n'::text AS "?column?",
            (m.definition -> 'numerator'::text) AS "?column?",
            false AS "?column?"
        UNION ALL
         SELECT 'd'::text,
            (m.definition -> 'denominator'::text),
            false
          WHERE (d.kind = 'ratio'::text)
        UNION ALL
         SELECT 'd'::text,
            (m.definition -> 'numerator'::text),
            true
          WHERE (d.kind = 'mean'::text)) s(side, part, is_number))
  WHERE ((s.part ->> 'event'::text) IS NOT NULL);

CREATE VIEW public.campaign_event AS
 SELECT DISTINCT e.environment_id,
    e.campaign_id,
    n.name,
    p.until
   FROM ((public.metric_part e
     CROSS JOIN LATERAL ( SELECT e.event
        UNION ALL
         SELECT 'refund'::text
          WHERE (e.event = 'purchase'::text)) n(name))
     CROSS JOIN LATERAL ( SELECT max(COALESCE(phase.ended_at, 'infinity'::timestamp with time zone)) AS until
           FROM public.phase
          WHERE (phase.campaign_id = e.campaign_id)) p)
  WHERE (p.until IS NOT NULL);

ALTER TABLE public.campaign ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.campaign_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consumer (
    id integer NOT NULL,
    name text NOT NULL,
    rest_ms integer NOT NULL,
    CONSTRAINT consumer_rest_ms_check CHECK ((rest_ms >= 0))
);

ALTER TABLE public.dimension ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dimension_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.distribution (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    metric_id integer NOT NULL,
    as_of timestamp with time zone DEFAULT now() NOT NULL,
    state text NOT NULL,
    document jsonb NOT NULL
);

CREATE VIEW public.distribution_target AS
 SELECT c.environment_id,
    c.id AS campaign_id,
    c.key AS campaign,
    c.status,
    c.stopped_at,
    p.number AS phase,
    cm.metric_id,
    (k.kind = 'mean'::text) AS is_mean,
    k.scale,
    k.last_day,
    (p.document -> 'variants'::text) AS variants,
    COALESCE(((c.document ->> 'confidence'::text))::double precision, (0.95)::double precision) AS confidence,
    s.state
   FROM ((((((public.campaign c
     JOIN public.environment n ON ((n.id = c.environment_id)))
     JOIN public.phase p ON ((p.campaign_id = c.id)))
     JOIN public.campaign_metric cm ON (((cm.campaign_id = c.id) AND cm.is_computed)))
     JOIN public.metric m ON ((m.id = cm.metric_id)))
     CROSS JOIN LATERAL ( SELECT (m.definition ->> 'kind'::text) AS kind,
                CASE
                    WHEN ((m.definition #>> '{numerator,value}'::text[]) IS NULL) THEN (1)::double precision
                    ELSE COALESCE(((m.definition ->> 'scale'::text))::double precision, (1)::double precision)
                END AS scale,
            public.metric_last_day(m.definition, public.environment_zone(n.document)) AS last_day) k)
     CROSS JOIN LATERAL ( SELECT concat_ws(' '::text, u.units, v.sums) AS state
           FROM (( SELECT sum(h.unit_count) AS units
                   FROM public.cohort h
                  WHERE ((h.campaign_id = c.id) AND (h.phase = p.number) AND (h.dimension = 'all'::text) AND (h.cohort_day <= k.last_day))) u
             CROSS JOIN ( SELECT concat_ws(' '::text, sum(s_1.sum_n), sum(s_1.sum_d), sum(s_1.sum_nn), sum(s_1.sum_nd), sum(s_1.sum_nnn)) AS sums
                   FROM public.moment s_1
                  WHERE ((s_1.campaign_id = c.id) AND (s_1.phase = p.number) AND (s_1.metric_id = cm.metric_id) AND (s_1.dimension = 'all'::text) AND (s_1.cohort_day <= k.last_day))) v)
          WHERE (u.units > (0)::numeric)) s)
  WHERE ((k.kind = ANY (ARRAY['sum'::text, 'mean'::text, 'count'::text])) AND (NOT public.has_totals(c.id)));

CREATE TABLE public.early_exposure (
    slice integer NOT NULL,
    visitor_id text NOT NULL COLLATE pg_catalog."C",
    environment_id integer NOT NULL,
    campaign text NOT NULL,
    phase integer NOT NULL,
    ts timestamp with time zone NOT NULL,
    kept_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.environment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.environment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.environment_role (
    user_id integer NOT NULL,
    environment_id integer NOT NULL,
    role text NOT NULL,
    CONSTRAINT environment_role_role_check CHECK ((role = ANY (ARRAY['none'::text, 'viewer'::text, 'editor'::text, 'publisher'::text])))
);

CREATE TABLE public.event_horizon (
    is_only boolean DEFAULT true NOT NULL,
    from_day date NOT NULL,
    CONSTRAINT event_horizon_is_only_check CHECK (is_only)
);

CREATE TABLE public.excluded_exposure (
    slice integer NOT NULL,
    unit_id text NOT NULL COLLATE pg_catalog."C",
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text NOT NULL,
    event_id uuid NOT NULL,
    exposed_at timestamp with time zone NOT NULL
);

CREATE TABLE public.excluded_visitor (
    slice integer NOT NULL,
    visitor_id text NOT NULL COLLATE pg_catalog."C",
    environment_id integer NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    excluded_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.exclusion_due (
    slice integer NOT NULL,
    visitor_id text NOT NULL COLLATE pg_catalog."C",
    environment_id integer NOT NULL,
    marked_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.flag ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.flag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.fold_cursor (
    consumer integer NOT NULL,
    slice integer NOT NULL,
    writer integer NOT NULL,
    seq bigint NOT NULL,
    from_day date NOT NULL
);

CREATE TABLE public.foreign_event (
    slice integer NOT NULL,
    environment_id integer NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    visitor_id text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.gone_metric (
    slice integer NOT NULL,
    campaign_id integer NOT NULL,
    metric_id integer NOT NULL
);

ALTER TABLE public.import ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.import_removal (
    slice integer NOT NULL,
    import_id integer NOT NULL,
    campaign_id integer NOT NULL,
    from_day date
);

CREATE TABLE public.import_total (
    import_id integer NOT NULL,
    day date NOT NULL,
    variant text NOT NULL,
    units bigint NOT NULL,
    sums jsonb NOT NULL
);

ALTER TABLE public.job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.late_event (
    slice integer NOT NULL,
    writer integer NOT NULL,
    from_day date NOT NULL,
    seq bigint NOT NULL
);

ALTER TABLE public.layer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.layer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.layer_range (
    layer_id integer NOT NULL,
    campaign_id integer NOT NULL,
    from_bucket integer NOT NULL,
    to_bucket integer NOT NULL,
    CONSTRAINT layer_range_check CHECK (((to_bucket <= 10000) AND (to_bucket > from_bucket))),
    CONSTRAINT layer_range_from_bucket_check CHECK ((from_bucket >= 0))
);

CREATE TABLE public.login_link (
    token_sha256 bytea NOT NULL,
    user_id integer NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.look (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    day date NOT NULL,
    variant text NOT NULL,
    metric_id integer NOT NULL,
    as_of timestamp with time zone DEFAULT now() NOT NULL,
    unit_count bigint NOT NULL,
    sum_n numeric NOT NULL,
    sum_d numeric NOT NULL,
    sum_nn numeric,
    sum_nd numeric,
    sum_dd numeric
);

ALTER TABLE public.metric ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.metric_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.omission (
    slice integer NOT NULL,
    environment_id integer NOT NULL,
    day date NOT NULL,
    reason text NOT NULL,
    name text NOT NULL,
    event_count bigint NOT NULL,
    last_at timestamp with time zone NOT NULL
);

CREATE TABLE public.overlap (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    as_of timestamp with time zone DEFAULT now() NOT NULL,
    state text NOT NULL,
    document jsonb NOT NULL
);

CREATE VIEW public.overlap_target AS
 SELECT c.environment_id,
    c.id AS campaign_id,
    p.number AS phase,
    c.status,
    c.stopped_at,
    g.metric_id,
    g.last_day,
    concat_ws(' '::text, g.metric_id,
        CASE
            WHEN (p.ended_at IS NULL) THEN ( SELECT ('at '::text || sum(fold_cursor.seq))
               FROM public.fold_cursor
              WHERE (fold_cursor.consumer = 1))
            ELSE ( SELECT ('of '::text || sum(h.unit_count))
               FROM public.cohort h
              WHERE ((h.campaign_id = c.id) AND (h.phase = p.number) AND (h.dimension = 'all'::text) AND (h.cohort_day <= g.last_day)))
        END, ( SELECT concat_ws(' '::text, sum(s.sum_n), sum(s.sum_d), sum(s.sum_nn)) AS concat_ws
           FROM public.moment s
          WHERE ((p.ended_at IS NOT NULL) AND (s.campaign_id = c.id) AND (s.phase = p.number) AND (s.metric_id = g.metric_id) AND (s.dimension = 'all'::text) AND (s.cohort_day <= g.last_day)))) AS state
   FROM (((public.campaign c
     JOIN public.environment n ON ((n.id = c.environment_id)))
     JOIN public.phase p ON ((p.campaign_id = c.id)))
     CROSS JOIN LATERAL ( SELECT cm.metric_id,
            cm.is_computed,
            public.metric_last_day(m.definition, public.environment_zone(n.document)) AS last_day
           FROM (public.campaign_metric cm
             JOIN public.metric m ON ((m.id = cm.metric_id)))
          WHERE (cm.campaign_id = c.id)
          ORDER BY (cm.role <> 'primary'::text), cm."position", cm.metric_id
         LIMIT 1) g)
  WHERE ((c.kind <> 'holdout'::text) AND g.is_computed AND (NOT public.has_totals(c.id)) AND ((jsonb_array_length((p.document -> 'variants'::text)) >= 2) AND (jsonb_array_length((p.document -> 'variants'::text)) <= 10)) AND (EXISTS ( SELECT
           FROM public.cohort h
          WHERE ((h.campaign_id = c.id) AND (h.phase = p.number)))));

CREATE VIEW public.overlap_due AS
 SELECT t.environment_id,
    t.campaign_id,
    t.phase,
    t.metric_id,
    t.last_day,
    t.state
   FROM (public.overlap_target t
     LEFT JOIN public.overlap o ON (((o.campaign_id = t.campaign_id) AND (o.phase = t.phase) AND (o.experience = ''::text))))
  WHERE (((t.status = ANY (ARRAY['running'::text, 'paused'::text])) OR ((t.status = 'stopped'::text) AND (t.stopped_at > (now() - '7 days'::interval)))) AND ((o.as_of IS NULL) OR ((o.as_of < (now() - '01:00:00'::interval)) AND (o.state <> t.state))));

CREATE TABLE public.rate_due (
    id bigint NOT NULL,
    slice integer NOT NULL,
    environment_id integer NOT NULL,
    currency text NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    done_to text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE public.rate_due ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.rate_due_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.recovery_code (
    user_id integer NOT NULL,
    code_sha256 bytea NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.refusal (
    environment_id integer NOT NULL,
    day date NOT NULL,
    writer integer NOT NULL,
    reason text NOT NULL,
    name text NOT NULL,
    event_count bigint NOT NULL,
    last_at timestamp with time zone NOT NULL
);

CREATE TABLE public.rejected_event (
    id bigint NOT NULL,
    environment_id integer,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    reason text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    visitor_id text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    event text NOT NULL
);

ALTER TABLE public.rejected_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.rejected_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    serves integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.schema_object (
    kind text NOT NULL,
    identity text NOT NULL
);

CREATE TABLE public.schema_routines (
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.session ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.share ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.share_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.since_exposure (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    experience text DEFAULT ''::text NOT NULL,
    as_of timestamp with time zone DEFAULT now() NOT NULL,
    state text NOT NULL,
    document jsonb NOT NULL
);

CREATE VIEW public.since_exposure_due AS
 SELECT t.environment_id,
    t.campaign_id,
    t.phase,
    t.state
   FROM (( SELECT c.environment_id,
            c.id AS campaign_id,
            p.number AS phase,
            ((c.status = ANY (ARRAY['running'::text, 'paused'::text])) OR (i.id IS NOT NULL) OR ((c.status = 'stopped'::text) AND (c.stopped_at > (now() - '7 days'::interval)))) AS is_fresh,
                CASE
                    WHEN (p.ended_at IS NULL) THEN concat_ws(' '::text, 'at', CURRENT_DATE, ( SELECT sum(fold_cursor.seq) AS sum
                       FROM public.fold_cursor
                      WHERE (fold_cursor.consumer = 1)))
                    ELSE concat_ws(' '::text, 'of', ( SELECT sum(h.unit_count) AS sum
                       FROM public.cohort h
                      WHERE ((h.campaign_id = c.id) AND (h.phase = p.number) AND (h.dimension = 'all'::text))), ( SELECT concat_ws(' '::text, sum(s.sum_n), sum(s.sum_d), sum(s.sum_nn)) AS concat_ws
                       FROM public.moment s
                      WHERE ((s.campaign_id = c.id) AND (s.phase = p.number) AND (s.dimension = 'all'::text))))
                END AS state
           FROM ((public.campaign c
             JOIN public.phase p ON ((p.campaign_id = c.id)))
             LEFT JOIN public.import i ON ((i.campaign_id = c.id)))
          WHERE ((c.status = ANY (ARRAY['running'::text, 'paused'::text, 'stopped'::text])) AND ((i.id IS NULL) OR ((i.state = 'done'::text) AND (COALESCE(( SELECT public.unread_since(1) AS unread_since), 'infinity'::timestamp with time zone) > i.updated_at))) AND (NOT public.has_totals(c.id)) AND (NOT public.campaign_is_closed(c.id)) AND (jsonb_array_length((p.document -> 'variants'::text)) <= 10) AND (EXISTS ( SELECT
                   FROM public.cohort h
                  WHERE ((h.campaign_id = c.id) AND (h.phase = p.number)))) AND (NOT (EXISTS ( SELECT
                   FROM public.campaign_metric m
                  WHERE ((m.campaign_id = c.id) AND (NOT m.is_computed))))))) t
     LEFT JOIN public.since_exposure o ON (((o.campaign_id = t.campaign_id) AND (o.phase = t.phase) AND (o.experience = ''::text))))
  WHERE ((o.as_of IS NULL) OR (t.is_fresh AND (o.as_of < (now() - '06:00:00'::interval)) AND (o.state <> t.state)));

CREATE TABLE public.slice (
    number integer NOT NULL
);

CREATE TABLE public.slicing (
    is_only boolean DEFAULT true NOT NULL,
    count integer NOT NULL,
    CONSTRAINT slicing_count_check CHECK (((count >= 1) AND (count <= 1024))),
    CONSTRAINT slicing_is_only_check CHECK (is_only)
);

CREATE TABLE public.snapshot (
    environment_id integer NOT NULL,
    version bigint NOT NULL,
    document text NOT NULL,
    sha256 text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE UNLOGGED TABLE public.snapshot_due (
    transaction xid8 NOT NULL,
    environment_id integer NOT NULL
);

CREATE TABLE public.snapshot_history (
    environment_id integer NOT NULL,
    version bigint NOT NULL,
    sha256 text NOT NULL,
    difference jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE public.snapshot ALTER COLUMN version ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.snapshot_version_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sweep (
    slice integer NOT NULL,
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    metric_id integer NOT NULL,
    done_to text NOT NULL COLLATE pg_catalog."C",
    is_done boolean NOT NULL
);

CREATE VIEW public.sweep_due AS
 SELECT s.number AS slice
   FROM public.slice s
  WHERE ((EXISTS ( SELECT
           FROM public.gone_metric g
          WHERE (g.slice = s.number))) OR (EXISTS ( SELECT
           FROM public.import_removal r
          WHERE (r.slice = s.number))) OR (EXISTS ( SELECT
           FROM public.rate_due r
          WHERE (r.slice = s.number))) OR (EXISTS ( SELECT
           FROM public.exclusion_due d
          WHERE (d.slice = s.number))) OR (EXISTS ( SELECT
           FROM public.phase p
          WHERE ((p.ended_at IS NOT NULL) AND (NOT p.is_settled) AND (NOT (EXISTS ( SELECT
                   FROM public.sweep w
                  WHERE ((w.slice = s.number) AND (w.campaign_id = p.campaign_id) AND (w.phase = p.number) AND (w.metric_id = 0) AND w.is_done))))))) OR (EXISTS ( SELECT
           FROM public.campaign_metric m
          WHERE ((NOT m.is_computed) AND (NOT public.campaign_is_closed(m.campaign_id)) AND (NOT (EXISTS ( SELECT
                   FROM public.sweep w
                  WHERE ((w.slice = s.number) AND (w.campaign_id = m.campaign_id) AND (w.phase = 0) AND (w.metric_id = m.metric_id) AND w.is_done))))))) OR (EXISTS ( SELECT
           FROM ((public.early_exposure e
             JOIN public.campaign c ON (((c.environment_id = e.environment_id) AND (c.key = e.campaign))))
             JOIN public.phase p ON (((p.campaign_id = c.id) AND (p.number = e.phase))))
          WHERE (e.slice = s.number))));

CREATE TABLE public.writer_head (
    slice integer NOT NULL,
    writer integer NOT NULL,
    seq bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_analyze_threshold='1');

CREATE VIEW public.unread_head AS
 SELECT k.id AS consumer,
    h.slice,
    h.writer,
    COALESCE(c.seq, ('-1'::integer)::bigint) AS seq,
    h.seq AS head,
    c.from_day
   FROM ((public.writer_head h
     CROSS JOIN public.consumer k)
     LEFT JOIN public.fold_cursor c ON (((c.consumer = k.id) AND (c.slice = h.slice) AND (c.writer = h.writer))))
  WHERE (h.seq > COALESCE(c.seq, ('-1'::integer)::bigint));

CREATE TABLE public.writer (
    id integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (autovacuum_analyze_threshold='1');

ALTER TABLE public.writer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.writer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.access_key
    ADD CONSTRAINT access_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.access_key
    ADD CONSTRAINT access_key_token_sha256_key UNIQUE (token_sha256);

ALTER TABLE ONLY public.allocation
    ADD CONSTRAINT allocation_pkey PRIMARY KEY (campaign_id, phase, experience, number);

ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_email_key UNIQUE (email);

ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_provider_id_key UNIQUE (provider_id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_environment_id_key_key UNIQUE (environment_id, key);

ALTER TABLE ONLY public.campaign_metric
    ADD CONSTRAINT campaign_metric_pkey PRIMARY KEY (campaign_id, metric_id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_origin_id_key UNIQUE (origin_id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cohort
    ADD CONSTRAINT cohort_pkey PRIMARY KEY (slice, campaign_id, phase, experience, variant, cohort_day, dimension, value);

ALTER TABLE ONLY public.consumer
    ADD CONSTRAINT consumer_name_key UNIQUE (name);

ALTER TABLE ONLY public.consumer
    ADD CONSTRAINT consumer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.currency_rate
    ADD CONSTRAINT currency_rate_pkey PRIMARY KEY (environment_id, currency, day);

ALTER TABLE ONLY public.dimension
    ADD CONSTRAINT dimension_environment_id_key_key UNIQUE (environment_id, key);

ALTER TABLE ONLY public.dimension
    ADD CONSTRAINT dimension_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.distribution
    ADD CONSTRAINT distribution_pkey PRIMARY KEY (campaign_id, phase, experience, metric_id);

ALTER TABLE ONLY public.early_exposure
    ADD CONSTRAINT early_exposure_pkey PRIMARY KEY (slice, visitor_id, environment_id, campaign, phase);

ALTER TABLE ONLY public.environment
    ADD CONSTRAINT environment_key_key UNIQUE (key);

ALTER TABLE ONLY public.environment
    ADD CONSTRAINT environment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.environment_role
    ADD CONSTRAINT environment_role_pkey PRIMARY KEY (user_id, environment_id);

ALTER TABLE ONLY public.event_horizon
    ADD CONSTRAINT event_horizon_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.event_hour
    ADD CONSTRAINT event_hour_pkey PRIMARY KEY (slice, environment_id, day, name, hour);

ALTER TABLE ONLY public.excluded_exposure
    ADD CONSTRAINT excluded_exposure_pkey PRIMARY KEY (slice, unit_id, campaign_id, phase, experience);

ALTER TABLE ONLY public.excluded_visitor
    ADD CONSTRAINT excluded_visitor_pkey PRIMARY KEY (slice, visitor_id, environment_id);

ALTER TABLE ONLY public.exclusion_due
    ADD CONSTRAINT exclusion_due_pkey PRIMARY KEY (slice, environment_id, visitor_id);

ALTER TABLE ONLY public.exposure
    ADD CONSTRAINT exposure_pkey PRIMARY KEY (slice, unit_id, campaign_id, phase, experience);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_environment_id_key_key UNIQUE (environment_id, key);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fold_cursor
    ADD CONSTRAINT fold_cursor_pkey PRIMARY KEY (consumer, slice, writer);

ALTER TABLE ONLY public.foreign_event
    ADD CONSTRAINT foreign_event_pkey PRIMARY KEY (slice, environment_id, currency, visitor_id, day);

ALTER TABLE ONLY public.gone_metric
    ADD CONSTRAINT gone_metric_pkey PRIMARY KEY (slice, campaign_id, metric_id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_campaign_id_key UNIQUE (campaign_id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.import_removal
    ADD CONSTRAINT import_removal_pkey PRIMARY KEY (slice, import_id);

ALTER TABLE ONLY public.import_total
    ADD CONSTRAINT import_total_pkey PRIMARY KEY (import_id, day, variant);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.late_event
    ADD CONSTRAINT late_event_pkey PRIMARY KEY (slice, writer);

ALTER TABLE ONLY public.layer
    ADD CONSTRAINT layer_environment_id_key_key UNIQUE (environment_id, key);

ALTER TABLE ONLY public.layer
    ADD CONSTRAINT layer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.layer_range
    ADD CONSTRAINT layer_range_pkey PRIMARY KEY (layer_id, from_bucket);

ALTER TABLE ONLY public.login_link
    ADD CONSTRAINT login_link_pkey PRIMARY KEY (token_sha256);

ALTER TABLE ONLY public.look
    ADD CONSTRAINT look_pkey PRIMARY KEY (campaign_id, phase, experience, day, variant, metric_id);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_environment_id_key_number_key UNIQUE (environment_id, key, number);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moment
    ADD CONSTRAINT moment_pkey PRIMARY KEY (slice, campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value);

ALTER TABLE ONLY public.omission
    ADD CONSTRAINT omission_pkey PRIMARY KEY (slice, environment_id, day, reason, name);

ALTER TABLE ONLY public.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (slice, unit_id, campaign_id, phase, experience, metric_id);

ALTER TABLE ONLY public.overflow
    ADD CONSTRAINT overflow_pkey PRIMARY KEY (slice, unit_id, campaign_id, phase, experience);

ALTER TABLE ONLY public.overlap
    ADD CONSTRAINT overlap_pkey PRIMARY KEY (campaign_id, phase, experience);

ALTER TABLE ONLY public.phase
    ADD CONSTRAINT phase_pkey PRIMARY KEY (campaign_id, number);

ALTER TABLE ONLY public.rate_due
    ADD CONSTRAINT rate_due_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, code_sha256);

ALTER TABLE ONLY public.refusal
    ADD CONSTRAINT refusal_pkey PRIMARY KEY (environment_id, day, writer, reason, name);

ALTER TABLE ONLY public.rejected_event
    ADD CONSTRAINT rejected_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.schema_object
    ADD CONSTRAINT schema_object_pkey PRIMARY KEY (kind, identity);

ALTER TABLE ONLY public.schema_routines
    ADD CONSTRAINT schema_routines_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY public.second_factor
    ADD CONSTRAINT second_factor_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_id_key UNIQUE (id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_sha256);

ALTER TABLE ONLY public.share
    ADD CONSTRAINT share_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.share
    ADD CONSTRAINT share_token_sha256_key UNIQUE (token_sha256);

ALTER TABLE ONLY public.since_exposure
    ADD CONSTRAINT since_exposure_pkey PRIMARY KEY (campaign_id, phase, experience);

ALTER TABLE ONLY public.slice
    ADD CONSTRAINT slice_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.slicing
    ADD CONSTRAINT slicing_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.snapshot_due
    ADD CONSTRAINT snapshot_due_pkey PRIMARY KEY (transaction, environment_id);

ALTER TABLE ONLY public.snapshot_history
    ADD CONSTRAINT snapshot_history_pkey PRIMARY KEY (environment_id, version);

ALTER TABLE ONLY public.snapshot
    ADD CONSTRAINT snapshot_pkey PRIMARY KEY (environment_id);

ALTER TABLE ONLY public.snapshot
    ADD CONSTRAINT snapshot_version_key UNIQUE (version);

ALTER TABLE ONLY public.sweep
    ADD CONSTRAINT sweep_pkey PRIMARY KEY (slice, campaign_id, phase, metric_id);

ALTER TABLE ONLY public.visitor_event
    ADD CONSTRAINT visitor_event_pkey PRIMARY KEY (slice, visitor_id, event_id, day, environment_id);

ALTER TABLE ONLY public.writer_head
    ADD CONSTRAINT writer_head_pkey PRIMARY KEY (slice, writer);

ALTER TABLE ONLY public.writer
    ADD CONSTRAINT writer_pkey PRIMARY KEY (id);

CREATE INDEX audit_log_environment ON public.audit_log USING btree (environment_id, id);

CREATE INDEX audit_log_note ON public.audit_log USING btree (at) WHERE is_note;

CREATE INDEX audit_log_time ON public.audit_log USING btree (environment_id, at, id);

CREATE INDEX campaign_running ON public.campaign USING btree (environment_id) WHERE (status = 'running'::text);

CREATE INDEX cohort_campaign ON public.cohort USING btree (campaign_id, phase, dimension);

CREATE INDEX event_hour_day ON public.event_hour USING btree (environment_id, day);

CREATE INDEX excluded_exposure_campaign ON public.excluded_exposure USING btree (campaign_id, phase);

CREATE INDEX excluded_visitor_environment ON public.excluded_visitor USING btree (environment_id);

CREATE INDEX exposure_campaign ON public.exposure USING btree (campaign_id, slice, unit_id);

CREATE INDEX foreign_event_day ON public.foreign_event USING btree (environment_id, day, currency, visitor_id);

CREATE INDEX import_environment ON public.import USING btree (environment_id, id);

CREATE INDEX job_environment ON public.job USING btree (environment_id, id);

CREATE INDEX job_open ON public.job USING btree (id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));

CREATE UNIQUE INDEX metric_current ON public.metric USING btree (environment_id, key) WHERE is_current;

CREATE INDEX metric_import ON public.metric USING btree (import_id) WHERE (import_id IS NOT NULL);

CREATE INDEX moment_campaign ON public.moment USING btree (campaign_id, phase, dimension, metric_id);

CREATE INDEX omission_day ON public.omission USING btree (environment_id, day);

CREATE INDEX outcome_campaign ON public.outcome USING btree (campaign_id, metric_id);

CREATE INDEX overflow_campaign ON public.overflow USING btree (campaign_id, phase);

CREATE INDEX rate_due_slice ON public.rate_due USING btree (slice, environment_id, currency);

CREATE INDEX rejected_event_kind ON public.rejected_event USING btree (environment_id, reason, name, id);

CREATE INDEX rejected_event_received ON public.rejected_event USING btree (received_at);

CREATE INDEX session_of_user ON public.session USING btree (user_id);

CREATE INDEX share_campaign ON public.share USING btree (campaign_id);

CREATE INDEX share_environment ON public.share USING btree (environment_id, id);

CREATE INDEX visitor_event_writer ON ONLY public.visitor_event USING btree (writer, slice, seq);

CREATE TRIGGER gone_metric_keep AFTER DELETE ON public.campaign_metric REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.gone_metric_keep();

CREATE TRIGGER snapshot_mark_delete AFTER DELETE ON public.access_key REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_delete AFTER DELETE ON public.campaign REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed where phase > 0');

CREATE TRIGGER snapshot_mark_delete AFTER DELETE ON public.currency_rate REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select distinct environment_id from changed');

CREATE TRIGGER snapshot_mark_delete AFTER DELETE ON public.environment REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select id as environment_id from changed');

CREATE TRIGGER snapshot_mark_delete AFTER DELETE ON public.flag REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_delete AFTER DELETE ON public.layer REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_delete AFTER DELETE ON public.layer_range REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select c.environment_id from changed join campaign c on c.id = changed.campaign_id');

CREATE TRIGGER snapshot_mark_delete AFTER DELETE ON public.phase REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select c.environment_id from changed join campaign c on c.id = changed.campaign_id');

CREATE TRIGGER snapshot_mark_insert AFTER INSERT ON public.access_key REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_insert AFTER INSERT ON public.campaign REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed where phase > 0');

CREATE TRIGGER snapshot_mark_insert AFTER INSERT ON public.currency_rate REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select distinct environment_id from changed');

CREATE TRIGGER snapshot_mark_insert AFTER INSERT ON public.environment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select id as environment_id from changed');

CREATE TRIGGER snapshot_mark_insert AFTER INSERT ON public.flag REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_insert AFTER INSERT ON public.layer REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_insert AFTER INSERT ON public.layer_range REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select c.environment_id from changed join campaign c on c.id = changed.campaign_id');

CREATE TRIGGER snapshot_mark_insert AFTER INSERT ON public.phase REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select c.environment_id from changed join campaign c on c.id = changed.campaign_id');

CREATE TRIGGER snapshot_mark_update AFTER UPDATE ON public.access_key REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_update AFTER UPDATE ON public.campaign REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed where phase > 0');

CREATE TRIGGER snapshot_mark_update AFTER UPDATE ON public.currency_rate REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select distinct environment_id from changed');

CREATE TRIGGER snapshot_mark_update AFTER UPDATE ON public.environment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select id as environment_id from changed');

CREATE TRIGGER snapshot_mark_update AFTER UPDATE ON public.flag REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_update AFTER UPDATE ON public.layer REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select environment_id from changed');

CREATE TRIGGER snapshot_mark_update AFTER UPDATE ON public.layer_range REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select c.environment_id from changed join campaign c on c.id = changed.campaign_id');

CREATE TRIGGER snapshot_mark_update AFTER UPDATE ON public.phase REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.snapshot_mark('select c.environment_id from changed join campaign c on c.id = changed.campaign_id');

CREATE CONSTRAINT TRIGGER snapshot_publish AFTER INSERT ON public.snapshot_due DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.snapshot_publish();

ALTER TABLE ONLY public.access_key
    ADD CONSTRAINT access_key_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.campaign_metric
    ADD CONSTRAINT campaign_metric_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaign(id);

ALTER TABLE ONLY public.campaign_metric
    ADD CONSTRAINT campaign_metric_metric_id_fkey FOREIGN KEY (metric_id) REFERENCES public.metric(id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_origin_id_fkey FOREIGN KEY (origin_id) REFERENCES public.campaign(id);

ALTER TABLE ONLY public.currency_rate
    ADD CONSTRAINT currency_rate_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.dimension
    ADD CONSTRAINT dimension_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.environment_role
    ADD CONSTRAINT environment_role_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.environment_role
    ADD CONSTRAINT environment_role_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaign(id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.import_total
    ADD CONSTRAINT import_total_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.import(id);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.layer
    ADD CONSTRAINT layer_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.layer_range
    ADD CONSTRAINT layer_range_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaign(id);

ALTER TABLE ONLY public.layer_range
    ADD CONSTRAINT layer_range_layer_id_fkey FOREIGN KEY (layer_id) REFERENCES public.layer(id);

ALTER TABLE ONLY public.login_link
    ADD CONSTRAINT login_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.phase
    ADD CONSTRAINT phase_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaign(id);

ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.second_factor(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.second_factor
    ADD CONSTRAINT second_factor_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.share
    ADD CONSTRAINT share_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaign(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.share
    ADD CONSTRAINT share_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

