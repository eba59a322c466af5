// SPDX-License-Identifier: GPL-3.0-or-later
/* The always-valid test over a range of effects: figures, laws, and how soon it stops. */
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

/* Sums of the three parts and bisection, in another program. */
static void mixture_has_its_figures(void **state)
{
    static const struct {
        double diff, se, tau, alpha, log_lambda, p, halfwidth;
    } rows[] = {
        {0.02, 0.005, 0.01, 0.05, 5.65436857231371, 0.003502183764583573, 0.01594152279029897},
        {0, 1, 1, 0.05, -0.9463420765761896, 1, 3.2005486264240375},
        {1, 0.3, 0.05, 0.05, 2.10552735345071, 0.12178143547206485, 1.1284675908431145},
        {-0.4, 0.1, 2, 0.01, 4.281759597360694, 0.013818325991950087, 0.40801909636562095},
        {3, 1, 0.3, 0.1, 2.0876380281096507, 0.12397962664703059, 3.0971277534392607},
        {0.001, 0.0004, 0.0011, 0.05, 1.118955986719492, 0.3266206129402554, 0.0012831632828944287},
        {12, 3, 1, 0.001, 4.950821395850057, 0.007077593035256048, 13.60916510550171},
        {5, 0.5, 0.25, 0.05, 44.543607173420966, 4.518114164137433e-20, 1.6345042460047967},
        {0.05, 0.02, 0.0005, 0.05, 0.03941113405434071, 0.9613553819498554, 0.2908474017359613},
        {-7, 2, 30, 0.2, 2.6887309175700396, 0.06796714056588837, 6.351277107210694},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct stats_always_valid v =
            stats_mixture(rows[i].diff, rows[i].se, rows[i].tau, rows[i].alpha);
        assert_int_equal(v.status, STATS_OK);
        assert_near(v.log_lambda.value, rows[i].log_lambda, 1e-11);
        assert_near(v.p.value, rows[i].p, 1e-11);
        assert_near(v.halfwidth.value, rows[i].halfwidth, 1e-11);
        assert_near(v.interval.upper, rows[i].diff + rows[i].halfwidth, 1e-11);
    }
}

