// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/sequential/group.h"

#include "stats/core/dist.h"
#include "stats/core/quad.h"

#include <math.h>

enum { N = STATS_QUAD_NODES, MAX_PANELS = 160, MAX_NODES = N * MAX_PANELS };

/* In sd: how far paths are followed, how far a step carries, and the widest panel, on which the
 * product of two densities is integrated to 1e-13. A step of STATS_GROUP_STEP needs
 * 2 REACH / (PANEL sd) = 151 panels at most, an eighth of it still as many between bounds of 3. */
static const double REACH = 9.5, KERNEL = 9, PANEL = 4;

/* The score process B at information t, on its nodes, for paths that crossed no bound yet. */
struct density {
    double t, drift;
    int count;
    double first, panel; /* where the panels begin, and their width */
    double x[MAX_NODES], mass[MAX_NODES];
};

double stats_spend(enum stats_spending spending, double par, double a, double t)
{
    if (!(a > 0 && a < 1))
        return NAN;
    if (t <= 0)
        return 0;
    t = fmin(t, 1);
    switch (spending) {
    case STATS_SPEND_OBF:
        return 2 * stats_norm_q(stats_norm_z(a / 2) / sqrt(t));
    case STATS_SPEND_POCOCK:
        return a * log1p((M_E - 1) * t);
    case STATS_SPEND_POWER:
        return a * pow(t, par);
    case STATS_SPEND_HSD:
        if (par == 0)
            return a * t;
        /* of a large negative one both powers are infinite */
        return a * expm1(-fabs(par) * t) / expm1(-fabs(par)) * (par < 0 ? exp(par * (1 - t)) : 1);
    }
    return 0;
}

static void start(struct density *d, double drift)
{
    d->t = 0;
    d->drift = drift;
    d->count = 1;
    d->first = 0;
    d->panel = 1;
    d->x[0] = 0;
    d->mass[0] = 1;
}

/* P(no crossing so far, then B(t) > b) and P(.., then B(t) < -b). */
static double above(const struct density *d, double t, double b)
{
    double sd = sqrt(t - d->t), shift = d->drift * (t - d->t), sum = 0;
    for (int i = 0; i < d->count; i++)
        sum += d->mass[i] * stats_norm_q((b - d->x[i] - shift) / sd);
    return sum;
}

static double below(const struct density *d, double t, double b)
{
    double sd = sqrt(t - d->t), shift = d->drift * (t - d->t), sum = 0;
    for (int i = 0; i < d->count; i++)
        sum += d->mass[i] * stats_norm_q((b + d->x[i] + shift) / sd);
    return sum;
}

/* From the panels alone that lie within reach of the step. */
static double step_density(const struct density *d, double sd, double shift, double x)
{
    double sum = 0, from = x - shift - d->first, reach = KERNEL * sd;
    int begin = N * (int)fmin(MAX_PANELS, fmax(0, floor((from - reach) / d->panel)));
    int end = N * (int)fmin(MAX_PANELS, fmax(0, ceil((from + reach) / d->panel)));
    if (d->count == 1)
        begin = 0, end = 1;
    for (int i = begin; i < end && i < d->count; i++) {
        double z = (x - d->x[i] - shift) / sd;
        sum += d->mass[i] * exp(-z * z / 2);
    }
    return sum / (sd * sqrt(2 * M_PI));
}

/* Moves on to look k: paths between the bounds, on panels that resolve this step and the next. */
static void advance(const struct density *d, const struct stats_group *g, int k,
                    struct density *ret)
{
    double t = g->t[k], sd = sqrt(t - d->t), shift = d->drift * (t - d->t);
    double b = g->z[k] * sqrt(t), span = REACH * sqrt(t), mean = d->drift * t;
    double lo = fmax(g->is_two_sided ? -b : -INFINITY, mean - span), hi = fmin(b, mean + span);
    double next = k + 1 < g->looks ? sqrt(g->t[k + 1] - t) : sd;
    int panels = (int)fmin(MAX_PANELS, fmax(4, ceil((hi - lo) / (PANEL * fmin(sd, next)))));
    double half = (hi - lo) / panels / 2;
    ret->t = t;
    ret->drift = d->drift;
    ret->count = hi > lo ? panels * N : 0;
    ret->first = lo;
    ret->panel = 2 * half;
    for (int i = 0; i < ret->count; i++) {
        ret->x[i] = lo + (2 * (i / N) + 1 + stats_quad_x[i % N]) * half;
        ret->mass[i] = stats_quad_w[i % N] * half * step_density(d, sd, shift, ret->x[i]);
    }
}

