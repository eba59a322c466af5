// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The adjusted answer: what is left of a difference when what the units did in the pre-period
 * before their exposure is taken out (CUPED). The first covariate is the metric itself, measured in
 * that time; of a mean or ratio it is the linearised residual x - R y, R the ratio of both arms
 * before. Units that were not seen then count 0 there, and 1 as the second covariate, so that their
 * level is free. One pair of slopes for both arms, or, where one arm has more than twice the
 * other's units, one of each. Stands beside the unadjusted answer, never instead of it.
 */
#pragma once

#include "results/judge/results_arm.h"

/* A status other than "ok": the numbers are unknown, or, for "covariate_constant", the unadjusted
 * ones. */
struct results_cuped {
    enum stats_status status;
    int pre_period_days;
    bool is_own; /* slopes of each arm */
    struct stats_number theta, theta_control, theta_missing, theta_missing_control;
    struct stats_effect effect;
    struct stats_number variance_reduction;
    struct stats_number past_balance, missing_balance; /* p-values */
    const char *const *warnings;
    size_t warning_count;
};

/* What it returns stands in the arena of r; NULL without a pre-period. */
const struct results_cuped *results_cuped_of(const struct results *r,
                                             const struct results_metric *m,
                                             const struct results_arm *control,
                                             const struct results_arm *treatment);
