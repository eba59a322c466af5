// SPDX-License-Identifier: GPL-3.0-or-later
/* How a phase is judged: always-valid and planned tests, families, guardrails, the factors of
 * revenue, sizes read at any time. Expected numbers are worked out here from their formulas or are
 * published ones. */
#include "engine/results.h"

#include "base/clock.h"
#include "base/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AS_OF "2026-01-21T00:00:00Z"

/* What a phase of two even variants a (control) and b is made of. */
struct phase {
    const char *statistics; /* members beside confidence and tuned_units */
    double tuned_units;
    const char *metrics;
    struct buf sums, looks;
};

#define CONVERSION(id_, key_, role_, more_)                                                        \
    "{\"id\":" #id_ ",\"key\":\"" key_ "\",\"role\":\"" role_                                      \
    "\",\"is_computed\":true,\"margin\":0.02,\"document\":{" more_                                 \
    "},\"definition\":{\"kind\":\"conversion\",\"numerator\":{\"event\":\"e\"},\"scale\":1}}"
#define GOAL "[" CONVERSION(1, "goal", "primary", "") "]"

static void add_row(struct buf *rows, const char *place, int metric, const char *variant,
                    uint64_t units, const char *sums)
{
    if (rows->length > 0)
        buf_add_char(rows, ',');
    buf_printf(rows,
               "{%s,\"metric\":%d,\"variant\":\"%s\",\"units\":%llu,\"crossovers\":0,\"dimension\":"
               "\"all\",\"value\":\"\"%s}",
               place, metric, variant, (unsigned long long)units, sums);
}

/* Converted of units in a and b on metric 1 (and the units alone), now or on a day of January. */
static void add_counts(struct phase *p, int day, const int units[2], const int converted[2])
{
    struct buf *rows = day ? &p->looks : &p->sums;
    char place[64], sums[128];
    snprintf(place, sizeof(place), "\"day\":\"2026-01-%02d\",\"as_of\":\"t\"", day);
    for (int i = 0; i < 2; i++) {
        const char *variant = i ? "b" : "a";
        snprintf(sums, sizeof(sums), ",\"n\":\"%d\",\"nn\":\"%d\"", converted[i], converted[i]);
        add_row(rows, place, 0, variant, (uint64_t)units[i], "");
        add_row(rows, place, 1, variant, (uint64_t)units[i], sums);
    }
}

#define AT(p, day, ua, ub, xa, xb) add_counts(p, day, (const int[]){ua, ub}, (const int[]){xa, xb})

static json_t *results_of(struct phase *p)
{
    char head[1024], sums[8192], looks[65536], metrics[4096];
    int64_t as_of_us = 0;
    snprintf(
        head, sizeof(head),
        "{\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"running\",\"phase\":1,"
        "\"name\":\"X\",\"phases\":[],\"ended_at\":null,\"currency\":\"EUR\",\"time_zone\":\"UTC\","
        "\"confidence\":0.95,\"started_at\":\"2026-01-01T00:00:00+00:00\",\"variants\":["
        "{\"key\":\"a\",\"weight\":0.5,\"is_control\":true},{\"key\":\"b\",\"weight\":0.5}],"
        "\"statistics\":{%s\"confidence\":0.95,\"minimum_uplift\":0.05,\"tuned_units\":%.17g}}",
        p->statistics ? p->statistics : "", p->tuned_units);
    snprintf(sums, sizeof(sums), "[%s]", p->sums.data ? p->sums.data : "");
    snprintf(looks, sizeof(looks), "[%s]", p->looks.data ? p->looks.data : "");
    snprintf(metrics, sizeof(metrics), "%s", p->metrics ? p->metrics : GOAL);
    struct results_input input = {head, metrics, sums, looks};
    auto_buf struct buf out = {0};
    struct fault fault = {0};
    assert_true(clock_parse(AS_OF, strlen(AS_OF), &as_of_us));
    if (results_write(&input, "", as_of_us, &out, &fault))
        fail_msg("%s", fault.detail);
    buf_done(&p->sums);
    buf_done(&p->looks);
    json_error_t error;
    json_t *document = json_loadb(out.data, out.length, 0, &error);
    if (!document)
        fail_msg("%s in %s", error.text, out.data);
    return document;
}

