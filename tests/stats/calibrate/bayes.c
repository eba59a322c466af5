// SPDX-License-Identifier: GPL-3.0-or-later
/* Posteriors, the truth drawn from the prior: then what they say has to come true as often. */
#include "scenario.h"

#include <math.h>

enum { N1, N2, FIRST, SECOND };

/* Claims of a posterior against the truth: rows 0 to 4. */
static void tally_posterior(struct tally *tallies, const struct stats_posterior *p, double control,
                            double treatment)
{
    double diff = treatment - control, chance = p->chance_to_win.value;
    bool is_won = diff > 0;
    tally_hit(&tallies[0], covers(p->interval, diff));
    tally_value(&tallies[1], chance - is_won);
    if (chance >= 0.95 || chance <= 0.05)
        tally_hit(&tallies[2], is_won == (chance >= 0.95));
    tally_value(&tallies[3], p->loss_choose_treatment.value - fmax(0, -diff));
    tally_value(&tallies[4], p->loss_choose_control.value - fmax(0, diff));
}

/* FIRST, SECOND: the prior. */
static void run_rates(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    const struct stats_beta_prior prior = {s->set[FIRST], s->set[SECOND]};
    double p1 = stream_beta(stream, prior.a, prior.b), p2 = stream_beta(stream, prior.a, prior.b);
    struct stats_prop a = stream_prop(stream, (uint64_t)s->set[N1], p1);
    struct stats_prop b = stream_prop(stream, (uint64_t)s->set[N2], p2);
    struct stats_beta_binomial r = stats_beta_binomial(&prior, &a, &b, 0.95, 0);
    (void)prepared;
    tally_posterior(tallies, &r.posterior, p1, p2);
    tally_hit(&tallies[5], covers(r.posterior.uplift_interval, p2 / p1 - 1));
    tally_hit(&tallies[6], covers(r.interval1, p1));
}

/* The true effect has sd 1; FIRST: se of its estimate. */
static void run_normal(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    static const struct stats_normal_prior prior = {0, 1};
    double effect = stream_normal(stream), se = s->set[FIRST];
    struct stats_normal_posterior r =
        stats_normal_posterior(effect + se * stream_normal(stream), se, &prior, 0.95, 0.5);
    (void)prepared;
    tally_posterior(tallies, &r.posterior, 0, effect);
    tally_value(&tallies[5], r.posterior.chance_in_rope.value - (fabs(effect) < 0.5));
}

/* Events over N1 and N2 visitors; FIRST, SECOND: shape and rate of the prior. */
static void run_counts(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    const struct stats_gamma_prior prior = {s->set[FIRST], s->set[SECOND]};
    double rate1 = stream_gamma(stream, prior.shape) / prior.rate;
    double rate2 = stream_gamma(stream, prior.shape) / prior.rate;
    struct stats_count a = {(double)stream_poisson(stream, rate1 * s->set[N1]), s->set[N1]};
    struct stats_count b = {(double)stream_poisson(stream, rate2 * s->set[N2]), s->set[N2]};
    struct stats_posterior p = stats_gamma_poisson(&prior, &a, &b, 0.95).posterior;
    (void)prepared;
    tally_hit(&tallies[0], covers(p.uplift_interval, rate2 / rate1 - 1));
    tally_value(&tallies[1], p.chance_to_win.value - (rate2 > rate1));
    tally_value(&tallies[2], p.loss_choose_treatment.value - fmax(0, rate1 - rate2));
}

enum { ARMS = 4 };

static void tally_best(struct tally *tallies, const struct stats_best *best, const double *truth)
{
    int best_arm = 0, leader = 0, last = 0;
    for (int i = 1; i < ARMS; i++) {
        best_arm = truth[i] > truth[best_arm] ? i : best_arm;
        leader = best->p_best[i] > best->p_best[leader] ? i : leader;
        last = best->p_best[i] < best->p_best[last] ? i : last;
    }
    int above = 0;
    for (int i = 0; i < ARMS; i++)
        above += truth[i] > truth[leader];
    tally_value(&tallies[0], best->p_best[leader] - (leader == best_arm));
    tally_value(&tallies[1], best->p_best[last] - (last == best_arm));
    tally_value(&tallies[2], best->p_top_two[leader] - (above < 2));
    tally_value(&tallies[3], best->expected_loss[leader] - (truth[best_arm] - truth[leader]));
    if (best->p_best[leader] >= 0.95)
        tally_hit(&tallies[4], leader == best_arm);
}

/* N1 visitors in each of four arms. */
static void run_best_rates(const struct scenario *s, void *prepared, struct stream *stream,
                           struct tally *tallies)
{
    const struct stats_beta_prior prior = {s->set[FIRST], s->set[SECOND]};
    struct stats_prop arms[ARMS];
    double truth[ARMS];
    (void)prepared;
    for (int i = 0; i < ARMS; i++) {
        truth[i] = stream_beta(stream, prior.a, prior.b);
        arms[i] = stream_prop(stream, (uint64_t)s->set[N1], truth[i]);
    }
    struct stats_best best = stats_beta_best(&prior, arms, ARMS);
    tally_best(tallies, &best, truth);
}

