// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/ratio.h"

#include "stats/effect/contrast.h"

#include <math.h>

static bool is_sound(const struct stats_comoments *m)
{
    return isfinite(m->mean_x) && isfinite(m->mean_y) && isfinite(m->c_xy) && m->m2_x >= 0 &&
           m->m2_y >= 0 && isfinite(m->m2_x) && isfinite(m->m2_y);
}

struct stats_ratio_arm stats_ratio_arm(const struct stats_comoments *arm)
{
    struct stats_ratio_arm r = {.n = arm->n, .status = STATS_NO_DATA};
    if (arm->n == 0)
        return r;
    r.status = STATS_NO_DENOMINATOR;
    if (arm->mean_y == 0)
        return r;
    double ratio = arm->mean_x / arm->mean_y, n = (double)arm->n;
    r.status = STATS_INVALID;
    if (!is_sound(arm) || !isfinite(ratio))
        return r;
    r.estimate.value = ratio;
    r.status = STATS_INSUFFICIENT_DATA;
    if (arm->n < 2)
        return r;
    double parts = arm->m2_x + ratio * ratio * arm->m2_y;
    double residual = parts - 2 * ratio * arm->c_xy;
    if (residual < 1e-13 * parts)
        residual = 0;
    double variance = residual / (n - 1) / n / arm->mean_y / arm->mean_y;
    r.status = STATS_INVALID;
    if (!isfinite(variance))
        return r;
    r.estimate.variance = variance;
    r.status = STATS_OK;
    return r;
}

static bool has_ratio(const struct stats_ratio_arm *arm)
{
    return arm->status == STATS_OK || arm->status == STATS_INSUFFICIENT_DATA;
}

struct stats_effect stats_ratio(const struct stats_comoments *control,
                                const struct stats_comoments *treatment, double conf)
{
    struct stats_effect e = {.status = STATS_INVALID, .conf = conf};
    if (!(conf > 0 && conf < 1) || !is_sound(control) || !is_sound(treatment))
        return e;
    struct stats_ratio_arm a = stats_ratio_arm(control), b = stats_ratio_arm(treatment);
    if (a.status == STATS_OK && b.status == STATS_OK) {
        double v1 = a.estimate.variance, v2 = b.estimate.variance, df = INFINITY;
        if (v1 + v2 > 0)
            df = stats_welch_df(v1, (double)a.n, v2, (double)b.n);
        return stats_contrast(a.estimate, b.estimate, 0, df, conf);
    }
    e.status = a.status == STATS_OK ? b.status : a.status;
    if (has_ratio(&a))
        e.control = stats_known(a.estimate.value);
    if (has_ratio(&b))
        e.treatment = stats_known(b.estimate.value);
    return e;
}
