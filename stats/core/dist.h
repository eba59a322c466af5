// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Distribution functions, always as tails: an upper tail near 0 keeps its relative accuracy where
 * 1 - CDF would be 0. The only file that stands on GSL. NaN for NaN, and outside the domain named;
 * +-INFINITY is taken.
 */
#pragma once

/* Turns GSL's error handler, which ends the process, off. Called by main, before any thread. */
void stats_init(void);

/* phi(z) = exp(-z^2/2) / sqrt(2 pi). */
double stats_norm_pdf(double z);

/* Q(z) = P(Z > z), Z standard normal. Relative accuracy 1e-15 until it underflows at z = 38. */
double stats_norm_q(double z);

/* Phi(z) = P(Z <= z) = Q(-z). */
double stats_norm_p(double z);

/* ln Q(z): exact for any z, also where Q underflows. */
double stats_norm_log_q(double z);

/* z with Q(z) = q, 0 <= q <= 1: INFINITY for 0, -INFINITY for 1. Relative accuracy 1e-15. */
double stats_norm_z(double q);

/* The critical value of a two-sided test or interval at level conf: Q(z) = (1 - conf) / 2,
 * 0 <= conf <= 1. */
double stats_norm_critical(double conf);

/*
 * Unit normal loss: E[(Z - r)+] = phi(r) - r Q(r). Relative accuracy 1e-14 for any r: past r = 4
 * by Laplace's continued fraction of the Mills ratio, where the difference would cancel.
 */
double stats_norm_loss(double r);

/*
 * P(T > t), Student's t with df > 0 degrees of freedom (any real number). Relative accuracy
 * 1e-12 until it underflows: below 1e-13 by quadrature of the density in asinh(t / sqrt(df)).
 */
double stats_t_q(double t, double df);

/* ln P(T > t). Exact where stats_t_q underflows. */
double stats_t_log_q(double t, double df);

/* t with P(T > t) = q, 0 <= q <= 1, df > 0. Relative accuracy 1e-13 for q > 1e-15. */
double stats_t_quantile(double q, double df);

/* P(X > x), chi-square with df degrees of freedom, finite and at least 1e-3. 1 for x <= 0. Relative
 * accuracy 1e-13. */
double stats_chi2_q(double x, double df);

/* ln P(X > x), of the same df, by the continued fraction of the incomplete gamma function in the
 * far tail. */
double stats_chi2_log_q(double x, double df);

/* ln Gamma(x), x > 0. Absolute error about 1e-16 |result|: never subtract two of large x. */
double stats_log_gamma(double x);

/* What Stirling's formula leaves out: ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2), x > 0. */
double stats_stirling_rest(double x);

/* ln Gamma(x + h) - ln Gamma(x) for x > 0, x + h > 0, by differences of Stirling's series where
 * both are large, so that nothing cancels. Relative accuracy 1e-14. */
double stats_log_gamma_step(double x, double h);
