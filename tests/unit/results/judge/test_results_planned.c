// SPDX-License-Identifier: GPL-3.0-or-later
/* What is said when a planned test has come to its end. Expected numbers come from quadrature over
 * the first look, which is another way than the recursion under test. */
#include "stats/core/dist.h"
#include "unit/lib/results_bench.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PLAN(units, looks, more)                                                                   \
    "\"method\":\"group_sequential\",\"planned_units\":" #units ",\"looks\":" #looks               \
    ",\"spending\":\"pocock\"," more
#define TWO_LOOKS PLAN(8000, 2, "\"multiplicity\":\"none\",")
#define PLANNED   EFFECT "planned/"
#define INFERENCE PLANNED "inference/"

static double q(double z)
{
    return erfc(z / M_SQRT2) / 2;
}

static double number(const json_t *r, const char *pointer)
{
    return json_number_value(results_bench_at(r, pointer));
}

/* The score test's z of rates x / n. */
static double z_of(double xa, double na, double xb, double nb)
{
    double p = (xa + xb) / (na + nb), n = na + nb;
    return (xb / nb - xa / na) / sqrt(p * (1 - p) * (1 / na + 1 / nb)) * sqrt((n - 1) / n);
}

/* P(Z1 >= c) + P(|Z1| < c, Z2 >= z) at a drift per unit of the second look's information; share:
 * of it at the first. */
static double upper_tail(double c, double z, double share, double drift)
{
    enum { STEPS = 4000 };
    double first = drift * sqrt(share), sd = sqrt(1 - share), sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        double x = -c + 2 * c * i / STEPS, e = x - first;
        double tail = q((z - x * sqrt(share) - drift * (1 - share)) / sd);
        sum += (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2) * exp(-e * e / 2) * tail;
    }
    return q(c - first) + sum * 2 * c / STEPS / 3 / sqrt(2 * M_PI);
}

static double drift_at(double tail, double c, double z, double share)
{
    double lo = -20, hi = 20;
    for (int i = 0; i < 80; i++) {
        double middle = (lo + hi) / 2;
        *(upper_tail(c, z, share, middle) < tail ? &lo : &hi) = middle;
    }
    return (lo + hi) / 2;
}

static bool is_about(double got, double expected)
{
    return fabs(got - expected) <= 1e-6 * fmax(1e-3, fabs(expected));
}

/* The second of two looks was the last one: 'share' is the first's part of its information. */
static void assert_second(const json_t *r, double z, double difference, double share)
{
    double c = number(r, PLANNED "looks/0/bound"), se = difference / z;
    double up = upper_tail(c, z, share, 0), p = 2 * fmin(up, 1 - up);
    assert_near(r, PLANNED "looks/1/z", z);
    assert_near(r, INFERENCE "look", 2);
    if (!is_about(number(r, INFERENCE "p"), p))
        fail_msg("p is %.9g, not %.9g", number(r, INFERENCE "p"), p);
    assert_true(is_about(number(r, INFERENCE "difference"), se * drift_at(0.5, c, z, share)));
    assert_true(is_about(number(r, INFERENCE "interval/0"), se * drift_at(0.025, c, z, share)));
    assert_true(is_about(number(r, INFERENCE "interval/1"), se * drift_at(0.975, c, z, share)));
}

static void a_crossing_at_the_last_look(void **state)
{
    (void)state;
    struct results_bench p = {.statistics = TWO_LOOKS, .tuned_units = 8000};
    AT(&p, 5, 2000, 2000, 200, 230);
    AT(&p, 9, 4000, 4000, 400, 480);
    AT(&p, 0, 4500, 4700, 440, 520);
    auto_json json_t *r = results_bench_run(&p);
    assert_text(r, INFERENCE "reason", "crossed");
    assert_second(r, z_of(400, 4000, 480, 4000), 0.02, 0.5);
    assert_near(r, INFERENCE "confidence", 0.95);
    assert_near(r, INFERENCE "units_since", 1200);
    assert_near(r, INFERENCE "uplift", number(r, INFERENCE "difference") / 0.1);
    assert_true(number(r, INFERENCE "uplift_interval/0") > 0);
    assert_near(r, PLANNED "overrun_units", 0);
}

