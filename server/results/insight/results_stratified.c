// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/insight/results_stratified.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The values of one dimension, each once, and the moments of both arms there. */
struct strata {
    const char *halves[2]; /* "device/0", "device/1" */
    const char **values;
    struct stats_moments *control, *treatment;
    size_t count;
};

static bool is_half(const char *dimension)
{
    const size_t length = strlen(dimension);
    return length > 2 && dimension[length - 2] == '/';
}

static bool is_same_dimension(const char *a, const char *b)
{
    return strlen(a) == strlen(b) && strncmp(a, b, strlen(a) - 1) == 0;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* Rows of a dimension stand together, its first half before the second. */
static struct strata strata_of(const struct results *r, size_t from, size_t to)
{
    struct strata s = {.values = arena_zalloc(r->arena, (to - from + 1) * sizeof(char *))};
    size_t count = 0;
    for (int h = 0; h < 2; h++) {
        char *half = arena_strdup(r->arena, r->sums[from].dimension);
        half[strlen(half) - 1] = (char)('0' + h);
        s.halves[h] = half;
    }
    for (size_t i = from; i < to; i++)
        s.values[count++] = r->sums[i].value;
    qsort(s.values, count, sizeof(char *), by_text);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(s.values[i], s.values[s.count - 1]) != 0)
            s.values[s.count++] = s.values[i];
    s.control = arena_zalloc(r->arena, (s.count + 1) * sizeof(*s.control));
    s.treatment = arena_zalloc(r->arena, (s.count + 1) * sizeof(*s.treatment));
    return s;
}

static struct stats_moments moments_of(const struct results_metric *m, const struct results_arm *a)
{
    if (m->method == METHOD_MEAN)
        return a->moments;
    const double n = (double)a->prop.n, p = (double)a->prop.x / n;
    return (struct stats_moments){.n = a->prop.n, .mean = p, .m2 = n * p * (1 - p)};
}

/* Of both halves. False: the sums cannot be taken. */
static bool take(const struct results *r, const struct results_metric *m, const struct strata *s,
                 size_t variant, struct stats_moments *ret)
{
    for (size_t i = 0; i < s->count; i++) {
        struct stats_running both = {0};
        for (size_t h = 0; h < 2; h++) {
            const struct results_arm arm =
                results_arm_at(r, m, variant, s->halves[h], s->values[i]);
            if (arm.sums.units == 0)
                continue;
            if (arm.status)
                return false;
            stats_running_merge(&both, &(struct stats_running){.rest = moments_of(m, &arm)});
        }
        ret[i] = stats_running_moments(&both);
    }
    return true;
}

static struct stats_moments whole_of(const struct stats_moments *strata, size_t count)
{
    struct stats_running all = {0};
    for (size_t i = 0; i < count; i++)
        stats_running_merge(&all, &(struct stats_running){.rest = strata[i]});
    return stats_running_moments(&all);
}

/* False: nothing to tell. */
static bool look(const struct results *r, const struct strata *s, size_t variant,
                 struct results_stratified *ret)
{
    const struct stats_moments a = whole_of(s->control, s->count);
    const struct stats_moments b = whole_of(s->treatment, s->count);
    const struct stats_effect plain = stats_welch(&a, &b, r->head.confidence);
    const struct stats_effect e =
        stats_poststratified(s->control, s->treatment, s->count, r->head.confidence);
    if (!e.interval.is_known || !plain.se.is_known || !(plain.se.value > 0))
        return false;
    *ret = (struct results_stratified){
        .dimension = arena_strndup(r->arena, s->halves[0], strlen(s->halves[0]) - strlen("/0")),
        .variant = r->variants[variant].key,
        .values = s->count,
        .difference = e.diff,
        .interval = e.interval,
        .uplift = e.uplift,
        .uplift_interval = e.uplift_interval,
        .measured = plain.uplift,
        .saved = stats_known(1 - pow(e.se.value / plain.se.value, 2)),
    };
    return true;
}

static size_t look_at(const struct results *r, const struct results_metric *m, struct strata *s,
                      struct results_stratified *list)
{
    size_t count = 0;
    if (s->count < 2 || !take(r, m, s, (size_t)r->control, s->control))
        return 0;
    for (size_t v = 0; v < r->variant_count; v++) {
        const struct results_arm whole = results_arm_at(r, m, v, "all", "");
        if (r->variants[v].is_control || !results_is_enough(m, &whole))
            continue;
        if (take(r, m, s, v, s->treatment) && look(r, s, v, &list[count]))
            count++;
    }
    return count;
}

static size_t dimensions_of(const struct results *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->sum_count; i++)
        count += is_half(r->sums[i].dimension) &&
                 (i == 0 || !is_same_dimension(r->sums[i - 1].dimension, r->sums[i].dimension));
    return count;
}

size_t results_stratified_of(const struct results *r, const struct results_metric *m,
                             const struct results_stratified **ret_list)
{
    struct results_stratified *list =
        arena_zalloc(r->arena, (dimensions_of(r) * r->variant_count + 1) * sizeof(*list));
    const struct results_arm control = results_arm_at(r, m, (size_t)r->control, "all", "");
    size_t count = 0, to;
    *ret_list = list;
    if (m->method == METHOD_RATIO || !results_is_enough(m, &control))
        return 0;
    for (size_t from = 0; from < r->sum_count; from = to) {
        const char *dimension = r->sums[from].dimension;
        for (to = from + 1;
             to < r->sum_count && is_same_dimension(r->sums[to].dimension, dimension); to++)
            ;
        if (!is_half(dimension))
            continue;
        struct strata s = strata_of(r, from, to);
        count += look_at(r, m, &s, list + count);
    }
    return count;
}
