// SPDX-License-Identifier: GPL-3.0-or-later
/* How a phase is judged: always-valid and planned tests, families of questions, sizes read at any
 * time. Expected numbers are worked out from their formulas or are published ones. */
#include "stats/core/dist.h"
#include "unit/lib/results_bench.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void the_best_look_counts_and_intervals_meet(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 3000};
    struct mixture then = mixture(100, 1000, 160, 1000, 3000),
                   now = mixture(200, 2000, 240, 2000, 3000);
    AT(&p, 5, 1000, 1000, 100, 160);
    AT(&p, 0, 2000, 2000, 200, 240);
    auto_json json_t *r = results_bench_run(&p);
    assert_true(then.p < now.p);
    assert_near(r, EFFECT "sequential/p", then.p);
    assert_near(r, EFFECT "sequential/now/p", now.p);
    assert_near(r, EFFECT "sequential/interval/0", then.difference - then.half);
    assert_near(r, EFFECT "sequential/interval/1", now.difference + now.half);
    AT(&p, 0, 1000, 1000, 100, 160);
    auto_json json_t *alone = results_bench_run(&p);
    assert_near(r, EFFECT "sequential/uplift_interval/0",
                json_number_value(results_bench_at(alone, EFFECT "sequential/uplift_interval/0")));
    assert_near(r, EFFECT "sequential/uplift_interval/1",
                json_number_value(results_bench_at(r, EFFECT "sequential/now/uplift_interval/1")));
    assert_near(r, EFFECT "sequential/looks", 2);
    assert_near(r, "looks/0/metrics/0/variants/1/sequential/p", then.p);
    assert_near(r, "looks/0/metrics/0/variants/1/sequential/uplift_interval/0",
                json_number_value(results_bench_at(r, EFFECT "sequential/uplift_interval/0")));
    assert_near(r, EFFECT "sequential/tuned_units", 3000);
    assert_text(r, "verdict/answer", "ship");
    assert_text(r, "verdict/rule", "winner");
    assert_text(r, "verdict/variant", "b");
    assert_near(r, "verdict/days", 20);
}

static void a_chance_to_win_calls_nothing(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 3000};
    AT(&p, 0, 2000, 2000, 200, 240);
    auto_json json_t *r = results_bench_run(&p);
    assert_true(json_number_value(results_bench_at(r, EFFECT "bayesian/chance_to_win")) > 0.97);
    assert_true(json_number_value(results_bench_at(r, EFFECT "frequentist/p")) < 0.05);
    assert_text(r, "verdict/answer", "go_on");
    assert_text(r, "verdict/rule", "underpowered");
}

static void nothing_is_promised_of_four_conversions(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 3000};
    AT(&p, 0, 1000, 1000, 4, 40);
    auto_json json_t *r = results_bench_run(&p);
    assert_text(r, EFFECT "sequential/status", "insufficient_data");
    assert_true(json_is_null(results_bench_at(r, EFFECT "sequential/p")));
    assert_text(r, "verdict/rule", "few_conversions");
}

/* Two equal looks, O'Brien-Fleming spending, 5 %: 2.9626 and 1.9686 [Lan & DeMets]. */
static void planned_looks_have_their_bounds(void **state)
{
    (void)state;
    static const char plan[] = "\"method\":\"group_sequential\",\"planned_units\":8000,\"looks\":2,"
                               "\"spending\":\"obrien_fleming\",\"multiplicity\":\"none\",";
    struct results_bench p = {.statistics = plan, .tuned_units = 8000};
    AT(&p, 3, 1000, 1000, 100, 200);
    AT(&p, 5, 2000, 2000, 200, 245);
    AT(&p, 9, 4000, 4000, 400, 470);
    AT(&p, 0, 4000, 4000, 400, 400);
    auto_json json_t *r = results_bench_run(&p);
    assert_int_equal(json_array_size(results_bench_at(r, EFFECT "planned/looks")), 2);
    assert_true(fabs(json_number_value(results_bench_at(r, EFFECT "planned/looks/0/bound")) -
                     2.9626) < 1e-4);
    assert_true(fabs(json_number_value(results_bench_at(r, EFFECT "planned/looks/1/bound")) -
                     1.9686) < 1e-4);
    assert_text(r, EFFECT "planned/looks/0/day", "2026-01-05");
    assert_true(json_is_false(results_bench_at(r, EFFECT "planned/looks/0/crossed")));
    assert_true(json_is_true(results_bench_at(r, EFFECT "planned/looks/1/crossed")));
    double q1 = 0.1, q2 = 470.0 / 4000, q = 870.0 / 8000;
    double z = (q2 - q1) / sqrt(q * (1 - q) * 2 / 4000) * sqrt(7999.0 / 8000);
    assert_near(r, EFFECT "planned/looks/1/z", z);
    assert_text(r, "verdict/rule", "winner");
}

