// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether more days would help, see results_insight.h.
 */
#pragma once

#include "results/insight/results_insight.h"

/* For some days ahead, or the end of a planned test; the list is in the arena of c->r. */
const struct results_outlook *results_outlook_of(const struct results_cells *c, size_t metric,
                                                 size_t variant, size_t *ret_count);
