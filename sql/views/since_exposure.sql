-- Of which phases it is worked out what units did on each day since their exposure.

-- The phases to be gone over: never yet, or six hours ago and data changed; of an import when all of it is there and
-- was read. What was gone over and has been stopped for a week is left as it is, and so are campaigns whose events
-- were dropped. While a phase is open, days go by and every
-- event may change what there is; when it is over, its units and sums say whether anything did.
create view since_exposure_due as
select t.environment_id, t.campaign_id, t.phase, t.state
from (
    select c.environment_id, c.id as campaign_id, p.number as phase,
           c.status in ('running', 'paused') or i.id is not null
               or c.status = 'stopped' and c.stopped_at > now() - interval '7 days' as is_fresh,
           case when p.ended_at is null
                then concat_ws(' ', 'at', current_date, (select sum(seq) from fold_cursor where consumer = 1))
                else concat_ws(' ', 'of',
                               (select sum(unit_count) from cohort h
                                where h.campaign_id = c.id and h.phase = p.number and h.dimension = 'all'),
                               (select concat_ws(' ', sum(sum_n), sum(sum_d), sum(sum_nn)) from moment s
                                where s.campaign_id = c.id and s.phase = p.number and s.dimension = 'all')) end as state
    from campaign c
    join phase p on p.campaign_id = c.id
    left join import i on i.campaign_id = c.id
    where c.status in ('running', 'paused', 'stopped')
          and (i.id is null
               or i.state = 'done' and coalesce((select unread_since(1)), 'infinity') > i.updated_at)
          and not has_totals(c.id) and not campaign_is_closed(c.id)
          and jsonb_array_length(p.document -> 'variants') <= 10
          and exists (select from cohort h where h.campaign_id = c.id and h.phase = p.number)
          and not exists (select from campaign_metric m where m.campaign_id = c.id and not m.is_computed)) t
left join since_exposure o on o.campaign_id = t.campaign_id and o.phase = t.phase and o.experience = ''
where o.as_of is null or t.is_fresh and o.as_of < now() - interval '6 hours' and o.state <> t.state;
