// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/posterior/normal.h"
#include "stats/rate/beta.h"

#include "stats/core/dist.h"

#include <math.h>

enum {
    N = STATS_QUAD_NODES,
    ARMS = STATS_BEST_ARMS,
    NORMAL_EDGES = 13, /* -9 .. 9 sd in steps of 1.5 */
    MAX_EDGES = ARMS * (STATS_BETA_PANELS + 1),
    GRID = 512,
};

/* One point: each arm's density (times the step) and distribution function there. */
struct node {
    double x, f[ARMS], below[ARMS];
};

/* ret_mass gathers each arm's own probability: 1 but for rounding, which finish() takes out. */
static void add_node(struct stats_best *r, double *ret_mass, const struct node *node, double weight,
                     int count)
{
    for (int i = 0; i < count; i++) {
        if (!(node->f[i] > 0))
            continue;
        double none = 1, one = 0; /* P(no other above), P(exactly one other above) */
        for (int j = 0; j < count; j++) {
            if (j == i)
                continue;
            one = one * node->below[j] + none * (1 - node->below[j]);
            none *= node->below[j];
        }
        double mass = weight * node->f[i];
        ret_mass[i] += mass;
        r->p_best[i] += mass * none;
        r->p_top_two[i] += mass * (none + one);
        r->expected_max += mass * none * node->x;
    }
}

static void finish(struct stats_best *r, const double *mass, double origin, int count)
{
    double total = 0;
    r->expected_max += origin;
    for (int i = 0; i < count; i++) {
        r->p_best[i] = fmin(1, r->p_best[i] / mass[i]);
        r->p_top_two[i] = fmin(1, r->p_top_two[i] / mass[i]);
        r->expected_loss[i] = fmax(0, r->expected_max - r->mean[i]);
        total += r->p_best[i];
    }
    r->status =
        fabs(total - 1) < 1e-9 && isfinite(r->expected_max) ? STATS_OK : STATS_NOT_CONVERGED;
    if (r->status != STATS_OK)
        *r = (struct stats_best){.status = STATS_NOT_CONVERGED};
}

/* The mean of the narrowest arm: values are taken relative to it, so that it keeps its digits. */
static double narrowest(const struct stats_estimate *arms, int count)
{
    int best = 0;
    for (int i = 1; i < count; i++)
        if (arms[i].variance < arms[best].variance)
            best = i;
    return arms[best].value;
}

static bool are_normal(const struct stats_estimate *arms, int count)
{
    for (int i = 0; i < count; i++)
        if (!(arms[i].variance > 0) || !isfinite(arms[i].variance) || !isfinite(arms[i].value))
            return false;
    return count >= 1 && count <= ARMS;
}

struct stats_best stats_normal_best(const struct stats_estimate *arms, int count)
{
    struct stats_best r = {.status = STATS_INVALID};
    double edges[ARMS * NORMAL_EDGES], mass[ARMS] = {0};
    int edge_count = 0;
    if (!are_normal(arms, count))
        return r;
    double origin = narrowest(arms, count);
    for (int i = 0; i < count; i++) {
        double own[NORMAL_EDGES], sd = sqrt(arms[i].variance);
        for (int k = 0; k < NORMAL_EDGES; k++)
            own[k] = arms[i].value - origin + (1.5 * k - 9) * sd;
        edge_count = stats_quad_merge(edges, edge_count, own, NORMAL_EDGES);
        r.mean[i] = arms[i].value;
    }
    for (int e = 0; e + 1 < edge_count; e++) {
        double half = (edges[e + 1] - edges[e]) / 2, mid = edges[e] + half;
        for (int j = 0; j < N; j++) {
            struct node node = {.x = mid + half * stats_quad_x[j]};
            for (int i = 0; i < count; i++) {
                double sd = sqrt(arms[i].variance), z = (node.x - (arms[i].value - origin)) / sd;
                node.f[i] = fabs(z) < 9 ? stats_norm_pdf(z) * half / sd : 0;
                node.below[i] = stats_norm_p(z);
            }
            add_node(&r, mass, &node, stats_quad_w[j], count);
        }
    }
    finish(&r, mass, origin, count);
    return r;
}

/* The arms' densities on one logit axis, their edges united. */
struct beta_arms {
    struct stats_beta_shape shape[ARMS];
    double lowest[ARMS], highest[ARMS]; /* logit support */
    double below[ARMS];                 /* mass left of the panel being walked */
    int count, edge_count;
    double edge[MAX_EDGES];
};

static void add_arm(struct beta_arms *g, double a, double b)
{
    struct stats_beta beta;
    stats_beta_init(&beta, a, b);
    for (int k = 0; k <= beta.panels; k++)
        beta.edge[k] += beta.shape.log_odds;
    g->lowest[g->count] = beta.edge[0];
    g->highest[g->count] = beta.edge[beta.panels];
    g->below[g->count] = 0;
    g->shape[g->count++] = beta.shape;
    g->edge_count = stats_quad_merge(g->edge, g->edge_count, beta.edge, beta.panels + 1);
}

