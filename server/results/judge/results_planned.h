// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Tests that were planned: one at a fixed number of units, or looks at planned steps with bounds
 * that spend the error.
 */
#pragma once

#include "results/judge/results_arm.h"

/* The planned looks of one metric: those that came, then those to come at their planned steps.
 * Information is the units that count for the metric over the planned ones. */
struct results_schedule {
    size_t days[STATS_GROUP_LOOKS]; /* index of the day of each look that came; day_count: now */
    double information[STATS_GROUP_LOOKS];
    int came;
    bool is_complete;          /* the last look came */
    bool is_ended_early;       /* nobody is allotted any more, and it will not come */
    struct stats_group bounds; /* t: of the last look, where that came late */
};

struct results_planned_look {
    double z;
    struct stats_interval interval; /* diff -+ bound se: they hold at all looks together */
};

/* What is said once the test has come to its end. */
struct results_inference {
    const char *reason; /* "crossed" or "last_look" */
    int look;           /* from 1 */
    double confidence;
    enum stats_status status;
    struct stats_number p, log10_p, diff, uplift; /* diff: median-unbiased */
    struct stats_interval interval, uplift_interval;
    double units_since; /* that count for the metric now, and did not at that look */
};

struct results_planned {
    enum stats_status status;
    const struct results_planned_look *looks;  /* group: of those that came */
    int crossed;                               /* number of the look that crossed; 0: none */
    bool is_above;                             /* it crossed on the side of a larger treatment */
    const struct results_inference *inference; /* group; NULL: it has not come to its end */
    bool is_final;                             /* fixed: the planned units are there */
    size_t day;                                /* fixed: index of that day; day_count: now */
    struct stats_effect effect;                /* fixed: of that moment */
};

/* What planned tests are made from. */
struct results_planner {
    const struct results *r;
    const struct results_arm *arms;                  /* now: [metric][variant] */
    const struct results_schedule *const *schedules; /* of each metric; group_sequential only */
};

/* Finds the looks of all metrics. */
struct results_planner results_planner_of(const struct results *r, const struct results_arm *arms);
struct results_planned results_planned_of(const struct results_planner *plan,
                                          const struct results_metric *m, size_t variant);
/* The fixed test 'p' of the moment the planned units were there, at any level: unknown before. */
struct stats_effect results_planned_test(const struct results_planner *plan,
                                         const struct results_planned *p,
                                         const struct results_metric *m, size_t variant,
                                         double confidence);
