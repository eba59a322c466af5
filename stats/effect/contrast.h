// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Treatment against control from two estimates with variances: the one test behind means, ratios
 * and adjusted means. Difference by t (or z), uplift by Fieller with the same critical value, so
 * that interval, uplift interval and p never contradict each other.
 */
#pragma once

#include "stats/core/result.h"

/*
 * Fieller's interval of the uplift (m2 - m1) / |m1| [Fieller 1954]: theta = (b +- sqrt(b^2 - a k))
 * / a with a = m1^2 - c^2 v1, b = m1 m2 - c^2 cov, k = m2^2 - c^2 v2; the uplift is
 * sign(m1) (theta - 1), sorted. m, v: value and variance of the arms; c: the critical value;
 * cov: covariance of the two estimates (0 for separate arms). ret_g, unless NULL, is
 * c^2 v1 / m1^2: INFINITY for m1 = 0. Unknown unless 0 <= g < 1 (m1 not distinguishable from 0).
 * The differences b - a and b^2 - a k are expanded, so small uplifts keep their digits.
 */
struct stats_interval stats_fieller(struct stats_estimate control, struct stats_estimate treatment,
                                    double cov, double critical, double *ret_g);

/*
 * The delta-method interval of the uplift: u +- c sqrt(v2 / m1^2 + v1 m2^2 / m1^4). Poor for rare
 * events and a noisy control: for comparison only. Unknown for m1 = 0 or critical < 0.
 */
struct stats_interval stats_uplift_delta(struct stats_estimate control,
                                         struct stats_estimate treatment, double critical);

/*
 * The interval of the uplift on the log scale: m2 / m1 exp(+- c sqrt(v1 / m1^2 + v2 / m2^2)) - 1.
 * Unknown unless both means are positive and critical >= 0.
 */
struct stats_interval stats_uplift_log(struct stats_estimate control,
                                       struct stats_estimate treatment, double critical);

/*
 * Degrees of freedom of a sum of two variances [Satterthwaite 1946; Welch 1947]:
 * (v1 + v2)^2 / (v1^2 / (n1 - 1) + v2^2 / (n2 - 1)). v: variances of the two estimates, n >= 2;
 * v1 + v2 > 0. One constant arm: the other's n - 1.
 */
double stats_welch_df(double v1, double n1, double v2, double n2);

/*
 * The whole effect: diff = m2 - m1, se^2 = v1 + v2 - 2 cov, statistic diff / se on Student's t
 * with df degrees of freedom (INFINITY: normal; df then stays unknown). Status: ok;
 * zero_variance (se = 0: estimates only), baseline_zero (m1 = 0: no uplift), fieller_unbounded
 * (no uplift interval); invalid (a variance below 0, df < 1/2, conf outside (0, 1), a value
 * that is not finite or makes another overflow).
 */
struct stats_effect stats_contrast(struct stats_estimate control, struct stats_estimate treatment,
                                   double cov, double df, double conf);

/* treatment - control, computed directly where v1 + v2 - 2 cov would cancel. cov_control: of the
 * difference with the control's estimate, cov - v1. */
struct stats_difference {
    double value, variance, cov_control;
};

/* The same for two estimates that share most of their variance. */
struct stats_effect stats_contrast_joint(struct stats_estimate control,
                                         struct stats_estimate treatment,
                                         struct stats_difference difference, double df,
                                         double conf);
