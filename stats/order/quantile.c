// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/order/quantile.h"

#include "stats/core/dist.h"
#include "stats/effect/contrast.h"
#include "stats/rate/beta.h"

#include <math.h>

/* Values in order, laid out or in groups. */
struct order {
    const double *sorted; /* NULL: in groups */
    const struct stats_quantile_group *groups;
    size_t n;
};

/* The k-th, from 0. */
static double value_at(const struct order *o, size_t k)
{
    const struct stats_quantile_group *g = o->groups;
    if (o->sorted)
        return o->sorted[k];
    for (; k >= g->units; g++)
        k -= g->units;
    return g->value;
}

static double type_7(const struct order *o, double nu)
{
    double h = (double)(o->n - 1) * nu, floor_h = floor(h);
    size_t k = (size_t)floor_h;
    double low = value_at(o, k);
    return k + 1 < o->n ? low + (h - floor_h) * (value_at(o, k + 1) - low) : low;
}

/* P(Bin(n, nu) >= k) = P(Beta(k, n - k + 1) <= nu), 1 <= k <= n. */
static double at_least(uint64_t k, size_t n, double nu)
{
    struct stats_beta beta;
    stats_beta_init(&beta, (double)k, (double)(n - k + 1));
    return stats_beta_below(&beta, stats_beta_deviate(&beta.shape, nu));
}

static struct stats_quantile quantile_of(const struct order *o, double nu, double conf)
{
    size_t n = o->n;
    struct stats_quantile r = {.status = STATS_INVALID};
    if (!(nu > 0 && nu < 1) || !(conf > 0 && conf < 1))
        return r;
    r.status = STATS_NO_DATA;
    if (n == 0)
        return r;
    r.status = STATS_INVALID;
    double least = value_at(o, 0), most = value_at(o, n - 1);
    if (!isfinite(least) || !isfinite(most) || !isfinite(most - least))
        return r;
    double z = stats_norm_critical(conf), count = (double)n;
    double half = z * sqrt(count * nu * (1 - nu));
    double l = floor(count * nu - half), u = ceil(count * nu + half) + 1;
    r.status = l >= 1 && u <= count ? STATS_OK : STATS_TOO_FEW_FOR_QUANTILE;
    r.rank_lower = (uint64_t)fmax(1, l);
    r.rank_upper = (uint64_t)fmin(count, u);
    double low = value_at(o, r.rank_lower - 1), high = value_at(o, r.rank_upper - 1);
    r.value = stats_known(type_7(o, nu));
    r.interval = stats_between(low, high);
    r.se = stats_known((high - low) / (2 * z));
    r.coverage = stats_known(at_least(r.rank_lower, n, nu) - at_least(r.rank_upper, n, nu));
    return r;
}

struct stats_quantile stats_quantile(const double *sorted, size_t n, double nu, double conf)
{
    struct order o = {.sorted = sorted, .n = n};
    return quantile_of(&o, nu, conf);
}

struct stats_quantile stats_quantile_grouped(const struct stats_quantile_group *groups,
                                             size_t count, double nu, double conf)
{
    const uint64_t most = (uint64_t)1 << 53;
    struct order o = {.groups = groups};
    for (size_t i = 0; i < count; i++) {
        if (groups[i].units >= most || o.n + groups[i].units >= most)
            return (struct stats_quantile){.status = STATS_INVALID};
        o.n += groups[i].units;
    }
    return quantile_of(&o, nu, conf);
}

struct stats_quantile_diff stats_quantile_diff(const struct stats_quantile *control,
                                               const struct stats_quantile *treatment, double conf)
{
    struct stats_quantile_diff r = {.effect = {.status = STATS_INVALID, .conf = conf}};
    if (!(conf > 0 && conf < 1))
        return r;
    r.effect.status = control->value.is_known ? treatment->status : control->status;
    if (!control->value.is_known || !treatment->value.is_known)
        return r;
    double q1 = control->value.value, q2 = treatment->value.value;
    struct stats_estimate a = {q1, control->se.value * control->se.value};
    struct stats_estimate b = {q2, treatment->se.value * treatment->se.value};
    r.effect = stats_contrast(a, b, 0, INFINITY, conf);
    const struct stats_interval *i1 = &control->interval, *i2 = &treatment->interval;
    r.mover = stats_between(q2 - q1 - hypot(q2 - i2->lower, i1->upper - q1),
                            q2 - q1 + hypot(i2->upper - q2, q1 - i1->lower));
    if (control->status != STATS_OK || treatment->status != STATS_OK)
        r.effect.status = STATS_TOO_FEW_FOR_QUANTILE;
    return r;
}

/* Variance of sum main / sum denominator over visitors. */
static double indicator_variance(const struct stats_clustered *s)
{
    double k = s->clusters, ratio = s->main_sum / s->denominator_sum, mean = s->denominator_sum / k;
    double vm = s->main_squares - s->main_sum * s->main_sum / k;
    double vd = s->denominator_squares - s->denominator_sum * s->denominator_sum / k;
    double c = s->product - s->main_sum * s->denominator_sum / k;
    double residual = vm - 2 * ratio * c + ratio * ratio * vd;
    return (residual < 0 ? 0 : residual) / (k - 1) / k / (mean * mean);
}

struct stats_clustered_quantile stats_clustered_quantile(const struct stats_clustered *sums,
                                                         double nu)
{
    struct stats_clustered_quantile r = {.status = STATS_INVALID};
    if (!(nu > 0 && nu < 1) || !(sums->upper >= sums->lower) || !(sums->n_star >= 0))
        return r;
    r.status = STATS_INSUFFICIENT_DATA;
    if (!(sums->n >= 2) || !(sums->clusters >= 2))
        return r;
    r.status = STATS_NO_DENOMINATOR;
    if (!(sums->denominator_sum > 0))
        return r;
    double width = (sums->upper - sums->lower) / (2 * stats_norm_critical(0.95));
    double iid = sums->n_star / sums->n * (sums->n - 1) * width * width;
    double effect = indicator_variance(sums) / (nu * (1 - nu) / sums->n);
    r.status = STATS_INVALID;
    if (!isfinite(iid) || !isfinite(effect) || !isfinite(iid * effect))
        return r;
    r.status = STATS_OK;
    r.variance_iid = stats_known(iid);
    r.design_effect = stats_known(effect);
    r.variance = stats_known(iid * effect);
    r.se = stats_known(sqrt(iid * effect / sums->n));
    return r;
}
