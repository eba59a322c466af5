// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/insight/results_findings.h"

#include "results/judge/results_family.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One value of a dimension: its effect in the half that is searched (0) and the other (1). */
struct segment {
    const char *value;
    double control[2];
    struct stats_estimate effect[2];
    uint64_t units;
};

struct search {
    const struct results *r;
    const struct results_metric *metric;
    const char *dimension; /* without its half */
    const char *halves[2]; /* "device/0", "device/1" */
    size_t variant;
    struct segment *segments;
    size_t count;
};

/* Sums over segments by the inverse of their variance, and what is left without one of them. */
struct pool {
    double weight, effect, control;
};

static struct pool pool_of(const struct search *s, int half)
{
    struct pool p = {0};
    for (size_t i = 0; i < s->count; i++) {
        const double w = 1 / s->segments[i].effect[half].variance;
        p.weight += w;
        p.effect += w * s->segments[i].effect[half].value;
        p.control += w * s->segments[i].control[half];
    }
    return p;
}

static struct pool without(struct pool p, const struct segment *one, int half)
{
    const double w = 1 / one->effect[half].variance;
    p.weight -= w;
    p.effect = (p.effect - w * one->effect[half].value) / p.weight;
    p.control = (p.control - w * one->control[half]) / p.weight;
    return p;
}

static double z_of(const struct search *s, const struct pool *all, size_t i, int half)
{
    const struct segment *one = &s->segments[i];
    const struct pool rest = without(*all, one, half);
    return (one->effect[half].value - rest.effect) /
           sqrt(one->effect[half].variance + 1 / rest.weight);
}

/* Both arms of a value in one half; false: too few. */
static bool measure(const struct search *s, struct segment *one, int half)
{
    const struct results_metric *m = s->metric;
    struct results_arm arms[2] = {
        results_arm_at(s->r, m, (size_t)s->r->control, s->halves[half], one->value),
        results_arm_at(s->r, m, s->variant, s->halves[half], one->value)};
    if (!results_is_enough(m, &arms[0]) || !results_is_enough(m, &arms[1]))
        return false;
    const struct stats_estimate a = results_estimate_of(m, &arms[0]);
    const struct stats_estimate b = results_estimate_of(m, &arms[1]);
    one->control[half] = a.value;
    one->effect[half] = (struct stats_estimate){b.value - a.value, a.variance + b.variance};
    one->units += arms[0].sums.units + arms[1].sums.units;
    return one->effect[half].variance > 0;
}

/* The values of the dimension come in order in the rows of its first half. */
static void find_segments(struct search *s)
{
    const char *last = NULL;
    for (size_t i = 0; i < s->r->sum_count; i++) {
        const struct results_row *row = &s->r->sums[i];
        if (strcmp(row->dimension, s->halves[0]) != 0 || (last && strcmp(last, row->value) == 0))
            continue;
        last = row->value;
        struct segment one = {.value = row->value};
        if (measure(s, &one, 0) && measure(s, &one, 1))
            s->segments[s->count++] = one;
    }
}

/* The value furthest from the rest, in the half that is searched. */
static size_t furthest(const struct search *s)
{
    const struct pool all = pool_of(s, 0);
    size_t found = 0;
    for (size_t i = 1; i < s->count; i++)
        if (fabs(z_of(s, &all, i, 0)) > fabs(z_of(s, &all, found, 0)))
            found = i;
    return found;
}

static struct stats_number spread_of(const struct search *s)
{
    struct stats_estimate *effects = arena_zalloc(s->r->arena, s->count * sizeof(*effects));
    double *shrunk = arena_zalloc(s->r->arena, s->count * sizeof(*shrunk));
    for (size_t i = 0; i < s->count; i++)
        effects[i] = s->segments[i].effect[0];
    return stats_heterogeneity(effects, s->count, s->r->head.confidence, shrunk).p;
}

static struct results_part_effect part_of(double control, double difference)
{
    struct results_part_effect p = {.control = control, .difference = difference};
    if (fabs(control) > 0)
        p.uplift = stats_known(difference / fabs(control));
    return p;
}

