// SPDX-License-Identifier: GPL-3.0-or-later
/* What differences come to in money, against which arm, and why somebody should look now. */
#include "unit/lib/results_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define REVENUE(role_)                                                                             \
    "{\"id\":2,\"key\":\"revenue\",\"role\":\"" role_ "\",\"is_computed\":true,\"document\":{},"   \
    "\"definition\":{\"kind\":\"sum\",\"is_money\":true,\"scale\":100,"                            \
    "\"numerator\":{\"event\":\"purchase\",\"value\":\"value\"}}}"
#define WITH_REVENUE           "[" CONVERSION(1, "goal", "primary", "") "," REVENUE("secondary") "]"
#define TRAFFIC(units_, days_) "\"traffic\":{\"units\":" #units_ ",\"days\":" #days_ "},"

/* In each arm 20,000 units, of which 'a' and 'b' buy once for 10.00. */
static json_t *shop(struct results_bench *p, int ua, int ub, int a, int b)
{
    p->tuned_units = 40000;
    if (!p->metrics)
        p->metrics = WITH_REVENUE;
    for (int i = 0; i < 2; i++) {
        char sums[96];
        int buyers = i ? b : a;
        snprintf(sums, sizeof(sums), ",\"n\":\"%d\",\"nn\":\"%lld\"", buyers * 1000,
                 (long long)buyers * 1000000);
        results_bench_row(&p->sums, "\"day\":\"\"", 2, i ? "b" : "a", (uint64_t)(i ? ub : ua),
                          sums);
    }
    AT(p, 0, ua, ub, a, b);
    return results_bench_run(p);
}

static void a_winner_is_worth_money(void **state)
{
    (void)state;
    struct results_bench p = {.more = TRAFFIC(28000, 28)};
    auto_json json_t *r = shop(&p, 20000, 20000, 2000, 2400);
    assert_text(r, "verdict/answer", "ship");
    assert_text(r, "money/metric", "revenue");
    assert_text(r, "money/variant", "b");
    assert_near(r, "money/confidence", 0.95);
    /* 0.20 a visitor: 200 of a thousand, and of 1,000 visitors a day 200 a day */
    double month = 365.0 / 12;
    assert_near(r, "traffic/month_units", 1000 * month);
    assert_near(r, "money/per_thousand", 200);
    assert_near(r, "money/per_month", 200 * month);
    for (int end = 0; end < 2; end++) {
        char from[80], to[80];
        snprintf(from, sizeof(from), "metrics/1/variants/1/effect/sequential/interval/%d", end);
        double value = json_number_value(results_bench_at(r, from));
        snprintf(to, sizeof(to), "money/per_thousand_interval/%d", end);
        assert_near(r, to, value * 1000);
        snprintf(to, sizeof(to), "money/per_month_interval/%d", end);
        assert_near(r, to, value * 1000 * month);
    }
    /* more buyers, too */
    assert_near(r, EFFECT "impact/per_thousand", 20);
}

