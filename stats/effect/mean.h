// SPDX-License-Identifier: GPL-3.0-or-later
/* Means per visitor: revenue, items, time. Input: the moments of each arm. */
#pragma once

#include "stats/core/moments.h"

/*
 * Welch's t test [Welch 1947] with Fieller's interval for the uplift: v_g = m2_g / (n_g - 1) / n_g,
 * t = (mean2 - mean1) / sqrt(v1 + v2), df by stats_welch_df, the rest by stats_contrast. Status:
 * invalid; no_data / insufficient_data (n = 0 / n = 1: means only); zero_variance (both constant;
 * one constant arm is fine); baseline_zero; fieller_unbounded. Warning heavy_tail where
 * n < 355 g1^2 in an arm [Kohavi, Deng et al. 2014]. Accuracy 1e-12.
 */
struct stats_effect stats_welch(const struct stats_moments *control,
                                const struct stats_moments *treatment, double conf);

/*
 * Welch's test corrected for skewness by Hall's monotone transformation [Johnson 1978; Hall 1992]:
 * g(t) = t + k t^2 / 3 + k^2 t^3 / 27 + k / 6 in place of t, k the skewness of the difference; the
 * interval is d - se g^-1(+-c). For skewed metrics and arms of unequal size, where Welch misses on
 * one side. Both arms share one shape, as they do without an effect: k = (1 / n2^2 - 1 / n1^2) /
 * (1 / n1 + 1 / n2)^(3/2) times the arms' skewness, averaged over visitors. Each arm's own third
 * moment instead would move with its mean and reject up to 13 % of tests without an effect
 * (CALIBRATION.md has the figures of this one: at 5 % it stays below 5.3 %). Arms of equal size:
 * Welch's test. statistic is g(t); the uplift's interval stays unknown. Needs m3: invalid where
 * |m3| > m2^(3/2), which no values have. Status as stats_welch.
 */
struct stats_effect stats_welch_skewed(const struct stats_moments *control,
                                       const struct stats_moments *treatment, double conf);

/*
 * Post-stratified difference [Miratrix, Sekhon & Yu 2013]: means m_g = sum w_k m_gk over strata
 * fixed before exposure, w_k = N_k / N over both arms; variance of m_g: sum w_k^2 v_gk +
 * sum w_k (m_gk - m_g)^2 / N, covariance of the arms: the weights' multinomial term
 * sum w_k (m_1k - m_1)(m_2k - m_2) / N; the difference's variance sum w_k^2 (v_1k + v_2k) +
 * sum w_k (d_k - d)^2 / N directly, so that strata far apart cost no digits. A stratum with fewer
 * than two units in an arm joins the next one in the order given (the last ones the one before).
 * Normal (so for large samples: 5.8 % rejected at 5 % with 20 visitors an arm, CALIBRATION.md);
 * then stats_contrast. Status insufficient_data where even all strata together have an arm below
 * two units.
 */
struct stats_effect stats_poststratified(const struct stats_moments *control,
                                         const struct stats_moments *treatment, size_t strata,
                                         double conf);

struct stats_noninferiority_mean {
    enum stats_status status;
    double t, df;
    double p;      /* one-sided, of non-inferiority */
    double p_tost; /* of equivalence: the larger of the two one-sided p (stats_noninferior_abs) */
};

/*
 * H0 mean2 <= mean1 - margin: t = (mean2 - mean1 + margin) / se, Welch's df, p = P(T > t); p_tost
 * adds H0 mean2 >= mean1 + margin. margin >= 0 in the metric's units. n < 2:
 * insufficient_data; no variance: zero_variance; invalid as stats_welch, or for a margin that is
 * negative or not finite.
 */
struct stats_noninferiority_mean stats_noninferior_abs(const struct stats_moments *control,
                                                       const struct stats_moments *treatment,
                                                       double margin);

/*
 * H0 mean2 <= (1 - margin) mean1: t = (mean2 - k mean1) / sqrt(v2 + k^2 v1), k = 1 - margin,
 * Welch's df of these variances. p_tost = p. For means whose larger value is better.
 */
struct stats_noninferiority_mean stats_noninferior_rel(const struct stats_moments *control,
                                                       const struct stats_moments *treatment,
                                                       double margin);
