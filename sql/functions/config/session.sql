-- Until when sessions hold.

-- Seven days at the most, and a day after it was last used; seen_at is right within a minute.
create function session_holds(s session) returns boolean
    language sql stable as $$
    select s.expires_at > now() and s.seen_at > now() - interval '1 day'
$$;
