// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Ratio metrics: average order value, items per order. Input per arm: the co-moments over visitors
 * of (numerator m as x, denominator d as y); the visitor stays the unit of analysis.
 */
#pragma once

#include "stats/core/moments.h"

struct stats_ratio_arm {
    enum stats_status status;       /* ok, invalid, no_data, insufficient_data, no_denominator */
    struct stats_estimate estimate; /* R and the variance of R */
    uint64_t n;
};

/*
 * R = sum m / sum d with the delta method's variance [Deng, Knoblich & Lu 2018]:
 * Var(R) = (s_mm - 2 R s_md + R^2 s_dd) / (n dbar^2), s with n - 1. That is the variance of the
 * residual m - R d: where it is below 1e-13 of its parts it is rounding, and taken as 0.
 */
struct stats_ratio_arm stats_ratio_arm(const struct stats_comoments *arm);

/*
 * Treatment against control: stats_contrast of the two ratios, Welch's df with n visitors. Status
 * as the arms', then zero_variance, baseline_zero, fieller_unbounded. Accuracy 1e-12 of exact
 * co-moments.
 */
struct stats_effect stats_ratio(const struct stats_comoments *control,
                                const struct stats_comoments *treatment, double conf);
