// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Normal posteriors of an effect: for means, ratios and adjusted means, whose estimates are normal
 * to good approximation. Input: an estimate and its standard error, in the metric's units.
 * Bayesian numbers are not corrected for repeated looks.
 */
#pragma once

#include "stats/core/result.h"
#include "stats/rate/beta.h"

/* Normal prior on treatment - control in the metric's units; sd = INFINITY: flat. */
struct stats_normal_prior {
    double mean, sd;
};

struct stats_normal_posterior {
    struct stats_posterior posterior;
    double weight_of_data;            /* tau^2 / (tau^2 + se^2); 1 for a flat prior */
    struct stats_number log10_p_lt_0; /* log10 of chance_to_lose, exact where it underflows */
};

/*
 * Posterior of an effect: precision 1/se^2 + 1/tau^2, mean the precision-weighted one, tau the
 * prior's sd. With r = mean / sd: chance_to_win = Phi(r), loss_choose_treatment =
 * sd (phi(r) - r Q(r)), loss_choose_control = sd (phi(r) + r Phi(r)), interval mean +- z sd,
 * chance_in_rope = P(|effect| < rope). rope >= 0 (0: unknown). Uplift fields stay unknown. Status:
 * invalid (prior, conf or rope outside their domain, numbers that are not finite or make another
 * overflow); zero_variance for se = 0. Relative accuracy 1e-12, tails included.
 */
struct stats_normal_posterior stats_normal_posterior(double diff, double se,
                                                     const struct stats_normal_prior *prior,
                                                     double conf, double rope);

/*
 * The same from two arms' estimates, with the uplift's credible interval: under a flat prior on
 * the control and the prior on the effect the two means are jointly normal, and the uplift's
 * equal-tailed limits are the theta with P(m2 <= theta m1) = (1 -+ conf) / 2: Fieller's quadratic
 * at the posterior. cov: covariance of the two estimates. Unknown where the control is not
 * distinguishable from 0 (status fieller_unbounded) or 0 (baseline_zero).
 */
struct stats_normal_posterior stats_normal_compare(struct stats_estimate control,
                                                   struct stats_estimate treatment, double cov,
                                                   const struct stats_normal_prior *prior,
                                                   double conf, double rope);

/*
 * Best of K independent normal posteriors, variance = posterior variance > 0. p_best_i =
 * int phi(z) prod_j Phi_j, p_top_two likewise, E[max], expected losses. Quadrature on the common
 * grid of all arms' scales. 1 <= count <= STATS_BEST_ARMS. Accuracy 1e-11.
 */
struct stats_best stats_normal_best(const struct stats_estimate *arms, int count);
