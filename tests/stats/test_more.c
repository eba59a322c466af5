// SPDX-License-Identifier: GPL-3.0-or-later
/* Methods that no command prints: figures computed with 30 digits, and the laws they must keep. */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * fabs(expected)))
        fail_msg("%.17g, expected %.17g", got, expected);
}

static void conditional_power_has_its_figures(void **state)
{
    (void)state;
    assert_near(stats_conditional_power(1.5, 0.5, 2.8, 1.96), 0.76053991686583, 1e-12);
    assert_near(stats_predictive_power(1.5, 0.5, 1.96), 0.56407944936809, 1e-12);
}

static void skewed_has_its_figures(void **state)
{
    struct stats_moments a = {20, 3, 38, 60}, b = {200, 4, 796, 2400};
    struct stats_effect e = stats_welch_skewed(&a, &b, 0.95);
    (void)state;
    assert_near(e.statistic.value, 2.123338281955470, 1e-12);
    assert_near(e.interval.lower, 0.0466253621084621938, 1e-11);
    assert_near(e.interval.upper, 1.592958999020456, 1e-11);
    assert_near(e.p_two_sided.value, 0.042948314010010380, 1e-11);
}

/* No n values have a skewness above (n - 2) / sqrt(n - 1). */
static double draw_skewness(struct draw *draw, double n)
{
    double most = (n - 2) / sqrt(n - 1);
    return fmax(-most, fmin(most, draw_normal(draw)));
}

static void skewed_is_refused_where_no_values_have_it(void **state)
{
    struct stats_moments a = {20, 3, 38, 60}, b = {200, 4, 796, 23000};
    (void)state;
    assert_int_equal(stats_welch_skewed(&a, &b, 0.95).status, STATS_INVALID);
    b.m3 = 22000;
    assert_int_equal(stats_welch_skewed(&a, &b, 0.95).status, STATS_OK);
}

static void skewed_has_one_verdict(void **state)
{
    struct draw draw = {22};
    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct stats_moments a, b;
        draw_moments(&draw, &a, &b);
        struct stats_effect plain = stats_welch(&a, &b, 0.95);
        struct stats_effect same = stats_welch_skewed(&a, &b, 0.95);
        assert_true(is_close(plain.interval.lower, same.interval.lower, 1e-12, 0));
        double n1 = (double)a.n, n2 = (double)b.n;
        a.m3 = draw_skewness(&draw, n1) * n1 * pow(a.m2 / n1, 1.5);
        b.m3 = draw_skewness(&draw, n2) * n2 * pow(b.m2 / n2, 1.5);
        struct stats_effect e = stats_welch_skewed(&a, &b, 0.95);
        struct stats_effect m = stats_welch_skewed(&b, &a, 0.95);
        assert_true(is_clean_effect(&e));
        assert_true(is_close(e.p_two_sided.value, m.p_two_sided.value, 1e-9, 1e-300));
        assert_true(is_close(e.interval.lower, -m.interval.upper, 1e-9, e.se.value));
        if (fabs(e.p_two_sided.value - 0.05) > 1e-9)
            assert_int_equal(e.p_two_sided.value<0.05, e.interval.lower> 0 || e.interval.upper < 0);
    }
}

static struct stats_moments exponential(struct draw *draw, int n)
{
    struct stats_running r = {0};
    for (int i = 0; i < n; i++)
        stats_running_add(&r, -log1p(-draw_unit(draw)));
    return stats_running_moments(&r);
}

/* Exponential values, 25 against 500: the correction halves the lopsidedness of the misses. */
static void skewed_is_less_lopsided(void **state)
{
    enum { RUNS = 4000 };
    struct draw draw = {23};
    int plain[2] = {0}, skewed[2] = {0};
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct stats_moments a = exponential(&draw, 25), b = exponential(&draw, 500);
        struct stats_interval w = stats_welch(&a, &b, 0.95).interval;
        struct stats_interval s = stats_welch_skewed(&a, &b, 0.95).interval;
        plain[0] += w.lower > 0;
        plain[1] += w.upper < 0;
        skewed[0] += s.lower > 0;
        skewed[1] += s.upper < 0;
    }
    assert_true(2 * abs(skewed[0] - skewed[1]) < abs(plain[0] - plain[1]));
}

static struct stats_moments arm(uint64_t n, double mean, double variance)
{
    return (struct stats_moments){.n = n, .mean = mean, .m2 = variance * ((double)n - 1)};
}

static void strata_have_their_figures(void **state)
{
    struct stats_moments a[] = {arm(50, 10, 4), arm(200, 20, 9), arm(30, 35, 16)};
    struct stats_moments b[] = {arm(40, 11, 5), arm(210, 20.5, 8), arm(25, 36, 10)};
    struct stats_effect e = stats_poststratified(a, b, 3, 0.95);
    (void)state;
    assert_near(e.control.value, 19.86486486486486, 1e-13);
    assert_near(e.diff.value, 0.6306306306306306, 1e-13);
    assert_near(e.se.value, 0.2449318905172649, 1e-12);
    assert_near(e.p_two_sided.value, 0.010032174494719, 1e-11);
}

