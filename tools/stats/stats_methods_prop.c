// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

/* Fisher's test walks over every possible table. */
enum { FISHER_UNITS = 1000000 };

struct single_in {
    struct stats_prop arm;
    double conf;
};

static const struct stats_in_field single_in[] = {
    STATS_NEED("x", COUNT, struct single_in, arm.x),
    STATS_NEED("n", COUNT, struct single_in, arm.n),
    STATS_MAY("conf", LEVEL, struct single_in, conf, 0.95),
    {0},
};

static const struct stats_out_field single_out[] = {
    STATS_SHOW("p", NUMBER, struct stats_prop_single, rate),
    STATS_SHOW("wilson", INTERVAL, struct stats_prop_single, wilson),
    STATS_SHOW("wilson_cc", INTERVAL, struct stats_prop_single, wilson_cc),
    STATS_SHOW("clopper_pearson", INTERVAL, struct stats_prop_single, clopper_pearson),
    STATS_SHOW("jeffreys", INTERVAL, struct stats_prop_single, jeffreys),
    STATS_SHOW("agresti_coull", INTERVAL, struct stats_prop_single, agresti_coull),
    STATS_SHOW("status", STATUS, struct stats_prop_single, status),
    {0},
};

static enum stats_status run_single(const void *in, void *out, struct arena *arena)
{
    const struct single_in *i = in;
    struct stats_prop_single *o = out;
    (void)arena;
    *o = stats_prop_single(&i->arm, i->conf);
    return o->status;
}

struct two_in {
    struct stats_prop control, treatment;
    double conf;
};

static const struct stats_in_field two_in[] = {
    STATS_NEED("x1", COUNT, struct two_in, control.x),
    STATS_NEED("n1", COUNT, struct two_in, control.n),
    STATS_NEED("x2", COUNT, struct two_in, treatment.x),
    STATS_NEED("n2", COUNT, struct two_in, treatment.n),
    STATS_MAY("conf", LEVEL, struct two_in, conf, 0.95),
    {0},
};

struct diff_out {
    struct stats_prop_diff test;
    struct stats_interval agresti_caffo, newcombe, newcombe_cc, mee;
    struct stats_number p_fisher, p_fisher_mid;
};

static const struct stats_out_field diff_out[] = {
    STATS_SHOW("p1", NUMBER, struct diff_out, test.effect.control),
    STATS_SHOW("p2", NUMBER, struct diff_out, test.effect.treatment),
    STATS_SHOW("diff", NUMBER, struct diff_out, test.effect.diff),
    STATS_SHOW("z_pooled", NUMBER, struct diff_out, test.z_pooled),
    STATS_SHOW("p_pooled", NUMBER, struct diff_out, test.p_pooled),
    STATS_SHOW("z_mn", NUMBER, struct diff_out, test.effect.statistic),
    STATS_SHOW("p_mn", NUMBER, struct diff_out, test.effect.p_two_sided),
    STATS_SHOW("log10_p_mn", NUMBER, struct diff_out, test.effect.log10_p),
    STATS_SHOW("se_unpooled", NUMBER, struct diff_out, test.effect.se),
    STATS_SHOW("ci_wald", INTERVAL, struct diff_out, test.wald),
    STATS_SHOW("ci_agresti_caffo", INTERVAL, struct diff_out, agresti_caffo),
    STATS_SHOW("ci_newcombe", INTERVAL, struct diff_out, newcombe),
    STATS_SHOW("ci_newcombe_cc", INTERVAL, struct diff_out, newcombe_cc),
    STATS_SHOW("ci_mee", INTERVAL, struct diff_out, mee),
    STATS_SHOW("ci_mn", INTERVAL, struct diff_out, test.effect.interval),
    STATS_SHOW("p_fisher", NUMBER, struct diff_out, p_fisher),
    STATS_SHOW("p_fisher_mid", NUMBER, struct diff_out, p_fisher_mid),
    STATS_SHOW("status", STATUS, struct diff_out, test.effect.status),
    {0},
};