/* At the first look nothing has been looked at before: the fixed test's own numbers. */
static void a_crossing_at_the_first_look(void **state)
{
    (void)state;
    struct results_bench p = {.statistics = TWO_LOOKS, .tuned_units = 8000};
    AT(&p, 5, 2000, 2000, 200, 280);
    AT(&p, 0, 2100, 2100, 210, 290);
    auto_json json_t *r = results_bench_run(&p);
    double z = z_of(200, 2000, 280, 2000), se = 0.04 / z;
    assert_text(r, INFERENCE "reason", "crossed");
    assert_near(r, INFERENCE "look", 1);
    assert_near(r, INFERENCE "p", 2 * q(z));
    assert_near(r, INFERENCE "log10_p", log10(2 * q(z)));
    assert_true(is_about(number(r, INFERENCE "difference"), 0.04));
    assert_true(is_about(number(r, INFERENCE "interval/0"), 0.04 - 1.9599639845400545 * se));
    assert_near(r, PLANNED "looks/0/interval/0", 0.04 - number(r, PLANNED "looks/0/bound") * se);
    assert_true(json_is_false(results_bench_at(r, PLANNED "complete")));
    assert_true(json_is_false(results_bench_at(r, PLANNED "looks/1/came")));
}

static void a_late_first_look_spends_what_it_has_seen(void **state)
{
    (void)state;
    struct results_bench p = {.statistics = TWO_LOOKS, .tuned_units = 8000};
    AT(&p, 5, 1500, 1500, 150, 160);
    AT(&p, 6, 2800, 2800, 280, 290);
    AT(&p, 9, 4000, 4000, 400, 430);
    AT(&p, 0, 4000, 4000, 400, 430);
    auto_json json_t *r = results_bench_run(&p);
    assert_near(r, PLANNED "looks/0/information", 0.7);
    assert_near(r, PLANNED "looks/0/spent", 0.05 * log1p((M_E - 1) * 0.7));
    assert_near(r, PLANNED "looks/1/spent", 0.05);
    assert_text(r, INFERENCE "reason", "last_look");
    assert_second(r, z_of(400, 4000, 430, 4000), 0.0075, 0.7);
}

/* More units than planned at the last look: what the first look spent stays, and it has a smaller
 * part of the information. */
static void a_late_last_look_is_said_to_overrun(void **state)
{
    (void)state;
    struct results_bench p = {.statistics = TWO_LOOKS, .tuned_units = 8000};
    AT(&p, 5, 2000, 2000, 200, 210);
    AT(&p, 9, 6000, 6000, 600, 680);
    AT(&p, 0, 6000, 6000, 600, 680);
    auto_json json_t *r = results_bench_run(&p);
    double c1 = number(r, PLANNED "looks/0/bound"), c2 = number(r, PLANNED "looks/1/bound");
    assert_near(r, PLANNED "overrun_units", 4000);
    assert_near(r, PLANNED "looks/1/information", 1.5);
    assert_near(r, PLANNED "looks/0/spent", 0.05 * log1p((M_E - 1) * 0.5));
    assert_true(is_about(2 * upper_tail(c1, c2, 1.0 / 3, 0), 0.05));
    assert_second(r, z_of(600, 6000, 680, 6000), 80.0 / 6000, 1.0 / 3);
}

/* Whatever the last look says: crossed, p < alpha and an interval without 0 are one. */
static void decision_p_and_interval_agree(void **state)
{
    (void)state;
    int crossed = 0, kept = 0;
    for (int b = 320; b <= 480; b += 2) {
        struct results_bench p = {.statistics = TWO_LOOKS, .tuned_units = 8000};
        AT(&p, 5, 2000, 2000, 200, b / 2);
        AT(&p, 9, 4000, 4000, 400, b);
        AT(&p, 0, 4000, 4000, 400, b);
        auto_json json_t *r = results_bench_run(&p);
        bool is_crossed = json_is_true(results_bench_at(r, PLANNED "crossed"));
        double low = number(r, INFERENCE "interval/0"), high = number(r, INFERENCE "interval/1");
        double less = number(r, INFERENCE "uplift_interval/0"),
               more = number(r, INFERENCE "uplift_interval/1");
        assert_true(is_crossed == (number(r, INFERENCE "p") < 0.05));
        assert_true(is_crossed == (low > 0 || high < 0));
        assert_true(is_crossed == (less > 0 || more < 0));
        assert_true((low > 0) == (less > 0) && (high < 0) == (more < 0));
        assert_true(low < number(r, INFERENCE "difference"));
        assert_true(number(r, INFERENCE "difference") < high);
        crossed += is_crossed;
        kept += !is_crossed;
    }
    assert_true(crossed > 20 && kept > 20);
}

