// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/results_judge.h"

/* The questions that are asked together, as (metric, variant), and the p-values they answered. */
struct family {
    size_t count;
    struct results_cell **cells;
    struct stats_number *p, *counted, *adjusted;
    size_t *order;
};

static size_t treatments_of(const struct results *r)
{
    return r->variant_count - (r->control >= 0 ? 1 : 0);
}

size_t results_family_size(const struct results *r, enum results_role role)
{
    size_t metrics = 0, variants = treatments_of(r);
    for (size_t i = 0; i < r->metric_count; i++)
        metrics += r->metrics[i].place == role;
    if (!r->rules.is_adjusted || role == ROLE_GUARDRAIL)
        return 1;
    size_t size = variants * (r->rules.is_by_metric ? 1 : metrics);
    return size > 0 ? size : 1;
}

/* Of the campaign's own test: a planned one has none before its end. */
static struct stats_number p_of(const struct results *r, const struct results_cell *cell)
{
    const struct results_planned *p = &cell->planned;
    if (r->rules.method == JUDGE_ALWAYS_VALID)
        return cell->sequential.p;
    if (r->rules.method == JUDGE_FIXED)
        return p->effect.p_two_sided;
    return p->inference ? p->inference->p : (struct stats_number){0};
}

static void gather(struct family *f, const struct results *r, size_t metric)
{
    for (size_t i = 0; i < r->variant_count; i++) {
        if (r->variants[i].is_control)
            continue;
        f->cells[f->count] = results_cell_at(r, metric, i);
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

static void add_intervals(const struct results *r, const struct results_metric *m, size_t variant,
                          struct results_adjusted *a)
{
    const struct results_cell *cell = results_cell_at(r, (size_t)(m - r->metrics), variant);
    if (r->rules.method == JUDGE_ALWAYS_VALID) {
        struct results_sequential s = results_sequential_of(&cell->path, 1 - a->confidence);
        a->interval = s.interval;
        a->uplift_interval = s.uplift_interval;
    } else if (r->rules.method == JUDGE_FIXED) {
        struct stats_effect e = results_planned_test(r, m, variant, a->confidence);
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

static void settle(struct results *r, struct family *f)
{
    correct(r, f);
    double level = level_of(r, f);
    for (size_t i = 0; i < f->count; i++) {
        struct results_adjusted *a = &f->cells[i]->adjusted;
        size_t place = (size_t)(f->cells[i] - r->cells);
        *a = (struct results_adjusted){
            .is_known = true, .size = f->count, .confidence = level, .p = f->adjusted[i]};
        add_intervals(r, &r->metrics[place / r->variant_count], place % r->variant_count, a);
    }
    f->count = 0;
}

void results_adjust(struct results *r)
{
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
    for (enum results_role role = ROLE_GOAL; role < ROLE_GUARDRAIL; role++) {
        for (size_t i = 0; i < r->metric_count; i++) {
            if (r->metrics[i].place != role)
                continue;
            gather(&f, r, i);
            if (r->rules.is_by_metric)
                settle(r, &f);
        }
        if (f.count > 0)
            settle(r, &f);
    }
}
