-- The tables of configuration. Names and words as in ARCHITECTURE.md. Migrations hold tables, indexes and data;
-- functions, views and triggers stand in their own folders and are made anew by each migrate.

-- The runtime role reads and writes rows and owns nothing; of all tables to come, too.
do $$
begin
    if exists (select from pg_roles where rolname = 'mete_runtime') then
        execute format('grant usage on schema %1$I to mete_runtime; '
                       'alter default privileges in schema %1$I '
                       'grant select, insert, update, delete on tables to mete_runtime', current_schema());
    end if;
end
$$;

-- Where people read by SQL: views, see sql/views/warehouse.sql.
create schema if not exists analyst;
comment on schema analyst is 'What people may read by SQL: see the comments of its views';

create table environment (
    id           int generated always as identity primary key,
    key          text not null unique,
    document     jsonb not null,               -- name, time_zone, currency, allowed_origins
    is_panic     boolean not null default false,
    -- signs preview links, see preview_token.h: 244 random bits, and nobody's to read
    preview_secret bytea not null default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
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
    provider_id   text unique,                 -- 'issuer subject' by whom they signed in; null: never did so
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

-- The second factor of who has one: codes by time (RFC 6238).
create table second_factor (
    user_id      int primary key references app_user,
    secret       bytea not null,               -- sealed by sealing_key, which no database holds
    step         bigint not null default 0,    -- of the code that was used last: none holds twice
    failed_count int not null default 0,       -- wrong codes since the last right one
    locked_until timestamptz,                  -- no code holds until then
    confirmed_at timestamptz,                  -- null: begun, and nobody is asked for it yet
    created_at   timestamptz not null default now()
);

-- What signs in once where the device is lost: 80 random bits each, never stored themselves.
create table recovery_code (
    user_id     int not null references second_factor on delete cascade,
    code_sha256 bytea not null,
    used_at     timestamptz,
    primary key (user_id, code_sha256)
);

-- Where a user who is no admin has another role than app_user.role; 'none': the environment is closed.
create table environment_role (
    user_id        int not null references app_user,
    environment_id int not null references environment,
    role           text not null check (role in ('none', 'viewer', 'editor', 'publisher')),
    primary key (user_id, environment_id)
);

create table access_key (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    kind           text not null check (kind in ('client', 'secret')),
    name           text not null,
    role           text not null check (role in ('client', 'viewer', 'editor', 'publisher', 'admin')),
    scopes         text[] not null default '{}', -- 'events': may send events; 'backfill': of past days, too
    token          text,                         -- client keys only: they are public
    token_sha256   bytea not null unique,
    token_hint     text not null,                -- the last characters, to recognise it in a list
    version        int not null default 1,       -- the ETag
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
    import_id      int,                          -- the import that made it, until a person changes it
    unique (environment_id, key, number)
);
create unique index metric_current on metric (environment_id, key) where is_current;
create index metric_import on metric (import_id) where import_id is not null;

create table layer (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    key            text not null,
    seed           text not null default gen_random_uuid(),
    document       jsonb not null,               -- name
    version        int not null default 1,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    archived_at    timestamptz,
    unique (environment_id, key)
);

-- What results are broken down by; a phase holds those of its campaign's start.
create table dimension (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    key            text not null,
    is_builtin     boolean not null default false,
    document       jsonb not null,               -- name, source, kind, values, rest
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
    preview_generation int not null default 0,   -- links of earlier ones show nothing any more
    version        int not null default 1,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    started_at     timestamptz,
    stopped_at     timestamptz,
    origin_id      int unique references campaign, -- of a rollout: the experiment whose winner it is
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
    primary key (campaign_id, number)
);

-- The weights of a phase's variants, from a day of the environment's time zone on. An experiment has one
-- experience, whose key is empty. A phase without rows has the weights of its document, as number 1.
create table allocation (
    campaign_id int not null,
    phase       int not null,
    experience  text not null default '',
    number      int not null check (number >= 1),
    from_day    date not null,
    weights     jsonb not null,                  -- {variant: weight}
    primary key (campaign_id, phase, experience, number)
);

-- Which metric definitions a campaign is measured by. 'is_computed' turns true when the fold has gone over
-- the events that were there before; until then results say "computing".
create table campaign_metric (
    campaign_id int not null references campaign,
    metric_id   int not null references metric,
    role        text not null default 'secondary' check (role in ('primary', 'secondary', 'guardrail')),
    position    int not null default 0,
    is_computed boolean not null default false,
    primary key (campaign_id, metric_id)
);

-- A file of a past experiment that was read in. It makes a campaign of its own, whose only visitors are its own:
-- their ids begin with 'import/<id>/'. Taken back, campaign and events go, and the row stays as a record.
create table import (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    campaign       text not null,                -- key of its campaign,
    campaign_id    int unique references campaign, -- which is there until it is taken back
    document       jsonb not null,               -- file_name, file_sha256, mapping, rows, events, …: as it was told
    actor          text not null,                -- as in audit_log
    state          text not null default 'sending' check (state in ('sending', 'done', 'leaving', 'gone')),
    has_totals     boolean not null default false, -- import_total holds it, and no events do
    variants       jsonb,                        -- {variant: visitors} when it was taken back
    version        int not null default 1,       -- the ETag
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now()
);
create index import_environment on import (environment_id, id);

-- What an import told of a day and variant where it had totals, and not visitors. Sums in units, as they were told:
-- {metric key: {sum, squares}}.
create table import_total (
    import_id   int not null references import,
    day         date not null,
    variant     text not null,
    units       bigint not null,
    sums        jsonb not null,
    primary key (import_id, day, variant)
);

-- What the edges decide from: of each environment one document, compiled in the transaction of the change it
-- follows. Versions are counted over all environments.
create table snapshot (
    environment_id int primary key,
    version        bigint generated always as identity unique,
    document       text not null,
    sha256         text not null,
    created_at     timestamptz not null default now()
);

-- What it was before: each row is what has to be put back into the version after it to have this one again.
create table snapshot_history (
    environment_id int not null,
    version        bigint not null,
    sha256         text not null,
    difference     jsonb not null,
    created_at     timestamptz not null,
    primary key (environment_id, version)
);

-- Environments that a transaction has to compile before it commits. A row lives as long as the transaction.
create unlogged table snapshot_due (
    transaction    xid8 not null,
    environment_id int not null,
    primary key (transaction, environment_id)
);

-- Links that show a campaign's results to whoever has one: the token itself is never stored.
create table share (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    campaign_id    int not null references campaign on delete cascade,
    token_sha256   bytea not null unique,
    token_hint     text not null,                -- the last characters, to recognise it in a list
    document       jsonb not null,               -- name, campaign, days
    actor          text not null,                -- as in audit_log
    version        int not null default 1,       -- the ETag
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    expires_at     timestamptz not null,
    revoked_at     timestamptz
);
create index share_environment on share (environment_id, id);
create index share_campaign on share (campaign_id);

create table audit_log (
    id             bigint generated always as identity primary key,
    at             timestamptz not null default now(),
    actor          text not null,                -- 'key:<id>', 'user:<id>' or 'system'
    environment_id int,
    action         text not null,                -- 'campaign.create', 'campaign.start', …
    resource       text not null,                -- the key of what was changed
    before         jsonb,
    after          jsonb,
    -- a refusal or a reading, and no change: kept for a while alone
    is_note        boolean not null default false
);
create index audit_log_note on audit_log (at) where is_note;
create index audit_log_time on audit_log (environment_id, at, id);
create index audit_log_environment on audit_log (environment_id, id);
