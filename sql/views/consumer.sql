-- Where a consumer has something to read: of each slice and writer whose rows reach beyond its cursor, how far it has
-- read (-1: nothing yet; from_day is the cursor's) and how far they reach. No day of events is looked into.
create view unread_head as
select k.id as consumer, h.slice, h.writer, coalesce(c.seq, -1) as seq, h.seq as head, c.from_day
from writer_head h
cross join consumer k
left join fold_cursor c on c.consumer = k.id and c.slice = h.slice and c.writer = h.writer
where h.seq > coalesce(c.seq, -1);
