// SPDX-License-Identifier: GPL-3.0-or-later
/* After the test: adaptive allocation, the winner's curse, segments, trends, interactions. */
#include "scenario.h"

#include <math.h>

enum { PERIODS = 10, PERIOD_VISITORS = 400 };
enum { EFFECT, LEAST }; /* treatment's, in sd of a visitor; the least share of an arm */

struct bandit {
    uint64_t arrivals[PERIODS];
    struct stats_adaptive_cell arm[2][PERIODS];
    struct stats_running all[2];
};

/* Thompson sampling of two normal means: the chance that treatment is the better one. */
static double share_of(const struct bandit *b, int period, double least)
{
    if (period == 0)
        return 0.5;
    struct stats_estimate e[2];
    for (int i = 0; i < 2; i++)
        e[i] = stats_mean_estimate(&b->all[i].rest);
    double chance = stats_norm_p((e[1].value - e[0].value) / sqrt(e[0].variance + e[1].variance));
    return least + (1 - 2 * least) * chance;
}

static struct bandit draw_bandit(const struct scenario *s, struct stream *stream)
{
    struct bandit b = {.arrivals = {0}};
    for (int t = 0; t < PERIODS; t++) {
        double share = share_of(&b, t, s->set[LEAST]);
        uint64_t n = stream_binomial(stream, PERIOD_VISITORS, share);
        const uint64_t sizes[2] = {PERIOD_VISITORS - n, n};
        b.arrivals[t] = PERIOD_VISITORS;
        for (int i = 0; i < 2; i++) {
            struct stats_running now = {0};
            if (sizes[i] > 0)
                now.rest = stream_moments(stream, sizes[i], i * s->set[EFFECT], 1);
            b.arm[i][t] = (struct stats_adaptive_cell){i ? share : 1 - share, now.rest};
            stats_running_merge(&b.all[i], &now);
        }
    }
    return b;
}

static void run_bandit(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    struct bandit b = draw_bandit(s, stream);
    struct stats_adaptive r = stats_adaptive(b.arrivals, b.arm[0], b.arm[1], PERIODS, 0.95);
    struct stats_moments control = b.all[0].rest, treatment = b.all[1].rest;
    struct stats_effect plain = stats_welch(&control, &treatment, 0.95);
    double effect = s->set[EFFECT];
    (void)prepared;
    tally_value(&tallies[0], r.control.naive.value);
    tally_value(&tallies[1], r.control.ipw.value);
    tally_value(&tallies[2], r.control.aipw.value);
    tally_value(&tallies[3], r.control.stable.value);
    tally_value(&tallies[4], r.effect.diff.value - effect);
    tally_hit(&tallies[5], covers(r.effect.interval, effect));
    tally_hit(&tallies[6], r.effect.interval.lower > effect);
    tally_hit(&tallies[7], covers(plain.interval, effect));
}

/* EFFECT: in se. Runs that are not significant are left out. */
static void run_curse(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    double truth = s->set[EFFECT], estimate;
    (void)prepared;
    do
        estimate = truth + stream_normal(stream);
    while (fabs(estimate) <= stats_norm_critical(0.95));
    struct stats_selection r = stats_selection(estimate, 1, 0.05, 0.95);
    tally_hit(&tallies[0], r.median_unbiased.value > truth);
    tally_hit(&tallies[1], covers(r.interval, truth));
    tally_hit(&tallies[2], fabs(estimate - truth) <= stats_norm_critical(0.95));
    tally_value(&tallies[3], estimate - truth);
    tally_value(&tallies[4], r.median_unbiased.value - truth);
    tally_value(&tallies[5], r.conditional_mle.value - truth);
}

enum { SEGMENTS = 6, SPREAD = 0 };

/* SPREAD: sd of the segments' true effects about 0.3; their se run from 0.5 to 1. */
static void run_segments(const struct scenario *s, void *prepared, struct stream *stream,
                         struct tally *tallies)
{
    struct stats_estimate segments[SEGMENTS];
    double shrunk[SEGMENTS], truth[SEGMENTS], raw_loss = 0, loss = 0;
    (void)prepared;
    for (int i = 0; i < SEGMENTS; i++) {
        double se = 0.5 + 0.1 * i;
        truth[i] = 0.3 + s->set[SPREAD] * stream_normal(stream);
        segments[i] = (struct stats_estimate){truth[i] + se * stream_normal(stream), se * se};
    }
    struct stats_heterogeneity h = stats_heterogeneity(segments, SEGMENTS, 0.95, shrunk);
    for (int i = 0; i < SEGMENTS; i++) {
        raw_loss += pow(segments[i].value - truth[i], 2);
        loss += pow(shrunk[i] - truth[i], 2);
    }
    tally_hit(&tallies[0], h.p.value < 0.05);
    tally_hit(&tallies[1], covers(h.fixed_interval, 0.3));
    tally_hit(&tallies[2], covers(h.random_interval, 0.3));
    tally_hit(&tallies[3], loss < raw_loss);
}

enum { DAYS = 14, SLOPE = 0 };

static void run_trend(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    struct stats_trend_day days[DAYS];
    (void)prepared;
    for (int i = 0; i < DAYS; i++) {
        double se = 1 + 0.2 * i, effect = 1 + s->set[SLOPE] * i;
        days[i] = (struct stats_trend_day){i, {effect + se * stream_normal(stream), se * se}};
    }
    struct stats_trend t = stats_trend(days, DAYS, 0.95);
    double last = 1 + s->set[SLOPE] * (DAYS - 1);
    tally_hit(&tallies[0], t.p_two_sided.value < 0.05);
    tally_hit(&tallies[1], covers(t.slope_interval, s->set[SLOPE]));
    tally_hit(&tallies[2], covers(t.last_interval, last));
    tally_hit(&tallies[3], t.fit_p.value < 0.05);
}

