// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The statistics of A/B tests: sufficient statistics in, results out. Pure functions: no
 * allocation, no state, no I/O; safe from any thread. Every method names its formula, its
 * source and its edge cases in the header of its family.
 *
 * Conventions, for all of it: arm 1 is the control, arm 2 the treatment; effect = treatment -
 * control; uplift = effect / |control|; the unit of analysis is the visitor. What cannot be
 * computed has is_known = false and a status that says why. No field ever holds NaN: any double and
 * any count may be handed in, NaN and infinities included. A function that returns a bare double
 * (a distribution, a power) answers NaN outside its domain, and only there.
 *
 * For a metric's results page:
 *     conversion rate      stats_prop_diff, stats_beta_binomial
 *     mean per visitor     stats_moments_from_sums, stats_welch, stats_normal_compare
 *     ratio metric         stats_comoments_from_sums, stats_ratio, stats_normal_compare
 *     arms' sizes          stats_srm
 */
#pragma once

/* 1. What goes in and what comes out. */
#include "stats/core/moments.h" /* exact sums and running moments of an arm: mean, variance, skewness */
#include "stats/core/result.h" /* status, number, interval, effect, posterior, warnings */

/* 2. Treatment against control. */
#include "stats/effect/bootstrap.h" /* heavy tails: bootstrap-t in one pass */
#include "stats/effect/contrast.h" /* the one test behind means and ratios: difference, Fieller's uplift */
#include "stats/effect/mean.h" /* Welch, skewness-corrected t, post-stratification, non-inferiority */
#include "stats/effect/ratio.h" /* average order value and other ratios, by the delta method */
#include "stats/rate/prop.h" /* conversion rates: score intervals, SCAS, Fisher, non-inferiority */

/* 3. With less noise, and where the mean is not the question. */
#include "stats/effect/covariates.h" /* CUPED with several covariates, or one that some lack */
#include "stats/effect/cuped.h"      /* CUPED with one covariate, pooled and interacted (Lin) */
#include "stats/order/quantile.h"    /* median, p90, p95, of visitors or of events in clusters */
#include "stats/order/rank.h"        /* Mann-Whitney, Brunner-Munzel, Hodges-Lehmann, permutation */

/* 4. Posteriors: chance to win, expected loss, best of several arms. */
#include "stats/posterior/normal.h" /* means, ratios, adjusted means: normal with a prior, best of K */
#include "stats/rate/beta.h" /* rates (Beta-Binomial), best of K, event counts (Gamma-Poisson) */
#include "stats/rate/beta_pair.h" /* two Beta posteriors: chances of their difference and ratio */

/* 5. Looking more than once. */
#include "stats/sequential/group.h" /* planned looks: spending, bounds, power, inference after the stop */
#include "stats/sequential/mixture.h"
#include "stats/sequential/sequential.h" /* always valid: mixture test, confidence sequence, path of looks */

/* 6. Before the test, and whether it ran as planned. */
#include "stats/plan/plan.h" /* sample size, power, smallest effect seen */
#include "stats/plan/srm.h"  /* sample ratio mismatch: chi-square, exact, sequential */

/* 7. Many tests, and after the test. */
#include "stats/many/adaptive.h"     /* bandits: unbiased estimates (AIPW) */
#include "stats/many/after.h"        /* do segments differ, and how much of a winner is luck */
#include "stats/many/interaction.h"  /* do two campaigns disturb each other */
#include "stats/many/multiplicity.h" /* Holm, Hochberg, BH, BY, closed tests, FCR */
#include "stats/many/trend.h"        /* does the effect wear off or grow */

/* 8. Tools: distributions as tails, quadrature, roots; another engine's numbers. */
#include "stats/core/dist.h"     /* normal, t, chi-square, gamma: the only file on GSL */
#include "stats/core/quad.h"     /* Gauss-Legendre panels and antiderivatives */
#include "stats/core/root.h"     /* Brent's root on a bracket */
#include "stats/foreign/delta.h" /* the delta-method family that others report, to compare */
