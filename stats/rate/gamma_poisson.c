// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/dist.h"
#include "stats/rate/beta.h"

#include <math.h>

static bool is_sound(const struct stats_count *c)
{
    return c->events >= 0 && c->events <= 1e15 && c->exposure >= 0 && isfinite(c->exposure);
}

/* P(V > at) or P(V <= at) of Beta(a, b), at given by its log odds. */
static double tail(double a, double b, double log_odds, bool is_above)
{
    struct stats_beta v;
    stats_beta_init(&v, a, b);
    double d = log_odds - v.shape.log_odds;
    return is_above ? stats_beta_above(&v, d) : stats_beta_below(&v, d);
}

static void fill_losses(struct stats_posterior *p, double a1, double a2, double r1, double r2)
{
    double at = log(r2 / r1), m1 = a1 / r1, m2 = a2 / r2, diff = m2 - m1;
    /* The smaller loss by itself, the other from it: their difference is the mean. */
    if (diff >= 0) {
        double small = m1 * tail(a2, a1 + 1, at, false) - m2 * tail(a2 + 1, a1, at, false);
        p->loss_choose_treatment = stats_known(fmax(0, small));
        p->loss_choose_control = stats_known(fmax(0, small) + diff);
    } else {
        double small = m2 * tail(a2 + 1, a1, at, true) - m1 * tail(a2, a1 + 1, at, true);
        p->loss_choose_control = stats_known(fmax(0, small));
        p->loss_choose_treatment = stats_known(fmax(0, small) - diff);
    }
}

struct stats_gamma_poisson stats_gamma_poisson(const struct stats_gamma_prior *prior,
                                               const struct stats_count *control,
                                               const struct stats_count *treatment, double conf)
{
    struct stats_gamma_poisson r = {.posterior = {.conf = conf, .status = STATS_INVALID}};
    struct stats_posterior *p = &r.posterior;
    if (!(conf > 0 && conf < 1) || !(prior->shape >= 1e-6 && prior->shape <= 1e12) ||
        !(prior->rate > 0) || !isfinite(prior->rate) || !is_sound(control) || !is_sound(treatment))
        return r;
    double a1 = prior->shape + control->events, r1 = prior->rate + control->exposure;
    double a2 = prior->shape + treatment->events, r2 = prior->rate + treatment->exposure;
    double mean = a2 / r2 - a1 / r1, sd = hypot(sqrt(a1) / r1, sqrt(a2) / r2);
    if (!isfinite(mean) || !isfinite(sd) || !(r2 / r1 > 0) || !isfinite(r2 / r1))
        return r;
    struct stats_beta v;
    stats_beta_init(&v, a2, a1);
    double at = log(r2 / r1) - v.shape.log_odds;
    p->status = STATS_OK;
    r.mean1 = stats_known(a1 / r1);
    r.mean2 = stats_known(a2 / r2);
    p->mean = stats_known(mean);
    p->sd = stats_known(sd);
    p->chance_to_win = stats_known(stats_beta_above(&v, at));
    p->chance_to_lose = stats_known(stats_beta_below(&v, at));
    double low = stats_beta_quantile(&v, (1 - conf) / 2);
    double high = stats_beta_upper_quantile(&v, (1 - conf) / 2);
    p->uplift_interval =
        stats_between(low / (1 - low) * (r1 / r2) - 1, high / (1 - high) * (r1 / r2) - 1);
    fill_losses(p, a1, a2, r1, r2);
    return r;
}

struct stats_dispersion stats_dispersion(const struct stats_moments *counts)
{
    struct stats_dispersion r = {.status = STATS_INVALID};
    double df = (double)counts->n - 1, chi2 = counts->m2 / counts->mean;
    if (!(counts->mean >= 0) || !(counts->m2 >= 0) || !isfinite(counts->mean + counts->m2))
        return r;
    if (counts->n < 2)
        r.status = counts->n ? STATS_INSUFFICIENT_DATA : STATS_NO_DATA;
    else if (counts->mean == 0)
        r.status = STATS_ZERO_VARIANCE;
    if (r.status != STATS_INVALID || !isfinite(chi2))
        return r;
    r.status = STATS_OK;
    r.ratio = stats_known(chi2 / df);
    r.p = stats_known(stats_chi2_q(chi2, df));
    r.log10_p = stats_known(fmin(0, stats_chi2_log_q(chi2, df) / M_LN10));
    return r;
}
