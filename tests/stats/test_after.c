// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * After the test: the trend of the effect and the interaction of two campaigns. Figures computed
 * with mpmath at 40 digits: the normal equations by matrix inversion, Student's tail by the
 * regularised incomplete beta function.
 */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { DAYS = 6, INPUTS = 100000 };

static void assert_near(struct stats_number got, double expected, double tolerance)
{
    if (!got.is_known || !(fabs(got.value - expected) <= tolerance * fabs(expected)))
        fail_msg("%.17g (%d), expected %.17g", got.value, got.is_known, expected);
}

static void trend_has_its_figures(void **state)
{
    static const struct stats_trend_day days[DAYS] = {{0, {2.5, 0.04}}, {1, {2.1, 0.05}},
                                                      {2, {1.4, 0.06}}, {3, {1.6, 0.08}},
                                                      {5, {0.7, 0.1}},  {7, {0.3, 0.2}}};
    struct stats_trend r = stats_trend(days, DAYS, 0.95);
    (void)state;
    assert_int_equal(r.status, STATS_OK);
    assert_near(r.first, 2.4009818426361802, 1e-13);
    assert_near(r.first_se, 0.14969145581331763, 1e-13);
    assert_near(r.last, 0.10176193678547411, 1e-12);
    assert_near(r.last_se, 0.28979504851053605, 1e-13);
    assert_near(r.slope, -0.32845998655010087, 1e-13);
    assert_near(r.slope_se, 0.053649589121557149, 1e-13);
    assert_near(r.p_two_sided, 9.2222205453103776e-10, 1e-11);
    assert_near(stats_known(r.slope_interval.lower), -0.43361124901372477, 1e-13);
    assert_near(stats_known(r.slope_interval.upper), -0.22330872408647698, 1e-13);
    assert_near(r.fit_q, 2.8891526563550773, 1e-12);
    assert_near(r.fit_p, 0.57654349170421111, 1e-12);
}

static void assert_trend_is_clean(const struct stats_trend *r)
{
    assert_true(is_clean(r->first) && is_clean(r->first_se) && is_clean(r->last) &&
                is_clean(r->last_se) && is_clean_interval(r->last_interval) && is_clean(r->slope) &&
                is_clean(r->slope_se) && is_clean_interval(r->slope_interval) && is_clean(r->z) &&
                is_clean(r->p_two_sided) && is_clean(r->log10_p) && is_clean(r->fit_q) &&
                is_clean(r->fit_p));
}

/* Any doubles: a status or numbers, never NaN. Swapped arms and another currency change nothing. */
static void trend_keeps_its_laws(void **state)
{
    struct draw draw = {31};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_trend_day a[DAYS], b[DAYS];
        size_t count = draw_bits(&draw) % (DAYS + 1);
        double k = draw_magnitude(&draw, -3, 3);
        for (size_t j = 0; j < count; j++) {
            a[j].day = (double)(draw_bits(&draw) % 20);
            a[j].effect.value = draw_normal(&draw) * draw_magnitude(&draw, -2, 2);
            a[j].effect.variance = draw_magnitude(&draw, -4, 4);
            b[count - 1 - j] = a[j];
            b[count - 1 - j].effect.value *= -k;
            b[count - 1 - j].effect.variance *= k * k;
        }
        struct stats_trend r = stats_trend(a, count, 0.9), m = stats_trend(b, count, 0.9);
        assert_trend_is_clean(&r);
        assert_int_equal(r.status, m.status);
        assert_true(is_close(r.slope.value * k, -m.slope.value, 1e-8, m.slope_se.value));
        assert_true(is_close(r.z.value, -m.z.value, 1e-8, 1));
        assert_true(is_close(r.fit_p.value, m.fit_p.value, 1e-7, 1e-30));
        if (r.p_two_sided.is_known && fabs(r.p_two_sided.value - 0.1) > 1e-9)
            assert_int_equal(r.p_two_sided.value<0.1, r.slope_interval.lower> 0 ||
                             r.slope_interval.upper < 0);
    }
}

