// SPDX-License-Identifier: GPL-3.0-or-later
/* Sums in, results out: a published three-arm e-mail experiment, and small cases worked out by
 * hand. */
#include "results/say/results.h"

#include "base/json/json.h"
#include "stats/core/dist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "{\"key\":\"x\",\"name\":\"X\",\"kind\":\"experiment\",\"status\":\"running\",\"phase\":1,"    \
    "\"confidence\":0.95,\"currency\":\"EUR\",\"time_zone\":\"UTC\",\"backlog\":3,\"phases\":[],"  \
    "\"started_at\":null,\"ended_at\":null,\"variants\":["                                         \
    "{\"key\":\"no\",\"weight\":0.3333333333333333,\"is_control\":true},"                          \
    "{\"key\":\"mens\",\"weight\":0.3333333333333333},"                                            \
    "{\"key\":\"womens\",\"weight\":0.3333333333333334}]}"
#define METRICS                                                                                    \
    "[{\"id\":1,\"key\":\"visits\",\"role\":\"primary\",\"is_computed\":true,\"document\":{},"     \
    "\"definition\":{\"kind\":\"conversion\",\"numerator\":{\"event\":\"visit\",\"value\":null},"  \
    "\"scale\":1}},"                                                                               \
    "{\"id\":2,\"key\":\"revenue\",\"is_computed\":true,\"document\":{\"name\":\"Revenue\"},"      \
    "\"definition\":{\"kind\":\"sum\",\"numerator\":{\"event\":\"p\",\"value\":\"value\"},"        \
    "\"scale\":100,\"is_money\":true}},"                                                           \
    "{\"id\":3,\"key\":\"aov\",\"is_computed\":false,\"document\":{},"                             \
    "\"definition\":{\"kind\":\"mean\",\"numerator\":{\"event\":\"p\",\"value\":\"value\"},"       \
    "\"scale\":100,\"is_money\":true}}]"
#define ROW(metric, variant, units, sums)                                                          \
    "{\"metric\":" #metric ",\"variant\":\"" variant "\",\"dimension\":\"all\",\"value\":\"\","    \
    "\"units\":" #units ",\"crossovers\":0" sums "}"
#define SUMS(n, d, nn, nd, dd)                                                                     \
    ",\"n\":\"" #n "\",\"d\":\"" #d "\",\"nn\":\"" #nn "\",\"nd\":\"" #nd "\",\"dd\":\"" #dd       \
    "\",\"nnn\":\"0\""

static json_t *results_of(const char *sums, const char *looks, const char *dimension)
{
    char *texts[4] = {strdup(HEAD), strdup(METRICS), strdup(sums), strdup(looks)};
    struct results_input input = {texts[0], texts[1], texts[2], texts[3]};
    auto_buf struct buf out = {0};
    struct fault fault = {0};
    if (results_write(&input, &(struct results_question){.dimension = dimension, .baseline = ""},
                      &out, &fault))
        fail_msg("%s", fault.detail);
    for (int i = 0; i < 4; i++)
        free(texts[i]);
    json_error_t error;
    json_t *document = json_loadb(out.data, out.length, 0, &error);
    if (!document)
        fail_msg("%s in %s", error.text, out.data);
    return document;
}

/* "/metrics/0/variants/1/…" */
static const json_t *at(const json_t *value, const char *pointer)
{
    char path[256];
    snprintf(path, sizeof(path), "%s", pointer + 1);
    for (char *part = strtok(path, "/"); part; part = strtok(NULL, "/"))
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(part))
                                     : json_object_get(value, part);
    if (!value)
        fail_msg("nothing at %s", pointer);
    return value;
}

static void assert_near(const json_t *document, const char *pointer, double expected,
                        double tolerance)
{
    const json_t *value = at(document, pointer);
    if (!json_is_number(value) || fabs(json_number_value(value) - expected) > tolerance)
        fail_msg("%s: %.10g is not %.10g", pointer, json_number_value(value), expected);
}

