// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Bootstrap-t for means with heavy tails, in one pass over the visitors: each gets a Poisson(1)
 * weight in every replicate, so nothing has to be stored or resampled. The weights are a function
 * of seed, visitor and replicate alone: the same data give the same answer in any order.
 */
#pragma once

#include "stats/core/moments.h"

enum { STATS_BOOTSTRAP_MAX = 20000 };

/* One resampled arm: sum of weights, weighted mean and sum of squares about it. */
struct stats_replicate {
    double n, mean, m2;
};

/* One arm. `replicates` is the caller's array of `count`. */
struct stats_bootstrap {
    uint64_t
        seed; /* of the experiment, metric and arm: arms with equal seeds are not independent */
    int count;
    struct stats_replicate *replicates;
    struct stats_running all; /* unweighted */
};

/* Philox4x32-10 [Salmon, Moraes, Dror & Shaw 2011]: four random words from a counter and a key. */
void stats_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t ret_words[4]);

/* An empty arm over the caller's array, which it clears. 0 < count <= STATS_BOOTSTRAP_MAX. */
void stats_bootstrap_init(struct stats_bootstrap *arm, uint64_t seed,
                          struct stats_replicate *replicates, int count);

/* Adds one visitor: `unit` is its identity within the arm, each once. About 10 ns a replicate. The
 * weights' probabilities are Poisson's to 2^-32; weights above 12 do not occur. */
void stats_bootstrap_add(struct stats_bootstrap *arm, uint64_t unit, double value);

/*
 * The studentised bootstrap [Efron 1979; Hall 1988; Poisson weights: Chamandy et al. 2012] of the
 * difference d of two means: t*_b = (d_b - d) / se_b with d_b, se_b of replicate b of both arms
 * and se = sqrt(sum m2 / (n - 1) / n). p = 2 min((1 + #{t* >= t}) / (B + 1),
 * (1 + #{t* <= t}) / (B + 1)), t = d / se, and the interval holds exactly the differences with
 * p >= 1 - conf: from d - se t*_(B + 1 - m) to d - se t*_(m), m = ceil((1 - conf) (B + 1) / 2) - 1;
 * without limits for m = 0 (B too small for conf). Corrects for skewness where Welch's interval is
 * lopsided, where skewness is moderate: with 200 buyers of lognormal spend, sigma 2, it rejects
 * 10 % of tests without an effect at 5 % (CALIBRATION.md), so cap such values first. p is never
 * below 2 / (B + 1), and log10_p is no more exact than p. No uplift interval, no df. work: room for
 * `count` numbers. Replicates without spread are left out of B. Status: invalid (counts differ,
 * equal seeds, conf outside (0, 1)), no_data / insufficient_data (an arm with n = 0 / 1, or more
 * than 1 in 20 replicates without spread), zero_variance.
 */
struct stats_effect stats_bootstrap_t(const struct stats_bootstrap *control,
                                      const struct stats_bootstrap *treatment, double conf,
                                      double *work);
