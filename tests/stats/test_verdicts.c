// SPDX-License-Identifier: GPL-3.0-or-later
/* One verdict in every family: adjusted means, strata, non-inferiority, planned looks; what grows
 * with what; merging and money. */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 100000, K = 3, STRATA = 4 };

static bool is_edge(double p, double alpha)
{
    return fabs(p - alpha) < 1e-6 * alpha;
}

static bool excludes_0(struct stats_interval interval)
{
    return interval.lower > 0 || interval.upper < 0;
}

static void assert_one_verdict(const struct stats_effect *e)
{
    double alpha = 1 - e->conf;
    assert_true(is_clean_effect(e));
    if (!e->p_two_sided.is_known || is_edge(e->p_two_sided.value, alpha))
        return;
    assert_int_equal(excludes_0(e->interval), e->p_two_sided.value < alpha);
    if (e->uplift_interval.is_known)
        assert_int_equal(excludes_0(e->uplift_interval), e->p_two_sided.value < alpha);
    else
        assert_true(e->status == STATS_FIELLER_UNBOUNDED || e->status == STATS_BASELINE_ZERO);
}

static double draw_conf(struct draw *draw)
{
    static const double levels[] = {0.8, 0.9, 0.95, 0.99, 0.999};
    return levels[draw_bits(draw) % 5];
}

/* Moments with these means and sds and a common correlation of everything with everything. */
static struct stats_covariates covariates(const struct stats_moments *y, double shift, double r)
{
    struct stats_covariates c = {.n = y->n, .k = K, .mean_y = y->mean, .m2_y = y->m2};
    for (int i = 0; i < K; i++) {
        c.mean_x[i] = i + shift;
        for (int j = 0; j < K; j++)
            c.xx[i][j] = (double)(y->n - 1) * (i + 1) * (j + 1) * (i == j ? 1 : r);
        c.xy[i] = r * sqrt(c.xx[i][i] * y->m2);
    }
    return c;
}

static void adjusted_means_have_one_verdict(void **state)
{
    struct draw draw = {31};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_moments a, b;
        draw_moments(&draw, &a, &b);
        double r = draw_unit(&draw), off = draw_normal(&draw) / sqrt((double)a.n);
        struct stats_covariates ca = covariates(&a, 0, r), cb = covariates(&b, off, r);
        struct stats_cuped_many m = stats_cuped_many(&ca, &cb, draw_conf(&draw));
        if (m.status == STATS_INSUFFICIENT_DATA)
            continue;
        assert_one_verdict(&m.within);
        assert_one_verdict(&m.lin);
        /* The same money in units a thousandth as large, and the arms the other way round. */
        struct stats_covariates ka = ca, kb = cb;
        ka.mean_y *= 1000, ka.m2_y *= 1e6, kb.mean_y *= 1000, kb.m2_y *= 1e6;
        for (int k = 0; k < K; k++)
            ka.xy[k] *= 1000, kb.xy[k] *= 1000;
        struct stats_effect s = stats_cuped_many(&ka, &kb, 0.95).within;
        struct stats_effect w = stats_cuped_many(&ca, &cb, 0.95).within;
        struct stats_effect t = stats_cuped_many(&cb, &ca, 0.95).within;
        assert_true(is_close(s.p_two_sided.value, w.p_two_sided.value, 1e-6, 1e-300));
        assert_true(is_close(s.interval.lower, 1000 * w.interval.lower, 1e-9, 1000 * w.se.value));
        assert_true(is_close(t.interval.lower, -w.interval.upper, 1e-8, w.se.value));
    }
}

static void strata_have_one_verdict(void **state)
{
    struct draw draw = {32};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_moments a[STRATA], b[STRATA], ka[STRATA], kb[STRATA];
        for (int k = 0; k < STRATA; k++) {
            draw_moments(&draw, &a[k], &b[k]);
            ka[k] = (struct stats_moments){a[k].n, a[k].mean * 1000, a[k].m2 * 1e6, 0};
            kb[k] = (struct stats_moments){b[k].n, b[k].mean * 1000, b[k].m2 * 1e6, 0};
        }
        struct stats_effect e = stats_poststratified(a, b, STRATA, draw_conf(&draw));
        assert_one_verdict(&e);
        struct stats_effect s = stats_poststratified(ka, kb, STRATA, e.conf);
        assert_true(is_close(s.p_two_sided.value, e.p_two_sided.value, 1e-6, 1e-300));
        if (fabs(e.uplift_interval.upper) < 100) /* near no limit at all, rounding is large */
            assert_true(is_close(s.uplift_interval.upper, e.uplift_interval.upper, 1e-6, 1e-6));
        struct stats_effect m = stats_poststratified(b, a, STRATA, e.conf);
        assert_true(is_close(m.interval.lower, -e.interval.upper, 1e-9, e.se.value));
        assert_true(is_close(m.se.value, e.se.value, 1e-9, 0));
    }
}

