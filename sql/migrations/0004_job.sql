-- Work that takes long and was asked for by somebody: a process of its own does it, one after the other, with
-- the advisory lock ('job', id) held as long as it lives.

create table job (
    id             int generated always as identity primary key,
    environment_id int not null references environment,
    kind           text not null,
    input          json not null,
    actor          text not null,                -- as in audit_log
    state          text not null default 'queued'
                   check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress       float8 not null default 0,    -- 0..1
    attempts       int not null default 0,       -- how often it was begun
    result         json,
    problem        text,                         -- of a failed one: a sentence
    created_at     timestamptz not null default now(),
    started_at     timestamptz,
    ended_at       timestamptz
);
create index job_environment on job (environment_id, id);
create index job_open on job (id) where state in ('queued', 'running');
