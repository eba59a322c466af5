// SPDX-License-Identifier: GPL-3.0-or-later
/* Looking again and again: the always-valid test, and what is done instead. */
#include "scenario.h"

#include <math.h>

/* Settings: looks, each arm's new visitors at a look, the metric's parameter, the true effect of
 * treatment, visitors of both arms for whom the interval is tuned. */
enum { LOOKS, N1, N2, PARAMETER, EFFECT, TUNED };

enum { CONVERSIONS_MIN = 5, UNITS_MIN = 100 }; /* no look is taken at less */

/* What the looks so far have come to. */
struct watch {
    struct stats_path path;
    double rho, effect, uplift;
    bool is_valid_called, is_fixed_called, is_chance_called, is_missed, is_uplift_missed;
};

static struct watch watch_start(const struct scenario *s, double baseline)
{
    return (struct watch){.path = stats_path_start(),
                          .rho = stats_asymptotic_rho(s->set[TUNED], 0.05),
                          .effect = s->set[EFFECT],
                          .uplift = s->set[EFFECT] / baseline};
}

static bool misses(struct stats_interval interval, double truth)
{
    return interval.is_known && (interval.lower > truth || interval.upper < truth);
}

static void look(struct watch *w, struct stats_estimate a, struct stats_estimate b, double units)
{
    double se = sqrt(a.variance + b.variance);
    if (!(se > 0))
        return;
    double z = (b.value - a.value) / se, chance = stats_norm_p(z);
    struct stats_always_valid v =
        stats_always_valid_uplift(a, b, 0, w->rho * se * sqrt(units), 0.05);
    w->is_valid_called |= stats_path_add(&w->path, &v, 0.05);
    w->is_missed |= misses(v.interval, w->effect);
    w->is_uplift_missed |= misses(v.uplift_interval, w->uplift);
    w->is_fixed_called |= fabs(z) > stats_norm_critical(0.95);
    w->is_chance_called |= chance >= 0.95 || chance <= 0.05;
}

static void tally_watch(struct tally *tallies, const struct watch *w)
{
    tally_hit(&tallies[0], w->is_valid_called);
    tally_hit(&tallies[1], !w->is_missed);
    tally_hit(&tallies[2], !w->is_uplift_missed);
    tally_hit(&tallies[3], w->is_fixed_called);
    tally_hit(&tallies[4], w->is_chance_called);
}

/* Mean 10, sd PARAMETER. */
static void run_normal(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    const double mean[2] = {10, 10 + s->set[EFFECT]};
    struct stats_running all[2] = {{0}};
    struct watch w = watch_start(s, mean[0]);
    (void)prepared;
    for (int k = 1; k <= (int)s->set[LOOKS]; k++) {
        struct stats_estimate estimate[2];
        for (int i = 0; i < 2; i++) {
            struct stats_running now = {.rest = stream_moments(stream, (uint64_t)s->set[N1 + i],
                                                               mean[i], s->set[PARAMETER])};
            stats_running_merge(&all[i], &now);
            estimate[i] = stats_mean_estimate(&all[i].rest);
        }
        if (all[0].rest.n >= UNITS_MIN && all[1].rest.n >= UNITS_MIN)
            look(&w, estimate[0], estimate[1], (double)(all[0].rest.n + all[1].rest.n));
    }
    tally_watch(tallies, &w);
}

static bool is_enough(const struct stats_prop *arm)
{
    return arm->x >= CONVERSIONS_MIN && arm->n - arm->x >= CONVERSIONS_MIN;
}

/* Control converts at the rate PARAMETER. */
static void run_rates(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    const double rate[2] = {s->set[PARAMETER], s->set[PARAMETER] + s->set[EFFECT]};
    struct stats_prop all[2] = {{0}};
    struct watch w = watch_start(s, rate[0]);
    (void)prepared;
    for (int k = 1; k <= (int)s->set[LOOKS]; k++) {
        for (int i = 0; i < 2; i++) {
            uint64_t n = (uint64_t)s->set[N1 + i];
            all[i].x += stream_binomial(stream, n, rate[i]);
            all[i].n += n;
        }
        if (is_enough(&all[0]) && is_enough(&all[1]))
            look(&w, stats_prop_estimate(&all[0]), stats_prop_estimate(&all[1]),
                 (double)(all[0].n + all[1].n));
    }
    tally_watch(tallies, &w);
}

/* 1 % buy for exp(PARAMETER Z). */
static void run_sales(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    const double share = 0.01, mean = share * exp(s->set[PARAMETER] * s->set[PARAMETER] / 2);
    struct stats_running all[2] = {{0}};
    struct watch w = watch_start(s, mean);
    (void)prepared;
    for (int k = 1; k <= (int)s->set[LOOKS]; k++) {
        struct stats_estimate estimate[2];
        for (int i = 0; i < 2; i++) {
            uint64_t n = (uint64_t)s->set[N1 + i], buyers = stream_binomial(stream, n, share);
            struct stats_running none = {.rest = {.n = n - buyers}};
            for (uint64_t b = 0; b < buyers; b++)
                stats_running_add(&all[i], exp(s->set[PARAMETER] * stream_normal(stream)));
            stats_running_merge(&all[i], &none);
            struct stats_moments m = stats_running_moments(&all[i]);
            estimate[i] = stats_mean_estimate(&m);
        }
        if (all[0].rest.n >= UNITS_MIN && all[1].rest.n >= UNITS_MIN)
            look(&w, estimate[0], estimate[1], (double)(all[0].rest.n + all[1].rest.n));
    }
    tally_watch(tallies, &w);
}

