// SPDX-License-Identifier: GPL-3.0-or-later
#include "prove/prove_private.h"

#include <math.h>

#define ALL_RULES ((1U << PROVE_RULES) - 1)
/* As on a results page: fewer in an arm, and nothing is shown as always valid. */
#define SHOWN_FROM        5
#define SHOWN_FROM_RATIOS 30
/* From so many conversions on, the normal approximation tells a chance that is far from the
 * threshold from one that is near. */
#define MANY 50
#define GRID 128

struct glance {
    bool is_known;
    double diff, se; /* se: of the test */
    double z, df;    /* INFINITY: normal */
    double spread;   /* of the posterior */
};

static struct glance glance_at_rates(const struct stats_prop *a, const struct stats_prop *b)
{
    double n1 = (double)a->n, n2 = (double)b->n, n = n1 + n2;
    if (a->n == 0 || b->n == 0 || a->x + b->x == 0 || a->x + b->x == a->n + b->n)
        return (struct glance){0};
    double p1 = (double)a->x / n1, p2 = (double)b->x / n2, p = (double)(a->x + b->x) / n;
    struct glance g = {.is_known = true, .diff = p2 - p1, .df = INFINITY};
    g.se = sqrt(p * (1 - p) * (1 / n1 + 1 / n2) * n / (n - 1));
    g.spread = sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2);
    g.z = g.diff / g.se;
    return g;
}

static struct glance glance_at(struct stats_estimate a, double n1, struct stats_estimate b,
                               double n2)
{
    struct glance g = {.is_known = a.variance + b.variance > 0 && n1 >= 2 && n2 >= 2};
    if (!g.is_known)
        return g;
    g.diff = b.value - a.value;
    g.se = g.spread = sqrt(a.variance + b.variance);
    g.z = g.diff / g.se;
    g.df = stats_welch_df(a.variance, n1, b.variance, n2);
    return g;
}

static struct glance glance_of(enum prove_kind kind, const struct prove_arm *a,
                               const struct prove_arm *b)
{
    if (kind == PROVE_CONVERSION)
        return glance_at_rates(&a->prop, &b->prop);
    if (kind == PROVE_MEAN)
        return glance_at(stats_mean_estimate(&a->moments), (double)a->moments.n,
                         stats_mean_estimate(&b->moments), (double)b->moments.n);
    struct stats_ratio_arm r1 = stats_ratio_arm(&a->comoments);
    struct stats_ratio_arm r2 = stats_ratio_arm(&b->comoments);
    if (r1.status || r2.status)
        return (struct glance){0};
    return glance_at(r1.estimate, (double)r1.n, r2.estimate, (double)r2.n);
}

static bool calls_by_p(const struct glance *g, double alpha)
{
    double p = isinf(g->df) ? 2 * stats_norm_q(fabs(g->z)) : 2 * stats_t_q(fabs(g->z), g->df);
    return p < alpha;
}

static bool is_many(const struct stats_prop *p)
{
    return p->x >= MANY && p->n - p->x >= MANY;
}

/* Near the threshold: only there the exact chance is worth its time. 'margin' is the factor that a
 * rough chance may be wrong by. */
static bool is_near(double chance, double alpha, double margin)
{
    double tail = fmin(chance, 1 - chance);
    return tail < alpha * margin && tail > alpha / margin;
}

/* Ends of what counts of logit(rate), a posteriori Beta(a, b). */
static void reach(double a, double b, double *from, double *to)
{
    double centre = log(a / b), sd = sqrt(1 / a + 1 / b);
    *from = fmin(*from, centre - 5 * sd - 4 / a);
    *to = fmax(*to, centre + 5 * sd + 4 / b);
}

/* The chance that the second rate is the larger one, by a plain sum on a common grid; right to some
 * percent of the smaller tail. */
