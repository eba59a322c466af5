// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Estimates after a group-sequential stop. Figures computed with mpmath at 25 digits by nested
 * quadrature over bounds 4, 2.5, 2 at information 0.3, 0.7, 1: the density at the second look from
 * the Brownian bridge between 0 and it, which is another way than the recursion under test.
 */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct stats_group three = {.looks = 3,
                                         .t = {0.3, 0.7, 1},
                                         .alpha = 0.05,
                                         .is_two_sided = true,
                                         .status = STATS_OK,
                                         .z = {4, 2.5, 2}};

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * fabs(expected)))
        fail_msg("%.17g, expected %.17g", got, expected);
}

static void stopping_has_its_figures(void **state)
{
    static const struct {
        int look;
        double z, p, lower, median, upper;
    } rows[] = {
        {1, 2.8, 0.00514308392931343, 0.83872380744423, 2.7993532933332, 4.7595502445351},
        {2, 1.2, 0.230442549541915, -0.760896047234, 1.1993833338996, 3.1595088232513},
        {2, -2.3, 0.027251991663033, -4.228901100983, -2.2531827243631, -0.25595721572178},
        {0, 4.5, 6.79534624946012e-6, 2.5400360154599, 4.5, 6.4599639845401},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct stats_stopped r =
            stats_group_stopped(&three, rows[i].look, 10 * rows[i].z, 10, 0.95);
        assert_int_equal(r.status, STATS_OK);
        assert_near(r.p_two_sided.value, rows[i].p, 1e-10);
        assert_near(r.interval.lower, 10 * rows[i].lower, 1e-8);
        assert_near(r.median_unbiased.value, 10 * rows[i].median, 1e-8);
        assert_near(r.interval.upper, 10 * rows[i].upper, 1e-8);
    }
}

/* At a bound the p-value is the error spent there; beyond it p < alpha and 0 is outside. */
static void p_at_a_bound_is_the_error_spent(void **state)
{
    struct stats_group g = {
        .looks = 4, .t = {0.2, 0.5, 0.75, 1}, .alpha = 0.05, .is_two_sided = true};
    (void)state;
    stats_group_bounds(&g, STATS_SPEND_POCOCK, 0);
    for (int k = 0; k < g.looks; k++) {
        struct stats_stopped at = stats_group_stopped(&g, k, g.z[k], 1, 0.95);
        assert_near(at.p_two_sided.value, g.cumulative[k], 1e-8);
    }
    for (int sign = -1; sign <= 1; sign += 2) {
        struct stats_stopped in = stats_group_stopped(&g, 3, sign * (g.z[3] - 1e-6), 1, 0.95);
        struct stats_stopped out = stats_group_stopped(&g, 3, sign * (g.z[3] + 1e-6), 1, 0.95);
        assert_true(in.p_two_sided.value > 0.05 && out.p_two_sided.value < 0.05);
        assert_true(in.interval.lower < 0 && in.interval.upper > 0);
        assert_true(sign > 0 ? out.interval.lower > 0 : out.interval.upper < 0);
    }
}

/* P(|Z1| < c, |Z2| >= z) where the second look has 1/share times the first one's information:
 * Simpson's rule over the first look's z. */
static double second_only(double c, double z, double share)
{
    enum { STEPS = 4000 };
    double sum = 0, sd = sqrt(1 - share);
    for (int i = 0; i <= STEPS; i++) {
        double x = -c + 2 * c * i / STEPS, mean = x * sqrt(share);
        double tail = erfc((z - mean) / sd / M_SQRT2) / 2 + erfc((z + mean) / sd / M_SQRT2) / 2;
        sum += (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2) * exp(-x * x / 2) * tail;
    }
    return sum * 2 * c / STEPS / 3 / sqrt(2 * M_PI);
}

/* Planned at 1/2 and 1, the last look came at 1.6: its share of the information of the first is
 * 0.5 / 1.6, what the first spent stays. */
static void a_late_last_look_spends_the_rest(void **state)
{
    struct stats_group plan = {.looks = 2, .t = {0.5, 1}, .alpha = 0.05, .is_two_sided = true};
    struct stats_group late = {.looks = 2, .t = {0.3125, 1}, .alpha = 0.05, .is_two_sided = true};
    (void)state;
    stats_group_bounds(&plan, STATS_SPEND_POCOCK, 0);
    stats_group_bounds_overrun(&late, STATS_SPEND_POCOCK, 0, 1.6);
    assert_int_equal(late.status, STATS_OK);
    assert_near(late.z[0], plan.z[0], 1e-12);
    assert_near(late.cumulative[0], plan.cumulative[0], 1e-12);
    assert_true(late.z[1] > plan.z[1] + 1e-3);
    assert_near(second_only(late.z[0], late.z[1], 0.3125), 0.05 - plan.cumulative[0], 1e-8);
    assert_near(second_only(plan.z[0], plan.z[1], 0.5), 0.05 - plan.cumulative[0], 1e-8);
    late.t[0] = 0.7;
    stats_group_bounds_overrun(&late, STATS_SPEND_POCOCK, 0, 1.6);
    assert_int_equal(late.status, STATS_INVALID);
    late.t[0] = 0.3;
    late.t[1] = 0.9;
    stats_group_bounds_overrun(&late, STATS_SPEND_POCOCK, 0, 1.6);
    assert_int_equal(late.status, STATS_INVALID);
    stats_group_bounds_overrun(&plan, STATS_SPEND_POCOCK, 0, 0.9);
    assert_int_equal(plan.status, STATS_INVALID);
}

