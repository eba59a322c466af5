// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The Beta distribution as a table on the logit scale: exact for counts from 0 to 1e9, where
 * incomplete-beta routines lose their digits. The density of u = logit(x) is
 * exp(a d - (a + b) log1p(p0 expm1(d))), d = u - logit(p0), p0 = a / (a + b), so no gamma function
 * of large numbers appears; it is cut into panels of at most 1.5 sd, integrated by 16 nodes each
 * and normalised by the sum. 20 kB, made for the stack.
 */
#pragma once

#include "stats/core/moments.h"
#include "stats/core/quad.h"
#include "stats/rate/prop.h"

enum { STATS_BETA_PANELS = 128 };

struct stats_beta_shape {
    double a, b, mean, log_odds; /* log_odds = ln(a / b): edges and deviates are relative to it */
    double total;                /* mass before normalising */
};

struct stats_beta {
    struct stats_beta_shape shape;
    int panels;
    double edge[STATS_BETA_PANELS + 1];
    double below[STATS_BETA_PANELS + 1], above[STATS_BETA_PANELS + 1]; /* mass on either side */
    double part[STATS_BETA_PANELS][STATS_QUAD_NODES + 1]; /* antiderivative within the panel */
};

/* Tabulates Beta(a, b), a, b > 0 (a proper posterior has both). 8 us; 30 us without data. */
void stats_beta_init(struct stats_beta *beta, double a, double b);

/* Density of the deviate d = logit(x) - log_odds. */
double stats_beta_density(const struct stats_beta_shape *shape, double d);

/*
 * How far below (side -1) or above (side 1) the mode the density has fallen by exp(-fall), in
 * deviates; always positive and finite. A fall outside [1e-3, 1e3] counts as the nearer end, NaN as
 * 1e-3. Newton on the concave log density: an upper bound, the fall right to 1e-11.
 */
double stats_beta_reach(const struct stats_beta_shape *shape, double side, double fall);

/* P(deviate <= d) and P(deviate > d): relative accuracy 1e-10 down to 1e-17. */
double stats_beta_below(const struct stats_beta *beta, double d);
double stats_beta_above(const struct stats_beta *beta, double d);

struct stats_tails {
    double below, above;
};

/* Both at once, for deviates that ascend from call to call: *panel is 0 before the first. */
struct stats_tails stats_beta_tails(const struct stats_beta *beta, double d, int *panel);

/* x of a deviate and back; x in [0, 1], the ends map to -+INFINITY. */
double stats_beta_x(const struct stats_beta_shape *shape, double d);
double stats_beta_deviate(const struct stats_beta_shape *shape, double x);

/* x with P(X <= x) = q, and with P(X > x) = q; 0 < q < 1. Relative accuracy 1e-11. */
double stats_beta_quantile(const struct stats_beta *beta, double q);
double stats_beta_upper_quantile(const struct stats_beta *beta, double q);

struct stats_beta_prior {
    double a, b; /* each from 1e-6 to 1e12; Jeffreys: 1/2, 1/2; uniform: 1, 1 */
};

/* Whether both parameters are in their range. */
bool stats_beta_is_prior(const struct stats_beta_prior *prior);

struct stats_beta_binomial {
    struct stats_posterior posterior;
    double a1, b1, a2, b2; /* posterior parameters of control and treatment */
    struct stats_number mean1, mean2;
    struct stats_interval interval1, interval2; /* equal-tailed, of each rate */
};

/*
 * Exact Beta-Binomial comparison: rates a posteriori Beta(a + x, b + n - x). With f, F densities
 * and distribution functions: chance_to_win = int f2 F1, loss_choose_treatment = E[(p1 - p2)+],
 * loss_choose_control = E[(p2 - p1)+]; interval and uplift_interval are the equal-tailed quantiles
 * of p2 - p1 and p2 / p1 - 1, roots of int f1(x) F2(x + d) and int f1(x) F2(r x). No sampling, no
 * normal approximation. rope >= 0 (0: unknown rope fields). n = 0 is fine: the prior. Status
 * invalid for a bad prior, x > n, or conf outside (0, 1). Accuracy 1e-10, n up to 1e9; 40 us from a
 * few conversions on, up to 1 ms where an arm has none or is far smaller, 2 ms without data.
 */
