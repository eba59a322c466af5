// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include <math.h>

struct msprt_in {
    double diff, se, tau, alpha, n, n_star;
};

static const struct stats_in_field msprt_in[] = {
    STATS_NEED("diff", NUMBER, struct msprt_in, diff),
    STATS_NEED("se", POSITIVE, struct msprt_in, se),
    STATS_NEED("tau", POSITIVE, struct msprt_in, tau),
    STATS_MAY("alpha", LEVEL, struct msprt_in, alpha, 0.05),
    {0},
};

static const struct stats_out_field msprt_out[] = {
    STATS_SHOW("log_lambda", NUMBER, struct stats_always_valid, log_lambda),
    STATS_SHOW("p", NUMBER, struct stats_always_valid, p),
    STATS_SHOW("log10_p", NUMBER, struct stats_always_valid, log10_p),
    STATS_SHOW("ci_halfwidth", NUMBER, struct stats_always_valid, halfwidth),
    STATS_SHOW("ci", INTERVAL, struct stats_always_valid, interval),
    {0},
};

static enum stats_status run_msprt(const void *in, void *out, struct arena *arena)
{
    const struct msprt_in *i = in;
    struct stats_always_valid *o = out;
    (void)arena;
    *o = stats_msprt(i->diff, i->se, i->tau, i->alpha);
    return o->status;
}

static const struct stats_in_field asymptotic_in[] = {
    STATS_NEED("diff", NUMBER, struct msprt_in, diff),
    STATS_NEED("se", POSITIVE, struct msprt_in, se),
    STATS_NEED("n", POSITIVE, struct msprt_in, n),
    STATS_NEED("n_star", POSITIVE, struct msprt_in, n_star),
    STATS_MAY("alpha", LEVEL, struct msprt_in, alpha, 0.05),
    {0},
};

struct asymptotic_out {
    struct stats_always_valid valid;
    double rho, tau;
};

static const struct stats_out_field asymptotic_out[] = {
    STATS_SHOW("rho", DOUBLE, struct asymptotic_out, rho),
    STATS_SHOW("ci_halfwidth", NUMBER, struct asymptotic_out, valid.halfwidth),
    STATS_SHOW("ci", INTERVAL, struct asymptotic_out, valid.interval),
    STATS_SHOW("log_e", NUMBER, struct asymptotic_out, valid.log_lambda),
    STATS_SHOW("p", NUMBER, struct asymptotic_out, valid.p),
    STATS_SHOW("equivalent_tau", DOUBLE, struct asymptotic_out, tau),
    {0},
};

static enum stats_status run_asymptotic(const void *in, void *out, struct arena *arena)
{
    const struct msprt_in *i = in;
    struct asymptotic_out *o = out;
    (void)arena;
    o->valid = stats_asymptotic_cs(i->diff, i->se, i->n, i->n_star, i->alpha);
    o->rho = stats_asymptotic_rho(i->n_star, i->alpha);
    o->tau = o->rho * i->se * sqrt(i->n);
    return o->valid.status;
}

struct path_in {
    struct stats_list looks;
    double tau, alpha;
};

static const struct stats_in_field path_in[] = {
    STATS_NEED("looks", LISTS, struct path_in, looks),
    STATS_NEED("tau", POSITIVE, struct path_in, tau),
    STATS_MAY("alpha", LEVEL, struct path_in, alpha, 0.05),
    {0},
};

struct path_out {
    struct stats_numbers p;
    struct stats_intervals interval;
    struct stats_number first;
};

static const struct stats_out_field path_out[] = {
    STATS_SHOW("p_running", NUMBERS, struct path_out, p),
    STATS_SHOW("ci_running_intersection", INTERVALS, struct path_out, interval),
    STATS_SHOW("first_rejection_look", NUMBER, struct path_out, first),
    {0},
};

