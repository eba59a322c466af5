// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "engine/results_phase.h"

#include <math.h>

/* One variable of the sums: its sum, its square, and what one step of it is worth. */
struct variable {
    const char *sum, *square;
    double unit;
};

/* Of an arm of a ratio: all pairs of (numerator n, denominator d) and the same before (x, y). */
struct ratio_pairs {
    struct stats_comoments nd, xy, nx, ny, dx, dy;
};

/* 'product' is the sum of a's and b's products; a becomes x of the result, b its y. */
static bool take_pair(uint64_t n, const struct variable *a, const struct variable *b,
                      const char *product, struct stats_comoments *ret_pair)
{
    struct stats_cross_sums sums = {.n = n, .unit_x = a->unit, .unit_y = b->unit};
    return stats_parse_fixed(a->sum, 0, &sums.x) && stats_parse_fixed(b->sum, 0, &sums.y) &&
           stats_parse_fixed(a->square, 0, &sums.xx) && stats_parse_fixed(b->square, 0, &sums.yy) &&
           stats_parse_fixed(product, 0, &sums.xy) && stats_comoments_from_sums(&sums, ret_pair);
}

static bool take_mean(const struct results_metric *m, const struct results_arm *arm,
                      struct stats_comoments *ret_pair)
{
    const struct results_sums *s = &arm->sums;
    struct variable n = {s->n, s->nn, m->unit_n}, x = {s->pre.x, s->pre.xx, m->unit_n};
    return take_pair(s->units, &x, &n, s->pre.nx, ret_pair);
}

static bool take_ratio_pairs(const struct results_metric *m, const struct results_arm *arm,
                             struct ratio_pairs *p)
{
    const struct results_sums *s = &arm->sums;
    struct variable n = {s->n, s->nn, m->unit_n}, x = {s->pre.x, s->pre.xx, m->unit_n};
    struct variable d = {s->d, s->dd, m->unit_d}, y = {s->pre.y, s->pre.yy, m->unit_d};
    return take_pair(s->units, &n, &d, s->nd, &p->nd) &&
           take_pair(s->units, &x, &y, s->pre.xy, &p->xy) &&
           take_pair(s->units, &n, &x, s->pre.nx, &p->nx) &&
           take_pair(s->units, &n, &y, s->pre.ny, &p->ny) &&
           take_pair(s->units, &d, &x, s->pre.dx, &p->dx) &&
           take_pair(s->units, &d, &y, s->pre.dy, &p->dy);
}

/* The arm's ratio as a mean of R + (n - R d) / dbar, with the covariate x - before y. */
static struct stats_comoments linearise(const struct ratio_pairs *p, double before)
{
    struct stats_ratio_arm ratio = stats_ratio_arm(&p->nd);
    double n = (double)p->nd.n, r = ratio.estimate.value;
    return (struct stats_comoments){
        .n = p->nd.n,
        .mean_y = r,
        .m2_y = ratio.estimate.variance * n * (n - 1),
        .mean_x = p->xy.mean_x - before * p->xy.mean_y,
        .m2_x = fmax(0, p->xy.m2_x - before * (2 * p->xy.c_xy - before * p->xy.m2_y)),
        .c_xy = (p->nx.c_xy - before * p->ny.c_xy - r * (p->dx.c_xy - before * p->dy.c_xy)) /
                p->nd.mean_y,
    };
}

static enum stats_status take_ratios(const struct results_metric *m,
                                     const struct results_arm *control,
                                     const struct results_arm *treatment,
                                     struct stats_comoments pairs[2])
{
    struct ratio_pairs a, b;
    if (!take_ratio_pairs(m, control, &a) || !take_ratio_pairs(m, treatment, &b))
        return STATS_INVALID;
    double na = (double)a.nd.n, nb = (double)b.nd.n;
    double x = na * a.xy.mean_x + nb * b.xy.mean_x, y = na * a.xy.mean_y + nb * b.xy.mean_y;
    double before = y == 0 ? 0 : x / y;
    pairs[0] = linearise(&a, before);
    pairs[1] = linearise(&b, before);
    return STATS_OK;
}

