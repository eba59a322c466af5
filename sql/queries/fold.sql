-- name: fold_step
-- for: worker
-- One step of the fold: rows read, visitors worked out, whether more is waiting, whether another session
-- holds the fold's lock. Leans on visitor_event_writer and visitor_event's primary key.
select row_count, visitor_count, is_more, is_held from fold_step($1);

-- name: fold_tidy
-- for: worker
-- Takes out what was computed for metrics that campaigns are measured by no more.
select fold_tidy();

-- name: look_close
-- for: worker
-- Stores looks of days that are over; returns of how many days. At most $1.
select look_close(now(), $1);
