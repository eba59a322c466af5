-- name: fold_due
-- for: fold
-- Where there is something to do: (consumer, slice, how long it rests after that), results first. Leans on
-- visitor_event_writer.
select consumer, slice, rest_ms from fold_due();

-- name: slice_step
-- for: fold
-- One step of the fold in slice $1, of about $2 rows: rows read, visitors worked out, whether more is waiting, whether
-- another session holds the slice's lock, whether the slice has gone over all units of something. Leans on
-- visitor_event_writer and visitor_event's primary key.
select row_count, visitor_count, is_more, is_held, is_swept from slice_step($1::int, $2::int);

-- name: fold_finish
-- for: fold
-- Says of what every slice has gone over that it is done. Reads sweep, which is small.
select fold_finish();

-- name: fold_trim
-- for: worker
-- Forgets what nobody needs any more: marks of late events, exposures whose phase never came, hours and refusals of
-- long ago.
select late_trim(), early_trim(), event_hour_trim(), refusal_trim(), foreign_trim();

-- name: look_close
-- for: worker
-- Stores looks of days that are over; returns of how many days. At most $1.
select look_close(now(), $1) as day_count;

-- name: event_hour_step
-- for: fold
-- The same for the consumer event_hours. Leans on visitor_event_writer.
select row_count, visitor_count, is_more, is_held, is_swept from event_hour_step($1::int, $2::int);
