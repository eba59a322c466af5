// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_adjust.h"

/* The questions that are asked together, as (metric, variant), and the p-values they answered. */
struct family {
    size_t count;
    struct results_cell **cells;
    struct stats_number *p, *counted, *adjusted;
    size_t *order;
};

/* Returns the p of the campaign's own test: a planned one has none before its end. */
static struct stats_number p_of(const struct results *r, const struct results_cell *cell)
{
    const struct results_planned *p = &cell->planned;
    if (r->rules.method == JUDGE_ALWAYS_VALID)
        return cell->sequential.p;
    if (r->rules.method == JUDGE_FIXED)
        return p->effect.p_two_sided;
    return p->inference ? p->inference->p : (struct stats_number){0};
}

static void gather(struct family *f, const struct results_cells *c, size_t metric)
{
    const struct results *r = c->r;
    for (size_t i = 0; i < r->variant_count; i++) {
        if (r->variants[i].is_control)
            continue;
        f->cells[f->count] = results_cell_at(c, metric, i);
        f->p[f->count] = p_of(r, f->cells[f->count]);
        f->count++;
    }
}

/* Intervals that hold together: Bonferroni's level beside Holm, that of the false coverage rate
 * beside Benjamini and Hochberg. */
static double level_of(const struct results *r, const struct family *f)
{
    size_t selected = 0;
    if (r->rules.method == JUDGE_GROUP || r->rules.adjustment == STATS_HOLM)
        return 1 - r->rules.alpha / (double)f->count;
    for (size_t i = 0; i < f->count; i++)
        selected += f->adjusted[i].is_known && f->adjusted[i].value <= r->rules.alpha;
    return stats_fcr_conf(r->rules.alpha, selected ? selected : 1, f->count);
}

static void add_intervals(const struct results_cells *c, const struct results_cell *cell,
                          struct results_adjusted *a)
{
    const struct results *r = c->r;
    size_t index = (size_t)(cell - c->cells);
    if (r->rules.method == JUDGE_ALWAYS_VALID) {
        struct results_sequential s = results_sequential_of(&cell->path, 1 - a->confidence);
        a->interval = s.interval;
        a->uplift_interval = s.uplift_interval;
    } else if (r->rules.method == JUDGE_FIXED) {
        struct stats_effect e =
            results_planned_test(&c->plan, &cell->planned, &r->metrics[index / r->variant_count],
                                 index % r->variant_count, a->confidence);
        a->interval = e.interval;
        a->uplift_interval = e.uplift_interval;
    } else if (cell->planned.inference) {
        a->interval = cell->planned.inference->interval;
        a->uplift_interval = cell->planned.inference->uplift_interval;
    }
}

/* The bounds of planned looks were found for their part of the error each, so that is how their
 * p-values are corrected. An unknown p was still asked for: it counts as 1, so that answers to come
 * change no level. */
static void correct(const struct results *r, struct family *f)
{
    bool is_group = r->rules.method == JUDGE_GROUP;
    for (size_t i = 0; i < f->count; i++)
        f->counted[i] = f->p[i].is_known ? f->p[i] : stats_known(1);
    stats_adjust(is_group ? STATS_BONFERRONI : r->rules.adjustment, f->counted, f->count, f->order,
                 f->adjusted);
    for (size_t i = 0; i < f->count; i++)
        if (!f->p[i].is_known)
            f->adjusted[i] = (struct stats_number){0};
}

static void settle(const struct results_cells *c, struct family *f)
{
    const struct results *r = c->r;
    correct(r, f);
    double level = level_of(r, f);
    for (size_t i = 0; i < f->count; i++) {
        struct results_adjusted *a = &f->cells[i]->adjusted;
        *a = (struct results_adjusted){
            .is_known = true, .size = f->count, .confidence = level, .p = f->adjusted[i]};
        add_intervals(c, f->cells[i], a);
    }
    f->count = 0;
}

void results_adjust(const struct results_cells *c)
{
    const struct results *r = c->r;
    size_t room = r->metric_count * r->variant_count + 1;
    struct family f = {
        .cells = arena_zalloc(r->arena, room * sizeof(struct results_cell *)),
        .p = arena_zalloc(r->arena, room * sizeof(struct stats_number)),
        .counted = arena_zalloc(r->arena, room * sizeof(struct stats_number)),
        .adjusted = arena_zalloc(r->arena, room * sizeof(struct stats_number)),
        .order = arena_zalloc(r->arena, room * sizeof(size_t)),
    };
    if (!r->rules.is_adjusted || r->control < 0)
        return;
    for (enum metric_role role = METRIC_ROLE_PRIMARY; role < METRIC_ROLE_GUARDRAIL; role++) {
        for (size_t i = 0; i < r->metric_count; i++) {
            if (r->metrics[i].role != role)
                continue;
            gather(&f, c, i);
            if (r->rules.is_by_metric)
                settle(c, &f);
        }
        if (f.count > 0)
            settle(c, &f);
    }
}