static void test_published_experiment(void **state)
{
    (void)state;
    auto_json json_t *r =
        results_of("[" ROW(0, "no", 21306, "") "," ROW(0, "mens", 21307, "") "," ROW(
                       0, "womens", 21387,
                       "") "," ROW(1, "no", 21306,
                                   SUMS(2262, 0, 2262, 0,
                                        0)) "," ROW(1, "mens", 21307,
                                                    SUMS(3894, 0, 3894, 0,
                                                         0)) "," ROW(1, "womens", 21387,
                                                                     SUMS(3238, 0, 3238, 0, 0)) "]",
                   "[]", "");
    assert_near(r, "/health/srm/p", 0.9037, 1e-4);
    assert_string_equal(json_string_value(at(r, "/health/srm/status")), "ok");
    assert_near(r, "/metrics/0/variants/1/effect/frequentist/difference", 0.076590, 1e-6);
    assert_near(r, "/metrics/0/variants/1/effect/frequentist/pooled_z", 22.486, 1e-3);
    assert_near(r, "/metrics/0/variants/2/effect/frequentist/difference", 0.045233, 1e-6);
    assert_near(r, "/metrics/0/variants/2/effect/frequentist/pooled_z", 13.949, 1e-3);
    assert_near(r, "/metrics/0/variants/1/effect/bayesian/chance_to_win", 1, 1e-12);
    assert_near(r, "/metrics/0/variants/0/value", 2262.0 / 21306, 1e-12);
    assert_near(r, "/health/fold/lag_events", 3, 0);
}

/* Orders of 1.00, 3.00 and 0 against 2.00, 4.00 and 6.00: means 4/3 and 4, variances 7/3 and 4. */
static void test_means_and_ratios(void **state)
{
    (void)state;
    auto_json json_t *r = results_of(
        "[" ROW(0, "no", 3, "") "," ROW(0, "mens", 3, "") "," ROW(
            2, "no", 3,
            SUMS(400, 0, 100000, 0,
                 0)) "," ROW(2, "mens", 3,
                             SUMS(1200, 0, 560000, 0,
                                  0)) "," ROW(3, "no", 3,
                                              SUMS(400, 2, 100000, 400,
                                                   2)) "," ROW(3, "mens", 3,
                                                               SUMS(1200, 3, 560000, 1200, 3)) "]",
        "[]", "");
    assert_near(r, "/metrics/1/variants/0/sum", 4, 0);
    assert_near(r, "/metrics/1/variants/0/value", 4.0 / 3, 1e-12);
    assert_near(r, "/metrics/1/variants/1/effect/frequentist/difference", 8.0 / 3, 1e-12);
    assert_near(r, "/metrics/1/variants/1/effect/frequentist/se", sqrt((7.0 / 3 + 4) / 3), 1e-12);
    assert_near(r, "/metrics/1/variants/1/effect/frequentist/statistic", 8.0 / 3 / sqrt(19.0 / 9),
                1e-12);
    assert_near(r, "/metrics/2/variants/0/value", 2, 1e-12);
    assert_near(r, "/metrics/2/variants/1/value", 4, 1e-12);
    /* Var(R) of the treatment: one order each, so the variance of a mean */
    assert_near(r, "/metrics/2/variants/1/se", sqrt(4.0 / 3), 1e-12);
    assert_string_equal(json_string_value(at(r, "/metrics/2/status")), "computing");
    /* an arm nobody was seen in */
    assert_string_equal(json_string_value(at(r, "/metrics/1/variants/2/effect/frequentist/status")),
                        "no_data");
    assert_true(json_is_null(at(r, "/metrics/1/variants/2/effect/frequentist/p")));
    assert_true(json_is_null(at(r, "/metrics/1/variants/2/effect/bayesian/chance_to_win")));
}

static void test_srm_is_a_warning(void **state)
{
    (void)state;
    auto_json json_t *r = results_of(
        "[" ROW(0, "no", 1000, "") "," ROW(0, "mens", 1000, "") "," ROW(0, "womens", 1200, "") "]",
        "[]", "");
    assert_string_equal(json_string_value(at(r, "/health/srm/status")), "alarm");
    assert_string_equal(json_string_value(at(r, "/health/warnings/0")), "srm");
}

