// SPDX-License-Identifier: GPL-3.0-or-later
/* Methods for what comes after the plain comparison: days, other campaigns, planned stops, bandits.
 */
#include "tools/stats/stats_table.h"

#include <math.h>

struct trend_in {
    struct stats_list day, est, se;
    double conf;
};

static const struct stats_in_field trend_in[] = {
    STATS_NEED("day", LIST, struct trend_in, day),
    STATS_NEED("est", LIST, struct trend_in, est),
    STATS_NEED("se", LIST, struct trend_in, se),
    STATS_MAY("conf", LEVEL, struct trend_in, conf, 0.95),
    {0},
};

static const struct stats_out_field trend_out[] = {
    STATS_SHOW("status", STATUS, struct stats_trend, status),
    STATS_SHOW("slope", NUMBER, struct stats_trend, slope),
    STATS_SHOW("slope_se", NUMBER, struct stats_trend, slope_se),
    STATS_SHOW("ci_slope", INTERVAL, struct stats_trend, slope_interval),
    STATS_SHOW("p", NUMBER, struct stats_trend, p_two_sided),
    STATS_SHOW("first", NUMBER, struct stats_trend, first),
    STATS_SHOW("last", NUMBER, struct stats_trend, last),
    STATS_SHOW("ci_last", INTERVAL, struct stats_trend, last_interval),
    STATS_SHOW("p_fit", NUMBER, struct stats_trend, fit_p),
    {0},
};

static enum stats_status run_trend(const void *in, void *out, struct arena *arena)
{
    const struct trend_in *i = in;
    struct stats_trend *o = out;
    size_t count = i->day.count;
    struct stats_trend_day *days = arena_alloc(arena, (count + 1) * sizeof(*days));
    if (i->est.count != count || i->se.count != count)
        return STATS_INVALID;
    for (size_t k = 0; k < count; k++) {
        double se = i->se.item[k].value;
        days[k] = (struct stats_trend_day){i->day.item[k].value, {i->est.item[k].value, se * se}};
    }
    *o = stats_trend(days, count, i->conf);
    return o->status;
}

struct cells_in {
    struct stats_list n, mean, se;
    double conf;
};

static const struct stats_in_field cells_in[] = {
    STATS_NEED("n", LIST, struct cells_in, n),
    STATS_NEED("mean", LIST, struct cells_in, mean),
    STATS_NEED("se", LIST, struct cells_in, se),
    STATS_MAY("conf", LEVEL, struct cells_in, conf, 0.95),
    {0},
};

static const struct stats_out_field interaction_out[] = {
    STATS_SHOW("status", STATUS, struct stats_interaction, status),
    STATS_SHOW("effect_without_b", NUMBER, struct stats_interaction, without_b.diff),
    STATS_SHOW("effect_with_b", NUMBER, struct stats_interaction, with_b.diff),
    STATS_SHOW("diff", NUMBER, struct stats_interaction, diff),
    STATS_SHOW("se", NUMBER, struct stats_interaction, se),
    STATS_SHOW("df", NUMBER, struct stats_interaction, df),
    STATS_SHOW("ci", INTERVAL, struct stats_interaction, interval),
    STATS_SHOW("p", NUMBER, struct stats_interaction, p_two_sided),
    {0},
};

/* The cells in the order neither, B only, A only, both. */
static enum stats_status run_interaction(const void *in, void *out, struct arena *arena)
{
    const struct cells_in *i = in;
    struct stats_interaction *o = out;
    struct stats_interaction_cell cells[2][2];
    const uint64_t *n = stats_list_counts(&i->n, arena);
    if (!n || i->n.count != 4 || i->mean.count != 4 || i->se.count != 4)
        return STATS_INVALID;
    for (int k = 0; k < 4; k++) {
        double se = i->se.item[k].value;
        cells[k / 2][k % 2] =
            (struct stats_interaction_cell){n[k], {i->mean.item[k].value, se * se}};
    }
    *o = stats_interaction(cells, i->conf);
    return o->status;
}

