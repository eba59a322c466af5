// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Estimates from adaptive allocation. Figures computed with mpmath at 40 digits from the score of
 * every single visitor of the table below: sums over visitors, not over moments.
 */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { PERIODS = 4 };

struct table {
    uint64_t arrivals[PERIODS];
    struct stats_adaptive_cell arm[2][PERIODS];
};

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * fabs(expected)))
        fail_msg("%.17g, expected %.17g", got, expected);
}

static struct stats_adaptive_cell cell(double probability, const char *values)
{
    struct stats_running r = {0};
    for (const char *c = values; *c; c++)
        stats_running_add(&r, *c - 'a');
    return (struct stats_adaptive_cell){probability, stats_running_moments(&r)};
}

/* A letter is a visitor: a = 0, b = 1... */
static struct table written_table(void)
{
    return (struct table){
        .arrivals = {12, 15, 10, 14},
        .arm = {{cell(0.4, "dfei"), cell(0.2, "gb"), cell(0.1, ""), cell(0.25, "chf")},
                {cell(0.4, "gchje"), cell(0.7, "ifhgjdek"), cell(0.8, "fhigclj"),
                 cell(0.5, "giejdm")}},
    };
}

static struct stats_adaptive estimate(const struct table *t, double conf)
{
    return stats_adaptive(t->arrivals, t->arm[0], t->arm[1], PERIODS, conf);
}

static void adaptive_has_its_figures(void **state)
{
    struct table t = written_table();
    struct stats_adaptive r = estimate(&t, 0.95);
    (void)state;
    assert_int_equal(r.status, STATS_OK);
    assert_near(r.control.naive.value, 4.5555555555555556, 1e-14);
    assert_near(r.control.ipw.value, 2.7647058823529412, 1e-14);
    assert_near(r.control.aipw.value, 4.5098039215686275, 1e-14);
    assert_near(r.treatment.aipw.value, 6.3917259211376858, 1e-14);
    assert_near(r.control.stable.value, 4.5588975588706396, 1e-14);
    assert_near(r.control.stable.variance, 0.28385569341483262, 1e-13);
    assert_near(r.treatment.naive.value, 6.5384615384615385, 1e-14);
    assert_near(r.treatment.ipw.value, 5.6526610644257703, 1e-14);
    assert_near(r.treatment.stable.value, 6.4227745104281632, 1e-14);
    assert_near(r.treatment.stable.variance, 0.21238377695852844, 1e-13);
    assert_near(r.effect.diff.value, 1.8638769515575236, 1e-13);
    assert_near(r.effect.se.value, 0.70098125622811265, 1e-13);
    assert_near(r.effect.p_two_sided.value, 0.0078383652121231558, 1e-12);
}

static void random_table(struct draw *draw, struct table *ret)
{
    for (int t = 0; t < PERIODS; t++) {
        double e = draw_unit(draw);
        ret->arrivals[t] = draw_bits(draw) % 1000;
        uint64_t left = ret->arrivals[t];
        for (int a = 0; a < 2; a++) {
            struct stats_adaptive_cell *c = &ret->arm[a][t];
            c->probability = a == 0 ? e : (1 - e) * draw_unit(draw);
            c->values.n = (uint64_t)((double)left * draw_unit(draw));
            left -= c->values.n;
            c->values.mean = 5 + draw_normal(draw);
            c->values.m2 = (double)c->values.n * draw_magnitude(draw, -2, 2);
            c->values.m3 = 0;
        }
    }
}

/* Swapped arms mirror; another unit and another origin of the metric change nothing else. */
static void adaptive_keeps_its_laws(void **state)
{
    struct draw draw = {61};
    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct table t, swapped, other;
        random_table(&draw, &t);
        double k = draw_magnitude(&draw, -3, 3), shift = 10 * draw_normal(&draw);
        swapped = other = t;
        for (int p = 0; p < PERIODS; p++) {
            swapped.arm[0][p] = t.arm[1][p];
            swapped.arm[1][p] = t.arm[0][p];
            for (int a = 0; a < 2; a++) {
                other.arm[a][p].values.mean = k * (t.arm[a][p].values.mean + shift);
                other.arm[a][p].values.m2 *= k * k;
            }
        }
        struct stats_adaptive r = estimate(&t, 0.95), s = estimate(&swapped, 0.95);
        struct stats_adaptive o = estimate(&other, 0.95);
        assert_true(is_clean_effect(&r.effect) && is_clean(r.control.ipw));
        assert_true(is_close(r.effect.diff.value, -s.effect.diff.value, 1e-11, 1));
        assert_true(is_close(r.effect.se.value, s.effect.se.value, 1e-10, 0));
        assert_true(is_close(r.effect.p_two_sided.value, s.effect.p_two_sided.value, 1e-7, 1e-30));
        assert_true(is_close(r.effect.diff.value * k, o.effect.diff.value, 1e-9, k));
        assert_true(is_close(r.effect.se.value * k, o.effect.se.value, 1e-7, 0));
    }
}

