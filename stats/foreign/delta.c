// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/foreign/delta.h"

#include "stats/core/dist.h"
#include "stats/effect/contrast.h"
#include "stats/sequential/sequential.h"

#include <math.h>

static struct stats_estimate whole(const struct stats_delta_arm *arm)
{
    return (struct stats_estimate){.value = arm->plain.value + arm->adjustment.value,
                                   .variance = arm->plain.variance + 2 * arm->cov +
                                               arm->adjustment.variance};
}

struct stats_delta stats_delta(const struct stats_delta_arm *control,
                               const struct stats_delta_arm *treatment, bool is_relative)
{
    struct stats_estimate m1 = whole(control), m2 = whole(treatment);
    double diff = m2.value - m1.value, base = control->plain.value;
    if (!(m1.variance >= 0 && m2.variance >= 0 && m1.variance + m2.variance > 0) ||
        (is_relative && base == 0))
        return (struct stats_delta){0};
    double df = stats_welch_df(m1.variance, control->n, m2.variance, treatment->n);
    struct stats_delta r = {.effect = {diff, m1.variance + m2.variance}, .df = df};
    if (is_relative) {
        double ratio = treatment->plain.value / base;
        double v1 = ratio * ratio * control->plain.variance + 2 * ratio * control->cov +
                    control->adjustment.variance;
        r.effect = (struct stats_estimate){diff / base, (m2.variance + v1) / base / base};
    }
    if (!isfinite(r.effect.value) || !isfinite(r.effect.variance) || !isfinite(df))
        return (struct stats_delta){0};
    return r;
}

static struct stats_interval around(double middle, double half, enum stats_delta_test test)
{
    bool has_lower = test != STATS_DELTA_T_LESS && test != STATS_DELTA_SEQUENTIAL_LESS;
    bool has_upper = test != STATS_DELTA_T_GREATER && test != STATS_DELTA_SEQUENTIAL_GREATER;
    return stats_between(has_lower ? middle - half : -INFINITY,
                         has_upper ? middle + half : INFINITY);
}

static struct stats_delta_result sequential(const struct stats_delta *delta,
                                            enum stats_delta_test test, double alpha, double n,
                                            double n_star)
{
    double d = delta->effect.value, se = sqrt(delta->effect.variance);
    if (test == STATS_DELTA_SEQUENTIAL) {
        struct stats_always_valid v = stats_asymptotic_cs(d, se, n, n_star, alpha);
        return (struct stats_delta_result){.interval = v.interval, .p = v.p};
    }
    double half = stats_asymptotic_one_sided(se, n, n_star, alpha);
    return (struct stats_delta_result){.interval = around(d, half, test)};
}

struct stats_delta_result stats_delta_test(const struct stats_delta *delta,
                                           enum stats_delta_test test, double alpha, double n,
                                           double n_star)
{
    double d = delta->effect.value, se = sqrt(delta->effect.variance);
    if (!(se > 0) || !isfinite(d / se) || !(delta->df > 0) || !(alpha > 0 && alpha < 1))
        return (struct stats_delta_result){0};
    if (test >= STATS_DELTA_SEQUENTIAL)
        return sequential(delta, test, alpha, n, n_star);
    double t = d / se, tail = test == STATS_DELTA_T ? alpha / 2 : alpha, p;
    if (test == STATS_DELTA_T)
        p = fmin(1, 2 * stats_t_q(fabs(t), delta->df));
    else
        p = stats_t_q(test == STATS_DELTA_T_GREATER ? t : -t, delta->df);
    double half = stats_t_quantile(tail, delta->df) * se;
    return (struct stats_delta_result){.interval = around(d, half, test), .p = stats_known(p)};
}
