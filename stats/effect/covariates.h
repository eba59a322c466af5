// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Variance reduction by several pre-period covariates at once. Input per arm: the moments of the
 * metric y and of k covariates x over visitors. Covariates must be fixed before exposure.
 */
#pragma once

#include "stats/core/moments.h"

enum { STATS_COVARIATES = 8 };

/* xx[i][j] = sum (x_i - mean)(x_j - mean), xy[i] = sum (x_i - mean)(y - mean_y); only the first k
 * rows and columns count, xx is symmetric. Units: products of the variables' own. */
struct stats_covariates {
    uint64_t n;
    int k;
    double mean_y, m2_y;
    double mean_x[STATS_COVARIATES], xy[STATS_COVARIATES];
    double xx[STATS_COVARIATES][STATS_COVARIATES];
};

/* Adds all of `other`, of the same k: Chan, Golub & LeVeque (1979). An empty side changes
 * nothing; the order does not matter beyond rounding. */
void stats_covariates_merge(struct stats_covariates *all, const struct stats_covariates *other);

struct stats_cuped_many {
    enum stats_status status; /* ok, covariate_constant (none is left: unadjusted), or the arms' */
    unsigned dropped;         /* bit i: covariate i is constant, or repeats those before it */
    double theta[STATS_COVARIATES];        /* slopes of within; 0 for dropped ones */
    double theta_lin[2][STATS_COVARIATES]; /* of lin, the control's first; 0 where an arm cannot */
    struct stats_effect within;            /* one slope vector for both arms: the default */
    struct stats_effect lin; /* own slopes per arm; status covariate_constant where an arm cannot */
    struct stats_effect unadjusted;
    struct stats_number variance_reduction; /* 1 - se^2 within / se^2 unadjusted */
};

/*
 * CUPED with k covariates [Deng, Xu, Kohavi & Walker 2013]: theta solves M theta = c with
 * M = sum_g xx_g and c = sum_g xy_g over the arms, s_g^2 = (m2_y - 2 theta'c_g + theta'M_g theta)
 * / (n_g - 1), effect = (y2 - y1) - theta'(x2 - x1), Welch's df; lin [Lin 2013]: theta_g per arm, x
 * centred at the pooled mean. Adjusted means have variances s_g^2 / n_g + theta_g' S theta_g / N
 * and covariance theta_1' S theta_2 / N, S the covariance matrix of x over all visitors, for
 * Fieller's uplift. k = 1 is stats_cuped. M is scaled to correlations R and factored by Cholesky,
 * covariates joining in their order: one that is constant, or with which the reciprocal condition
 * number 1 / (|R|_1 |R^-1|_1) falls below 1e-10, is dropped. Rescaling a covariate changes nothing.
 * Status: invalid (k outside 1..8 or unlike, numbers not finite, conf outside (0, 1)), no_data,
 * insufficient_data (an arm with n < 2; n <= k + 1 leaves no residual: unadjusted only). Relative
 * accuracy 1e-15 / rcond: 1e-12 for covariates that are not near copies.
 */
struct stats_cuped_many stats_cuped_many(const struct stats_covariates *control,
                                         const struct stats_covariates *treatment, double conf);
