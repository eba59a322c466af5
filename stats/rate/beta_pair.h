// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Two independent Beta posteriors, p1 and p2, and the chances of their difference and ratio. Each
 * is an integral of one density times the other's distribution function, taken by the trapezoid
 * rule on the logit axis of the narrower one: there the densities are analytic and vanish at both
 * ends, so that the error falls exponentially with the step. The even and the odd nodes are two
 * rules of the double step; where these do not agree to 1e-9 (a corner of a distribution function
 * at 0 or 1, extreme priors, far tails) the integral is taken anew, over 16-node panels between the
 * edges of both. 65 kB, made for the stack.
 */
#pragma once

#include "stats/rate/beta.h"

enum { STATS_BETA_NODES = 448 };

struct stats_beta_grid {
    int count; /* 0: too many nodes were needed */
    double d[STATS_BETA_NODES], x[STATS_BETA_NODES], mass[STATS_BETA_NODES];
};

struct stats_beta_pair {
    struct stats_beta arm[2];
    struct stats_beta_grid grid[2];
};

/* Takes Beta(a1, b1) and Beta(a2, b2). About 25 us for large counts. */
void stats_beta_pair_init(struct stats_beta_pair *pair, double a1, double b1, double a2, double b2);

/* P(p2 - p1 <= d) and P(p2 - p1 > d); any d. About 3 us, relative accuracy 1e-10. */
struct stats_tails stats_beta_pair_diff(const struct stats_beta_pair *pair, double d);

/* P(p2 <= r p1) and P(p2 > r p1), r = exp(log_r). The same cost and accuracy. */
struct stats_tails stats_beta_pair_ratio(const struct stats_beta_pair *pair, double log_r);

struct stats_beta_duel {
    double first_above, second_above; /* P(p1 > p2), P(p2 > p1) */
    double small_loss; /* E[(p1 - p2)+] or, if it is p1's mean that is larger, of p2 - p1 */
};

/* Who is ahead, and what choosing the arm with the larger mean costs: E[(L - H)+] = int f_L K_H,
 * with K_H(x) = E[(x - H)+] = (x - m) F_H(x) + x^a (1 - x)^b / ((a + b) B(a, b)). Relative accuracy
 * 1e-10 down to 1e-15. */
struct stats_beta_duel stats_beta_pair_duel(const struct stats_beta_pair *pair);