/* The one-sided test rejects exactly where the two-sided interval's bound passes the margin. */
static void noninferiority_is_the_bound(void **state)
{
    struct draw draw = {33};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_prop a, b;
        draw_props(&draw, &a, &b);
        double conf = draw_conf(&draw), alpha = (1 - conf) / 2,
               margin = draw_magnitude(&draw, -4, -0.1);
        struct stats_noninferiority_prop d = stats_noninferiority_diff(&a, &b, margin);
        struct stats_noninferiority_prop r = stats_noninferiority_ratio(&a, &b, margin);
        if (!is_edge(d.p, alpha))
            assert_int_equal(d.p<alpha, stats_prop_score_diff(&a, &b, conf, true).lower> - margin);
        if (!is_edge(r.p, alpha))
            assert_int_equal(r.p<alpha, stats_prop_score_ratio(&a, &b, conf, true).lower> - margin);
        struct stats_moments ma, mb;
        draw_moments(&draw, &ma, &mb);
        struct stats_effect e = stats_welch(&ma, &mb, conf);
        double absolute = margin * 3 * e.se.value;
        struct stats_noninferiority_mean m = stats_noninferior_abs(&ma, &mb, absolute);
        assert_true(m.p_tost >= m.p);
        if (m.status == STATS_OK && !is_edge(m.p, alpha))
            assert_int_equal(m.p<alpha, e.interval.lower> - absolute);
        struct stats_noninferiority_mean none = stats_noninferior_rel(&ma, &mb, 0);
        if (none.status == STATS_OK)
            assert_true(is_close(fmin(none.p, 1 - none.p) * 2, e.p_two_sided.value, 1e-6, 1e-9));
    }
}

/* With many visitors the degrees of freedom do not matter, and Fieller's bound decides. */
static void relative_noninferiority_is_fiellers_bound(void **state)
{
    struct draw draw = {34};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_moments a, b;
        draw_moments(&draw, &a, &b);
        double scale = 1e6 * draw_magnitude(&draw, 0, 3), margin = 0.2 * draw_unit(&draw);
        a.m2 *= scale / (double)a.n, b.m2 *= scale / (double)b.n;
        a.n = b.n = (uint64_t)scale;
        struct stats_effect e = stats_welch(&a, &b, 0.9);
        struct stats_noninferiority_mean m = stats_noninferior_rel(&a, &b, margin);
        if (e.status == STATS_OK && a.mean > 0 && fabs(m.p - 0.05) > 1e-5)
            assert_int_equal(m.p<0.05, e.uplift_interval.lower> - margin);
    }
}

static void planned_looks_have_one_verdict_10000_or_long(void **state)
{
    struct draw draw = {35};
    struct stats_group g = {.looks = 3, .t = {0.3, 0.6, 1}, .alpha = 0.05, .is_two_sided = true};
    (void)state;
    stats_group_bounds(&g, STATS_SPEND_OBF, 0);
    for (int i = 0, all = draw_costly_inputs(); i < all; i++) {
        int look = (int)(draw_bits(&draw) % 3);
        double z = 3 * draw_normal(&draw) / 2, se = draw_magnitude(&draw, -3, 3);
        struct stats_stopped s = stats_group_stopped(&g, look, z * se, se, 0.95);
        struct stats_stopped m = stats_group_stopped(&g, look, -z * se, se, 0.95);
        assert_int_equal(s.p_two_sided.value <= 0.05, excludes_0(s.interval));
        assert_true(is_close(s.median_unbiased.value, -m.median_unbiased.value, 1e-6, se));
        assert_true(s.interval.lower <= s.median_unbiased.value &&
                    s.median_unbiased.value <= s.interval.upper);
    }
}

/* One conversion more, one failure less: estimate, statistic and both intervals rise. */
static void conversions_raise_the_effect(void **state)
{
    struct draw draw = {36};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_prop a, b;
        draw_props(&draw, &a, &b);
        if (b.x == b.n)
            continue;
        struct stats_prop c = {b.x + 1, b.n};
        double conf = draw_conf(&draw);
        struct stats_effect e = stats_prop_diff(&a, &b, conf).effect;
        struct stats_effect m = stats_prop_diff(&a, &c, conf).effect;
        assert_true(m.diff.value > e.diff.value);
        assert_true(m.statistic.value > e.statistic.value);
        if (e.diff.value > 0)
            assert_true(m.p_two_sided.value <= e.p_two_sided.value);
        assert_true(m.interval.lower >= e.interval.lower && m.interval.upper >= e.interval.upper);
        assert_true(m.uplift_interval.lower >= e.uplift_interval.lower);
        assert_true(m.uplift_interval.upper >= e.uplift_interval.upper);
    }
}

static double width(struct stats_interval i)
{
    return i.upper - i.lower;
}