static void a_fixed_test_is_read_once(void **state)
{
    (void)state;
    static const char plan[] =
        "\"method\":\"fixed\",\"planned_units\":4000,\"multiplicity\":\"none\",";
    struct results_bench p = {.statistics = plan, .tuned_units = 4000};
    AT(&p, 5, 1000, 1000, 100, 200);
    AT(&p, 0, 2000, 2000, 200, 400);
    auto_json json_t *early = results_bench_run(&p);
    assert_true(json_is_false(results_bench_at(early, EFFECT "planned/complete")));
    assert_true(json_is_null(results_bench_at(early, EFFECT "planned/p")));
    AT(&p, 5, 1000, 1000, 100, 200);
    AT(&p, 9, 2000, 2000, 200, 250);
    AT(&p, 12, 3000, 3000, 300, 310);
    AT(&p, 0, 4000, 4000, 400, 400);
    auto_json json_t *r = results_bench_run(&p);
    assert_true(json_is_true(results_bench_at(r, EFFECT "planned/complete")));
    assert_near(r, EFFECT "planned/difference", 0.025);
    assert_text(r, "verdict/rule", "winner");
}

static void questions_of_one_family_are_corrected(void **state)
{
    (void)state;
    struct results_bench p = {
        .tuned_units = 4000,
        .statistics = "\"multiplicity\":\"holm\",",
        .metrics = "[" CONVERSION(1, "goal", "primary", "") "," CONVERSION(
            2, "second", "primary", "") "," CONVERSION(3, "other", "secondary", "") "]"};
    for (int metric = 2; metric <= 3; metric++) {
        results_bench_row(&p.sums, "\"day\":\"\"", metric, "a", 2000,
                          ",\"n\":\"200\",\"nn\":\"200\"");
        results_bench_row(&p.sums, "\"day\":\"\"", metric, "b", 2000,
                          ",\"n\":\"240\",\"nn\":\"240\"");
    }
    AT(&p, 0, 2000, 2000, 200, 280);
    auto_json json_t *r = results_bench_run(&p);
    struct mixture strong = mixture(200, 2000, 280, 2000, 4000),
                   weak = mixture(200, 2000, 240, 2000, 4000);
    assert_near(r, EFFECT "multiplicity/p", strong.p * 2);
    assert_near(r, EFFECT "multiplicity/size", 2);
    assert_near(r, EFFECT "multiplicity/confidence", 0.975);
    assert_near(r, "metrics/1/variants/1/effect/multiplicity/p", fmax(weak.p, strong.p * 2));
    assert_near(r, "metrics/2/variants/1/effect/multiplicity/p", weak.p);
    assert_text(r, "metrics/2/variants/1/effect/multiplicity/family", "secondary");
    double low = json_number_value(results_bench_at(r, EFFECT "multiplicity/interval/0"));
    assert_true(low < strong.difference - strong.half && low > 0);
}

/* Two questions of one family, asked with a rate of false discoveries: converted of 2,000 in b of
 * each, and the level of the intervals, 1 - 0.05 selected / 2. */
static const struct {
    int first, second;
    double confidence;
} discoveries[] = {{280, 280, 0.95}, {280, 210, 0.975}, {210, 210, 0.975}};

