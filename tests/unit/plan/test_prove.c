// SPDX-License-Identifier: GPL-3.0-or-later
/* Splits by chance, counted again by hand; tests that are right and one that is broken; an uplift
 * put in. Every draw is seeded. */
#include "prove/prove.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "prove/prove_private.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_US (3600 * SECOND_US)

/* Shoppers: a tenth orders, once or twice, for different amounts. */
struct shop {
    size_t count;
    int64_t *exposed_us, *has_ordered, *revenue, *orders;
    struct prove_metric metrics[3];
    struct prove_units units;
};

static double uniform(uint64_t index)
{
    return (double)(prove_random(99, 0, index) >> 11) * 0x1p-53;
}

static void shop_init(struct shop *s, size_t count, int64_t step_us)
{
    *s = (struct shop){.count = count};
    int64_t **lists[] = {&s->exposed_us, &s->has_ordered, &s->revenue, &s->orders};
    for (size_t i = 0; i < 4; i++)
        *lists[i] = mem_zalloc(count * sizeof(int64_t));
    for (size_t i = 0; i < count; i++) {
        s->exposed_us[i] = (int64_t)i * step_us;
        s->has_ordered[i] = uniform(3 * i) < 0.1;
        s->orders[i] = s->has_ordered[i] * (1 + (uniform(3 * i + 1) < 0.3));
        s->revenue[i] = s->orders[i] * (int64_t)(1000 + 9000 * uniform(3 * i + 2));
    }
    s->metrics[0] = (struct prove_metric){
        .key = "conversion", .kind = PROVE_CONVERSION, .numerator = s->has_ordered};
    s->metrics[1] =
        (struct prove_metric){.key = "revenue", .kind = PROVE_MEAN, .numerator = s->revenue};
    s->metrics[2] = (struct prove_metric){.key = "order_value",
                                          .kind = PROVE_RATIO,
                                          .numerator = s->revenue,
                                          .denominator = s->orders};
    s->units = (struct prove_units){
        .count = count, .exposed_us = s->exposed_us, .metrics = s->metrics, .metric_count = 3};
}

static void shop_done(struct shop *s)
{
    mem_free(s->exposed_us);
    mem_free(s->has_ordered);
    mem_free(s->revenue);
    mem_free(s->orders);
}

static struct prove_report run(const struct shop *s, const struct prove_plan *plan,
                               struct arena *arena)
{
    struct prove_report report;
    struct fault fault;
    if (prove_run(&s->units, plan, arena, &report, &fault))
        fail_msg("%s", fault.detail);
    return report;
}

/* One run's arms counted unit by unit in floating point. */
static void count_by_hand(const struct shop *s, uint64_t seed, uint64_t nth,
                          struct stats_prop props[2], struct stats_moments moments[2],
                          struct stats_comoments comoments[2])
{
    struct stats_running one[2] = {0};
    struct stats_running_pair two[2] = {0};
    memset(props, 0, 2 * sizeof(*props));
    for (size_t i = 0; i < s->count; i++) {
        int arm = prove_random(seed, nth, i / 64) >> i % 64 & 1;
        props[arm].n++;
        props[arm].x += (uint64_t)s->has_ordered[i];
        stats_running_add(&one[arm], (double)s->revenue[i]);
        stats_running_pair_add(&two[arm], (double)s->revenue[i], (double)s->orders[i]);
    }
    for (int arm = 0; arm < 2; arm++) {
        moments[arm] = stats_running_moments(&one[arm]);
        comoments[arm] = stats_running_comoments(&two[arm]);
    }
}

static void test_splits_are_counted_right(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct shop s;
    shop_init(&s, 700, HOUR_US / 10);
    const struct prove_plan plan = {.seed = 5, .runs = 60, .confidence = 0.8};
    const struct prove_report report = run(&s, &plan, arena);
    uint64_t calls[3] = {0};
    unsigned bins[3][PROVE_BINS] = {0};
    for (uint64_t nth = 0; nth < 60; nth++) {
        struct stats_prop props[2];
        struct stats_moments moments[2];
        struct stats_comoments comoments[2];
        count_by_hand(&s, 5, nth, props, moments, comoments);
        const struct stats_effect effects[3] = {stats_prop_diff(&props[0], &props[1], 0.8).effect,
                                                stats_welch(&moments[0], &moments[1], 0.8),
                                                stats_ratio(&comoments[0], &comoments[1], 0.8)};
        for (int m = 0; m < 3; m++) {
            calls[m] += effects[m].p_two_sided.value < 0.2;
            bins[m][(int)(effects[m].p_two_sided.value * PROVE_BINS - 1e-9)]++;
        }
    }
    for (int m = 0; m < 3; m++) {
        assert_int_equal(report.findings[m].false_calls.of, 60);
        assert_int_equal(report.findings[m].false_calls.count, calls[m]);
        assert_memory_equal(report.findings[m].bins, bins[m], sizeof(bins[m]));
        assert_true(calls[m] > 0);
        /* Interval and p-value are one test. */
        assert_int_equal(report.findings[m].coverage.count, 60 - calls[m]);
    }
    shop_done(&s);
}

