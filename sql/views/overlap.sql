-- Which phases can overlap.

-- The phases that others can overlap, and the metric that decides each. With a window it reads only the cohort
-- days that ended at least a window ago. While a phase is open every event may change what there is; when it is
-- over, its units and sums say whether anything did. Of campaigns with more than ten variants nothing is joined:
-- each pair of variants would be a question.
create view overlap_target as
select c.environment_id, c.id as campaign_id, p.number as phase, c.status, c.stopped_at, g.metric_id, g.last_day,
       concat_ws(' ', g.metric_id,
                 case when p.ended_at is null then (select 'at ' || sum(seq) from fold_cursor where consumer = 1)
                      else (select 'of ' || sum(unit_count) from cohort h
                            where h.campaign_id = c.id and h.phase = p.number and h.dimension = 'all'
                                  and h.cohort_day <= g.last_day) end,
                 (select concat_ws(' ', sum(sum_n), sum(sum_d), sum(sum_nn)) from moment s
                  where p.ended_at is not null and s.campaign_id = c.id and s.phase = p.number
                        and s.metric_id = g.metric_id and s.dimension = 'all'
                        and s.cohort_day <= g.last_day)) as state
from campaign c
join environment n on n.id = c.environment_id
join phase p on p.campaign_id = c.id
cross join lateral (
    select cm.metric_id, cm.is_computed,
           metric_last_day(m.definition, environment_zone(n.document)) as last_day
    from campaign_metric cm
    join metric m on m.id = cm.metric_id
    where cm.campaign_id = c.id
    order by cm.role <> 'primary', cm.position, cm.metric_id limit 1) g
where c.kind <> 'holdout' and g.is_computed and not has_totals(c.id)
      and jsonb_array_length(p.document -> 'variants') between 2 and 10
      and exists (select from cohort h where h.campaign_id = c.id and h.phase = p.number);

-- The phases to be gone over: never yet, or an hour ago and data changed; campaigns that have been stopped for a
-- week are left as they are.
create view overlap_due as
select t.environment_id, t.campaign_id, t.phase, t.metric_id, t.last_day, t.state
from overlap_target t
left join overlap o on o.campaign_id = t.campaign_id and o.phase = t.phase and o.experience = ''
where (t.status in ('running', 'paused') or t.status = 'stopped' and t.stopped_at > now() - interval '7 days')
      and (o.as_of is null or o.as_of < now() - interval '1 hour' and o.state <> t.state);