static enum stats_status run_path(const void *in, void *out, struct arena *arena)
{
    const struct path_in *i = in;
    struct path_out *o = out;
    size_t count = i->looks.count;
    struct stats_path path = stats_path_start();
    o->p = (struct stats_numbers){count, arena_zalloc(arena, (count + 1) * sizeof(*o->p.value))};
    o->interval = (struct stats_intervals){
        count, arena_zalloc(arena, (count + 1) * sizeof(*o->interval.value))};
    for (size_t k = 0; k < count; k++) {
        const struct stats_list *pair = &i->looks.item[k];
        if (pair->count != 2 || !(pair->item[1].value > 0))
            return STATS_INVALID;
        struct stats_always_valid look =
            stats_msprt(pair->item[0].value, pair->item[1].value, i->tau, i->alpha);
        bool is_rejected = stats_path_add(&path, &look, i->alpha);
        if (is_rejected && !o->first.is_known)
            o->first = stats_known((double)k);
        o->p.value[k] = stats_known(path.p);
        if (!path.is_empty)
            o->interval.value[k] = stats_between(path.lower, path.upper);
    }
    return STATS_OK;
}

/* In the order of enum stats_spending. */
static const char *const spendings[] = {"obf", "pocock", "power", "hsd", NULL};

struct spending_in {
    struct stats_list t;
    double alpha;
    int spending;
    struct stats_number par;
    bool is_two_sided;
};

static const struct stats_in_field spending_in[] = {
    STATS_NEED("t", LIST, struct spending_in, t),
    STATS_MAY("alpha", LEVEL, struct spending_in, alpha, 0.05),
    STATS_CHOICE("spending", struct spending_in, spending, spendings),
    STATS_MAY("par", NULLABLE, struct spending_in, par, 0),
    STATS_MAY("two_sided", FLAG, struct spending_in, is_two_sided, 1),
    {0},
};

struct group_out {
    struct stats_numbers z, nominal_p, cumulative;
    double constant;
    struct stats_number drift_80, inflation_80, drift_90, inflation_90;
};

static const struct stats_out_field spending_out[] = {
    STATS_SHOW("z_bounds", NUMBERS, struct group_out, z),
    STATS_SHOW("nominal_p", NUMBERS, struct group_out, nominal_p),
    STATS_SHOW("cumulative_alpha", NUMBERS, struct group_out, cumulative),
    STATS_SHOW("drift_power_0.8", NUMBER, struct group_out, drift_80),
    STATS_SHOW("inflation_power_0.8", NUMBER, struct group_out, inflation_80),
    STATS_SHOW("drift_power_0.9", NUMBER, struct group_out, drift_90),
    STATS_SHOW("inflation_power_0.9", NUMBER, struct group_out, inflation_90),
    {0},
};

static struct stats_numbers known(const double *values, int count, struct arena *arena)
{
    struct stats_numbers list = {(size_t)count,
                                 arena_alloc(arena, ((size_t)count + 1) * sizeof(*list.value))};
    for (int i = 0; i < count; i++)
        list.value[i] = stats_known(values[i]);
    return list;
}

static void fill_bounds(const struct stats_group *group, struct group_out *o, struct arena *arena)
{
    o->z = known(group->z, group->looks, arena);
    o->nominal_p = known(group->nominal_p, group->looks, arena);
    o->cumulative = known(group->cumulative, group->looks, arena);
}

static enum stats_status run_spending(const void *in, void *out, struct arena *arena)
{
    const struct spending_in *i = in;
    struct group_out *o = out;
    struct stats_group group = {.alpha = i->alpha, .is_two_sided = i->is_two_sided};
    if (i->t.count > STATS_GROUP_LOOKS)
        return STATS_INVALID;
    group.looks = (int)i->t.count;
    for (size_t k = 0; k < i->t.count; k++)
        group.t[k] = i->t.item[k].value;
    stats_group_bounds(&group, (enum stats_spending)i->spending, i->par.value);
    if (group.status != STATS_OK)
        return group.status;
    fill_bounds(&group, o, arena);
    o->drift_80 = stats_group_drift(&group, 0.8);
    o->inflation_80 = stats_group_inflation(&group, 0.8);
    o->drift_90 = stats_group_drift(&group, 0.9);
    o->inflation_90 = stats_group_inflation(&group, 0.9);
    return STATS_OK;
}

static const char *const classics[] = {"obf", "pocock", NULL};

struct classic_in {
    uint64_t looks;
    double alpha;
    int kind;
    bool is_two_sided;
};

