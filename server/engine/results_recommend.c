// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/json.h"
#include "engine/recommend.h"
#include "engine/results_interaction.h"

#include <math.h>
#include <string.h>

#define POWER 0.8

static const struct stats_design even_design = {.ratio = 1, .sides = 2};

static int64_t time_of(const json_t *head, const char *key, int64_t otherwise)
{
    const char *text = json_string_value(json_object_get(head, key));
    int64_t us;
    return text && clock_parse(text, strlen(text), &us) ? us : otherwise;
}

/* Since the phase began; of an experiment imported from the past, the days it has looks of. */
static double days_of(const struct results *r, int64_t as_of_us)
{
    int64_t start = time_of(r->head, "started_at", as_of_us);
    int64_t end = time_of(r->head, "ended_at", as_of_us);
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
    struct stats_always_valid one = stats_msprt(0, 1, rho * sqrt(n), alpha);
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

static double units_needed(const struct results *r, size_t goal)
{
    if (r->rules.planned_units > 0)
        return r->rules.planned_units;
    const struct results_cell *control = results_cell_at(r, goal, (size_t)r->control);
    double fixed = 2 * arm_units_needed(r, &r->metrics[goal], &control->arm), pair = fixed;
    double n_star = r->rules.tuned_units * 2 / (double)r->variant_count;
    for (int i = 0; i < 20 && fixed > 0; i++)
        pair = fixed * sequential_factor(pair, n_star, r->rules.alpha, POWER);
    return ceil(pair * (double)r->variant_count / 2);
}

size_t results_goal(const struct results *r)
{
    for (size_t i = 0; i < r->metric_count; i++)
        if (r->metrics[i].place == ROLE_GOAL)
            return i;
    return 0;
}

static double uplift_of(const struct stats_effect *effect)
{
    return effect->uplift.is_known ? effect->uplift.value : NAN;
}

static const struct recommend_interaction *interaction_of(const struct results *r, size_t variant)
{
    const struct results_interaction *found = results_find_interaction(r, variant);
    if (!found)
        return NULL;
    struct recommend_interaction *i = arena_zalloc(r->arena, sizeof(*i));
    *i = (struct recommend_interaction){
        .campaign = results_other_name(found->other),
        .variant = found->other_variant,
        .uplift_with = uplift_of(&found->contrast.with_b),
        .uplift_without = uplift_of(&found->contrast.without_b),
    };
    return i;
}

static struct recommend_variant variant_of(const struct results *r, size_t variant,
                                           bool *ret_is_fading)
{
    struct recommend_variant v = {
        .key = r->variants[variant].key, .uplift = NAN, .interaction = interaction_of(r, variant)};
    size_t goal = results_goal(r);
    for (size_t i = 0; i < r->metric_count; i++) {
        const struct results_metric *m = &r->metrics[i];
        const struct results_cell *cell = results_cell_at(r, i, variant);
        if (i == goal || m->place == ROLE_GOAL) {
            v.is_better |= cell->is_better;
            v.is_worse |= cell->is_worse;
            *ret_is_fading |= cell->is_better && cell->trend.is_fading;
        }
        if (i == goal && cell->effect.frequentist.uplift.is_known)
            v.uplift = cell->effect.frequentist.uplift.value;
        if (m->place != ROLE_GUARDRAIL)
            continue;
        const struct results_cell *control = results_cell_at(r, i, (size_t)r->control);
        const char *verdict = results_noninferiority_of(m, control, cell).verdict;
        if (strcmp(verdict, "harmed") == 0)
            v.harmed = m->name;
        else if (strcmp(verdict, "open") == 0)
            v.unsafe = m->name;
    }
    return v;
}

static void count_arms(const struct results *r, size_t goal, struct recommend_facts *f)
{
    f->fewest_units = f->fewest_conversions = INFINITY;
    for (size_t i = 0; i < r->variant_count; i++) {
        const struct results_arm *arm = &results_cell_at(r, goal, i)->arm;
        f->fewest_units = fmin(f->fewest_units, (double)arm->sums.units);
        if (r->metrics[goal].method == METHOD_PROPORTION)
            f->fewest_conversions = fmin(f->fewest_conversions, (double)arm->prop.x);
    }
}

static void read_outliers(const struct results *r, struct recommend_facts *f)
{
    struct recommend_outlier *list = arena_zalloc(r->arena, (r->metric_count + 1) * sizeof(*list));
    struct results_outlier found;
    for (size_t i = 0; i < r->metric_count; i++)
        if (results_find_outlier(&r->metrics[i], &found))
            list[f->outlier_count++] = (struct recommend_outlier){r->metrics[i].name, found.variant,
                                                                  found.largest, found.share};
    f->outliers = list;
}

static const char *entangled_with(const struct results_overlap *o)
{
    for (size_t i = 0; i < o->joint_count; i++)
        if (o->joints[i].is_alarm)
            return results_other_name(o->joints[i].other);
    return NULL;
}

static struct recommend_facts facts_of(const struct results *r, int64_t as_of_us)
{
    struct recommend_variant *variants =
        arena_zalloc(r->arena, r->variant_count * sizeof(*variants) + 1);
    struct recommend_facts f = {.variants = variants,
                                .has_control = r->control >= 0,
                                .is_over = r->is_over,
                                .units = r->units,
                                .days = days_of(r, as_of_us),
                                .minimum_uplift = r->rules.minimum_uplift};
    size_t goal = results_goal(r);
    f.is_mismatch = results_is_mismatch(r, &f.srm_p);
    f.entangled = entangled_with(r->overlap);
    read_outliers(r, &f);
    for (size_t i = 0; f.has_control && i < r->variant_count; i++)
        if (!r->variants[i].is_control)
            variants[f.variant_count++] = variant_of(r, i, &f.is_fading);
    if (r->metric_count == 0 || !f.has_control)
        return f;
    f.goal = r->metrics[goal].name;
    f.is_less_better = strcmp(r->metrics[goal].direction, "down") == 0;
    for (size_t i = 0; i < r->metric_count; i++)
        f.is_computing |= !r->metrics[i].is_computed;
    f.needed_units = units_needed(r, goal);
    count_arms(r, goal, &f);
    return f;
}

static void add_cautions(struct buf *b, const struct recommend_facts *facts,
                         const struct recommendation *answer)
{
    struct recommend_caution cautions[RECOMMEND_CAUTIONS];
    size_t count = recommend_cautions(facts, answer, cautions);
    json_add_key(b, "cautions");
    buf_add_char(b, '[');
    for (size_t i = 0; i < count; i++) {
        json_add_comma(b);
        buf_add_char(b, '{');
        results_add_text(b, "rule", cautions[i].rule);
        results_add_text(b, "text", cautions[i].text);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

void results_add_recommendation(struct buf *b, const struct results *r, int64_t as_of_us)
{
    struct recommend_facts facts = facts_of(r, as_of_us);
    struct recommendation answer = recommend(&facts);
    json_add_key(b, "recommendation");
    buf_add_char(b, '{');
    results_add_text(b, "verdict", recommend_verdict_name(answer.verdict));
    json_add_key(b, "variant");
    if (answer.variant)
        json_add_string(b, answer.variant);
    else
        buf_add_str(b, "null");
    results_add_text(b, "rule", answer.rule);
    results_add_text(b, "text", answer.text);
    add_cautions(b, &facts, &answer);
    json_add_key(b, "days");
    json_add_number(b, facts.days);
    json_add_key(b, "units");
    json_add_number(b, facts.units);
    json_add_key(b, "needed_units");
    if (facts.needed_units > 0)
        json_add_number(b, facts.needed_units);
    else
        buf_add_str(b, "null");
    buf_add_char(b, '}');
}
