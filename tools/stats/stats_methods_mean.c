// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include <math.h>

struct arms_in {
    uint64_t n1, n2;
    double mean1, var1, mean2, var2, conf;
    struct stats_number margin_abs, margin_rel;
};

/* The moments that a count, a mean and an unbiased variance stand for. */
static struct stats_moments moments_of(uint64_t n, double mean, double variance)
{
    double df = n > 1 ? (double)n - 1 : 0;
    return (struct stats_moments){.n = n, .mean = mean, .m2 = variance * df};
}

#define ARMS                                                                                       \
    STATS_NEED("n1", COUNT, struct arms_in, n1),                                                   \
        STATS_NEED("mean1", NUMBER, struct arms_in, mean1),                                        \
        STATS_NEED("var1", NOT_NEGATIVE, struct arms_in, var1),                                    \
        STATS_NEED("n2", COUNT, struct arms_in, n2),                                               \
        STATS_NEED("mean2", NUMBER, struct arms_in, mean2),                                        \
        STATS_NEED("var2", NOT_NEGATIVE, struct arms_in, var2)

static const struct stats_in_field welch_in[] = {
    ARMS,
    STATS_MAY("conf", LEVEL, struct arms_in, conf, 0.95),
    {0},
};

struct welch_out {
    struct stats_effect effect;
    struct stats_number p_greater, p_less, fieller_g;
    struct stats_interval uplift_delta, uplift_log;
};

#define EFFECT(member)                                                                             \
    STATS_SHOW("diff", NUMBER, member, effect.diff), STATS_SHOW("se", NUMBER, member, effect.se),  \
        STATS_SHOW("df", NUMBER, member, effect.df),                                               \
        STATS_SHOW("t", NUMBER, member, effect.statistic),                                         \
        STATS_SHOW("p_two_sided", NUMBER, member, effect.p_two_sided),                             \
        STATS_SHOW("log10_p_two_sided", NUMBER, member, effect.log10_p),                           \
        STATS_SHOW("ci", INTERVAL, member, effect.interval),                                       \
        STATS_SHOW("uplift", NUMBER, member, effect.uplift),                                       \
        STATS_SHOW("uplift_ci_fieller", INTERVAL, member, effect.uplift_interval)

static const struct stats_out_field welch_out[] = {
    EFFECT(struct welch_out),
    STATS_SHOW("p_greater", NUMBER, struct welch_out, p_greater),
    STATS_SHOW("p_less", NUMBER, struct welch_out, p_less),
    STATS_SHOW("uplift_ci_delta", INTERVAL, struct welch_out, uplift_delta),
    STATS_SHOW("uplift_ci_log", INTERVAL, struct welch_out, uplift_log),
    STATS_SHOW("fieller_g", NUMBER, struct welch_out, fieller_g),
    STATS_SHOW("status", STATUS, struct welch_out, effect.status),
    {0},
};

static enum stats_status run_welch(const void *in, void *out, struct arena *arena)
{
    const struct arms_in *i = in;
    struct welch_out *o = out;
    struct stats_moments a = moments_of(i->n1, i->mean1, i->var1);
    struct stats_moments b = moments_of(i->n2, i->mean2, i->var2);
    (void)arena;
    o->effect = stats_welch(&a, &b, i->conf);
    /* Means were given, so their difference is known even for an arm without units. */
    if (i->n1 == 0 || i->n2 == 0) {
        o->effect.status = STATS_INSUFFICIENT_DATA;
        o->effect.diff = stats_known(i->mean2 - i->mean1);
    }
    if (!o->effect.se.is_known)
        return o->effect.status;
    struct stats_estimate e1 = stats_mean_estimate(&a), e2 = stats_mean_estimate(&b);
    double t = o->effect.statistic.value, df = o->effect.df.value, g;
    double critical = stats_t_quantile((1 - i->conf) / 2, df);
    o->p_greater = stats_known(stats_t_q(t, df));
    o->p_less = stats_known(stats_t_q(-t, df));
    o->uplift_delta = stats_uplift_delta(e1, e2, critical);
    o->uplift_log = stats_uplift_log(e1, e2, critical);
    stats_fieller(e1, e2, 0, critical, &g);
    o->fieller_g = (struct stats_number){.value = g, .is_known = !isnan(g)}; /* may be INFINITY */
    return o->effect.status;
}

static const struct stats_in_field margin_in[] = {
    ARMS,
    STATS_MAY("margin_abs", NULLABLE, struct arms_in, margin_abs, 0),
    STATS_MAY("margin_rel", NULLABLE, struct arms_in, margin_rel, 0),
    {0},
};

