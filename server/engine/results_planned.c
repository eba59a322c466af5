// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/results_judge.h"

#include <math.h>

#define STEP_MIN 1e-3

/* Information grows with the units: the planned ones are 1, what goes beyond counts as 1. */
static double information_at(const struct results *r, double units)
{
    return fmin(1, units / r->rules.planned_units);
}

/* The first closed day at or past each planned step is a look. Days count, not the moment somebody
 * reads the results, so that reading them often spends nothing. */
static void find_looks(const struct results *r, struct results_schedule *s, struct stats_group *g)
{
    double last = 0;
    int next = 1;
    for (size_t i = 0; i < r->day_count && last < 1; i++) {
        double t = information_at(r, r->days[i].units);
        if (t * r->rules.looks < next - 1e-9 || t - last < STEP_MIN)
            continue;
        s->days[s->came] = i;
        g->t[s->came++] = t;
        last = t;
        next = (int)floor(t * r->rules.looks + 1e-9) + 1;
    }
    s->is_complete = last >= 1;
    g->looks = s->came;
    for (; next <= r->rules.looks && g->looks < STATS_GROUP_LOOKS; next++)
        if ((double)next / r->rules.looks - last >= STEP_MIN)
            last = g->t[g->looks++] = (double)next / r->rules.looks;
}

void results_schedule_looks(struct results *r)
{
    struct stats_group looks = {.is_two_sided = true};
    if (r->rules.method != JUDGE_GROUP || !(r->rules.planned_units > 0))
        return;
    struct results_schedule *s = arena_zalloc(r->arena, sizeof(*s));
    find_looks(r, s, &looks);
    for (int role = 0; role < RESULTS_ROLES; role++) {
        struct stats_group *g = &s->bounds[role];
        *g = looks;
        g->alpha = r->rules.alpha / (double)results_family_size(r, (enum results_role)role);
        stats_group_bounds(g, r->rules.spending, 0);
    }
    r->schedule = s;
}

static struct stats_effect test_at(const struct results *r, size_t day,
                                   const struct results_metric *m, size_t variant)
{
    const struct results_day *d = &r->days[day];
    struct results_sums sums =
        results_sums_of(results_find_look(r, d, m->id, r->variants[r->control].key));
    struct results_arm control = results_arm_of(m, &sums);
    sums = results_sums_of(results_find_look(r, d, m->id, r->variants[variant].key));
    struct results_arm treatment = results_arm_of(m, &sums);
    return results_test_of(m, &control, &treatment, 1 - r->rules.alpha);
}

/* The normal deviate with the test's own p, so that few units are not read as many. */
static double z_of(const struct stats_effect *e)
{
    if (!e->p_two_sided.is_known || !e->statistic.is_known)
        return 0;
    double p = e->p_two_sided.value;
    double z = p > 0 && p < 1 ? stats_norm_z(p / 2) : p > 0 ? 0 : fabs(e->statistic.value);
    return copysign(z, e->statistic.value);
}

static struct results_planned group_of(const struct results *r, const struct results_metric *m,
                                       size_t variant)
{
    const struct results_schedule *s = r->schedule;
    const struct stats_group *bounds = &s->bounds[m->place];
    struct results_planned p = {.status = bounds->status, .came = s->came};
    for (int k = 0; k < s->came && p.status == STATS_OK; k++) {
        struct stats_effect e = test_at(r, s->days[k], m, variant);
        p.z[k] = z_of(&e);
        if (p.crossed == 0 && fabs(p.z[k]) >= bounds->z[k])
            p.crossed = k + 1;
    }
    return p;
}

static struct results_planned fixed_of(const struct results *r, const struct results_metric *m,
                                       size_t variant)
{
    struct results_planned p = {.status = STATS_OK};
    for (size_t i = 0; i < r->day_count; i++) {
        if (r->days[i].units < r->rules.planned_units)
            continue;
        p.is_final = true;
        p.effect = test_at(r, i, m, variant);
        return p;
    }
    /* Before the day closes it would be read more than once. */
    p.is_final = r->is_over && r->units >= r->rules.planned_units;
    if (p.is_final)
        p.effect = results_cell_at(r, (size_t)(m - r->metrics), variant)->effect.frequentist;
    return p;
}

struct results_planned results_planned_of(const struct results *r, const struct results_metric *m,
                                          size_t variant)
{
    if (r->rules.method == JUDGE_ALWAYS_VALID || !(r->rules.planned_units > 0))
        return (struct results_planned){.status = STATS_INVALID};
    return r->rules.method == JUDGE_GROUP ? group_of(r, m, variant) : fixed_of(r, m, variant);
}
