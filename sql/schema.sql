-- pg_dump 15

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

CREATE FUNCTION public.rfc3339(t timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    RETURN to_char((t AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text);

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
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT access_key_kind_check CHECK ((kind = ANY (ARRAY['client'::text, 'secret'::text]))),
    CONSTRAINT access_key_role_check CHECK ((role = ANY (ARRAY['client'::text, 'viewer'::text, 'editor'::text, 'publisher'::text, 'admin'::text])))
);

CREATE TABLE public.environment (
    id integer NOT NULL,
    key text NOT NULL,
    document jsonb NOT NULL,
    is_panic boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone
);

CREATE FUNCTION public.access_key_view(k public.access_key) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN jsonb_build_object('id', (k).id, 'name', (k).name, 'kind', (k).kind, 'role', (k).role, 'scopes', (k).scopes, 'environment', (SELECT environment.key FROM public.environment WHERE (environment.id = (access_key_view.k).environment_id)), 'token', (k).token, 'hint', (k).token_hint, 'version', (k).version, 'created_at', public.rfc3339((k).created_at), 'revoked_at', public.rfc3339((k).revoked_at));

CREATE FUNCTION public.account_change(the_user integer, seen_hash text, new_email text, new_hash text, own_session bytea) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    old app_user;
    new app_user;
begin
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

CREATE TABLE public.audit_log (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor text NOT NULL,
    environment_id integer,
    action text NOT NULL,
    resource text NOT NULL,
    before jsonb,
    after jsonb
);

CREATE FUNCTION public.audit_write(actor text, of_environment integer, action text, resource text, before jsonb, after jsonb) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO public.audit_log (actor, environment_id, action, resource, before, after)
   VALUES (audit_write.actor, audit_write.of_environment, audit_write.action, audit_write.resource, audit_write.before, audit_write.after);
END;

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
            version = c.version + 1, updated_at = now(),
            started_at = case when plan ? 'phase' then coalesce(c.started_at, now()) else c.started_at end,
            stopped_at = case when plan ? 'is_ended' then now() else c.stopped_at end
        where c.id = old.id returning * into new;
        perform campaign_follow(new, plan);
    end if;
    perform audit_write(actor, of_environment, 'campaign.' || action, the_key, before,
                        case when not plan ? 'is_deleted' then campaign_view(new) end);
    return query select new.version, campaign_view(new);
end
$$;

CREATE TABLE public.layer_range (
    layer_id integer NOT NULL,
    campaign_id integer NOT NULL,
    from_bucket integer NOT NULL,
    to_bucket integer NOT NULL,
    CONSTRAINT layer_range_check CHECK (((to_bucket <= 10000) AND (to_bucket > from_bucket))),
    CONSTRAINT layer_range_from_bucket_check CHECK ((from_bucket >= 0))
);

CREATE FUNCTION public.layer_free(the_layer integer) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (10000 - COALESCE((SELECT sum((layer_range.to_bucket - layer_range.from_bucket)) AS sum FROM public.layer_range WHERE (layer_range.layer_id = layer_free.the_layer)), (0)::bigint));

CREATE TABLE public.campaign_metric (
    campaign_id integer NOT NULL,
    metric_id integer NOT NULL,
    role text DEFAULT 'secondary'::text NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    is_computed boolean DEFAULT false NOT NULL,
    computed_to text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT campaign_metric_role_check CHECK ((role = ANY (ARRAY['primary'::text, 'secondary'::text, 'guardrail'::text])))
);

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

CREATE TABLE public.layer (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    key text NOT NULL,
    seed text NOT NULL,
    document jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone
);

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
    archived_at timestamp with time zone
);

CREATE FUNCTION public.campaign_context(of_environment integer, the_campaign integer) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN jsonb_build_object('flags', (SELECT COALESCE(jsonb_object_agg(f.key, (f.document -> 'type'::text)), '{}'::jsonb) AS "coalesce" FROM public.flag f WHERE ((f.environment_id = campaign_context.of_environment) AND (f.archived_at IS NULL))), 'metrics', (SELECT COALESCE(jsonb_object_agg(m.key, (m.document -> 'kind'::text)), '{}'::jsonb) AS "coalesce" FROM public.metric m WHERE ((m.environment_id = campaign_context.of_environment) AND (m.is_current OR (m.id IN (SELECT campaign_metric.metric_id FROM public.campaign_metric WHERE (campaign_metric.campaign_id = campaign_context.the_campaign)))))), 'layers', (SELECT COALESCE(jsonb_object_agg(l.key, public.layer_free(l.id)), '{}'::jsonb) AS "coalesce" FROM public.layer l WHERE ((l.environment_id = campaign_context.of_environment) AND (l.archived_at IS NULL))), 'allows_html', (SELECT COALESCE((e.document -> 'allows_html'::text), 'false'::jsonb) AS "coalesce" FROM public.environment e WHERE (e.id = campaign_context.of_environment)), 'held', (SELECT COALESCE(sum((layer_range.to_bucket - layer_range.from_bucket)), (0)::bigint) AS "coalesce" FROM public.layer_range WHERE (layer_range.campaign_id = campaign_context.the_campaign)));

CREATE TABLE public.campaign (
    id integer NOT NULL,
    environment_id integer NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    document jsonb NOT NULL,
    phase integer DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    stopped_at timestamp with time zone,
    CONSTRAINT campaign_kind_check CHECK ((kind = ANY (ARRAY['experiment'::text, 'rollout'::text, 'personalization'::text, 'holdout'::text]))),
    CONSTRAINT campaign_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'running'::text, 'paused'::text, 'stopped'::text, 'archived'::text])))
);

