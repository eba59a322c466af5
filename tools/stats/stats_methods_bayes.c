// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include <math.h>

struct beta_in {
    struct stats_beta_prior prior;
    struct stats_prop control, treatment;
    double conf;
    struct stats_number rope;
};

static const struct stats_in_field beta_in[] = {
    STATS_NEED("prior_a", POSITIVE, struct beta_in, prior.a),
    STATS_NEED("prior_b", POSITIVE, struct beta_in, prior.b),
    STATS_NEED("x1", COUNT, struct beta_in, control.x),
    STATS_NEED("n1", COUNT, struct beta_in, control.n),
    STATS_NEED("x2", COUNT, struct beta_in, treatment.x),
    STATS_NEED("n2", COUNT, struct beta_in, treatment.n),
    STATS_MAY("conf", LEVEL, struct beta_in, conf, 0.95),
    STATS_MAY("rope", NULLABLE, struct beta_in, rope, 0),
    {0},
};

static const struct stats_out_field beta_out[] = {
    STATS_SHOW("post_a1", DOUBLE, struct stats_beta_binomial, a1),
    STATS_SHOW("post_b1", DOUBLE, struct stats_beta_binomial, b1),
    STATS_SHOW("post_a2", DOUBLE, struct stats_beta_binomial, a2),
    STATS_SHOW("post_b2", DOUBLE, struct stats_beta_binomial, b2),
    STATS_SHOW("mean1", NUMBER, struct stats_beta_binomial, mean1),
    STATS_SHOW("mean2", NUMBER, struct stats_beta_binomial, mean2),
    STATS_SHOW("ci1", INTERVAL, struct stats_beta_binomial, interval1),
    STATS_SHOW("ci2", INTERVAL, struct stats_beta_binomial, interval2),
    STATS_SHOW("p_b_gt_a", NUMBER, struct stats_beta_binomial, posterior.chance_to_win),
    STATS_SHOW("p_a_gt_b", NUMBER, struct stats_beta_binomial, posterior.chance_to_lose),
    STATS_SHOW("expected_gain_b", NUMBER, struct stats_beta_binomial,
               posterior.loss_choose_control),
    STATS_SHOW("expected_loss_choose_b", NUMBER, struct stats_beta_binomial,
               posterior.loss_choose_treatment),
    STATS_SHOW("expected_loss_choose_a", NUMBER, struct stats_beta_binomial,
               posterior.loss_choose_control),
    STATS_SHOW("diff_mean", NUMBER, struct stats_beta_binomial, posterior.mean),
    STATS_SHOW("diff_sd", NUMBER, struct stats_beta_binomial, posterior.sd),
    STATS_SHOW("diff_ci", INTERVAL, struct stats_beta_binomial, posterior.interval),
    STATS_SHOW("uplift_ci", INTERVAL, struct stats_beta_binomial, posterior.uplift_interval),
    STATS_SHOW("p_rope", NUMBER, struct stats_beta_binomial, posterior.chance_in_rope),
    {0},
};

static enum stats_status run_beta(const void *in, void *out, struct arena *arena)
{
    const struct beta_in *i = in;
    struct stats_beta_binomial *o = out;
    (void)arena;
    *o = stats_beta_binomial(&i->prior, &i->control, &i->treatment, i->conf,
                             i->rope.is_known ? i->rope.value : 0);
    return o->posterior.status;
}

/* The first `count` of an array as known numbers. */
static struct stats_numbers known(const double *values, size_t count, struct arena *arena)
{
    struct stats_numbers list = {count, arena_alloc(arena, (count + 1) * sizeof(*list.value))};
    for (size_t i = 0; i < count; i++)
        list.value[i] = stats_known(values[i]);
    return list;
}

struct best_out {
    struct stats_numbers p_best, p_top_two, means, expected_loss;
    double expected_max;
};

static const struct stats_out_field best_out[] = {
    STATS_SHOW("p_best", NUMBERS, struct best_out, p_best),
    STATS_SHOW("p_top_two", NUMBERS, struct best_out, p_top_two),
    STATS_SHOW("means", NUMBERS, struct best_out, means),
    STATS_SHOW("expected_max", DOUBLE, struct best_out, expected_max),
    STATS_SHOW("expected_loss", NUMBERS, struct best_out, expected_loss),
    {0},
};

