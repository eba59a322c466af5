// SPDX-License-Identifier: GPL-3.0-or-later
/* Sample ratio: alarms where the split is as planned, and where it is not. */
#include "scenario.h"

#include <math.h>

enum { VISITORS, SHARE, PLANNED, ARMS = 3 };

#define ALARM 0.001

/* As it is to be read. */
static double p_of(const uint64_t *observed, const double *weights, size_t arms)
{
    struct stats_srm r = stats_srm(observed, weights, arms);
    return stats_srm_p(&r).value;
}

/* SHARE: what treatment truly gets, PLANNED: what was planned. */
static void run_two(const struct scenario *s, void *prepared, struct stream *stream,
                    struct tally *tallies)
{
    uint64_t n = (uint64_t)s->set[VISITORS], b = stream_binomial(stream, n, s->set[SHARE]);
    const uint64_t observed[2] = {n - b, b};
    const double weights[2] = {1 - s->set[PLANNED], s->set[PLANNED]};
    (void)prepared;
    tally_hit(&tallies[0], p_of(observed, weights, 2) < ALARM);
    tally_hit(&tallies[1], stats_srm(observed, weights, 2).p.value < ALARM);
}

static void compute_two(const struct scenario *s, double *ret_exact)
{
    double n = s->set[VISITORS], p = s->set[SHARE], sum = 0, plain = 0;
    const double weights[2] = {1 - s->set[PLANNED], s->set[PLANNED]};
    for (double x = 0; x <= n; x++) {
        const uint64_t observed[2] = {(uint64_t)(n - x), (uint64_t)x};
        double chance = stream_binomial_chance(n, p, x);
        sum += p_of(observed, weights, 2) < ALARM ? 100 * chance : 0;
        plain += stats_srm(observed, weights, 2).p.value < ALARM ? 100 * chance : 0;
    }
    ret_exact[0] = sum;
    ret_exact[1] = plain;
}

/* Two treatments of this SHARE each. */
static void run_three(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    double share = s->set[SHARE];
    const double weights[ARMS] = {1 - 2 * share, share, share};
    uint64_t n = (uint64_t)s->set[VISITORS], both = stream_binomial(stream, n, 2 * share);
    uint64_t second = stream_binomial(stream, both, 0.5);
    const uint64_t observed[ARMS] = {n - both, second, both - second};
    (void)prepared;
    tally_hit(&tallies[0], p_of(observed, weights, ARMS) < ALARM);
    tally_hit(&tallies[1], stats_srm(observed, weights, ARMS).p.value < ALARM);
}

/* After every visitor; concentration 100. The fixed test is read once in a hundred visitors. */
static void run_sequential(const struct scenario *s, void *prepared, struct stream *stream,
                           struct tally *tallies)
{
    const double weights[2] = {1 - s->set[PLANNED], s->set[PLANNED]};
    uint64_t observed[2] = {0, 0};
    bool is_alarm = false, is_fixed = false;
    (void)prepared;
    for (int i = 1; i <= (int)s->set[VISITORS] && !(is_alarm && is_fixed); i++) {
        observed[stream_unit(stream) < s->set[SHARE]]++;
        if (!is_alarm)
            is_alarm = exp(-stats_srm_log_bayes(observed, weights, 2, 100)) <= ALARM;
        if (!is_fixed && i % 100 == 0)
            is_fixed = stats_srm(observed, weights, 2).p.value < ALARM;
    }
    tally_hit(&tallies[0], is_alarm);
    tally_hit(&tallies[1], is_fixed);
}

#define ALARMS(alarm, plain)                                                                       \
    .rows = {{"alarm at 0.001", alarm}, {"alarm of the chi-square alone", plain}}
#define TWO   .run = run_two, .compute = compute_two
#define THREE .run = run_three
#define SEQUENTIAL(promise, often)                                                                 \
    .run = run_sequential, .rows = {                                                               \
                               {"sequential at 0.001, read after every visitor", promise},         \
                               {"chi-square at 0.001, read every 100 visitors", often},            \
    }

static const struct scenario scenarios[] = {
    {"10,000 visitors, half and half",
     1000000,
     {10000, 0.5, 0.5},
     TWO,
     ALARMS(UP_TO(0.1), UP_TO(0.1))},
    {"100,000 visitors, 90 to 10",
     1000000,
     {100000, 0.1, 0.1},
     TWO,
     ALARMS(UP_TO(0.1), UP_TO(0.1))},
    {"400 visitors, 99 to 1",
     1000000,
     {400, 0.01, 0.01},
     TWO,
     ALARMS(UP_TO(0.1), STATED(0.2, 0.35))},
    {"10,000 visitors, 50 to 25 to 25",
     1000000,
     {10000, 0.25},
     THREE,
     ALARMS(UP_TO(0.1), UP_TO(0.1))},
    {"200 visitors, 98 to 1 to 1",
     100000,
     {200, 0.01},
     THREE,
     ALARMS(UP_TO(0.1), STATED(0.3, 0.5))},
    {"5,000 visitors, half and half, one by one",
     20000,
     {5000, 0.5, 0.5},
     SEQUENTIAL(UP_TO(0.1), STATED(1, 1.5))},
    {"5,000 visitors, 90 to 10, one by one",
     20000,
     {5000, 0.1, 0.1},
     SEQUENTIAL(UP_TO(0.1), STATED(1, 1.5))},
    {"100,000 visitors, planned 50 %, in truth 51 %",
     20000,
     {100000, 0.51, 0.5},
     .run = run_two,
     .compute = compute_two,
     .rows = {{"alarm at 0.001", AT_LEAST, 99, 100, PERCENT}}},
};

const struct family calibrate_split = {
    "Sample ratio",
    "No split is off, but in the last row. Where fewer than 5 visitors are expected in an arm the "
    "chi-square distribution\nis too short: the alarm reads the exact p there. The chi-square is "
    "meant to be read once; who reads it again and again\nuses the sequential test.",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