/* Strata too small join their neighbours; what cannot be joined is one stratum or none. */
static void small_strata_join(void **state)
{
    struct stats_moments none = {0};
    struct stats_moments a[] = {arm(50, 10, 4), none, arm(200, 20, 9), arm(1, 3, 0)};
    struct stats_moments b[] = {arm(40, 11, 5), arm(7, 9, 2), arm(210, 20.5, 8), none};
    struct stats_running ra = {.rest = a[2]}, rb = {.rest = b[1]}, last = {.rest = a[3]},
                         next = {.rest = b[2]};
    stats_running_merge(&ra, &last);
    stats_running_merge(&rb, &next);
    struct stats_moments ja[] = {a[0], stats_running_moments(&ra)};
    struct stats_moments jb[] = {b[0], stats_running_moments(&rb)};
    struct stats_effect e = stats_poststratified(a, b, 4, 0.95);
    struct stats_effect j = stats_poststratified(ja, jb, 2, 0.95);
    (void)state;
    assert_near(e.diff.value, j.diff.value, 1e-12);
    assert_near(e.se.value, j.se.value, 1e-12);
    assert_int_equal(stats_poststratified(a + 3, b + 3, 1, 0.95).status, STATS_INSUFFICIENT_DATA);
}

/* Counts 0 to 7 of 100 visitors; p by mpmath's incomplete gamma function. */
static void dispersion_has_its_figures(void **state)
{
    struct stats_moments counts = {.n = 100, .mean = 0.7, .m2 = 151};
    struct stats_dispersion r = stats_dispersion(&counts);
    (void)state;
    assert_int_equal(r.status, STATS_OK);
    assert_near(r.ratio.value, 2.1789321789321789, 1e-14);
    assert_near(r.p.value, 1.1675457586470987e-10, 1e-12);
    assert_near(r.log10_p.value, log10(1.1675457586470987e-10), 1e-12);
    counts.mean = 0;
    assert_int_equal(stats_dispersion(&counts).status, STATS_ZERO_VARIANCE);
    counts.mean = -1;
    assert_int_equal(stats_dispersion(&counts).status, STATS_INVALID);
    counts = (struct stats_moments){.n = 1, .mean = 3};
    assert_int_equal(stats_dispersion(&counts).status, STATS_INSUFFICIENT_DATA);
    counts.n = 0;
    assert_int_equal(stats_dispersion(&counts).status, STATS_NO_DATA);
}

static double draw_poisson(struct draw *draw, double mean)
{
    double limit = exp(-mean), product = draw_unit(draw), count = 0;
    for (; product > limit; count++)
        product *= draw_unit(draw);
    return count;
}

/* Share of p below 5 % where visitors' rates are mean, or half of them 3 times as high. */
static double dispersion_found(struct draw *draw, int n, double mean, double factor)
{
    enum { RUNS = 4000 };
    int found = 0;
    for (int run = 0; run < RUNS; run++) {
        struct stats_running counts = {0};
        for (int i = 0; i < n; i++)
            stats_running_add(&counts, draw_poisson(draw, i % 2 ? mean : mean * factor));
        struct stats_moments moments = stats_running_moments(&counts);
        found += stats_dispersion(&moments).p.value < 0.05;
    }
    return (double)found / RUNS;
}

static void dispersion_holds_its_level(void **state)
{
    static const struct {
        int n;
        double mean;
    } all[] = {{600, 0.05}, {100, 0.3}, {30, 1}, {20, 20}, {500, 2}};
    struct draw draw = {31};
    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        double level = dispersion_found(&draw, all[i].n, all[i].mean, 1);
        if (!(level > 0.03 && level < 0.075))
            fail_msg("%d visitors of mean %g: %g", all[i].n, all[i].mean, level);
    }
    assert_true(dispersion_found(&draw, 500, 1, 3) > 0.99);
}

/* Groups of one to forty equal values, among them empty ones, beside the same laid out. */
static void grouped_quantiles_are_those_laid_out(void **state)
{
    static const double nus[] = {0.001, 0.25, 0.5, 0.9, 0.999};
    struct stats_quantile_group groups[60];
    double values[60 * 40];
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < 60; i++) {
        groups[i] = (struct stats_quantile_group){(double)(i * i) / 7, (i * 37) % 41};
        for (uint64_t k = 0; k < groups[i].units; k++)
            values[count++] = groups[i].value;
        for (size_t q = 0; q < 5; q++) {
            struct stats_quantile a = stats_quantile(values, count, nus[q], 0.95);
            struct stats_quantile b = stats_quantile_grouped(groups, i + 1, nus[q], 0.95);
            assert_true(a.status == b.status && a.value.value == b.value.value &&
                        a.se.value == b.se.value && a.interval.lower == b.interval.lower &&
                        a.interval.upper == b.interval.upper &&
                        a.coverage.value == b.coverage.value);
        }
    }
    groups[0].units = UINT64_MAX;
    assert_int_equal(stats_quantile_grouped(groups, 2, 0.5, 0.95).status, STATS_INVALID);
}

/* As many zeros as no memory holds. */
static void grouped_quantiles_of_many(void **state)
{
    const struct stats_quantile_group groups[] = {{0, 900000000000}, {3, 100000000000}};
    (void)state;
    assert_near(stats_quantile_grouped(groups, 2, 0.95, 0.95).value.value, 3, 0);
    assert_true(stats_quantile_grouped(groups, 2, 0.5, 0.95).value.value == 0);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditional_power_has_its_figures),
        cmocka_unit_test(skewed_has_its_figures),
        cmocka_unit_test(skewed_has_one_verdict),
        cmocka_unit_test(skewed_is_refused_where_no_values_have_it),
        cmocka_unit_test(skewed_is_less_lopsided),
        cmocka_unit_test(strata_have_their_figures),
        cmocka_unit_test(small_strata_join),
        cmocka_unit_test(dispersion_has_its_figures),
        cmocka_unit_test(dispersion_holds_its_level),
        cmocka_unit_test(grouped_quantiles_are_those_laid_out),
        cmocka_unit_test(grouped_quantiles_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
