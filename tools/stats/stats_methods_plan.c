// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include <math.h>

struct plan_in {
    double p1, p2, alpha, sides, ratio, delta, sd;
    struct stats_number power, n1;
};

#define DESIGN                                                                                     \
    STATS_MAY("alpha", LEVEL, struct plan_in, alpha, 0.05),                                        \
        STATS_MAY("ratio", POSITIVE, struct plan_in, ratio, 1),                                    \
        STATS_MAY("sides", POSITIVE, struct plan_in, sides, 2),                                    \
        STATS_MAY("power", NULLABLE, struct plan_in, power, 0),                                    \
        STATS_MAY("n1", NULLABLE, struct plan_in, n1, 0)

static bool is_sound(const struct plan_in *i)
{
    return (i->sides == 1 || i->sides == 2) && (!i->n1.is_known || i->n1.value > 0) &&
           (!i->power.is_known || (i->power.value > 0 && i->power.value < 1));
}

static struct stats_design design_of(const struct plan_in *i)
{
    return (struct stats_design){i->alpha, i->ratio, (int)i->sides};
}

static struct stats_number rounded_up(struct stats_number n)
{
    return (struct stats_number){ceil(n.value), n.is_known};
}

static const struct stats_in_field prop_in[] = {
    STATS_NEED("p1", LEVEL, struct plan_in, p1),
    STATS_NEED("p2", LEVEL, struct plan_in, p2),
    DESIGN,
    {0},
};

struct prop_out {
    struct stats_prop_size size;
    struct stats_number n1_ceil, n2_ceil, power, power_strict;
};

static const struct stats_out_field prop_out[] = {
    STATS_SHOW("n1_pooled", NUMBER, struct prop_out, size.pooled),
    STATS_SHOW("n1_pooled_ceil", NUMBER, struct prop_out, n1_ceil),
    STATS_SHOW("n2_pooled_ceil", NUMBER, struct prop_out, n2_ceil),
    STATS_SHOW("n1_unpooled", NUMBER, struct prop_out, size.unpooled),
    STATS_SHOW("n_evan_miller", NUMBER, struct prop_out, size.baseline),
    STATS_SHOW("n_arcsine", NUMBER, struct prop_out, size.arcsine),
    STATS_SHOW("power_pooled", NUMBER, struct prop_out, power),
    STATS_SHOW("power_pooled_strict", NUMBER, struct prop_out, power_strict),
    {0},
};

static enum stats_status run_prop(const void *in, void *out, struct arena *arena)
{
    const struct plan_in *i = in;
    struct prop_out *o = out;
    struct stats_design design = design_of(i);
    (void)arena;
    if (!is_sound(i) || i->p1 == i->p2)
        return STATS_INVALID;
    if (i->power.is_known) {
        o->size = stats_prop_size(&design, i->p1, i->p2, i->power.value);
        o->n1_ceil = rounded_up(o->size.pooled);
        o->n2_ceil = rounded_up(stats_known(o->size.pooled.value * i->ratio));
    }
    if (i->n1.is_known) {
        o->power = stats_known(stats_prop_power(&design, i->p1, i->p2, i->n1.value, false));
        if (i->sides == 2)
            o->power_strict =
                stats_known(stats_prop_power(&design, i->p1, i->p2, i->n1.value, true));
    }
    return STATS_OK;
}

static const struct stats_in_field detectable_in[] = {
    STATS_NEED("p1", LEVEL, struct plan_in, p1),
    DESIGN,
    {0},
};

struct detectable_out {
    enum stats_status status;
    struct stats_number p2, absolute, relative;
};

static const struct stats_out_field detectable_out[] = {
    STATS_SHOW("p2", NUMBER, struct detectable_out, p2),
    STATS_SHOW("mde_abs", NUMBER, struct detectable_out, absolute),
    STATS_SHOW("mde_rel", NUMBER, struct detectable_out, relative),
    STATS_SHOW("status", STATUS, struct detectable_out, status),
    {0},
};

static enum stats_status run_detectable(const void *in, void *out, struct arena *arena)
{
    const struct plan_in *i = in;
    struct detectable_out *o = out;
    struct stats_design design = design_of(i);
    (void)arena;
    if (!is_sound(i) || !i->n1.is_known)
        return STATS_INVALID;
    double power = i->power.is_known ? i->power.value : 0.8;
    o->p2 = stats_prop_detectable(&design, i->p1, i->n1.value, power);
    o->status = o->p2.is_known ? STATS_OK : STATS_UNREACHABLE;
    if (o->p2.is_known) {
        o->absolute = stats_known(o->p2.value - i->p1);
        o->relative = stats_known((o->p2.value - i->p1) / i->p1);
    }
    return o->status;
}

