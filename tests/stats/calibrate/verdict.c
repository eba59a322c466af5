// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario.h"

#include <math.h>
#include <stdio.h>

#define SHOWN 0.95
#define FULL  0.9999
#define QUICK (1 - 2e-7)

void tally_hit(struct tally *tally, bool is_hit)
{
    tally->n++;
    tally->hits += is_hit;
}

void tally_value(struct tally *tally, double value)
{
    tally->n++;
    stats_running_add(&tally->values, value);
}

void tally_sides(struct tally *tallies, const struct stats_effect *e)
{
    bool is_called = e->p_two_sided.is_known && e->p_two_sided.value < 0.05;
    tally_hit(&tallies[0], is_called);
    tally_hit(&tallies[1], is_called && e->diff.value > 0);
    tally_hit(&tallies[2], is_called && e->diff.value < 0);
}

bool covers(struct stats_interval interval, double truth)
{
    return interval.is_known && interval.lower <= truth && truth <= interval.upper;
}

static struct stats_interval interval_of(enum unit unit, const struct tally *t, double conf,
                                         double *ret_measured)
{
    if (unit == PERCENT) {
        struct stats_prop_single s = stats_prop_single(&(struct stats_prop){t->hits, t->n}, conf);
        *ret_measured = 100 * s.rate.value;
        return (struct stats_interval){100 * s.clopper_pearson.lower, 100 * s.clopper_pearson.upper,
                                       true};
    }
    struct stats_moments m = stats_running_moments(&t->values);
    double sd = sqrt(stats_variance(&m).value), scale = unit == STANDARD ? 1 / sd : 1;
    double half = stats_norm_critical(conf) * sd / sqrt((double)m.n) * scale;
    *ret_measured = m.mean * scale;
    return (struct stats_interval){*ret_measured - half, *ret_measured + half, true};
}

static bool meets(struct stats_interval a, double low, double high)
{
    return a.lower <= high && a.upper >= low;
}

static bool is_kept(const struct row *row, const struct tally *tally, double exact, bool is_quick)
{
    double measured;
    struct stats_interval sure = interval_of(row->unit, tally, is_quick ? QUICK : FULL, &measured);
    double low = row->promise == AT_MOST ? -INFINITY : row->low;
    double high = row->promise == AT_LEAST ? INFINITY : row->high;
    bool is_within = measured >= low && measured <= high;
    if (is_quick || row->promise == AT_MOST || row->promise == AT_LEAST)
        is_within = meets(sure, low, high);
    return is_within && (isnan(exact) || meets(sure, exact, exact));
}

struct verdict verdict_of(const struct row *row, const struct tally *tally, double exact,
                          bool is_quick)
{
    struct verdict v = {.word = "none"};
    if (tally->n < 2)
        return v;
    v.interval = interval_of(row->unit, tally, SHOWN, &v.measured);
    v.is_kept = is_kept(row, tally, exact, is_quick);
    v.word = !v.is_kept ? "**broken**" : row->promise == KNOWN ? "as stated" : "holds";
    return v;
}

void figure_print(const struct row *row, double value, char *text, size_t size)
{
    snprintf(text, size, row->unit == PERCENT && value < 1 ? "%.4f" : "%.3f", value);
}

void promise_print(const struct row *row, char *text, size_t size)
{
    const char *unit = row->unit == PERCENT ? " %" : row->unit == STANDARD ? " sd" : "";
    if (row->promise == AT_MOST)
        snprintf(text, size, "at most %g%s", row->high, unit);
    else if (row->promise == AT_LEAST)
        snprintf(text, size, "at least %g%s", row->low, unit);
    else if (row->promise == KNOWN)
        snprintf(text, size, "known: %g to %g%s", row->low, row->high, unit);
    else
        snprintf(text, size, "%g ± %g%s", (row->low + row->high) / 2, (row->high - row->low) / 2,
                 unit);
}