static void mixture_refuses_what_is_none(void **state)
{
    (void)state;
    assert_int_equal(stats_mixture(1, 0, 1, 0.05).status, STATS_ZERO_VARIANCE);
    const double bad[][4] = {{NAN, 1, 1, 0.05},      {1, -1, 1, 0.05},      {1, NAN, 1, 0.05},
                             {1, 1, 0, 0.05},        {1, 1, -1, 0.05},      {1, 1, NAN, 0.05},
                             {1, 1, 1, 0},           {1, 1, 1, 1},          {1, 1, 1, NAN},
                             {1, 1, INFINITY, 0.05}, {INFINITY, 1, 1, 0.05}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(stats_mixture(bad[i][0], bad[i][1], bad[i][2], bad[i][3]).status,
                         STATS_INVALID);
}

/* The test and its interval say the same, and the mixture lies between its parts: at most the
 * narrowest of them, at least the narrowest that has a third of the error alone. */
static void mixture_has_one_verdict(void **state)
{
    struct draw draw = {61};
    (void)state;
    for (int i = 0; i < 100000; i++) {
        double se = draw_magnitude(&draw, -4, 4), d = 3 * draw_normal(&draw) * se;
        double tau = se * draw_magnitude(&draw, -3, 3), alpha = draw_magnitude(&draw, -6, -0.3);
        struct stats_always_valid v = stats_mixture(d, se, tau, alpha);
        double narrow = INFINITY, wide = INFINITY;
        for (int j = 0; j < STATS_MIXTURE_PARTS; j++) {
            double scale = tau * pow(8, 0.5 * j);
            narrow = fmin(narrow, stats_msprt(d, se, scale, alpha).halfwidth.value);
            wide =
                fmin(wide, stats_msprt(d, se, scale, alpha / STATS_MIXTURE_PARTS).halfwidth.value);
        }
        assert_int_equal(v.status, STATS_OK);
        assert_true(v.halfwidth.value >= narrow * (1 - 1e-12));
        assert_true(v.halfwidth.value <= wide * (1 + 1e-12));
        assert_true(v.halfwidth.value > se * stats_norm_critical(1 - alpha));
        if (fabs(v.p.value - alpha) > 1e-9 * alpha)
            assert_int_equal(v.p.value<alpha, v.interval.lower> 0 || v.interval.upper < 0);
    }
}

static void mixture_stops_where_the_effect_meets_the_bound(void **state)
{
    struct draw draw = {62};
    (void)state;
    assert_near(stats_mixture_stop(0.01, 0.02, 0.05), 114129.71128599969, 1e-11);
    assert_near(stats_mixture_stop(-1, 0.1, 0.001), 19.882557286508458, 1e-11);
    assert_near(stats_mixture_stop(0.001, 0.02, 0.05), 16183921.13739707, 1e-11);
    assert_near(stats_mixture_stop(3, 0.001, 0.05), 119.05946056195518, 1e-11);
    for (int i = 0; i < 10000; i++) {
        double effect = draw_magnitude(&draw, -6, 6), tau = effect * draw_magnitude(&draw, -4, 4);
        double alpha = draw_magnitude(&draw, -12, -0.01);
        double v = stats_mixture_stop(effect, tau, alpha);
        assert_near(stats_mixture(0, 1 / sqrt(v), tau, alpha).halfwidth.value, effect, 1e-9);
        assert_true(stats_mixture_stop(2 * effect, tau, alpha) < v);
    }
    assert_true(isnan(stats_mixture_stop(0, 1, 0.05)) && isnan(stats_mixture_stop(1, 0, 0.05)));
    assert_true(isnan(stats_mixture_stop(1, 1, 1)));
    assert_true(isnan(stats_mixture_stop(INFINITY, 1, 0.05)));
}

enum { RUNS = 3000, STEPS = 300, LAST = 8 * STEPS, SCALES = 12, TESTS = SCALES + 1 };

/* What |z| must be for a call at step k of one of the tests: the mixture, then single scales. */
static void make_bounds(double planned, double best, double bounds[TESTS][LAST + 1])
{
    for (int k = 1; k <= LAST; k++) {
        double se = sqrt((double)STEPS / k);
        bounds[0][k] = stats_mixture(0, se, planned, 0.05).halfwidth.value / se;
        bounds[1][k] = stats_msprt(0, se, planned, 0.05).halfwidth.value / se;
        for (int i = 2; i < TESTS; i++) {
            double scale = best * pow(2, (i - 7) / 2.0);
            bounds[i][k] = stats_msprt(0, se, scale, 0.05).halfwidth.value / se;
        }
    }
}

/*
 * The size is planned for an effect that a fixed test sees with a power of 80 %; the truth is
 * 'times' that. Information is counted in fixed tests of the truth, STEPS of them each. Mean
 * information until the call of each test, over the same paths.
 */
static void mean_stops(double times, uint64_t seed, double means[TESTS])
{
    static double bounds[TESTS][LAST + 1];
    const double drift = stats_norm_z(0.025) + stats_norm_z(0.2);
    struct draw draw = {seed};
    make_bounds(stats_asymptotic_rho(times * times, 0.05), stats_asymptotic_rho(1, 0.05), bounds);
    for (int i = 0; i < TESTS; i++)
        means[i] = 0;
    for (int run = 0; run < RUNS; run++) {
        int called[TESTS] = {0}, open = TESTS;
        double sum = 0;
        for (int k = 1; k <= LAST && open; k++) {
            sum += drift / STEPS + draw_normal(&draw) / sqrt(STEPS);
            double z = fabs(sum) / sqrt((double)k / STEPS);
            for (int i = 0; i < TESTS; i++)
                if (!called[i] && (z >= bounds[i][k] || k == LAST)) {
                    called[i] = k;
                    open--;
                }
        }
        for (int i = 0; i < TESTS; i++)
            means[i] += (double)called[i] / STEPS / RUNS;
    }
}

/* Over the range that the header states, within 1.25 times the best of a grid of single scales;
 * the planned scale alone is not. */
static void mixture_is_near_the_best_scale_over_its_range(void **state)
{
    static const double range[] = {STATS_MIXTURE_FROM, 0.7, 1, 1.5, 2, 3, 4, 5, 6, 8,
                                   STATS_MIXTURE_TO};
    (void)state;
    for (size_t r = 0; r < sizeof(range) / sizeof(range[0]); r++) {
        double means[TESTS], best = INFINITY;
        mean_stops(range[r], 63 + r, means);
        for (int i = 1; i < TESTS; i++)
            best = fmin(best, means[i]);
        print_message("%4g times the planned effect: mixture %.3f, planned scale %.3f, best "
                      "%.3f of the fixed test: %.3f times the best\n",
                      range[r], means[0], means[1], best, means[0] / best);
        assert_true(means[0] <= 1.25 * best);
        assert_true(range[r] < 6 || means[1] > 1.4 * best);
        double v = stats_mixture_stop(stats_norm_z(0.025) + stats_norm_z(0.2),
                                      stats_asymptotic_rho(range[r] * range[r], 0.05), 0.05);
        assert_true(means[0] > 0.75 * v && means[0] < 1.02 * v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixture_has_its_figures),
        cmocka_unit_test(mixture_refuses_what_is_none),
        cmocka_unit_test(mixture_has_one_verdict),
        cmocka_unit_test(mixture_stops_where_the_effect_meets_the_bound),
        cmocka_unit_test(mixture_is_near_the_best_scale_over_its_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
