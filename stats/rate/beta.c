// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/rate/beta.h"

#include <math.h>
#include <stddef.h>

enum { N = STATS_QUAD_NODES, PANELS = STATS_BETA_PANELS };

/* exp(d) - 1 - d for |d| < 0.25: fourteen terms, eight where they are enough. */
static double exp_rest(double d)
{
    static const double inverse[] = {1. / 3, 1. / 4,  1. / 5,  1. / 6,  1. / 7,  1. / 8,
                                     1. / 9, 1. / 10, 1. / 11, 1. / 12, 1. / 13, 1. / 14};
    double sum = 1;
    for (int k = fabs(d) < 0.03 ? 5 : 11; k >= 0; k--)
        sum = 1 + sum * d * inverse[k];
    return d * d / 2 * sum;
}

/* ln(1 + w) - w for |w| < 0.25, by the series of artanh(w / (2 + w)). */
static double log_rest(double w)
{
    static const double odd[] = {1. / 3,  1. / 5,  1. / 7,  1. / 9,
                                 1. / 11, 1. / 13, 1. / 15, 1. / 17};
    double r = w / (2 + w), square = r * r, sum = 1. / 19;
    for (int k = 7; k >= 0; k--)
        sum = odd[k] + square * sum;
    return r * (2 * square * sum - w);
}

/*
 * a d - (a + b) ln(1 + p (e^d - 1)), p = a / (a + b), for a <= b. Near the mode the linear terms of
 * both parts are the same and are left out, so counts of 1e9 lose nothing.
 */
static double log_small_side(double a, double b, double d)
{
    if (fabs(d) < 0.25) {
        double rest = exp_rest(d);
        return -a * rest - (a + b) * log_rest(a / (a + b) * (d + rest));
    }
    if (d > 300) /* e^d would overflow */
        return -b * d - (a + b) * log1p(b / (a + b) * expm1(-d));
    return a * d - (a + b) * log1p(a / (a + b) * expm1(d));
}

static double log_density(const struct stats_beta_shape *s, double d)
{
    return s->a <= s->b ? log_small_side(s->a, s->b, d) : log_small_side(s->b, s->a, -d);
}

double stats_beta_density(const struct stats_beta_shape *shape, double d)
{
    return exp(log_density(shape, d)) / shape->total;
}

/* How steep the log density is at a deviate: |a - (a + b) x|. */
static double slope_at(const struct stats_beta_shape *s, double d)
{
    double e = -expm1(-fabs(d)), q = s->b / (s->a + s->b);
    return s->a * q * e / (1 - (d > 0 ? q : s->mean) * e);
}

double stats_beta_reach(const struct stats_beta_shape *shape, double side, double fall)
{
    fall = fmin(fmax(fall, 1e-3), 1e3);
    /* Near the mode a parabola; far above a small a the fall is a (e^d - 1 - d). A concave
     * function: from wherever Newton's tangents begin, they cross beyond its root. */
    double parabola = sqrt(2 * fall * (1 / shape->a + 1 / shape->b));
    double at = log1p(parabola + fall / (side > 0 ? shape->a : shape->b));
    for (int i = 0; i < 4; i++)
        at += (log_density(shape, side * at) + fall) / slope_at(shape, side * at);
    return at;
}

/*
 * Edges from the mode outwards: 1.5 sd, at most 1.5 (the logistic function's poles are pi away),
 * and no more than the density falls by e^5 in, so that tails keep their relative accuracy; where
 * the tail is a pure exponential, 4 of its lengths.
 */
static int walk_edges(double *edges, const struct stats_beta_shape *s, double side, double reach)
{
    double core = 1.5 * fmin(sqrt(1 / s->a + 1 / s->b), 1), at = 0;
    double pure = 37 + log(s->a + s->b + 1) - side * s->log_odds;
    int count = 0;
    while (at < reach && count < PANELS / 2 && log_density(s, side * at) > -42) {
        double slope = slope_at(s, side * (at + core / 2));
        at += at > pure ? 4 / slope : fmin(core, 5 / slope);
        edges[count++] = fmin(at, reach);
    }
    return count;
}

static void place_edges(struct stats_beta *beta)
{
    const struct stats_beta_shape *s = &beta->shape;
    double left[PANELS / 2], right[PANELS / 2], sd = sqrt(1 / s->a + 1 / s->b);
    int lefts = walk_edges(left, s, -1, fmax(9 * sd, 42 / s->a + 3 * sd));
    int rights = walk_edges(right, s, 1, fmax(9 * sd, 42 / s->b + 3 * sd));
    beta->panels = lefts + rights;
    for (int i = 0; i < lefts; i++)
        beta->edge[lefts - 1 - i] = -left[i];
    beta->edge[lefts] = 0;
    for (int i = 0; i < rights; i++)
        beta->edge[lefts + 1 + i] = right[i];
}