static const struct stats_in_field mean_in[] = {
    STATS_NEED("delta", NUMBER, struct plan_in, delta),
    STATS_NEED("sd", POSITIVE, struct plan_in, sd),
    DESIGN,
    {0},
};

struct mean_out {
    struct stats_number power, power_strict, n1_ceil;
    struct stats_mean_size size;
};

static const struct stats_out_field mean_out[] = {
    STATS_SHOW("power", NUMBER, struct mean_out, power),
    STATS_SHOW("power_strict", NUMBER, struct mean_out, power_strict),
    STATS_SHOW("n1_t", NUMBER, struct mean_out, size.t),
    STATS_SHOW("n1_t_ceil", NUMBER, struct mean_out, n1_ceil),
    STATS_SHOW("n1_normal", NUMBER, struct mean_out, size.normal),
    {0},
};

static enum stats_status run_mean(const void *in, void *out, struct arena *arena)
{
    const struct plan_in *i = in;
    struct mean_out *o = out;
    struct stats_design design = design_of(i);
    (void)arena;
    if (!is_sound(i))
        return STATS_INVALID;
    if (i->n1.is_known) {
        double n1 = i->n1.value;
        if (!(n1 * (1 + i->ratio) > 2))
            return STATS_INVALID;
        o->power = stats_known(stats_mean_power(&design, i->delta, i->sd, n1, false));
        if (i->sides == 2)
            o->power_strict = stats_known(stats_mean_power(&design, i->delta, i->sd, n1, true));
    }
    if (i->power.is_known) {
        o->size = stats_mean_size(&design, i->delta, i->sd, i->power.value);
        o->n1_ceil = rounded_up(o->size.t);
        return o->size.status;
    }
    return STATS_OK;
}

struct list_in {
    struct stats_list p, est, se;
    double conf;
};

static const struct stats_in_field multiplicity_in[] = {
    STATS_NEED("p", NULLABLE_LIST, struct list_in, p),
    {0},
};

struct multiplicity_out {
    uint64_t m;
    struct stats_numbers adjusted[STATS_BY + 1];
};

#define ADJUSTED(name, method) STATS_SHOW(name, NUMBERS, struct multiplicity_out, adjusted[method])

static const struct stats_out_field multiplicity_out[] = {
    STATS_SHOW("m", COUNT, struct multiplicity_out, m),
    ADJUSTED("bonferroni", STATS_BONFERRONI),
    ADJUSTED("sidak", STATS_SIDAK),
    ADJUSTED("holm", STATS_HOLM),
    ADJUSTED("hochberg", STATS_HOCHBERG),
    ADJUSTED("bh", STATS_BH),
    ADJUSTED("by", STATS_BY),
    {0},
};

static enum stats_status run_multiplicity(const void *in, void *out, struct arena *arena)
{
    const struct list_in *i = in;
    struct multiplicity_out *o = out;
    size_t count = i->p.count;
    struct stats_number *p = arena_zalloc(arena, (count + 1) * sizeof(*p));
    size_t *order = arena_alloc(arena, (count + 1) * sizeof(*order));
    for (size_t k = 0; k < count; k++) {
        const struct stats_list *leaf = &i->p.item[k];
        if (!leaf->is_null && !(leaf->value >= 0 && leaf->value <= 1))
            return STATS_INVALID;
        p[k] = (struct stats_number){leaf->value, !leaf->is_null};
    }
    for (int method = STATS_BONFERRONI; method <= STATS_BY; method++) {
        struct stats_numbers *list = &o->adjusted[method];
        *list = (struct stats_numbers){count, arena_alloc(arena, (count + 1) * sizeof(*p))};
        o->m = stats_adjust((enum stats_adjustment)method, p, count, order, list->value);
    }
    return STATS_OK;
}

static const struct stats_in_field heterogeneity_in[] = {
    STATS_NEED("est", LIST, struct list_in, est),
    STATS_NEED("se", LIST, struct list_in, se),
    STATS_MAY("conf", LEVEL, struct list_in, conf, 0.95),
    {0},
};

struct heterogeneity_out {
    uint64_t k;
    struct stats_heterogeneity r;
    struct stats_numbers shrunk;
};

