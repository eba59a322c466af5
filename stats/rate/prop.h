// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Proportions: conversion rates. Input: x of n visitors converted. The defaults are score
 * intervals, which hold their level where rates are small; the Wald family is there to compare.
 */
#pragma once

#include "stats/core/result.h"

/* x of n; beyond 2^53 visitors, or with x > n, every answer is invalid or unknown. */
struct stats_prop {
    uint64_t x, n;
};

/* Whether it is one: x <= n <= 2^53. n = 0 is. */
static inline bool stats_prop_is_sound(const struct stats_prop *arm)
{
    return arm->x <= arm->n && arm->n <= (uint64_t)1 << 53;
}

struct stats_prop_single {
    enum stats_status status; /* invalid for conf outside (0, 1) too; no_data for n = 0 */
    struct stats_number rate; /* x / n */
    struct stats_interval wilson, wilson_cc, clopper_pearson, jeffreys, agresti_coull;
};

/*
 * One rate with every interval. wilson: see stats_wilson; wilson_cc: with continuity correction
 * [Newcombe 1998a, method 4]; clopper_pearson: exact, Beta(x, n-x+1) and Beta(x+1, n-x) quantiles;
 * jeffreys: Beta(x+1/2, n-x+1/2) quantiles; agresti_coull: Wald after adding z^2/2 of each kind
 * [1998]. All lie in [0, 1]; x = 0 gives lower 0, x = n upper 1. Relative accuracy 1e-10 of each
 * limit for n up to 1e9 (own Beta quadrature, not the incomplete beta function).
 */
struct stats_prop_single stats_prop_single(const struct stats_prop *arm, double conf);

/*
 * Wilson's score interval [Wilson 1927]: (p + z^2/2n +- z sqrt(p q / n + z^2/4n^2)) / (1 + z^2/n).
 * Closed form, 1e-15. Every interval of one or two arms in this header is unknown for n = 0 (but
 * for Agresti and Caffo's) and for conf outside (0, 1).
 */
struct stats_interval stats_wilson(const struct stats_prop *arm, double conf);
/* The same with continuity correction [Newcombe 1998a, method 4], cut to [0, 1]. */
struct stats_interval stats_wilson_cc(const struct stats_prop *arm, double conf);

struct stats_prop_diff {
    /* Miettinen-Nurminen: z, p and both intervals invert one test. se is the unpooled one. */
    struct stats_effect effect;
    /* The textbook test: z = (p2 - p1) / sqrt(p q (1/n1 + 1/n2)), p pooled. */
    struct stats_number z_pooled, p_pooled, log10_p_pooled;
    /* d +- z se with the unpooled se: the textbook interval. */
    struct stats_interval wald;
};

/*
 * Treatment against control, the default for conversion rates. effect.interval:
 * stats_prop_score_diff, effect.uplift_interval: stats_prop_score_ratio, both with the N/(N-1)
 * factor; effect.statistic: z at no difference = z_pooled sqrt((N-1)/N). Status: invalid, no_data;
 * baseline_zero for x1 = 0 (no uplift, but its interval is [L, INFINITY) and p is valid). No
 * variance at all (both 0 % or both 100 %): z = 0, p = 1. Warning few_conversions below 5
 * conversions or non-conversions in an arm.
 */
struct stats_prop_diff stats_prop_diff(const struct stats_prop *control,
                                       const struct stats_prop *treatment, double conf);

/*
 * The same with the score corrected for its skewness (SCAS) [Laud 2017]: for n < 50, where the
 * plain score's misses are lopsided. s solves s + g (s^2 - 1) = Z, g = mu3 / (6 V^(3/2)) with the
 * third moment mu3 = ~p2 ~q2 (1 - 2 ~p2) / n2^2 - t^3 ~p1 ~q1 (1 - 2 ~p1) / n1^2 (t = 1 for the
 * difference) and V with N / (N - 1); beyond the parabola's turn s goes on with Z. Statistic, p and
 * both intervals from s; the rest, statuses and edge cases as stats_prop_diff. For conf >= 0.8:
 * below, with a handful of visitors, s is not monotone and its region no interval. 1e-10.
 */
struct stats_effect stats_prop_scas(const struct stats_prop *control,
                                    const struct stats_prop *treatment, double conf);

/*
 * The score statistic at difference d [Miettinen & Nurminen 1985; Farrington & Manning 1990]:
 * Z(d) = (p2 - p1 - d) / sqrt(V), V = [~p1 ~q1 / n1 + ~p2 ~q2 / n2] N / (N - 1), ~p the maximum
 * likelihood estimates under p2 - p1 = d. has_factor = false drops N / (N - 1). -1 <= d <= 1, n > 0
 * (else NaN); +-INFINITY where V = 0 and the numerator is not. Relative accuracy 1e-11 up to n =
 * 1e9.
 */
