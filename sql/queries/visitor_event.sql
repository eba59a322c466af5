-- name: event_insert
-- for: edge
-- Stores a batch, sorted by key so that overlapping batches of several writers cannot deadlock. Returns
-- the seq of each row that was not there before. Leans on the primary key.
insert into visitor_event (visitor_id, event_id, day, environment_id, name, ts, properties, marks, writer, seq)
select visitor_id, event_id, day, environment_id, name, ts, properties, marks, $9::int, $10::bigint + place
from unnest($1::text[], $2::uuid[], $3::date[], $4::int[], $5::text[], $6::timestamptz[], $7::jsonb[], $8::int[])
     with ordinality as r(visitor_id, event_id, day, environment_id, name, ts, properties, marks, place)
order by visitor_id collate "C", event_id, day, environment_id
on conflict do nothing
returning seq;

-- name: event_partitions
-- for: edge worker
-- Makes the partitions of the given days where they are missing, so many at once as surely take less than a
-- timeout (each takes the longer the more there are); a row for each. Leans on pg_class_relname_nsp_index.
select visitor_event_partition(day)
from (select day from unnest($1::date[]) as wanted(day)
      where to_regclass('visitor_event_' || to_char(day, 'YYYYMMDD')) is null limit 30) missing;

-- name: event_forget
-- for: worker
-- Drops the oldest partition of events, when it is older than $1 days and nothing needs it: its day, or null.
-- Reads the catalogs; leans on visitor_event_writer.
select event_forget($1::int);

-- name: event_reject
-- for: edge
-- Keeps an event that the database refused, with its reason.
insert into rejected_event (environment_id, reason, event) values ($1::int, $2, $3);

-- name: event_reject_trim
-- for: worker
-- Forgets refused events after 30 days, and all but the newest 10,000 of an environment. Leans on
-- rejected_event_received; the second part reads the table, which it keeps small.
delete from rejected_event r
where r.received_at < now() - interval '30 days'
   or r.id in (select id
               from (select id, row_number() over (partition by environment_id order by id desc) as place
                     from rejected_event) numbered
               where place > 10000);

-- name: writer_lease
-- for: edge
-- The writer this session owns from now on, and its last used seq.
select ret_writer, ret_seq from writer_lease();