static double rough_chance(const struct stats_prop *one, const struct stats_prop *two)
{
    const double a1 = (double)one->x + 0.5, b1 = (double)(one->n - one->x) + 0.5;
    const double a2 = (double)two->x + 0.5, b2 = (double)(two->n - two->x) + 0.5;
    double from = INFINITY, to = -INFINITY, below = 0, all1 = 0, all2 = 0, won = 0;
    reach(a1, b1, &from, &to);
    reach(a2, b2, &from, &to);
    const double top1 = a1 * log(a1 / (a1 + b1)) + b1 * log(b1 / (a1 + b1));
    const double top2 = a2 * log(a2 / (a2 + b2)) + b2 * log(b2 / (a2 + b2));
    for (int i = 0; i <= GRID; i++) {
        double u = from + (to - from) * i / GRID, spill = log1p(exp(u));
        double f1 = exp(a1 * u - (a1 + b1) * spill - top1);
        double f2 = exp(a2 * u - (a2 + b2) * spill - top2);
        won += f2 * (below + f1 / 2);
        below += f1;
        all1 += f1;
        all2 += f2;
    }
    return won / (all1 * all2);
}

static double chance_of_rates(const struct stats_prop *a, const struct stats_prop *b,
                              const struct glance *g, double alpha)
{
    static const struct stats_beta_prior jeffreys = {0.5, 0.5};
    const struct stats_prop arms[2] = {*a, *b};
    double chance = stats_norm_p(g->diff / g->spread);
    if (is_many(a) && is_many(b) && !is_near(chance, alpha, 2))
        return chance;
    chance = rough_chance(a, b);
    if (!is_near(chance, alpha, 1.3))
        return chance;
    return stats_beta_best(&jeffreys, arms, 2).p_best[1];
}

static bool calls_by_chance(enum prove_kind kind, const struct prove_arm *a,
                            const struct prove_arm *b, const struct glance *g, double alpha)
{
    double chance = kind == PROVE_CONVERSION ? chance_of_rates(&a->prop, &b->prop, g, alpha)
                                             : stats_norm_p(g->diff / g->spread);
    return chance <= alpha || 1 - chance <= alpha;
}

static bool calls_always_valid(enum prove_kind kind, const struct prove_arm *a,
                               const struct prove_arm *b, const struct glance *g, double tau,
                               double alpha)
{
    const uint64_t least = kind == PROVE_RATIO ? SHOWN_FROM_RATIOS : SHOWN_FROM;
    if (a->nonzero < least || b->nonzero < least || !(tau > 0))
        return false;
    struct stats_always_valid look = stats_mixture(g->diff, g->se, tau, alpha);
    return look.p.is_known && look.p.value <= alpha;
}

unsigned prove_peek(const struct prove_bench *b, const struct prove_column *c)
{
    const enum prove_kind kind = c->metric->kind;
    const double alpha = 1 - b->plan->confidence;
    unsigned called = 0;
    for (size_t i = 0; i < b->looks && called != ALL_RULES; i++) {
        const struct prove_sums rest = prove_sums_rest(&c->totals[i], &b->split.of[i]);
        const struct prove_arm control = prove_arm_of(kind, &rest);
        const struct prove_arm treatment = prove_arm_of(kind, &b->split.of[i]);
        const struct glance g = glance_of(kind, &control, &treatment);
        if (!g.is_known)
            continue;
        if (!(called & 1U << PROVE_P_VALUE) && calls_by_p(&g, alpha))
            called |= 1U << PROVE_P_VALUE;
        if (!(called & 1U << PROVE_CHANCE) &&
            calls_by_chance(kind, &control, &treatment, &g, alpha))
            called |= 1U << PROVE_CHANCE;
        if (!(called & 1U << PROVE_ALWAYS_VALID) &&
            calls_always_valid(kind, &control, &treatment, &g, c->tau, alpha))
            called |= 1U << PROVE_ALWAYS_VALID;
    }
    return called;
}

/* Best at the end of the traffic: two halves with the spread of all. */
double prove_tau(enum prove_kind kind, const struct prove_sums *all, double alpha)
{
    const struct prove_arm arm = prove_arm_of(kind, all);
    double variance = 0; /* of the estimate over all units */
    if (kind == PROVE_CONVERSION)
        variance = stats_prop_estimate(&arm.prop).variance;
    else if (kind == PROVE_MEAN)
        variance = stats_mean_estimate(&arm.moments).variance;
    else if (stats_ratio_arm(&arm.comoments).status == STATS_OK)
        variance = stats_ratio_arm(&arm.comoments).estimate.variance;
    return variance > 0 ? stats_msprt_tau(2 * sqrt(variance), alpha) : 0;
}
