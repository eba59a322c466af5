// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/verdict/results_interaction.h"

#include "results/judge/results_family.h"
#include "results/judge/results_path.h"
#include "results/sums/results_find.h"

#include <math.h>
#include <string.h>

const char *results_other_name(const struct results_other *other)
{
    return other->name && other->name[0] ? other->name : other->campaign;
}

/* Always valid at this moment: the mixture as of the variant's own path, on the contrast. */
static struct stats_always_valid watch(const struct results_interaction *q, double alpha)
{
    double units = 0, se = q->contrast.se.value;
    if (q->contrast.status)
        return (struct stats_always_valid){.status = q->contrast.status};
    for (int i = 0; i < 4; i++)
        units += (double)q->cells[i].arm.sums.units;
    return stats_mixture(q->contrast.diff.value, se, q->rho * se * sqrt(units), alpha);
}

static void answer(const struct results *r, const struct results_metric *m, size_t variant,
                   struct results_interaction *q)
{
    const char *here[] = {r->variants[r->control].key, r->variants[variant].key};
    const char *there[] = {q->other_control, q->other_variant};
    struct stats_interaction_cell cells[2][2] = {0};
    bool is_enough = true;
    for (int i = 0; i < 4; i++) {
        struct results_arm *arm = &q->cells[i].arm;
        q->cells[i].variant = here[i / 2];
        q->cells[i].other_variant = there[i % 2];
        struct results_sums sums =
            results_sums_of(results_find_overlap(q->other, here[i / 2], there[i % 2]));
        *arm = results_arm_of(m, &sums);
        is_enough = is_enough && results_is_enough(m, arm);
        if (is_enough)
            cells[i / 2][i % 2] =
                (struct stats_interaction_cell){sums.units, results_estimate_of(m, arm)};
    }
    q->contrast.status = STATS_INSUFFICIENT_DATA;
    if (is_enough)
        q->contrast = stats_interaction(cells, r->head.confidence);
    q->tuned_units = r->rules.tuned_units * results_share_of(r, variant);
    q->rho = stats_asymptotic_rho(q->tuned_units, r->rules.alpha);
    q->always_valid = watch(q, r->rules.alpha);
}

static const char *control_of(const struct results_other *other)
{
    for (size_t i = 0; i < other->variant_count; i++)
        if (other->variants[i].is_control)
            return other->variants[i].key;
    return NULL;
}

/* All pairs of a treatment here and one there. */
static void ask_of(const struct results *r, struct results_interactions *o,
                   const struct results_metric *m, const struct results_other *other)
{
    const char *control = control_of(other);
    for (size_t v = 0; control && v < r->variant_count; v++)
        for (size_t i = 0; i < other->variant_count; i++) {
            if (r->variants[v].is_control || other->variants[i].is_control)
                continue;
            struct results_interaction *q = &o->list[o->count++];
            *q = (struct results_interaction){.other = other,
                                              .as_of = r->overlap.as_of,
                                              .metric = m->key,
                                              .variant = r->variants[v].key,
                                              .alpha = r->rules.alpha,
                                              .cell_count = 4,
                                              .other_control = control,
                                              .other_variant = other->variants[i].key};
            q->cells = arena_zalloc(r->arena, 4 * sizeof(*q->cells));
            answer(r, m, v, q);
        }
}

static void correct(const struct results *r, struct results_interactions *o)
{
    struct stats_number *p = arena_zalloc(r->arena, (2 * o->count + 1) * sizeof(*p));
    size_t *order = arena_zalloc(r->arena, (o->count + 1) * sizeof(*order));
    struct stats_number *adjusted = p + o->count;
    for (size_t i = 0; i < o->count; i++)
        p[i] = o->list[i].always_valid.p;
    size_t family = stats_adjust(STATS_HOLM, p, o->count, order, adjusted);
    for (size_t i = 0; i < o->count; i++) {
        o->list[i].family = family;
        o->list[i].adjusted = adjusted[i];
        o->list[i].is_found = adjusted[i].is_known && adjusted[i].value <= r->rules.alpha;
    }
}

/* The metric that decides now, if the cells are of it. */
static const struct results_metric *metric_of(const struct results *r)
{
    size_t goal = results_goal(r);
    if (goal >= r->metric_count || r->control < 0 || r->overlap.metric != r->metrics[goal].id)
        return NULL;
    return &r->metrics[goal];
}

struct results_interactions results_interactions_of(const struct results *r)
{
    struct results_interactions o = {.count = 0};
    const struct results_metric *m = metric_of(r);
    size_t questions = 0;
    if (!m)
        return o;
    for (size_t i = 0; i < r->overlap.other_count; i++)
        questions += r->variant_count * r->overlap.others[i].variant_count;
    o.list = arena_zalloc(r->arena, (questions + 1) * sizeof(*o.list));
    o.joints = arena_zalloc(r->arena, (r->overlap.other_count + 1) * sizeof(*o.joints));
    for (size_t i = 0; i < r->overlap.other_count; i++) {
        o.joints[o.joint_count++] = results_joint_of(r, &r->overlap.others[i]);
        ask_of(r, &o, m, &r->overlap.others[i]);
    }
    correct(r, &o);
    return o;
}

const struct results_interaction *results_find_interaction(const struct results_interactions *o,
                                                           const char *variant)
{
    const struct results_interaction *found = NULL;
    for (size_t i = 0; i < o->count; i++) {
        const struct results_interaction *q = &o->list[i];
        if (strcmp(q->variant, variant) == 0 && q->is_found &&
            (!found || q->always_valid.log10_p.value < found->always_valid.log10_p.value))
            found = q;
    }
    return found;
}