struct scas_in {
    struct stats_prop control, treatment;
    double conf;
};

static const struct stats_in_field scas_in[] = {
    STATS_NEED("x1", COUNT, struct scas_in, control.x),
    STATS_NEED("n1", COUNT, struct scas_in, control.n),
    STATS_NEED("x2", COUNT, struct scas_in, treatment.x),
    STATS_NEED("n2", COUNT, struct scas_in, treatment.n),
    STATS_MAY("conf", LEVEL, struct scas_in, conf, 0.95),
    {0},
};

static const struct stats_out_field effect_out[] = {
    STATS_SHOW("status", STATUS, struct stats_effect, status),
    STATS_SHOW("diff", NUMBER, struct stats_effect, diff),
    STATS_SHOW("statistic", NUMBER, struct stats_effect, statistic),
    STATS_SHOW("p", NUMBER, struct stats_effect, p_two_sided),
    STATS_SHOW("ci", INTERVAL, struct stats_effect, interval),
    STATS_SHOW("uplift", NUMBER, struct stats_effect, uplift),
    STATS_SHOW("ci_uplift", INTERVAL, struct stats_effect, uplift_interval),
    {0},
};

static enum stats_status run_scas(const void *in, void *out, struct arena *arena)
{
    const struct scas_in *i = in;
    struct stats_effect *o = out;
    (void)arena;
    *o = stats_prop_scas(&i->control, &i->treatment, i->conf);
    return o->status;
}

struct closed_in {
    struct stats_list p;
    int local;
};

static const char *const locals[] = {"bonferroni", "simes", NULL};

static const struct stats_in_field closed_in[] = {
    STATS_NEED("p", LIST, struct closed_in, p),
    STATS_CHOICE("local", struct closed_in, local, locals),
    {0},
};

static const struct stats_out_field closed_out[] = {
    {.name = "adjusted", .kind = STATS_OUT_NUMBERS},
    {0},
};

static enum stats_status run_closed(const void *in, void *out, struct arena *arena)
{
    const struct closed_in *i = in;
    struct stats_numbers *o = out;
    size_t count = i->p.count, bytes = (count + 1) * sizeof(struct stats_number);
    struct stats_number *p = arena_alloc(arena, bytes);
    for (size_t k = 0; k < count; k++)
        p[k] = stats_known(i->p.item[k].value);
    *o = (struct stats_numbers){count, arena_alloc(arena, bytes)};
    return stats_closed((enum stats_local_test)i->local, p, count, o->value);
}

struct stopped_in {
    struct stats_list t;
    double alpha, diff, se, conf;
    uint64_t look;
    int spending;
};

static const char *const spendings[] = {"obf", "pocock", NULL};

static const struct stats_in_field stopped_in[] = {
    STATS_NEED("t", LIST, struct stopped_in, t),
    STATS_CHOICE("spending", struct stopped_in, spending, spendings),
    STATS_MAY("alpha", LEVEL, struct stopped_in, alpha, 0.05),
    STATS_NEED("look", COUNT, struct stopped_in, look),
    STATS_NEED("diff", NUMBER, struct stopped_in, diff),
    STATS_NEED("se", POSITIVE, struct stopped_in, se),
    STATS_MAY("conf", LEVEL, struct stopped_in, conf, 0.95),
    {0},
};

static const struct stats_out_field stopped_out[] = {
    STATS_SHOW("status", STATUS, struct stats_stopped, status),
    STATS_SHOW("p", NUMBER, struct stats_stopped, p_two_sided),
    STATS_SHOW("p_upper", NUMBER, struct stats_stopped, p_upper),
    STATS_SHOW("median_unbiased", NUMBER, struct stats_stopped, median_unbiased),
    STATS_SHOW("ci", INTERVAL, struct stats_stopped, interval),
    {0},
};

