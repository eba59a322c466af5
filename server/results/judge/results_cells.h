// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Judges every metric of every variant: which of them the campaign's own test calls better or
 * worse.
 */
#pragma once

#include "results/judge/results_cell.h"

/* In the arena of r, which lives as long. */
const struct results_cells *results_judge_cells(const struct results *r);
