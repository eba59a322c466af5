// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/covariates.h"

void stats_covariates_add(struct stats_covariates *all, double y, const double *x)
{
    double before[STATS_COVARIATES], n = (double)++all->n, dy = y - all->mean_y;
    for (int i = 0; i < all->k; i++) {
        before[i] = x[i] - all->mean_x[i];
        all->mean_x[i] += before[i] / n;
    }
    all->mean_y += dy / n;
    all->m2_y += dy * (y - all->mean_y);
    for (int i = 0; i < all->k; i++) {
        all->xy[i] += before[i] * (y - all->mean_y);
        for (int j = 0; j <= i; j++) {
            all->xx[i][j] += before[i] * (x[j] - all->mean_x[j]);
            all->xx[j][i] = all->xx[i][j];
        }
    }
}

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

struct stats_covariates stats_covariates_with_missing(const struct stats_comoments *seen,
                                                      const struct stats_moments *missing)
{
    struct stats_covariates all = {.n = seen->n, .k = 2, .mean_y = seen->mean_y};
    struct stats_covariates none = {
        .n = missing->n, .k = 2, .mean_y = missing->mean, .m2_y = missing->m2, .mean_x = {0, 1}};
    all.m2_y = seen->m2_y;
    all.mean_x[0] = seen->mean_x;
    all.xx[0][0] = seen->m2_x;
    all.xy[0] = seen->c_xy;
    stats_covariates_merge(&all, &none);
    return all;
}