/* look: 1 for the first of t. */
static enum stats_status run_stopped(const void *in, void *out, struct arena *arena)
{
    const struct stopped_in *i = in;
    struct stats_stopped *o = out;
    struct stats_group group = {.alpha = i->alpha, .is_two_sided = true};
    (void)arena;
    if (i->t.count > STATS_GROUP_LOOKS || i->look < 1 || i->look > i->t.count)
        return STATS_INVALID;
    for (; group.looks < (int)i->t.count; group.looks++)
        group.t[group.looks] = i->t.item[group.looks].value;
    stats_group_bounds(&group, i->spending == 0 ? STATS_SPEND_OBF : STATS_SPEND_POCOCK, 0);
    *o = stats_group_stopped(&group, (int)i->look - 1, i->diff, i->se, i->conf);
    return o->status;
}

struct bootstrap_in {
    struct stats_list a, b;
    double conf;
    uint64_t seed, replicates;
};

static const struct stats_in_field bootstrap_in[] = {
    STATS_NEED("a", LIST, struct bootstrap_in, a),
    STATS_NEED("b", LIST, struct bootstrap_in, b),
    STATS_MAY("seed", COUNT, struct bootstrap_in, seed, 1),
    STATS_MAY("replicates", COUNT, struct bootstrap_in, replicates, 2000),
    STATS_MAY("conf", LEVEL, struct bootstrap_in, conf, 0.95),
    {0},
};

static struct stats_bootstrap resample(const struct stats_list *values, uint64_t seed, int count,
                                       struct arena *arena)
{
    struct stats_bootstrap arm;
    struct stats_replicate *room = arena_alloc(arena, (size_t)count * sizeof(*room));
    stats_bootstrap_init(&arm, seed, room, count);
    for (size_t k = 0; k < values->count; k++)
        stats_bootstrap_add(&arm, k, values->item[k].value);
    return arm;
}

static enum stats_status run_bootstrap(const void *in, void *out, struct arena *arena)
{
    const struct bootstrap_in *i = in;
    struct stats_effect *o = out;
    int count = (int)i->replicates;
    if (i->replicates < 1 || i->replicates > STATS_BOOTSTRAP_MAX)
        return STATS_INVALID;
    struct stats_bootstrap a = resample(&i->a, 2 * i->seed, count, arena);
    struct stats_bootstrap b = resample(&i->b, 2 * i->seed + 1, count, arena);
    *o = stats_bootstrap_t(&a, &b, i->conf, arena_alloc(arena, (size_t)count * sizeof(double)));
    return o->status;
}

struct adaptive_arm_in {
    struct stats_list probability, n, mean, sd;
};

struct adaptive_in {
    struct stats_list arrivals;
    struct adaptive_arm_in arm[2];
    double conf;
};

static const struct stats_in_field adaptive_in[] = {
    STATS_NEED("arrivals", LIST, struct adaptive_in, arrivals),
    STATS_NEED("probability1", LIST, struct adaptive_in, arm[0].probability),
    STATS_NEED("n1", LIST, struct adaptive_in, arm[0].n),
    STATS_NEED("mean1", LIST, struct adaptive_in, arm[0].mean),
    STATS_NEED("sd1", LIST, struct adaptive_in, arm[0].sd),
    STATS_NEED("probability2", LIST, struct adaptive_in, arm[1].probability),
    STATS_NEED("n2", LIST, struct adaptive_in, arm[1].n),
    STATS_NEED("mean2", LIST, struct adaptive_in, arm[1].mean),
    STATS_NEED("sd2", LIST, struct adaptive_in, arm[1].sd),
    STATS_MAY("conf", LEVEL, struct adaptive_in, conf, 0.95),
    {0},
};