static void discoveries_share_their_level(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(discoveries) / sizeof(discoveries[0]); i++) {
        char sums[64];
        int x1 = discoveries[i].first, x2 = discoveries[i].second;
        struct results_bench p = {
            .tuned_units = 4000,
            .statistics = "\"multiplicity\":\"benjamini_hochberg\",",
            .metrics = "[" CONVERSION(1, "goal", "primary", "") "," CONVERSION(2, "second",
                                                                               "primary", "") "]"};
        snprintf(sums, sizeof(sums), ",\"n\":\"%d\",\"nn\":\"%d\"", x2, x2);
        results_bench_row(&p.sums, "\"day\":\"\"", 2, "a", 2000, ",\"n\":\"200\",\"nn\":\"200\"");
        results_bench_row(&p.sums, "\"day\":\"\"", 2, "b", 2000, sums);
        AT(&p, 0, 2000, 2000, 200, x1);
        auto_json json_t *r = results_bench_run(&p);
        struct mixture first = mixture(200, 2000, x1, 2000, 4000),
                       second = mixture(200, 2000, x2, 2000, 4000);
        assert_near(r, EFFECT "multiplicity/p", fmin(2 * first.p, second.p));
        assert_near(r, "metrics/1/variants/1/effect/multiplicity/p", second.p);
        assert_near(r, EFFECT "multiplicity/confidence", discoveries[i].confidence);
        double low = json_number_value(results_bench_at(r, EFFECT "multiplicity/interval/0"));
        assert_int_equal(fabs(low - (first.difference - first.half)) < 1e-9,
                         discoveries[i].confidence < 0.96);
    }
}

static void sizes_may_be_read_at_any_time(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 3000};
    AT(&p, 1, 10, 12, 1, 1);
    AT(&p, 2, 55, 60, 5, 5);
    AT(&p, 3, 500, 540, 50, 50);
    AT(&p, 0, 1000, 1200, 100, 120);
    auto_json json_t *r = results_bench_run(&p);
    assert_near(r, "health/srm_sequential/log_bayes_factor", 7.140301875989605);
    assert_near(r, "health/srm_sequential/p", 0.0007925128197605996);
    assert_text(r, "health/srm_sequential/status", "alarm");
    assert_text(r, "verdict/answer", "broken");
    assert_text(r, "verdict/rule", "srm");
    AT(&p, 1, 1000, 1200, 100, 120);
    AT(&p, 0, 50000, 50000, 5000, 5000);
    auto_json json_t *later = results_bench_run(&p);
    assert_near(later, "health/srm_sequential/p", 0.0007925128197605996);
    assert_text(later, "verdict/rule", "srm");
}

static void an_effect_that_fades_is_not_shipped(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 30000};
    int b = 0, day;
    for (day = 1; day <= 10; day++) {
        b += 110 - 8 * day;
        AT(&p, day, 1000 * day, 1000 * day, 50 * day, b);
    }
    AT(&p, 0, 10000, 10000, 500, b);
    auto_json json_t *fading = results_bench_run(&p);
    assert_text(fading, "verdict/rule", "novelty");
    assert_text(fading, EFFECT "trend/status", "ok");
    assert_near(fading, EFFECT "trend/looks", 10);
    assert_true(json_is_true(results_bench_at(fading, EFFECT "trend/is_fading")));
    /* the rate of b falls by 0.8 points a day */
    double slope = json_number_value(results_bench_at(fading, EFFECT "trend/slope"));
    assert_true(fabs(slope + 0.008) < 0.0008);
    assert_true(json_number_value(results_bench_at(fading, EFFECT "trend/interval/1")) < 0);
    for (day = 1, b = 0; day <= 10; day++) {
        b += 70;
        AT(&p, day, 1000 * day, 1000 * day, 50 * day, b);
    }
    AT(&p, 0, 10000, 10000, 500, b);
    auto_json json_t *level = results_bench_run(&p);
    assert_text(level, "verdict/rule", "winner");
    /* falls too, but every second day is so different that the slope may be chance */
    for (day = 1, b = 0; day <= 10; day++) {
        b += (day % 2 ? 190 : 110) - 5 * day;
        AT(&p, day, 1000 * day, 1000 * day, 100 * day, b);
    }
    AT(&p, 0, 10000, 10000, 1000, b);
    auto_json json_t *uneven = results_bench_run(&p);
    assert_true(json_number_value(results_bench_at(uneven, EFFECT "trend/p")) < 0.01);
    assert_true(json_number_value(results_bench_at(uneven, EFFECT "trend/fit_p")) < 1e-6);
    assert_text(uneven, "verdict/rule", "winner");
}

/* Of two goals the better p counts twice: the smallest count of b with p below 5 % is not enough.
 */