/* Two goals: each has bounds for half of the error, and its p counts twice; the weaker one's too.
 */
static void goals_share_the_error(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 8000,
                              .statistics = PLAN(8000, 2, "\"multiplicity\":\"holm\","),
                              .metrics = "[" CONVERSION(1, "goal", "primary", "") "," CONVERSION(
                                  2, "second", "primary", "") "]"};
    static const char day[] = "\"day\":\"2026-01-09\",\"as_of\":\"t\"";
    AT(&p, 9, 4000, 4000, 400, 480);
    results_bench_row(&p.looks, day, 2, "a", 4000, ",\"n\":\"400\",\"nn\":\"400\"");
    results_bench_row(&p.looks, day, 2, "b", 4000, ",\"n\":\"470\",\"nn\":\"470\"");
    AT(&p, 0, 4000, 4000, 400, 480);
    auto_json json_t *r = results_bench_run(&p);
    double z = z_of(400, 4000, 480, 4000);
    assert_near(r, PLANNED "alpha", 0.025);
    assert_near(r, INFERENCE "confidence", 0.975);
    assert_true(is_about(number(r, INFERENCE "p"), 2 * q(z)));
    assert_true(is_about(number(r, INFERENCE "interval/0"), 0.02 - 2.241402727604947 * 0.02 / z));
    assert_text(r, EFFECT "multiplicity/method", "bonferroni");
    assert_text(r, EFFECT "multiplicity/of", "planned");
    assert_true(is_about(number(r, EFFECT "multiplicity/p"), 4 * q(z)));
    assert_near(r, EFFECT "multiplicity/confidence", 0.975);
    assert_near(r, EFFECT "multiplicity/interval/0", number(r, INFERENCE "interval/0"));
    assert_true(is_about(number(r, "metrics/1/variants/1/effect/multiplicity/p"),
                         4 * q(z_of(400, 4000, 470, 4000))));
}

