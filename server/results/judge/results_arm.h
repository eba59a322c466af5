// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One arm made ready for its metric's method, and one comparison of two. Conversion rates by the
 * score test (pooled z beside), sums by Welch's t, means per event and ratios by the delta method;
 * Beta-Binomial with Jeffreys' prior, normal posterior with a flat one.
 */
#pragma once

#include "results/sums/results_phase.h"

/* 'status' says whether the sums could be taken. */
struct results_arm {
    struct results_sums sums;
    int64_t scale;                        /* of the sums' fixed point */
    struct stats_number sum, denominator; /* in the metric's unit */
    bool has_denominator;
    enum stats_status status;
    struct stats_prop prop;
    struct stats_moments moments;
    struct stats_comoments comoments;
    struct stats_number value, se; /* rate, mean or ratio */
};

/* Beta's a and b, or a normal's mean and sd (unknown: flat). */
struct results_prior {
    double a, b, mean;
    struct stats_number sd;
    bool is_beta, is_normal;
};

struct results_effect {
    enum results_method method;
    struct stats_effect frequentist;
    bool is_proportion;
    struct stats_prop_diff prop; /* of those: the pooled test and Wald's interval beside */
    bool is_skewed;              /* heavy tails in arms of unlike size, where Welch's test leans */
    struct stats_effect skewed;  /* of those: corrected, by stats_welch_skewed */
    struct results_prior prior;
    struct stats_posterior bayesian;
};

struct results_arm results_arm_of(const struct results_metric *m, const struct results_sums *sums);
/* Returns the arm of a variant at one value of a dimension. */
struct results_arm results_arm_at(const struct results *r, const struct results_metric *m,
                                  size_t variant, const char *dimension, const char *value);
/* The arm of a variant as it was when a day closed. */
struct results_arm results_arm_on(const struct results *r, const struct results_metric *m,
                                  size_t variant, const struct results_day *day);
/* That of a control that does not exist. */
struct results_arm results_arm_none(void);

struct results_effect results_effect_of(const struct results_metric *m,
                                        const struct results_arm *control,
                                        const struct results_arm *treatment, double confidence);
/* Computes the frequentist part alone. */
struct stats_effect results_test_of(const struct results_metric *m,
                                    const struct results_arm *control,
                                    const struct results_arm *treatment, double confidence);
/* Computes the chance to win alone, as in results_effect_of. */
struct stats_number results_chance_of(const struct results_metric *m,
                                      const struct results_arm *control,
                                      const struct results_arm *treatment);
/* Known when the arm's status is ok. */
struct stats_estimate results_estimate_of(const struct results_metric *m,
                                          const struct results_arm *a);
/* Below this the normal approximation promises nothing. */
bool results_is_enough(const struct results_metric *m, const struct results_arm *a);