/* "recommendation/rule", "metrics/0/variants/1/effect/…" */
static const json_t *at(const json_t *value, const char *pointer)
{
    char path[256];
    snprintf(path, sizeof(path), "%s", pointer);
    for (char *part = strtok(path, "/"); part; part = strtok(NULL, "/"))
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(part))
                                     : json_object_get(value, part);
    if (!value)
        fail_msg("nothing at %s", pointer);
    return value;
}

#define EFFECT "metrics/0/variants/1/effect/"

static void assert_near(const json_t *document, const char *pointer, double expected)
{
    const json_t *value = at(document, pointer);
    if (!json_is_number(value) ||
        fabs(json_number_value(value) - expected) > 1e-9 * fmax(1, fabs(expected)))
        fail_msg("%s: %.12g is not %.12g", pointer, json_number_value(value), expected);
}

static void assert_text(const json_t *document, const char *pointer, const char *expected)
{
    const char *text = json_string_value(at(document, pointer));
    if (!text || strcmp(text, expected) != 0)
        fail_msg("%s: %s is not %s", pointer, text ? text : "no text", expected);
}

/* The normal mixture by its formulas, tuned to n_star units. */
struct mixture {
    double difference, p, half;
};

static struct mixture mixture(double x1, double n1, double x2, double n2, double n_star)
{
    double p1 = x1 / n1, p2 = x2 / n2, v = p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2;
    double l = -2 * log(0.05), t = (l + log(1 + l)) / n_star * v * (n1 + n2), d = p2 - p1;
    double lambda = sqrt(v / (v + t)) * exp(t * d * d / (2 * v * (v + t)));
    return (struct mixture){d, fmin(1, 1 / lambda), sqrt(v * (v + t) / t * (log((v + t) / v) + l))};
}

static void the_best_look_counts_and_intervals_meet(void **state)
{
    (void)state;
    struct phase p = {.tuned_units = 3000};
    struct mixture then = mixture(100, 1000, 160, 1000, 3000),
                   now = mixture(200, 2000, 240, 2000, 3000);
    AT(&p, 5, 1000, 1000, 100, 160);
    AT(&p, 0, 2000, 2000, 200, 240);
    auto_json json_t *r = results_of(&p);
    assert_true(then.p < now.p);
    assert_near(r, EFFECT "sequential/p", then.p);
    assert_near(r, EFFECT "sequential/now/p", now.p);
    assert_near(r, EFFECT "sequential/interval/0", then.difference - then.half);
    assert_near(r, EFFECT "sequential/interval/1", now.difference + now.half);
    assert_near(r, EFFECT "sequential/looks", 2);
    assert_near(r, EFFECT "sequential/tuned_units", 3000);
    assert_text(r, "recommendation/verdict", "ship");
    assert_text(r, "recommendation/rule", "winner");
    assert_text(r, "recommendation/variant", "b");
    assert_near(r, "recommendation/days", 20);
}

static void a_chance_to_win_calls_nothing(void **state)
{
    (void)state;
    struct phase p = {.tuned_units = 3000};
    AT(&p, 0, 2000, 2000, 200, 240);
    auto_json json_t *r = results_of(&p);
    assert_true(json_number_value(at(r, EFFECT "bayesian/chance_to_win")) > 0.97);
    assert_true(json_number_value(at(r, EFFECT "frequentist/p")) < 0.05);
    assert_text(r, "recommendation/verdict", "go_on");
    assert_text(r, "recommendation/rule", "underpowered");
}

static void nothing_is_promised_of_four_conversions(void **state)
{
    (void)state;
    struct phase p = {.tuned_units = 3000};
    AT(&p, 0, 1000, 1000, 4, 40);
    auto_json json_t *r = results_of(&p);
    assert_text(r, EFFECT "sequential/status", "insufficient_data");
    assert_true(json_is_null(at(r, EFFECT "sequential/p")));
    assert_text(r, "recommendation/rule", "few_conversions");
}