static void trend_refuses(void **state)
{
    struct stats_trend_day days[] = {{3, {1, 1}}, {3, {2, 1}}, {4, {5, 1}}};
    (void)state;
    assert_int_equal(stats_trend(days, 0, 0.95).status, STATS_INSUFFICIENT_DATA);
    assert_int_equal(stats_trend(days, 2, 0.95).status, STATS_INSUFFICIENT_DATA);
    assert_int_equal(stats_trend(days, 3, 0.95).status, STATS_OK);
    assert_int_equal(stats_trend(days, 3, 1).status, STATS_INVALID);
    days[0].effect.variance = 0;
    assert_int_equal(stats_trend(days, 3, 0.95).status, STATS_INVALID);
    days[0].effect = (struct stats_estimate){NAN, 1};
    assert_int_equal(stats_trend(days, 3, 0.95).status, STATS_INVALID);
    struct stats_trend_day far[] = {{-1e308, {1e308, 1e-300}}, {1e308, {-1e308, 1e300}}};
    struct stats_trend r = stats_trend(far, 2, 0.95);
    assert_trend_is_clean(&r);
}

static void interaction_has_its_figures(void **state)
{
    struct stats_interaction_cell cells[2][2] = {{{120, {10, 0.12}}, {90, {10.8, 0.2}}},
                                                 {{100, {9.7, 0.15}}, {80, {12.2, 0.31}}}};
    struct stats_interaction r = stats_interaction(cells, 0.95);
    (void)state;
    assert_near(r.diff, 1.7, 1e-13);
    assert_near(r.se, 0.88317608663278469, 1e-14);
    assert_near(r.df, 302.05915137213684, 1e-13);
    assert_near(r.p_two_sided, 0.055184451855039323, 1e-11);
    assert_near(stats_known(r.interval.lower), -0.037956893576807206, 1e-10);
    assert_near(stats_known(r.interval.upper), 3.4379568935768072, 1e-12);
    assert_near(r.without_b.diff, -0.3, 1e-13);
    assert_near(r.with_b.diff, 1.4, 1e-13);
    cells[0][0].n = 1;
    assert_int_equal(stats_interaction(cells, 0.95).status, STATS_INSUFFICIENT_DATA);
    cells[1][1].n = 0;
    assert_int_equal(stats_interaction(cells, 0.95).status, STATS_NO_DATA);
    cells[1][0].mean.variance = NAN;
    assert_int_equal(stats_interaction(cells, 0.95).status, STATS_INVALID);
}

static void interaction_keeps_its_laws(void **state)
{
    struct draw draw = {32};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_interaction_cell a[2][2], t[2][2], m[2][2];
        for (int j = 0; j < 4; j++) {
            struct stats_interaction_cell *c = &a[j / 2][j % 2];
            c->n = (uint64_t)draw_magnitude(&draw, 0.31, 6);
            c->mean.value = 10 + draw_normal(&draw);
            c->mean.variance = draw_bits(&draw) % 8 == 0 ? 0 : draw_magnitude(&draw, -3, 1);
            t[j % 2][j / 2] = *c;
            m[1 - j / 2][j % 2] = *c;
        }
        struct stats_interaction r = stats_interaction(a, 0.95);
        struct stats_interaction s = stats_interaction(t, 0.95), o = stats_interaction(m, 0.95);
        assert_true(is_clean(r.diff) && is_clean(r.se) && is_clean(r.p_two_sided));
        assert_true(is_clean_interval(r.interval) && is_clean_effect(&r.with_b));
        assert_true(is_close(r.diff.value, s.diff.value, 1e-12, 10));
        assert_true(is_close(r.p_two_sided.value, s.p_two_sided.value, 1e-8, 1e-300));
        assert_true(is_close(r.interval.lower, -o.interval.upper, 1e-11, 10));
        if (r.p_two_sided.is_known && fabs(r.p_two_sided.value - 0.05) > 1e-9)
            assert_int_equal(r.p_two_sided.value<0.05, r.interval.lower> 0 || r.interval.upper < 0);
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trend_has_its_figures),
        cmocka_unit_test(trend_keeps_its_laws),
        cmocka_unit_test(trend_refuses),
        cmocka_unit_test(interaction_has_its_figures),
        cmocka_unit_test(interaction_keeps_its_laws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
