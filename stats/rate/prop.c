// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/rate/prop.h"

#include "stats/core/dist.h"
#include "stats/effect/contrast.h"

#include <math.h>

struct stats_estimate stats_prop_estimate(const struct stats_prop *arm)
{
    if (arm->n == 0 || !stats_prop_is_sound(arm))
        return (struct stats_estimate){0};
    double n = (double)arm->n, p = (double)arm->x / n, q = (double)(arm->n - arm->x) / n;
    return (struct stats_estimate){.value = p, .variance = p * q / n};
}

static bool has_interval(const struct stats_prop *arm, double conf)
{
    return arm->n > 0 && stats_prop_is_sound(arm) && conf > 0 && conf < 1;
}

struct stats_interval stats_wilson(const struct stats_prop *arm, double conf)
{
    if (!has_interval(arm, conf))
        return (struct stats_interval){0};
    double n = (double)arm->n, x = (double)arm->x, f = n - x, z = stats_norm_critical(conf);
    double h = z * sqrt(x * f / n + z * z / 4);
    /* (x + z^2/2 - h) (x + z^2/2 + h) = x^2 (1 + z^2/n): the lower limit without cancellation. */
    double upper = (x + z * z / 2 + h) / (n + z * z);
    double lower = arm->x == 0 ? 0 : x * x / n / (x + z * z / 2 + h);
    return stats_between(lower, arm->x == arm->n ? 1 : upper);
}

static double wilson_cc_lower(double x, double n, double z)
{
    double p = x / n;
    double root = sqrt(z * z - 2 - 1 / n + 4 * p * (n - x + 1));
    return fmax(0, (2 * x + z * z - 1 - z * root) / (2 * (n + z * z)));
}

struct stats_interval stats_wilson_cc(const struct stats_prop *arm, double conf)
{
    if (!has_interval(arm, conf))
        return (struct stats_interval){0};
    double n = (double)arm->n, x = (double)arm->x, z = stats_norm_critical(conf);
    return stats_between(arm->x == 0 ? 0 : wilson_cc_lower(x, n, z),
                         arm->x == arm->n ? 1 : 1 - wilson_cc_lower(n - x, n, z));
}

struct stats_interval stats_prop_newcombe(const struct stats_prop *control,
                                          const struct stats_prop *treatment, double conf,
                                          bool has_continuity)
{
    if (!has_interval(control, conf) || !has_interval(treatment, conf))
        return (struct stats_interval){0};
    struct stats_interval a, b;
    a = has_continuity ? stats_wilson_cc(control, conf) : stats_wilson(control, conf);
    b = has_continuity ? stats_wilson_cc(treatment, conf) : stats_wilson(treatment, conf);
    double p1 = stats_prop_estimate(control).value, p2 = stats_prop_estimate(treatment).value;
    return stats_between(p2 - p1 - hypot(p2 - b.lower, a.upper - p1),
                         p2 - p1 + hypot(b.upper - p2, p1 - a.lower));
}

static struct stats_estimate one_more_of_each(const struct stats_prop *arm)
{
    double n = (double)arm->n + 2, p = ((double)arm->x + 1) / n;
    return (struct stats_estimate){.value = p, .variance = p * (1 - p) / n};
}

struct stats_interval stats_prop_agresti_caffo(const struct stats_prop *control,
                                               const struct stats_prop *treatment, double conf)
{
    if (!stats_prop_is_sound(control) || !stats_prop_is_sound(treatment) || !(conf > 0 && conf < 1))
        return (struct stats_interval){0};
    struct stats_estimate e1 = one_more_of_each(control), e2 = one_more_of_each(treatment);
    double d = e2.value - e1.value;
    double half = stats_norm_critical(conf) * sqrt(e1.variance + e2.variance);
    return stats_between(fmax(-1, d - half), fmin(1, d + half));
}

struct stats_interval stats_prop_katz(const struct stats_prop *control,
                                      const struct stats_prop *treatment, double conf)
{
    if (control->x == 0 || treatment->x == 0 || !has_interval(control, conf) ||
        !has_interval(treatment, conf))
        return (struct stats_interval){0};
    return stats_uplift_log(stats_prop_estimate(control), stats_prop_estimate(treatment),
                            stats_norm_critical(conf));
}
