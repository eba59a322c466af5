// SPDX-License-Identifier: GPL-3.0-or-later
/* What is said of a planned test. */
#pragma once

#include "results/document/results_document.h"

/* In the arena of the results; NULL where nothing was planned. */
const struct results_planned_document *results_judge_planned(const struct results_cells *c,
                                                             size_t metric, size_t variant);
