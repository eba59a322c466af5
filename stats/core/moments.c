// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/moments.h"

#include <math.h>

struct stats_moments stats_running_moments(const struct stats_running *running)
{
    struct stats_moments m = running->rest;
    m.mean += running->origin;
    return m;
}

struct stats_comoments stats_running_comoments(const struct stats_running_pair *running)
{
    struct stats_comoments m = running->rest;
    m.mean_x += running->origin_x;
    m.mean_y += running->origin_y;
    return m;
}

void stats_running_add(struct stats_running *running, double value)
{
    if (running->rest.n == 0)
        running->origin = value;
    struct stats_running one = {.origin = value, .rest = {.n = 1}};
    stats_running_merge(running, &one);
}

void stats_running_pair_add(struct stats_running_pair *running, double x, double y)
{
    struct stats_running_pair one = {.origin_x = x, .origin_y = y, .rest = {.n = 1}};
    stats_running_pair_merge(running, &one);
}

void stats_running_merge(struct stats_running *running, const struct stats_running *other)
{
    struct stats_moments *a = &running->rest;
    const struct stats_moments *b = &other->rest;
    if (b->n == 0)
        return;
    if (a->n == 0) {
        *running = *other;
        return;
    }
    double na = (double)a->n, nb = (double)b->n, n = na + nb;
    double d = (other->origin - running->origin) + (b->mean - a->mean);
    double k = d / n;
    a->m3 += b->m3 + d * k * k * na * nb * (na - nb) + 3 * k * (na * b->m2 - nb * a->m2);
    a->m2 += b->m2 + d * k * na * nb;
    a->mean += k * nb;
    a->n += b->n;
}

void stats_running_pair_merge(struct stats_running_pair *running,
                              const struct stats_running_pair *other)
{
    struct stats_comoments *a = &running->rest;
    const struct stats_comoments *b = &other->rest;
    if (b->n == 0)
        return;
    if (a->n == 0) {
        *running = *other;
        return;
    }
    double na = (double)a->n, nb = (double)b->n, n = na + nb, weight = na * nb / n;
    double dx = (other->origin_x - running->origin_x) + (b->mean_x - a->mean_x);
    double dy = (other->origin_y - running->origin_y) + (b->mean_y - a->mean_y);
    a->m2_x += b->m2_x + dx * dx * weight;
    a->m2_y += b->m2_y + dy * dy * weight;
    a->c_xy += b->c_xy + dx * dy * weight;
    a->mean_x += dx * nb / n;
    a->mean_y += dy * nb / n;
    a->n += b->n;
}

struct stats_number stats_variance(const struct stats_moments *moments)
{
    if (moments->n < 2)
        return (struct stats_number){0};
    return stats_known(moments->m2 / ((double)moments->n - 1));
}

struct stats_number stats_skewness(const struct stats_moments *moments)
{
    if (moments->n < 3 || !(moments->m2 > 0))
        return (struct stats_number){0};
    double n = (double)moments->n, v = moments->m2 / n;
    return stats_known(moments->m3 / n / (v * sqrt(v)));
}

struct stats_number stats_lag1(const double *values, size_t count,
                               const struct stats_moments *moments)
{
    if (count < 2 || !(moments->m2 > 0))
        return (struct stats_number){0};
    double sum = 0;
    for (size_t i = 1; i < count; i++)
        sum += (values[i] - moments->mean) * (values[i - 1] - moments->mean);
    return stats_known(sum / moments->m2);
}

struct stats_estimate stats_mean_estimate(const struct stats_moments *moments)
{
    double n = (double)moments->n;
    double variance = moments->n < 2 ? 0 : moments->m2 / (n - 1) / n;
    return (struct stats_estimate){.value = moments->mean, .variance = variance};
}