#define LOOK(day_, metric_, variant_, units_, n_)                                                  \
    "{\"day\":\"" day_ "\",\"as_of\":\"t\",\"metric\":" #metric_ ",\"variant\":\"" variant_        \
    "\",\"units\":" #units_ ",\"n\":\"" #n_ "\",\"nn\":\"" #n_ "\"}"

static void test_looks(void **state)
{
    (void)state;
    auto_json json_t *r =
        results_of("[]",
                   "[" LOOK("2026-01-01", 1, "no", 100, 10) "," LOOK(
                       "2026-01-01", 1, "mens", 100, 20) "," LOOK("2026-01-02", 1, "no", 200,
                                                                  20) "," LOOK("2026-01-02", 1,
                                                                               "mens", 200, 50) "]",
                   "");
    assert_int_equal(json_array_size(at(r, "/looks")), 2);
    assert_near(r, "/looks/0/metrics/0/variants/1/difference", 0.1, 1e-12);
    assert_near(r, "/looks/1/metrics/0/variants/1/difference", 0.15, 1e-12);
    assert_near(r, "/looks/1/metrics/0/variants/0/value", 0.1, 1e-12);
}

static void test_breakdown(void **state)
{
    (void)state;
    auto_json json_t *r = results_of("[{\"metric\":1,\"variant\":\"no\",\"dimension\":\"device\","
                                     "\"value\":\"desktop\",\"units\":10,\"n\":\"1\"},"
                                     "{\"metric\":1,\"variant\":\"no\",\"dimension\":\"device\","
                                     "\"value\":\"mobile\",\"units\":10,\"n\":\"5\"},"
                                     "{\"metric\":1,\"variant\":\"mens\",\"dimension\":\"device\","
                                     "\"value\":\"mobile\",\"units\":20,\"n\":\"5\"}]",
                                     "[]", "device");
    assert_int_equal(json_array_size(at(r, "/metrics/0/breakdown/device")), 2);
    assert_near(r, "/metrics/0/breakdown/device/1/variants/1/effect/frequentist/difference", -0.25,
                1e-12);
    assert_near(r, "/metrics/0/breakdown/device/0/variants/0/value", 0.1, 1e-12);
}

/* Rows come by value, their variants in any order; each value finds its own. */
static void a_breakdown_by_many_values(void **state)
{
    static const char *const variants[] = {"womens", "no", "mens"};
    enum { VALUES = 1000 };
    auto_buf struct buf sums = {0};
    (void)state;
    buf_add_char(&sums, '[');
    for (int value = 0; value < VALUES; value++)
        for (int i = 0; i < 6; i++)
            buf_printf(&sums,
                       "%s{\"metric\":%d,\"variant\":\"%s\",\"dimension\":\"country\","
                       "\"value\":\"c%04d\",\"units\":%d,\"crossovers\":0,\"n\":\"%d\","
                       "\"nn\":\"%d\"}",
                       value + i > 0 ? "," : "", 2 - i % 2, variants[(value + i / 2) % 3], value,
                       1000 + value, value % 900, value % 900);
    buf_add_char(&sums, ']');
    auto_json json_t *r = results_of(sums.data, "[]", "country");
    for (int value = 0; value < VALUES; value++)
        for (int i = 0; i < 3; i++) {
            char pointer[100];
            snprintf(pointer, sizeof(pointer), "/metrics/0/breakdown/country/%d/value", value);
            assert_int_equal(atoi(json_string_value(at(r, pointer)) + 1), value);
            snprintf(pointer, sizeof(pointer), "/metrics/0/breakdown/country/%d/variants/%d/raw/n",
                     value, i);
            assert_int_equal(json_integer_value(at(r, pointer)), 1000 + value);
            snprintf(pointer, sizeof(pointer), "/metrics/0/breakdown/country/%d/variants/%d/sum",
                     value, i);
            assert_int_equal(json_number_value(at(r, pointer)), value % 900);
        }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_experiment),
        cmocka_unit_test(test_means_and_ratios),
        cmocka_unit_test(test_srm_is_a_warning),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_breakdown),
        cmocka_unit_test(a_breakdown_by_many_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