/* Two equal looks, O'Brien-Fleming spending, 5 %: 2.9626 and 1.9686 [Lan & DeMets]. */
static void planned_looks_have_their_bounds(void **state)
{
    (void)state;
    static const char plan[] = "\"method\":\"group_sequential\",\"planned_units\":8000,\"looks\":2,"
                               "\"spending\":\"obrien_fleming\",\"multiplicity\":\"none\",";
    struct phase p = {.statistics = plan, .tuned_units = 8000};
    AT(&p, 3, 1000, 1000, 100, 200);
    AT(&p, 5, 2000, 2000, 200, 245);
    AT(&p, 9, 4000, 4000, 400, 470);
    AT(&p, 0, 4000, 4000, 400, 400);
    auto_json json_t *r = results_of(&p);
    assert_int_equal(json_array_size(at(r, EFFECT "planned/looks")), 2);
    assert_true(fabs(json_number_value(at(r, EFFECT "planned/looks/0/bound")) - 2.9626) < 1e-4);
    assert_true(fabs(json_number_value(at(r, EFFECT "planned/looks/1/bound")) - 1.9686) < 1e-4);
    assert_text(r, EFFECT "planned/looks/0/day", "2026-01-05");
    assert_true(json_is_false(at(r, EFFECT "planned/looks/0/crossed")));
    assert_true(json_is_true(at(r, EFFECT "planned/looks/1/crossed")));
    double q1 = 0.1, q2 = 470.0 / 4000, q = 870.0 / 8000;
    double z = (q2 - q1) / sqrt(q * (1 - q) * 2 / 4000) * sqrt(7999.0 / 8000);
    assert_near(r, EFFECT "planned/looks/1/z", z);
    assert_text(r, "recommendation/rule", "winner");
}

static void a_fixed_test_is_read_once(void **state)
{
    (void)state;
    static const char plan[] =
        "\"method\":\"fixed\",\"planned_units\":4000,\"multiplicity\":\"none\",";
    struct phase p = {.statistics = plan, .tuned_units = 4000};
    AT(&p, 5, 1000, 1000, 100, 200);
    AT(&p, 0, 2000, 2000, 200, 400);
    auto_json json_t *early = results_of(&p);
    assert_true(json_is_false(at(early, EFFECT "planned/complete")));
    assert_true(json_is_null(at(early, EFFECT "planned/p")));
    AT(&p, 5, 1000, 1000, 100, 200);
    AT(&p, 9, 2000, 2000, 200, 250);
    AT(&p, 12, 3000, 3000, 300, 310);
    AT(&p, 0, 4000, 4000, 400, 400);
    auto_json json_t *r = results_of(&p);
    assert_true(json_is_true(at(r, EFFECT "planned/complete")));
    assert_near(r, EFFECT "planned/difference", 0.025);
    assert_text(r, "recommendation/rule", "winner");
}