bool stats_beta_is_prior(const struct stats_beta_prior *prior)
{
    return prior->a >= 1e-6 && prior->a <= 1e12 && prior->b >= 1e-6 && prior->b <= 1e12;
}

void stats_beta_init(struct stats_beta *beta, double a, double b)
{
    beta->shape = (struct stats_beta_shape){a, b, a / (a + b), log(a / b), 1};
    place_edges(beta);
    double mass[PANELS], total = 0;
    for (int i = 0; i < beta->panels; i++) {
        double half = (beta->edge[i + 1] - beta->edge[i]) / 2, mid = beta->edge[i] + half, f[N];
        mass[i] = 0;
        for (int j = 0; j < N; j++) {
            f[j] = half * stats_beta_density(&beta->shape, mid + half * stats_quad_x[j]);
            mass[i] += stats_quad_w[j] * f[j];
        }
        stats_quad_antiderivative(f, beta->part[i]);
        total += mass[i];
    }
    beta->shape.total = total;
    beta->below[0] = beta->above[beta->panels] = 0;
    for (int i = 0; i < beta->panels; i++) {
        for (int k = 0; k <= N; k++)
            beta->part[i][k] /= total;
        beta->below[i + 1] = beta->below[i] + mass[i] / total;
    }
    for (int i = beta->panels; i-- > 0;)
        beta->above[i] = beta->above[i + 1] + mass[i] / total;
}

/* The panel that holds d, edge[0] < d < edge[panels]. */
static int panel_of(const struct stats_beta *beta, double d)
{
    int lo = 0, hi = beta->panels;
    while (hi - lo > 1) {
        int mid = (lo + hi) / 2;
        if (beta->edge[mid] <= d)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static double within(const struct stats_beta *beta, int panel, double d)
{
    double half = (beta->edge[panel + 1] - beta->edge[panel]) / 2;
    return stats_quad_series(beta->part[panel], (d - beta->edge[panel]) / half - 1);
}

double stats_beta_below(const struct stats_beta *beta, double d)
{
    if (d <= beta->edge[0])
        return 0;
    if (d >= beta->edge[beta->panels])
        return 1;
    int i = panel_of(beta, d);
    return beta->below[i] + fmax(0, within(beta, i, d));
}

double stats_beta_above(const struct stats_beta *beta, double d)
{
    if (d <= beta->edge[0])
        return 1;
    if (d >= beta->edge[beta->panels])
        return 0;
    int i = panel_of(beta, d);
    return beta->above[i + 1] + fmax(0, beta->above[i] - beta->above[i + 1] - within(beta, i, d));
}

struct stats_tails stats_beta_tails(const struct stats_beta *beta, double d, int *panel)
{
    if (d <= beta->edge[0])
        return (struct stats_tails){0, 1};
    if (d >= beta->edge[beta->panels])
        return (struct stats_tails){1, 0};
    int i = *panel;
    while (d >= beta->edge[i + 1])
        i++;
    *panel = i;
    double mass = beta->above[i] - beta->above[i + 1], part = fmax(0, within(beta, i, d));
    return (struct stats_tails){beta->below[i] + part, beta->above[i + 1] + fmax(0, mass - part)};
}

double stats_beta_x(const struct stats_beta_shape *shape, double d)
{
    if (d > 0)
        return shape->a / (shape->a + shape->b * exp(-d));
    return fmin(1, shape->mean * exp(d) / (1 + shape->mean * expm1(d)));
}

double stats_beta_deviate(const struct stats_beta_shape *shape, double x)
{
    if (x <= 0)
        return -INFINITY;
    return x >= 1 ? INFINITY : log(x / (1 - x)) - shape->log_odds;
}

struct quantile {
    const struct stats_beta *beta;
    double q;
};

static double below_q(double d, const void *context)
{
    const struct quantile *s = context;
    return stats_beta_below(s->beta, d) - s->q;
}

static double above_q(double d, const void *context)
{
    const struct quantile *s = context;
    return s->q - stats_beta_above(s->beta, d);
}

double stats_beta_quantile(const struct stats_beta *beta, double q)
{
    struct quantile s = {beta, q};
    int i = 0;
    while (i + 1 < beta->panels && beta->below[i + 1] < q)
        i++;
    return stats_beta_x(&beta->shape, stats_root(below_q, &s, beta->edge[i], beta->edge[i + 1]));
}

double stats_beta_upper_quantile(const struct stats_beta *beta, double q)
{
    struct quantile s = {beta, q};
    int i = beta->panels - 1;
    while (i > 0 && beta->above[i] < q)
        i--;
    return stats_beta_x(&beta->shape, stats_root(above_q, &s, beta->edge[i], beta->edge[i + 1]));
}
