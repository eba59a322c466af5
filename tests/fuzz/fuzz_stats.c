// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_stats.h"

#include <float.h>
#include <math.h>
#include <string.h>

uint8_t feed_byte(struct feed *feed)
{
    if (feed->left == 0)
        return 0;
    feed->left--;
    return *feed->at++;
}

static uint64_t feed_bits(struct feed *feed, int bytes)
{
    uint64_t bits = 0;
    for (int i = 0; i < bytes; i++)
        bits = bits << 8 | feed_byte(feed);
    return bits;
}

size_t feed_index(struct feed *feed, size_t limit)
{
    return feed_byte(feed) % limit;
}

bool feed_flag(struct feed *feed)
{
    return feed_byte(feed) & 1;
}

static const double special[] = {
    0,         -0.0, 1,   -1,   NAN,    INFINITY, -INFINITY, DBL_MIN, DBL_TRUE_MIN, DBL_MAX,
    -DBL_MAX,  0.5,  0.1, 0.95, 1e-300, 1e300,    -1e300,    1e150,   1e-150,       DBL_EPSILON,
    1 + 1e-15, 2,    3,   1e9,  1e15,   0x1p53,   1e-9,      1e-17,   38,           650,
};

double feed_double(struct feed *feed)
{
    enum { SPECIALS = sizeof(special) / sizeof(special[0]) };
    uint8_t kind = feed_byte(feed);
    if (kind < SPECIALS)
        return special[kind];
    if (kind < 96)
        return (int8_t)feed_byte(feed);
    if (kind < 176)
        return (double)(int16_t)feed_bits(feed, 2) / 256;
    if (kind < 224) {
        double digits = (double)(int16_t)feed_bits(feed, 2);
        return digits * pow(10, (int8_t)feed_byte(feed) / 4);
    }
    uint64_t bits = feed_bits(feed, 8);
    double raw;
    memcpy(&raw, &bits, sizeof(raw));
    return raw;
}

double feed_level(struct feed *feed)
{
    uint8_t kind = feed_byte(feed);
    if (kind < 100)
        return 0.95;
    if (kind < 200)
        return (kind - 100 + 0.5) / 100;
    if (kind < 240)
        return ((double)feed_bits(feed, 4) + 0.5) * 0x1p-32;
    return feed_double(feed);
}

uint64_t feed_count(struct feed *feed)
{
    uint8_t kind = feed_byte(feed);
    if (kind < 96)
        return feed_byte(feed);
    if (kind < 160)
        return feed_bits(feed, 2);
    if (kind < 224)
        return feed_bits(feed, 4) % 1000000001;
    return feed_bits(feed, 8);
}

struct stats_prop feed_prop(struct feed *feed)
{
    struct stats_prop arm = {.n = feed_count(feed)};
    uint8_t kind = feed_byte(feed);
    arm.x = feed_count(feed);
    if (kind < 240 && arm.n < UINT64_MAX)
        arm.x %= arm.n + 1;
    return arm;
}

struct stats_estimate feed_estimate(struct feed *feed)
{
    struct stats_estimate e = {.value = feed_double(feed)};
    e.variance = feed_double(feed);
    if (feed_byte(feed) < 200)
        e.variance = fabs(e.variance);
    return e;
}

struct stats_moments feed_moments(struct feed *feed)
{
    struct stats_moments m = {.n = feed_count(feed)};
    struct stats_estimate e = feed_estimate(feed);
    m.mean = e.value;
    m.m2 = e.variance;
    m.m3 = feed_double(feed);
    return m;
}

struct stats_comoments feed_comoments(struct feed *feed)
{
    struct stats_comoments m = {.n = feed_count(feed)};
    struct stats_estimate x = feed_estimate(feed), y = feed_estimate(feed);
    m.mean_x = x.value;
    m.m2_x = x.variance;
    m.mean_y = y.value;
    m.m2_y = y.variance;
    /* Mostly a correlation that can be. */
    m.c_xy =
        feed_byte(feed) < 200 ? sqrt(m.m2_x) * sqrt(m.m2_y) * feed_level(feed) : feed_double(feed);
    return m;
}

