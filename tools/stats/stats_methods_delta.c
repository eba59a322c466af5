// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include <math.h>

/* In the order of enum arm_kind. */
static const char *const kinds[] = {"mean", "proportion", "ratio", "cuped_mean", "quantile", NULL};
enum arm_kind { ARM_MEAN, ARM_PROPORTION, ARM_RATIO, ARM_CUPED, ARM_QUANTILE };

/* In the order of enum stats_delta_test, then the Bayesian answer. */
static const char *const tests[] = {
    "t_two_sided",        "t_greater",       "t_less",   "sequential_two_sided",
    "sequential_greater", "sequential_less", "bayesian", NULL};
enum { TEST_BAYESIAN = STATS_DELTA_SEQUENTIAL_LESS + 1 };

static const char *const differences[] = {"absolute", "relative", NULL};

/* An arm as it was sent: which fields count depends on its kind. */
struct arm_in {
    int kind;
    uint64_t n;
    double sum, sum_squares;
    double m, mm, d, dd, md;
    double post, post_squares, pre, pre_squares, product;
    double nu, quantile, lower, upper, n_star;
};

struct delta_in {
    struct arm_in a, b;
    int test, difference;
    double alpha, n_star;
    struct stats_number prior_mean, prior_variance;
};

static const struct stats_in_field arm_in[] = {
    STATS_CHOICE("kind", struct arm_in, kind, kinds),
    STATS_NEED("n", COUNT, struct arm_in, n),
    STATS_MAY("sum", NUMBER, struct arm_in, sum, 0),
    STATS_MAY("sum_squares", NUMBER, struct arm_in, sum_squares, 0),
    STATS_MAY("m_sum", NUMBER, struct arm_in, m, 0),
    STATS_MAY("m_sum_squares", NUMBER, struct arm_in, mm, 0),
    STATS_MAY("d_sum", NUMBER, struct arm_in, d, 0),
    STATS_MAY("d_sum_squares", NUMBER, struct arm_in, dd, 0),
    STATS_MAY("m_d_sum_of_products", NUMBER, struct arm_in, md, 0),
    STATS_MAY("post_sum", NUMBER, struct arm_in, post, 0),
    STATS_MAY("post_sum_squares", NUMBER, struct arm_in, post_squares, 0),
    STATS_MAY("pre_sum", NUMBER, struct arm_in, pre, 0),
    STATS_MAY("pre_sum_squares", NUMBER, struct arm_in, pre_squares, 0),
    STATS_MAY("post_pre_sum_of_products", NUMBER, struct arm_in, product, 0),
    STATS_MAY("nu", NUMBER, struct arm_in, nu, 0),
    STATS_MAY("quantile", NUMBER, struct arm_in, quantile, 0),
    STATS_MAY("quantile_lower", NUMBER, struct arm_in, lower, 0),
    STATS_MAY("quantile_upper", NUMBER, struct arm_in, upper, 0),
    STATS_MAY("n_star", NUMBER, struct arm_in, n_star, 0),
    {0},
};

static const struct stats_in_field delta_in[] = {
    STATS_PART("a", struct delta_in, a, arm_in),
    STATS_PART("b", struct delta_in, b, arm_in),
    STATS_CHOICE("test", struct delta_in, test, tests),
    STATS_CHOICE("difference", struct delta_in, difference, differences),
    STATS_MAY("alpha", LEVEL, struct delta_in, alpha, 0.05),
    STATS_MAY("n_star", POSITIVE, struct delta_in, n_star, 5000),
    STATS_MAY("prior_mean", NULLABLE, struct delta_in, prior_mean, 0),
    STATS_MAY("prior_variance", NULLABLE, struct delta_in, prior_variance, 0),
    {0},
};

struct delta_out {
    struct stats_number estimate, se, p, chance_to_win, risk_treatment;
    struct stats_interval interval;
    struct stats_numbers risk;
};

static const struct stats_out_field delta_out[] = {
    STATS_SHOW("estimate", NUMBER, struct delta_out, estimate),
    STATS_SHOW("ci", INTERVAL, struct delta_out, interval),
    STATS_SHOW("se", NUMBER, struct delta_out, se),
    STATS_SHOW("p", NUMBER, struct delta_out, p),
    STATS_SHOW("chance_to_win", NUMBER, struct delta_out, chance_to_win),
    STATS_SHOW("risk", NUMBERS, struct delta_out, risk),
    STATS_SHOW("risk_treatment", NUMBER, struct delta_out, risk_treatment),
    {0},
};

/* Covariance of two arm means from plain sums: (xy - x y / n) / (n - 1) / n. May be negative for x
 * = y where the sums contradict themselves. */
static double mean_cov(const struct arm_in *in, double x, double y, double xy)
{
    double n = (double)in->n;
    return (xy - x * (y / n)) / (n - 1) / n;
}

