// SPDX-License-Identifier: GPL-3.0-or-later
/* Quantiles: median, p90, p95 of a metric. Input: an arm's values in ascending order, one by one
 * or in groups. */
#pragma once

#include "stats/core/result.h"

#include <stddef.h>

struct stats_quantile {
    enum stats_status status; /* too_few_for_this_quantile: ranks were clamped to 1..n */
    struct stats_number value, se;
    struct stats_interval interval;  /* between the two order statistics */
    uint64_t rank_lower, rank_upper; /* 1-based */
    struct stats_number coverage;    /* the interval's exact binomial coverage */
};

/*
 * Quantile nu of sorted values: type 7 (linear between ranks floor and ceil of (n - 1) nu). Ranks
 * l = floor(n nu - z sqrt(n nu (1 - nu))), u = ceil(n nu + z sqrt(..)) + 1, se = (x_u - x_l) / 2z
 * [Woodruff 1952]; coverage = P(l <= Bin(n, nu) < u). Status invalid (a value or the range not
 * finite), no_data, too_few. 0 < nu < 1. Units: the values'; 1e-14, coverage 1e-10.
 */
struct stats_quantile stats_quantile(const double *sorted, size_t n, double nu, double conf);

/* How many units have a value. */
struct stats_quantile_group {
    double value;
    uint64_t units;
};

/* The same of values in groups, ascending, so that a million equal values cost what one does:
 * O(count), equal to the last digit. Status invalid where the units add up to 2^53 or more. */
struct stats_quantile stats_quantile_grouped(const struct stats_quantile_group *groups,
                                             size_t count, double nu, double conf);

struct stats_quantile_diff {
    struct stats_effect effect;  /* diff +- z sqrt(se1^2 + se2^2), normal; uplift by Fieller */
    struct stats_interval mover; /* from the arms' own intervals [Zou & Donner 2008] */
};

/*
 * Difference of two arms' quantiles. mover: d - sqrt((q2 - l2)^2 + (u1 - q1)^2),
 * d + sqrt((u2 - q2)^2 + (q1 - l1)^2). Status: the arms'; zero_variance where both se are 0.
 */
struct stats_quantile_diff stats_quantile_diff(const struct stats_quantile *control,
                                               const struct stats_quantile *treatment, double conf);

struct stats_clustered {
    double n, n_star;    /* events, and how many of them the ranks were taken from */
    double lower, upper; /* the 95 % order-statistic interval as if events were independent */
    double clusters;     /* visitors */
    double main_sum, main_squares; /* over visitors: events at or below the quantile */
    double denominator_sum, denominator_squares, product; /* events per visitor, and with main */
};

struct stats_clustered_quantile {
    enum stats_status status;
    struct stats_number variance_iid, design_effect, variance, se;
};

/*
 * Variance of a quantile of events, visitors as clusters [Liu et al. 2019]: variance_iid =
 * (n* / n) (n - 1) ((upper - lower) / 2z)^2, z at 95 %, times the design effect: the delta
 * method's variance of I / N over visitors divided by nu (1 - nu) / n. se = sqrt(variance / n).
 * Status insufficient_data for fewer than 2 clusters or events, no_denominator, invalid (sums
 * that are not finite, upper < lower).
 */
struct stats_clustered_quantile stats_clustered_quantile(const struct stats_clustered *sums,
                                                         double nu);
