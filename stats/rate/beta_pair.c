// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/rate/beta_pair.h"

#include <math.h>

enum { N = STATS_QUAD_NODES, NODES = STATS_BETA_NODES, MAX_EDGES = 2 * (STATS_BETA_PANELS + 1) };

/* From this power on a corner is too smooth to be seen. */
#define CORNER 12

enum asked { OF_DIFFERENCE, OF_RATIO, OF_DUEL };

/* P(p2 <= p1 + d), P(p2 <= r p1), or who is ahead. */
struct question {
    enum asked asked;
    double value; /* d, ln r, or 0 */
};

/* A posterior that is integrated over, and y = scale x + shift, the other's argument. */
struct map {
    const struct stats_beta *over, *other;
    double scale, shift;
    bool has_loss;
};

/* Of the even and of the odd nodes. */
struct sums {
    double below[2], above[2], loss[2];
    int panel; /* of the other, for stats_beta_tails */
};

static bool is_identity(const struct map *m)
{
    return m->scale == 1 && m->shift == 0;
}

/* The deviate of `other` at the mapped point of a deviate of `over`, x its value. */
static double mapped(const struct map *m, double d, double x)
{
    if (is_identity(m))
        return d + (m->over->shape.log_odds - m->other->shape.log_odds);
    return stats_beta_deviate(&m->other->shape, m->scale * x + m->shift);
}

/* The deviate of `over` whose image is `other`'s deviate d. */
static double unmapped(const struct map *m, double d)
{
    if (is_identity(m))
        return d + (m->other->shape.log_odds - m->over->shape.log_odds);
    return stats_beta_deviate(&m->over->shape,
                              (stats_beta_x(&m->other->shape, d) - m->shift) / m->scale);
}

/* The question as it is put to the arm `over`. */
static struct map map_of(const struct stats_beta_pair *pair, const struct question *q, int over)
{
    double value = over == 0 ? q->value : -q->value;
    struct map m = {&pair->arm[over], &pair->arm[1 - over], 1, 0, q->asked == OF_DUEL};
    if (q->asked == OF_RATIO)
        m.scale = exp(value);
    else
        m.shift = value;
    return m;
}

/* x - mean at a deviate. */
static double offset(const struct stats_beta_shape *s, double d)
{
    double p = s->mean, q = s->b / (s->a + s->b), e = expm1(-fabs(d));
    return d > 0 ? -p * q * e / (1 + q * e) : p * q * e / (1 + p * e);
}

/* By how much a point of `over` is on the wrong side of the other, on average. */
static double loss_at(const struct map *m, double d, struct stats_tails t)
{
    const struct stats_beta_shape *other = &m->other->shape;
    double away = offset(other, d);
    double part = m->over->shape.mean < other->mean ? away * t.below : -away * t.above;
    return fmax(0, part + stats_beta_density(other, d) / (other->a + other->b));
}

static void add_node(struct sums *s, const struct map *m, int i, const double node[3])
{
    double d = mapped(m, node[0], node[1]), mass = node[2];
    struct stats_tails t = stats_beta_tails(m->other, d, &s->panel);
    s->below[i & 1] += mass * t.below;
    s->above[i & 1] += mass * t.above;
    if (m->has_loss)
        s->loss[i & 1] += mass * loss_at(m, d, t);
}

/* Panel edges, in deviates of `over`, that resolve both densities; inside over's support. */
static int common_edges(const struct map *m, double edges[MAX_EDGES])
{
    const struct stats_beta *over = m->over;
    double more[STATS_BETA_PANELS + 1];
    int count = over->panels + 1, extra = 0;
    for (int i = 0; i < count; i++)
        edges[i] = over->edge[i];
    for (int i = 0; i <= m->other->panels; i++) {
        double d = unmapped(m, m->other->edge[i]);
        if (d > over->edge[0] && d < over->edge[over->panels])
            more[extra++] = d;
    }
    return stats_quad_merge(edges, count, more, extra);
}

/* The map has its scale in (0, 1] and its shift in [0, 1). */
static struct sums sweep_panels(const struct map *m)
{
    double edges[MAX_EDGES];
    struct sums sums = {0};
    int count = common_edges(m, edges);
    for (int i = 0; i + 1 < count; i++) {
        double half = (edges[i + 1] - edges[i]) / 2, mid = edges[i] + half;
        if (!(half > 0))
            continue;
        for (int j = 0; j < N; j++) {
            double d = mid + half * stats_quad_x[j];
            const double node[] = {d, stats_beta_x(&m->over->shape, d),
                                   half * stats_quad_w[j] * stats_beta_density(&m->over->shape, d)};
            add_node(&sums, m, j, node);
        }
    }
    return sums;
}

static struct sums sweep_grid(const struct stats_beta_grid *grid, const struct map *m)
{
    struct sums sums = {0};
    for (int i = 0; i < grid->count; i++)
        add_node(&sums, m, i, (const double[]){grid->d[i], grid->x[i], grid->mass[i]});
    return sums;
}

static bool agree(const double half[2])
{
    return fabs(half[0] - half[1]) <= 0.5e-9 * (half[0] + half[1]) + 1e-18;
}

/* On whose axis the other one looks the smoother. */
static int narrower(const struct stats_beta_pair *pair, enum asked asked)
{
    double width[2]; /* squared */
    for (int i = 0; i < 2; i++) {
        const struct stats_beta_shape *s = &pair->arm[i].shape;
        double q = s->b / (s->a + s->b);
        width[i] = 1 / s->a + 1 / s->b;
        if (asked != OF_DUEL)
            width[i] *= q * q;
        if (asked == OF_DIFFERENCE)
            width[i] *= s->mean * s->mean;
    }
    return width[1] < width[0];
}

