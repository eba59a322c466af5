-- The tables that the fold and the jobs of results write.

-- Keys of units: the unit is a visitor. Experience is '' where a campaign has but one, as experiments do.

-- Units that go over their environment's limit of events in a campaign, since they are no persons: no result counts
-- them.
create table overflow (
    slice       int not null,
    unit_id     text collate "C" not null,
    campaign_id int not null,
    phase       int not null,
    experience  text not null default '',
    primary key (slice, unit_id, campaign_id, phase, experience)
);
create index overflow_campaign on overflow (campaign_id, phase);

-- Visitors whom somebody took out of an environment's results: nothing of theirs counts, past or to come. Their events
-- stay.
create table excluded_visitor (
    slice          int not null,
    visitor_id     text collate "C" not null,
    environment_id int not null,
    reason         text not null,
    actor          text not null,                -- as in audit_log
    excluded_at    timestamptz not null default now(),
    primary key (slice, visitor_id, environment_id)
);
create index excluded_visitor_environment on excluded_visitor (environment_id);

-- Visitors that were taken out or in again, until the fold has worked them out anew.
create table exclusion_due (
    slice          int not null,
    visitor_id     text collate "C" not null,
    environment_id int not null,
    marked_at      timestamptz not null default now(),
    primary key (slice, environment_id, visitor_id)
);

-- What would be exposures of these visitors: nothing is computed of it but how many they are.
create table excluded_exposure (
    slice       int not null,
    unit_id     text collate "C" not null,
    campaign_id int not null,
    phase       int not null,
    experience  text not null,
    event_id    uuid not null,                   -- of the first
    exposed_at  timestamptz not null,
    primary key (slice, unit_id, campaign_id, phase, experience)
);
create index excluded_exposure_campaign on excluded_exposure (campaign_id, phase);

-- What is gone over, unit by unit: a phase that has ended (metric_id 0), or a new metric of a campaign (phase 0).
-- When every slice is done, phase.is_settled or campaign_metric.is_computed says so instead.
create table sweep (
    slice       int not null,
    campaign_id int not null,
    phase       int not null,
    metric_id   int not null,
    done_to     text collate "C" not null,       -- the last unit that was gone over
    is_done     boolean not null,
    primary key (slice, campaign_id, phase, metric_id)
);

-- Metrics that campaigns are measured by no more: what was computed for them goes.
create table gone_metric (
    slice       int not null,
    campaign_id int not null,
    metric_id   int not null,
    primary key (slice, campaign_id, metric_id)
);

-- Imports that were taken back, until the slice holds nothing of them any more. Events before from_day are gone
-- already; null: what was computed of them is still there.
create table import_removal (
    slice       int not null,
    import_id   int not null,
    campaign_id int not null,
    from_day    date,
    primary key (slice, import_id)
);

-- Exposures that were read before their phase was there; the fold comes back to them when it is.
create table early_exposure (
    slice          int not null,
    visitor_id     text collate "C" not null,
    environment_id int not null,
    campaign       text not null,
    phase          int not null,
    ts             timestamptz not null,         -- of the first such exposure
    kept_at        timestamptz not null default now(),
    primary key (slice, visitor_id, environment_id, campaign, phase)
);

-- The first exposure of a unit in a phase, and what is frozen there.
create table exposure (
    slice        int not null,                   -- slice_of(unit_id)
    unit_id      text collate "C" not null,
    campaign_id  int not null,
    phase        int not null,
    experience   text not null default '',
    variant      text not null,                  -- of the first exposure: crossovers count there
    allocation   int not null default 1,         -- the number of the weights it was drawn with
    is_crossover boolean not null,
    event_id     uuid not null,                  -- of the first exposure
    exposed_at   timestamptz not null,
    cohort_day   date not null,                  -- of exposed_at in the environment's time zone
    dimensions   jsonb not null,                 -- {"device":…, "country":…, "visitor_type":…}
    has_past     boolean not null,               -- anything was seen of the visitor in the pre-period
    primary key (slice, unit_id, campaign_id, phase, experience)
);
create index exposure_campaign on exposure (campaign_id, slice, unit_id);

-- What an exposed unit did, and had done in the pre-period before its exposure, for each metric on which any of
-- this is not zero; fixed-point integers (minor units of the currency for money, 1e-6 for other sums, 1 for
-- counts).
create table outcome (
    slice           int not null,
    unit_id         text collate "C" not null,
    campaign_id     int not null,
    phase           int not null,
    experience      text not null default '',
    metric_id       int not null,
    numerator       numeric not null,
    denominator     numeric not null,
    pre_numerator   numeric not null,            -- the covariates: known before the unit was treated
    pre_denominator numeric not null,
    invalid_count   int not null default 0,      -- events that were left out: their numbers are out of bounds
    unrated_count   int not null default 0,      -- events whose money was: its currency had no rate
    primary key (slice, unit_id, campaign_id, phase, experience, metric_id)
);
create index outcome_campaign on outcome (campaign_id, metric_id);

