// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/mean.h"

#include "stats/contrast.h"

#include <math.h>

/* Strata joined so far, and the sums over those that are complete. */
struct strata {
    struct stats_running control, treatment;
    double n; /* of both arms in all strata */
    double m1, m2, v1, v2, square1, square2, product;
};

static bool is_complete(const struct strata *s)
{
    return s->control.rest.n >= 2 && s->treatment.rest.n >= 2;
}

/* Counts the joined strata as one and begins the next. */
static void close_stratum(struct strata *s)
{
    struct stats_moments a = stats_running_moments(&s->control);
    struct stats_moments b = stats_running_moments(&s->treatment);
    double w = ((double)a.n + (double)b.n) / s->n;
    s->m1 += w * a.mean;
    s->m2 += w * b.mean;
    s->v1 += w * w * stats_mean_estimate(&a).variance;
    s->v2 += w * w * stats_mean_estimate(&b).variance;
    s->square1 += w * a.mean * a.mean;
    s->square2 += w * b.mean * b.mean;
    s->product += w * a.mean * b.mean;
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
    double origin = strata > 0 ? control[0].mean : 0;
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
    double between1 = fmax(0, s.square1 - s.m1 * s.m1), between2 = fmax(0, s.square2 - s.m2 * s.m2);
    struct stats_estimate a = {origin + s.m1, s.v1 + between1 / s.n};
    struct stats_estimate b = {origin + s.m2, s.v2 + between2 / s.n};
    double cov = (s.product - s.m1 * s.m2) / s.n;
    return stats_contrast(a, b, cov, INFINITY, conf);
}