enum { PARTS = 100, SPAN = 8, RANGE_SPAN = 30 };

/* Sharpest at so many times the fixed test's visitors: a scale that stops soonest at them. */
#define BEST_AT 1.15

/*
 * An effect that the fixed test sees with a power of 80 % after a time of 1, looked at a hundred
 * times in each unit of time: the estimate is a Brownian motion over its time.
 */
static void run_power(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    double drift = stats_norm_z(0.025) + stats_norm_z(0.2), sum = 0, called = SPAN;
    double rho = stats_asymptotic_rho(s->set[TUNED], 0.05);
    (void)prepared;
    for (int k = 1; k <= PARTS * SPAN; k++) {
        double t = (double)k / PARTS;
        sum += drift / PARTS + stream_normal(stream) / sqrt(PARTS);
        if (k == PARTS)
            tally_hit(&tallies[0], fabs(sum) > stats_norm_critical(0.95));
        struct stats_always_valid v = stats_mixture(sum / t, 1 / sqrt(t), rho, 0.05);
        if (called == SPAN && v.p.value <= 0.05)
            called = t;
    }
    tally_hit(&tallies[1], called <= 1);
    tally_hit(&tallies[2], called <= 1.25);
    tally_hit(&tallies[3], called <= 1.5);
    tally_hit(&tallies[4], called <= 2);
    tally_value(&tallies[5], called);
}

/*
 * The size is planned for an effect, and the truth is EFFECT times that: visitors until the call,
 * over those of the fixed test that sees the truth with a power of 80 %, by the mixture, by the
 * planned scale alone, and by the one scale that suits the truth.
 */
static void run_range(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    const double drift = stats_norm_z(0.025) + stats_norm_z(0.2), times = s->set[EFFECT];
    const double planned = stats_asymptotic_rho(times * times, 0.05);
    const double best = stats_asymptotic_rho(BEST_AT, 0.05);
    double sum = 0, called[3] = {0};
    (void)prepared;
    for (int k = 1; k <= PARTS * RANGE_SPAN; k++) {
        double t = (double)k / PARTS, se = 1 / sqrt(t);
        sum += drift / PARTS + stream_normal(stream) / sqrt(PARTS);
        const struct stats_always_valid v[3] = {stats_mixture(sum / t, se, planned, 0.05),
                                                stats_msprt(sum / t, se, planned, 0.05),
                                                stats_msprt(sum / t, se, best, 0.05)};
        for (int i = 0; i < 3; i++)
            if (called[i] == 0 && (v[i].p.value <= 0.05 || k == PARTS * RANGE_SPAN))
                called[i] = t;
        if (called[0] > 0 && called[1] > 0 && called[2] > 0)
            break;
    }
    for (int i = 0; i < 3; i++)
        tally_value(&tallies[i], called[i]);
    tally_value(&tallies[3], called[0] - 1.25 * called[2]);
}

#define WATCH(valid, fixed, chance)                                                                \
    .rows = {                                                                                      \
        {"always-valid test calls at some look", valid},                                           \
        {"always-valid interval covers at every look", AT_LEAST, 95, 100, PERCENT},                \
        {"its interval of the uplift covers at every look", AT_LEAST, 95, 100, PERCENT},           \
        {"fixed test, read at every look, calls", fixed},                                          \
        {"chance to win beyond 95 % or below 5 % at some look", chance},                           \
    }
#define POWER                                                                                      \
    .run = run_power,                                                                              \
    .rows = {                                                                                      \
        {"fixed test calls, at its end", WITHIN, 79, 81, PERCENT},                                 \
        {"always-valid test has called by then", STATED(45.8, 47.7)},                              \
        {"by 1.25 times as many visitors", STATED(57.4, 59.4)},                                    \
        {"by 1.5 times as many", STATED(67.6, 69.5)},                                              \
        {"by twice as many", STATED(82.5, 84.3)},                                                  \
        {"visitors until its call, on average, of the fixed test's", KNOWN, 1.2, 1.26, NUMBER},    \
    }
#define RANGE(times, mixture, planned, best)                                                       \
    {                                                                                              \
        "an effect of " #times " times the planned", 20000, {0, 0, 0, 0, times, 0},                \
            .run = run_range, .rows = {                                                            \
                {"visitors until the call, on average, of the fixed test's", KNOWN, mixture,       \
                 NUMBER},                                                                          \
                {"by the planned scale alone", KNOWN, planned, NUMBER},                            \
                {"by the scale that suits it best", KNOWN, best, NUMBER},                          \
                {"less 1.25 times the best scale's", AT_MOST, 0, 0, NUMBER},                       \
            }                                                                                      \
    }
