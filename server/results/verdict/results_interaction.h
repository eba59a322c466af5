// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether other campaigns disturb this one, from the cells that the overlap job stored
 * (overlap.h): for each treatment here and each treatment there a two-by-two contrast on the metric
 * that decides.
 */
#pragma once

#include "results/judge/results_arm.h"
#include "results/verdict/results_joint.h"

struct results_interaction_cell {
    const char *variant, *other_variant;
    struct results_arm arm;
};

/* One question: does 'variant' have another effect on visitors who met 'other_variant' than on
 * those who met the other campaign's control? */
struct results_interaction {
    const struct results_other *other;
    const char *as_of, *metric, *variant;
    const char *other_control, *other_variant;
    struct results_interaction_cell *cells; /* control here first, and control there */
    size_t cell_count;
    struct stats_interaction contrast;
    double alpha, tuned_units, rho;         /* as of a results_path */
    struct stats_always_valid always_valid; /* of the contrast, at this moment */
    size_t family;                          /* questions with an answer, corrected for */
    struct stats_number adjusted;           /* its p by Holm's correction over the family */
    bool is_found;                          /* adjusted <= alpha */
};

struct results_interactions {
    struct results_interaction *list;
    size_t count;
    struct results_joint *joints; /* one of each other campaign */
    size_t joint_count;
};

/* Returns the interactions, in the arena of r. There are none where nothing was stored, or it was
 * stored for another metric than the one that decides now. */
struct results_interactions results_interactions_of(const struct results *r);
/* Returns the strongest interaction found of one variant, or NULL. */
const struct results_interaction *results_find_interaction(const struct results_interactions *o,
                                                           const char *variant);
/* The other campaign's name, or its key where it has none. */
const char *results_other_name(const struct results_other *other);
