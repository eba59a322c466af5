-- name: schema_read
-- Every applied migration in order: number, name, sha256, the least a program must know to serve. Primary key.
select number, name, sha256, serves from schema_migration order by number;
