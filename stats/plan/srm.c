// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/plan/srm.h"

#include "stats/core/dist.h"

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

#define EXPECTED_MIN 5.0

enum { RARE = 2 };

/* Arms whose counts are taken one by one, the rarest first. */
struct rare {
    double weight[RARE];
    int count;
};

static struct rare rarest(const double *weights, size_t arms, double limit)
{
    struct rare r = {.count = 0};
    for (size_t i = 0; i < arms; i++) {
        double w = weights[i];
        if (!(w > 0 && w < limit))
            continue;
        int at = r.count;
        while (at > 0 && r.weight[at - 1] > w)
            at--;
        r.count += r.count < RARE;
        for (int k = r.count - 1; k > at; k--)
            r.weight[k] = r.weight[k - 1];
        if (at < RARE)
            r.weight[at] = w;
    }
    return r;
}

/*
 * P(sum >= chi2) of n units over arms of this weight in all. Given that the first rare arm has x,
 * the others share n - x, and the sum is (x - n w)^2 / (n w (1 - w)) + theirs (n - x) / (n (1 -
 * w)).
 */
static double tail(double n, const struct rare *rare, int first, double weight, double df,
                   double chi2)
{
    if (chi2 <= 0)
        return 1;
    if (df == 0 || n == 0)
        return 0;
    if (first == rare->count)
        return stats_chi2_q(chi2, df);
    double w = rare->weight[first] / weight, mean = n * w, sum = 0;
    double chance = exp(n * log1p(-w)), least = first == 0 ? 1e-300 : 1e-20;
    for (double x = 0; x <= n && (x <= mean || chance > least); x++) {
        double off = x - mean, left = chi2 - off * off / (mean * (1 - w));
        if (n > x)
            left *= n * (1 - w) / (n - x);
        sum += chance * tail(n - x, rare, first + 1, weight - rare->weight[first], df - 1, left);
        chance *= (n - x) / (x + 1) * w / (1 - w);
    }
    return fmin(1, sum);
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
    struct rare rare = rarest(weights, arms, EXPECTED_MIN * plan.weight / plan.units);
    if (rare.count > 0 && isfinite(chi2))
        r.p_exact = stats_known(tail(plan.units, &rare, 0, plan.weight, df, chi2 * (1 - 1e-9)));
    return r;
}

struct stats_number stats_srm_p(const struct stats_srm *srm)
{
    return srm->p_exact.is_known ? srm->p_exact : srm->p;
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
