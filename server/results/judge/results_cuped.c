// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_cuped.h"

#include <math.h>

/* The covariates: the metric before, and whether there was no before. */
enum { PAST, MISSING, COVARIATES };

/* One variable of the sums: its sum, its square, and what one step of it is worth. */
struct variable {
    const char *sum, *square;
    double unit;
};

/* An arm's variables: n and d, x and y of before, m for those who were not seen then. */
struct variables {
    uint64_t units;
    struct variable n, d, x, y, m;
};

static struct variables variables_of(const struct results_metric *metric,
                                     const struct results_sums *s)
{
    return (struct variables){
        .units = s->units,
        .n = {s->n, s->nn, metric->unit_n},
        .d = {s->d, s->dd, metric->unit_d},
        .x = {s->pre.x, s->pre.xx, metric->unit_n},
        .y = {s->pre.y, s->pre.yy, metric->unit_d},
        .m = {s->pre.m, s->pre.m, 1},
    };
}

/* 'product' is the sum of a's and b's products; a becomes x of the result, b its y. */
static bool take_pair(uint64_t n, const struct variable *a, const struct variable *b,
                      const char *product, struct stats_comoments *ret_pair)
{
    struct stats_cross_sums sums = {.n = n, .unit_x = a->unit, .unit_y = b->unit};
    return stats_parse_fixed(a->sum, 0, &sums.x) && stats_parse_fixed(b->sum, 0, &sums.y) &&
           stats_parse_fixed(a->square, 0, &sums.xx) && stats_parse_fixed(b->square, 0, &sums.yy) &&
           stats_parse_fixed(product, 0, &sums.xy) && stats_comoments_from_sums(&sums, ret_pair);
}

static void set_past(struct stats_covariates *c, double mean, double m2, double with_y,
                     double with_missing)
{
    c->mean_x[PAST] = mean;
    c->xx[PAST][PAST] = m2;
    c->xy[PAST] = with_y;
    c->xx[PAST][MISSING] = c->xx[MISSING][PAST] = with_missing;
}

static void set_missing(struct stats_covariates *c, double mean, double m2, double with_y)
{
    c->mean_x[MISSING] = mean;
    c->xx[MISSING][MISSING] = m2;
    c->xy[MISSING] = with_y;
}

static bool take_mean(const struct results_metric *metric, const struct results_sums *s,
                      struct stats_covariates *c)
{
    struct variables v = variables_of(metric, s);
    struct stats_comoments xn, mn, xm;
    if (!take_pair(v.units, &v.x, &v.n, s->pre.nx, &xn) ||
        !take_pair(v.units, &v.m, &v.n, s->pre.nm, &mn) ||
        !take_pair(v.units, &v.x, &v.m, "0", &xm))
        return false;
    *c = (struct stats_covariates){
        .n = v.units, .k = COVARIATES, .mean_y = xn.mean_y, .m2_y = xn.m2_y};
    set_past(c, xn.mean_x, xn.m2_x, xn.c_xy, xm.c_xy);
    set_missing(c, mn.mean_x, mn.m2_x, mn.c_xy);
    return true;
}

/* All pairs of the variables of a ratio's arm. */
struct ratio_pairs {
    struct stats_comoments nd, xy, nx, ny, dx, dy, nm, dm, xm, ym;
};

static bool take_ratio_pairs(const struct results_metric *metric, const struct results_sums *s,
                             struct ratio_pairs *p)
{
    struct variables v = variables_of(metric, s);
    return take_pair(v.units, &v.n, &v.d, s->nd, &p->nd) &&
           take_pair(v.units, &v.x, &v.y, s->pre.xy, &p->xy) &&
           take_pair(v.units, &v.n, &v.x, s->pre.nx, &p->nx) &&
           take_pair(v.units, &v.n, &v.y, s->pre.ny, &p->ny) &&
           take_pair(v.units, &v.d, &v.x, s->pre.dx, &p->dx) &&
           take_pair(v.units, &v.d, &v.y, s->pre.dy, &p->dy) &&
           take_pair(v.units, &v.n, &v.m, s->pre.nm, &p->nm) &&
           take_pair(v.units, &v.d, &v.m, s->pre.dm, &p->dm) &&
           take_pair(v.units, &v.x, &v.m, "0", &p->xm) &&
           take_pair(v.units, &v.y, &v.m, "0", &p->ym);
}

/* The arm's ratio as a mean of R + (n - R d) / dbar, with the covariate x - before y. */
static struct stats_covariates linearise(const struct ratio_pairs *p, double before)
{
    struct stats_ratio_arm ratio = stats_ratio_arm(&p->nd);
    double n = (double)p->nd.n, r = ratio.estimate.value, dbar = p->nd.mean_y;
    struct stats_covariates c = {
        .n = p->nd.n, .k = COVARIATES, .mean_y = r, .m2_y = ratio.estimate.variance * n * (n - 1)};
    double with_n = p->nx.c_xy - before * p->ny.c_xy, with_d = p->dx.c_xy - before * p->dy.c_xy;
    set_past(&c, p->xy.mean_x - before * p->xy.mean_y,
             fmax(0, p->xy.m2_x - before * (2 * p->xy.c_xy - before * p->xy.m2_y)),
             (with_n - r * with_d) / dbar, p->xm.c_xy - before * p->ym.c_xy);
    set_missing(&c, p->nm.mean_y, p->nm.m2_y, (p->nm.c_xy - r * p->dm.c_xy) / dbar);
    return c;
}

