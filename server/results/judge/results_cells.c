// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_cells.h"

#include "results/judge/results_adjust.h"

#include <string.h>

static const struct results_arm *judge_arms(const struct results *r)
{
    struct results_arm *arms =
        arena_zalloc(r->arena, (r->metric_count * r->variant_count + 1) * sizeof(*arms));
    for (size_t i = 0; i < r->metric_count; i++)
        for (size_t j = 0; j < r->variant_count; j++)
            arms[i * r->variant_count + j] = results_arm_at(r, &r->metrics[i], j, "all", "");
    return arms;
}

static void judge_metric(const struct results_cells *c, size_t metric)
{
    const struct results *r = c->r;
    const struct results_metric *m = &r->metrics[metric];
    const struct results_arm *arms = &c->plan.arms[metric * r->variant_count];
    const struct results_arm none = results_arm_none();
    const struct results_arm *control = r->control >= 0 ? &arms[r->control] : &none;
    for (size_t i = 0; i < r->variant_count; i++) {
        struct results_cell *cell = results_cell_at(c, metric, i);
        cell->arm = arms[i];
        if (r->variants[i].is_control)
            continue;
        cell->effect = results_effect_of(m, control, &cell->arm, r->head.confidence);
        cell->sequential.status = cell->planned.status = cell->trend.line.status = STATS_SINGLE_ARM;
        if (r->control < 0)
            continue;
        cell->path = results_path_of(r, m, arms, i);
        cell->sequential = results_sequential_of(&cell->path, r->rules.alpha);
        cell->trend = results_trend_of(r, &cell->path);
        cell->planned = results_planned_of(&c->plan, m, i);
    }
}

/* Which side of no effect the campaign's own test has settled on: -1, 0 or 1. */
static int side_of(const struct results *r, const struct results_cell *cell)
{
    double alpha = r->rules.alpha;
    const struct results_planned *p = &cell->planned;
    if (r->rules.method == JUDGE_GROUP)
        return p->crossed == 0 ? 0 : p->is_above ? 1 : -1;
    struct stats_number adjusted = cell->adjusted.is_known          ? cell->adjusted.p
                                   : r->rules.method == JUDGE_FIXED ? p->effect.p_two_sided
                                                                    : cell->sequential.p;
    if (!adjusted.is_known || adjusted.value > alpha)
        return 0;
    if (r->rules.method == JUDGE_FIXED)
        return !p->is_final ? 0 : p->effect.statistic.value > 0 ? 1 : -1;
    const struct stats_interval *interval = &cell->sequential.interval;
    if (!interval->is_known)
        return 0;
    return interval->lower > 0 ? 1 : interval->upper < 0 ? -1 : 0;
}

static void call(const struct results_cells *c)
{
    const struct results *r = c->r;
    for (size_t i = 0; i < r->metric_count; i++) {
        const struct results_metric *m = &r->metrics[i];
        int up = strcmp(m->direction, "down") == 0 ? -1 : 1;
        for (size_t j = 0; j < r->variant_count; j++) {
            struct results_cell *cell = results_cell_at(c, i, j);
            int side = r->variants[j].is_control ? 0 : side_of(r, cell) * up;
            cell->is_better = side > 0;
            cell->is_worse = side < 0;
        }
    }
}

const struct results_cells *results_judge_cells(const struct results *r)
{
    size_t count = r->metric_count * r->variant_count;
    struct results_cells *c = arena_zalloc(r->arena, sizeof(*c));
    c->r = r;
    c->plan = results_planner_of(r, judge_arms(r));
    c->cells = arena_zalloc(r->arena, (count + 1) * sizeof(*c->cells));
    for (size_t i = 0; i < r->metric_count; i++)
        judge_metric(c, i);
    results_adjust(c);
    call(c);
    return c;
}
