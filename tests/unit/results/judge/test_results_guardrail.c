// SPDX-License-Identifier: GPL-3.0-or-later
/* Guardrails, and revenue in its factors, against numbers worked out by hand. */
#include "stats/core/dist.h"
#include "unit/lib/results_bench.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void guardrails_are_kept_harmed_or_open(void **state)
{
    (void)state;
    static const struct {
        int units, a, b;
        const char *verdict, *rule;
    } rows[] = {
        {1000000, 500000, 499000, "kept", "no_effect"},
        {10000, 5000, 4000, "harmed", "guardrail_harmed"},
        {10000, 5000, 4950, "open", "underpowered"},
        {30000, 15000, 14970, "open", "underpowered"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct results_bench p = {
            .tuned_units = 20000,
            .metrics = "[" CONVERSION(1, "guard", "guardrail",
                                      "") "," CONVERSION(2, "goal", "primary", "") "]"};
        char sums[64];
        snprintf(sums, sizeof(sums), ",\"n\":\"%d\",\"nn\":\"%d\"", rows[i].units / 10,
                 rows[i].units / 10);
        results_bench_row(&p.sums, "\"day\":\"\"", 2, "a", (uint64_t)rows[i].units, sums);
        results_bench_row(&p.sums, "\"day\":\"\"", 2, "b", (uint64_t)rows[i].units, sums);
        AT(&p, 0, rows[i].units, rows[i].units, rows[i].a, rows[i].b);
        auto_json json_t *r = results_bench_run(&p);
        assert_text(r, EFFECT "noninferiority/verdict", rows[i].verdict);
        assert_text(r, "verdict/rule", rows[i].rule);
        assert_null(
            json_object_get(results_bench_at(r, "metrics/0/variants/1/effect"), "multiplicity"));
    }
}

#define SHOP(id_, key_, kind_, denominator_)                                                       \
    "{\"id\":" #id_ ",\"key\":\"" key_ "\",\"role\":\"primary\",\"is_computed\":true,"             \
    "\"document\":{},\"definition\":{\"kind\":\"" kind_                                            \
    "\",\"numerator\":{\"event\":\"purchase\",\"value\":\"value\"}," denominator_                  \
    "\"scale\":100}}"

/* 400 of 2,000 buy 500 times for 10.00 each, against 600 buying 600 times for 12.00. */
static void revenue_comes_apart_into_its_factors(void **state)
{
    (void)state;
    struct results_bench p = {
        .tuned_units = 4000,
        .metrics = "[" CONVERSION(1, "conversion_rate", "primary", "") "," SHOP(
            2, "average_order_value", "mean",
            "\"denominator\":{\"event\":\"purchase\"},") "," SHOP(3, "revenue_per_visitor", "sum",
                                                                  "") "]"};
    /* 300 buy once, 100 twice; the squares of revenue are 300 * 1000^2 + 100 * 2000^2 */
    const char *a =
        ",\"n\":\"500000\",\"d\":\"500\",\"nn\":\"700000000\",\"nd\":\"700000\",\"dd\":\"700\"";
    const char *b =
        ",\"n\":\"720000\",\"d\":\"600\",\"nn\":\"864000000\",\"nd\":\"720000\",\"dd\":\"600\"";
    for (int metric = 2; metric <= 3; metric++) {
        results_bench_row(&p.sums, "\"day\":\"\"", metric, "a", 2000, a);
        results_bench_row(&p.sums, "\"day\":\"\"", metric, "b", 2000, b);
    }
    AT(&p, 0, 2000, 2000, 400, 600);
    auto_json json_t *r = results_bench_run(&p);
#define PART "metrics/2/variants/1/effect/decomposition/"
    assert_text(r, PART "status", "ok");
    /* every order of a variant costs the same */
    assert_text(r, "metrics/1/variants/1/effect/sequential/status", "zero_variance");
    assert_text(r, "metrics/2/variants/1/effect/sequential/status", "ok");
    assert_near(r, PART "conversion/uplift", 0.5);
    assert_near(r, PART "orders_per_buyer/control", 1.25);
    assert_near(r, PART "orders_per_buyer/uplift", 1 / 1.25 - 1);
    assert_near(r, PART "average_order_value/uplift", 0.2);
    assert_near(r, PART "revenue_per_visitor/uplift", 1.5 / 1.25 * 1.2 - 1);
    /* orders per buyer of a: 300 ones and 100 twos; b has no spread */
    double residual = (300 * 0.25 * 0.25 + 100 * 0.75 * 0.75) / 1999, share = 400.0 / 2000;
    double se = sqrt(residual / 2000) / share / 1.25;
    assert_near(r, PART "orders_per_buyer/uplift_interval/1",
                0.8 * exp(1.959963984540054 * se) - 1);
    double log_se = sqrt(0.8 / 400 + 0.7 / 600);
    assert_near(r, PART "conversion/uplift_interval/0", 1.5 * exp(-1.959963984540054 * log_se) - 1);
}

static void less_can_be_better(void **state)
{
    (void)state;
    static const struct {
        const char *role;
        int b;
        const char *verdict, *rule;
    } rows[] = {
        {"guardrail", 6000, "harmed", "guardrail_harmed"},
        {"guardrail", 4000, "kept", "winner"},
        {"guardrail", 5050, "open", "guardrail_open"},
        {"primary", 4000, NULL, "winner"},
        {"primary", 6000, NULL, "loser"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char metrics[1024];
        snprintf(metrics, sizeof(metrics),
                 "[" CONVERSION(1, "m", "%s", "\"direction\":\"down\"") "%s]", rows[i].role,
                 rows[i].verdict ? "," CONVERSION(2, "goal", "primary", "") : "");
        struct results_bench p = {.tuned_units = 20000, .metrics = metrics};
        results_bench_row(&p.sums, "\"day\":\"\"", 2, "a", 10000,
                          ",\"n\":\"1000\",\"nn\":\"1000\"");
        results_bench_row(&p.sums, "\"day\":\"\"", 2, "b", 10000,
                          ",\"n\":\"1400\",\"nn\":\"1400\"");
        AT(&p, 0, 10000, 10000, 5000, rows[i].b);
        auto_json json_t *r = results_bench_run(&p);
        assert_text(r, "verdict/rule", rows[i].rule);
        if (!rows[i].verdict)
            continue;
        double p_value = json_number_value(results_bench_at(r, EFFECT "noninferiority/p"));
        assert_text(r, EFFECT "noninferiority/verdict", rows[i].verdict);
        assert_true(rows[i].b > 5100 ? p_value > 0.99 : p_value < (rows[i].b > 5000 ? 0.5 : 1e-9));
    }
}

/* Means of -10.00 and -10.10: the loss of 2 % goes downwards,
 * to -10.20. And the other way round where less is better. */
static void a_negative_control_has_its_margin_below(void **state)
{
    (void)state;
    for (int is_down = 0; is_down < 2; is_down++) {
        char metrics[512];
        snprintf(metrics, sizeof(metrics),
                 "[{\"id\":2,\"key\":\"net\",\"role\":\"guardrail\",\"is_computed\":true,"
                 "\"margin\":0.02,\"document\":{\"direction\":\"%s\"},\"definition\":{\"kind\":"
                 "\"sum\",\"numerator\":{\"event\":\"e\",\"value\":\"value\"},\"scale\":100}}]",
                 is_down ? "down" : "up");
        struct results_bench p = {.tuned_units = 2000, .metrics = metrics};
        results_bench_row(&p.sums, "\"day\":\"\"", 2, "a", 1000,
                          ",\"n\":\"-1000000\",\"nn\":\"1039960000\"");
        results_bench_row(&p.sums, "\"day\":\"\"", 2, "b", 1000,
                          ",\"n\":\"-1010000\",\"nn\":\"1060060000\"");
        auto_json json_t *r = results_bench_run(&p);
        double k = is_down ? 0.98 : 1.02;
        double va = (10399.6 * 10 - 1000 * 100.0) / 999 / 1000;
        double vb = (10600.6 * 10 - 1000 * 10.1 * 10.1) / 999 / 1000;
        double t = (-10.1 + k * 10) / sqrt(vb + k * k * va) * (is_down ? -1 : 1);
        assert_near(r, EFFECT "noninferiority/statistic", t);
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guardrails_are_kept_harmed_or_open),
        cmocka_unit_test(revenue_comes_apart_into_its_factors),
        cmocka_unit_test(less_can_be_better),
        cmocka_unit_test(a_negative_control_has_its_margin_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
