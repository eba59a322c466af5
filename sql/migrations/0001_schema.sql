-- The tables of configuration, events and results. Names and words as in ARCHITECTURE.md.
-- Tables keyed by visitor begin their primary key with visitor_id, so that they can be distributed by it;
-- all others are small.

-- Configuration ---------------------------------------------------------------------------------------

create table environment (
    id           int generated always as identity primary key,
    key          text not null unique,
    document     jsonb not null,               -- name, time_zone, currency, allowed_origins
    is_panic     boolean not null default false,
    version      int not null default 1,       -- the ETag
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    archived_at  timestamptz
);

create table app_user (
    id            int generated always as identity primary key,
    email         text not null unique,        -- in lower case
    role          text not null check (role in ('viewer', 'editor', 'publisher', 'admin')),
    password_hash text,                        -- argon2id with its parameters; null: none was set
    version       int not null default 1,      -- the ETag
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    disabled_at   timestamptz
);

-- One-time links: the token itself is never stored.
create table login_link (
    token_sha256 bytea primary key,
    user_id      int not null references app_user,
    expires_at   timestamptz not null,
    used_at      timestamptz
);

create table session (
    token_sha256 bytea primary key,
    id           int generated always as identity unique, -- what its owner calls it
    user_id      int not null references app_user,
    agent        text not null,                -- browser and system in two words; no address is kept
    created_at   timestamptz not null default now(),
    seen_at      timestamptz not null default now(), -- within a minute
    expires_at   timestamptz not null
);
create index session_of_user on session (user_id);

create table access_key (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    kind           text not null check (kind in ('client', 'secret')),
    name           text not null,
    role           text not null check (role in ('client', 'viewer', 'editor', 'publisher', 'admin')),
    scopes         text[] not null default '{}', -- 'backfill': may send events of past days
    token          text,                         -- client keys only: they are public
    token_sha256   bytea not null unique,
    token_hint     text not null,                -- the last characters, to recognise it in a list
    created_at     timestamptz not null default now(),
    revoked_at     timestamptz
);

create table flag (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    key            text not null,
    document       jsonb not null,               -- type, default, description
    version        int not null default 1,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    archived_at    timestamptz,
    unique (environment_id, key)
);

-- 'definition' is what results are computed from, compiled from the document. A change of it makes a new
-- row (same key, next number), so that an outcome always belongs to one definition.
create table metric (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    key            text not null,
    number         int not null default 1,
    is_current     boolean not null default true,
    is_builtin     boolean not null default false,
    document       jsonb not null,
    definition     jsonb not null,
    version        int not null default 1,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    archived_at    timestamptz,
    unique (environment_id, key, number)
);
create unique index metric_current on metric (environment_id, key) where is_current;

create table layer (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    key            text not null,
    seed           text not null,
    document       jsonb not null,               -- name
    version        int not null default 1,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    archived_at    timestamptz,
    unique (environment_id, key)
);

create table campaign (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    key            text not null,
    kind           text not null check (kind in ('experiment', 'rollout', 'personalization', 'holdout')),
    status         text not null default 'draft'
                   check (status in ('draft', 'running', 'paused', 'stopped', 'archived')),
    document       jsonb not null,               -- as the admin API shows it, without status and phases
    phase          int not null default 0,       -- number of the newest phase; 0: never started
    version        int not null default 1,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    started_at     timestamptz,
    stopped_at     timestamptz,
    unique (environment_id, key)
);
create index campaign_running on campaign (environment_id) where status = 'running';

-- The buckets [from_bucket, to_bucket) of a layer that a started campaign owns; given back when it stops.
create table layer_range (
    layer_id    int not null references layer,
    campaign_id int not null references campaign,
    from_bucket int not null check (from_bucket >= 0),
    to_bucket   int not null check (to_bucket <= 10000 and to_bucket > from_bucket),
    primary key (layer_id, from_bucket)
);

