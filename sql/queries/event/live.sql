-- The events that came last.

-- name: live_list
-- for: desk
-- What came last in environment $1, of visitor $2 and of name $4 where these are given (as samples call them: $3
-- and $5), with $6 only what does not count; at most $7, as {items}. Leans on visitor_event_writer,
-- rejected_event_received.
select jsonb_build_object('items', coalesce(jsonb_agg(l.item order by l.received_at desc), '[]')) as view
from live_events($1::int, $2::text, $3::text, $4::text, $5::text, $6::boolean, $7::int) l;
