// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_planned.h"

#include "results/judge/results_family.h"
#include "results/sums/results_find.h"

#include <math.h>
#include <string.h>

static const struct results_arm *now_of(const struct results_planner *plan,
                                        const struct results_metric *m)
{
    return &plan->arms[(size_t)(m - plan->r->metrics) * plan->r->variant_count];
}

/* One of the days that closed, or, at day_count, now. */
static struct results_arm arm_on(const struct results_planner *plan, size_t day,
                                 const struct results_metric *m, size_t variant)
{
    const struct results *r = plan->r;
    return day == r->day_count ? now_of(plan, m)[variant]
                               : results_arm_on(r, m, variant, &r->days[day]);
}

/* Those whose window has passed, of a metric that has one. */
static double units_at(const struct results_planner *plan, size_t day,
                       const struct results_metric *m)
{
    const struct results *r = plan->r;
    double units = 0;
    for (size_t i = 0; i < r->variant_count; i++) {
        const struct results_row *look =
            day < r->day_count ? results_find_look(r, &r->days[day], m->id, r->variants[i].key)
                               : NULL;
        if (day < r->day_count)
            units += look ? (double)look->sums.units : 0;
        else
            units += (double)now_of(plan, m)[i].sums.units;
    }
    return units;
}

/* Of a phase that is over nothing more can come once all its units count: then now is a look too.
 */
static size_t last_moment(const struct results_planner *plan, const struct results_metric *m)
{
    const struct results *r = plan->r;
    bool is_settled = r->is_over && units_at(plan, r->day_count, m) >= r->units;
    return is_settled ? r->day_count + 1 : r->day_count;
}

/* The first moment at or past each planned step is a look, and the end of the phase is, whatever
 * the information is there: the error spent depends on nothing else. Days count, not the moment
 * somebody reads the results, so that reading them often spends nothing. */
static void find_looks(const struct results_planner *plan, const struct results_metric *m,
                       struct results_schedule *s)
{
    const struct results *r = plan->r;
    size_t end = last_moment(plan, m);
    double last = 0, steps = r->rules.looks;
    int next = 1;
    for (size_t day = 0; day < end && last < 1 && s->came < STATS_GROUP_LOOKS; day++) {
        double t = units_at(plan, day, m) / r->rules.planned_units;
        bool is_end = day == r->day_count;
        if ((!is_end && t * steps < next - 1e-9) || t - last < STATS_GROUP_STEP)
            continue;
        s->days[s->came] = day;
        s->information[s->came++] = t;
        last = t;
        next = (int)fmin(steps, floor(t * steps + 1e-9)) + 1;
    }
    s->is_complete = last >= 1;
    s->is_ended_early = !s->is_complete && end > r->day_count;
    int looks = s->came;
    for (; next <= r->rules.looks && looks < STATS_GROUP_LOOKS && !s->is_ended_early; next++)
        if (next / steps - last >= STATS_GROUP_STEP)
            last = s->information[looks++] = next / steps;
    s->bounds.looks = looks;
}

static void find_bounds(const struct results *r, struct results_schedule *s)
{
    struct stats_group *g = &s->bounds;
    double reached = s->is_complete ? s->information[s->came - 1] : 1;
    for (int k = 0; k < g->looks; k++)
        g->t[k] = k + 1 == g->looks && s->is_complete ? 1 : s->information[k] / reached;
    if (g->looks > 0)
        stats_group_bounds_overrun(g, r->rules.spending, 0, reached);
}

static bool is_same(const struct results_schedule *a, const struct results_schedule *b)
{
    size_t looks = (size_t)b->bounds.looks;
    return a->bounds.looks == b->bounds.looks && a->came == b->came &&
           a->is_complete == b->is_complete && a->bounds.alpha == b->bounds.alpha &&
           memcmp(a->information, b->information, looks * sizeof(*b->information)) == 0 &&
           memcmp(a->days, b->days, (size_t)b->came * sizeof(*b->days)) == 0;
}

struct results_planner results_planner_of(const struct results *r, const struct results_arm *arms)
{
    struct results_planner plan = {.r = r, .arms = arms};
    if (r->rules.method != JUDGE_GROUP || !(r->rules.planned_units > 0))
        return plan;
    const struct results_schedule **all =
        arena_zalloc(r->arena, (r->metric_count + 1) * sizeof(*all));
    for (size_t i = 0; i < r->metric_count; i++) {
        const struct results_metric *m = &r->metrics[i];
        struct results_schedule *s = arena_zalloc(r->arena, sizeof(*s));
        s->bounds =
            (struct stats_group){.is_two_sided = true,
                                 .alpha = r->rules.alpha / (double)results_family_size(r, m->role)};
        find_looks(&plan, m, s);
        for (size_t j = 0; j < i && !all[i]; j++)
            if (is_same(all[j], s))
                all[i] = all[j];
        if (all[i])
            continue;
        find_bounds(r, s);
        all[i] = s;
    }
    plan.schedules = all;
    return plan;
}

static struct stats_effect test_at(const struct results_planner *plan, size_t day,
                                   const struct results_metric *m, size_t variant,
                                   double confidence)
{
    struct results_arm control = arm_on(plan, day, m, (size_t)plan->r->control);
    struct results_arm treatment = arm_on(plan, day, m, variant);
    return results_test_of(m, &control, &treatment, confidence);
}

/* The test as a normal one. */
struct normal {
    double diff, z, se;
    enum stats_status status;
};

/* z is the normal deviate with the test's own p, so that few units are not read as many; se that
 * with which the difference is z of them, so that what is estimated agrees with what is decided. */
