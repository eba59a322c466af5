// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A second look at the metric that decides: the effect as it would be if both arms had the same mix
 * of visitors, by each dimension, by stats_poststratified. A dimension is read at the exposure, so
 * its values are strata fixed before it. What the mix moved by chance is taken out, and with it the
 * part of the variance that lies between the values. The verdict rests on nothing of it.
 */
#pragma once

#include "results/judge/results_arm.h"

struct results_stratified {
    const char *dimension, *variant;
    uint64_t values;                /* of the dimension, that anybody has */
    struct stats_number difference; /* treatment less control, in the metric's unit */
    struct stats_interval interval; /* of the difference, at the campaign's confidence */
    struct stats_number uplift;     /* unknown of a control at 0 */
    struct stats_interval uplift_interval;
    struct stats_number measured; /* the uplift without strata, of the same visitors */
    struct stats_number saved;    /* 1 - variance / variance without strata */
};

/* Gives one of each dimension and treatment, in the arena of r, and returns how many.
 * The sums of r must be those of RESULTS_HALVES. None of ratios, which have no mean per visitor, of
 * metrics without squares, of dimensions with one value, and of arms with too few data. */
size_t results_stratified_of(const struct results *r, const struct results_metric *m,
                             const struct results_stratified **ret_list);
