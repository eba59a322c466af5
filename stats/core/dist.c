// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/dist.h"

#include "stats/core/quad.h"
#include "stats/core/root.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

/* GSL's default handler ends the process on an underflow. */
void stats_init(void)
{
    gsl_set_error_handler_off();
}

double stats_norm_pdf(double z)
{
    return exp(-z * z / 2) * (M_SQRT1_2 * M_2_SQRTPI / 2);
}

double stats_norm_q(double z)
{
    return erfc(z * M_SQRT1_2) / 2;
}

double stats_norm_p(double z)
{
    return stats_norm_q(-z);
}

double stats_norm_log_q(double z)
{
    if (z > 1e8)
        return -z * z / 2 - log(z) - log(2 * M_PI) / 2;
    return z < 20 ? log(stats_norm_q(z)) : gsl_sf_log_erfc(z * M_SQRT1_2) - M_LN2;
}

double stats_norm_z(double q)
{
    if (!(q > 0 && q < 1))
        return q == 0 || q == 1 ? (0.5 - q) * INFINITY : NAN;
    return gsl_cdf_ugaussian_Qinv(q);
}

double stats_norm_critical(double conf)
{
    return conf >= 0 ? stats_norm_z((1 - conf) / 2) : NAN;
}

double stats_norm_loss(double r)
{
    if (r < 4)
        return stats_norm_pdf(r) - r * stats_norm_q(r);
    double k = r;
    for (int i = 120; i >= 2; i--)
        k = r + i / k;
    k = 1 / k;
    return stats_norm_pdf(r) * k / (r + k);
}

struct t_tail {
    double df, slope; /* slope = tanh(asinh(t / sqrt(df))) */
};

static double t_drop(double w, const struct t_tail *tail)
{
    double s = sinh(w / 2);
    return tail->df * log1p(2 * s * s + tail->slope * sinh(w));
}

static double t_density(double w, const void *context)
{
    return exp(-t_drop(w, context));
}

static double t_tail_log(double t, double df)
{
    enum { PANELS = 16 };
    double ratio = t / sqrt(df), square = ratio < 1e100 ? log1p(ratio * ratio) : 2 * log(ratio);
    struct t_tail tail = {.df = df, .slope = t / hypot(sqrt(df), t)};
    double width = 1 / sqrt(df);
    while (t_drop(width, &tail) < 42)
        width *= 2;
    double log_scale = stats_log_gamma_step(df / 2, 0.5) - log(M_PI) / 2;
    double area = stats_quad(t_density, &tail, 0, width, PANELS);
    return log_scale - df / 2 * square + log(area);
}

/* Below this nearly all of the distribution lies beyond any double. */
static const double NO_DF = 1e-30;

static bool is_normal(double df)
{
    return df > 1e20;
}

double stats_t_q(double t, double df)
{
    if (!(df > 0) || isnan(t))
        return NAN;
    if (is_normal(df) || isinf(t))
        return stats_norm_q(t);
    if (df < NO_DF)
        return 0.5;
    double q = gsl_cdf_tdist_Q(t, df);
    return t > 0 && q < 1e-13 ? exp(t_tail_log(t, df)) : q;
}

double stats_t_log_q(double t, double df)
{
    if (!(df > 0) || isnan(t))
        return NAN;
    if (is_normal(df) || isinf(t))
        return stats_norm_log_q(t);
    if (df < NO_DF)
        return -M_LN2;
    double q = gsl_cdf_tdist_Q(t, df);
    return t > 0 && q < 1e-13 ? t_tail_log(t, df) : log(q);
}

struct t_search {
    double log_q, df;
};

static double t_excess(double log_t, const void *context)
{
    const struct t_search *s = context;
    return stats_t_log_q(exp(log_t), s->df) - s->log_q;
}

double stats_t_quantile(double q, double df)
{
    if (!(df > 0))
        return NAN;
    if (!(q > 0 && q < 1) || is_normal(df))
        return stats_norm_z(q);
    if (df > 1e15) /* the series of GSL's inverse has no digits left there */
        return stats_norm_z(q);
    double t = gsl_cdf_tdist_Qinv(q, df), tail = q < 0.5 ? q : 1 - q;
    if (q == 0.5)
        return 0;
    /* Below one degree of freedom it can be far off, and finite all the same. */
    if (isfinite(t) && fabs(stats_t_q(fabs(t), df) - tail) <= 1e-9 * tail)
        return t;
    struct t_search s = {.log_q = log(tail), .df = df};
    double log_t = stats_root_within(t_excess, &s, -745, 710, 1e-15);
    return copysign(exp(log_t), 0.5 - q);
}

double stats_chi2_q(double x, double df)
{
    if (!(df >= 1e-3) || isinf(df) || isnan(x))
        return NAN;
    if (x <= 0 || isinf(x))
        return x <= 0;
    return gsl_cdf_chisq_Q(x, df);
}

/* Lentz's algorithm for Gamma(a, x) = e^-x x^a / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)). */
static double log_gamma_tail(double a, double x)
{
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
    for (int i = 1; i < 10000; i++) {
        double n = -i * (i - a);
        b += 2;
        d = 1 / (n * d + b);
        c = b + n / c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-16)
            break;
    }
    return a * log(x) - x + log(h) - stats_log_gamma(a);
}

double stats_chi2_log_q(double x, double df)
{
    double q = stats_chi2_q(x, df);
    return q < 1e-200 && isfinite(x) ? log_gamma_tail(df / 2, x / 2) : log(q);
}

double stats_log_gamma(double x)
{
    if (!(x > 0))
        return NAN;
    if (x < 1e-300 || isinf(x))
        return isinf(x) ? x : -log(x);
    return gsl_sf_lngamma(x);
}

double stats_stirling_rest(double x)
{
    if (x < 20)
        return stats_log_gamma(x) - ((x - 0.5) * log(x) - x + log(2 * M_PI) / 2);
    double i = 1 / x, s = i * i;
    return i * (1. / 12 - s * (1. / 360 - s * (1. / 1260 - s * (1. / 1680 - s * (1. / 1188)))));
}

double stats_log_gamma_step(double x, double h)
{
    double y = x + h;
    if (x < 20 || y < 20)
        return stats_log_gamma(y) - stats_log_gamma(x);
    double rest = stats_stirling_rest(y) - stats_stirling_rest(x);
    return (x - 0.5) * log1p(h / x) + h * (log(y) - 1) + rest;
}
