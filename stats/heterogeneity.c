// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/after.h"
#include "stats/dist.h"

#include <math.h>

/* Weighted sums with weights 1 / (se^2 + tau2). */
struct weighted {
    double weight, squares, mean;
};

static struct weighted weigh(const struct stats_estimate *s, size_t k, double tau2)
{
    struct weighted w = {0};
    double sum = 0;
    for (size_t i = 0; i < k; i++) {
        double v = 1 / (s[i].variance + tau2);
        w.weight += v;
        w.squares += v * v;
        sum += v * s[i].value;
    }
    w.mean = sum / w.weight;
    return w;
}

static struct stats_interval around(const struct weighted *w, double z)
{
    double half = z / sqrt(w->weight);
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
        tau2 = fmax(0, (q - df) / (fixed.weight - fixed.squares / fixed.weight));
    struct weighted random = weigh(segments, k, tau2);
    r.status = STATS_OK;
    r.fixed = stats_known(fixed.mean);
    r.fixed_se = stats_known(1 / sqrt(fixed.weight));
    r.fixed_interval = around(&fixed, z);
    r.q = stats_known(q);
    r.df = stats_known(df);
    if (k > 1)
        r.p = stats_known(stats_chi2_q(q, df));
    r.i2 = stats_known(k > 1 && q > 0 ? fmax(0, (q - df) / q) : 0);
    r.tau2 = stats_known(tau2);
    r.random = stats_known(random.mean);
    r.random_se = stats_known(1 / sqrt(random.weight));
    r.random_interval = around(&random, z);
    for (size_t i = 0; i < k; i++) {
        double v = segments[i].variance;
        ret_shrunk[i] = (segments[i].value * tau2 + random.mean * v) / (tau2 + v);
    }
    return r;
}
