// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the verdict goes by, gathered from everything that was judged.
 */
#pragma once

#include "results/judge/results_cell.h"
#include "results/verdict/results_interaction.h"
#include "results/verdict/results_sizes.h"
#include "results/verdict/verdict.h"

/* What it returns stands in the arena of the results. */
struct verdict_facts verdict_facts_of(const struct results_cells *c,
                                      const struct results_sizes *sizes,
                                      const struct results_interactions *o, int64_t as_of_us);
