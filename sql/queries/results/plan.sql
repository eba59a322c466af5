-- name: plan_measure
-- for: desk
-- What a plan begins with: what an environment's ($1) visitors did of late by a metric ($2, may be null). One row.
select days, visitors, sampled, kind, n, d, nn, nd, dd, converted, ww, wwn, wwnn, wwnd, wwdd
from plan_measure($1::int, $2::text);