void check_number(struct stats_number number)
{
    must(number.is_known ? isfinite(number.value) : number.value == 0);
}

void check_interval(struct stats_interval interval)
{
    if (interval.is_known) /* limits of a level near 0 meet, but for rounding */
        must(interval.lower - interval.upper <=
             1e-9 * (fabs(interval.lower) + fabs(interval.upper)));
    else
        must(interval.lower == 0 && interval.upper == 0);
}

void check_not_nan(double value)
{
    must(!isnan(value));
}

void check_p(struct stats_number p, struct stats_number log10_p)
{
    check_number(p);
    check_number(log10_p);
    must(p.value >= 0 && p.value <= 1);
    must(log10_p.value <= 0);
    if (p.is_known && p.value > 1e-290) {
        must(log10_p.is_known);
        must(fabs(log10(p.value) - log10_p.value) <= 1e-9 * (1 - log10_p.value));
    }
}

static bool has_test(enum stats_status status)
{
    return status == STATS_OK || status == STATS_BASELINE_ZERO || status == STATS_FIELLER_UNBOUNDED;
}

/* p < alpha exactly where the interval excludes 0, but for rounding at the edge. */
static void check_verdict(const struct stats_effect *e, struct stats_interval interval)
{
    double alpha = 1 - e->conf, p = e->p_two_sided.value;
    double width = interval.upper - interval.lower;
    double edge = fmin(fabs(interval.lower), fabs(interval.upper));
    if (!interval.is_known || fabs(p - alpha) < 1e-6 * alpha || alpha < 1e-12 ||
        edge <= 1e-9 * width)
        return;
    must((interval.lower > 0 || interval.upper < 0) == (p < alpha));
}

void check_test(const struct stats_effect *e)
{
    check_number(e->control);
    check_number(e->treatment);
    check_number(e->diff);
    check_number(e->se);
    check_interval(e->interval);
    check_number(e->uplift);
    check_interval(e->uplift_interval);
    check_number(e->statistic);
    check_number(e->df);
    check_p(e->p_two_sided, e->log10_p);
    if (!has_test(e->status))
        return;
    must(e->control.is_known && e->treatment.is_known && e->diff.is_known && e->se.is_known);
    must(e->interval.is_known && e->statistic.is_known && e->p_two_sided.is_known);
    must(e->se.value >= 0);
    check_verdict(e, e->interval);
    check_verdict(e, e->uplift_interval);
}

void check_effect(const struct stats_effect *e)
{
    check_test(e);
    if (!has_test(e->status))
        return;
    double room = 1e-6 * (fabs(e->diff.value) + e->se.value);
    must(e->interval.lower <= e->diff.value + room && e->interval.upper >= e->diff.value - room);
}

static void check_chance(struct stats_number chance)
{
    check_number(chance);
    must(chance.value >= 0 && chance.value <= 1 + 1e-9);
}

void check_posterior(const struct stats_posterior *p)
{
    check_number(p->mean);
    check_number(p->sd);
    check_chance(p->chance_to_win);
    check_chance(p->chance_to_lose);
    check_number(p->loss_choose_treatment);
    check_number(p->loss_choose_control);
    must(p->loss_choose_treatment.value >= 0 && p->loss_choose_control.value >= 0);
    check_interval(p->interval);
    check_interval(p->uplift_interval);
    check_chance(p->chance_in_rope);
    check_chance(p->chance_above_rope);
    if (!has_test(p->status))
        return;
    must(p->mean.is_known && p->sd.is_known && p->chance_to_win.is_known);
    must(p->loss_choose_treatment.is_known && p->loss_choose_control.is_known);
    must(fabs(p->chance_to_win.value + p->chance_to_lose.value - 1) < 1e-8);
}

void fuzz_dispatch(const fuzz_call *calls, size_t count, const uint8_t *data, size_t size)
{
    struct feed feed = {data, size};
    stats_init();
    calls[feed_index(&feed, count)](&feed);
}
