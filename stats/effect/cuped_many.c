// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/effect/contrast.h"
#include "stats/effect/covariates.h"
#include "stats/effect/mean.h"

#include <math.h>
#include <string.h>

enum { K = STATS_COVARIATES };

static const double MIN_RCOND = 1e-10;

/* The covariates in use, and the inverse of their Cholesky factor, all scaled to unit diagonal. */
struct factor {
    int used;
    int index[K];
    double scale[K]; /* sqrt of the diagonal of M */
    double inverse[K][K];
};

static double correlation(const struct factor *f, double m[K][K], int a, int b)
{
    return m[f->index[a]][f->index[b]] / f->scale[a] / f->scale[b];
}

/* Row `last` of the inverse factor, from the rows above it. False where nothing is left. */
static bool extend(struct factor *f, double m[K][K], int last)
{
    double row[K] = {0}, rest = 1;
    for (int i = 0; i < last; i++) {
        for (int j = 0; j <= i; j++)
            row[i] += f->inverse[i][j] * correlation(f, m, j, last);
        rest -= row[i] * row[i];
    }
    if (!(rest > 0))
        return false;
    double pivot = sqrt(rest);
    for (int j = 0; j < last; j++) {
        double sum = 0;
        for (int i = j; i < last; i++)
            sum += row[i] * f->inverse[i][j];
        f->inverse[last][j] = -sum / pivot;
    }
    f->inverse[last][last] = 1 / pivot;
    return true;
}

/* 1 / (|R|_1 |R^-1|_1) of the first `count` covariates. */
static double rcond(const struct factor *f, double m[K][K], int count)
{
    double norm = 0, inverse_norm = 0;
    for (int a = 0; a < count; a++) {
        double sum = 0, inverse_sum = 0;
        for (int b = 0; b < count; b++) {
            double entry = 0;
            for (int i = a > b ? a : b; i < count; i++)
                entry += f->inverse[i][a] * f->inverse[i][b];
            inverse_sum += fabs(entry);
            sum += fabs(correlation(f, m, a, b));
        }
        norm = fmax(norm, sum);
        inverse_norm = fmax(inverse_norm, inverse_sum);
    }
    return 1 / (norm * inverse_norm);
}

/* Takes covariates in from `wanted` (bits) while they add something; returns the bits taken. */
static unsigned build(struct factor *f, double m[K][K], int k, unsigned wanted)
{
    unsigned taken = 0;
    memset(f, 0, sizeof(*f));
    for (int i = 0; i < k; i++) {
        if (!(wanted >> i & 1) || !(m[i][i] > 0))
            continue;
        f->index[f->used] = i;
        f->scale[f->used] = sqrt(m[i][i]);
        if (!extend(f, m, f->used) || !(rcond(f, m, f->used + 1) >= MIN_RCOND))
            continue;
        f->used++;
        taken |= 1u << i;
    }
    return taken;
}

/* theta = M^-1 c over the covariates in use, 0 for the others. */
static void solve(const struct factor *f, const double c[K], double ret_theta[K])
{
    double half[K] = {0};
    memset(ret_theta, 0, K * sizeof(*ret_theta));
    for (int i = 0; i < f->used; i++)
        for (int j = 0; j <= i; j++)
            half[i] += f->inverse[i][j] * c[f->index[j]] / f->scale[j];
    for (int j = 0; j < f->used; j++)
        for (int i = j; i < f->used; i++)
            ret_theta[f->index[j]] += f->inverse[i][j] * half[i] / f->scale[j];
}

static double form(const double a[K], const double m[K][K], const double b[K], int k)
{
    double sum = 0;
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++)
            sum += a[i] * m[i][j] * b[j];
    return sum;
}

static struct stats_estimate adjusted(const struct stats_covariates *arm,
                                      const struct stats_covariates *all, const double theta[K])
{
    double n = (double)arm->n, value = arm->mean_y, m2 = arm->m2_y;
    for (int i = 0; i < arm->k; i++) {
        value -= theta[i] * (arm->mean_x[i] - all->mean_x[i]);
        m2 -= 2 * theta[i] * arm->xy[i];
    }
    m2 += form(theta, arm->xx, theta, arm->k);
    return (struct stats_estimate){.value = value, .variance = m2 < 0 ? 0 : m2 / (n - 1) / n};
}

