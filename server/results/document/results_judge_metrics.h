// SPDX-License-Identifier: GPL-3.0-or-later
/* What is said of each metric: over all units, and by the values of a dimension. */
#pragma once

#include "results/document/results_document.h"

/* One of each metric, in the arena of the results. 'has_impact': nothing speaks against telling
 * what the differences come to. */
const struct results_metric_document *results_judge_metrics(const struct results_cells *c,
                                                            bool has_impact);
