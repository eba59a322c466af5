// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/bootstrap.h"

#include "stats/effect/mean.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void stats_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t ret_words[4])
{
    uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]}, k[2] = {key[0], key[1]};
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xd2511f53u * c[0], b = (uint64_t)0xcd9e8d57u * c[2];
        uint32_t next[4] = {(uint32_t)(b >> 32) ^ c[1] ^ k[0], (uint32_t)b,
                            (uint32_t)(a >> 32) ^ c[3] ^ k[1], (uint32_t)a};
        memcpy(c, next, sizeof(c));
        k[0] += 0x9e3779b9u;
        k[1] += 0xbb67ae85u;
    }
    memcpy(ret_words, c, sizeof(c));
}

/* Poisson(1) by inversion: the number of thresholds floor(2^32 P(X <= k)) at or below the word. */
static int poisson(uint32_t word)
{
    static const uint32_t below[] = {1580030168u, 3160060337u, 3950075421u, 4213413783u,
                                     4279248373u, 4292415291u, 4294609777u, 4294923276u,
                                     4294962463u, 4294966817u, 4294967252u, 4294967292u};
    int k = 0;
    while (k < 12 && word >= below[k])
        k++;
    return k;
}

void stats_bootstrap_init(struct stats_bootstrap *arm, uint64_t seed,
                          struct stats_replicate *replicates, int count)
{
    *arm = (struct stats_bootstrap){.seed = seed, .count = count, .replicates = replicates};
    memset(replicates, 0, (size_t)count * sizeof(*replicates));
}

void stats_bootstrap_add(struct stats_bootstrap *arm, uint64_t unit, double value)
{
    uint32_t key[2] = {(uint32_t)arm->seed, (uint32_t)(arm->seed >> 32)}, words[4];
    uint32_t counter[4] = {0, 0, (uint32_t)unit, (uint32_t)(unit >> 32)};
    for (int i = 0; i < arm->count; i++) {
        if (i % 4 == 0) {
            counter[0] = (uint32_t)i / 4;
            stats_philox(counter, key, words);
        }
        int weight = poisson(words[i % 4]);
        if (weight == 0)
            continue;
        struct stats_replicate *r = &arm->replicates[i];
        double away = value - r->mean;
        r->n += weight;
        r->mean += away * weight / r->n;
        r->m2 += weight * away * (value - r->mean);
    }
    stats_running_add(&arm->all, value);
}

static double variance(const struct stats_replicate *r)
{
    return r->n > 1 ? r->m2 / (r->n - 1) / r->n : NAN;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Fills t* ascending; returns how many have one. */
static int studentise(const struct stats_bootstrap *control,
                      const struct stats_bootstrap *treatment, double d, double *ret_t)
{
    int count = 0;
    for (int i = 0; i < control->count; i++) {
        const struct stats_replicate *a = &control->replicates[i], *b = &treatment->replicates[i];
        double t = (b->mean - a->mean - d) / sqrt(variance(a) + variance(b));
        if (isfinite(t))
            ret_t[count++] = t;
    }
    qsort(ret_t, (size_t)count, sizeof(*ret_t), ascending);
    return count;
}

static void invert(struct stats_effect *e, const double *t, int count)
{
    double d = e->diff.value, se = e->se.value, all = count + 1;
    int above = 0, below = 0, m = (int)ceil((1 - e->conf) * all / 2 - 1e-9) - 1;
    for (int i = 0; i < count; i++) {
        above += t[i] >= e->statistic.value;
        below += t[i] <= e->statistic.value;
    }
    int least = above < below ? above : below;
    e->p_two_sided = stats_known(fmin(1, 2 * (1 + least) / all));
    e->log10_p = stats_known(log10(e->p_two_sided.value));
    e->interval = stats_between(-INFINITY, INFINITY);
    if (m > 0)
        e->interval = stats_between(d - se * t[count - m], d - se * t[m - 1]);
}

struct stats_effect stats_bootstrap_t(const struct stats_bootstrap *control,
                                      const struct stats_bootstrap *treatment, double conf,
                                      double *work)
{
    struct stats_effect e = {.status = STATS_INVALID};
    struct stats_moments a = stats_running_moments(&control->all);
    struct stats_moments b = stats_running_moments(&treatment->all);
    if (control->count != treatment->count || control->count < 1 ||
        control->count > STATS_BOOTSTRAP_MAX || control->seed == treatment->seed)
        return e;
    e = stats_welch(&a, &b, conf);
    struct stats_interval none = {0};
    e.interval = e.uplift_interval = none;
    e.df = e.p_two_sided = e.log10_p = (struct stats_number){0};
    if (!e.se.is_known)
        return e;
    int count = studentise(control, treatment, e.diff.value, work);
    if (count < control->count - control->count / 20) {
        e.status = STATS_INSUFFICIENT_DATA;
        return e;
    }
    if (e.status == STATS_FIELLER_UNBOUNDED)
        e.status = STATS_OK;
    invert(&e, work, count);
    return e;
}