static void questions_of_one_family_are_corrected(void **state)
{
    (void)state;
    struct phase p = {
        .tuned_units = 4000,
        .statistics = "\"multiplicity\":\"holm\",",
        .metrics = "[" CONVERSION(1, "goal", "primary", "") "," CONVERSION(
            2, "second", "primary", "") "," CONVERSION(3, "other", "secondary", "") "]"};
    for (int metric = 2; metric <= 3; metric++) {
        add_row(&p.sums, "\"day\":\"\"", metric, "a", 2000, ",\"n\":\"200\",\"nn\":\"200\"");
        add_row(&p.sums, "\"day\":\"\"", metric, "b", 2000, ",\"n\":\"240\",\"nn\":\"240\"");
    }
    AT(&p, 0, 2000, 2000, 200, 280);
    auto_json json_t *r = results_of(&p);
    struct mixture strong = mixture(200, 2000, 280, 2000, 4000),
                   weak = mixture(200, 2000, 240, 2000, 4000);
    assert_near(r, EFFECT "multiplicity/p", strong.p * 2);
    assert_near(r, EFFECT "multiplicity/size", 2);
    assert_near(r, EFFECT "multiplicity/confidence", 0.975);
    assert_near(r, "metrics/1/variants/1/effect/multiplicity/p", fmax(weak.p, strong.p * 2));
    assert_near(r, "metrics/2/variants/1/effect/multiplicity/p", weak.p);
    assert_text(r, "metrics/2/variants/1/effect/multiplicity/family", "secondary");
    double low = json_number_value(at(r, EFFECT "multiplicity/interval/0"));
    assert_true(low < strong.difference - strong.half && low > 0);
}

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
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct phase p = {.tuned_units = 20000,
                          .metrics = "[" CONVERSION(1, "guard", "guardrail", "") "," CONVERSION(
                              2, "goal", "primary", "") "]"};
        char sums[64];
        snprintf(sums, sizeof(sums), ",\"n\":\"%d\",\"nn\":\"%d\"", rows[i].units / 10,
                 rows[i].units / 10);
        add_row(&p.sums, "\"day\":\"\"", 2, "a", (uint64_t)rows[i].units, sums);
        add_row(&p.sums, "\"day\":\"\"", 2, "b", (uint64_t)rows[i].units, sums);
        AT(&p, 0, rows[i].units, rows[i].units, rows[i].a, rows[i].b);
        auto_json json_t *r = results_of(&p);
        assert_text(r, EFFECT "noninferiority/verdict", rows[i].verdict);
        assert_text(r, "recommendation/rule", rows[i].rule);
        assert_null(json_object_get(at(r, "metrics/0/variants/1/effect"), "multiplicity"));
    }
}

static void sizes_may_be_read_at_any_time(void **state)
{
    (void)state;
    struct phase p = {.tuned_units = 3000};
    AT(&p, 1, 10, 12, 1, 1);
    AT(&p, 2, 55, 60, 5, 5);
    AT(&p, 3, 500, 540, 50, 50);
    AT(&p, 0, 1000, 1200, 100, 120);
    auto_json json_t *r = results_of(&p);
    assert_near(r, "health/srm_sequential/log_bayes_factor", 7.140301875989605);
    assert_near(r, "health/srm_sequential/p", 0.0007925128197605996);
    assert_text(r, "health/srm_sequential/status", "alarm");
    assert_text(r, "recommendation/verdict", "broken");
    assert_text(r, "recommendation/rule", "srm");
}

static void an_effect_that_fades_is_not_shipped(void **state)
{
    (void)state;
    struct phase p = {.tuned_units = 30000};
    int b = 0, day;
    for (day = 1; day <= 10; day++) {
        b += 110 - 8 * day;
        AT(&p, day, 1000 * day, 1000 * day, 50 * day, b);
    }
    AT(&p, 0, 10000, 10000, 500, b);
    auto_json json_t *fading = results_of(&p);
    assert_text(fading, "recommendation/rule", "novelty");
    for (day = 1, b = 0; day <= 10; day++) {
        b += 70;
        AT(&p, day, 1000 * day, 1000 * day, 50 * day, b);
    }
    AT(&p, 0, 10000, 10000, 500, b);
    auto_json json_t *level = results_of(&p);
    assert_text(level, "recommendation/rule", "winner");
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
    struct phase p = {
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
        add_row(&p.sums, "\"day\":\"\"", metric, "a", 2000, a);
        add_row(&p.sums, "\"day\":\"\"", metric, "b", 2000, b);
    }
    AT(&p, 0, 2000, 2000, 400, 600);
    auto_json json_t *r = results_of(&p);
#define PART "metrics/2/variants/1/effect/decomposition/"
    assert_text(r, PART "status", "ok");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_look_counts_and_intervals_meet),
        cmocka_unit_test(a_chance_to_win_calls_nothing),
        cmocka_unit_test(nothing_is_promised_of_four_conversions),
        cmocka_unit_test(planned_looks_have_their_bounds),
        cmocka_unit_test(a_fixed_test_is_read_once),
        cmocka_unit_test(questions_of_one_family_are_corrected),
        cmocka_unit_test(guardrails_are_kept_harmed_or_open),
        cmocka_unit_test(sizes_may_be_read_at_any_time),
        cmocka_unit_test(an_effect_that_fades_is_not_shipped),
        cmocka_unit_test(revenue_comes_apart_into_its_factors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