static void test_right_tests_are_calibrated(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct shop s;
    shop_init(&s, 20000, HOUR_US / 60);
    const struct prove_plan plan = {.seed = 1, .runs = 1000, .confidence = 0.95};
    const struct prove_report report = run(&s, &plan, arena);
    assert_int_equal(report.looks, 334);
    assert_true(report.look_us == HOUR_US);
    for (int m = 0; m < 3; m++) {
        const struct prove_finding *f = &report.findings[m];
        const struct stats_interval around = prove_rate_interval(&f->false_calls, 0.95);
        assert_int_equal(f->false_calls.of, 1000);
        assert_true(around.lower < 0.05 && around.upper > 0.05);
        assert_int_equal(f->verdict, PROVE_CALIBRATED);
        assert_true(f->ks < 0.06 && f->ks_p > 0.01);
        /* Peeking every hour ruins both fixed rules, and the always-valid one not at all. */
        assert_true(f->peeking[PROVE_P_VALUE].count > 250);
        assert_true(f->peeking[PROVE_CHANCE].count > 400);
        assert_true(f->peeking[PROVE_ALWAYS_VALID].count <= 60);
        assert_int_equal(f->power.of, 0);
    }
    shop_done(&s);
}

/* A test that forgets that there are two sides. */
static struct stats_effect halved(const struct prove_arm *control,
                                  const struct prove_arm *treatment, double confidence)
{
    struct stats_effect e = prove_test_of(PROVE_MEAN)(control, treatment, confidence);
    e.p_two_sided.value /= 2;
    return e;
}

static void test_a_broken_test_is_found_out(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct shop s;
    shop_init(&s, 3000, SECOND_US);
    s.metrics[1].test = halved;
    const struct prove_plan plan = {.seed = 1, .runs = 1000, .confidence = 0.95};
    s.units.metric_count = 2;
    const struct prove_report report = run(&s, &plan, arena);
    const struct prove_finding *f = &report.findings[1];
    assert_int_equal(f->verdict, PROVE_TOO_MANY);
    assert_true(f->false_calls.count > 75 && f->false_calls.count < 125);
    assert_true(f->ks_p < 1e-6);
    assert_true(f->ks > 0.45 && f->ks < 0.55);
    assert_int_equal(report.findings[0].verdict, PROVE_CALIBRATED);
    shop_done(&s);
}

static void assert_power(const struct prove_finding *f)
{
    double found = (double)f->power.count / (double)f->power.of;
    double held = (double)f->uplift_coverage.count / (double)f->uplift_coverage.of;
    assert_true(f->planned_power.is_known);
    if (fabs(found - f->planned_power.value) > 0.05)
        fail_msg("%s: power %g, planned %g", f->key, found, f->planned_power.value);
    if (fabs(held - 0.95) > 0.025)
        fail_msg("%s: uplift covered in %g", f->key, held);
}

static void test_an_uplift_is_found_as_planned(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct shop s;
    shop_init(&s, 20000, SECOND_US);
    struct prove_plan plan = {.seed = 3, .runs = 700, .uplift = 0.12, .confidence = 0.95};
    struct prove_report report = run(&s, &plan, arena);
    for (int m = 0; m < 3; m++)
        assert_power(&report.findings[m]);
    assert_true(report.findings[0].planned_power.value > 0.6);
    assert_true(report.findings[0].planned_power.value < 0.95);

    plan.uplift = -0.1;
    report = run(&s, &plan, arena);
    assert_power(&report.findings[0]);
    shop_done(&s);
}

static void test_an_uplift_spreads_what_it_lifts(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct shop s;
    shop_init(&s, 1000, SECOND_US);
    const struct prove_plan plan = {.seed = 3, .runs = 1500, .uplift = 1, .confidence = 0.95};
    const struct prove_report report = run(&s, &plan, arena);
    assert_power(&report.findings[1]);
    shop_done(&s);
}

/* Whether a peeker at conversions calls within one run, by the tests of results at every look. */
static unsigned peek_by_hand(const struct shop *s, const struct prove_plan *plan, uint64_t nth,
                             size_t looks)
{
    const struct stats_beta_prior jeffreys = {0.5, 0.5};
    const double alpha = 1 - plan->confidence;
    struct stats_prop arms[2] = {0};
    unsigned called = 0;
    size_t unit = 0;
    for (size_t look = 1; look <= looks; look++) {
        for (; unit < s->count * look / looks; unit++) {
            int arm = prove_random(plan->seed, nth, unit / 64) >> unit % 64 & 1;
            arms[arm].n++;
            arms[arm].x += (uint64_t)s->has_ordered[unit];
        }
        if (arms[0].n == 0 || arms[1].n == 0 || arms[0].x + arms[1].x == 0)
            continue;
        double p = stats_prop_diff(&arms[0], &arms[1], plan->confidence).effect.p_two_sided.value;
        double chance = stats_beta_best(&jeffreys, arms, 2).p_best[1];
        called |= p < alpha ? 1U << PROVE_P_VALUE : 0;
        called |= chance <= alpha || chance >= 1 - alpha ? 1U << PROVE_CHANCE : 0;
    }
    return called;
}

