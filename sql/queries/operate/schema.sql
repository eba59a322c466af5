-- name: schema_read
-- Every applied migration in order: number, name, sha256, the least a program must know to serve, checksums of all
-- routines that there ever were. Primary key.
select number, name, sha256, serves, coalesce((select string_agg(sha256, ' ') from schema_routines), '') as routines
from schema_migration order by number;
