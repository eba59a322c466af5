// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "engine/results_phase.h"

#include <string.h>

const struct results_row *results_find_sums(const struct results *r, int metric,
                                            const char *variant, const char *dimension,
                                            const char *value)
{
    for (size_t i = 0; i < r->sum_count; i++) {
        const struct results_row *row = &r->sums[i];
        if (row->metric == metric && strcmp(row->variant, variant) == 0 &&
            strcmp(row->value, value) == 0 && strcmp(row->dimension, dimension) == 0)
            return row;
    }
    return NULL;
}

const struct results_row *results_find_look(const struct results *r, const struct results_day *day,
                                            int metric, const char *variant)
{
    for (size_t i = day->from; i < day->from + day->count; i++)
        if (r->looks[i].metric == metric && strcmp(r->looks[i].variant, variant) == 0)
            return &r->looks[i];
    return NULL;
}

static double number_of(const char *day)
{
    int64_t us;
    return clock_parse(day, strlen(day), &us) ? (double)us / (double)DAY_US : 0;
}

/* Rows of a day stand together, the days ascend. Units are those of metric 0. */
void results_find_days(struct results *r)
{
    struct results_day *days = arena_zalloc(r->arena, (r->look_count + 1) * sizeof(*days));
    size_t count = 0;
    for (size_t i = 0; i < r->look_count; i++) {
        if (i == 0 || strcmp(r->looks[i].day, r->looks[i - 1].day) != 0)
            days[count++] = (struct results_day){.from = i, .number = number_of(r->looks[i].day)};
        days[count - 1].count++;
        if (r->looks[i].metric == 0)
            days[count - 1].units += (double)r->looks[i].sums.units;
    }
    r->days = days;
    r->day_count = count;
}
