// SPDX-License-Identifier: GPL-3.0-or-later
/* The exact p of a split with few visitors expected in an arm: against all outcomes, one by one. */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static double chance_of(const uint64_t *counts, const double *shares, uint64_t n)
{
    double log_chance = lgamma((double)n + 1);
    for (int i = 0; i < 3; i++)
        if (counts[i] > 0)
            log_chance += (double)counts[i] * log(shares[i]) - lgamma((double)counts[i] + 1);
    return exp(log_chance);
}

static double chi2_of(const uint64_t *counts, const double *shares, uint64_t n)
{
    double chi2 = 0;
    for (int i = 0; i < 3; i++)
        if (shares[i] > 0)
            chi2 += pow((double)counts[i] - (double)n * shares[i], 2) / ((double)n * shares[i]);
    return chi2;
}

/* Chance of all counts of n visitors at least as far from their shares as those observed. */
static double by_hand(const uint64_t *observed, const double *shares, uint64_t n)
{
    double least = chi2_of(observed, shares, n) * (1 - 1e-9), sum = 0;
    for (uint64_t a = 0; a <= n; a++)
        for (uint64_t b = 0; b <= (shares[1] > 0 ? n - a : 0); b++) {
            const uint64_t counts[3] = {a, b, n - a - b};
            if (chi2_of(counts, shares, n) >= least)
                sum += chance_of(counts, shares, n);
        }
    return sum;
}

static void assert_exact(struct draw *draw, bool has_three)
{
    double share = 0.01 + 0.1 * draw_unit(draw), second = has_three ? 0.12 * draw_unit(draw) : 0;
    const double shares[3] = {share, second, 1 - share - second};
    uint64_t n = 1 + draw_bits(draw) % 40, observed[3] = {draw_bits(draw) % (n + 1), 0, 0};
    if (has_three)
        observed[1] = draw_bits(draw) % (n - observed[0] + 1);
    observed[2] = n - observed[0] - observed[1];
    struct stats_srm r = stats_srm(observed, shares, 3);
    assert_true(r.p_exact.is_known);
    if (!is_close(r.p_exact.value, by_hand(observed, shares, n), 1e-6, 1e-9))
        fail_msg("%g, by hand %g", r.p_exact.value, by_hand(observed, shares, n));
}

static void exact_p_counts_every_outcome(void **state)
{
    struct draw draw = {91};
    (void)state;
    for (int i = 0; i < 2000; i++)
        assert_exact(&draw, i % 2);
}

static void who_is_in_an_arm_without_weight_is_counted(void **state)
{
    (void)state;
    static const struct {
        uint64_t observed[3];
        double weights[3];
        uint64_t stray;
    } cases[] = {
        {{50, 50, 0}, {1, 1, 0}, 0},  {{50, 50, 7}, {1, 1, 0}, 7},  {{7, 50, 50}, {0, 1, 1}, 7},
        {{50, 7, 50}, {1, 0, 1}, 7},  {{3, 50, 4}, {0, 1, 0}, 7},   {{1, 2, 3}, {0, 0, 0}, 6},
        {{0, 0, 9}, {1, 1, 0}, 9},    {{50, 50, 50}, {1, 1, 1}, 0}, {{500, 500, 1}, {1, 1, 0}, 1},
        {{5, 5, 5}, {1, 1e-9, 0}, 5},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct stats_srm r = stats_srm(cases[i].observed, cases[i].weights, 3);
        assert_int_equal(r.unexpected_units, cases[i].stray);
    }
}

static void exact_p_is_for_few_visitors(void **state)
{
    const uint64_t enough[2] = {495, 5}, few[2] = {494, 5}, many[4] = {1000000, 2, 3, 9};
    const double weights[2] = {99, 1}, rare[4] = {1, 1e-6, 1e-6, 1e-6};
    struct stats_srm r = stats_srm(enough, weights, 2);
    (void)state;
    assert_false(r.p_exact.is_known);
    assert_true(stats_srm_p(&r).value == r.p.value);
    r = stats_srm(few, weights, 2);
    assert_true(r.p_exact.is_known && stats_srm_p(&r).value == r.p_exact.value);
    r = stats_srm(many, rare, 4);
    assert_true(r.p_exact.is_known && r.p_exact.value > r.p.value && r.p_exact.value < 0.01);
    const double nothing[2] = {1e300, 1e-300};
    r = stats_srm(few, nothing, 2);
    assert_false(r.p_exact.is_known);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_p_counts_every_outcome),
        cmocka_unit_test(who_is_in_an_arm_without_weight_is_counted),
        cmocka_unit_test(exact_p_is_for_few_visitors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
