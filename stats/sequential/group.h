// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Group-sequential tests: a few planned looks, each with its own bound. Information time t = 1/se^2
 * now over that planned at the end, ascending to 1.
 */
#pragma once

#include "stats/core/result.h"

enum { STATS_GROUP_LOOKS = 50 };

/* Looks are at least this far apart in information time: nearer ones are one look. That bounds the
 * work: a pass over 50 looks takes from 1 ms (equal steps) to 20 ms (all as near as can be). */
#define STATS_GROUP_STEP 1e-3

/* How the error is spent, f(t; a) for one side with total a [Lan & DeMets 1983]. */
enum stats_spending {
    STATS_SPEND_OBF,    /* 2 - 2 Phi(z_{a/2} / sqrt t): O'Brien-Fleming like, late */
    STATS_SPEND_POCOCK, /* a ln(1 + (e - 1) t): evenly */
    STATS_SPEND_POWER,  /* a t^par */
    STATS_SPEND_HSD,    /* a (1 - exp(-par t)) / (1 - exp(-par)) [Hwang, Shih & DeCani 1990] */
};

/* Error spent up to information time t of a side's total a, 0 < a < 1 (else NaN). par: of power (>
 * 0) and hsd. */
double stats_spend(enum stats_spending spending, double par, double a, double t);

struct stats_group {
    int looks;
    double t[STATS_GROUP_LOOKS];
    double alpha;
    bool is_two_sided; /* each tail spends f(t; alpha / 2) */
    enum stats_status status;
    double z[STATS_GROUP_LOOKS];          /* reject where z (or |z|) reaches this */
    double nominal_p[STATS_GROUP_LOOKS];  /* the same bounds as p-values */
    double cumulative[STATS_GROUP_LOOKS]; /* error spent up to each look */
};

/*
 * Bounds that spend the error at the looks t: the first in closed form, each further one from the
 * joint distribution of the path that has not crossed [Armitage, McPherson & Rowe 1969], carried
 * on panels of 16 Gauss-Legendre nodes. Fills z, nominal_p, cumulative and status from looks, t,
 * alpha, is_two_sided. Invalid: t not ascending by STATS_GROUP_STEP within (0, 1], alpha below
 * 1e-15 or not below 1, bad par. Accuracy 1e-9 of z up to 8; farther out, where next to nothing is
 * spent, 37 stands for any bound beyond and INFINITY for a first look that spends nothing. One
 * pass.
 */
void stats_group_bounds(struct stats_group *group, enum stats_spending spending, double par);

/*
 * The same where the last look came late, at `reached` >= 1 times the planned information: t is
 * the information of each look over that of the last one, t = 1 at the last; the looks before have
 * spent f(t reached), as they had when they came, and the last spends the rest. The bounds of the
 * looks before are those of stats_group_bounds at their planned times. Invalid also: the last t is
 * not 1, reached < 1, or a look before the last beyond the plan. STATS_GROUP_STEP is of the planned
 * information; beyond reached = 8 looks so near together cost digits of z.
 */
void stats_group_bounds_overrun(struct stats_group *group, enum stats_spending spending, double par,
                                double reached);

/*
 * Classical equal looks: O'Brien & Fleming [1979] c sqrt(K / k) or Pocock [1977] c at each.
 * Fills t and z from looks, alpha, is_two_sided; cumulative and nominal_p too. Returns the
 * constant c, 0 with status invalid. Accuracy 1e-9; ten passes.
 */
double stats_group_classic(struct stats_group *group, bool is_pocock);

/* P(cross any bound) when z at look k has mean drift sqrt(t_k). Both tails where two-sided. Takes
 * bounds that one of the functions above filled (status ok) and a finite drift, else NaN. One pass;
 * 1e-9. */
double stats_group_power(const struct stats_group *group, double drift);

/* The drift (mean of z at t = 1) with the power asked for; unknown when t does not end at 1,
 * without bounds, or for a power that is not above alpha and below 1. Ten passes; 1e-9. */
struct stats_number stats_group_drift(const struct stats_group *group, double power);

/* Sample size over that of one fixed look with the same alpha and power:
 * (drift / (z_alpha + z_beta))^2. */
struct stats_number stats_group_inflation(const struct stats_group *group, double power);

/*
 * Conditional power at a look: the chance that z at t = 1 passes `critical` given z now, if the
 * drift is as planned: Q((c - z sqrt t - drift (1 - t)) / sqrt(1 - t)). 0 < t < 1. Stopping for
 * futility by it is non-binding: it cannot raise the error. NaN for t outside [0, 1). 1e-14.
 */
double stats_conditional_power(double z, double t, double drift, double critical);

/* The same, the drift drawn from what the data say so far (flat prior):
 * Q((c - z / sqrt t) / sqrt((1 - t) / t)) [Spiegelhalter, Freedman & Blackburn 1986]. NaN for t
 * outside (0, 1). */
double stats_predictive_power(double z, double t, double critical);

struct stats_stopped {
    enum stats_status status; /* invalid: no bounds, no such look, se not positive, conf or diff */
    struct stats_number p_two_sided, log10_p;
    struct stats_number p_upper; /* one-sided, against an effect > 0 */
    struct stats_number
        median_unbiased; /* half the outcomes at this effect are above, half below */
    struct stats_interval interval;
};

/*
 * Inference after stopping at look `look` (0 = the first) with estimate diff and standard error se
 * there [Siegmund 1978; Tsiatis, Rosner & Mehta 1984; Jennison & Turnbull 2000, ch. 8]. Outcomes
 * are ordered by stage: up-crossings, the earlier the further up; then those that stop without
 * crossing; then down-crossings, the later the higher. p_upper(drift) = sum over earlier looks of
 * P(cross up there) + P(reach this look, Z >= z); p = 2 min of both tails at drift 0, so that with
 * bounds by spending p <= alpha exactly where a bound was crossed. The drift with p_upper = 1/2 is
 * the median-unbiased estimate, those with (1 -+ conf) / 2 the interval; effect = drift se sqrt(t).
 * A look without a crossing, not the last, counts as one where the test was ended for reasons
 * other than its data (a final look that came early). The plain estimate exaggerates after an
 * early stop; this one is pulled towards 0. Fixed design (one look): diff, and diff +- z se.
 * Units: diff's. Absolute accuracy of the drift 1e-8; of p relative 1e-9. Forty
 * passes: 50 ms for 50 equal steps, 0.6 s for the nearest.
 */
struct stats_stopped stats_group_stopped(const struct stats_group *group, int look, double diff,
                                         double se, double conf);
