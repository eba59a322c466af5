// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/contrast.h"

#include "stats/core/dist.h"

#include <math.h>
#include <stddef.h>

static struct stats_difference difference_of(struct stats_estimate control,
                                             struct stats_estimate treatment, double cov)
{
    return (struct stats_difference){treatment.value - control.value,
                                     control.variance + treatment.variance - 2 * cov,
                                     cov - control.variance};
}

/* All over m1^2, u = m2 / m1 - 1. Since root^2 = shift^2 + a (v / m1^2 - u^2), the interval holds 0
 * exactly where the test of the difference, with the same v, does not reject. */
static struct stats_interval fieller(struct stats_estimate control, struct stats_difference d,
                                     double critical, double *ret_g)
{
    double m1 = control.value, c2 = critical * critical;
    double g = m1 == 0 ? INFINITY : c2 * control.variance / m1 / m1;
    if (ret_g)
        *ret_g = g;
    if (!(g < 1) || !(g >= 0))
        return (struct stats_interval){0};
    double a = 1 - g, u = d.value / m1, w = -c2 * d.cov_control / m1 / m1, shift = u + w;
    double s = fabs(critical) * sqrt(d.variance) / fabs(m1), sign = m1 > 0 ? 1 : -1;
    /* Squares in units of the largest, so that none underflows beside a huge control. */
    double unit = fmax(s, fmax(fabs(u), fabs(w)));
    if (!isfinite(s) || !isfinite(unit))
        return (struct stats_interval){0};
    double su = s / unit, uu = u / unit, wu = w / unit;
    double spread = a * su * su + g * uu * uu + wu * (2 * uu + wu);
    double root = unit > 0 && spread > 0 ? unit * sqrt(spread) : 0;
    return stats_between((sign * shift - root) / a, (sign * shift + root) / a);
}

struct stats_interval stats_fieller(struct stats_estimate control, struct stats_estimate treatment,
                                    double cov, double critical, double *ret_g)
{
    return fieller(control, difference_of(control, treatment, cov), critical, ret_g);
}

struct stats_interval stats_uplift_delta(struct stats_estimate control,
                                         struct stats_estimate treatment, double critical)
{
    double m1 = control.value, m2 = treatment.value;
    if (m1 == 0 || !(critical >= 0))
        return (struct stats_interval){0};
    double uplift = (m2 - m1) / fabs(m1), r = m2 / m1;
    double se = sqrt(treatment.variance + r * r * control.variance) / fabs(m1);
    return stats_between(uplift - critical * se, uplift + critical * se);
}

struct stats_interval stats_uplift_log(struct stats_estimate control,
                                       struct stats_estimate treatment, double critical)
{
    double m1 = control.value, m2 = treatment.value;
    if (!(m1 > 0) || !(m2 > 0) || !(critical >= 0))
        return (struct stats_interval){0};
    double log_ratio = log(m2 / m1);
    double half = critical * sqrt(control.variance / m1 / m1 + treatment.variance / m2 / m2);
    return stats_between(expm1(log_ratio - half), expm1(log_ratio + half));
}

double stats_welch_df(double v1, double n1, double v2, double n2)
{
    double a = v1 / (v1 + v2), b = v2 / (v1 + v2);
    return 1 / (a * a / (n1 - 1) + b * b / (n2 - 1));
}

static bool is_sound(const struct stats_estimate *e)
{
    return isfinite(e->value) && e->variance >= 0 && isfinite(e->variance);
}

static void test_difference(struct stats_effect *effect, double df)
{
    double t = effect->statistic.value, size = fabs(t);
    double log_p = stats_t_log_q(size, df) + M_LN2;
    effect->p_two_sided = stats_known(fmin(1, 2 * stats_t_q(size, df)));
    effect->log10_p = stats_known(fmin(0, log_p / M_LN10));
}

struct stats_effect stats_contrast(struct stats_estimate control, struct stats_estimate treatment,
                                   double cov, double df, double conf)
{
    return stats_contrast_joint(control, treatment, difference_of(control, treatment, cov), df,
                                conf);
}

struct stats_effect stats_contrast_joint(struct stats_estimate control,
                                         struct stats_estimate treatment,
                                         struct stats_difference difference, double df, double conf)
{
    double diff = difference.value, variance = difference.variance;
    struct stats_effect effect = {.conf = conf, .status = STATS_INVALID};
    if (!is_sound(&control) || !is_sound(&treatment) || !isfinite(diff) || !isfinite(variance) ||
        !isfinite(difference.cov_control) || !(df >= 0.5) || !(conf > 0 && conf < 1))
        return effect;
    effect = (struct stats_effect){
        .conf = conf,
        .control = stats_known(control.value),
        .treatment = stats_known(treatment.value),
        .diff = stats_known(diff),
    };
    if (control.value != 0)
        effect.uplift = stats_known(diff / fabs(control.value));
    if (!(variance > 0)) {
        effect.status = STATS_ZERO_VARIANCE;
        return effect;
    }
    double se = sqrt(variance), critical = stats_t_quantile((1 - conf) / 2, df);
    if (!isfinite(diff / se) || !isfinite(critical)) {
        effect.status = STATS_INVALID;
        return effect;
    }
    effect.se = stats_known(se);
    effect.statistic = stats_known(diff / se);
    if (isfinite(df))
        effect.df = stats_known(df);
    effect.interval = stats_between(diff - critical * se, diff + critical * se);
    effect.uplift_interval = fieller(control, difference, critical, NULL);
    test_difference(&effect, df);
    if (control.value == 0)
        effect.status = STATS_BASELINE_ZERO;
    else if (!effect.uplift_interval.is_known)
        effect.status = STATS_FIELLER_UNBOUNDED;
    return effect;
}
