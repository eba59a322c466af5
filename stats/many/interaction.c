// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/many/interaction.h"

#include "stats/core/dist.h"
#include "stats/effect/contrast.h"

#include <math.h>

static enum stats_status check(struct stats_interaction_cell cells[2][2], double conf)
{
    enum stats_status status = STATS_OK;
    if (!(conf > 0 && conf < 1))
        return STATS_INVALID;
    for (int i = 0; i < 4; i++) {
        const struct stats_interaction_cell *c = &cells[i / 2][i % 2];
        if (!isfinite(c->mean.value) || !isfinite(c->mean.variance) || c->mean.variance < 0)
            return STATS_INVALID;
        if (c->n == 0)
            status = STATS_NO_DATA;
        else if (c->n == 1 && status == STATS_OK)
            status = STATS_INSUFFICIENT_DATA;
    }
    return status;
}

static struct stats_effect effect_of_a(struct stats_interaction_cell cells[2][2], int b,
                                       double conf)
{
    const struct stats_interaction_cell *off = &cells[0][b], *on = &cells[1][b];
    double df = INFINITY;
    if (off->mean.variance + on->mean.variance > 0)
        df = stats_welch_df(off->mean.variance, (double)off->n, on->mean.variance, (double)on->n);
    return stats_contrast(off->mean, on->mean, 0, df, conf);
}

struct stats_interaction stats_interaction(struct stats_interaction_cell cells[2][2], double conf)
{
    struct stats_interaction r = {.status = check(cells, conf)};
    double variance = 0, spread = 0;
    r.without_b.status = r.with_b.status = r.status;
    if (r.status != STATS_OK)
        return r;
    r.without_b = effect_of_a(cells, 0, conf);
    r.with_b = effect_of_a(cells, 1, conf);
    double diff = r.with_b.diff.value - r.without_b.diff.value;
    for (int i = 0; i < 4; i++)
        variance += cells[i / 2][i % 2].mean.variance;
    r.diff = stats_known(diff);
    if (!(variance > 0)) {
        r.status = STATS_ZERO_VARIANCE;
        return r;
    }
    for (int i = 0; i < 4; i++) {
        double share = cells[i / 2][i % 2].mean.variance / variance;
        spread += share * share / ((double)cells[i / 2][i % 2].n - 1);
    }
    double se = sqrt(variance), df = 1 / spread, t = diff / se;
    if (!isfinite(variance) || !isfinite(t)) {
        r.status = STATS_INVALID;
        return r;
    }
    double half = stats_t_quantile((1 - conf) / 2, df) * se;
    r.se = stats_known(se);
    r.df = stats_known(df);
    r.statistic = stats_known(t);
    r.interval = stats_between(diff - half, diff + half);
    r.p_two_sided = stats_known(fmin(1, 2 * stats_t_q(fabs(t), df)));
    r.log10_p = stats_known(fmin(0, (stats_t_log_q(fabs(t), df) + M_LN2) / M_LN10));
    return r;
}
