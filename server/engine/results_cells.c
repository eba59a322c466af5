// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/results_judge.h"

#include <string.h>

struct results_cell *results_cell_at(const struct results *r, size_t metric, size_t variant)
{
    return &r->cells[metric * r->variant_count + variant];
}

static void fill_arms(struct results *r, size_t metric)
{
    const struct results_metric *m = &r->metrics[metric];
    for (size_t i = 0; i < r->variant_count; i++) {
        struct results_sums sums =
            results_sums_of(results_find_sums(r, m->id, r->variants[i].key, "all", ""));
        results_cell_at(r, metric, i)->arm = results_arm_of(m, &sums);
    }
}

static void fill_effects(struct results *r, size_t metric)
{
    static const struct results_arm no_control = {.status = STATS_SINGLE_ARM};
    const struct results_metric *m = &r->metrics[metric];
    const struct results_arm *control =
        r->control >= 0 ? &results_cell_at(r, metric, (size_t)r->control)->arm : &no_control;
    for (size_t i = 0; i < r->variant_count; i++) {
        struct results_cell *cell = results_cell_at(r, metric, i);
        if (r->variants[i].is_control)
            continue;
        cell->effect = results_effect_of(m, control, &cell->arm, r->confidence);
        cell->sequential.status = cell->planned.status = cell->trend.line.status = STATS_SINGLE_ARM;
        if (r->control < 0)
            continue;
        cell->path = results_path_of(r, m, i);
        cell->sequential = results_sequential_of(&cell->path, r->rules.alpha);
        cell->trend = results_trend_of(r, &cell->path);
        cell->planned = results_planned_of(r, m, i);
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

static void call(struct results *r)
{
    for (size_t i = 0; i < r->metric_count; i++) {
        const struct results_metric *m = &r->metrics[i];
        int up = strcmp(m->direction, "down") == 0 ? -1 : 1;
        for (size_t j = 0; j < r->variant_count; j++) {
            struct results_cell *cell = results_cell_at(r, i, j);
            int side = r->variants[j].is_control ? 0 : side_of(r, cell) * up;
            cell->is_better = side > 0;
            cell->is_worse = side < 0;
        }
    }
}

void results_fill_cells(struct results *r)
{
    r->cells = arena_zalloc(r->arena,
                            (r->metric_count * r->variant_count + 1) * sizeof(struct results_cell));
    for (size_t i = 0; i < r->metric_count; i++)
        fill_arms(r, i);
    results_schedule_looks(r);
    for (size_t i = 0; i < r->metric_count; i++)
        fill_effects(r, i);
    results_adjust(r);
    call(r);
}
