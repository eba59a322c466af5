-- name: snapshot_versions
-- for: edge
-- Which environments there are, and the version of each one's newest snapshot: (environment, version). Edges ask for
-- it every few seconds, in case a notification was lost. Reads the whole table, a row an environment.
select environment_id, version from snapshot;

-- name: snapshot_read
-- for: edge
-- The newest snapshot of environment $1: (version, document). Primary key.
select version, document from snapshot where environment_id = $1::int;

-- name: snapshot_other
-- for: desk
-- The newest snapshot of environment $1, unless it is version $2. Primary key.
select version, document from snapshot where environment_id = $1::int and version <> $2::bigint;
