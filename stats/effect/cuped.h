// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Variance reduction by a pre-period covariate. Input per arm: co-moments over visitors with the
 * covariate as x and the metric as y. The covariate must be fixed before exposure.
 */
#pragma once

#include "stats/core/moments.h"

struct stats_cuped {
    enum stats_status status; /* ok, covariate_constant (effects are unadjusted), or the arms' */
    unsigned warnings;        /* covariate_imbalance: balance_p < 0.001 */
    struct stats_number theta_within; /* one slope, arms centred: the default */
    struct stats_number theta_joint;  /* one slope, arms not centred, for comparison */
    struct stats_effect within;
    struct stats_effect lin; /* own slope per arm; status covariate_constant if it cannot */
    struct stats_effect unadjusted;
    struct stats_number variance_reduction; /* 1 - se^2 within / se^2 unadjusted */
    struct stats_number balance_p;          /* Welch's p of the covariate: should be uniform */
};

/*
 * CUPED [Deng, Xu, Kohavi & Walker 2013]: theta = sum C_g / sum Mxx_g over the arms, residual
 * variance s_g^2 = (Myy - 2 theta C + theta^2 Mxx) / (n - 1), effect = (y2 - y1) - theta (x2 - x1),
 * Welch's df. lin [Lin 2013]: theta_g per arm, x centred at the pooled mean; its variance adds
 * (theta2 - theta1)^2 s_x^2 / N: prefer it where arm sizes differ by more than 2x. The adjusted
 * means are y_g - theta_g (x_g - xbar); the uplift is Fieller's with their variances
 * s_g^2 / n_g + theta_g^2 s_x^2 / N and covariance theta_1 theta_2 s_x^2 / N. s_x^2: variance of x
 * over all visitors. Status insufficient_data for n < 2. For
 * large samples: that theta is estimated is not in s_g (at 10 visitors an arm 6.3 % are rejected at
 * 5 %, CALIBRATION.md). Accuracy 1e-11.
 */
struct stats_cuped stats_cuped(const struct stats_comoments *control,
                               const struct stats_comoments *treatment, double conf);
