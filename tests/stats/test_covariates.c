// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * CUPED with several covariates. Figures computed with mpmath at 40 digits from the visitors
 * below: matrix inverse for the slopes, Student's tail by the incomplete beta function, Fieller's
 * quadratic as written in its formula.
 */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 100000, CONTROL = 10, TREATMENT = 11 };

/* y, x_0, x_1. */
static const double control_rows[CONTROL][3] = {{12, 3, 7}, {15, 5, 2}, {9, 1, 4},  {20, 8, 9},
                                                {11, 2, 5}, {14, 6, 1}, {17, 7, 6}, {8, 0, 3},
                                                {13, 4, 8}, {16, 5, 5}};
static const double treatment_rows[TREATMENT][3] = {{16, 4, 6}, {19, 7, 3}, {10, 1, 5}, {24, 9, 8},
                                                    {13, 2, 2}, {15, 3, 7}, {22, 8, 4}, {11, 2, 1},
                                                    {18, 6, 9}, {20, 6, 6}, {14, 3, 3}};

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * fabs(expected)))
        fail_msg("%.17g, expected %.17g", got, expected);
}

/* Adds one visitor. */
static void add_visitor(struct stats_covariates *all, double y, const double *x)
{
    struct stats_covariates one = {.n = 1, .k = all->k, .mean_y = y};
    memcpy(one.mean_x, x, (size_t)all->k * sizeof(*x));
    stats_covariates_merge(all, &one);
}

static struct stats_covariates arm_of(const double (*rows)[3], int count)
{
    struct stats_covariates arm = {.k = 2};
    for (int i = 0; i < count; i++)
        add_visitor(&arm, rows[i][0], rows[i] + 1);
    return arm;
}

static void assert_effect(const struct stats_effect *e, const double figures[8])
{
    assert_int_equal(e->status, STATS_OK);
    assert_near(e->diff.value, figures[0], 1e-13);
    assert_near(e->se.value, figures[1], 1e-12);
    assert_near(e->df.value, figures[2], 1e-12);
    assert_near(e->p_two_sided.value, figures[3], 1e-10);
    assert_near(e->interval.lower, figures[4], 1e-11);
    assert_near(e->interval.upper, figures[5], 1e-11);
    assert_near(e->uplift_interval.lower, figures[6], 1e-11);
    assert_near(e->uplift_interval.upper, figures[7], 1e-11);
}

static void two_covariates_have_their_figures(void **state)
{
    static const double within[] = {2.2836788149753873,   0.38867798836773866, 18.889953091765467,
                                    1.198345205385372e-5, 1.469845550167895,   3.0975120797828795,
                                    0.10126311505448537,  0.2371403315218903};
    static const double lin[] = {2.2888603530771861,    0.38768926793228941, 18.938071168476162,
                                 1.1165739101843874e-5, 1.4772377576215772,  3.100482948532795,
                                 0.10655588502910481,   0.22731240105571406};
    struct stats_covariates a = arm_of(control_rows, CONTROL);
    struct stats_covariates b = arm_of(treatment_rows, TREATMENT);
    struct stats_cuped_many r = stats_cuped_many(&a, &b, 0.95);
    (void)state;
    assert_int_equal(r.status, STATS_OK);
    assert_int_equal(r.dropped, 0);
    assert_near(r.theta[0], 1.4500067741498442, 1e-13);
    assert_near(r.theta[1], 0.17550693221334056, 1e-12);
    assert_near(r.variance_reduction.value, 0.95258157340768892, 1e-13);
    assert_effect(&r.within, within);
    assert_effect(&r.lin, lin);
}

static void copies_and_constants_are_dropped(void **state)
{
    struct stats_covariates a = {.k = 4}, b = {.k = 4}, c = {.k = 2}, d = {.k = 2};
    struct draw draw = {41};
    (void)state;
    for (int i = 0; i < 60; i++) {
        double u = draw_normal(&draw), v = draw_normal(&draw), y = 3 + u - v + draw_normal(&draw);
        double four[] = {u, 7, v, 2 * u - v}, two[] = {u, v};
        add_visitor(i % 2 ? &a : &b, y, four);
        add_visitor(i % 2 ? &c : &d, y, two);
    }
    struct stats_cuped_many r = stats_cuped_many(&a, &b, 0.95), s = stats_cuped_many(&c, &d, 0.95);
    assert_int_equal(r.dropped, 2 | 8);
    assert_int_equal(r.status, STATS_OK);
    assert_near(r.within.diff.value, s.within.diff.value, 1e-11);
    assert_near(r.within.se.value, s.within.se.value, 1e-12);
    assert_near(r.lin.se.value, s.lin.se.value, 1e-11);
    assert_true(s.variance_reduction.value > 0.3);
    for (int i = 0; i < 4; i++)
        a.xx[i][i] = b.xx[i][i] = 0;
    r = stats_cuped_many(&a, &b, 0.95);
    assert_int_equal(r.status, STATS_COVARIATE_CONSTANT);
    assert_near(r.within.se.value, r.unadjusted.se.value, 1e-14);
    a.n = 5;
    assert_int_equal(stats_cuped_many(&a, &b, 0.95).status, STATS_INSUFFICIENT_DATA);
    a.xy[2] = NAN;
    assert_int_equal(stats_cuped_many(&a, &b, 0.95).status, STATS_INVALID);
}

