// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether more days would help.
 */
#pragma once

#include "results/judge/results_cells.h"

/* The chance that the test calls the leader by then: over what the data say of the effect so far
 * (stats_predictive_power), and if the effect is the minimum uplift (stats_conditional_power). Of
 * one look then; an always-valid test may have called it before, so its chance is larger. */
struct results_outlook {
    double days, units; /* from now on; of all variants then */
    double better, worse;
    struct stats_number at_minimum; /* to be called better; unknown without a control's value */
};

/* For some days ahead, or the end of a planned test; the list is in the arena of c->r. */
const struct results_outlook *results_outlook_of(const struct results_cells *c, size_t metric,
                                                 size_t variant, size_t *ret_count);
