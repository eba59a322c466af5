// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/beta.h"

#include "stats/dist.h"

#include <math.h>

enum { N = STATS_QUAD_NODES, MAX_EDGES = 2 * (STATS_BETA_PANELS + 1) };

/* Two posteriors and a map y = scale x + shift (scale in (0, 1], shift in [0, 1)) between them. */
struct pair {
    const struct stats_beta *over, *other;
    double scale, shift;
};

static bool is_identity(const struct pair *p)
{
    return p->scale == 1 && p->shift == 0;
}

/* The deviate of `other` at the mapped point of a deviate of `over`. */
static double mapped(const struct pair *p, double d)
{
    if (is_identity(p))
        return d + (p->over->shape.log_odds - p->other->shape.log_odds);
    return stats_beta_deviate(&p->other->shape,
                              p->scale * stats_beta_x(&p->over->shape, d) + p->shift);
}

/* The deviate of `over` whose image is `other`'s deviate d. */
static double unmapped(const struct pair *p, double d)
{
    if (is_identity(p))
        return d + (p->other->shape.log_odds - p->over->shape.log_odds);
    return stats_beta_deviate(&p->over->shape,
                              (stats_beta_x(&p->other->shape, d) - p->shift) / p->scale);
}

/* Panel edges, in deviates of `over`, that resolve both densities; inside over's support. */
static int common_edges(const struct pair *p, double edges[MAX_EDGES])
{
    const struct stats_beta *over = p->over;
    double more[STATS_BETA_PANELS + 1];
    int count = over->panels + 1, extra = 0;
    for (int i = 0; i < count; i++)
        edges[i] = over->edge[i];
    for (int i = 0; i <= p->other->panels; i++) {
        double d = unmapped(p, p->other->edge[i]);
        if (d > over->edge[0] && d < over->edge[over->panels])
            more[extra++] = d;
    }
    return stats_quad_merge(edges, count, more, extra);
}

/* int f_over(x) T(scale x + shift), T the lower or the upper tail of `other`. */
static double sweep(const struct pair *p, double (*tail)(const struct stats_beta *, double))
{
    double edges[MAX_EDGES], total = 0;
    int count = common_edges(p, edges);
    for (int i = 0; i + 1 < count; i++) {
        double half = (edges[i + 1] - edges[i]) / 2, mid = edges[i] + half, sum = 0;
        if (!(half > 0))
            continue;
        for (int j = 0; j < N; j++) {
            double d = mid + half * stats_quad_x[j], t = tail(p->other, mapped(p, d));
            if (t > 0)
                sum += stats_quad_w[j] * t * stats_beta_density(&p->over->shape, d);
        }
        total += sum * half;
    }
    return total;
}

/* P(first > second). */
static double chance_above(const struct stats_beta *first, const struct stats_beta *second)
{
    return sweep(&(struct pair){first, second, 1, 0}, stats_beta_below);
}

/* E[(high - low)+] the short way round, where it is the small one: int F_high (1 - F_low) dx. */
static double small_loss(const struct stats_beta *low, const struct stats_beta *high)
{
    struct pair p = {low, high, 1, 0};
    double edges[MAX_EDGES], total = 0;
    int count = common_edges(&p, edges);
    for (int i = 0; i + 1 < count; i++) {
        double half = (edges[i + 1] - edges[i]) / 2, mid = edges[i] + half, sum = 0;
        for (int j = 0; j < N; j++) {
            double d = mid + half * stats_quad_x[j], x = stats_beta_x(&low->shape, d);
            double f = stats_beta_below(high, mapped(&p, d));
            if (f > 0)
                sum += stats_quad_w[j] * f * stats_beta_above(low, d) * x * (1 - x);
        }
        total += sum * half;
    }
    return total;
}

/* What is solved for: the quantile of p2 - p1 or of ln(p2 / p1), on the normal scale. */
struct target {
    const struct stats_beta *control, *treatment;
    double z;
};

/* P(p2 - p1 <= d). */
static double diff_below(const struct stats_beta *control, const struct stats_beta *treatment,
                         double d)
{
    if (d >= 1 || d <= -1)
        return d >= 1;
    if (d >= 0)
        return sweep(&(struct pair){control, treatment, 1, d}, stats_beta_below);
    return sweep(&(struct pair){treatment, control, 1, -d}, stats_beta_above);
}

/* P(p2 - p1 > d). */
static double diff_above(const struct stats_beta *control, const struct stats_beta *treatment,
                         double d)
{
    if (d >= 1 || d <= -1)
        return d <= -1;
    if (d >= 0)
        return sweep(&(struct pair){control, treatment, 1, d}, stats_beta_above);
    return sweep(&(struct pair){treatment, control, 1, -d}, stats_beta_below);
}

static double normal_score(double p, double z)
{
    if (p <= 0 || p >= 1)
        return p <= 0 ? -INFINITY : INFINITY;
    return -stats_norm_z(p) - z;
}

static double diff_score(double d, const void *context)
{
    const struct target *t = context;
    return normal_score(diff_below(t->control, t->treatment, d), t->z);
}

static double ratio_score(double log_r, const void *context)
{
    const struct target *t = context;
    double p;
    if (log_r <= 0)
        p = sweep(&(struct pair){t->control, t->treatment, exp(log_r), 0}, stats_beta_below);
    else
        p = sweep(&(struct pair){t->treatment, t->control, exp(-log_r), 0}, stats_beta_above);
    return normal_score(p, t->z);
}