create table phase (
    campaign_id int not null references campaign,
    number      int not null,
    seed        text not null,
    document    jsonb not null,                  -- audience, variants with weights and flags, as served
    started_at  timestamptz not null default now(),
    ended_at    timestamptz,                     -- events from then on count for no unit of this phase
    is_settled  boolean not null default false,  -- the fold has taken ended_at into account
    settled_to  text collate "C" not null default '', -- up to this visitor_id, while it is at it
    primary key (campaign_id, number)
);

-- Which metric definitions a campaign is measured by. 'is_computed' turns true when the fold has gone over
-- the events that were there before; until then results say "computing".
create table campaign_metric (
    campaign_id int not null references campaign,
    metric_id   int not null references metric,
    role        text not null default 'secondary' check (role in ('primary', 'secondary', 'guardrail')),
    position    int not null default 0,
    is_computed boolean not null default false,
    computed_to text collate "C" not null default '', -- up to this visitor_id, while the fold is at it
    primary key (campaign_id, metric_id)
);

-- What the edges decide from: one document, compiled in the transaction of the change it follows.
create table snapshot (
    version    bigint generated always as identity primary key,
    document   text not null,
    sha256     text not null,
    created_at timestamptz not null default now()
);

create table audit_log (
    id             bigint generated always as identity primary key,
    at             timestamptz not null default now(),
    actor          text not null,                -- 'key:<id>', 'user:<id>' or 'system'
    environment_id int,
    action         text not null,                -- 'campaign.create', 'campaign.start', …
    resource       text not null,                -- the key of what was changed
    before         jsonb,
    after          jsonb
);
create index audit_log_resource on audit_log (environment_id, resource, id);

-- Events ----------------------------------------------------------------------------------------------

-- Who writes events: an edge or an importer leases a row by a session advisory lock, stamps its rows with
-- (writer, seq) and has one batch in flight, so that within a writer commit order is seq order.
create table writer (
    id         int generated always as identity primary key,
    created_at timestamptz not null default now()
);

create table visitor_event (
    visitor_id     text collate "C" not null,
    event_id       uuid not null,
    day            date not null,                -- UTC day of the time inside event_id
    environment_id int not null,
    name           text not null,
    ts             timestamptz not null,         -- when it happened, corrected by the sender's clock skew
    received_at    timestamptz not null default now(),
    properties     jsonb not null,
    marks          int not null default 0,       -- bits: 1 bot, 2 staff, 4 forced variant; left out of results
    writer         int not null,
    seq            bigint not null,
    primary key (visitor_id, event_id, day, environment_id)
) partition by range (day);
create index visitor_event_writer on visitor_event (writer, seq);

-- Makes the partition of a day, if it is not there. The runtime role may call it, but create nothing else.
-- A table that is attached when it is complete: 'partition of' would lock out readers and writers of all
-- days, and queue them behind the longest running reader.
create function visitor_event_partition(wanted date) returns void
    language plpgsql security definer as $$
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

-- It runs with its owner's rights: temporary tables of the caller are looked at last.
do $$
begin
    execute format('alter function visitor_event_partition(date) set search_path = %I, pg_temp',
                   current_schema());
end
$$;

-- Leases a writer to this session for as long as it lives: the first one nobody holds, else a new one.
-- A session that died in the middle of a commit holds its writer until PostgreSQL has ended it, so that no
-- row of an old batch can appear behind the cursor of a reader. Returns the writer and the last used seq.
create function writer_lease(out ret_writer int, out ret_seq bigint)
    language plpgsql as $$
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

create table rejected_event (
    id             bigint generated always as identity primary key,
    environment_id int,
    received_at    timestamptz not null default now(),
    reason         text not null,
    event          text not null
);
create index rejected_event_received on rejected_event (received_at);

-- Results ---------------------------------------------------------------------------------------------

-- How far the fold has read each writer's rows.
create table fold_cursor (
    writer int primary key,
    seq    bigint not null
);

-- Exposures that were read before their phase was there; the fold comes back to them when it is.
create table early_exposure (
    visitor_id     text collate "C" not null,
    environment_id int not null,
    campaign       text not null,
    phase          int not null,
    ts             timestamptz not null,         -- of the first such exposure
    primary key (visitor_id, environment_id, campaign, phase)
);
create index early_exposure_phase on early_exposure (environment_id, campaign, phase);

