-- name: slicing_set
-- for: tool
-- Deals visitors out to $1 slices, in a database without events.
select slicing_set($1::int);