/* Mirrored results mirror, units scale, and an earlier stop is shrunk towards 0. */
static void stopping_keeps_its_laws(void **state)
{
    struct draw draw = {51};
    (void)state;
    for (int i = 0; i < 40; i++) {
        int look = (int)(draw_bits(&draw) % 3);
        double z = 3 * draw_normal(&draw), se = draw_magnitude(&draw, -6, 6);
        struct stats_stopped r = stats_group_stopped(&three, look, z, 1, 0.9);
        struct stats_stopped m = stats_group_stopped(&three, look, -z * se, se, 0.9);
        assert_true(is_clean(r.p_two_sided) && is_clean(r.log10_p) && is_clean(r.p_upper));
        assert_true(is_close(r.p_two_sided.value, m.p_two_sided.value, 1e-9, 1e-300));
        assert_true(is_close(r.interval.lower, -m.interval.upper / se, 1e-7, 1));
        assert_true(is_close(r.median_unbiased.value, -m.median_unbiased.value / se, 1e-7, 1));
        assert_true(r.interval.lower < r.median_unbiased.value);
        assert_true(r.median_unbiased.value < r.interval.upper);
        assert_true(fabs(r.median_unbiased.value) <= fabs(z) + 1e-7);
    }
}

static void one_look_is_the_fixed_test(void **state)
{
    struct stats_group g = {.looks = 1, .t = {1}, .alpha = 0.05, .is_two_sided = true};
    (void)state;
    stats_group_bounds(&g, STATS_SPEND_OBF, 0);
    struct stats_stopped r = stats_group_stopped(&g, 0, 30, 12, 0.95);
    assert_near(r.p_two_sided.value, 2 * stats_norm_q(2.5), 1e-13);
    assert_near(r.median_unbiased.value, 30, 1e-9);
    assert_near(r.interval.lower, 30 - 12 * 1.9599639845400545, 1e-8);
    assert_near(r.interval.upper, 30 + 12 * 1.9599639845400545, 1e-8);
}

/* Paths with drift 3: the plain estimate is too high on average, this one is above and below
 * equally often, and its interval keeps its level. */
static void stopping_is_median_unbiased(void **state)
{
    enum { RUNS = 1000 };
    struct draw draw = {52};
    int above = 0, covered = 0;
    double plain = 0;
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        double b = 0, t = 0, u1, u2;
        int k = 0;
        for (;; k++) {
            u1 = 1 - draw_unit(&draw);
            u2 = draw_unit(&draw);
            double step = three.t[k] - t, noise = sqrt(-2 * log(u1)) * cos(2 * M_PI * u2);
            b += 3 * step + sqrt(step) * noise;
            t = three.t[k];
            if (k == 2 || fabs(b) >= three.z[k] * sqrt(t))
                break;
        }
        struct stats_stopped r = stats_group_stopped(&three, k, b / t, 1 / sqrt(t), 0.9);
        plain += b / t / RUNS;
        above += r.median_unbiased.value > 3;
        covered += r.interval.lower <= 3 && r.interval.upper >= 3;
    }
    assert_true(plain > 3.1);
    assert_in_range(above, 440, 560);
    assert_in_range(covered, 866, 934);
}

static void stopping_refuses(void **state)
{
    struct stats_group g = three;
    (void)state;
    assert_int_equal(stats_group_stopped(&g, 3, 1, 1, 0.95).status, STATS_INVALID);
    assert_int_equal(stats_group_stopped(&g, -1, 1, 1, 0.95).status, STATS_INVALID);
    assert_int_equal(stats_group_stopped(&g, 0, 1, 0, 0.95).status, STATS_INVALID);
    assert_int_equal(stats_group_stopped(&g, 0, NAN, 1, 0.95).status, STATS_INVALID);
    assert_int_equal(stats_group_stopped(&g, 0, 1, 1, 1).status, STATS_INVALID);
    g.status = STATS_INVALID;
    assert_int_equal(stats_group_stopped(&g, 0, 1, 1, 0.95).status, STATS_INVALID);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stopping_has_its_figures),
        cmocka_unit_test(p_at_a_bound_is_the_error_spent),
        cmocka_unit_test(a_late_last_look_spends_the_rest),
        cmocka_unit_test(stopping_keeps_its_laws),
        cmocka_unit_test(one_look_is_the_fixed_test),
        cmocka_unit_test(stopping_is_median_unbiased),
        cmocka_unit_test(stopping_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
