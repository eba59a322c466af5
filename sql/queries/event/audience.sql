-- name: audience_sample
-- for: desk
-- A sample of the visitors of an environment ($1), and what is known of each.
select weight, attributes from audience_sample($1::int);
