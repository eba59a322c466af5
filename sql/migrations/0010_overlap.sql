-- Units that met two campaigns: how they came out, by the variants of both. Moments cannot tell, since they know
-- one campaign each. A job joins exposure with itself, by visitor, now and then; results read what it stored.

create table overlap (
    campaign_id int not null,
    phase       int not null,
    as_of       timestamptz not null default now(),
    state       text not null,                   -- of what it was made from: says whether data changed since
    document    jsonb not null,                  -- see overlap_of
    primary key (campaign_id, phase)
);

-- The phases that others can overlap, and the metric that decides each. With a window it reads only the cohort
-- days that ended at least a window ago. While a phase is open every event may change what there is; when it is
-- over, its units and sums say whether anything did. Of campaigns with more than ten variants nothing is joined:
-- each pair of variants would be a question.
create view overlap_target as
select c.environment_id, c.id as campaign_id, p.number as phase, c.status, c.stopped_at, g.metric_id, g.last_day,
       concat_ws(' ', g.metric_id,
                 case when p.ended_at is null then (select 'at ' || sum(seq) from fold_cursor)
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
           case when m.definition ->> 'window_hours' is null then 'infinity'::date
                else ((now() - make_interval(secs => (m.definition ->> 'window_hours')::float8 * 3600))
                      at time zone coalesce(n.document ->> 'time_zone', 'UTC'))::date - 1 end as last_day
    from campaign_metric cm
    join metric m on m.id = cm.metric_id
    where cm.campaign_id = c.id
    order by cm.role <> 'primary', cm.position, cm.metric_id limit 1) g
where c.kind <> 'holdout' and g.is_computed
      and jsonb_array_length(p.document -> 'variants') between 2 and 10
      and exists (select from cohort h where h.campaign_id = c.id and h.phase = p.number);

-- The phases of other campaigns that ran at the same time as a phase and can share its visitors: those of its
-- own layer cannot. The 50 with the most units.
create function overlap_others(of_campaign int, of_phase int)
    returns table (campaign_id int, phase int, campaign text, name text, variants jsonb)
    language sql stable as $$
    select o.id, q.number, o.key, o.document ->> 'name',
           (select jsonb_agg(jsonb_build_object('key', v.item -> 'key', 'weight', v.item -> 'weight',
                                                'is_control', coalesce(v.item -> 'is_control', 'false')))
            from jsonb_array_elements(q.document -> 'variants') v (item))
    from campaign c
    join phase p on p.campaign_id = c.id
    join campaign o on o.environment_id = c.environment_id and o.id <> c.id and o.kind <> 'holdout'
         and (o.document #>> '{layer,key}' is null
              or o.document #>> '{layer,key}' is distinct from c.document #>> '{layer,key}')
    join phase q on q.campaign_id = o.id
         and q.started_at < coalesce(p.ended_at, 'infinity') and p.started_at < coalesce(q.ended_at, 'infinity')
         and jsonb_array_length(q.document -> 'variants') between 2 and 10
    cross join lateral (
        select sum(unit_count) as units from cohort h
        where h.campaign_id = o.id and h.phase = q.number and h.dimension = 'all') u
    where c.id = of_campaign and p.number = of_phase and u.units > 0
    order by u.units desc, o.id, q.number
    limit 50
$$;

-- The five phases of other campaigns that share the most units with this one, largest first:
-- {"metric": …, "others": [{"campaign", "name", "phase", "variants", "units", "cells": [{"variant",
-- "other_variant", "units", "n", "d", "nn", "nd", "dd"}]}]}. A cell has the units that were seen first in these
-- two variants, and the exact sums of what they did in this campaign, as texts. An exposure to the other
-- campaign after the end of this phase is none. Leans on exposure_campaign, exposure's and outcome's primary keys.
create function overlap_of(of_campaign int, of_phase int, metric int, last_day date) returns jsonb
    language plpgsql stable set jit = off as $$
declare
    others int[] := array(select campaign_id from overlap_others(of_campaign, of_phase));
    until timestamptz := (select coalesce(ended_at, 'infinity') from phase
                          where campaign_id = of_campaign and number = of_phase);
begin
    return (
        with cell as materialized (
            select y.campaign_id, y.phase, x.variant, y.variant as other_variant, count(*) as units,
                   coalesce(sum(o.numerator), 0) as n, coalesce(sum(o.denominator), 0) as d,
                   coalesce(sum(o.numerator * o.numerator), 0) as nn,
                   coalesce(sum(o.numerator * o.denominator), 0) as nd,
                   coalesce(sum(o.denominator * o.denominator), 0) as dd
            from exposure x
            join exposure y on y.visitor_id = x.visitor_id and y.campaign_id = any (others) and y.exposed_at < until
            left join outcome o on o.visitor_id = x.visitor_id and o.campaign_id = x.campaign_id
                 and o.phase = x.phase and o.metric_id = metric
            where x.campaign_id = of_campaign and x.phase = of_phase and x.cohort_day <= last_day
            group by y.campaign_id, y.phase, x.variant, y.variant
        ),
        strongest as (
            select h.*, c.units, c.cells
            from overlap_others(of_campaign, of_phase) h
            join lateral (
                select sum(units) as units,
                       jsonb_agg(jsonb_build_object('variant', variant, 'other_variant', other_variant,
                                                    'units', units, 'n', n::text, 'd', d::text, 'nn', nn::text,
                                                    'nd', nd::text, 'dd', dd::text)
                                 order by variant, other_variant) as cells
                from cell where cell.campaign_id = h.campaign_id and cell.phase = h.phase) c on c.units > 0
            order by c.units desc, h.campaign_id, h.phase
            limit 5
        )
        select jsonb_build_object('metric', metric, 'others', coalesce(jsonb_agg(jsonb_build_object(
                   'campaign', campaign, 'name', name, 'phase', phase, 'variants', variants, 'units', units,
                   'cells', cells) order by units desc, campaign, phase), '[]'))
        from strongest);
end
$$;

-- The phases to be gone over: never yet, or an hour ago and data changed; campaigns that have been stopped for a
-- week are left as they are.
create view overlap_due as
select t.environment_id, t.campaign_id, t.phase, t.metric_id, t.last_day, t.state
from overlap_target t
left join overlap o on o.campaign_id = t.campaign_id and o.phase = t.phase
where (t.status in ('running', 'paused') or t.status = 'stopped' and t.stopped_at > now() - interval '7 days')
      and (o.as_of is null or o.as_of < now() - interval '1 hour' and o.state <> t.state);

-- Queues a job for each environment in which something is due. Returns how many.
create function overlap_queue() returns bigint language sql as $$
    with queued as (
        insert into job (environment_id, kind, input, actor)
        select environment_id, 'overlap', '{}', 'system'
        from (select distinct environment_id from overlap_due) due
        where not exists (select from job j
                          where j.state in ('queued', 'running') and j.kind = 'overlap'
                                and j.environment_id = due.environment_id)
        order by environment_id
        returning 1
    )
    select count(*) from queued
$$;