/* A distribution function that starts as a low power: at its end an argument that can leave [0, 1]
 * would meet a corner. */
static bool has_corner(const struct stats_beta_shape *s)
{
    return fmin(s->a, s->b) < CORNER;
}

static struct sums ask(const struct stats_beta_pair *pair, enum asked asked, double value)
{
    struct question q = {asked, value};
    int smooth = (asked == OF_RATIO) == (value > 0), over = narrower(pair, asked);
    struct sums s = {0};
    if (asked != OF_DUEL && has_corner(&pair->arm[1 - over].shape))
        over = smooth;
    for (int tries = 0; tries < 3; tries++) {
        struct map m = map_of(pair, &q, over);
        s = tries < 2 ? sweep_grid(&pair->grid[over], &m) : sweep_panels(&m);
        if (tries == 2 ||
            (pair->grid[over].count > 0 && agree(s.below) && agree(s.above) && agree(s.loss)))
            break;
        over = tries == 0 ? 1 - over : smooth;
    }
    double below = s.below[0] + s.below[1], above = s.above[0] + s.above[1];
    s.below[0] = over == 0 ? below : above;
    s.above[0] = over == 0 ? above : below;
    return s;
}

struct stats_tails stats_beta_pair_diff(const struct stats_beta_pair *pair, double d)
{
    if (d >= 1 || d <= -1)
        return (struct stats_tails){d >= 1, d <= -1};
    struct sums s = ask(pair, OF_DIFFERENCE, d);
    return (struct stats_tails){s.below[0], s.above[0]};
}

struct stats_tails stats_beta_pair_ratio(const struct stats_beta_pair *pair, double log_r)
{
    struct sums s = ask(pair, OF_RATIO, log_r);
    return (struct stats_tails){s.below[0], s.above[0]};
}

struct stats_beta_duel stats_beta_pair_duel(const struct stats_beta_pair *pair)
{
    struct sums s = ask(pair, OF_DUEL, 0);
    return (struct stats_beta_duel){s.below[0], s.above[0], s.loss[0] + s.loss[1]};
}

/* Nodes from the mode outwards to where nothing is left; false when the room ends. */
static bool walk(struct stats_beta_grid *grid, const struct stats_beta *beta, double step, int from)
{
    for (int i = from;; i++) {
        double d = step * i, mass = fabs(step) * stats_beta_density(&beta->shape, d);
        if (mass * beta->shape.total < 1e-16 * fabs(step))
            return true;
        if (grid->count == NODES)
            return false;
        grid->d[grid->count] = d;
        grid->x[grid->count] = stats_beta_x(&beta->shape, d);
        grid->mass[grid->count++] = mass;
    }
}

static void turn(double *values, int count)
{
    for (int i = 0, j = count - 1; i < j; i++, j--) {
        double kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}

static void grid_init(struct stats_beta_grid *grid, const struct stats_beta *beta)
{
    double step = fmin(sqrt(1 / beta->shape.a + 1 / beta->shape.b) / 4, 0.2);
    grid->count = 0;
    bool is_whole = walk(grid, beta, -step, 1);
    turn(grid->d, grid->count);
    turn(grid->x, grid->count);
    turn(grid->mass, grid->count);
    if (!is_whole || !walk(grid, beta, step, 0))
        grid->count = 0;
}

void stats_beta_pair_init(struct stats_beta_pair *pair, double a1, double b1, double a2, double b2)
{
    stats_beta_init(&pair->arm[0], a1, b1);
    stats_beta_init(&pair->arm[1], a2, b2);
    grid_init(&pair->grid[0], &pair->arm[0]);
    grid_init(&pair->grid[1], &pair->arm[1]);
}

/* By one table and one grid, whose mass is its own sum; false where they do not suffice. */
static bool chance_by_grid(const struct stats_beta_shape *over,
                           const struct stats_beta_shape *other, struct stats_tails *ret)
{
    struct stats_beta arms[2];
    struct stats_beta_grid grid;
    arms[0].shape = *over;
    stats_beta_init(&arms[1], other->a, other->b);
    grid_init(&grid, &arms[0]);
    struct sums s = sweep_grid(&grid, &(struct map){&arms[0], &arms[1], 1, 0, false});
    double below = s.below[0] + s.below[1], above = s.above[0] + s.above[1], mass = below + above;
    *ret = (struct stats_tails){below / mass, above / mass};
    return grid.count > 0 && agree(s.below) && agree(s.above);
}

struct stats_number stats_beta_chance(const struct stats_beta_prior *prior,
                                      const struct stats_prop *control,
                                      const struct stats_prop *treatment)
{
    const struct stats_prop *arms[] = {control, treatment};
    struct stats_beta_shape s[2];
    struct stats_tails t;
    if (!stats_beta_is_prior(prior) || !stats_prop_is_sound(control) ||
        !stats_prop_is_sound(treatment))
        return (struct stats_number){0};
    for (int i = 0; i < 2; i++) {
        double a = prior->a + (double)arms[i]->x, b = prior->b + (double)(arms[i]->n - arms[i]->x);
        s[i] = (struct stats_beta_shape){a, b, a / (a + b), log(a / b), 1};
    }
    int over = 1 / s[1].a + 1 / s[1].b < 1 / s[0].a + 1 / s[0].b;
    if (chance_by_grid(&s[over], &s[1 - over], &t))
        return stats_known(over ? t.below : t.above);
    struct stats_beta_pair pair;
    stats_beta_pair_init(&pair, s[0].a, s[0].b, s[1].a, s[1].b);
    return stats_known(stats_beta_pair_duel(&pair).second_above);
}
