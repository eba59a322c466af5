// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/plan/plan.h"

#include "stats/core/dist.h"
#include "stats/core/quad.h"

#include <math.h>

/* A power that is lost beside 1 asks for no size. */
static bool is_sound(const struct stats_design *d, double power)
{
    return d->alpha > 0 && d->alpha < 1 && d->ratio > 0 && isfinite(d->ratio) &&
           (d->sides == 1 || d->sides == 2) && power > 0 && power < 1 && 1 - power < 1;
}

static bool is_rate(double p)
{
    return p > 0 && p < 1;
}

static double critical(const struct stats_design *d)
{
    return stats_norm_z(d->alpha / d->sides);
}

/* sd of sqrt(n1) times the difference, under H0 and H1. */
static double null_sd(const struct stats_design *d, double p1, double p2)
{
    double p = (p1 + d->ratio * p2) / (1 + d->ratio);
    return sqrt(p * (1 - p) * (1 + 1 / d->ratio));
}

static double true_sd(const struct stats_design *d, double p1, double p2)
{
    return sqrt(p1 * (1 - p1) + p2 * (1 - p2) / d->ratio);
}

static double square(double x)
{
    return x * x;
}

struct stats_prop_size stats_prop_size(const struct stats_design *design, double p1, double p2,
                                       double power)
{
    struct stats_prop_size r = {.status = STATS_INVALID};
    if (!is_sound(design, power) || !is_rate(p1) || !is_rate(p2) || p1 == p2)
        return r;
    double za = critical(design), zb = stats_norm_z(1 - power), diff = fabs(p2 - p1);
    double v1 = p1 * (1 - p1), v2 = p2 * (1 - p2), s1 = true_sd(design, p1, p2);
    r.status = STATS_OK;
    r.pooled = stats_known(square((za * null_sd(design, p1, p2) + zb * s1) / diff));
    r.unpooled = stats_known(square((za + zb) * s1 / diff));
    r.baseline = stats_known(square((za * sqrt(2 * v1) + zb * sqrt(v1 + v2)) / diff));
    if (design->ratio == 1) {
        double h = 2 * asin(sqrt(p2)) - 2 * asin(sqrt(p1));
        r.arcsine = stats_known(2 * square((za + zb) / h));
    }
    return r;
}

double stats_prop_power(const struct stats_design *design, double p1, double p2, double n1,
                        bool is_strict)
{
    if (!is_sound(design, 0.5) || !is_rate(p1) || !is_rate(p2) || !(n1 > 0))
        return NAN;
    double shift = critical(design) * null_sd(design, p1, p2), s1 = true_sd(design, p1, p2);
    double reach = sqrt(n1) * fabs(p2 - p1), power = stats_norm_p((reach - shift) / s1);
    return is_strict && design->sides == 2 ? power + stats_norm_p((-reach - shift) / s1) : power;
}

struct detectable {
    const struct stats_design *design;
    double p1, n1, z;
};

static double surplus(double p2, const void *context)
{
    const struct detectable *s = context;
    return sqrt(s->n1) * (p2 - s->p1) - critical(s->design) * null_sd(s->design, s->p1, p2) -
           s->z * true_sd(s->design, s->p1, p2);
}

struct stats_number stats_prop_detectable(const struct stats_design *design, double p1, double n1,
                                          double power)
{
    struct detectable s = {design, p1, n1, stats_norm_z(1 - power)};
    if (!is_sound(design, power) || !is_rate(p1) || !(n1 > 0) || surplus(p1, &s) >= 0 ||
        surplus(1, &s) < 0)
        return (struct stats_number){0};
    return stats_known(stats_root(surplus, &s, p1, 1));
}

/* P(T > t) of noncentral t, the integrand in s = sqrt(chi^2 / df), relative to s = 1. */
struct noncentral {
    double df, t, ncp;
};

static double chi_density(double s, const void *context)
{
    const struct noncentral *c = context;
    return s > 0 ? exp((c->df - 1) * log(s) - c->df * (s * s - 1) / 2) : 0;
}

static double chi_tail(double s, const void *context)
{
    const struct noncentral *c = context;
    return chi_density(s, c) * stats_norm_p(c->ncp - c->t * s);
}

static double noncentral_q(double t, double df, double ncp)
{
    enum { PANELS = 60 };
    struct noncentral c = {df, t, ncp};
    double sd = 1 / sqrt(2 * df), lo = df < 60 ? 0 : fmax(0, 1 - 12 * sd);
    double hi = 1 + 14 * sd + (df < 6 ? 12 : 0);
    return stats_quad(chi_tail, &c, lo, hi, PANELS) / stats_quad(chi_density, &c, lo, hi, PANELS);
}

double stats_mean_power(const struct stats_design *design, double delta, double sd, double n1,
                        bool is_strict)
{
    double n2 = n1 * design->ratio, df = n1 + n2 - 2;
    if (!is_sound(design, 0.5) || !isfinite(delta) || !(sd > 0) || isinf(sd) || !(n1 > 0) ||
        !(df > 0))
        return NAN;
    double ncp = fabs(delta) / (sd * sqrt(1 / n1 + 1 / n2));
    double c = stats_t_quantile(design->alpha / design->sides, df);
    double power = noncentral_q(c, df, ncp);
    return is_strict && design->sides == 2 ? power + noncentral_q(c, df, -ncp) : power;
}

struct mean_search {
    const struct stats_design *design;
    double delta, sd, power;
};

static double mean_surplus(double n1, const void *context)
{
    const struct mean_search *s = context;
    return stats_mean_power(s->design, s->delta, s->sd, n1, false) - s->power;
}

struct stats_mean_size stats_mean_size(const struct stats_design *design, double delta, double sd,
                                       double power)
{
    struct stats_mean_size r = {.status = STATS_INVALID};
    if (!is_sound(design, power) || !isfinite(delta) || delta == 0 || !(sd > 0) || !isfinite(sd))
        return r;
    double za = critical(design), zb = stats_norm_z(1 - power);
    double normal = square((za + zb) * sd / delta) * (1 + 1 / design->ratio);
    struct mean_search s = {design, delta, sd, power};
    /* At least one visitor in each arm, and one degree of freedom. */
    double least = fmax(3 / (1 + design->ratio), fmax(1, 1 / design->ratio)),
           from = fmax(least, normal);
    double step = mean_surplus(from, &s) < 0 ? 1 : -1;
    r.status = STATS_OK;
    r.normal = stats_known(normal);
    r.t = stats_known(stats_root_from(mean_surplus, &s, from, step, step > 0 ? 1e15 : least, 0));
    return r;
}
