// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Many tests at once. Holm for the goals of an experiment (any false alarm counts), Benjamini-
 * Hochberg for secondary metrics and segments (their share counts), Benjamini-Yekutieli where
 * dependence is unclear. Guardrails are not corrected: they protect.
 */
#pragma once

#include "stats/result.h"

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
 * Adjusted p-values: compare them with the level itself. Unknown p stay unknown and do not count
 * in m. order: room for count indices; afterwards the known p's positions, p ascending. Returns m.
 * ret_adjusted may not be p. Ties get the same value. Relative accuracy 1e-15, tiny p included.
 */
size_t stats_adjust(enum stats_adjustment method, const struct stats_number *p, size_t count,
                    size_t *order, struct stats_number *ret_adjusted);

/* The level at which intervals of the `selected` of m tests keep a false coverage rate of alpha:
 * 1 - selected alpha / m [Benjamini & Yekutieli 2005]. */
double stats_fcr_conf(double alpha, size_t selected, size_t m);

enum { STATS_DUNNETT_ARMS = 32 };

/*
 * Dunnett [1955]: `arms` treatments against one control on one metric, n_control and n units.
 * The statistics correlate by b_i b_j, b_i = sqrt(n_i / (n_i + n_0)), so that
 * P(all |Z_i| <= c) = int phi(u) prod_i [Phi((c - b_i u) / r_i) - Phi((-c - b_i u) / r_i)] du,
 * r_i = sqrt(1 - b_i^2). Two-sided, normal (large samples). Returns the adjusted p of |z|: the
 * chance that the largest of them is as large. z >= 0, all n > 0. Relative accuracy 1e-11. Beyond
 * STATS_DUNNETT_ARMS arms: Bonferroni's bound.
 */
double stats_dunnett_p(double z, const uint64_t *n, size_t arms, uint64_t n_control);

/* The c with that chance equal to 1 - conf: for simultaneous intervals diff +- c se. */
double stats_dunnett_critical(double conf, const uint64_t *n, size_t arms, uint64_t n_control);