static const struct stats_out_field heterogeneity_out[] = {
    STATS_SHOW("k", COUNT, struct heterogeneity_out, k),
    STATS_SHOW("fixed", NUMBER, struct heterogeneity_out, r.fixed),
    STATS_SHOW("fixed_se", NUMBER, struct heterogeneity_out, r.fixed_se),
    STATS_SHOW("fixed_ci", INTERVAL, struct heterogeneity_out, r.fixed_interval),
    STATS_SHOW("q", NUMBER, struct heterogeneity_out, r.q),
    STATS_SHOW("df", NUMBER, struct heterogeneity_out, r.df),
    STATS_SHOW("p_q", NUMBER, struct heterogeneity_out, r.p),
    STATS_SHOW("i2", NUMBER, struct heterogeneity_out, r.i2),
    STATS_SHOW("tau2_dl", NUMBER, struct heterogeneity_out, r.tau2),
    STATS_SHOW("random", NUMBER, struct heterogeneity_out, r.random),
    STATS_SHOW("random_se", NUMBER, struct heterogeneity_out, r.random_se),
    STATS_SHOW("random_ci", INTERVAL, struct heterogeneity_out, r.random_interval),
    STATS_SHOW("eb_shrunk", NUMBERS, struct heterogeneity_out, shrunk),
    {0},
};

static enum stats_status run_heterogeneity(const void *in, void *out, struct arena *arena)
{
    const struct list_in *i = in;
    struct heterogeneity_out *o = out;
    size_t k = i->est.count;
    struct stats_estimate *segments = arena_alloc(arena, (k + 1) * sizeof(*segments));
    double *shrunk = arena_alloc(arena, (k + 1) * sizeof(*shrunk));
    if (i->se.count != k)
        return STATS_INVALID;
    for (size_t s = 0; s < k; s++) {
        double se = i->se.item[s].value;
        if (!(se > 0))
            return STATS_INVALID;
        segments[s] = (struct stats_estimate){i->est.item[s].value, se * se};
    }
    o->k = k;
    o->r = stats_heterogeneity(segments, k, i->conf, shrunk);
    if (o->r.status != STATS_OK)
        return o->r.status;
    o->shrunk = (struct stats_numbers){k, arena_alloc(arena, (k + 1) * sizeof(*o->shrunk.value))};
    for (size_t s = 0; s < k; s++)
        o->shrunk.value[s] = stats_known(shrunk[s]);
    return STATS_OK;
}

struct selection_in {
    double est, se, alpha, conf;
};

static const struct stats_in_field selection_in[] = {
    STATS_NEED("est", NUMBER, struct selection_in, est),
    STATS_NEED("se", POSITIVE, struct selection_in, se),
    STATS_MAY("alpha", LEVEL, struct selection_in, alpha, 0.05),
    STATS_MAY("conf", LEVEL, struct selection_in, conf, 0.95),
    {0},
};

static const struct stats_out_field selection_out[] = {
    STATS_SHOW("z", NUMBER, struct stats_selection, z),
    STATS_SHOW("median_unbiased", NUMBER, struct stats_selection, median_unbiased),
    STATS_SHOW("ci", INTERVAL, struct stats_selection, interval),
    STATS_SHOW("conditional_mle", NUMBER, struct stats_selection, conditional_mle),
    {0},
};

static enum stats_status run_selection(const void *in, void *out, struct arena *arena)
{
    const struct selection_in *i = in;
    struct stats_selection *o = out;
    (void)arena;
    *o = stats_selection(i->est, i->se, i->alpha, i->conf);
    return o->status;
}

const struct stats_method stats_methods_plan[] = {
    {"power_proportions", prop_in, sizeof(struct plan_in), prop_out, sizeof(struct prop_out),
     run_prop, "visitors needed to tell two rates apart, power"},
    {"mde_proportions", detectable_in, sizeof(struct plan_in), detectable_out,
     sizeof(struct detectable_out), run_detectable,
     "smallest rate that can be told from the control"},
    {"power_means", mean_in, sizeof(struct plan_in), mean_out, sizeof(struct mean_out), run_mean,
     "visitors needed to tell two means apart, power"},
    {"multiplicity", multiplicity_in, sizeof(struct list_in), multiplicity_out,
     sizeof(struct multiplicity_out), run_multiplicity, "p-values adjusted for many tests"},
    {"heterogeneity", heterogeneity_in, sizeof(struct list_in), heterogeneity_out,
     sizeof(struct heterogeneity_out), run_heterogeneity,
     "do segments differ: Q, I2, tau2, shrunken effects"},
    {"selection_adjusted", selection_in, sizeof(struct selection_in), selection_out,
     sizeof(struct stats_selection), run_selection,
     "what a winner is worth after the winner's curse"},
    {0},
};
