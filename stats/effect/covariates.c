// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/covariates.h"

void stats_covariates_merge(struct stats_covariates *all, const struct stats_covariates *other)
{
    double n = (double)all->n + (double)other->n, shift[STATS_COVARIATES];
    if (other->n == 0)
        return;
    if (all->n == 0) {
        *all = *other;
        return;
    }
    double share = (double)other->n / n, weight = (double)all->n * share;
    double dy = other->mean_y - all->mean_y;
    for (int i = 0; i < all->k; i++) {
        shift[i] = other->mean_x[i] - all->mean_x[i];
        all->mean_x[i] += shift[i] * share;
    }
    all->n += other->n;
    all->mean_y += dy * share;
    all->m2_y += other->m2_y + dy * dy * weight;
    for (int i = 0; i < all->k; i++) {
        all->xy[i] += other->xy[i] + shift[i] * dy * weight;
        for (int j = 0; j < all->k; j++)
            all->xx[i][j] += other->xx[i][j] + shift[i] * shift[j] * weight;
    }
}