/* The arms as pairs (covariate, metric). */
static enum stats_status take_arms(const struct results_metric *m,
                                   const struct results_arm *control,
                                   const struct results_arm *treatment,
                                   struct stats_comoments pairs[2])
{
    if (control->status || treatment->status)
        return control->status ? control->status : treatment->status;
    if (m->method == METHOD_RATIO)
        return take_ratios(m, control, treatment, pairs);
    return take_mean(m, control, &pairs[0]) && take_mean(m, treatment, &pairs[1]) ? STATS_OK
                                                                                  : STATS_INVALID;
}

static struct stats_number slope_of(const struct stats_comoments *arm)
{
    return stats_known(arm->m2_x > 0 ? arm->c_xy / arm->m2_x : 0);
}

static struct stats_number reduction(const struct stats_effect *adjusted,
                                     const struct stats_effect *plain)
{
    if (!adjusted->se.is_known || !plain->se.is_known || plain->se.value == 0)
        return (struct stats_number){0};
    double share = adjusted->se.value / plain->se.value;
    return stats_known(1 - share * share);
}

static void add_answer(struct buf *b, const struct stats_cuped *c,
                       const struct stats_comoments pairs[2])
{
    double na = (double)pairs[0].n, nb = (double)pairs[1].n;
    bool is_own = c->lin.status != STATS_COVARIATE_CONSTANT && (na > 2 * nb || nb > 2 * na);
    const struct stats_effect *e = is_own ? &c->lin : &c->within;
    results_add_text(b, "status", stats_status_name(c->status ? c->status : e->status));
    results_add_text(b, "slopes", is_own ? "per_arm" : "pooled");
    results_add_number(b, "theta", is_own ? slope_of(&pairs[1]) : c->theta_within);
    results_add_number(b, "theta_control", is_own ? slope_of(&pairs[0]) : c->theta_within);
    results_add_number(b, "control", e->control);
    results_add_number(b, "value", e->treatment);
    results_add_number(b, "difference", e->diff);
    results_add_number(b, "se", e->se);
    results_add_interval(b, "interval", e->interval);
    results_add_number(b, "uplift", e->uplift);
    results_add_interval(b, "uplift_interval", e->uplift_interval);
    results_add_number(b, "statistic", e->statistic);
    results_add_number(b, "df", e->df);
    results_add_number(b, "p", e->p_two_sided);
    results_add_number(b, "variance_reduction", reduction(e, &c->unadjusted));
    results_add_number(b, "covariate_balance_p", c->balance_p);
    json_add_key(b, "warnings");
    buf_add_str(b,
                c->warnings & STATS_WARN_COVARIATE_IMBALANCE ? "[\"covariate_imbalance\"]" : "[]");
}

void results_add_cuped(struct buf *b, const struct results_metric *m,
                       const struct results_arm *control, const struct results_arm *treatment,
                       double confidence)
{
    struct stats_comoments pairs[2] = {{0}, {0}};
    struct stats_cuped c = {.status = take_arms(m, control, treatment, pairs)};
    if (c.status == STATS_OK)
        c = stats_cuped(&pairs[0], &pairs[1], confidence);
    json_add_key(b, "adjusted");
    buf_add_str(b, "{\"method\":\"cuped\",\"pre_period_days\":14");
    add_answer(b, &c, pairs);
    buf_add_char(b, '}');
}

void results_add_cuped_raw(struct buf *b, const struct results_pre_sums *pre)
{
    results_add_text(b, "sum_x", pre->x);
    results_add_text(b, "sum_y", pre->y);
    results_add_text(b, "sum_xx", pre->xx);
    results_add_text(b, "sum_xy", pre->xy);
    results_add_text(b, "sum_yy", pre->yy);
    results_add_text(b, "sum_nx", pre->nx);
    results_add_text(b, "sum_ny", pre->ny);
    results_add_text(b, "sum_dx", pre->dx);
    results_add_text(b, "sum_dy", pre->dy);
}
