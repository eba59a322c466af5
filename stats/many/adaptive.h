// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Estimates from visitors that an adaptive allocation (a bandit) assigned. The plain mean of an
 * arm is biased there, down for losers: an unlucky start keeps the arm small. Input per period
 * with fixed assignment probabilities: the arm's probability and the moments of its visitors.
 */
#pragma once

#include "stats/core/moments.h"

/* One arm in one period. Probabilities may depend on earlier periods, never on this one's data. */
struct stats_adaptive_cell {
    double probability;
    struct stats_moments values; /* of the visitors assigned to the arm; m3 is not used */
};

/* The estimates of one arm, in the metric's units. */
struct stats_adaptive_arm {
    struct stats_number naive;    /* the plain mean: biased, for comparison */
    struct stats_number ipw;      /* sum over visitors of y / probability, over all arrivals */
    struct stats_number aipw;     /* the mean of the scores, each visitor alike: unbiased */
    struct stats_estimate stable; /* AIPW with variance-stabilising weights: the default */
};

struct stats_adaptive {
    enum stats_status status;
    struct stats_adaptive_arm control, treatment;
    struct stats_effect effect; /* of the two stable estimates, by z, uplift by Fieller */
};

/*
 * Augmented inverse-propensity estimates with variance-stabilising weights [Hadad, Hirshberg, Zhan,
 * Wager & Athey 2021, PNAS]. The score of a visitor in period t is
 * G = m_t + 1{assigned} (y - m_t) / e_t, e_t the arm's probability and m_t the arm's mean over all
 * earlier periods (in the first period with visitors of the arm: their own mean, which the fixed
 * e_t keeps unbiased). Q = sum h G / sum h over all arrivals, h = sqrt(e_t), so that periods of
 * rare assignment do not dominate; variance sum h^2 (G - Q)^2 / (sum h)^2, the covariance of both
 * arms likewise, all from the moments alone. aipw has h = 1 and ipw is sum n y / e over all
 * arrivals: both are unbiased, but their distribution is far from normal where probabilities
 * shrink. Q is nearly normal, so that test and interval hold their level, at the price of a small
 * bias (sum h depends on the past) of lower order than its se.
 * Conditions: e_t known and not vanishing faster than 1 / t; a floor keeps that. arrivals[t]:
 * visitors of period t over all arms. Periods before an arm's first visitor, or with probability 0,
 * have weight 0 for that arm (and leave ipw and aipw unknown where the probability was 0 while
 * visitors arrived). Status: invalid (an arm's visitors at probability 0, probabilities outside [0,
 * 1] or of both arms above 1, more assigned than arrived, moments not finite, conf outside (0, 1));
 * no_data / insufficient_data (an arm with 0 / 1 visitors); zero_variance, baseline_zero,
 * fieller_unbounded as stats_contrast. A constant added to the metric shifts both estimates by it.
 * Relative accuracy 1e-12.
 */
struct stats_adaptive stats_adaptive(const uint64_t *arrivals,
                                     const struct stats_adaptive_cell *control,
                                     const struct stats_adaptive_cell *treatment, size_t periods,
                                     double conf);
