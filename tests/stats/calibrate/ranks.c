// SPDX-License-Identifier: GPL-3.0-or-later
/* Ranks, permutations, quantiles. */
#include "scenario.h"

#include <math.h>
#include <stdlib.h>

enum { N1, N2, FIRST, SECOND, VALUES = 1000, GROUPS = 40 };

struct sample {
    double arm[2][VALUES];
    struct stats_rank_group groups[2 * VALUES];
};

static void *prepare(const struct scenario *s)
{
    (void)s;
    return calloc(1, sizeof(struct sample));
}

/* Counts per visitor, Poisson of mean FIRST: nearly all are ties. */
static void run_ties(const struct scenario *s, void *prepared, struct stream *stream,
                     struct tally *tallies)
{
    struct stats_rank_group groups[GROUPS] = {{0}};
    (void)prepared;
    for (int k = 0; k < GROUPS; k++)
        groups[k].value = k;
    for (int i = 0; i < (int)s->set[N1]; i++)
        groups[stream_poisson(stream, s->set[FIRST]) % GROUPS].control++;
    for (int i = 0; i < (int)s->set[N2]; i++)
        groups[stream_poisson(stream, s->set[FIRST]) % GROUPS].treatment++;
    struct stats_rank r = stats_rank_test(groups, GROUPS, 0.95);
    tally_hit(&tallies[0], r.p.value < 0.05);
    tally_hit(&tallies[1], r.bm_p.value < 0.05);
}

static void draw_normal(const struct scenario *s, struct stream *stream, struct sample *sample)
{
    for (int arm = 0; arm < 2; arm++)
        for (int i = 0; i < (int)s->set[N1 + arm]; i++)
            sample->arm[arm][i] = s->set[FIRST + arm] * stream_normal(stream);
}

/* FIRST, SECOND: the arms' sd. */
static void run_ranks(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    struct sample *sample = prepared;
    draw_normal(s, stream, sample);
    size_t count = stats_rank_groups(sample->arm[0], (size_t)s->set[N1], sample->arm[1],
                                     (size_t)s->set[N2], sample->groups);
    struct stats_rank r = stats_rank_test(sample->groups, count, 0.95);
    tally_hit(&tallies[0], r.bm_p.value < 0.05);
    tally_hit(&tallies[1], covers(r.interval, 0.5));
    tally_hit(&tallies[2], r.p.value < 0.05);
}

static void run_exact(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    struct sample *sample = prepared;
    size_t n1 = (size_t)s->set[N1], n2 = (size_t)s->set[N2];
    double values[STATS_PERMUTATION_MAX];
    draw_normal(s, stream, sample);
    for (size_t i = 0; i < n1 + n2; i++)
        values[i] = exp(i < n1 ? sample->arm[0][i] : sample->arm[1][i - n1]);
    size_t count = stats_rank_groups(sample->arm[0], n1, sample->arm[1], n2, sample->groups);
    tally_hit(&tallies[0], stats_permutation(values, n1, n2).p <= 0.05);
    tally_hit(&tallies[1], stats_rank_exact(sample->groups, count, 0.95).p <= 0.05);
}

/* Without ties a permutation test's p is uniform on the multiples of 2 / C(10, 5) = 1 / 126: 6 of
 * them up to 0.05. Of U, with 5 a side, 1, 1 and 2 of 252 splits lie at 0, 1 and 2 on either side,
 * 3 more at 3 are too many. */
static void compute_exact(const struct scenario *s, double *ret_exact)
{
    (void)s;
    ret_exact[0] = 100 * 12.0 / 252;
    ret_exact[1] = 100 * 8.0 / 252;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Lognormal of sigma 1 in both arms; FIRST: the quantile. */
static void run_quantile(const struct scenario *s, void *prepared, struct stream *stream,
                         struct tally *tallies)
{
    struct sample *sample = prepared;
    struct stats_quantile q[2];
    for (int arm = 0; arm < 2; arm++) {
        size_t n = (size_t)s->set[N1 + arm];
        for (size_t i = 0; i < n; i++)
            sample->arm[arm][i] = exp(stream_normal(stream));
        qsort(sample->arm[arm], n, sizeof(double), ascending);
        q[arm] = stats_quantile(sample->arm[arm], n, s->set[FIRST], 0.95);
    }
    struct stats_quantile_diff d = stats_quantile_diff(&q[0], &q[1], 0.95);
    double truth = exp(stats_norm_z(1 - s->set[FIRST]));
    tally_hit(&tallies[0], covers(q[0].interval, truth));
    tally_hit(&tallies[1], d.effect.p_two_sided.value < 0.05);
    tally_hit(&tallies[2], covers(d.mover, 0));
}

#define QUANTILE(level, covered)                                                                   \
    .prepare = prepare, .run = run_quantile,                                                       \
    .rows = {                                                                                      \
        {"interval of one arm's quantile covers", AT_LEAST, 95, 100, PERCENT},                     \
        {"difference of quantiles", level},                                                        \
        {"MOVER interval of the difference covers", covered},                                      \
    }

static const struct scenario scenarios[] = {
    {"Poisson counts of mean 2, 100 a side",
     100000,
     {100, 100, 2},
     .run = run_ties,
     .rows =
         {
             {"Mann-Whitney", FIVE},
             {"Brunner-Munzel", FIVE},
         }},
    {"normal, 60 against 40, sd 1 against 3",
     50000,
     {60, 40, 1, 3},
     .prepare = prepare,
     .run = run_ranks,
     .rows =
         {
             {"Brunner-Munzel", STATED(4.9, 5.6)},
             {"Brunner-Munzel's interval covers", STATED(94.4, 95.1)},
             {"Mann-Whitney (its null hypothesis is equal distributions)", STATED(8.8, 9.9)},
         }},
    {"5 a side, lognormal",
     50000,
     {5, 5, 1, 1},
     .prepare = prepare,
     .run = run_exact,
     .compute = compute_exact,
     .rows =
         {
             {"permutation test", UP_TO(5)},
             {"exact rank test", UP_TO(5)},
         }},
    {"median, lognormal, 500 a side",
     20000,
     {500, 500, 0.5},
     QUANTILE(STATED(4.3, 4.8), STATED(96, 96.5))},
    {"90 % quantile, lognormal, 500 a side",
     20000,
     {500, 500, 0.9},
     QUANTILE(STATED(2.3, 2.7), STATED(97.6, 98))},
};

const struct family calibrate_ranks = {
    "Ranks, permutations, quantiles",
    "Mann-Whitney tests whether the distributions are equal; where spreads differ, it is not a "
    "test of "
    "P(treatment >\ncontrol) = 1/2, and Brunner-Munzel is. Ranks that bracket a quantile are "
    "rounded "
    "outwards, so that quantiles are\ncovered somewhat more often than promised.",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
