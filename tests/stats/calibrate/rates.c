// SPDX-License-Identifier: GPL-3.0-or-later
/* Conversion rates: outcomes can be listed, so every figure is also computed exactly. */
#include "scenario.h"

#include <math.h>
#include <string.h>

enum { N1, N2, P1, P2 }; /* settings: visitors and rates of the arms */

/* Which rows come true for these two arms. */
typedef void judge_fn(const struct scenario *s, const struct stats_prop *a,
                      const struct stats_prop *b, bool *ret_hits);

enum { CHANCES = 4000 };

/* P(X = from + i); returns how many outcomes are likelier than 1e-13. */
static int outcomes(double n, double p, uint64_t *ret_from, double *ret_chance)
{
    double mean = n * p, sd = sqrt(n * p * (1 - p));
    uint64_t from = (uint64_t)fmax(0, floor(mean - 8 * sd));
    uint64_t to = (uint64_t)fmin(n, ceil(mean + 8 * sd + 25));
    int count = 0;
    for (uint64_t k = from; k <= to && count < CHANCES; k++)
        ret_chance[count++] = stream_binomial_chance(n, p, (double)k);
    *ret_from = from;
    return count;
}

static void add_up(const struct scenario *s, judge_fn *judge, double *ret_exact)
{
    double chance1[CHANCES], chance2[CHANCES];
    uint64_t from1, from2;
    int count1 = outcomes(s->set[N1], s->set[P1], &from1, chance1);
    int count2 = outcomes(s->set[N2], s->set[P2], &from2, chance2);
    for (int r = 0; r < ROWS; r++)
        ret_exact[r] = 0;
    for (int i = 0; i < count1 * count2; i++) {
        double chance = chance1[i / count2] * chance2[i % count2];
        bool hits[ROWS] = {false};
        if (chance < 1e-11)
            continue;
        struct stats_prop a = {from1 + (uint64_t)(i / count2), (uint64_t)s->set[N1]};
        struct stats_prop b = {from2 + (uint64_t)(i % count2), (uint64_t)s->set[N2]};
        judge(s, &a, &b, hits);
        for (int r = 0; r < ROWS; r++)
            ret_exact[r] += hits[r] ? 100 * chance : 0;
    }
}

static void draw_and_judge(const struct scenario *s, judge_fn *judge, struct stream *stream,
                           struct tally *tallies)
{
    bool hits[ROWS] = {false};
    struct stats_prop a = stream_prop(stream, (uint64_t)s->set[N1], s->set[P1]);
    struct stats_prop b = stream_prop(stream, (uint64_t)s->set[N2], s->set[P2]);
    judge(s, &a, &b, hits);
    for (int r = 0; r < ROWS && s->rows[r].promise; r++)
        tally_hit(&tallies[r], hits[r]);
}

static void judge_tests(const struct scenario *s, const struct stats_prop *a,
                        const struct stats_prop *b, bool *ret_hits)
{
    struct stats_prop_diff score = stats_prop_diff(a, b, 0.95);
    struct stats_effect scas = stats_prop_scas(a, b, 0.95);
    struct stats_fisher fisher = stats_fisher(a, b);
    struct stats_interval delta = stats_uplift_delta(stats_prop_estimate(a), stats_prop_estimate(b),
                                                     stats_norm_critical(0.95));
    bool is_score = score.effect.p_two_sided.value<0.05, is_up = score.effect.diff.value> 0;
    bool is_scas = scas.p_two_sided.value < 0.05;
    const bool hits[] = {is_score,
                         is_score && is_up,
                         is_score && !is_up,
                         is_scas && is_up,
                         is_scas && !is_up,
                         fisher.p.value < 0.05,
                         fisher.mid_p.value < 0.05,
                         delta.is_known && delta.lower > 0,
                         delta.is_known && delta.upper < 0};
    (void)s;
    memcpy(ret_hits, hits, sizeof(hits));
}

static void run_tests(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    (void)prepared;
    draw_and_judge(s, judge_tests, stream, tallies);
}

static void compute_tests(const struct scenario *s, double *ret_exact)
{
    add_up(s, judge_tests, ret_exact);
}

/* The four tests at their margin; the null hypothesis is true, just. */
static void judge_margin(const struct scenario *s, const struct stats_prop *a,
                         const struct stats_prop *b, bool *ret_hits)
{
    double margin = s->set[P1] - s->set[P2];
    ret_hits[0] = stats_noninferiority_diff(a, b, margin).p < 0.05;
    ret_hits[1] = stats_noninferiority_ratio(a, b, margin / s->set[P1]).p < 0.05;
    /* Equivalence: the mirrored test too. */
    ret_hits[2] = ret_hits[0] && stats_noninferiority_diff(b, a, margin).p < 0.05;
}

static void run_margin(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    (void)prepared;
    draw_and_judge(s, judge_margin, stream, tallies);
}

static void compute_margin(const struct scenario *s, double *ret_exact)
{
    add_up(s, judge_margin, ret_exact);
}

static void judge_intervals(const struct scenario *s, const struct stats_prop *a,
                            const struct stats_prop *b, bool *ret_hits)
{
    double diff = s->set[P2] - s->set[P1], uplift = s->set[P2] / s->set[P1] - 1;
    struct stats_prop_diff score = stats_prop_diff(a, b, 0.95);
    struct stats_effect scas = stats_prop_scas(a, b, 0.95);
    struct stats_interval delta = stats_uplift_delta(stats_prop_estimate(a), stats_prop_estimate(b),
                                                     stats_norm_critical(0.95));
    ret_hits[0] = covers(score.effect.interval, diff);
    ret_hits[1] = covers(score.effect.uplift_interval, uplift);
    ret_hits[2] = covers(scas.interval, diff);
    ret_hits[3] = covers(scas.uplift_interval, uplift);
    ret_hits[4] = covers(stats_prop_newcombe(a, b, 0.95, false), diff);
    ret_hits[5] = covers(score.wald, diff);
    ret_hits[6] = covers(delta, uplift);
    ret_hits[7] = covers(stats_wilson(a, 0.95), s->set[P1]);
}

