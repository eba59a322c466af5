// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/sums/results_find.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

typedef int compare_fn(const struct results_row *a, const struct results_row *b);

static int compare_arms(const struct results_row *a, const struct results_row *b)
{
    if (a->metric != b->metric)
        return a->metric < b->metric ? -1 : 1;
    int order = strcmp(a->experience, b->experience);
    return order ? order : strcmp(a->variant, b->variant);
}

static int compare_sums(const struct results_row *a, const struct results_row *b)
{
    int order = compare_arms(a, b);
    order = order ? order : strcmp(a->value, b->value);
    return order ? order : strcmp(a->dimension, b->dimension);
}

static int compare_looks(const struct results_row *a, const struct results_row *b)
{
    int order = strcmp(a->day, b->day);
    return order ? order : compare_arms(a, b);
}

/* Among rows that are alike the first one comes first. */
static int compare_indexes(const struct results_row *a, const struct results_row *b, int order)
{
    return order ? order : a < b ? -1 : a > b;
}

static int sort_sums(const void *a, const void *b)
{
    const struct results_row *const *x = a, *const *y = b;
    return compare_indexes(*x, *y, compare_sums(*x, *y));
}

static int sort_looks(const void *a, const void *b)
{
    const struct results_row *const *x = a, *const *y = b;
    return compare_indexes(*x, *y, compare_looks(*x, *y));
}

static const struct results_row *const *sort(struct arena *arena, const struct results_row *rows,
                                             size_t count,
                                             int (*compare)(const void *a, const void *b))
{
    const struct results_row **sorted = arena_zalloc(arena, (count + 1) * sizeof(*sorted));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &rows[i];
    qsort(sorted, count, sizeof(struct results_row *), compare);
    return sorted;
}

static const struct results_row *find(const struct results_row *const *sorted, size_t count,
                                      const struct results_row *key, compare_fn *compare)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(sorted[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && compare(sorted[low], key) == 0 ? sorted[low] : NULL;
}

const struct results_row *results_find_sums(const struct results *r, int metric,
                                            const char *variant, const char *dimension,
                                            const char *value)
{
    struct results_row key = {.metric = metric,
                              .experience = r->experience,
                              .variant = variant,
                              .dimension = dimension,
                              .value = value};
    return find(r->sums_by_key, r->sum_count, &key, compare_sums);
}

const struct results_row *results_find_look(const struct results *r, const struct results_day *day,
                                            int metric, const char *variant)
{
    struct results_row key = {.metric = metric,
                              .experience = r->experience,
                              .variant = variant,
                              .day = r->looks[day->from].day};
    return find(r->looks_by_key, r->look_count, &key, compare_looks);
}

const struct results_row *results_find_overlap(const struct results_other *other,
                                               const char *variant, const char *other_variant)
{
    for (size_t i = 0; i < other->cell_count; i++) {
        const struct results_row *cell = &other->cells[i];
        if (strcmp(cell->variant, variant) == 0 && strcmp(cell->other_variant, other_variant) == 0)
            return cell;
    }
    return NULL;
}

struct results_sums results_sums_of(const struct results_row *row)
{
    static const char none[] = "0";
    static const struct results_sums nobody = {
        .n = none,
        .d = none,
        .nn = none,
        .nd = none,
        .dd = none,
        .nnn = none,
        .pre = {none, none, none, none, none, none, none, none, none, none, none, none}};
    return row ? row->sums : nobody;
}

static double number_of(const char *day)
{
    int64_t us;
    return clock_parse(day, strlen(day), &us) ? (double)us / (double)DAY_US : 0;
}

/* Rows of a day stand together, the days ascend. */
static void find_days(struct results *r)
{
    struct results_day *days = arena_zalloc(r->arena, (r->look_count + 1) * sizeof(*days));
    size_t count = 0;
    for (size_t i = 0; i < r->look_count; i++) {
        if (i == 0 || strcmp(r->looks[i].day, r->looks[i - 1].day) != 0)
            days[count++] = (struct results_day){.from = i, .number = number_of(r->looks[i].day)};
        days[count - 1].count++;
    }
    r->days = days;
    r->day_count = count;
}

void results_find_init(struct results *r)
{
    r->sums_by_key = sort(r->arena, r->sums, r->sum_count, sort_sums);
    r->looks_by_key = sort(r->arena, r->looks, r->look_count, sort_looks);
    find_days(r);
    for (size_t i = 0; i < r->variant_count; i++)
        r->units +=
            (double)results_sums_of(results_find_sums(r, 0, r->variants[i].key, "all", "")).units;
}