static enum stats_status take_ratios(const struct results_metric *m,
                                     const struct results_arm *control,
                                     const struct results_arm *treatment,
                                     struct stats_covariates arms[2])
{
    struct ratio_pairs a, b;
    if (!take_ratio_pairs(m, &control->sums, &a) || !take_ratio_pairs(m, &treatment->sums, &b))
        return STATS_INVALID;
    double na = (double)a.nd.n, nb = (double)b.nd.n;
    double x = na * a.xy.mean_x + nb * b.xy.mean_x, y = na * a.xy.mean_y + nb * b.xy.mean_y;
    double before = y == 0 ? 0 : x / y;
    arms[0] = linearise(&a, before);
    arms[1] = linearise(&b, before);
    return STATS_OK;
}

static enum stats_status take_arms(const struct results_metric *m,
                                   const struct results_arm *control,
                                   const struct results_arm *treatment,
                                   struct stats_covariates arms[2])
{
    if (control->status || treatment->status)
        return control->status ? control->status : treatment->status;
    if (m->method == METHOD_RATIO)
        return take_ratios(m, control, treatment, arms);
    return take_mean(m, &control->sums, &arms[0]) && take_mean(m, &treatment->sums, &arms[1])
               ? STATS_OK
               : STATS_INVALID;
}

static struct stats_number reduction(const struct stats_effect *adjusted,
                                     const struct stats_effect *plain)
{
    if (!adjusted->se.is_known || !plain->se.is_known || plain->se.value == 0)
        return (struct stats_number){0};
    double share = adjusted->se.value / plain->se.value;
    return stats_known(1 - share * share);
}

/* Welch's p of a covariate: what was before the exposure cannot depend on the variant. */
static struct stats_number balance(const struct stats_covariates arms[2], int covariate)
{
    struct stats_moments sides[2];
    for (int i = 0; i < 2; i++)
        sides[i] = (struct stats_moments){.n = arms[i].n,
                                          .mean = arms[i].mean_x[covariate],
                                          .m2 = arms[i].xx[covariate][covariate]};
    return stats_welch(&sides[0], &sides[1], 0.95).p_two_sided;
}

static bool is_alarm(struct stats_number p)
{
    return p.is_known && p.value < 0.001;
}

static struct stats_number slope(const struct stats_cuped_many *c, double value)
{
    bool is_known = c->status == STATS_OK || c->status == STATS_COVARIATE_CONSTANT;
    return is_known ? stats_known(value) : (struct stats_number){0};
}

static void answer(struct results_cuped *a, const struct stats_cuped_many *c,
                   const struct stats_covariates arms[2])
{
    static const char *const imbalance[] = {"covariate_imbalance"};
    double na = (double)arms[0].n, nb = (double)arms[1].n;
    a->is_own = c->lin.status != STATS_COVARIATE_CONSTANT && (na > 2 * nb || nb > 2 * na);
    const double *control = a->is_own ? c->theta_lin[0] : c->theta;
    const double *treatment = a->is_own ? c->theta_lin[1] : c->theta;
    a->effect = a->is_own ? c->lin : c->within;
    a->status = c->status ? c->status : a->effect.status;
    a->theta = slope(c, treatment[PAST]);
    a->theta_control = slope(c, control[PAST]);
    a->theta_missing = slope(c, treatment[MISSING]);
    a->theta_missing_control = slope(c, control[MISSING]);
    a->variance_reduction = reduction(&a->effect, &c->unadjusted);
    a->past_balance = balance(arms, PAST);
    a->missing_balance = balance(arms, MISSING);
    a->warnings = imbalance;
    a->warning_count = is_alarm(a->past_balance) || is_alarm(a->missing_balance);
}

const struct results_cuped *results_cuped_of(const struct results *r,
                                             const struct results_metric *m,
                                             const struct results_arm *control,
                                             const struct results_arm *treatment)
{
    struct stats_covariates arms[2] = {{0}, {0}};
    struct stats_cuped_many c = {.status = STATS_INVALID};
    if (r->rules.pre_period_days == 0)
        return NULL;
    struct results_cuped *a = arena_zalloc(r->arena, sizeof(*a));
    a->pre_period_days = r->rules.pre_period_days;
    c.status = take_arms(m, control, treatment, arms);
    if (c.status == STATS_OK)
        c = stats_cuped_many(&arms[0], &arms[1], r->head.confidence);
    answer(a, &c, arms);
    return a;
}