static struct results_finding confirm(const struct search *s)
{
    const struct pool all = pool_of(s, 1);
    const size_t i = furthest(s);
    const struct segment *one = &s->segments[i];
    const struct pool rest = without(all, one, 1);
    const double se = sqrt(one->effect[1].variance + 1 / rest.weight);
    const double contrast = one->effect[1].value - rest.effect;
    const double half = stats_norm_critical(s->r->head.confidence) * se;
    return (struct results_finding){
        .dimension = s->dimension,
        .value = one->value,
        .variant = s->r->variants[s->variant].key,
        .units = one->units,
        .segments = s->count,
        .spread_p = spread_of(s),
        .here = part_of(one->control[1], one->effect[1].value),
        .elsewhere = part_of(rest.control, rest.effect),
        .contrast = contrast,
        .interval = stats_between(contrast - half, contrast + half),
        .p = stats_known(2 * stats_norm_q(fabs(contrast) / se)),
    };
}

/* Asks of all treatments in one dimension; returns how many questions had data. There is room for
 * a segment of each row. */
static size_t search(const struct results *r, const struct results_metric *m, const char *name,
                     struct segment *room, struct results_finding *list)
{
    size_t count = 0, length = strlen(name) - strlen("/0");
    char *dimension = arena_strndup(r->arena, name, length);
    char *other = arena_strdup(r->arena, name);
    other[length + 1] = '1';
    for (size_t v = 0; v < r->variant_count; v++) {
        if (r->variants[v].is_control)
            continue;
        struct search s = {.r = r,
                           .metric = m,
                           .dimension = dimension,
                           .halves = {name, other},
                           .variant = v,
                           .segments = room};
        find_segments(&s);
        if (s.count >= 2)
            list[count++] = confirm(&s);
    }
    return count;
}

static bool is_first_half(const char *dimension)
{
    const size_t length = strlen(dimension);
    return length > 2 && strcmp(dimension + length - 2, "/0") == 0;
}

/* Rows come sorted by dimension: where the next one begins, or the end of the rows. */
static size_t next_dimension(const struct results *r, size_t i, const char *last)
{
    while (i < r->sum_count &&
           (!is_first_half(r->sums[i].dimension) || strcmp(r->sums[i].dimension, last) == 0))
        i++;
    return i;
}

static struct results_finding *ask(const struct results *r, const struct results_metric *m,
                                   size_t *ret_count)
{
    size_t dimensions = 0;
    const char *last = "";
    for (size_t i = next_dimension(r, 0, last); i < r->sum_count; i = next_dimension(r, i, last)) {
        last = r->sums[i].dimension;
        dimensions++;
    }
    struct results_finding *list =
        arena_zalloc(r->arena, (dimensions * r->variant_count + 1) * sizeof(*list));
    struct segment *room = arena_alloc(r->arena, (r->sum_count + 1) * sizeof(*room));
    *ret_count = 0;
    last = "";
    for (size_t i = next_dimension(r, 0, last); i < r->sum_count; i = next_dimension(r, i, last)) {
        last = r->sums[i].dimension;
        *ret_count += search(r, m, last, room, list + *ret_count);
    }
    return list;
}

static int surest_first(const void *a, const void *b)
{
    const struct results_finding *x = a, *y = b;
    return x->p.value < y->p.value ? -1 : x->p.value > y->p.value;
}

static void correct(const struct results *r, struct results_finding *list, size_t count,
                    double alpha)
{
    struct stats_number *p = arena_zalloc(r->arena, (2 * count + 1) * sizeof(*p));
    size_t *order = arena_zalloc(r->arena, (count + 1) * sizeof(*order));
    for (size_t i = 0; i < count; i++)
        p[i] = list[i].p;
    stats_adjust(STATS_BH, p, count, order, p + count);
    for (size_t i = 0; i < count; i++) {
        list[i].adjusted = p[count + i];
        list[i].is_found = list[i].adjusted.is_known && list[i].adjusted.value <= alpha;
    }
    qsort(list, count, sizeof(*list), surest_first);
}

const struct results_findings *results_findings_of(const struct results *r,
                                                   const struct verdict *verdict)
{
    const size_t metric = results_goal(r);
    if (r->control < 0 || metric >= r->metric_count || !r->metrics[metric].is_computed ||
        r->is_repeated || verdict->answer == VERDICT_BROKEN ||
        verdict->answer == VERDICT_NOT_ENOUGH)
        return NULL;
    struct results_findings *f = arena_zalloc(r->arena, sizeof(*f));
    *f = (struct results_findings){.metric = r->metrics[metric].key, .alpha = r->rules.alpha};
    struct results_finding *list = ask(r, &r->metrics[metric], &f->count);
    correct(r, list, f->count, f->alpha);
    f->list = list;
    f->stratified_count = results_stratified_of(r, &r->metrics[metric], &f->stratified);
    f->status = f->count > 0 ? STATS_OK : STATS_INSUFFICIENT_DATA;
    return f;
}
