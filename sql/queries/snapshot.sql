-- name: snapshot_read
-- for: edge
-- The newest snapshot: version, document. Primary key backwards.
select version, document from snapshot order by version desc limit 1;

-- name: snapshot_version
-- for: edge
-- The newest version alone: edges ask for it every few seconds, in case a notification was lost.
select coalesce(max(version), 0) from snapshot;
