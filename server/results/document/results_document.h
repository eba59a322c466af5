// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * All that the results of one phase say, judged: plain data, complete before anything of it is
 * written. The JSON reply, its description and the UI's types are made of it (say/results_shape.h);
 * whatever else tells somebody of results reads the same.
 */
#pragma once

#include "results/document/results_exposure.h"
#include "results/insight/results_findings.h"
#include "results/insight/results_insight.h"
#include "results/judge/results_cell.h"
#include "results/judge/results_cuped.h"
#include "results/judge/results_decompose.h"
#include "results/judge/results_guardrail.h"
#include "results/judge/results_impact.h"
#include "results/verdict/results_interaction.h"
#include "results/verdict/results_sizes.h"
#include "results/verdict/verdict.h"

struct results_planned_look_document {
    const char *day; /* NULL: the end of the phase, or it has not come */
    bool has_come, has_crossed;
    double information, bound, nominal_p, spent;
    struct stats_number z;
    struct stats_interval interval;
};

/* What a group sequential test found at planned looks. */
struct results_group_document {
    const char *spending;
    double alpha, information, overrun_units;
    bool has_crossed, is_complete, is_ended_early;
    const struct results_planned_look_document *looks;
    size_t look_count;
    const struct results_inference *inference; /* NULL: not yet */
};

struct results_planned_document {
    const char *method;
    enum stats_status status;
    double planned_units, units;
    const struct results_group_document *group; /* NULL: no looks are planned */
    const struct results_planned *fixed;        /* NULL: there is no fixed test */
};

struct results_multiplicity {
    const char *method, *of, *family, *scope;
    const struct results_adjusted *adjusted;
};

/* A treatment against the control. Beside 'effect', what is NULL is not said. */
struct results_effect_document {
    struct results_effect effect;
    bool has_control;
    const struct results_cuped *cuped; /* NULL: there is no pre-period */
    const struct results_cell *cell;   /* of the whole: the sequential test and the trend */
    const struct results_planned_document *planned;
    const struct results_multiplicity *multiplicity;
    const struct results_noninferiority *noninferiority;
    const struct results_decomposition *decomposition;
    const struct results_impact *impact;
};

struct results_arm_document {
    const char *key;
    struct results_arm arm;
    const struct results_effect_document *effect; /* NULL: of the control */
};

/* The variants at one value of a dimension. */
struct results_value_document {
    const char *value;
    const struct results_arm_document *arms;
    size_t arm_count;
};

struct results_breakdown {
    const char *dimension;
    const struct results_value_document *values;
    size_t value_count;
};

/* The interval of one look alone that may be read at every look. */
struct results_look_effect {
    struct stats_effect effect;
    struct stats_number chance_to_win;
    const struct stats_always_valid *always_valid; /* NULL: there is no control */
};

struct results_look_arm {
    const char *key;
    uint64_t units;
    struct stats_number value;
    const struct results_look_effect *effect; /* NULL: of the control */
};

/* What units did on each day since their exposure: a day is 24 hours, and has the units for which
 * it is over. */
struct results_since_day {
    int day; /* from 1 */
    const struct results_look_arm *arms;
    size_t arm_count;
};

struct results_since_document {
    const char *as_of;
    double share;
    const struct results_since_day *days;
    size_t day_count;
};

struct results_metric_document {
    const struct results_metric *metric;
    const char *status;
    const struct results_arm_document *arms;
    size_t arm_count;
    const struct results_since_document *since_exposure; /* NULL: it was not worked out yet */
    const struct results_breakdown *breakdowns;          /* NULL: none was asked for */
    size_t breakdown_count;
};

struct results_look_metric {
    const char *key;
    const struct results_look_arm *arms;
    size_t arm_count;
};

struct results_look_document {
    const char *day, *as_of;
    const struct results_look_metric *metrics;
    size_t metric_count;
};

struct results_variant_document {
    const char *key, *name; /* name "": it has none */
    bool is_control;
    double weight, share;
    uint64_t units, crossovers;
};

/* What a metric's sums leave out. */
struct results_invalid {
    const char *metric;
    uint64_t events;
};

struct results_health {
    struct results_sizes sizes;
    const struct results_joint *joints;
    size_t joint_count;
    struct results_overflow overflow;
    uint64_t excluded;                     /* units that people took out */
    const struct results_invalid *invalid; /* of metrics that leave anything out */
    const struct results_invalid *unrated; /* whose money has no rate */
    size_t invalid_count, unrated_count;
    int64_t backlog;
    bool is_complete;
    const char *const *warnings;
    size_t warning_count;
};

struct results_verdict {
    struct verdict verdict;
    const struct verdict_caution *cautions;
    size_t caution_count;
    double days, units, days_left; /* days_left NAN: unknown */
    struct stats_number needed_units;
};

/* What the verdict is worth: the impact of one variant on the metric of value. */
struct results_money {
    const char *metric, *variant; /* keys */
    double confidence;            /* of its intervals */
    const struct results_impact *impact;
};

struct results_document {
    struct results_head head;
    const char *as_of;
    const char *control; /* NULL: there is none */
    struct results_verdict verdict;
    struct results_traffic traffic;
    const struct results_money *money;       /* NULL: there is none to tell of */
    const struct results_insight *insight;   /* NULL: there is none to tell of */
    const struct results_findings *findings; /* NULL: not asked for, or not to be told */
    const char *const *attention;            /* why somebody should look now */
    size_t attention_count;
    const struct results_variant_document *variants;
    size_t variant_count;
    struct results_health health;
    const struct results_metric_document *metrics;
    size_t metric_count;
    const struct results_interaction *interactions;
    size_t interaction_count;
    const struct results_look_document *looks;
    size_t look_count;
    const struct results_exposed_day *exposures;
    size_t exposure_count; /* days */
};
