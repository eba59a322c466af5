-- What backup and restore ask of the catalogs: tables are found there, so that none can be forgotten.

-- name: backup_tables
-- for: tool
-- Every table but the record of what migrate did, those first that others refer to: (name, columns with commas
-- between, about how many rows). Reads the catalogs.
with recursive mine as (
    select oid, relname from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
          and relname not in ('schema_migration', 'schema_routines', 'schema_object')
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                          and d.objid = pg_class.oid and d.deptype = 'e')),
place (oid, depth) as (
    select oid, 0 from mine
    union
    select c.conrelid, p.depth + 1
    from place p join pg_constraint c on c.confrelid = p.oid and c.contype = 'f' and c.conrelid <> p.oid)
select m.relname as name,
       (select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a
        where a.attrelid = m.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       (select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint from pg_class c
        where c.oid = m.oid or c.oid in (select inhrelid from pg_inherits where inhparent = m.oid)) as row_count
from mine m
order by (select max(depth) from place p where p.oid = m.oid), m.relname;

-- name: backup_days
-- for: tool
-- The days that have a partition for their events. Reads the catalogs.
select to_char(to_date(substr(c.relname, 15), 'YYYYMMDD'), 'YYYY-MM-DD') as day
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'visitor_event'::regclass order by 1;

-- name: backup_sequences
-- for: tool
-- Where the sequences stand: (name, value, whether it was given out). Sequences that may not be read are an
-- error: they would begin again. Reads the catalogs.
select s.sequencename as name,
       case when has_sequence_privilege(format('%I.%I', s.schemaname, s.sequencename), 'select')
            then coalesce(s.last_value, s.start_value) end as value,
       s.last_value is not null as is_called
from pg_sequences s where s.schemaname = current_schema() order by 1;

-- name: restore_is_empty
-- for: tool
-- Whether there is nothing in the database yet but what extensions made. Reads the catalogs.
select not exists (select from pg_class c where c.relnamespace = current_schema()::regnamespace
                   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                                   and d.objid = c.oid and d.deptype = 'e')) as is_empty;

-- name: restore_sequence
-- for: tool
-- Puts the sequence $1 where it stood. Reads the catalogs.
select setval(format('%I.%I', current_schema(), $1::text)::regclass, $2::bigint, $3::boolean);

-- name: restore_forget_access
-- for: tool
-- Forgets all sessions, share and one-time links: one that ended since the backup would open doors again. Small tables.
with sessions as (delete from session),
shares as (delete from share)
delete from login_link;

-- name: restore_renew_previews
-- for: tool
-- Ends all preview links, for the same reason; snapshots follow by their triggers, which come with the routines. One
-- small table.
update environment set preview_secret = preview_secret_new() where archived_at is null;
