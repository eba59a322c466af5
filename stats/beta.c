// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/beta.h"

#include <math.h>
#include <stddef.h>

enum { N = STATS_QUAD_NODES, PANELS = STATS_BETA_PANELS };

static double log_density(const struct stats_beta_shape *s, double d)
{
    /* Towards +infinity from the other end, so that p0 expm1(d) cannot overflow. */
    if (d > 0)
        return -s->b * d - (s->a + s->b) * log1p(s->b / (s->a + s->b) * expm1(-d));
    return s->a * d - (s->a + s->b) * log1p(s->mean * expm1(d));
}

double stats_beta_density(const struct stats_beta_shape *shape, double d)
{
    return exp(log_density(shape, d)) / shape->total;
}

/*
 * Edges from the mode outwards: 1.5 sd, at most 1.5 (the logistic function's poles are pi away),
 * and where the tail is a pure exponential of rate `slope`, 4 of its lengths.
 */
static int walk_edges(double *edges, double core, double slope, double reach, double pure)
{
    int count = 0;
    double at = 0;
    while (at < reach && count < PANELS / 2) {
        at += at > pure ? fmax(core, 4 / slope) : core;
        edges[count++] = fmin(at, reach);
    }
    return count;
}

static void place_edges(struct stats_beta *beta)
{
    double a = beta->shape.a, b = beta->shape.b, sd = sqrt(1 / a + 1 / b), core = 1.5 * fmin(sd, 1);
    double left[PANELS / 2], right[PANELS / 2], pure = 37 + log(a + b + 1);
    int lefts =
        walk_edges(left, core, a, fmax(9 * sd, 42 / a + 3 * sd), pure + beta->shape.log_odds);
    int rights =
        walk_edges(right, core, b, fmax(9 * sd, 42 / b + 3 * sd), pure - beta->shape.log_odds);
    beta->panels = lefts + rights;
    for (int i = 0; i < lefts; i++)
        beta->edge[lefts - 1 - i] = -left[i];
    beta->edge[lefts] = 0;
    for (int i = 0; i < rights; i++)
        beta->edge[lefts + 1 + i] = right[i];
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

double stats_beta_x(const struct stats_beta_shape *shape, double d)
{
    if (d > 0)
        return shape->a / (shape->a + shape->b * exp(-d));
    return shape->mean * exp(d) / (1 + shape->mean * expm1(d));
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

int stats_beta_merge_edges(double *edges, int count, const double *more, int more_count)
{
    int i = count, j = more_count, total = count + more_count;
    for (int k = total; k-- > 0;) {
        if (j == 0)
            break;
        if (i > 0 && edges[i - 1] > more[j - 1])
            edges[k] = edges[--i];
        else
            edges[k] = more[--j];
    }
    return total;
}