static struct stats_effect adjusted_effect(const struct stats_covariates *control,
                                           const struct stats_covariates *treatment,
                                           const double theta1[K], const double theta2[K],
                                           double conf)
{
    struct stats_covariates all = *control;
    stats_covariates_merge(&all, treatment);
    struct stats_estimate a = adjusted(control, &all, theta1);
    struct stats_estimate b = adjusted(treatment, &all, theta2);
    double n = (double)all.n, share = 1 / (n - 1) / n, df = INFINITY;
    if (a.variance + b.variance > 0)
        df = stats_welch_df(a.variance, (double)control->n, b.variance, (double)treatment->n);
    a.variance += share * form(theta1, all.xx, theta1, all.k);
    b.variance += share * form(theta2, all.xx, theta2, all.k);
    return stats_contrast(a, b, share * form(theta1, all.xx, theta2, all.k), df, conf);
}

static struct stats_effect own_slopes(const struct stats_covariates *control,
                                      const struct stats_covariates *treatment, unsigned used,
                                      double conf, double ret_theta[2][K])
{
    struct stats_effect e = {.status = STATS_COVARIATE_CONSTANT, .conf = conf};
    struct stats_covariates a = *control, b = *treatment;
    struct factor fa, fb;
    if (used == 0 || build(&fa, a.xx, a.k, used) != used || build(&fb, b.xx, b.k, used) != used)
        return e;
    solve(&fa, a.xy, ret_theta[0]);
    solve(&fb, b.xy, ret_theta[1]);
    return adjusted_effect(control, treatment, ret_theta[0], ret_theta[1], conf);
}

static bool is_sound(const struct stats_covariates *arm)
{
    if (arm->k < 1 || arm->k > K || !isfinite(arm->mean_y) || !isfinite(arm->m2_y))
        return false;
    for (int i = 0; i < arm->k; i++) {
        if (!isfinite(arm->mean_x[i]) || !isfinite(arm->xy[i]) || arm->xx[i][i] < 0)
            return false;
        for (int j = 0; j < arm->k; j++)
            if (!isfinite(arm->xx[i][j]))
                return false;
    }
    return true;
}

static struct stats_moments metric(const struct stats_covariates *arm)
{
    return (struct stats_moments){.n = arm->n, .mean = arm->mean_y, .m2 = arm->m2_y};
}

static bool is_finite(const double theta[K])
{
    for (int i = 0; i < K; i++)
        if (!isfinite(theta[i]))
            return false;
    return true;
}

static void adjust(struct stats_cuped_many *r, const struct stats_covariates *control,
                   const struct stats_covariates *treatment, double conf)
{
    double m[K][K] = {{0}}, c[K] = {0};
    struct factor f;
    for (int i = 0; i < control->k; i++) {
        c[i] = control->xy[i] + treatment->xy[i];
        for (int j = 0; j < control->k; j++)
            m[i][j] = control->xx[i][j] + treatment->xx[i][j];
    }
    unsigned used = build(&f, m, control->k, ~0u);
    r->dropped = ~used & ((1u << control->k) - 1);
    solve(&f, c, r->theta);
    if (!is_finite(r->theta)) {
        memset(r->theta, 0, sizeof(r->theta));
        r->status = r->within.status = r->lin.status = STATS_INVALID;
        return;
    }
    r->within = adjusted_effect(control, treatment, r->theta, r->theta, conf);
    r->lin = own_slopes(control, treatment, used, conf, r->theta_lin);
    r->status = used ? STATS_OK : STATS_COVARIATE_CONSTANT;
    double before = r->unadjusted.se.value, after = r->within.se.value;
    if (r->unadjusted.se.is_known && r->within.se.is_known)
        r->variance_reduction = stats_known(1 - after / before * (after / before));
}

struct stats_cuped_many stats_cuped_many(const struct stats_covariates *control,
                                         const struct stats_covariates *treatment, double conf)
{
    struct stats_cuped_many r = {.status = STATS_INVALID};
    r.unadjusted.status = r.within.status = r.lin.status = STATS_INVALID;
    if (!is_sound(control) || !is_sound(treatment) || control->k != treatment->k)
        return r;
    struct stats_moments ya = metric(control), yb = metric(treatment);
    uint64_t least = control->n < treatment->n ? control->n : treatment->n;
    r.unadjusted = stats_welch(&ya, &yb, conf);
    r.status = r.within.status = r.lin.status = r.unadjusted.status;
    if (r.unadjusted.status == STATS_INVALID || least < 2)
        return r;
    if (least <= (uint64_t)control->k + 1) {
        r.status = r.within.status = r.lin.status = STATS_INSUFFICIENT_DATA;
        return r;
    }
    adjust(&r, control, treatment, conf);
    return r;
}
