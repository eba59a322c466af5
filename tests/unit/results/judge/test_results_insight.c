// SPDX-License-Identifier: GPL-3.0-or-later
/* What else the deciding metric tells, against formulas worked out here. */
#include "stats/core/dist.h"
#include "unit/lib/results_bench.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TRAFFIC(units_, days_) "\"traffic\":{\"units\":" #units_ ",\"days\":" #days_ "},"
#define B                      "insight/variants/1/"

static double number(const json_t *r, const char *pointer)
{
    return json_number_value(results_bench_at(r, pointer));
}

static double tail(double z)
{
    return erfc(z / sqrt(2)) / 2;
}

static void assert_close(const json_t *r, const char *pointer, double expected)
{
    if (!(fabs(number(r, pointer) - expected) <= 1e-8 * fmax(1, fabs(expected))))
        fail_msg("%s: %.12g is not %.12g", pointer, number(r, pointer), expected);
}

/* The mu at which P(Z > z | |Z| > bar) is p [Zhong & Prentice 2008]. */
static double conditional(double z, double bar, double p)
{
    double low = -20, high = 20;
    for (int i = 0; i < 200; i++) {
        double mu = (low + high) / 2;
        double chance = tail(z - mu) / (tail(bar - mu) + tail(bar + mu));
        *(chance < p ? &low : &high) = mu;
    }
    return low;
}

/* Converted of 20,000 in b, where a has 2,000: winners and losers, just beyond the bar and far. */
static void a_winner_is_less_than_it_looks(void **state)
{
    static const int converted[] = {2220, 2225, 2240, 2260, 2300, 2350, 2400, 2600, 1780, 1700};
    (void)state;
    for (size_t i = 0; i < sizeof(converted) / sizeof(converted[0]); i++) {
        struct results_bench p = {.tuned_units = 40000, .more = TRAFFIC(28000, 28)};
        AT(&p, 0, 20000, 20000, 2000, converted[i]);
        auto_json json_t *r = results_bench_run(&p);
        const struct mixture m = mixture(2000, 20000, converted[i], 20000, 40000);
        const double rate = converted[i] / 20000.0;
        const double se = sqrt(0.1 * 0.9 / 20000 + rate * (1 - rate) / 20000);
        const double bar = m.half / se, z = fabs(m.difference) / se;
        const double side = copysign(se, m.difference);
        const int low = m.difference < 0, high = !low;
        assert_close(r, B "corrected/bar", bar);
        assert_close(r, B "corrected/difference", side * conditional(z, bar, 0.5));
        assert_close(r, low ? B "corrected/interval/1" : B "corrected/interval/0",
                     side * conditional(z, bar, 0.025));
        assert_close(r, high ? B "corrected/interval/1" : B "corrected/interval/0",
                     side * conditional(z, bar, 0.975));
        assert_close(r, B "corrected/uplift", side * conditional(z, bar, 0.5) / 0.1);
        assert_true(fabs(number(r, B "corrected/difference")) < fabs(m.difference));
        assert_true(
            json_is_null(json_object_get(results_bench_at(r, "insight/variants/0"), "corrected")));
    }
    struct results_bench p = {.tuned_units = 40000};
    AT(&p, 0, 20000, 20000, 2000, 2100);
    auto_json json_t *open = results_bench_run(&p);
    assert_true(json_is_null(results_bench_at(open, B "corrected")));
}

static void the_best_of_two_is_who_wins(void **state)
{
    static const int converted[] = {150, 180, 195, 199, 200, 201, 205, 220, 240, 280};
    (void)state;
    for (size_t i = 0; i < sizeof(converted) / sizeof(converted[0]); i++) {
        for (int is_down = 0; is_down < 2; is_down++) {
            struct results_bench p = {.tuned_units = 4000};
            p.metrics =
                is_down ? "[" CONVERSION(1, "goal", "primary", "\"direction\":\"down\"") "]" : GOAL;
            AT(&p, 0, 2000, 2000, 200, converted[i]);
            auto_json json_t *r = results_bench_run(&p);
            const double chance = number(r, EFFECT "bayesian/chance_to_win");
            const double loss = number(r, EFFECT "bayesian/expected_loss");
            const double other = number(r, EFFECT "bayesian/expected_loss_control");
            assert_close(r, B "chance_to_be_best", is_down ? 1 - chance : chance);
            assert_close(r, "insight/variants/0/chance_to_be_best", is_down ? chance : 1 - chance);
            assert_close(r, B "expected_loss", is_down ? other : loss);
            assert_close(r, B "chance_to_be_of_best_two", 1);
            assert_text(r, "insight/leader", "b");
        }
    }
}

