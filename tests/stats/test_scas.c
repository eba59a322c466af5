// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The skewness-corrected score for small proportions. Figures computed with mpmath at 30 digits:
 * the constrained likelihood by bisecting its derivative, the limits by bisecting the statistic.
 */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * fabs(expected)))
        fail_msg("%.17g, expected %.17g", got, expected);
}

static void scas_has_its_figures(void **state)
{
    static const struct {
        struct stats_prop a, b;
        double z, p, lower, upper, uplift_lower, uplift_upper;
    } rows[] = {
        {{5, 20},
         {12, 25},
         1.5675828099834,
         0.11697852643601,
         -0.059353472326877,
         0.48668023024172,
         -0.14376529828479,
         4.1923039222621},
        {{1, 15},
         {6, 18},
         1.854723323466,
         0.063635746378299,
         -0.017654400902051,
         0.52325654818746,
         -0.075050464296672,
         89.224470633116},
        {{40, 45},
         {30, 44},
         -2.3675865092653,
         0.017904533682173,
         -0.3749984528705,
         -0.037403749084434,
         -0.4079515490374,
         -0.046309920402455},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct stats_effect e = stats_prop_scas(&rows[i].a, &rows[i].b, 0.95);
        assert_int_equal(e.status, STATS_OK);
        assert_near(e.statistic.value, rows[i].z, 1e-11);
        assert_near(e.p_two_sided.value, rows[i].p, 1e-11);
        assert_near(e.interval.lower, rows[i].lower, 1e-10);
        assert_near(e.interval.upper, rows[i].upper, 1e-10);
        assert_near(e.uplift_interval.lower, rows[i].uplift_lower, 1e-10);
        assert_near(e.uplift_interval.upper, rows[i].uplift_upper, 1e-10);
    }
    struct stats_prop none = {0, 12}, some = {4, 10};
    struct stats_effect e = stats_prop_scas(&none, &some, 0.95);
    assert_int_equal(e.status, STATS_BASELINE_ZERO);
    assert_near(e.p_two_sided.value, 0.020202464910796, 1e-11);
    assert_near(e.interval.lower, 0.084237710986439, 1e-10);
    assert_near(e.interval.upper, 0.70737199319716, 1e-10);
}

static bool excludes_0(struct stats_interval interval)
{
    return interval.lower > 0 || interval.upper < 0;
}

static void assert_lawful(struct stats_prop a, struct stats_prop b)
{
    struct stats_prop fa = {a.n - a.x, a.n}, fb = {b.n - b.x, b.n};
    struct stats_effect e = stats_prop_scas(&a, &b, 0.95), m = stats_prop_scas(&b, &a, 0.95);
    struct stats_effect f = stats_prop_scas(&fa, &fb, 0.95);
    assert_true(is_clean_effect(&e));
    assert_true(is_close(e.p_two_sided.value, m.p_two_sided.value, 1e-9, 0));
    assert_true(is_close(e.p_two_sided.value, f.p_two_sided.value, 1e-9, 0));
    assert_true(is_close(e.interval.lower, -m.interval.upper, 1e-8, 1e-6));
    assert_true(is_close(e.interval.lower, -f.interval.upper, 1e-8, 1e-6));
    if (fabs(e.p_two_sided.value - 0.05) < 1e-8)
        return;
    assert_int_equal(e.p_two_sided.value < 0.05, excludes_0(e.interval));
    assert_int_equal(e.p_two_sided.value < 0.05, excludes_0(e.uplift_interval));
}

/* Every table of up to 14 a side, and random large ones. */
static void scas_keeps_its_laws_10000_or_long(void **state)
{
    struct draw draw = {81};
    (void)state;
    for (uint64_t n1 = 1; n1 <= 14; n1++)
        for (uint64_t n2 = 1; n2 <= 14; n2++)
            for (uint64_t i = 0; i < (n1 + 1) * (n2 + 1); i++)
                assert_lawful((struct stats_prop){i / (n2 + 1), n1},
                              (struct stats_prop){i % (n2 + 1), n2});
    for (int i = 0, all = draw_costly_inputs(); i < all; i++) {
        struct stats_prop a, b;
        draw_props(&draw, &a, &b);
        assert_lawful(a, b);
    }
    struct stats_prop none = {0, 0}, one = {1, 2};
    assert_int_equal(stats_prop_scas(&none, &one, 0.95).status, STATS_NO_DATA);
    assert_int_equal(stats_prop_scas(&one, &one, 2).status, STATS_INVALID);
}

/* Exact chance of missing the true difference on either side, 12 against 36 visitors. */
static void misses(double p1, double p2, bool is_corrected, double ret_side[2])
{
    enum { N1 = 12, N2 = 36 };
    ret_side[0] = ret_side[1] = 0;
    for (int i = 0; i <= N1; i++)
        for (int j = 0; j <= N2; j++) {
            struct stats_prop a = {(uint64_t)i, N1}, b = {(uint64_t)j, N2};
            struct stats_interval c = is_corrected ? stats_prop_scas(&a, &b, 0.9).interval
                                                   : stats_prop_score_diff(&a, &b, 0.9, true);
            double chance = exp(lgamma(N1 + 1) - lgamma(i + 1) - lgamma(N1 - i + 1) + i * log(p1) +
                                (N1 - i) * log1p(-p1) + lgamma(N2 + 1) - lgamma(j + 1) -
                                lgamma(N2 - j + 1) + j * log(p2) + (N2 - j) * log1p(-p2));
            ret_side[0] += c.lower > p2 - p1 ? chance : 0;
            ret_side[1] += c.upper < p2 - p1 ? chance : 0;
        }
}

static void scas_is_less_lopsided(void **state)
{
    double plain = 0, corrected = 0, side[2];
    (void)state;
    for (double p1 = 0.08; p1 < 0.4; p1 += 0.04) {
        misses(p1, 0.1 + p1 / 2, false, side);
        plain += side[0] - side[1];
        misses(p1, 0.1 + p1 / 2, true, side);
        corrected += side[0] - side[1];
        assert_true(side[0] + side[1] < 0.14);
    }
    assert_true(2 * fabs(corrected) < fabs(plain));
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scas_has_its_figures),
        cmocka_unit_test(scas_keeps_its_laws_10000_or_long),
        cmocka_unit_test(scas_is_less_lopsided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