static enum stats_status fill_best(const struct stats_best *best, size_t count,
                                   struct best_out *out, struct arena *arena)
{
    out->p_best = known(best->p_best, count, arena);
    out->p_top_two = known(best->p_top_two, count, arena);
    out->means = known(best->mean, count, arena);
    out->expected_loss = known(best->expected_loss, count, arena);
    out->expected_max = best->expected_max;
    return best->status;
}

struct beta_best_in {
    struct stats_beta_prior prior;
    struct stats_list arms;
};

static const struct stats_in_field beta_best_in[] = {
    STATS_NEED("prior_a", POSITIVE, struct beta_best_in, prior.a),
    STATS_NEED("prior_b", POSITIVE, struct beta_best_in, prior.b),
    STATS_NEED("arms", LISTS, struct beta_best_in, arms),
    {0},
};

static enum stats_status run_beta_best(const void *in, void *out, struct arena *arena)
{
    const struct beta_best_in *i = in;
    struct stats_prop arms[STATS_BEST_ARMS];
    size_t count = i->arms.count;
    if (count < 1 || count > STATS_BEST_ARMS)
        return STATS_INVALID;
    for (size_t k = 0; k < count; k++) {
        const uint64_t *pair = stats_list_counts(&i->arms.item[k], arena);
        if (!pair || i->arms.item[k].count != 2)
            return STATS_INVALID;
        arms[k] = (struct stats_prop){pair[0], pair[1]};
    }
    struct stats_best best = stats_beta_best(&i->prior, arms, (int)count);
    return fill_best(&best, count, out, arena);
}

struct normal_best_in {
    struct stats_list means, sds;
};

static const struct stats_in_field normal_best_in[] = {
    STATS_NEED("means", LIST, struct normal_best_in, means),
    STATS_NEED("sds", LIST, struct normal_best_in, sds),
    {0},
};

static enum stats_status run_normal_best(const void *in, void *out, struct arena *arena)
{
    const struct normal_best_in *i = in;
    struct stats_estimate arms[STATS_BEST_ARMS];
    size_t count = i->means.count;
    if (count < 1 || count > STATS_BEST_ARMS || i->sds.count != count)
        return STATS_INVALID;
    for (size_t k = 0; k < count; k++) {
        double sd = i->sds.item[k].value;
        if (!(sd > 0))
            return STATS_INVALID;
        arms[k] = (struct stats_estimate){i->means.item[k].value, sd * sd};
    }
    struct stats_best best = stats_normal_best(arms, (int)count);
    return fill_best(&best, count, out, arena);
}

struct gamma_in {
    struct stats_gamma_prior prior;
    struct stats_count control, treatment;
    double conf;
};

static const struct stats_in_field gamma_in[] = {
    STATS_NEED("prior_shape", POSITIVE, struct gamma_in, prior.shape),
    STATS_NEED("prior_rate", POSITIVE, struct gamma_in, prior.rate),
    STATS_NEED("c1", NOT_NEGATIVE, struct gamma_in, control.events),
    STATS_NEED("e1", NOT_NEGATIVE, struct gamma_in, control.exposure),
    STATS_NEED("c2", NOT_NEGATIVE, struct gamma_in, treatment.events),
    STATS_NEED("e2", NOT_NEGATIVE, struct gamma_in, treatment.exposure),
    STATS_MAY("conf", LEVEL, struct gamma_in, conf, 0.95),
    {0},
};

static const struct stats_out_field gamma_out[] = {
    STATS_SHOW("mean1", NUMBER, struct stats_gamma_poisson, mean1),
    STATS_SHOW("mean2", NUMBER, struct stats_gamma_poisson, mean2),
    STATS_SHOW("p_b_gt_a", NUMBER, struct stats_gamma_poisson, posterior.chance_to_win),
    STATS_SHOW("p_a_gt_b", NUMBER, struct stats_gamma_poisson, posterior.chance_to_lose),
    STATS_SHOW("uplift_ci", INTERVAL, struct stats_gamma_poisson, posterior.uplift_interval),
    STATS_SHOW("expected_loss_choose_a", NUMBER, struct stats_gamma_poisson,
               posterior.loss_choose_control),
    STATS_SHOW("expected_loss_choose_b", NUMBER, struct stats_gamma_poisson,
               posterior.loss_choose_treatment),
    {0},
};

