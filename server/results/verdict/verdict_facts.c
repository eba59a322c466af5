// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/verdict/verdict_facts.h"

#include "base/clock.h"
#include "results/judge/results_family.h"
#include "results/judge/results_guardrail.h"

#include <math.h>
#include <string.h>

#define POWER 0.8

static const struct stats_design even_design = {.ratio = 1, .sides = 2};

static int64_t time_of(const char *text, int64_t otherwise)
{
    int64_t us;
    return text && clock_parse(text, strlen(text), &us) ? us : otherwise;
}

/* Since the phase was open to visitors; of an experiment imported from the past, the days it has
 * looks of. */
static double days_of(const struct results *r, int64_t as_of_us)
{
    int64_t start = time_of(r->head.phase.started_at, as_of_us);
    int64_t end = time_of(r->head.phase.ended_at, as_of_us);
    int64_t open = time_of(r->head.schedule_start, start);
    int64_t closed = time_of(r->head.schedule_end, end);
    start = open > start ? open : start;
    end = closed < end ? closed : end;
    double days = (double)(end - start) / (double)DAY_US, seen = 0;
    if (r->day_count > 0)
        seen = 1 + r->days[r->day_count - 1].number - r->days[0].number;
    return fmax(0, fmax(days, seen));
}

/* How much wider the always-valid interval is than the fixed one at n units of a comparison tuned
 * to n_star, as a factor on the units needed. */
static double sequential_factor(double n, double n_star, double alpha, double power)
{
    double rho = stats_asymptotic_rho(n_star, alpha), beta = stats_norm_z(1 - power);
    struct stats_always_valid one = stats_mixture(0, 1, rho * sqrt(n), alpha);
    double fixed = stats_norm_critical(1 - alpha) + beta;
    return one.status ? 1 : pow((one.halfwidth.value + beta) / fixed, 2);
}

/* Units of one arm that show the minimum uplift on the control's numbers so far; 0: unknown. */
static double arm_units_needed(const struct results *r, const struct results_metric *m,
                               const struct results_arm *control)
{
    struct stats_design design = even_design;
    design.alpha = r->rules.alpha;
    if (control->status || !control->se.is_known || !(fabs(control->value.value) > 0))
        return 0;
    double value = control->value.value, other = value * (1 + r->rules.minimum_uplift);
    if (m->method == METHOD_PROPORTION) {
        struct stats_prop_size size = stats_prop_size(&design, value, other, POWER);
        return size.status ? 0 : size.pooled.value;
    }
    double sd = control->se.value * sqrt((double)control->sums.units);
    struct stats_mean_size size = stats_mean_size(&design, other - value, sd, POWER);
    return size.status ? 0 : size.normal.value;
}

static double units_needed(const struct results_cells *c, size_t goal)
{
    const struct results *r = c->r;
    if (r->rules.planned_units > 0)
        return r->rules.planned_units;
    const struct results_cell *control = results_cell_at(c, goal, (size_t)r->control);
    double fixed = 2 * arm_units_needed(r, &r->metrics[goal], &control->arm), pair = fixed;
    double n_star = r->rules.tuned_units * 2 / (double)r->variant_count;
    for (int i = 0; i < 20 && fixed > 0; i++)
        pair = fixed * sequential_factor(pair, n_star, r->rules.alpha, POWER);
    return ceil(pair * (double)r->variant_count / 2);
}

static double uplift_of(const struct stats_effect *effect)
{
    return effect->uplift.is_known ? effect->uplift.value : NAN;
}

static const struct verdict_interaction *
interaction_of(const struct results *r, const struct results_interactions *o, size_t variant)
{
    const struct results_interaction *found = results_find_interaction(o, r->variants[variant].key);
    if (!found)
        return NULL;
    struct verdict_interaction *i = arena_zalloc(r->arena, sizeof(*i));
    *i = (struct verdict_interaction){
        .campaign = results_other_name(found->other),
        .variant = found->other_variant,
        .uplift_with = uplift_of(&found->contrast.with_b),
        .uplift_without = uplift_of(&found->contrast.without_b),
    };
    return i;
}

