// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Takes apart what the query results_read returned. Numbers of any size stay texts.
 */
#pragma once

#include "base/err.h"
#include "results/sums/results_rows.h"

/* The four columns, parsed. */
struct results_columns {
    const json_t *head, *metrics;
    struct results_rows sums, looks;
};

/* Fills r but for 'arena', 'dimension' and 'baseline', which stand there already. r lives as long
 * as its arena and the trees do. ERR_NOT_FOUND: the campaign has no such phase; ERR_INVALID: the
 * phase has no such baseline. */
enum err results_read(struct results *r, const struct results_columns *columns,
                      struct fault *ret_fault) must_use;

/* results_read_variants.c: variants of a campaign, in the arena. 'coverage' is the campaign's; no
 * number: its units were allotted elsewhere, by the weights themselves. */
struct results_variant *results_read_variants(struct arena *arena, const json_t *list,
                                              const json_t *coverage, size_t *ret_count);
/* results_read_exposures.c: who came when, by day, in the arena; texts are the list's. */
const struct results_exposed *results_read_exposures(struct arena *arena, const json_t *list,
                                                     size_t *ret_count);
/* results_read_exposures.c: what the since_exposure job stored; empty where it stored nothing. */
struct results_since_rows results_read_since(struct arena *arena, const json_t *document);
/* What the overlap job stored; empty where it stored nothing. */
struct results_overlap results_read_overlap(struct arena *arena, const json_t *document);
