-- name: snapshot_read
-- for: edge
-- The newest snapshot: version, document. Primary key backwards.
select version, document from snapshot order by version desc limit 1;

-- name: snapshot_other
-- for: desk
-- The newest snapshot, unless it is version $1. Primary key backwards.
select version, document from snapshot
where version = (select max(version) from snapshot) and version <> $1::bigint;

-- name: snapshot_version
-- for: edge
-- The newest version alone: edges ask for it every few seconds, in case a notification was lost.
select coalesce(max(version), 0) from snapshot;
