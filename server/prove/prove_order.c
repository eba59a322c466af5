// SPDX-License-Identifier: GPL-3.0-or-later
#include "prove/prove.h"

#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
    const struct prove_unit *x = a, *y = b;
    if (x->exposed_us != y->exposed_us)
        return x->exposed_us < y->exposed_us ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

const int64_t *prove_sort(struct arena *arena, struct prove_unit *units, size_t count)
{
    int64_t *exposed = arena_alloc(arena, (count + 1) * sizeof(*exposed));
    if (count > 0)
        qsort(units, count, sizeof(*units), by_time);
    for (size_t i = 0; i < count; i++)
        exposed[i] = units[i].exposed_us;
    return exposed;
}

const int64_t *prove_column(struct arena *arena, const struct prove_unit *units, size_t count,
                            const int64_t *values, int64_t divisor)
{
    int64_t *column = arena_alloc(arena, (count + 1) * sizeof(*column));
    for (size_t i = 0; i < count; i++)
        column[i] = values[units[i].index] / divisor;
    return column;
}