static struct normal normal_of(const struct stats_effect *e)
{
    struct normal n = {.status = e->status};
    if (!e->p_two_sided.is_known || !e->statistic.is_known)
        return n;
    double p = e->p_two_sided.value, z = fabs(e->statistic.value);
    if (p > 0)
        z = p < 1 ? stats_norm_z(p / 2) : 0;
    n.z = copysign(z, e->statistic.value);
    n.diff = e->diff.value;
    n.se = n.z != 0 && n.diff != 0 ? n.diff / n.z : e->se.value;
    n.status = n.se > 0 ? STATS_OK : STATS_ZERO_VARIANCE;
    return n;
}

/* Fieller's limits, each with the distance that the difference's own has from it. */
static void infer_uplift(struct results_inference *f, const struct normal *n,
                         struct stats_estimate control, struct stats_estimate treatment)
{
    double down = (n->diff - f->interval.lower) / n->se, up = (f->interval.upper - n->diff) / n->se;
    double scale = n->se * n->se / (control.variance + treatment.variance);
    if (!(fabs(control.value) > 0))
        return;
    f->uplift = stats_known(f->diff.value / fabs(control.value));
    if (!(down > 0) || !(up > 0) || !isfinite(scale))
        return;
    control.variance *= scale;
    treatment.variance *= scale;
    struct stats_interval low = stats_fieller(control, treatment, 0, down, NULL);
    struct stats_interval high = stats_fieller(control, treatment, 0, up, NULL);
    if (low.is_known && high.is_known)
        f->uplift_interval = stats_between(low.lower, high.upper);
}

static struct results_inference *infer(const struct results_planner *plan,
                                       const struct results_metric *m, size_t variant,
                                       const struct results_schedule *s, int look)
{
    struct results_inference *f = arena_zalloc(plan->r->arena, sizeof(*f));
    size_t day = s->days[look - 1];
    struct results_arm control = arm_on(plan, day, m, (size_t)plan->r->control);
    struct results_arm treatment = arm_on(plan, day, m, variant);
    struct stats_effect e = results_test_of(m, &control, &treatment, 1 - s->bounds.alpha);
    struct normal n = normal_of(&e);
    f->look = look;
    f->confidence = 1 - s->bounds.alpha;
    f->units_since = units_at(plan, plan->r->day_count, m) - units_at(plan, day, m);
    f->status = n.status;
    if (f->status)
        return f;
    struct stats_stopped stopped =
        stats_group_stopped(&s->bounds, look - 1, n.diff, n.se, 1 - s->bounds.alpha);
    f->status = stopped.status;
    if (f->status)
        return f;
    f->p = stopped.p_two_sided;
    f->log10_p = stopped.log10_p;
    f->diff = stopped.median_unbiased;
    f->interval = stopped.interval;
    infer_uplift(f, &n, results_estimate_of(m, &control), results_estimate_of(m, &treatment));
    return f;
}

static struct results_planned group_of(const struct results_planner *plan,
                                       const struct results_metric *m, size_t variant)
{
    const struct results_schedule *s = plan->schedules[m - plan->r->metrics];
    const struct stats_group *bounds = &s->bounds;
    struct results_planned p = {.status = bounds->looks > 0 ? bounds->status : STATS_NO_DATA};
    struct results_planned_look *looks =
        arena_zalloc(plan->r->arena, ((size_t)s->came + 1) * sizeof(*looks));
    p.looks = looks;
    for (int k = 0; k < s->came && p.status == STATS_OK; k++) {
        struct stats_effect e = test_at(plan, s->days[k], m, variant, 1 - bounds->alpha);
        struct normal n = normal_of(&e);
        double half = bounds->z[k] * n.se;
        looks[k].z = n.z;
        if (n.status == STATS_OK)
            looks[k].interval = stats_between(n.diff - half, n.diff + half);
        if (p.crossed > 0 || fabs(n.z) < bounds->z[k])
            continue;
        p.crossed = k + 1;
        p.is_above = n.z > 0;
    }
    if (p.status || (p.crossed == 0 && !s->is_complete))
        return p;
    struct results_inference *f = infer(plan, m, variant, s, p.crossed ? p.crossed : s->came);
    f->reason = p.crossed ? "crossed" : "last_look";
    p.inference = f;
    return p;
}

static struct results_planned fixed_of(const struct results_planner *plan,
                                       const struct results_metric *m, size_t variant)
{
    struct results_planned p = {.status = STATS_OK};
    size_t end = last_moment(plan, m);
    for (size_t day = 0; day < end && !p.is_final; day++) {
        if (units_at(plan, day, m) < plan->r->rules.planned_units)
            continue;
        p.is_final = true;
        p.day = day;
        p.effect = test_at(plan, day, m, variant, 1 - plan->r->rules.alpha);
    }
    return p;
}

struct results_planned results_planned_of(const struct results_planner *plan,
                                          const struct results_metric *m, size_t variant)
{
    const struct results_rules *rules = &plan->r->rules;
    if (rules->method == JUDGE_ALWAYS_VALID || !(rules->planned_units > 0))
        return (struct results_planned){.status = STATS_INVALID};
    return rules->method == JUDGE_GROUP ? group_of(plan, m, variant) : fixed_of(plan, m, variant);
}

struct stats_effect results_planned_test(const struct results_planner *plan,
                                         const struct results_planned *p,
                                         const struct results_metric *m, size_t variant,
                                         double confidence)
{
    if (!p->is_final)
        return (struct stats_effect){.status = STATS_INSUFFICIENT_DATA, .conf = confidence};
    return test_at(plan, p->day, m, variant, confidence);
}
