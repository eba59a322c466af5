// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/split/results_split.h"

#include <string.h>

struct work {
    struct arena *arena;
    const struct results_variant *variants;
    size_t variant_count;
    const struct results_row *rows;
    size_t row_count;
};

static bool is_same_part(const struct results_row *a, const struct results_row *b)
{
    return strcmp(a->dimension, b->dimension) == 0 && strcmp(a->value, b->value) == 0;
}

static size_t end_of_part(const struct work *w, size_t from)
{
    size_t to = from;
    while (to < w->row_count && is_same_part(&w->rows[from], &w->rows[to]))
        to++;
    return to;
}

static uint64_t units_of(const struct work *w, size_t from, size_t to, const char *variant)
{
    uint64_t units = 0;
    for (size_t i = from; i < to; i++)
        if (strcmp(w->rows[i].variant, variant) == 0)
            units += w->rows[i].sums.units;
    return units;
}

static struct results_split_part part_of(const struct work *w, size_t from, size_t to)
{
    struct results_split_arm *arms = arena_zalloc(w->arena, (w->variant_count + 1) * sizeof(*arms));
    uint64_t *units = arena_zalloc(w->arena, (w->variant_count + 1) * sizeof(*units));
    double *shares = arena_zalloc(w->arena, (w->variant_count + 1) * sizeof(*shares)), all = 0,
           sum = 0;
    for (size_t i = 0; i < w->variant_count; i++) {
        shares[i] = w->variants[i].share;
        units[i] = units_of(w, from, to, w->variants[i].key);
        all += (double)units[i];
        sum += shares[i];
    }
    for (size_t i = 0; i < w->variant_count; i++)
        arms[i] = (struct results_split_arm){.key = w->variants[i].key,
                                             .units = units[i],
                                             .expected = sum > 0 ? all * shares[i] / sum : 0};
    struct stats_srm srm = stats_srm(units, shares, w->variant_count);
    return (struct results_split_part){.value = w->rows[from].value,
                                       .arms = arms,
                                       .arm_count = w->variant_count,
                                       .p = stats_srm_p(&srm)};
}

/* A single part is the whole, which has a test of its own. */
static void forget_whole(struct results_split_part *parts, size_t count)
{
    if (count == 1)
        parts[0].p = (struct stats_number){0};
}

static void adjust(const struct work *w, struct results_split_part *parts, size_t count,
                   struct results_split *split)
{
    struct stats_number *p = arena_zalloc(w->arena, (count + 1) * sizeof(*p)),
                        *adjusted = arena_zalloc(w->arena, (count + 1) * sizeof(*adjusted));
    size_t *order = arena_zalloc(w->arena, (count + 1) * sizeof(*order));
    for (size_t i = 0; i < count; i++)
        p[i] = parts[i].p;
    split->tests = stats_adjust(STATS_HOLM, p, count, order, adjusted);
    for (size_t i = 0; i < count; i++) {
        parts[i].adjusted = adjusted[i];
        parts[i].is_found = adjusted[i].is_known && adjusted[i].value < RESULTS_SPLIT_P;
        split->found += parts[i].is_found;
    }
}

const struct results_split *results_split_of(struct arena *arena,
                                             const struct results_variant *variants,
                                             size_t variant_count, const struct results_row *rows,
                                             size_t row_count)
{
    struct work w = {arena, variants, variant_count, rows, row_count};
    struct results_split *split = arena_zalloc(arena, sizeof(*split));
    struct results_split_part *parts = arena_zalloc(arena, (row_count + 1) * sizeof(*parts));
    struct results_split_dimension *dimensions =
        arena_zalloc(arena, (row_count + 1) * sizeof(*dimensions));
    size_t count = 0;
    split->threshold = RESULTS_SPLIT_P;
    split->days = parts;
    split->dimensions = dimensions;
    for (size_t from = 0, to; from < row_count; from = to) {
        const char *name = rows[from].dimension;
        struct results_split_dimension *last =
            split->dimension_count ? &dimensions[split->dimension_count - 1] : NULL;
        to = end_of_part(&w, from);
        if (!name[0]) {
            split->day_count++;
        } else if (!last || strcmp(last->dimension, name) != 0) {
            dimensions[split->dimension_count++] =
                (struct results_split_dimension){name, &parts[count], 1};
        } else {
            last->part_count++;
        }
        parts[count++] = part_of(&w, from, to);
    }
    forget_whole(parts, split->day_count);
    for (size_t i = 0; i < split->dimension_count; i++)
        forget_whole(&parts[dimensions[i].parts - parts], dimensions[i].part_count);
    adjust(&w, parts, count, split);
    return split;
}