/* Units of a metric with a window count when it has passed: its looks come later. */
static void information_is_what_counts_for_the_metric(void **state)
{
    (void)state;
    struct results_bench p = {.tuned_units = 8000,
                              .statistics = TWO_LOOKS,
                              .metrics = "[" CONVERSION(1, "goal", "primary", "") "," CONVERSION(
                                  2, "slow", "primary", "") "]"};
    static const struct {
        int day;
        const char *units;
    } rows[] = {{5, "500"}, {9, "2200"}, {0, "2300"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char place[64];
        snprintf(place, sizeof(place), "\"day\":\"2026-01-%02d\",\"as_of\":\"t\"", rows[i].day);
        int units = i == 0 ? 500 : i == 1 ? 2200 : 2300;
        AT(&p, rows[i].day, i ? 4000 : 2000, i ? 4000 : 2000, i ? 400 : 200, i ? 410 : 210);
        for (int v = 0; v < 2; v++)
            results_bench_row(rows[i].day ? &p.looks : &p.sums, place, 2, v ? "b" : "a",
                              (uint64_t)units, ",\"n\":\"50\",\"nn\":\"50\"");
    }
    auto_json json_t *r = results_bench_run(&p);
    assert_true(json_is_true(results_bench_at(r, PLANNED "complete")));
    static const char slow[] = "metrics/1/variants/1/effect/planned/looks/0/";
    char pointer[128];
    snprintf(pointer, sizeof(pointer), "%sday", slow);
    assert_text(r, pointer, "2026-01-09");
    snprintf(pointer, sizeof(pointer), "%sinformation", slow);
    assert_near(r, pointer, 0.55);
    assert_true(json_is_null(results_bench_at(r, "metrics/1/variants/1/effect/planned/inference")));
}

/* Stopped before its time: the end is a look that spends what its information allows, and nothing
 * is said that the rest of the error would have to be spent for. */
static void an_early_end_is_a_look(void **state)
{
    (void)state;
    for (int b = 250; b <= 330; b += 80) {
        struct results_bench p = {
            .statistics = TWO_LOOKS, .tuned_units = 8000, .status = "stopped"};
        AT(&p, 5, 2000, 2000, 200, 210);
        AT(&p, 0, 2500, 2500, 250, b);
        auto_json json_t *r = results_bench_run(&p);
        bool is_crossed = b > 300;
        assert_int_equal(json_array_size(results_bench_at(r, PLANNED "looks")), 2);
        assert_true(json_is_null(results_bench_at(r, PLANNED "looks/1/day")));
        assert_near(r, PLANNED "looks/1/information", 0.625);
        assert_near(r, PLANNED "looks/1/spent", 0.05 * log1p((M_E - 1) * 0.625));
        assert_true(json_is_true(results_bench_at(r, PLANNED "ended_early")));
        assert_true(json_is_false(results_bench_at(r, PLANNED "complete")));
        assert_int_equal(json_is_true(results_bench_at(r, PLANNED "crossed")), is_crossed);
        assert_int_equal(json_is_object(results_bench_at(r, PLANNED "inference")), is_crossed);
        assert_int_equal(number(r, PLANNED "looks/1/interval/0") > 0, is_crossed);
    }
}

/* Nobody converted: the look came, and there is no test to take it by. */
static void a_look_without_a_test_says_so(void **state)
{
    (void)state;
    struct results_bench p = {.statistics = TWO_LOOKS, .tuned_units = 8000};
    AT(&p, 9, 4000, 4000, 0, 0);
    AT(&p, 0, 4000, 4000, 0, 0);
    auto_json json_t *r = results_bench_run(&p);
    assert_text(r, INFERENCE "status", "zero_variance");
    assert_text(r, INFERENCE "reason", "last_look");
    assert_true(json_is_null(results_bench_at(r, INFERENCE "p")));
    assert_true(json_is_null(results_bench_at(r, PLANNED "looks/0/interval")));
    assert_true(json_is_false(results_bench_at(r, PLANNED "crossed")));
}

/* The fixed test's p and intervals are those of its day, corrected or not. */
static void a_fixed_test_is_corrected_where_it_was_read(void **state)
{
    (void)state;
    struct results_bench p = {
        .statistics = "\"method\":\"fixed\",\"planned_units\":4000,\"multiplicity\":\"holm\",",
        .tuned_units = 4000};
    AT(&p, 5, 1000, 1000, 100, 200);
    AT(&p, 0, 1000, 1000, 100, 200);
    auto_json json_t *early = results_bench_run(&p);
    assert_true(json_is_null(results_bench_at(early, EFFECT "multiplicity/p")));
    assert_true(json_is_null(results_bench_at(early, EFFECT "multiplicity/interval")));
    AT(&p, 9, 2000, 2000, 200, 250);
    AT(&p, 0, 4000, 4000, 400, 400);
    auto_json json_t *r = results_bench_run(&p);
    assert_near(r, EFFECT "multiplicity/p", number(r, PLANNED "p"));
    assert_near(r, EFFECT "multiplicity/interval/0", number(r, PLANNED "interval/0"));
    assert_near(r, EFFECT "multiplicity/uplift_interval/1", number(r, PLANNED "uplift_interval/1"));
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crossing_at_the_last_look),
        cmocka_unit_test(a_crossing_at_the_first_look),
        cmocka_unit_test(a_late_first_look_spends_what_it_has_seen),
        cmocka_unit_test(a_late_last_look_is_said_to_overrun),
        cmocka_unit_test(decision_p_and_interval_agree),
        cmocka_unit_test(goals_share_the_error),
        cmocka_unit_test(information_is_what_counts_for_the_metric),
        cmocka_unit_test(an_early_end_is_a_look),
        cmocka_unit_test(a_look_without_a_test_says_so),
        cmocka_unit_test(a_fixed_test_is_corrected_where_it_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