enum { CELL_N };

static void run_interaction(const struct scenario *s, void *prepared, struct stream *stream,
                            struct tally *tallies)
{
    struct stats_interaction_cell cells[2][2];
    (void)prepared;
    for (int i = 0; i < 4; i++) {
        struct stats_moments m =
            stream_moments(stream, (uint64_t)s->set[CELL_N] * (uint64_t)(i + 1),
                           1 + 0.2 * (i / 2) + 0.1 * (i % 2), 1 + i);
        cells[i / 2][i % 2] = (struct stats_interaction_cell){m.n, stats_mean_estimate(&m)};
    }
    struct stats_interaction r = stats_interaction(cells, 0.95);
    tally_hit(&tallies[0], r.p_two_sided.value < 0.05);
    tally_hit(&tallies[1], covers(r.interval, 0));
    tally_hit(&tallies[2], covers(r.with_b.interval, 0.2));
}

#define UNBIASED WITHIN, -0.02, 0.02, STANDARD
#define BANDIT(welch)                                                                              \
    .run = run_bandit, .rows = {                                                                   \
                           {"error of control's plain mean", KNOWN, -0.32, -0.22, STANDARD},       \
                           {"error of control's inverse-propensity mean", UNBIASED},               \
                           {"error of control's AIPW mean", UNBIASED},                             \
                           {"error of control's stabilised mean", KNOWN, -0.2, -0.08, STANDARD},   \
                           {"error of the stabilised difference", KNOWN, -0.02, 0.15, STANDARD},   \
                           {"stabilised interval of the difference covers", COVERS},               \
                           {"stabilised interval lies above the truth", HALF},                     \
                           {"Welch's interval of the difference covers", welch},                   \
    }
#define CURSE(covered, plain, unbiased, likeliest)                                                 \
    .run = run_curse,                                                                              \
    .rows = {                                                                                      \
        {"median-unbiased estimate above the truth", WITHIN, 49.5, 50.5, PERCENT},                 \
        {"conditional interval covers", COVERS},                                                   \
        {"plain interval covers", covered},                                                        \
        {"plain estimate less truth, in se", KNOWN, plain - 0.03, plain + 0.03, NUMBER},           \
        {"median-unbiased estimate less truth, in se", KNOWN, unbiased - 0.04, unbiased + 0.04,    \
         NUMBER},                                                                                  \
        {"conditional maximum likelihood less truth, in se", KNOWN, likeliest - 0.04,              \
         likeliest + 0.04, NUMBER},                                                                \
    }

static const struct scenario scenarios[] = {
    {"Thompson sampling, 10 periods of 400, no effect",
     50000,
     {0, 0.05},
     BANDIT(STATED(92.4, 93.2))},
    {"Thompson sampling, 10 periods of 400, effect 0.1 sd",
     50000,
     {0.1, 0.05},
     BANDIT(STATED(94.8, 95.6))},
    {"significant effects, truth 0.5 se", 50000, {0.5}, CURSE(STATED(58.5, 60.5), 1.49, 0.4, 0.44)},
    {"significant effects, truth 2 se", 50000, {2}, CURSE(STATED(94.8, 95.6), 0.77, -0.11, -0.17)},
    {"6 segments, all alike",
     100000,
     {0},
     .run = run_segments,
     .rows =
         {
             {"heterogeneity test", FIVE},
             {"fixed-effect interval covers", COVERS},
             {"random-effects interval covers", STATED(95.8, 96.7)},
             {"shrunken segments closer to the truth", AT_LEAST, 99, 100, PERCENT},
         }},
    {"6 segments, their effects with sd 0.5",
     100000,
     {0.5},
     .run = run_segments,
     .rows =
         {
             {"heterogeneity test", STATED(18.5, 20.2)},
             {"fixed-effect interval covers the mean", STATED(86.6, 88)},
             {"random-effects interval covers the mean", STATED(92.2, 93.4)},
             {"shrunken segments closer to the truth", AT_LEAST, 85, 100, PERCENT},
         }},
    {"14 days, no trend",
     100000,
     {0},
     .run = run_trend,
     .rows =
         {
             {"novelty: slope test", FIVE},
             {"interval of the slope covers", COVERS},
             {"interval of the last day's effect covers", COVERS},
             {"alarm that a line does not fit", FIVE},
         }},
    {"14 days, the effect falls by 0.1 a day",
     100000,
     {-0.1},
     .run = run_trend,
     .rows =
         {
             {"novelty: slope test", STATED(10.6, 11.8)},
             {"interval of the slope covers", COVERS},
             {"interval of the last day's effect covers", COVERS},
             {"alarm that a line does not fit", FIVE},
         }},
    {"2 × 2 cells of 50 to 200, sd 1 to 4",
     100000,
     {50},
     .run = run_interaction,
     .rows =
         {
             {"interaction test", FIVE},
             {"its interval covers", COVERS},
             {"interval of A's effect beside B covers", COVERS},
         }},
};

const struct family calibrate_after = {
    "After the test",
    "Thompson sampling gives most visitors to the arm that leads; an arm that had bad luck early "
    "stays "
    "small, and its plain\nmean too low. The inverse-propensity and AIPW means are unbiased; the "
    "stabilised one gives up a little of that for a\nnearly normal distribution, whose interval "
    "covers. *Winner's curse*: only significant estimates are kept.",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
