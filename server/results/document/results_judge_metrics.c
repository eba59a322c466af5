// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_judge_metrics.h"

#include "results/document/results_judge_planned.h"
#include "results/document/results_judge_since.h"

#include <string.h>

/* One metric's variants at one value of the dimension, each against the control. */
static const struct results_arm_document *compare(const struct results *r,
                                                  const struct results_metric *m, const char *value)
{
    struct results_arm_document *list =
        arena_zalloc(r->arena, (r->variant_count + 1) * sizeof(*list));
    struct results_arm control = results_arm_none();
    if (r->control >= 0)
        control = results_arm_at(r, m, (size_t)r->control, r->dimension, value);
    for (size_t i = 0; i < r->variant_count; i++) {
        list[i].key = r->variants[i].key;
        list[i].arm = results_arm_at(r, m, i, r->dimension, value);
        if (r->variants[i].is_control)
            continue;
        struct results_effect_document *e = arena_zalloc(r->arena, sizeof(*e));
        e->effect = results_effect_of(m, &control, &list[i].arm, r->head.confidence);
        e->has_control = true;
        e->cuped = results_cuped_of(r, m, &control, &list[i].arm);
        list[i].effect = e;
    }
    return list;
}

/* Values come sorted: each is told once, at its first row. */
static size_t values_of(const struct results *r, const char **ret_values)
{
    size_t count = 0;
    for (size_t i = 0; i < r->sum_count; i++) {
        const struct results_row *row = &r->sums[i];
        if (strcmp(row->dimension, r->dimension) != 0 ||
            (count > 0 && strcmp(ret_values[count - 1], row->value) == 0))
            continue;
        ret_values[count++] = row->value;
    }
    return count;
}

static const struct results_breakdown *break_down(const struct results *r,
                                                  const struct results_metric *m)
{
    const char **names = arena_zalloc(r->arena, (r->sum_count + 1) * sizeof(*names));
    size_t count = values_of(r, names);
    struct results_value_document *values = arena_zalloc(r->arena, (count + 1) * sizeof(*values));
    struct results_breakdown *b = arena_zalloc(r->arena, sizeof(*b));
    for (size_t i = 0; i < count; i++)
        values[i] = (struct results_value_document){
            .value = names[i], .arms = compare(r, m, names[i]), .arm_count = r->variant_count};
    *b = (struct results_breakdown){
        .dimension = r->dimension, .values = values, .value_count = count};
    return b;
}

static const struct results_multiplicity *multiplicity_of(const struct results *r,
                                                          const struct results_metric *m,
                                                          const struct results_cell *cell)
{
    if (!cell->adjusted.is_known)
        return NULL;
    struct results_multiplicity *q = arena_zalloc(r->arena, sizeof(*q));
    *q = (struct results_multiplicity){
        .method = r->rules.method == JUDGE_GROUP ? "bonferroni" : r->rules.multiplicity,
        .of = r->rules.method == JUDGE_ALWAYS_VALID ? "sequential" : "planned",
        .family = m->role == METRIC_ROLE_PRIMARY ? "primary" : "secondary",
        .scope = r->rules.is_by_metric ? "metric" : "campaign",
        .adjusted = &cell->adjusted,
    };
    return q;
}

static const struct results_noninferiority *noninferiority_of(const struct results_cells *c,
                                                              size_t metric, size_t variant)
{
    const struct results *r = c->r;
    const struct results_metric *m = &r->metrics[metric];
    if (m->role != METRIC_ROLE_GUARDRAIL || r->control < 0)
        return NULL;
    struct results_noninferiority *n = arena_zalloc(r->arena, sizeof(*n));
    *n = results_noninferiority_of(m, results_cell_at(c, metric, (size_t)r->control),
                                   results_cell_at(c, metric, variant));
    return n;
}

static const struct results_decomposition *
decomposition_of(const struct results_cells *c, const struct results_metric *m, size_t variant)
{
    if (strcmp(m->key, "revenue_per_visitor") != 0)
        return NULL;
    struct results_decomposition *d = arena_zalloc(c->r->arena, sizeof(*d));
    *d = results_decompose(c, variant);
    return d;
}

static const struct results_impact *impact_of(const struct results_cells *c, size_t metric,
                                              size_t variant)
{
    struct results_impact *i = arena_zalloc(c->r->arena, sizeof(*i));
    bool is_known = results_impact_of(&c->r->traffic, &c->r->metrics[metric],
                                      results_cell_at(c, metric, variant), i);
    return is_known ? i : NULL;
}

/* The answers beside each other, each with what it takes to recompute it. */
static const struct results_effect_document *effect_of(const struct results_cells *c, size_t metric,
                                                       size_t variant, bool has_impact)
{
    const struct results *r = c->r;
    const struct results_metric *m = &r->metrics[metric];
    const struct results_cell *cell = results_cell_at(c, metric, variant);
    struct results_effect_document *e = arena_zalloc(r->arena, sizeof(*e));
    e->effect = cell->effect;
    e->has_control = r->control >= 0;
    if (e->has_control)
        e->cuped = results_cuped_of(r, m, &results_cell_at(c, metric, (size_t)r->control)->arm,
                                    &cell->arm);
    e->cell = cell;
    e->planned = results_judge_planned(c, metric, variant);
    e->multiplicity = multiplicity_of(r, m, cell);
    e->noninferiority = noninferiority_of(c, metric, variant);
    e->decomposition = decomposition_of(c, m, variant);
    e->impact = has_impact ? impact_of(c, metric, variant) : NULL;
    return e;
}

static const struct results_arm_document *judge_whole(const struct results_cells *c, size_t metric,
                                                      bool has_impact)
{
    const struct results *r = c->r;
    struct results_arm_document *list =
        arena_zalloc(r->arena, (r->variant_count + 1) * sizeof(*list));
    for (size_t i = 0; i < r->variant_count; i++) {
        list[i].key = r->variants[i].key;
        list[i].arm = results_cell_at(c, metric, i)->arm;
        if (!r->variants[i].is_control)
            list[i].effect = effect_of(c, metric, i, has_impact);
    }
    return list;
}

const struct results_metric_document *results_judge_metrics(const struct results_cells *c,
                                                            bool has_impact)
{
    const struct results *r = c->r;
    struct results_metric_document *list =
        arena_zalloc(r->arena, (r->metric_count + 1) * sizeof(*list));
    for (size_t i = 0; i < r->metric_count; i++) {
        const struct results_metric *m = &r->metrics[i];
        list[i] = (struct results_metric_document){.metric = m,
                                                   .status = m->is_computed ? "ok" : "computing",
                                                   .arms = judge_whole(c, i, has_impact),
                                                   .arm_count = r->variant_count,
                                                   .since_exposure = results_judge_since(r, m)};
        if (!r->dimension[0])
            continue;
        list[i].breakdowns = break_down(r, m);
        list[i].breakdown_count = 1;
    }
    return list;
}
