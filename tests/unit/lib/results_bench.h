// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Phases of two even variants, made up for the tests of results, and questions to their results.
 * Fails the running test where something is not as said.
 */
#pragma once

#include "base/json/json.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* a is the control. Zero-initialised but for 'tuned_units' is a conversion goal nobody was seen in.
 */
struct results_bench {
    const char *statistics; /* members beside confidence and tuned_units, or NULL */
    double tuned_units;
    const char *metrics;  /* NULL: GOAL */
    const char *overlap;  /* as the job stores it, with as_of, or NULL */
    const char *status;   /* NULL: running */
    const char *more;     /* members of the head, each with a comma behind it, or NULL */
    const char *baseline; /* NULL: the control, a */
    bool is_public;
    struct buf sums, looks;
};

#define CONVERSION(id_, key_, role_, more_)                                                        \
    "{\"id\":" #id_ ",\"key\":\"" key_ "\",\"role\":\"" role_                                      \
    "\",\"is_computed\":true,\"margin\":0.02,\"document\":{" more_                                 \
    "},\"definition\":{\"kind\":\"conversion\",\"numerator\":{\"event\":\"e\"},\"scale\":1}}"
#define GOAL "[" CONVERSION(1, "goal", "primary", "") "]"

/* A row of sums; 'place' has the members that only looks have, or "\"day\":\"\"". */
void results_bench_row(struct buf *rows, const char *place, int metric, const char *variant,
                       uint64_t units, const char *sums);
/* Converted of units in a and b on metric 1, and the units alone, now (day 0) or on a day of
 * January 2026. */
void results_bench_counts(struct results_bench *p, int day, const int units[2],
                          const int converted[2]);
#define AT(p, day, ua, ub, xa, xb)                                                                 \
    results_bench_counts(p, day, (const int[]){ua, ub}, (const int[]){xa, xb})

/* The results on 2026-01-21 of a phase that began with the year: a new reference. Its rows are gone
 * afterwards. */
json_t *results_bench_run(struct results_bench *p);

/* "metrics/0/variants/1/effect/…"; fails where nothing is. */
const json_t *results_bench_at(const json_t *document, const char *pointer);
#define EFFECT "metrics/0/variants/1/effect/"
/* To nine digits. */
void assert_near(const json_t *document, const char *pointer, double expected);
void assert_text(const json_t *document, const char *pointer, const char *expected);

/* The normal mixture by its formulas at 5 %, for rates x / n, tuned to n_star units. */
struct mixture {
    double difference, p, half;
};
struct mixture mixture(double x1, double n1, double x2, double n2, double n_star);
