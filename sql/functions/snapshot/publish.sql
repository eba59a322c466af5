-- Snapshots are published at the end of every transaction that changes what they show: no writer can forget it,
-- and a change and its snapshot are committed together. Each statement only marks the environments that it
-- touched (snapshot_mark); the first mark's deferred trigger compiles each of them once (snapshot_publish).

-- How many versions of an environment are kept beside the newest.
create function snapshot_history_rows() returns int language sql immutable as 'select 1000';

create function snapshot_forget(environment int) returns void language sql as $$
    delete from snapshot_history
    where environment_id = environment
      and version <= (select version from snapshot_history where environment_id = environment
                      order by version desc offset snapshot_history_rows() limit 1)
$$;

-- An archived environment has none: edges that know it are told version 0.
create function snapshot_withdraw(environment int) returns void language plpgsql as $$
begin
    delete from snapshot_history where environment_id = environment;
    delete from snapshot where environment_id = environment;
    if found then
        perform pg_notify('mete_snapshot', environment || ' 0');
    end if;
end
$$;

create function snapshot_put(environment int, fresh jsonb) returns void language plpgsql as $$
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

-- The lock makes two transactions that changed one environment compile one after the other, so that the later
-- document holds both changes.
create function snapshot_compile(environment int) returns void language plpgsql as $$
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

-- Compiles what the transaction has marked, all of it at the first mark, in one order for everybody: two
-- transactions that changed the same two environments cannot wait for each other.
create function snapshot_publish() returns trigger language plpgsql as $$
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

-- Its argument: a query for the environments of the rows that a statement has 'changed'.
create function snapshot_mark() returns trigger language plpgsql as $$
begin
    execute format('insert into snapshot_due (transaction, environment_id) '
                   'select distinct pg_current_xact_id(), environment_id from (%s) of_rows '
                   'where environment_id is not null on conflict do nothing', tg_argv[0]);
    return null;
end
$$;
