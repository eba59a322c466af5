// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The always-valid test of one metric of one variant, over all looks and now.
 */
#pragma once

#include "results/judge/results_arm.h"

/* The estimates of two arms at one look, or now. */
struct results_point {
    bool is_usable; /* enough in both arms for a normal approximation */
    struct stats_estimate control, treatment;
    double units; /* of both arms */
};

/* All looks so far, and now as the last. 'rho' is the mixture's smallest scale in standard
 * deviations of one unit, tuned to 'tuned_units' of these two arms. */
struct results_path {
    const struct results_point *points;
    size_t count;
    double rho, tuned_units;
};

struct results_sequential {
    enum stats_status status;
    size_t looks; /* that counted */
    double alpha;
    struct stats_number tau;     /* the smallest scale, now */
    struct stats_interval range; /* of effects, over the one planned for, that it is sharp for */
    struct stats_number p, log10_p;
    struct stats_interval interval, uplift_interval;
    struct stats_always_valid now; /* this moment alone */
};

/* Walks all looks of a variant, then 'now': the arms of the metric, one of each variant. The
 * results must have a control. */
struct results_path results_path_of(const struct results *r, const struct results_metric *m,
                                    const struct results_arm *now, size_t variant);
/* What the i-th look alone says, at level 1 - alpha and whatever looks there are besides. */
struct stats_always_valid results_sequential_at(const struct results_path *path, size_t i,
                                                double alpha);
/* Returns what is always valid at level 1 - alpha: the smallest p, and the common part of the
 * intervals, of all looks and now. */
struct results_sequential results_sequential_of(const struct results_path *path, double alpha);