static void adaptive_refuses(void **state)
{
    struct table t = written_table();
    (void)state;
    t.arm[0][1].probability = 0;
    assert_int_equal(estimate(&t, 0.95).status, STATS_INVALID);
    t.arm[0][1] = cell(0, "");
    assert_int_equal(estimate(&t, 0.95).status, STATS_OK);
    assert_false(estimate(&t, 0.95).control.ipw.is_known);
    t.arm[1][2].probability = 0.95;
    assert_int_equal(estimate(&t, 0.95).status, STATS_INVALID);
    t.arm[1][2].probability = NAN;
    assert_int_equal(estimate(&t, 0.95).status, STATS_INVALID);
    t = written_table();
    t.arrivals[0] = 8;
    assert_int_equal(estimate(&t, 0.95).status, STATS_INVALID);
    t = written_table();
    assert_int_equal(estimate(&t, 0).status, STATS_INVALID);
    for (int p = 0; p < PERIODS; p++)
        t.arm[0][p] = cell(0.1, p == 3 ? "b" : "");
    assert_int_equal(estimate(&t, 0.95).status, STATS_INSUFFICIENT_DATA);
    t.arm[0][3] = cell(0.1, "");
    assert_int_equal(estimate(&t, 0.95).status, STATS_NO_DATA);
    assert_int_equal(stats_adaptive(NULL, NULL, NULL, 0, 0.95).status, STATS_NO_DATA);
}

/* 60 visitors a period, both arms alike; from the second period on, 9 of 10 go to the leader. */
static struct table greedy_run(struct draw *draw)
{
    struct table t = {.arrivals = {0}};
    struct stats_running all[2] = {{0}};
    for (int p = 0; p < PERIODS; p++) {
        double lead = all[1].origin + all[1].rest.mean - all[0].origin - all[0].rest.mean;
        double e = p == 0 ? 0.5 : lead > 0 ? 0.9 : 0.1;
        struct stats_running now[2] = {{0}};
        t.arrivals[p] = 60;
        for (int i = 0; i < 60; i++) {
            int arm = draw_unit(draw) < e;
            double y = draw_normal(draw);
            stats_running_add(&now[arm], y);
            stats_running_add(&all[arm], y);
        }
        for (int a = 0; a < 2; a++)
            t.arm[a][p] =
                (struct stats_adaptive_cell){a ? e : 1 - e, stats_running_moments(&now[a])};
    }
    return t;
}

static void adaptive_is_unbiased_where_the_mean_is_not(void **state)
{
    enum { RUNS = 8000 };
    struct draw draw = {62};
    struct stats_running naive = {0}, ipw = {0}, aipw = {0}, stable = {0};
    int false_alarms = 0;
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct table t = greedy_run(&draw);
        struct stats_adaptive r = estimate(&t, 0.95);
        stats_running_add(&naive, r.control.naive.value);
        stats_running_add(&ipw, r.control.ipw.value);
        stats_running_add(&aipw, r.control.aipw.value);
        stats_running_add(&stable, r.control.stable.value);
        false_alarms += r.effect.p_two_sided.value < 0.05;
    }
    struct stats_moments n = stats_running_moments(&naive), w = stats_running_moments(&ipw);
    struct stats_moments a = stats_running_moments(&aipw);
    struct stats_moments s = stats_running_moments(&stable);
    assert_true(n.mean < -10 * sqrt(stats_mean_estimate(&n).variance));
    assert_true(fabs(w.mean) < 4 * sqrt(stats_mean_estimate(&w).variance));
    assert_true(fabs(a.mean) < 4 * sqrt(stats_mean_estimate(&a).variance));
    assert_true(fabs(s.mean) < 0.7 * fabs(n.mean) && s.m2 < 0.8 * a.m2);
    assert_in_range(false_alarms, RUNS * 0.04, RUNS * 0.065);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adaptive_has_its_figures),
        cmocka_unit_test(adaptive_keeps_its_laws),
        cmocka_unit_test(adaptive_refuses),
        cmocka_unit_test(adaptive_is_unbiased_where_the_mean_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
