-- name: schema_read
-- Every applied migration in order: number, name, sha256. Primary key.
select number, name, sha256 from schema_migration order by number;
