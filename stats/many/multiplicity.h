// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Many tests at once. Holm for the goals of an experiment (any false alarm counts), Benjamini-
 * Hochberg for secondary metrics and segments (their share counts), Benjamini-Yekutieli where
 * dependence is unclear. Guardrails are not corrected: they protect.
 */
#pragma once

#include "stats/core/result.h"

#include <stddef.h>

enum stats_adjustment {
    STATS_BONFERRONI, /* min(1, m p) */
    STATS_SIDAK,      /* 1 - (1 - p)^m, for independent tests */
    STATS_HOLM,       /* running maximum of (m - r + 1) p_(r) [Holm 1979] */
    STATS_HOCHBERG,   /* running minimum from above of (m - r + 1) p_(r) [Hochberg 1988] */
    STATS_BH,         /* running minimum from above of m p_(r) / r [Benjamini & Hochberg 1995] */
    STATS_BY,         /* BH times sum 1 / i [Benjamini & Yekutieli 2001] */
};

/*
 * Adjusted p-values: compare them with the level itself. Unknown p, and those outside [0, 1], come
 * out unknown and do not count in m. order: room for count indices; afterwards the known p's
 * positions, p ascending. Returns m. ret_adjusted may not be p. Ties get the same value. Relative
 * accuracy 1e-15, tiny p included.
 */
size_t stats_adjust(enum stats_adjustment method, const struct stats_number *p, size_t count,
                    size_t *order, struct stats_number *ret_adjusted);

enum { STATS_CLOSED = 16 };

/* How one intersection of k hypotheses is tested from their p-values, ascending. */
enum stats_local_test {
    STATS_LOCAL_BONFERRONI, /* k p_(1): any dependence; closed, it is Holm's procedure */
    STATS_LOCAL_SIMES,      /* min k p_(i) / i [Simes 1986], independent or positively dependent
                             * tests; closed, it is Hommel's [1988] */
};

/*
 * Closed testing [Marcus, Peritz & Gabriel 1976]: a hypothesis is rejected where every intersection
 * that contains it is, so its adjusted p is the largest local p of those; the family-wise error
 * holds strongly. All 2^m intersections of the m known p; unknown p stay unknown. Invalid: more
 * than STATS_CLOSED known p, or one outside [0, 1]; then ret_adjusted is untouched. p and
 * ret_adjusted: count each. Some ms for m = 16. Relative accuracy 1e-15.
 */
enum stats_status stats_closed(enum stats_local_test local, const struct stats_number *p,
                               size_t count, struct stats_number *ret_adjusted);

/* The level at which intervals of the `selected` of m tests keep a false coverage rate of alpha:
 * 1 - selected alpha / m [Benjamini & Yekutieli 2005]. 0 < selected <= m; nothing selected gives 1.
 */
double stats_fcr_conf(double alpha, size_t selected, size_t m);
