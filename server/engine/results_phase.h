// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files of results share: the phase as read, and one comparison of two arms.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "stats/stats.h"

#include <jansson.h>

struct results_variant {
    const char *key;
    double weight;
    bool is_control;
};

/* Exact sums of what units did before their exposure: x and y are n and d of that time, m is 1 for
 * a unit that was not seen then, and 0 for the others. */
struct results_pre_sums {
    const char *x, *y, *xx, *xy, *yy, *nx, *ny, *dx, *dy; /* decimal texts */
    const char *m, *nm, *dm;
};

/* One arm's exact sums on one metric. */
struct results_sums {
    uint64_t units, crossovers;
    const char *n, *d, *nn, *nd, *dd, *nnn; /* decimal texts */
    struct results_pre_sums pre;            /* not of looks */
};

/* One row of 'sums' or 'looks'. Texts are borrowed from the JSON tree. */
struct results_row {
    int metric;
    const char *variant;
    const char *dimension, *value; /* of sums */
    const char *day, *as_of;       /* of looks */
    struct results_sums sums;
};

enum results_method { METHOD_PROPORTION, METHOD_MEAN, METHOD_RATIO };

enum results_judge { JUDGE_ALWAYS_VALID, JUDGE_FIXED, JUDGE_GROUP };
enum results_role { ROLE_GOAL, ROLE_SECONDARY, ROLE_GUARDRAIL, RESULTS_ROLES };

/* What was fixed when the phase began, see campaign_statistics.h. */
struct results_rules {
    enum results_judge method;
    double planned_units; /* 0: none */
    double tuned_units, minimum_uplift, alpha;
    int pre_period_days; /* 0: nothing is adjusted */
    int looks;
    enum stats_spending spending;
    enum stats_adjustment adjustment;
    bool is_adjusted, is_by_metric;
    const char *multiplicity;
};

struct results_metric {
    int id;
    enum results_role place;
    double margin; /* of a guardrail */
    const char *key, *name, *kind, *role, *direction, *unit;
    enum results_method method;
    double unit_n, unit_d; /* what one step of the fixed point is worth */
    int64_t scale;
    bool is_computed;
    const json_t *distribution; /* null in JSON: not computed */
};

/* A day that was closed: its rows begin at 'from'. */
struct results_day {
    size_t from, count;
    double number; /* of the day, from 1970 on */
    double units;  /* over all variants */
};

struct results {
    struct arena *arena;
    const json_t *head;
    json_t *statistics;
    struct results_rules rules;
    const struct results_day *days;
    size_t day_count;
    const struct results_overlap *overlap;           /* see results_interaction.h */
    const struct results_schedule *const *schedules; /* of each metric; group_sequential only */
    struct results_cell *cells;                      /* [metric][variant] */
    double units;                                    /* over all variants */
    bool is_over;                                    /* nobody is allotted any more */
    const struct results_row *sums, *looks;
    size_t sum_count, look_count;
    const char *dimension;
    double confidence;
    const struct results_variant *variants;
    size_t variant_count;
    int control; /* -1: none */
    const struct results_metric *metrics;
    size_t metric_count;
};

/* An arm made ready for its method; 'status' says whether the sums could be taken. */
struct results_arm {
    struct results_sums sums;
    enum stats_status status;
    struct stats_prop prop;
    struct stats_moments moments;
    struct stats_comoments comoments;
    struct stats_number value, se; /* rate, mean or ratio */
};

struct results_effect {
    struct stats_effect frequentist;
    struct stats_prop_diff prop; /* METHOD_PROPORTION: the pooled test and Wald's interval beside */
    struct stats_posterior bayesian;
};

enum err results_read(struct results *r, const json_t *head, const json_t *metrics,
                      struct fault *ret_fault) must_use;
/* The rows of 'sums' or 'looks', in the arena of r. */
const struct results_row *results_read_rows(struct results *r, const json_t *list,
                                            size_t *ret_count);
/* One row's sums; a member that is not there is 0. */
struct results_sums results_read_sums(const json_t *row);
/* The sums of a row (NULL: an arm nobody was seen in). */
struct results_sums results_sums_of(const struct results_row *row);

struct results_arm results_arm_of(const struct results_metric *m, const struct results_sums *sums);
struct results_effect results_effect_of(const struct results_metric *m,
                                        const struct results_arm *control,
                                        const struct results_arm *treatment, double confidence);
/* The frequentist part alone. */
struct stats_effect results_test_of(const struct results_metric *m,
                                    const struct results_arm *control,
                                    const struct results_arm *treatment, double confidence);
/* The chance to win alone, as in results_effect_of. */
struct stats_number results_chance_of(const struct results_metric *m,
                                      const struct results_arm *control,
                                      const struct results_arm *treatment);
/* Known when the arm's status is ok. */
struct stats_estimate results_estimate_of(const struct results_metric *m,
                                          const struct results_arm *a);

/* results_find.c: rows by what they are of, NULL where there is none. */
const struct results_row *results_find_sums(const struct results *r, int metric,
                                            const char *variant, const char *dimension,
                                            const char *value);
const struct results_row *results_find_look(const struct results *r, const struct results_day *day,
                                            int metric, const char *variant);
void results_find_days(struct results *r);

/* JSON parts; all append members or values, see json.h for commas. */
void results_add_text(struct buf *b, const char *key, const char *text);
void results_add_number(struct buf *b, const char *key, struct stats_number number);
void results_add_interval(struct buf *b, const char *key, struct stats_interval interval);
void results_add_frequentist(struct buf *b, const struct results_metric *m,
                             const struct results_effect *e);
void results_add_bayesian(struct buf *b, const struct results_metric *m,
                          const struct results_effect *e);
void results_add_arm(struct buf *b, const struct results_metric *m, const struct results_arm *a);

/*
 * The adjusted answer: what is left of a difference when what the units did in the pre-period
 * before their exposure is taken out (CUPED). The first covariate is the metric itself, measured in
 * that time; of a mean or ratio it is the linearised residual x - R y, R the ratio of both arms
 * before. Units that were not seen then count 0 there, and 1 as the second covariate, so that their
 * level is free. One pair of slopes for both arms, or, where one arm has more than twice the
 * other's units, one of each. Appends the member "adjusted", beside the unadjusted answer and never
 * instead of it: null without a pre-period. A status other than "ok": the numbers are null, or, for
 * "covariate_constant", the unadjusted ones.
 */
void results_add_cuped(struct buf *b, const struct results *r, const struct results_metric *m,
                       const struct results_arm *control, const struct results_arm *treatment);
/* Appends the members "sum_x" to "sum_dm", and "missing", the number of units not seen before. */
void results_add_cuped_raw(struct buf *b, const struct results_pre_sums *pre);
