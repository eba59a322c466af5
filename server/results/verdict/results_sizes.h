// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether the variants got the part of the units that was allotted to them.
 */
#pragma once

#include "results/sums/results_phase.h"

/* Chi-square of the sizes against the shares allotted, for one look. */
struct results_srm {
    const char *status; /* ok, warning, alarm, or why there is no test */
    struct stats_number chi2, df, p;
};

/* The same, to be read at any time. */
struct results_sequential_srm {
    const char *status; /* ok, alarm or no_data */
    int concentration;  /* of the Dirichlet prior */
    size_t looks;
    struct stats_number log_bayes, p; /* log_bayes: now; p: the smallest of all looks */
};

struct results_sizes {
    struct results_srm srm;
    struct results_sequential_srm sequential;
    uint64_t crossovers;         /* units that were seen in several variants */
    bool is_odd;                 /* the chi-square warns: read every day its alarms add up */
    bool is_mismatch;            /* an alarm that may be acted upon */
    const char *split;           /* what of all this is to be told: ok, odd, broken or unknown */
    struct stats_number split_p; /* the p-value behind it */
};

struct results_sizes results_sizes_of(const struct results *r);