/* One slope over both arms, not centred by arm. */
static double joint_slope(const struct delta_in *in)
{
    const struct arm_in *a = &in->a, *b = &in->b;
    double n = (double)a->n + (double)b->n, x = a->pre + b->pre, y = a->post + b->post;
    double xx = a->pre_squares + b->pre_squares - x * (x / n);
    return xx > 0 ? (a->product + b->product - x * (y / n)) / xx : 0;
}

static struct stats_estimate ratio_estimate(const struct arm_in *in)
{
    double ratio = in->m / in->d, mean = in->d / (double)in->n;
    double variance = mean_cov(in, in->m, in->m, in->mm) -
                      2 * ratio * mean_cov(in, in->m, in->d, in->md) +
                      ratio * ratio * mean_cov(in, in->d, in->d, in->dd);
    return (struct stats_estimate){ratio, variance / (mean * mean)};
}

static struct stats_estimate quantile_estimate(const struct arm_in *in)
{
    double n = (double)in->n, width = (in->upper - in->lower) / (2 * stats_norm_critical(0.95));
    double n_star = in->n_star > 0 ? in->n_star : n;
    return (struct stats_estimate){in->quantile, n_star / n * (n - 1) * width * width / n};
}

static struct stats_delta_arm arm_of(const struct arm_in *in, double theta)
{
    struct stats_delta_arm arm = {.n = (double)in->n};
    struct stats_prop prop = {(uint64_t)in->sum, in->n};
    switch ((enum arm_kind)in->kind) {
    case ARM_MEAN:
        arm.plain = (struct stats_estimate){in->sum / arm.n,
                                            mean_cov(in, in->sum, in->sum, in->sum_squares)};
        break;
    case ARM_PROPORTION:
        arm.plain = stats_prop_estimate(&prop);
        break;
    case ARM_RATIO:
        arm.plain = ratio_estimate(in);
        break;
    case ARM_CUPED:
        arm.plain = (struct stats_estimate){in->post / arm.n,
                                            mean_cov(in, in->post, in->post, in->post_squares)};
        arm.adjustment = (struct stats_estimate){
            -theta * (in->pre / arm.n),
            theta * theta * mean_cov(in, in->pre, in->pre, in->pre_squares)};
        arm.cov = -theta * mean_cov(in, in->post, in->pre, in->product);
        break;
    case ARM_QUANTILE:
        arm.plain = quantile_estimate(in);
        break;
    }
    return arm;
}

/* What the arm's kind cannot do without. */
static bool is_sound(const struct arm_in *in)
{
    if (in->n < 2 || (in->kind == ARM_RATIO && in->d == 0))
        return false;
    return in->kind != ARM_PROPORTION ||
           (in->sum >= 0 && in->sum <= (double)in->n && in->sum == floor(in->sum));
}

static void fill_posterior(const struct stats_delta *delta, const struct delta_in *in,
                           struct delta_out *o, struct arena *arena)
{
    struct stats_normal_prior prior = {.sd = INFINITY, .mean = in->prior_mean.value};
    if (in->prior_variance.is_known)
        prior.sd = sqrt(in->prior_variance.value);
    struct stats_posterior post =
        stats_normal_posterior(delta->effect.value, sqrt(delta->effect.variance), &prior,
                               1 - in->alpha, 0)
            .posterior;
    o->estimate = post.mean;
    o->se = post.sd;
    o->interval = post.interval;
    o->chance_to_win = post.chance_to_win;
    o->risk_treatment = post.loss_choose_treatment;
    o->risk = (struct stats_numbers){2, arena_alloc(arena, 2 * sizeof(*o->risk.value))};
    o->risk.value[0] = post.loss_choose_control;
    o->risk.value[1] = post.loss_choose_treatment;
}

static enum stats_status run_delta(const void *in, void *out, struct arena *arena)
{
    const struct delta_in *i = in;
    struct delta_out *o = out;
    if (!is_sound(&i->a) || !is_sound(&i->b) || i->a.kind != i->b.kind ||
        (i->prior_variance.is_known && !(i->prior_variance.value > 0)))
        return STATS_INVALID;
    double theta = i->a.kind == ARM_CUPED ? joint_slope(i) : 0;
    struct stats_delta_arm a = arm_of(&i->a, theta), b = arm_of(&i->b, theta);
    struct stats_delta delta = stats_delta(&a, &b, i->difference == 1);
    if (!(delta.effect.variance > 0))
        return STATS_ZERO_VARIANCE;
    if (i->test == TEST_BAYESIAN) {
        fill_posterior(&delta, i, o, arena);
        return STATS_OK;
    }
    struct stats_delta_result r =
        stats_delta_test(&delta, (enum stats_delta_test)i->test, i->alpha, a.n + b.n, i->n_star);
    o->estimate = stats_known(delta.effect.value);
    o->se = stats_known(sqrt(delta.effect.variance));
    o->interval = r.interval;
    o->p = r.p;
    return STATS_OK;
}

const struct stats_method stats_methods_delta[] = {
    {"gbstats_compat", delta_in, sizeof(struct delta_in), delta_out, sizeof(struct delta_out),
     run_delta, "the delta-method numbers of a widespread open-source engine"},
    {0},
};
