// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/results_interaction.h"

#include <math.h>
#include <string.h>

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

const char *results_other_name(const json_t *other)
{
    const char *name = text_at(other, "name");
    return name[0] ? name : text_at(other, "campaign");
}

static const json_t *find_cell(const json_t *other, const char *variant, const char *other_variant)
{
    size_t i;
    json_t *cell;
    json_array_foreach(json_object_get(other, "cells"), i, cell)
    {
        if (strcmp(text_at(cell, "variant"), variant) == 0 &&
            strcmp(text_at(cell, "other_variant"), other_variant) == 0)
            return cell;
    }
    return NULL;
}

uint64_t results_joint_units(const json_t *other, const char *variant, const char *other_variant)
{
    const json_t *cell = find_cell(other, variant, other_variant);
    return (uint64_t)json_integer_value(json_object_get(cell, "units"));
}

/* Always valid at this moment: the mixture as of the variant's own path, on the contrast. */
static struct stats_always_valid watch(const struct results_interaction *q, double alpha)
{
    double units = 0, se = q->contrast.se.value;
    if (q->contrast.status)
        return (struct stats_always_valid){.status = q->contrast.status};
    for (int i = 0; i < 4; i++)
        units += (double)q->cells[i / 2][i % 2].sums.units;
    return stats_msprt(q->contrast.diff.value, se, q->rho * se * sqrt(units), alpha);
}

static void answer(const struct results *r, const struct results_metric *m,
                   struct results_interaction *q)
{
    const char *here[] = {r->variants[r->control].key, r->variants[q->variant].key};
    const char *there[] = {q->other_control, q->other_variant};
    struct stats_interaction_cell cells[2][2] = {0};
    bool is_enough = true;
    for (int i = 0; i < 4; i++) {
        struct results_arm *arm = &q->cells[i / 2][i % 2];
        struct results_sums sums =
            results_read_sums(find_cell(q->other, here[i / 2], there[i % 2]));
        *arm = results_arm_of(m, &sums);
        is_enough = is_enough && results_is_enough(m, arm);
        if (is_enough)
            cells[i / 2][i % 2] =
                (struct stats_interaction_cell){sums.units, results_estimate_of(m, arm)};
    }
    q->contrast.status = STATS_INSUFFICIENT_DATA;
    if (is_enough)
        q->contrast = stats_interaction(cells, r->confidence);
    q->tuned_units = r->rules.tuned_units * results_share_of(r, q->variant);
    q->rho = stats_asymptotic_rho(q->tuned_units, r->rules.alpha);
    q->always_valid = watch(q, r->rules.alpha);
}

static const char *control_of(const json_t *other)
{
    size_t i;
    json_t *variant;
    json_array_foreach(json_object_get(other, "variants"), i, variant)
    {
        if (json_is_true(json_object_get(variant, "is_control")))
            return text_at(variant, "key");
    }
    return NULL;
}

/* All pairs of a treatment here and one there. */
static void ask_of(const struct results *r, struct results_overlap *o, const json_t *other)
{
    const char *control = control_of(other);
    size_t i;
    json_t *variant;
    if (!control)
        return;
    for (size_t v = 0; v < r->variant_count; v++)
        json_array_foreach(json_object_get(other, "variants"), i, variant)
        {
            if (r->variants[v].is_control || json_is_true(json_object_get(variant, "is_control")))
                continue;
            struct results_interaction *q = &o->interactions[o->count++];
            *q = (struct results_interaction){.other = other,
                                              .variant = v,
                                              .other_control = control,
                                              .other_variant = text_at(variant, "key")};
            answer(r, o->metric, q);
        }
}

static void correct(const struct results *r, struct results_overlap *o)
{
    struct stats_number *p = arena_zalloc(r->arena, (2 * o->count + 1) * sizeof(*p));
    size_t *order = arena_zalloc(r->arena, (o->count + 1) * sizeof(*order));
    struct stats_number *adjusted = p + o->count;
    for (size_t i = 0; i < o->count; i++)
        p[i] = o->interactions[i].always_valid.p;
    o->family = stats_adjust(STATS_HOLM, p, o->count, order, adjusted);
    for (size_t i = 0; i < o->count; i++) {
        o->interactions[i].adjusted = adjusted[i];
        o->interactions[i].is_found = adjusted[i].is_known && adjusted[i].value <= r->rules.alpha;
    }
}

/* The metric that decides now, if the cells are of it. */
static const struct results_metric *metric_of(const struct results *r, const json_t *document)
{
    size_t goal = results_goal(r);
    if (goal >= r->metric_count || r->control < 0 ||
        json_integer_value(json_object_get(document, "metric")) != r->metrics[goal].id)
        return NULL;
    return &r->metrics[goal];
}

void results_fill_overlap(struct results *r)
{
    struct results_overlap *o = arena_zalloc(r->arena, sizeof(*o));
    const json_t *document = json_object_get(r->head, "overlap");
    const json_t *others = json_object_get(document, "others");
    size_t i, questions = 0;
    json_t *other;
    r->overlap = o;
    o->metric = metric_of(r, document);
    if (!o->metric)
        return;
    json_array_foreach(others, i, other) questions +=
        r->variant_count * json_array_size(json_object_get(other, "variants"));
    o->document = document;
    o->as_of = text_at(document, "as_of");
    o->interactions = arena_zalloc(r->arena, (questions + 1) * sizeof(*o->interactions));
    o->joints = arena_zalloc(r->arena, (json_array_size(others) + 1) * sizeof(*o->joints));
    json_array_foreach(others, i, other)
    {
        o->joints[o->joint_count++] = results_joint_of(r, other);
        ask_of(r, o, other);
    }
    correct(r, o);
}

const struct results_interaction *results_find_interaction(const struct results *r, size_t variant)
{
    const struct results_interaction *found = NULL;
    for (size_t i = 0; i < r->overlap->count; i++) {
        const struct results_interaction *q = &r->overlap->interactions[i];
        if (q->variant == variant && q->is_found &&
            (!found || q->always_valid.log10_p.value < found->always_valid.log10_p.value))
            found = q;
    }
    return found;
}