struct stats_beta_binomial stats_beta_binomial(const struct stats_beta_prior *prior,
                                               const struct stats_prop *control,
                                               const struct stats_prop *treatment, double conf,
                                               double rope);

/*
 * The same chance_to_win alone, P(p2 > p1), for 12 us. Unknown where stats_beta_binomial is
 * invalid. Relative accuracy 1e-10.
 */
struct stats_number stats_beta_chance(const struct stats_beta_prior *prior,
                                      const struct stats_prop *control,
                                      const struct stats_prop *treatment);

enum { STATS_BEST_ARMS = 32 };

struct stats_best {
    enum stats_status status; /* ok; invalid; not_converged: scales too far apart for doubles */
    double expected_max;
    double p_best[STATS_BEST_ARMS];    /* P(arm is the best) */
    double p_top_two[STATS_BEST_ARMS]; /* P(arm is among the best two) */
    double mean[STATS_BEST_ARMS];
    double expected_loss[STATS_BEST_ARMS]; /* E[max] - mean: what choosing the arm costs */
};

/*
 * Best of K conversion rates, all with the same prior: p_best_i = int f_i prod_j F_j, E[max] =
 * sum_i int x f_i prod_j F_j, by the trapezoid rule on one grid for all, or panels where its halves
 * disagree. 1 <= arms <= STATS_BEST_ARMS. Accuracy 1e-11; 25 us for two arms, 35 for three, some
 * times that where an arm has no conversions or is far smaller. 300 kB of stack.
 */
struct stats_best stats_beta_best(const struct stats_beta_prior *prior,
                                  const struct stats_prop *arms, int count);

struct stats_count {
    double events, exposure; /* events counted; visitors, days or pages they were counted over */
};

struct stats_gamma_prior {
    double shape, rate; /* shape from 1e-6 to 1e12, rate > 0 */
};

struct stats_gamma_poisson {
    struct stats_posterior
        posterior; /* of rate2 - rate1; interval unknown, uplift_interval known */
    struct stats_number mean1, mean2;
};

/*
 * Gamma-Poisson comparison of event rates: rate_g a posteriori Gamma(shape + events, rate +
 * exposure). V = G2 / (G1 + G2) of unit-scale gammas is Beta(a2, a1): rate2 > rate1 when
 * V > r2 / (r1 + r2), and the ratio's quantiles are V's. Losses from Beta(a2 + 1, a1) and
 * Beta(a2, a1 + 1); clamped at 0. Assumes events without over-dispersion: where stats_dispersion
 * finds some, compare the means by stats_welch. Accuracy 1e-11.
 */
struct stats_gamma_poisson stats_gamma_poisson(const struct stats_gamma_prior *prior,
                                               const struct stats_count *control,
                                               const struct stats_count *treatment, double conf);

struct stats_dispersion {
    enum stats_status status;
    struct stats_number ratio; /* variance / mean: 1 for Poisson counts, above 1: over-dispersed */
    struct stats_number p, log10_p; /* of a ratio as large where counts are Poisson */
};

/*
 * Are the visitors' counts as even as Poisson's? (n - 1) ratio = m2 / mean is chi-square with n - 1
 * degrees of freedom where all visitors have one rate [Fisher 1925; Cochran 1954]; one-sided, as
 * visitors who differ make it larger. Of an arm's counts, or of both added up within arms. With
 * n mean >= 30 it rejects 4 to 6.5 % at 5 %. Status: invalid (not finite, a negative mean or m2),
 * no_data / insufficient_data (n = 0 / 1), zero_variance (no event at all). Accuracy 1e-12.
 */
struct stats_dispersion stats_dispersion(const struct stats_moments *counts);
