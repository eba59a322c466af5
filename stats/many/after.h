// SPDX-License-Identifier: GPL-3.0-or-later
/* After the test: do segments differ, and how much of a winner is luck. */
#pragma once

#include "stats/core/result.h"

#include <stddef.h>

struct stats_heterogeneity {
    enum stats_status status;
    struct stats_number fixed, fixed_se; /* inverse-variance mean */
    struct stats_interval fixed_interval;
    struct stats_number q, df, p; /* Cochran's test of equal effects; p unknown for one segment */
    struct stats_number i2;       /* share of the spread that is not noise */
    struct stats_number tau2;     /* between-segment variance */
    struct stats_number random, random_se;
    struct stats_interval random_interval;
};

/*
 * k segments' effects with standard errors: Q = sum (e - mean)^2 / se^2 [Cochran 1954],
 * I2 = max(0, (Q - k + 1) / Q), tau2 = max(0, (Q - k + 1) / (W - sum w^2 / W))
 * [DerSimonian & Laird 1986], random-effects mean with weights 1 / (se^2 + tau2), and in
 * ret_shrunk (k numbers) each segment pulled towards it: (e / se^2 + mean / tau2) /
 * (1 / se^2 + 1 / tau2); the mean itself when tau2 = 0. The same tau2 over past experiments is the
 * prior variance of an empirical-Bayes analysis. Status invalid for k = 0, an se that is not
 * positive and finite, or effects too large for their squares over se^2; ret_shrunk is then
 * untouched.
 */
struct stats_heterogeneity stats_heterogeneity(const struct stats_estimate *segments, size_t k,
                                               double conf, double *ret_shrunk);

struct stats_selection {
    enum stats_status status; /* invalid: not significant at alpha, so not selected */
    struct stats_number z, median_unbiased, conditional_mle;
    struct stats_interval interval;
};

/*
 * The winner's curse: inference given that |est / se| passed z_{alpha/2} [Zhong & Prentice 2008].
 * P(Z > z | |Z| > c; mu) = Q(z - mu) / (Q(c - mu) + Q(c + mu)) set to 1/2 gives the
 * median-unbiased estimate, to (1 -+ conf) / 2 the interval; conditional_mle maximises the
 * truncated likelihood. In log tails. Invalid too where est / se overflows. Relative accuracy
 * 1e-10.
 */
struct stats_selection stats_selection(double estimate, double se, double alpha, double conf);
