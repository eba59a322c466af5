// SPDX-License-Identifier: GPL-3.0-or-later
/* What was known when each day closed. */
#pragma once

#include "results/document/results_document.h"

/* One of each day, in the arena of the results. */
const struct results_look_document *results_judge_looks(const struct results_cells *c);