static void the_correction_decides(void **state)
{
    (void)state;
    int b = 200;
    while (mixture(200, 2000, b, 2000, 4000).p > 0.05)
        b++;
    assert_true(mixture(200, 2000, b, 2000, 4000).p * 2 > 0.05);
    for (int goals = 1; goals <= 2; goals++) {
        struct results_bench p = {
            .tuned_units = 4000,
            .statistics = "\"multiplicity\":\"holm\",",
            .metrics = goals == 1 ? GOAL
                                  : "[" CONVERSION(1, "goal", "primary", "") "," CONVERSION(
                                        2, "second", "primary", "") "]"};
        AT(&p, 0, 2000, 2000, 200, b);
        auto_json json_t *r = results_bench_run(&p);
        assert_text(r, "verdict/rule", goals == 1 ? "winner" : "underpowered");
    }
}

/* Without planned units: as many as show 5 % of a rate of 10 % with a power of 80 %, by the
 * always-valid test, whose critical value at that number stands for 1.96. */
static void units_needed_are_those_of_the_test(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 100000,
                              .metrics = "[" CONVERSION(1, "only", "secondary", "") "]"};
    AT(&p, 0, 2000, 2000, 200, 210);
    auto_json json_t *r = results_bench_run(&p);
    double needed = json_number_value(results_bench_at(r, "verdict/needed_units"));
    double za = 1.959963984540054, zb = 0.8416212335729143, half = needed / 2;
    double c = mixture(half / 2, half, half / 2, half, 100000).half / sqrt(0.5 / half);
    double s0 = sqrt(2 * 0.1025 * 0.8975), s1 = sqrt(0.1 * 0.9 + 0.105 * 0.895);
    double fixed = 2 * pow((za * s0 + zb * s1) / 0.005, 2);
    double expected = fixed * pow((c + zb) / (za + zb), 2);
    assert_true(expected > 1.3 * fixed);
    assert_true(fabs(needed - expected) < 2);
    assert_text(r, "verdict/rule", "underpowered");
    AT(&p, 0, 20000, 20000, 2000, 2500);
    auto_json json_t *won = results_bench_run(&p);
    assert_text(won, "verdict/rule", "winner");
}

static void looks_of_the_past_are_days_too(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 3000};
    AT(&p, 1, 1000, 1000, 100, 100);
    AT(&p, 30, 2000, 2000, 200, 200);
    AT(&p, 0, 2000, 2000, 200, 200);
    auto_json json_t *r = results_bench_run(&p);
    assert_near(r, "verdict/days", 30);
}

/* Sums that no events can have made: nothing is computed of them. */
static void more_conversions_than_visitors_are_invalid(void **state)
{
    (void)state;
    static const struct {
        int units, converted;
        const char *status;
    } sums[] = {{1000, 999, "ok"},
                {1000, 1000, "ok"},
                {1000, 1001, "invalid"},
                {1000, 2000, "invalid"},
                {1000, -1, "invalid"},
                {1, 2, "invalid"},
                {1, 1, "ok"},
                {5, 5, "ok"},
                {5, 6, "invalid"},
                {1000, 1000000, "invalid"}};
    for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++) {
        struct results_bench p = {.tuned_units = 3000};
        AT(&p, 0, sums[i].units, 1000, sums[i].converted, 100);
        auto_json json_t *r = results_bench_run(&p);
        assert_text(r, "metrics/0/variants/0/status", sums[i].status);
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_look_counts_and_intervals_meet),
        cmocka_unit_test(a_chance_to_win_calls_nothing),
        cmocka_unit_test(nothing_is_promised_of_four_conversions),
        cmocka_unit_test(planned_looks_have_their_bounds),
        cmocka_unit_test(a_fixed_test_is_read_once),
        cmocka_unit_test(questions_of_one_family_are_corrected),
        cmocka_unit_test(discoveries_share_their_level),
        cmocka_unit_test(sizes_may_be_read_at_any_time),
        cmocka_unit_test(an_effect_that_fades_is_not_shipped),
        cmocka_unit_test(the_correction_decides),
        cmocka_unit_test(units_needed_are_those_of_the_test),
        cmocka_unit_test(looks_of_the_past_are_days_too),
        cmocka_unit_test(more_conversions_than_visitors_are_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
