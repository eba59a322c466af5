// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/posterior/normal.h"

#include "stats/core/dist.h"
#include "stats/effect/contrast.h"

#include <math.h>
#include <stddef.h>

static bool is_sound(const struct stats_normal_prior *prior, double conf, double rope)
{
    return conf > 0 && conf < 1 && rope >= 0 && isfinite(prior->mean) && prior->sd > 0;
}

/* tau^2 / (tau^2 + se^2), without infinity over infinity. */
static double weight_of_data(const struct stats_normal_prior *prior, double se)
{
    double relative = se / prior->sd;
    return 1 / (1 + relative * relative);
}

static void fill_posterior(struct stats_normal_posterior *r, double mean, double sd, double rope)
{
    struct stats_posterior *p = &r->posterior;
    double z = stats_norm_critical(p->conf), s = mean / sd;
    /* The last sum is beyond every loss and limit, their rounding included. */
    if (!isfinite(s) || !(sd > 0) || !isfinite(2 * fabs(mean) + (z + 1) * sd)) {
        p->status = STATS_INVALID;
        return;
    }
    p->mean = stats_known(mean);
    p->sd = stats_known(sd);
    p->chance_to_win = stats_known(stats_norm_p(s));
    p->chance_to_lose = stats_known(stats_norm_q(s));
    r->log10_p_lt_0 = stats_known(stats_norm_log_q(s) / M_LN10);
    p->loss_choose_treatment = stats_known(sd * stats_norm_loss(s));
    p->loss_choose_control = stats_known(sd * stats_norm_loss(-s));
    p->interval = stats_between(mean - z * sd, mean + z * sd);
    if (rope > 0) {
        double low = (-rope - mean) / sd, high = (rope - mean) / sd;
        /* The difference of the tails on the side where both are small. */
        double inside = low > 0 ? stats_norm_q(low) - stats_norm_q(high)
                                : stats_norm_p(high) - stats_norm_p(low);
        p->chance_in_rope = stats_known(inside);
        p->chance_above_rope = stats_known(stats_norm_q(high));
    }
}

struct stats_normal_posterior stats_normal_posterior(double diff, double se,
                                                     const struct stats_normal_prior *prior,
                                                     double conf, double rope)
{
    struct stats_normal_posterior r = {.posterior = {.conf = conf, .status = STATS_INVALID}};
    if (!is_sound(prior, conf, rope) || !isfinite(diff) || !(se >= 0) || !isfinite(se))
        return r;
    r.posterior.status = STATS_ZERO_VARIANCE;
    if (se == 0)
        return r;
    r.posterior.status = STATS_OK;
    r.weight_of_data = weight_of_data(prior, se);
    double mean = r.weight_of_data * diff + (1 - r.weight_of_data) * prior->mean;
    fill_posterior(&r, mean, se * sqrt(r.weight_of_data), rope);
    return r;
}

struct stats_normal_posterior stats_normal_compare(struct stats_estimate control,
                                                   struct stats_estimate treatment, double cov,
                                                   const struct stats_normal_prior *prior,
                                                   double conf, double rope)
{
    double diff = treatment.value - control.value;
    double variance = control.variance + treatment.variance - 2 * cov;
    struct stats_normal_posterior r =
        stats_normal_posterior(diff, sqrt(variance < 0 ? 0 : variance), prior, conf, rope);
    if (r.posterior.status != STATS_OK)
        return r;
    /* The control moves with the effect by their regression, k = cov(m1, effect) / var(effect). */
    double k = (cov - control.variance) / variance, shift = r.posterior.mean.value - diff;
    double lost = 1 - r.weight_of_data, post_variance = variance * r.weight_of_data;
    struct stats_estimate m1 = {.value = control.value + k * shift,
                                .variance = control.variance - k * k * variance * lost};
    double post_cov = m1.variance + k * post_variance;
    struct stats_estimate m2 = {.value = m1.value + r.posterior.mean.value,
                                .variance = m1.variance + post_variance + 2 * k * post_variance};
    r.posterior.uplift_interval = stats_fieller(m1, m2, post_cov, stats_norm_critical(conf), NULL);
    if (control.value == 0)
        r.posterior.status = STATS_BASELINE_ZERO;
    else if (!r.posterior.uplift_interval.is_known)
        r.posterior.status = STATS_FIELLER_UNBOUNDED;
    return r;
}
