// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/rate/beta.h"
#include "stats/rate/prop.h"

#include "stats/core/dist.h"
#include "stats/effect/contrast.h"

#include <math.h>

/* P(k + 1) / P(k), k conversions in the control arm, m in all. */
static double hypergeometric_step(double k, double m, double n1, double n2)
{
    return (m - k) / (k + 1) * ((n1 - k) / (n2 - m + k + 1));
}

/* Sums of the probabilities relative to the observed one, on one side of it. */
struct side {
    double all, extreme, tied;
};

static void count_in(struct side *s, double relative)
{
    s->all += relative;
    if (relative <= 1 + 1e-7)
        s->extreme += relative;
    if (fabs(relative - 1) <= 1e-7)
        s->tied += relative;
}

struct stats_fisher stats_fisher(const struct stats_prop *control,
                                 const struct stats_prop *treatment)
{
    double n1 = (double)control->n, n2 = (double)treatment->n, x = (double)control->x;
    if (!stats_prop_is_sound(control) || !stats_prop_is_sound(treatment) || !(n1 + n2 > 0) ||
        n1 + n2 > STATS_FISHER_UNITS)
        return (struct stats_fisher){0};
    double m = x + (double)treatment->x, lo = fmax(0, m - n2), hi = fmin(m, n1);
    struct side s = {0};
    count_in(&s, 1);
    double relative = 1;
    for (double k = x; k < hi && relative > 1e-300; k++) {
        relative *= hypergeometric_step(k, m, n1, n2);
        count_in(&s, relative);
    }
    relative = 1;
    for (double k = x; k > lo && relative > 1e-300; k--) {
        relative /= hypergeometric_step(k - 1, m, n1, n2);
        count_in(&s, relative);
    }
    return (struct stats_fisher){.p = stats_known(s.extreme / s.all),
                                 .mid_p = stats_known((s.extreme - s.tied / 2) / s.all)};
}

static double lower_limit(double a, double b, double tail)
{
    struct stats_beta beta;
    stats_beta_init(&beta, a, b);
    return stats_beta_quantile(&beta, tail);
}

static double upper_limit(double a, double b, double tail)
{
    struct stats_beta beta;
    stats_beta_init(&beta, a, b);
    return stats_beta_upper_quantile(&beta, tail);
}

/* Equal-tailed Beta limits, `shift` moved from one kind to the other for each limit. */
static struct stats_interval beta_limits(const struct stats_prop *arm, double add, double shift,
                                         double tail)
{
    double x = (double)arm->x, f = (double)(arm->n - arm->x);
    double lower = arm->x == 0 ? 0 : lower_limit(x + add - shift, f + add + shift, tail);
    double upper = arm->x == arm->n ? 1 : upper_limit(x + add + shift, f + add - shift, tail);
    return stats_between(lower, upper);
}

static struct stats_interval agresti_coull(const struct stats_prop *arm, double z)
{
    double n = (double)arm->n + z * z, p = ((double)arm->x + z * z / 2) / n;
    double half = z * sqrt(p * (1 - p) / n);
    return stats_between(fmax(0, p - half), fmin(1, p + half));
}

struct stats_prop_single stats_prop_single(const struct stats_prop *arm, double conf)
{
    struct stats_prop_single r = {.status = STATS_INVALID};
    if (!(conf > 0 && conf < 1) || !stats_prop_is_sound(arm))
        return r;
    r.status = STATS_NO_DATA;
    if (arm->n == 0)
        return r;
    r.status = STATS_OK;
    r.rate = stats_known(stats_prop_estimate(arm).value);
    r.wilson = stats_wilson(arm, conf);
    r.wilson_cc = stats_wilson_cc(arm, conf);
    r.clopper_pearson = beta_limits(arm, 0.5, 0.5, (1 - conf) / 2);
    r.jeffreys = beta_limits(arm, 0.5, 0, (1 - conf) / 2);
    r.agresti_coull = agresti_coull(arm, stats_norm_critical(conf));
    return r;
}
