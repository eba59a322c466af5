-- What can be asked for a distribution.

-- What can be asked for a distribution: the metrics of kinds sum, mean and count of each phase that has visitors, and
-- not totals, and the state of their sums. A metric with a window reads only the cohort days that ended at least a
-- window ago.
create view distribution_target as
select c.environment_id, c.id as campaign_id, c.key as campaign, c.status, c.stopped_at, p.number as phase,
       cm.metric_id, k.kind = 'mean' as is_mean, k.scale, k.last_day, p.document -> 'variants' as variants,
       coalesce((c.document ->> 'confidence')::float8, 0.95) as confidence, s.state
from campaign c
join environment n on n.id = c.environment_id
join phase p on p.campaign_id = c.id
join campaign_metric cm on cm.campaign_id = c.id and cm.is_computed
join metric m on m.id = cm.metric_id
cross join lateral (
    select m.definition ->> 'kind' as kind,
           case when m.definition #>> '{numerator,value}' is null then 1
                else coalesce((m.definition ->> 'scale')::float8, 1) end as scale,
           metric_last_day(m.definition, environment_zone(n.document)) as last_day) k
cross join lateral (
    select concat_ws(' ', u.units, v.sums) as state
    from (select sum(unit_count) as units from cohort h
          where h.campaign_id = c.id and h.phase = p.number and h.dimension = 'all'
                and h.cohort_day <= k.last_day) u
    cross join (select concat_ws(' ', sum(sum_n), sum(sum_d), sum(sum_nn), sum(sum_nd), sum(sum_nnn)) as sums
                from moment s
                where s.campaign_id = c.id and s.phase = p.number and s.metric_id = cm.metric_id
                      and s.dimension = 'all' and s.cohort_day <= k.last_day) v
    where u.units > 0) s
where k.kind in ('sum', 'mean', 'count') and not has_totals(c.id);
