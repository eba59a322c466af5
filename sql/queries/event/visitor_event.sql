-- name: event_insert
-- for: edge
-- Stores a batch by writer $10, whose rows are numbered from $11 on, sorted by key so that overlapping batches of
-- several writers cannot deadlock. Returns the seq of each row that was not there before. Says up to which seq the
-- writer has stored rows of each slice, and marks rows of old days. Leans on the primary keys.
with stored as (
    insert into visitor_event
        (slice, visitor_id, event_id, day, environment_id, name, ts, properties, marks, writer, seq)
    select slice, visitor_id, event_id, day, environment_id, name, ts, properties, marks, $10::int, $11::bigint + place
    from unnest($1::int[], $2::text[], $3::uuid[], $4::date[], $5::int[], $6::text[], $7::timestamptz[], $8::jsonb[],
                $9::int[])
         with ordinality as r(slice, visitor_id, event_id, day, environment_id, name, ts, properties, marks, place)
    order by slice, visitor_id collate "C", event_id, day, environment_id
    on conflict do nothing
    returning slice, day, seq
),
head as (
    insert into writer_head (slice, writer, seq)
    select slice, $10::int, max(seq) from stored group by slice order by slice
    on conflict (slice, writer) do update set seq = greatest(writer_head.seq, excluded.seq)
),
late as (
    insert into late_event (slice, writer, from_day, seq)
    select slice, $10::int, min(day), max(seq) from stored
    where day < (now() at time zone 'UTC')::date - 2
    group by slice order by slice
    on conflict (slice, writer) do update
    set from_day = least(late_event.from_day, excluded.from_day), seq = greatest(late_event.seq, excluded.seq)
)
select seq from stored;

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
select event_forget($1::int) as day;

-- name: event_reject
-- for: edge
-- Keeps the beginnings of events that rules or the database refused: environments, reasons, names, visitors, sentences,
-- texts.
insert into rejected_event (environment_id, reason, name, visitor_id, detail, event)
select environment_id, reason, name, visitor_id, left(detail, 1000), left(event, 1100)
from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     as r(environment_id, reason, name, visitor_id, detail, event);

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
-- The writer this session owns from now on, its last used seq, and the number of slices.
select ret_writer as writer, ret_seq as seq, ret_slices as slices from writer_lease();