static enum stats_status run_diff(const void *in, void *out, struct arena *arena)
{
    const struct two_in *i = in;
    const struct stats_prop *a = &i->control, *b = &i->treatment;
    struct diff_out *o = out;
    (void)arena;
    o->test = stats_prop_diff(a, b, i->conf);
    if (!o->test.z_pooled.is_known)
        return o->test.effect.status;
    o->agresti_caffo = stats_prop_agresti_caffo(a, b, i->conf);
    o->newcombe = stats_prop_newcombe(a, b, i->conf, false);
    o->newcombe_cc = stats_prop_newcombe(a, b, i->conf, true);
    o->mee = stats_prop_score_diff(a, b, i->conf, false);
    if (a->n + b->n <= FISHER_UNITS) {
        struct stats_fisher fisher = stats_fisher(a, b);
        o->p_fisher = fisher.p;
        o->p_fisher_mid = fisher.mid_p;
    }
    return o->test.effect.status;
}

struct relative_out {
    struct stats_effect effect;
    struct stats_interval koopman, katz, delta, fieller;
    struct stats_number fieller_g;
};

static const struct stats_out_field relative_out[] = {
    STATS_SHOW("uplift", NUMBER, struct relative_out, effect.uplift),
    STATS_SHOW("p_mn", NUMBER, struct relative_out, effect.p_two_sided),
    STATS_SHOW("ci_mn", INTERVAL, struct relative_out, effect.uplift_interval),
    STATS_SHOW("ci_koopman", INTERVAL, struct relative_out, koopman),
    STATS_SHOW("ci_katz_log", INTERVAL, struct relative_out, katz),
    STATS_SHOW("ci_delta_wald", INTERVAL, struct relative_out, delta),
    STATS_SHOW("ci_fieller", INTERVAL, struct relative_out, fieller),
    STATS_SHOW("fieller_g", NUMBER, struct relative_out, fieller_g),
    STATS_SHOW("status", STATUS, struct relative_out, effect.status),
    {0},
};

static enum stats_status run_relative(const void *in, void *out, struct arena *arena)
{
    const struct two_in *i = in;
    const struct stats_prop *a = &i->control, *b = &i->treatment;
    struct relative_out *o = out;
    (void)arena;
    o->effect = stats_prop_diff(a, b, i->conf).effect;
    if (!o->effect.diff.is_known)
        return o->effect.status;
    o->koopman = stats_prop_score_ratio(a, b, i->conf, false);
    o->katz = stats_prop_katz(a, b, i->conf);
    if (a->x > 0) {
        struct stats_estimate e1 = stats_prop_estimate(a), e2 = stats_prop_estimate(b);
        double g, z = stats_norm_critical(i->conf);
        o->delta = stats_uplift_delta(e1, e2, z);
        o->fieller = stats_fieller(e1, e2, 0, z, &g);
        o->fieller_g = stats_known(g);
    }
    return o->effect.status;
}

struct margin_in {
    struct stats_prop control, treatment;
    struct stats_number margin_abs, margin_rel;
};

static const struct stats_in_field margin_in[] = {
    STATS_NEED("x1", COUNT, struct margin_in, control.x),
    STATS_NEED("n1", COUNT, struct margin_in, control.n),
    STATS_NEED("x2", COUNT, struct margin_in, treatment.x),
    STATS_NEED("n2", COUNT, struct margin_in, treatment.n),
    STATS_MAY("margin_abs", NULLABLE, struct margin_in, margin_abs, 0),
    STATS_MAY("margin_rel", NULLABLE, struct margin_in, margin_rel, 0),
    {0},
};

struct margin_out {
    struct stats_number z_abs, p_abs, z_fm, p_fm, z_rel, p_rel;
};