double stats_prop_z_diff(const struct stats_prop *control, const struct stats_prop *treatment,
                         double d, bool has_factor);

/*
 * The score statistic at ratio t = p2 / p1 > 0 [Koopman 1984; Miettinen & Nurminen 1985]:
 * (p2 - t p1) / sqrt([~p2 ~q2 / n2 + t^2 ~p1 ~q1 / n1] N / (N - 1)), ~p2 = t ~p1, ~p1 the smaller
 * root of N t p^2 - (n1 + x2 + t (n2 + x1)) p + (x1 + x2) = 0. Finite t > 0, n > 0 (else NaN).
 */
double stats_prop_z_ratio(const struct stats_prop *control, const struct stats_prop *treatment,
                          double t, bool has_factor);

/*
 * Score interval of p2 - p1: the d with |Z(d)| <= z. has_factor: Miettinen-Nurminen; without:
 * Mee 1984. Within [-1, 1]. Relative accuracy 1e-10; some 2 us.
 */
struct stats_interval stats_prop_score_diff(const struct stats_prop *control,
                                            const struct stats_prop *treatment, double conf,
                                            bool has_factor);

/*
 * Score interval of the uplift p2 / p1 - 1. has_factor: Miettinen-Nurminen; without: Koopman 1984.
 * x2 = 0: [-1, U]; x1 = 0: [L, INFINITY); both: [-1, INFINITY). Relative accuracy 1e-10 of p2 / p1.
 */
struct stats_interval stats_prop_score_ratio(const struct stats_prop *control,
                                             const struct stats_prop *treatment, double conf,
                                             bool has_factor);

/*
 * Newcombe's hybrid interval of p2 - p1 [Newcombe 1998b]: d - sqrt((p2 - l2)^2 + (u1 - p1)^2),
 * d + sqrt((u2 - p2)^2 + (p1 - l1)^2), l and u Wilson's limits: method 10, or 11 with continuity
 * correction. Closed form.
 */
struct stats_interval stats_prop_newcombe(const struct stats_prop *control,
                                          const struct stats_prop *treatment, double conf,
                                          bool has_continuity);

/*
 * Wald after one more conversion and non-conversion in each arm [Agresti & Caffo 2000]:
 * ~d +- z sqrt(sum ~p ~q / (n + 2)), ~p = (x + 1) / (n + 2), cut to [-1, 1]. Known for n = 0 too.
 * Closed form.
 */
struct stats_interval stats_prop_agresti_caffo(const struct stats_prop *control,
                                               const struct stats_prop *treatment, double conf);

/*
 * Log-ratio Wald interval of the uplift [Katz et al. 1978]:
 * p2 / p1 exp(+- z sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)) - 1; unknown for x1 = 0 or x2 = 0.
 * Closed form.
 */
struct stats_interval stats_prop_katz(const struct stats_prop *control,
                                      const struct stats_prop *treatment, double conf);

/* p = x / n with variance p q / n; both 0 for n = 0. */
struct stats_estimate stats_prop_estimate(const struct stats_prop *arm);

enum { STATS_FISHER_UNITS = 10000000 };

struct stats_fisher {
    struct stats_number p, mid_p; /* unknown for n1 + n2 = 0 or above STATS_FISHER_UNITS */
};

/*
 * Fisher's exact two-sided test: the hypergeometric probabilities that do not exceed the observed
 * one (relative fuzz 1e-7), added up; mid_p counts those equal to it half. Costs
 * at most min(x1 + x2, n1) steps, 30 ms. Relative accuracy 1e-10.
 */
struct stats_fisher stats_fisher(const struct stats_prop *control,
                                 const struct stats_prop *treatment);

struct stats_noninferiority_prop {
    enum stats_status status;
    double z, p;       /* one-sided; all 0 where the status is not ok */
    double z_fm, p_fm; /* without N / (N - 1): Farrington & Manning 1990 */
};

/*
 * Non-inferiority: H0 p2 - p1 <= -margin, rejected for large Z(-margin), p = Q(Z). 0 < margin < 1.
 * Equivalence is this and the mirrored test together.
 */
struct stats_noninferiority_prop stats_noninferiority_diff(const struct stats_prop *control,
                                                           const struct stats_prop *treatment,
                                                           double margin);

/* H0 p2 / p1 <= 1 - margin, by the ratio's score statistic. 0 < margin < 1. */
struct stats_noninferiority_prop stats_noninferiority_ratio(const struct stats_prop *control,
                                                            const struct stats_prop *treatment,
                                                            double margin);
