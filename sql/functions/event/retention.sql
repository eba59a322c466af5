-- Events are kept for so many days; then their partitions go, unless results still need them.

-- Whether events of a campaign have been dropped: what is stored of it stays as it is from then on. Those of imports
-- are kept as long as the import.
create function campaign_is_closed(campaign int) returns boolean language sql stable as $$
    select exists (select from event_horizon h
                   join phase p on p.campaign_id = campaign and fold_day(p.started_at) < h.from_day)
           and not exists (select from import i where i.campaign_id = campaign_is_closed.campaign)
$$;

-- The first day of which results need the events: of all campaigns but those that are archived and ended more
-- than 30 days ago, since when no event of theirs is taken any more, and of imports, which need the days of their own
-- data alone (import_needs). Null: of none.
create function event_needed_from() returns date language sql stable as $$
    select min(fold_day(p.started_at - campaign_look_back(array[p.campaign_id])))
    from phase p join campaign c on c.id = p.campaign_id
    where not campaign_is_closed(c.id) and not exists (select from import i where i.campaign_id = c.id)
          and (c.status <> 'archived'
               or exists (select from phase q where q.campaign_id = c.id
                          and coalesce(q.ended_at, 'infinity') > now() - interval '30 days'))
$$;

-- Whether an import has events of a day, or may.
create function import_needs(the_day date) returns boolean language sql stable as $$
    select exists (select from import i join phase p on p.campaign_id = i.campaign_id
                   where not i.has_totals and the_day >= fold_day(p.started_at)
                         and the_day <= (p.ended_at at time zone 'UTC')::date + 2)
$$;

-- Drops the oldest partition that no import needs when it is older than keep_days (10 at the least: events of a week
-- ago are still taken), not needed, and read by every consumer. Returns its day, or null. With its owner's rights: the
-- runtime role may call it, but drop nothing else. Half a second is all that writers are made to wait.
create function event_forget(keep_days int) returns date
    language plpgsql security definer set lock_timeout = '500ms' as $$
declare
    oldest date;
    partition_name text;
    is_unread boolean;
begin
    select min(to_date(substr(c.relname, 15), 'YYYYMMDD')) into oldest
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'visitor_event'::regclass and not import_needs(to_date(substr(c.relname, 15), 'YYYYMMDD'));
    if oldest is null or oldest >= (now() at time zone 'UTC')::date - greatest(keep_days, 10)
       or oldest >= event_needed_from() then
        return null;
    end if;
    partition_name := 'visitor_event_' || to_char(oldest, 'YYYYMMDD');
    execute format('select exists (select from consumer k cross join slice s cross join writer w '
                   'left join fold_cursor c on c.consumer = k.id and c.slice = s.number and c.writer = w.id '
                   'cross join lateral (select from %I e where e.writer = w.id and e.slice = s.number '
                   'and e.seq > coalesce(c.seq, -1) limit 1) one)', partition_name) into is_unread;
    if is_unread then
        return null;
    end if;
    insert into event_horizon (from_day) values (oldest + 1)
    on conflict (is_only) do update set from_day = greatest(event_horizon.from_day, excluded.from_day);
    execute format('drop table %I', partition_name);
    return oldest;
end
$$;

do $$
begin
    execute format('alter function event_forget(int) set search_path = %I, pg_temp', current_schema());
end
$$;
