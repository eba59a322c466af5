// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Corrects what was asked together: Holm, Benjamini and Hochberg, or Bonferroni for planned looks.
 */
#pragma once

#include "results/judge/results_cell.h"

/* Fills 'adjusted' of the cells; needs everything else of them. */
void results_adjust(const struct results_cells *c);
