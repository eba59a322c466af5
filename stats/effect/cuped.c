// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/cuped.h"

#include "stats/effect/contrast.h"
#include "stats/effect/mean.h"

#include <math.h>

/* Both arms together. */
struct pooled {
    double n, mean_x, between_x, between_xy, total_xx; /* total_xx: arms not centred */
};

static struct pooled pool(const struct stats_comoments *a, const struct stats_comoments *b)
{
    double na = (double)a->n, nb = (double)b->n, n = na + nb, weight = na * nb / n;
    double dx = b->mean_x - a->mean_x, dy = b->mean_y - a->mean_y;
    struct pooled p = {.n = n, .mean_x = a->mean_x + dx * nb / n};
    p.between_x = weight * dx * dx;
    p.between_xy = weight * dx * dy;
    p.total_xx = a->m2_x + b->m2_x + p.between_x;
    return p;
}

/* The adjusted mean and the variance of its residuals' mean. */
static struct stats_estimate adjusted(const struct stats_comoments *arm, const struct pooled *all,
                                      double theta)
{
    double n = (double)arm->n;
    double m2 = arm->m2_y - theta * (2 * arm->c_xy - theta * arm->m2_x);
    return (struct stats_estimate){.value = arm->mean_y - theta * (arm->mean_x - all->mean_x),
                                   .variance = m2 < 0 ? 0 : m2 / (n - 1) / n};
}

static struct stats_effect adjusted_effect(const struct stats_comoments *control,
                                           const struct stats_comoments *treatment, double theta1,
                                           double theta2, double conf)
{
    struct pooled all = pool(control, treatment);
    struct stats_estimate a = adjusted(control, &all, theta1);
    struct stats_estimate b = adjusted(treatment, &all, theta2);
    double df = INFINITY, mean_variance = all.total_xx / (all.n - 1) / all.n;
    if (a.variance + b.variance > 0)
        df = stats_welch_df(a.variance, (double)control->n, b.variance, (double)treatment->n);
    a.variance += theta1 * theta1 * mean_variance;
    b.variance += theta2 * theta2 * mean_variance;
    return stats_contrast(a, b, theta1 * theta2 * mean_variance, df, conf);
}

static struct stats_moments metric(const struct stats_comoments *arm)
{
    return (struct stats_moments){.n = arm->n, .mean = arm->mean_y, .m2 = arm->m2_y};
}

static struct stats_moments covariate(const struct stats_comoments *arm)
{
    return (struct stats_moments){.n = arm->n, .mean = arm->mean_x, .m2 = arm->m2_x};
}

static void fill_balance(struct stats_cuped *r, const struct stats_comoments *control,
                         const struct stats_comoments *treatment, double conf)
{
    struct stats_moments a = covariate(control), b = covariate(treatment);
    r->balance_p = stats_welch(&a, &b, conf).p_two_sided;
    if (r->balance_p.is_known && r->balance_p.value < 0.001)
        r->warnings |= STATS_WARN_COVARIATE_IMBALANCE;
}

struct stats_cuped stats_cuped(const struct stats_comoments *control,
                               const struct stats_comoments *treatment, double conf)
{
    struct stats_cuped r = {.status = STATS_OK};
    struct stats_moments ya = metric(control), yb = metric(treatment);
    r.unadjusted = stats_welch(&ya, &yb, conf);
    if (r.unadjusted.status == STATS_INVALID || control->n < 2 || treatment->n < 2) {
        r.status = r.within.status = r.lin.status = r.unadjusted.status;
        return r;
    }
    struct pooled all = pool(control, treatment);
    double xx = control->m2_x + treatment->m2_x, xy = control->c_xy + treatment->c_xy;
    r.theta_within = stats_known(xx > 0 ? xy / xx : 0);
    r.theta_joint = stats_known(all.total_xx > 0 ? (xy + all.between_xy) / all.total_xx : 0);
    double theta = r.theta_within.value;
    r.within = adjusted_effect(control, treatment, theta, theta, conf);
    r.lin.status = STATS_COVARIATE_CONSTANT;
    if (control->m2_x > 0 && treatment->m2_x > 0)
        r.lin = adjusted_effect(control, treatment, control->c_xy / control->m2_x,
                                treatment->c_xy / treatment->m2_x, conf);
    double before = r.unadjusted.se.value, after = r.within.se.value;
    if (r.unadjusted.se.is_known && r.within.se.is_known)
        r.variance_reduction = stats_known(1 - after * after / (before * before));
    fill_balance(&r, control, treatment, conf);
    if (!(xx > 0))
        r.status = STATS_COVARIATE_CONSTANT;
    return r;
}
