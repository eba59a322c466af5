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

/* What goes in and what comes out: status, number, interval, effect, posterior; exact sums. */
#include "stats/moments.h"
#include "stats/result.h"

/* Treatment against control: proportions, means, ratios, and the contrast behind them. */
#include "stats/bootstrap.h"
#include "stats/contrast.h"
#include "stats/mean.h"
#include "stats/prop.h"
#include "stats/ratio.h"

/* With less noise, and where the mean is not the question: covariates, quantiles, ranks. */
#include "stats/covariates.h"
#include "stats/cuped.h"
#include "stats/quantile.h"
#include "stats/rank.h"

/* Posteriors: chance to win, expected loss, best of several arms. */
#include "stats/beta.h"
#include "stats/normal.h"

/* Looking more than once: always valid, and planned looks. */
#include "stats/group.h"
#include "stats/sequential.h"

/* Around the test: sample ratio, many tests at once, planning, what a winner is worth, whether
 * it lasts and whether it stands alone, what an adaptive allocation showed. */
#include "stats/adaptive.h"
#include "stats/after.h"
#include "stats/interaction.h"
#include "stats/multiplicity.h"
#include "stats/plan.h"
#include "stats/srm.h"
#include "stats/trend.h"

/* The distributions, and another engine's numbers. */
#include "stats/delta.h"
#include "stats/dist.h"