static enum stats_status run_gamma(const void *in, void *out, struct arena *arena)
{
    const struct gamma_in *i = in;
    struct stats_gamma_poisson *o = out;
    (void)arena;
    *o = stats_gamma_poisson(&i->prior, &i->control, &i->treatment, i->conf);
    return o->posterior.status;
}

struct normal_in {
    double diff, se, conf;
    struct stats_number prior_mean, prior_sd, rope;
};

static const struct stats_in_field normal_in[] = {
    STATS_NEED("diff", NUMBER, struct normal_in, diff),
    STATS_NEED("se", NOT_NEGATIVE, struct normal_in, se),
    STATS_MAY("prior_mean", NULLABLE, struct normal_in, prior_mean, 0),
    STATS_MAY("prior_sd", NULLABLE, struct normal_in, prior_sd, 0),
    STATS_MAY("conf", LEVEL, struct normal_in, conf, 0.95),
    STATS_MAY("rope", NULLABLE, struct normal_in, rope, 0),
    {0},
};

static const struct stats_out_field normal_out[] = {
    STATS_SHOW("post_mean", NUMBER, struct stats_normal_posterior, posterior.mean),
    STATS_SHOW("post_sd", NUMBER, struct stats_normal_posterior, posterior.sd),
    STATS_SHOW("ci", INTERVAL, struct stats_normal_posterior, posterior.interval),
    STATS_SHOW("p_gt_0", NUMBER, struct stats_normal_posterior, posterior.chance_to_win),
    STATS_SHOW("p_lt_0", NUMBER, struct stats_normal_posterior, posterior.chance_to_lose),
    STATS_SHOW("log10_p_lt_0", NUMBER, struct stats_normal_posterior, log10_p_lt_0),
    STATS_SHOW("expected_loss_choose_b", NUMBER, struct stats_normal_posterior,
               posterior.loss_choose_treatment),
    STATS_SHOW("expected_loss_choose_a", NUMBER, struct stats_normal_posterior,
               posterior.loss_choose_control),
    STATS_SHOW("weight_of_data", DOUBLE, struct stats_normal_posterior, weight_of_data),
    STATS_SHOW("p_rope", NUMBER, struct stats_normal_posterior, posterior.chance_in_rope),
    STATS_SHOW("p_gt_rope", NUMBER, struct stats_normal_posterior, posterior.chance_above_rope),
    STATS_SHOW("status", STATUS, struct stats_normal_posterior, posterior.status),
    {0},
};

static enum stats_status run_normal(const void *in, void *out, struct arena *arena)
{
    const struct normal_in *i = in;
    struct stats_normal_posterior *o = out;
    struct stats_normal_prior prior = {.mean = i->prior_mean.value,
                                       .sd = i->prior_sd.is_known ? i->prior_sd.value : INFINITY};
    (void)arena;
    *o = stats_normal_posterior(i->diff, i->se, &prior, i->conf,
                                i->rope.is_known ? i->rope.value : 0);
    return o->posterior.status;
}

const struct stats_method stats_methods_bayes[] = {
    {"beta_binomial", beta_in, sizeof(struct beta_in), beta_out, sizeof(struct stats_beta_binomial),
     run_beta, "chance to win, losses and intervals of two rates, exact"},
    {"beta_best_of_k", beta_best_in, sizeof(struct beta_best_in), best_out, sizeof(struct best_out),
     run_beta_best, "which of several rates is the best"},
    {"normal_best_of_k", normal_best_in, sizeof(struct normal_best_in), best_out,
     sizeof(struct best_out), run_normal_best, "which of several means is the best"},
    {"gamma_poisson", gamma_in, sizeof(struct gamma_in), gamma_out,
     sizeof(struct stats_gamma_poisson), run_gamma, "chance to win of two event rates"},
    {"normal_bayes", normal_in, sizeof(struct normal_in), normal_out,
     sizeof(struct stats_normal_posterior), run_normal,
     "posterior of an effect with a normal prior"},
    {0},
};
