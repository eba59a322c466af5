// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_judge_since.h"

#include <stdlib.h>
#include <string.h>

#define DAYS_MAX 14

struct source {
    const struct results *r;
    const struct results_metric *m;
    const struct results_row *rows;
    size_t count;
};

/* The rows of one metric lie together. */
static struct source source_of(const struct results *r, const struct results_metric *m)
{
    const struct results_since_rows *all = &r->since_exposure;
    struct source s = {.r = r, .m = m};
    size_t i = 0;
    while (i < all->count && all->rows[i].metric != m->id)
        i++;
    s.rows = all->rows + i;
    while (i + s.count < all->count && s.rows[s.count].metric == m->id)
        s.count++;
    return s;
}

static struct results_arm arm_at(const struct source *s, int day, size_t variant)
{
    struct results_sums sums = {.n = "0", .d = "0", .nn = "0", .nd = "0", .dd = "0"};
    const char *key = s->r->variants[variant].key;
    for (size_t i = 0; i < s->count; i++)
        if (atoi(s->rows[i].day) == day && strcmp(s->rows[i].variant, key) == 0)
            sums = s->rows[i].sums;
    sums.nnn = NULL;
    return results_arm_of(s->m, &sums);
}

static const struct results_look_effect *effect_of(const struct source *s,
                                                   const struct results_arm arms[2])
{
    struct results_look_effect *e = arena_zalloc(s->r->arena, sizeof(*e));
    e->effect = results_test_of(s->m, &arms[0], &arms[1], s->r->head.confidence);
    e->chance_to_win = results_chance_of(s->m, &arms[0], &arms[1]);
    return e;
}

/* Whether the day is over for anybody. */
static bool take_day(const struct source *s, int day, struct results_since_day *ret)
{
    const struct results *r = s->r;
    struct results_look_arm *list = arena_zalloc(r->arena, (r->variant_count + 1) * sizeof(*list));
    struct results_arm arms[2] = {results_arm_none()};
    bool is_there = false;
    if (r->control >= 0)
        arms[0] = arm_at(s, day, (size_t)r->control);
    for (size_t i = 0; i < r->variant_count; i++) {
        arms[1] = arm_at(s, day, i);
        is_there |= arms[1].sums.units > 0;
        list[i] = (struct results_look_arm){
            .key = r->variants[i].key, .units = arms[1].sums.units, .value = arms[1].value};
        if (!r->variants[i].is_control)
            list[i].effect = effect_of(s, arms);
    }
    *ret = (struct results_since_day){.day = day, .arms = list, .arm_count = r->variant_count};
    return is_there;
}

const struct results_since_document *results_judge_since(const struct results *r,
                                                         const struct results_metric *m)
{
    struct source s = source_of(r, m);
    if (!r->since_exposure.as_of)
        return NULL;
    struct results_since_document *d = arena_zalloc(r->arena, sizeof(*d));
    struct results_since_day *days = arena_zalloc(r->arena, DAYS_MAX * sizeof(*days));
    *d = (struct results_since_document){
        .as_of = r->since_exposure.as_of, .share = r->since_exposure.share, .days = days};
    while (d->day_count < DAYS_MAX && take_day(&s, (int)d->day_count + 1, &days[d->day_count]))
        d->day_count++;
    return d;
}
