// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Where a split went wrong: the sizes of the variants on each day, and at each value of each
 * dimension, against the shares allotted. Whoever tests many parts finds one that stands out by
 * chance: the p-values are corrected together, by Holm, so that one chance in a hundred is left
 * that anything is found where nothing is wrong. Each part is tested as it stands, once: whoever
 * looks every day looks more often. What has one part alone is the whole, and is not tested again.
 * The split as a whole is another test (results_sizes.h), and
 * alone decides whether results are believed.
 */
#pragma once

#include "results/sums/results_phase.h"

#define RESULTS_SPLIT_P 0.01

struct results_split_arm {
    const char *key;
    uint64_t units;
    double expected;
};

/* A day, or a value of a dimension. */
struct results_split_part {
    const char *value;
    const struct results_split_arm *arms;
    size_t arm_count;
    struct stats_number p, adjusted; /* unknown: nothing to test */
    bool is_found;                   /* adjusted is below RESULTS_SPLIT_P */
};

struct results_split_dimension {
    const char *dimension;
    const struct results_split_part *parts;
    size_t part_count;
};

struct results_split {
    const char *campaign;
    int64_t phase;
    double threshold;
    uint64_t tests, found; /* parts that were tested; of these, in how many the sizes do not fit */
    const struct results_split_part *days;
    size_t day_count;
    const struct results_split_dimension *dimensions;
    size_t dimension_count;
};

/* Rows lie by dimension ("": days) and value. In the arena; texts are borrowed from the rows and
 * variants. */
const struct results_split *results_split_of(struct arena *arena,
                                             const struct results_variant *variants,
                                             size_t variant_count, const struct results_row *rows,
                                             size_t row_count);
