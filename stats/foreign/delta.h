// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The delta-method Wald family that a widespread open-source engine reports, for people who
 * compare two systems. Not the defaults: its relative interval and its absolute one can disagree.
 */
#pragma once

#include "stats/core/result.h"

struct stats_delta {
    struct stats_estimate effect; /* absolute or relative effect with its variance */
    double df;                    /* Welch's, of the absolute variances */
};

/* An arm's estimate is its plain mean (or ratio, quantile) plus an adjustment, 0 for most. */
struct stats_delta_arm {
    double n;
    struct stats_estimate plain, adjustment;
    double cov; /* of the two estimates */
};

/*
 * Absolute: m2 - m1 with v1 + v2. Relative: (m2 - m1) / b1 with b the plain means and variance
 * (v2 + r^2 var(b1) + 2 r cov(b1, a1) + var(a1)) / b1^2, r = b2 / b1, a1 the control's adjustment:
 * the gradient with the adjustment's slope held fixed. df by stats_welch_df of v1 and v2. Zero
 * variance or control mean, or numbers that are not finite: all 0.
 */
struct stats_delta stats_delta(const struct stats_delta_arm *control,
                               const struct stats_delta_arm *treatment, bool is_relative);

enum stats_delta_test {
    STATS_DELTA_T,                  /* two-sided t */
    STATS_DELTA_T_GREATER,          /* lower limit only, P(T > t) */
    STATS_DELTA_T_LESS,             /* upper limit only, P(T < t) */
    STATS_DELTA_SEQUENTIAL,         /* stats_asymptotic_cs */
    STATS_DELTA_SEQUENTIAL_GREATER, /* one-sided asymptotic sequence; no p */
    STATS_DELTA_SEQUENTIAL_LESS,
};

struct stats_delta_result {
    struct stats_interval interval;
    struct stats_number p;
};

/* Interval at 1 - alpha and p; unknown without variance or for alpha outside (0, 1). n: units in
 * both arms, n_star: of the sequential tuning. */
struct stats_delta_result stats_delta_test(const struct stats_delta *delta,
                                           enum stats_delta_test test, double alpha, double n,
                                           double n_star);
