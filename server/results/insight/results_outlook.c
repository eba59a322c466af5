// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/insight/results_outlook.h"

#include "results/judge/results_family.h"

#include <math.h>
#include <string.h>

enum { HORIZONS = 3 };

static const double horizons[HORIZONS] = {7, 14, 28};

/* The leader's test as it stands. */
struct now {
    const struct results *r;
    const struct results_cell *cell;
    double z, se, up;      /* up: 1, or -1 where less is better */
    double pair, daily;    /* units of both arms, and how many more come a day */
    double alpha, minimum; /* minimum: the difference that is worth finding; NAN: unknown */
};

static bool stand(const struct results_cells *c, size_t metric, size_t variant, struct now *ret)
{
    const struct results *r = c->r;
    const struct results_cell *cell = results_cell_at(c, metric, variant);
    const struct results_path *path = &cell->path;
    if (path->count == 0 || !path->points[path->count - 1].is_usable || r->is_over ||
        !(r->traffic.units > 0) || !(r->traffic.days > 0))
        return false;
    const struct results_point *p = &path->points[path->count - 1];
    const double se = sqrt(p->control.variance + p->treatment.variance);
    *ret = (struct now){.r = r,
                        .cell = cell,
                        .se = se,
                        .z = (p->treatment.value - p->control.value) / se,
                        .up = strcmp(r->metrics[metric].direction, "down") == 0 ? -1 : 1,
                        .pair = p->units,
                        .daily = r->traffic.units / r->traffic.days * results_share_of(r, variant),
                        .alpha = cell->adjusted.is_known ? 1 - cell->adjusted.confidence
                                                         : r->rules.alpha,
                        .minimum = r->rules.minimum_uplift * fabs(p->control.value)};
    return se > 0 && isfinite(ret->z);
}

static struct results_outlook at(const struct now *n, double days, double pair, double critical)
{
    const double t = n->pair / pair, z = n->z * n->up;
    struct results_outlook o = {.days = days,
                                .units =
                                    n->r->units + days * n->r->traffic.units / n->r->traffic.days,
                                .better = stats_predictive_power(z, t, critical),
                                .worse = stats_predictive_power(-z, t, critical)};
    if (n->minimum > 0)
        o.at_minimum =
            stats_known(stats_conditional_power(z, t, n->minimum / (n->se * sqrt(t)), critical));
    return o;
}

/* The z to pass at the end of a planned test; NAN: it has none. */
static double last_bound(const struct results_cells *c, size_t metric, const struct now *n)
{
    if (n->r->rules.method == JUDGE_FIXED)
        return stats_norm_critical(1 - n->alpha);
    const struct results_schedule *s = c->plan.schedules[metric];
    return s && s->bounds.looks > 0 ? s->bounds.z[s->bounds.looks - 1] : NAN;
}

/* To the planned end, if that is still to come. */
static size_t ahead_to_end(const struct results_cells *c, size_t metric, const struct now *n,
                           struct results_outlook *list)
{
    const double end = n->pair / n->r->units * n->r->rules.planned_units;
    const double bound = last_bound(c, metric, n);
    if (!(end > n->pair) || !isfinite(bound) || n->cell->planned.crossed)
        return 0;
    list[0] = at(n, ceil((end - n->pair) / n->daily), end, bound);
    return 1;
}

static size_t ahead_by_days(const struct now *n, struct results_outlook *list)
{
    for (size_t i = 0; i < HORIZONS; i++) {
        const double pair = n->pair + horizons[i] * n->daily;
        const struct stats_always_valid then =
            stats_mixture(0, 1, n->cell->path.rho * sqrt(pair), n->alpha);
        list[i] = at(n, horizons[i], pair, then.halfwidth.value);
    }
    return HORIZONS;
}

const struct results_outlook *results_outlook_of(const struct results_cells *c, size_t metric,
                                                 size_t variant, size_t *ret_count)
{
    struct now n;
    struct results_outlook *list = arena_zalloc(c->r->arena, HORIZONS * sizeof(*list));
    *ret_count = 0;
    const struct results_cell *cell = results_cell_at(c, metric, variant);
    if (cell->is_better || cell->is_worse || !stand(c, metric, variant, &n))
        return list;
    *ret_count = c->r->rules.method == JUDGE_ALWAYS_VALID ? ahead_by_days(&n, list)
                                                          : ahead_to_end(c, metric, &n, list);
    return list;
}
