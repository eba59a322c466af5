// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a difference between two arms comes to in sums: of a thousand units, and of a month at the
 * traffic there is. With the always-valid interval, so that it may be read at any time, at the
 * level at which the family of questions holds together where there is one: who is looked at is the
 * best of several.
 */
#pragma once

#include "results/judge/results_cell.h"

struct results_impact {
    double confidence;
    struct stats_number thousand, month; /* month: unknown where that of the traffic is */
    struct stats_interval thousand_interval, month_interval;
};

/* False where nothing can be said: a value per event does not grow with the units, and without an
 * interval it would be said too surely. Nor where the difference of today is outside of what all
 * looks together leave, as of an effect that has faded. */
bool results_impact_of(const struct results_traffic *traffic, const struct results_metric *m,
                       const struct results_cell *cell, struct results_impact *ret);
