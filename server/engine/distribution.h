// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What sums cannot tell of a metric: quantiles, capped sums, ranks, and the largest value. Made
 * from how many units have which value, by a job; results show it with the moment it was made at.
 * Knows nothing of time: who asks says when.
 */
#pragma once

#include "engine/job.h"

#include <stddef.h>
#include <stdint.h>

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

/*
 * Appends the document. One cap for all variants: the 99.9th percentile of all values that are not
 * 0; larger ones count as the cap. Warning "outlier": a unit holds more than a tenth of its
 * variant's sum, or more than ten times the cap.
 */
void distribution_write(const struct distribution *d, struct buf *out);

/* The job: all metrics and phases of the campaign that input names, those alone whose data changed
 * since. */
enum err distribution_run(struct job *j, const json_t *input, struct buf *out,
                          struct fault *ret_fault);