#define FROM_TO(low, high) low, high

static const struct scenario scenarios[] = {
    {"normal, 1,000 looks at 100 more visitors",
     20000,
     {1000, 50, 50, 30, 0, 20000},
     .run = run_normal,
     WATCH(UP_TO(5), STATED(48.5, 54.3), STATED(72.5, 75.6))},
    {"normal, + 10 %, 1,000 looks at 100 more visitors",
     20000,
     {1000, 50, 50, 30, 1, 20000},
     .run = run_normal,
     WATCH(STATED(98.2, 98.8), STATED(99.95, 100), STATED(99.95, 100))},
    {"normal, 14 days, a look each hour at 200 more visitors",
     20000,
     {336, 100, 100, 30, 0, 67200},
     .run = run_normal,
     WATCH(UP_TO(5), STATED(43.3, 48.8), STATED(67.2, 70.9))},
    {"5 %, 1,000 looks at 100 more visitors",
     20000,
     {1000, 50, 50, 0.05, 0, 20000},
     .run = run_rates,
     WATCH(UP_TO(5), STATED(46.2, 52.1), STATED(71.3, 74.5))},
    {"5 % and 5.5 %, 1,000 looks at 100 more visitors",
     20000,
     {1000, 50, 50, 0.05, 0.005, 20000},
     .run = run_rates,
     WATCH(STATED(69.6, 72.2), STATED(98.2, 98.6), STATED(99.45, 99.74))},
    {"0.5 %, 1,000 looks at 100 more visitors",
     20000,
     {1000, 50, 50, 0.005, 0, 20000},
     .run = run_rates,
     WATCH(UP_TO(5), STATED(36, 40.6), STATED(57.2, 62.1))},
    {"1 %, 1,000 looks at 90 and 10 more visitors",
     20000,
     {1000, 90, 10, 0.01, 0, 20000},
     .run = run_rates,
     WATCH(UP_TO(5), STATED(32.7, 36.9), STATED(53.2, 58.5))},
    {"1 %, 1,000 looks at 90 and 10 more visitors, tuned for 2,000",
     20000,
     {1000, 90, 10, 0.01, 0, 2000},
     .run = run_rates,
     WATCH(UP_TO(5), STATED(33, 37.2), STATED(52.7, 58))},
    {"5 %, 14 days, a look each hour at 200 more visitors",
     20000,
     {336, 100, 100, 0.05, 0, 67200},
     .run = run_rates,
     WATCH(UP_TO(5), STATED(41.2, 46.5), STATED(65.4, 69.3))},
    {"1 % buy, lognormal σ = 2, 1,000 looks at 100 more visitors",
     20000,
     {1000, 50, 50, 2, 0, 20000},
     .run = run_sales,
     WATCH(UP_TO(5), STATED(27.1, 30.6), STATED(56, 60.9))},
    {"an effect of 80 % power, tuned for the planned end", 20000, {0, 0, 0, 0, 0, 1}, POWER},
    RANGE(0.5, FROM_TO(1.30, 1.36), FROM_TO(1.14, 1.20), FROM_TO(1.11, 1.17)),
    RANGE(1, FROM_TO(1.19, 1.25), FROM_TO(1.09, 1.15), FROM_TO(1.10, 1.16)),
    RANGE(2, FROM_TO(1.18, 1.24), FROM_TO(1.26, 1.32), FROM_TO(1.10, 1.16)),
    RANGE(4, FROM_TO(1.22, 1.28), FROM_TO(1.79, 1.85), FROM_TO(1.10, 1.17)),
    RANGE(6, FROM_TO(1.26, 1.32), FROM_TO(2.37, 2.43), FROM_TO(1.10, 1.16)),
    RANGE(10, FROM_TO(1.36, 1.42), FROM_TO(3.58, 3.64), FROM_TO(1.10, 1.16)),
};

const struct family calibrate_looks = {
    "Looking again and again",
    "The test statistic is followed through every look. Looks begin at 100 visitors, or 5 "
    "conversions "
    "and 5 others, in\neach arm, as in the product; tau is tuned for 20,000 visitors (67,200 in "
    "the "
    "two weeks of hourly looks). Beside\nthe always-valid test stand the two rules that people use "
    "instead: stop when p < 0.05, and stop when the chance to win\nis at least 95 % or at most 5 "
    "%. "
    "Both call somebody in one to three of four tests without any difference. The price\nof "
    "looking: at the visitors for which the fixed test has 80 % power the always-valid one has 47 "
    "%; "
    "it needs\n1.5 to 2 times as many for 80 %, and 1.23 times as many on average.\n\nThe "
    "always-valid test mixes three scales, so that it is sharp for effects from half to ten "
    "times\nthe planned one: within 1.25 times the visitors of the scale that suits the truth. "
    "Where 5 % was planned and + 30 % is\ntrue, it is 1.14 times; the planned scale alone takes "
    "2.1 times as many.",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