static void walk_panel(struct stats_best *r, double *mass, struct beta_arms *g, double lo,
                       double hi)
{
    double half = (hi - lo) / 2, mid = lo + half, f[ARMS][N], part[ARMS][N + 1];
    for (int i = 0; i < g->count; i++) {
        bool is_inside = mid > g->lowest[i] && mid < g->highest[i];
        for (int j = 0; j < N; j++) {
            double d = mid + half * stats_quad_x[j] - g->shape[i].log_odds;
            f[i][j] = is_inside ? half * stats_beta_density(&g->shape[i], d) : 0;
        }
        stats_quad_antiderivative(f[i], part[i]);
    }
    for (int j = 0; j < N; j++) {
        struct node node = {
            .x = stats_beta_x(&g->shape[0], mid + half * stats_quad_x[j] - g->shape[0].log_odds)};
        for (int i = 0; i < g->count; i++) {
            node.f[i] = f[i][j];
            node.below[i] = fmin(1, g->below[i] + stats_quad_series(part[i], stats_quad_x[j]));
        }
        add_node(r, mass, &node, stats_quad_w[j], g->count);
    }
    for (int i = 0; i < g->count; i++)
        g->below[i] += stats_quad_series(part[i], 1);
}

/* The arms on one grid of equal steps: their mass at the nodes, and the distribution function. */
struct beta_grid {
    double origin, step; /* logit of the first node */
    int nodes;
    double mass[ARMS][GRID], below[ARMS][GRID];
};

/* Step and ends that hold all arms; false when the room is too small. */
static bool place_grid(struct beta_grid *g, const struct stats_beta_shape *shapes, int count)
{
    double lowest = INFINITY, highest = -INFINITY;
    g->step = 0.2;
    for (int i = 0; i < count; i++) {
        const struct stats_beta_shape *s = &shapes[i];
        double sd = sqrt(1 / s->a + 1 / s->b);
        lowest = fmin(lowest, s->log_odds - stats_beta_reach(s, -1, 30));
        highest = fmax(highest, s->log_odds + stats_beta_reach(s, 1, 30));
        g->step = fmin(g->step, sd / 4);
    }
    double steps = (highest - lowest) / g->step;
    g->origin = lowest;
    g->nodes = steps < GRID - 1 ? (int)steps + 1 : 0;
    return g->nodes > 0;
}

static void fill_arm(struct beta_grid *g, int arm, const struct stats_beta_shape *shape)
{
    struct stats_beta beta;
    int panel = 0;
    stats_beta_init(&beta, shape->a, shape->b);
    for (int j = 0; j < g->nodes; j++) {
        double d = g->origin - shape->log_odds + j * g->step;
        g->mass[arm][j] = g->step * stats_beta_density(&beta.shape, d);
        g->below[arm][j] = stats_beta_tails(&beta, d, &panel).below;
    }
}

/* The trapezoid rule, its even nodes first: twice their sum must be the whole. */
static bool walk_grid(struct stats_best *r, double *mass, const struct stats_beta_shape *shapes,
                      int count)
{
    struct beta_grid g;
    struct stats_best half = *r;
    if (!place_grid(&g, shapes, count))
        return false;
    for (int i = 0; i < count; i++)
        fill_arm(&g, i, &shapes[i]);
    for (int parity = 0; parity < 2; parity++) {
        half = *r;
        for (int j = parity; j < g.nodes; j += 2) {
            double d = g.origin + j * g.step - shapes[0].log_odds;
            struct node node = {.x = stats_beta_x(&shapes[0], d)};
            for (int i = 0; i < count; i++) {
                node.f[i] = g.mass[i][j];
                node.below[i] = g.below[i][j];
            }
            add_node(r, mass, &node, 1, count);
        }
    }
    for (int i = 0; i < count; i++)
        if (fabs(2 * half.p_best[i] - r->p_best[i]) > 1e-9)
            return false;
    return true;
}

static void walk_panels(struct stats_best *r, double *mass, const struct stats_beta_shape *shapes,
                        int count)
{
    struct beta_arms g = {.count = 0};
    for (int i = 0; i < count; i++)
        add_arm(&g, shapes[i].a, shapes[i].b);
    for (int e = 0; e + 1 < g.edge_count; e++)
        if (g.edge[e + 1] > g.edge[e])
            walk_panel(r, mass, &g, g.edge[e], g.edge[e + 1]);
}

struct stats_best stats_beta_best(const struct stats_beta_prior *prior,
                                  const struct stats_prop *arms, int count)
{
    struct stats_best r = {.status = STATS_INVALID}, start;
    struct stats_beta_shape shapes[ARMS];
    double mass[ARMS] = {0};
    if (count < 1 || count > ARMS || !stats_beta_is_prior(prior))
        return r;
    for (int i = 0; i < count; i++) {
        if (!stats_prop_is_sound(&arms[i]))
            return r;
        double a = prior->a + (double)arms[i].x, b = prior->b + (double)(arms[i].n - arms[i].x);
        shapes[i] = (struct stats_beta_shape){a, b, a / (a + b), log(a / b), 1};
        r.mean[i] = shapes[i].mean;
    }
    start = r;
    if (!walk_grid(&r, mass, shapes, count)) {
        r = start;
        for (int i = 0; i < count; i++)
            mass[i] = 0;
        walk_panels(&r, mass, shapes, count);
    }
    finish(&r, mass, 0, count);
    return r;
}
