// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/dist.h"
#include "stats/core/root.h"
#include "stats/many/after.h"

#include <math.h>

struct truncated {
    double z, c, log_p; /* z > c > 0 */
};

static double log_selected(double c, double mu)
{
    double a = stats_norm_log_q(c - mu), b = stats_norm_log_q(c + mu);
    return fmax(a, b) + log1p(exp(-fabs(a - b)));
}

static double log_tail(double mu, const void *context)
{
    const struct truncated *t = context;
    return stats_norm_log_q(t->z - mu) - log_selected(t->c, mu) - t->log_p;
}

static double score(double mu, const void *context)
{
    const struct truncated *t = context;
    double scale = log_selected(t->c, mu), a = t->c - mu, b = t->c + mu;
    double pull = exp(-a * a / 2 - scale) - exp(-b * b / 2 - scale);
    return t->z - mu - pull / sqrt(2 * M_PI);
}

static double mean_with_tail(struct truncated t, double p)
{
    t.log_p = log(p);
    bool is_right = log_tail(t.z, &t) < 0;
    return stats_root_from(log_tail, &t, t.z, is_right ? 1 : -1, is_right ? t.z + 60 : t.z - 1e4,
                           0);
}

struct stats_selection stats_selection(double estimate, double se, double alpha, double conf)
{
    struct stats_selection r = {.status = STATS_INVALID};
    if (!(se > 0) || !isfinite(se) || !isfinite(estimate / se) || !(alpha > 0 && alpha < 1) ||
        !(conf > 0 && conf < 1))
        return r;
    struct truncated t = {.z = fabs(estimate / se), .c = stats_norm_z(alpha / 2)};
    r.z = stats_known(estimate / se);
    if (!(t.z > t.c))
        return r;
    double scale = estimate < 0 ? -se : se, tail = (1 - conf) / 2;
    double low = mean_with_tail(t, tail) * scale, high = mean_with_tail(t, 1 - tail) * scale;
    r.status = STATS_OK;
    r.median_unbiased = stats_known(mean_with_tail(t, 0.5) * scale);
    r.interval = stats_between(fmin(low, high), fmax(low, high));
    r.conditional_mle = stats_known(stats_root(score, &t, 0, t.z) * scale);
    return r;
}
