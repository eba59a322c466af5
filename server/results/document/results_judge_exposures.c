// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_judge_exposures.h"

#include <string.h>

static struct results_exposed_arm *arms_of(const struct results *r)
{
    struct results_exposed_arm *arms =
        arena_zalloc(r->arena, (r->variant_count + 1) * sizeof(*arms));
    for (size_t i = 0; i < r->variant_count; i++)
        arms[i].key = r->variants[i].key;
    return arms;
}

static void count(const struct results *r, const struct results_exposed *row,
                  struct results_exposed_arm *arms)
{
    for (size_t i = 0; i < r->variant_count; i++)
        if (strcmp(arms[i].key, row->variant) == 0)
            arms[i].units += row->units;
}

const struct results_exposed_day *results_judge_exposures(const struct results *r,
                                                          size_t *ret_count)
{
    struct results_exposed_day *days =
        arena_zalloc(r->arena, (r->exposed_count + 1) * sizeof(*days));
    struct results_exposed_arm *arms = NULL;
    size_t days_there = 0;
    for (size_t i = 0; i < r->exposed_count; i++) {
        const struct results_exposed *row = &r->exposed[i];
        if (days_there == 0 || strcmp(days[days_there - 1].day, row->day) != 0) {
            arms = arms_of(r);
            days[days_there++] = (struct results_exposed_day){
                .day = row->day, .arms = arms, .arm_count = r->variant_count};
        }
        count(r, row, arms);
    }
    *ret_count = days_there;
    return days;
}
