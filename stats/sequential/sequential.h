// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Answers that stay valid however often one looks: the normal-mixture sequential test, at one
 * scale. What results show is a mixture of several (mixture.h). The mixing scale tau is fixed
 * before the start and stored with the experiment; changing it invalidates.
 * Works on any estimate with a standard error; show it from 5 conversions per arm on.
 */
#pragma once

#include "stats/core/result.h"

struct stats_always_valid {
    enum stats_status status;       /* invalid; zero_variance for se = 0 */
    struct stats_number log_lambda; /* log of the mixture likelihood ratio */
    struct stats_number p, log10_p; /* of this look alone; keep the smallest over the looks */
    struct stats_number halfwidth;
    struct stats_interval interval;        /* of the effect */
    struct stats_interval uplift_interval; /* stats_always_valid_uplift only */
};

/*
 * Normal-mixture test of "no effect" [Robbins 1970; Johari et al. 2017]: V = se^2, T = tau^2,
 * ln Lambda = ln(V / (V + T)) / 2 + T d^2 / (2 V (V + T)), p = min(1, 1 / Lambda), interval
 * d +- sqrt(V (V + T) / T (ln((V + T) / V) - 2 ln alpha)). d, se, tau in the metric's units,
 * 0 < alpha < 1. Relative accuracy 1e-13; log10_p where p underflows.
 */
struct stats_always_valid stats_msprt(double diff, double se, double tau, double alpha);

/* The tau that makes the interval shortest at standard error se:
 * T = se^2 (-2 ln alpha + ln(1 - 2 ln alpha)) [Waudby-Smith et al. 2021]. se >= 0, else NaN. */
double stats_msprt_tau(double se, double alpha);

/*
 * Asymptotic confidence sequence [Waudby-Smith et al. 2021, eq. 9] tuned to be shortest at n_star
 * units: rho^2 = (-2 ln alpha + ln(1 - 2 ln alpha)) / n_star; it is stats_msprt with
 * tau = rho se sqrt(n). n, n_star > 0 units in both arms.
 */
double stats_asymptotic_rho(double n_star, double alpha);
struct stats_always_valid stats_asymptotic_cs(double diff, double se, double n, double n_star,
                                              double alpha);

/*
 * Half-width of the one-sided asymptotic sequence: se sqrt(n) sqrt(2 (n rho^2 + 1) / (n rho)^2
 * ln(1 + sqrt(n rho^2 + 1) / (2 alpha))), rho tuned with 2 alpha. NaN unless se >= 0,
 * n > 0, n_star > 0 and 0 < alpha < 1/2.
 */
double stats_asymptotic_one_sided(double se, double n, double n_star, double alpha);

/* The looks so far: running minimum of p and running intersection of the intervals. */
struct stats_path {
    double p, log10_p, lower, upper;
    bool is_empty; /* the intervals no longer meet: the effect changed, or tau did */
};

/* No looks yet: p = 1, the whole line. */
struct stats_path stats_path_start(void);

/* Takes one look in; a look without a result changes nothing. True if p <= alpha now. */
bool stats_path_add(struct stats_path *path, const struct stats_always_valid *look, double alpha);
