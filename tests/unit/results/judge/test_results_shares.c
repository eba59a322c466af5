// SPDX-License-Identifier: GPL-3.0-or-later
/* Sizes are tested by the buckets that were allotted: weights below a bucket, or that do not fall
 * on their bounds, are followed coarsely. */
#include "unit/lib/results_bench.h"

#include "base/arena.h"
#include "base/clock.h"
#include "results/say/results.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AS_OF "2026-01-21T00:00:00Z"
#define ARMS  3

/* Units of each variant, of so many of the bench's phase. */
static json_t *judge(const double weights[ARMS], const char *coverage, const uint64_t units[ARMS])
{
    auto_buf struct buf variants = {0}, rows = {0}, head = {0}, sums = {0}, out = {0};
    for (int i = 0; i < ARMS && weights[i] >= 0; i++) {
        char key[2] = {(char)('a' + i), '\0'};
        buf_printf(&variants, "%s{\"key\":\"%s\",\"weight\":%.17g,\"is_control\":%s}", i ? "," : "",
                   key, weights[i], i ? "false" : "true");
        for (int metric = 0; metric < 2; metric++)
            results_bench_row(&rows, "\"day\":\"\"", metric, key, units[i], "");
    }
    buf_printf(
        &head,
        "{\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"stopped\",\"phase\":1,"
        "\"name\":\"X\",\"phases\":[],\"ended_at\":null,\"currency\":\"EUR\","
        "\"time_zone\":\"UTC\",\"confidence\":0.95,\"coverage\":%s,"
        "\"started_at\":\"2026-01-01T00:00:00+00:00\",\"variants\":[%s],\"statistics\":{"
        "\"confidence\":0.95,\"minimum_uplift\":0.05,\"tuned_units\":1000},\"overlap\":null}",
        coverage, variants.data);
    buf_printf(&sums, "[%s]", rows.data);
    char metrics[] = GOAL, looks[] = "[]";
    struct results_input input = {head.data, metrics, sums.data, looks};
    struct fault fault = {0};
    int64_t as_of_us = 0;
    assert_true(clock_parse(AS_OF, strlen(AS_OF), &as_of_us));
    if (results_write(
            &input,
            &(struct results_question){.dimension = "", .baseline = "", .as_of_us = as_of_us}, &out,
            &fault))
        fail_msg("%s", fault.detail);
    json_t *document = json_loadb(out.data, out.length, 0, NULL);
    assert_non_null(document);
    return document;
}

static const struct {
    double weights[ARMS];
    const char *coverage;
    unsigned
        buckets[ARMS]; /* counted by another program; all 0: the weights are tested as they are */
} cases[] = {
    {{0.00005, 0.99995, -1}, "1", {1, 9999}},
    {{0.99995, 0.00005, -1}, "1", {10000, 0}},
    {{0.5, 0.00014, 0.49986}, "1", {5000, 2, 4998}},
    {{0.5, 0.0001, 0.4999}, "1", {5000, 1, 4999}},
    {{0.00005, 0.99995, -1}, "0.5", {1, 5000}},
    {{1.0 / 3, 1.0 / 3, 1.0 / 3}, "0.01", {34, 33, 33}},
    {{0.5, 0.5, -1}, "0.0003", {2, 2}},
    {{0.3, 0.7, -1}, "0.0015", {5, 11}},
    {{0.00015, 0.99985, -1}, "1", {2, 9998}},
    {{0.1, 0.2, 0.7}, "0.001", {1, 3, 6}},
    {{0.5, 0.5, -1}, "1", {5000, 5000}},
    {{1.0 / 3, 1.0 / 3, 1.0 / 3}, "1", {3334, 3333, 3333}},
    {{0.00005, 0.99995, -1}, "null", {0}},
    {{0.00005, 0.99995, -1}, "0", {0}},
};

static void test_shares_are_the_buckets(void **state)
{
    (void)state;
    static const uint64_t none[ARMS] = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const unsigned *b = cases[i].buckets;
        double sum = b[0] + b[1] + b[2];
        auto_json json_t *document = judge(cases[i].weights, cases[i].coverage, none);
        for (int v = 0; v < ARMS && cases[i].weights[v] >= 0; v++) {
            char at[32];
            snprintf(at, sizeof(at), "variants/%d/share", v);
            double share = json_number_value(results_bench_at(document, at));
            double wanted = sum > 0 ? b[v] / sum : cases[i].weights[v];
            if (fabs(share - wanted) > 1e-12)
                fail_msg("case %zu: variant %d has %.17g, not %.17g", i, v, share, wanted);
        }
    }
}

/* A million visitors that decisions would allot: no alarm. The same by the weights would be one. */
static void test_healthy_experiments_raise_no_alarm(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const unsigned *b = cases[i].buckets;
        uint64_t units[ARMS] = {0};
        unsigned sum = b[0] + b[1] + b[2];
        if (sum == 0 || b[1] == 0)
            continue;
        for (int v = 0; v < ARMS; v++)
            units[v] = 1000000ull * b[v] / sum;
        auto_json json_t *document = judge(cases[i].weights, cases[i].coverage, units);
        assert_text(document, "health/srm/status", "ok");
        assert_text(document, "health/srm_sequential/status", "ok");
    }
    static const double small[ARMS] = {0.00005, 0.99995, -1};
    static const uint64_t healthy[ARMS] = {100, 999900}, broken[ARMS] = {50, 999950};
    auto_json json_t *right = judge(small, "1", healthy);
    auto_json json_t *wrong = judge(small, "1", broken);
    auto_json json_t *told = judge(small, "null", healthy);
    assert_true(json_number_value(results_bench_at(right, "health/srm/p")) > 0.99);
    assert_text(wrong, "health/srm/status", "alarm");
    assert_text(told, "health/srm/status", "alarm");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_are_the_buckets),
        cmocka_unit_test(test_healthy_experiments_raise_no_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
