// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/lib/results_bench.h"

#include "base/clock.h"
#include "results/say/results.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AS_OF "2026-01-21T00:00:00Z"

void results_bench_row(struct buf *rows, const char *place, int metric, const char *variant,
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
void results_bench_counts(struct results_bench *p, int day, const int units[2],
                          const int converted[2])
{
    struct buf *rows = day ? &p->looks : &p->sums;
    char place[64], sums[128];
    snprintf(place, sizeof(place), "\"day\":\"2026-01-%02d\",\"as_of\":\"t\"", day);
    for (int i = 0; i < 2; i++) {
        const char *variant = i ? "b" : "a";
        snprintf(sums, sizeof(sums), ",\"n\":\"%d\",\"nn\":\"%d\"", converted[i], converted[i]);
        results_bench_row(rows, place, 0, variant, (uint64_t)units[i], "");
        results_bench_row(rows, place, 1, variant, (uint64_t)units[i], sums);
    }
}

json_t *results_bench_run(struct results_bench *p)
{
    char head[16384], sums[8192], looks[65536], metrics[4096];
    int64_t as_of_us = 0;
    snprintf(
        head, sizeof(head),
        "{\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"%s\",\"phase\":1,"
        "\"name\":\"X\",\"phases\":[],\"ended_at\":null,\"currency\":\"EUR\",\"time_zone\":\"UTC\","
        "\"confidence\":0.95,\"started_at\":\"2026-01-01T00:00:00+00:00\",\"variants\":["
        "{\"key\":\"a\",\"weight\":0.5,\"is_control\":true},{\"key\":\"b\",\"weight\":0.5}],"
        "\"statistics\":{%s\"confidence\":0.95,\"minimum_uplift\":0.05,\"tuned_units\":%.17g},"
        "%s\"overlap\":%s}",
        p->status ? p->status : "running", p->statistics ? p->statistics : "", p->tuned_units,
        p->more ? p->more : "", p->overlap ? p->overlap : "null");
    snprintf(sums, sizeof(sums), "[%s]", p->sums.data ? p->sums.data : "");
    snprintf(looks, sizeof(looks), "[%s]", p->looks.data ? p->looks.data : "");
    snprintf(metrics, sizeof(metrics), "%s", p->metrics ? p->metrics : GOAL);
    struct results_input input = {head, metrics, sums, looks};
    auto_buf struct buf out = {0};
    struct fault fault = {0};
    assert_true(clock_parse(AS_OF, strlen(AS_OF), &as_of_us));
    struct results_question question = {.dimension = "",
                                        .baseline = p->baseline ? p->baseline : "",
                                        .as_of_us = as_of_us,
                                        .is_public = p->is_public};
    if (results_write(&input, &question, &out, &fault))
        fail_msg("%s", fault.detail);
    buf_done(&p->sums);
    buf_done(&p->looks);
    json_error_t error;
    json_t *document = json_loadb(out.data, out.length, 0, &error);
    if (!document)
        fail_msg("%s in %s", error.text, out.data);
    return document;
}

/* "verdict/rule", "metrics/0/variants/1/effect/…" */
const json_t *results_bench_at(const json_t *value, const char *pointer)
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

void assert_near(const json_t *document, const char *pointer, double expected)
{
    const json_t *value = results_bench_at(document, pointer);
    if (!json_is_number(value) ||
        fabs(json_number_value(value) - expected) > 1e-9 * fmax(1, fabs(expected)))
        fail_msg("%s: %.12g is not %.12g", pointer, json_number_value(value), expected);
}

void assert_text(const json_t *document, const char *pointer, const char *expected)
{
    const char *text = json_string_value(results_bench_at(document, pointer));
    if (!text || strcmp(text, expected) != 0)
        fail_msg("%s: %s is not %s", pointer, text ? text : "no text", expected);
}

/* Likelihood ratio of an effect at a distance of d, by the three scales. */
static double lambda_at(double d, double v, double t)
{
    double sum = 0;
    for (int j = 0; j < 3; j++, t *= 8)
        sum += sqrt(v / (v + t)) * exp(t * d * d / (2 * v * (v + t))) / 3;
    return sum;
}

struct mixture mixture(double x1, double n1, double x2, double n2, double n_star)
{
    double p1 = x1 / n1, p2 = x2 / n2, v = p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2;
    double l = -2 * log(0.05), t = (l + log(1 + l)) / n_star * v * (n1 + n2), d = p2 - p1;
    double low = 0, high = 20 * sqrt(v);
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        *(lambda_at(middle, v, t) > 20 ? &high : &low) = middle;
    }
    return (struct mixture){d, fmin(1, 1 / lambda_at(d, v, t)), low};
}
