// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The always-valid test over a range of effects: a mixture of three normal mixtures (sequential.h)
 * of equal weight, their scales tau, 2.8 tau and 8 tau. One scale is sharp for one effect; three
 * are sharp for a range. Where tau is tuned to the size at which an effect is seen with a power of
 * 80 %, the test's mean stopping time is within 1.25 times that of the scale that suits the truth
 * best for effects from half to ten times that effect (2.5 % to 50 % where 5 % was planned).
 *
 * Lambda = sum_j w_j Lambda_j is a mean of martingales that begin at 1, so it is one, and Ville's
 * inequality holds [Robbins 1970; Howard et al. 2021, section 3]: p = min(1, 1 / Lambda) is valid
 * at every look. tau is fixed before the start. Calibrated in stats/CALIBRATION.md.
 */
#pragma once

#include "stats/sequential/sequential.h"

enum { STATS_MIXTURE_PARTS = 3 };

/* Effects, as multiples of the one that tau is tuned to, that the mixture is made for. */
#define STATS_MIXTURE_FROM 0.5
#define STATS_MIXTURE_TO   10.0

/*
 * The test of "no effect". tau: the smallest scale, in the metric's units. The interval holds the
 * effects at which Lambda < 1 / alpha: its half-width is found by Newton's method, from above, on a
 * convex function, in at most 60 steps. d, se, alpha and the statuses as of stats_msprt; relative
 * accuracy 1e-12.
 */
struct stats_always_valid stats_mixture(double diff, double se, double tau, double alpha);

/*
 * How much information 1 / se^2 the test needs to see a true `effect`: where half-width and effect
 * are the same. With a look after every visitor it bounds the mean information at the stop from
 * above, by Wald's identity [1944] and because the bound on the path is concave in the information
 * [Robbins & Siegmund 1970]. Simulated at 5 %, the mean is 5 to 20 % below it. NaN unless effect
 * is finite and not 0, tau > 0 finite, 0 < alpha < 1; INFINITY where it overflows. Relative
 * accuracy 1e-11 where |effect| / tau is from 1e-100 to 1e100.
 */
double stats_mixture_stop(double effect, double tau, double alpha);

/*
 * stats_mixture of two estimates, with the uplift: Fieller's interval at the critical value
 * halfwidth / se, so that it excludes 0 when the absolute one does. cov: their covariance.
 */
struct stats_always_valid stats_always_valid_uplift(struct stats_estimate control,
                                                    struct stats_estimate treatment, double cov,
                                                    double tau, double alpha);