CREATE FUNCTION public.campaign_follow(c public.campaign, plan jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if plan ? 'phase' or plan ? 'is_ended' then
        update phase set ended_at = now() where campaign_id = c.id and ended_at is null;
    end if;
    if plan ? 'phase' then
        insert into phase (campaign_id, number, seed, document)
        values (c.id, c.phase, plan -> 'phase' ->> 'seed', plan -> 'phase' -> 'document');
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

CREATE FUNCTION public.campaign_is_closed(campaign integer) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    select exists (select from event_horizon h
                   join phase p on p.campaign_id = campaign and fold_day(p.started_at) < h.from_day)
$$;

CREATE FUNCTION public.campaign_look_back(campaigns integer[]) RETURNS interval
    LANGUAGE sql STABLE
    AS $$
    select greatest(interval '35 days', max(phase_pre_period(document)))
    from phase where campaign_id = any (campaigns)
$$;

CREATE FUNCTION public.campaign_sync_metrics(c public.campaign) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 DELETE FROM public.campaign_metric AS cm
    USING public.metric m
   WHERE ((cm.campaign_id = (campaign_sync_metrics.c).id) AND (m.id = cm.metric_id) AND (NOT (EXISTS ( SELECT
            FROM jsonb_array_elements(((campaign_sync_metrics.c).document -> 'metrics'::text)) e(value)
           WHERE ((e.value ->> 'key'::text) = m.key)))));
 UPDATE public.campaign_metric AS cm SET role = (e.value ->> 'role'::text), "position" = (e.place - 1)
    FROM jsonb_array_elements(((campaign_sync_metrics.c).document -> 'metrics'::text)) WITH ORDINALITY e(value, place),
     public.metric m
   WHERE ((cm.campaign_id = (campaign_sync_metrics.c).id) AND (m.id = cm.metric_id) AND (m.key = (e.value ->> 'key'::text)));
 INSERT INTO public.campaign_metric (campaign_id, metric_id, role, "position")  SELECT (campaign_sync_metrics.c).id AS id,
             m.id,
             (e.value ->> 'role'::text),
             (e.place - 1)
            FROM (jsonb_array_elements(((campaign_sync_metrics.c).document -> 'metrics'::text)) WITH ORDINALITY e(value, place)
              JOIN public.metric m ON (((m.environment_id = (campaign_sync_metrics.c).environment_id) AND (m.key = (e.value ->> 'key'::text)) AND m.is_current)))
           WHERE (NOT (EXISTS ( SELECT
                    FROM (public.campaign_metric cm
                      JOIN public.metric had ON ((had.id = cm.metric_id)))
                   WHERE ((cm.campaign_id = (campaign_sync_metrics.c).id) AND (had.key = m.key)))));
END;

CREATE TABLE public.phase (
    campaign_id integer NOT NULL,
    number integer NOT NULL,
    seed text NOT NULL,
    document jsonb NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    is_settled boolean DEFAULT false NOT NULL,
    settled_to text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);

CREATE FUNCTION public.campaign_view(c public.campaign) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN ((c).document || jsonb_build_object('key', (c).key, 'kind', (c).kind, 'status', (c).status, 'phase', (c).phase, 'version', (c).version, 'created_at', public.rfc3339((c).created_at), 'updated_at', public.rfc3339((c).updated_at), 'started_at', public.rfc3339((c).started_at), 'stopped_at', public.rfc3339((c).stopped_at), 'phases', (SELECT COALESCE(jsonb_agg(jsonb_build_object('number', p.number, 'seed', p.seed, 'started_at', public.rfc3339(p.started_at), 'ended_at', public.rfc3339(p.ended_at), 'audience', (p.document -> 'audience'::text), 'triggers', (p.document -> 'triggers'::text), 'variants', (p.document -> 'variants'::text)) ORDER BY p.number), '[]'::jsonb) AS "coalesce" FROM public.phase p WHERE (p.campaign_id = (campaign_view.c).id))));

CREATE TABLE public.cohort (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    variant text NOT NULL,
    cohort_day date NOT NULL,
    dimension text NOT NULL,
    value text NOT NULL,
    unit_count bigint NOT NULL,
    crossover_count bigint NOT NULL,
    missing_count bigint NOT NULL
);

CREATE FUNCTION public.cohort_add(before public.cohort[], after public.cohort[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    emptied cohort[];
begin
    with delta as (
        select campaign_id, phase, variant, cohort_day, dimension, value,
               sum(sign * unit_count)::bigint as units, sum(sign * crossover_count)::bigint as crossovers,
               sum(sign * missing_count)::bigint as missing
        from (select 1 as sign, * from unnest(after) union all select -1, * from unnest(before)) cells
        group by campaign_id, phase, variant, cohort_day, dimension, value
    ),
    put as (
        insert into cohort
        select * from delta where (units, crossovers, missing) <> (0, 0, 0)
        order by campaign_id, phase, variant, cohort_day, dimension, value
        on conflict (campaign_id, phase, variant, cohort_day, dimension, value) do update
        set unit_count = cohort.unit_count + excluded.unit_count,
            crossover_count = cohort.crossover_count + excluded.crossover_count,
            missing_count = cohort.missing_count + excluded.missing_count
        returning cohort
    )
    select array_agg(cohort) into emptied from put where (cohort).unit_count = 0;
    delete from cohort using unnest(emptied) e
    where (cohort.campaign_id, cohort.phase, cohort.variant, cohort.cohort_day, cohort.dimension,
           cohort.value) = (e.campaign_id, e.phase, e.variant, e.cohort_day, e.dimension, e.value);
end
$$;

CREATE FUNCTION public.cohort_of(visitors text[], campaigns integer[]) RETURNS SETOF public.cohort
    LANGUAGE sql STABLE
    AS $$
    select x.campaign_id, x.phase, x.variant, x.cohort_day, d.dimension, d.value,
           sum(x.units)::bigint, sum(x.crossovers)::bigint, sum(x.missing)::bigint
    from (select campaign_id, phase, variant, cohort_day, dimensions, count(*) as units,
                 count(*) filter (where is_crossover) as crossovers,
                 count(*) filter (where not has_past) as missing
          from unnest(visitors) u (visitor_id)
          cross join lateral (
              select * from exposure where exposure.visitor_id = u.visitor_id
              offset 0) own
          where campaign_id = any (campaigns)
          group by campaign_id, phase, variant, cohort_day, dimensions) x
    cross join lateral dimension_values(x.dimensions) d
    group by x.campaign_id, x.phase, x.variant, x.cohort_day, d.dimension, d.value
$$;

CREATE FUNCTION public.config_clock(of_environment integer) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN COALESCE((SELECT max(audit_log.id) AS max FROM public.audit_log WHERE (audit_log.environment_id = config_clock.of_environment)), (0)::bigint);

CREATE FUNCTION public.config_lock(of_environment integer, seen_clock bigint) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    perform from environment where id = of_environment for no key update;
    return config_clock(of_environment) = seen_clock;
end
$$;

CREATE FUNCTION public.dimension_values(dimensions jsonb) RETURNS TABLE(dimension text, value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select 'all', '' union all select key, value from jsonb_each_text(dimensions)
$$;

CREATE FUNCTION public.distribution_queue() RETURNS bigint
    LANGUAGE sql
    AS $$
    with due as (
        select distinct t.environment_id, t.campaign
        from distribution_target t
        left join distribution d on d.campaign_id = t.campaign_id and d.phase = t.phase
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

CREATE FUNCTION public.distribution_values(campaign integer, of_phase integer, metric integer, is_mean boolean, scale double precision, last_day date) RETURNS TABLE(value double precision, variant text, units bigint)
    LANGUAGE sql STABLE
    SET jit TO 'off'
    AS $$
    with own as materialized (
        select case when is_mean then o.numerator::float8 / o.denominator::float8 / scale
                    else o.numerator::float8 / scale end as value,
               x.variant, count(*) as units
        from outcome o
        join exposure x on x.visitor_id = o.visitor_id and x.campaign_id = o.campaign_id and x.phase = o.phase
        where o.campaign_id = campaign and o.phase = of_phase and o.metric_id = metric
              and x.cohort_day <= last_day and case when is_mean then o.denominator else o.numerator end <> 0
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
        set document = case action when 'patch' then new_document else e.document end,
            is_panic = case action when 'panic' then (plan ->> 'is_panic')::boolean else e.is_panic end,
            archived_at = case action when 'delete' then now() end,
            version = e.version + 1, updated_at = now()
        where e.id = old.id returning * into new;
    end if;
    perform audit_write(actor, new.id, 'environment.' || action, the_key,
                        case when old.id is not null then environment_view(old) end,
                        case when action <> 'delete' then environment_view(new) end);
    return query select new.version, environment_view(new);
end
$$;

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
    return made;
end
$$;

CREATE FUNCTION public.environment_view(e public.environment) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN ((e).document || jsonb_build_object('key', (e).key, 'is_panic', (e).is_panic, 'version', (e).version, 'created_at', public.rfc3339((e).created_at), 'updated_at', public.rfc3339((e).updated_at)));

CREATE FUNCTION public.event_amount(properties jsonb, path text[], scale numeric) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
    if path[1] = 'items' and array_length(path, 1) > 1 then
        if jsonb_typeof(properties -> 'items') is distinct from 'array' then
            return null;
        end if;
        return (select round(sum(case when jsonb_typeof(i.item #> path[2:]) = 'number'
                                      then (i.item #>> path[2:])::numeric
                                      when jsonb_typeof(i.item) = 'object' and path[2:] = '{quantity}'
                                           and i.item #>> path[2:] is null then 1
                                      else 0 end) * scale)
                from jsonb_array_elements(properties -> 'items') i (item));
    end if;
    if jsonb_typeof(properties #> path) = 'number' then
        return round((properties #>> path)::numeric * scale);
    end if;
    return null;
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
    where i.inhparent = 'visitor_event'::regclass;
    if oldest is null or oldest >= (now() at time zone 'UTC')::date - greatest(keep_days, 10)
       or oldest >= event_needed_from() then
        return null;
    end if;
    partition_name := 'visitor_event_' || to_char(oldest, 'YYYYMMDD');
    execute format('select exists (select from writer w left join fold_cursor c on c.writer = w.id '
                   'cross join lateral (select from %I e where e.writer = w.id and e.seq > coalesce(c.seq, -1) '
                   'limit 1) one)', partition_name) into is_unread;
    if is_unread then
        return null;
    end if;
    insert into event_horizon (from_day) values (oldest + 1)
    on conflict (is_only) do update set from_day = greatest(event_horizon.from_day, excluded.from_day);
    execute format('drop table %I', partition_name);
    return oldest;
end
$$;

CREATE FUNCTION public.event_needed_from() RETURNS date
    LANGUAGE sql STABLE
    AS $$
    select min(fold_day(p.started_at - campaign_look_back(array[p.campaign_id])))
    from phase p join campaign c on c.id = p.campaign_id
    where not campaign_is_closed(c.id)
          and (c.status <> 'archived'
               or exists (select from phase q where q.campaign_id = c.id
                          and coalesce(q.ended_at, 'infinity') > now() - interval '30 days'))
$$;

CREATE FUNCTION public.event_order(properties jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select case jsonb_typeof(properties -> 'transaction_id')
           when 'string' then nullif(properties ->> 'transaction_id', '')
           when 'number' then trim_scale((properties ->> 'transaction_id')::numeric)::text end
$$;

CREATE FUNCTION public.exposed_since(visitors text[], campaigns integer[]) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
    select min(x.exposed_at)
    from unnest(visitors) u (visitor_id)
    cross join lateral (
        select campaign_id, exposed_at from exposure where exposure.visitor_id = u.visitor_id
        offset 0) x
    where x.campaign_id = any (campaigns)
$$;

CREATE TABLE public.exposure (
    visitor_id text NOT NULL COLLATE pg_catalog."C",
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    variant text NOT NULL,
    is_crossover boolean NOT NULL,
    event_id uuid NOT NULL,
    exposed_at timestamp with time zone NOT NULL,
    cohort_day date NOT NULL,
    dimensions jsonb NOT NULL,
    has_past boolean NOT NULL
);

CREATE FUNCTION public.exposure_change(visitors text[], first timestamp with time zone, campaigns integer[], OUT put public.exposure[], OUT gone public.exposure[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    from_day date := fold_day(least(first, exposed_since(visitors, campaigns)));
begin
    with fresh as materialized (
        select x as new, x.visitor_id, x.campaign_id, x.phase
        from exposure_of(visitors, campaigns, from_day) x
    ),
    stored as materialized (
        select x.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select exposure as old, exposure.visitor_id, campaign_id, phase from exposure
            where exposure.visitor_id = u.visitor_id
            offset 0) x
        where x.campaign_id = any (campaigns)
    )
    select coalesce(array_agg(f.new) filter (where f.visitor_id is not null
                                                   and f.new is distinct from s.old), '{}'),
           coalesce(array_agg(s.old) filter (where f.visitor_id is null), '{}')
    into put, gone
    from fresh f
    full join stored s on s.visitor_id = f.visitor_id and s.campaign_id = f.campaign_id and s.phase = f.phase;
end
$$;

CREATE FUNCTION public.exposure_dimensions(properties jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
    select jsonb_build_object(
        'device', case when properties ->> 'device' is null then 'unknown'
                       when properties ->> 'device' in ('mobile', 'tablet', 'desktop')
                       then properties ->> 'device' else 'other' end,
        'country', case when properties ->> 'country' ~ '^[A-Za-z]{2}$'
                        then upper(properties ->> 'country') else 'unknown' end,
        'visitor_type', case when properties ->> 'visitor_type' in ('new', 'returning')
                             then properties ->> 'visitor_type' else 'unknown' end)
$_$;

CREATE FUNCTION public.exposure_of(visitors text[], campaigns integer[], from_day date) RETURNS SETOF public.exposure
    LANGUAGE sql STABLE
    AS $$
    with known as materialized (
        select * from campaign_variant where campaign_id = any (campaigns)
    ),
    shown as materialized (
        select e.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select visitor_id, environment_id, event_id, ts, properties from visitor_event
            where visitor_event.visitor_id = u.visitor_id and day >= from_day and name = 'exposure'
                  and marks = 0
            offset 0) e
    ),
    met as materialized (
        select *, max(ts) over (partition by visitor_id, environment_id order by ts
                                range between unbounded preceding
                                      and interval '1 microsecond' preceding) as before
        from (select s.*, v.campaign_id, v.phase, v.variant, v.time_zone, v.pre_period,
                     min(v.variant) over unit as first_variant, max(v.variant) over unit as last_variant,
                     row_number() over (unit order by s.ts, s.event_id) as turn
              from shown s
              join known v on v.environment_id = s.environment_id
                   and v.campaign = s.properties ->> 'campaign'
                   and to_jsonb(v.phase) = s.properties -> 'phase' and v.variant = s.properties ->> 'variant'
              where s.ts < coalesce(v.ended_at, 'infinity')
              window unit as (partition by s.visitor_id, v.campaign_id, v.phase)) x
        where turn = 1
    ),
    past as materialized (
        select f.*, exists (
                   select from visitor_event e
                   where e.visitor_id = f.visitor_id and e.environment_id = f.environment_id
                         and e.marks = 0 and e.ts < f.ts and e.ts >= f.ts - f.pre_period
                         and e.day >= ((f.ts - f.pre_period) at time zone 'UTC')::date - 2
                         and e.day <= (f.ts at time zone 'UTC')::date + 2) as is_there
        from (select distinct visitor_id, environment_id, ts, pre_period from met
              where coalesce(before < ts - pre_period, true)) f
    )
    select m.visitor_id, m.campaign_id, m.phase, m.variant, m.first_variant <> m.last_variant, m.event_id, m.ts,
           (m.ts at time zone m.time_zone)::date, exposure_dimensions(m.properties),
           coalesce(p.is_there, true)
    from met m
    left join past p on p.visitor_id = m.visitor_id and p.environment_id = m.environment_id and p.ts = m.ts
                        and p.pre_period = m.pre_period
$$;

CREATE FUNCTION public.exposure_write(put public.exposure[], gone public.exposure[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    delete from exposure x using unnest(gone) g
    where (x.visitor_id, x.campaign_id, x.phase) = (g.visitor_id, g.campaign_id, g.phase);
    insert into exposure
    select * from unnest(put) order by visitor_id, campaign_id, phase
    on conflict (visitor_id, campaign_id, phase) do update
    set (variant, is_crossover, event_id, exposed_at, cohort_day, dimensions, has_past)
        = (excluded.variant, excluded.is_crossover, excluded.event_id, excluded.exposed_at,
           excluded.cohort_day, excluded.dimensions, excluded.has_past);
end
$$;

CREATE FUNCTION public.flag_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
declare
    old flag;
    new flag;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from flag f
    where f.environment_id = of_environment and f.key = the_key and f.archived_at is null;
    case action
    when 'create' then
        insert into flag as f (environment_id, key, document) values (of_environment, the_key, new_document)
        on conflict (environment_id, key) do update
            set document = excluded.document, version = f.version + 1, archived_at = null, updated_at = now()
        returning * into new;
    when 'patch' then
        update flag f set document = new_document, version = f.version + 1, updated_at = now()
        where f.id = old.id returning * into new;
    when 'delete' then
        update flag f set archived_at = now(), version = f.version + 1
        where f.id = old.id returning * into new;
    end case;
    perform audit_write(actor, of_environment, 'flag.' || action, the_key,
                        case when old.id is not null then flag_view(old) end,
                        case when action <> 'delete' then flag_view(new) end);
    return query select new.version, flag_view(new);
end
$$;

CREATE FUNCTION public.flag_view(f public.flag) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN ((f).document || jsonb_build_object('key', (f).key, 'version', (f).version, 'created_at', public.rfc3339((f).created_at), 'updated_at', public.rfc3339((f).updated_at)));

CREATE FUNCTION public.flags_in_use(of_environment integer) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN (SELECT jsonb_object_agg(f.key, c.key) AS jsonb_object_agg FROM public.campaign c, LATERAL jsonb_array_elements((c.document -> 'variants'::text)) v(value), LATERAL jsonb_each((v.value -> 'flags'::text)) f(key, value) WHERE ((c.environment_id = flags_in_use.of_environment) AND (c.status = ANY (ARRAY['draft'::text, 'running'::text, 'paused'::text]))));

CREATE FUNCTION public.fold_apply(exposed text[], first timestamp with time zone, active text[], campaigns integer[]) RETURNS integer
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    SET enable_nestloop TO 'off'
    AS $$
declare
    change record;
    changed text[] := '{}';
    touched text[] := active;
    cohort_before cohort[];
    moment_before moment[];
begin
    if exposed <> '{}' then
        change := exposure_change(exposed, first, campaigns);
        changed := array(select visitor_id from unnest(change.put)
                         union select visitor_id from unnest(change.gone));
        touched := array(select unnest(changed) union select unnest(active));
    end if;
    if touched <> '{}' then
        moment_before := array(select m from moment_of(touched, campaigns) m);
        if changed <> '{}' then
            cohort_before := array(select c from cohort_of(changed, campaigns) c);
            perform exposure_write(change.put, change.gone);
            perform cohort_add(cohort_before, array(select c from cohort_of(changed, campaigns) c));
        end if;
        perform outcome_write(touched, campaigns);
        perform moment_add(moment_before, array(select m from moment_of(touched, campaigns) m));
    end if;
    return (select count(*) from (select unnest(exposed) union select unnest(active)) visitors);
end
$$;

CREATE FUNCTION public.fold_backfill(unit_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    campaign int;
    metrics int[];
    from_visitor text;
    chunk text[];
begin
    select campaign_id, array_agg(metric_id), min(computed_to) into campaign, metrics, from_visitor
    from campaign_metric
    where not is_computed and not campaign_is_closed(campaign_id) group by campaign_id order by campaign_id limit 1;
    if not found then
        return false;
    end if;
    chunk := array(select distinct visitor_id from exposure
                   where campaign_id = campaign and visitor_id > from_visitor
                   order by visitor_id limit unit_limit);
    perform fold_apply('{}', null, chunk, array[campaign]);
    update campaign_metric
    set computed_to = case when cardinality(chunk) < unit_limit then ''
                           else greatest(computed_to, chunk[unit_limit]) end,
        is_computed = cardinality(chunk) < unit_limit
    where campaign_id = campaign and metric_id = any (metrics);
    return true;
end
$$;

CREATE FUNCTION public.fold_backlog(row_limit integer) RETURNS bigint
    LANGUAGE sql STABLE
    SET jit TO 'off'
    AS $$
    select coalesce(sum(w.rows), 0)::bigint
    from (select (select count(*)
                  from (select from visitor_event e where e.writer = writer.id and e.seq > coalesce(c.seq, -1)
                        limit row_limit) unread) as rows
          from writer left join fold_cursor c on c.writer = writer.id) w
$$;

CREATE FUNCTION public.fold_campaigns(since timestamp with time zone) RETURNS integer[]
    LANGUAGE sql STABLE
    AS $$
    select array(select distinct campaign_id from phase
                 where coalesce(ended_at, 'infinity') > since and not campaign_is_closed(campaign_id))
$$;

CREATE FUNCTION public.fold_check_isolation() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the fold runs in READ COMMITTED only' using errcode = '25001';
    end if;
end
$$;

CREATE FUNCTION public.fold_day(moment timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE
    AS $$ select (moment at time zone 'UTC' - interval '2 days')::date $$;

CREATE FUNCTION public.fold_lock() RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$ select 7235428119034 $$;

CREATE FUNCTION public.fold_read(writers integer[], firsts bigint[], lasts bigint[], OUT row_count integer, OUT exposed text[], OUT first timestamp with time zone, OUT active text[], OUT since timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    SET enable_nestloop TO 'off'
    AS $$
begin
    with fresh as materialized (
        select e.*
        from unnest(writers, firsts, lasts) b (writer, first, last)
        cross join lateral (
            select visitor_id, environment_id, event_id, name, ts, marks,
                   case when name = 'exposure' then properties ->> 'campaign' end as campaign,
                   case when name = 'exposure' then properties ->> 'variant' end as variant,
                   case when name = 'exposure' and jsonb_typeof(properties -> 'phase') = 'number'
                        then (properties ->> 'phase')::numeric end as phase
            from visitor_event
            where visitor_event.writer = b.writer and seq > b.first and seq <= b.last
            offset 0) e
    ),
    visitor as materialized (
        select visitor_id, min(ts) as ts from fresh where marks = 0 group by visitor_id
    ),
    stored as materialized (
        select x.*, v.ts
        from visitor v
        cross join lateral (
            select visitor_id, campaign_id, phase, variant, is_crossover, event_id, exposed_at, has_past
            from exposure where exposure.visitor_id = v.visitor_id
            offset 0) x
    ),
    shown as materialized (
        select f.visitor_id, f.environment_id, f.campaign, f.phase, min(f.ts) as ts, p.number is null as is_early
        from fresh f
        left join campaign c on c.environment_id = f.environment_id and c.key = f.campaign
        left join phase p on p.campaign_id = c.id and p.number = f.phase
        left join stored s on s.visitor_id = f.visitor_id and s.campaign_id = p.campaign_id
             and s.phase = p.number and (s.is_crossover or s.variant = f.variant)
             and (s.exposed_at, s.event_id) <= (f.ts, f.event_id)
        where f.marks = 0 and f.campaign is not null and f.phase is not null and s.visitor_id is null
        group by f.visitor_id, f.environment_id, f.campaign, f.phase, p.number is null
    ),
    early as (
        insert into early_exposure
        select visitor_id, environment_id, campaign, phase::int, ts
        from shown
        where is_early and phase between 1 and 2147483647 and phase = trunc(phase)
        order by visitor_id, environment_id, campaign, phase
        on conflict (visitor_id, environment_id, campaign, phase) do update
        set ts = least(early_exposure.ts, excluded.ts)
    ),
    busy as materialized (
        select f.visitor_id, min(f.ts) as ts
        from fresh f
        join (select environment_id, name, max(until) as until from campaign_event
              group by environment_id, name) n
             on n.environment_id = f.environment_id and n.name = f.name and f.ts < n.until
        where f.marks = 0 and f.visitor_id in (select visitor_id from stored)
        group by f.visitor_id
    ),
    older as materialized (
        select visitor_id, ts from stored where not has_past and exposed_at > ts
    )
    select (select count(*) from fresh),
           array(select visitor_id from shown where not is_early union select visitor_id from older),
           (select min(ts) from shown where not is_early),
           array(select visitor_id from busy),
           least((select min(ts) from shown where not is_early), (select min(ts) from busy),
                 (select min(ts) from older))
    into row_count, exposed, first, active, since;
end
$$;

CREATE FUNCTION public.fold_read_early(row_limit integer, OUT exposed text[], OUT first timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
    with due as (
        delete from early_exposure e
        using (select l.*
               from campaign c
               join phase p on p.campaign_id = c.id
               cross join lateral (
                   select visitor_id, environment_id, campaign, phase from early_exposure
                   where environment_id = c.environment_id and campaign = c.key and phase = p.number
                   limit row_limit) l
               limit row_limit) d
        where (e.visitor_id, e.environment_id, e.campaign, e.phase)
            = (d.visitor_id, d.environment_id, d.campaign, d.phase)
        returning e.visitor_id, e.ts
    )
    select coalesce(array_agg(distinct visitor_id), '{}'), min(ts) into exposed, first from due;
end
$$;

CREATE FUNCTION public.fold_settle(unit_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
    ended phase;
    chunk text[];
    late text[];
begin
    select * into ended from phase
    where ended_at is not null and not is_settled order by campaign_id, number limit 1;
    if not found then
        return false;
    end if;
    chunk := array(select visitor_id from exposure
                   where campaign_id = ended.campaign_id and phase = ended.number
                         and visitor_id > ended.settled_to
                   order by visitor_id limit unit_limit);
    late := array(select u.visitor_id from unnest(chunk) u (visitor_id)
                  cross join lateral (select from visitor_event e
                                      where e.visitor_id = u.visitor_id
                                            and e.day >= fold_day(ended.ended_at)
                                            and e.ts >= ended.ended_at limit 1) one);
    perform fold_apply(late, null, late, array[ended.campaign_id]);
    update phase
    set settled_to = coalesce(chunk[unit_limit], ''), is_settled = cardinality(chunk) < unit_limit
    where campaign_id = ended.campaign_id and number = ended.number;
    return true;
end
$$;

CREATE FUNCTION public.fold_step(row_limit integer, OUT row_count integer, OUT visitor_count integer, OUT is_more boolean, OUT is_held boolean) RETURNS record
    LANGUAGE plpgsql
    SET jit TO 'off'
    AS $$
declare
    writers int[];
    firsts bigint[];
    lasts bigint[];
    read record;
    early record;
begin
    perform fold_check_isolation();
    row_count := 0;
    visitor_count := 0;
    is_more := false;
    is_held := not pg_try_advisory_xact_lock(fold_lock());
    if is_held then
        return;
    end if;
    select array_agg(writer), array_agg(w.first), array_agg(w.last), bool_or(is_cut)
    into writers, firsts, lasts, is_more
    from fold_waiting(row_limit) w;
    if writers is not null then
        read := fold_read(writers, firsts, lasts);
        row_count := read.row_count;
        visitor_count := fold_apply(read.exposed, read.first, read.active, fold_campaigns(read.since));
        insert into fold_cursor select * from unnest(writers, lasts) c (writer, seq) order by writer
        on conflict (writer) do update set seq = excluded.seq;
    end if;
    early := fold_read_early(row_limit);
    visitor_count := visitor_count
        + fold_apply(early.exposed, early.first, '{}', fold_campaigns(early.first));
    is_more := coalesce(is_more, false) or early.exposed <> '{}';
    is_more := fold_settle(row_limit) or is_more;
    is_more := fold_backfill(row_limit) or is_more;
end
$$;

CREATE FUNCTION public.fold_tidy() RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    gone record;
begin
    perform fold_check_isolation();
    if not pg_try_advisory_xact_lock(fold_lock()) then
        return;
    end if;
    for gone in
        select distinct campaign_id, metric_id from moment m
        where not exists (select from campaign_metric cm
                          where cm.campaign_id = m.campaign_id and cm.metric_id = m.metric_id)
    loop
        delete from outcome where campaign_id = gone.campaign_id and metric_id = gone.metric_id;
        delete from moment where campaign_id = gone.campaign_id and metric_id = gone.metric_id;
        delete from distribution where campaign_id = gone.campaign_id and metric_id = gone.metric_id;
    end loop;
end
$$;

CREATE FUNCTION public.fold_waiting(row_limit integer) RETURNS TABLE(writer integer, first bigint, last bigint, is_cut boolean)
    LANGUAGE sql STABLE
    AS $$
    select w.writer, w.seq, l.last, l.rows >= greatest(row_limit / w.busy, 1)
    from (select id as writer, coalesce(c.seq, -1) as seq, count(*) over () as busy
          from writer
          left join fold_cursor c on c.writer = writer.id
          cross join lateral (select from visitor_event e
                              where e.writer = writer.id and e.seq > coalesce(c.seq, -1) limit 1) one) w
    cross join lateral (
        select max(seq) as last, count(*) as rows
        from (select e.seq from visitor_event e where e.writer = w.writer and e.seq > w.seq
              order by e.seq limit greatest(row_limit / w.busy, 1)) next) l
$$;

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

CREATE FUNCTION public.layer_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
declare
    old layer;
    new layer;
begin
    if not config_lock(of_environment, seen_clock) then
        return;
    end if;
    select * into old from layer l
    where l.environment_id = of_environment and l.key = the_key and l.archived_at is null;
    case action
    when 'create' then
        insert into layer as l (environment_id, key, seed, document)
        values (of_environment, the_key, plan ->> 'seed', new_document)
        on conflict (environment_id, key) do update
            set document = excluded.document, version = l.version + 1, archived_at = null, updated_at = now()
        returning * into new;
    when 'patch' then
        update layer l set document = new_document, version = l.version + 1, updated_at = now()
        where l.id = old.id returning * into new;
    when 'delete' then
        update layer l set archived_at = now(), version = l.version + 1
        where l.id = old.id returning * into new;
    end case;
    perform audit_write(actor, of_environment, 'layer.' || action, the_key,
                        case when old.id is not null then layer_view(old) end,
                        case when action <> 'delete' then layer_view(new) end);
    return query select new.version, layer_view(new);
end
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

CREATE FUNCTION public.layer_view(l public.layer) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN ((l).document || jsonb_build_object('key', (l).key, 'free', ((public.layer_free((l).id))::numeric / 10000.0), 'campaigns', (SELECT COALESCE(jsonb_agg(DISTINCT c.key), '[]'::jsonb) AS "coalesce" FROM (public.layer_range r JOIN public.campaign c ON ((c.id = r.campaign_id))) WHERE (r.layer_id = (layer_view.l).id)), 'version', (l).version, 'created_at', public.rfc3339((l).created_at), 'updated_at', public.rfc3339((l).updated_at)));

CREATE FUNCTION public.layers_in_use(of_environment integer) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN (SELECT jsonb_object_agg(((c.document -> 'layer'::text) ->> 'key'::text), c.key) AS jsonb_object_agg FROM public.campaign c WHERE ((c.environment_id = layers_in_use.of_environment) AND (c.status = ANY (ARRAY['draft'::text, 'running'::text, 'paused'::text])) AND (((c.document -> 'layer'::text) ->> 'key'::text) IS NOT NULL)));

CREATE FUNCTION public.look_close(at timestamp with time zone, look_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET jit TO 'off'
    AS $$
declare
    day_count int;
begin
    perform fold_check_isolation();
    if not pg_try_advisory_xact_lock(fold_lock()) then
        return 0;
    end if;
    if exists (select from writer w
               left join fold_cursor c on c.writer = w.id
               cross join lateral (select e.received_at from visitor_event e
                                   where e.writer = w.id and e.seq > coalesce(c.seq, -1)
                                   order by e.seq limit 1) next
               where next.received_at < at - interval '1 minute') then
        return 0;
    end if;
    with due as materialized (
        select * from look_due(at) order by campaign_id, phase, day limit look_limit
    ),
    stored as (
        insert into look
        select d.campaign_id, d.phase, d.day, v.variant, m.metric_id, at, u.units,
               coalesce(s.n, 0), coalesce(s.d, 0), coalesce(s.nn, 0), coalesce(s.nd, 0), coalesce(s.dd, 0)
        from due d
        join campaign_variant v on v.campaign_id = d.campaign_id and v.phase = d.phase
        cross join lateral (
            select 0, 0
            union all
            select cm.metric_id,
                   ceil(coalesce((metric.definition ->> 'window_hours')::numeric, 0) / 24)::int
            from campaign_metric cm
            join metric on metric.id = cm.metric_id
            where cm.campaign_id = d.campaign_id) m (metric_id, unripe_days)
        cross join lateral (
            select coalesce(sum(unit_count), 0)::bigint as units from cohort
            where cohort.campaign_id = d.campaign_id and cohort.phase = d.phase
                  and cohort.variant = v.variant and cohort.dimension = 'all'
                  and cohort.cohort_day <= d.day - m.unripe_days) u
        cross join lateral (
            select sum(sum_n) as n, sum(sum_d) as d, sum(sum_nn) as nn, sum(sum_nd) as nd, sum(sum_dd) as dd
            from moment
            where moment.campaign_id = d.campaign_id and moment.phase = d.phase
                  and moment.variant = v.variant and moment.metric_id = m.metric_id
                  and moment.dimension = 'all' and moment.cohort_day <= d.day - m.unripe_days) s
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
    cross join lateral (select coalesce(n.document ->> 'time_zone', 'UTC')) z (time_zone)
    cross join lateral (
        select min(cohort_day), max(cohort_day) from cohort
        where cohort.campaign_id = p.campaign_id and cohort.phase = p.number
              and cohort.dimension = 'all') u (first, last)
    cross join lateral generate_series(
        u.first,
        least(((at - interval '5 minutes') at time zone z.time_zone)::date - 1,
              (p.ended_at at time zone z.time_zone)::date),
        interval '1 day') d (day)
    where (p.ended_at is null or p.is_settled and p.ended_at > at - interval '30 days')
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
            update metric m set document = new_document, version = m.version + 1, updated_at = now()
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
    RETURN ((m).document || jsonb_build_object('key', (m).key, 'is_builtin', (m).is_builtin, 'number', (m).number, 'version', (m).version, 'created_at', public.rfc3339((m).created_at), 'updated_at', public.rfc3339((m).updated_at)));

CREATE FUNCTION public.metrics_in_use(of_environment integer) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN (SELECT jsonb_object_agg((m.value ->> 'key'::text), c.key) AS jsonb_object_agg FROM public.campaign c, LATERAL jsonb_array_elements((c.document -> 'metrics'::text)) m(value) WHERE ((c.environment_id = metrics_in_use.of_environment) AND (c.status = ANY (ARRAY['draft'::text, 'running'::text, 'paused'::text]))));

CREATE TABLE public.moment (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    variant text NOT NULL,
    metric_id integer NOT NULL,
    cohort_day date NOT NULL,
    dimension text NOT NULL,
    value text NOT NULL,
    nonzero_count bigint NOT NULL,
    sum_n numeric NOT NULL,
    sum_d numeric NOT NULL,
    sum_nn numeric NOT NULL,
    sum_nd numeric NOT NULL,
    sum_dd numeric NOT NULL,
    sum_nnn numeric NOT NULL,
    sum_x numeric NOT NULL,
    sum_y numeric NOT NULL,
    sum_xx numeric NOT NULL,
    sum_xy numeric NOT NULL,
    sum_yy numeric NOT NULL,
    sum_nx numeric NOT NULL,
    sum_ny numeric NOT NULL,
    sum_dx numeric NOT NULL,
    sum_dy numeric NOT NULL,
    sum_nm numeric NOT NULL,
    sum_dm numeric NOT NULL
);

CREATE FUNCTION public.moment_add(before public.moment[], after public.moment[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    emptied moment[];
begin
    with delta as (
        select campaign_id, phase, variant, metric_id, cohort_day, dimension, value,
               sum(sign * nonzero_count)::bigint as units, sum(sign * sum_n) as n, sum(sign * sum_d) as d,
               sum(sign * sum_nn) as nn, sum(sign * sum_nd) as nd, sum(sign * sum_dd) as dd,
               sum(sign * sum_nnn) as nnn, sum(sign * sum_x) as x, sum(sign * sum_y) as y,
               sum(sign * sum_xx) as xx, sum(sign * sum_xy) as xy, sum(sign * sum_yy) as yy,
               sum(sign * sum_nx) as nx, sum(sign * sum_ny) as ny, sum(sign * sum_dx) as dx,
               sum(sign * sum_dy) as dy, sum(sign * sum_nm) as nm, sum(sign * sum_dm) as dm
        from (select 1 as sign, * from unnest(after) union all select -1, * from unnest(before)) cells
        group by campaign_id, phase, variant, metric_id, cohort_day, dimension, value
    ),
    put as (
        insert into moment
        select * from delta
        where (units, n, d, nn, nd, dd, nnn, x, y, xx, xy, yy, nx, ny, dx, dy, nm, dm)
           <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        order by campaign_id, phase, variant, metric_id, cohort_day, dimension, value
        on conflict (campaign_id, phase, variant, metric_id, cohort_day, dimension, value) do update
        set nonzero_count = moment.nonzero_count + excluded.nonzero_count,
            sum_n = moment.sum_n + excluded.sum_n, sum_d = moment.sum_d + excluded.sum_d,
            sum_nn = moment.sum_nn + excluded.sum_nn, sum_nd = moment.sum_nd + excluded.sum_nd,
            sum_dd = moment.sum_dd + excluded.sum_dd, sum_nnn = moment.sum_nnn + excluded.sum_nnn,
            sum_x = moment.sum_x + excluded.sum_x, sum_y = moment.sum_y + excluded.sum_y,
            sum_xx = moment.sum_xx + excluded.sum_xx, sum_xy = moment.sum_xy + excluded.sum_xy,
            sum_yy = moment.sum_yy + excluded.sum_yy, sum_nx = moment.sum_nx + excluded.sum_nx,
            sum_ny = moment.sum_ny + excluded.sum_ny, sum_dx = moment.sum_dx + excluded.sum_dx,
            sum_dy = moment.sum_dy + excluded.sum_dy, sum_nm = moment.sum_nm + excluded.sum_nm,
            sum_dm = moment.sum_dm + excluded.sum_dm
        returning moment
    )
    select array_agg(moment) into emptied from put where (moment).nonzero_count = 0;
    delete from moment using unnest(emptied) e
    where (moment.campaign_id, moment.phase, moment.variant, moment.metric_id, moment.cohort_day,
           moment.dimension, moment.value)
        = (e.campaign_id, e.phase, e.variant, e.metric_id, e.cohort_day, e.dimension, e.value);
end
$$;

CREATE FUNCTION public.moment_of(visitors text[], campaigns integer[]) RETURNS SETOF public.moment
    LANGUAGE sql STABLE
    AS $$
    with own as materialized (
        select x.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select visitor_id, campaign_id, phase, variant, cohort_day, dimensions, has_past from exposure
            where exposure.visitor_id = u.visitor_id
            offset 0) x
        where campaign_id = any (campaigns)
    ),
    did as materialized (
        select o.*
        from (select distinct visitor_id from own) u
        cross join lateral (
            select visitor_id, campaign_id, phase, metric_id, numerator as n, denominator as d,
                   pre_numerator as x, pre_denominator as y
            from outcome where outcome.visitor_id = u.visitor_id
            offset 0) o
    )
    select s.campaign_id, s.phase, s.variant, s.metric_id, s.cohort_day, d.dimension, d.value,
           sum(s.units)::bigint, sum(s.n), sum(s.d), sum(s.nn), sum(s.nd), sum(s.dd), sum(s.nnn), sum(s.x),
           sum(s.y), sum(s.xx), sum(s.xy), sum(s.yy), sum(s.nx), sum(s.ny), sum(s.dx), sum(s.dy),
           sum(s.nm), sum(s.dm)
    from (select x.campaign_id, x.phase, x.variant, o.metric_id, x.cohort_day, x.dimensions,
                 count(*) as units, sum(o.n) as n, sum(o.d) as d, sum(o.n * o.n) as nn, sum(o.n * o.d) as nd,
                 sum(o.d * o.d) as dd, sum(o.n * o.n * o.n) as nnn, sum(o.x) as x, sum(o.y) as y,
                 sum(o.x * o.x) as xx, sum(o.x * o.y) as xy, sum(o.y * o.y) as yy, sum(o.n * o.x) as nx,
                 sum(o.n * o.y) as ny, sum(o.d * o.x) as dx, sum(o.d * o.y) as dy,
                 sum(case when x.has_past then 0 else o.n end) as nm,
                 sum(case when x.has_past then 0 else o.d end) as dm
          from own x
          join did o on o.visitor_id = x.visitor_id and o.campaign_id = x.campaign_id and o.phase = x.phase
          group by x.campaign_id, x.phase, x.variant, o.metric_id, x.cohort_day, x.dimensions) s
    cross join lateral dimension_values(s.dimensions) d
    group by s.campaign_id, s.phase, s.variant, s.metric_id, s.cohort_day, d.dimension, d.value
$$;

CREATE TABLE public.outcome (
    visitor_id text NOT NULL COLLATE pg_catalog."C",
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    metric_id integer NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric NOT NULL,
    pre_numerator numeric NOT NULL,
    pre_denominator numeric NOT NULL
);

CREATE FUNCTION public.outcome_change(visitors text[], campaigns integer[], OUT put public.outcome[], OUT gone public.outcome[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    from_day date := fold_day(exposed_since(visitors, campaigns) - campaign_look_back(campaigns));
begin
    with fresh as materialized (
        select o as new, o.visitor_id, o.campaign_id, o.phase, o.metric_id
        from outcome_of(visitors, campaigns, from_day) o
    ),
    stored as materialized (
        select o.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select outcome as old, outcome.visitor_id, campaign_id, phase, metric_id from outcome
            where outcome.visitor_id = u.visitor_id
            offset 0) o
        where o.campaign_id = any (campaigns)
    )
    select coalesce(array_agg(f.new) filter (where f.visitor_id is not null
                                                   and f.new is distinct from s.old), '{}'),
           coalesce(array_agg(s.old) filter (where f.visitor_id is null), '{}')
    into put, gone
    from fresh f
    full join stored s on s.visitor_id = f.visitor_id and s.campaign_id = f.campaign_id
                          and s.phase = f.phase and s.metric_id = f.metric_id;
end
$$;

CREATE FUNCTION public.outcome_of(visitors text[], campaigns integer[], from_day date) RETURNS SETOF public.outcome
    LANGUAGE sql STABLE
    AS $$
    with part as materialized (
        select * from metric_part where campaign_id = any (campaigns)
    ),
    name as materialized (
        select array(select event from part union select 'refund') as names
    ),
    own as materialized (
        select x.*
        from unnest(visitors) u (visitor_id)
        cross join lateral (
            select visitor_id, campaign_id, phase, event_id, exposed_at from exposure
            where exposure.visitor_id = u.visitor_id
            offset 0) x
        where x.campaign_id = any (campaigns)
    ),
    unit as materialized (
        select x.*, c.environment_id, coalesce(p.ended_at, 'infinity') as until,
               phase_pre_period(p.document) as pre_period
        from own x
        join campaign c on c.id = x.campaign_id
        join phase p on p.campaign_id = x.campaign_id and p.number = x.phase
    ),
    done as materialized (
        select e.*
        from (select distinct visitor_id from unit) u
        cross join lateral (
            select visitor_id, environment_id, event_id, name, ts, properties,
                   case when name in ('purchase', 'refund') then event_order(properties) end as order_id
            from visitor_event
            where visitor_event.visitor_id = u.visitor_id and day >= from_day and marks = 0
                  and name = any ((select names from name)::text[])
            offset 0) e
    ),
    seen as (
        select u.visitor_id, u.campaign_id, u.phase, u.exposed_at, u.pre_period,
               e.ts < u.exposed_at as is_pre, e.event_id,
               e.name, e.ts, e.properties, e.order_id,
               case when e.name = 'purchase' and e.order_id is not null
                    then row_number() over (partition by u.visitor_id, u.campaign_id, u.phase, e.name,
                                                         e.order_id order by e.ts, e.event_id)
                    else 1 end as turn
        from unit u
        join done e on e.visitor_id = u.visitor_id and e.environment_id = u.environment_id
             and e.ts >= u.exposed_at - case when e.name = 'purchase'
                                             then greatest(interval '35 days', u.pre_period)
                                             else u.pre_period end
             and e.ts < u.until and e.event_id <> u.event_id
    ),
    line as (
        select s.visitor_id, s.campaign_id, s.phase, p.metric_id, p.side, p.kind, p.cap, s.is_pre,
               coalesce('order ' || s.order_id, s.event_id::text) as order_key, false as is_refund,
               case when p.path is null then 1
                    else coalesce(event_amount(s.properties, p.path, p.scale), 0) end as amount
        from seen s
        join part p on p.campaign_id = s.campaign_id and p.event = s.name
        where s.turn = 1 and s.ts >= s.exposed_at - s.pre_period
              and (p.stay is null or s.ts < s.exposed_at + p.stay)
              and (p.filter is null or jsonb_path_match(s.properties, p.filter, '{}', true))
        union all
        select s.visitor_id, s.campaign_id, s.phase, p.metric_id, p.side, p.kind, p.cap, s.is_pre,
               'order ' || s.order_id, true,
               case when a.amount < 0 or a.amount is null and s.properties ?| '{value,items}' then 0
                    else a.amount end
        from seen s
        join part p on p.campaign_id = s.campaign_id and p.event = 'purchase' and p.path is not null
        cross join lateral (select event_amount(s.properties, p.path, p.scale)) a (amount)
        where s.name = 'refund' and (p.stay is null or s.ts < s.exposed_at + p.stay)
              and (s.order_id is not null or p.filter is null
                   or jsonb_path_match(s.properties, p.filter, '{}', true))
    ),
    kept as (
        select visitor_id, campaign_id, phase, metric_id, side, kind, cap, is_pre,
               case when order_key is not null and count(*) filter (where not is_refund) > 0
                    then greatest(case when not bool_or(is_refund and amount is null)
                                       then sum(case when is_refund then -amount else amount end) end,
                                  least(sum(amount) filter (where not is_refund), 0)) end as amount,
               case when order_key is null then sum(amount) end as returned
        from line
        group by visitor_id, campaign_id, phase, metric_id, side, kind, cap, is_pre, order_key
    ),
    total as (
        select visitor_id, campaign_id, phase, metric_id, side, kind, cap, is_pre,
               greatest(coalesce(sum(amount), 0) - coalesce(sum(returned), 0),
                        least(coalesce(sum(amount), 0), 0)) as amount
        from kept
        group by visitor_id, campaign_id, phase, metric_id, side, kind, cap, is_pre
    ),
    limited as (
        select visitor_id, campaign_id, phase, metric_id, side, is_pre,
               case when side = 'd' or kind = 'ratio' then amount
                    when kind = 'conversion' then least(amount, 1)
                    else least(amount, cap) end as amount
        from total
    ),
    result as (
        select visitor_id, campaign_id, phase, metric_id,
               coalesce(sum(amount) filter (where side = 'n' and not is_pre), 0) as numerator,
               coalesce(sum(amount) filter (where side = 'd' and not is_pre), 0) as denominator,
               coalesce(sum(amount) filter (where side = 'n' and is_pre), 0) as pre_numerator,
               coalesce(sum(amount) filter (where side = 'd' and is_pre), 0) as pre_denominator
        from limited
        group by visitor_id, campaign_id, phase, metric_id
    )
    select visitor_id, campaign_id, phase, metric_id, numerator, denominator, pre_numerator, pre_denominator
    from result
    where (numerator, denominator, pre_numerator, pre_denominator) <> (0, 0, 0, 0)
$$;

CREATE FUNCTION public.outcome_write(visitors text[], campaigns integer[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    change record := outcome_change(visitors, campaigns);
begin
    delete from outcome o using unnest(change.gone) g
    where (o.visitor_id, o.campaign_id, o.phase, o.metric_id)
        = (g.visitor_id, g.campaign_id, g.phase, g.metric_id);
    insert into outcome
    select * from unnest(change.put) order by visitor_id, campaign_id, phase, metric_id
    on conflict (visitor_id, campaign_id, phase, metric_id) do update
    set (numerator, denominator, pre_numerator, pre_denominator)
        = (excluded.numerator, excluded.denominator, excluded.pre_numerator, excluded.pre_denominator);
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
            join exposure y on y.visitor_id = x.visitor_id and y.campaign_id = any (others) and y.exposed_at < until
            left join outcome o on o.visitor_id = x.visitor_id and o.campaign_id = x.campaign_id
                 and o.phase = x.phase and o.metric_id = metric
            where x.campaign_id = of_campaign and x.phase = of_phase and x.cohort_day <= last_day
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
                   'campaign', campaign, 'name', name, 'phase', phase, 'variants', variants, 'units', units,
                   'cells', cells) order by units desc, campaign, phase), '[]'))
        from strongest);
end
$$;

CREATE FUNCTION public.overlap_others(of_campaign integer, of_phase integer) RETURNS TABLE(campaign_id integer, phase integer, campaign text, name text, variants jsonb)
    LANGUAGE sql STABLE
    AS $$
    select o.id, q.number, o.key, o.document ->> 'name',
           (select jsonb_agg(jsonb_build_object('key', v.item -> 'key', 'weight', v.item -> 'weight',
                                                'is_control', coalesce(v.item -> 'is_control', 'false')))
            from jsonb_array_elements(q.document -> 'variants') v (item))
    from campaign c
    join phase p on p.campaign_id = c.id
    join campaign o on o.environment_id = c.environment_id and o.id <> c.id and o.kind <> 'holdout'
         and (o.document #>> '{layer,key}' is null
              or o.document #>> '{layer,key}' is distinct from c.document #>> '{layer,key}')
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

CREATE FUNCTION public.phase_pre_period(document jsonb) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select make_interval(days => coalesce((document #>> '{statistics,preperiod_days}')::int, 14))
$$;

CREATE FUNCTION public.rebuild(campaigns integer[], OUT unit_count bigint, OUT outcome_count bigint) RETURNS record
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    SET enable_nestloop TO 'off'
    AS $$
declare
    chunk text[];
    added bigint;
begin
    perform fold_check_isolation();
    perform pg_advisory_xact_lock(fold_lock());
    campaigns := array(select c from unnest(campaigns) c where not campaign_is_closed(c));
    update phase set is_settled = true, settled_to = ''
    where campaign_id = any (campaigns) and ended_at is not null and not is_settled;
    update campaign_metric set is_computed = true, computed_to = ''
    where campaign_id = any (campaigns) and not is_computed;
    delete from exposure where campaign_id = any (campaigns);
    delete from outcome where campaign_id = any (campaigns);
    delete from cohort where campaign_id = any (campaigns);
    delete from moment where campaign_id = any (campaigns);
    unit_count := 0;
    outcome_count := 0;
    for chunk in
        select array_agg(visitor_id)
        from (select visitor_id, (row_number() over (order by visitor_id) - 1) / 10000 as part
              from (select distinct e.visitor_id
                    from visitor_event e
                    join campaign c on c.environment_id = e.environment_id
                         and c.key = e.properties ->> 'campaign'
                    where e.name = 'exposure' and e.marks = 0 and c.id = any (campaigns)) shown) numbered
        group by part
    loop
        insert into exposure select * from exposure_of(chunk, campaigns, '-infinity');
        get diagnostics added = row_count;
        unit_count := unit_count + added;
        perform outcome_write(chunk, campaigns);
        perform cohort_add('{}', array(select c from cohort_of(chunk, campaigns) c));
        perform moment_add('{}', array(select m from moment_of(chunk, campaigns) m));
    end loop;
    select count(*) into outcome_count from outcome where campaign_id = any (campaigns);
end
$$;

CREATE FUNCTION public.recent_visitors(of_environment integer, days integer, blocks integer) RETURNS TABLE(visitor_id text, weight double precision)
    LANGUAGE plpgsql STABLE
    AS $$
declare
    first_day date := (now() at time zone 'UTC')::date - days;
    there float8;
    percent float8;
begin
    select sum(pg_relation_size(c.oid)) / current_setting('block_size')::int into there
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'visitor_event'::regclass
          and c.relname >= 'visitor_event_' || to_char(first_day, 'YYYYMMDD');
    if coalesce(there, 0) <= 4 * blocks then
        return query
            select e.visitor_id, 1::float8 from visitor_event e
            where e.environment_id = of_environment and e.day >= first_day and e.marks = 0
            group by e.visitor_id;
        return;
    end if;
    percent := 100 * blocks / there;
    return query
        with met as (
            select e.visitor_id, count(*) as hits from visitor_event e tablesample system (percent)
            where e.environment_id = of_environment and e.day >= first_day and e.marks = 0
            group by e.visitor_id)
        select met.visitor_id, met.hits * 100 / percent / n.total
        from met
        cross join lateral (
            select count(*) as total from visitor_event e
            where e.visitor_id = met.visitor_id and e.environment_id = of_environment
                  and e.day >= first_day and e.marks = 0) n
        where n.total > 0;
end
$$;

CREATE FUNCTION public.snapshot_campaign_document(c public.campaign) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object(
        'id', c.id, 'key', c.key, 'kind', c.kind, 'status', c.status,
        'coverage', coalesce(c.document -> 'coverage', '1'),
        'schedule', c.document -> 'schedule',
        'forced', coalesce(c.document -> 'forced', '{}'),
        'layer', case when jsonb_typeof(c.document -> 'layer') = 'object' then jsonb_build_object(
            'key', c.document -> 'layer' ->> 'key',
            'ranges', coalesce((select jsonb_agg(jsonb_build_array(r.from_bucket, r.to_bucket) order by r.from_bucket)
                                from layer_range r where r.campaign_id = c.id), '[]')) end,
        'phase', (select jsonb_build_object('number', p.number, 'seed', p.seed,
                                            'audience', p.document -> 'audience',
                                            'triggers', p.document -> 'triggers',
                                            'variants', p.document -> 'variants')
                  from phase p where p.campaign_id = c.id and p.number = c.phase))
$$;

CREATE FUNCTION public.snapshot_environment_document(e public.environment) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    select jsonb_build_object(
        'id', e.id, 'key', e.key, 'is_panic', e.is_panic,
        'currency', coalesce(e.document ->> 'currency', 'EUR'),
        'origins', coalesce(e.document -> 'allowed_origins', '[]'),
        'allows_html', coalesce(e.document -> 'allows_html', 'false'),
        'tracking', coalesce(e.document -> 'tracking', '[]'),
        'keys', coalesce((select jsonb_agg(jsonb_build_object(
                    'id', k.id, 'sha256', encode(k.token_sha256, 'hex'), 'role', k.role,
                    'scopes', to_jsonb(k.scopes)) order by k.id)
                 from access_key k where k.environment_id = e.id and k.revoked_at is null), '[]'),
        'flags', coalesce((select jsonb_agg(jsonb_build_object(
                    'key', f.key, 'type', f.document -> 'type', 'default', f.document -> 'default')
                    order by f.key)
                 from flag f where f.environment_id = e.id and f.archived_at is null), '[]'),
        'layers', coalesce((select jsonb_agg(jsonb_build_object('key', l.key, 'seed', l.seed) order by l.key)
                 from layer l where l.environment_id = e.id), '[]'),
        'campaigns', coalesce((select jsonb_agg(snapshot_campaign_document(c)
                    order by coalesce((c.document ->> 'priority')::numeric, 0) desc, c.key)
                 from campaign c
                 where c.environment_id = e.id and c.phase > 0
                   and (c.status in ('running', 'paused')
                        or c.status = 'stopped' and c.stopped_at > now() - interval '7 days')), '[]'))
$$;

CREATE FUNCTION public.snapshot_publish() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    fresh text;
    fresh_sha256 text;
    published bigint;
begin
    perform pg_advisory_xact_lock(hashtext('snapshot_publish'));
    select jsonb_build_object('environments', coalesce(jsonb_agg(snapshot_environment_document(e) order by e.id), '[]'))::text
        into fresh
        from environment e where e.archived_at is null;
    fresh_sha256 := encode(sha256(convert_to(fresh, 'UTF8')), 'hex');
    if fresh_sha256 = (select s.sha256 from snapshot s order by version desc limit 1) then
        return null;
    end if;
    insert into snapshot (document, sha256) values (fresh, fresh_sha256) returning version into published;
    delete from snapshot where version <= published - 1000;
    perform pg_notify('mete_snapshot', published::text);
    return null;
end
$$;

CREATE FUNCTION public.user_change(actor text, of_environment integer, seen_clock bigint, action text, the_key text, new_document jsonb, plan jsonb) RETURNS TABLE(new_version integer, new_view jsonb)
    LANGUAGE plpgsql
    AS $$
declare
    old app_user;
    new app_user;
begin
    lock table app_user in share row exclusive mode;
    if user_clock() <> seen_clock then
        return;
    end if;
    select * into old from app_user where id::text = the_key;
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
    if new.disabled_at is not null or action = 'reset' then
        perform user_end_access(new.id);
    end if;
    if plan ? 'link_sha256' then
        insert into login_link (token_sha256, user_id, expires_at)
        values (decode(plan ->> 'link_sha256', 'hex'), new.id, now() + interval '3 days');
    end if;
    perform audit_write(actor, null, 'user.' || action, new.id::text,
                        case when old.id is not null then user_view(old) end, user_view(new));
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

CREATE TABLE public.app_user (
    id integer NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    password_hash text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT app_user_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'editor'::text, 'publisher'::text, 'admin'::text])))
);

CREATE FUNCTION public.user_clock() RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (SELECT COALESCE(sum(app_user.version), (0)::bigint) AS "coalesce" FROM public.app_user);

CREATE TABLE public.login_link (
    token_sha256 bytea NOT NULL,
    user_id integer NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.session (
    token_sha256 bytea NOT NULL,
    id integer NOT NULL,
    user_id integer NOT NULL,
    agent text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE FUNCTION public.user_end_access(the_user integer) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 DELETE FROM public.session
   WHERE (session.user_id = user_end_access.the_user);
 DELETE FROM public.login_link
   WHERE (login_link.user_id = user_end_access.the_user);
END;

CREATE FUNCTION public.user_view(u public.app_user) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN jsonb_build_object('id', (u).id, 'email', (u).email, 'role', (u).role, 'is_disabled', ((u).disabled_at IS NOT NULL), 'has_password', ((u).password_hash IS NOT NULL), 'seen_at', public.rfc3339((SELECT max(session.seen_at) AS max FROM public.session WHERE (session.user_id = (user_view.u).id))), 'version', (u).version, 'created_at', public.rfc3339((u).created_at), 'updated_at', public.rfc3339((u).updated_at));

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

CREATE FUNCTION public.writer_lease(OUT ret_writer integer, OUT ret_seq bigint) RETURNS record
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
    select greatest(coalesce((select max(seq) from visitor_event where writer = ret_writer), 0),
                    coalesce((select seq from fold_cursor where writer = ret_writer), 0)) into ret_seq;
end
$$;

ALTER TABLE public.access_key ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.access_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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

CREATE VIEW public.campaign_variant AS
 SELECT c.environment_id,
    c.id AS campaign_id,
    c.key AS campaign,
    p.number AS phase,
    (v.item ->> 'key'::text) AS variant,
    p.ended_at,
    COALESCE((n.document ->> 'time_zone'::text), 'UTC'::text) AS time_zone,
    public.phase_pre_period(p.document) AS pre_period
   FROM (((public.campaign c
     JOIN public.environment n ON ((n.id = c.environment_id)))
     JOIN public.phase p ON ((p.campaign_id = c.id)))
     CROSS JOIN LATERAL jsonb_array_elements((p.document -> 'variants'::text)) v(item));

CREATE TABLE public.distribution (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
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
                CASE
                    WHEN ((m.definition ->> 'window_hours'::text) IS NULL) THEN 'infinity'::date
                    ELSE ((((now() - make_interval(secs => (((m.definition ->> 'window_hours'::text))::double precision * (3600)::double precision))) AT TIME ZONE COALESCE((n.document ->> 'time_zone'::text), 'UTC'::text)))::date - 1)
                END AS last_day) k)
     CROSS JOIN LATERAL ( SELECT concat_ws(' '::text, u.units, v.sums) AS state
           FROM (( SELECT sum(h.unit_count) AS units
                   FROM public.cohort h
                  WHERE ((h.campaign_id = c.id) AND (h.phase = p.number) AND (h.dimension = 'all'::text) AND (h.cohort_day <= k.last_day))) u
             CROSS JOIN ( SELECT concat_ws(' '::text, sum(s_1.sum_n), sum(s_1.sum_d), sum(s_1.sum_nn), sum(s_1.sum_nd), sum(s_1.sum_nnn)) AS sums
                   FROM public.moment s_1
                  WHERE ((s_1.campaign_id = c.id) AND (s_1.phase = p.number) AND (s_1.metric_id = cm.metric_id) AND (s_1.dimension = 'all'::text) AND (s_1.cohort_day <= k.last_day))) v)
          WHERE (u.units > (0)::numeric)) s)
  WHERE (k.kind = ANY (ARRAY['sum'::text, 'mean'::text, 'count'::text]));

CREATE TABLE public.early_exposure (
    visitor_id text NOT NULL COLLATE pg_catalog."C",
    environment_id integer NOT NULL,
    campaign text NOT NULL,
    phase integer NOT NULL,
    ts timestamp with time zone NOT NULL
);

ALTER TABLE public.environment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.environment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.event_horizon (
    is_only boolean DEFAULT true NOT NULL,
    from_day date NOT NULL,
    CONSTRAINT event_horizon_is_only_check CHECK (is_only)
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
    writer integer NOT NULL,
    seq bigint NOT NULL
);

ALTER TABLE public.job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.layer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.layer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.look (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
    day date NOT NULL,
    variant text NOT NULL,
    metric_id integer NOT NULL,
    as_of timestamp with time zone DEFAULT now() NOT NULL,
    unit_count bigint NOT NULL,
    sum_n numeric NOT NULL,
    sum_d numeric NOT NULL,
    sum_nn numeric NOT NULL,
    sum_nd numeric NOT NULL,
    sum_dd numeric NOT NULL
);

ALTER TABLE public.metric ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.metric_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.overlap (
    campaign_id integer NOT NULL,
    phase integer NOT NULL,
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
               FROM public.fold_cursor)
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
                CASE
                    WHEN ((m.definition ->> 'window_hours'::text) IS NULL) THEN 'infinity'::date
                    ELSE ((((now() - make_interval(secs => (((m.definition ->> 'window_hours'::text))::double precision * (3600)::double precision))) AT TIME ZONE COALESCE((n.document ->> 'time_zone'::text), 'UTC'::text)))::date - 1)
                END AS last_day
           FROM (public.campaign_metric cm
             JOIN public.metric m ON ((m.id = cm.metric_id)))
          WHERE (cm.campaign_id = c.id)
          ORDER BY (cm.role <> 'primary'::text), cm."position", cm.metric_id
         LIMIT 1) g)
  WHERE ((c.kind <> 'holdout'::text) AND g.is_computed AND ((jsonb_array_length((p.document -> 'variants'::text)) >= 2) AND (jsonb_array_length((p.document -> 'variants'::text)) <= 10)) AND (EXISTS ( SELECT
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
     LEFT JOIN public.overlap o ON (((o.campaign_id = t.campaign_id) AND (o.phase = t.phase))))
  WHERE (((t.status = ANY (ARRAY['running'::text, 'paused'::text])) OR ((t.status = 'stopped'::text) AND (t.stopped_at > (now() - '7 days'::interval)))) AND ((o.as_of IS NULL) OR ((o.as_of < (now() - '01:00:00'::interval)) AND (o.state <> t.state))));

CREATE TABLE public.rejected_event (
    id bigint NOT NULL,
    environment_id integer,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    reason text NOT NULL,
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

ALTER TABLE public.session ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.snapshot (
    version bigint NOT NULL,
    document text NOT NULL,
    sha256 text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.snapshot ALTER COLUMN version ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.snapshot_version_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.visitor_event (
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

CREATE TABLE public.writer (
    id integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

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

ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_email_key UNIQUE (email);

ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_environment_id_key_key UNIQUE (environment_id, key);

ALTER TABLE ONLY public.campaign_metric
    ADD CONSTRAINT campaign_metric_pkey PRIMARY KEY (campaign_id, metric_id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cohort
    ADD CONSTRAINT cohort_pkey PRIMARY KEY (campaign_id, phase, variant, cohort_day, dimension, value);

ALTER TABLE ONLY public.distribution
    ADD CONSTRAINT distribution_pkey PRIMARY KEY (campaign_id, phase, metric_id);

ALTER TABLE ONLY public.early_exposure
    ADD CONSTRAINT early_exposure_pkey PRIMARY KEY (visitor_id, environment_id, campaign, phase);

ALTER TABLE ONLY public.environment
    ADD CONSTRAINT environment_key_key UNIQUE (key);

ALTER TABLE ONLY public.environment
    ADD CONSTRAINT environment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.event_horizon
    ADD CONSTRAINT event_horizon_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.exposure
    ADD CONSTRAINT exposure_pkey PRIMARY KEY (visitor_id, campaign_id, phase);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_environment_id_key_key UNIQUE (environment_id, key);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fold_cursor
    ADD CONSTRAINT fold_cursor_pkey PRIMARY KEY (writer);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.layer
    ADD CONSTRAINT layer_environment_id_key_key UNIQUE (environment_id, key);

ALTER TABLE ONLY public.layer
    ADD CONSTRAINT layer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.layer_range
    ADD CONSTRAINT layer_range_pkey PRIMARY KEY (layer_id, from_bucket);

ALTER TABLE ONLY public.login_link
    ADD CONSTRAINT login_link_pkey PRIMARY KEY (token_sha256);

ALTER TABLE ONLY public.look
    ADD CONSTRAINT look_pkey PRIMARY KEY (campaign_id, phase, day, variant, metric_id);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_environment_id_key_number_key UNIQUE (environment_id, key, number);

ALTER TABLE ONLY public.metric
    ADD CONSTRAINT metric_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moment
    ADD CONSTRAINT moment_pkey PRIMARY KEY (campaign_id, phase, variant, metric_id, cohort_day, dimension, value);

ALTER TABLE ONLY public.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (visitor_id, campaign_id, phase, metric_id);

ALTER TABLE ONLY public.overlap
    ADD CONSTRAINT overlap_pkey PRIMARY KEY (campaign_id, phase);

ALTER TABLE ONLY public.phase
    ADD CONSTRAINT phase_pkey PRIMARY KEY (campaign_id, number);

ALTER TABLE ONLY public.rejected_event
    ADD CONSTRAINT rejected_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_id_key UNIQUE (id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_sha256);

ALTER TABLE ONLY public.snapshot
    ADD CONSTRAINT snapshot_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.visitor_event
    ADD CONSTRAINT visitor_event_pkey PRIMARY KEY (visitor_id, event_id, day, environment_id);

ALTER TABLE ONLY public.writer
    ADD CONSTRAINT writer_pkey PRIMARY KEY (id);

CREATE INDEX audit_log_environment ON public.audit_log USING btree (environment_id, id);

CREATE INDEX audit_log_resource ON public.audit_log USING btree (environment_id, resource, id);

CREATE INDEX campaign_running ON public.campaign USING btree (environment_id) WHERE (status = 'running'::text);

CREATE INDEX early_exposure_phase ON public.early_exposure USING btree (environment_id, campaign, phase);

CREATE INDEX exposure_campaign ON public.exposure USING btree (campaign_id, visitor_id);

CREATE INDEX job_environment ON public.job USING btree (environment_id, id);

CREATE INDEX job_open ON public.job USING btree (id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));

CREATE UNIQUE INDEX metric_current ON public.metric USING btree (environment_id, key) WHERE is_current;

CREATE INDEX outcome_campaign ON public.outcome USING btree (campaign_id, metric_id);

CREATE INDEX rejected_event_received ON public.rejected_event USING btree (received_at);

CREATE INDEX session_of_user ON public.session USING btree (user_id);

CREATE INDEX visitor_event_writer ON ONLY public.visitor_event USING btree (writer, seq);

CREATE CONSTRAINT TRIGGER snapshot_publish AFTER INSERT OR DELETE OR UPDATE ON public.access_key DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.snapshot_publish();

CREATE CONSTRAINT TRIGGER snapshot_publish AFTER INSERT OR DELETE OR UPDATE ON public.campaign DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.snapshot_publish();

CREATE CONSTRAINT TRIGGER snapshot_publish AFTER INSERT OR DELETE OR UPDATE ON public.environment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.snapshot_publish();

CREATE CONSTRAINT TRIGGER snapshot_publish AFTER INSERT OR DELETE OR UPDATE ON public.flag DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.snapshot_publish();

CREATE CONSTRAINT TRIGGER snapshot_publish AFTER INSERT OR DELETE OR UPDATE ON public.layer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.snapshot_publish();

CREATE CONSTRAINT TRIGGER snapshot_publish AFTER INSERT OR DELETE OR UPDATE ON public.layer_range DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.snapshot_publish();

CREATE CONSTRAINT TRIGGER snapshot_publish AFTER INSERT OR DELETE OR UPDATE ON public.phase DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.snapshot_publish();

ALTER TABLE ONLY public.access_key
    ADD CONSTRAINT access_key_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

ALTER TABLE ONLY public.campaign_metric
    ADD CONSTRAINT campaign_metric_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaign(id);

ALTER TABLE ONLY public.campaign_metric
    ADD CONSTRAINT campaign_metric_metric_id_fkey FOREIGN KEY (metric_id) REFERENCES public.metric(id);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES public.environment(id);

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

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);

