// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Rows by what they are of: sorted by key once, found by halving, so that a breakdown by many
 * values costs what its rows cost.
 */
#pragma once

#include "results/sums/results_phase.h"

/* Sorts the rows, finds the days that closed, and counts the units of the phase. Once, when all
 * rows were read. */
void results_find_init(struct results *r);

/* Each returns the row that it is asked for, or NULL when there is none. */
const struct results_row *results_find_sums(const struct results *r, int metric,
                                            const char *variant, const char *dimension,
                                            const char *value);
const struct results_row *results_find_look(const struct results *r, const struct results_day *day,
                                            int metric, const char *variant);
/* Finds the sums of the units that met both variants. */
const struct results_row *results_find_overlap(const struct results_other *other,
                                               const char *variant, const char *other_variant);

/* The sums of a row; NULL: of an arm nobody was seen in. */
struct results_sums results_sums_of(const struct results_row *row);
