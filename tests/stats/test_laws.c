// SPDX-License-Identifier: GPL-3.0-or-later
/* Laws of the frequentist answers: test and intervals agree, mirroring, scaling, merging. */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { INPUTS = 100000 };

/* Too near the level to ask a verdict of rounded numbers. */
static bool is_edge(double p, double alpha)
{
    return fabs(p - alpha) < 1e-7 * alpha;
}

static bool excludes_0(struct stats_interval interval)
{
    return interval.lower > 0 || interval.upper < 0;
}

/* p < alpha exactly where the interval excludes no difference, and where the uplift's does. */
static void assert_one_verdict(const struct stats_effect *e)
{
    double alpha = 1 - e->conf;
    assert_true(is_clean_effect(e));
    if (!e->p_two_sided.is_known || is_edge(e->p_two_sided.value, alpha))
        return;
    bool is_significant = e->p_two_sided.value < alpha;
    assert_int_equal(excludes_0(e->interval), is_significant);
    if (e->uplift_interval.is_known)
        assert_int_equal(excludes_0(e->uplift_interval), is_significant);
}

static double draw_conf(struct draw *draw)
{
    static const double levels[] = {0.8, 0.9, 0.95, 0.99, 0.999};
    return levels[draw_bits(draw) % 5];
}

static void proportions_have_one_verdict(void **state)
{
    struct draw draw = {1};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_prop a, b;
        draw_props(&draw, &a, &b);
        struct stats_prop_diff r = stats_prop_diff(&a, &b, draw_conf(&draw));
        assert_one_verdict(&r.effect);
        assert_true(is_clean(r.z_pooled) && is_clean(r.p_pooled) && is_clean_interval(r.wald));
        assert_true(r.effect.interval.lower >= -1 && r.effect.interval.upper <= 1);
        assert_true(r.effect.uplift_interval.lower >= -1);
    }
}

static void proportions_mirror(void **state)
{
    struct draw draw = {2};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_prop a, b;
        draw_props(&draw, &a, &b);
        struct stats_effect e = stats_prop_diff(&a, &b, 0.95).effect;
        struct stats_effect m = stats_prop_diff(&b, &a, 0.95).effect;
        assert_true(is_close(e.p_two_sided.value, m.p_two_sided.value, 1e-12, 0));
        assert_true(is_close(e.interval.lower, -m.interval.upper, 1e-8, 1e-6));
        assert_true(is_close(e.interval.upper, -m.interval.lower, 1e-8, 1e-6));
        /* Failures for conversions: the difference changes its sign, the test stays. */
        struct stats_prop fa = {a.n - a.x, a.n}, fb = {b.n - b.x, b.n};
        struct stats_effect f = stats_prop_diff(&fa, &fb, 0.95).effect;
        assert_true(is_close(e.p_two_sided.value, f.p_two_sided.value, 1e-9, 1e-12));
        assert_true(is_close(e.interval.lower, -f.interval.upper, 1e-8, 1e-6));
    }
}

static void means_have_one_verdict(void **state)
{
    struct draw draw = {3};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_moments a, b;
        draw_moments(&draw, &a, &b);
        struct stats_effect e = stats_welch(&a, &b, draw_conf(&draw));
        assert_one_verdict(&e);
    }
}

static void means_mirror_and_rescale(void **state)
{
    struct draw draw = {4};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_moments a, b;
        draw_moments(&draw, &a, &b);
        struct stats_effect e = stats_welch(&a, &b, 0.95), m = stats_welch(&b, &a, 0.95);
        assert_true(is_close(e.p_two_sided.value, m.p_two_sided.value, 1e-11, 0));
        assert_true(is_close(e.interval.lower, -m.interval.upper, 1e-9, e.se.value));
        double k = draw_magnitude(&draw, -3, 3);
        struct stats_moments ka = {a.n, a.mean * k, a.m2 * k * k, 0};
        struct stats_moments kb = {b.n, b.mean * k, b.m2 * k * k, 0};
        struct stats_effect s = stats_welch(&ka, &kb, 0.95);
        assert_int_equal(s.status, e.status);
        assert_true(is_close(s.p_two_sided.value, e.p_two_sided.value, 1e-7, 1e-300));
        assert_true(is_close(s.diff.value, e.diff.value * k, 1e-9, e.se.value * k));
        assert_true(is_close(s.uplift_interval.lower, e.uplift_interval.lower, 1e-7, 1e-9));
    }
}

static void ratios_have_one_verdict(void **state)
{
    struct draw draw = {5};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_moments a, b;
        draw_moments(&draw, &a, &b);
        double d = draw_magnitude(&draw, -2, 1), sd = d * draw_magnitude(&draw, -1, 1);
        double r1 = 2 * draw_unit(&draw) - 1, r2 = 2 * draw_unit(&draw) - 1;
        struct stats_comoments ca = {a.n, a.mean, d, a.m2, sd * sd * (double)(a.n - 1), 0};
        struct stats_comoments cb = {b.n, b.mean, d, b.m2, sd * sd * (double)(b.n - 1), 0};
        ca.c_xy = r1 * sqrt(ca.m2_x * ca.m2_y);
        cb.c_xy = r2 * sqrt(cb.m2_x * cb.m2_y);
        struct stats_effect e = stats_ratio(&ca, &cb, draw_conf(&draw));
        assert_one_verdict(&e);
        struct stats_cuped c = stats_cuped(&ca, &cb, 0.95);
        assert_one_verdict(&c.within);
        assert_one_verdict(&c.lin);
        assert_true(is_clean(c.balance_p) && is_clean(c.variance_reduction));
    }
}

