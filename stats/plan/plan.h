// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Planning: how many visitors, and what can be seen with those there are. For design only; power
 * computed from the observed effect says nothing. n1: control visitors, n2 = ratio n1.
 */
#pragma once

#include "stats/core/result.h"

/* What a test should do: sides 1 or 2, alpha in (0, 1) over both, ratio = n2 / n1 > 0. */
struct stats_design {
    double alpha, ratio;
    int sides;
};

struct stats_prop_size {
    enum stats_status status;
    struct stats_number pooled;   /* n1: (z_a s0 + z_b s1)^2 / d^2, the test's own variances */
    struct stats_number unpooled; /* n1: ((z_a + z_b) s1 / d)^2 */
    struct stats_number
        baseline; /* n1 = n2: the baseline's variance under H0, a common calculator's */
    struct stats_number arcsine; /* n1: 2 ((z_a + z_b) / h)^2, Cohen's h; ratio 1 only */
};

/*
 * Visitors per arm to tell p1 from p2 with the power asked for. s0^2 = pbar qbar (1 + 1/r),
 * pbar = (p1 + r p2) / (1 + r), s1^2 = p1 q1 + p2 q2 / r, d = |p2 - p1| [Fleiss 1981]. Real
 * numbers: round up. Invalid for p outside (0, 1) or p1 = p2. Closed form, 1e-14.
 */
struct stats_prop_size stats_prop_size(const struct stats_design *design, double p1, double p2,
                                       double power);

/* Power of n1 visitors: Phi((sqrt(n1) d - z_a s0) / s1); is_strict adds the opposite tail.
 * NaN unless the design is sound, 0 < p < 1 and n1 > 0. */
double stats_prop_power(const struct stats_design *design, double p1, double p2, double n1,
                        bool is_strict);

/*
 * The smallest p2 > p1 seen with the power asked for (pooled formula, Brent): unknown where even
 * p2 = 1 is not enough (unreachable), and where the power is below alpha, so that any p2 has it.
 */
struct stats_number stats_prop_detectable(const struct stats_design *design, double p1, double n1,
                                          double power);

/*
 * Power of a two-sample t test of difference delta with common sd: noncentral t with
 * df = n1 + n2 - 2, noncentrality delta / (sd sqrt(1/n1 + 1/n2)), P = int chi density(s)
 * Phi(ncp - t s) ds by quadrature normalised on its own grid, so any df. is_strict adds the
 * opposite tail. NaN unless the design is sound, delta finite, n1 > 0, n1 + n2 > 2 and sd > 0.
 * Absolute accuracy 1e-12.
 */
double stats_mean_power(const struct stats_design *design, double delta, double sd, double n1,
                        bool is_strict);

struct stats_mean_size {
    enum stats_status status;
    struct stats_number t;      /* n1 (real) of the t test, solved from stats_mean_power */
    struct stats_number normal; /* n1 of the normal approximation: ((z_a+z_b) sd / d)^2 (1+1/r) */
};

/* Visitors in arm 1 to see a difference of delta. Invalid for delta = 0 or sd <= 0. */
struct stats_mean_size stats_mean_size(const struct stats_design *design, double delta, double sd,
                                       double power);
