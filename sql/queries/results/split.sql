-- name: split_read
-- for: desk
-- The units of campaign $2 of environment $1 in phase $3 (null: the newest) by parts: of each day (dimension '', the
-- last 400 days), and of the 50 largest values of each dimension. A head with key, phase, variants and coverage, and
-- the rows as JSON [{"dimension", "value", "variant", "units"}], those of a part together; no row when there is no such
-- campaign; one of totals is refused. Leans on cohort_campaign.
with c as (
    select c.id, c.key, coalesce($3::int, c.phase) as number, c.document, i.id as import_id
    from campaign c left join import i on i.campaign_id = c.id
    where c.environment_id = $1::int and c.key = $2::text and must_have_visitors(c.id)
),
cell as (
    select h.dimension, h.value, h.cohort_day, h.variant, h.unit_count
    from c join cohort h on h.campaign_id = c.id and h.phase = c.number and h.experience = ''
),
part as (
    select '' as dimension, cohort_day::text as value, variant, sum(unit_count) as units,
           dense_rank() over (order by cohort_day desc) as place, 400 as most
    from cell where dimension = 'all' group by cohort_day, variant
    union all
    select dimension, value, variant, units, dense_rank() over (partition by dimension order by whole desc, value), 50
    from (select dimension, value, variant, sum(unit_count) as units,
                 sum(sum(unit_count)) over (partition by dimension, value) as whole
          from cell where dimension <> 'all' group by dimension, value, variant) s
)
select jsonb_build_object('key', c.key, 'phase', c.number, 'variants', p.document -> 'variants',
                          'coverage', case when c.import_id is null
                                           then coalesce(c.document -> 'coverage', '1') end) as head,
       (select coalesce(json_agg(json_build_object('dimension', dimension, 'value', value, 'variant', variant,
                                                   'units', units)
                                 order by dimension collate "C", value collate "C", variant collate "C"), '[]')
        from part where place <= most and units > 0) as parts
from c left join phase p on p.campaign_id = c.id and p.number = c.number;
