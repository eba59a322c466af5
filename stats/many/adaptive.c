// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/many/adaptive.h"

#include "stats/effect/contrast.h"

#include <math.h>

/* An arm walked through its periods: what its scores are made of in the present one. */
struct walk {
    const struct stats_adaptive_cell *cells;
    bool is_uniform;      /* every arrival weighs 1 */
    double n, mean;       /* over the periods so far */
    double model, weight; /* m_t, and sqrt(e_t) or 1, 0 for a period that does not count */
    double deviation;     /* (mean - m_t) / e_t: what assignment adds to the score on average */
};

static void step(struct walk *w, size_t t)
{
    const struct stats_adaptive_cell *c = &w->cells[t];
    double n = (double)c->values.n;
    bool is_first = w->n == 0;
    w->model = is_first ? c->values.mean : w->mean;
    w->weight = w->is_uniform ? 1 : sqrt(c->probability);
    if (is_first && n == 0)
        w->weight = 0;
    w->deviation = n > 0 ? (c->values.mean - w->model) / c->probability : 0;
    if (n > 0) {
        w->n += n;
        w->mean += (c->values.mean - w->mean) * n / w->n;
    }
}

static double mean_of_scores(const uint64_t *arrivals, struct walk w, size_t periods,
                             double *ret_weight)
{
    double total = 0, mean = 0;
    for (size_t t = 0; t < periods; t++) {
        step(&w, t);
        double n = (double)arrivals[t], weight = w.weight * n;
        if (!(weight > 0))
            continue;
        double score = w.model + w.deviation * ((double)w.cells[t].values.n / n);
        total += weight;
        mean += (score - mean) * weight / total;
    }
    *ret_weight = total;
    return mean;
}

/* What one visitor's score is away from the arm's estimate, as its share of the sum of weights. */
struct part {
    double other, own, spread; /* not assigned; mean if assigned; sum of squares about that */
    double n;
};

static struct part part_of(const struct walk *w, size_t t, double estimate, double total)
{
    const struct stats_adaptive_cell *c = &w->cells[t];
    double a = w->weight / total;
    struct part p = {.other = a * (w->model - estimate), .n = (double)c->values.n};
    if (p.n > 0) {
        double scale = a / c->probability;
        p.own = p.other + a * w->deviation;
        p.spread = scale * scale * c->values.m2;
    }
    return p;
}

static double squares(const struct part *p, double arrivals)
{
    return (arrivals - p->n) * p->other * p->other + p->n * p->own * p->own + p->spread;
}

/* Fills the two variances, returns the covariance. */
static double vary(const uint64_t *arrivals, struct walk walks[2], size_t periods,
                   const double total[2], struct stats_estimate ret[2])
{
    double cov = 0;
    for (size_t t = 0; t < periods; t++) {
        double n = (double)arrivals[t];
        step(&walks[0], t);
        step(&walks[1], t);
        struct part a = part_of(&walks[0], t, ret[0].value, total[0]);
        struct part b = part_of(&walks[1], t, ret[1].value, total[1]);
        ret[0].variance += squares(&a, n);
        ret[1].variance += squares(&b, n);
        cov += a.n * a.own * b.other + b.n * a.other * b.own + (n - a.n - b.n) * a.other * b.other;
    }
    return cov;
}

static bool is_sound(const struct stats_adaptive_cell *c)
{
    return c->probability >= 0 && c->probability <= 1 && isfinite(c->values.mean) &&
           isfinite(c->values.m2) && c->values.m2 >= 0 && (c->values.n == 0 || c->probability > 0);
}

static enum stats_status check(const uint64_t *arrivals, const struct stats_adaptive_cell *control,
                               const struct stats_adaptive_cell *treatment, size_t periods)
{
    double n1 = 0, n2 = 0;
    for (size_t t = 0; t < periods; t++) {
        uint64_t a = control[t].values.n, b = treatment[t].values.n;
        if (!is_sound(&control[t]) || !is_sound(&treatment[t]) || a > arrivals[t] ||
            b > arrivals[t] - a || control[t].probability + treatment[t].probability > 1 + 1e-9)
            return STATS_INVALID;
        n1 += (double)a;
        n2 += (double)b;
    }
    double least = fmin(n1, n2);
    if (least < 2)
        return least < 1 ? STATS_NO_DATA : STATS_INSUFFICIENT_DATA;
    return STATS_OK;
}

static void fill_plain(struct stats_adaptive_arm *arm, const uint64_t *arrivals,
                       const struct stats_adaptive_cell *cells, size_t periods)
{
    struct walk w = {.cells = cells, .is_uniform = true};
    double n = 0, mean = 0, all = 0, score = 0, weight;
    bool is_open = true;
    for (size_t t = 0; t < periods; t++) {
        double own = (double)cells[t].values.n;
        all += (double)arrivals[t];
        is_open = is_open && (cells[t].probability > 0 || arrivals[t] == 0);
        if (own > 0) {
            n += own;
            mean += (cells[t].values.mean - mean) * own / n;
            score += own * cells[t].values.mean / cells[t].probability;
        }
    }
    arm->naive = stats_known(mean);
    if (is_open) {
        arm->ipw = stats_known(score / all);
        arm->aipw = stats_known(mean_of_scores(arrivals, w, periods, &weight));
    }
}

struct stats_adaptive stats_adaptive(const uint64_t *arrivals,
                                     const struct stats_adaptive_cell *control,
                                     const struct stats_adaptive_cell *treatment, size_t periods,
                                     double conf)
{
    struct stats_adaptive r = {.status = STATS_INVALID};
    struct walk walks[2] = {{.cells = control}, {.cells = treatment}};
    struct stats_estimate both[2] = {{0}};
    double total[2];
    if (conf > 0 && conf < 1)
        r.status = check(arrivals, control, treatment, periods);
    r.effect.status = r.status;
    if (r.status != STATS_OK)
        return r;
    fill_plain(&r.control, arrivals, control, periods);
    fill_plain(&r.treatment, arrivals, treatment, periods);
    both[0].value = mean_of_scores(arrivals, walks[0], periods, &total[0]);
    both[1].value = mean_of_scores(arrivals, walks[1], periods, &total[1]);
    double cov = vary(arrivals, walks, periods, total, both);
    r.control.stable = both[0];
    r.treatment.stable = both[1];
    r.effect = stats_contrast(both[0], both[1], cov, INFINITY, conf);
    r.status = r.effect.status;
    if (r.status == STATS_INVALID) {
        struct stats_adaptive none = {.status = STATS_INVALID, .effect = r.effect};
        return none;
    }
    return r;
}