static const struct stats_out_field adaptive_out[] = {
    STATS_SHOW("status", STATUS, struct stats_adaptive, status),
    STATS_SHOW("naive1", NUMBER, struct stats_adaptive, control.naive),
    STATS_SHOW("ipw1", NUMBER, struct stats_adaptive, control.ipw),
    STATS_SHOW("aipw1", NUMBER, struct stats_adaptive, control.aipw),
    STATS_SHOW("stable1", NUMBER, struct stats_adaptive, effect.control),
    STATS_SHOW("naive2", NUMBER, struct stats_adaptive, treatment.naive),
    STATS_SHOW("ipw2", NUMBER, struct stats_adaptive, treatment.ipw),
    STATS_SHOW("aipw2", NUMBER, struct stats_adaptive, treatment.aipw),
    STATS_SHOW("stable2", NUMBER, struct stats_adaptive, effect.treatment),
    STATS_SHOW("diff", NUMBER, struct stats_adaptive, effect.diff),
    STATS_SHOW("se", NUMBER, struct stats_adaptive, effect.se),
    STATS_SHOW("ci", INTERVAL, struct stats_adaptive, effect.interval),
    STATS_SHOW("uplift", NUMBER, struct stats_adaptive, effect.uplift),
    STATS_SHOW("ci_uplift", INTERVAL, struct stats_adaptive, effect.uplift_interval),
    STATS_SHOW("p", NUMBER, struct stats_adaptive, effect.p_two_sided),
    {0},
};

/* One arm's periods; NULL where the lists do not fit together. */
static struct stats_adaptive_cell *read_periods(const struct adaptive_arm_in *arm, size_t periods,
                                                struct arena *arena)
{
    struct stats_adaptive_cell *cells = arena_alloc(arena, (periods + 1) * sizeof(*cells));
    const uint64_t *n = stats_list_counts(&arm->n, arena);
    if (!n || arm->n.count != periods || arm->probability.count != periods ||
        arm->mean.count != periods || arm->sd.count != periods)
        return NULL;
    for (size_t t = 0; t < periods; t++) {
        double sd = arm->sd.item[t].value, rest = n[t] > 0 ? (double)(n[t] - 1) : 0;
        if (sd < 0)
            return NULL;
        cells[t] = (struct stats_adaptive_cell){arm->probability.item[t].value,
                                                {n[t], arm->mean.item[t].value, sd * sd * rest, 0}};
    }
    return cells;
}

/* One entry of each list for each period of unchanged probabilities. */
static enum stats_status run_adaptive(const void *in, void *out, struct arena *arena)
{
    const struct adaptive_in *i = in;
    struct stats_adaptive *o = out;
    size_t periods = i->arrivals.count;
    const uint64_t *arrivals = stats_list_counts(&i->arrivals, arena);
    const struct stats_adaptive_cell *a = read_periods(&i->arm[0], periods, arena);
    const struct stats_adaptive_cell *b = read_periods(&i->arm[1], periods, arena);
    if (!arrivals || !a || !b)
        return STATS_INVALID;
    *o = stats_adaptive(arrivals, a, b, periods, i->conf);
    return o->status;
}

const struct stats_method stats_methods_more[] = {
    {"trend", trend_in, sizeof(struct trend_in), trend_out, sizeof(struct stats_trend), run_trend,
     "does an effect wear off with the days"},
    {"interaction", cells_in, sizeof(struct cells_in), interaction_out,
     sizeof(struct stats_interaction), run_interaction, "do two campaigns disturb each other"},
    {"prop_scas", scas_in, sizeof(struct scas_in), effect_out, sizeof(struct stats_effect),
     run_scas, "two rates with the skewness-corrected score, for small samples"},
    {"closed", closed_in, sizeof(struct closed_in), closed_out, sizeof(struct stats_numbers),
     run_closed, "closed testing of several p-values"},
    {"stopped", stopped_in, sizeof(struct stopped_in), stopped_out, sizeof(struct stats_stopped),
     run_stopped, "p-value, median-unbiased estimate and interval after a planned stop"},
    {"bootstrap", bootstrap_in, sizeof(struct bootstrap_in), effect_out,
     sizeof(struct stats_effect), run_bootstrap, "bootstrap-t of two means with heavy tails"},
    {"adaptive", adaptive_in, sizeof(struct adaptive_in), adaptive_out,
     sizeof(struct stats_adaptive), run_adaptive, "two arms of an adaptive allocation (bandit)"},
    {0},
};