struct margin_out {
    enum stats_status status;
    struct stats_number t_abs, df_abs, p_abs, p_tost, t_rel, df_rel, p_rel;
};

static const struct stats_out_field margin_out[] = {
    STATS_SHOW("t_abs", NUMBER, struct margin_out, t_abs),
    STATS_SHOW("df_abs", NUMBER, struct margin_out, df_abs),
    STATS_SHOW("p_noninferior_abs", NUMBER, struct margin_out, p_abs),
    STATS_SHOW("p_tost_abs", NUMBER, struct margin_out, p_tost),
    STATS_SHOW("t_rel", NUMBER, struct margin_out, t_rel),
    STATS_SHOW("df_rel", NUMBER, struct margin_out, df_rel),
    STATS_SHOW("p_noninferior_rel", NUMBER, struct margin_out, p_rel),
    STATS_SHOW("status", STATUS, struct margin_out, status),
    {0},
};

static enum stats_status run_margin(const void *in, void *out, struct arena *arena)
{
    const struct arms_in *i = in;
    struct margin_out *o = out;
    struct stats_moments a = moments_of(i->n1, i->mean1, i->var1);
    struct stats_moments b = moments_of(i->n2, i->mean2, i->var2);
    (void)arena;
    if (!i->margin_abs.is_known && !i->margin_rel.is_known)
        return STATS_INVALID;
    struct stats_noninferiority_mean r;
    if (i->margin_abs.is_known) {
        r = stats_noninferior_abs(&a, &b, i->margin_abs.value);
        o->status = r.status;
        o->t_abs = (struct stats_number){r.t, r.status == STATS_OK};
        o->df_abs = (struct stats_number){r.df, r.status == STATS_OK};
        o->p_abs = (struct stats_number){r.p, r.status == STATS_OK};
        o->p_tost = (struct stats_number){r.p_tost, r.status == STATS_OK};
    }
    if (i->margin_rel.is_known) {
        r = stats_noninferior_rel(&a, &b, i->margin_rel.value);
        o->status = r.status;
        o->t_rel = (struct stats_number){r.t, r.status == STATS_OK};
        o->df_rel = (struct stats_number){r.df, r.status == STATS_OK};
        o->p_rel = (struct stats_number){r.p, r.status == STATS_OK};
    }
    return o->status;
}

/* x: numerator or covariate, y: denominator or metric. */
struct sums_in {
    struct stats_plain_sums a, b;
    double conf;
};

static const struct stats_in_field ratio_arm[] = {
    STATS_NEED("n", COUNT, struct stats_plain_sums, n),
    STATS_NEED("sum_m", NUMBER, struct stats_plain_sums, x),
    STATS_NEED("sum_d", NUMBER, struct stats_plain_sums, y),
    STATS_NEED("sum_m2", NOT_NEGATIVE, struct stats_plain_sums, xx),
    STATS_NEED("sum_d2", NOT_NEGATIVE, struct stats_plain_sums, yy),
    STATS_NEED("sum_md", NUMBER, struct stats_plain_sums, xy),
    {0},
};

static const struct stats_in_field ratio_in[] = {
    STATS_PART("a", struct sums_in, a, ratio_arm),
    STATS_PART("b", struct sums_in, b, ratio_arm),
    STATS_MAY("conf", LEVEL, struct sums_in, conf, 0.95),
    {0},
};

struct ratio_out {
    struct stats_effect effect;
    struct stats_number se1, se2;
    struct stats_interval uplift_delta;
};

static const struct stats_out_field ratio_out[] = {
    STATS_SHOW("ratio1", NUMBER, struct ratio_out, effect.control),
    STATS_SHOW("ratio2", NUMBER, struct ratio_out, effect.treatment),
    STATS_SHOW("se1", NUMBER, struct ratio_out, se1),
    STATS_SHOW("se2", NUMBER, struct ratio_out, se2),
    EFFECT(struct ratio_out),
    STATS_SHOW("uplift_ci_delta", INTERVAL, struct ratio_out, uplift_delta),
    STATS_SHOW("status", STATUS, struct ratio_out, effect.status),
    {0},
};

