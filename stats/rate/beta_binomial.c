// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/dist.h"
#include "stats/rate/beta_pair.h"

#include <math.h>

/* What is solved for: the quantile of p2 - p1 or of ln(p2 / p1), on the normal scale. */
struct target {
    const struct stats_beta_pair *pair;
    double z;
};

static double normal_score(struct stats_tails tails, double z)
{
    if (tails.below <= 0 || tails.above <= 0)
        return tails.below <= 0 ? -INFINITY : INFINITY;
    bool is_low = tails.below < tails.above;
    double score = stats_norm_z(is_low ? tails.below : tails.above);
    return (is_low ? -score : score) - z;
}

static double diff_score(double d, const void *context)
{
    const struct target *t = context;
    return normal_score(stats_beta_pair_diff(t->pair, d), t->z);
}

static double ratio_score(double log_r, const void *context)
{
    const struct target *t = context;
    return normal_score(stats_beta_pair_ratio(t->pair, log_r), t->z);
}

/* Cumulants of what is solved for. */
struct cumulants {
    double mean, variance, third, fourth;
};

/* The z-quantile by the expansion of Cornish and Fisher (1938), and its slope in z. */
static double expand(const struct cumulants *c, double z, double *ret_slope)
{
    double sd = sqrt(c->variance);
    double g1 = fmax(-1, fmin(1, c->third / (c->variance * sd)));
    double g2 = fmax(-1, fmin(1, c->fourth / (c->variance * c->variance)));
    double z2 = z * z;
    double slope = 1 + z * g1 / 3 + (z2 - 1) * g2 / 8 - (6 * z2 - 5) * g1 * g1 / 36;
    *ret_slope = sd * fmax(0.3, slope);
    return c->mean +
           sd * (z + (z2 - 1) * g1 / 6 + (z2 - 3) * z * g2 / 24 - (2 * z2 - 5) * z * g1 * g1 / 36);
}

/* By a bracket, wherever the secants do not get there. */
static double solve_slowly(stats_fn f, const struct target *t, double start, double sd,
                           double limit)
{
    bool is_right = f(start, t) < 0;
    double step = sd / 8;
    return stats_root_from(f, t, start, is_right ? step : -step, is_right ? limit : -limit,
                           1e-12 * sd);
}

/*
 * The z-quantile. On the normal scale f is nearly (x - root) / slope, so secants from the expansion
 * need two integrals for thousands of conversions, four for a few.
 */
static double solve(stats_fn f, const struct stats_beta_pair *pair, const struct cumulants *c,
                    double z, double limit)
{
    struct target t = {pair, z};
    double sd = sqrt(c->variance), slope, start = expand(c, z, &slope);
    double x0 = fmax(-0.999 * limit, fmin(0.999 * limit, start)), f0 = f(x0, &t);
    double x1 = x0 - f0 * slope;
    for (int i = 0; i < 10 && isfinite(f0) && fabs(x1) < limit; i++) {
        double f1 = f(x1, &t), next = x1 - f1 * (x1 - x0) / (f1 - f0);
        if (f1 == 0 || fabs(x1 - x0) <= 1e-12 * sd)
            return x1;
        if (!isfinite(next))
            break;
        if (fabs(f0 * f1) < 1e-10)
            return next; /* the secant's error is the product of the last two */
        x0 = x1;
        f0 = f1;
        x1 = next;
    }
    return solve_slowly(f, &t, x0, sd, limit);
}

/* The third and fourth cumulant of Beta(a, b) by its skewness and excess. */
static struct cumulants rate_cumulants(const struct stats_beta_shape *s)
{
    double a = s->a, b = s->b, n = a + b, variance = s->mean * (b / n) / (n + 1);
    double skew = 2 * (b - a) * sqrt((n + 1) / (a * b)) / (n + 2);
    double excess = 6 * ((a - b) * (a - b) / (a * b) * (n + 1) - (n + 2)) / ((n + 2) * (n + 3));
    return (struct cumulants){s->mean, variance, skew * variance * sqrt(variance),
                              excess * variance * variance};
}

