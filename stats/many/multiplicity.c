// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/many/multiplicity.h"

#include <math.h>
#include <stdlib.h>

static int by_p(const void *a, const void *b, void *context)
{
    const struct stats_number *p = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    if (p[i].value != p[j].value)
        return p[i].value < p[j].value ? -1 : 1;
    return i < j ? -1 : i > j;
}

static double harmonic(size_t m)
{
    double sum = 0;
    for (size_t i = 1; i <= m; i++)
        sum += 1 / (double)i;
    return sum;
}

/* The p-value of rank r of m (from 1), before it is made monotone. */
static double scaled(enum stats_adjustment method, double p, double r, double m)
{
    switch (method) {
    case STATS_BONFERRONI:
        return m * p;
    case STATS_SIDAK:
        return p < 1 ? -expm1(m * log1p(-p)) : 1;
    case STATS_HOLM:
    case STATS_HOCHBERG:
        return (m - r + 1) * p;
    case STATS_BH:
        return m * p / r;
    case STATS_BY:
        return harmonic((size_t)m) * m * p / r;
    }
    return p;
}

static bool is_step_up(enum stats_adjustment method)
{
    return method == STATS_HOCHBERG || method == STATS_BH || method == STATS_BY;
}

size_t stats_adjust(enum stats_adjustment method, const struct stats_number *p, size_t count,
                    size_t *order, struct stats_number *ret_adjusted)
{
    size_t m = 0;
    for (size_t i = 0; i < count; i++) {
        ret_adjusted[i] = (struct stats_number){0};
        if (p[i].is_known && p[i].value >= 0 && p[i].value <= 1)
            order[m++] = i;
    }
    union {
        const struct stats_number *in;
        void *out;
    } context = {.in = p}; /* qsort_r's context is not const */
    qsort_r(order, m, sizeof(*order), by_p, context.out);
    bool is_up = is_step_up(method);
    double last = is_up ? 1 : 0;
    for (size_t k = 0; k < m; k++) {
        size_t r = is_up ? m - k : k + 1, i = order[r - 1];
        double value = fmin(1, scaled(method, p[i].value, (double)r, (double)m));
        last = is_up ? fmin(last, value) : fmax(last, value);
        ret_adjusted[i] = stats_known(last);
    }
    return m;
}

double stats_fcr_conf(double alpha, size_t selected, size_t m)
{
    return 1 - (double)selected * alpha / (double)m;
}