/* Almost the sum of the two before it: taken while that can be told in doubles, dropped beyond. */
static void near_copies_are_dropped(void **state)
{
    static const double apart[] = {1e-3, 1e-7};
    (void)state;
    for (int run = 0; run < 2; run++) {
        struct stats_covariates a = {.k = 3}, b = {.k = 3};
        struct draw draw = {44};
        for (int i = 0; i < 60; i++) {
            double u = draw_normal(&draw), v = draw_normal(&draw), y = u + draw_normal(&draw);
            double x[] = {u, v, u + v + apart[run] * draw_normal(&draw)};
            add_visitor(i % 2 ? &a : &b, y, x);
        }
        assert_int_equal(stats_cuped_many(&a, &b, 0.95).dropped, run == 0 ? 0 : 4);
    }
}

static void fill(struct draw *draw, struct stats_covariates *arm, double mix, const double *scale)
{
    int n = 3 + arm->k + (int)(draw_bits(draw) % 12);
    for (int i = 0; i < n; i++) {
        double x[STATS_COVARIATES], y = draw_normal(draw), common = draw_normal(draw);
        for (int j = 0; j < arm->k; j++) {
            double own = mix * draw_normal(draw) + common;
            y += own;
            x[j] = own * scale[j];
        }
        add_visitor(arm, y, x);
    }
}

/* Swapped arms mirror, a covariate's unit does not matter, and halves merge to the whole. */
static void covariates_keep_their_laws(void **state)
{
    static const double ones[] = {1, 1, 1, 1, 1, 1, 1, 1};
    struct draw draw = {42};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        int k = 1 + (int)(draw_bits(&draw) % STATS_COVARIATES);
        double mix = draw_magnitude(&draw, -1, 1), scale[STATS_COVARIATES];
        struct stats_covariates a = {.k = k}, b = {.k = k}, c = {.k = k}, d = {.k = k};
        for (int j = 0; j < k; j++)
            scale[j] = draw_magnitude(&draw, -6, 6);
        struct draw again = draw;
        fill(&draw, &a, mix, ones);
        fill(&draw, &b, mix, ones);
        fill(&again, &c, mix, scale);
        fill(&again, &d, mix, scale);
        struct stats_cuped_many r = stats_cuped_many(&a, &b, 0.95);
        struct stats_cuped_many m = stats_cuped_many(&b, &a, 0.95);
        struct stats_cuped_many s = stats_cuped_many(&c, &d, 0.95);
        assert_true(is_clean_effect(&r.within) && is_clean_effect(&r.lin));
        assert_int_equal(r.dropped, 0);
        assert_true(is_close(r.within.interval.lower, -m.within.interval.upper, 1e-7, 1));
        assert_true(is_close(r.lin.interval.lower, -m.lin.interval.upper, 1e-7, 1));
        assert_true(is_close(r.within.interval.lower, s.within.interval.lower, 1e-7, 1));
        assert_true(is_close(r.within.p_two_sided.value, s.within.p_two_sided.value, 1e-6, 1e-30));
        if (fabs(r.within.p_two_sided.value - 0.05) > 1e-8)
            assert_int_equal(r.within.p_two_sided.value<0.05, r.within.interval.lower> 0 ||
                             r.within.interval.upper < 0);
    }
}

static void one_covariate_is_plain_cuped(void **state)
{
    struct draw draw = {43};
    (void)state;
    for (int i = 0; i < INPUTS; i++) {
        struct stats_covariates a = {.k = 1}, b = {.k = 1};
        double scale = draw_magnitude(&draw, -3, 3);
        fill(&draw, &a, 1, &scale);
        fill(&draw, &b, 1, &scale);
        struct stats_comoments pa = {a.n, a.mean_x[0], a.mean_y, a.xx[0][0], a.m2_y, a.xy[0]};
        struct stats_comoments pb = {b.n, b.mean_x[0], b.mean_y, b.xx[0][0], b.m2_y, b.xy[0]};
        struct stats_cuped_many r = stats_cuped_many(&a, &b, 0.95);
        struct stats_cuped one = stats_cuped(&pa, &pb, 0.95);
        assert_true(is_close(r.within.interval.lower, one.within.interval.lower, 1e-9, 1));
        assert_true(is_close(r.lin.interval.upper, one.lin.interval.upper, 1e-9, 1));
    }
}

static void halves_merge(void **state)
{
    struct stats_covariates whole = arm_of(treatment_rows, TREATMENT);
    struct stats_covariates first = arm_of(treatment_rows, 4);
    struct stats_covariates rest = arm_of(treatment_rows + 4, TREATMENT - 4), empty = {.k = 2};
    (void)state;
    stats_covariates_merge(&first, &rest);
    stats_covariates_merge(&first, &empty);
    stats_covariates_merge(&empty, &first);
    assert_int_equal(empty.n, whole.n);
    assert_near(empty.m2_y, whole.m2_y, 1e-14);
    for (int i = 0; i < 2; i++) {
        assert_near(empty.mean_x[i], whole.mean_x[i], 1e-14);
        assert_near(empty.xy[i], whole.xy[i], 1e-13);
        for (int j = 0; j < 2; j++)
            assert_near(empty.xx[i][j], whole.xx[i][j], 1e-13);
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_covariates_have_their_figures),
        cmocka_unit_test(copies_and_constants_are_dropped),
        cmocka_unit_test(near_copies_are_dropped),
        cmocka_unit_test(covariates_keep_their_laws),
        cmocka_unit_test(one_covariate_is_plain_cuped),
        cmocka_unit_test(halves_merge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