/* Those of ln p: psi(a) - psi(a + b) and its derivatives, by their asymptotic series past 6. */
static void add_polygammas(struct cumulants *c, double x, double sign)
{
    for (; x < 6; x++) {
        double r = sign / x;
        c->mean -= r;
        c->variance += r / x;
        c->third -= 2 * r / (x * x);
        c->fourth += 6 * r / (x * x * x);
    }
    double r = 1 / x, r2 = r * r;
    c->mean += sign * (log(x) - r / 2 - r2 / 12);
    c->variance += sign * r * (1 + r / 2 + r2 / 6);
    c->third -= sign * r2 * (1 + r + r2 / 2);
    c->fourth += sign * r2 * r * (2 + 3 * r + 2 * r2);
}

static struct cumulants log_cumulants(const struct stats_beta_shape *s)
{
    struct cumulants c = {0};
    add_polygammas(&c, s->a, 1);
    add_polygammas(&c, s->a + s->b, -1);
    return c;
}

static struct cumulants less(struct cumulants second, struct cumulants first)
{
    return (struct cumulants){second.mean - first.mean, second.variance + first.variance,
                              second.third - first.third, second.fourth + first.fourth};
}

/* Limits of a level near 0 are roots that lie closer together than they are exact. */
static struct stats_interval in_order(double lower, double upper)
{
    return stats_between(fmin(lower, upper), fmax(lower, upper));
}

static void fill_intervals(struct stats_posterior *p, const struct stats_beta_pair *pair,
                           const struct cumulants *diff)
{
    const struct stats_beta_shape *first = &pair->arm[0].shape, *second = &pair->arm[1].shape;
    struct cumulants ratio = less(log_cumulants(second), log_cumulants(first));
    double z = stats_norm_critical(p->conf);
    p->interval =
        in_order(solve(diff_score, pair, diff, -z, 1), solve(diff_score, pair, diff, z, 1));
    p->uplift_interval = in_order(expm1(solve(ratio_score, pair, &ratio, -z, 650)),
                                  expm1(solve(ratio_score, pair, &ratio, z, 650)));
}

static void fill_posterior(struct stats_posterior *p, const struct stats_beta_pair *pair,
                           double rope)
{
    const struct stats_beta_shape *first = &pair->arm[0].shape, *second = &pair->arm[1].shape;
    struct cumulants diff = less(rate_cumulants(second), rate_cumulants(first));
    struct stats_beta_duel duel = stats_beta_pair_duel(pair);
    double gain = fmax(0, diff.mean), loss = fmax(0, -diff.mean);
    p->mean = stats_known(diff.mean);
    p->sd = stats_known(sqrt(diff.variance));
    p->chance_to_win = stats_known(duel.second_above);
    p->chance_to_lose = stats_known(duel.first_above);
    p->loss_choose_treatment = stats_known(duel.small_loss + loss);
    p->loss_choose_control = stats_known(duel.small_loss + gain);
    fill_intervals(p, pair, &diff);
    if (rope > 0) {
        double above = stats_beta_pair_diff(pair, rope).above;
        double below = stats_beta_pair_diff(pair, -rope).below;
        p->chance_above_rope = stats_known(above);
        p->chance_in_rope = stats_known(fmax(0, 1 - above - below));
    }
}

static struct stats_interval rate_interval(const struct stats_beta *beta, double conf)
{
    double tail = (1 - conf) / 2;
    return stats_between(stats_beta_quantile(beta, tail), stats_beta_upper_quantile(beta, tail));
}

struct stats_beta_binomial stats_beta_binomial(const struct stats_beta_prior *prior,
                                               const struct stats_prop *control,
                                               const struct stats_prop *treatment, double conf,
                                               double rope)
{
    struct stats_beta_binomial r = {.posterior = {.conf = conf, .status = STATS_INVALID}};
    if (!(conf > 0 && conf < 1) || !stats_beta_is_prior(prior) || !(rope >= 0) ||
        !stats_prop_is_sound(control) || !stats_prop_is_sound(treatment))
        return r;
    r.posterior.status = STATS_OK;
    r.a1 = prior->a + (double)control->x;
    r.b1 = prior->b + (double)(control->n - control->x);
    r.a2 = prior->a + (double)treatment->x;
    r.b2 = prior->b + (double)(treatment->n - treatment->x);
    struct stats_beta_pair pair;
    stats_beta_pair_init(&pair, r.a1, r.b1, r.a2, r.b2);
    r.mean1 = stats_known(pair.arm[0].shape.mean);
    r.mean2 = stats_known(pair.arm[1].shape.mean);
    r.interval1 = rate_interval(&pair.arm[0], conf);
    r.interval2 = rate_interval(&pair.arm[1], conf);
    fill_posterior(&r.posterior, &pair, rope);
    return r;
}
