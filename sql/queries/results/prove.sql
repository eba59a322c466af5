-- name: prove_metrics
-- for: worker
-- What campaign $2 of environment $1 is measured by in phase $3 (null: the newest): campaign, phase, metric, its
-- key and kind; a row without metric when there is none, no row without such a campaign. Leans on the key of
-- campaign and the primary key of campaign_metric.
select c.id as campaign_id, coalesce($3::int, c.phase) as phase, m.id as metric_id, m.key,
       m.definition ->> 'kind' as kind
from campaign c
left join (campaign_metric cm join metric m on m.id = cm.metric_id) on cm.campaign_id = c.id and cm.is_computed
where c.environment_id = $1::int and c.key = $2
order by cm.position, m.key;

-- name: prove_units
-- for: worker
-- The units of campaign $1, phase $2 behind unit $3 that were exposed at $4 or later, at most $5 of them, by
-- (slice, unit): a row for each metric of which there is an outcome, one of nulls for a unit without any: visitor, when
-- it was exposed (microseconds), metric, numerator, denominator: sums beyond 1e15 as 1e15, since squares of them are
-- summed in 128 bits. Leans on exposure_campaign and, by offset 0
-- whatever the statistics say, on the primary key of outcome.
select x.unit_id, (extract(epoch from x.exposed_at) * 1000000)::bigint as exposed_us, o.metric_id,
       least(greatest(o.numerator, -1e15), 1e15)::bigint as numerator,
       least(greatest(o.denominator, -1e15), 1e15)::bigint as denominator
from (select * from exposure
      where campaign_id = $1::int and phase = $2::int
        and (slice, unit_id) > (coalesce(slice_of(nullif($3::text, '')), -1), $3::text)
        and exposed_at >= $4::timestamptz
      order by slice, unit_id limit $5::int) x
left join lateral (select * from outcome
                   where outcome.slice = x.slice and outcome.unit_id = x.unit_id offset 0) o
     on o.campaign_id = x.campaign_id and o.phase = x.phase and o.experience = x.experience
order by x.slice, x.unit_id;
