// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_impact.h"

#define THOUSAND 1000

static struct stats_interval scale(const struct stats_interval *i, double by)
{
    return (struct stats_interval){
        .lower = i->lower * by, .upper = i->upper * by, .is_known = true};
}

bool results_impact_of(const struct results_traffic *traffic, const struct results_metric *m,
                       const struct results_cell *cell, struct results_impact *ret)
{
    const struct stats_number *diff = &cell->effect.frequentist.diff;
    struct results_sequential joint;
    const struct results_sequential *s = &cell->sequential;
    if (s->interval.is_known && cell->adjusted.is_known) {
        joint = results_sequential_of(&cell->path, 1 - cell->adjusted.confidence);
        s = &joint;
    }
    const struct stats_interval *interval = &s->interval;
    if (m->method == METHOD_RATIO || !diff->is_known || !interval->is_known ||
        diff->value < interval->lower || diff->value > interval->upper)
        return false;
    *ret = (struct results_impact){.confidence = 1 - s->alpha,
                                   .thousand = stats_known(diff->value * THOUSAND),
                                   .thousand_interval = scale(interval, THOUSAND)};
    if (!traffic->month_units.is_known || !(traffic->month_units.value > 0))
        return true;
    ret->month = stats_known(diff->value * traffic->month_units.value);
    ret->month_interval = scale(interval, traffic->month_units.value);
    return true;
}