struct bound_search {
    const struct density *density;
    double t, log_target;
};

static double excess(double z, const void *context)
{
    const struct bound_search *s = context;
    return log(above(s->density, s->t, z * sqrt(s->t))) - s->log_target;
}

static bool is_sound(const struct stats_group *g, double step)
{
    double before = 0;
    if (g->looks < 1 || g->looks > STATS_GROUP_LOOKS || !(g->alpha >= 1e-15 && g->alpha < 1))
        return false;
    for (int k = 0; k < g->looks; k++) {
        if (!(g->t[k] - before >= step * (1 - 1e-9)) || g->t[k] > 1)
            return false;
        before = g->t[k];
    }
    return true;
}

static double tail_alpha(const struct stats_group *g)
{
    return g->is_two_sided ? g->alpha / 2 : g->alpha;
}

/* spent: by one tail, up to each look. */
static void find_bounds(struct stats_group *group, const double *spent)
{
    struct density d[2];
    double tails = group->is_two_sided ? 2 : 1, before = 0;
    start(&d[0], 0);
    for (int k = 0; k < group->looks; k++) {
        const struct density *now = &d[k % 2];
        struct bound_search s = {now, group->t[k], log(spent[k] - before)};
        group->z[k] =
            k == 0 ? stats_norm_z(spent[k]) : stats_root_within(excess, &s, 1e-4, 37, 1e-12);
        group->nominal_p[k] = tails * stats_norm_q(group->z[k]);
        group->cumulative[k] = tails * spent[k];
        before = spent[k];
        if (k + 1 < group->looks)
            advance(now, group, k, &d[(k + 1) % 2]);
    }
    group->status = STATS_OK;
}

void stats_group_bounds(struct stats_group *group, enum stats_spending spending, double par)
{
    stats_group_bounds_overrun(group, spending, par, 1);
}

void stats_group_bounds_overrun(struct stats_group *group, enum stats_spending spending, double par,
                                double reached)
{
    double a = tail_alpha(group), spent[STATS_GROUP_LOOKS];
    group->status = STATS_INVALID;
    if (!(reached >= 1 && isfinite(reached)) || !is_sound(group, STATS_GROUP_STEP / reached) ||
        !isfinite(par) || (spending == STATS_SPEND_POWER && !(par > 0)) ||
        (reached > 1 && group->t[group->looks - 1] < 1))
        return;
    for (int k = 0; k < group->looks; k++) {
        bool is_last = group->t[k] >= 1;
        if (!is_last && group->t[k] * reached >= 1)
            return;
        spent[k] = is_last ? a : stats_spend(spending, par, a, group->t[k] * reached);
    }
    find_bounds(group, spent);
}

/* Fills cumulative with the crossing probabilities under `drift`; returns the last. */
static double cross(struct stats_group *g, double drift)
{
    struct density d[2];
    double total = 0;
    start(&d[0], drift);
    for (int k = 0; k < g->looks; k++) {
        const struct density *now = &d[k % 2];
        double b = g->z[k] * sqrt(g->t[k]);
        total += above(now, g->t[k], b) + (g->is_two_sided ? below(now, g->t[k], b) : 0);
        g->cumulative[k] = total;
        if (k + 1 < g->looks)
            advance(now, g, k, &d[(k + 1) % 2]);
    }
    return total;
}

double stats_group_power(const struct stats_group *group, double drift)
{
    struct stats_group copy = *group;
    return group->status == STATS_OK && isfinite(drift) ? cross(&copy, drift) : NAN;
}

struct classic_search {
    const struct stats_group *group;
    bool is_pocock;
};

static void set_classic(struct stats_group *g, double c, bool is_pocock)
{
    for (int k = 0; k < g->looks; k++)
        g->z[k] = is_pocock ? c : c * sqrt((double)g->looks / (k + 1));
}

static double classic_excess(double c, const void *context)
{
    const struct classic_search *s = context;
    struct stats_group copy = *s->group;
    set_classic(&copy, c, s->is_pocock);
    return cross(&copy, 0) - copy.alpha;
}

double stats_group_classic(struct stats_group *group, bool is_pocock)
{
    for (int k = 0; k < group->looks && k < STATS_GROUP_LOOKS; k++)
        group->t[k] = (double)(k + 1) / group->looks;
    group->status = STATS_INVALID;
    if (!is_sound(group, STATS_GROUP_STEP))
        return 0;
    struct classic_search s = {group, is_pocock};
    double start = stats_norm_z(tail_alpha(group));
    double c = stats_root_within(classic_excess, &s, start * (1 - 1e-9) - 1e-9, start + 4, 1e-12);
    set_classic(group, c, is_pocock);
    cross(group, 0);
    for (int k = 0; k < group->looks; k++)
        group->nominal_p[k] = (group->is_two_sided ? 2 : 1) * stats_norm_q(group->z[k]);
    group->status = STATS_OK;
    return c;
}

