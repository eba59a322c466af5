-- Units that met two campaigns.

-- The phases of other campaigns that ran at the same time as a phase and can share its visitors: those of its
-- own layer cannot. The 50 with the most units.
create function overlap_others(of_campaign int, of_phase int)
    returns table (campaign_id int, phase int, campaign text, name text, coverage jsonb, variants jsonb)
    language sql stable as $$
    select o.id, q.number, o.key, o.document ->> 'name',
           case when i.id is null then coalesce(o.document -> 'coverage', '1') end,
           (select jsonb_agg(jsonb_build_object('key', v.item -> 'key', 'weight', v.item -> 'weight',
                                                'is_control', coalesce(v.item -> 'is_control', 'false')))
            from jsonb_array_elements(q.document -> 'variants') v (item))
    from campaign c
    join phase p on p.campaign_id = c.id
    join campaign o on o.environment_id = c.environment_id and o.id <> c.id and o.kind <> 'holdout'
         and (o.document #>> '{layer,key}' is null
              or o.document #>> '{layer,key}' is distinct from c.document #>> '{layer,key}')
    left join import i on i.campaign_id = o.id
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
-- {"metric": …, "others": [{"campaign", "name", "phase", "coverage", "variants", "units", "cells": [{"variant",
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
            join exposure y on y.slice = x.slice and y.unit_id = x.unit_id and y.campaign_id = any (others)
                 and y.exposed_at < until
            left join outcome o on o.slice = x.slice and o.unit_id = x.unit_id and o.campaign_id = x.campaign_id
                 and o.phase = x.phase and o.experience = x.experience and o.metric_id = metric
            left join overflow f on f.slice = x.slice and f.unit_id = x.unit_id and f.campaign_id = x.campaign_id
                 and f.phase = x.phase and f.experience = x.experience
            where x.campaign_id = of_campaign and x.phase = of_phase and x.cohort_day <= last_day and f.slice is null
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
                   'campaign', campaign, 'name', name, 'phase', phase, 'coverage', coverage, 'variants', variants,
                   'units', units, 'cells', cells) order by units desc, campaign, phase), '[]'))
        from strongest);
end
$$;

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
