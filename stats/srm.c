// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/srm.h"

#include "stats/dist.h"

#include <math.h>

struct plan {
    double units, weight, min_weight;
    size_t arms;
    uint64_t stray;
    bool is_sound;
};

static struct plan read_plan(const uint64_t *observed, const double *weights, size_t arms)
{
    struct plan p = {.min_weight = INFINITY, .is_sound = true};
    for (size_t i = 0; i < arms; i++) {
        if (!isfinite(weights[i]) || weights[i] < 0)
            p.is_sound = false;
        if (weights[i] > 0) {
            p.arms++;
            p.units += (double)observed[i];
            p.weight += weights[i];
            p.min_weight = fmin(p.min_weight, weights[i]);
        } else {
            p.stray += observed[i];
        }
    }
    return p;
}

struct stats_srm stats_srm(const uint64_t *observed, const double *weights, size_t arms)
{
    struct plan plan = read_plan(observed, weights, arms);
    struct stats_srm r = {.status = STATS_INVALID, .unexpected_units = plan.stray};
    if (!plan.is_sound)
        return r;
    if (plan.units == 0 || plan.arms < 2) {
        r.status = plan.units == 0 ? STATS_NO_DATA : STATS_SINGLE_ARM;
        return r;
    }
    double chi2 = 0, df = (double)plan.arms - 1;
    for (size_t i = 0; i < arms; i++) {
        if (weights[i] > 0) {
            double expected = plan.units * weights[i] / plan.weight;
            double off = (double)observed[i] - expected;
            chi2 += off * off / expected;
        }
    }
    if (!isfinite(chi2))
        return (struct stats_srm){.status = STATS_INVALID, .unexpected_units = plan.stray};
    r.status = STATS_OK;
    r.chi2 = stats_known(chi2);
    r.df = stats_known(df);
    r.p = stats_known(stats_chi2_q(chi2, df));
    r.log10_p = stats_known(stats_chi2_log_q(chi2, df) / M_LN10);
    r.min_expected = stats_known(plan.units * plan.min_weight / plan.weight);
    return r;
}

double stats_srm_log_bayes(const uint64_t *observed, const double *weights, size_t arms,
                           double concentration)
{
    long double total = 0, weight = 0;
    for (size_t i = 0; i < arms; i++) {
        if (!(weights[i] > 0) || isinf(weights[i]))
            return NAN;
        total += observed[i];
        weight += weights[i];
    }
    if (arms == 0 || !(concentration > 0) || isinf(concentration))
        return NAN;
    double k = concentration, all = k + (double)total;
    double log_bf = log(all / k) / 2 - stats_stirling_rest(all) + stats_stirling_rest(k);
    for (size_t i = 0; i < arms; i++) {
        long double off = observed[i] * weight - total * weights[i];
        double prior = k * (double)(weights[i] / weight), y = prior + (double)observed[i];
        double excess = (double)(off / (all * (long double)weights[i]));
        log_bf += y * log1p(excess) - log(y / prior) / 2;
        log_bf += stats_stirling_rest(y) - stats_stirling_rest(prior);
    }
    return log_bf;
}