static void run_intervals(const struct scenario *s, void *prepared, struct stream *stream,
                          struct tally *tallies)
{
    (void)prepared;
    draw_and_judge(s, judge_intervals, stream, tallies);
}

static void compute_intervals(const struct scenario *s, double *ret_exact)
{
    add_up(s, judge_intervals, ret_exact);
}

#define TESTS(level, level_up, level_down, scas_up, scas_down, fisher, mid, delta_up, delta_down)  \
    .run = run_tests, .compute = compute_tests,                                                    \
    .rows = {                                                                                      \
        {"score test", level},                                                                     \
        {"score test, up", level_up},                                                              \
        {"score test, down", level_down},                                                          \
        {"SCAS, up", scas_up},                                                                     \
        {"SCAS, down", scas_down},                                                                 \
        {"Fisher's test", fisher},                                                                 \
        {"Fisher's test, mid-p", mid},                                                             \
        {"delta method's uplift, up", delta_up},                                                   \
        {"delta method's uplift, down", delta_down},                                               \
    }

static const struct scenario scenarios[] = {
    {"5 %, 2,000 a side",
     100000,
     {2000, 2000, 0.05, 0.05},
     TESTS(FIVE, HALF, HALF, HALF, HALF, STATED(4, 4.5), FIVE, STATED(0.9, 1.3), STATED(3.9, 4.4))},
    {"0.1 %, 5,000 a side",
     100000,
     {5000, 5000, 0.001, 0.001},
     TESTS(STATED(4.1, 4.6), STATED(2, 2.4), STATED(2, 2.4), STATED(2, 2.4), STATED(2, 2.4),
           STATED(2, 2.4), STATED(3.9, 4.3), STATED(0, 0.05), STATED(9.2, 10.4))},
    {"0.1 %, 50,000 a side",
     100000,
     {50000, 50000, 0.001, 0.001},
     TESTS(FIVE, HALF, HALF, HALF, HALF, STATED(3.7, 4.2), FIVE, STATED(0.34, 0.71),
           STATED(4.6, 5.2))},
    {"0.1 %, 200,000 a side",
     100000,
     {200000, 200000, 0.001, 0.001},
     TESTS(FIVE, HALF, HALF, HALF, HALF, STATED(4.2, 4.7), FIVE, STATED(1.2, 1.6),
           STATED(3.4, 3.9))},
    {"0.1 %, 90,000 against 10,000",
     100000,
     {90000, 10000, 0.001, 0.001},
     TESTS(STATED(4.5, 5.1), STATED(2.9, 3.3), STATED(1.4, 1.8), STATED(2.3, 2.7), STATED(2.2, 2.6),
           STATED(3.9, 4.4), STATED(4.7, 5.2), STATED(0.35, 0.73), STATED(6.3, 7.1))},
    {"3 % and 3.6 %, 2,000 a side",
     100000,
     {2000, 2000, 0.03, 0.036},
     .run = run_intervals,
     .compute = compute_intervals,
     .rows =
         {
             {"score interval of the difference covers", COVERS},
             {"score interval of the uplift covers", COVERS},
             {"SCAS interval of the difference covers", COVERS},
             {"SCAS interval of the uplift covers", COVERS},
             {"Newcombe's interval of the difference covers", COVERS},
             {"Wald's interval of the difference covers", STATED(94.7, 95.3)},
             {"delta method's interval of the uplift covers", STATED(94.6, 95.2)},
             {"Wilson's interval of the control's rate covers", STATED(94, 94.6)},
         }},
    {"0.1 % and 0.15 %, 5,000 a side",
     100000,
     {5000, 5000, 0.001, 0.0015},
     .run = run_intervals,
     .compute = compute_intervals,
     .rows =
         {
             {"score interval of the difference covers", STATED(95.2, 95.8)},
             {"score interval of the uplift covers", STATED(95.1, 95.6)},
             {"SCAS interval of the difference covers", STATED(95.2, 95.7)},
             {"SCAS interval of the uplift covers", STATED(94.9, 95.5)},
             {"Newcombe's interval of the difference covers", STATED(96.1, 96.6)},
             {"Wald's interval of the difference covers", STATED(94.7, 95.3)},
             {"delta method's interval of the uplift covers", STATED(90.2, 91.3)},
             {"Wilson's interval of the control's rate covers", STATED(95.9, 96.4)},
         }},
    {"10 % and 9 %, 5,000 a side, margin 1 point (10 %)",
     100000,
     {5000, 5000, 0.1, 0.09},
     .run = run_margin,
     .compute = compute_margin,
     .rows =
         {
             {"non-inferiority of the difference at its margin", FIVE},
             {"non-inferiority of the ratio at its margin", FIVE},
             {"equivalence at its margin", STATED(0.9, 1.3)},
         }},
};

const struct family calibrate_rates = {
    "Conversion rates",
    "Both arms draw binomial counts with one rate, or with the rates given. Where few convert, "
    "counts are coarse: at\n0.1 % and 5,000 a side the score test rejects 4.34 %, and no test of "
    "these counts can come to 5 % exactly. It is\neven on both sides for arms of equal size; for "
    "90 to 10 it leans (3.1 and 1.6 %), and the skewness-corrected score\n(SCAS) does not. "
    "Fisher's test pays for its guarantee with half its level; its mid-p does not. The delta "
    "method's\nuplift, shown by many, never sees a winner among rare conversions and calls twice "
    "as many losers as it should.",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
