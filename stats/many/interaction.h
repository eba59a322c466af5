// SPDX-License-Identifier: GPL-3.0-or-later
/* Do two campaigns that run on the same visitors disturb each other? */
#pragma once

#include "stats/core/result.h"

/* One cell of the two-by-two table: its visitors and their mean, rate or ratio. */
struct stats_interaction_cell {
    uint64_t n;
    struct stats_estimate mean;
};

struct stats_interaction {
    enum stats_status status;
    struct stats_effect without_b; /* effect of A on visitors in B's control */
    struct stats_effect with_b;    /* effect of A on visitors in B's treatment */
    /* with_b - without_b: what A and B do together beyond the sum of both. */
    struct stats_number diff, se, statistic, df;
    struct stats_interval interval;
    struct stats_number p_two_sided, log10_p;
};

/*
 * The two-by-two contrast (m11 - m01) - (m10 - m00), cells[a][b] with a and b 1 for the treatment
 * of campaign A and B [Fisher 1935; Kohavi, Tang & Xu 2020, ch. 12]: se^2 = sum of the four
 * variances, t = diff / se with Satterthwaite's df (sum v)^2 / sum v^2 / (n - 1). Symmetric in A
 * and B. Additive: two campaigns that multiply (each + 10 %) interact by the product of both
 * uplifts, noticeable only when both are large. Any estimate of sections mean, prop, ratio or
 * cuped with its variance; the cells hold different visitors. Units: the metric's. Status: invalid
 * (a value not finite or making another overflow, a negative variance, conf outside (0, 1)),
 * no_data / insufficient_data (a cell with n = 0 / 1), zero_variance (no spread in any cell: diff
 * only). Relative accuracy 1e-12.
 */
struct stats_interaction stats_interaction(struct stats_interaction_cell cells[2][2], double conf);
