-- The tables of events: who writes them, what they are, which were refused.

-- Visitors and units are dealt out to so many slices by slice_of(): the first key of everything that is kept by
-- visitor or unit, so that work on one slice meets no other. Fixed when the first event is stored.
create table slicing (
    is_only boolean primary key default true check (is_only),
    count   int not null check (count between 1 and 1024)
);
create table slice (number int primary key);
insert into slicing (count) values (8);
insert into slice (number) select generate_series(0, 7);
analyze slice;

-- Who writes events: an edge or an importer leases a row by a session advisory lock, stamps its rows with
-- (writer, seq) and has one batch in flight, so that within a writer commit order is seq order.
create table writer (
    id         int generated always as identity primary key,
    created_at timestamptz not null default now()
) with (autovacuum_analyze_threshold = 1);

create table visitor_event (
    slice          int not null,                 -- slice_of(visitor_id)
    visitor_id     text collate "C" not null,
    event_id       uuid not null,
    day            date not null,                -- UTC day of the time inside event_id, or of ts as it was told
    environment_id int not null,
    name           text not null,
    ts             timestamptz not null,         -- when it happened, corrected by the sender's clock skew
    received_at    timestamptz not null default now(),
    properties     jsonb not null,
    marks          int not null default 0,       -- bits: 1 bot, 2 staff, 4 forced variant; left out of results
    writer         int not null,
    seq            bigint not null,
    primary key (slice, visitor_id, event_id, day, environment_id)
) partition by range (day);
create index visitor_event_writer on visitor_event (writer, slice, seq);

-- Up to which seq a writer has stored events in a slice, told by who stores them: what is unread is found without
-- looking into a day. Half the page is left free, so that an update finds room beside the row it replaces.
create table writer_head (
    slice  int not null,
    writer int not null,
    seq    bigint not null,
    primary key (slice, writer)
) with (fillfactor = 50, autovacuum_analyze_threshold = 1);

-- Where a writer stored events of more than two days ago: not before from_day, the last of them at seq.
create table late_event (
    slice    int not null,
    writer   int not null,
    from_day date not null,
    seq      bigint not null,
    primary key (slice, writer)
);

-- Who reads events, each at its own pace. A step costs the same whether it reads one event or a hundred: a slice
-- that has been read to its end is left alone for rest_ms, so that the next step finds more.
create table consumer (
    id      int primary key,
    name    text not null unique,
    rest_ms int not null check (rest_ms >= 0)
);
insert into consumer (id, name, rest_ms) values (1, 'results', 500), (2, 'event_hours', 2000);
analyze consumer;

-- How far a consumer has read a writer's rows of a slice, and from which day on the others are, late ones aside.
create table fold_cursor (
    consumer int not null,
    slice    int not null,
    writer   int not null,
    seq      bigint not null,
    from_day date not null,
    primary key (consumer, slice, writer)
);

-- Events by hour and name, of exposures those that name a variant there never was. What other tables do not
-- tell: whether a site sends what it should.
create table event_hour (
    slice              int not null,
    environment_id     int not null,
    day                date not null,            -- UTC, of ts
    hour               int not null,
    name               text not null,            -- of at most 200 a slice and day; the others are ''
    event_count        bigint not null,
    value_count        bigint not null,          -- with a number as value
    currency_count     bigint not null,
    unassigned_count   bigint not null,
    last_seen_at       timestamptz not null,     -- ts of the last
    site_seen_at       timestamptz,              -- when the last came that no simulation sent; null: none did
    primary key (slice, environment_id, day, name, hour)
);
create index event_hour_day on event_hour (environment_id, day);

-- How often events were not stored, by UTC day, reason (enum refusal of the model) and name. A row is one writer's:
-- two edges never wait for one another.
create table refusal (
    environment_id int not null,
    day            date not null,
    writer         int not null,
    reason         text not null,
    name           text not null,                -- of at most 50 a writer and day beside those measured; others are ''
    event_count    bigint not null,
    last_at        timestamptz not null,
    primary key (environment_id, day, writer, reason, name)
);

-- How often stored events were left out of results, by UTC day of their coming, reason and name: what the consumer
-- event_hours met. Reasons: bot, staff, forced (marks), duplicate_order, unassigned (an exposure to a variant there
-- never was); no_rate: the event counts, its money does not, since there was no rate of its currency.
create table omission (
    slice          int not null,
    environment_id int not null,
    day            date not null,
    reason         text not null,
    name           text not null,                -- as in event_hour
    event_count    bigint not null,
    last_at        timestamptz not null,
    primary key (slice, environment_id, day, reason, name)
);
create index omission_day on omission (environment_id, day);

-- What is looked at of an event that results may leave out.
create type omission_event as (
    visitor_id     text,
    environment_id int,
    event_id       uuid,
    day            date,
    name           text,
    ts             timestamptz,
    marks          int,
    order_id       text,                         -- of a purchase: its beginning
    is_unrated     boolean                       -- in a currency that had no rate
);

-- What currencies were worth, by UTC day: one unit of 'base' was 'rate' of the currency, and 'own_rate' of the
-- environment's; so money times own_rate / rate is its own. Both as they were told, exact.
create table currency_rate (
    environment_id int not null references environment,
    currency       text not null,
    day            date not null,
    base           text not null,
    rate           numeric not null check (rate > 0),
    own_rate       numeric not null check (own_rate > 0),
    primary key (environment_id, currency, day)
);

-- Who did something with money in another currency than the environment's, by UTC day of its ts: whom a rate that
-- comes later concerns. Those who read events by cursor for results write it.
create table foreign_event (
    slice          int not null,
    environment_id int not null,
    currency       text not null,
    day            date not null,
    visitor_id     text collate "C" not null,
    primary key (slice, environment_id, currency, visitor_id, day) -- as slices are gone over
);
create index foreign_event_day on foreign_event (environment_id, day, currency, visitor_id);

-- Rates have changed that concern events of these days: until the slice has gone over their visitors. Several rows of
-- one slice and currency are one piece of work: whoever puts rates in waits for nobody who works at a row.
create table rate_due (
    id             bigint generated always as identity primary key,
    slice          int not null,
    environment_id int not null,
    currency       text not null,
    from_day       date not null,
    to_day         date not null,
    done_to        text collate "C" not null     -- the last visitor that was gone over
);
create index rate_due_slice on rate_due (slice, environment_id, currency);

-- Some of the events that were not stored, for people to look at.
create table rejected_event (
    id             bigint generated always as identity primary key,
    environment_id int,
    received_at    timestamptz not null default now(),
    reason         text not null,
    name           text not null default '',
    visitor_id     text not null default '',
    detail         text not null default '',
    event          text not null
);
create index rejected_event_received on rejected_event (received_at);
create index rejected_event_kind on rejected_event (environment_id, reason, name, id);

-- The day before which events have been dropped: one row.
create table event_horizon (
    is_only  boolean primary key default true check (is_only),
    from_day date not null
);
