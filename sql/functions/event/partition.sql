-- The partitions of visitor_event, one for each day.

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