-- Units by cohort day and dimension value; dimension 'all' has value ''. Missing are those without a past; those
-- of overflow are not among the units. Each slice has its own rows: results add them up.
create table cohort (
    slice           int not null,
    campaign_id     int not null,
    phase           int not null,
    experience      text not null default '',
    variant         text not null,
    cohort_day      date not null,
    dimension       text not null,
    value           text not null,
    unit_count      bigint not null,
    crossover_count bigint not null,
    missing_count   bigint not null,
    overflow_count  bigint not null default 0,
    primary key (slice, campaign_id, phase, experience, variant, cohort_day, dimension, value)
) with (fillfactor = 50); -- steps update its rows: new versions stay in their page, and out of indexes
create index cohort_campaign on cohort (campaign_id, phase, dimension);

-- Exact sums over the units of a cohort; units without an outcome are zeros, their number is in cohort. n and d
-- are numerator and denominator, x and y what these were before the exposure, m is 1 for a unit without a past
-- and 0 for the others: Σm and Σmm are in cohort, Σxm and Σym are 0. Null: not known, of what was imported as totals.
create table moment (
    slice         int not null,
    campaign_id   int not null,
    phase         int not null,
    experience    text not null default '',
    variant       text not null,
    metric_id     int not null,
    cohort_day    date not null,
    dimension     text not null,
    value         text not null,
    nonzero_count bigint not null,               -- units with an outcome row
    sum_n         numeric not null,              -- Σ numerator
    sum_d         numeric not null,              -- Σ denominator
    sum_nn        numeric,
    sum_nd        numeric,
    sum_dd        numeric,
    sum_nnn       numeric,
    sum_x         numeric,
    sum_y         numeric,
    sum_xx        numeric,
    sum_xy        numeric,
    sum_yy        numeric,
    sum_nx        numeric,
    sum_ny        numeric,
    sum_dx        numeric,
    sum_dy        numeric,
    sum_nm        numeric,
    sum_dm        numeric,
    invalid_count bigint not null default 0,     -- events that were left out
    unrated_count bigint not null default 0,     -- events whose money was, without a rate
    primary key (slice, campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value)
) with (fillfactor = 50); -- steps update its rows: new versions stay in their page, and out of indexes
create index moment_campaign on moment (campaign_id, phase, dimension, metric_id);

-- What was known when a day closed; never rewritten. metric_id 0 carries the units alone.
create table look (
    campaign_id int not null,
    phase       int not null,
    experience  text not null default '',
    day         date not null,
    variant     text not null,
    metric_id   int not null,
    as_of       timestamptz not null default now(),
    unit_count  bigint not null,
    sum_n       numeric not null,
    sum_d       numeric not null,
    sum_nn      numeric,
    sum_nd      numeric,
    sum_dd      numeric,
    primary key (campaign_id, phase, experience, day, variant, metric_id)
);

-- What sums cannot tell: quantiles, capped sums and ranks need the values of all units. A job works them out
-- from outcome now and then.
create table distribution (
    campaign_id int not null,
    phase       int not null,
    experience  text not null default '',
    metric_id   int not null,
    as_of       timestamptz not null default now(),
    state       text not null,                   -- of the sums it was made at: says whether data changed since
    document    jsonb not null,
    primary key (campaign_id, phase, experience, metric_id)
);

-- Units that met two campaigns: how they came out, by the variants of both. Moments cannot tell, since they know
-- one campaign each. A job joins exposure with itself, by visitor, now and then; results read what it stored.
create table overlap (
    campaign_id int not null,
    phase       int not null,
    experience  text not null default '',
    as_of       timestamptz not null default now(),
    state       text not null,                   -- of what it was made from: says whether data changed since
    document    jsonb not null,                  -- see overlap_of
    primary key (campaign_id, phase, experience)
);

-- What units did on each day since their exposure. Moments cannot tell, since they know no times. A job goes over the
-- events of some units now and then; results read what it stored.
create table since_exposure (
    campaign_id int not null,
    phase       int not null,
    experience  text not null default '',
    as_of       timestamptz not null default now(),
    state       text not null,                   -- of what it was made from: says whether data changed since
    document    jsonb not null,                  -- see since_exposure_of
    primary key (campaign_id, phase, experience)
);

-- What the fold works with inside one statement after the other. An event that was read:
create type fold_event as (
    visitor_id     text,
    environment_id int,
    event_id       uuid,
    name           text,
    ts             timestamptz,
    marks          int,
    campaign       text,                         -- of an exposure, as are the next
    phase          numeric,
    experience     text,
    variant        text,
    currency       text                          -- that it names
);

-- What one event of a unit tells one part of a metric: see outcome_line.
create type outcome_line as (
    unit_id     text,
    campaign_id int,
    phase       int,
    experience  text,
    metric_id   int,
    side        text,
    kind        text,
    cap         numeric,
    is_pre      boolean,
    order_key   text,
    is_refund   boolean,
    amount      numeric,
    is_invalid  boolean,
    is_unrated  boolean,
    age         int                              -- whole days since the exposure; null where it is_pre
);