static void sequential_has_one_verdict(void **state)
{
    struct draw draw = {6};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        double se = draw_magnitude(&draw, -4, 4), d = 3 * draw_normal(&draw) * se;
        double tau = se * draw_magnitude(&draw, -2, 2), alpha = 1 - draw_conf(&draw);
        struct stats_always_valid v = stats_msprt(d, se, tau, alpha);
        assert_true(is_clean(v.p) && is_clean(v.log10_p) && is_clean_interval(v.interval));
        if (!is_edge(v.p.value, alpha))
            assert_int_equal(v.p.value < alpha, excludes_0(v.interval));
        /* Never narrower than the interval of a single look. */
        assert_true(v.halfwidth.value > se * stats_norm_critical(1 - alpha));
        struct stats_estimate control = {draw_magnitude(&draw, -2, 2) * se, se * se / 2};
        struct stats_estimate treatment = {control.value + d, se * se / 2};
        v = stats_always_valid_uplift(control, treatment, 0, tau, alpha);
        if (v.uplift_interval.is_known && !is_edge(v.p.value, alpha))
            assert_int_equal(v.p.value < alpha, excludes_0(v.uplift_interval));
    }
}

static struct stats_running accumulate(const double *values, size_t from, size_t to)
{
    struct stats_running r = {0};
    for (size_t i = from; i < to; i++)
        stats_running_add(&r, values[i]);
    return r;
}

/* However values are cut into parts and merged: the moments stay, and the exact sums agree. */
static void merging_keeps_moments(void **state)
{
    enum { VALUES = 30 };
    struct draw draw = {7};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        double values[VALUES], offset = draw_unit(&draw) < 0.3 ? 1e6 : 0;
        struct stats_sums sums = {.unit = 0.01};
        for (size_t k = 0; k < VALUES; k++) {
            __int128 cents = (__int128)(100 * (offset + draw_magnitude(&draw, -2, 4)));
            if (draw_unit(&draw) < 0.4)
                cents = 0;
            assert_true(stats_sums_add(&sums, cents));
            values[k] = (double)cents / 100;
        }
        size_t cut = (size_t)(draw_bits(&draw) % (VALUES + 1));
        struct stats_running whole = accumulate(values, 0, VALUES);
        struct stats_running left = accumulate(values, 0, cut);
        struct stats_running right = accumulate(values, cut, VALUES);
        struct stats_running swapped = right;
        stats_running_merge(&left, &right);
        right = accumulate(values, 0, cut);
        stats_running_merge(&swapped, &right);
        struct stats_moments w = stats_running_moments(&whole), l = stats_running_moments(&left);
        struct stats_moments s = stats_running_moments(&swapped), exact;
        assert_true(stats_moments_from_sums(&sums, &exact));
        assert_true(is_close(w.mean, l.mean, 1e-12, 0) && is_close(w.mean, s.mean, 1e-12, 0));
        assert_true(is_close(w.m2, l.m2, 1e-12, 0) && is_close(w.m2, s.m2, 1e-12, 0));
        double scale = w.m2 * sqrt(w.m2);
        assert_true(is_close(w.m3, l.m3, 1e-12, scale) && is_close(w.m3, s.m3, 1e-12, scale));
        assert_true(is_close(w.mean, exact.mean, 1e-12, 0));
        assert_true(is_close(w.m2, exact.m2, 1e-12, 0));
        assert_true(is_close(w.m3, exact.m3, 1e-10, scale));
    }
}

/* Adjusting never makes a p-value smaller, keeps the order, and the methods are nested. */
static void adjustments_are_ordered(void **state)
{
    enum { TESTS = 12 };
    struct draw draw = {8};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_number p[TESTS], out[STATS_BY + 1][TESTS];
        size_t order[TESTS], m = 0;
        for (size_t k = 0; k < TESTS; k++) {
            p[k] = stats_known(draw_magnitude(&draw, -6, 0));
            p[k].is_known = draw_unit(&draw) < 0.9;
        }
        for (int method = STATS_BONFERRONI; method <= STATS_BY; method++)
            m = stats_adjust((enum stats_adjustment)method, p, TESTS, order, out[method]);
        for (size_t k = 0; k < m; k++) {
            size_t at = order[k];
            for (int method = STATS_BONFERRONI; method <= STATS_BY; method++) {
                assert_true(out[method][at].value >= p[at].value * (1 - 1e-14));
                if (k > 0)
                    assert_true(out[method][at].value >= out[method][order[k - 1]].value);
            }
            assert_true(out[STATS_HOLM][at].value <= out[STATS_BONFERRONI][at].value);
            assert_true(out[STATS_HOCHBERG][at].value <= out[STATS_HOLM][at].value);
            double hochberg = out[STATS_HOCHBERG][at].value * (1 + 1e-14);
            assert_true(out[STATS_BH][at].value <= hochberg);
            assert_true(out[STATS_BH][at].value <= out[STATS_BY][at].value);
        }
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proportions_have_one_verdict),
        cmocka_unit_test(proportions_mirror),
        cmocka_unit_test(means_have_one_verdict),
        cmocka_unit_test(means_mirror_and_rescale),
        cmocka_unit_test(ratios_have_one_verdict),
        cmocka_unit_test(sequential_has_one_verdict),
        cmocka_unit_test(merging_keeps_moments),
        cmocka_unit_test(adjustments_are_ordered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
