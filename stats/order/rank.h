// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Tests without a distribution: ranks and permutations. Input: a frequency table, distinct values
 * ascending with each arm's count; O(distinct values), so millions of zeros cost nothing. Ranks
 * answer "do treatment's values tend to be larger", never "is the mean larger".
 */
#pragma once

#include "stats/core/result.h"

#include <stddef.h>

struct stats_rank_group {
    double value;
    uint64_t control, treatment;
};

/*
 * Builds the table from raw values: room for n_control + n_treatment groups. Returns how many
 * there are. Equal doubles are ties.
 */
size_t stats_rank_groups(const double *control, size_t n_control, const double *treatment,
                         size_t n_treatment, struct stats_rank_group *ret_groups);

struct stats_rank {
    enum stats_status status; /* ok, no_data, zero_variance (all values equal) */
    double n1, n2;
    struct stats_number u;                          /* pairs with treatment larger, ties half */
    struct stats_number superiority;                /* u / (n1 n2) = P(t > c) + P(t = c) / 2 */
    struct stats_number z, p, log10_p, p_corrected; /* p_corrected: with 1/2 continuity */
    struct stats_number bm_statistic, bm_df, bm_p, se;
    struct stats_interval interval; /* of superiority, Brunner-Munzel, within [0, 1] */
};

/*
 * Mann-Whitney with midranks: sd^2 = n1 n2 / 12 (N + 1 - sum (t^3 - t) / (N (N - 1))), z =
 * (u - n1 n2 / 2) / sd [Mann & Whitney 1947]; and Brunner & Munzel's test and interval [2000] from
 * the placements' variances, t with their Satterthwaite df: valid for unequal spread. Integers
 * exact; status invalid from 4e12 visitors on. bm_* unknown for an arm of one or no spread of
 * placements.
 */
struct stats_rank stats_rank_test(const struct stats_rank_group *groups, size_t count, double conf);

enum { STATS_RANK_EXACT = 70 };

struct stats_rank_exact {
    enum stats_status status;    /* invalid for N > STATS_RANK_EXACT or an empty arm */
    double p, p_greater, p_less; /* two-sided by distance from the mean; P(U >= u), P(U <= u) */
    uint64_t shift_rank;         /* for stats_rank_shift's interval; 0 with ties */
};

/*
 * Exact conditional permutation distribution of U given the ties, by dynamic programming over the
 * groups. N <= STATS_RANK_EXACT; takes 0.7 MB of stack. Relative accuracy 1e-13.
 */
struct stats_rank_exact stats_rank_exact(const struct stats_rank_group *groups, size_t count,
                                         double conf);

struct stats_rank_shift {
    struct stats_number estimate;   /* Hodges-Lehmann: the median of all treatment - control */
    struct stats_interval interval; /* the rank-th smallest and largest difference, 0 < rank, 2 rank
                                     * <= n1 n2 + 1 */
};

/* Hodges & Lehmann [1963], by bisection over the doubles: O(64 distinct values). Both unknown for
 * an empty arm, a range that is not finite, or 4e12 visitors. */
struct stats_rank_shift stats_rank_shift(const struct stats_rank_group *groups, size_t count,
                                         uint64_t rank);

enum { STATS_PERMUTATION_MAX = 24 };

struct stats_permutation {
    enum stats_status
        status;     /* invalid past STATS_PERMUTATION_MAX values, or not finite; no_data */
    double diff, p; /* mean2 - mean1; share of splits with |diff| at least as large */
    uint64_t permutations;
};

/*
 * Exact two-sided permutation test of the difference of means [Fisher 1935] over all C(N, n1)
 * splits of the values, control first. N <= STATS_PERMUTATION_MAX. Equal to 1e-12 of the largest
 * value counts as equal.
 */
struct stats_permutation stats_permutation(const double *values, size_t n_control,
                                           size_t n_treatment);