static const struct stats_out_field margin_out[] = {
    STATS_SHOW("z_abs", NUMBER, struct margin_out, z_abs),
    STATS_SHOW("p_noninferior_abs", NUMBER, struct margin_out, p_abs),
    STATS_SHOW("z_abs_farrington_manning", NUMBER, struct margin_out, z_fm),
    STATS_SHOW("p_farrington_manning", NUMBER, struct margin_out, p_fm),
    STATS_SHOW("z_rel", NUMBER, struct margin_out, z_rel),
    STATS_SHOW("p_noninferior_rel", NUMBER, struct margin_out, p_rel),
    {0},
};

static enum stats_status run_margin(const void *in, void *out, struct arena *arena)
{
    const struct margin_in *i = in;
    struct margin_out *o = out;
    struct stats_noninferiority_prop r = {.status = STATS_INVALID};
    (void)arena;
    if (i->margin_abs.is_known) {
        r = stats_noninferiority_diff(&i->control, &i->treatment, i->margin_abs.value);
        if (r.status == STATS_INVALID)
            return r.status;
        o->z_abs = stats_known(r.z);
        o->p_abs = stats_known(r.p);
        o->z_fm = stats_known(r.z_fm);
        o->p_fm = stats_known(r.p_fm);
    }
    if (i->margin_rel.is_known) {
        r = stats_noninferiority_ratio(&i->control, &i->treatment, i->margin_rel.value);
        o->z_rel = stats_known(r.z);
        o->p_rel = stats_known(r.p);
    }
    return r.status;
}

struct srm_in {
    struct stats_list observed, weights;
};

static const struct stats_in_field srm_in[] = {
    STATS_NEED("observed", LIST, struct srm_in, observed),
    STATS_NEED("weights", LIST, struct srm_in, weights),
    {0},
};

static const struct stats_out_field srm_out[] = {
    STATS_SHOW("chi2", NUMBER, struct stats_srm, chi2),
    STATS_SHOW("df", NUMBER, struct stats_srm, df),
    STATS_SHOW("p", NUMBER, struct stats_srm, p),
    STATS_SHOW("log10_p", NUMBER, struct stats_srm, log10_p),
    STATS_SHOW("min_expected", NUMBER, struct stats_srm, min_expected),
    STATS_SHOW("p_exact", NUMBER, struct stats_srm, p_exact),
    STATS_SHOW("unexpected_units", COUNT, struct stats_srm, unexpected_units),
    STATS_SHOW("status", STATUS, struct stats_srm, status),
    {0},
};

static enum stats_status run_srm(const void *in, void *out, struct arena *arena)
{
    const struct srm_in *i = in;
    struct stats_srm *o = out;
    uint64_t *observed = stats_list_counts(&i->observed, arena);
    if (!observed || i->observed.count != i->weights.count)
        return STATS_INVALID;
    *o = stats_srm(observed, stats_list_values(&i->weights, arena), i->weights.count);
    return o->status;
}

const struct stats_method stats_methods_prop[] = {
    {"prop_single", single_in, sizeof(struct single_in), single_out,
     sizeof(struct stats_prop_single), run_single,
     "one rate with score, exact, Jeffreys and Agresti-Coull intervals"},
    {"prop_diff", two_in, sizeof(struct two_in), diff_out, sizeof(struct diff_out), run_diff,
     "difference of two rates: score interval and test, Newcombe, Fisher"},
    {"prop_relative", two_in, sizeof(struct two_in), relative_out, sizeof(struct relative_out),
     run_relative, "uplift of a rate: score interval of the ratio, Katz, delta, Fieller"},
    {"noninferiority_proportions", margin_in, sizeof(struct margin_in), margin_out,
     sizeof(struct margin_out), run_margin, "is a rate not worse than a margin allows"},
    {"srm_chi2", srm_in, sizeof(struct srm_in), srm_out, sizeof(struct stats_srm), run_srm,
     "sample ratio mismatch at the end"},
    {0},
};