/* By a bracket, wherever the secants do not get there. */
static double solve_slowly(stats_fn f, const struct target *t, double start, double sd,
                           double limit)
{
    bool is_right = f(start, t) < 0;
    double step = sd / 8;
    return stats_root_from(f, t, start, is_right ? step : -step, is_right ? limit : -limit,
                           1e-12 * sd);
}

/*
 * From a normal approximation to the root. On the normal scale f is nearly (x - root) / sd, so
 * secants from a first step of that slope need four or five integrals.
 */
static double solve(stats_fn f, const struct target *t, double start, double sd, double limit)
{
    double x0 = start, f0 = f(x0, t), x1 = x0 - f0 * sd;
    for (int i = 0; i < 8 && isfinite(f0) && fabs(x1) < limit; i++) {
        double f1 = f(x1, t), next = x1 - f1 * (x1 - x0) / (f1 - f0);
        if (f1 == 0 || fabs(x1 - x0) <= 1e-12 * sd)
            return x1;
        if (!isfinite(next))
            break;
        if (fabs(f1) < 1e-7 && fabs(next - x1) < 1e-6 * sd)
            return next; /* the secant's error is the product of the last two */
        x0 = x1;
        f0 = f1;
        x1 = next;
    }
    return solve_slowly(f, t, start, sd, limit);
}

static struct stats_interval diff_interval(const struct stats_beta *control,
                                           const struct stats_beta *treatment, double sd, double z)
{
    double mean = treatment->shape.mean - control->shape.mean;
    struct target t = {control, treatment, -z};
    double lower = solve(diff_score, &t, fmax(-0.999, mean - z * sd), sd, 1);
    t.z = z;
    return stats_between(lower, solve(diff_score, &t, fmin(0.999, mean + z * sd), sd, 1));
}

static struct stats_interval uplift_interval(const struct stats_beta *control,
                                             const struct stats_beta *treatment, double z)
{
    double start = log(treatment->shape.mean / control->shape.mean);
    double sd = sqrt((1 - control->shape.mean) / fmax(control->shape.a, 0.5) +
                     (1 - treatment->shape.mean) / fmax(treatment->shape.a, 0.5));
    struct target t = {control, treatment, -z};
    double lower = solve(ratio_score, &t, start - z * sd, sd, 650);
    t.z = z;
    return stats_between(expm1(lower), expm1(solve(ratio_score, &t, start + z * sd, sd, 650)));
}

static void fill_posterior(struct stats_posterior *p, const struct stats_beta *a,
                           const struct stats_beta *b, double rope)
{
    double diff = b->shape.mean - a->shape.mean, z = stats_norm_critical(p->conf);
    double variance = a->shape.mean * (1 - a->shape.mean) / (a->shape.a + a->shape.b + 1) +
                      b->shape.mean * (1 - b->shape.mean) / (b->shape.a + b->shape.b + 1);
    p->mean = stats_known(diff);
    p->sd = stats_known(sqrt(variance));
    p->chance_to_win = stats_known(chance_above(b, a));
    p->chance_to_lose = stats_known(chance_above(a, b));
    double small = diff >= 0 ? small_loss(a, b) : small_loss(b, a);
    p->loss_choose_treatment = stats_known(diff >= 0 ? small : small - diff);
    p->loss_choose_control = stats_known(diff >= 0 ? small + diff : small);
    p->interval = diff_interval(a, b, sqrt(variance), z);
    p->uplift_interval = uplift_interval(a, b, z);
    if (rope > 0) {
        double above = diff_above(a, b, rope), below = diff_below(a, b, -rope);
        p->chance_above_rope = stats_known(above);
        p->chance_in_rope = stats_known(fmax(0, 1 - above - below));
    }
}

static struct stats_interval rate_interval(const struct stats_beta *beta, double conf)
{
    double tail = (1 - conf) / 2;
    return stats_between(stats_beta_quantile(beta, tail), stats_beta_upper_quantile(beta, tail));
}

struct stats_beta_binomial stats_beta_binomial(const struct stats_beta_prior *prior,
                                               const struct stats_prop *control,
                                               const struct stats_prop *treatment, double conf,
                                               double rope)
{
    struct stats_beta_binomial r = {.posterior = {.conf = conf, .status = STATS_INVALID}};
    if (!(conf > 0 && conf < 1) || !stats_beta_is_prior(prior) || !(rope >= 0) ||
        control->x > control->n || treatment->x > treatment->n)
        return r;
    r.posterior.status = STATS_OK;
    r.a1 = prior->a + (double)control->x;
    r.b1 = prior->b + (double)(control->n - control->x);
    r.a2 = prior->a + (double)treatment->x;
    r.b2 = prior->b + (double)(treatment->n - treatment->x);
    struct stats_beta a, b;
    stats_beta_init(&a, r.a1, r.b1);
    stats_beta_init(&b, r.a2, r.b2);
    r.mean1 = stats_known(a.shape.mean);
    r.mean2 = stats_known(b.shape.mean);
    r.interval1 = rate_interval(&a, conf);
    r.interval2 = rate_interval(&b, conf);
    fill_posterior(&r.posterior, &a, &b, rope);
    return r;
}
