// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/sequential/sequential.h"

#include <math.h>

/* From k = T / V: how much wider the mixture is than the estimate. */
static struct stats_always_valid mixture(double diff, double se, double k, double alpha)
{
    struct stats_always_valid r = {.status = STATS_INVALID};
    if (!isfinite(diff) || !(se >= 0) || !isfinite(se) || !(k >= 0) || !(alpha > 0 && alpha < 1))
        return r;
    r.status = STATS_ZERO_VARIANCE;
    if (se == 0 || k == 0)
        return r;
    double z = diff / se, growth = log1p(k);
    double log_lambda = k / (1 + k) * z * z / 2 - growth / 2;
    double half = se * sqrt((1 + k) / k * (growth - 2 * log(alpha)));
    r.status = STATS_INVALID;
    if (!isfinite(log_lambda) || !isfinite(half) || !isfinite(growth))
        return r;
    r.status = STATS_OK;
    r.log_lambda = stats_known(log_lambda);
    r.p = stats_known(fmin(1, exp(-log_lambda)));
    r.log10_p = stats_known(fmin(0, -log_lambda / M_LN10));
    r.halfwidth = stats_known(half);
    r.interval = stats_between(diff - half, diff + half);
    return r;
}

struct stats_always_valid stats_msprt(double diff, double se, double tau, double alpha)
{
    double ratio = se > 0 ? tau / se : 1;
    return mixture(diff, se, tau > 0 ? ratio * ratio : -1, alpha);
}

double stats_msprt_tau(double se, double alpha)
{
    return se >= 0 ? se * stats_asymptotic_rho(1, alpha) : NAN;
}

double stats_asymptotic_rho(double n_star, double alpha)
{
    if (!(n_star > 0) || !(alpha > 0 && alpha < 1))
        return NAN;
    return sqrt((-2 * log(alpha) + log1p(-2 * log(alpha))) / n_star);
}

struct stats_always_valid stats_asymptotic_cs(double diff, double se, double n, double n_star,
                                              double alpha)
{
    double rho = stats_asymptotic_rho(n_star, alpha);
    return mixture(diff, se, n > 0 && n_star > 0 ? rho * rho * n : -1, alpha);
}

double stats_asymptotic_one_sided(double se, double n, double n_star, double alpha)
{
    if (!(se >= 0) || !(n > 0))
        return NAN;
    double rho = stats_asymptotic_rho(n_star, 2 * alpha), k = n * rho * rho;
    return se * sqrt(2 * (k + 1) / k * log1p(sqrt(k + 1) / (2 * alpha)));
}

struct stats_path stats_path_start(void)
{
    return (struct stats_path){.p = 1, .lower = -INFINITY, .upper = INFINITY};
}

bool stats_path_add(struct stats_path *path, const struct stats_always_valid *look, double alpha)
{
    if (look->status == STATS_OK) {
        path->p = fmin(path->p, look->p.value);
        path->log10_p = fmin(path->log10_p, look->log10_p.value);
        path->lower = fmax(path->lower, look->interval.lower);
        path->upper = fmin(path->upper, look->interval.upper);
        path->is_empty = path->lower > path->upper;
    }
    return path->p <= alpha;
}
