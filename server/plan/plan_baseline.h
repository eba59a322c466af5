// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a plan begins with, from the visitors of the last weeks instead of somebody's memory: how
 * many come a day, and what they do by a metric when nothing is changed for them. Pure.
 */
#pragma once

#include "plan/plan.h"

/* Weighted sums over visitors: n and d are what one of them did by the metric. */
struct plan_measured {
    double days;               /* over which they came */
    double visitors;           /* so many */
    int64_t sampled;           /* of which so many were looked at; equal: all of them */
    const char *metric, *kind; /* kind NULL: no metric was asked for */
    double n, d, nn, nd, dd;
    double converted;                 /* visitors with n > 0 */
    double ww, wwn, wwnn, wwnd, wwdd; /* the same sums with the weights squared */
};

/* A rate or a mean and its standard deviation, per visitor ("mean" and "ratio" metrics: of n over
 * d, the standard deviation by the delta method). NAN: nothing follows from these visitors. */
struct plan_baseline {
    double rate, mean, sd;
    struct stats_interval interval; /* 95 %, of the rate or the mean; unknown of one visitor */
};
struct plan_baseline plan_baseline_of(const struct plan_measured *m);

/* Puts the baseline and the visitors a day where the wish has none. */
void plan_baseline_fill(const struct plan_measured *m, struct plan_wish *wish);

/* {"visitors", "sampled", "days", "daily", "metric", "kind", "rate", "mean", "sd", "lower",
 * "upper"} */
void plan_baseline_write(const struct plan_measured *m, struct buf *out);
