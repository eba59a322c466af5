// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/many/multiplicity.h"

#include <math.h>

static bool is_sound(const struct stats_number *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (p[i].is_known && !(p[i].value >= 0 && p[i].value <= 1))
            return false;
    return true;
}

/* The known p's positions, p ascending, by insertion. Returns how many, or STATS_CLOSED + 1. */
static size_t sort_known(const struct stats_number *p, size_t count, size_t ret_order[STATS_CLOSED])
{
    size_t m = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = m;
        if (!p[i].is_known)
            continue;
        if (m == STATS_CLOSED)
            return STATS_CLOSED + 1;
        for (; at > 0 && p[ret_order[at - 1]].value > p[i].value; at--)
            ret_order[at] = ret_order[at - 1];
        ret_order[at] = i;
        m++;
    }
    return m;
}

/* Local p of the intersection `set`: bits over ascending p. */
static double intersect(enum stats_local_test local, const double *sorted, size_t m, unsigned set)
{
    double k = __builtin_popcount(set), rank = 0, least = 1;
    for (size_t i = 0; i < m; i++) {
        if (!(set >> i & 1))
            continue;
        rank++;
        least = fmin(least, k * sorted[i] / rank);
        if (local == STATS_LOCAL_BONFERRONI)
            break;
    }
    return least;
}

enum stats_status stats_closed(enum stats_local_test local, const struct stats_number *p,
                               size_t count, struct stats_number *ret_adjusted)
{
    size_t order[STATS_CLOSED], m = sort_known(p, count, order);
    double sorted[STATS_CLOSED], largest[STATS_CLOSED] = {0};
    if (m > STATS_CLOSED || !is_sound(p, count))
        return STATS_INVALID;
    for (size_t i = 0; i < m; i++)
        sorted[i] = p[order[i]].value;
    for (unsigned set = 1; set < 1u << m; set++) {
        double value = intersect(local, sorted, m, set);
        for (size_t i = 0; i < m; i++)
            if (set >> i & 1)
                largest[i] = fmax(largest[i], value);
    }
    for (size_t i = 0; i < count; i++)
        ret_adjusted[i] = (struct stats_number){0};
    for (size_t i = 0; i < m; i++)
        ret_adjusted[order[i]] = stats_known(largest[i]);
    return STATS_OK;
}