/* What would be said too surely is not said. */
static void money_is_not_made_up(void **state)
{
    (void)state;
    static const struct {
        const char *what, *metrics, *more;
        int ua, ub, a, b;
        bool has_money, has_month;
    } rows[] = {
        {"all is well", NULL, TRAFFIC(7000, 7), 20000, 20000, 2000, 2400, true, true},
        {"nothing is decided", NULL, TRAFFIC(7000, 7), 20000, 20000, 2000, 2010, true, true},
        {"too few days", NULL, TRAFFIC(7000, 6.9), 20000, 20000, 2000, 2400, true, false},
        {"nobody came", NULL, TRAFFIC(0, 28), 20000, 20000, 2000, 2400, true, false},
        {"broken", NULL, TRAFFIC(7000, 7), 20000, 24000, 2000, 2900, false, false},
        {"few conversions", NULL, TRAFFIC(7000, 7), 200, 200, 20, 24, false, false},
        {"nine visitors", NULL, TRAFFIC(9, 20), 4, 5, 1, 2, false, false},
        {"no value", "[" CONVERSION(1, "goal", "primary", "") "]", TRAFFIC(7000, 7), 20000, 20000,
         2000, 2400, false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct results_bench p = {.metrics = rows[i].metrics, .more = rows[i].more};
        auto_json json_t *r = shop(&p, rows[i].ua, rows[i].ub, rows[i].a, rows[i].b);
        const json_t *money = results_bench_at(r, "money");
        if (json_is_object(money) != rows[i].has_money ||
            json_is_number(json_object_get(money, "per_month")) != rows[i].has_month)
            fail_msg("%s", rows[i].what);
        if (!rows[i].has_money && rows[i].metrics == NULL)
            assert_null(
                json_object_get(results_bench_at(r, "metrics/0/variants/1/effect"), "impact"));
    }
}

/* An early look leaves an interval that the difference of today is not in. */
static void an_effect_that_faded_is_worth_nothing(void **state)
{
    (void)state;
    struct results_bench p = {.more = TRAFFIC(28000, 28), .tuned_units = 40000};
    AT(&p, 5, 10000, 10000, 1000, 1170);
    AT(&p, 0, 20000, 20000, 2000, 2010);
    auto_json json_t *r = results_bench_run(&p);
    double low = json_number_value(results_bench_at(r, EFFECT "sequential/interval/0"));
    assert_true(json_number_value(results_bench_at(r, EFFECT "frequentist/difference")) < low);
    assert_null(json_object_get(results_bench_at(r, "metrics/0/variants/1/effect"), "impact"));
}

/* Who is looked at is one of several: the interval is as wide as all of them together need. */
static void money_is_said_as_surely_as_the_family_is(void **state)
{
    (void)state;
    struct results_bench p = {
        .more = TRAFFIC(28000, 28),
        .metrics = "[" CONVERSION(1, "goal", "primary", "") "," REVENUE("primary") "]",
        .statistics = "\"multiplicity\":\"holm\",\"multiplicity_scope\":\"campaign\",",
    };
    auto_json json_t *r = shop(&p, 20000, 20000, 2000, 2400);
    const char *family = "metrics/1/variants/1/effect/multiplicity/interval/";
    assert_near(r, "money/confidence", 0.975);
    for (int end = 0; end < 2; end++) {
        char from[80], to[80];
        snprintf(from, sizeof(from), "%s%d", family, end);
        double value = json_number_value(results_bench_at(r, from));
        snprintf(to, sizeof(to), "money/per_thousand_interval/%d", end);
        assert_near(r, to, value * 1000);
    }
}

/* Who is let in from the eleventh on has been there for ten days, whenever it was started. */
static void days_begin_and_end_with_the_schedule(void **state)
{
    (void)state;
    static const struct {
        const char *more;
        double days;
    } rows[] = {
        {"", 20},
        {"\"schedule_start\":\"2026-01-11T00:00:00Z\",", 10},
        {"\"schedule_start\":\"2025-12-24T00:00:00Z\",", 20},
        {"\"schedule_end\":\"2026-01-08T12:00:00Z\",", 7.5},
        {"\"schedule_end\":\"2026-02-01T00:00:00Z\",", 20},
        {"\"schedule_start\":\"2026-01-20T00:00:00Z\",\"schedule_end\":\"2026-01-20T12:00:00Z\",",
         0.5},
        {"\"schedule_start\":\"2026-03-01T00:00:00Z\",", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct results_bench p = {.more = rows[i].more};
        auto_json json_t *r = shop(&p, 20000, 20000, 2000, 2400);
        assert_near(r, "verdict/days", rows[i].days);
    }
}

static void another_arm_can_be_the_baseline(void **state)
{
    (void)state;
    struct results_bench p = {.more = TRAFFIC(28000, 28), .baseline = "b"};
    auto_json json_t *r = shop(&p, 20000, 20000, 2000, 2400);
    assert_text(r, "control", "b");
    assert_near(r, "metrics/0/variants/0/effect/frequentist/uplift", 2000.0 / 2400 - 1);
    /* what is advised, and what it is worth, is still said against the control */
    assert_text(r, "verdict/answer", "ship");
    assert_text(r, "verdict/variant", "b");
    assert_text(r, "money/variant", "b");
    assert_near(r, "money/per_thousand", 200);
    assert_null(json_object_get(results_bench_at(r, "metrics/0/variants/1"), "effect"));
}

static void what_needs_attention_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *more, *status;
        int ub, a, b;
        const char *words; /* with commas */
    } rows[] = {
        {"", "running", 20000, 2000, 2010, ""},
        {"", "running", 20000, 2000, 2400, "ready"},
        {"", "paused", 20000, 2000, 2400, "ready"},
        {"", "stopped", 20000, 2000, 2400, ""},
        {"", "running", 24000, 2000, 2400, "broken_split"},
        {"\"is_quiet\":true,", "running", 20000, 2000, 2010, "no_exposures"},
        {"\"is_quiet\":true,", "running", 20000, 2000, 2400, "no_exposures,ready"},
        {"\"schedule_end\":\"2026-01-21T00:00:00Z\",", "running", 20000, 2000, 2010,
         "schedule_ended"},
        {"\"schedule_end\":\"2026-01-21T00:00:01Z\",", "running", 20000, 2000, 2010, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct results_bench p = {.more = rows[i].more, .status = rows[i].status};
        auto_json json_t *r = shop(&p, 20000, rows[i].ub, rows[i].a, rows[i].b);
        auto_buf struct buf words = {0};
        buf_add_str(&words, "");
        size_t k;
        json_t *word;
        json_array_foreach(results_bench_at(r, "attention"), k, word)
            buf_printf(&words, "%s%s", k ? "," : "", json_string_value(word));
        if (strcmp(words.data, rows[i].words) != 0)
            fail_msg("row %zu: %s is not %s", i, words.data, rows[i].words);
    }
}

static void a_harmed_guardrail_needs_attention(void **state)
{
    (void)state;
    struct results_bench p = {.metrics = "[" CONVERSION(1, "guard", "guardrail", "") "]",
                              .tuned_units = 20000};
    AT(&p, 0, 10000, 10000, 5000, 4000);
    auto_json json_t *r = results_bench_run(&p);
    assert_text(r, "attention/0", "guardrail_harmed");
    assert_int_equal(json_array_size(results_bench_at(r, "attention")), 1);
}

static void one_word_is_said_of_the_split(void **state)
{
    (void)state;
    static const struct {
        int ua, ub;
        const char *status, *split;
    } rows[] = {
        {0, 0, "running", "unknown"},        {10000, 10000, "running", "ok"},
        {10000, 10420, "running", "odd"},    {10000, 10800, "running", "broken"},
        {10000, 10500, "stopped", "broken"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct results_bench p = {.tuned_units = 20000, .status = rows[i].status};
        AT(&p, 0, rows[i].ua, rows[i].ub, rows[i].ua / 10, rows[i].ub / 10);
        auto_json json_t *r = results_bench_run(&p);
        bool is_broken = strcmp(rows[i].split, "broken") == 0;
        assert_text(r, "health/split", rows[i].split);
        assert_int_equal(is_broken, strcmp(json_string_value(results_bench_at(r, "verdict/answer")),
                                           "broken") == 0);
    }
}

static void days_left_are_told_while_visitors_come(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        int units;
        double days_left; /* -1: null */
    } rows[] = {
        /* 20 days have gone by */
        {"running", 5000, 20}, {"running", 10000, 0}, {"running", 11000, 0},
        {"running", 3, -1},    {"stopped", 5000, -1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct results_bench p = {.tuned_units = 20000,
                                  .status = rows[i].status,
                                  .statistics = "\"planned_units\":20000,"};
        AT(&p, 0, rows[i].units, rows[i].units, rows[i].units / 10, rows[i].units / 10);
        auto_json json_t *r = results_bench_run(&p);
        if (rows[i].days_left < 0)
            assert_true(json_is_null(results_bench_at(r, "verdict/days_left")));
        else
            assert_near(r, "verdict/days_left", rows[i].days_left);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_winner_is_worth_money),
        cmocka_unit_test(money_is_not_made_up),
        cmocka_unit_test(an_effect_that_faded_is_worth_nothing),
        cmocka_unit_test(money_is_said_as_surely_as_the_family_is),
        cmocka_unit_test(days_begin_and_end_with_the_schedule),
        cmocka_unit_test(another_arm_can_be_the_baseline),
        cmocka_unit_test(what_needs_attention_is_named),
        cmocka_unit_test(a_harmed_guardrail_needs_attention),
        cmocka_unit_test(one_word_is_said_of_the_split),
        cmocka_unit_test(days_left_are_told_while_visitors_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
