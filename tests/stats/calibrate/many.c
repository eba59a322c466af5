// SPDX-License-Identifier: GPL-3.0-or-later
/* Many tests at once. */
#include "scenario.h"

#include <math.h>

/* Settings: tests, how many of them have no effect (the last ones), the others' mean z. */
enum { TESTS, NULLS, SHIFT };

enum { TESTS_MAX = 32 };

struct tests {
    double z[TESTS_MAX];
    struct stats_number p[TESTS_MAX];
};

static struct tests draw(const struct scenario *s, struct stream *stream)
{
    struct tests t;
    for (int i = 0; i < (int)s->set[TESTS]; i++) {
        t.z[i] = stream_normal(stream) + (i < s->set[TESTS] - s->set[NULLS] ? s->set[SHIFT] : 0);
        t.p[i] = stats_known(2 * stats_norm_q(fabs(t.z[i])));
    }
    return t;
}

/* Of the rejections at 5 %: any where there is no effect; and their share of all. */
static bool is_false_alarm(const struct scenario *s, const struct stats_number *adjusted,
                           double *ret_share)
{
    int all = 0, wrong = 0;
    for (int i = 0; i < (int)s->set[TESTS]; i++) {
        bool is_called = adjusted[i].value <= 0.05;
        all += is_called;
        wrong += is_called && i >= s->set[TESTS] - s->set[NULLS];
    }
    *ret_share = all ? 100.0 * wrong / all : 0;
    return wrong > 0;
}

static bool adjust(const struct scenario *s, const struct tests *t, enum stats_adjustment method,
                   double *ret_share)
{
    struct stats_number adjusted[TESTS_MAX];
    size_t order[TESTS_MAX];
    stats_adjust(method, t->p, (size_t)s->set[TESTS], order, adjusted);
    return is_false_alarm(s, adjusted, ret_share);
}

static void run_family(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    struct tests t = draw(s, stream);
    struct stats_number adjusted[TESTS_MAX];
    size_t count = (size_t)s->set[TESTS];
    double share;
    (void)prepared;
    tally_hit(&tallies[0], is_false_alarm(s, t.p, &share));
    tally_hit(&tallies[1], adjust(s, &t, STATS_HOLM, &share));
    tally_hit(&tallies[2], adjust(s, &t, STATS_HOCHBERG, &share));
    stats_closed(STATS_LOCAL_SIMES, t.p, count, adjusted);
    tally_hit(&tallies[3], is_false_alarm(s, adjusted, &share));
}

/* Whether the intervals of those that Benjamini-Hochberg selects hold the true mean of z. */
static double missed(const struct scenario *s, const struct tests *t)
{
    struct stats_number adjusted[TESTS_MAX];
    size_t order[TESTS_MAX], count = (size_t)s->set[TESTS], selected = 0;
    int wrong = 0;
    stats_adjust(STATS_BH, t->p, count, order, adjusted);
    for (size_t i = 0; i < count; i++)
        selected += adjusted[i].value <= 0.05;
    if (selected == 0)
        return 0;
    double half = stats_norm_critical(stats_fcr_conf(0.05, selected, count));
    for (size_t i = 0; i < count; i++) {
        double truth = (double)i < s->set[TESTS] - s->set[NULLS] ? s->set[SHIFT] : 0;
        wrong += adjusted[i].value <= 0.05 && fabs(t->z[i] - truth) > half;
    }
    return 100.0 * wrong / (double)selected;
}

static void run_discoveries(const struct scenario *s, void *prepared, struct stream *stream,
                            struct tally *tallies)
{
    struct tests t = draw(s, stream);
    double share;
    (void)prepared;
    is_false_alarm(s, t.p, &share);
    tally_value(&tallies[0], share);
    adjust(s, &t, STATS_BH, &share);
    tally_value(&tallies[1], share);
    adjust(s, &t, STATS_BY, &share);
    tally_value(&tallies[2], share);
    tally_value(&tallies[3], missed(s, &t));
}

#define FAMILY(unadjusted, holm, other)                                                            \
    .run = run_family, .rows = {                                                                   \
                           {"any false alarm, unadjusted", unadjusted},                            \
                           {"any false alarm, Holm", holm},                                        \
                           {"any false alarm, Hochberg", other},                                   \
                           {"any false alarm, closed by Simes", other},                            \
    }
#define DISCOVERIES(low, high)                                                                     \
    .run = run_discoveries,                                                                        \
    .rows = {                                                                                      \
        {"false among all found, per cent, unadjusted", KNOWN, low, high, NUMBER},                 \
        {"false among all found, per cent, Benjamini-Hochberg", WITHIN, 3.45, 4.05, NUMBER},       \
        {"false among all found, per cent, Benjamini-Yekutieli", AT_MOST, 0, 5, NUMBER},           \
        {"intervals of the found that miss, per cent", AT_MOST, 0, 5, NUMBER},                     \
    }
static const struct scenario scenarios[] = {
    {"5 tests without any effect", 100000, {5, 5}, FAMILY(STATED(22, 23.2), UP_TO(5), UP_TO(5))},
    {"6 tests, the first 3 with effects of 4 se",
     100000,
     {6, 3, 4},
     FAMILY(STATED(13.8, 14.7), UP_TO(5), UP_TO(5))},
    {"20 tests, 5 with effects of 3 se", 100000, {20, 15, 3}, DISCOVERIES(12.8, 13.5)},
};

const struct family calibrate_many = {
    "Many tests at once",
    "Family-wise error of the corrections for goals, and false discoveries of those for secondary "
    "metrics\n(Benjamini-Hochberg: 5 % times the share of tests without effect).",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
