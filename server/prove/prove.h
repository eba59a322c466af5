// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Trust by trying: visitors who really came, with what they really did, are given to two arms again
 * and again by chance alone, and every metric's test is run each time. Nothing differs between such
 * arms, so a test at 95 % must call a difference in 5 % of the runs, its p-values must be uniform,
 * and its intervals must hold the truth. With an uplift put into one arm the share of calls is the
 * power. Pure: values in, report out; the same input and seed give the same report on any machine.
 * The looks of a peeker count a unit with all it ever did from its exposure on.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "stats/stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROVE_BINS      20
#define PROVE_RUNS_MOST 100000
#define PROVE_LOOKS     336 /* most looks of a peeker: two weeks of hours */

enum prove_kind { PROVE_CONVERSION, PROVE_MEAN, PROVE_RATIO };

/* One arm of one metric: the member of its kind is filled. */
struct prove_arm {
    uint64_t units, nonzero; /* nonzero: units that did anything */
    struct stats_prop prop;
    struct stats_moments moments;
    struct stats_comoments comoments;
};

typedef struct stats_effect prove_test_fn(const struct prove_arm *control,
                                          const struct prove_arm *treatment, double confidence);

struct prove_metric {
    const char *key;
    enum prove_kind kind;
    const int64_t *numerator;   /* fixed point, one a unit; PROVE_CONVERSION: 0 or 1 */
    const int64_t *denominator; /* PROVE_RATIO alone */
    prove_test_fn *test;        /* the one on trial; NULL: the one that results use */
};

struct prove_units {
    size_t count;
    const int64_t *exposed_us; /* ascending */
    const struct prove_metric *metrics;
    size_t metric_count;
};

/* A unit as somebody read it: the index-th value of each column is its own. */
struct prove_unit {
    int64_t exposed_us;
    size_t index;
};

/* Sorts by exposure, units of one moment by index, and returns the moments in that order, in the
 * arena. */
const int64_t *prove_sort(struct arena *arena, struct prove_unit *units, size_t count);

/* Returns the values of a column in the order of the units, each divided by 'divisor', in the
 * arena. */
const int64_t *prove_column(struct arena *arena, const struct prove_unit *units, size_t count,
                            const int64_t *values, int64_t divisor);

/* Is told how much is done, 0 to 1; what returns false stops the work. */
typedef bool prove_progress_fn(void *arg, double done);

struct prove_plan {
    uint64_t seed;
    int runs;                       /* 1 to PROVE_RUNS_MOST */
    double uplift;                  /* put into the treatment; > -1; 0: no power is asked for */
    double confidence;              /* of every test */
    prove_progress_fn *on_progress; /* NULL: nobody asks */
    void *arg;
};

/* 'count' of 'of' runs, with Wilson's interval at 95 %. */
struct prove_rate {
    uint64_t count, of;
};

/* When a peeker who looks again and again calls a winner or loser. */
enum prove_rule {
    PROVE_P_VALUE,      /* p below alpha at any look */
    PROVE_CHANCE,       /* chance to win at or above the confidence, or at or below its rest */
    PROVE_ALWAYS_VALID, /* the always-valid interval excludes 0 */
    PROVE_RULES
};

enum prove_verdict {
    PROVE_CALIBRATED, /* alpha is within the 99 % interval of the false calls */
    PROVE_TOO_MANY,
    PROVE_TOO_FEW,
    PROVE_NOT_TESTED /* in no run was there a test: nobody did anything */
};

struct prove_finding {
    const char *key;
    enum prove_kind kind;
    uint64_t nonzero; /* units that did anything */
    enum prove_verdict verdict;
    struct prove_rate false_calls;
    struct prove_rate coverage;        /* of no difference, by the interval of the difference */
    struct prove_rate power;           /* of = 0 when the plan has no uplift */
    struct prove_rate uplift_coverage; /* of the uplift put in, by the uplift's interval */
    struct stats_number planned_power; /* what the planner's formula says */
    double ks; /* Kolmogorov-Smirnov distance of the p-values from uniform */
    double ks_p;
    unsigned bins[PROVE_BINS]; /* p-values, from 0 to 1 */
    struct prove_rate peeking[PROVE_RULES];
};

struct prove_report {
    struct prove_plan plan;
    size_t units;
    size_t looks;    /* of the peeker */
    int64_t look_us; /* time between them; 0: after equal numbers of units */
    size_t metric_count;
    struct prove_finding *findings; /* in the arena */
};

/* ERR_INVALID: fewer than 10 units, a plan out of its limits, or values that are not of their kind;
 * ERR_TOO_LARGE: values of 2^50 and more; ERR_CONFLICT: on_progress said stop. */
enum err prove_run(const struct prove_units *units, const struct prove_plan *plan,
                   struct arena *arena, struct prove_report *ret_report,
                   struct fault *ret_fault) must_use;

/* Appends the report as a JSON object. */
void prove_write(const struct prove_report *report, struct buf *out);
