// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_judge_looks.h"

static const struct results_look_effect *effect_of(const struct results_cells *c, size_t look,
                                                   const struct results_cell *cell,
                                                   const struct results_arm arms[2])
{
    const struct results *r = c->r;
    const struct results_metric *m = &r->metrics[(size_t)(cell - c->cells) / r->variant_count];
    struct results_look_effect *e = arena_zalloc(r->arena, sizeof(*e));
    e->effect = results_test_of(m, &arms[0], &arms[1], r->head.confidence);
    e->chance_to_win = results_chance_of(m, &arms[0], &arms[1]);
    if (r->control < 0)
        return e;
    struct stats_always_valid *now = arena_zalloc(r->arena, sizeof(*now));
    *now = results_sequential_at(&cell->path, look, r->rules.alpha);
    e->always_valid = now;
    return e;
}

static struct results_look_metric metric_at(const struct results_cells *c, size_t look,
                                            size_t metric)
{
    const struct results *r = c->r;
    const struct results_metric *m = &r->metrics[metric];
    const struct results_day *day = &r->days[look];
    struct results_look_arm *list = arena_zalloc(r->arena, (r->variant_count + 1) * sizeof(*list));
    struct results_arm arms[2] = {results_arm_none()};
    if (r->control >= 0)
        arms[0] = results_arm_on(r, m, (size_t)r->control, day);
    for (size_t i = 0; i < r->variant_count; i++) {
        arms[1] = results_arm_on(r, m, i, day);
        list[i] = (struct results_look_arm){
            .key = r->variants[i].key, .units = arms[1].sums.units, .value = arms[1].value};
        if (!r->variants[i].is_control)
            list[i].effect = effect_of(c, look, results_cell_at(c, metric, i), arms);
    }
    return (struct results_look_metric){.key = m->key, .arms = list, .arm_count = r->variant_count};
}

const struct results_look_document *results_judge_looks(const struct results_cells *c)
{
    const struct results *r = c->r;
    struct results_look_document *looks =
        arena_zalloc(r->arena, (r->day_count + 1) * sizeof(*looks));
    for (size_t i = 0; i < r->day_count; i++) {
        struct results_look_metric *metrics =
            arena_zalloc(r->arena, (r->metric_count + 1) * sizeof(*metrics));
        for (size_t j = 0; j < r->metric_count; j++)
            metrics[j] = metric_at(c, i, j);
        looks[i] = (struct results_look_document){.day = r->looks[r->days[i].from].day,
                                                  .as_of = r->looks[r->days[i].from].as_of,
                                                  .metrics = metrics,
                                                  .metric_count = r->metric_count};
    }
    return looks;
}
