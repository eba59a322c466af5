// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_judge_planned.h"

static struct results_planned_look_document look_of(const struct results *r,
                                                    const struct results_schedule *s,
                                                    const struct results_planned *p, int k)
{
    bool has_come = k < s->came;
    struct results_planned_look_document look = {
        .has_come = has_come,
        .has_crossed = k + 1 == p->crossed,
        .information = s->information[k],
        .bound = s->bounds.z[k],
        .nominal_p = s->bounds.nominal_p[k],
        .spent = s->bounds.cumulative[k],
    };
    if (!has_come)
        return look;
    /* Days that closed; a look taken at the end of the phase has none. */
    if (s->days[k] < r->day_count)
        look.day = r->looks[r->days[s->days[k]].from].day;
    look.z = stats_known(p->looks[k].z);
    look.interval = p->looks[k].interval;
    return look;
}

static const struct results_group_document *group_of(const struct results_cells *c, size_t metric,
                                                     const struct results_planned *p)
{
    const struct results *r = c->r;
    const struct results_schedule *s = c->plan.schedules[metric];
    double information = s->came > 0 ? s->information[s->came - 1] : 0;
    struct results_planned_look_document *looks =
        arena_zalloc(r->arena, ((size_t)s->bounds.looks + 1) * sizeof(*looks));
    struct results_group_document *g = arena_zalloc(r->arena, sizeof(*g));
    *g = (struct results_group_document){
        .spending = r->rules.spending == STATS_SPEND_POCOCK ? "pocock" : "obrien_fleming",
        .alpha = s->bounds.alpha,
        .information = information,
        .overrun_units = information > 1 ? (information - 1) * r->rules.planned_units : 0,
        .has_crossed = p->crossed > 0,
        .is_complete = s->is_complete,
        .is_ended_early = s->is_ended_early,
        .looks = looks,
        .inference = p->inference,
    };
    for (int k = 0; k < s->bounds.looks && p->status == STATS_OK; k++)
        looks[g->look_count++] = look_of(r, s, p, k);
    return g;
}

const struct results_planned_document *results_judge_planned(const struct results_cells *c,
                                                             size_t metric, size_t variant)
{
    const struct results *r = c->r;
    const struct results_planned *p = &results_cell_at(c, metric, variant)->planned;
    bool is_group = r->rules.method == JUDGE_GROUP;
    if (r->rules.method == JUDGE_ALWAYS_VALID || !(r->rules.planned_units > 0))
        return NULL;
    struct results_planned_document *d = arena_zalloc(r->arena, sizeof(*d));
    *d = (struct results_planned_document){
        .method = is_group ? "group_sequential" : "fixed",
        .status = p->status,
        .planned_units = r->rules.planned_units,
        .units = r->units,
        .group = is_group && r->control >= 0 ? group_of(c, metric, p) : NULL,
        .fixed = is_group ? NULL : p,
    };
    return d;
}
