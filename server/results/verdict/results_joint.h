// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether another campaign's split is the same in all variants here: who met which variant there
 * may not depend on the variant here.
 */
#pragma once

#include "results/sums/results_phase.h"

struct results_joint {
    const struct results_other *other;
    const char *as_of;
    enum stats_status status;        /* insufficient_data: fewer than 5 expected in a cell */
    const char *answer;              /* ok, alarm, or the status */
    struct stats_number chi2, df, p; /* Pearson's test of independence */
    struct stats_number
        log_bayes; /* that some row differs from the weights, may be read any time */
    bool is_alarm; /* both below 0.001 */
    const char *const *other_variants;
    const uint64_t *units; /* [variant here][variant there] */
    size_t rows, columns;
};

struct results_joint results_joint_of(const struct results *r, const struct results_other *other);
