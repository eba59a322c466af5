// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The statistics of A/B tests: sufficient statistics in, results out. Pure functions: no
 * allocation, no globals, no I/O; safe from any thread. Every method names its formula, its
 * source and its edge cases in the header of its family.
 *
 * Conventions, for all of it: arm 1 is the control, arm 2 the treatment; effect = treatment -
 * control; uplift = effect / |control|; the unit of analysis is the visitor. What cannot be
 * computed has is_known = false and a status that says why. No field ever holds NaN.
 *
 * For a metric's results page:
 *     conversion rate      stats_prop_diff, stats_beta_binomial
 *     mean per visitor     stats_moments_from_sums, stats_welch, stats_normal_compare
 *     ratio metric         stats_comoments_from_sums, stats_ratio, stats_normal_compare
 *     arms' sizes          stats_srm
 */
#pragma once

#include "stats/after.h"        /* heterogeneity, winner's curse */
#include "stats/beta.h"         /* Beta-Binomial, best of K, Gamma-Poisson */
#include "stats/contrast.h"     /* two estimates with variances: t, Fieller's uplift */
#include "stats/cuped.h"        /* variance reduction by a pre-period covariate */
#include "stats/delta.h"        /* delta-method family, for comparison with another engine */
#include "stats/dist.h"         /* the distributions' tails and quantiles */
#include "stats/group.h"        /* planned looks: spending, classical bounds, power, futility */
#include "stats/mean.h"         /* Welch's t, skewness, strata, non-inferiority */
#include "stats/moments.h"      /* exact sums and running accumulators -> n, mean, m2, c_xy */
#include "stats/multiplicity.h" /* many tests at once, many arms at once */
#include "stats/normal.h"       /* normal posteriors, best of K */
#include "stats/plan.h"         /* sample size, power, detectable effect */
#include "stats/prop.h"     /* one proportion; two: score intervals, exact test, non-inferiority */
#include "stats/quantile.h" /* quantiles, of visitors or of their events */
#include "stats/rank.h"     /* Mann-Whitney, Brunner-Munzel, permutation */
#include "stats/ratio.h"    /* ratio metrics by the delta method */
#include "stats/result.h"   /* status, number, interval, effect, posterior */
#include "stats/sequential.h" /* always valid: mixture test, confidence sequence, path */
#include "stats/srm.h"        /* sample ratio mismatch, at the end and at every look */