static struct verdict_variant variant_of(const struct results_cells *c,
                                         const struct results_interactions *o, size_t variant,
                                         bool *ret_is_fading)
{
    const struct results *r = c->r;
    struct verdict_variant v = {.key = r->variants[variant].key,
                                .uplift = NAN,
                                .interaction = interaction_of(r, o, variant)};
    size_t goal = results_goal(r);
    for (size_t i = 0; i < r->metric_count; i++) {
        const struct results_metric *m = &r->metrics[i];
        const struct results_cell *cell = results_cell_at(c, i, variant);
        if (i == goal || m->role == METRIC_ROLE_PRIMARY) {
            v.is_better |= cell->is_better;
            v.is_worse |= cell->is_worse;
            *ret_is_fading |= cell->is_better && cell->trend.is_fading;
        }
        if (i == goal && cell->effect.frequentist.uplift.is_known)
            v.uplift = cell->effect.frequentist.uplift.value;
        if (m->role != METRIC_ROLE_GUARDRAIL)
            continue;
        const struct results_cell *control = results_cell_at(c, i, (size_t)r->control);
        const char *verdict = results_noninferiority_of(m, control, cell).verdict;
        if (strcmp(verdict, "harmed") == 0)
            v.harmed = m->name;
        else if (strcmp(verdict, "open") == 0)
            v.unsafe = m->name;
    }
    return v;
}

static void count_arms(const struct results_cells *c, size_t goal, struct verdict_facts *f)
{
    const struct results *r = c->r;
    f->fewest_units = f->fewest_conversions = INFINITY;
    for (size_t i = 0; i < r->variant_count; i++) {
        const struct results_arm *arm = &results_cell_at(c, goal, i)->arm;
        f->fewest_units = fmin(f->fewest_units, (double)arm->sums.units);
        if (r->metrics[goal].method == METHOD_PROPORTION)
            f->fewest_conversions = fmin(f->fewest_conversions, (double)arm->prop.x);
    }
}

static void copy_outliers(const struct results *r, struct verdict_facts *f)
{
    struct verdict_outlier *list = arena_zalloc(r->arena, (r->metric_count + 1) * sizeof(*list));
    for (size_t i = 0; i < r->metric_count; i++) {
        const struct results_outlier *found = &r->metrics[i].outlier;
        if (found->variant)
            list[f->outlier_count++] = (struct verdict_outlier){r->metrics[i].name, found->variant,
                                                                found->largest, found->share};
    }
    f->outliers = list;
}

static const char *entangled_with(const struct results_interactions *o)
{
    for (size_t i = 0; i < o->joint_count; i++)
        if (o->joints[i].is_alarm)
            return results_other_name(o->joints[i].other);
    return NULL;
}

struct verdict_facts verdict_facts_of(const struct results_cells *c,
                                      const struct results_sizes *sizes,
                                      const struct results_interactions *o, int64_t as_of_us)
{
    const struct results *r = c->r;
    struct verdict_variant *variants =
        arena_zalloc(r->arena, r->variant_count * sizeof(*variants) + 1);
    struct verdict_facts f = {.variants = variants,
                              .has_control = r->control >= 0,
                              .is_over = r->is_over,
                              .is_mismatch = sizes->is_mismatch,
                              .srm_p = sizes->split_p.value,
                              .entangled = entangled_with(o),
                              .units = r->units,
                              .days = days_of(r, as_of_us),
                              .minimum_uplift = r->rules.minimum_uplift};
    size_t goal = results_goal(r);
    copy_outliers(r, &f);
    for (size_t i = 0; f.has_control && i < r->variant_count; i++)
        if (!r->variants[i].is_control)
            variants[f.variant_count++] = variant_of(c, o, i, &f.is_fading);
    if (r->metric_count == 0 || !f.has_control)
        return f;
    f.goal = r->metrics[goal].name;
    f.is_repeated = r->is_repeated;
    f.is_spreadless = results_cell_at(c, goal, (size_t)r->control)->arm.status == STATS_NO_SPREAD;
    f.is_less_better = strcmp(r->metrics[goal].direction, "down") == 0;
    for (size_t i = 0; i < r->metric_count; i++)
        f.is_computing |= !r->metrics[i].is_computed;
    f.is_computing |= r->is_over && (!r->head.is_settled || r->head.due_days > 0);
    f.needed_units = units_needed(c, goal);
    count_arms(c, goal, &f);
    return f;
}