struct stop_search {
    const struct stats_group *group;
    int look;
    double z, log_target;
};

/* Both tails of the stage-wise ordering at z on the look, each by itself: neither is 1 - other. */
static void stage_tails(const struct stop_search *s, double drift, double ret_tails[2])
{
    const struct stats_group *g = s->group;
    struct density d[2];
    double up = 0, down = 0, t = g->t[s->look];
    start(&d[0], drift);
    for (int k = 0; k < s->look; k++) {
        const struct density *now = &d[k % 2];
        double b = g->z[k] * sqrt(g->t[k]);
        up += above(now, g->t[k], b);
        down += g->is_two_sided ? below(now, g->t[k], b) : 0;
        advance(now, g, k, &d[(k + 1) % 2]);
    }
    ret_tails[0] = up + above(&d[s->look % 2], t, s->z * sqrt(t));
    ret_tails[1] = down + below(&d[s->look % 2], t, -s->z * sqrt(t));
}

static double upper_excess(double drift, const void *context)
{
    const struct stop_search *s = context;
    double tails[2];
    stage_tails(s, drift, tails);
    return log(tails[0]) - s->log_target;
}

static double lower_excess(double drift, const void *context)
{
    const struct stop_search *s = context;
    double tails[2];
    stage_tails(s, drift, tails);
    return log(tails[1]) - s->log_target;
}

struct stats_stopped stats_group_stopped(const struct stats_group *group, int look, double diff,
                                         double se, double conf)
{
    struct stats_stopped r = {.status = STATS_INVALID};
    if (group->status != STATS_OK || look < 0 || look >= group->looks || !isfinite(diff) ||
        !(se > 0) || !isfinite(se) || !(conf > 0 && conf < 1) || !(fabs(diff / se) < 1e3))
        return r;
    struct stop_search s = {group, look, diff / se, log((1 - conf) / 2)};
    double t = group->t[look], unit = se * sqrt(t), tails[2];
    double middle = s.z / sqrt(t), reach = (stats_norm_critical(conf) + 12) / sqrt(group->t[0]);
    stage_tails(&s, 0, tails);
    double p = fmin(1, 2 * fmin(tails[0], tails[1]));
    r.p_upper = stats_known(fmin(1, tails[0]));
    r.p_two_sided = stats_known(p);
    if (p > 0)
        r.log10_p = stats_known(log10(p));
    double lo = middle - reach, hi = middle + reach;
    double lower = stats_root_within(upper_excess, &s, lo, hi, 1e-9);
    double upper = stats_root_within(lower_excess, &s, lo, hi, 1e-9);
    s.log_target = -M_LN2;
    r.median_unbiased = stats_known(unit * stats_root_within(upper_excess, &s, lo, hi, 1e-9));
    r.interval = stats_between(unit * lower, unit * upper);
    r.status = STATS_OK;
    return r;
}

struct drift_search {
    const struct stats_group *group;
    double power;
};

static double lacking_power(double drift, const void *context)
{
    const struct drift_search *s = context;
    return stats_group_power(s->group, drift) - s->power;
}

struct stats_number stats_group_drift(const struct stats_group *group, double power)
{
    if (group->status != STATS_OK || group->t[group->looks - 1] < 1 ||
        !(power > group->alpha && power < 1))
        return (struct stats_number){0};
    struct drift_search s = {group, power};
    double fixed = stats_norm_z(tail_alpha(group)) + stats_norm_z(1 - power);
    return stats_known(
        stats_root_from(lacking_power, &s, fmax(0, fixed * 0.99), 0.1, fixed + 40, 1e-12));
}

struct stats_number stats_group_inflation(const struct stats_group *group, double power)
{
    struct stats_number drift = stats_group_drift(group, power);
    if (!drift.is_known)
        return drift;
    double fixed = stats_norm_z(tail_alpha(group)) + stats_norm_z(1 - power);
    return stats_known(drift.value / fixed * (drift.value / fixed));
}

double stats_conditional_power(double z, double t, double drift, double critical)
{
    return stats_norm_q((critical - z * sqrt(t) - drift * (1 - t)) / sqrt(1 - t));
}

double stats_predictive_power(double z, double t, double critical)
{
    return stats_norm_q((critical - z / sqrt(t)) / sqrt((1 - t) / t));
}