-- The first exposure of a unit in a phase, and what is frozen there.
create table exposure (
    visitor_id   text collate "C" not null,
    campaign_id  int not null,
    phase        int not null,
    variant      text not null,                  -- of the first exposure: crossovers count there
    is_crossover boolean not null,
    event_id     uuid not null,                  -- of the first exposure
    exposed_at   timestamptz not null,
    cohort_day   date not null,                  -- of exposed_at in the environment's time zone
    dimensions   jsonb not null,                 -- {"device":…, "country":…, "visitor_type":…}
    has_past     boolean not null,               -- anything was seen of the visitor in the pre-period
    primary key (visitor_id, campaign_id, phase)
);
create index exposure_campaign on exposure (campaign_id, visitor_id);

-- What an exposed unit did, and had done in the pre-period before its exposure, for each metric on which any of
-- this is not zero; fixed-point integers (minor units of the currency for money, 1e-6 for other sums, 1 for
-- counts).
create table outcome (
    visitor_id      text collate "C" not null,
    campaign_id     int not null,
    phase           int not null,
    metric_id       int not null,
    numerator       numeric not null,
    denominator     numeric not null,
    pre_numerator   numeric not null,            -- the covariates: known before the unit was treated
    pre_denominator numeric not null,
    primary key (visitor_id, campaign_id, phase, metric_id)
);
create index outcome_campaign on outcome (campaign_id, metric_id);

-- Units by cohort day and dimension value; dimension 'all' has value ''. Missing are those without a past.
create table cohort (
    campaign_id     int not null,
    phase           int not null,
    variant         text not null,
    cohort_day      date not null,
    dimension       text not null,
    value           text not null,
    unit_count      bigint not null,
    crossover_count bigint not null,
    missing_count   bigint not null,
    primary key (campaign_id, phase, variant, cohort_day, dimension, value)
);

-- Exact sums over the units of a cohort; units without an outcome are zeros, their number is in cohort. n and d
-- are numerator and denominator, x and y what these were before the exposure, m is 1 for a unit without a past
-- and 0 for the others: Σm and Σmm are in cohort, Σxm and Σym are 0.
create table moment (
    campaign_id   int not null,
    phase         int not null,
    variant       text not null,
    metric_id     int not null,
    cohort_day    date not null,
    dimension     text not null,
    value         text not null,
    nonzero_count bigint not null,               -- units with an outcome row
    sum_n         numeric not null,              -- Σ numerator
    sum_d         numeric not null,              -- Σ denominator
    sum_nn        numeric not null,
    sum_nd        numeric not null,
    sum_dd        numeric not null,
    sum_nnn       numeric not null,
    sum_x         numeric not null,
    sum_y         numeric not null,
    sum_xx        numeric not null,
    sum_xy        numeric not null,
    sum_yy        numeric not null,
    sum_nx        numeric not null,
    sum_ny        numeric not null,
    sum_dx        numeric not null,
    sum_dy        numeric not null,
    sum_nm        numeric not null,
    sum_dm        numeric not null,
    primary key (campaign_id, phase, variant, metric_id, cohort_day, dimension, value)
);

-- What was known when a day closed; never rewritten. metric_id 0 carries the units alone.
create table look (
    campaign_id int not null,
    phase       int not null,
    day         date not null,
    variant     text not null,
    metric_id   int not null,
    as_of       timestamptz not null default now(),
    unit_count  bigint not null,
    sum_n       numeric not null,
    sum_d       numeric not null,
    sum_nn      numeric not null,
    sum_nd      numeric not null,
    sum_dd      numeric not null,
    primary key (campaign_id, phase, day, variant, metric_id)
);

-- The runtime role reads and writes rows and owns nothing.
do $$
begin
    if exists (select from pg_roles where rolname = 'mete_runtime') then
        execute format('grant usage on schema %I to mete_runtime', current_schema());
        grant select, insert, update, delete on all tables in schema public to mete_runtime;
        alter default privileges in schema public
            grant select, insert, update, delete on tables to mete_runtime;
    end if;
end
$$;
