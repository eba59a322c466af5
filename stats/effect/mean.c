// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/mean.h"

#include "stats/core/dist.h"
#include "stats/effect/contrast.h"

#include <math.h>

static bool is_sound(const struct stats_moments *m)
{
    return isfinite(m->mean) && isfinite(m->m2) && m->m2 >= 0;
}

static bool is_heavy(const struct stats_moments *m)
{
    struct stats_number g1 = stats_skewness(m);
    return g1.is_known && (double)m->n < 355 * g1.value * g1.value;
}

/* What can be said without a variance. */
static struct stats_effect means_only(const struct stats_moments *control,
                                      const struct stats_moments *treatment)
{
    struct stats_effect e = {.status = STATS_INSUFFICIENT_DATA};
    if (control->n == 0 || treatment->n == 0)
        e.status = STATS_NO_DATA;
    if (control->n > 0)
        e.control = stats_known(control->mean);
    if (treatment->n > 0)
        e.treatment = stats_known(treatment->mean);
    if (control->n == 0 || treatment->n == 0)
        return e;
    e.diff = stats_known(treatment->mean - control->mean);
    if (control->mean != 0)
        e.uplift = stats_known(e.diff.value / fabs(control->mean));
    return e;
}

struct stats_effect stats_welch(const struct stats_moments *control,
                                const struct stats_moments *treatment, double conf)
{
    struct stats_effect e = {.status = STATS_INVALID};
    if (!(conf > 0 && conf < 1) || !is_sound(control) || !is_sound(treatment))
        return e;
    if (control->n < 2 || treatment->n < 2) {
        e = means_only(control, treatment);
    } else {
        struct stats_estimate a = stats_mean_estimate(control), b = stats_mean_estimate(treatment);
        double df = INFINITY;
        if (a.variance + b.variance > 0)
            df = stats_welch_df(a.variance, (double)control->n, b.variance, (double)treatment->n);
        e = stats_contrast(a, b, 0, df, conf);
    }
    e.conf = conf;
    if (is_heavy(control) || is_heavy(treatment))
        e.warnings |= STATS_WARN_HEAVY_TAIL;
    return e;
}

/* The t whose Hall transform is y. */
static double hall_inverse(double y, double k)
{
    if (fabs(k) < 1e-8)
        return y;
    return 3 / k * (cbrt(1 + k * (y - k / 6)) - 1);
}

/* sum |v|^3 <= (sum v^2)^(3/2), which also keeps the skewness of a mean below 1. */
static bool can_have_third(const struct stats_moments *m)
{
    return fabs(m->m3) <= m->m2 * sqrt(m->m2) * (1 + 1e-6);
}

/* Of the difference, both arms sharing one shape. */
static double skewness_of_difference(const struct stats_moments *control,
                                     const struct stats_moments *treatment)
{
    double n1 = (double)control->n, n2 = (double)treatment->n, variance = 1 / n1 + 1 / n2;
    double shape =
        (n1 * stats_skewness(control).value + n2 * stats_skewness(treatment).value) / (n1 + n2);
    return shape * (1 / n2 - 1 / n1) / sqrt(variance);
}

struct stats_effect stats_welch_skewed(const struct stats_moments *control,
                                       const struct stats_moments *treatment, double conf)
{
    struct stats_effect e = stats_welch(control, treatment, conf);
    e.uplift_interval = (struct stats_interval){0};
    if (!e.se.is_known)
        return e;
    if (!can_have_third(control) || !can_have_third(treatment)) {
        struct stats_effect none = {.status = STATS_INVALID, .conf = conf};
        return none;
    }
    double se = e.se.value, t = e.statistic.value, df = e.df.value, d = e.diff.value;
    double k = skewness_of_difference(control, treatment);
    double g = t + k * t * t / 3 + k * k * t * t * t / 27 + k / 6;
    if (!isfinite(g)) {
        struct stats_effect none = {.status = STATS_INVALID, .conf = conf};
        return none;
    }
    double critical = stats_t_quantile((1 - conf) / 2, df);
    e.statistic = stats_known(g);
    e.p_two_sided = stats_known(fmin(1, 2 * stats_t_q(fabs(g), df)));
    e.log10_p = stats_known(fmin(0, (stats_t_log_q(fabs(g), df) + M_LN2) / M_LN10));
    e.interval =
        stats_between(d - se * hall_inverse(critical, k), d - se * hall_inverse(-critical, k));
    return e;
}

static struct stats_noninferiority_mean one_sided(const struct stats_moments *control,
                                                  const struct stats_moments *treatment, double k,
                                                  double shift)
{
    struct stats_noninferiority_mean r = {.status = STATS_INVALID};
    if (!is_sound(control) || !is_sound(treatment) || !isfinite(k) || !(shift >= 0))
        return r;
    r.status = STATS_INSUFFICIENT_DATA;
    if (control->n < 2 || treatment->n < 2)
        return r;
    struct stats_estimate a = stats_mean_estimate(control), b = stats_mean_estimate(treatment);
    double v1 = k * k * a.variance, v2 = b.variance, se = sqrt(v1 + v2);
    r.status = STATS_ZERO_VARIANCE;
    if (!(se > 0))
        return r;
    r.df = stats_welch_df(v1, (double)control->n, v2, (double)treatment->n);
    r.t = (b.value - k * a.value + shift) / se;
    if (!isfinite(r.t) || !isfinite(r.df))
        return (struct stats_noninferiority_mean){.status = STATS_INVALID};
    r.status = STATS_OK;
    r.p = stats_t_q(r.t, r.df);
    r.p_tost = r.p;
    if (shift > 0)
        r.p_tost = fmax(r.p, stats_t_q((a.value + shift - b.value) / se, r.df));
    return r;
}

struct stats_noninferiority_mean stats_noninferior_abs(const struct stats_moments *control,
                                                       const struct stats_moments *treatment,
                                                       double margin)
{
    return one_sided(control, treatment, 1, margin);
}

struct stats_noninferiority_mean stats_noninferior_rel(const struct stats_moments *control,
                                                       const struct stats_moments *treatment,
                                                       double margin)
{
    return one_sided(control, treatment, 1 - margin, 0);
}