static void visitors_narrow_the_interval(void **state)
{
    struct draw draw = {37};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_prop a, b;
        draw_props(&draw, &a, &b);
        struct stats_prop ka = {a.x * 4, a.n * 4}, kb = {b.x * 4, b.n * 4};
        struct stats_effect e = stats_prop_diff(&a, &b, 0.95).effect;
        struct stats_effect m = stats_prop_diff(&ka, &kb, 0.95).effect;
        assert_true(width(m.interval) < width(e.interval));
        assert_true(m.p_two_sided.value <= e.p_two_sided.value * (1 + 1e-12));
        struct stats_moments ma, mb;
        draw_moments(&draw, &ma, &mb);
        struct stats_moments na = {ma.n * 4, ma.mean, ma.m2 * 4, 0},
                             nb = {mb.n * 4, mb.mean, mb.m2 * 4, 0};
        struct stats_effect w = stats_welch(&ma, &mb, 0.95), v = stats_welch(&na, &nb, 0.95);
        if (w.status == STATS_OK && v.status == STATS_OK) {
            assert_true(width(v.interval) < width(w.interval));
            assert_true(width(v.uplift_interval) < width(w.uplift_interval));
            assert_true(v.p_two_sided.value <= w.p_two_sided.value);
        }
    }
}

static uint64_t draw_count(struct draw *draw)
{
    return draw_unit(draw) < 0.05 ? 0 : (uint64_t)draw_magnitude(draw, 0, 9);
}

static void counts_up_to_a_thousand_million_are_clean(void **state)
{
    struct draw draw = {38};
    int every = INPUTS / draw_costly_inputs();
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_prop a = {draw_count(&draw), draw_count(&draw)};
        struct stats_prop b = {draw_count(&draw), draw_count(&draw)};
        a.n = a.n < a.x ? 1000000000 : a.n;
        b.n = b.n < b.x ? 1000000000 : b.n;
        struct stats_effect e = stats_prop_diff(&a, &b, 0.95).effect;
        assert_one_verdict(&e);
        assert_true(is_clean_interval(stats_prop_newcombe(&a, &b, 0.95, i % 2)));
        const uint64_t observed[2] = {a.n, b.n};
        const double weights[2] = {1, draw_magnitude(&draw, -2, 2)};
        struct stats_srm s = stats_srm(observed, weights, 2);
        assert_true(is_clean(s.p) && is_clean(s.log10_p) && is_clean(s.chi2));
        if (i % every == 0) { /* 10,000 of them, or with METE_TEST_LONG all */
            struct stats_beta_prior prior = {0.5, 0.5};
            struct stats_beta_binomial r = stats_beta_binomial(&prior, &a, &b, 0.95, 0);
            assert_true(is_clean_posterior(&r.posterior) && r.posterior.chance_to_win.is_known);
        }
    }
}

/* Adds one visitor. */
static void add_visitor(struct stats_covariates *all, double y, const double *x)
{
    struct stats_covariates one = {.n = 1, .k = all->k, .mean_y = y};
    memcpy(one.mean_x, x, (size_t)all->k * sizeof(*x));
    stats_covariates_merge(all, &one);
}

/* Pairs, and many covariates: cut in three and merged in two orders. */
static void merging_keeps_products(void **state)
{
    enum { VALUES = 24 };
    struct draw draw = {39};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_running_pair whole = {0}, part[3] = {{0}}, back;
        struct stats_covariates all = {.k = 1}, piece[3] = {{.k = 1}, {.k = 1}, {.k = 1}};
        for (int v = 0; v < VALUES; v++) {
            int to = (int)(draw_bits(&draw) % 3);
            double x = 5 + draw_normal(&draw), y = x + draw_normal(&draw);
            stats_running_pair_add(&whole, x, y);
            stats_running_pair_add(&part[to], x, y);
            add_visitor(&all, y, &x);
            add_visitor(&piece[to], y, &x);
        }
        back = part[2];
        stats_running_pair_merge(&back, &part[0]);
        stats_running_pair_merge(&back, &part[1]);
        for (int k = 1; k < 3; k++) {
            stats_running_pair_merge(&part[0], &part[k]);
            stats_covariates_merge(&piece[0], &piece[k]);
        }
        struct stats_comoments o = stats_running_comoments(&back);
        assert_true(is_close(o.c_xy, stats_running_comoments(&part[0]).c_xy, 1e-12, o.m2_x));
        struct stats_comoments w = stats_running_comoments(&whole);
        struct stats_comoments m = stats_running_comoments(&part[0]);
        assert_true(w.n == m.n && all.n == piece[0].n);
        assert_true(is_close(w.c_xy, m.c_xy, 1e-12, w.m2_x));
        assert_true(is_close(w.m2_x, m.m2_x, 1e-12, 0) && is_close(w.m2_y, m.m2_y, 1e-12, 0));
        assert_true(is_close(all.xx[0][0], w.m2_x, 1e-11, 0));
        assert_true(is_close(all.xy[0], piece[0].xy[0], 1e-11, all.m2_y));
        assert_true(is_close(all.m2_y, piece[0].m2_y, 1e-11, 0));
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adjusted_means_have_one_verdict),
        cmocka_unit_test(strata_have_one_verdict),
        cmocka_unit_test(noninferiority_is_the_bound),
        cmocka_unit_test(relative_noninferiority_is_fiellers_bound),
        cmocka_unit_test(planned_looks_have_one_verdict_10000_or_long),
        cmocka_unit_test(conversions_raise_the_effect),
        cmocka_unit_test(visitors_narrow_the_interval),
        cmocka_unit_test(counts_up_to_a_thousand_million_are_clean),
        cmocka_unit_test(merging_keeps_products),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
