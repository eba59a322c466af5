-- Exact sums over units.

-- The moment rows that some units make up, from the tables exposure and outcome. Those of overflow have no
-- outcomes.
create function moment_of(the_slice int, units text[], campaigns int[]) returns moment[]
    language plpgsql as $$
begin
    return array(
    with own as materialized (
        select unit_id, campaign_id, phase, experience, variant, cohort_day, dimensions, has_past from exposure
        where slice = the_slice and unit_id = any (array(select unnest(units))) and campaign_id + 0 = any (campaigns)
    ),
    did as materialized (
        select unit_id, campaign_id, phase, experience, metric_id, numerator as n, denominator as d,
               pre_numerator as x, pre_denominator as y, invalid_count,
               unrated_count
        from outcome
        where slice = the_slice and unit_id = any (array(select unnest(units))) and campaign_id + 0 = any (campaigns)
    )
    select row(the_slice, s.campaign_id, s.phase, s.experience, s.variant, s.metric_id, s.cohort_day, d.dimension,
               d.value, sum(s.units)::bigint, sum(s.n), sum(s.d), sum(s.nn), sum(s.nd), sum(s.dd), sum(s.nnn),
               sum(s.x), sum(s.y), sum(s.xx),
               sum(s.xy), sum(s.yy), sum(s.nx), sum(s.ny), sum(s.dx), sum(s.dy), sum(s.nm), sum(s.dm),
               sum(s.invalid)::bigint, sum(s.unrated)::bigint)::moment
    from (select x.campaign_id, x.phase, x.experience, x.variant, o.metric_id, x.cohort_day, x.dimensions,
                 count(*) as units, sum(o.n) as n, sum(o.d) as d, sum(o.n * o.n) as nn, sum(o.n * o.d) as nd,
                 sum(o.d * o.d) as dd, sum(o.n * o.n * o.n) as nnn, sum(o.x) as x, sum(o.y) as y,
                 sum(o.x * o.x) as xx, sum(o.x * o.y) as xy, sum(o.y * o.y) as yy, sum(o.n * o.x) as nx,
                 sum(o.n * o.y) as ny, sum(o.d * o.x) as dx, sum(o.d * o.y) as dy,
                 sum(case when x.has_past then 0 else o.n end) as nm,
                 sum(case when x.has_past then 0 else o.d end) as dm, sum(o.invalid_count) as invalid,
                 sum(o.unrated_count) as unrated
          from own x
          join did o on o.unit_id = x.unit_id and o.campaign_id = x.campaign_id and o.phase = x.phase
               and o.experience = x.experience
          group by x.campaign_id, x.phase, x.experience, x.variant, o.metric_id, x.cohort_day, x.dimensions) s
    cross join lateral dimension_values(s.dimensions) d
    group by s.campaign_id, s.phase, s.experience, s.variant, s.metric_id, s.cohort_day, d.dimension, d.value);
end
$$;

-- Adds 'after' minus 'before' to moment; cells that become empty go.
create function moment_add(the_slice int, before moment[], after moment[]) returns void language plpgsql as $$
declare
    delta moment[] := array(
        select row(the_slice, campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value,
                   sum(sign * nonzero_count)::bigint, sum(sign * sum_n), sum(sign * sum_d), sum(sign * sum_nn),
                   sum(sign * sum_nd),
                   sum(sign * sum_dd), sum(sign * sum_nnn), sum(sign * sum_x), sum(sign * sum_y),
                   sum(sign * sum_xx), sum(sign * sum_xy), sum(sign * sum_yy), sum(sign * sum_nx),
                   sum(sign * sum_ny), sum(sign * sum_dx), sum(sign * sum_dy), sum(sign * sum_nm),
                   sum(sign * sum_dm),
                   sum(sign * invalid_count)::bigint, sum(sign * unrated_count)::bigint)::moment
        from (select 1 as sign, * from unnest(after) union all select -1, * from unnest(before)) cells
        group by campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value);
begin
    insert into moment
    select * from unnest(delta)
    where (nonzero_count, sum_n, sum_d, sum_nn, sum_nd, sum_dd, sum_nnn, sum_x, sum_y, sum_xx, sum_xy, sum_yy,
           sum_nx, sum_ny,
           sum_dx, sum_dy, sum_nm, sum_dm, invalid_count, unrated_count)
       <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    order by campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value
    on conflict (slice, campaign_id, phase, experience, variant, metric_id, cohort_day, dimension, value) do update
    set nonzero_count = moment.nonzero_count + excluded.nonzero_count,
        sum_n = moment.sum_n + excluded.sum_n, sum_d = moment.sum_d + excluded.sum_d,
        sum_nn = moment.sum_nn + excluded.sum_nn, sum_nd = moment.sum_nd + excluded.sum_nd,
        sum_dd = moment.sum_dd + excluded.sum_dd, sum_nnn = moment.sum_nnn + excluded.sum_nnn,
        sum_x = moment.sum_x + excluded.sum_x, sum_y = moment.sum_y + excluded.sum_y,
        sum_xx = moment.sum_xx + excluded.sum_xx, sum_xy = moment.sum_xy + excluded.sum_xy,
        sum_yy = moment.sum_yy + excluded.sum_yy, sum_nx = moment.sum_nx + excluded.sum_nx,
        sum_ny = moment.sum_ny + excluded.sum_ny, sum_dx = moment.sum_dx + excluded.sum_dx,
        sum_dy = moment.sum_dy + excluded.sum_dy, sum_nm = moment.sum_nm + excluded.sum_nm,
        sum_dm = moment.sum_dm + excluded.sum_dm,
        invalid_count = moment.invalid_count + excluded.invalid_count,
        unrated_count = moment.unrated_count + excluded.unrated_count;
    delete from moment m using unnest(delta) d
    where d.nonzero_count < 0 and m.slice = the_slice and m.nonzero_count = 0
          and (m.campaign_id, m.phase, m.experience, m.variant, m.metric_id, m.cohort_day, m.dimension, m.value)
            = (d.campaign_id, d.phase, d.experience, d.variant, d.metric_id, d.cohort_day, d.dimension, d.value);
end
$$;
