// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_path.h"

#include "results/judge/results_family.h"

#include <math.h>

static struct results_point point_of(const struct results_metric *m,
                                     const struct results_arm *control,
                                     const struct results_arm *treatment)
{
    struct results_point p = {.units = (double)(control->sums.units + treatment->sums.units)};
    p.is_usable = results_is_enough(m, control) && results_is_enough(m, treatment);
    if (p.is_usable) {
        p.control = results_estimate_of(m, control);
        p.treatment = results_estimate_of(m, treatment);
    }
    return p;
}

struct results_path results_path_of(const struct results *r, const struct results_metric *m,
                                    const struct results_arm *now, size_t variant)
{
    struct results_point *points = arena_zalloc(r->arena, (r->day_count + 1) * sizeof(*points));
    for (size_t i = 0; i < r->day_count; i++) {
        struct results_arm control = results_arm_on(r, m, (size_t)r->control, &r->days[i]);
        struct results_arm treatment = results_arm_on(r, m, variant, &r->days[i]);
        points[i] = point_of(m, &control, &treatment);
    }
    points[r->day_count] = point_of(m, &now[r->control], &now[variant]);
    struct results_path path = {.points = points, .count = r->day_count + 1};
    path.tuned_units = r->rules.tuned_units * results_share_of(r, variant);
    path.rho = stats_asymptotic_rho(path.tuned_units, r->rules.alpha);
    return path;
}

static double se_of(const struct results_point *p)
{
    return sqrt(p->control.variance + p->treatment.variance);
}

static void narrow(struct stats_interval *all, struct stats_interval one)
{
    if (!one.is_known)
        return;
    if (!all->is_known)
        *all = one;
    all->lower = fmax(all->lower, one.lower);
    all->upper = fmin(all->upper, one.upper);
}

struct stats_always_valid results_sequential_at(const struct results_path *path, size_t i,
                                                double alpha)
{
    const struct results_point *p = &path->points[i];
    if (!p->is_usable)
        return (struct stats_always_valid){.status = STATS_INSUFFICIENT_DATA};
    if (!(se_of(p) > 0))
        return (struct stats_always_valid){.status = STATS_ZERO_VARIANCE};
    double tau = path->rho * se_of(p) * sqrt(p->units);
    return stats_always_valid_uplift(p->control, p->treatment, 0, tau, alpha);
}

struct results_sequential results_sequential_of(const struct results_path *path, double alpha)
{
    struct results_sequential s = {.status = STATS_INSUFFICIENT_DATA, .alpha = alpha};
    s.range = stats_between(STATS_MIXTURE_FROM, STATS_MIXTURE_TO);
    struct stats_path all = stats_path_start();
    for (size_t i = 0; i < path->count; i++) {
        const struct results_point *p = &path->points[i];
        bool is_spread = p->is_usable && se_of(p) > 0;
        s.now = results_sequential_at(path, i, alpha);
        s.tau = is_spread ? stats_known(path->rho * se_of(p) * sqrt(p->units))
                          : (struct stats_number){0};
        if (!is_spread)
            continue;
        stats_path_add(&all, &s.now, alpha);
        if (s.now.status)
            continue;
        s.looks++;
        narrow(&s.uplift_interval, s.now.uplift_interval);
    }
    if (s.looks == 0) {
        s.status = s.now.status;
        return s;
    }
    s.status = STATS_OK;
    s.p = stats_known(all.p);
    s.log10_p = stats_known(all.log10_p);
    /* Where the looks no longer meet, the effect has changed: no single interval covers it. */
    if (!all.is_empty)
        s.interval = stats_between(all.lower, all.upper);
    if (s.uplift_interval.lower > s.uplift_interval.upper)
        s.uplift_interval = (struct stats_interval){0};
    return s;
}