static void test_peeking_is_what_results_would_have_shown(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct shop s;
    shop_init(&s, 1500, SECOND_US);
    s.units.metric_count = 1;
    const struct prove_plan plan = {.seed = 8, .runs = 60, .confidence = 0.99};
    const struct prove_report report = run(&s, &plan, arena);
    const struct prove_rate *peeking = report.findings[0].peeking;
    uint64_t by_p = 0, by_chance = 0;
    assert_int_equal(report.looks, PROVE_LOOKS);
    for (uint64_t nth = 0; nth < 60; nth++) {
        unsigned called = peek_by_hand(&s, &plan, nth, report.looks);
        by_p += called >> PROVE_P_VALUE & 1;
        by_chance += called >> PROVE_CHANCE & 1;
    }
    assert_int_equal(peeking[PROVE_P_VALUE].count, by_p);
    assert_int_equal(peeking[PROVE_CHANCE].count, by_chance);
    assert_true(by_p > 0 && by_chance > by_p && by_chance < 60);
    shop_done(&s);
}

static bool stop_at_half(void *arg, double done)
{
    *(double *)arg = done;
    return done < 0.5;
}

static void test_what_cannot_be_run(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct shop s;
    shop_init(&s, 400, SECOND_US);
    struct prove_report report;
    struct fault fault;
    double done = 0;
    struct prove_plan plan = {
        .seed = 1, .runs = 100, .confidence = 0.95, .on_progress = stop_at_half, .arg = &done};
    assert_int_equal(prove_run(&s.units, &plan, arena, &report, &fault), ERR_CONFLICT);
    assert_true(done == 0.5);

    plan.on_progress = NULL;
    plan.runs = 0;
    assert_int_equal(prove_run(&s.units, &plan, arena, &report, &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, "/runs");
    plan.runs = 1;
    plan.uplift = -1;
    assert_int_equal(prove_run(&s.units, &plan, arena, &report, &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, "/uplift");
    plan.uplift = 0;
    s.has_ordered[7] = 2;
    assert_int_equal(prove_run(&s.units, &plan, arena, &report, &fault), ERR_INVALID);
    s.has_ordered[7] = 1;
    s.revenue[7] = INT64_C(1) << 50;
    assert_int_equal(prove_run(&s.units, &plan, arena, &report, &fault), ERR_TOO_LARGE);
    s.units.count = 9;
    assert_int_equal(prove_run(&s.units, &plan, arena, &report, &fault), ERR_INVALID);
    shop_done(&s);
}

static void test_nobody_did_anything(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct shop s;
    shop_init(&s, 400, SECOND_US);
    memset(s.has_ordered, 0, 400 * sizeof(*s.has_ordered));
    memset(s.revenue, 0, 400 * sizeof(*s.revenue));
    memset(s.orders, 0, 400 * sizeof(*s.orders));
    const struct prove_plan plan = {.seed = 1, .runs = 50, .uplift = 0.5, .confidence = 0.95};
    const struct prove_report report = run(&s, &plan, arena);
    assert_int_equal(report.findings[0].false_calls.count, 0);
    for (int m = 1; m < 3; m++)
        assert_int_equal(report.findings[m].verdict, PROVE_NOT_TESTED);
    auto_buf struct buf out = {0};
    prove_write(&report, &out);
    auto_json json_t *document = json_loadb(out.data, out.length, 0, NULL);
    assert_non_null(document);
    const json_t *mean = json_array_get(json_object_get(document, "metrics"), 1);
    assert_string_equal(json_string_value(json_object_get(mean, "verdict")), "not_tested");
    assert_true(json_is_null(json_object_get(mean, "false_calls")));
    assert_true(json_is_null(json_object_get(mean, "planned_power")));
    shop_done(&s);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splits_are_counted_right),
        cmocka_unit_test(test_right_tests_are_calibrated),
        cmocka_unit_test(test_a_broken_test_is_found_out),
        cmocka_unit_test(test_an_uplift_is_found_as_planned),
        cmocka_unit_test(test_an_uplift_spreads_what_it_lifts),
        cmocka_unit_test(test_peeking_is_what_results_would_have_shown),
        cmocka_unit_test(test_what_cannot_be_run),
        cmocka_unit_test(test_nobody_did_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