static const struct stats_in_field classic_in[] = {
    STATS_NEED("K", COUNT, struct classic_in, looks),
    STATS_MAY("alpha", LEVEL, struct classic_in, alpha, 0.05),
    STATS_CHOICE("kind", struct classic_in, kind, classics),
    STATS_MAY("two_sided", FLAG, struct classic_in, is_two_sided, 1),
    {0},
};

static const struct stats_out_field classic_out[] = {
    STATS_SHOW("constant", DOUBLE, struct group_out, constant),
    STATS_SHOW("z_bounds", NUMBERS, struct group_out, z),
    STATS_SHOW("nominal_p", NUMBERS, struct group_out, nominal_p),
    STATS_SHOW("cumulative_alpha", NUMBERS, struct group_out, cumulative),
    {0},
};

static enum stats_status run_classic(const void *in, void *out, struct arena *arena)
{
    const struct classic_in *i = in;
    struct group_out *o = out;
    struct stats_group group = {.alpha = i->alpha, .is_two_sided = i->is_two_sided};
    if (i->looks < 1 || i->looks > STATS_GROUP_LOOKS)
        return STATS_INVALID;
    group.looks = (int)i->looks;
    o->constant = stats_group_classic(&group, i->kind == 1);
    fill_bounds(&group, o, arena);
    return group.status;
}

struct srm_in {
    struct stats_list weights, looks;
    double concentration;
};

static const struct stats_in_field srm_in[] = {
    STATS_NEED("weights", LIST, struct srm_in, weights),
    STATS_NEED("looks", LISTS, struct srm_in, looks),
    STATS_NEED("concentration", POSITIVE, struct srm_in, concentration),
    {0},
};

struct srm_out {
    struct stats_numbers log_bayes, p;
};

static const struct stats_out_field srm_out[] = {
    STATS_SHOW("log_bayes_factor", NUMBERS, struct srm_out, log_bayes),
    STATS_SHOW("p_always_valid", NUMBERS, struct srm_out, p),
    {0},
};

static enum stats_status run_srm(const void *in, void *out, struct arena *arena)
{
    const struct srm_in *i = in;
    struct srm_out *o = out;
    size_t count = i->looks.count, arms = i->weights.count,
           bytes = (count + 1) * sizeof(*o->p.value);
    const double *weights = stats_list_values(&i->weights, arena);
    double p = 1;
    if (arms < 2)
        return STATS_INVALID;
    for (size_t k = 0; k < arms; k++)
        if (!(weights[k] > 0))
            return STATS_INVALID;
    o->log_bayes = (struct stats_numbers){count, arena_alloc(arena, bytes)};
    o->p = (struct stats_numbers){count, arena_alloc(arena, bytes)};
    for (size_t k = 0; k < count; k++) {
        const uint64_t *observed = stats_list_counts(&i->looks.item[k], arena);
        if (!observed || i->looks.item[k].count != arms)
            return STATS_INVALID;
        double log_bayes = stats_srm_log_bayes(observed, weights, arms, i->concentration);
        p = fmin(p, exp(-log_bayes));
        o->log_bayes.value[k] = stats_known(log_bayes);
        o->p.value[k] = stats_known(p);
    }
    return STATS_OK;
}

const struct stats_method stats_methods_sequential[] = {
    {"msprt", msprt_in, sizeof(struct msprt_in), msprt_out, sizeof(struct stats_always_valid),
     run_msprt, "always-valid test of an effect at one look"},
    {"asymptotic_cs", asymptotic_in, sizeof(struct msprt_in), asymptotic_out,
     sizeof(struct asymptotic_out), run_asymptotic, "asymptotic confidence sequence of an effect"},
    {"msprt_path", path_in, sizeof(struct path_in), path_out, sizeof(struct path_out), run_path,
     "always-valid test over several looks"},
    {"alpha_spending", spending_in, sizeof(struct spending_in), spending_out,
     sizeof(struct group_out), run_spending,
     "bounds of planned looks by a spending function, power, inflation"},
    {"group_sequential_classic", classic_in, sizeof(struct classic_in), classic_out,
     sizeof(struct group_out), run_classic, "O'Brien-Fleming and Pocock bounds at equal looks"},
    {"srm_sequential", srm_in, sizeof(struct srm_in), srm_out, sizeof(struct srm_out), run_srm,
     "sample ratio mismatch, watched all the time"},
    {0},
};
