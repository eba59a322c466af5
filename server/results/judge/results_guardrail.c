// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_guardrail.h"

#include <math.h>
#include <string.h>

/* By the always-valid interval, turned so that larger is better: kept when no more than the margin
 * can be lost, harmed when something is lost for sure and the margin not kept for sure. */
static const char *margin_verdict(const struct results_sequential *s, double margin, bool is_down)
{
    const struct stats_interval *u = &s->uplift_interval, *d = &s->interval;
    double worst = is_down ? -u->upper : u->lower;
    if (s->status == STATS_OK && u->is_known && worst > -margin)
        return "kept";
    bool is_lost = d->is_known && (is_down ? d->lower > 0 : d->upper < 0);
    return s->status == STATS_OK && is_lost ? "harmed" : "open";
}

/* H0: the treatment is k times the control, with the loss on the other side: Welch's t of
 * m2 - k m1 with variance v2 + k^2 v1. */
static void test_estimates(struct results_noninferiority *n, const struct results_metric *m,
                           const struct results_arm *control, const struct results_arm *treatment,
                           bool is_down)
{
    struct stats_estimate a = results_estimate_of(m, control);
    struct stats_estimate b = results_estimate_of(m, treatment);
    double loss = is_down ? m->margin : -m->margin, k = 1 + copysign(loss, loss * a.value);
    double variance = b.variance + k * k * a.variance;
    n->status = STATS_ZERO_VARIANCE;
    if (!(variance > 0))
        return;
    double t = (b.value - k * a.value) / sqrt(variance) * (is_down ? -1 : 1);
    double df = stats_welch_df(k * k * a.variance, (double)control->sums.units, b.variance,
                               (double)treatment->sums.units);
    n->status = STATS_OK;
    n->statistic = stats_known(t);
    n->df = stats_known(df);
    n->p = stats_known(stats_t_q(t, df));
}

/* Rates by the ratio's score statistic at 1 - margin, or 1 + margin where less is better. */
static void test_rates(struct results_noninferiority *n, const struct results_metric *m,
                       const struct results_arm *control, const struct results_arm *treatment,
                       bool is_down)
{
    double ratio = is_down ? 1 + m->margin : 1 - m->margin;
    double z = stats_prop_z_ratio(&control->prop, &treatment->prop, ratio, true);
    n->status = isfinite(z) ? STATS_OK : STATS_ZERO_VARIANCE;
    if (n->status)
        return;
    n->statistic = stats_known(is_down ? -z : z);
    n->p = stats_known(stats_norm_q(n->statistic.value));
}

struct results_noninferiority results_noninferiority_of(const struct results_metric *m,
                                                        const struct results_cell *control,
                                                        const struct results_cell *treatment)
{
    struct results_noninferiority n = {
        .status = STATS_OK, .method = m->method, .margin = m->margin};
    const struct results_arm *a = &control->arm, *b = &treatment->arm;
    bool is_down = strcmp(m->direction, "down") == 0;
    n.verdict = margin_verdict(&treatment->sequential, m->margin, is_down);
    if (a->status || b->status)
        n.status = a->status ? a->status : b->status;
    else if (m->method == METHOD_PROPORTION)
        test_rates(&n, m, a, b, is_down);
    else if (!a->se.is_known || !b->se.is_known)
        n.status = STATS_INSUFFICIENT_DATA;
    else
        test_estimates(&n, m, a, b, is_down);
    return n;
}
