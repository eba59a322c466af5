-- What the fold and results read of the configuration.

-- The variants there are: one row per campaign, phase, experience and variant. A phase without a list of
-- experiences has one, whose key is empty. 'import_id': of whose visitors alone it is; null: of none's; -1: of
-- nobody's, since the import has totals.
create view campaign_variant as
select c.environment_id, c.id as campaign_id, c.key as campaign, p.number as phase, x.experience,
       v.item ->> 'key' as variant, v.item -> 'weight' as weight,
       coalesce((v.item -> 'is_control')::boolean, false) as is_control, p.started_at, p.ended_at,
       case when i.has_totals then -1 else i.id end as import_id,
       environment_zone(n.document) as time_zone,
       phase_pre_period(p.document) as pre_period,
       phase_dimensions(p.document) as dimensions
from campaign c
join environment n on n.id = c.environment_id
join phase p on p.campaign_id = c.id
left join import i on i.campaign_id = c.id
cross join lateral (
    select '', p.document -> 'variants' where not p.document ? 'experiences'
    union all
    select e.item ->> 'key', e.item -> 'variants'
    from jsonb_array_elements(p.document -> 'experiences') e (item)) x (experience, variants)
cross join lateral jsonb_array_elements(x.variants) v (item);

-- The parts of the metrics campaigns are measured by: side 'n' is the numerator, 'd' the denominator. A part
-- without path counts events. The denominator of a mean is the number of the events of its numerator.
create view metric_part as
select cm.campaign_id, cm.metric_id, m.environment_id, s.side, d.kind, d.cap, d.scale, d.stay, d.is_money,
       s.part ->> 'event' as event,
       string_to_array(case when d.kind in ('sum', 'mean', 'ratio') and not s.is_number
                            then s.part ->> 'value' end, '.') as path,
       (s.part ->> 'filter')::jsonpath as filter
from campaign_metric cm
join metric m on m.id = cm.metric_id
cross join lateral (
    select m.definition ->> 'kind' as kind, (m.definition ->> 'cap')::numeric as cap,
           coalesce((m.definition ->> 'scale')::numeric, 1) as scale,
           coalesce((m.definition -> 'is_money')::boolean, false) as is_money,
           make_interval(secs => (m.definition ->> 'window_hours')::float8 * 3600) as stay) d
cross join lateral (
    select 'n', m.definition -> 'numerator', false
    union all
    select 'd', m.definition -> 'denominator', false where d.kind = 'ratio'
    union all
    select 'd', m.definition -> 'numerator', true where d.kind = 'mean') s (side, part, is_number)
where s.part ->> 'event' is not null;

-- The names of the events that metrics are made of, and until when one can matter to a campaign.
create view campaign_event as
select distinct e.environment_id, e.campaign_id, n.name, p.until
from metric_part e
cross join lateral (
    select e.event
    union all
    select 'refund' where e.event = 'purchase') n (name)
cross join lateral (
    select max(coalesce(ended_at, 'infinity')) as until from phase where campaign_id = e.campaign_id) p
where p.until is not null;