static enum stats_status run_ratio(const void *in, void *out, struct arena *arena)
{
    const struct sums_in *i = in;
    struct ratio_out *o = out;
    (void)arena;
    struct stats_comoments a = stats_comoments_from_plain(&i->a, NULL);
    struct stats_comoments b = stats_comoments_from_plain(&i->b, NULL);
    struct stats_ratio_arm r1 = stats_ratio_arm(&a), r2 = stats_ratio_arm(&b);
    o->effect = stats_ratio(&a, &b, i->conf);
    /* Without a second visitor there is no ratio to speak of: the same word as for no orders. */
    if (o->effect.status == STATS_INSUFFICIENT_DATA || o->effect.status == STATS_NO_DATA)
        o->effect.status = STATS_NO_DENOMINATOR;
    if (a.n < 2)
        o->effect.control.is_known = false;
    if (b.n < 2)
        o->effect.treatment.is_known = false;
    if (r1.status == STATS_OK)
        o->se1 = stats_known(sqrt(r1.estimate.variance));
    if (r2.status == STATS_OK)
        o->se2 = stats_known(sqrt(r2.estimate.variance));
    if (o->effect.df.is_known)
        o->uplift_delta = stats_uplift_delta(
            r1.estimate, r2.estimate, stats_t_quantile((1 - i->conf) / 2, o->effect.df.value));
    return o->effect.status;
}

static const struct stats_in_field cuped_arm[] = {
    STATS_NEED("n", COUNT, struct stats_plain_sums, n),
    STATS_NEED("sum_x", NUMBER, struct stats_plain_sums, x),
    STATS_NEED("sum_y", NUMBER, struct stats_plain_sums, y),
    STATS_NEED("sum_x2", NOT_NEGATIVE, struct stats_plain_sums, xx),
    STATS_NEED("sum_y2", NOT_NEGATIVE, struct stats_plain_sums, yy),
    STATS_NEED("sum_xy", NUMBER, struct stats_plain_sums, xy),
    {0},
};

static const struct stats_in_field cuped_in[] = {
    STATS_PART("a", struct sums_in, a, cuped_arm),
    STATS_PART("b", struct sums_in, b, cuped_arm),
    STATS_MAY("conf", LEVEL, struct sums_in, conf, 0.95),
    {0},
};

struct adjusted {
    struct stats_effect effect;
};

static const struct stats_out_field adjusted_out[] = {
    STATS_SHOW("adj_mean1", NUMBER, struct adjusted, effect.control),
    STATS_SHOW("adj_mean2", NUMBER, struct adjusted, effect.treatment),
    EFFECT(struct adjusted),
    STATS_SHOW("status", STATUS, struct adjusted, effect.status),
    {0},
};

struct cuped_out {
    struct stats_cuped cuped;
    const struct stats_effect *lin;
};

static const struct stats_out_field cuped_out[] = {
    STATS_SHOW("theta_within", NUMBER, struct cuped_out, cuped.theta_within),
    STATS_SHOW("theta_joint_gbstats", NUMBER, struct cuped_out, cuped.theta_joint),
    STATS_SHOW_PART("within", OBJECT, struct cuped_out, cuped.within, adjusted_out),
    STATS_SHOW_PART("lin_interacted", POINTER, struct cuped_out, lin, adjusted_out),
    STATS_SHOW("variance_reduction", NUMBER, struct cuped_out, cuped.variance_reduction),
    STATS_SHOW("balance_p", NUMBER, struct cuped_out, cuped.balance_p),
    STATS_SHOW("unadjusted_diff", NUMBER, struct cuped_out, cuped.unadjusted.diff),
    STATS_SHOW("unadjusted_se", NUMBER, struct cuped_out, cuped.unadjusted.se),
    STATS_SHOW("status", STATUS, struct cuped_out, cuped.status),
    {0},
};

static enum stats_status run_cuped(const void *in, void *out, struct arena *arena)
{
    const struct sums_in *i = in;
    struct cuped_out *o = out;
    (void)arena;
    struct stats_comoments a = stats_comoments_from_plain(&i->a, NULL);
    struct stats_comoments b = stats_comoments_from_plain(&i->b, NULL);
    o->cuped = stats_cuped(&a, &b, i->conf);
    if (o->cuped.lin.diff.is_known)
        o->lin = &o->cuped.lin;
    return o->cuped.status;
}

const struct stats_method stats_methods_mean[] = {
    {"welch_t", welch_in, sizeof(struct arms_in), welch_out, sizeof(struct welch_out), run_welch,
     "difference and uplift of two means: Welch's t, Fieller"},
    {"noninferiority_means", margin_in, sizeof(struct arms_in), margin_out,
     sizeof(struct margin_out), run_margin, "is a mean not worse than a margin allows"},
    {"ratio_metric", ratio_in, sizeof(struct sums_in), ratio_out, sizeof(struct ratio_out),
     run_ratio, "difference and uplift of two ratios by the delta method"},
    {"cuped", cuped_in, sizeof(struct sums_in), cuped_out, sizeof(struct cuped_out), run_cuped,
     "means adjusted by a pre-period covariate: CUPED and Lin"},
    {0},
};