/* 1,000 units a day come; b has 210 of 2,000 where a has 200. */
static void more_days_are_worth_their_chance(void **state)
{
    static const double days[] = {7, 14, 28};
    (void)state;
    struct results_bench p = {.tuned_units = 40000, .more = TRAFFIC(28000, 28)};
    AT(&p, 0, 2000, 2000, 200, 240);
    auto_json json_t *r = results_bench_run(&p);
    const double se = sqrt((0.1 * 0.9 + 0.12 * 0.88) / 2000), z = 0.02 / se;
    for (int i = 0; i < 3; i++) {
        char at[64];
        const double units = 4000 + 1000 * days[i], t = 4000 / units;
        const double bar = mixture(units / 4, units / 2, units / 4, units / 2, 40000).half /
                           sqrt(0.5 / (units / 2));
        snprintf(at, sizeof(at), "insight/outlook/%d/days", i);
        assert_close(r, at, days[i]);
        snprintf(at, sizeof(at), "insight/outlook/%d/units", i);
        assert_close(r, at, units);
        snprintf(at, sizeof(at), "insight/outlook/%d/better", i);
        assert_close(r, at, tail((bar - z / sqrt(t)) / sqrt((1 - t) / t)));
        snprintf(at, sizeof(at), "insight/outlook/%d/worse", i);
        assert_close(r, at, tail((bar + z / sqrt(t)) / sqrt((1 - t) / t)));
        snprintf(at, sizeof(at), "insight/outlook/%d/at_minimum", i);
        const double drift = 0.05 * 0.1 / (se * sqrt(t));
        assert_close(r, at, tail((bar - z * sqrt(t) - drift * (1 - t)) / sqrt(1 - t)));
    }
}

/* Of 8,000 planned units 4,000 are there: a look at the end, at 1.96, in four days. */
static void a_planned_test_is_looked_at_at_its_end(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 8000,
                              .statistics = "\"method\":\"fixed\",\"planned_units\":8000,"
                                            "\"multiplicity\":\"none\",",
                              .more = TRAFFIC(28000, 28)};
    AT(&p, 0, 2000, 2000, 200, 240);
    auto_json json_t *r = results_bench_run(&p);
    const double z = 0.02 / sqrt((0.1 * 0.9 + 0.12 * 0.88) / 2000);
    assert_int_equal(json_array_size(results_bench_at(r, "insight/outlook")), 1);
    assert_close(r, "insight/outlook/0/days", 4);
    assert_close(r, "insight/outlook/0/better", tail(1.959963984540054 - z / sqrt(0.5)));
}

/* What may not be told is not: split, data, traffic, an end, a call. */
static void nothing_is_told_that_may_not_be(void **state)
{
    static const struct {
        const char *more, *status;
        int ua, ub, xa, xb;
        bool has_insight;
        size_t outlooks;
    } rows[] = {
        {TRAFFIC(28000, 28), NULL, 2000, 2000, 200, 240, true, 3},
        {NULL, NULL, 2000, 2000, 200, 240, true, 0},
        {TRAFFIC(0, 0), NULL, 2000, 2000, 200, 240, true, 0},
        {TRAFFIC(28000, 28), "stopped", 2000, 2000, 200, 240, false, 0},
        {TRAFFIC(28000, 28), NULL, 20000, 20000, 2000, 2600, true, 0}, /* called */
        {TRAFFIC(28000, 28), NULL, 1000, 3000, 100, 330, false, 0},    /* split */
        {TRAFFIC(28000, 28), NULL, 2000, 2000, 0, 0, false, 0},
        {TRAFFIC(28000, 28), NULL, 9, 9, 1, 2, false, 0},
        {TRAFFIC(28000, 28), NULL, 2000, 2000, 4, 40, false, 0},
        {TRAFFIC(28000, 28), NULL, 0, 0, 0, 0, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct results_bench p = {
            .tuned_units = 40000, .more = rows[i].more, .status = rows[i].status};
        AT(&p, 0, rows[i].ua, rows[i].ub, rows[i].xa, rows[i].xb);
        auto_json json_t *r = results_bench_run(&p);
        const json_t *insight = json_object_get(r, "insight");
        if (json_is_object(insight) != rows[i].has_insight)
            fail_msg("row %zu: insight", i);
        if (rows[i].has_insight &&
            json_array_size(json_object_get(insight, "outlook")) != rows[i].outlooks)
            fail_msg("row %zu: outlook", i);
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_winner_is_less_than_it_looks),
        cmocka_unit_test(the_best_of_two_is_who_wins),
        cmocka_unit_test(more_days_are_worth_their_chance),
        cmocka_unit_test(a_planned_test_is_looked_at_at_its_end),
        cmocka_unit_test(nothing_is_told_that_may_not_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
