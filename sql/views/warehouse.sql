-- The analyst's door: what a person may read by SQL, in words of its own. The role mete_analyst reads these views and
-- nothing else: no key, no session, no address. Numbers stand in their units: money in major units, counts as counts.

create view analyst.campaign as
select n.key as environment, c.key as campaign, c.document ->> 'name' as name, c.kind, c.status, c.phase,
       c.started_at, c.stopped_at, environment_zone(n.document) as time_zone, n.document ->> 'currency' as currency,
       i.id is not null as is_imported
from campaign c
join environment n on n.id = c.environment_id
left join import i on i.campaign_id = c.id;
comment on view analyst.campaign is 'Campaigns: experiments, rollouts, personalizations and holdouts';
comment on column analyst.campaign.phase is 'number of the newest phase; 0: never started';
comment on column analyst.campaign.time_zone is 'of the environment: its days are those of cohort_day';
comment on column analyst.campaign.currency is 'of the environment: all money is in it';
comment on column analyst.campaign.is_imported is 'of a file of a past experiment';

create view analyst.variant as
select v.campaign_id, n.key as environment, v.campaign, v.phase, v.experience, v.variant,
       v.is_control, (v.weight #>> '{}')::float8 as weight, v.started_at, v.ended_at
from campaign_variant v
join environment n on n.id = v.environment_id;
comment on view analyst.variant is 'The variants of each phase: one begins whenever a campaign starts anew';
comment on column analyst.variant.campaign_id is 'joins variant, exposure, outcome and result';
comment on column analyst.variant.experience is 'empty for an experiment, which has one';
comment on column analyst.variant.weight is 'share of those who take part';
comment on column analyst.variant.ended_at is 'events from then on count for no unit of this phase';

create view analyst.metric as
select cm.campaign_id, m.id as metric_id, n.key as environment, c.key as campaign, m.key as metric,
       m.document ->> 'name' as name, cm.role, m.definition ->> 'kind' as kind,
       coalesce((m.definition -> 'is_money')::boolean, false) as is_money,
       case when m.definition ->> 'kind' in ('sum', 'mean', 'ratio')
            then coalesce((m.definition ->> 'scale')::numeric, 1) else 1 end as scale,
       case when m.definition ->> 'kind' = 'ratio'
            then coalesce((m.definition ->> 'scale')::numeric, 1) else 1 end as scale_below,
       m.definition, cm.is_computed
from campaign_metric cm
join metric m on m.id = cm.metric_id
join campaign c on c.id = cm.campaign_id
join environment n on n.id = c.environment_id;
comment on view analyst.metric is 'What each campaign is measured by';
comment on column analyst.metric.metric_id is 'of this definition: joins outcome and result';
comment on column analyst.metric.role is 'primary, secondary or guardrail';
comment on column analyst.metric.kind is 'conversion, count, sum, mean or ratio';
comment on column analyst.metric.scale is 'outcome and result are divided by it already';
comment on column analyst.metric.is_computed is 'false: the fold still goes over what was there before';

create view analyst.event as
select n.key as environment, e.day, e.visitor_id, e.event_id, e.name, e.ts, e.received_at, e.properties,
       e.marks & 1 <> 0 as is_bot, e.marks & 2 <> 0 as is_staff, e.marks & 4 <> 0 as is_forced
from visitor_event e
join environment n on n.id = e.environment_id;
comment on view analyst.event is 'Events as they came. Always name days: each is a table of its own';
comment on column analyst.event.day is 'UTC; where day between … reads those days alone';
comment on column analyst.event.ts is 'when it happened, corrected by the clock of its sender';
comment on column analyst.event.is_bot is 'left out of results, as are is_staff and is_forced';

create view analyst.currency_rate as
select n.key as environment, r.currency, r.day, r.base, r.rate, r.own_rate
from currency_rate r
join environment n on n.id = r.environment_id;
comment on view analyst.currency_rate is 'By which money in other currencies is converted, at most seven days long';
comment on column analyst.currency_rate.rate is 'of the currency, for one unit of base';
comment on column analyst.currency_rate.own_rate is 'of the environment''s: money times own_rate / rate is its own';

create view analyst.exposure as
select x.campaign_id, n.key as environment, c.key as campaign, x.phase, x.experience, x.variant, x.unit_id,
       x.exposed_at, x.cohort_day, x.is_crossover, x.has_past, x.dimensions
from exposure x
join campaign c on c.id = x.campaign_id
join environment n on n.id = c.environment_id;
comment on view analyst.exposure is 'The first exposure of each unit in each phase: who was measured, where';
comment on column analyst.exposure.cohort_day is 'of exposed_at in the environment''s time zone';
comment on column analyst.exposure.is_crossover is 'saw another variant later: it counts where it was first';
comment on column analyst.exposure.has_past is 'anything was seen of it in the pre-period';
comment on column analyst.exposure.dimensions is 'what results are broken down by: {"device": "mobile", …}';

create view analyst.outcome as
select o.campaign_id, m.environment, m.campaign, o.phase, o.experience, o.metric_id, m.metric, o.unit_id,
       o.numerator / m.scale as numerator, o.denominator / m.scale_below as denominator,
       o.pre_numerator / m.scale as pre_numerator, o.pre_denominator / m.scale_below as pre_denominator
from outcome o
join analyst.metric m on m.campaign_id = o.campaign_id and m.metric_id = o.metric_id;
comment on view analyst.outcome is
    'What exposed units did, by metric. A unit without a row is a zero: join from exposure, and coalesce';
comment on column analyst.outcome.numerator is 'after the exposure; of a mean: the sum of its values';
comment on column analyst.outcome.denominator is 'of a mean: how many values; of a ratio: what stands below';
comment on column analyst.outcome.pre_numerator is 'before the exposure: the covariate';

create view analyst.result as
select t.campaign_id, m.environment, m.campaign, t.phase, t.experience, t.variant, t.cohort_day, t.dimension, t.value,
       m.metric_id, m.metric, t.units, coalesce(s.nonzero, 0) as nonzero_units,
       coalesce(s.sum_n, 0) / m.scale as sum_numerator, coalesce(s.sum_d, 0) / m.scale_below as sum_denominator,
       coalesce(s.sum_nn, 0) / (m.scale * m.scale) as sum_numerator_squared,
       coalesce(s.sum_nd, 0) / (m.scale * m.scale_below) as sum_product,
       coalesce(s.sum_dd, 0) / (m.scale_below * m.scale_below) as sum_denominator_squared
from (select campaign_id, phase, experience, variant, cohort_day, dimension, value, sum(unit_count) as units
      from cohort
      group by 1, 2, 3, 4, 5, 6, 7) t
join analyst.metric m on m.campaign_id = t.campaign_id
left join (
    select campaign_id, phase, experience, variant, cohort_day, dimension, value, metric_id,
           sum(nonzero_count) as nonzero, sum(sum_n) as sum_n, sum(sum_d) as sum_d, sum(sum_nn) as sum_nn,
           sum(sum_nd) as sum_nd, sum(sum_dd) as sum_dd
    from moment
    group by 1, 2, 3, 4, 5, 6, 7, 8) s
    on s.campaign_id = t.campaign_id and s.phase = t.phase and s.experience = t.experience and s.variant = t.variant
       and s.cohort_day = t.cohort_day and s.dimension = t.dimension and s.value = t.value
       and s.metric_id = m.metric_id;
comment on view analyst.result is
    'Exact sums by variant, day of the first exposure and value of a dimension: all that the statistics are made of';
comment on column analyst.result.dimension is 'all (value is empty), or what results are broken down by';
comment on column analyst.result.units is 'measured units, those without an outcome too';
