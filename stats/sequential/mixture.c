// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/sequential/mixture.h"

#include "stats/core/root.h"
#include "stats/effect/contrast.h"

#include <math.h>
#include <stddef.h>

enum { STEPS = 60 };

#define LOG_8 2.0794415416798357 /* between the squares of neighbouring scales */

/* One part at log k, k = tau^2 / se^2: ln Lambda = slope z^2 - fall. */
struct part {
    double slope, fall;
};

static void parts_at(double log_k, struct part parts[STATS_MIXTURE_PARTS])
{
    for (int j = 0; j < STATS_MIXTURE_PARTS; j++) {
        double u = log_k + j * LOG_8;
        parts[j].slope = 0.5 / (1 + exp(-u));
        parts[j].fall = (u > 40 ? u : log1p(exp(u))) / 2 + log(STATS_MIXTURE_PARTS);
    }
}

/* ln Lambda at z^2 = x, and its slope there. */
static double log_lambda(const struct part parts[STATS_MIXTURE_PARTS], double x, double *ret_slope)
{
    double of[STATS_MIXTURE_PARTS], most = -INFINITY, sum = 0, slope = 0;
    for (int j = 0; j < STATS_MIXTURE_PARTS; j++) {
        of[j] = parts[j].slope * x - parts[j].fall;
        most = fmax(most, of[j]);
    }
    for (int j = 0; j < STATS_MIXTURE_PARTS; j++) {
        double weight = exp(of[j] - most);
        sum += weight;
        slope += weight * parts[j].slope;
    }
    *ret_slope = slope / sum;
    return most + log(sum);
}

/* The z^2 at which ln Lambda = level > 0. Each part alone reaches it at or beyond there, and ln
 * Lambda is convex: steps from the first such point go down to the root and not past it. */
static double crossing(const struct part parts[STATS_MIXTURE_PARTS], double level)
{
    double x = INFINITY;
    for (int j = 0; j < STATS_MIXTURE_PARTS; j++)
        x = fmin(x, (level + parts[j].fall) / parts[j].slope);
    for (int i = 0; i < STEPS && isfinite(x); i++) {
        double slope, over = log_lambda(parts, x, &slope) - level;
        double next = x - over / slope;
        if (!(over > 0) || !(next < x))
            break;
        x = next;
    }
    return x;
}

struct stats_always_valid stats_mixture(double diff, double se, double tau, double alpha)
{
    struct stats_always_valid r = {.status = STATS_INVALID};
    if (!isfinite(diff) || !(se >= 0) || !isfinite(se) || !(tau > 0) || !isfinite(tau) ||
        !(alpha > 0 && alpha < 1))
        return r;
    r.status = STATS_ZERO_VARIANCE;
    if (se == 0)
        return r;
    struct part parts[STATS_MIXTURE_PARTS];
    parts_at(2 * (log(tau) - log(se)), parts);
    double slope, z = diff / se, now = log_lambda(parts, z * z, &slope);
    double half = se * sqrt(crossing(parts, -log(alpha)));
    r.status = STATS_INVALID;
    if (!isfinite(now) || !isfinite(half) || !(half > 0))
        return r;
    r.status = STATS_OK;
    r.log_lambda = stats_known(now);
    r.p = stats_known(fmin(1, exp(-now)));
    r.log10_p = stats_known(fmin(0, -now / M_LN10));
    r.halfwidth = stats_known(half);
    r.interval = stats_between(diff - half, diff + half);
    return r;
}

struct stop {
    double log_ratio, level; /* 2 ln(effect / tau) */
};

/* Log of what the effect's z^2 is, over the z^2 it must reach, at tau^2 v = e^u; it ascends. */
static double beyond_bound(double u, const void *context)
{
    const struct stop *s = context;
    struct part parts[STATS_MIXTURE_PARTS];
    parts_at(u, parts);
    return s->log_ratio + u - log(crossing(parts, s->level));
}

double stats_mixture_stop(double effect, double tau, double alpha)
{
    if (!isfinite(effect) || effect == 0 || !(tau > 0) || !isfinite(tau) ||
        !(alpha > 0 && alpha < 1))
        return NAN;
    struct stop s = {2 * (log(fabs(effect)) - log(tau)), -log(alpha)};
    return exp(stats_root(beyond_bound, &s, -700, 3000) - 2 * log(tau));
}

struct stats_always_valid stats_always_valid_uplift(struct stats_estimate control,
                                                    struct stats_estimate treatment, double cov,
                                                    double tau, double alpha)
{
    double variance = control.variance + treatment.variance - 2 * cov;
    double se = sqrt(variance < 0 ? 0 : variance);
    struct stats_always_valid r = stats_mixture(treatment.value - control.value, se, tau, alpha);
    if (r.status == STATS_OK)
        r.uplift_interval = stats_fieller(control, treatment, cov, r.halfwidth.value / se, NULL);
    return r;
}
