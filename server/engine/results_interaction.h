// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether other campaigns disturb this one, from the cells that the overlap job stored
 * (overlap.h): for each treatment here and each treatment there a two-by-two contrast on the metric
 * that decides; and whether the other campaign's split is the same in all variants here.
 */
#pragma once

#include "engine/results_judge.h"

/* One question: does 'variant' have another effect on visitors who met 'other_variant' than on
 * those who met the other campaign's control? */
struct results_interaction {
    const json_t *other; /* of the overlap's document */
    size_t variant;      /* index of the treatment here */
    const char *other_control, *other_variant;
    struct results_arm cells[2][2]; /* [here][there], 1: the treatment */
    struct stats_interaction contrast;
    double tuned_units, rho;                /* as of a results_path */
    struct stats_always_valid always_valid; /* of the contrast, at this moment */
    struct stats_number adjusted;           /* its p by Holm's correction over all questions */
    bool is_found;                          /* adjusted <= alpha */
};

/* The sizes of the cells. Rows are variants here, columns those variants there that have weight;
 * who met which there may not depend on the row. */
struct results_joint {
    const json_t *other;
    enum stats_status status;        /* insufficient_data: fewer than 5 expected in a cell */
    struct stats_number chi2, df, p; /* Pearson's test of independence */
    struct stats_number
        log_bayes; /* that some row differs from the weights, may be read any time */
    bool is_alarm; /* both below 0.001 */
};

struct results_overlap {
    const json_t *document;
    const char *as_of;
    const struct results_metric *metric;
    struct results_interaction *interactions;
    size_t count, family; /* all questions; those with an answer, which were corrected for */
    struct results_joint *joints; /* one of each other campaign */
    size_t joint_count;
};

/* Fills r->overlap from the head's; an empty one where nothing was stored, or for another metric
 * than the one that decides now. After the metrics are read. */
void results_fill_overlap(struct results *r);
/* The strongest found of one variant; NULL: none. */
const struct results_interaction *results_find_interaction(const struct results *r, size_t variant);
/* The other campaign's name, or its key where it has none. */
const char *results_other_name(const json_t *other);

/* results_joint.c. Units of the cell, by keys. */
uint64_t results_joint_units(const json_t *other, const char *variant, const char *other_variant);
struct results_joint results_joint_of(const struct results *r, const json_t *other);

/* Append the members "interactions", and "joint_srm" of health. */
void results_add_interactions(struct buf *b, const struct results *r);
void results_add_joints(struct buf *b, const struct results *r);