/* True means of sd 1, estimated with se FIRST, twice that in the last arm. */
static void run_best_means(const struct scenario *s, void *prepared, struct stream *stream,
                           struct tally *tallies)
{
    struct stats_estimate arms[ARMS];
    double truth[ARMS];
    (void)prepared;
    for (int i = 0; i < ARMS; i++) {
        double se = s->set[FIRST] * (i == ARMS - 1 ? 2 : 1), weight = 1 / (1 + se * se);
        truth[i] = stream_normal(stream);
        arms[i].value = weight * (truth[i] + se * stream_normal(stream));
        arms[i].variance = se * se * weight;
    }
    struct stats_best best = stats_normal_best(arms, ARMS);
    tally_best(tallies, &best, truth);
}

/* No difference, Jeffreys' prior: how often is somebody called after a single look? */
static void run_single_look(const struct scenario *s, void *prepared, struct stream *stream,
                            struct tally *tallies)
{
    static const struct stats_beta_prior jeffreys = {0.5, 0.5};
    struct stats_prop a = stream_prop(stream, (uint64_t)s->set[N1], s->set[FIRST]);
    struct stats_prop b = stream_prop(stream, (uint64_t)s->set[N2], s->set[FIRST]);
    const struct stats_prop arms[2] = {a, b};
    double chance = stats_beta_best(&jeffreys, arms, 2).p_best[1];
    (void)prepared;
    tally_hit(&tallies[0], chance >= 0.95 || chance <= 0.05);
}

#define TRUE_CLAIM WITHIN, -0.02, 0.02, STANDARD
#define POSTERIOR(cover)                                                                           \
    {"interval of the difference covers", cover},                                                  \
        {"chance to win less what came true", TRUE_CLAIM},                                         \
        {"calls at 95 % and 5 % that are right", STATED(95, 100)},                                 \
        {"expected loss of treatment less the loss", TRUE_CLAIM},                                  \
    {                                                                                              \
        "expected loss of control less the loss", TRUE_CLAIM                                       \
    }
#define BEST                                                                                       \
    .rows = {                                                                                      \
        {"chance to be best, of the leader, less what came true", TRUE_CLAIM},                     \
        {"chance to be best, of the last, less what came true", TRUE_CLAIM},                       \
        {"chance to be of the best two, of the leader", TRUE_CLAIM},                               \
        {"expected loss of the leader less the loss", TRUE_CLAIM},                                 \
        {"leaders with 95 % or more that are the best", STATED(95, 100)},                          \
    }

static const struct scenario scenarios[] = {
    {"rates from Beta(10, 190), 2,000 a side",
     40000,
     {2000, 2000, 10, 190},
     .run = run_rates,
     .rows = {POSTERIOR(COVERS),
              {"interval of the uplift covers", COVERS},
              {"interval of the control's rate covers", COVERS}}},
    {"rates from Beta(2, 998), 900 against 300",
     40000,
     {900, 300, 2, 998},
     .run = run_rates,
     .rows = {POSTERIOR(COVERS),
              {"interval of the uplift covers", COVERS},
              {"interval of the control's rate covers", COVERS}}},
    {"effects from N(0, 1), se 0.7",
     100000,
     {0, 0, 0.7},
     .run = run_normal,
     .rows = {POSTERIOR(COVERS), {"chance within ± 0.5 less what came true", TRUE_CLAIM}}},
    {"event rates from Gamma(4, 20), 50 against 150 visitors",
     100000,
     {50, 150, 4, 20},
     .run = run_counts,
     .rows =
         {
             {"interval of the uplift covers", COVERS},
             {"chance to win less what came true", TRUE_CLAIM},
             {"expected loss of treatment less the loss", TRUE_CLAIM},
         }},
    {"four rates from Beta(10, 190), 2,000 each",
     40000,
     {2000, 0, 10, 190},
     .run = run_best_rates,
     BEST},
    {"four means from N(0, 1), se 0.5, one of 1.0",
     40000,
     {0, 0, 0.5},
     .run = run_best_means,
     BEST},
    {"no difference, 5 %, 2,000 a side, one look",
     40000,
     {2000, 2000, 0.05},
     .run = run_single_look,
     .rows = {{"chance to win beyond 95 % or below 5 %", STATED(9, 11)}}},
};

const struct family calibrate_bayes = {
    "Posteriors",
    "The truth is drawn from the prior, data from the truth: then posterior statements have to "
    "come "
    "true as often as they\nsay. *less what came true*: mean of the stated chance minus 1 or 0 for "
    "what happened, in standard deviations of one\nrun. The last row is the other reading: without "
    "any difference, one look calls a winner or a loser in one of ten\ntests.",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
