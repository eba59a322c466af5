// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/mean.h"

#include "stats/effect/contrast.h"

#include <math.h>

/* A weighted mean over strata, and the weighted sum of squares about it. */
struct level {
    double mean, square;
};

/* Strata joined so far, and what those that are complete add up to. */
struct strata {
    struct stats_running control, treatment;
    double n; /* of both arms in all strata */
    double weight, v1, v2;
    struct level m1, m2, diff;
    double product; /* of m1 and diff */
};

static bool is_complete(const struct strata *s)
{
    return s->control.rest.n >= 2 && s->treatment.rest.n >= 2;
}

/* West (1979): after the weight w came in, of `weight` in all. */
static void add_level(struct level *level, double value, double w, double weight)
{
    double before = value - level->mean;
    level->mean += w / weight * before;
    level->square += w * before * (value - level->mean);
}

/* Counts the joined strata as one and begins the next. */
static void close_stratum(struct strata *s)
{
    struct stats_moments a = stats_running_moments(&s->control);
    struct stats_moments b = stats_running_moments(&s->treatment);
    double w = ((double)a.n + (double)b.n) / s->n, diff = b.mean - a.mean;
    double before = a.mean - s->m1.mean;
    s->weight += w;
    s->v1 += w * w * stats_mean_estimate(&a).variance;
    s->v2 += w * w * stats_mean_estimate(&b).variance;
    add_level(&s->m1, a.mean, w, s->weight);
    add_level(&s->m2, b.mean, w, s->weight);
    add_level(&s->diff, diff, w, s->weight);
    s->product += w * before * (diff - s->diff.mean);
    s->control = s->treatment = (struct stats_running){0};
}

static void join(struct stats_running *running, const struct stats_moments *more, double origin)
{
    struct stats_running other = {.rest = *more};
    other.rest.mean -= origin;
    stats_running_merge(running, &other);
}

/* Whether the strata from `from` on suffice for one more stratum by themselves. */
static bool suffices(const struct stats_moments *control, const struct stats_moments *treatment,
                     size_t from, size_t strata)
{
    uint64_t n1 = 0, n2 = 0;
    for (size_t k = from; k < strata; k++) {
        n1 += control[k].n;
        n2 += treatment[k].n;
    }
    return n1 >= 2 && n2 >= 2;
}

static bool is_sound(const struct stats_moments *m, size_t strata)
{
    for (size_t k = 0; k < strata; k++)
        if (!isfinite(m[k].mean) || !isfinite(m[k].m2) || !(m[k].m2 >= 0))
            return false;
    return true;
}

struct stats_effect stats_poststratified(const struct stats_moments *control,
                                         const struct stats_moments *treatment, size_t strata,
                                         double conf)
{
    struct stats_effect e = {.status = STATS_INVALID, .conf = conf};
    struct strata s = {0};
    /* Means relative to one of them, so that the spread between strata keeps its digits. */
    double origin = strata > 0 ? control[0].mean / 2 + treatment[0].mean / 2 : 0;
    for (size_t k = 0; k < strata; k++)
        s.n += (double)control[k].n + (double)treatment[k].n;
    if (!(conf > 0 && conf < 1) || strata == 0 || !is_sound(control, strata) ||
        !is_sound(treatment, strata))
        return e;
    e.status = STATS_INSUFFICIENT_DATA;
    if (!suffices(control, treatment, 0, strata))
        return e;
    for (size_t k = 0; k < strata; k++) {
        join(&s.control, &control[k], origin);
        join(&s.treatment, &treatment[k], origin);
        if (is_complete(&s) && (k + 1 == strata || suffices(control, treatment, k + 1, strata)))
            close_stratum(&s);
    }
    struct stats_estimate a = {origin + s.m1.mean, s.v1 + s.m1.square / s.n};
    struct stats_estimate b = {origin + s.m2.mean, s.v2 + s.m2.square / s.n};
    struct stats_difference d = {s.diff.mean, s.v1 + s.v2 + s.diff.square / s.n,
                                 s.product / s.n - s.v1};
    return stats_contrast_joint(a, b, d, INFINITY, conf);
}
