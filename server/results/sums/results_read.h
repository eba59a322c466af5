// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Takes apart what the query results_read returned. Numbers of any size stay texts.
 */
#pragma once

#include "base/err.h"
#include "results/sums/results_phase.h"

#include <jansson.h>

/* The four columns, parsed. */
struct results_trees {
    const json_t *head, *metrics, *sums, *looks;
};

/* Fills r but for 'arena' and 'dimension', which stand there already. r lives as long as its arena
 * and the trees do. ERR_NOT_FOUND: the campaign has no such phase. */
enum err results_read(struct results *r, const struct results_trees *trees,
                      struct fault *ret_fault) must_use;

/* results_read_rows.c: a list of rows, in the arena. */
struct results_row *results_read_rows(struct arena *arena, const json_t *list, size_t *ret_count);
/* Variants of a campaign, in the arena. 'coverage' is the campaign's; no number: its units were
 * allotted elsewhere, by the weights themselves. */
const struct results_variant *results_read_variants(struct arena *arena, const json_t *list,
                                                    const json_t *coverage, size_t *ret_count);
/* What the overlap job stored; empty where it stored nothing. */
struct results_overlap results_read_overlap(struct arena *arena, const json_t *document);
