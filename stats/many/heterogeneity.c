// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/dist.h"
#include "stats/many/after.h"

#include <math.h>

/* Weighted sums with weights scale / (se^2 + tau2). */
struct weighted {
    double scale, weight, squares, mean;
};

/* Relative to the smallest variance, so that no weight overflows. */
static struct weighted weigh(const struct stats_estimate *s, size_t k, double tau2)
{
    struct weighted w = {.scale = INFINITY};
    for (size_t i = 0; i < k; i++)
        w.scale = fmin(w.scale, s[i].variance + tau2);
    for (size_t i = 0; i < k; i++) {
        double v = w.scale / (s[i].variance + tau2);
        w.weight += v;
        w.squares += v * v;
        w.mean += (s[i].value - w.mean) * (v / w.weight);
    }
    return w;
}

static double se_of(const struct weighted *w)
{
    return sqrt(w->scale / w->weight);
}

static struct stats_interval around(const struct weighted *w, double z)
{
    double half = z * se_of(w);
    return stats_between(w->mean - half, w->mean + half);
}

static bool is_sound(const struct stats_estimate *s, size_t k)
{
    for (size_t i = 0; i < k; i++)
        if (!isfinite(s[i].value) || !(s[i].variance > 0) || !isfinite(s[i].variance))
            return false;
    return k > 0;
}

static double cochran(const struct stats_estimate *s, size_t k, double mean)
{
    double q = 0;
    for (size_t i = 0; i < k; i++)
        q += (s[i].value - mean) * (s[i].value - mean) / s[i].variance;
    return q;
}

struct stats_heterogeneity stats_heterogeneity(const struct stats_estimate *segments, size_t k,
                                               double conf, double *ret_shrunk)
{
    struct stats_heterogeneity r = {.status = STATS_INVALID};
    if (!is_sound(segments, k) || !(conf > 0 && conf < 1))
        return r;
    struct weighted fixed = weigh(segments, k, 0);
    double q = cochran(segments, k, fixed.mean), df = (double)k - 1, tau2 = 0;
    double z = stats_norm_critical(conf);
    if (k > 1)
        tau2 = fixed.scale * fmax(0, (q - df) / (fixed.weight - fixed.squares / fixed.weight));
    if (!isfinite(fixed.mean) || !isfinite(q) || !isfinite(tau2))
        return r;
    struct weighted random = weigh(segments, k, tau2);
    r.status = STATS_OK;
    r.fixed = stats_known(fixed.mean);
    r.fixed_se = stats_known(se_of(&fixed));
    r.fixed_interval = around(&fixed, z);
    r.q = stats_known(q);
    r.df = stats_known(df);
    if (k > 1)
        r.p = stats_known(stats_chi2_q(q, df));
    r.i2 = stats_known(k > 1 && q > 0 ? fmax(0, (q - df) / q) : 0);
    r.tau2 = stats_known(tau2);
    r.random = stats_known(random.mean);
    r.random_se = stats_known(se_of(&random));
    r.random_interval = around(&random, z);
    for (size_t i = 0; i < k; i++) {
        double v = segments[i].variance;
        ret_shrunk[i] = random.mean + (segments[i].value - random.mean) * (tau2 / (tau2 + v));
    }
    return r;
}
