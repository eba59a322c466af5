// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One phase of a campaign as it was read: what it is, its metrics, the exact sums of its variants
 * now and when each day closed. Plain data: texts are borrowed from what results_read was given.
 */
#pragma once

#include "base/arena.h"
#include "stats/stats.h"

struct results_variant {
    const char *key, *name; /* name "": it has none */
    double weight;
    double
        share; /* of the units that are allotted: of the buckets, which follow weights coarsely */
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
    const char *n, *d, *nn, *nd, *dd, *nnn; /* decimal texts; but for n and d NULL: not known */
    struct results_pre_sums pre;            /* not of looks */
};

/* One row of 'sums', of 'looks', or of an overlap. */
struct results_row {
    int metric;
    const char *experience; /* "": of an experiment, which has but one */
    const char *variant;
    const char *dimension, *value; /* of sums */
    const char *day, *as_of;       /* of looks */
    const char *other_variant;     /* of an overlap */
    struct results_sums sums;
};

enum results_method { METHOD_PROPORTION, METHOD_MEAN, METHOD_RATIO };

enum results_judge { JUDGE_ALWAYS_VALID, JUDGE_FIXED, JUDGE_GROUP };
enum metric_role { METRIC_ROLE_PRIMARY, METRIC_ROLE_SECONDARY, METRIC_ROLE_GUARDRAIL };

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

/* The unit that a distribution warns of. */
struct results_outlier {
    const char *variant;   /* NULL: it warns of none */
    double largest, share; /* of its variant's sum */
};

struct results_metric {
    int id;
    enum metric_role role;
    double margin; /* of a guardrail */
    const char *key, *name, *kind, *direction, *unit;
    enum results_method method;
    double unit_n, unit_d; /* what one step of the fixed point is worth */
    int64_t scale;
    bool is_computed;
    bool is_repeated;         /* as that of the whole */
    const char *distribution; /* JSON text; NULL: not computed */
    struct results_outlier outlier;
    uint64_t invalid_events; /* that are not in the sums: their numbers are out of bounds */
    uint64_t unrated_events; /* that are in them without their money, which has no rate */
};

/* A day that was closed: its rows begin at 'from'. */
struct results_day {
    size_t from, count;
    double number; /* of the day, from 1970 on */
};

struct results_phase {
    int64_t number;
    const char *started_at, *ended_at; /* NULL: not yet */
};

/* The campaign and the phase that is shown. */
struct results_head {
    const char *campaign, *name, *kind, *status;
    struct results_phase phase;
    const struct results_phase *phases; /* all there are */
    size_t phase_count;
    const char *currency, *time_zone;
    double confidence;
    const char *statistics; /* JSON text */
    int64_t backlog;        /* events that are not in the sums yet */
    bool is_settled;  /* of a phase that is over: no event from after its end is in the sums */
    int64_t due_days; /* that are over and have no look yet */
    bool is_quiet;    /* open to visitors, and none was exposed yesterday or today */
    const char *schedule_start, *schedule_end; /* NULL: there is none */
    bool is_partial;                           /* of an import that was not sent to its end */
    const char *totals; /* what its visitors are, see totals.h; NULL: they are its own */
};

/* How many units met a variant first on a day. */
struct results_exposed {
    const char *day, *variant;
    uint64_t units;
};

/* What the since_exposure job stored: rows of what units did on a day since their exposure, by
 * metric and day; 'day' is a number, from 1. */
struct results_since_rows {
    const char *as_of; /* NULL: nothing yet */
    double share;      /* of the units, that were gone over */
    const struct results_row *rows;
    size_t count;
};

/* Units that no sum has in it: they have more events than a person. */
struct results_overflow {
    uint64_t units;
    const char *const *examples; /* ids of a few */
    size_t example_count;
};

/* Another campaign that shares units with this one. */
struct results_other {
    const char *campaign, *name; /* name NULL: it has none */
    int64_t phase;
    const struct results_variant *variants;
    size_t variant_count;
    const struct results_row *cells; /* units by variant here and variant there */
    size_t cell_count;
};

/* The units that came in the last four weeks of the phase, or in all of it where it is shorter. */
struct results_traffic {
    double units, days;
    struct stats_number month_units; /* at this pace; unknown of less than a week */
};

/* What the overlap job stored, of one metric. */
struct results_overlap {
    int metric;
    const char *as_of;
    const struct results_other *others;
    size_t other_count;
};

struct results {
    struct arena *arena;
    struct results_head head;
    struct results_rules rules;
    bool is_over;           /* nobody is allotted any more */
    bool is_repeated;       /* a unit is counted on each day it came */
    double units;           /* over all variants */
    const char *experience; /* whose sums are read */
    const char *dimension;  /* that was asked for; "": none */
    const char
        *baseline; /* key of the variant that the others are compared with; "": the control */
    const struct results_variant *variants;
    size_t variant_count;
    int control; /* the baseline; -1: none */
    const struct results_metric *metrics;
    size_t metric_count;
    const struct results_row *sums, *looks; /* as they came: by dimension and value, by day */
    size_t sum_count, look_count;
    const struct results_row *const *sums_by_key, *const *looks_by_key; /* see results_find.h */
    const struct results_day *days;
    size_t day_count;
    struct results_overlap overlap;
    struct results_overflow overflow;
    uint64_t excluded_units; /* taken out by hand: no sum has them in it */
    struct results_traffic traffic;
    const struct results_exposed *exposed; /* by day */
    size_t exposed_count;
    struct results_since_rows since_exposure;
};
