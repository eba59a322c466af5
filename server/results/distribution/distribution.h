// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What sums cannot tell of a metric: quantiles, capped sums, ranks, and the largest value. Made
 * from how many units have which value, whatever their number. Pure; a job asks for it and results
 * show it with the moment it was made at.
 */
#pragma once

#include "base/arena.h"
#include "stats/stats.h"

enum { DISTRIBUTION_QUANTILES = 3 };

/* How many units have which value: values ascending, counts[i * variant_count + v] units of
 * variant v with values[i]. 'control': -1 for none. */
struct distribution {
    const char *const *variants;
    size_t variant_count;
    int control;
    bool is_mean; /* values are each unit's mean: units without events are not there */
    double confidence;
    size_t count;
    double *values;
    uint64_t *counts;
};

struct distribution_quantile {
    double q;
    struct stats_quantile quantile;
};

struct distribution_quantile_effect {
    double q;
    struct stats_quantile_diff difference;
};

struct distribution_ranks {
    bool is_exact; /* p by all permutations */
    struct stats_rank rank;
    struct stats_number p;
};

/* Against the control. */
struct distribution_effect {
    struct stats_effect capped;
    struct distribution_ranks ranks;
    struct distribution_quantile_effect quantiles[DISTRIBUTION_QUANTILES];
    const struct distribution_quantile_effect *shown;
    size_t quantile_count;
};

struct distribution_arm {
    const char *key;
    const char *const *warnings;
    size_t warning_count;
    uint64_t units, zeros, capped_units;
    struct stats_number largest, largest_share; /* of the arm's sum */
    struct stats_running plain, limited;        /* without and with the cap */
    struct stats_number capped_sum, capped_value, capped_se;
    struct distribution_quantile quantiles[DISTRIBUTION_QUANTILES];
    const struct distribution_quantile *shown;
    size_t quantile_count;
    const struct distribution_effect *effect; /* NULL: of the control */
};

struct distribution_document {
    bool is_mean;
    double cap_quantile;
    struct stats_number cap;
    uint64_t capped_units;
    const char *const *warnings;
    size_t warning_count;
    const struct distribution_arm *arms;
    size_t arm_count;
};

/* Returns the document, in the arena. All variants have one cap, the 99.9th percentile of all
 * values that are not 0; larger ones count as the cap. The warning "outlier" says that a unit holds
 * more than a tenth of its variant's sum, or more than ten times the cap. */
const struct distribution_document *distribution_judge(const struct distribution *d,
                                                       struct arena *arena);
